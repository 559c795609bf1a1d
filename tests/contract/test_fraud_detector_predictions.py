"""Events that Fraud Detector judges, stores and learns from, on every backend of the rig."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from aiservices_mocks import Mock

from aiservices.api.model import snake
from aiservices.errors import BadRequestError, ConflictError, NotFoundError, ServiceError
from tests.mocks.fraud import HEADER, KIND, ROLE, SCHEMA, event, shop, training

MODEL = {"model_id": "scores", "model_type": KIND}


def predict(ai: Any, price: str, country: str = "US", **further: Any) -> Any:
    request = {snake(name): value for name, value in event(price, country).items()}
    return ai.fraud_detector.get_event_prediction(**{**request, **further})


def matched(reply: Any) -> list[str]:
    return [result.rule_id for result in reply.rule_results]


@pytest.mark.parametrize(("mode", "dear"), [("FIRST_MATCHED", ["rule-0"]), ("ALL_MATCHED", ["rule-0", "rule-2"])])
def test_rules_are_evaluated_in_order(ai: Any, mock: Mock, mode: str, dear: list[str]) -> None:
    shop(mock, '$price > 100 and $country in ["US", "CA"]', "$price < 10", "true", mode=mode)
    reply = predict(ai, "500")
    assert matched(reply) == dear
    assert reply.rule_results[0].outcomes == ["outcome-0"]
    assert (reply.model_scores, reply.meta.engine) == ([], "detector-rules")
    assert matched(predict(ai, "500", "XX")) == ["rule-2"]
    assert matched(predict(ai, "1"))[0] == "rule-1"


def test_a_variable_that_is_not_sent_has_its_default(ai: Any, mock: Mock) -> None:
    shop(mock, '$price == 0 and $country == "unknown"', "true")
    assert matched(predict(ai, "0", event_variables={"price": "0"})) == ["rule-0"]


def test_rules_know_lists(ai: Any, mock: Mock) -> None:
    ai.fraud_detector.create_list(name="bad", elements=["XX"])
    shop(mock, "$country in @bad", "true")
    assert matched(predict(ai, "1", "XX")) == ["rule-0"]
    ai.fraud_detector.update_list(name="bad", elements=["YY"])
    assert matched(predict(ai, "1", "XX")) == ["rule-1"]
    with pytest.raises(ConflictError):
        ai.fraud_detector.delete_list(name="bad")
    ai.fraud_detector.create_list(name="free")
    ai.fraud_detector.delete_list(name="free")
    with pytest.raises(NotFoundError):
        ai.fraud_detector.get_list_elements(name="free")


@pytest.mark.parametrize("expression", ["$price >", "$price", "1 + 1", "$weight > 1", "$country in @none", "((" * 60])
def test_a_rule_that_cannot_be_evaluated_is_refused(ai: Any, mock: Mock, expression: str) -> None:
    shop(mock, "true")
    rule = {"detector_id": "shop", "expression": expression, "language": "DETECTORPL", "outcomes": ["outcome-0"]}
    with pytest.raises(BadRequestError):
        ai.fraud_detector.create_rule(rule_id="new", **rule)
    named = {"detectorId": "shop", "ruleId": "rule-0", "ruleVersion": "1"}
    with pytest.raises(BadRequestError):
        ai.fraud_detector.update_rule_version(
            rule=named, expression=expression, language="DETECTORPL", outcomes=["outcome-0"]
        )


def test_what_cannot_be_judged_is_refused(ai: Any, mock: Mock) -> None:
    shop(mock, "true")
    for wrong in (
        {"event_variables": {"weight": "1"}},
        {"event_variables": {"price": "much"}},
        {"event_timestamp": "yesterday, at noon"},
        {"entities": [{"entityType": "robot", "entityId": "r"}]},
    ):
        with pytest.raises(BadRequestError):
            predict(ai, "1", **wrong)
    for missing in ({"detector_id": "none"}, {"detector_version_id": "7"}, {"event_type_name": "none"}):
        with pytest.raises(NotFoundError):
            predict(ai, "1", **missing)
    ai.fraud_detector.update_detector_version_status(detector_id="shop", detector_version_id="1", status="INACTIVE")
    with pytest.raises(NotFoundError):
        predict(ai, "1")
    assert matched(predict(ai, "1", detector_version_id="1")) == ["rule-0"]
    assert ai.fraud_detector.list_event_predictions().event_prediction_summaries[0].event_id == "e-1"


def test_predictions_are_kept_listed_and_explained(ai: Any, mock: Mock) -> None:
    shop(mock, "$price > 100", "$price > 10", "true")
    for number, price in enumerate(("500", "50", "5")):
        predict(ai, price, event_id=f"e-{number}")
        mock.clock.advance(hours=1)
    fraud = ai.fraud_detector
    listed = fraud.list_event_predictions().event_prediction_summaries
    assert [one.event_id for one in listed] == ["e-0", "e-1", "e-2"]
    times = {"startTime": listed[1].prediction_timestamp, "endTime": listed[2].prediction_timestamp}
    later = fraud.list_event_predictions(prediction_time_range=times, event_type={"value": "sale"})
    assert [one.event_id for one in later.event_prediction_summaries] == ["e-1", "e-2"]
    for none in ({"event_id": {"value": "e-9"}}, {"detector_version_id": {"value": "2"}}):
        assert fraud.list_event_predictions(**none).event_prediction_summaries == []
    for number in range(60):
        predict(ai, "1", event_id=f"f-{number}")
    first = fraud.list_event_predictions(max_results=50)
    rest = fraud.list_event_predictions(max_results=50, next_token=first.next_token)
    assert (len(first.event_prediction_summaries), len(rest.event_prediction_summaries)) == (50, 13)
    with pytest.raises(BadRequestError):
        fraud.list_event_predictions(next_token=first.next_token, event_type={"value": "sale"})
    one = listed[1]
    named = {name: getattr(one, name) for name in ("event_id", "event_type_name", "detector_id", "detector_version_id")}
    found = fraud.get_event_prediction_metadata(**named, prediction_timestamp=one.prediction_timestamp)
    assert (found.entity_id, found.outcomes, found.rule_execution_mode) == ("c-1", ["outcome-1"], "FIRST_MATCHED")
    assert [(rule.evaluated, rule.matched) for rule in found.rules] == [(True, False), (True, True), (False, False)]
    assert found.rules[1].expression_with_values == "50.0 > 10"
    assert {variable.name: variable.value for variable in found.event_variables} == {"price": "50", "country": "US"}
    with pytest.raises(NotFoundError):
        fraud.get_event_prediction_metadata(**named, prediction_timestamp=times["endTime"])


def test_what_was_said_of_an_event_goes_with_it_when_asked(ai: Any, mock: Mock) -> None:
    shop(mock, "true")
    for name in ("e-1", "e-2", "e-3"):
        predict(ai, "1", event_id=name)
    fraud = ai.fraud_detector
    fraud.delete_event(event_id="e-1", event_type_name="sale")
    fraud.delete_event(event_id="e-2", event_type_name="sale", delete_audit_history=True)
    fraud.update_detector_version_status(detector_id="shop", detector_version_id="1", status="INACTIVE")
    fraud.delete_detector_version(detector_id="shop", detector_version_id="1")
    left = fraud.list_event_predictions().event_prediction_summaries
    assert [one.event_id for one in left] == ["e-1", "e-3"]
    with pytest.raises(NotFoundError):
        fraud.get_event(event_id="e-1", event_type_name="sale")


def test_an_event_is_stored_that_its_type_allows(ai: Any, mock: Mock) -> None:
    shop(mock, "true")
    sent = {snake(name): value for name, value in event("12").items() if name != "detectorId"}
    fraud = ai.fraud_detector
    for wrong in (
        {"event_variables": {"weight": "1"}},
        {"event_timestamp": "yesterday, at noon"},
        {"entities": [{"entityType": "robot", "entityId": "r"}]},
        {"assigned_label": "odd"},
    ):
        with pytest.raises((BadRequestError, NotFoundError)):
            fraud.send_event(**{**sent, **wrong})
    fraud.send_event(**sent, assigned_label="legit", label_timestamp="2026-01-02T00:00:00Z")
    with pytest.raises(ConflictError):
        fraud.send_event(**sent)
    fraud.put_event_type(
        name="sale", event_variables=["price", "country"], entity_types=["customer"], event_ingestion="DISABLED"
    )
    with pytest.raises(BadRequestError, match="DISABLED"):
        fraud.send_event(**{**sent, "event_id": "e-2"})
    predict(ai, "1", event_id="e-3")
    with pytest.raises(NotFoundError):
        fraud.get_event(event_id="e-3", event_type_name="sale")


def test_an_event_that_is_judged_is_stored(ai: Any, mock: Mock) -> None:
    shop(mock, "true")
    assert ai.fraud_detector.get_event_types(name="sale").event_types[0].ingested_event_statistics is None
    predict(ai, "12")
    stored = ai.fraud_detector.get_event(event_id="e-1", event_type_name="sale").event
    assert stored.event_variables == {"price": "12", "country": "US"}
    statistics = ai.fraud_detector.get_event_types(name="sale").event_types[0].ingested_event_statistics
    assert (statistics.number_of_events, statistics.event_data_size_in_bytes) == (1, len("price12countryUS"))
    assert statistics.most_recent_event == "2026-01-01T00:00:00Z"


def test_an_external_model_does_not_answer(ai: Any, mock: Mock) -> None:
    ai.fraud_detector.put_external_model(
        model_endpoint="own",
        model_source="SAGEMAKER",
        invoke_model_endpoint_role_arn=ROLE,
        input_configuration={"useEventVariables": True},
        output_configuration={"format": "TEXT_CSV"},
        model_endpoint_status="ASSOCIATED",
    )
    shop(mock, "true", externalModelEndpoints=["own"])
    with pytest.raises(ServiceError) as caught:
        predict(ai, "1")
    assert caught.value.code == "ResourceUnavailableException"


# Jobs


def job(ai: Any, kind: str, content: str | None, mock: Mock, **further: Any) -> Any:
    """A batch job that has ended."""
    if content is not None:
        mock.s3["events/in.csv"] = content
    if "events" not in mock.s3.buckets():
        mock.s3.make_bucket("events")
    paths = {"input_path": "s3://events/in.csv", "output_path": "s3://events/out/", "iam_role_arn": ROLE}
    getattr(ai.fraud_detector, f"create_batch_{kind}_job")(job_id=kind, event_type_name="sale", **{**paths, **further})
    listed = getattr(ai.fraud_detector, f"get_batch_{kind}_jobs")(job_id=kind)
    (shown,) = listed.batch_imports if kind == "import" else listed.batch_predictions
    return shown


def test_a_file_of_events_is_imported(ai: Any, mock: Mock) -> None:
    shop(mock, "true")
    rows = [
        "a,2025-06-01T00:00:00Z,c-1,customer,fraud,2025-06-02T00:00:00Z,5,US",
        "b,2025-05-01T00:00:00Z,c-1,customer,,,5,",
        "c,last week,c-1,customer,,,5,US",
        "d,2025-06-01T00:00:00Z,c-1,robot,,,5,US",
        "e,2025-06-01T00:00:00Z,c-1,customer,odd,2025-06-02T00:00:00Z,5,US",
    ]
    done = job(ai, "import", "\n".join([HEADER, *rows]), mock)
    assert done.status == "COMPLETE"
    assert (done.processed_records_count, done.failed_records_count, done.total_records_count) == (2, 3, 5)
    assert done.completion_time > done.start_time
    event = ai.fraud_detector.get_event(event_id="a", event_type_name="sale").event
    assert (event.current_label, event.label_timestamp) == ("fraud", "2025-06-02T00:00:00Z")
    statistics = ai.fraud_detector.get_event_types(name="sale").event_types[0].ingested_event_statistics
    assert (statistics.number_of_events, statistics.least_recent_event) == (2, "2025-05-01T00:00:00Z")
    (key,) = mock.s3.keys("events", "out/")
    wrong = list(csv.DictReader(io.StringIO(mock.s3.get("events", key).decode())))
    assert [row["EVENT_ID"] for row in wrong] == ["c", "d", "e"]
    assert all(row["ERROR"] for row in wrong)
    ai.fraud_detector.update_event_label(
        event_id="b", event_type_name="sale", assigned_label="legit", label_timestamp="2025-06-02T00:00:00Z"
    )
    ai.fraud_detector.delete_event(event_id="a", event_type_name="sale")
    ai.fraud_detector.delete_batch_import_job(job_id="import")
    with pytest.raises(NotFoundError):
        ai.fraud_detector.get_batch_import_jobs(job_id="import")


@pytest.mark.parametrize(
    ("kind", "content", "reason"),
    [
        ("import", None, "could not be read"),
        ("import", "EVENT_ID,price,country\n", "missing the following headers: EVENT_TIMESTAMP"),
        ("prediction", None, "could not be read"),
        ("prediction", "price\n5\n", "missing the following headers: EVENT_TIMESTAMP"),
    ],
)
def test_a_job_fails_with_its_reason(ai: Any, mock: Mock, kind: str, content: str | None, reason: str) -> None:
    shop(mock, "true")
    done = job(ai, kind, content, mock, **({"detector_name": "shop"} if kind == "prediction" else {}))
    assert done.status == "FAILED"
    assert reason in done.failure_reason


def test_a_file_of_events_is_judged(ai: Any, mock: Mock) -> None:
    shop(mock, "$price > 100", "true")
    content = "EVENT_ID,EVENT_TIMESTAMP,price\na,2026-01-01T00:00:00Z,500\nb,2026-01-01T00:00:00Z,much\nc,now,5\n"
    done = job(ai, "prediction", content, mock, detector_name="shop", detector_version="1")
    assert (done.status, done.processed_records_count, done.total_records_count) == ("COMPLETE", 1, 3)
    assert (done.detector_version, done.last_heartbeat_time) == ("1.0", done.completion_time)
    (key,) = mock.s3.keys("events", "out/")
    rows = list(csv.DictReader(io.StringIO(mock.s3.get("events", key).decode())))
    assert list(rows[0]) == [
        "EVENT_ID",
        "EVENT_TIMESTAMP",
        "price",
        "MODEL_SCORES",
        "OUTCOMES",
        "STATUS",
        "RULE_RESULTS",
    ]
    assert (rows[0]["STATUS"], json.loads(rows[0]["OUTCOMES"])) == ("SUCCESS", ["outcome-0"])
    assert json.loads(rows[0]["RULE_RESULTS"]) == ["rule-0"]
    assert "price" in rows[1]["STATUS"]
    assert "EVENT_TIMESTAMP" in rows[2]["STATUS"]


def test_one_prediction_job_runs_at_a_time_and_can_be_cancelled(ai: Any, mock: Mock) -> None:
    shop(mock, "true")
    mock.s3["events/in.csv"] = "EVENT_TIMESTAMP\n"
    common = {
        "event_type_name": "sale",
        "detector_name": "shop",
        "input_path": "s3://events/in.csv",
        "output_path": "s3://events/out/",
        "iam_role_arn": ROLE,
    }
    fraud = ai.fraud_detector
    fraud.create_batch_prediction_job(job_id="one", **common)
    with pytest.raises(BadRequestError, match="in progress"):
        fraud.create_batch_prediction_job(job_id="two", **common)
    fraud.cancel_batch_prediction_job(job_id="one")
    fraud.create_batch_prediction_job(job_id="two", **common)
    found = {one.job_id: one.status for one in fraud.get_batch_prediction_jobs().batch_predictions}
    assert found == {"one": "CANCELED", "two": "COMPLETE"}
    fraud.delete_batch_prediction_job(job_id="one")
    assert [one.job_id for one in fraud.get_batch_prediction_jobs().batch_predictions] == ["two"]
    for wrong in ({"detector_name": "none"}, {"event_type_name": "none"}, {"detector_version": "9"}):
        with pytest.raises(NotFoundError):
            fraud.create_batch_prediction_job(job_id="three", **{**common, **wrong})
    fraud.create_batch_import_job(job_id="four", **{name: common[name] for name in common if name != "detector_name"})
    fraud.cancel_batch_import_job(job_id="four")
    assert fraud.get_batch_import_jobs(job_id="four").batch_imports[0].status == "CANCELED"


# Models


def versioned(ai: Any, source: str, **details: Any) -> Any:
    """What is shown of a model version whose training has ended."""
    fraud = ai.fraud_detector
    fraud.create_model(**MODEL, event_type_name="sale")
    fraud.create_model_version(**MODEL, training_data_source=source, training_data_schema=SCHEMA, **details)
    return fraud.describe_model_versions(**MODEL).model_version_details[0]


def test_a_model_says_where_its_events_are(ai: Any, mock: Mock) -> None:
    shop(mock, "true")
    ai.fraud_detector.create_model(**MODEL, event_type_name="sale")
    version = {**MODEL, "training_data_schema": SCHEMA}
    for source, detail in (("EXTERNAL_EVENTS", "externalEventsDetail"), ("INGESTED_EVENTS", "ingestedEventsDetail")):
        with pytest.raises(BadRequestError, match=detail):
            ai.fraud_detector.create_model_version(**version, training_data_source=source)
    window = {"startTime": "in January 2025", "endTime": "2025-12-31T00:00:00Z"}
    with pytest.raises(BadRequestError, match="ISO 8601"):
        ai.fraud_detector.create_model_version(
            **version,
            training_data_source="INGESTED_EVENTS",
            ingested_events_detail={"ingestedEventsTimeWindow": window},
        )


def external(name: str) -> dict[str, Any]:
    return {"external_events_detail": {"dataLocation": f"s3://events/{name}", "dataAccessRoleArn": ROLE}}


def test_a_model_learns_scores_and_explains(ai: Any, mock: Mock) -> None:
    shop(mock, "true")
    mock.s3["events/training.csv"] = training(10_000)
    version = versioned(ai, "EXTERNAL_EVENTS", **external("training.csv"))
    assert version.status == "TRAINING_COMPLETE"
    assert version.training_result.training_metrics.auc > 0.85
    assert version.training_result_v2.training_metrics_v2.ofi.model_performance.auc > 0.85
    ai.fraud_detector.update_model_version(**MODEL, major_version_number="1", **external("none.csv"))
    again = ai.fraud_detector.describe_model_versions(**MODEL, model_version_number="1.01").model_version_details[0]
    assert (again.status, again.training_result.training_metrics) == ("ERROR", None), "it does not learn from before"
    odds = {one.variable_name for one in version.training_result.variable_importance_metrics.log_odds_metrics}
    assert odds == {"price", "country"}
    named = {**MODEL, "model_version_number": "1.0"}
    own = {"modelId": "scores", "modelType": KIND, "modelVersionNumber": "1.0"}
    ai.fraud_detector.create_rule(
        rule_id="scored",
        detector_id="shop",
        expression="$scores_insightscore > 500",
        language="DETECTORPL",
        outcomes=["outcome-0"],
    )
    rule = {"detectorId": "shop", "ruleId": "scored", "ruleVersion": "1"}
    ai.fraud_detector.create_detector_version(detector_id="shop", rules=[rule], model_versions=[own])
    with pytest.raises(ConflictError):
        predict(ai, "900", "XX", detector_version_id="2")
    ai.fraud_detector.update_model_version_status(**named, status="ACTIVE")
    assert ai.fraud_detector.get_model_version(**named).status == "ACTIVE"
    bad, good = (
        predict(ai, *one, detector_version_id="2", event_id=one[1].lower()) for one in (("950", "XX"), ("5", "US"))
    )
    scores = [reply.model_scores[0].scores["scores_insightscore"] for reply in (bad, good)]
    assert scores[0] > 500 > scores[1]
    assert (matched(bad), matched(good)) == (["scored"], [])
    (kept,) = ai.fraud_detector.list_event_predictions(event_id={"value": "xx"}).event_prediction_summaries
    found = ai.fraud_detector.get_event_prediction_metadata(
        event_id="xx",
        event_type_name="sale",
        detector_id="shop",
        detector_version_id="2",
        prediction_timestamp=kept.prediction_timestamp,
    )
    told = found.evaluated_model_versions[0].evaluations[0]
    assert float(told.evaluation_score) == scores[0]
    impacts = told.prediction_explanations.variable_impact_explanations
    assert all(one.log_odds_impact > 0 for one in impacts)


def test_a_model_learns_from_stored_events_of_a_time(ai: Any, mock: Mock) -> None:
    shop(mock, "true")
    assert job(ai, "import", training(12_000), mock).processed_records_count == 12_000
    window = {"startTime": "2025-01-01T00:00:00Z", "endTime": "2025-12-31T00:00:00Z"}
    detail = {"ingestedEventsTimeWindow": window}
    version = versioned(ai, "INGESTED_EVENTS", ingested_events_detail=detail)
    assert version.status == "TRAINING_COMPLETE"
    window["endTime"] = "2025-06-30T00:00:00Z"
    ai.fraud_detector.update_model_version(**MODEL, major_version_number="1", ingested_events_detail=detail)
    later = ai.fraud_detector.describe_model_versions(**MODEL, model_version_number="1.01").model_version_details[0]
    assert later.status == "ERROR"
    (message,) = later.training_result.data_validation_metrics.file_level_messages
    assert (message.type, message.content) == ("ERROR", "There are 6000 events to train with, and 10000 are needed.")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "could not be read"),
        ("price,country\n", "EVENT_TIMESTAMP"),
        (training(300), "There are 300 events"),
        (training(10_000).replace(",fraud,", ",legit,"), "There are 0 events of fraud"),
    ],
)
def test_a_model_is_in_error_without_enough_to_learn_from(
    ai: Any, mock: Mock, content: str | None, reason: str
) -> None:
    shop(mock, "true")
    if content:
        mock.s3["events/training.csv"] = content
    version = versioned(ai, "EXTERNAL_EVENTS", **external("training.csv"))
    assert version.status == "ERROR"
    assert reason in version.training_result.data_validation_metrics.file_level_messages[0].content
    with pytest.raises(ConflictError):
        ai.fraud_detector.update_model_version_status(**MODEL, model_version_number="1.0", status="ACTIVE")
