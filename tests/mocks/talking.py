"""A bot in a mock's world that can be talked to, and what tests, imports and recommendations of it begin with."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

from aiservices_mocks import Mock
from aiservices_mocks.places import place

from tests.flowers import ROLE
from tests.mocks import bot_parts
from tests.mocks.worlds import ask

PRIVACY = {"childDirected": False}
CSV = "Line #,Conversation #,Source,Input,Expected Output Intent\n1,,User,hello,Hello\n"


def bot(mock: Mock) -> dict[str, str]:
    """What names the test alias of a built bot that understands "hello"."""
    made = bot_parts.bot(mock, "talker")
    named = {"botId": made, "botVersion": "DRAFT", "localeId": "en_US"}
    intents = ask(mock, "lexv2-models.ListIntents", **named)["intentSummaries"]
    if all(intent["intentName"] != "Hello" for intent in intents):
        said = [{"utterance": "hello"}, {"utterance": "good morning"}]
        ask(mock, "lexv2-models.CreateIntent", **named, intentName="Hello", sampleUtterances=said)
        ask(mock, "lexv2-models.BuildBotLocale", **named)
        mock.clock.advance(minutes=5)
    return {"botId": made, "botAliasId": "TSTALIASID", "localeId": "en_US"}


def text(mock: Mock, words: str = "hello") -> dict[str, Any]:
    """A request that says something."""
    return {**bot(mock), "sessionId": "ada", "text": words}


def utterance(mock: Mock, words: str = "hello") -> dict[str, Any]:
    """A request that says something in a stream."""
    kind = "text/plain; charset=utf-8"
    return {
        **bot(mock),
        "sessionId": "ada",
        "requestContentType": kind,
        "responseContentType": kind,
        "inputStream": words.encode(),
    }


def uploaded(mock: Mock, data: bytes) -> str:
    """The id of an import whose file is there."""
    upload = ask(mock, "lexv2-models.CreateUploadUrl")
    where = place(upload["uploadUrl"])
    assert where is not None
    mock.s3.put(*where, data)
    return str(upload["importId"])


def imported(mock: Mock, seed: int) -> dict[str, Any]:
    """The import of a bot without locales."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("Shop/Bot.json", json.dumps({"name": "Shop"}))
    what = {"botName": f"imported-{seed}", "roleArn": ROLE, "dataPrivacy": PRIVACY}
    return {
        "importId": uploaded(mock, out.getvalue()),
        "resourceSpecification": {"botImportSpecification": what},
        "filePassword": None,
    }


def exported(mock: Mock, seed: int) -> dict[str, Any]:
    """The export of the bot."""
    what = {"botId": bot(mock)["botId"], "botVersion": "DRAFT"}
    return {"resourceSpecification": {"botExportSpecification": what}, "fileFormat": "LexJson"}


def generated(mock: Mock, seed: int) -> dict[str, Any]:
    """A test set of what was said."""
    ask(mock, "lexv2-runtime.RecognizeText", **text(mock))
    mock.s3.make_bucket("tests")
    period = {"startTime": datetime(2020, 1, 1, tzinfo=UTC), "endTime": datetime(2100, 1, 1, tzinfo=UTC)}
    source = {**bot(mock), "filter": {**period, "inputMode": "Text"}}
    return {
        "testSetName": f"said-{seed}",
        "generationDataSource": {"conversationLogsDataSource": source},
        "storageLocation": {"s3BucketName": "tests", "s3Path": "sets"},
        "roleArn": ROLE,
    }


def tested(mock: Mock, seed: int) -> dict[str, Any]:
    """A test set, and the alias to hold it against."""
    known = ask(mock, "lexv2-models.ListTestSets")["testSets"]
    if not known:
        mock.s3["tests/given.csv"] = CSV
        what = {
            "testSetName": "given",
            "roleArn": ROLE,
            "storageLocation": {"s3BucketName": "tests", "s3Path": "sets"},
            "importInputLocation": {"s3BucketName": "tests", "s3Path": "given.csv"},
            "modality": "Text",
        }
        ask(
            mock,
            "lexv2-models.StartImport",
            importId=uploaded(mock, b""),
            resourceSpecification={"testSetImportResourceSpecification": what},
            mergeStrategy="FailOnConflict",
        )
        mock.clock.advance(minutes=5)
        known = ask(mock, "lexv2-models.ListTestSets")["testSets"]
    return {"testSetId": known[0]["testSetId"], "target": {"botAliasTarget": bot(mock)}}


def executed(mock: Mock, seed: int) -> dict[str, Any]:
    """An execution of the test set."""
    return {**tested(mock, seed), "testExecutionModality": "Text"}


def transcript(*said: str) -> str:
    """A conversation in Lex's format; the customer begins."""
    turns = [
        {"ParticipantId": "CA"[number % 2], "Id": str(number), "Content": words} for number, words in enumerate(said)
    ]
    people = [
        {"ParticipantId": "C", "ParticipantRole": "CUSTOMER"},
        {"ParticipantId": "A", "ParticipantRole": "AGENT"},
    ]
    return json.dumps({"Version": "1.1.0", "Participants": people, "Transcript": turns})


def recommended(mock: Mock, seed: int) -> dict[str, Any]:
    """A recommendation from one transcript."""
    mock.s3["transcripts/one.json"] = transcript("I want to order flowers", "Which?")
    source = {"s3BucketName": "transcripts", "transcriptFormat": "Lex"}
    return {
        "transcriptSourceSetting": {"s3BucketTranscriptSource": source},
        "encryptionSetting": None,
        "botVersion": "DRAFT",
    }
