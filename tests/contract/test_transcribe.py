"""What Transcribe keeps, on every backend of the rig."""

from __future__ import annotations

from typing import Any

import pytest

from aiservices.errors import ConflictError, NotFoundError


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


def test_a_language_model_is_described_in_its_wrapper(ai: Any) -> None:
    ai.transcribe.create_language_model(
        model_name="calls",
        language_code="en-US",
        base_model_name="NarrowBand",
        input_data_config={"S3Uri": "s3://b/k", "DataAccessRoleArn": "arn:aws:iam::123456789012:role/reader"},
    )
    model = ai.transcribe.describe_language_model(model_name="calls").language_model
    assert (model.model_name, model.model_status) == ("calls", "COMPLETED")
