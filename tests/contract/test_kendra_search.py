"""Documents of Kendra's indexes are found by what they say, on every backend of the rig."""

from __future__ import annotations

import io
import json
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
from aiservices_mocks import Clock, Mock

from aiservices import AI
from aiservices.errors import ConflictError, NotFoundError, NotMockedError, ServiceError
from tests.documents import Leaf, pdf
from tests.mocks.made import RESCORED, faq, word_list
from tests.word import docx

ROLE = "arn:aws:iam::123456789012:role/Kendra"
HOURS = "The shop opens at nine in the morning. It closes at six."
PRICES = "A wooden chair costs ten dollars. A table costs eighty dollars."
RETURNS = "You can return a chair within thirty days. Bring the receipt to the shop."
FIELDS = [
    {"Name": "team", "Type": "STRING_VALUE", "Search": {"Facetable": True, "Sortable": True, "Displayable": True}},
    {"Name": "topics", "Type": "STRING_LIST_VALUE", "Search": {"Facetable": True}},
    {"Name": "pages", "Type": "LONG_VALUE", "Search": {"Sortable": True, "Facetable": True}},
]


@pytest.fixture
def of(ai: Any) -> str:
    """An active index with fields of its own."""
    name = str(ai.kendra.create_index(name="docs", role_arn=ROLE).id)
    ai.kendra.describe_index(id=name)
    ai.kendra.update_index(id=name, document_metadata_configuration_updates=FIELDS)
    ai.kendra.describe_index(id=name)
    return name


def attribute(key: str, value: Any) -> dict[str, Any]:
    kinds = {str: "StringValue", list: "StringListValue", int: "LongValue", datetime: "DateValue"}
    return {"Key": key, "Value": {kinds[type(value)]: value}}


def document(name: str, text: str, **settings: Any) -> dict[str, Any]:
    attributes = [attribute(key, value) for key, value in settings.pop("attributes", {}).items()]
    return {"Id": name, "Title": name, "Blob": text.encode(), "Attributes": attributes, **settings}


def put(ai: Any, of: str, *documents: dict[str, Any], **settings: Any) -> Any:
    return ai.kendra.batch_put_document(index_id=of, documents=list(documents), **settings)


def fill(ai: Any, of: str) -> None:
    put(
        ai,
        of,
        document("hours", HOURS, attributes={"team": "shop", "pages": 3}),
        document("prices", PRICES, attributes={"team": "sales", "topics": ["money", "chairs"], "pages": 1}),
        document("returns", RETURNS, attributes={"team": "sales", "topics": ["chairs"]}),
    )


def found(ai: Any, of: str, text: str = "", **settings: Any) -> list[str]:
    return [one.document_id for one in ai.kendra.query(index_id=of, query_text=text, **settings).result_items]


def code(caught: pytest.ExceptionInfo[ServiceError]) -> str:
    return caught.value.code


# Documents


def test_documents_are_indexed_in_their_time() -> None:
    mock = Mock(clock=Clock.manual())
    with AI(backend=mock) as ai:
        name = ai.kendra.create_index(name="docs", role_arn=ROLE).id

        def status() -> str:
            asked = [{"DocumentId": "hours"}]
            return ai.kendra.batch_get_document_status(
                index_id=name, document_info_list=asked
            ).document_status_list[0].document_status  # fmt: skip

        with pytest.raises(ConflictError):
            put(ai, name, document("hours", HOURS))
        mock.clock.advance(hours=1)
        assert status() == "NOT_FOUND"
        put(ai, name, document("hours", HOURS))
        assert status() == "PROCESSING"
        assert found(ai, name, "shop") == []
        mock.clock.advance(minutes=2)
        assert status() == "INDEXED"
        assert found(ai, name, "shop") == ["hours"]
        put(ai, name, document("hours", PRICES))
        mock.clock.advance(minutes=2)
        assert status() == "UPDATED"
        assert found(ai, name, "shop") == []


def test_documents_that_are_deleted_are_not_found(ai: Any, of: str) -> None:
    fill(ai, of)
    assert found(ai, of, "chair") == ["prices", "returns"]
    ai.kendra.batch_delete_document(index_id=of, document_id_list=["prices", "nothing"])
    assert found(ai, of, "chair") == ["returns"]
    numbers = ai.kendra.describe_index(id=of).index_statistics.text_document_statistics
    assert (numbers.indexed_text_documents_count, numbers.indexed_text_bytes) == (2, len(HOURS) + len(RETURNS))


def archive(name: str, text: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        opened.writestr(name, text)
    return made.getvalue()


def leaf(text: str) -> bytes:
    page = Leaf()
    page.text(60, 80, text)
    return pdf(page)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("PDF", leaf("a walrus in a document")),
        ("HTML", b"<html><title>T</title><script>x</script><p>a <b>walrus</b></p></html>"),
        ("MD", b"# a walrus"),
        ("RTF", rb"{\rtf1\ansi a walrus}"),
        ("MS_WORD", docx(["a walrus"])),
        ("PPT", archive("ppt/slides/slide1.xml", "<a:p><a:t>a walrus</a:t></a:p>")),
        ("MS_EXCEL", archive("xl/sharedStrings.xml", "<si><t>a walrus</t></si>")),
        ("CSV", b"animal\nwalrus\n"),
    ],
)
def test_documents_of_every_kind_are_read(ai: Any, of: str, kind: str, data: bytes) -> None:
    put(ai, of, {"Id": "animal", "Blob": data, "ContentType": kind})
    item = ai.kendra.query(index_id=of, query_text="walrus").result_items[0]
    assert "walrus" in item.document_excerpt.text


