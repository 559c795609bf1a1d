"""What goes out of Lex and comes in again, on every backend of the rig."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
from aiservices_mocks import Clock, Mock
from aiservices_mocks.places import place

from aiservices import AI
from aiservices.errors import BadRequestError, ConflictError, NotFoundError, ServiceError
from tests.flowers import ROLE, make_bot, make_flowers

PRIVACY = {"childDirected": False}


def export(ai: Any, kind: str = "bot", password: str | None = None, format: str = "LexJson", **what: Any) -> Any:
    made = ai.lex.create_export(
        resource_specification={f"{kind}ExportSpecification": what}, file_format=format, file_password=password
    )
    assert made.export_status == "InProgress"
    return ai.lex.describe_export(export_id=made.export_id)


def fetched(mock: Mock, url: str) -> bytes:
    found = place(url)
    assert found is not None
    return mock.s3.get(*found)


def files(data: bytes, password: str | None = None) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        key = password.encode() if password else None
        return {name: json.loads(archive.read(name, pwd=key)) for name in archive.namelist()}


def zipped(content: Mapping[str, Any]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data if isinstance(data, str) else json.dumps(data))
    return out.getvalue()


def start(ai: Any, mock: Mock, data: bytes | None, what: Mapping[str, Any], **members: Any) -> str:
    upload = ai.lex.create_upload_url()
    where = place(upload.upload_url)
    assert where is not None
    if data is not None:
        mock.s3.put(*where, data)
    given = {"merge_strategy": "FailOnConflict", **members}
    begun = ai.lex.start_import(import_id=upload.import_id, resource_specification=what, **given)
    assert begun.import_status == "InProgress"
    return str(upload.import_id)


def imported(ai: Any, mock: Mock, data: bytes | None, what: Mapping[str, Any], **members: Any) -> Any:
    return ai.lex.describe_import(import_id=start(ai, mock, data, what, **members))


def as_bot(name: str) -> dict[str, Any]:
    return {"botImportSpecification": {"botName": name, "roleArn": ROLE, "dataPrivacy": PRIVACY}}


def draft(flowers: Mapping[str, str]) -> dict[str, str]:
    return {"bot_id": flowers["bot_id"], "bot_version": "DRAFT", "locale_id": "en_US"}


def test_an_export_is_a_folder_of_json(ai: Any, mock: Mock) -> None:
    flowers = make_flowers(ai)
    done = export(ai, botId=flowers["bot_id"], botVersion="DRAFT")
    assert (done.export_status, done.file_format) == ("Completed", "LexJson")
    found = files(fetched(mock, done.download_url))
    assert found["Manifest.json"]["metaData"] == {
        "schemaVersion": "1",
        "resourceType": "BOT",
        "fileFormat": "LexJson",
    }
    assert found["Flowers/Bot.json"]["idleSessionTTLInSeconds"] == 300
    locale = "Flowers/BotLocales/en_US"
    assert found[f"{locale}/BotLocale.json"]["nluConfidenceThreshold"] == 0.4
    assert found[f"{locale}/BotLocale.json"]["identifier"] == "en_US"
    intent = found[f"{locale}/Intents/OrderFlowers/Intent.json"]
    assert intent["slotPriorities"] == [{"priority": 2, "slotName": "Day"}, {"priority": 1, "slotName": "Kind"}]
    assert "messageGroupsList" in intent["intentClosingSetting"]["closingResponse"]
    slot = found[f"{locale}/Intents/OrderFlowers/Slots/Kind/Slot.json"]
    assert slot["slotTypeName"] == "Kinds"
    kinds = found[f"{locale}/SlotTypes/Kinds/SlotType.json"]
    assert kinds["valueSelectionSetting"]["resolutionStrategy"] == "TOP_RESOLUTION"


def test_an_imported_bot_is_the_exported_one(ai: Any, mock: Mock) -> None:
    flowers = make_flowers(ai)
    ai.lex.batch_create_custom_vocabulary_item(
        **draft(flowers), custom_vocabulary_item_list=[{"phrase": "peony", "weight": 3, "displayAs": "Peony"}]
    )
    data = fetched(mock, export(ai, botId=flowers["bot_id"], botVersion="DRAFT").download_url)
    done = imported(ai, mock, data, as_bot("Copy"))
    assert (done.import_status, done.imported_resource_name) == ("Completed", "Copy")
    copy = {"bot_id": done.imported_resource_id, "bot_version": "DRAFT", "locale_id": "en_US"}
    assert {s.intent_name for s in ai.lex.list_intents(**copy).intent_summaries} == {
        "FallbackIntent", "OrderFlowers", "BookRoom", "ThankYou",
    }  # fmt: skip
    (item,) = ai.lex.list_custom_vocabulary_items(**copy).custom_vocabulary_items
    assert (item.phrase, item.weight, item.display_as) == ("peony", 3, "Peony")
    ai.lex.build_bot_locale(**copy)
    assert ai.lex.describe_bot_locale(**copy).bot_locale_status == "Built"
    talk = {"bot_id": copy["bot_id"], "bot_alias_id": "TSTALIASID", "locale_id": "en_US", "session_id": "ada"}
    said = [ai.lex.recognize_text(**talk, text=text) for text in ("buy rose", "today", "yes")]
    assert [reply.messages[0].content for reply in said] == [
        "Which day?",
        "Shall I send roses on today?",
        "Your roses will come.",
    ]
    again = fetched(mock, export(ai, botId=copy["bot_id"], botVersion="DRAFT").download_url)
    assert plain(files(again)) == plain(files(data))


def plain(found: Any) -> Any:
    """Files without the names and ids that differ from bot to bot."""
    if isinstance(found, dict):
        named = {key.replace("Copy/", "Flowers/"): value for key, value in found.items() if key != "identifier"}
        return {key: plain(value) for key, value in named.items() if value != "Copy" and value != "Flowers"}
    return [plain(one) for one in found] if isinstance(found, list) else found


def test_a_conflict_fails_and_overwriting_replaces(ai: Any, mock: Mock) -> None:
    flowers = make_flowers(ai)
    data = fetched(mock, export(ai, botId=flowers["bot_id"], botVersion="DRAFT").download_url)
    failed = imported(ai, mock, data, as_bot("Flowers"))
    assert failed.import_status == "Failed"
    assert "exists already" in failed.failure_reasons[0]
    ai.lex.create_intent(**draft(flowers), intent_name="Later")
    done = imported(ai, mock, data, as_bot("Flowers"), merge_strategy="Overwrite")
    assert (done.import_status, done.imported_resource_id) == ("Completed", flowers["bot_id"])
    names = {summary.intent_name for summary in ai.lex.list_intents(**draft(flowers)).intent_summaries}
    assert names == {"FallbackIntent", "OrderFlowers", "BookRoom", "ThankYou"}


LOCALE = "A/BotLocales/en_US"
SHOP = {"A/Bot.json": {}, f"{LOCALE}/BotLocale.json": {"identifier": "en_US"}}
STRATEGY = {"valueSelectionSetting": {"resolutionStrategy": "Best"}}
ITEMS = {"customVocabularyItems": [{"phrase": "peony", "weight": 9}]}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (None, "no file"),
        (b"not a zip", "zip archive"),
        (zipped({"Manifest.json": {}}), "neither Bot.json"),
        (zipped({"A/Bot.json": "["}), "not a JSON object"),
        (
            zipped({"A/Bot.json": {}, "A/BotLocales/xx/BotLocale.json": {"identifier": "xx_XX"}}),
            "locale isn't supported",
        ),
        (zipped({"A/Bot.json": {"idleSessionTTLInSeconds": 1}}), "greater than or equal to 60"),
        (zipped({**SHOP, f"{LOCALE}/Intents/I/Intent.json": {"name": "I", "slotPriorities": [5]}}), "slotPriorities"),
        (zipped({**SHOP, f"{LOCALE}/SlotTypes/K/SlotType.json": {"name": "K", **STRATEGY}}), "resolutionStrategy"),
        (zipped({**SHOP, f"{LOCALE}/CustomVocabulary/CustomVocabulary.json": {**ITEMS}}), "less than or equal to 3"),
        (zipped({**SHOP, f"{LOCALE}/Intents/I/Intent.json": '{"name":' + "[" * 90000}), "not a JSON object"),
    ],
)
def test_a_file_that_is_no_bot_fails_and_leaves_nothing(ai: Any, mock: Mock, data: Any, reason: str) -> None:
    failed = imported(ai, mock, data, as_bot("Broken"))
    assert failed.import_status == "Failed"
    assert reason in failed.failure_reasons[0]
    assert ai.lex.list_bots().bot_summaries == []


def test_a_failed_overwrite_leaves_the_bot_as_it_was(ai: Any, mock: Mock) -> None:
    flowers = make_flowers(ai)
    data = fetched(mock, export(ai, botId=flowers["bot_id"], botVersion="DRAFT").download_url)
    broken = files(data)
    broken["Flowers/BotLocales/en_US/Intents/OrderFlowers/Slots/Kind/Slot.json"]["slotTypeName"] = "?"
    failed = imported(ai, mock, zipped(broken), as_bot("Flowers"), merge_strategy="Overwrite")
    assert failed.import_status == "Failed"
    talk = {**flowers, "session_id": "ada"}
    assert ai.lex.recognize_text(**talk, text="buy roses").session_state.intent.name == "OrderFlowers"
    assert fetched(mock, export(ai, botId=flowers["bot_id"], botVersion="DRAFT").download_url) == data


def test_a_locale_goes_into_another_bot(ai: Any, mock: Mock) -> None:
    flowers = make_flowers(ai)
    done = export(ai, "botLocale", botId=flowers["bot_id"], botVersion="DRAFT", localeId="en_US")
    data = fetched(mock, done.download_url)
    assert files(data)["Manifest.json"]["metaData"]["resourceType"] == "BOT_LOCALE"
    other = ai.lex.create_bot(
        bot_name="Other", role_arn=ROLE, data_privacy=PRIVACY, idle_session_ttl_in_seconds=300
    ).bot_id
    british = {"botId": other, "botVersion": "DRAFT", "localeId": "en_GB", "voiceSettings": {"voiceId": "Amy"}}
    what = {"botLocaleImportSpecification": british}
    assert imported(ai, mock, data, what).import_status == "Completed"
    place = {"bot_id": other, "bot_version": "DRAFT", "locale_id": "en_GB"}
    assert ai.lex.describe_bot_locale(**place).voice_settings.voice_id == "Amy"
    assert len(ai.lex.list_intents(**place).intent_summaries) == 4
    assert imported(ai, mock, data, what).import_status == "Failed"


def test_passwords_close_archives_and_can_be_changed(ai: Any, mock: Mock) -> None:
    of = make_bot(ai)
    made = export(ai, password="first", botId=of["bot_id"], botVersion="DRAFT")
    first = fetched(mock, made.download_url)
    assert files(first, "first")["Flowers/Bot.json"]["name"] == "Flowers"
    with pytest.raises(RuntimeError):
        files(first)
    assert imported(ai, mock, first, as_bot("A")).import_status == "Failed"
    assert imported(ai, mock, first, as_bot("A"), file_password="first").import_status == "Completed"
    ai.lex.update_export(export_id=made.export_id, file_password="second")
    second = fetched(mock, made.download_url)
    assert files(second, "second") == files(first, "first")
    ai.lex.update_export(export_id=made.export_id)
    assert files(fetched(mock, made.download_url)) == files(first, "first")


def test_transfers_are_listed_by_what_they_are_of(ai: Any, mock: Mock) -> None:
    of = make_bot(ai)
    whole = export(ai, botId=of["bot_id"], botVersion="DRAFT")
    part = export(ai, "botLocale", botId=of["bot_id"], botVersion="DRAFT", localeId="en_US")
    kinds = [{"name": "ExportResourceType", "values": ["BotLocale"], "operator": "EQ"}]
    listed = ai.lex.list_exports(bot_id=of["bot_id"], filters=kinds)
    assert [summary.export_id for summary in listed.export_summaries] == [part.export_id]
    assert listed.bot_id == of["bot_id"]
    assert ai.lex.list_exports(bot_id="ABCDEFGHIJ").export_summaries == []
    assert ai.lex.delete_export(export_id=whole.export_id).export_status == "Deleting"
    assert [summary.export_id for summary in ai.lex.list_exports().export_summaries] == [part.export_id]
    done = imported(ai, mock, fetched(mock, part.download_url), as_bot("Wrong"))
    assert done.import_status == "Failed"
    kinds = [{"name": "ImportResourceType", "values": ["Bot"], "operator": "EQ"}]
    (summary,) = ai.lex.list_imports(filters=kinds).import_summaries
    assert (summary.import_id, summary.imported_resource_type) == (done.import_id, "Bot")
    assert ai.lex.delete_import(import_id=done.import_id).import_status == "Deleting"
    with pytest.raises(NotFoundError):
        ai.lex.describe_import(import_id=done.import_id)
    with pytest.raises(ServiceError) as caught:
        ai.lex.delete_import(import_id=done.import_id)
    assert caught.value.code == "PreconditionFailedException"


def test_what_is_asked_for_must_be_there(ai: Any, mock: Mock) -> None:
    of = make_bot(ai)
    for what in (
        {"botExportSpecification": {"botId": "ABCDEFGHIJ", "botVersion": "DRAFT"}},
        {"botExportSpecification": {"botId": of["bot_id"], "botVersion": "7"}},
        {"botLocaleExportSpecification": {"botId": of["bot_id"], "botVersion": "DRAFT", "localeId": "fr_FR"}},
        {"customVocabularyExportSpecification": {"botId": of["bot_id"], "botVersion": "DRAFT", "localeId": "en_US"}},
        {"testSetExportSpecification": {"testSetId": "ABCDEFGHIJ"}},
    ):
        format = "CSV" if "testSetExportSpecification" in what else "LexJson"
        with pytest.raises(NotFoundError):
            ai.lex.create_export(resource_specification=what, file_format=format)
    whole = {"botExportSpecification": {"botId": of["bot_id"], "botVersion": "DRAFT"}}
    with pytest.raises(BadRequestError):
        ai.lex.create_export(resource_specification=whole, file_format="TSV")
    with pytest.raises(BadRequestError):
        ai.lex.create_export(resource_specification={}, file_format="LexJson")
    with pytest.raises(NotFoundError):
        ai.lex.start_import(import_id="ABCDEFGHIJ", resource_specification=as_bot("A"), merge_strategy="Overwrite")
    begun = start(ai, mock, None, as_bot("A"))
    with pytest.raises(ConflictError):
        ai.lex.start_import(import_id=begun, resource_specification=as_bot("A"), merge_strategy="Overwrite")


def test_an_export_that_is_not_done_has_no_url() -> None:
    mock = Mock(clock=Clock.manual())
    with AI(backend=mock) as ai:
        of = make_bot(ai)
        made = ai.lex.create_export(
            resource_specification={"botExportSpecification": {"botId": of["bot_id"], "botVersion": "DRAFT"}},
            file_format="LexJson",
        )
        assert ai.lex.describe_export(export_id=made.export_id).download_url is None
        with pytest.raises(ConflictError):
            ai.lex.update_export(export_id=made.export_id, file_password="x")
        mock.clock.advance(seconds=10)
        assert ai.lex.describe_export(export_id=made.export_id).download_url


# Custom vocabularies.


def test_a_custom_vocabulary_is_a_list_of_items(ai: Any) -> None:
    of = make_bot(ai)
    with pytest.raises(NotFoundError):
        ai.lex.describe_custom_vocabulary_metadata(**of)
    items = [{"phrase": "peony"}, {"phrase": "aster", "weight": 2}, {"phrase": "peony"}]
    made = ai.lex.batch_create_custom_vocabulary_item(**of, custom_vocabulary_item_list=items)
    assert [item.phrase for item in made.resources] == ["peony", "aster"]
    assert [error.error_code for error in made.errors] == ["DUPLICATE_INPUT"]
    twice = ai.lex.batch_create_custom_vocabulary_item(**of, custom_vocabulary_item_list=[{"phrase": "aster"}])
    assert [error.error_code for error in twice.errors] == ["RESOURCE_ALREADY_EXISTS"]
    assert ai.lex.describe_custom_vocabulary_metadata(**of).custom_vocabulary_status == "Ready"
    first, second = (item.item_id for item in made.resources)
    changed = ai.lex.batch_update_custom_vocabulary_item(
        **of,
        custom_vocabulary_item_list=[
            {"itemId": first, "phrase": "peonies"},
            {"itemId": second, "phrase": "peonies"},
            {"itemId": "gone", "phrase": "x"},
        ],
    )
    assert [item.phrase for item in changed.resources] == ["peonies"]
    assert [error.error_code for error in changed.errors] == ["RESOURCE_ALREADY_EXISTS", "RESOURCE_DOES_NOT_EXIST"]
    gone = ai.lex.batch_delete_custom_vocabulary_item(
        **of, custom_vocabulary_item_list=[{"itemId": second}, {"itemId": second}]
    )
    assert [item.phrase for item in gone.resources] == ["aster"]
    listed = ai.lex.list_custom_vocabulary_items(**of)
    assert [(item.item_id, item.phrase) for item in listed.custom_vocabulary_items] == [(first, "peonies")]
    assert ai.lex.delete_custom_vocabulary(**of).custom_vocabulary_status == "Deleting"
    for ask in (ai.lex.list_custom_vocabulary_items, ai.lex.describe_custom_vocabulary_metadata):
        with pytest.raises(NotFoundError):
            ask(**of)


def test_a_custom_vocabulary_has_pages_and_an_end(ai: Any) -> None:
    of = make_bot(ai)
    for begin in range(0, 500, 10):
        items = [{"phrase": f"word{number}"} for number in range(begin, begin + 10)]
        ai.lex.batch_create_custom_vocabulary_item(**of, custom_vocabulary_item_list=items)
    with pytest.raises(ServiceError) as caught:
        ai.lex.batch_create_custom_vocabulary_item(**of, custom_vocabulary_item_list=[{"phrase": "more"}])
    assert caught.value.code == "ServiceQuotaExceededException"
    first = ai.lex.list_custom_vocabulary_items(**of, max_results=100)
    assert len(first.custom_vocabulary_items) == 100
    rest = ai.lex.list_custom_vocabulary_items(**of, next_token=first.next_token)
    assert rest.custom_vocabulary_items[0].phrase == "word100"


def test_a_version_has_the_vocabulary_of_its_time(ai: Any) -> None:
    flowers = make_flowers(ai)
    of = draft(flowers)
    ai.lex.batch_create_custom_vocabulary_item(**of, custom_vocabulary_item_list=[{"phrase": "peony"}])
    assert ai.lex.describe_bot_locale(**of).bot_locale_status == "NotBuilt"
    ai.lex.build_bot_locale(**of)
    ai.lex.describe_bot_locale(**of)
    version = ai.lex.create_bot_version(
        bot_id=of["bot_id"], bot_version_locale_specification={"en_US": {"sourceBotVersion": "DRAFT"}}
    ).bot_version
    ai.lex.delete_custom_vocabulary(**of)
    numbered = {**of, "bot_version": version}
    assert len(ai.lex.list_custom_vocabulary_items(**numbered).custom_vocabulary_items) == 1
    with pytest.raises(BadRequestError):
        ai.lex.batch_create_custom_vocabulary_item(**numbered, custom_vocabulary_item_list=[{"phrase": "aster"}])


@pytest.mark.parametrize("format", ["LexJson", "TSV"])
def test_a_vocabulary_goes_out_and_in(ai: Any, mock: Mock, format: str) -> None:
    of = make_bot(ai)
    items = [{"phrase": "peony", "weight": 3, "displayAs": "Peony"}, {"phrase": "aster"}]
    ai.lex.batch_create_custom_vocabulary_item(**of, custom_vocabulary_item_list=items)
    what = {"botId": of["bot_id"], "botVersion": "DRAFT", "localeId": "en_US"}
    data = fetched(mock, export(ai, "customVocabulary", format=format, **what).download_url)
    where = {"customVocabularyImportSpecification": what}
    assert imported(ai, mock, data, where).import_status == "Failed"
    ai.lex.batch_create_custom_vocabulary_item(**of, custom_vocabulary_item_list=[{"phrase": "lily"}])
    done = imported(ai, mock, data, where, merge_strategy="Append")
    assert (done.import_status, done.imported_resource_id) == ("Completed", "en_US")
    phrases = [item.phrase for item in ai.lex.list_custom_vocabulary_items(**of).custom_vocabulary_items]
    assert phrases == ["lily", "peony", "aster"]
    imported(ai, mock, data, where, merge_strategy="Overwrite")
    found = ai.lex.list_custom_vocabulary_items(**of).custom_vocabulary_items
    assert [(item.phrase, item.weight, item.display_as) for item in found] == [
        ("peony", 3, "Peony"),
        ("aster", None, None),
    ]
