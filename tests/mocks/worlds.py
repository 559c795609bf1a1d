"""A mock with a small service of our own behind Polly's lexicons, for tests of the core alone."""

from __future__ import annotations

from typing import Any

from aiservices_mocks import Clock, Mock
from aiservices_mocks.service import Service, computed, stateful

from aiservices.call import Call, Reply, Stream, note


class Lexicons(Service):
    """Some of Polly, as a handler author would write it."""

    name = "polly"

    @stateful
    def put_lexicon(self, name: str, content: str) -> Reply:
        """Keep a lexicon."""
        self.world.store.table("polly", "lexicon")[name] = {"Name": name, "Content": content}
        return {}

    @stateful
    def get_lexicon(self, name: str) -> Reply:
        """A lexicon."""
        table = self.world.store.table("polly", "lexicon")
        if name not in table:
            raise self.error("LexiconNotFoundException", "Lexicon not found")
        return {"Lexicon": table[name]}

    @stateful
    def list_lexicons(self, next_token: str | None = None) -> Reply:
        """Lexicons by two."""
        names = list(self.world.store.table("polly", "lexicon"))
        page, token = self.page("ListLexicons", {"NextToken": next_token}, names, 2)
        return {"Lexicons": [{"Name": name} for name in page]} | ({"NextToken": token} if token else {})

    @computed
    def synthesize_speech(self, output_format: str, text: str, voice_id: str, **rest: Any) -> Reply:
        """The text's bytes."""
        reply = {"AudioStream": Stream(text.encode()), "RequestCharacters": len(text), "ContentType": "audio/pcm"}
        return note(reply, engine="echo")


def small_mock(**kwargs: Any) -> Mock:
    """A mock whose Polly is `Lexicons`."""
    mock = Mock(**kwargs)
    mock.world.services["polly"] = Lexicons(mock.world)
    return mock


def ask(mock: Mock, what: str, **params: Any) -> Reply:
    """Send one call: `ask(mock, "polly.PutLexicon", Name=...)`."""
    service, _, operation = what.partition(".")
    return mock.send(Call(service, operation, params))


SPEECH = {"OutputFormat": "pcm", "Text": "hello", "VoiceId": "Joanna"}

__all__ = ["SPEECH", "Clock", "Lexicons", "ask", "small_mock"]
