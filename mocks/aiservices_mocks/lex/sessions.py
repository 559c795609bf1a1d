"""What is remembered of conversations: sessions that are open, and, for analytics, what was said in all of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from aiservices_mocks.store import Record, Table
from aiservices_mocks.world import World

from .asking import short_id
from .definition import Definition
from .dialog import Turn, worded

_SERVICE = "lexv2-runtime"
ENDED = {"Failed": "Failure", "Fulfilled": "Success", "ReadyForFulfillment": "Success"}
"""How a conversation or an intent has ended in whose last state this is; in any other it was dropped."""


class Address(NamedTuple):
    """Where a session is held."""

    bot: str
    alias: str
    locale: str
    session: str = ""


class Sessions:
    """The sessions of one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._table = world.store.table(_SERVICE, "Session")

    def find(self, address: Address) -> Record | None:
        """A session that is still open, with its contexts as old as they are by now."""
        record = self._table.get("\n".join(address))
        now = self._world.clock.now()
        if record is None or record["until"] <= now:
            return None
        seconds = int((now - record["at"]).total_seconds())
        contexts = [aged for context in record["state"]["activeContexts"] if (aged := _aged(context, seconds))]
        return {**record, "state": {**record["state"], "activeContexts": contexts}}

    def put(self, address: Address, seconds: float, turn: Turn) -> None:
        """Keep what came of a turn; the session is open for so many seconds from now."""
        now = self._world.clock.now()
        self._table["\n".join(address)] = {
            "state": turn.state,
            "messages": turn.messages,
            "interpretations": turn.interpretations,
            "retries": turn.retries,
            "at": now,
            "until": now + timedelta(seconds=seconds),
        }

    def remove(self, address: Address) -> None:
        """Forget a session."""
        self._table.pop("\n".join(address), None)


def _aged(context: Mapping[str, Any], seconds: int) -> dict[str, Any] | None:
    lasts = context["timeToLive"]
    left = lasts["timeToLiveInSeconds"] - seconds
    return {**context, "timeToLive": {**lasts, "timeToLiveInSeconds": left}} if left > 0 else None


def conversations(world: World) -> Table:
    """Conversations by the request that began them."""
    return world.store.table(_SERVICE, "Conversation")


def utterances(world: World) -> Table:
    """What was said to bots, in the order it was said."""
    return world.store.table(_SERVICE, "Utterance")


def log(world: World, address: Address, definition: Definition, turn: Turn, text: str) -> None:
    """Write down a turn for analytics; nothing that was said to a bot for children."""
    if definition.bot.get("dataPrivacy", {}).get("childDirected"):
        return
    now = world.clock.now()
    about = {
        "botId": address.bot,
        "botAliasId": address.alias,
        "botVersion": definition.version,
        "localeId": address.locale,
        "sessionId": address.session,
        "originatingRequestId": turn.state["originatingRequestId"],
        "mode": "Text",
    }
    conversation = _conversation(world, about, turn, now)
    intent = turn.state.get("intent", {})
    said: Record = {
        **about,
        "utterance": text,
        "utteranceTimestamp": now,
        "utteranceUnderstood": turn.understood,
        "utteranceRequestId": short_id(world),
        "turn": conversation["turns"],
        "intentState": intent.get("state"),
        "associatedIntentName": intent.get("name"),
        "associatedSlotName": turn.slot,
        "dialogActionType": turn.state.get("dialogAction", {}).get("type"),
        "slotsFilledInSession": ", ".join(intent.get("slots", {})),
        "slots": {name: worded(slot) for name, slot in intent.get("slots", {}).items()},
        "botResponses": turn.messages,
    }
    utterances(world)[f"{about['originatingRequestId']}\n{conversation['turns']}"] = said


def _conversation(world: World, about: Mapping[str, Any], turn: Turn, now: datetime) -> Record:
    table = conversations(world)
    old = table.get(about["originatingRequestId"], {"start": now, "turns": 0, "intents": []})
    intents = [dict(intent) for intent in old["intents"]]
    last = turn.state.get("intent", {})
    put = [last["name"]] if last and [intent["name"] for intent in intents[-1:]] != [last["name"]] else []
    for index, name in enumerate(turn.begun or put):
        if intents and intents[-1]["state"] not in ENDED and index == 0:
            last_name = intents[-1]["name"]
            failed = any(end == "Failed" and whose == last_name for whose, _, end in turn.stages)
            intents[-1] |= {"state": "Failed"} if failed else {"switched": name}
        intents.append({"name": name, "state": "InProgress", "stages": [], "at": now, "level": len(intents) + 1})
    for name, stage, outcome in turn.stages:
        owner = next((intent for intent in reversed(intents) if intent["name"] == name), None)
        if owner is not None:
            owner["stages"] = [*owner["stages"], {"name": stage, "outcome": outcome, "at": now}]
    if intents and intents[-1]["name"] == last.get("name"):
        intents[-1]["state"] = last.get("state", "InProgress")
    record: Record = {**about, "start": old["start"], "end": now, "turns": old["turns"] + 1, "intents": intents}
    table[about["originatingRequestId"]] = record
    return record
