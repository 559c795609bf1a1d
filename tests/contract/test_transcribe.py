"""What Transcribe keeps, on every backend of the rig."""

from __future__ import annotations

from typing import Any

import pytest
from aiservices_mocks import Mock
from aiservices_mocks.places import place

from aiservices.errors import BadRequestError, ConflictError, NotFoundError

ROLE = "arn:aws:iam::123456789012:role/reader"


def vocabulary(ai: Any, name: str, **members: Any) -> Any:
    return ai.transcribe.create_vocabulary(
        vocabulary_name=name, language_code="en-US", phrases=["serverless", "Textract"], **members
    )


def test_a_vocabulary_becomes_ready_and_is_found(ai: Any) -> None:
    assert vocabulary(ai, "tech").vocabulary_state == "PENDING"
    assert ai.transcribe.get_vocabulary(vocabulary_name="tech").vocabulary_state == "READY"
    with pytest.raises(ConflictError):
        vocabulary(ai, "tech")


def test_lists_are_filtered_and_paged(ai: Any) -> None:
    for number in range(5):
        vocabulary(ai, f"{'tech' if number % 2 else 'food'}-{number}")
    found = ai.transcribe.list_vocabularies(name_contains="FOOD")
    assert [one.vocabulary_name for one in found.vocabularies] == ["food-0", "food-2", "food-4"]
    first = ai.transcribe.list_vocabularies(max_results=3)
    rest = ai.transcribe.list_vocabularies(max_results=3, next_token=first.next_token)
    assert [len(page.vocabularies) for page in (first, rest)] == [3, 2]
    assert len(list(ai.pages(ai.transcribe.list_vocabularies, max_results=2))) == 5


def test_an_update_is_shown_and_what_is_deleted_is_missed(ai: Any) -> None:
    vocabulary(ai, "tech")
    ai.transcribe.update_vocabulary(vocabulary_name="tech", language_code="en-GB", phrases=["lorry"])
    assert ai.transcribe.get_vocabulary(vocabulary_name="tech").language_code == "en-GB"
    ai.transcribe.delete_vocabulary(vocabulary_name="tech")
    with pytest.raises(NotFoundError):
        ai.transcribe.get_vocabulary(vocabulary_name="tech")


def test_tags_are_kept_by_arn(ai: Any) -> None:
    vocabulary(ai, "tech", tags=[{"Key": "team", "Value": "a"}])
    arn = "arn:aws:transcribe:us-east-1:123456789012:vocabulary/tech"
    ai.transcribe.tag_resource(resource_arn=arn, tags=[{"Key": "stage", "Value": "test"}])
    ai.transcribe.untag_resource(resource_arn=arn, tag_keys=["team"])
    tags = ai.transcribe.list_tags_for_resource(resource_arn=arn).tags
    assert [(tag.key, tag.value) for tag in tags] == [("stage", "test")]


def test_a_language_model_is_described_in_its_wrapper(ai: Any, mock: Mock) -> None:
    mock.s3["texts/in/a.txt"] = "what people say on the phone"
    ai.transcribe.create_language_model(
        model_name="calls",
        language_code="en-US",
        base_model_name="NarrowBand",
        input_data_config={"S3Uri": "s3://texts/in/", "DataAccessRoleArn": ROLE},
    )
    model = ai.transcribe.describe_language_model(model_name="calls").language_model
    assert (model.model_name, model.model_status) == ("calls", "COMPLETED")


def test_a_language_model_without_texts_fails(ai: Any, mock: Mock) -> None:
    mock.s3["texts/in/a.txt"] = " "
    mock.s3["texts/good/a.txt"] = "what people say"
    configs = [
        {"S3Uri": "s3://texts/in/"},
        {"S3Uri": "s3://texts/good/", "TuningDataS3Uri": "s3://texts/none/"},
        {"S3Uri": "s3://nobody-has-this/in/"},
    ]
    for number, config in enumerate(configs):
        ai.transcribe.create_language_model(
            model_name=f"calls-{number}",
            language_code="en-US",
            base_model_name="WideBand",
            input_data_config={**config, "DataAccessRoleArn": ROLE},
        )
    models = [ai.transcribe.describe_language_model(model_name=f"calls-{n}").language_model for n in range(3)]
    assert [model.model_status for model in models] == ["FAILED"] * 3
    reasons = [model.failure_reason for model in models]
    assert "no text under the S3Uri" in reasons[0]
    assert "no text under the TuningDataS3Uri" in reasons[1]
    assert "can't be accessed" in reasons[2]