@pytest.mark.parametrize(("kind", "data"), [("PLAIN_TEXT", b"\xff\xfe"), ("MS_WORD", b"old"), ("PDF", b"no pdf")])
def test_documents_that_cannot_be_read_fail(ai: Any, of: str, kind: str, data: bytes) -> None:
    assert put(ai, of, {"Id": "broken", "Blob": data, "ContentType": kind}).failed_documents == []
    status = ai.kendra.batch_get_document_status(index_id=of, document_info_list=[{"DocumentId": "broken"}])
    assert status.document_status_list[0].document_status == "FAILED"
    assert status.document_status_list[0].failure_reason
    assert found(ai, of) == []


def test_documents_in_s3_are_read_there(ai: Any, of: str, mock: Mock) -> None:
    mock.s3["files/hours.html"] = f"<p>{HOURS}</p>"
    places = [{"Id": key, "S3Path": {"Bucket": "files", "Key": key}} for key in ("hours.html", "nothing.html")]
    with pytest.raises(ServiceError) as caught:
        put(ai, of, *places)
    assert code(caught) == "ValidationException"
    put(ai, of, *places, role_arn=ROLE)
    item = ai.kendra.query(index_id=of, query_text="opens").result_items[0]
    assert item.document_uri == "https://s3.us-east-1.amazonaws.com/files/hours.html"
    asked = [{"DocumentId": "nothing.html"}]
    status = ai.kendra.batch_get_document_status(index_id=of, document_info_list=asked).document_status_list[0]
    assert (status.document_status, status.failure_code) == ("FAILED", "InvalidRequest")


@pytest.mark.parametrize(
    "given",
    [
        {"Blob": None},
        {"S3Path": {"Bucket": "files", "Key": "a"}},
        {"Attributes": [attribute("colour", "blue")]},
        {"Attributes": [attribute("pages", "three")]},
        {"Attributes": [{"Key": "pages", "Value": {"LongValue": 1, "StringValue": "1"}}]},
        {"AccessControlConfigurationId": "nothing"},
        {"Blob": bytes(5 * 1024 * 1024 + 1)},
    ],
)
def test_documents_that_do_not_fit_are_refused_one_by_one(ai: Any, of: str, given: dict[str, Any]) -> None:
    wrong = {name: value for name, value in {**document("wrong", "x"), **given}.items() if value is not None}
    reply = put(ai, of, wrong, document("hours", HOURS), role_arn=ROLE)
    assert [(one.id, one.error_code) for one in reply.failed_documents] == [("wrong", "InvalidRequest")]
    assert found(ai, of) == ["hours"]


ENRICHMENT = {"RoleArn": ROLE, "PreExtractionHookConfiguration": {"LambdaArn": "arn:aws:lambda:a", "S3Bucket": "files"}}


def test_what_the_mock_does_not_do_is_refused(mock: Mock) -> None:
    with AI(backend=mock) as ai:
        name = ai.kendra.create_index(name="docs", role_arn=ROLE).id
        ai.kendra.describe_index(id=name)
        with pytest.raises(NotMockedError, match="Enrichment"):
            put(ai, name, document("a", "x"), custom_document_enrichment_configuration=ENRICHMENT)
        place = {"S3PathforGroupMembers": {"Bucket": "files", "Key": "staff.json"}}
        with pytest.raises(NotMockedError, match="S3Path"):
            ai.kendra.put_principal_mapping(index_id=name, group_id="staff", group_members=place)
        mock.s3["files/a.txt"] = HOURS
        configuration = {"S3Configuration": {"BucketName": "files"}}
        settings = {"configuration": configuration, "custom_document_enrichment_configuration": ENRICHMENT}
        source = ai.kendra.create_data_source(index_id=name, name="f", type="S3", role_arn=ROLE, **settings).id
        ai.kendra.describe_data_source(index_id=name, id=source)
        job = synchronize(ai, name, source)
        assert (job.status, "does not enrich" in job.error_message) == ("FAILED", True)


# Queries


def test_the_best_documents_come_first(ai: Any, of: str) -> None:
    fill(ai, of)
    reply = ai.kendra.query(index_id=of, query_text="What does a wooden chair cost?")
    assert [one.document_id for one in reply.result_items] == ["prices", "returns"]
    first, second = reply.result_items
    assert (first.score_attributes.score_confidence, second.score_attributes.score_confidence) == ("VERY_HIGH", "LOW")
    assert (first.type, reply.total_number_of_results) == ("DOCUMENT", 2)
    text = first.document_excerpt.text
    marked = [text[mark.begin_offset : mark.end_offset] for mark in first.document_excerpt.highlights]
    assert marked == ["wooden", "chair", "costs", "costs"]
    assert [(one.key, one.value.string_value) for one in first.document_attributes] == [("team", "sales")]
    assert first.id.startswith(f"{reply.query_id}-")


def test_a_query_without_a_text_finds_everything(ai: Any, of: str) -> None:
    fill(ai, of)
    items = ai.kendra.query(index_id=of).result_items
    assert {one.score_attributes.score_confidence for one in items} == {"NOT_AVAILABLE"}
    assert found(ai, of, "walrus") == []
    assert found(ai, of, page_size=2, page_number=2) == ["returns"]
    with pytest.raises(ServiceError) as caught:
        found(ai, of, page_size=101)
    assert code(caught) == "ValidationException"


