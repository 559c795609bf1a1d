"""The check before sending, over all operations: it lets through what is valid and finds what is broken."""

from datetime import UTC, date, datetime
from decimal import Decimal

import numpy
import pytest
from aiservices_mocks.examples import example

from aiservices.api.check import RequestCheck, WrongError, checker, required
from aiservices.api.model import load, snake
from aiservices.api.shapes import parts
from aiservices.call import SERVICES
from aiservices.errors import InvalidCallError

SECRET = "s3cr3t words"


def inputs(service):
    return [operation for operation in load(service).operations.values() if operation.input]


def parameters(operation, **how):
    return {snake(name): value for name, value in example(operation.input, **how).items()}


def in_snake(shape, value):
    """The same value with all members' names in snake case; keys of maps stay."""
    if shape.type == "structure" and not shape.document:
        return {snake(name): in_snake(shape.members[name], item) for name, item in value.items()}
    if shape.type == "list":
        return [in_snake(shape.member, item) for item in value]
    if shape.type == "map":
        return {key: in_snake(shape.value, item) for key, item in value.items()}
    return value


@pytest.mark.parametrize("service", SERVICES)
def test_valid_parameters_pass_in_both_spellings(service):
    for operation in inputs(service):
        for seed in (1, 2):
            value = example(operation.input, seed)
            check = RequestCheck(operation)
            assert check({snake(name): item for name, item in value.items()}) == value
            assert check(in_snake(operation.input, value)) == value


@pytest.mark.parametrize("service", SERVICES)
def test_every_required_parameter_is_missed(service):
    for operation in inputs(service):
        check, valid = RequestCheck(operation), parameters(operation, optional=False)
        for name in required(operation.input):
            with pytest.raises(InvalidCallError) as caught:
                check({other: value for other, value in valid.items() if other != snake(name)})
            assert str(caught.value) == f"{service}.{operation.name} needs {snake(name)}"


@pytest.mark.parametrize("service", SERVICES)
def test_every_required_member_of_every_structure_inside_is_missed(service):
    for shape in structures(service):
        check, valid = checker(shape), example(shape, optional=False)
        assert check(valid) == valid
        for name in required(shape):
            with pytest.raises(WrongError) as caught:
                check({other: value for other, value in valid.items() if other != name})
            assert (caught.value.problem, caught.value.place) == (f"needs {name}", "")


def structures(service):
    """The structures inside what the operations take."""
    found, todo = {}, [member for o in inputs(service) for member in o.input.members.values()]
    while todo:
        shape = todo.pop()
        if shape.name not in found and not shape.document and not shape.eventstream:
            found[shape.name] = shape
            todo += parts(shape)
    return [shape for shape in found.values() if shape.type == "structure"]


@pytest.mark.parametrize("service", SERVICES)
def test_every_wrong_type_and_name_is_found_without_telling_the_value(service):
    for operation in inputs(service):
        check, valid = RequestCheck(operation), parameters(operation)
        for name, shape in operation.input.members.items():
            if shape.document:
                continue
            wrong = object() if shape.type == "timestamp" else [SECRET] if shape.type != "list" else SECRET
            with pytest.raises(InvalidCallError, match=f"{operation.name}: {snake(name)} takes") as caught:
                check({**valid, snake(name): wrong})
            assert SECRET not in str(caught.value)
            with pytest.raises(InvalidCallError, match="has no parameter"):
                check({**valid, snake(name) + "_x": SECRET})


def scalar(kind):
    """The checker of some string, integer ... of a model."""
    return checker(next(s for s in load("rekognition").shapes() if s.type == kind and not s.enum))


@pytest.mark.parametrize(
    ("kind", "given", "sent"),
    [
        ("integer", numpy.int64(3), 3),
        ("float", 1, 1.0),
        ("float", Decimal("0.5"), 0.5),
        ("float", numpy.float32(0.5), 0.5),
        ("blob", bytearray(b"a"), b"a"),
        ("blob", memoryview(b"a"), b"a"),
        ("timestamp", "2026-01-31T12:00:00Z", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("timestamp", date(2026, 1, 31), datetime(2026, 1, 31, tzinfo=UTC)),
        ("timestamp", 0, datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_what_means_the_same_becomes_what_aws_takes(kind, given, sent):
    found = scalar(kind)(given)
    assert found == sent
    assert type(found) is type(sent)


def test_lists_may_be_any_sequence():
    check = RequestCheck(load("comprehend").operations["BatchDetectSentiment"])
    assert check({"text_list": ("a", "b"), "language_code": "en"})["TextList"] == ["a", "b"]


def test_a_stream_passes_as_it_is():
    class File:
        def read(self, amt=None):
            return b""

    file = File()
    check = RequestCheck(load("lexv2-runtime").operations["RecognizeUtterance"])
    valid = parameters(load("lexv2-runtime").operations["RecognizeUtterance"], optional=False)
    assert check({**valid, "input_stream": file})["inputStream"] is file
    with pytest.raises(InvalidCallError, match="input_stream takes bytes"):
        check({**valid, "input_stream": 5})


def test_an_operation_without_input():
    check = RequestCheck(load("lexv2-models").operations["GenerateBotElement"])
    assert check({"intent_id": "i", "bot_id": "b", "bot_version": "1", "locale_id": "en"})
    nothing = next(o for s in SERVICES for o in load(s).operations.values() if o.input is None)
    assert RequestCheck(nothing)({}) == {}
    with pytest.raises(InvalidCallError, match="takes no parameters"):
        RequestCheck(nothing)({"a": 1})
