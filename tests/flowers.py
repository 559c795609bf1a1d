"""A bot that sells flowers and books rooms, made and built for tests."""

from __future__ import annotations

from typing import Any

ROLE = "arn:aws:iam::123456789012:role/lex"


def said(text: str) -> list[dict[str, Any]]:
    """A message group with a plain text."""
    return [{"message": {"plainTextMessage": {"value": text}}}]


def prompt(text: str, retries: int = 1) -> dict[str, Any]:
    """A question of the bot."""
    return {"messageGroups": said(text), "maxRetries": retries, "allowInterrupt": True}


def make_bot(ai: Any, name: str = "Flowers", **members: Any) -> dict[str, str]:
    """A bot with an English draft that is not built; what names the draft."""
    given = {"data_privacy": {"childDirected": False}, "idle_session_ttl_in_seconds": 300, **members}
    bot = ai.lex.create_bot(bot_name=name, role_arn=ROLE, **given)
    of = {"bot_id": bot.bot_id, "bot_version": "DRAFT", "locale_id": "en_US"}
    ai.lex.create_bot_locale(**of, nlu_intent_confidence_threshold=0.4, voice_settings={"voiceId": "Joanna"})
    return of


def make_flowers(ai: Any, name: str = "Flowers", **members: Any) -> dict[str, str]:
    """The bot, built; what names its test alias."""
    of = make_bot(ai, name, **members)
    kind = ai.lex.create_slot_type(
        **of,
        slot_type_name="Kinds",
        slot_type_values=[
            {"sampleValue": {"value": "roses"}, "synonyms": [{"value": "rose"}]},
            {"sampleValue": {"value": "tulips"}},
        ],
        value_selection_setting={"resolutionStrategy": "TopResolution"},
    )
    order = {
        **of,
        "intent_name": "OrderFlowers",
        "sample_utterances": [{"utterance": "I want to order flowers"}, {"utterance": "buy {Kind}"}],
        "intent_confirmation_setting": {
            "promptSpecification": prompt("Shall I send {Kind} on {Day}?"),
            "declinationResponse": {"messageGroups": said("Nothing is ordered.")},
        },
        "intent_closing_setting": {"closingResponse": {"messageGroups": said("Your {Kind} will come.")}},
        "output_contexts": [{"name": "ordered", "timeToLiveInSeconds": 90, "turnsToLive": 2}],
    }
    intent = ai.lex.create_intent(**order)
    slots = []
    for slot, type_id, question in (("Day", "AMAZON.Date", "Which day?"), ("Kind", kind.slot_type_id, "Which kind?")):
        made = ai.lex.create_slot(
            **of,
            intent_id=intent.intent_id,
            slot_name=slot,
            slot_type_id=type_id,
            value_elicitation_setting={"slotConstraint": "Required", "promptSpecification": prompt(question)},
        )
        slots.append(made.slot_id)
    priorities = [{"priority": 2, "slotId": slots[0]}, {"priority": 1, "slotId": slots[1]}]
    ai.lex.update_intent(**order, intent_id=intent.intent_id, slot_priorities=priorities)
    ai.lex.create_intent(
        **of,
        intent_name="BookRoom",
        sample_utterances=[{"utterance": "I want to book a room"}],
        intent_closing_setting={"closingResponse": {"messageGroups": said("Come in.")}},
    )
    ai.lex.create_intent(
        **of,
        intent_name="ThankYou",
        sample_utterances=[{"utterance": "change my order"}],
        input_contexts=[{"name": "ordered"}],
    )
    build(ai, of)
    return {"bot_id": of["bot_id"], "bot_alias_id": "TSTALIASID", "locale_id": "en_US"}


def build(ai: Any, of: dict[str, str]) -> None:
    """Build a draft."""
    ai.lex.build_bot_locale(**of)
    described = ai.lex.describe_bot_locale(**of)
    assert described.bot_locale_status == "Built", described
