"""Events for Fraud Detector: what is dear and from far away is fraud more often."""

from __future__ import annotations

from functools import cache
from typing import Any

from aiservices_mocks import Mock

from tests.mocks.worlds import ask

ROLE = "arn:aws:iam::123456789012:role/fraud"
SCHEMA = {
    "modelVariables": ["price", "country"],
    "labelSchema": {"labelMapper": {"FRAUD": ["fraud"], "LEGIT": ["legit"]}},
}
HEADER = "EVENT_ID,EVENT_TIMESTAMP,ENTITY_ID,ENTITY_TYPE,EVENT_LABEL,LABEL_TIMESTAMP,price,country"
KIND = "ONLINE_FRAUD_INSIGHTS"


@cache
def training(count: int) -> str:
    """A file of labelled events."""
    lines = [HEADER]
    for number in range(count):
        price, country = number * 37 % 1000, ("US", "CA", "XX")[number * 7 % 3]
        label = "fraud" if (price > 800 and country == "XX") or number % 97 == 0 else "legit"
        time = f"2025-{number % 12 + 1:02}-01T00:00:00Z"
        lines.append(f"event-{number},{time},c-{number % 50},customer,{label},{time},{price},{country}")
    return "\n".join(lines) + "\n"


def shop(mock: Mock, *expressions: str, mode: str = "FIRST_MATCHED", **version: Any) -> None:
    """An event type `sale`, and a detector `shop` whose version 1 has a rule for each expression.

    Rule `rule-0` has the outcome `outcome-0`, and so on.
    """
    for name, kind in (("price", "FLOAT"), ("country", "STRING")):
        source = {"dataSource": "EVENT", "defaultValue": "0" if kind == "FLOAT" else "unknown"}
        ask(mock, "frauddetector.CreateVariable", name=name, dataType=kind, **source)
    for label in ("fraud", "legit"):
        ask(mock, "frauddetector.PutLabel", name=label)
    ask(mock, "frauddetector.PutEntityType", name="customer")
    ask(
        mock,
        "frauddetector.PutEventType",
        name="sale",
        eventVariables=["price", "country"],
        labels=["fraud", "legit"],
        entityTypes=["customer"],
        eventIngestion="ENABLED",
    )
    ask(mock, "frauddetector.PutDetector", detectorId="shop", eventTypeName="sale")
    detect(mock, *expressions, mode=mode, **version)


def detect(mock: Mock, *expressions: str, mode: str = "FIRST_MATCHED", **version: Any) -> None:
    """A version of the detector with these rules, in use."""
    rules = []
    for number, expression in enumerate(expressions):
        ask(mock, "frauddetector.PutOutcome", name=f"outcome-{number}")
        rule = {"ruleId": f"rule-{number}", "detectorId": "shop", "expression": expression, "language": "DETECTORPL"}
        made = ask(mock, "frauddetector.CreateRule", **rule, outcomes=[f"outcome-{number}"])
        rules.append(made["rule"])
    named = {"detectorId": "shop"}
    made = ask(mock, "frauddetector.CreateDetectorVersion", **named, rules=rules, ruleExecutionMode=mode, **version)
    number = made["detectorVersionId"]
    ask(
        mock,
        "frauddetector.UpdateDetectorVersionStatus",
        **named,
        detectorVersionId=number,
        status="ACTIVE",
    )


def event(price: str, country: str = "US", id: str = "e-1") -> dict[str, Any]:
    """A request for a prediction."""
    return {
        "detectorId": "shop",
        "eventId": id,
        "eventTypeName": "sale",
        "entities": [{"entityType": "customer", "entityId": "c-1"}],
        "eventTimestamp": "2026-01-01T00:00:00Z",
        "eventVariables": {"price": price, "country": country},
    }
