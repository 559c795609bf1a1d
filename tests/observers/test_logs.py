"""What is logged, and what never is."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiservices.api.model import Shape, load
from aiservices.call import SERVICES, Call, Event, Reply, Stream, tell
from aiservices.errors import DeadlineExceededError, InvalidCallError, TransportError, service_error
from aiservices.observers import JSONFormatter, Logs, TextFormatter
from aiservices.observers.sizes import sizes

META = {"RequestId": "id-1", "AIServices": {"backend": "mock", "attempts": 1}}


class Written:
    """A handler's output in both formats."""

    def __init__(self) -> None:
        self.streams = [io.StringIO(), io.StringIO()]
        self.handlers = [logging.StreamHandler(stream) for stream in self.streams]
        for handler, formatter in zip(self.handlers, (TextFormatter(), JSONFormatter()), strict=True):
            handler.setFormatter(formatter)
        self.logger = logging.getLogger("aiservices")

    def __enter__(self) -> Written:
        for handler in self.handlers:
            self.logger.addHandler(handler)
        self._before = self.logger.level, self.logger.propagate
        self.logger.setLevel(logging.DEBUG)
        self.logger.propagate = False
        return self

    def __exit__(self, *_: object) -> None:
        for handler in self.handlers:
            self.logger.removeHandler(handler)
        level, self.logger.propagate = self._before
        self.logger.setLevel(level)

    @property
    def text(self) -> list[str]:
        return self.streams[0].getvalue().splitlines()

    @property
    def json(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.streams[1].getvalue().splitlines()]


@pytest.fixture
def written() -> Iterator[Written]:
    with Written() as output:
        yield output


def call(name: str = "comprehend.DetectSentiment", tags: dict[str, str] | None = None, **params: Any) -> Call:
    service, operation = name.split(".")
    return Call(service, operation, params, tags=tags or {})


def answered(call: Call, **facts: Any) -> Event:
    values = {
        "seconds": 0.25,
        "attempts": 1,
        "units": {"comprehend.nlp_standard": Decimal(3)},
        "cost": Decimal("0.0003"),
    }
    return Event("call", call, {"ResponseMetadata": META}, None, **{**values, **facts})


def failed(call: Call, error: BaseException) -> Event:
    return Event("call", call, None, error, 0.25, 2, units={}, cost=Decimal(0))


def test_one_line_per_call(written: Written) -> None:
    Logs().see(answered(call(Text="Merci !", LanguageCode="fr", tags={"team": "a"})))
    (line,) = written.text
    assert line.endswith(
        " INFO    comprehend.DetectSentiment: call answered by mock, 0.250 s, 1 attempt, $0.0003, request id-1,"
        " Text 7 characters, LanguageCode fr, team=a"
    )
    (data,) = written.json
    time = data.pop("time")
    assert time.endswith("+00:00")
    assert data == {
        "level": "INFO",
        "logger": "aiservices",
        "message": "call",
        "operation": "comprehend.DetectSentiment",
        "product": "comprehend",
        "backend": "mock",
        "request_id": "id-1",
        "attempts": 1,
        "seconds": 0.25,
        "cost": "0.0003",
        "units": {"comprehend.nlp_standard": "3"},
        "tags": {"team": "a"},
        "request": {"Text": "7 characters", "LanguageCode": "fr"},
    }


def test_an_unpriced_call_says_so(written: Written) -> None:
    Logs().see(answered(call("transcribe.StartTranscriptionJob"), units=None, cost=None))
    assert "unpriced" in written.text[0]
    assert (written.json[0]["cost"], written.json[0]["units"]) == (None, None)


@pytest.mark.parametrize(("hour", "told"), [(Decimal("1.80"), "$1.80"), (None, "an unknown price")])
def test_a_call_that_begins_what_costs_until_it_is_ended_says_so(
    written: Written, hour: Decimal | None, told: str
) -> None:
    facts = {"backend": "aws", "dollars_an_hour": hour, "until": "DeleteEndpoint"}
    reply = {"ResponseMetadata": {"AIServices": facts}}
    event = Event("call", call("comprehend.CreateEndpoint"), reply, None, 0.25, 1, units={}, cost=Decimal("0.03"))
    Logs().see(event)
    assert f"$0.03, from now on {told} an hour until DeleteEndpoint" in written.text[0]
    assert (written.json[0]["dollars_an_hour"], written.json[0]["until"]) == (hour and str(hour), "DeleteEndpoint")


def test_what_is_unpriced_is_shown_with_its_reason(written: Written) -> None:
    reason = {"operation": "kendra.CreateIndex", "product": "kendra", "reason": "Of an edition that has no price."}
    logging.getLogger("aiservices").warning("unpriced", extra=reason)
    assert written.text[0].endswith("WARNING kendra.CreateIndex: unpriced: Of an edition that has no price.")


def throttled(message: str = "slow down") -> Exception:
    return service_error("comprehend", "DetectSentiment", "ThrottlingException", message, request_id="id-2")


