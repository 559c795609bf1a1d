"""Comprehend's custom models on every backend of the rig: training, versions, policies, endpoints, flywheels."""

from __future__ import annotations

import csv
import io
import json
import random
import tarfile
from pathlib import Path
from typing import Any

import pytest
from aiservices_mocks import Clock, Mock
from aiservices_mocks.engines import minilm
from hypothesis import given, settings
from hypothesis import strategies as st

from aiservices import AI
from aiservices.errors import BadRequestError, ConflictError, NotFoundError, ServiceError
from tests.documents import Leaf, pdf
from tests.mocks.custom_models import DEVICES, ROLE, classifier_input, examples, recognizer_input, reports

NAMES = ("source", "source-ref", "kind", "kind-metadata", "class-name", "class-map", "annotations", "entities", "label")
SPAM = {"S3Uri": "s3://training/spam.csv"}
DEVICE = {
    "EntityTypes": [{"Type": "DEVICE"}],
    "Documents": {"S3Uri": "s3://training/reports.txt"},
    "Annotations": {"S3Uri": "s3://training/marks.csv"},
}
MORE = {name: DEVICE[name] for name in ("Documents", "Annotations")}
ARN = "arn:aws:comprehend:us-east-1:123456789012:"
REQUESTS = Path(__file__).parents[1] / "data" / "comprehend_custom" / "requests.csv"


def trainable(mock: Mock) -> Mock:
    """The mock, with examples in its S3."""
    classifier_input(mock)
    recognizer_input(mock)
    return mock


@pytest.fixture(autouse=True)
def _examples(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "available", lambda: False)  # the built-in engine, whatever is installed
    trainable(mock)


def classifier(ai: Any, name: str, data: dict[str, Any] | None = None, **members: Any) -> str:
    """Start training one; its ARN."""
    made = ai.comprehend.create_document_classifier(
        document_classifier_name=name,
        data_access_role_arn=ROLE,
        input_data_config=data or SPAM,
        language_code="en",
        **members,
    )
    return str(made.document_classifier_arn)


def recognizer(ai: Any, name: str, data: dict[str, Any] | None = None, **members: Any) -> str:
    made = ai.comprehend.create_entity_recognizer(
        recognizer_name=name,
        data_access_role_arn=ROLE,
        input_data_config=data or DEVICE,
        language_code="en",
        **members,
    )
    return str(made.entity_recognizer_arn)


def test_a_classifier_is_trained_with_its_times_and_measured(ai: Any) -> None:
    arn = classifier(ai, "spam")
    assert arn == f"{ARN}document-classifier/spam"
    found = ai.comprehend.describe_document_classifier(document_classifier_arn=arn).document_classifier_properties
    assert (found.status, found.mode, found.language_code) == ("TRAINED", "MULTI_CLASS", "en")
    assert found.end_time > found.submit_time
    about = found.classifier_metadata
    assert (about.number_of_labels, about.number_of_trained_documents, about.number_of_test_documents) == (2, 36, 4)
    assert (about.evaluation_metrics.accuracy, about.evaluation_metrics.f1_score) == (1, 1)
    assert about.evaluation_metrics.hamming_loss == 0
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
    with AI(backend=trainable(Mock(clock=clock))) as ai:
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
    with AI(backend=trainable(Mock(clock=clock))) as ai:
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


def test_all_endpoints_together_have_units_too(ai: Any) -> None:
    model = classifier(ai, "spam")
    arns = [
        ai.comprehend.create_endpoint(
            endpoint_name=f"live-{number}", model_arn=model, desired_inference_units=units
        ).endpoint_arn
        for number, units in enumerate((50, 50, 50, 40))
    ]  # fmt: skip
    with pytest.raises(ServiceError, match="at most 10") as caught:
        ai.comprehend.create_endpoint(endpoint_name="more", model_arn=model, desired_inference_units=11)
    assert caught.value.code == "ResourceLimitExceededException"
    assert shown(ai, arns[3])[0] == "IN_SERVICE"
    ai.comprehend.update_endpoint(endpoint_arn=arns[3], desired_inference_units=50)


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


def test_a_flywheel_takes_its_task_from_its_model_and_its_datasets_go_with_it(ai: Any, mock: Mock) -> None:
    mock.s3.make_bucket("lake")
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
        flywheel_arn=arn, dataset_name="more", input_data_config={"EntityRecognizerInputDataConfig": MORE}
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
    japanese = {**task, "LanguageCode": "ja"}
    with pytest.raises(BadRequestError, match="Unsupported language code: ja"):
        ai.comprehend.create_flywheel(**wheel, model_type="DOCUMENT_CLASSIFIER", task_config=japanese)
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


# Training reads what it is given.


def classifier_of(ai: Any, arn: str) -> Any:
    return ai.comprehend.describe_document_classifier(document_classifier_arn=arn).document_classifier_properties


def recognizer_of(ai: Any, arn: str) -> Any:
    return ai.comprehend.describe_entity_recognizer(entity_recognizer_arn=arn).entity_recognizer_properties


NO_ACCESS = "NO_READ_ACCESS_TO_INPUT: The provided data access role does not have proper access to the input data."


