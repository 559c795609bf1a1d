"""The results of a test execution: over all, by conversation, by intent, by slot, as a table."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

RESULTS = ("Matched", "Mismatched", "ExecutionError")


def same(found: str | None, wanted: str | None) -> bool:
    """Whether a slot has the value that it should have."""
    return (found or "").casefold() == (wanted or "").casefold()


def _users(turns: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    yield from ((turn, turn["turnResult"]["user"]) for turn in turns if "user" in turn["turnResult"])


def _is_multi(turn: Mapping[str, Any]) -> bool:
    return "conversationId" in turn


def _overall(turns: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    items = []
    for multi in (False, True):
        ends: dict[Any, str] = {
            turn.get("conversationId", turn["recordNumber"]): user["conversationLevelResult"]["endToEndResult"]
            for turn, user in _users(turns)
            if _is_multi(turn) == multi
        }
        if ends:
            counts = dict(Counter(ends.values()))
            items.append(
                {"multiTurnConversation": multi, "totalResultCount": len(ends), "endToEndResultCounts": counts}
            )
    return items


def _by_conversation(turns: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for turn, user in _users(turns):
        if not _is_multi(turn):
            continue
        end = user["conversationLevelResult"]["endToEndResult"]
        item = found.setdefault(
            turn["conversationId"],
            {
                "conversationId": turn["conversationId"],
                "endToEndResult": end,
                "intentClassificationResults": [],
                "slotResolutionResults": [],
            },
        )
        name = user["expectedOutput"]["intent"]["name"]
        item["intentClassificationResults"].append({"intentName": name, "matchResult": user["intentMatchResult"]})
        item["slotResolutionResults"] += [
            {"intentName": name, "slotName": slot, "matchResult": result} for slot, result in _slots(user)
        ]
    return [*found.values()]


def _by_intent(turns: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found: dict[tuple[str, bool], Counter[str]] = {}
    for turn, user in _users(turns):
        key = (user["expectedOutput"]["intent"]["name"], _is_multi(turn))
        found.setdefault(key, Counter())[user["intentMatchResult"]] += 1
    return [
        {
            "intentName": name,
            "multiTurnConversation": multi,
            "resultCounts": {"totalResultCount": counts.total(), "intentMatchResultCounts": dict(counts)},
        }
        for (name, multi), counts in found.items()
    ]


def _by_slot(turns: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found: dict[tuple[str, bool], dict[str, Counter[str]]] = {}
    for turn, user in _users(turns):
        own = found.setdefault((user["expectedOutput"]["intent"]["name"], _is_multi(turn)), {})
        for slot, result in _slots(user):
            own.setdefault(slot, Counter())[result] += 1
    return [
        {
            "intentName": name,
            "multiTurnConversation": multi,
            "slotResolutionResults": [
                {
                    "slotName": slot,
                    "resultCounts": {"totalResultCount": counts.total(), "slotMatchResultCounts": dict(counts)},
                }
                for slot, counts in slots.items()
            ],
        }
        for (name, multi), slots in found.items()
        if slots
    ]


def _slots(user: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The slots that a turn is expected to have, and whether it has them."""
    actual = user.get("actualOutput", {}).get("intent", {}).get("slots", {})
    for name, slot in user["expectedOutput"]["intent"].get("slots", {}).items():
        if user["intentMatchResult"] == "ExecutionError":
            yield name, "ExecutionError"
        else:
            yield name, RESULTS[not same(actual.get(name, {}).get("value"), slot.get("value"))]


_KINDS: Mapping[str, tuple[str, Callable[[Sequence[Mapping[str, Any]]], list[Any]]]] = {
    "OverallTestResults": ("overallTestResults", _overall),
    "ConversationLevelTestResults": ("conversationLevelTestResults", _by_conversation),
    "IntentClassificationTestResults": ("intentClassificationTestResults", _by_intent),
    "SlotResolutionTestResults": ("intentLevelSlotResolutionTestResults", _by_slot),
    "UtteranceLevelResults": ("utteranceLevelTestResults", list),
}


def items_of(kind: str, turns: Sequence[Mapping[str, Any]]) -> tuple[str, list[Any]]:
    """The results of one kind, and the member that they show under."""
    member, make = _KINDS[kind]
    return member, make(turns)


def table(turns: Sequence[Mapping[str, Any]]) -> bytes:
    """The turns as a file for a spreadsheet."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["Line #", "Conversation #", "Source", "Input", "Expected Intent", "Actual Intent", "Result"])
    for turn in turns:
        about = [turn["recordNumber"], turn.get("conversationId", "N/A")]
        if "agent" in turn["turnResult"]:
            agent = turn["turnResult"]["agent"]
            writer.writerow([*about, "Agent", agent["expectedAgentPrompt"], "", agent.get("actualIntent", ""), ""])
            continue
        user = turn["turnResult"]["user"]
        actual = user.get("actualOutput", {}).get("intent", {}).get("name", "")
        text = user["input"]["utteranceInput"].get("textInput", "")
        expected = user["expectedOutput"]["intent"]["name"]
        writer.writerow([*about, "User", text, expected, actual, user["endToEndResult"]])
    return out.getvalue().encode("utf-8", "surrogatepass")
