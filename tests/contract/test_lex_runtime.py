"""Conversations with a bot, on every backend of the rig."""

from __future__ import annotations

import base64
import gzip
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from aiservices_mocks import Clock, Mock

from aiservices import AI
from aiservices.errors import BadRequestError, NotFoundError, NotMockedError
from tests.flowers import build, make_bot, make_flowers

TEXT = "text/plain; charset=utf-8"


def unpacked(header: str) -> Any:
    return json.loads(gzip.decompress(base64.b64decode(header)))


def packed(value: Any) -> str:
    return base64.b64encode(gzip.compress(json.dumps(value).encode())).decode()


def said(reply: Any) -> list[str]:
    return [message.content for message in reply.messages or []]


def test_a_conversation_goes_through_slots_confirmation_and_closing(ai: Any) -> None:
    flowers = make_flowers(ai)

    def say(text: str) -> Any:
        return ai.lex.recognize_text(**flowers, session_id="ada", text=text)

    asked = say("I want to order flowers")
    assert said(asked) == ["Which kind?"]
    assert asked.session_state.dialog_action.slot_to_elicit == "Kind"
    assert asked.interpretations[0].intent.name == "OrderFlowers"
    assert asked.interpretations[0].nlu_confidence.score == 1
    assert asked.interpretations[0].interpretation_source == "Lex"
    assert said(say("a rose please")) == ["Which day?"]
    confirm = say("next Friday")
    assert said(confirm) == ["Shall I send roses on next Friday?"]
    assert confirm.session_state.dialog_action.type == "ConfirmIntent"
    done = say("Yes!")
    assert said(done) == ["Your roses will come."]
    state = done.session_state
    assert (state.dialog_action.type, state.intent.state) == ("Close", "ReadyForFulfillment")
    assert state.intent.confirmation_state == "Confirmed"
    kind = state.intent.slots["Kind"].value
    assert (kind.original_value, kind.interpreted_value, kind.resolved_values) == ("rose", "roses", ["roses"])
    assert state.active_contexts[0].name == "ordered"
    assert state.active_contexts[0].context_attributes == {"Kind": "roses", "Day": "next Friday"}
    assert ai.lex.get_session(**flowers, session_id="ada").session_state == state


def test_an_intent_with_an_input_context_is_understood_in_it_only(ai: Any, mock: Mock) -> None:
    flowers = make_flowers(ai)

    def say(text: str) -> Any:
        return ai.lex.recognize_text(**flowers, session_id="ada", text=text).session_state

    assert say("change my order").intent.name == "FallbackIntent"
    for text in ("buy roses", "today", "yes"):
        say(text)
    assert say("change my order").intent.name == "ThankYou"
    assert say("change my order").active_contexts == []
    for text in ("buy roses", "today", "yes"):
        say(text)
    mock.clock.advance(seconds=91)
    assert say("change my order").intent.name == "FallbackIntent"


def test_an_utterance_can_bring_its_slots(ai: Any) -> None:
    flowers = make_flowers(ai)
    reply = ai.lex.recognize_text(**flowers, session_id="ada", text="Buy tulips")
    assert said(reply) == ["Which day?"]
    assert reply.session_state.intent.slots["Kind"].value.interpreted_value == "tulips"


def test_what_is_close_enough_is_understood_and_the_rest_is_not(ai: Any) -> None:
    flowers = make_flowers(ai)
    close = ai.lex.recognize_text(**flowers, session_id="ada", text="I want a room please")
    assert close.session_state.intent.name == "BookRoom"
    assert 0.4 <= close.interpretations[0].nlu_confidence.score < 1
    assert [one.intent.name for one in close.interpretations][1:3] == ["FallbackIntent", "OrderFlowers"]
    far = ai.lex.recognize_text(**flowers, session_id="bob", text="zebra")
    assert far.session_state.intent.name == "FallbackIntent"
    assert far.interpretations[0].nlu_confidence is None


def test_a_value_that_does_not_fit_is_asked_for_again_and_then_given_up(ai: Any) -> None:
    flowers = make_flowers(ai)

    def say(text: str) -> Any:
        return ai.lex.recognize_text(**flowers, session_id="ada", text=text)

    say("I want to order flowers")
    assert said(say("bicycles")) == ["Which kind?"]
    given_up = say("bicycles")
    assert given_up.session_state.intent.name == "FallbackIntent"
    assert given_up.session_state.dialog_action.type == "Close"