def test_training_without_data_ends_in_error(ai: Any, mock: Mock) -> None:
    missing = classifier_of(ai, classifier(ai, "a", {"S3Uri": "s3://nobody/train.csv"}))
    assert (missing.status, missing.message, missing.classifier_metadata) == ("IN_ERROR", NO_ACCESS, None)
    other = recognizer_of(ai, recognizer(ai, "b", {**DEVICE, "Documents": {"S3Uri": "s3://training/none.txt"}}))
    assert (other.status, other.recognizer_metadata) == ("IN_ERROR", None)
    assert other.message.startswith("NO_READ_ACCESS_TO_INPUT")
    with pytest.raises(ConflictError):
        ai.comprehend.create_endpoint(
            endpoint_name="live", model_arn=missing.document_classifier_arn, desired_inference_units=1
        )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (examples(20, 9), "Required: At least 10 examples for each label; one has 9."),
        (examples(20, 0), "Required: At least 2 labels."),
        ("spam\nham\n", "has 1 columns, not 2"),
        ("spam,win a prize, now\n", "has 3 columns, not 2"),
        (",win a prize\n", "has no label or no document"),
        ("spam, \n", "has no label or no document"),
        (b"spam,\xff\n", "UTF-8"),
        ("", "NO_READ_ACCESS_TO_INPUT"),
    ],
)
def test_training_with_bad_data_says_why(ai: Any, mock: Mock, text: Any, reason: str) -> None:
    mock.s3["training/spam.csv"] = text
    found = classifier_of(ai, classifier(ai, "spam"))
    assert found.status == "IN_ERROR"
    assert reason in found.message
    assert "spam," not in found.message


def test_a_recognizer_needs_annotations_enough(ai: Any, mock: Mock) -> None:
    mock.s3["training/reports.txt"], mock.s3["training/marks.csv"] = reports(24)
    found = recognizer_of(ai, recognizer(ai, "few"))
    assert (found.status, found.message) == (
        "IN_ERROR",
        "Insufficient data. Required: At least 25 annotations for each entity type; DEVICE has 24.",
    )


@pytest.mark.parametrize(
    ("annotation", "reason"),
    [
        ("reports.txt,0,three,5,DEVICE", "Begin Offset"),
        ("reports.txt,0,3,5", "Begin Offset"),
        ("reports.txt,0,3,500,DEVICE", "offsets of an annotation are not within"),
        ("reports.txt,0,5,3,DEVICE", "offsets of an annotation are not within"),
        ("reports.txt,30,3,5,DEVICE", "of a line that the documents do not have"),
        ("other.txt,0,3,5,DEVICE", "of a line that the documents do not have"),
    ],
)
def test_annotations_must_be_of_something_in_the_documents(ai: Any, mock: Mock, annotation: str, reason: str) -> None:
    mock.s3["training/marks.csv"] = f"File,Line,Begin Offset,End Offset,Type\n{annotation}\n"
    found = recognizer_of(ai, recognizer(ai, "odd"))
    assert found.status == "IN_ERROR"
    assert reason in found.message


def test_a_recognizer_is_measured_on_what_it_did_not_see(ai: Any, mock: Mock) -> None:
    about = recognizer_of(ai, recognizer(ai, "devices")).recognizer_metadata
    assert (about.number_of_trained_documents, about.number_of_test_documents) == (27, 3)
    assert about.evaluation_metrics.f1_score == 100
    (device,) = about.entity_types
    assert (device.type, device.number_of_train_mentions) == ("DEVICE", 27)
    lines, marks = reports(30)
    mock.s3["training/reports.txt"] = lines.replace("My AnyWatch broke on day 29", "The newthing is fine, said Ada")
    mock.s3["training/marks.csv"] = marks.replace("reports.txt,29,3,11", "reports.txt,29,4,12")
    worse = recognizer_of(ai, recognizer(ai, "worse")).recognizer_metadata
    assert worse.evaluation_metrics.recall == pytest.approx(66.6667)


def test_a_recognizer_learns_from_a_list(ai: Any, mock: Mock) -> None:
    mock.s3["training/list.csv"] = "Text,Type\n" + "".join(f"{name},DEVICE\n" for name in DEVICES)
    data = {**DEVICE, "EntityList": {"S3Uri": "s3://training/list.csv"}}
    del data["Annotations"]
    found = recognizer_of(ai, recognizer(ai, "listed", data))
    assert found.status == "TRAINED"
    assert found.recognizer_metadata.entity_types[0].number_of_train_mentions == 27
    with pytest.raises(BadRequestError):
        recognizer(ai, "both", {**data, **DEVICE})
    mock.s3["training/list.csv"] = "Text,Type\nAnyPhone,OTHER\n"
    assert recognizer_of(ai, recognizer(ai, "none", data)).status == "IN_ERROR"


