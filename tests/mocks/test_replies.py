"""For generated valid input every answered operation's reply fits the model; what is refused changes nothing."""

from __future__ import annotations

import pytest
from aiservices_mocks.backend import Mock
from aiservices_mocks.examples import example
from aiservices_mocks.replies import check_reply
from hypothesis import given, settings
from hypothesis import strategies as st

from aiservices.api.model import Operation, load
from aiservices.call import SERVICES, Call
from aiservices.errors import InvalidCallError, MissingExtraError, NotMockedError, ServiceError
from tests.mocks.breaking import breaks
from tests.mocks.lived_in import INPUTS, LETTER, PLACE, PLS, LivedIn
from tests.mocks.test_handlers import ANSWERED, KINDS, name_of
from tests.mocks.worlds import ask

COMPUTED = [one for one in ANSWERED if getattr(KINDS[one.service.name], one.python_name).fidelity == "computed"]


@pytest.mark.parametrize("name", INPUTS)
@settings(max_examples=15)
@given(data=st.data())
def test_every_reply_to_valid_input_fits_the_model(name: str, data: st.DataObject) -> None:
    world = LivedIn()
    request = data.draw(INPUTS[name](world))
    service, _, operation = name.partition(".")
    reply = ask(world.mock, name, **request)
    assert check_reply(load(service).operation(operation), reply) == []


@pytest.mark.parametrize("operation", COMPUTED, ids=name_of)
def test_every_computed_answer_is_asked_for_with_input_that_it_answers(operation: Operation) -> None:
    """Else the test above, or its twin over the model's own examples, could not fail for it."""
    if name_of(operation) in INPUTS:
        return
    mock = Mock(seed=5)
    for seed, optional in ((0, True), (1, False), (2, True)):
        try:
            mock.send(Call(operation.service.name, operation.name, example(operation.input, seed, optional)))
        except MissingExtraError as missing:
            pytest.skip(str(missing))  # an engine's package that is not installed here
        except (ServiceError, NotMockedError):
            continue
        return
    pytest.fail(
        f"no example of the model is answered: give {name_of(operation)} valid input in tests/mocks/lived_in.py"
    )


@pytest.mark.parametrize("service", [name for name in SERVICES if name in KINDS])
def test_a_broken_constraint_changes_no_state(service: str) -> None:
    world, seen = LivedIn(), set[str]()
    before, ids, count = world.state(), repr(world.mock.world._ids), 0
    code = "BadRequestException" if service == "transcribe" else "ValidationException"
    for operation in load(service).operations.values():
        valid = example(operation.input, 2) if operation.input else {}
        for broken in breaks(operation, valid, seen):
            with pytest.raises(ServiceError) as caught:
                world.mock.send(Call(service, operation.name, broken.request))
            assert caught.value.code == code
            count += 1
    assert count
    assert world.state() == before
    assert repr(world.mock.world._ids) == ids, "what follows gets the ids it would have got"


REAL = {
    "polly.PutLexicon": {"Name": "three", "Content": PLS},
    "polly.DeleteLexicon": {"Name": "one"},
    "textract.StartDocumentTextDetection": {"DocumentLocation": PLACE},
    "textract.StartDocumentAnalysis": {"DocumentLocation": PLACE, "FeatureTypes": ["TABLES"]},
}


@pytest.mark.parametrize("name", REAL)
def test_what_would_change_the_state_does_not_with_one_constraint_broken(name: str) -> None:
    world = LivedIn()
    before = world.state()
    service, _, operation = name.partition(".")
    tried = list(breaks(load(service).operation(operation), REAL[name]))
    for broken in tried:
        with pytest.raises(ServiceError, match="validation error"):
            ask(world.mock, name, **broken.request)
    assert tried
    assert world.state() == before
    ask(world.mock, name, **REAL[name])
    assert world.state() != before, "whole it does"


