"""Translate's batches: the folders they read and write, their states and their lists."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from aiservices_mocks import Clock, Mock

from aiservices import AI
from aiservices.errors import BadRequestError, NotFoundError, NotMockedError, ServiceError

ROLE = "arn:aws:iam::123456789012:role/reader"


@pytest.fixture(autouse=True)
def _files(mock: Mock) -> None:
    fill(mock)


def fill(mock: Mock) -> None:
    mock.s3["docs/in/a.txt"] = "Hello cart\nGoodbye"
    mock.s3["docs/in/more/b.txt"] = "Hello 42"
    mock.s3["docs/in/"] = b""
    mock.s3["docs/input/c.txt"] = "Not in the folder"
    mock.s3.make_bucket("results")


def start(ai: Any, token: str = "one", **members: Any) -> Any:
    given: dict[str, Any] = {
        "input_data_config": {"S3Uri": "s3://docs/in", "ContentType": "text/plain"},
        "output_data_config": {"S3Uri": "s3://results/out/"},
        "data_access_role_arn": ROLE,
        "source_language_code": "en",
        "target_language_codes": ["fr"],
    }
    return ai.translate.start_text_translation_job(client_token=token, **{**given, **members})


def describe(ai: Any, job: Any) -> Any:
    return ai.translate.describe_text_translation_job(job_id=job.job_id).text_translation_job_properties


def code(call: Any, *args: Any, **members: Any) -> str:
    with pytest.raises(ServiceError) as caught:
        call(*args, **members)
    return caught.value.code


def test_a_folder_is_translated_into_the_jobs_folder(ai: Any, mock: Mock) -> None:
    data = {"File": b"en,fr,de\ncart,panier,Korb\n", "Format": "CSV"}
    ai.translate.import_terminology(name="shop", merge_strategy="OVERWRITE", terminology_data=data)
    job = start(ai, target_language_codes=["fr", "de"], terminology_names=["shop"], job_name="night")
    assert job.job_status == "SUBMITTED"
    found = describe(ai, job)
    assert (found.job_status, found.job_name, found.end_time > found.submitted_time) == ("COMPLETED", "night", True)
    counts = found.job_details
    assert (counts.input_documents_count, counts.translated_documents_count) == (2, 2)
    assert counts.documents_with_errors_count == 0
    folder = f"out/123456789012-TranslateText-{job.job_id}/"
    assert found.output_data_config.s3_uri == f"s3://results/{folder}"
    names = ["de.a.txt", "details/de.auxiliary-translation-details.json"]
    names += ["details/fr.auxiliary-translation-details.json", "fr.a.txt", "more/de.b.txt", "more/fr.b.txt"]
    assert mock.s3.keys("results") == [folder + name for name in names]
    first, second = mock.s3[f"results/{folder}fr.a.txt"].decode().split("\n")
    assert first.endswith(" panier")
    assert (first[0].isupper(), second != "Goodbye") == (True, True)
    assert mock.s3[f"results/{folder}more/de.b.txt"].decode().endswith(" 42")
    details = json.loads(mock.s3[f"results/{folder}details/fr.auxiliary-translation-details.json"])
    terms = [{"name": "shop", "terms": [{"sourceText": "cart", "targetText": "panier"}]}]
    assert details.pop("details") == [
        {"sourceFile": "a.txt", "targetFile": "fr.a.txt", "auxiliaryData": {"appliedTerminologies": terms}},
        {
            "sourceFile": "more/b.txt",
            "targetFile": "more/fr.b.txt",
            "auxiliaryData": {"appliedTerminologies": [{"name": "shop", "terms": []}]},
        },
    ]
    assert details == {
        "sourceLanguageCode": "en",
        "targetLanguageCode": "fr",
        "charactersTranslated": str(len("Hello cart\nGoodbye" + "Hello 42")),
        "documentCountWithCustomerError": "0",
        "documentCountWithServerError": "0",
        "inputDataPrefix": "s3://docs/in",
        "outputDataPrefix": f"s3://results/{folder}",
    }


def test_documents_that_are_none_are_errors_of_their_own(ai: Any, mock: Mock) -> None:
    mock.s3["docs/in/bad.txt"] = b"\xff\xfe"
    mock.s3["docs/in/large.txt"] = "a" * 1_000_001
    found = describe(ai, job := start(ai))
    counts = found.job_details
    assert found.job_status == "COMPLETED_WITH_ERROR"
    assert (counts.input_documents_count, counts.documents_with_errors_count) == (4, 2)
    assert counts.translated_documents_count == 2
    path = f"results/out/123456789012-TranslateText-{job.job_id}/details/fr.auxiliary-translation-details.json"
    details = json.loads(mock.s3[path])
    assert details["documentCountWithCustomerError"] == "2"
    errors = {one["sourceFile"]: one["auxiliaryData"]["error"] for one in details["details"] if "targetFile" not in one}
    assert {name: error["errorCode"] for name, error in errors.items()} == {
        "bad.txt": "InvalidRequestException",
        "large.txt": "InvalidRequestException",
    }
    assert "1000001 characters" in errors["large.txt"]["errorMessage"]


def test_every_document_has_a_language_of_its_own(ai: Any, mock: Mock) -> None:
    mock.s3["docs/in/a.txt"] = "Bonjour, comment allez-vous aujourd'hui ?"
    mock.s3["docs/in/more/b.txt"] = "Guten Tag, wie geht es Ihnen heute?"
    job = start(ai, source_language_code="auto", target_language_codes=["fr", "es"])
    found = describe(ai, job)
    assert (found.job_status, found.source_language_code) == ("COMPLETED", "auto")
    folder = f"results/out/123456789012-TranslateText-{job.job_id}/"
    assert mock.s3[f"{folder}fr.a.txt"] == mock.s3["docs/in/a.txt"]
    assert mock.s3[f"{folder}es.a.txt"] != mock.s3["docs/in/a.txt"]
    assert mock.s3[f"{folder}more/fr.b.txt"] != mock.s3["docs/in/more/b.txt"]


def test_a_folder_without_documents_or_a_bucket_that_goes_fails(ai: Any, mock: Mock) -> None:
    config = {"S3Uri": "s3://docs/none/", "ContentType": "text/plain"}
    found = describe(ai, start(ai, input_data_config=config))
    assert (found.job_status, found.message) == ("FAILED", "There are no documents in the input folder.")
    job = start(ai, "two")
    mock.s3.send("DeleteBucket", Bucket="results")
    assert describe(ai, job).message == "The output cannot be written: NoSuchBucket."


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"target_language_codes": ["fr", "xx"]}, "UnsupportedLanguagePairException"),
        ({"source_language_code": "xx"}, "UnsupportedLanguagePairException"),
        ({"source_language_code": "auto", "target_language_codes": ["auto"]}, "UnsupportedLanguagePairException"),
        (
            {"target_language_codes": ["af", "sq", "am", "ar", "hy", "az", "bn", "bs", "bg", "ca", "hr"]},
            "InvalidParameterValueException",
        ),
        ({"terminology_names": ["none"]}, "ResourceNotFoundException"),
        ({"parallel_data_names": ["none"]}, "ResourceNotFoundException"),
        ({"terminology_names": ["a", "b"]}, "InvalidParameterValueException"),
        ({"input_data_config": {"S3Uri": "s3://docs/in/", "ContentType": "text/pdf"}}, "InvalidRequestException"),
        ({"input_data_config": {"S3Uri": "s3://docs", "ContentType": "text/plain"}}, "InvalidRequestException"),
        (
            {"input_data_config": {"S3Uri": "s3://nobody-has/in", "ContentType": "text/plain"}},
            "InvalidRequestException",
        ),
        ({"output_data_config": {"S3Uri": "s3://nobody-has/out"}}, "InvalidRequestException"),
    ],
)
def test_what_cannot_be_done_is_refused_at_once(ai: Any, members: dict[str, Any], expected: str) -> None:
    assert code(start, ai, **members) == expected
    assert ai.translate.list_text_translation_jobs().text_translation_job_properties_list == []


def test_parallel_data_must_be_active() -> None:
    mock = Mock(clock=Clock.manual())
    fill(mock)
    mock.s3["docs/pairs.csv"] = "en,fr\nHello!,Bonjour !\n"
    with AI(backend=mock) as ai:
        config = {"S3Uri": "s3://docs/pairs.csv", "Format": "CSV"}
        ai.translate.create_parallel_data(name="style", parallel_data_config=config, client_token="p")
        assert code(start, ai, parallel_data_names=["style"]) == "InvalidRequestException"
        mock.clock.advance(hours=1)
        job = start(ai, parallel_data_names=["style"])
        assert describe(ai, job).parallel_data_names == ["style"]


def test_the_same_token_is_the_same_job(ai: Any) -> None:
    first = start(ai)
    describe(ai, first)
    assert start(ai).job_id == first.job_id
    assert describe(ai, first).job_details.translated_documents_count == 2
    assert code(start, ai, source_language_code="de") == "InvalidRequestException"
    assert start(ai, "two").job_id != first.job_id


def test_states_follow_the_clock_and_a_job_can_be_stopped() -> None:
    mock = Mock(clock=Clock.manual())
    fill(mock)
    with AI(backend=mock) as ai:
        job, stopped = start(ai), start(ai, "two")
        assert describe(ai, job).job_status == "SUBMITTED"
        assert describe(ai, job).job_details.input_documents_count == 2
        mock.clock.advance(minutes=2)
        assert describe(ai, job).job_status == "IN_PROGRESS"
        assert ai.translate.stop_text_translation_job(job_id=stopped.job_id).job_status == "STOP_REQUESTED"
        mock.clock.advance(hours=1)
        assert [describe(ai, one).job_status for one in (job, stopped)] == ["COMPLETED", "STOPPED"]
        assert all(job.job_id in key for key in mock.s3.keys("results"))
        assert ai.translate.stop_text_translation_job(job_id=job.job_id).job_status == "COMPLETED"
        for operation in (ai.translate.stop_text_translation_job, ai.translate.describe_text_translation_job):
            with pytest.raises(NotFoundError):
                operation(job_id="0" * 32)


def test_strict_mode_begins_no_batch_whose_words_are_made_up() -> None:
    mock = Mock(strict=True)
    fill(mock)
    with AI(backend=mock) as ai, pytest.raises(NotMockedError):
        start(ai)


def test_lists_are_filtered_sorted_and_paged() -> None:
    mock = Mock(clock=Clock.manual())
    fill(mock)
    with AI(backend=mock) as ai:
        ids = []
        for number in range(3):
            ids.append(start(ai, f"t{number}", **({"job_name": "night"} if number else {})).job_id)
            mock.clock.advance(minutes=4)

        def listed(**members: Any) -> list[int]:
            found = ai.translate.list_text_translation_jobs(**members).text_translation_job_properties_list
            return [ids.index(job.job_id) for job in found]

        middle = mock.clock.now() - timedelta(minutes=6)
        assert listed() == [2, 1, 0]
        assert listed(filter={"JobName": "night"}) == [2, 1]
        assert listed(filter={"JobStatus": "COMPLETED"}) == [0]
        assert listed(filter={"JobStatus": "IN_PROGRESS"}) == [2, 1]
        assert listed(filter={"SubmittedAfterTime": middle}) == [2]
        assert listed(filter={"SubmittedBeforeTime": middle}) == [0, 1]
        both = {"JobName": "night", "JobStatus": "COMPLETED"}
        assert code(listed, filter=both) == "InvalidFilterException"
        token = ai.translate.list_text_translation_jobs(max_results=2).next_token
        assert listed(max_results=2, next_token=token) == [0]
        with pytest.raises(BadRequestError) as caught:
            listed(next_token=token, filter={"JobName": "night"})
        assert caught.value.code == "InvalidRequestException"