def test_models_learn_from_augmented_manifests(ai: Any, mock: Mock) -> None:
    rows = [line.split(",", 1) for line in examples().splitlines()]
    entries = [{"source": text, "kind": 0, "kind-metadata": {"class-name": label}} for label, text in rows]
    mock.s3["training/kinds.manifest"] = "\n".join(map(json.dumps, entries))
    manifest = {"S3Uri": "s3://training/kinds.manifest", "AttributeNames": ["kind"]}
    data = {"DataFormat": "AUGMENTED_MANIFEST", "AugmentedManifests": [manifest]}
    found = classifier_of(ai, classifier(ai, "manifest", data))
    assert (found.status, found.classifier_metadata.number_of_labels) == ("TRAINED", 2)
    spans = [
        {
            "source": f"My {DEVICES[0]} broke {n}.",
            "marks": {"annotations": {"entities": [{"startOffset": 3, "endOffset": 11, "label": "DEVICE"}]}},
        }
        for n in range(30)
    ]
    mock.s3["training/marks.manifest"] = "\n".join(map(json.dumps, spans))
    manifest = {"S3Uri": "s3://training/marks.manifest", "AttributeNames": ["marks"]}
    data = {
        "DataFormat": "AUGMENTED_MANIFEST",
        "AugmentedManifests": [manifest],
        "EntityTypes": DEVICE["EntityTypes"],
    }
    assert recognizer_of(ai, recognizer(ai, "manifest", data)).recognizer_metadata.evaluation_metrics.recall == 100
    mock.s3["training/kinds.manifest"] = "no json"
    data = {"DataFormat": "AUGMENTED_MANIFEST", "AugmentedManifests": [{**manifest, "S3Uri": "s3://training/kinds"}]}
    assert "JSON" in classifier_of(ai, classifier(ai, "broken", data)).message


def test_a_recognizer_learns_from_annotated_pdf_files(ai: Any, mock: Mock) -> None:
    entries = []
    for n in range(100):
        lines, device = ["Report", f"My {DEVICES[n % 3]} broke on day {n}."], DEVICES[n % 3]
        leaf = Leaf()
        for at, line in enumerate(lines):
            leaf.text(60, 80 + 30 * at, line)
        mock.s3[f"training/pdf/{n}.pdf"] = pdf(leaf)
        reference = {"BlockId": "1", "BeginOffset": 3, "EndOffset": 3 + len(device), "ChildBlocks": []}
        told = {
            "Blocks": [{"BlockType": "LINE", "Id": str(at), "Text": line} for at, line in enumerate(lines)],
            "Entities": [{"BlockReferences": [reference], "Text": device, "Type": "DEVICE"}],
        }
        mock.s3[f"training/marks/{n}.json"] = json.dumps(told)
        ref = {"annotation-ref": f"s3://training/marks/{n}.json"}
        entries.append({"source-ref": f"s3://training/pdf/{n}.pdf", "page": "1", "marks": ref})
    mock.s3["training/pdf.manifest"] = "\n".join(map(json.dumps, entries))
    manifest = {
        "S3Uri": "s3://training/pdf.manifest", "AttributeNames": ["marks"], "DocumentType": "SEMI_STRUCTURED_DOCUMENT",
        "AnnotationDataS3Uri": "s3://training/marks/", "SourceDocumentsS3Uri": "s3://training/pdf/",
    }  # fmt: skip
    data = {"DataFormat": "AUGMENTED_MANIFEST", "AugmentedManifests": [manifest], "EntityTypes": DEVICE["EntityTypes"]}
    found = recognizer_of(ai, recognizer(ai, "pdf", data))
    assert (found.status, found.recognizer_metadata.evaluation_metrics.f1_score) == ("TRAINED", 100)
    mock.s3["training/marks/7.json"] = "{}"
    assert "AttributeNames" in recognizer_of(ai, recognizer(ai, "broken", data)).message


