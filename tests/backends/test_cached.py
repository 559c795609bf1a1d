"""Answers that were given before: exact, across processes, and only where the request alone decides."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from aiservices_mocks import Clock
from hypothesis import given, settings
from hypothesis import strategies as st

from aiservices.api.model import load
from aiservices.backends import Cache, Cached
from aiservices.backends.pure import PURE
from aiservices.call import Call, Reply, Stream, note
from aiservices.errors import InvalidCallError, service_error

READ = Call("comprehend", "DetectSentiment", {"Text": "hi", "LanguageCode": "en"})
SPEECH = Call("polly", "SynthesizeSpeech", {"Text": "hi", "VoiceId": "Joanna", "OutputFormat": "mp3"})
PICTURE = Call("rekognition", "DetectLabels", {"Image": {"Bytes": b"\x89PNG"}})


class Counting:
    """Counts its calls in its answers."""

    def __init__(self, name: str = "one") -> None:
        self.name = name
        self.calls = 0

    def __repr__(self) -> str:
        return f"<Counting {self.name}>"

    def send(self, call: Call) -> Reply:
        self.calls += 1
        if call.params.get("Text") == "fail":
            raise service_error(call.service, call.operation, "InternalServerException", "no", status=500)
        reply: Reply = {"Number": self.calls, "Share": 0.1 + 0.2, "ResponseMetadata": {"RequestId": f"r{self.calls}"}}
        if call.operation == "SynthesizeSpeech":
            reply["AudioStream"] = Stream(bytes([self.calls]) * 10)
        if call.operation == "DetectLabels":
            reply["Picture"] = b"\x00\xff"
        return note(reply, backend="counting", engine="e", attempts=2, cost=None)


@pytest.fixture(params=["memory", "file"])
def cache(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    made = Cache(tmp_path / "answers.sqlite" if request.param == "file" else None)
    yield made
    made.close()


def test_a_second_call_is_answered_with_the_same_and_says_so(cache: Cache) -> None:
    backend = Counting()
    cached = Cached(backend, cache)
    first, second = cached.send(READ), cached.send(READ)
    facts = second["ResponseMetadata"].pop("AIServices")
    assert first["ResponseMetadata"].pop("AIServices")["attempts"] == 2
    assert first == second
    assert facts == {"backend": "counting", "engine": "e", "cached": True, "attempts": 0}
    assert backend.calls == 1


def test_streams_and_bytes_come_whole_each_time(cache: Cache) -> None:
    cached = Cached(Counting(), cache)
    assert [cached.send(SPEECH)["AudioStream"].read() for _ in range(3)] == [b"\x01" * 10] * 3
    assert [cached.send(PICTURE)["Picture"] for _ in range(2)] == [b"\x00\xff"] * 2


@pytest.mark.parametrize(
    "other",
    [
        Call("comprehend", "DetectSentiment", {"Text": "hi ", "LanguageCode": "en"}),
        Call("comprehend", "DetectSyntax", {"Text": "hi", "LanguageCode": "en"}),
        Call("rekognition", "DetectLabels", {"Image": {"Bytes": b"\x89PNH"}}),
    ],
)
def test_another_request_has_another_answer(cache: Cache, other: Call) -> None:
    cached = Cached(Counting(), cache)
    answers = [cached.send(call)["Number"] for call in (READ, PICTURE, other)]
    assert answers == [1, 2, 3]


def test_the_order_of_parameters_and_the_tags_do_not_matter(cache: Cache) -> None:
    cached = Cached(Counting(), cache)
    again = Call("comprehend", "DetectSentiment", {"LanguageCode": "en", "Text": "hi"}, key="u", tags={"team": "a"})
    assert cached.send(READ)["Number"] == cached.send(again)["Number"]


def test_backends_have_answers_of_their_own(cache: Cache) -> None:
    one, two = Counting("one"), Counting("two")
    Cached(one, cache).send(READ)
    Cached(two, cache).send(READ)
    assert (one.calls, two.calls) == (1, 1)


@pytest.mark.parametrize(
    "call",
    [
        Call("comprehend", "StartSentimentDetectionJob", {}),
        Call("comprehend", "ListEndpoints", {}),
        Call("textract", "DetectDocumentText", {"Document": {"S3Object": {"Bucket": "b", "Name": "n"}}}),
        Call("textract", "AnalyzeID", {"DocumentPages": [{"S3Object": {"Bucket": "b", "Name": "n"}}]}),
        Call("polly", "SynthesizeSpeech", {"Text": "hi", "LexiconNames": ["mine"]}),
        Call("translate", "TranslateText", {"Text": "hi", "TerminologyNames": ["mine"]}),
        Call("rekognition", "DetectLabels", {"Image": {"Bytes": open}}),
    ],
)
def test_what_depends_on_more_than_the_request_is_asked_each_time(cache: Cache, call: Call) -> None:
    backend = Counting()
    cached = Cached(backend, cache)
    cached.send(call)
    cached.send(call)
    assert backend.calls == 2


def test_an_empty_list_of_what_stands_elsewhere_is_none_of_it(cache: Cache) -> None:
    backend = Counting()
    for _ in range(2):
        Cached(backend, cache).send(Call("translate", "TranslateText", {"Text": "hi", "TerminologyNames": []}))
    assert backend.calls == 1


def test_errors_are_never_kept(cache: Cache) -> None:
    backend = Counting()
    for _ in range(2):
        with pytest.raises(Exception, match="InternalServerException"):
            Cached(backend, cache).send(Call("comprehend", "DetectSentiment", {"Text": "fail", "LanguageCode": "en"}))
    assert backend.calls == 2


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_an_answer_holds_its_time(kind: str, tmp_path: Path) -> None:
    clock = Clock.manual()
    cached = Cached(Counting(), Cache(tmp_path / "a" if kind == "file" else None, seconds=60, clock=clock))
    numbers = []
    for wait in (0, 60, 1, 61):
        clock.advance(seconds=wait)
        numbers.append(cached.send(READ)["Number"])
    assert numbers == [1, 1, 2, 3]
    cached.cache.close()


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_it_stays_about_as_large_as_told(kind: str, tmp_path: Path) -> None:
    clock = Clock.manual()
    cache = Cache(tmp_path / "a" if kind == "file" else None, size=20_000, clock=clock)
    cached = Cached(backend := Counting(), cache)
    calls = [Call("comprehend", "DetectSentiment", {"Text": str(n), "LanguageCode": "en"}) for n in range(401)]
    for call in calls:
        clock.advance(seconds=1)
        cached.send(call)
    for call in calls[-50:]:
        cached.send(call)
    assert backend.calls == 401  # the last ones are there
    for call in calls[:50]:
        cached.send(call)
    assert backend.calls == 451  # the first ones are not
    cache.close()


def test_in_memory_what_was_asked_for_lately_stays() -> None:
    cache = Cache(size=1_000)
    cached = Cached(backend := Counting(), cache)
    for number in range(50):
        cached.send(READ)
        cached.send(Call("comprehend", "DetectSentiment", {"Text": str(number), "LanguageCode": "en"}))
    assert backend.calls == 51


class Echo:
    """Answers the same to the same."""

    def __init__(self) -> None:
        self.calls = 0

    def __repr__(self) -> str:
        return "<Echo>"

    def send(self, call: Call) -> Reply:
        self.calls += 1
        return {"Said": call.params["Text"][::-1]}


def ask(path: Path | str) -> tuple[list[str], int]:
    """What a process is answered to each of forty requests, twice, and how often its backend was asked."""
    cache, backend = Cache(path), Echo()
    cached = Cached(backend, cache)
    calls = [Call("comprehend", "DetectSentiment", {"Text": f"text {n}", "LanguageCode": "en"}) for n in range(40)] * 2
    answers = [cached.send(call)["Said"] for call in calls]
    cache.close()
    return answers, backend.calls


def test_processes_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    program = "import sys; from tests.backends.test_cached import ask, json; print(json.dumps(ask(sys.argv[1])))"
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    expected = [f"text {n}"[::-1] for n in range(40)] * 2
    for one in running:
        answers, asked = json.loads(one.communicate(timeout=60)[0])
        assert (one.returncode, answers) == (0, expected)
        assert asked <= 40
    assert ask(path) == (expected, 0)


def test_a_file_that_is_no_cache_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, and longer than the header that one would have" * 20)
    with pytest.raises(InvalidCallError, match=r"notes\.txt.*another path"):
        Cache(path)
    assert path.read_text().startswith("not a database")
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as file:
        file.execute("CREATE TABLE answer (something TEXT)")
    file.close()
    with pytest.raises(InvalidCallError, match="no cache"):
        Cache(other)


def test_a_file_that_fails_later_is_logged_and_the_call_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache = Cache(tmp_path / "answers.sqlite")
    cache.close()
    assert Cached(Counting(), cache).send(READ)["Number"] == 1
    assert [record.getMessage() for record in caplog.records] == ["cache failed"] * len(caplog.records)
    assert caplog.records


@pytest.mark.parametrize("seconds", [0, -1, "60"])
def test_a_time_that_is_none_is_refused(seconds: Any) -> None:
    with pytest.raises(InvalidCallError, match="seconds"):
        Cache(seconds=seconds)


def test_only_pure_reads_can_be_chosen_and_only_the_chosen_are_kept(cache: Cache) -> None:
    with pytest.raises(InvalidCallError, match=r"StartTranscriptionJob"):
        Cache(operations=["transcribe.StartTranscriptionJob"])
    with pytest.raises(InvalidCallError, match="did you mean"):
        Cache(operations="comprehend.DetectSentimnt")
    backend = Counting()
    cached = Cached(backend, Cache(operations=["comprehend.DetectSyntax"]))
    for _ in range(2):
        cached.send(READ)
    assert backend.calls == 2


def test_the_pure_operations_are_in_the_model() -> None:
    for name in PURE:
        service, _, operation = name.partition(".")
        assert operation in load(service).operations


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text().filter(lambda name: not name.startswith("$")), inner),
)


@settings(max_examples=40)
@given(st.dictionaries(st.text(min_size=1).filter(lambda name: not name.startswith("$")), JSON))
def test_a_reply_comes_back_as_it_was(reply: dict[str, Any]) -> None:
    class Says:
        def send(self, call: Call) -> Reply:
            return json.loads(json.dumps({})) | reply

    cached = Cached(Says(), Cache())
    first, second = cached.send(READ), cached.send(READ)
    first.pop("ResponseMetadata", None)
    second.pop("ResponseMetadata", None)
    assert second == first
