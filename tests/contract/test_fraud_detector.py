"""What Fraud Detector keeps, on every backend of the rig."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from aiservices_mocks import Mock

from aiservices.errors import BadRequestError, ConflictError, NotFoundError
from tests.mocks.fraud import ROLE, SCHEMA, training

ARN = "arn:aws:frauddetector:us-east-1:123456789012:"
KIND = "ONLINE_FRAUD_INSIGHTS"


def variable(ai: Any, name: str, **members: Any) -> None:
    given = {"data_type": "FLOAT", "data_source": "EVENT", "default_value": "0"} | members
    ai.fraud_detector.create_variable(name=name, **given)


def event_type(ai: Any, name: str = "sale") -> None:
    variable(ai, f"{name}_price", variable_type="PRICE")
    for label in ("fraud", "legit"):
        ai.fraud_detector.put_label(name=label)
    ai.fraud_detector.put_entity_type(name="customer")
    ai.fraud_detector.put_event_type(
        name=name,
        event_variables=[f"{name}_price"],
        labels=["fraud", "legit"],
        entity_types=["customer"],
        event_ingestion="ENABLED",
    )


def detector(ai: Any, name: str = "shop") -> dict[str, str]:
    """A detector with one rule; what names the rule."""
    event_type(ai)
    ai.fraud_detector.put_outcome(name="review")
    ai.fraud_detector.put_detector(detector_id=name, event_type_name="sale")
    rule = ai.fraud_detector.create_rule(
        rule_id="dear",
        detector_id=name,
        expression="$sale_price > 1000",
        language="DETECTORPL",
        outcomes=["review"],
    ).rule
    return {"detectorId": rule.detector_id, "ruleId": rule.rule_id, "ruleVersion": rule.rule_version}


def model(ai: Any, mock: Mock, name: str = "scores") -> dict[str, str]:
    event_type(ai)
    mock.s3["events/training.csv"] = training(10_000).replace("price", "sale_price", 1)
    ai.fraud_detector.create_model(model_id=name, model_type=KIND, event_type_name="sale")
    version = ai.fraud_detector.create_model_version(
        model_id=name,
        model_type=KIND,
        training_data_source="EXTERNAL_EVENTS",
        training_data_schema={**SCHEMA, "modelVariables": ["sale_price"]},
        external_events_detail={"dataLocation": "s3://events/training.csv", "dataAccessRoleArn": ROLE},
    )
    assert (version.model_version_number, version.status) == ("1.0", "TRAINING_IN_PROGRESS")
    return {"model_id": name, "model_type": KIND, "model_version_number": "1.0"}


def version_status(ai: Any, named: dict[str, str]) -> str:
    return str(ai.fraud_detector.get_model_version(**named).status)


def test_a_second_put_replaces_and_keeps_what_is_the_things_own(ai: Any) -> None:
    ai.fraud_detector.put_label(name="fraud", description="bad", tags=[{"key": "a", "value": "1"}])
    first = ai.fraud_detector.get_labels(name="fraud").labels[0]
    ai.fraud_detector.put_label(name="fraud", tags=[{"key": "b", "value": "2"}])
    again = ai.fraud_detector.get_labels(name="fraud").labels[0]
    assert (first.description, again.description) == ("bad", None)
    assert (first.arn, first.created_time) == (again.arn, again.created_time)
    assert again.arn == f"{ARN}label/fraud"
    assert datetime.fromisoformat(again.last_updated_time).tzinfo == UTC
    tags = ai.fraud_detector.list_tags_for_resource(resource_arn=again.arn).tags
    assert {tag.key: tag.value for tag in tags} == {"a": "1", "b": "2"}


def test_a_get_lists_in_pages_and_misses_one_that_is_named(ai: Any) -> None:
    for number in range(12):
        ai.fraud_detector.put_entity_type(name=f"kind-{number:02}")
    first = ai.fraud_detector.get_entity_types(max_results=5)
    assert [one.name for one in first.entity_types] == [f"kind-{number:02}" for number in range(5)]
    assert len(list(ai.pages(ai.fraud_detector.get_entity_types))) == 12
    assert [one.name for one in ai.fraud_detector.get_entity_types(name="kind-07").entity_types] == ["kind-07"]
    with pytest.raises(NotFoundError):
        ai.fraud_detector.get_entity_types(name="kind-12")
    with pytest.raises(BadRequestError):
        ai.fraud_detector.get_entity_types(max_results=5, next_token="foreign")


def test_a_batch_of_variables_says_what_failed_and_makes_the_rest(ai: Any) -> None:
    variable(ai, "price")
    entry = {"dataType": "STRING", "dataSource": "EVENT", "defaultValue": ""}
    made = ai.fraud_detector.batch_create_variable(
        variable_entries=[
            {**entry, "name": "city", "defaultValue": "none"},
            {**entry, "name": "price", "defaultValue": "none"},
            {"name": "empty"},
            {**entry, "name": "odd", "defaultValue": "none", "dataType": "WORD"},
        ]
    )
    assert [error.name for error in made.errors] == ["price", "empty", "odd"]
    found = ai.fraud_detector.batch_get_variable(names=["city", "street", "price"])
    assert [one.name for one in found.variables] == ["city", "price"]
    assert [(error.name, error.code) for error in found.errors] == [("street", 404)]
    ai.fraud_detector.update_variable(name="city", description="of the buyer")
    changed = ai.fraud_detector.get_variables(name="city").variables[0]
    assert (changed.description, changed.data_type) == ("of the buyer", "STRING")


def test_what_is_used_cannot_be_deleted(ai: Any) -> None:
    rule = detector(ai)
    fraud = ai.fraud_detector
    for delete, name in (
        (fraud.delete_variable, "sale_price"),
        (fraud.delete_label, "fraud"),
        (fraud.delete_entity_type, "customer"),
        (fraud.delete_event_type, "sale"),
        (fraud.delete_outcome, "review"),
    ):
        with pytest.raises(ConflictError):
            delete(name=name)
    with pytest.raises(ConflictError):
        fraud.delete_detector(detector_id="shop")
    fraud.delete_rule(rule=rule)
    fraud.delete_detector(detector_id="shop")
    fraud.delete_event_type(name="sale")
    fraud.delete_variable(name="sale_price")
    with pytest.raises(NotFoundError):
        fraud.get_variables(name="sale_price")


def test_a_rule_has_versions_and_one_in_a_detector_version_stays(ai: Any) -> None:
    first = detector(ai)
    fraud = ai.fraud_detector
    changed = fraud.update_rule_version(
        rule=first, expression="$sale_price > 500", language="DETECTORPL", outcomes=["review"]
    ).rule
    assert (first["ruleVersion"], changed.rule_version) == ("1", "2")
    fraud.update_rule_metadata(rule=first, description="the old one")
    details = fraud.get_rules(detector_id="shop", rule_id="dear").rule_details
    assert [(one.rule_version, one.expression, one.description) for one in details] == [
        ("1", "$sale_price > 1000", "the old one"),
        ("2", "$sale_price > 500", None),
    ]
    with pytest.raises(BadRequestError):
        fraud.create_rule(
            rule_id="dear", detector_id="shop", expression="true", language="DETECTORPL", outcomes=["review"]
        )
    fraud.create_detector_version(detector_id="shop", rules=[first])
    with pytest.raises(ConflictError):
        fraud.delete_rule(rule=first)
    fraud.delete_rule(rule={**first, "ruleVersion": "2"})
    assert len(fraud.get_rules(detector_id="shop").rule_details) == 1


def test_one_version_of_a_detector_is_active_and_only_a_draft_changes(ai: Any) -> None:
    rule = detector(ai)
    fraud = ai.fraud_detector
    made = [fraud.create_detector_version(detector_id="shop", rules=[rule]) for _ in range(2)]
    assert [(one.detector_version_id, one.status) for one in made] == [("1", "DRAFT"), ("2", "DRAFT")]
    fraud.update_detector_version(
        detector_id="shop",
        detector_version_id="1",
        rules=[rule],
        external_model_endpoints=[],
        rule_execution_mode="ALL_MATCHED",
    )
    for number in ("1", "2"):
        fraud.update_detector_version_status(detector_id="shop", detector_version_id=number, status="ACTIVE")
    described = fraud.describe_detector(detector_id="shop")
    assert [(one.detector_version_id, one.status) for one in described.detector_version_summaries] == [
        ("1", "INACTIVE"),
        ("2", "ACTIVE"),
    ]
    assert described.arn == f"{ARN}detector/shop"
    assert fraud.get_detector_version(detector_id="shop", detector_version_id="1").rule_execution_mode == "ALL_MATCHED"
    with pytest.raises(BadRequestError):
        fraud.update_detector_version(
            detector_id="shop", detector_version_id="2", rules=[rule], external_model_endpoints=[]
        )
    with pytest.raises(BadRequestError):
        fraud.update_detector_version_status(detector_id="shop", detector_version_id="1", status="DRAFT")
    with pytest.raises(ConflictError):
        fraud.delete_detector_version(detector_id="shop", detector_version_id="2")
    fraud.update_detector_version_metadata(detector_id="shop", detector_version_id="2", description="in use")
    assert fraud.get_detector_version(detector_id="shop", detector_version_id="2").description == "in use"
    fraud.delete_detector_version(detector_id="shop", detector_version_id="1")
    assert fraud.create_detector_version(detector_id="shop", rules=[rule]).detector_version_id == "3"


def test_a_model_version_is_trained_deployed_and_taken_back(ai: Any, mock: Mock) -> None:
    named = model(ai, mock)
    fraud = ai.fraud_detector
    with pytest.raises(ConflictError):
        fraud.update_model_version_status(**named, status="ACTIVE")
    assert version_status(ai, named) == "TRAINING_COMPLETE"
    fraud.update_model_version_status(**named, status="ACTIVE")
    assert version_status(ai, named) == "ACTIVE"
    again = fraud.update_model_version(model_id="scores", model_type=KIND, major_version_number="1")
    assert again.model_version_number == "1.01"
    fraud.update_model_version_status(**{**named, "model_version_number": "1.01"}, status="TRAINING_CANCELLED")
    found = fraud.describe_model_versions(model_id="scores", model_type=KIND).model_version_details
    assert [(one.model_version_number, one.status) for one in found] == [
        ("1.0", "ACTIVE"),
        ("1.01", "TRAINING_CANCELLED"),
    ]
    assert found[0].training_data_schema.model_variables == ["sale_price"]
    fraud.delete_model(model_id="scores", model_type=KIND)
    assert fraud.describe_model_versions().model_version_details == []


def test_a_model_that_a_detector_version_has_stays(ai: Any, mock: Mock) -> None:
    named = model(ai, mock)
    fraud = ai.fraud_detector
    fraud.put_outcome(name="review")
    fraud.put_detector(detector_id="shop", event_type_name="sale")
    rule = fraud.create_rule(
        rule_id="all", detector_id="shop", expression="true", language="DETECTORPL", outcomes=["review"]
    ).rule
    version = {"modelId": "scores", "modelType": KIND, "modelVersionNumber": "1.0"}
    rules = [{"detectorId": "shop", "ruleId": rule.rule_id, "ruleVersion": rule.rule_version}]
    unknown = [{**version, "modelVersionNumber": "2.0"}]
    with pytest.raises(NotFoundError):
        fraud.create_detector_version(detector_id="shop", rules=rules, model_versions=unknown)
    fraud.create_detector_version(detector_id="shop", rules=rules, model_versions=[version])
    with pytest.raises(ConflictError):
        fraud.delete_model_version(**named)
    with pytest.raises(ConflictError):
        fraud.delete_model(model_id="scores", model_type=KIND)


def test_events_are_kept_labelled_and_deleted(ai: Any) -> None:
    event_type(ai)
    fraud = ai.fraud_detector
    for number in range(3):
        fraud.send_event(
            event_id=f"event-{number}",
            event_type_name="sale",
            event_timestamp="2026-01-31T12:00:00Z",
            event_variables={"sale_price": "12.5"},
            entities=[{"entityType": "customer", "entityId": "c-1"}],
        )
    named = {"event_id": "event-0", "event_type_name": "sale"}
    fraud.update_event_label(**named, assigned_label="fraud", label_timestamp="2026-02-01T12:00:00Z")
    event = fraud.get_event(**named).event
    assert (event.current_label, event.event_timestamp) == ("fraud", "2026-01-31T12:00:00Z")
    assert event.event_variables == {"sale_price": "12.5"}
    fraud.delete_event(**named)
    with pytest.raises(NotFoundError):
        fraud.get_event(**named)
    begun = fraud.delete_events_by_event_type(event_type_name="sale")
    assert begun.events_deletion_status == "IN_PROGRESS_INITIALIZING"
    with pytest.raises(ConflictError):
        fraud.delete_events_by_event_type(event_type_name="sale")
    assert fraud.get_delete_events_by_event_type_status(event_type_name="sale").events_deletion_status == "COMPLETE"
    with pytest.raises(NotFoundError):
        fraud.get_event(event_id="event-1", event_type_name="sale")
    fraud.delete_events_by_event_type(event_type_name="sale")


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("REPLACE", ["c", "d"]), ("APPEND", ["a", "b", "c", "d"]), ("REMOVE", ["a", "b"])],
)
def test_a_list_is_replaced_longer_or_shorter(ai: Any, mode: str, expected: list[str]) -> None:
    fraud = ai.fraud_detector
    fraud.create_list(name="words", elements=["a", "b", "c"], variable_type="FREE_FORM_TEXT")
    fraud.update_list(name="words", elements=["c", "d"], update_mode=mode)
    assert fraud.get_list_elements(name="words").elements == expected
    assert fraud.get_lists_metadata(name="words").lists[0].variable_type == "FREE_FORM_TEXT"
    with pytest.raises(BadRequestError):
        fraud.update_list(name="words", variable_type="PRICE")


def test_the_elements_of_a_list_come_in_pages(ai: Any) -> None:
    fraud = ai.fraud_detector
    elements = [f"element-{number}" for number in range(1200)]
    fraud.create_list(name="many", elements=elements)
    first = fraud.get_list_elements(name="many", max_results=500)
    second = fraud.get_list_elements(name="many", max_results=500, next_token=first.next_token)
    last = fraud.get_list_elements(name="many", max_results=500, next_token=second.next_token)
    assert [*first.elements, *second.elements, *last.elements] == elements
    assert last.next_token is None


def test_the_key_is_awss_own_until_another_is_put(ai: Any) -> None:
    key = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-1111-2222-3333-444455556666"
    assert ai.fraud_detector.get_kms_encryption_key().kms_key.kms_encryption_key_arn == "DEFAULT"
    ai.fraud_detector.put_kms_encryption_key(kms_encryption_key_arn=key)
    assert ai.fraud_detector.get_kms_encryption_key().kms_key.kms_encryption_key_arn == key
