"""Whatever has a state can be waited for, by its Get or Describe operation."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiservices_mocks import Clock, Mock

from aiservices import AI, AsyncAI
from aiservices.api.model import Operation, Shape, load
from aiservices.api.status import status_path
from aiservices.call import SERVICES
from aiservices.errors import InvalidCallError, JobFailedError, NotFoundError
from aiservices.jobs import Job, outcome
from tests.mocks.lived_in import letter

STATEFUL = [o for service in SERVICES for o in load(service).operations.values() if status_path(o)]
RUNNING = [
    "associating",
    "building",
    "cancelinprogress",
    "copyinginprogress",
    "created",
    "createinprogress",
    "creating",
    "creationinprogress",
    "deleteinprogress",
    "deleting",
    "disassociating",
    "downloading",
    "enabling",
    "evaluating",
    "exporting",
    "generating",
    "importing",
    "inprogress",
    "inprogressinitializing",
    "pending",
    "processing",
    "queued",
    "scheduled",
    "starting",
    "stoprequested",
    "stopping",
    "submitted",
    "systemupdating",
    "training",
    "traininginprogress",
    "updateinprogress",
    "updating",
    "versioning",
    "waiting",
]


def statuses(operation: Operation) -> tuple[str, ...]:
    shape: Shape | None = operation.output
    for name in status_path(operation) or ():
        assert shape is not None
        shape = shape.members[name]
        shape = shape.member if shape.type == "list" else shape
    assert shape is not None
    assert shape.type == "string"
    return shape.enum or ()


@pytest.mark.parametrize("operation", STATEFUL, ids=lambda o: f"{o.service.name}.{o.name}")
def test_every_state_of_the_models_is_known_to_run_or_to_be_an_end(operation: Operation) -> None:
    for status in statuses(operation):
        word = "".join(c for c in status.lower() if c.isalpha())
        assert (outcome(status) == "running") == (word in RUNNING), status


def test_a_resource_is_waited_for_by_its_describe_operation() -> None:
    mock = Mock(clock=Clock.manual())
    with AI(backend=mock) as ai:
        ai.transcribe.create_vocabulary(vocabulary_name="names", language_code="en-US", phrases=["Berlin"])
        job = ai.job(ai.transcribe.get_vocabulary, vocabulary_name="names")
        assert (job.status, job.done, job.id) == ("PENDING", False, "names")
        told: list[str] = []
        reply = job.wait(progress=lambda progress: told.append(progress.status))
        assert (reply.vocabulary_state, reply.vocabulary_name) == ("READY", "names")
        assert told[0] == "PENDING"
        assert told[-1] == "READY"
        assert job.done


def test_it_is_found_again_by_another_client() -> None:
    mock = Mock(clock=Clock.manual())
    with AI(backend=mock) as ai:
        arn = ai.forecast.create_dataset_group(dataset_group_name="shop", domain="RETAIL").dataset_group_arn
    with AI(backend=mock) as other:
        assert other.job(other.forecast.describe_dataset_group, dataset_group_arn=arn).wait().status == "ACTIVE"


def test_a_failure_has_awss_reason() -> None:
    mock = Mock()
    failed = {"Name": "docs", "Id": "x", "Status": "FAILED", "ErrorMessage": "no such role", "Type": "S3"}
    mock.on("kendra.DescribeDataSource").returns(failed)
    with AI(backend=mock) as ai, pytest.raises(JobFailedError, match="FAILED: no such role"):
        ai.job(ai.kendra.describe_data_source, id="x", index_id="a" * 36).wait()


def test_several_reasons_are_all_told() -> None:
    mock = Mock()
    mock.on("lexv2-models.DescribeBotLocale").returns({"botLocaleStatus": "Failed", "failureReasons": ["one", "two"]})
    with AI(backend=mock) as ai, pytest.raises(JobFailedError, match="one; two"):
        ai.job(ai.lex.describe_bot_locale, bot_id="ABCDEFGHIJ", bot_version="DRAFT", locale_id="en_US").wait()


def test_of_a_list_the_one_that_was_asked_for_counts() -> None:
    mock = Mock()
    version: dict[str, Any] = {"modelId": "m", "modelVersionNumber": "1.0", "status": "TRAINING_COMPLETE"}
    rule = mock.on("frauddetector.DescribeModelVersions")
    rule.returns({"modelVersionDetails": [version]}, times=1).returns({"modelVersionDetails": [version, version]})
    with AI(backend=mock) as ai:
        job = ai.job(ai.fraud_detector.describe_model_versions, model_id="m", model_version_number="1.0")
        assert job.wait().model_version_details[0].status == "TRAINING_COMPLETE"
        with pytest.raises(InvalidCallError, match="2 things"):
            job.wait()


def test_an_operation_without_a_state_is_refused_at_once() -> None:
    mock = Mock()
    with AI(backend=mock) as ai:
        for method in (ai.comprehend.detect_sentiment, ai.polly.list_lexicons, ai.textract.read):
            with pytest.raises(InvalidCallError, match=r"as in ai\.job\(ai\."):
                ai.job(method)
        with pytest.raises(InvalidCallError, match="vocabulary_name"):
            ai.job(ai.transcribe.get_vocabulary)
    assert not mock.calls()


def test_what_is_not_there_is_said_when_it_is_asked_for() -> None:
    with AI(backend=Mock()) as ai:
        job = ai.job(ai.kendra.describe_index, id="a" * 36)
        with pytest.raises(NotFoundError):
            job.wait()


def test_coroutines_wait_through_run() -> None:
    async def main() -> str:
        async with AsyncAI(backend=Mock()) as ai:
            await ai.transcribe.create_vocabulary(vocabulary_name="v", language_code="en-US", phrases=["a"])
            job: Job[Any] = ai.job(ai.transcribe.get_vocabulary, vocabulary_name="v")
            return str((await ai.run(job.wait)).vocabulary_state)

    assert asyncio.run(main()) == "READY"


@pytest.mark.parametrize("features", [(), ("TABLES",)])
def test_a_verbs_job_is_found_again_by_its_id(features: tuple[str, ...]) -> None:
    mock = Mock()
    with AI(backend=mock) as ai:
        begun = ai.textract.start(letter("first page", "second page"), features)
    with AI(backend=mock) as other:
        found = other.textract.job(begun.id)
        assert (found.id, found.what) == (begun.id, begun.what)
        assert found.wait().text == "first page\n\nsecond page"
        with pytest.raises(InvalidCallError, match="knows no job"):
            other.textract.job("0" * 64)
