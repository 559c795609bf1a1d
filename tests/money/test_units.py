"""How AWS counts, rule by rule."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiservices.call import Call, Reply
from aiservices.money import Charge, Meter, Price, PriceBook, Tier
from aiservices.money.docx import characters_of_docx
from aiservices.money.units import analysis_rows, hundreds

BOOK = PriceBook()
PROMPT_SAFETY = "arn:aws:comprehend:us-east-1:aws:document-classifier-endpoint/prompt-safety"
OWN_CLASSIFIER = "arn:aws:comprehend:us-east-1:123456789012:document-classifier-endpoint/mine"
OWN_ENTITIES = "arn:aws:comprehend:us-east-1:123456789012:entity-recognizer-endpoint/mine"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def charged(name: str, reply: Reply | None = None, **params: Any) -> Charge:
    service, operation = name.split(".")
    return Meter(BOOK).charge(Call(service, operation, params), reply or {})


def units(name: str, reply: Reply | None = None, **params: Any) -> dict[str, int] | None:
    counted = charged(name, reply, **params).units
    return None if counted is None else {row: int(count) for row, count in counted.items()}


# Comprehend


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", 3), ("x", 3), ("x" * 300, 3), ("x" * 301, 4), ("x" * 400, 4), ("é" * 400, 4), ("🙂" * 401, 5)],
)
def test_a_text_counts_in_hundreds_of_characters_and_three_at_least(text: str, expected: int) -> None:
    assert units("comprehend.DetectSentiment", Text=text, LanguageCode="en") == {"comprehend.nlp_standard": expected}


@given(st.integers(0, 100_000))
def test_units_are_rounded_up_and_never_less_than_three(length: int) -> None:
    counted = hundreds("x" * length)
    assert counted >= 3
    assert counted == 3 or 100 * (counted - 1) < length <= 100 * counted


@pytest.mark.parametrize(
    ("operation", "row", "dollars"),
    [
        ("DetectSentiment", "nlp_standard", "0.0004"),
        ("DetectEntities", "nlp_standard", "0.0004"),
        ("DetectKeyPhrases", "nlp_standard", "0.0004"),
        ("DetectDominantLanguage", "nlp_standard", "0.0004"),
        ("DetectTargetedSentiment", "nlp_standard", "0.0004"),
        ("DetectSyntax", "syntax", "0.0002"),
        ("DetectPiiEntities", "pii_detect", "0.0004"),
        ("ContainsPiiEntities", "pii_contains", "0.000008"),
    ],
)
def test_each_operation_has_its_row(operation: str, row: str, dollars: str) -> None:
    assert charged(f"comprehend.{operation}", Text="x" * 301) == (
        {f"comprehend.{row}": Decimal(4)},
        Decimal(dollars),
    )


BATCHES = {
    "BatchDetectSentiment": "nlp_standard",
    "BatchDetectEntities": "nlp_standard",
    "BatchDetectKeyPhrases": "nlp_standard",
    "BatchDetectDominantLanguage": "nlp_standard",
    "BatchDetectTargetedSentiment": "nlp_standard",
    "BatchDetectSyntax": "syntax",
}


@pytest.mark.parametrize("operation", BATCHES)
def test_a_batch_counts_each_document_on_its_own(operation: str) -> None:
    assert units(f"comprehend.{operation}", TextList=["x" * 50] * 25) == {f"comprehend.{BATCHES[operation]}": 75}


def test_a_batch_of_25_short_documents_costs_as_the_worked_example() -> None:
    assert charged("comprehend.BatchDetectSentiment", TextList=["x" * 50] * 25).cost == Decimal("0.0075")


def test_failed_documents_of_a_batch_are_not_billed() -> None:
    reply = {"ResultList": [{"Index": 1}], "ErrorList": [{"Index": 0, "ErrorCode": "INTERNAL_SERVER_EXCEPTION"}]}
    texts = ["x" * 5_000, "x" * 500]
    assert units("comprehend.BatchDetectSentiment", reply, TextList=texts) == {"comprehend.nlp_standard": 5}
    all_failed = {"ResultList": [], "ErrorList": [{"Index": 0}, {"Index": 1}]}
    assert charged("comprehend.BatchDetectSentiment", all_failed, TextList=texts) == ({}, Decimal(0))


@given(st.lists(st.text(max_size=1_000), min_size=1, max_size=25))
def test_a_batch_costs_as_its_documents_do_alone(texts: list[str]) -> None:
    batch = charged("comprehend.BatchDetectSentiment", TextList=texts).cost
    alone = [charged("comprehend.DetectSentiment", Text=text).cost for text in texts]
    assert batch == sum(cost for cost in alone if cost is not None)
    assert None not in alone


@given(st.text(max_size=2_000), st.text(max_size=2_000))
def test_a_longer_text_never_costs_less(text: str, more: str) -> None:
    for name in ("comprehend.DetectSentiment", "translate.TranslateText"):
        languages: dict[str, Any] = {"SourceLanguageCode": "en", "TargetLanguageCode": "de"}
        short, long = charged(name, Text=text, **languages).cost, charged(name, Text=text + more, **languages).cost
        assert short is not None
        assert long is not None
        assert short <= long


def test_toxicity_counts_the_request() -> None:
    segments = [{"Text": "x" * 150}, {"Text": "x" * 200}]
    assert units("comprehend.DetectToxicContent", TextSegments=segments) == {"comprehend.toxicity": 4}


def test_prompt_safety_has_its_price() -> None:
    assert charged("comprehend.ClassifyDocument", Text="x", EndpointArn=PROMPT_SAFETY) == (
        {"comprehend.prompt_safety": Decimal(3)},
        Decimal("0.0003"),
    )


def test_an_endpoint_of_ones_own_is_billed_by_time_and_not_by_call() -> None:
    assert charged("comprehend.ClassifyDocument", Text="x", EndpointArn=OWN_CLASSIFIER) == ({}, Decimal(0))
    assert charged("comprehend.DetectEntities", Text="x", EndpointArn=OWN_ENTITIES) == ({}, Decimal(0))


@pytest.mark.parametrize(
    ("kinds", "config", "known"),
    [
        (["PLAIN_TEXT"], None, True),
        (["NATIVE_PDF", "NATIVE_PDF"], None, True),
        (["MS_WORD"], {"DocumentReadMode": "SERVICE_DEFAULT"}, True),
        (["NATIVE_PDF"], {"DocumentReadMode": "FORCE_DOCUMENT_READ_ACTION"}, False),
        (["SCANNED_PDF", "NATIVE_PDF"], None, False),
        (["IMAGE"], None, False),
        ([], None, False),
    ],
)
@pytest.mark.parametrize("operation", ["ClassifyDocument", "DetectEntities"])
def test_what_textract_reads_for_an_endpoint_is_unpriced(
    operation: str, kinds: list[str], config: dict[str, str] | None, known: bool
) -> None:
    reply = {"DocumentType": [{"Page": 1, "Type": kind} for kind in kinds]}
    further = {"DocumentReaderConfig": config} if config else {}
    found = charged(f"comprehend.{operation}", reply, Bytes=b"x", EndpointArn=OWN_CLASSIFIER, **further)
    assert found == (({}, Decimal(0)) if known else (None, None))


# Polly


@pytest.mark.parametrize(
    ("engine", "row", "dollars"),
    [
        (None, "polly.standard", "0.0004"),
        ("standard", "polly.standard", "0.0004"),
        ("neural", "polly.neural", "0.0016"),
        ("long-form", "polly.long_form", "0.01"),
        ("generative", "polly.generative", "0.003"),
    ],
)
def test_speech_counts_the_characters_that_the_reply_bills(engine: str | None, row: str, dollars: str) -> None:
    params = {"Engine": engine} if engine else {}
    speech = charged("polly.SynthesizeSpeech", {"RequestCharacters": 100}, Text="<speak>...</speak>", **params)
    assert speech == ({row: Decimal(100)}, Decimal(dollars))


def test_speech_marks_are_a_request_like_any_other() -> None:
    marks = {"OutputFormat": "json", "SpeechMarkTypes": ["word"], "Engine": "neural"}
    assert charged("polly.SynthesizeSpeech", {"RequestCharacters": 7}, Text="Hello!!", **marks).units == {
        "polly.neural": Decimal(7)
    }


def test_an_engine_without_a_price_is_unpriced() -> None:
    assert charged("polly.SynthesizeSpeech", Text="Hi", Engine="quantum") == (None, None)


# Textract


def pages(count: int) -> Reply:
    return {"DocumentMetadata": {"Pages": count}}


@pytest.mark.parametrize(
    ("operation", "row", "dollars"),
    [
        ("DetectDocumentText", "textract.detect_text", "0.003"),
        ("AnalyzeExpense", "textract.expense", "0.02"),
        ("AnalyzeID", "textract.identity", "0.05"),
    ],
)
def test_documents_count_the_pages_that_the_reply_names(operation: str, row: str, dollars: str) -> None:
    assert charged(f"textract.{operation}", pages(2), Document={}) == ({row: Decimal(2)}, Decimal(dollars))


@pytest.mark.parametrize(
    ("features", "adapted", "dollars"),
    [
        ("FORMS", False, "0.05"),
        ("TABLES", False, "0.015"),
        ("QUERIES", False, "0.015"),
        ("LAYOUT", False, "0.004"),
        ("SIGNATURES", False, "0.0035"),
        ("FORMS TABLES", False, "0.065"),
        ("TABLES QUERIES", False, "0.020"),
        ("FORMS QUERIES", False, "0.055"),
        ("FORMS TABLES QUERIES", False, "0.070"),
        ("QUERIES", True, "0.025"),
        ("QUERIES TABLES", True, "0.030"),
        ("QUERIES FORMS", True, "0.065"),
        ("TABLES FORMS QUERIES", True, "0.080"),
        ("FORMS", True, "0.05"),
        ("FORMS LAYOUT", False, "0.05"),
        ("TABLES LAYOUT SIGNATURES", False, "0.015"),
        ("FORMS SIGNATURES", False, "0.05"),
        ("LAYOUT SIGNATURES", False, "0.004"),
        ("QUERIES LAYOUT", False, "0.019"),
        ("QUERIES SIGNATURES", False, "0.0185"),
        ("QUERIES LAYOUT SIGNATURES", False, "0.019"),
        ("QUERIES LAYOUT", True, "0.029"),
        ("FORMS FORMS", False, "0.05"),
    ],
)
def test_features_have_the_price_of_their_combination(features: str, adapted: bool, dollars: str) -> None:
    params: dict[str, Any] = {"FeatureTypes": features.split()}
    if adapted:
        params["AdaptersConfig"] = {"Adapters": [{"AdapterId": "a", "Version": "1"}]}
    assert charged("textract.AnalyzeDocument", pages(1), **params).cost == Decimal(dollars)
    assert charged("textract.AnalyzeDocument", pages(3), **params).cost == 3 * Decimal(dollars)


def test_forms_and_tables_move_two_counters() -> None:
    assert units("textract.AnalyzeDocument", pages(2), FeatureTypes=["TABLES", "FORMS"]) == {
        "textract.forms": 2,
        "textract.tables": 2,
    }


FEATURES = ["FORMS", "TABLES", "QUERIES", "LAYOUT", "SIGNATURES"]


@given(st.sets(st.sampled_from(FEATURES), min_size=1), st.sampled_from(FEATURES), st.booleans())
def test_every_combination_is_priced_and_another_feature_never_makes_it_cheaper(
    features: set[str], another: str, adapted: bool
) -> None:
    # AWS's own exception: LAYOUT is free with FORMS or TABLES, so these can replace its price.
    fewer, more = (analysis_rows(sorted(wanted), adapted) for wanted in (features, features | {another}))
    assert fewer
    assert more
    costs = [BOOK.cost(dict.fromkeys(rows, Decimal(1))) for rows in (fewer, more)]
    assert None not in costs
    assert costs[0] <= costs[1]  # type: ignore[operator]  # both are priced


def test_an_unknown_feature_or_a_reply_without_pages_is_unpriced() -> None:
    assert charged("textract.AnalyzeDocument", pages(1), FeatureTypes=["FORMS", "RUNES"]) == (None, None)
    assert charged("textract.AnalyzeDocument", {}, FeatureTypes=["FORMS"]) == (None, None)
    assert charged("textract.DetectDocumentText", {}) == (None, None)


# Translate


def test_a_translation_counts_the_source_text_with_its_spaces() -> None:
    reply = {"SourceLanguageCode": "en", "TargetLanguageCode": "fr", "TranslatedText": "Ça va ?"}
    params = {"Text": " How are you? 🙂\n", "SourceLanguageCode": "auto", "TargetLanguageCode": "fr"}
    assert charged("translate.TranslateText", reply, **params) == (
        {"translate.text": Decimal(16)},
        Decimal("0.00024"),
    )


def test_the_same_language_is_free() -> None:
    reply = {"SourceLanguageCode": "fr", "TargetLanguageCode": "fr"}
    params = {"SourceLanguageCode": "auto", "TargetLanguageCode": "fr"}
    assert charged("translate.TranslateText", reply, Text="Merci", **params) == ({}, Decimal(0))
    document = {"Content": b"Merci", "ContentType": "text/plain"}
    assert charged("translate.TranslateDocument", reply, Document=document, **params) == ({}, Decimal(0))


def translated(content: bytes, kind: str) -> Charge:
    languages: dict[str, Any] = {"SourceLanguageCode": "de", "TargetLanguageCode": "en"}
    return charged("translate.TranslateDocument", Document={"Content": content, "ContentType": kind}, **languages)


def docx(**parts: str) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in parts.items():
            archive.writestr(f"word/{name}.xml", xml)
    return file.getvalue()


def test_documents_count_by_their_type() -> None:
    assert translated("Grüße".encode(), "text/plain") == (
        {"translate.document_text_html": Decimal(5)},
        Decimal("0.000075"),
    )
    assert translated(b"<p>Hallo</p>", "text/html; charset=utf-8").units == {
        "translate.document_text_html": Decimal(12)
    }
    word = docx(
        document='<w:p><w:r><w:t xml:space="preserve">A &amp; B</w:t></w:r><w:tab/><w:t>C</w:t></w:p>',
        header1="<w:t>Head</w:t>",
        styles="<w:t>not a text</w:t>",
    )
    assert translated(word, DOCX) == ({"translate.document_docx": Decimal(10)}, Decimal("0.0003"))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"PK no archive", DOCX),
        (docx(other="<w:t>x</w:t>"), DOCX),
        (b"\xff\xfe", "text/plain"),
        (b"<xliff/>", "application/x-xliff+xml"),
    ],
)
def test_a_document_that_nobody_can_count_is_unpriced(content: bytes, kind: str) -> None:
    assert translated(content, kind) == (None, None)


def test_a_word_bomb_is_not_unpacked() -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * 11_000_000)
    assert len(file.getvalue()) < 100_000
    assert translated(file.getvalue(), DOCX) == (None, None)


@given(st.data())
def test_a_broken_word_file_never_raises(data: st.DataObject) -> None:
    whole = bytearray(docx(document="<w:t>Hello</w:t>" * 20, footer="<w:t>Bye</w:t>"))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    for content in (bytes(whole), bytes(whole[:cut])):
        assert characters_of_docx(content) is None or translated(content, DOCX).cost is not None


# Rekognition

GROUP_1 = [
    "AssociateFaces",
    "CompareFaces",
    "DisassociateFaces",
    "IndexFaces",
    "SearchFaces",
    "SearchFacesByImage",
    "SearchUsers",
    "SearchUsersByImage",
]
GROUP_2 = [
    "DetectFaces",
    "DetectLabels",
    "DetectModerationLabels",
    "DetectProtectiveEquipment",
    "DetectText",
    "RecognizeCelebrities",
]


@pytest.mark.parametrize("operation", GROUP_1 + GROUP_2)
def test_a_call_on_an_image_is_one_image_of_its_group(operation: str) -> None:
    row = "rekognition.image_group1" if operation in GROUP_1 else "rekognition.image_group2"
    assert charged(f"rekognition.{operation}", Image={"Bytes": b"x"}) == ({row: Decimal(1)}, Decimal("0.001"))


def test_labels_and_properties_are_two_items() -> None:
    labels, properties = "rekognition.image_group2", "rekognition.image_properties"
    name = "rekognition.DetectLabels"
    assert units(name, Features=["GENERAL_LABELS"]) == {labels: 1}
    assert units(name, Features=["IMAGE_PROPERTIES"]) == {properties: 1}
    both = charged(name, Features=["GENERAL_LABELS", "IMAGE_PROPERTIES"])
    assert both == ({labels: Decimal(1), properties: Decimal(1)}, Decimal("0.00175"))
    assert charged(name, Features=["AURA"]) == (None, None)


def test_an_adapter_makes_moderation_dearer() -> None:
    adapted = charged("rekognition.DetectModerationLabels", ProjectVersion="arn:aws:rekognition:...")
    assert adapted == ({"rekognition.custom_moderation_adapter": Decimal(1)}, Decimal("0.0012"))


def test_custom_labels_are_billed_by_time_and_not_by_call() -> None:
    assert charged("rekognition.DetectCustomLabels", Image={}) == ({}, Decimal(0))


# Lex


@pytest.mark.parametrize(
    ("kind", "dollars"),
    [
        ("text/plain; charset=utf-8", "0.00075"),
        ("audio/l16; rate=16000; channels=1", "0.004"),
        ("audio/x-l16; sample-rate=16000", "0.004"),
        ("application/json", None),
    ],
)
def test_a_turn_is_a_request_by_its_input(kind: str, dollars: str | None) -> None:
    found = charged("lexv2-runtime.RecognizeUtterance", requestContentType=kind, inputStream=b"")
    assert found.cost == (None if dollars is None else Decimal(dollars))


def test_aws_s_example_of_a_bot() -> None:
    speech = charged("lexv2-runtime.RecognizeUtterance", requestContentType="audio/l16").cost
    text = charged("lexv2-runtime.RecognizeText", text="Book a table").cost
    assert speech is not None
    assert text is not None
    assert 8_000 * speech + 2_000 * text == Decimal("33.50")


def test_a_session_without_a_user_s_turn_is_free() -> None:
    assert charged("lexv2-runtime.PutSession", sessionId="a") == ({}, Decimal(0))


# Personalize


@pytest.mark.parametrize("operation", ["PutActionInteractions", "PutActions", "PutEvents", "PutItems", "PutUsers"])
def test_records_cost_by_the_bytes_of_their_json(operation: str) -> None:
    # {"trackingId":"t","userId":"é"}: 32 bytes in UTF-8
    found = charged(f"personalize-events.{operation}", trackingId="t", userId="é")
    assert found.units == {"personalize.ingestion": Decimal("0.000000032")}
    assert found.cost == Decimal("0.0000000016")


def test_times_of_events_are_counted_as_they_are_written() -> None:
    event = {"sentAt": datetime(2026, 1, 1, tzinfo=UTC), "eventType": "click"}
    assert charged("personalize-events.PutEvents", eventList=[event]).cost is not None


# Fraud Detector


def scores(*kinds: str) -> Reply:
    return {"modelScores": [{"modelVersion": {"modelType": kind}, "scores": {"s": 1.0}} for kind in kinds]}


@pytest.mark.parametrize(
    ("reply", "row", "dollars"),
    [
        (scores("ONLINE_FRAUD_INSIGHTS"), "prediction_ofi", "0.03"),
        (scores("ONLINE_FRAUD_INSIGHTS", "ONLINE_FRAUD_INSIGHTS"), "prediction_ofi", "0.03"),
        (scores("TRANSACTION_FRAUD_INSIGHTS"), "prediction_tfi", None),
        (scores("ACCOUNT_TAKEOVER_INSIGHTS"), "prediction_ati", None),
        ({"ruleResults": [{"ruleId": "r"}]}, "prediction_rules", None),
        (scores("ONLINE_FRAUD_INSIGHTS", "ACCOUNT_TAKEOVER_INSIGHTS"), None, None),
        (scores("PALMISTRY"), None, None),
    ],
)
def test_a_prediction_is_an_event_at_the_price_of_its_kind_of_model(
    reply: Reply, row: str | None, dollars: str | None
) -> None:
    found = charged("frauddetector.GetEventPrediction", reply, eventId="e")
    assert found.units == (None if row is None else {f"frauddetector.{row}": Decimal(1)})
    assert found.cost == (None if dollars is None else Decimal(dollars))


# All


@pytest.mark.parametrize(
    ("name", "params", "reply"),
    [
        ("comprehend.DetectSentiment", {"Text": 5}, {}),
        ("comprehend.DetectSentiment", {}, {}),
        ("comprehend.BatchDetectSentiment", {"TextList": ["a"]}, {"ErrorList": ["broken"]}),
        ("textract.AnalyzeDocument", {"FeatureTypes": ["FORMS"], "AdaptersConfig": []}, {}),
        ("textract.DetectDocumentText", {}, {"DocumentMetadata": {"Pages": -1}}),
        ("textract.DetectDocumentText", {}, {"DocumentMetadata": {"Pages": float("nan")}}),
        ("textract.DetectDocumentText", {}, {"DocumentMetadata": {"Pages": "many"}}),
        ("polly.SynthesizeSpeech", {"Text": "a"}, {"RequestCharacters": "many"}),
        ("polly.SynthesizeSpeech", {"Text": "a"}, {}),
        ("translate.TranslateDocument", {"Document": None}, {}),
    ],
)
def test_what_has_not_awss_shape_is_unpriced_and_fails_no_call(name: str, params: dict[str, Any], reply: Reply) -> None:
    assert charged(name, reply, **params) == (None, None)


def test_counted_units_without_a_price_are_told() -> None:
    book = BOOK.with_rows(Price("polly.neural", "character", (Tier(None, None),)))
    call = Call("polly", "SynthesizeSpeech", {"Text": "Hi", "Engine": "neural"})
    assert Meter(book).charge(call, {"RequestCharacters": 2}) == ({"polly.neural": Decimal(2)}, None)