def equals(key: str, value: Any) -> dict[str, Any]:
    return {"EqualsTo": attribute(key, value)}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (equals("team", "shop"), ["hours"]),
        (equals("_document_id", "prices"), ["prices"]),
        ({"NotFilter": equals("team", "shop")}, ["prices", "returns"]),
        ({"ContainsAny": attribute("topics", ["money", "hats"])}, ["prices"]),
        ({"ContainsAll": attribute("topics", ["chairs"])}, ["prices", "returns"]),
        ({"GreaterThan": attribute("pages", 1)}, ["hours"]),
        ({"GreaterThanOrEquals": attribute("pages", 1)}, ["hours", "prices"]),
        ({"LessThan": attribute("pages", 3)}, ["prices"]),
        ({"LessThanOrEquals": attribute("pages", 0)}, []),
        ({"AndAllFilters": [equals("team", "sales"), equals("pages", 1)]}, ["prices"]),
        ({"OrAllFilters": [equals("team", "shop"), equals("pages", 1)]}, ["hours", "prices"]),
    ],
)
def test_filters_leave_some_documents_out(ai: Any, of: str, condition: dict[str, Any], expected: list[str]) -> None:
    fill(ai, of)
    assert found(ai, of, attribute_filter=condition) == expected


@pytest.mark.parametrize("wrong", [{"GreaterThan": attribute("team", "a")}, {"ContainsAny": attribute("team", "a")}])
def test_filters_that_make_no_sense_are_refused(ai: Any, of: str, wrong: dict[str, Any]) -> None:
    fill(ai, of)
    with pytest.raises(ServiceError) as caught:
        found(ai, of, attribute_filter=wrong)
    assert code(caught) == "ValidationException"


def test_facets_count_the_results(ai: Any, of: str) -> None:
    fill(ai, of)
    asked = [{"DocumentAttributeKey": "team", "Facets": [{"DocumentAttributeKey": "topics"}]}]
    facet = ai.kendra.query(index_id=of, facets=asked).facet_results[0]
    assert (facet.document_attribute_key, facet.document_attribute_value_type) == ("team", "STRING_VALUE")
    pairs = facet.document_attribute_value_count_pairs
    assert [(one.document_attribute_value.string_value, one.count) for one in pairs] == [("sales", 2), ("shop", 1)]
    inner = pairs[0].facet_results[0].document_attribute_value_count_pairs
    assert [(one.document_attribute_value.string_value, one.count) for one in inner] == [("chairs", 2), ("money", 1)]
    with pytest.raises(ServiceError):
        ai.kendra.query(index_id=of, facets=[{"DocumentAttributeKey": "_source_uri"}])


def test_results_are_sorted_by_an_attribute(ai: Any, of: str) -> None:
    fill(ai, of)
    rising = {"DocumentAttributeKey": "pages", "SortOrder": "ASC"}
    assert found(ai, of, sorting_configuration=rising) == ["prices", "hours", "returns"]
    teams = [{"DocumentAttributeKey": "team", "SortOrder": "DESC"}, rising]
    assert found(ai, of, sorting_configurations=teams) == ["hours", "prices", "returns"]
    with pytest.raises(ServiceError):
        found(ai, of, sorting_configuration={"DocumentAttributeKey": "topics", "SortOrder": "ASC"})


def test_results_with_one_value_in_common_collapse(ai: Any, of: str) -> None:
    fill(ai, of)
    put(ai, of, document("other", HOURS))

    def collapsed(**settings: Any) -> list[Any]:
        asked = {"DocumentAttributeKey": "team", **settings}
        return list(ai.kendra.query(index_id=of, collapse_configuration=asked).result_items)

    assert [one.document_id for one in collapsed()] == ["hours", "prices"]
    assert [one.document_id for one in collapsed(MissingAttributeKeyStrategy="EXPAND")] == ["hours", "prices", "other"]
    detail = collapsed(Expand=True)[1].collapsed_result_detail
    assert detail.document_attribute.value.string_value == "sales"
    assert [one.document_id for one in detail.expanded_results] == ["returns"]
    none = {"MaxResultItemsToExpand": 1, "MaxExpandedResultsPerItem": 1}
    assert collapsed(Expand=True, ExpandConfiguration=none)[1].collapsed_result_detail.expanded_results == []
    with pytest.raises(ServiceError):
        collapsed(DocumentAttributeKey="topics")


def may(*names: str, access: str = "ALLOW", kind: str = "USER") -> list[dict[str, str]]:
    return [{"Name": name, "Type": kind, "Access": access} for name in names]


def seen(ai: Any, of: str, **context: Any) -> list[str]:
    return found(ai, of, user_context=context)


def test_documents_are_found_by_those_who_may_see_them(ai: Any, of: str) -> None:
    staff = may("staff", kind="GROUP")
    levels = [{"PrincipalList": staff}, {"PrincipalList": may("ada")}]
    put(
        ai,
        of,
        document("open", "x"),
        document("ada", "x", AccessControlList=may("ada")),
        document("staff", "x", AccessControlList=[*staff, *may("eve", access="DENY")]),
        document("both", "x", HierarchicalAccessControlList=levels),
    )
    assert found(ai, of) == ["open", "ada", "staff", "both"]
    assert seen(ai, of, UserId="ada") == ["open", "ada"]
    assert seen(ai, of, UserId="bob", Groups=["staff"]) == ["open", "staff"]
    assert seen(ai, of, UserId="eve", Groups=["staff"]) == ["open"]
    assert seen(ai, of, UserId="ada", Groups=["staff"]) == ["open", "ada", "staff", "both"]
    members = {"MemberUsers": [{"UserId": "bob"}]}
    ai.kendra.put_principal_mapping(index_id=of, group_id="staff", group_members=members)
    assert seen(ai, of, UserId="bob") == ["open", "staff"]
    with pytest.raises(ServiceError) as caught:
        seen(ai, of, Token="a.b.c")
    assert code(caught) == "ValidationException"