def read(mock: Mock, uri: str) -> bytes:
    where = place(uri)
    assert where is not None
    return mock.s3.get(*where)


def test_what_a_vocabulary_is_made_of_can_be_read_again(ai: Any, mock: Mock) -> None:
    vocabulary(ai, "tech")
    assert read(mock, ai.transcribe.get_vocabulary(vocabulary_name="tech").download_uri) == b"serverless\nTextract"
    mock.s3["texts/words.txt"] = "Phrase\tSoundsLike\nAachen\t\n"
    uri = "s3://texts/words.txt"
    ai.transcribe.update_vocabulary(vocabulary_name="tech", language_code="en-US", vocabulary_file_uri=uri)
    found = ai.transcribe.get_vocabulary(vocabulary_name="tech")
    assert (found.vocabulary_state, read(mock, found.download_uri)) == ("READY", b"Phrase\tSoundsLike\nAachen\t")
    ai.transcribe.create_medical_vocabulary(vocabulary_name="ward", language_code="en-US", vocabulary_file_uri=uri)
    assert ai.transcribe.get_medical_vocabulary(vocabulary_name="ward").download_uri
    ai.transcribe.create_vocabulary_filter(vocabulary_filter_name="rude", language_code="en-US", words=["a", "b"])
    assert read(mock, ai.transcribe.get_vocabulary_filter(vocabulary_filter_name="rude").download_uri) == b"a\nb"
    ai.transcribe.update_vocabulary_filter(vocabulary_filter_name="rude", vocabulary_filter_file_uri=uri)
    assert b"Aachen" in read(mock, ai.transcribe.get_vocabulary_filter(vocabulary_filter_name="rude").download_uri)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (None, "can't be accessed"),
        (b"\xff\xfe", "UTF-8"),
        (b"\n \n", "any entries"),
        (b"word\n" * 12000, "at most 51200"),
    ],
)
def test_a_file_that_is_no_vocabulary_fails_it(ai: Any, mock: Mock, data: bytes | None, reason: str) -> None:
    mock.s3["texts/other.txt"] = b"other"
    if data is not None:
        mock.s3["texts/words.txt"] = data
    uri = "s3://texts/words.txt"
    ai.transcribe.create_vocabulary(vocabulary_name="tech", language_code="en-US", vocabulary_file_uri=uri)
    found = ai.transcribe.get_vocabulary(vocabulary_name="tech")
    assert (found.vocabulary_state, found.download_uri) == ("FAILED", None)
    assert reason in found.failure_reason


def test_what_was_read_stays_when_the_file_goes(ai: Any, mock: Mock) -> None:
    mock.s3["texts/words.txt"] = "serverless\n"
    uri = "s3://texts/words.txt"
    ai.transcribe.create_vocabulary(vocabulary_name="tech", language_code="en-US", vocabulary_file_uri=uri)
    assert ai.transcribe.get_vocabulary(vocabulary_name="tech").vocabulary_state == "READY"
    made = {"vocabulary_filter_name": "rude", "language_code": "en-US"}
    ai.transcribe.create_vocabulary_filter(**made, vocabulary_filter_file_uri=uri)
    del mock.s3["texts/words.txt"]
    filtered = ai.transcribe.get_vocabulary_filter(vocabulary_filter_name="rude")
    for found in (ai.transcribe.get_vocabulary(vocabulary_name="tech"), filtered):
        assert read(mock, found.download_uri) == b"serverless"
    change = ai.transcribe.update_vocabulary_filter
    with pytest.raises(BadRequestError, match="can't be accessed"):
        change(vocabulary_filter_name="rude", vocabulary_filter_file_uri=uri)
    mock.s3["texts/words.txt"] = b"\xff\xfe"
    with pytest.raises(BadRequestError, match="UTF-8"):
        change(vocabulary_filter_name="rude", vocabulary_filter_file_uri=uri)
    assert ai.transcribe.get_vocabulary_filter(vocabulary_filter_name="rude").download_uri


def test_a_vocabulary_has_one_source(ai: Any) -> None:
    for more in ({}, {"phrases": ["a"], "vocabulary_file_uri": "s3://texts/words.txt"}):
        with pytest.raises(BadRequestError, match="Either Phrases or VocabularyFileUri"):
            ai.transcribe.create_vocabulary(vocabulary_name="tech", language_code="en-US", **more)
    with pytest.raises(BadRequestError, match="Either Words or VocabularyFilterFileUri"):
        ai.transcribe.create_vocabulary_filter(vocabulary_filter_name="rude", language_code="en-US")