def test_another_intent_can_be_wanted_in_between(ai: Any) -> None:
    flowers = make_flowers(ai)
    ai.lex.recognize_text(**flowers, session_id="ada", text="I want to order flowers")
    reply = ai.lex.recognize_text(**flowers, session_id="ada", text="I want to book a room")
    assert (reply.session_state.intent.name, said(reply)) == ("BookRoom", ["Come in."])


def test_no_declines_and_what_is_neither_is_asked_again(ai: Any) -> None:
    flowers = make_flowers(ai)

    def say(text: str) -> Any:
        return ai.lex.recognize_text(**flowers, session_id="ada", text=text)

    say("buy roses")
    say("today")
    assert said(say("perhaps")) == ["Shall I send roses on today?"]
    declined = say("no thanks")
    assert said(declined) == ["Nothing is ordered."]
    assert (declined.session_state.intent.state, declined.session_state.dialog_action.type) == ("Failed", "Close")
    assert declined.session_state.intent.confirmation_state == "Denied"


def test_a_session_can_be_put_read_and_deleted(ai: Any) -> None:
    flowers = make_flowers(ai)
    with pytest.raises(NotFoundError):
        ai.lex.get_session(**flowers, session_id="ada")
    put = ai.lex.put_session(
        **flowers,
        session_id="ada",
        session_state={
            "intent": {"name": "OrderFlowers"},
            "dialogAction": {"type": "ElicitSlot", "slotToElicit": "Day"},
            "sessionAttributes": {"shop": "north"},
        },
        request_attributes={"x": "y"},
    )
    assert put.content_type == TEXT
    assert unpacked(put.messages) == [{"content": "Which day?", "contentType": "PlainText"}]
    assert unpacked(put.session_state)["intent"]["state"] == "InProgress"
    assert unpacked(put.request_attributes) == {"x": "y"}
    assert put.audio_stream.read() == b""
    found = ai.lex.get_session(**flowers, session_id="ada")
    assert found.session_state.session_attributes == {"shop": "north"}
    assert said(found) == ["Which day?"]
    reply = ai.lex.recognize_text(**flowers, session_id="ada", text="Monday")
    assert reply.session_state.intent.slots["Day"].value.interpreted_value == "Monday"
    assert reply.session_state.session_attributes == {"shop": "north"}
    gone = ai.lex.delete_session(**flowers, session_id="ada")
    assert (gone.session_id, gone.bot_id) == ("ada", flowers["bot_id"])
    for ask in (ai.lex.get_session, ai.lex.delete_session):
        with pytest.raises(NotFoundError):
            ask(**flowers, session_id="ada")


def test_delegating_lets_the_bot_go_on(ai: Any) -> None:
    flowers = make_flowers(ai)
    put = ai.lex.put_session(
        **flowers,
        session_id="ada",
        session_state={
            "intent": {
                "name": "OrderFlowers",
                "slots": {"Kind": {"value": {"interpretedValue": "roses"}, "shape": "Scalar"}},
            },
            "dialogAction": {"type": "Delegate"},
        },
    )
    assert unpacked(put.session_state)["dialogAction"] == {"type": "ElicitSlot", "slotToElicit": "Day"}


@pytest.mark.parametrize(
    "state",
    [
        {"intent": {"name": "Sleep"}},
        {"intent": {"name": "OrderFlowers", "slots": {"Colour": {"value": {"interpretedValue": "red"}}}}},
        {"intent": {"name": "OrderFlowers"}, "dialogAction": {"type": "ElicitSlot"}},
        {"intent": {"name": "OrderFlowers"}, "dialogAction": {"type": "ElicitSlot", "slotToElicit": "Colour"}},
        {"dialogAction": {"type": "ConfirmIntent"}},
    ],
)
def test_a_state_that_the_bot_cannot_be_in_is_refused(ai: Any, state: Any) -> None:
    flowers = make_flowers(ai)
    with pytest.raises(BadRequestError):
        ai.lex.put_session(**flowers, session_id="ada", session_state=state)
    with pytest.raises(NotFoundError):
        ai.lex.get_session(**flowers, session_id="ada")