def test_a_configuration_says_who_may_see_a_document(ai: Any, of: str) -> None:
    made = ai.kendra.create_access_control_configuration(index_id=of, name="ada", access_control_list=may("ada"))
    put(ai, of, document("mine", "x", AccessControlConfigurationId=made.id))
    assert seen(ai, of, UserId="ada") == ["mine"]
    assert seen(ai, of, UserId="bob") == []


FIELD_NAMES = {"UserNameAttributeField": "name", "GroupAttributeField": "teams"}
CLAIMS = json.dumps({"name": "ada", "teams": ["staff"]})
KEY = {"KeyLocation": "URL", "URL": "https://example.com/keys"}


@pytest.mark.parametrize(
    ("kind", "token"),
    [
        ({"JsonTokenTypeConfiguration": FIELD_NAMES}, CLAIMS),
        (
            {"JwtTokenTypeConfiguration": {**FIELD_NAMES, **KEY}},
            f"e30.{urlsafe_b64encode(CLAIMS.encode()).decode().rstrip('=')}.sig",
        ),
    ],
)
def test_a_token_says_who_asks(ai: Any, kind: dict[str, Any], token: str) -> None:
    name = ai.kendra.create_index(
        name="docs", role_arn=ROLE, user_context_policy="USER_TOKEN", user_token_configurations=[kind]
    ).id
    ai.kendra.describe_index(id=name)
    put(
        ai,
        name,
        document("open", "x"),
        document("ada", "x", AccessControlList=may("ada")),
        document("staff", "x", AccessControlList=may("staff", kind="GROUP")),
        document("bob", "x", AccessControlList=may("bob")),
    )
    assert found(ai, name) == ["open"]
    assert seen(ai, name, Token=token) == ["open", "ada", "staff"]
    for wrong in ("[]", "nothing", "a.b"):
        with pytest.raises(ServiceError) as caught:
            seen(ai, name, Token=wrong)
        assert code(caught) == "ValidationException"


def test_misspelt_words_are_corrected(ai: Any, of: str) -> None:
    fill(ai, of)
    asked = {"IncludeQuerySpellCheckSuggestions": True}
    reply = ai.kendra.query(index_id=of, query_text="a woden chair", spell_correction_configuration=asked)
    fixed = reply.spell_corrected_queries[0]
    assert fixed.suggested_query_text == "a wooden chair"
    assert (fixed.corrections[0].term, fixed.corrections[0].begin_offset) == ("woden", 2)


def test_featured_documents_stand_apart(ai: Any, of: str) -> None:
    fill(ai, of)
    made = ai.kendra.create_featured_results_set(
        index_id=of,
        featured_results_set_name="hours",
        query_texts=["Opening hours"],
        featured_documents=[{"Id": "returns"}, {"Id": "nothing"}],
        status="ACTIVE",
    ).featured_results_set
    reply = ai.kendra.query(index_id=of, query_text="opening HOURS")
    assert [one.document_id for one in reply.featured_results_items] == ["returns"]
    shown = ai.kendra.describe_featured_results_set(index_id=of, featured_results_set_id=made.featured_results_set_id)
    assert [one.id for one in shown.featured_documents_with_metadata] == ["returns"]
    assert [one.id for one in shown.featured_documents_missing] == ["nothing"]


def test_passages_are_retrieved(ai: Any, of: str) -> None:
    long = " ".join(f"Sentence {number} is about nothing." for number in range(200))
    put(ai, of, document("long", f"{long} The walrus sleeps at noon. {long}"), document("hours", HOURS))
    items = ai.kendra.retrieve(index_id=of, query_text="When does the walrus sleep?").result_items
    assert [one.document_id for one in items] == ["long"]
    assert "The walrus sleeps at noon." in items[0].content
    assert len(items[0].content.split()) <= 200
    assert items[0].score_attributes.score_confidence == "VERY_HIGH"
    (other,) = ai.kendra.retrieve(index_id=of, query_text="When does the shop open?").result_items
    assert (other.document_id, other.content) == ("hours", HOURS)
    with pytest.raises(ServiceError):
        ai.kendra.retrieve(index_id=of, query_text=" ")


# Questions and answers


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("CSV", "When do you open?,At nine.,https://example.com/hours\nWhere are you?,In Lisbon.\n"),
        ("CSV_WITH_HEADER", "_question,_answer,_source_uri\nWhen do you open?,At nine.,https://example.com/hours\n"),
        (
            "JSON",
            json.dumps(
                {
                    "SchemaVersion": 1,
                    "FaqDocuments": [
                        {
                            "Question": "When do you open?",
                            "Answer": "At nine.",
                            "Attributes": {"_source_uri": "https://example.com/hours"},
                        }
                    ],
                }
            ),
        ),
    ],
)
def test_questions_are_answered_from_a_file(ai: Any, of: str, mock: Mock, form: str, text: str) -> None:
    name = ai.kendra.create_faq(index_id=of, name="faq", s3_path=faq(mock, text), role_arn=ROLE, file_format=form).id
    assert ai.kendra.describe_faq(index_id=of, id=name).status == "ACTIVE"
    reply = ai.kendra.query(index_id=of, query_text="When do you open?")
    item = reply.result_items[0]
    told = {one.key: one.value.text_with_highlights_value.text for one in item.additional_attributes}
    assert (item.type, told) == ("QUESTION_ANSWER", {"QuestionText": "When do you open?", "AnswerText": "At nine."})
    assert item.document_uri == "https://example.com/hours"
    assert found(ai, of, "When do you open?", query_result_type_filter="DOCUMENT") == []
    assert found(ai, of, "walrus") == []
    ai.kendra.delete_faq(index_id=of, id=name)
    assert found(ai, of, "When do you open?") == []


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("CSV", ""),
        ("CSV", "only a question\n"),
        ("CSV", '"open'),
        ("CSV", None),
        ("CSV_WITH_HEADER", "question,answer\n"),
        ("JSON", "[]"),
        ("JSON", '{"FaqDocuments": [{"Question": 1, "Answer": 2}]}'),
    ],
)
def test_a_file_without_answers_fails(ai: Any, of: str, mock: Mock, form: str, text: str | None) -> None:
    place = faq(mock, text or "")
    if text is None:
        mock.s3.delete("questions", "faq.csv")
    name = ai.kendra.create_faq(index_id=of, name="faq", s3_path=place, role_arn=ROLE, file_format=form).id
    made = ai.kendra.describe_faq(index_id=of, id=name)
    assert made.status == "FAILED"
    assert made.error_message.startswith("The FAQ file")


