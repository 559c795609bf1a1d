"""Comprehend's operations behave the same on every backend of the rig."""

from __future__ import annotations

from typing import Any

import pytest
from aiservices_mocks import Clock, Mock

from aiservices import AI
from aiservices.errors import (
    BadRequestError,
    ConflictError,
    InvalidCallError,
    NotFoundError,
    NotMockedError,
    ServiceError,
)


def test_sentiment_follows_the_text(ai: Any) -> None:
    glad = ai.comprehend.detect_sentiment(text="What a wonderful day!", language_code="en")
    cross = ai.comprehend.detect_sentiment(text="The worst service I ever had.", language_code="en")
    assert (glad.sentiment, cross.sentiment) == ("POSITIVE", "NEGATIVE")
    assert sum(glad.sentiment_score.model_dump().values()) == pytest.approx(1, abs=0.01)


def test_mixed_happens(ai: Any) -> None:
    text = "I love the screen, but the battery is terrible."
    assert ai.comprehend.detect_sentiment(text=text, language_code="en").sentiment == "MIXED"


def test_the_language_follows_the_text(ai: Any) -> None:
    def code(text: str) -> str:
        return str(ai.comprehend.detect_dominant_language(text=text).languages[0].language_code)

    assert code("Il pleut aujourd'hui à Seattle et personne ne s'en plaint.") == "fr"
    assert code("這個週末我們去爬山，天氣很好。") == "zh-TW"


def test_entities_have_types_and_places(ai: Any) -> None:
    text = "👋 Jeff Bezos founded Amazon in Seattle."
    found = ai.comprehend.detect_entities(text=text, language_code="en").entities
    assert {(e.text, e.type) for e in found} >= {("Jeff Bezos", "PERSON"), ("Seattle", "LOCATION")}
    assert all(text[e.begin_offset : e.end_offset] == e.text for e in found)


def test_key_phrases_have_places(ai: Any) -> None:
    text = "👋 The new espresso machine makes a loud noise."
    found = ai.comprehend.detect_key_phrases(text=text, language_code="en").key_phrases
    assert "a loud noise" in {phrase.text for phrase in found}
    assert all(text[p.begin_offset : p.end_offset] == p.text for p in found)


def test_syntax_tags_every_word(ai: Any) -> None:
    text = "Ñandúes corren rápido 🏃."
    tokens = ai.comprehend.detect_syntax(text=text, language_code="es").syntax_tokens
    assert [token.token_id for token in tokens] == list(range(1, len(tokens) + 1))
    assert all(text[t.begin_offset : t.end_offset] == t.text for t in tokens)
    assert tokens[1].part_of_speech.tag == "VERB"


def test_pii_is_placed_and_named(ai: Any) -> None:
    text = "😀 ¡Oh! mail jane@example.com, card 4111 1111 1111 1111"
    found = ai.comprehend.detect_pii_entities(text=text, language_code="en").entities
    assert {(e.type, text[e.begin_offset : e.end_offset]) for e in found} == {
        ("EMAIL", "jane@example.com"),
        ("CREDIT_DEBIT_NUMBER", "4111 1111 1111 1111"),
    }
    labels = ai.comprehend.contains_pii_entities(text=text, language_code="en").labels
    assert {label.name for label in labels} == {"EMAIL", "CREDIT_DEBIT_NUMBER"}
    assert ai.comprehend.contains_pii_entities(text="Nothing to see.", language_code="en").labels == []


BATCHES = {
    "batch_detect_sentiment": {"language_code": "en"},
    "batch_detect_dominant_language": {},
    "batch_detect_entities": {"language_code": "en"},
    "batch_detect_key_phrases": {"language_code": "en"},
    "batch_detect_syntax": {"language_code": "en"},
}


@pytest.mark.parametrize("operation", BATCHES)
def test_a_long_text_fails_alone_in_its_batch(ai: Any, operation: str) -> None:
    texts = ["A good day.", "x" * 6000, "Another good day."]
    reply = getattr(ai.comprehend, operation)(text_list=texts, **BATCHES[operation])
    assert [result.index for result in reply.result_list] == [0, 2]
    assert [error.index for error in reply.error_list] == [1]
    assert "6000 bytes" in reply.error_list[0].error_message