def test_a_session_ends_when_nothing_is_said_for_its_time() -> None:
    mock = Mock(clock=Clock.manual())
    with AI(backend=mock) as ai:
        of = make_bot(ai, idle_session_ttl_in_seconds=60)
        mock.clock.advance(minutes=1)
        ai.lex.create_intent(**of, intent_name="Hello", sample_utterances=[{"utterance": "hello"}])
        ai.lex.build_bot_locale(**of)
        mock.clock.advance(minutes=5)
        place = {"bot_id": of["bot_id"], "bot_alias_id": "TSTALIASID", "locale_id": "en_US", "session_id": "ada"}
        first = ai.lex.recognize_text(**place, text="hello").session_state.originating_request_id
        mock.clock.advance(seconds=50)
        assert ai.lex.recognize_text(**place, text="hello").session_state.originating_request_id == first
        mock.clock.advance(seconds=50)
        assert ai.lex.get_session(**place).session_state.originating_request_id == first
        mock.clock.advance(seconds=10)
        with pytest.raises(NotFoundError):
            ai.lex.get_session(**place)
        assert ai.lex.recognize_text(**place, text="hello").session_state.originating_request_id != first


def test_a_bot_must_be_there_and_built(ai: Any) -> None:
    of = make_bot(ai)
    place = {"bot_id": of["bot_id"], "bot_alias_id": "TSTALIASID", "locale_id": "en_US", "session_id": "ada"}
    with pytest.raises(BadRequestError, match="not built"):
        ai.lex.recognize_text(**place, text="hello")
    for wrong in ({"bot_id": "ABCDEFGHIJ"}, {"bot_alias_id": "ABCDEFGHIJ"}, {"locale_id": "fr_FR"}):
        with pytest.raises(NotFoundError):
            ai.lex.recognize_text(**{**place, **wrong}, text="hello")
    ai.lex.create_intent(**of, intent_name="Hello", sample_utterances=[{"utterance": "hello"}])
    build(ai, of)
    assert ai.lex.recognize_text(**place, text="hello").session_state.intent.name == "Hello"
    alias = ai.lex.create_bot_alias(bot_id=of["bot_id"], bot_alias_name="live")
    with pytest.raises(NotFoundError):
        ai.lex.recognize_text(**{**place, "bot_alias_id": alias.bot_alias_id}, text="hello")
    ai.lex.describe_bot_alias(bot_id=of["bot_id"], bot_alias_id=alias.bot_alias_id)
    version = ai.lex.create_bot_version(
        bot_id=of["bot_id"], bot_version_locale_specification={"en_US": {"sourceBotVersion": "DRAFT"}}
    ).bot_version
    ai.lex.update_bot_alias(
        bot_id=of["bot_id"], bot_alias_id=alias.bot_alias_id, bot_alias_name="live", bot_version=version
    )
    live = {**place, "bot_alias_id": alias.bot_alias_id}
    assert ai.lex.recognize_text(**live, text="hello").session_state.intent.name == "Hello"


def test_a_message_without_content_is_not_said(ai: Any) -> None:
    of = make_bot(ai)
    messages = ({}, {"plainTextMessage": {"value": "Bye."}})
    closing = {"closingResponse": {"messageGroups": [{"message": message} for message in messages]}}
    intent = {"intent_name": "Leave", "sample_utterances": [{"utterance": "leave"}]}
    ai.lex.create_intent(**of, **intent, intent_closing_setting=closing)
    build(ai, of)
    alias = {"bot_id": of["bot_id"], "bot_alias_id": "TSTALIASID", "locale_id": "en_US"}
    assert said(ai.lex.recognize_text(**alias, session_id="ada", text="leave")) == ["Bye."]