# Lists of words


def thesaurus(ai: Any, of: str, place: dict[str, str]) -> Any:
    name = ai.kendra.create_thesaurus(index_id=of, name="words", role_arn=ROLE, source_s3_path=place).id
    return ai.kendra.describe_thesaurus(index_id=of, id=name)


def test_a_thesaurus_makes_words_as_good_as_others(ai: Any, of: str, mock: Mock) -> None:
    fill(ai, of)
    assert found(ai, of, "seat") == found(ai, of, "money back") == []
    rules = "# furniture\nchair, seat, stool\nmoney back => return\n"
    made = thesaurus(ai, of, word_list(mock, rules))
    numbers = (made.status, made.synonym_rule_count, made.term_count, made.file_size_bytes)
    assert numbers == ("ACTIVE", 2, 5, len(rules))
    item = ai.kendra.query(index_id=of, query_text="wooden seat").result_items[0]
    marks = [
        (item.document_excerpt.text[one.begin_offset : one.end_offset], one.type)
        for one in item.document_excerpt.highlights
    ]
    assert marks == [("wooden", "STANDARD"), ("chair", "THESAURUS_SYNONYM")]
    assert item.score_attributes.score_confidence == "VERY_HIGH"
    assert found(ai, of, "money back") == ["returns"]
    assert found(ai, of, "return") == ["returns"]
    mock.s3["words/list.txt"] = "no rule"
    ai.kendra.update_thesaurus(index_id=of, id=made.id, source_s3_path={"Bucket": "words", "Key": "list.txt"})
    kept = ai.kendra.describe_thesaurus(index_id=of, id=made.id)
    assert (kept.status, kept.error_message) == (
        "ACTIVE_BUT_UPDATE_FAILED",
        "The thesaurus file has a line that is no rule.",
    )
    assert found(ai, of, "money back") == ["returns"]
    ai.kendra.delete_thesaurus(index_id=of, id=made.id)
    assert found(ai, of, "money back") == []


@pytest.mark.parametrize("text", [b"", b"\xff", b"alone", b"a => b => c", None])
def test_a_thesaurus_without_rules_fails(ai: Any, of: str, mock: Mock, text: bytes | None) -> None:
    place = word_list(mock)
    if text is None:
        place = {**place, "Key": "nothing"}
    else:
        mock.s3["words/list.txt"] = text
    made = thesaurus(ai, of, place)
    assert (made.status, made.error_message[:18]) == ("FAILED", "The thesaurus file")


def test_blocked_words_are_not_suggested(ai: Any, of: str, mock: Mock) -> None:
    fill(ai, of)
    ask(ai, of, ["chair prices", "chair returns"], users=3)
    assert suggested(ai, of, "chair") == ["chair prices", "chair returns"]
    place = word_list(mock, "prices\n")
    name = ai.kendra.create_query_suggestions_block_list(
        index_id=of, name="words", role_arn=ROLE, source_s3_path=place
    ).id
    made = ai.kendra.describe_query_suggestions_block_list(index_id=of, id=name)
    assert (made.status, made.item_count, made.file_size_bytes) == ("ACTIVE", 1, 7)
    assert suggested(ai, of, "chair") == ["chair returns"]


# Data sources


def bucket(ai: Any, of: str, **settings: Any) -> str:
    configuration = {"S3Configuration": {"BucketName": "files", **settings}}
    name = ai.kendra.create_data_source(
        index_id=of, name="files", type="S3", configuration=configuration, role_arn=ROLE
    ).id
    ai.kendra.describe_data_source(index_id=of, id=name)
    return str(name)


def synchronize(ai: Any, of: str, source: str) -> Any:
    ai.kendra.start_data_source_sync_job(index_id=of, id=source)
    return ai.kendra.list_data_source_sync_jobs(index_id=of, id=source).history[0]


def numbers(job: Any) -> list[str]:
    metrics = job.metrics
    return [
        metrics.documents_added,
        metrics.documents_modified,
        metrics.documents_deleted,
        metrics.documents_failed,
        metrics.documents_scanned,
    ]