def test_a_retry_is_a_warning(written: Written) -> None:
    Logs().see(Event("attempt", call(Text="x"), None, throttled(), 0.1, 1, retry_in=0.5))
    (data,) = written.json
    assert (data["level"], data["message"], data["retry_in"], data["code"], data["request_id"]) == (
        "WARNING",
        "retry",
        0.5,
        "ThrottlingException",
        "id-2",
    )
    assert "retry in 0.500 s after ThrottledError ThrottlingException (400)" in written.text[0]
    assert "slow down" not in written.text[0]


def test_other_attempts_are_for_debugging(written: Written) -> None:
    Logs().see(Event("attempt", call(Text="x"), {"ResponseMetadata": META}, None, 0.1, 1))
    Logs().see(Event("attempt", call(Text="x"), None, throttled(), 0.1, 4))
    assert [(line["level"], line["message"]) for line in written.json] == [("DEBUG", "attempt")] * 2


@pytest.mark.parametrize(
    ("error", "level"),
    [
        (throttled(), "ERROR"),
        (TransportError("connection lost"), "ERROR"),
        (ValueError("odd"), "ERROR"),
        (service_error("polly", "GetLexicon", "LexiconNotFoundException", "none"), "INFO"),
        (service_error("comprehend", "CreateEndpoint", "ResourceInUseException", "there"), "INFO"),
    ],
)
def test_a_failed_call_is_an_error_unless_a_program_asked_whether_it_is_there(
    written: Written, error: Exception, level: str
) -> None:
    Logs().see(failed(call(), error))
    (data,) = written.json
    assert (data["level"], data["message"], data["error"]) == (level, "call failed", type(error).__name__)


def test_messages_are_logged_when_asked_for(written: Written) -> None:
    Logs(messages=True).see(failed(call(), throttled("your text is odd")))
    assert "your text is odd" in written.text[0]
    assert "your text is odd" in written.json[0]["error_message"]