@pytest.mark.parametrize("operation", BATCHES)
def test_a_batch_says_what_the_single_operation_says(ai: Any, operation: str) -> None:
    text = "The parcel from Berlin was late, but the lamp is beautiful."
    batch = getattr(ai.comprehend, operation)(text_list=[text], **BATCHES[operation]).result_list[0].model_dump()
    single = getattr(ai.comprehend, operation.removeprefix("batch_"))(text=text, **BATCHES[operation]).model_dump()
    assert batch.pop("index") == 0
    assert batch.items() <= single.items()


@pytest.mark.parametrize("operation", BATCHES)
def test_a_batch_has_at_most_25(ai: Any, operation: str) -> None:
    with pytest.raises(BadRequestError) as caught:
        getattr(ai.comprehend, operation)(text_list=["ok"] * 26, **BATCHES[operation])
    assert caught.value.code == "BatchSizeLimitExceededException"


@pytest.mark.parametrize(
    ("operation", "most"),
    [
        ("detect_sentiment", 5_000),
        ("detect_syntax", 5_000),
        ("detect_entities", 100_000),
        ("detect_key_phrases", 100_000),
        ("detect_pii_entities", 100_000),
        ("contains_pii_entities", 100_000),
    ],
)
def test_sizes_count_bytes(ai: Any, operation: str, most: int) -> None:
    with pytest.raises(BadRequestError) as caught:
        getattr(ai.comprehend, operation)(text="é" * (most // 2 + 1), language_code="en")
    assert caught.value.code == "TextSizeLimitExceededException"
    assert f"{most + 2} bytes" in caught.value.message


def test_a_text_of_just_the_limit_is_taken(ai: Any) -> None:
    assert ai.comprehend.detect_sentiment(text="é" * 2_500, language_code="en").sentiment


def test_personal_data_is_found_in_english_and_spanish_only(ai: Any) -> None:
    for operation in ("detect_pii_entities", "contains_pii_entities"):
        with pytest.raises(BadRequestError) as caught:
            getattr(ai.comprehend, operation)(text="Bonjour", language_code="fr")
        assert caught.value.code == "UnsupportedLanguageException"


def test_syntax_knows_six_languages(ai: Any) -> None:
    with pytest.raises(ServiceError) as caught:
        ai.comprehend.detect_syntax(text="こんにちは", language_code="ja")
    assert caught.value.code in ("ValidationException", "UnsupportedLanguageException")


def test_an_empty_text_is_refused(ai: Any) -> None:
    with pytest.raises((ServiceError, InvalidCallError)):  # boto3 knows the least length and does not send
        ai.comprehend.detect_sentiment(text="", language_code="en")


def test_entities_need_text_and_language(ai: Any) -> None:
    with pytest.raises(BadRequestError) as caught:
        ai.comprehend.detect_entities(text="Ada was here.")
    assert caught.value.code == "InvalidRequestException"


def test_custom_recognizers_are_not_mocked(mock: Any) -> None:
    from aiservices import AI

    arn = "arn:aws:comprehend:us-east-1:123456789012:entity-recognizer-endpoint/mine"
    with AI(backend=mock) as ai, pytest.raises(NotMockedError, match="EndpointArn"):
        ai.comprehend.detect_entities(text="Ada", endpoint_arn=arn)


def test_the_reply_says_which_engine_answered(mock: Any) -> None:
    from aiservices import AI

    with AI(backend=mock) as ai:
        words = ai.comprehend.detect_sentiment(text="Good", language_code="en")
        signs = ai.comprehend.detect_sentiment(text="👍", language_code="ja")
    assert (words.meta.engine, signs.meta.engine) == ("maxent", "marks")


# What it keeps


ROLE = "arn:aws:iam::123456789012:role/comprehend"
ARN = "arn:aws:comprehend:us-east-1:123456789012:"


def classifier(ai: Any, name: str, **members: Any) -> str:
    """Start training one; its ARN."""
    made = ai.comprehend.create_document_classifier(
        document_classifier_name=name,
        data_access_role_arn=ROLE,
        input_data_config={"S3Uri": "s3://bucket/train.csv"},
        language_code="en",
        **members,
    )
    return str(made.document_classifier_arn)


def recognizer(ai: Any, name: str, **members: Any) -> str:
    made = ai.comprehend.create_entity_recognizer(
        recognizer_name=name,
        data_access_role_arn=ROLE,
        input_data_config={"EntityTypes": [{"Type": "DEVICE"}], "Documents": {"S3Uri": "s3://bucket/train.txt"}},
        language_code="en",
        **members,
    )
    return str(made.entity_recognizer_arn)


def test_a_classifier_is_trained_with_its_times_and_without_made_up_metrics(ai: Any) -> None:
    arn = classifier(ai, "spam")
    assert arn == f"{ARN}document-classifier/spam"
    found = ai.comprehend.describe_document_classifier(document_classifier_arn=arn).document_classifier_properties
    assert (found.status, found.mode, found.language_code) == ("TRAINED", "MULTI_CLASS", "en")
    assert found.end_time > found.submit_time
    assert found.classifier_metadata is None
    with pytest.raises(ConflictError):
        classifier(ai, "spam")


def test_versions_stand_in_the_arn_and_in_the_summaries(ai: Any) -> None:
    classifier(ai, "spam", version_name="v1")
    classifier(ai, "topic", version_name="v1")
    arn = classifier(ai, "spam", version_name="v2")
    assert arn == f"{ARN}document-classifier/spam/version/v2"
    summaries = ai.comprehend.list_document_classifier_summaries().document_classifier_summaries_list
    shown = [(one.document_classifier_name, one.number_of_versions, one.latest_version_name) for one in summaries]
    assert shown == [("topic", 1, "v1"), ("spam", 2, "v2")]
    recognizer(ai, "devices", version_name="v1")
    (summary,) = ai.comprehend.list_entity_recognizer_summaries().entity_recognizer_summaries_list
    assert (summary.recognizer_name, summary.latest_version_status) == ("devices", "TRAINED")


def test_classifiers_are_listed_by_one_filter_at_a_time(ai: Any) -> None:
    classifier(ai, "spam", version_name="v1")
    classifier(ai, "spam", version_name="v2")
    classifier(ai, "topic")
    found = ai.comprehend.list_document_classifiers(filter={"DocumentClassifierName": "spam"})
    assert len(found.document_classifier_properties_list) == 2
    first = ai.comprehend.list_document_classifiers(max_results=2)
    rest = ai.comprehend.list_document_classifiers(max_results=2, next_token=first.next_token)
    assert [len(page.document_classifier_properties_list) for page in (first, rest)] == [2, 1]
    with pytest.raises(ServiceError) as caught:
        ai.comprehend.list_document_classifiers(filter={"DocumentClassifierName": "spam", "Status": "TRAINED"})
    assert caught.value.code == "InvalidFilterException"
    recognizer(ai, "devices")
    found = ai.comprehend.list_entity_recognizers(filter={"Status": "TRAINED"})
    assert len(found.entity_recognizer_properties_list) == 1


def test_training_is_stopped_and_its_model_cannot_be_used() -> None:
    clock = Clock.manual()
    with AI(backend=Mock(clock=clock)) as ai:
        arn = recognizer(ai, "devices")
        clock.advance(minutes=5)
        ai.comprehend.stop_training_entity_recognizer(entity_recognizer_arn=arn)
        found = ai.comprehend.describe_entity_recognizer(entity_recognizer_arn=arn).entity_recognizer_properties
        assert found.status == "STOP_REQUESTED"
        clock.advance(hours=2)
        found = ai.comprehend.describe_entity_recognizer(entity_recognizer_arn=arn).entity_recognizer_properties
        assert found.status == "STOPPED"
        with pytest.raises(ConflictError) as caught:
            ai.comprehend.create_endpoint(endpoint_name="live", model_arn=arn, desired_inference_units=1)
        assert caught.value.code == "ResourceUnavailableException"


def test_an_endpoint_serves_what_is_desired_once_it_is_in_service() -> None:
    clock = Clock.manual()
    with AI(backend=Mock(clock=clock)) as ai:
        old, new = classifier(ai, "spam", version_name="v1"), classifier(ai, "spam", version_name="v2")
        other = recognizer(ai, "devices")
        clock.advance(hours=2)
        made = ai.comprehend.create_endpoint(endpoint_name="live", model_arn=old, desired_inference_units=1)
        arn = made.endpoint_arn
        assert arn == f"{ARN}document-classifier-endpoint/live"
        clock.advance(hours=1)
        assert shown(ai, arn) == ("IN_SERVICE", old, 1)
        with pytest.raises(BadRequestError):
            ai.comprehend.update_endpoint(endpoint_arn=arn, desired_model_arn=other)
        changed = ai.comprehend.update_endpoint(endpoint_arn=arn, desired_model_arn=new, desired_inference_units=3)
        assert changed.desired_model_arn == new
        assert shown(ai, arn) == ("UPDATING", old, 1)
        with pytest.raises(ConflictError):
            ai.comprehend.delete_endpoint(endpoint_arn=arn)
        clock.advance(hours=1)
        assert shown(ai, arn) == ("IN_SERVICE", new, 3)
        ai.comprehend.delete_document_classifier(document_classifier_arn=old)
        with pytest.raises(ConflictError):
            ai.comprehend.delete_document_classifier(document_classifier_arn=new)
        with pytest.raises(ServiceError) as caught:
            ai.comprehend.update_endpoint(endpoint_arn=arn, desired_inference_units=51)
        assert caught.value.code == "ResourceLimitExceededException"


def shown(ai: Any, arn: str) -> tuple[str, str, int]:
    found = ai.comprehend.describe_endpoint(endpoint_arn=arn).endpoint_properties
    return found.status, found.model_arn, found.current_inference_units


def test_endpoints_are_found_by_their_model(ai: Any) -> None:
    models = [classifier(ai, name) for name in ("spam", "topic")]
    for number, model in enumerate(models):
        ai.comprehend.create_endpoint(endpoint_name=f"live-{number}", model_arn=model, desired_inference_units=2)
    (found,) = ai.comprehend.list_endpoints(filter={"ModelArn": models[1]}).endpoint_properties_list
    assert found.endpoint_arn.endswith("/live-1")
    with pytest.raises(BadRequestError):
        ai.comprehend.create_endpoint(endpoint_name="none", desired_inference_units=1)
    with pytest.raises(NotFoundError):
        ai.comprehend.create_endpoint(endpoint_name="none", model_arn=models[0] + "x", desired_inference_units=1)


def test_a_model_is_copied(ai: Any) -> None:
    source = classifier(ai, "spam", mode="MULTI_LABEL")
    arn = ai.comprehend.import_model(
        source_model_arn=source, model_name="copy", version_name="v1", data_access_role_arn=ROLE
    ).model_arn
    assert arn == f"{ARN}document-classifier/copy/version/v1"
    found = ai.comprehend.describe_document_classifier(document_classifier_arn=arn).document_classifier_properties
    assert (found.source_model_arn, found.mode) == (source, "MULTI_LABEL")
    with pytest.raises(ConflictError):
        ai.comprehend.import_model(source_model_arn=source)


def test_policies_have_revisions(ai: Any) -> None:
    arn = classifier(ai, "spam", model_policy='{"Statement": []}')
    first = ai.comprehend.describe_resource_policy(resource_arn=arn)
    assert first.resource_policy == '{"Statement": []}'
    second = ai.comprehend.put_resource_policy(
        resource_arn=arn, resource_policy='{"Version": "2012-10-17"}', policy_revision_id=first.policy_revision_id
    ).policy_revision_id
    assert second != first.policy_revision_id
    with pytest.raises(BadRequestError):
        ai.comprehend.delete_resource_policy(resource_arn=arn, policy_revision_id=first.policy_revision_id)
    ai.comprehend.delete_resource_policy(resource_arn=arn, policy_revision_id=second)
    with pytest.raises(NotFoundError):
        ai.comprehend.describe_resource_policy(resource_arn=arn)
    with pytest.raises(NotFoundError):
        ai.comprehend.put_resource_policy(resource_arn=arn + "x", resource_policy="{}")


def test_a_flywheel_takes_its_task_from_its_model_and_its_datasets_go_with_it(ai: Any) -> None:
    model = recognizer(ai, "devices")
    arn = ai.comprehend.create_flywheel(
        flywheel_name="wheel", active_model_arn=model, data_access_role_arn=ROLE, data_lake_s3_uri="s3://lake/"
    ).flywheel_arn
    found = ai.comprehend.describe_flywheel(flywheel_arn=arn).flywheel_properties
    assert (found.model_type, found.status) == ("ENTITY_RECOGNIZER", "ACTIVE")
    assert found.task_config.entity_recognition_config.entity_types[0].type == "DEVICE"
    assert found.data_lake_s3_uri == "s3://lake/wheel/schemaVersion=1/" + found.creation_time.strftime(
        "%Y%m%dT%H%M%SZ/"
    )
    dataset = ai.comprehend.create_dataset(
        flywheel_arn=arn, dataset_name="more", input_data_config={"DataFormat": "COMPREHEND_CSV"}
    ).dataset_arn
    assert dataset == f"{arn}/dataset/more"
    properties = ai.comprehend.describe_dataset(dataset_arn=dataset).dataset_properties
    assert (properties.status, properties.dataset_type) == ("COMPLETED", "TRAIN")
    assert properties.dataset_s3_uri.startswith(found.data_lake_s3_uri + "datasets/more/")
    endpoint = ai.comprehend.create_endpoint(endpoint_name="live", flywheel_arn=arn, desired_inference_units=1)
    assert endpoint.model_arn == model
    ai.comprehend.describe_endpoint(endpoint_arn=endpoint.endpoint_arn)
    with pytest.raises(ConflictError):
        ai.comprehend.delete_flywheel(flywheel_arn=arn)
    ai.comprehend.delete_endpoint(endpoint_arn=endpoint.endpoint_arn)
    ai.comprehend.delete_flywheel(flywheel_arn=arn)
    with pytest.raises(NotFoundError):
        ai.comprehend.describe_dataset(dataset_arn=dataset)


def test_a_flywheel_for_a_new_model_needs_its_task(ai: Any) -> None:
    wheel = {"flywheel_name": "wheel", "data_access_role_arn": ROLE, "data_lake_s3_uri": "s3://lake"}
    with pytest.raises(BadRequestError):
        ai.comprehend.create_flywheel(**wheel)
    task = {"LanguageCode": "en", "DocumentClassificationConfig": {"Mode": "MULTI_CLASS"}}
    with pytest.raises(BadRequestError):
        ai.comprehend.create_flywheel(**wheel, model_type="ENTITY_RECOGNIZER", task_config=task)
    arn = ai.comprehend.create_flywheel(**wheel, model_type="DOCUMENT_CLASSIFIER", task_config=task).flywheel_arn
    assert ai.comprehend.describe_flywheel(flywheel_arn=arn).flywheel_properties.active_model_arn is None
    model = classifier(ai, "spam")
    changed = ai.comprehend.update_flywheel(
        flywheel_arn=arn, active_model_arn=model, data_security_config={"ModelKmsKeyId": "key"}
    ).flywheel_properties
    assert (changed.active_model_arn, changed.data_security_config.model_kms_key_id) == (model, "key")
    with pytest.raises(ConflictError):
        ai.comprehend.delete_document_classifier(document_classifier_arn=model)


def test_tags_are_kept_on_versions(ai: Any) -> None:
    arn = classifier(ai, "spam", version_name="v1", tags=[{"Key": "team", "Value": "a"}])
    ai.comprehend.tag_resource(resource_arn=arn, tags=[{"Key": "stage", "Value": "test"}])
    ai.comprehend.untag_resource(resource_arn=arn, tag_keys=["team"])
    found = ai.comprehend.list_tags_for_resource(resource_arn=arn)
    assert [(tag.key, tag.value) for tag in found.tags] == [("stage", "test")]


def test_a_flywheels_iterations_are_not_made_up(ai: Any) -> None:
    with pytest.raises(NotMockedError):
        ai.comprehend.start_flywheel_iteration(flywheel_arn=f"{ARN}flywheel/wheel")