def test_a_bucket_is_synchronized(ai: Any, of: str, mock: Mock) -> None:
    mock.s3["files/hours.txt"] = HOURS
    mock.s3["files/prices.txt"] = PRICES
    source = bucket(ai, of)
    first = synchronize(ai, of, source)
    assert (first.status, numbers(first)) == ("SUCCEEDED", ["2", "0", "0", "0", "2"])
    assert found(ai, of, "chair") == ["s3://files/prices.txt"]
    mock.s3["files/hours.txt"] = RETURNS
    mock.s3["files/new.txt"] = "A walrus"
    mock.s3.delete("files", "prices.txt")
    second = synchronize(ai, of, source)
    assert numbers(second) == ["1", "1", "1", "0", "2"]
    assert found(ai, of, "chair") == ["s3://files/hours.txt"]
    assert numbers(synchronize(ai, of, source)) == ["0", "0", "0", "0", "2"]
    ai.kendra.delete_data_source(index_id=of, id=source)
    assert found(ai, of) == []


def test_prefixes_and_patterns_choose_objects(ai: Any, of: str, mock: Mock) -> None:
    for key in ("open/a.txt", "open/b.txt", "open/b.log", "secret/c.txt"):
        mock.s3[f"files/{key}"] = "x"
    source = bucket(ai, of, InclusionPrefixes=["open/"], InclusionPatterns=["*.txt"], ExclusionPatterns=["*/b.*"])
    synchronize(ai, of, source)
    assert found(ai, of) == ["s3://files/open/a.txt"]


def test_metadata_and_access_come_from_files_beside(ai: Any, of: str, mock: Mock) -> None:
    mock.s3["files/docs/hours.txt"] = HOURS
    mock.s3["files/docs/prices.txt"] = PRICES
    about = {
        "DocumentId": "hours",
        "Title": "Opening hours",
        "Attributes": {"team": "shop", "_created_at": "2025-03-04T05:06:07Z"},
        "AccessControlList": may("ada"),
    }
    mock.s3["files/about/docs/hours.txt.metadata.json"] = json.dumps(about)
    mock.s3["files/access.json"] = json.dumps([{"keyPrefix": "s3://files/docs/", "aclEntries": may("bob")}])
    source = bucket(
        ai,
        of,
        DocumentsMetadataConfiguration={"S3Prefix": "about"},
        AccessControlListConfiguration={"KeyPath": "s3://files/access.json"},
    )
    assert numbers(synchronize(ai, of, source))[0] == "2"
    item = ai.kendra.query(index_id=of, query_text="opening", requested_document_attributes=["_created_at"])
    shown = item.result_items[0]
    assert (shown.document_id, shown.document_title.text) == ("hours", "Opening hours")
    values = {one.key: one.value for one in shown.document_attributes}
    assert values["team"].string_value == "shop"
    assert values["_created_at"].date_value == datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert seen(ai, of, UserId="ada") == ["hours"]
    assert seen(ai, of, UserId="bob") == ["s3://files/docs/prices.txt"]


def test_objects_that_cannot_be_read_leave_a_sync_incomplete(ai: Any, of: str, mock: Mock) -> None:
    mock.s3["files/bad.txt"] = b"\xff"
    mock.s3["files/good.txt"] = HOURS
    mock.s3["files/good.txt.metadata.json"] = json.dumps({"Attributes": {"colour": "blue"}})
    job = synchronize(ai, of, bucket(ai, of))
    assert (job.status, numbers(job)) == ("INCOMPLETE", ["0", "0", "0", "2", "2"])


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        ({"Attributes": {"pages": "three"}}, "pages is no LONG_VALUE."),
        ({"Attributes": {"topics": [1]}}, "topics is no STRING_LIST_VALUE."),
        ({"Attributes": {"_created_at": "soon"}}, "_created_at is no DATE_VALUE."),
        (["team"], "The metadata file is no JSON in Amazon Kendra's form."),
    ],
)
def test_metadata_fits_the_fields_of_the_index(ai: Any, of: str, mock: Mock, about: Any, reason: str) -> None:
    mock.s3["files/a.txt"] = HOURS
    mock.s3["files/a.txt.metadata.json"] = json.dumps(about)
    synchronize(ai, of, bucket(ai, of))
    asked = [{"DocumentId": "s3://files/a.txt"}]
    status = ai.kendra.batch_get_document_status(index_id=of, document_info_list=asked).document_status_list[0]
    assert (status.document_status, status.failure_reason) == ("FAILED", reason)


def test_a_day_in_metadata_is_compared_with_times(ai: Any, of: str, mock: Mock) -> None:
    for name, day in (("old", "2025-03-04"), ("new", "2025-03-06T01:00:00+02:00")):
        mock.s3[f"files/{name}"] = HOURS
        mock.s3[f"files/{name}.metadata.json"] = json.dumps({"Attributes": {"_created_at": day}})
    synchronize(ai, of, bucket(ai, of))
    since = {"GreaterThan": attribute("_created_at", datetime(2025, 3, 5, tzinfo=UTC))}
    assert found(ai, of, attribute_filter=since) == ["s3://files/new"]
    newest = {"DocumentAttributeKey": "_created_at", "SortOrder": "DESC"}
    assert found(ai, of, sorting_configuration=newest) == ["s3://files/new", "s3://files/old"]


def test_the_groups_of_a_data_source_go_with_it(ai: Any, of: str) -> None:
    source = ai.kendra.create_data_source(index_id=of, name="mine", type="CUSTOM").id
    ai.kendra.describe_data_source(index_id=of, id=source)
    members = {"MemberUsers": [{"UserId": "bob"}]}
    ai.kendra.put_principal_mapping(index_id=of, data_source_id=source, group_id="staff", group_members=members)
    put(ai, of, document("staff", "x", AccessControlList=may("staff", kind="GROUP")))
    assert seen(ai, of, UserId="bob") == ["staff"]
    ai.kendra.delete_data_source(index_id=of, id=source)
    assert seen(ai, of, UserId="bob") == []