def test_a_program_without_logging_sees_nothing_of_ours() -> None:
    """Python would print the bare messages of warnings: "retry", "call failed"."""
    code = """
from aiservices import AI, errors
try:
    AI(backend="mock").polly.get_lexicon(name="none")
except errors.NotFoundError:
    pass
try:
    AI(backend="mock").comprehend.detect_sentiment(text="", language_code="en")
except errors.BadRequestError:
    print("refused")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("refused\n", "")


def test_no_handler_is_installed_and_nothing_is_made_that_nobody_reads() -> None:
    class Untouchable(dict[str, Any]):
        def items(self) -> Any:
            raise AssertionError("sizes were made")

    before = list(logging.getLogger("aiservices").handlers)
    logs = Logs()
    logger = logging.getLogger("aiservices")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        logs.see(answered(Call("polly", "ListLexicons", Untouchable())))
    finally:
        logger.setLevel(level)
    assert logger.handlers == before


@pytest.mark.parametrize(
    ("name", "params", "told"),
    [
        ("comprehend.BatchDetectSentiment", {"TextList": ["a", "bc"], "LanguageCode": "en"},
         {"TextList": "2 items, 3 characters", "LanguageCode": "en"}),
        ("textract.AnalyzeDocument", {"Document": {"Bytes": b"%PDF"}, "FeatureTypes": ["FORMS", "TABLES"]},
         {"Document": "4 bytes", "FeatureTypes": "FORMS,TABLES"}),
        ("textract.DetectDocumentText", {"Document": {"S3Object": {"Bucket": "b", "Name": "key"}}},
         {"Document": "4 characters"}),
        ("polly.SynthesizeSpeech", {"Text": "Hi", "VoiceId": "Joanna", "SampleRate": "8000", "LexiconNames": []},
         {"Text": "2 characters", "VoiceId": "Joanna", "SampleRate": "4 characters", "LexiconNames": "0 items"}),
        ("comprehend.ListEndpoints", {"MaxResults": 5, "NextToken": None, "Unknown": "secret"}, {"MaxResults": "5"}),
        ("comprehend.DetectSentiment", {"Text": 12345}, {"Text": "int"}),
        ("s3.PutObject", {"Bucket": "b", "Body": b"123", "ContentLength": 3},
         {"Bucket": "1 character", "Body": "3 bytes", "ContentLength": "int"}),
        ("s3.PutObject", {"Body": Stream(b"abc")}, {"Body": "stream"}),
        ("rekognition.DetectFaces", {"Image": {"Bytes": bytearray(1000)}, "Attributes": ["ALL"]},
         {"Image": "1,000 bytes", "Attributes": "ALL"}),
        ("rekognition.DetectFaces", {"Image": {"Bytes": memoryview(bytes(8)).cast("i")}}, {"Image": "8 bytes"}),
    ],
)  # fmt: skip
def test_contents_are_told_by_their_size(name: str, params: dict[str, Any], told: dict[str, str]) -> None:
    assert sizes(call(name, **params)) == told


MARKER = "Zq7\u00e9marker\u2603"
BYTES = b"Zq7bytesmarker"


def marked(shape: Shape, marker: str = MARKER, depth: int = 0) -> Any:
    """A value of a shape with the marker wherever a string or bytes can be, enumerations and keys included."""
    if shape.type == "structure":
        deeper = [] if depth > 4 else shape.members.items()
        return {name: marked(member, marker, depth + 1) for name, member in deeper}
    if shape.type == "list":
        return [] if depth > 4 else [marked(shape.member, marker, depth + 1)] * 2
    if shape.type == "map":
        return {} if depth > 4 else {marker: marked(shape.value, marker, depth + 1)}
    return {"string": marker, "blob": marker.encode() + BYTES, "boolean": True}.get(shape.type, 1)


def never_shown(written: Written, *markers: str) -> None:
    output = "".join(stream.getvalue() for stream in written.streams)
    assert output
    for marker in markers:
        assert marker not in output
        assert json.dumps(marker)[1:-1] not in output
        assert repr(marker)[1:-1] not in output


@pytest.mark.parametrize("service", SERVICES)
def test_no_member_of_any_operation_is_ever_logged(service: str) -> None:
    with Written() as written:
        logs = Logs()
        for operation in load(service).operations.values():
            params = marked(operation.input) if operation.input else {}
            reply: Reply = marked(operation.output) if operation.output else {}
            asked = Call(service, operation.name, params)
            logs.see(answered(asked))
            logs.see(Event("call", asked, {**reply, "ResponseMetadata": META}, None, 0.1, 1, units=None, cost=None))
            error = service_error(
                service, operation.name, "ValidationException", f"Bad: {MARKER}", details={"a": MARKER}
            )
            logs.see(failed(asked, error))
            logs.see(Event("attempt", asked, None, error, 0.1, 1, retry_in=1.0))
        assert len(written.text) == 4 * len(load(service).operations)
        never_shown(written, MARKER, BYTES.decode())


contents = st.recursive(
    st.just("<marker>") | st.just(b"<marker>") | st.integers(0, 5) | st.none() | st.booleans() | st.binary(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["Name", "<marker>"]), inner, max_size=3)
    ),
    max_leaves=8,
)
NAMES = ["comprehend.DetectSentiment", "lexv2-runtime.RecognizeText", "s3.PutObject", "kendra.Query", "polly.Unknown"]


def placed(value: Any, marker: str) -> Any:
    """The value with the marker in its places."""
    if isinstance(value, dict):
        return {placed(key, marker): placed(inner, marker) for key, inner in value.items()}
    if isinstance(value, list):
        return [placed(inner, marker) for inner in value]
    if value == "<marker>":
        return marker
    return marker.encode() if value == b"<marker>" else value


@given(
    st.sampled_from(NAMES),
    st.dictionaries(st.sampled_from(["Text", "Body", "LanguageCode", "QueryText", "text", "botId"]), contents),
    contents,
    st.text("abcXYZé☃🙂\n\x1b'\"\\", min_size=1, max_size=12),
    st.sampled_from([TransportError, InvalidCallError, DeadlineExceededError, ValueError, RuntimeError]),
)
def test_a_marker_never_shows(
    name: str, params: dict[str, Any], reply: Any, random: str, kind: type[Exception]
) -> None:
    marker = f"Zq7{random}Zq7"
    asked = call(name, **placed(params, marker))
    error = kind(f"it went wrong with {marker}")
    error.__cause__ = ValueError(marker)
    with Written() as written:
        logs = Logs()
        logs.see(answered(asked))
        logs.see(Event("call", asked, {"Member": placed(reply, marker)}, None, 0.1, 1))
        logs.see(failed(asked, error))
        logs.see(Event("attempt", asked, None, error, 0.1, 1, retry_in=0.1))
        assert len(written.text) == len(written.json) == 4
        never_shown(written, marker)


def test_a_failing_observer_is_logged_without_its_message(written: Written) -> None:
    class Broken:
        def see(self, event: Event) -> None:
            raise ValueError(f"cannot see {MARKER}")

    tell([Broken()], answered(call(Text=MARKER)))
    never_shown(written, MARKER)
    assert "observer failed: Broken, ValueError at " in written.text[0]
    assert (written.json[0]["error"], written.json[0]["observer"]) == ("ValueError", "Broken")
    assert written.json[0]["raised_at"].endswith(" see")


def test_a_line_stays_one_line(written: Written) -> None:
    Logs().see(answered(call(Text="x", tags={"team": "a\nERROR forged\u2028\x1b[31m"})))
    assert len(written.streams[0].getvalue().split("\n")) == 2
    assert r"team=a\nERROR forged\u2028\x1b[31m" in written.text[0]
    assert written.json[0]["tags"] == {"team": "a\nERROR forged\u2028\x1b[31m"}


def test_the_formatters_can_format_records_of_others() -> None:
    record = logging.LogRecord("boto3", logging.INFO, "f.py", 1, "made %s", ("a client",), None)
    record.where = "here"
    assert TextFormatter().format(record).endswith(" INFO    made a client")
    data = json.loads(JSONFormatter().format(record))
    assert (data["logger"], data["message"], data["where"]) == ("boto3", "made a client", "here")
    try:
        raise KeyError("their key")
    except KeyError as error:
        record.exc_info = (KeyError, error, error.__traceback__)
    assert "their key" in TextFormatter().format(record)
    assert "their key" in json.loads(JSONFormatter().format(record))["exception"]