JSON = st.recursive(
    st.none() | st.integers(-2, 40) | st.text("ab", max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=40)
@given(st.lists(JSON | st.just({"source": "a"}), min_size=1, max_size=4), st.binary(max_size=40))
def test_whatever_lies_in_s3_training_ends(entries: list[Any], data: bytes) -> None:
    mock = Mock()
    mock.s3["training/a.manifest"] = "\n".join(map(json.dumps, entries))
    mock.s3["training/a.csv"] = data
    texts = {"S3Uri": "s3://training/a.csv"}
    attributes = {"S3Uri": "s3://training/a.manifest", "AttributeNames": ["kind"]}
    manifests = {"DataFormat": "AUGMENTED_MANIFEST", "AugmentedManifests": [attributes]}
    types = {"EntityTypes": [{"Type": "a"}]}
    with AI(backend=mock) as ai:
        for number, config in enumerate((texts, manifests)):
            assert classifier_of(ai, classifier(ai, f"c{number}", config)).status == "IN_ERROR"
        lists = ({"Annotations": texts}, {"EntityList": texts})
        for number, config in enumerate((manifests, *({"Documents": texts, **one} for one in lists))):
            assert recognizer_of(ai, recognizer(ai, f"r{number}", {**types, **config})).status in (
                "IN_ERROR",
                "TRAINED",
            )


def test_labels_can_be_several(ai: Any, mock: Mock) -> None:
    rows = [f"{'spam' if n % 2 else 'ham'}#mail,{'win a prize' if n % 2 else 'lunch with you'} {n}" for n in range(40)]
    rows += [f"note,{'remember the milk'} {n}" for n in range(20)]
    mock.s3["training/several.csv"] = "\n".join(rows)
    data = {"S3Uri": "s3://training/several.csv", "LabelDelimiter": "#"}
    model = classifier(ai, "several", data, mode="MULTI_LABEL")
    assert classifier_of(ai, model).classifier_metadata.number_of_labels == 4
    arn = ai.comprehend.create_endpoint(
        endpoint_name="live", model_arn=model, desired_inference_units=1
    ).endpoint_arn  # fmt: skip
    found = ai.comprehend.classify_document(text="win another prize", endpoint_arn=arn)
    assert {label.name for label in found.labels if label.score >= 0.5} == {"spam", "mail"}
    assert len(found.labels) == 4
    assert not found.classes


def test_a_confusion_matrix_is_written(ai: Any, mock: Mock) -> None:
    mock.s3.make_bucket("results")
    mock.s3["training/test.csv"] = "spam,claim your prize\nham,win a prize\nham,lunch tomorrow\n"
    data = {**SPAM, "TestS3Uri": "s3://training/test.csv"}
    found = classifier_of(ai, classifier(ai, "spam", data, output_data_config={"S3Uri": "s3://results/models"}))
    assert found.classifier_metadata.number_of_test_documents == 3
    assert found.classifier_metadata.evaluation_metrics.accuracy == pytest.approx(0.6667)
    path = found.output_data_config.s3_uri.removeprefix("s3://")
    assert path.startswith("results/models/123456789012-CLR-")
    with tarfile.open(fileobj=io.BytesIO(mock.s3[path])) as tar:
        assert tar.getnames() == ["output/confusion_matrix.json"]
        matrix = json.load(tar.extractfile("output/confusion_matrix.json"))  # type: ignore[arg-type]  # the file is there
    assert matrix["type"] == "multi_class"
    assert (matrix["labels"], matrix["confusion_matrix"]) == (["spam", "ham"], [[1, 0], [1, 1]])
    closed = classifier_of(ai, classifier(ai, "closed", output_data_config={"S3Uri": "s3://nowhere/"}))
    assert closed.message.startswith("NO_WRITE_ACCESS_TO_OUTPUT")


def test_documents_of_a_classifier_can_be_files(ai: Any, mock: Mock) -> None:
    rows = []
    for n, line in enumerate(examples(10, 10).splitlines()):
        label, text = line.split(",", 1)
        leaf = Leaf()
        leaf.text(60, 80, text)
        mock.s3[f"training/files/{n}.pdf"] = pdf(leaf)
        rows.append(f"{label},{n}.pdf,1")
    mock.s3["training/files.csv"] = "\n".join(rows)
    data = {
        "S3Uri": "s3://training/files.csv",
        "DocumentType": "SEMI_STRUCTURED_DOCUMENT",
        "Documents": {"S3Uri": "s3://training/files/"},
    }
    found = classifier_of(ai, classifier(ai, "files", data))
    assert (found.status, found.classifier_metadata.number_of_trained_documents) == ("TRAINED", 18)
    whole = mock.s3["training/files.csv"]
    mock.s3["training/files.csv"] = whole.replace(b"3.pdf,1", b"3.pdf,2")
    assert "names a page" in classifier_of(ai, classifier(ai, "page", data)).message
    mock.s3["training/files.csv"] = whole.replace(b"3.pdf,1", b"3.pdf")
    assert classifier_of(ai, classifier(ai, "whole", data)).status == "TRAINED"
    mock.s3["training/files/3.pdf"] = b"\xff"
    assert "neither text in UTF-8 nor PDF" in classifier_of(ai, classifier(ai, "unread", data)).message
    del mock.s3["training/files/3.pdf"]
    assert classifier_of(ai, classifier(ai, "gone", data)).status == "IN_ERROR"
    with pytest.raises(BadRequestError):
        classifier(ai, "none", {name: data[name] for name in ("S3Uri", "DocumentType")})


@pytest.mark.parametrize("data", [{}, {"DataFormat": "AUGMENTED_MANIFEST", **SPAM}])
def test_input_must_be_named(ai: Any, data: dict[str, Any]) -> None:
    with pytest.raises(BadRequestError):
        ai.comprehend.create_document_classifier(
            document_classifier_name="a", data_access_role_arn=ROLE, input_data_config=data, language_code="en"
        )


def test_models_are_trained_for_six_languages(ai: Any) -> None:
    with pytest.raises(BadRequestError) as caught:
        ai.comprehend.create_document_classifier(
            document_classifier_name="a", data_access_role_arn=ROLE, input_data_config=SPAM, language_code="ja"
        )
    assert caught.value.code == "UnsupportedLanguageException"


# Endpoints answer.


def endpoint(ai: Any, model: str) -> str:
    made = ai.comprehend.create_endpoint(endpoint_name="live", model_arn=model, desired_inference_units=1)
    return str(made.endpoint_arn)


def test_an_endpoint_classifies_as_its_model_has_learnt(ai: Any, mock: Mock) -> None:
    arn = endpoint(ai, classifier(ai, "spam"))
    spam = ai.comprehend.classify_document(text="claim your free prize", endpoint_arn=arn)
    ham = ai.comprehend.classify_document(bytes=b"lunch in the garden", endpoint_arn=arn)
    assert (spam.classes[0].name, ham.classes[0].name) == ("spam", "ham")
    assert sum(one.score for one in spam.classes) == pytest.approx(1, abs=1e-5)
    assert spam.document_metadata is None
    assert ham.document_metadata.extracted_characters[0].count == 19
    assert ham.document_type[0].type == "PLAIN_TEXT"
    assert spam.meta.engine in ("softmax", None), "boto3's answers name none"


def test_an_endpoint_reads_pdf_files(ai: Any) -> None:
    leaf = Leaf()
    leaf.text(60, 80, "claim your free prize")
    arn = endpoint(ai, classifier(ai, "spam"))
    found = ai.comprehend.classify_document(bytes=pdf(leaf), endpoint_arn=arn)
    assert (found.classes[0].name, found.document_type[0].type) == ("spam", "NATIVE_PDF")
    for data, reason in (
        (pdf(leaf, leaf), "PAGE_LIMIT_EXCEEDED"),
        (b"\xff\xfe\x00", "UNSUPPORTED_DOC_TYPE"),
        (b"%PDF-1.7 and then nothing", "UNSUPPORTED_DOC_TYPE"),
        (b"x" * 10_241, "DOCUMENT_SIZE_EXCEEDED"),
        (b"%PDF-1.7" + b"x" * 10 * 1024 * 1024, "DOCUMENT_SIZE_EXCEEDED"),
    ):
        with pytest.raises(BadRequestError) as caught:
            ai.comprehend.classify_document(bytes=data, endpoint_arn=arn)
        assert caught.value.details["Detail"]["Reason"] == reason
    for wrong in ({}, {"text": "a", "bytes": b"a"}):
        with pytest.raises(BadRequestError):
            ai.comprehend.classify_document(endpoint_arn=arn, **wrong)


def test_an_endpoint_finds_the_entities_that_its_model_has_learnt(ai: Any) -> None:
    arn = endpoint(ai, recognizer(ai, "devices"))
    text = f"Ada has an {DEVICES[1]}, no {DEVICES[2]}s and an {DEVICES[0]}"
    found = ai.comprehend.detect_entities(text=text, endpoint_arn=arn)
    assert [(e.type, text[e.begin_offset : e.end_offset]) for e in found.entities] == [
        ("DEVICE", DEVICES[1]),
        ("DEVICE", DEVICES[0]),
    ]
    assert found.meta.engine in ("perceptron", None), "boto3's answers name none"


def test_an_endpoint_must_be_there_and_in_service() -> None:
    clock = Clock.manual()
    with AI(backend=trainable(Mock(clock=clock))) as ai:
        with pytest.raises(ConflictError) as caught:
            ai.comprehend.classify_document(text="a", endpoint_arn=f"{ARN}document-classifier-endpoint/none")
        assert caught.value.code == "ResourceUnavailableException"
        model = classifier(ai, "spam")
        clock.advance(hours=2)
        arn = endpoint(ai, model)
        with pytest.raises(ConflictError):
            ai.comprehend.classify_document(text="a", endpoint_arn=arn)
        clock.advance(hours=1)
        assert ai.comprehend.classify_document(text="a prize", endpoint_arn=arn).classes


def test_an_endpoint_serves_its_old_model_until_the_new_one_is_there() -> None:
    clock = Clock.manual()
    mock = trainable(Mock(clock=clock))
    mock.s3["training/other.csv"] = examples().replace("spam,", "advert,")
    with AI(backend=mock) as ai:
        old = classifier(ai, "spam", version_name="v1")
        new = classifier(ai, "spam", {"S3Uri": "s3://training/other.csv"}, version_name="v2")
        clock.advance(hours=2)
        arn = endpoint(ai, old)
        clock.advance(hours=1)
        ai.comprehend.update_endpoint(endpoint_arn=arn, desired_model_arn=new)
        told = []
        for _ in range(2):
            told.append(ai.comprehend.classify_document(text="win a prize", endpoint_arn=arn).classes[0].name)
            clock.advance(hours=1)
        assert told == ["spam", "advert"]


def test_a_copy_knows_what_its_source_has_learnt(ai: Any, mock: Mock) -> None:
    source = classifier(ai, "spam")
    classifier_of(ai, source)
    del mock.s3["training/spam.csv"]
    copy = ai.comprehend.import_model(source_model_arn=source, model_name="copy").model_arn
    found = classifier_of(ai, copy)
    assert (found.status, found.source_model_arn) == ("TRAINED", source)
    assert found.classifier_metadata == classifier_of(ai, source).classifier_metadata
    assert found.data_access_role_arn is None
    arn = endpoint(ai, copy)
    assert ai.comprehend.classify_document(text="win a prize", endpoint_arn=arn).classes[0].name == "spam"


def test_an_endpoint_takes_its_role_and_the_model_of_a_flywheel(ai: Any) -> None:
    old, new = classifier(ai, "spam", version_name="v1"), classifier(ai, "spam", version_name="v2")
    wheel = ai.comprehend.create_flywheel(
        flywheel_name="wheel", active_model_arn=new, data_access_role_arn=ROLE, data_lake_s3_uri="s3://lake/"
    ).flywheel_arn
    arn = ai.comprehend.create_endpoint(
        endpoint_name="live", model_arn=old, desired_inference_units=1, data_access_role_arn=ROLE
    ).endpoint_arn
    assert shown(ai, arn) == ("IN_SERVICE", old, 1)
    changed = ai.comprehend.update_endpoint(
        endpoint_arn=arn, flywheel_arn=wheel, desired_data_access_role_arn=f"{ROLE}-new"
    )
    assert changed.desired_model_arn == new
    found = ai.comprehend.describe_endpoint(endpoint_arn=arn).endpoint_properties
    assert (found.model_arn, found.flywheel_arn) == (new, wheel)
    assert found.data_access_role_arn == found.desired_data_access_role_arn == f"{ROLE}-new"


def test_a_recognizer_is_copied_and_deleted(ai: Any) -> None:
    source = recognizer(ai, "devices")
    copy = ai.comprehend.import_model(source_model_arn=source, model_name="copy").model_arn
    assert recognizer_of(ai, copy).recognizer_metadata == recognizer_of(ai, source).recognizer_metadata
    ai.comprehend.delete_entity_recognizer(entity_recognizer_arn=source)
    with pytest.raises(NotFoundError):
        recognizer_of(ai, source)


def test_bytes_need_an_endpoint(ai: Any) -> None:
    with pytest.raises(BadRequestError, match="need an EndpointArn"):
        ai.comprehend.detect_entities(bytes=b"Ada")


# Flywheels turn.

TASK = {"LanguageCode": "en", "DocumentClassificationConfig": {"Mode": "MULTI_CLASS"}}
CSV = {"DataFormat": "COMPREHEND_CSV", "DocumentClassifierInputDataConfig": SPAM}


def wheel(ai: Any, mock: Mock, **members: Any) -> str:
    mock.s3.make_bucket("lake")
    given = members or {"model_type": "DOCUMENT_CLASSIFIER", "task_config": TASK}
    made = ai.comprehend.create_flywheel(
        flywheel_name="wheel", data_access_role_arn=ROLE, data_lake_s3_uri="s3://lake/", **given
    )
    return str(made.flywheel_arn)


def dataset(ai: Any, arn: str, name: str, config: dict[str, Any], **members: Any) -> Any:
    made = ai.comprehend.create_dataset(flywheel_arn=arn, dataset_name=name, input_data_config=config, **members)
    return ai.comprehend.describe_dataset(dataset_arn=made.dataset_arn).dataset_properties


def test_a_dataset_is_copied_into_the_lake_and_counted(ai: Any, mock: Mock) -> None:
    arn = wheel(ai, mock)
    found = dataset(ai, arn, "first", CSV)
    assert (found.status, found.number_of_documents) == ("COMPLETED", 40)
    place = found.dataset_s3_uri.removeprefix("s3://")
    assert mock.s3[f"{place}spam.csv"] == mock.s3["training/spam.csv"]
    missing = {**CSV, "DocumentClassifierInputDataConfig": {"S3Uri": "s3://training/none"}}
    failed = dataset(ai, arn, "missing", missing)
    assert (failed.status, failed.number_of_documents) == ("FAILED", None)
    assert failed.message
    with pytest.raises(BadRequestError):
        dataset(ai, arn, "wrong", {"EntityRecognizerInputDataConfig": MORE})


def test_a_flywheel_has_models_of_one_kind(ai: Any, mock: Mock) -> None:
    model, other = classifier(ai, "spam"), recognizer(ai, "devices")
    with pytest.raises(BadRequestError, match="follow from ActiveModelArn"):
        wheel(ai, mock, active_model_arn=model, model_type="DOCUMENT_CLASSIFIER")
    arn = wheel(ai, mock)
    with pytest.raises(BadRequestError, match="has no active model yet"):
        ai.comprehend.create_endpoint(endpoint_name="live", flywheel_arn=arn, desired_inference_units=1)
    with pytest.raises(BadRequestError, match="are of type DOCUMENT_CLASSIFIER"):
        ai.comprehend.update_flywheel(flywheel_arn=arn, active_model_arn=other)
    ai.comprehend.update_flywheel(flywheel_arn=arn, active_model_arn=model)


def test_a_dataset_can_be_of_augmented_manifests(ai: Any, mock: Mock) -> None:
    mock.s3["training/texts/0"] = "win a prize"
    entries = [
        {"source": "lunch tomorrow", "kind": 1, "kind-metadata": {"class-map": {"1": "ham"}}},
        {"source-ref": "s3://training/texts/0", "kind": [0], "kind-metadata": {"class-map": {"0": "spam"}}},
    ]
    mock.s3["training/kinds.manifest"] = "\n".join(map(json.dumps, entries * 10))
    manifests = [{"S3Uri": "s3://training/kinds.manifest", "AttributeNames": ["kind"]}]
    config = {"DataFormat": "AUGMENTED_MANIFEST", "AugmentedManifests": manifests}
    arn = wheel(ai, mock)
    found = dataset(ai, arn, "manifest", config)
    assert (found.status, found.number_of_documents) == ("COMPLETED", 20)
    place = found.dataset_s3_uri.removeprefix("s3://")
    assert f"{place}manifests/1/kinds.manifest" in mock.s3
    ai.comprehend.start_flywheel_iteration(flywheel_arn=arn, client_request_token="once")
    (turn,) = ai.comprehend.list_flywheel_iteration_history(flywheel_arn=arn).flywheel_iteration_properties_list
    assert turn.trained_model_metrics.average_accuracy == 1
    assert classifier_of(ai, turn.trained_model_arn).classifier_metadata.number_of_labels == 2
    other = ai.comprehend.create_flywheel(
        flywheel_name="other", data_access_role_arn=ROLE, data_lake_s3_uri="s3://lake/", task_config=TASK,
        model_type="DOCUMENT_CLASSIFIER",
    ).flywheel_arn  # fmt: skip
    with pytest.raises(BadRequestError, match="that of another flywheel"):
        ai.comprehend.start_flywheel_iteration(flywheel_arn=other, client_request_token="once")


def test_an_iteration_trains_a_version_and_measures_both(ai: Any, mock: Mock) -> None:
    active = classifier(ai, "spam", version_name="v1")
    arn = wheel(ai, mock, active_model_arn=active)
    dataset(ai, arn, "train", CSV)
    mock.s3["training/test.csv"] = "spam,claim your prize\nham,lunch tomorrow\n"
    tests = {**CSV, "DocumentClassifierInputDataConfig": {"S3Uri": "s3://training/test.csv"}}
    dataset(ai, arn, "test", tests, dataset_type="TEST")
    begun = ai.comprehend.start_flywheel_iteration(flywheel_arn=arn)
    reply = ai.comprehend.describe_flywheel_iteration(
        flywheel_arn=arn, flywheel_iteration_id=begun.flywheel_iteration_id
    )
    found = reply.flywheel_iteration_properties
    assert (found.status, found.evaluated_model_arn) == ("COMPLETED", active)
    assert found.message == "FULL_ITERATION: Flywheel iteration performed all functions successfully."
    assert found.trained_model_metrics.average_accuracy == found.evaluated_model_metrics.average_f1_score == 1
    assert found.trained_model_arn.startswith(f"{ARN}document-classifier/spam/version/Comprehend-Generated-v1-")
    model = classifier_of(ai, found.trained_model_arn)
    assert (model.status, model.flywheel_arn) == ("TRAINED", arn)
    described = ai.comprehend.describe_flywheel(flywheel_arn=arn).flywheel_properties
    assert described.latest_flywheel_iteration == begun.flywheel_iteration_id
    assert described.active_model_arn == active, "until it is updated"
    ai.comprehend.update_flywheel(flywheel_arn=arn, active_model_arn=found.trained_model_arn)
    again = ai.comprehend.start_flywheel_iteration(flywheel_arn=arn).flywheel_iteration_id
    history = ai.comprehend.list_flywheel_iteration_history(flywheel_arn=arn).flywheel_iteration_properties_list
    assert [one.flywheel_iteration_id for one in history] == [begun.flywheel_iteration_id, again]
    assert history[1].evaluated_model_arn == found.trained_model_arn
    with pytest.raises(NotFoundError):
        ai.comprehend.describe_flywheel_iteration(flywheel_arn=arn, flywheel_iteration_id="20200101T000000Z")


def test_a_flywheel_without_a_model_makes_its_first(ai: Any, mock: Mock) -> None:
    types = {"EntityRecognitionConfig": {"EntityTypes": DEVICE["EntityTypes"]}, "LanguageCode": "en"}
    arn = wheel(ai, mock, model_type="ENTITY_RECOGNIZER", task_config=types)
    dataset(ai, arn, "train", {"EntityRecognizerInputDataConfig": MORE})
    ai.comprehend.start_flywheel_iteration(flywheel_arn=arn)
    (found,) = ai.comprehend.list_flywheel_iteration_history(flywheel_arn=arn).flywheel_iteration_properties_list
    assert (found.status, found.evaluated_model_arn) == ("COMPLETED", None)
    assert found.trained_model_metrics.average_recall == 1
    ai.comprehend.update_flywheel(flywheel_arn=arn, active_model_arn=found.trained_model_arn)
    live = ai.comprehend.create_endpoint(endpoint_name="live", flywheel_arn=arn, desired_inference_units=1)
    entities = ai.comprehend.detect_entities(text=f"My {DEVICES[0]}", endpoint_arn=live.endpoint_arn).entities
    assert [entity.text for entity in entities] == [DEVICES[0]]


def test_an_iteration_without_data_fails(ai: Any, mock: Mock) -> None:
    arn = wheel(ai, mock)
    ai.comprehend.start_flywheel_iteration(flywheel_arn=arn)
    (found,) = ai.comprehend.list_flywheel_iteration_history(flywheel_arn=arn).flywheel_iteration_properties_list
    assert (found.status, found.trained_model_arn) == ("FAILED", None)
    assert "TRAIN" in found.message


def test_iterations_run_one_at_a_time() -> None:
    clock = Clock.manual()
    mock = trainable(Mock(clock=clock))
    with AI(backend=mock) as ai:
        arn = wheel(ai, mock)
        with pytest.raises(ConflictError):
            ai.comprehend.start_flywheel_iteration(flywheel_arn=arn)
        clock.advance(hours=1)
        ai.comprehend.create_dataset(flywheel_arn=arn, dataset_name="train", input_data_config=CSV)
        clock.advance(hours=1)
        first = ai.comprehend.start_flywheel_iteration(flywheel_arn=arn, client_request_token="once")
        assert first.flywheel_iteration_id == clock.now().strftime("%Y%m%dT%H%M%SZ")
        same = ai.comprehend.start_flywheel_iteration(flywheel_arn=arn, client_request_token="once")
        assert same.flywheel_iteration_id == first.flywheel_iteration_id
        with pytest.raises(ConflictError) as caught:
            ai.comprehend.start_flywheel_iteration(flywheel_arn=arn)
        assert caught.value.code == "ResourceInUseException"
        with pytest.raises(ConflictError):
            ai.comprehend.delete_flywheel(flywheel_arn=arn)
        clock.advance(hours=3)
        second = ai.comprehend.start_flywheel_iteration(flywheel_arn=arn).flywheel_iteration_id
        assert second > first.flywheel_iteration_id
        history = ai.comprehend.list_flywheel_iteration_history(flywheel_arn=arn).flywheel_iteration_properties_list
        assert [one.status for one in history] == ["COMPLETED", "TRAINING"]


def turned(ai: Any, arn: str) -> Any:
    """An iteration of a flywheel, ended; its properties."""
    begun = ai.comprehend.start_flywheel_iteration(flywheel_arn=arn).flywheel_iteration_id
    reply = ai.comprehend.describe_flywheel_iteration(flywheel_arn=arn, flywheel_iteration_id=begun)
    return reply.flywheel_iteration_properties


def active(ai: Any, arn: str) -> str:
    return str(ai.comprehend.describe_flywheel(flywheel_arn=arn).flywheel_properties.active_model_arn)


def promoted(ai: Any, arn: str, turn: Any) -> bool:
    """Make the new version the active one if it is better than the one before, as AWS's guide has it."""
    better = turn.trained_model_metrics.average_f1_score > turn.evaluated_model_metrics.average_f1_score
    if better:
        ai.comprehend.update_flywheel(flywheel_arn=arn, active_model_arn=turn.trained_model_arn)
    return bool(better)


FURTHER = "spam,your parcel waits at customs\nspam,pay the parcel fee\nham,the parcel of books came\nham,thanks for the parcel\n"
NEW_SPAM = "your parcel waits: pay the customs fee"


def further(mock: Mock, name: str, text: str) -> dict[str, Any]:
    mock.s3[f"training/{name}.csv"] = text
    return {**CSV, "DocumentClassifierInputDataConfig": {"S3Uri": f"s3://training/{name}.csv"}}


def test_a_promoted_version_answers_differently_and_a_worse_one_is_not_promoted(ai: Any, mock: Mock) -> None:
    first = classifier(ai, "spam", version_name="v1")
    arn = wheel(ai, mock, active_model_arn=first)
    live = endpoint(ai, first)
    before = ai.comprehend.classify_document(text=NEW_SPAM, endpoint_arn=live)
    dataset(ai, arn, "train", further(mock, "new", examples() + FURTHER * 10))
    dataset(ai, arn, "test", further(mock, "test", examples(5, 5) + FURTHER * 3), dataset_type="TEST")
    turn = turned(ai, arn)
    assert promoted(ai, arn, turn)
    assert active(ai, arn) == turn.trained_model_arn != first
    ai.comprehend.update_endpoint(endpoint_arn=live, desired_model_arn=active(ai, arn))
    after = ai.comprehend.classify_document(text=NEW_SPAM, endpoint_arn=live)
    assert after.classes[0].name == "spam"
    assert after.classes[0].score > {one.name: one.score for one in before.classes}["spam"] + 0.2
    wrong = examples(60, 60).replace("spam,", "-,").replace("ham,", "spam,").replace("-,", "ham,")
    dataset(ai, arn, "wrong", further(mock, "wrong", wrong * 3))
    worse = turned(ai, arn)
    assert worse.evaluated_model_arn == turn.trained_model_arn
    assert not promoted(ai, arn, worse)
    assert active(ai, arn) == turn.trained_model_arn


def test_labels_that_come_later_are_not_the_flywheels(ai: Any, mock: Mock) -> None:
    arn = wheel(ai, mock, active_model_arn=classifier(ai, "spam"))
    advert = "".join(f"advert,buy shoes for {number}\n" for number in range(20))
    dataset(ai, arn, "train", further(mock, "more", examples() + advert))
    turn = turned(ai, arn)
    assert turn.status == "COMPLETED"
    assert classifier_of(ai, turn.trained_model_arn).classifier_metadata.number_of_labels == 2


# What is committed.


def shuffled(text: bytes) -> str:
    """The rows of a file with their labels permuted."""
    rows = list(csv.reader(text.decode("utf-8").splitlines()))
    labels = [label for label, _ in rows]
    random.Random(2).shuffle(labels)
    written = io.StringIO()
    csv.writer(written).writerows([(label, told) for label, (_, told) in zip(labels, rows, strict=True)])
    return written.getvalue()


def test_the_committed_classes_are_told_held_out_and_permuted_ones_are_not(ai: Any, mock: Mock) -> None:
    mock.s3["training/requests.csv"] = b"\xef\xbb\xbf" + REQUESTS.read_bytes()
    mock.s3["training/permuted.csv"] = shuffled(REQUESTS.read_bytes())
    right, permuted = (
        classifier_of(ai, classifier(ai, name, {"S3Uri": f"s3://training/{name}.csv"})).classifier_metadata
        for name in ("requests", "permuted")
    )
    assert (right.number_of_labels, right.number_of_trained_documents, right.number_of_test_documents) == (3, 324, 36)
    assert right.evaluation_metrics.accuracy >= 0.85
    assert right.evaluation_metrics.f1_score >= 0.85
    assert right.evaluation_metrics.hamming_loss == pytest.approx(1 - right.evaluation_metrics.accuracy, abs=1e-3)
    assert permuted.evaluation_metrics.accuracy < 0.6


def test_a_test_set_has_every_label(ai: Any, mock: Mock) -> None:
    mock.s3["training/test.csv"] = "spam,claim your prize\n"
    found = classifier_of(ai, classifier(ai, "spam", {**SPAM, "TestS3Uri": "s3://training/test.csv"}))
    assert found.status == "IN_ERROR"
    assert "an example of each label" in found.message
