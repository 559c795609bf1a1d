"""Test sets held against a bot: what it really makes of them, and what it cannot know."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from aiservices.call import Reply
from aiservices_mocks.resources import Resource
from aiservices_mocks.service import stateful
from aiservices_mocks.views import RECORD

from . import archive, downloads
from .asking import derived, failing, job
from .definition import Definition
from .dialog import Dialog, worded
from .runtime import LexRuntime
from .sessions import Address
from .workbench import TestSets
from .workbench_results import RESULTS, items_of, same, table

_TOP = 10
"""Errors that a report shows; its file has all."""


def _executed(service: TestRuns, members: Mapping[str, Any]) -> dict[str, Any]:
    """Say a test set to a bot, each conversation from its beginning."""
    with service.world.lock:
        definition = service.definition_of(members["target"])
        records = list(service.still("TestSet", members)["members"]["records"])
    turns = [turn for conversation in _conversations(records) for turn in _played(definition, conversation)]
    turns.sort(key=lambda turn: turn["recordNumber"])
    report = {"Results.csv": table(turns), "Results.json": json.dumps(turns, ensure_ascii=False, indent=2).encode()}
    name = f"test-executions/{members['testExecutionId']}/artifacts.zip"
    url = downloads.offer(service.world, name, archive.write(report), "application/zip")
    return {"results": turns, "artifacts": url}


def _compared(service: TestRuns, members: Mapping[str, Any]) -> dict[str, Any]:
    """What a test set expects that the bot does not have."""
    with service.world.lock:
        definition = service.definition_of(members["target"])
        records = service.still("TestSet", members)["members"]["records"]
        expected = [intent for record in records if (intent := _expected(record))]
    intents: dict[str, dict[str, str]] = {}
    slots: dict[tuple[str, str], dict[str, str]] = {}
    for intent in expected:
        name = intent["name"]
        if name not in definition.intents:
            intents[name] = {"intentName": name, "errorMessage": f"The bot has no intent {name}."}
            continue
        for slot in intent.get("slots", {}):
            if definition.slot(name, slot) is None:
                told = f"The intent {name} has no slot {slot}."
                slots[name, slot] = {"intentName": name, "slotName": slot, "errorMessage": told}
    found = {"intentDiscrepancies": [*intents.values()], "slotDiscrepancies": [*slots.values()]}
    file = f"discrepancy-reports/{members['testSetDiscrepancyReportId']}/report.json"
    url = downloads.offer(service.world, file, json.dumps(found, indent=2).encode(), "application/json")
    top = {name: errors[:_TOP] for name, errors in found.items()}
    return {"testSetDiscrepancyTopErrors": top, "testSetDiscrepancyRawOutputUrl": url}


class TestRuns(TestSets):
    """Executions of test sets, and reports of what in them does not fit."""

    rows: ClassVar[tuple[Resource, ...]] = (
        *TestSets.rows,
        Resource(
            "TestExecution",
            "testExecutionId",
            made="{hex10}",
            life=job("testExecutionStatus", ("Pending", 10), ("InProgress", 120), ("Completed", 0)),
            work=_executed,
            derived=derived(lambda view: {"creationDateTime": view[RECORD]["created"]}),
            defaults={"testExecutionModality": "Text"},
        ),
        Resource(
            "TestSetDiscrepancyReport",
            "testSetDiscrepancyReportId",
            made="{hex10}",
            life=job("testSetDiscrepancyReportStatus", ("InProgress", 30), ("Completed", 0)),
            work=_compared,
            derived=derived(),
        ),
    )

    @stateful
    def start_test_execution(self, test_set_id: str, target: Mapping[str, Any], **request: Any) -> Reply:
        """Begin to say a test set to an alias."""
        operation = "StartTestExecution"
        _, alias = self._only(target, "target")
        with self.world.lock:
            test_set = self.keepers["TestSet"].named(operation, {"testSetId": test_set_id})
            self.keepers["BotAlias"].named(operation, alias)
            modality = request.get("test_execution_modality", "Text")
            if test_set["members"]["modality"] != modality:
                raise self._invalid(f"The test set is of {test_set['members']['modality']}, not of {modality}.")
            name = test_set["members"]["testSetName"]
            return self.keep(operation, {"test_set_id": test_set_id, "target": target, **request}, testSetName=name)

    @stateful
    def create_test_set_discrepancy_report(self, test_set_id: str, target: Mapping[str, Any]) -> Reply:
        """Begin to look for what an alias does not have of a test set."""
        operation = "CreateTestSetDiscrepancyReport"
        _, alias = self._only(target, "target")
        with self.world.lock:
            self.keepers["TestSet"].named(operation, {"testSetId": test_set_id})
            self.keepers["BotAlias"].named(operation, alias)
            return self.keep(operation, {"test_set_id": test_set_id, "target": target})

    @stateful
    def get_test_execution_artifacts_url(self, test_execution_id: str) -> Reply:
        """Where the results of an execution can be read."""
        named = {"testExecutionId": test_execution_id}
        members = self._done("GetTestExecutionArtifactsUrl", "TestExecution", named, "Completed")
        return {**named, "downloadArtifactsUrl": members["artifacts"]}

    @stateful
    def list_test_execution_result_items(self, **request: Any) -> Reply:
        """The results of an execution: over all, by conversation, intent, slot or turn."""
        operation = "ListTestExecutionResultItems"
        params = self.named(operation, request)
        turns = self._done(operation, "TestExecution", params, "Completed")["results"]
        wanted = params["resultFilterBy"]
        kind, items = items_of(wanted["resultTypeFilter"], turns)
        by = wanted.get("conversationLevelTestResultsFilterBy", {}).get("endToEndResult")
        if by is not None and kind == "conversationLevelTestResults":
            items = [item for item in items if item["endToEndResult"] == by]
        page = self.listed(operation, params, items, "items")
        return {"testExecutionResults": {kind: {"items": page.pop("items")}}, **page}

    def definition_of(self, target: Mapping[str, Any]) -> Definition:
        """The bot that an alias leads to now."""
        _, alias = self._only(target, "target")
        with failing():
            return LexRuntime.of(self.world).definition(Address(alias["botId"], alias["botAliasId"], alias["localeId"]))


def _conversations(records: Sequence[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """The turns of each conversation; what belongs to none is one of its own."""
    found: dict[Any, list[Mapping[str, Any]]] = {}
    for record in records:
        found.setdefault(record.get("conversationId", record["recordNumber"]), []).append(record)
    yield from found.values()


def _expected(record: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = record["turnSpecification"].get("userTurn", {}).get("expected", {}).get("intent", {})
    return found


def _played(definition: Definition, records: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """What came of the turns of one conversation."""
    state: dict[str, Any] = {}
    retries = 0
    prompts: list[str] = []
    results: list[dict[str, Any]] = []
    for record in records:
        about = {name: record[name] for name in ("recordNumber", "conversationId") if name in record}
        what = record["turnSpecification"]
        if "agentTurn" in what:
            agent = {"expectedAgentPrompt": what["agentTurn"]["agentPrompt"], **_agent(state, prompts)}
            results.append({**about, "turnResult": {"agent": agent}})
            continue
        user = what["userTurn"]
        text = user["input"]["utteranceInput"].get("textInput")
        if text is None:
            results.append({**about, "turnResult": {"user": _unheard(user)}})
            continue
        given = user["input"].get("sessionState", {}).get("sessionAttributes", {})
        state = {**state, "sessionAttributes": {**state.get("sessionAttributes", {}), **given}}
        turn = Dialog(definition, state, retries).hear(text)
        state, retries = turn.state, turn.retries
        prompts = [message["content"] for message in turn.messages if "content" in message]
        results.append({**about, "turnResult": {"user": _heard(user, state.get("intent"))}})
    users = [one["turnResult"]["user"]["endToEndResult"] for one in results if "user" in one["turnResult"]]
    whole = next((worst for worst in reversed(RESULTS) if worst in users), "Matched")
    for one in results:
        if "user" in one["turnResult"]:
            one["turnResult"]["user"]["conversationLevelResult"] = {"endToEndResult": whole}
        yield one


def _agent(state: Mapping[str, Any], prompts: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {"actualAgentPrompt": prompts[0][:1024]} if prompts else {}
    if slot := state.get("dialogAction", {}).get("slotToElicit"):
        found["actualElicitedSlot"] = slot
    if intent := state.get("intent"):
        found["actualIntent"] = intent["name"]
    return found


def _heard(user: Mapping[str, Any], intent: Mapping[str, Any] | None) -> dict[str, Any]:
    expected = user["expected"]
    wanted = {name: slot.get("value") for name, slot in expected["intent"].get("slots", {}).items()}
    found = {name: worded(slot) for name, slot in (intent or {}).get("slots", {}).items()}
    same_intent = intent is not None and intent["name"] == expected["intent"]["name"]
    same_slots = same_intent and all(same(found.get(name), value) for name, value in wanted.items())
    actual = (
        {"intent": {"name": intent["name"], "slots": {n: {"value": v} for n, v in found.items()}}} if intent else {}
    )
    return {
        "input": user["input"],
        "expectedOutput": expected,
        **({"actualOutput": actual} if actual else {}),
        "endToEndResult": RESULTS[not same_slots],
        "intentMatchResult": RESULTS[not same_intent],
        "slotMatchResult": RESULTS[not same_slots],
    }


def _unheard(user: Mapping[str, Any]) -> dict[str, Any]:
    error = {"errorCode": "UnsupportedInput", "errorMessage": "Speech is not understood here."}
    results = dict.fromkeys(("endToEndResult", "intentMatchResult", "slotMatchResult"), "ExecutionError")
    return {"input": user["input"], "expectedOutput": user["expected"], "errorDetails": error, **results}
