"""Archives, bots as files, and test sets as files."""

from __future__ import annotations

import contextlib
import csv
import io
import zipfile

import pytest
from aiservices_mocks.lex import archive, bot_files, workbench_files
from aiservices_mocks.lex.archive import ArchiveError
from hypothesis import given
from hypothesis import strategies as st

PATHS = st.from_regex(r"[a-zé]{1,8}(/[a-z]{1,8}){0,3}", fullmatch=True)


@given(st.dictionaries(PATHS, st.binary(max_size=200), max_size=4), st.none() | st.text("abcé1", min_size=1))
def test_an_archive_can_be_read_again_by_all(files: dict[str, bytes], password: str | None) -> None:
    data = archive.write(files, password)
    assert archive.read(data, password) == files
    assert archive.write(files, password) == data
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        key = password.encode() if password else None
        assert {name: opened.read(name, pwd=key) for name in opened.namelist()} == files


@given(st.binary(max_size=100))
def test_no_bytes_are_more_than_an_archive_or_none(data: bytes) -> None:
    whole = archive.write({"a.txt": b"hello"})
    for broken in (data, whole[:-5] + data, data + whole, whole[:20] + data + whole[20:]):
        with contextlib.suppress(ArchiveError):
            assert isinstance(archive.read(broken), dict)


def test_an_archive_that_is_too_large_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_MOST", 10)
    with pytest.raises(ArchiveError, match="more than"):
        archive.read(archive.write({"a.txt": b"x" * 11}))


def test_files_with_nulls_and_the_words_of_the_api_are_read() -> None:
    intent = (
        b'{"name": "Hello", "identifier": "X", "description": null, "intentClosingSetting": {"isActive": true,'
        b' "closingResponse": {"messageGroups": [{"message": {"plainTextMessage": {"value": "Hi"}, "ssmlMessage": null}}],'
        b' "allowInterrupt": null}}, "slotPriorities": []}'
    )
    kind = b'{"name": "Kinds", "valueSelectionSetting": {"resolutionStrategy": "TOP_RESOLUTION", "regexFilter": null}}'
    found = bot_files.read_bot(
        {
            "Shop/Bot.json": b'{"name": "Shop", "dataPrivacy": {"childDirected": false}, "version": null}',
            "Shop/BotLocales/en_US/BotLocale.json": b'{"identifier": "en_US", "nluConfidenceThreshold": 0.4}',
            "Shop/BotLocales/en_US/Intents/Hello/Intent.json": intent,
            "Shop/BotLocales/en_US/SlotTypes/Kinds/SlotType.json": kind,
        }
    )
    assert found.bot == {"botName": "Shop", "dataPrivacy": {"childDirected": False}}
    (locale,) = found.locales
    assert locale.locale == {"localeId": "en_US", "nluIntentConfidenceThreshold": 0.4}
    assert locale.intents[0].intent == {
        "intentName": "Hello",
        "intentClosingSetting": {
            "active": True,
            "closingResponse": {"messageGroups": [{"message": {"plainTextMessage": {"value": "Hi"}}}]},
        },
    }
    assert locale.types == [{"slotTypeName": "Kinds", "valueSelectionSetting": {"resolutionStrategy": "TopResolution"}}]


WORDS = st.from_regex(r"[a-zA-Z,\"= é]{0,9}[a-z]", fullmatch=True)
SLOTS = st.dictionaries(st.from_regex(r"[A-Z][a-z]{1,5}", fullmatch=True), WORDS.map(str.strip), max_size=3)


@given(st.lists(st.tuples(WORDS.map(str.strip), SLOTS), min_size=1, max_size=5))
def test_a_test_set_can_be_read_again(turns: list[tuple[str, dict[str, str]]]) -> None:
    records = [
        {
            "recordNumber": number,
            "conversationId": "1",
            "turnNumber": number,
            "turnSpecification": {
                "userTurn": {
                    "input": {"utteranceInput": {"textInput": text}},
                    "expected": {"intent": {"name": "Hello", "slots": {n: {"value": v} for n, v in slots.items()}}},
                }
            },
        }
        for number, (text, slots) in enumerate(turns, 1)
    ]
    data = workbench_files.write(records)
    assert workbench_files.read(data) == records
    assert len([*csv.reader(io.StringIO(data.decode()))]) == len(turns) + 1


def test_all_columns_of_a_test_set_are_read() -> None:
    head = "Line Number,Conversation Number,Conversation Participant,Input,Expected Output Intent,Intent Expected Output Slot 1"
    text = f"{head},Session Attribute 1,Request Attribute 1\n1,-,USER,hello,Hello,A = b,shop = north,x = y\n"
    (turn,) = workbench_files.read(text.encode())
    user = turn["turnSpecification"]["userTurn"]
    assert user["input"]["sessionState"] == {"sessionAttributes": {"shop": "north"}}
    assert user["input"]["requestAttributes"] == {"x": "y"}
    assert user["expected"]["intent"]["slots"] == {"A": {"value": "b"}}
    audio = b"Source,S3 Audio Location,Expected Transcription,Expected Output Intent\nUser,s3://a/b.wav,hello,Hello\n"
    (turn,) = workbench_files.read(audio)
    user = turn["turnSpecification"]["userTurn"]
    assert user["input"]["utteranceInput"] == {"audioInput": {"audioFileS3Location": "s3://a/b.wav"}}
    assert user["expected"]["transcript"] == "hello"
