"""One event judged by one version of a detector: scores of its models, then its rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiservices_mocks.engines import detector_rules, fraud_scores
from aiservices_mocks.store import Record

if TYPE_CHECKING:
    from aiservices_mocks.service import Service

_TRUTHS = {"true": True, "false": False}


class EventError(ValueError):
    """An event that cannot be judged; the text says why."""


@dataclass(frozen=True)
class Judgement:
    """What came out."""

    values: Mapping[str, Any]
    """The variables of the event type and the scores, as rules see them."""
    scores: Sequence[Mapping[str, Any]]
    """Per model version its members and `score`."""
    rules: Sequence[Mapping[str, Any]]
    """Per rule what is known of it, and whether it was evaluated and matched."""

    @property
    def outcomes(self) -> list[str]:
        """The outcomes of the rules that matched, each once."""
        return list(dict.fromkeys(outcome for rule in self.rules if rule["matched"] for outcome in rule["outcomes"]))


def judge(service: Service, version: Record, event_type: Record, variables: Mapping[str, str]) -> Judgement:
    """Judge an event. EventError when the value of a variable is none of its type."""
    values = {name: _typed(service, name, variables.get(name)) for name in event_type["members"]["eventVariables"]}
    scores = [_scored(service, one, variables) for one in version["members"].get("modelVersions", ())]
    values |= {f"{one['modelId']}_insightscore": one["score"] for one in scores}
    return Judgement(values, scores, _evaluated(service, version, values))


def _typed(service: Service, name: str, text: str | None) -> Any:
    """The value of a variable, or its default."""
    variable = service.keepers["Variable"].find({"name": name})
    if variable is None:
        return text
    members = variable["members"]
    kind = members["dataType"]
    text = members["defaultValue"] if text is None or text == "" else text
    try:
        if kind == "INTEGER":
            return int(text)
        if kind == "FLOAT":
            return float(text)
        if kind == "BOOLEAN":
            return _TRUTHS[text.lower()]
    except (ValueError, KeyError) as error:
        raise EventError(f"The value of the variable {name} is not of the type {kind}.") from error
    return text


def _scored(service: Service, named: Mapping[str, str], variables: Mapping[str, str]) -> dict[str, Any]:
    model = service.keepers["ModelVersion"].named("GetModelVersion", named)["members"]["model"]
    return {
        **named,
        "score": fraud_scores.score(model, variables),
        "impacts": fraud_scores.impacts(model, variables),
    }


def _evaluated(service: Service, version: Record, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    members, found, over = version["members"], [], False
    lists = {one["members"]["name"]: one["members"]["elements"] for one in service.keepers["List"].all({})}
    now = service.world.clock.now()
    for named in members["rules"]:
        rule = service.keepers["Rule"].named("GetRules", named)["members"]
        matched = not over and detector_rules.read(rule["expression"]).holds(values, lists, now)
        found.append(
            {
                "ruleId": rule["ruleId"],
                "ruleVersion": rule["ruleVersion"],
                "expression": rule["expression"],
                "expressionWithValues": detector_rules.with_values(rule["expression"], values),
                "outcomes": rule["outcomes"],
                "evaluated": not over,
                "matched": matched,
            }
        )
        over = over or (matched and members["ruleExecutionMode"] == "FIRST_MATCHED")
    return found
