"""One turn of a conversation: what is understood, and what the bot says to it.

Kept of AWS: intents by their samples and contexts, slots by priority with prompts and retries, slot types with their
resolution, confirmation and declination, closing, the fallback intent, output contexts, variables in messages. Not
kept: Lambda functions are not called (an intent that wants one ends ReadyForFulfillment), conditional branches and
next steps are not followed, values of built-in slot types stay as they were said, a composite slot takes what is said
as one value, slots without a value are left out (AWS shows them as null), of a message's variations the first is used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from aiservices_mocks.engines import intents
from aiservices_mocks.engines.intents import Guess

from .definition import Definition, Members

_THRESHOLD = 0.4
_ALTERNATIVES = 4
_VARIABLE = re.compile(r"\{(\w+)\}|\[(\w+)\]")
_RETRIES = 4


@dataclass
class Turn:
    """What came of a turn."""

    state: dict[str, Any]
    """The session state after it, in AWS's shape."""
    messages: list[dict[str, Any]] = field(default_factory=list)
    interpretations: list[dict[str, Any]] = field(default_factory=list)
    understood: bool = True
    retries: int = 0
    """How often the bot has asked again for the same thing."""
    slot: str | None = None
    """The slot that the text was for."""
    stages: list[tuple[str, str, str]] = field(default_factory=list)
    """What intents went through: the intent, the stage, and `Success`, `Failed` or `Retry`."""
    begun: list[str] = field(default_factory=list)
    """The intents that began."""