def test_a_source_that_cannot_be_reached_fails(ai: Any, of: str) -> None:
    job = synchronize(ai, of, bucket(ai, of))
    assert (job.status, job.error_code) == ("FAILED", "InvalidRequest")
    assert job.error_message == "The S3 bucket files does not exist or cannot be read."
    web = {"WebCrawlerConfiguration": {"Urls": {"SiteMapsConfiguration": {"SiteMaps": ["https://example.com"]}}}}
    source = ai.kendra.create_data_source(
        index_id=of, name="web", type="WEBCRAWLER", configuration=web, role_arn=ROLE
    ).id
    ai.kendra.describe_data_source(index_id=of, id=source)
    job = synchronize(ai, of, source)
    assert job.status == "FAILED"
    assert job.error_message.startswith("The WEBCRAWLER data source cannot be reached")


def test_syncs_are_stopped_filtered_and_one_at_a_time() -> None:
    mock = Mock(clock=Clock.manual())
    mock.s3["files/hours.txt"] = HOURS
    with AI(backend=mock) as ai:
        of = ai.kendra.create_index(name="docs", role_arn=ROLE).id
        mock.clock.advance(hours=1)
        source = bucket(ai, of)
        named = {"index_id": of, "id": source}
        with pytest.raises(ConflictError):
            ai.kendra.start_data_source_sync_job(**named)
        mock.clock.advance(hours=1)
        begun = mock.clock.now()
        ai.kendra.start_data_source_sync_job(**named)
        with pytest.raises(ServiceError) as caught:
            ai.kendra.start_data_source_sync_job(**named)
        assert code(caught) == "ResourceInUseException"

        def history(**filters: Any) -> list[str]:
            return [one.status for one in ai.kendra.list_data_source_sync_jobs(**named, **filters).history]

        assert history() == ["SYNCING"]
        ai.kendra.stop_data_source_sync_job(**named)
        assert history() == ["STOPPING"]
        mock.clock.advance(minutes=1)
        assert history() == ["ABORTED"]
        ai.kendra.stop_data_source_sync_job(**named)
        ai.kendra.start_data_source_sync_job(**named)
        mock.clock.advance(seconds=130)
        assert history() == ["SYNCING_INDEXING", "ABORTED"]
        mock.clock.advance(hours=1)
        assert history() == ["SUCCEEDED", "ABORTED"]
        assert history(status_filter="ABORTED") == ["ABORTED"]
        assert history(start_time_filter={"StartTime": begun, "EndTime": begun}) == ["ABORTED"]
        assert history(max_results=1) == ["SUCCEEDED"]
        first = ai.kendra.list_data_source_sync_jobs(**named, max_results=1)
        more = ai.kendra.list_data_source_sync_jobs(**named, max_results=1, next_token=first.next_token)
        assert [one.status for one in more.history] == ["ABORTED"]
        mock.clock.advance(minutes=2)
        assert found(ai, of) == ["s3://files/hours.txt"]


def test_a_custom_source_is_synchronized_by_what_is_put(ai: Any, of: str) -> None:
    source = ai.kendra.create_data_source(index_id=of, name="mine", type="CUSTOM").id
    ai.kendra.describe_data_source(index_id=of, id=source)
    job = ai.kendra.start_data_source_sync_job(index_id=of, id=source).execution_id
    about = {"_data_source_id": source, "_data_source_sync_job_execution_id": job}
    put(ai, of, document("a", "x", attributes=about), document("b", "x", attributes=about))
    ai.kendra.batch_delete_document(
        index_id=of,
        document_id_list=["b"],
        data_source_sync_job_metric_target={"DataSourceId": source, "DataSourceSyncJobId": job},
    )
    running = ai.kendra.list_data_source_sync_jobs(index_id=of, id=source).history[0]
    assert (running.status, running.end_time) == ("SYNCING", None)
    ai.kendra.stop_data_source_sync_job(index_id=of, id=source)
    ended = ai.kendra.list_data_source_sync_jobs(index_id=of, id=source).history[0]
    assert (ended.execution_id, ended.status) == (job, "SUCCEEDED")
    assert numbers(ended) == ["1", "0", "1", "0", "1"]


# What users make of it


def ask(ai: Any, of: str, texts: Iterable[str], users: int = 1) -> None:
    for text in texts:
        for user in range(users):
            ai.kendra.query(index_id=of, query_text=text, user_context={"UserId": f"user-{user}"})


def test_feedback_is_on_results_of_a_query(ai: Any, of: str, mock: Mock) -> None:
    fill(ai, of)
    reply = ai.kendra.query(index_id=of, query_text="chair")
    clicks = [{"ResultId": reply.result_items[0].id, "ClickTime": mock.clock.now()}]
    ai.kendra.submit_feedback(index_id=of, query_id=reply.query_id, click_feedback_items=clicks)
    opinion = [{"ResultId": reply.result_items[1].id, "RelevanceValue": "RELEVANT"}]
    ai.kendra.submit_feedback(index_id=of, query_id=reply.query_id, relevance_feedback_items=opinion)
    with pytest.raises(NotFoundError):
        ai.kendra.submit_feedback(index_id=of, query_id="nothing", click_feedback_items=clicks)
    wrong = [{**clicks[0], "ResultId": "nothing"}]
    with pytest.raises(ServiceError) as caught:
        ai.kendra.submit_feedback(index_id=of, query_id=reply.query_id, click_feedback_items=wrong)
    assert code(caught) == "ValidationException"