def test_an_utterance_is_sent_and_answered_in_compressed_headers(ai: Any) -> None:
    flowers = make_flowers(ai)
    reply = ai.lex.recognize_utterance(
        **flowers,
        session_id="ada",
        request_content_type=TEXT,
        response_content_type=TEXT,
        session_state=packed({"sessionAttributes": {"shop": "north"}}),
        request_attributes=packed({"x": "y"}),
        input_stream=b"buy roses",
    )
    assert (reply.input_mode, reply.session_id) == ("Text", "ada")
    assert unpacked(reply.input_transcript) == "buy roses"
    assert unpacked(reply.messages) == [{"content": "Which day?", "contentType": "PlainText"}]
    assert unpacked(reply.session_state)["sessionAttributes"] == {"shop": "north"}
    assert unpacked(reply.interpretations)[0]["intent"]["name"] == "OrderFlowers"
    assert unpacked(reply.request_attributes) == {"x": "y"}
    again = {**flowers, "session_id": "bob", "request_content_type": TEXT, "input_stream": b"buy roses"}
    unfilled = {"intent": {"name": "OrderFlowers", "slots": {"Kind": None}}}
    assert unpacked(ai.lex.recognize_utterance(**again, session_state=packed(unfilled)).messages)
    for wrong in (
        *({"session_state": "zzz"}, {"request_content_type": "image/png"}, {"input_stream": b"a" * 1025}),
        *({"session_state": packed(state)} for state in ([1], {"intent": {}}, {"intent": 5}, {"activeContexts": [{}]})),
        {"request_attributes": packed({"x": 1})},
    ):
        with pytest.raises(BadRequestError):
            ai.lex.recognize_utterance(
                **{**flowers, "session_id": "ada", "request_content_type": TEXT, "input_stream": b"hi", **wrong}
            )


def test_speech_is_not_understood_but_spoken(mock: Mock) -> None:
    pytest.importorskip("numpy")
    with AI(backend=mock) as ai:
        place = {**make_flowers(ai), "session_id": "ada"}
        with pytest.raises(NotMockedError, match="no speech"):
            ai.lex.recognize_utterance(
                **place,
                request_content_type="audio/l16; rate=16000; channels=1",
                response_content_type=TEXT,
                input_stream=bytes(3200),
            )
        reply = ai.lex.recognize_utterance(
            **place, request_content_type=TEXT, response_content_type="audio/pcm", input_stream=b"buy roses"
        )
        assert reply.content_type == "audio/pcm"
        assert len(reply.audio_stream.read()) > 3200


def test_an_alias_can_want_to_know_the_sentiment(mock: Mock) -> None:
    with AI(backend=mock) as ai:
        flowers = make_flowers(ai)
        version = ai.lex.create_bot_version(
            bot_id=flowers["bot_id"], bot_version_locale_specification={"en_US": {"sourceBotVersion": "DRAFT"}}
        ).bot_version
        alias = ai.lex.create_bot_alias(
            bot_id=flowers["bot_id"],
            bot_alias_name="live",
            bot_version=version,
            sentiment_analysis_settings={"detectSentiment": True},
        ).bot_alias_id
        live = {**flowers, "bot_alias_id": alias, "session_id": "ada"}
        found = ai.lex.recognize_text(**live, text="Your flowers are wonderful, I love them!").interpretations[0]
        assert found.sentiment_response.sentiment == "POSITIVE"
        assert found.sentiment_response.sentiment_score.positive > 0.5
        plain = ai.lex.recognize_text(**flowers, session_id="ada", text="I love them!").interpretations[0]
        assert plain.sentiment_response is None


def test_slots_with_several_values_can_be_put(ai: Any) -> None:
    flowers = make_flowers(ai)
    values = [{"value": {"interpretedValue": kind}, "shape": "Scalar"} for kind in ("roses", "tulips")]
    intent = {"name": "OrderFlowers", "slots": {"Kind": {"shape": "List", "values": values}}}
    ai.lex.put_session(**flowers, session_id="ada", session_state={"intent": intent})
    reply = ai.lex.recognize_text(**flowers, session_id="ada", text="today")
    assert said(reply) == ["Shall I send roses, tulips on today?"]
    period = {"start_date_time": datetime(2020, 1, 1, tzinfo=UTC), "end_date_time": datetime(2100, 1, 1, tzinfo=UTC)}
    (session,) = ai.lex.list_session_analytics_data(bot_id=flowers["bot_id"], **period).sessions
    assert [one.intent_name for one in session.invoked_intent_samples] == ["OrderFlowers"]


def test_a_copied_world_goes_on_where_the_conversation_was() -> None:
    mock = Mock()
    with AI(backend=mock) as ai:
        place = {**make_flowers(ai), "session_id": "ada"}
        ai.lex.recognize_text(**place, text="buy roses")
        other = mock.copy()
        assert said(ai.lex.recognize_text(**place, text="today")) == ["Shall I send roses on today?"]
    with AI(backend=other) as ai:
        assert said(ai.lex.recognize_text(**place, text="tomorrow")) == ["Shall I send roses on tomorrow?"]