class Dialog:
    """A bot in the middle of a conversation."""

    def __init__(self, definition: Definition, state: Mapping[str, Any], retries: int = 0) -> None:
        self._bot = definition
        self._turn = Turn(deepcopy(dict(state)), retries=retries)
        self._turn.state.setdefault("activeContexts", [])
        self._turn.state.setdefault("sessionAttributes", {})

    def hear(self, text: str) -> Turn:
        """Answer a text."""
        state = self._turn.state
        action, name = state.get("dialogAction", {}), state.get("intent", {}).get("name")
        guesses = intents.guesses(text, self._bot.recognisable([c["name"] for c in state["activeContexts"]]))
        self._age()
        kind = action.get("type")
        switches = bool(guesses) and guesses[0].score == 1 and guesses[0].intent != name
        if name in self._bot.intents and not switches:
            slot = self._bot.slot(name, action.get("slotToElicit"))
            if kind == "ElicitSlot" and slot is not None:
                return self._take(text, slot, guesses)
            if kind == "ConfirmIntent":
                return self._confirm(text, guesses)
        return self._recognise(guesses)

    def go_on(self) -> Turn:
        """What the bot says when it is asked to go on with the intent of its state."""
        self._elicit_next()
        return self._turn

    def prompt(self) -> list[dict[str, Any]]:
        """What the bot says for the dialog action that its state has."""
        state = self._turn.state
        intent = state.get("intent", {})
        action = state.get("dialogAction", {})
        defined = self._bot.intents.get(intent.get("name", ""), {})
        if action.get("type") == "ElicitSlot":
            slot = self._bot.slot(intent.get("name", ""), action.get("slotToElicit")) or {}
            return self._said(slot.get("valueElicitationSetting", {}).get("promptSpecification"))
        if action.get("type") == "ConfirmIntent":
            return self._said(defined.get("intentConfirmationSetting", {}).get("promptSpecification"))
        if action.get("type") == "Close":
            return self._said(defined.get("intentClosingSetting", {}).get("closingResponse"))
        return []

    # What a text can be.

    def _recognise(self, guesses: Sequence[Guess]) -> Turn:
        threshold = self._bot.locale.get("nluIntentConfidenceThreshold", _THRESHOLD)
        sure = [guess for guess in guesses if guess.score >= threshold]
        if not sure:
            self._turn.understood = False
            self._fall_back()
        else:
            self._begin(sure[0])
        self._interpret(guesses, threshold)
        return self._turn

    def _begin(self, guess: Guess) -> None:
        turn, name = self._turn, guess.intent
        turn.state["intent"] = {"name": name, "slots": {}, "state": "InProgress", "confirmationState": "None"}
        turn.retries = 0
        turn.begun.append(name)
        for slot in self._bot.slots.get(name, ()):
            if slot["slotName"] in guess.slots:
                self._fill(slot, guess.slots[slot["slotName"]])
        first = (self._bot.intents[name].get("initialResponseSetting") or {}).get("initialResponse")
        turn.messages += self._said(first)
        turn.stages.append((name, "InitialResponse", "Success"))
        self._elicit_next()

    def _fall_back(self) -> None:
        """Let the fallback intent answer; a bot that has none asks what is wanted."""
        turn, name = self._turn, self._bot.fallback
        if name is None:
            turn.state.pop("intent", None)
            turn.state["dialogAction"] = {"type": "ElicitIntent"}
            return
        turn.state["intent"] = {"name": name, "slots": {}, "state": "InProgress", "confirmationState": "None"}
        turn.begun.append(name)
        self._elicit_next()

    def _take(self, text: str, slot: Members, guesses: Sequence[Guess]) -> Turn:
        """A text that answers the question for a slot."""
        turn, name = self._turn, slot["slotName"]
        turn.slot = name
        intent = turn.state["intent"]["name"]
        values = self._bot.values(slot)
        said = text.strip()
        for sample in slot.get("valueElicitationSetting", {}).get("sampleUtterances") or ():
            found = intents.fill(sample["utterance"], text, {name: values})
            said = found.get(name, said) if found else said
        if self._fill(slot, said):
            turn.retries = 0
            turn.stages.append((intent, name, "Success"))
            self._elicit_next()
        else:
            turn.understood = False
            self._ask_again(slot["valueElicitationSetting"].get("promptSpecification"), name)
        self._interpret(guesses, None)
        return turn

    def _confirm(self, text: str, guesses: Sequence[Guess]) -> Turn:
        """A text that answers the question whether an intent is meant so."""
        turn = self._turn
        intent = turn.state["intent"]
        setting = self._bot.intents[intent["name"]].get("intentConfirmationSetting") or {}
        agreed = intents.agrees(text, self._bot.language)
        if agreed is None:
            turn.understood = False
            self._ask_again(setting.get("promptSpecification"), "Confirmation")
        elif agreed:
            intent["confirmationState"] = "Confirmed"
            turn.stages.append((intent["name"], "Confirmation", "Success"))
            turn.messages += self._said(setting.get("confirmationResponse"))
            self._elicit_next()
        else:
            intent.update(confirmationState="Denied", state="Failed")
            turn.stages.append((intent["name"], "Confirmation", "Failed"))
            turn.messages += self._said(setting.get("declinationResponse"))
            turn.state["dialogAction"] = {"type": "Close"}
        self._interpret(guesses, None)
        return turn

    def _ask_again(self, prompt: Members | None, stage: str) -> None:
        turn = self._turn
        intent = turn.state["intent"]
        if turn.retries < (prompt or {}).get("maxRetries", _RETRIES):
            turn.retries += 1
            turn.stages.append((intent["name"], stage, "Retry"))
            turn.messages += self._said(prompt)
            return
        turn.stages.append((intent["name"], stage, "Failed"))
        intent["state"] = "Failed"
        turn.retries = 0
        turn.state["dialogAction"] = {"type": "Close"}
        if self._bot.fallback is not None:
            self._fall_back()

    # How an intent goes on.

    def _elicit_next(self) -> None:
        turn = self._turn
        intent = turn.state["intent"]
        defined = self._bot.intents[intent["name"]]
        for slot in self._bot.slots.get(intent["name"], ()):
            setting = slot.get("valueElicitationSetting", {})
            if slot["slotName"] in intent.setdefault("slots", {}) or self._default(slot, setting):
                continue
            if setting.get("slotConstraint") == "Required":
                turn.messages += self._said(setting.get("promptSpecification"))
                turn.state["dialogAction"] = {"type": "ElicitSlot", "slotToElicit": slot["slotName"]}
                intent["state"] = "InProgress"
                return
        setting = defined.get("intentConfirmationSetting") or {}
        wanted = bool(setting.get("promptSpecification")) and setting.get("active", True)
        if wanted and intent.get("confirmationState", "None") == "None":
            turn.messages += self._said(setting["promptSpecification"])
            turn.state["dialogAction"] = {"type": "ConfirmIntent"}
            intent["state"] = "InProgress"
            return
        self._close(defined)

    def _close(self, defined: Members) -> None:
        turn = self._turn
        intent = turn.state["intent"]
        intent["state"] = "ReadyForFulfillment"
        turn.state["dialogAction"] = {"type": "Close"}
        turn.stages.append((intent["name"], "Fulfillment", "Success"))
        setting = defined.get("intentClosingSetting") or {}
        if setting.get("active", True) and setting.get("closingResponse"):
            turn.messages += self._said(setting["closingResponse"])
            turn.stages.append((intent["name"], "ClosingResponse", "Success"))
        for context in defined.get("outputContexts") or ():
            self._activate(context)

    def _default(self, slot: Members, setting: Members) -> bool:
        """Fill a slot with its first default value that has something to say."""
        for default in (setting.get("defaultValueSpecification") or {}).get("defaultValueList", ()):
            value = self._worth(default["defaultValue"])
            if value and self._fill(slot, value):
                return True
        return False

    def _worth(self, default: str) -> str:
        """What a default value is: itself, or what `#context.slot` or `[attribute]` names."""
        state = self._turn.state
        if default.startswith("#"):
            context, _, name = default[1:].partition(".")
            found = (c["contextAttributes"].get(name, "") for c in state["activeContexts"] if c["name"] == context)
            return str(next(found, ""))
        if default.startswith("[") and default.endswith("]"):
            return str(state["sessionAttributes"].get(default[1:-1], ""))
        return default

    def _fill(self, slot: Members, said: str) -> bool:
        """Give a slot its value; False when its type does not take it."""
        found = intents.known(said, self._bot.values(slot))
        pattern = self._bot.pattern(slot)
        if (found is None and self._bot.is_strict(slot)) or not said:
            return False
        if pattern is not None and not _matches(pattern, said):
            return False
        original = found[0] if found else said
        strict = self._bot.is_strict(slot)
        value = {
            "originalValue": original,
            "interpretedValue": found[1] if found and strict else original,
            "resolvedValues": [found[1] if found else original],
        }
        filled: dict[str, Any] = {"shape": "Scalar", "value": value}
        if slot.get("multipleValuesSetting", {}).get("allowMultipleValues"):
            filled = {"shape": "List", "value": value, "values": [filled]}
        self._turn.state["intent"]["slots"][slot["slotName"]] = filled
        return True

    # Contexts, messages, interpretations.

    def _age(self) -> None:
        """Contexts last for so many turns."""
        aged = []
        for context in self._turn.state["activeContexts"]:
            left = context["timeToLive"]["turnsToLive"] - 1
            if left > 0:
                aged.append({**context, "timeToLive": {**context["timeToLive"], "turnsToLive": left}})
        self._turn.state["activeContexts"] = aged

    def _activate(self, context: Members) -> None:
        state = self._turn.state
        values = {name: worded(slot) for name, slot in state["intent"].get("slots", {}).items()}
        lasts = {"timeToLiveInSeconds": context["timeToLiveInSeconds"], "turnsToLive": context["turnsToLive"]}
        others = [active for active in state["activeContexts"] if active["name"] != context["name"]]
        active = {"name": context["name"], "timeToLive": lasts, "contextAttributes": values}
        state["activeContexts"] = [*others, active]

    def _said(self, response: Members | None) -> list[dict[str, Any]]:
        """The first message of each group of a response or prompt; one that has no content is not said."""
        groups = (response or {}).get("messageGroups") or ()
        return [self._message(group["message"]) for group in groups if group["message"]]

    def _message(self, message: Members) -> dict[str, Any]:
        if "imageResponseCard" in message:
            card = message["imageResponseCard"]
            return {"contentType": "ImageResponseCard", "imageResponseCard": deepcopy(dict(card))}
        kinds = {"plainTextMessage": "PlainText", "ssmlMessage": "SSML", "customPayload": "CustomPayload"}
        kind = next(name for name in kinds if name in message)
        return {"content": self._with_values(message[kind]["value"]), "contentType": kinds[kind]}

    def _with_values(self, text: str) -> str:
        """A message with `{Slot}` and `[attribute]` replaced by what they stand for."""
        state = self._turn.state
        slots = {name: worded(slot) for name, slot in state.get("intent", {}).get("slots", {}).items()}

        def value(found: re.Match[str]) -> str:
            named = slots.get(found[1]) if found[1] else state["sessionAttributes"].get(found[2])
            return found[0] if named is None else str(named)

        return _VARIABLE.sub(value, text)

    def _interpret(self, guesses: Sequence[Guess], threshold: float | None) -> None:
        """What the text may mean, the intent that was taken first, the fallback where the doubt begins."""
        turn = self._turn
        taken = turn.state.get("intent")
        scores = {guess.intent: guess.score for guess in guesses}
        found: list[dict[str, Any]] = []
        if taken is not None:
            score = scores.get(taken["name"]) if taken["name"] != self._bot.fallback else None
            sure = {"nluConfidence": {"score": score}} if score is not None else {}
            found.append({"intent": deepcopy(taken), **sure, "interpretationSource": "Lex"})
        others = [guess for guess in guesses if taken is None or guess.intent != taken["name"]]
        found += [
            {
                "intent": {"name": guess.intent, "slots": {}},
                "nluConfidence": {"score": guess.score},
                "interpretationSource": "Lex",
            }
            for guess in others
        ]
        fallback = self._bot.fallback
        if threshold is not None and fallback is not None and (taken is None or taken["name"] != fallback):
            sure_ones = sum(guess.score >= threshold for guess in guesses)
            found.insert(sure_ones, {"intent": {"name": fallback, "slots": {}}, "interpretationSource": "Lex"})
        turn.interpretations = found[: _ALTERNATIVES + 1]


def worded(slot: Mapping[str, Any]) -> str:
    """The value of a slot; of one that has several, all of them."""
    if "value" in slot:
        return str(slot["value"]["interpretedValue"])
    return ", ".join(worded(value) for value in slot.get("values", ()))


def _matches(pattern: str, said: str) -> bool:
    """Whether a value matches a slot type's filter; what Python cannot read filters nothing."""
    try:
        return re.fullmatch(pattern, said) is not None
    except re.error:
        return True
