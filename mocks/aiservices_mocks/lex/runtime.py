"""Lex's conversations: sessions with a bot, in text."""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import zlib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

from aiservices.call import Reply, Stream, note
from aiservices.errors import NotMockedError, ServiceError
from aiservices_mocks.limits import checker
from aiservices_mocks.service import computed, stateful
from aiservices_mocks.store import Record

from .definition import Definition, define
from .dialog import Dialog, Turn
from .of_bot import Refusing
from .sessions import Address, Sessions, log

_TEXT = "text/plain; charset=utf-8"
_BUILT = ("Built", "ReadyExpressTesting")
_AUDIO = {"audio/mpeg": ("mp3", None), "audio/ogg": ("ogg_vorbis", None), "audio/pcm": ("pcm", "16000")}
"""What a bot speaks: Polly's format and rate."""


class LexRuntime(Refusing):
    """Sessions with a bot.

    Sessions end when their bot's `idleSessionTTLInSeconds` have passed on the world's clock. Intents are recognised
    by their samples; see `dialog` for what of AWS is kept. Audio is spoken by Polly's voices, but not understood.
    """

    name = "lexv2-runtime"

    @stateful
    def put_session(
        self,
        bot_id: str,
        bot_alias_id: str,
        locale_id: str,
        session_id: str,
        session_state: Mapping[str, Any],
        messages: Sequence[Mapping[str, Any]] = (),
        request_attributes: Mapping[str, str] | None = None,
        response_content_type: str = _TEXT,
    ) -> Reply:
        """Begin a session in a state of the caller's, or bring it there; what the bot says is its prompt there."""
        address = Address(bot_id, bot_alias_id, locale_id, session_id)
        kind = self._speaks(response_content_type)
        with self.world.lock:
            definition = self.definition(address)
            sessions = Sessions(self.world)
            old = sessions.find(address)
            state = self._checked(definition, session_state)
            state["originatingRequestId"] = self._origin(old, state)
            turn = self._arrived(definition, state)
            turn.messages = deepcopy([dict(message) for message in messages]) or turn.messages
            intent = turn.state.get("intent")
            turn.interpretations = [{"intent": deepcopy(intent), "interpretationSource": "Lex"}] if intent else []
            sessions.put(address, definition.bot["idleSessionTTLInSeconds"], turn)
        return {
            "contentType": response_content_type,
            "messages": _packed(turn.messages),
            "sessionState": _packed(turn.state),
            "requestAttributes": _packed(request_attributes or {}),
            "sessionId": session_id,
            "audioStream": self._spoken(definition, turn.messages, kind),
        }

    @stateful
    def get_session(self, bot_id: str, bot_alias_id: str, locale_id: str, session_id: str) -> Reply:
        """The state of a session after its last turn."""
        address = Address(bot_id, bot_alias_id, locale_id, session_id)
        found = self._open(address)
        return {
            "sessionId": session_id,
            "messages": found["messages"],
            "interpretations": found["interpretations"],
            "sessionState": found["state"],
        }

    @stateful
    def delete_session(self, bot_id: str, bot_alias_id: str, locale_id: str, session_id: str) -> Reply:
        """End a session."""
        address = Address(bot_id, bot_alias_id, locale_id, session_id)
        with self.world.lock:
            self._open(address)
            Sessions(self.world).remove(address)
        return {"botId": bot_id, "botAliasId": bot_alias_id, "localeId": locale_id, "sessionId": session_id}

    @computed
    def recognize_text(
        self,
        bot_id: str,
        bot_alias_id: str,
        locale_id: str,
        session_id: str,
        text: str,
        session_state: Mapping[str, Any] | None = None,
        request_attributes: Mapping[str, str] | None = None,
    ) -> Reply:
        """What the bot understands and says."""
        address = Address(bot_id, bot_alias_id, locale_id, session_id)
        _, turn = self._turn(address, text, session_state)
        reply: Reply = {
            "messages": deepcopy(turn.messages),
            "sessionState": deepcopy(turn.state),
            "interpretations": deepcopy(turn.interpretations),
            "requestAttributes": dict(request_attributes or {}),
            "sessionId": session_id,
        }
        return note(reply, engine="overlap")

    @computed
    def recognize_utterance(
        self,
        bot_id: str,
        bot_alias_id: str,
        locale_id: str,
        session_id: str,
        request_content_type: str,
        session_state: str | None = None,
        request_attributes: str | None = None,
        response_content_type: str = _TEXT,
        input_stream: Any = b"",
    ) -> Reply:
        """What the bot understands of a text that is sent as a stream, and says, in text or aloud."""
        address = Address(bot_id, bot_alias_id, locale_id, session_id)
        kind = self._speaks(response_content_type)
        self.definition(address)
        headers = {"sessionState": session_state, "requestAttributes": request_attributes}
        request = self._as_text(address, self._text(request_content_type, input_stream), headers)
        definition, turn = self._turn(address, request["text"], request.get("sessionState"))
        reply: Reply = {
            "inputMode": "Text",
            "contentType": response_content_type,
            "messages": _packed(turn.messages),
            "interpretations": _packed(turn.interpretations),
            "sessionState": _packed(turn.state),
            "requestAttributes": _packed(request.get("requestAttributes", {})),
            "sessionId": session_id,
            "inputTranscript": _packed(request["text"]),
            "audioStream": self._spoken(definition, turn.messages, kind),
        }
        return note(reply, engine="overlap")

    # A turn.

    def _turn(self, address: Address, text: str, given: Mapping[str, Any] | None) -> tuple[Definition, Turn]:
        if not text.strip():
            raise self._invalid("The text is empty: give at least one character that is no space.")
        definition = self.definition(address)
        sentiment = _sentiment(text, definition.language) if definition.detects_sentiment else None
        with self.world.lock:
            sessions = Sessions(self.world)
            old = sessions.find(address)
            state = {**(old["state"] if old else {}), **(self._checked(definition, given) if given else {})}
            state["originatingRequestId"] = self._origin(old, state)
            turn = Dialog(definition, state, old["retries"] if old else 0).hear(text)
            if sentiment is not None and turn.interpretations:
                turn.interpretations[0]["sentimentResponse"] = sentiment
            sessions.put(address, definition.bot["idleSessionTTLInSeconds"], turn)
            log(self.world, address, definition, turn, text)
        return definition, turn

    def _origin(self, old: Mapping[str, Any] | None, state: Mapping[str, Any]) -> str:
        """The request that began the session."""
        if old is not None:
            return str(old["state"]["originatingRequestId"])
        return str(state.get("originatingRequestId") or self.world.new_id())

    def _arrived(self, definition: Definition, state: Mapping[str, Any]) -> Turn:
        """The turn that leaves a session in a state that the caller wants."""
        dialog = Dialog(definition, state)
        if "intent" in state and state.get("dialogAction", {}).get("type", "Delegate") == "Delegate":
            return dialog.go_on()
        turn = Turn(deepcopy(dict(state)), dialog.prompt())
        turn.state.setdefault("activeContexts", [])
        turn.state.setdefault("sessionAttributes", {})
        turn.state.setdefault("dialogAction", {"type": "ElicitIntent"})
        return turn

    def _checked(self, definition: Definition, state: Mapping[str, Any]) -> dict[str, Any]:
        """A state that the bot can be in."""
        checked = deepcopy(dict(state))
        action, intent = state.get("dialogAction", {}), state.get("intent")
        if intent is not None:
            if intent["name"] not in definition.intents:
                raise self._invalid("The intent of the session state is not one of the bot's.")
            known = {slot["slotName"] for slot in definition.slots.get(intent["name"], ())}
            if not {*intent.get("slots", {})} <= known:
                raise self._invalid("A slot of the session state is not one of the intent's.")
            checked["intent"] = {"slots": {}, "state": "InProgress", "confirmationState": "None", **checked["intent"]}
        kind, name = action.get("type"), intent["name"] if intent is not None else ""
        if kind in ("ConfirmIntent", "ElicitSlot") and not name:
            raise self._invalid(f"{kind} needs the intent that it is about.")
        if kind == "ElicitSlot" and not definition.slot(name, action.get("slotToElicit")):
            raise self._invalid("slotToElicit does not name a slot of the intent.")
        return checked

    # The bot.

    def definition(self, address: Address) -> Definition:
        """The bot in the version that the alias leads to, if it can be talked to."""
        from . import LexModels

        keepers = LexModels.of(self.world).keepers
        bot = keepers["Bot"].find({"botId": address.bot})
        alias = keepers["BotAlias"].find({"botId": address.bot, "botAliasId": address.alias})
        if bot is None or alias is None or "botVersion" not in alias["members"]:
            raise self._missing("There is no bot with this alias that leads to a version.")
        settings, version = alias["members"], alias["members"]["botVersion"]
        locale = keepers["BotLocale"].find({"botId": address.bot, "botVersion": version, "localeId": address.locale})
        enabled = settings.get("botAliasLocaleSettings", {}).get(address.locale, {}).get("enabled", True)
        if locale is None or not enabled:
            raise self._missing("The alias does not have this locale.")
        if keepers["BotLocale"].look(locale) not in _BUILT:
            raise self._invalid("The bot is not built for this locale: build it first.")
        wanted = settings.get("sentimentAnalysisSettings", {}).get("detectSentiment", False)
        return replace(define(keepers, bot["members"], version, locale["members"]), detects_sentiment=wanted)

    def _open(self, address: Address) -> Record:
        """A session that has begun and not ended."""
        self.definition(address)
        found = Sessions(self.world).find(address)
        if found is None:
            raise self._missing("There is no such session: it was never begun, or has ended.")
        return found

    # What goes over the wire.

    def _text(self, content_type: str, stream: Any) -> str:
        kind = content_type.partition(";")[0].strip().lower()
        if kind.startswith("audio/"):
            raise NotMockedError(
                "lexv2-runtime.RecognizeUtterance: the mock understands no speech; send text with the content type "
                f'"{_TEXT}", or give an answer with mock.on("lexv2-runtime.RecognizeUtterance").returns({{...}})'
            )
        if kind != "text/plain":
            raise self._invalid(f'requestContentType is audio/l16, audio/x-l16 ... or "{_TEXT}".')
        data = stream.read() if hasattr(stream, "read") else stream
        try:
            return data if isinstance(data, str) else bytes(data).decode("utf-8")
        except UnicodeDecodeError:
            raise self._invalid("The input is not text in UTF-8.") from None

    def _as_text(self, address: Address, text: str, headers: Mapping[str, str | None]) -> dict[str, Any]:
        """The same as a request for RecognizeText, held against the model like one."""
        request: dict[str, Any] = {name: self._unpacked(name, packed) for name, packed in headers.items() if packed}
        request |= zip(("botId", "botAliasId", "localeId", "sessionId"), address, strict=True)
        try:
            return checker(self.name, "RecognizeText")({**request, "text": text})
        except ServiceError as error:
            raise self._invalid(f"The text or a header is not as RecognizeText takes it: {error.message}") from None

    def _unpacked(self, name: str, packed: str) -> dict[str, Any]:
        """What a header says; a slot that is null has no value."""
        try:
            found = json.loads(gzip.decompress(base64.b64decode(packed, validate=True)), object_hook=_present)
        except (binascii.Error, OSError, EOFError, zlib.error, ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise self._invalid(f"{name} is not a JSON object, compressed by gzip, in base64.")
        return found

    def _speaks(self, content_type: str) -> str | None:
        """The audio that is wanted; None for text."""
        kind = content_type.partition(";")[0].strip().lower()
        if kind == "text/plain":
            return None
        if kind == "audio/*":
            return "audio/mpeg"
        if kind not in _AUDIO:
            known = ", ".join((_TEXT, *_AUDIO))
            raise self._invalid(f"responseContentType must be one of {known}.")
        return kind

    def _spoken(self, definition: Definition, messages: Sequence[Mapping[str, Any]], kind: str | None) -> Stream:
        """The messages aloud, in the voice of the locale; nothing when text is wanted."""
        said = [m["content"] for m in messages if m["contentType"] in ("PlainText", "SSML")]
        voice = definition.locale.get("voiceSettings", {})
        if kind is None or not said or "voiceId" not in voice:
            return Stream(b"")
        from aiservices_mocks.polly import Polly

        format, rate = _AUDIO[kind]
        ssml = any(m["contentType"] == "SSML" for m in messages)
        text = f"<speak>{' '.join(map(_inner, said))}</speak>" if ssml else " ".join(said)
        reply = Polly.of(self.world).synthesize_speech(
            output_format=format,
            text=text,
            voice_id=voice["voiceId"],
            engine=voice.get("engine", "standard"),
            text_type="ssml" if ssml else "text",
            **({"sample_rate": rate} if rate else {}),
        )
        stream: Stream = reply["AudioStream"]
        return stream


def _sentiment(text: str, language: str) -> dict[str, Any]:
    """How a text is meant, as Comprehend's mock judges it."""
    from aiservices_mocks.engines import sentiment

    scores = sentiment.score(text, language)
    best = max(scores, key=lambda label: scores[label])
    return {"sentiment": best, "sentimentScore": {label.lower(): value for label, value in scores.items()}}


def _present(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _packed(value: Any) -> str:
    """As Lex writes it into a header: JSON, compressed, in base64."""
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return base64.b64encode(gzip.compress(data, mtime=0)).decode("ascii")


def _inner(said: str) -> str:
    """What stands between `<speak>` and its end; a plain text as SSML has it."""
    from xml.sax.saxutils import escape

    text = said.strip()
    if text.startswith("<speak>") and text.endswith("</speak>"):
        return text.removeprefix("<speak>").removesuffix("</speak>")
    return escape(text)