def test_snapshots_tell_what_was_asked_until_yesterday(ai: Any, of: str, mock: Mock) -> None:
    fill(ai, of)
    first = ai.kendra.query(index_id=of, query_text="chair")
    clicks = [{"ResultId": first.result_items[0].id, "ClickTime": mock.clock.now()}]
    ai.kendra.submit_feedback(index_id=of, query_id=first.query_id, click_feedback_items=clicks)
    ask(ai, of, ["chair", "walrus"])

    def snapshot(metric: str, interval: str = "THIS_MONTH") -> Any:
        return ai.kendra.get_snapshots(index_id=of, interval=interval, metric_type=metric)

    assert snapshot("QUERIES_BY_COUNT").snapshots_data == []
    mock.clock.advance(days=1)
    counted = snapshot("QUERIES_BY_COUNT")
    assert counted.snapshots_data_header[:2] == ["query_content", "count"]
    assert counted.snapshots_data == [["chair", "2", "50.0", "50.0", "0.0"], ["walrus", "1", "0.0", "100.0", "100.0"]]
    assert snapshot("QUERIES_BY_ZERO_RESULT_RATE").snapshots_data[0][0] == "walrus"
    assert snapshot("DOCS_BY_CLICK_COUNT").snapshots_data == [["prices", "1"]]
    assert snapshot("AGG_QUERY_DOC_METRICS").snapshots_data[0][0] == "3"
    assert snapshot("TREND_QUERY_DOC_METRICS").snapshots_data[0][:2] == ["2026-01-01", "3"]
    span = counted.snap_shot_time_filter
    assert (span.start_time.day, span.end_time.day) == (1, 2)
    mock.clock.advance(days=35)
    assert snapshot("QUERIES_BY_COUNT").snapshots_data == []
    assert len(snapshot("QUERIES_BY_COUNT", "ONE_MONTH_AGO").snapshots_data) == 2


def suggested(ai: Any, of: str, text: str, **settings: Any) -> list[str]:
    found = ai.kendra.get_query_suggestions(index_id=of, query_text=text, **settings).suggestions
    return [one.value.text.text for one in found]


def test_what_many_ask_is_suggested(ai: Any, of: str) -> None:
    fill(ai, of)
    ask(ai, of, ["Chair prices", "chair  PRICES"], users=3)
    ask(ai, of, ["chair returns"], users=2)
    ask(ai, of, ["walrus"], users=5)
    assert suggested(ai, of, "cha") == suggested(ai, of, "pri") == ["chair prices"]
    assert suggested(ai, of, "wal") == suggested(ai, of, "ices") == []
    assert ai.kendra.describe_query_suggestions_config(index_id=of).total_suggestions_count == 1
    ai.kendra.update_query_suggestions_config(index_id=of, minimum_query_count=2, minimum_number_of_querying_users=2)
    assert suggested(ai, of, "chair") == ["chair prices", "chair returns"]
    assert suggested(ai, of, "chair", max_suggestions_count=1) == ["chair prices"]
    mark = ai.kendra.get_query_suggestions(index_id=of, query_text="pri").suggestions[0].value.text.highlights[0]
    assert (mark.begin_offset, mark.end_offset) == (6, 9)
    ai.kendra.clear_query_suggestions(index_id=of)
    assert suggested(ai, of, "chair") == []


def test_values_of_attributes_are_suggested(ai: Any, of: str) -> None:
    fill(ai, of)
    asked = {"suggestion_types": ["DOCUMENT_ATTRIBUTES"]}
    with pytest.raises(ServiceError):
        suggested(ai, of, "sa", **asked)
    config = {
        "SuggestableConfigList": [{"AttributeName": "team", "Suggestable": True}],
        "AttributeSuggestionsMode": "ACTIVE",
    }
    ai.kendra.update_query_suggestions_config(index_id=of, attribute_suggestions_config=config)
    assert suggested(ai, of, "s", **asked) == ["sales", "shop"]
    reply = ai.kendra.get_query_suggestions(index_id=of, query_text="sal", **asked)
    assert [one.document_id for one in reply.suggestions[0].source_documents] == ["prices", "returns"]


def test_a_deleted_index_is_forgotten_with_what_was_asked(ai: Any, of: str) -> None:
    fill(ai, of)
    query = ai.kendra.query(index_id=of, query_text="chair").query_id
    ai.kendra.delete_index(id=of)
    for ask_again in (
        lambda: ai.kendra.query(index_id=of),
        lambda: ai.kendra.submit_feedback(index_id=of, query_id=query),
        lambda: ai.kendra.get_snapshots(index_id=of, interval="THIS_WEEK", metric_type="QUERIES_BY_COUNT"),
    ):
        with pytest.raises(NotFoundError):
            ask_again()


# Ranking


def test_results_of_others_are_put_in_order(ai: Any) -> None:
    ranking = ai.kendra.ranking
    plan = ranking.create_rescore_execution_plan(name="plan").id
    asked = {"rescore_execution_plan_id": plan, "documents": RESCORED}
    with pytest.raises(ConflictError):
        ranking.rescore(**asked, search_query="chair")
    ranking.describe_rescore_execution_plan(id=plan)
    found = ranking.rescore(**asked, search_query="chair").result_items
    assert [one.document_id for one in found] == ["a", "b"]
    assert found[0].score > found[1].score == 0
    other = ranking.rescore(**asked, search_query="when are you open, which hours?").result_items
    assert [one.document_id for one in other] == ["b", "a"]
    assert [one.document_id for one in ranking.rescore(**asked, search_query="walrus").result_items] == ["b", "a"]
    with pytest.raises(NotFoundError):
        ranking.rescore(rescore_execution_plan_id="0" * 36, documents=RESCORED, search_query="chair")