@pytest.mark.parametrize("operation", ANSWERED, ids=name_of)
def test_an_error_of_the_service_changes_no_state(operation: Operation) -> None:
    world = LivedIn()
    for seed, optional in ((0, True), (1, False), (2, True)):
        before = world.state()
        params = example(operation.input, seed, optional) if operation.input else {}
        try:
            world.mock.send(Call(operation.service.name, operation.name, params))
        except (ServiceError, NotMockedError):
            assert world.state() == before
        except MissingExtraError as missing:
            pytest.skip(str(missing))  # an engine's package that is not installed here


MISSING = {"S3Object": {"Bucket": "docs", "Name": "nothing.pdf"}}
REFUSED = [
    ("polly.PutLexicon", {"Name": "three", "Content": "<lexicon/>"}),
    ("polly.PutLexicon", {"Name": "one", "Content": "no lexicon"}),
    ("polly.DeleteLexicon", {"Name": "none"}),
    ("textract.StartDocumentTextDetection", {"DocumentLocation": MISSING, "ClientRequestToken": "new"}),
    (
        "textract.StartDocumentTextDetection",
        {"DocumentLocation": PLACE, "ClientRequestToken": "new", "OutputConfig": {"S3Bucket": "no-bucket"}},
    ),
    (
        "textract.StartDocumentAnalysis",
        {"DocumentLocation": PLACE, "FeatureTypes": ["TABLES"], "ClientRequestToken": "begun"},
    ),
    ("s3.PutObject", {"Bucket": "none", "Key": "k", "Body": b""}),
    ("s3.PutObject", {"Bucket": "docs", "Key": "letter.pdf", "Body": b"", "IfNoneMatch": "*"}),
    ("s3.PutObject", {"Bucket": "docs", "Key": "letter.pdf", "Body": b"", "IfMatch": '"other"'}),
    ("s3.CreateBucket", {"Bucket": "Not_a_bucket"}),
    ("s3.DeleteBucket", {"Bucket": "docs"}),
    ("s3.DeleteObjects", {"Bucket": "docs", "Delete": {"Objects": []}}),
    ("s3.DeleteObjects", {"Bucket": "docs", "Delete": {"Objects": [{"Key": "letter.pdf"}] * 1001}}),
    ("s3.CopyObject", {"Bucket": "docs", "Key": "letter.pdf", "CopySource": "docs/nothing"}),
    ("s3.CreateMultipartUpload", {"Bucket": "none", "Key": "k"}),
    ("s3.UploadPart", {"Bucket": "docs", "Key": "big", "UploadId": "UPLOAD", "PartNumber": 0, "Body": b"x"}),
    ("s3.UploadPart", {"Bucket": "docs", "Key": "other", "UploadId": "UPLOAD", "PartNumber": 1, "Body": b"x"}),
    (
        "s3.UploadPartCopy",
        {"Bucket": "docs", "Key": "big", "UploadId": "UPLOAD", "PartNumber": 1, "CopySource": "docs/nothing"},
    ),
    (
        "s3.CompleteMultipartUpload",
        {
            "Bucket": "docs",
            "Key": "big",
            "UploadId": "UPLOAD",
            "MultipartUpload": {"Parts": [{"PartNumber": 1, "ETag": '"other"'}]},
        },
    ),
    ("s3.AbortMultipartUpload", {"Bucket": "docs", "Key": "big", "UploadId": "none"}),
]


@pytest.mark.parametrize(("name", "params"), REFUSED)
def test_what_the_service_refuses_changes_no_state(name: str, params: dict[str, object]) -> None:
    world = LivedIn()
    before = world.state()
    given = {member: world.upload if value == "UPLOAD" else value for member, value in params.items()}
    with pytest.raises(ServiceError):
        ask(world.mock, name, **given)
    assert world.state() == before


def test_what_s3_needs_and_does_not_get_changes_no_state() -> None:
    world = LivedIn()
    before = world.state()
    for operation in ("PutObject", "CopyObject", "DeleteObject", "UploadPart", "CompleteMultipartUpload"):
        with pytest.raises(InvalidCallError, match="needs"):
            ask(world.mock, f"s3.{operation}", Bucket="docs", Body=LETTER)
    assert world.state() == before
