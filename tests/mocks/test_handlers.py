"""What holds for every handler of every product."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime

import pytest
from aiservices_mocks import Mock
from aiservices_mocks.backend import service_class
from aiservices_mocks.examples import example
from aiservices_mocks.replies import check_reply
from aiservices_mocks.service import keywords

from aiservices.api.model import Operation, load
from aiservices.call import SERVICES, Call, Reply, Stream
from aiservices.errors import MissingExtraError, NotMockedError, ServiceError

KINDS = {name: kind for name in SERVICES if (kind := service_class(name))}
ANSWERED = [
    operation
    for name, kind in KINDS.items()
    for operation in load(name).operations.values()
    if hasattr(kind, operation.python_name)
]
COMMON = {"ValidationException", "AccessDeniedException", "ThrottlingException"}


def name_of(operation: Operation) -> str:
    return f"{operation.service.name}.{operation.name}"


@pytest.mark.parametrize("operation", ANSWERED, ids=name_of)
def test_a_handler_takes_exactly_the_members_of_its_request(operation):
    handler = getattr(KINDS[operation.service.name], operation.python_name)
    assert handler.fidelity in ("computed", "stateful", "schema")
    assert inspect.getdoc(handler)
    parameters = dict(inspect.signature(handler).parameters)
    parameters.pop("self")
    rest = [name for name, parameter in parameters.items() if parameter.kind is parameter.VAR_KEYWORD]
    for name in rest:
        del parameters[name]
    names = keywords(operation.service.name, operation.name)
    assert set(parameters) <= set(names.values())
    assert rest or set(parameters) == set(names.values())
    required = operation.input.required if operation.input else ()
    for member, keyword in names.items():
        if keyword in parameters and member not in required:
            assert parameters[keyword].default is not inspect.Parameter.empty, keyword


@pytest.mark.parametrize("name", KINDS)
def test_every_marked_method_is_an_operation(name):
    marked = [method for method, value in vars(KINDS[name]).items() if hasattr(value, "fidelity")]
    assert marked or KINDS[name].resources
    assert set(marked) <= set(load(name).by_python_name)


def outcome(mock: Mock, call: Call) -> Reply | ServiceError | NotMockedError:
    try:
        return mock.send(call)
    except (ServiceError, NotMockedError) as error:
        return error
    except MissingExtraError as error:
        pytest.skip(str(error))  # an engine's package that is not installed here


@pytest.mark.parametrize("operation", ANSWERED, ids=name_of)
def test_every_reply_fits_the_model_and_every_error_is_a_modelled_one(operation):
    mock = Mock(seed=5)
    for seed, optional in ((0, True), (1, False), (2, True)):
        params = example(operation.input, seed, optional) if operation.input else {}
        found = outcome(mock, Call(operation.service.name, operation.name, params))
        if isinstance(found, ServiceError):
            assert found.code in {*operation.errors, *COMMON}
            assert found.operation == operation.name
        elif not isinstance(found, NotMockedError):  # some features of an operation may be missing
            assert check_reply(operation, found) == []
            assert found["ResponseMetadata"]["AIServices"]["fidelity"] in ("computed", "stateful", "schema")


@pytest.mark.parametrize("operation", ANSWERED, ids=name_of)
def test_the_same_call_in_two_equal_worlds_gets_the_same_answer(operation):
    call = Call(operation.service.name, operation.name, example(operation.input, 1, False) if operation.input else {})
    first, second = (plain(outcome(Mock(seed=3), call)) for _ in range(2))
    assert first == second


def plain(found):
    if isinstance(found, Exception):
        return str(found)
    return {name: value.read() if hasattr(value, "read") else value for name, value in found.items()}


# The check itself


@pytest.mark.parametrize("service", SERVICES)
def test_the_check_passes_what_the_model_allows(service):
    for operation in load(service).operations.values():
        output = operation.output
        reply = streamed(operation, example(output, 0)) if output else {}
        assert check_reply(operation, reply | {"ResponseMetadata": {}}) == [], operation


def streamed(operation, reply):
    shapes = operation.output.members
    return {name: Stream(value) if shapes[name].streaming else value for name, value in reply.items()}


def test_the_check_sees_what_is_wrong():
    def wrong(service, operation, reply, **kwargs):
        return check_reply(load(service).operation(operation), reply, **kwargs)

    assert wrong("polly", "PutLexicon", {"Name": "a"}) == ["Name: the model has no such member of PutLexiconOutput"]
    good = {"Sentiment": "POSITIVE", "SentimentScore": {"Positive": 0.5}}
    assert wrong("comprehend", "DetectSentiment", good) == []
    assert "enum value set" in wrong("comprehend", "DetectSentiment", good | {"Sentiment": "GLAD"})[0]
    assert wrong("comprehend", "DetectSentiment", good | {"Sentiment": "GLAD"}, complete=False) == []
    assert wrong("comprehend", "DetectSentiment", {"SentimentScore": {"Positive": "much"}}) == [
        "SentimentScore.Positive: str instead of float"
    ]
    assert wrong("comprehend", "DetectSentiment", {"SentimentScore": {"Positive": True}}) == [
        "SentimentScore.Positive: bool instead of float"
    ]
    lexicons = {"Lexicons": [{"Name": "not a name", "Attributes": {"LastModified": datetime(2026, 1, 1)}}]}
    assert wrong("polly", "ListLexicons", lexicons) == [
        "Lexicons[0].Name: Member must satisfy regular expression pattern: [0-9A-Za-z]{1,20}",
        "Lexicons[0].Attributes.LastModified: a date without a time zone",
    ]
    lexicons["Lexicons"][0] = {"Name": "a", "Attributes": {"LastModified": datetime(2026, 1, 1, tzinfo=UTC)}}
    assert wrong("polly", "ListLexicons", lexicons) == []
    assert wrong("polly", "SynthesizeSpeech", {"AudioStream": b"x"}) == ["AudioStream: bytes instead of a stream"]
    required = wrong("rekognition", "StartMediaAnalysisJob", {})
    assert required == ["JobId: required, and not there"]
    assert wrong("rekognition", "StartMediaAnalysisJob", {}, complete=False) == []
