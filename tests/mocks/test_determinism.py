"""The same seed, calls and state give the same bytes: in another process, after other tests, and from any client."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from aiservices_mocks import Mock
from aiservices_mocks.examples import example
from aiservices_mocks.limits import checker

from aiservices import AI
from aiservices.api.model import Operation, load, snake
from aiservices.api.operations import operations_class
from aiservices.backends.retrying import habits_of
from aiservices.call import SERVICES, Call, Reply
from aiservices.caller import Caller
from tests.mocks.lived_in import PLACE, LivedIn

TOKENED = [
    pytest.param(operation, token, id=f"{service}.{operation.name}")
    for service in SERVICES
    for operation in load(service).operations.values()
    if (token := habits_of(service, operation.name).token)
]

EVERYTHING = """
import hashlib
from aiservices.errors import AIServicesError
from aiservices.call import Call
from tests.mocks.lived_in import LivedIn, letter
from tests.mocks.test_handlers import ANSWERED, plain
from aiservices_mocks.examples import example

world = LivedIn(11)
for operation in [one for one in ANSWERED if one.service.name in ("polly", "textract", "comprehend")]:
    for number in (0, 1):
        params = example(operation.input, number, not number) if operation.input else {}
        try:
            found = plain(world.mock.send(Call(operation.service.name, operation.name, params)))
        except AIServicesError as error:
            found = str(error), getattr(error, "request_id", None)
        print(operation.name, hashlib.sha256(repr(found).encode("utf-8", "surrogatepass")).hexdigest())
text = {"Text": "Jane Doe of Berlin loved it; write to jane@example.org.", "LanguageCode": "en"}
for service, operation, params in (
    ("comprehend", "DetectSentiment", text),
    ("comprehend", "DetectEntities", text),
    ("comprehend", "DetectKeyPhrases", text),
    ("comprehend", "DetectPiiEntities", text),
    ("comprehend", "DetectSyntax", text),
    ("polly", "SynthesizeSpeech", {"Text": "Hello W3C.", "OutputFormat": "mp3", "VoiceId": "Joanna", "LexiconNames": ["one"]}),
    ("textract", "DetectDocumentText", {"Document": {"Bytes": letter("one page")}}),
    ("textract", "GetDocumentTextDetection", {"JobId": world.text_job}),
    ("textract", "GetDocumentAnalysis", {"JobId": world.analysis}),
):
    reply = plain(world.mock.send(Call(service, operation, params)))
    print(operation, hashlib.sha256(repr(reply).encode()).hexdigest())
print(world.text_job, world.analysis, list(world.mock.s3))
"""


def test_another_process_with_other_hashes_gives_the_same_bytes() -> None:
    told = []
    for hashes in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": hashes}
        root = Path(__file__).parents[2]
        run = subprocess.run(
            [sys.executable, "-c", EVERYTHING], capture_output=True, text=True, check=True, env=environment, cwd=root
        )
        told.append(run.stdout.splitlines())
    first, second = told
    assert len(first) > 50
    assert first == second


def start(ai: AI, **more: Any) -> str:
    return str(ai.textract.start_document_text_detection(document_location=PLACE, **more).job_id)


def test_clients_of_one_mock_never_give_each_others_tokens() -> None:
    world = LivedIn()
    first, second = AI(backend=world.mock), AI(backend=world.mock)
    world.mock.s3["docs/other.pdf"] = world.mock.s3["docs/letter.pdf"]
    other = {"document_location": {"S3Object": {"Bucket": "docs", "Name": "other.pdf"}}}
    jobs = [start(first), second.textract.start_document_text_detection(**other).job_id, start(first), start(second)]
    assert len(set(jobs)) == 4, "each is a request of its own"
    tokens = [call.params["ClientRequestToken"] for call in world.mock.calls("textract.StartDocumentTextDetection")]
    assert len(set(tokens[1:])) == 4


def test_a_program_that_is_run_again_sends_and_waits_the_same() -> None:
    def run(seed: int) -> tuple[list[Any], Any]:
        world = LivedIn(seed)
        world.mock.on("textract.StartDocumentTextDetection").fails("ThrottlingException", times=2)
        ai = AI(backend=world.mock)
        start(ai)
        start(ai)
        return [(one.call.name, one.params) for one in world.mock.calls()], world.mock.clock.now()

    calls, end = run(7)
    assert (calls, end) == run(7)
    assert run(8) != (calls, end)
    tokens = [params["ClientRequestToken"] for name, params in calls if name.endswith("StartDocumentTextDetection")][1:]
    assert len(tokens) == 4
    assert len(set(tokens)) == 2, "kept across the attempts of one call"


class Asked:
    """A backend that remembers what came."""

    def __init__(self) -> None:
        self.params: list[Any] = []

    def send(self, call: Call) -> Reply:
        self.params.append(call.params)
        return {}


@pytest.mark.parametrize(("operation", "token"), TOKENED)
def test_a_token_that_is_left_out_is_filled_in_even_where_the_model_requires_it(
    operation: Operation, token: str
) -> None:
    assert operation.input is not None
    backend, service = Asked(), operation.service.name
    caller: Caller = AI(backend=backend)._caller(SERVICES[service])
    given = example(operation.input, optional=False)
    given.pop(token, None)
    method = getattr(operations_class(service)(caller), operation.python_name)
    for _ in range(2):
        method(**{snake(name): value for name, value in given.items()})
    one, two = (params.pop(token) for params in backend.params)
    assert one != two
    assert backend.params == [given, given]
    assert checker(service, operation.name)({**given, token: one}), "the service takes it"


def test_a_mock_of_its_own_has_randomness_of_its_own() -> None:
    assert Mock(seed=1).random.random() == Mock(seed=1).random.random() != Mock(seed=2).random.random()
    mock = Mock()
    assert mock.random is mock.random
