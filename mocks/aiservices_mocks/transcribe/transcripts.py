"""A transcript in the form of the file that Transcribe writes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .heard import Turn, Word

SECRET = "[PII]"
MASK = "***"


@dataclass(frozen=True, slots=True)
class Style:
    """What of the possible things a transcript shows."""

    speakers: int = 0
    """How many are told apart by labels; 0: none."""
    channels: int = 0
    """How many channels are shown by themselves; 0: none."""
    alternatives: int = 0
    """How many transcripts of every segment there are."""
    filter: frozenset[str] = frozenset()
    """The words of a vocabulary filter, in small letters."""
    method: str = "mask"
    """What is done with them: `mask`, `remove`, `tag`."""
    secrets: frozenset[str] | None = None
    """Which kinds of personal information are taken out; None: it is no redacted transcript."""


def time(seconds: float) -> str:
    """A time as the file has it."""
    return str(round(float(seconds), 3))


def filtered(turns: Sequence[Turn], style: Style) -> list[Turn]:
    """The turns without the words that the filter takes away or masks; a turn of nothing is none."""
    found = []
    for turn in turns:
        words = [_masked(word, style) for word in turn.words]
        if kept := tuple(word for word in words if word is not None):
            found.append(turn._replace(words=kept))
    return found


def _masked(word: Word, style: Style) -> Word | None:
    if word.text.lower() not in style.filter or style.method == "tag":
        return word
    return None if style.method == "remove" else replace(word, text=MASK)


def text(words: Collection[Word], secrets: frozenset[str] | None = None) -> str:
    """The words as they are read."""
    return " ".join((SECRET if secrets and word.kind in secrets else word.text) + word.after for word in words)


class Transcript:
    """The `results` of one transcript."""

    def __init__(self, turns: Sequence[Turn], style: Style) -> None:
        self.style = style
        self.turns = filtered(turns, style)
        self.items: list[dict[str, Any]] = []
        self.segments: list[dict[str, Any]] = []
        for turn in self.turns:
            self._add(turn)

    def _add(self, turn: Turn) -> None:
        begin = len(self.items)
        for word in turn.words:
            self._add_item(self._spoken(word), turn)
            if word.after:
                point = {"confidence": "0.0", "content": word.after}
                self._add_item({"type": "punctuation", "alternatives": [point]}, turn)
        self.segments.append({
            "id": len(self.segments), "transcript": text(turn.words, self.style.secrets),
            "start_time": time(turn.start), "end_time": time(turn.end), **self._labels(turn),
            "items": list(range(begin, len(self.items))),
        })  # fmt: skip

    def _add_item(self, item: Mapping[str, Any], turn: Turn) -> None:
        self.items.append({"id": len(self.items), **item, **self._labels(turn)})

    def _labels(self, turn: Turn) -> dict[str, str]:
        if self.style.channels:
            return {"channel_label": f"ch_{turn.speaker}"}
        return {"speaker_label": f"spk_{turn.speaker}"} if self.style.speakers else {}

    def _spoken(self, word: Word) -> dict[str, Any]:
        said: dict[str, Any] = {"confidence": str(word.confidence), "content": word.text}
        if self.style.secrets and word.kind in self.style.secrets:
            found = {"confidence": str(word.confidence), "type": word.kind, "category": "PII"}
            said = {"redactions": [found], "content": SECRET}
        item: dict[str, Any] = {
            "type": "pronunciation", "alternatives": [said],
            "start_time": time(word.start), "end_time": time(word.end),
        }  # fmt: skip
        if self.style.method == "tag" and word.text.lower() in self.style.filter:
            item["vocabularyFilterMatch"] = True
        return item

    def results(self) -> dict[str, Any]:
        """The member `results` of the file."""
        words = [word for turn in self.turns for word in turn.words]
        found: dict[str, Any] = {"transcripts": [{"transcript": text(words, self.style.secrets)}]}
        if self.style.speakers:
            found["speaker_labels"] = self._speakers()
        if self.style.channels:
            found["channel_labels"] = self._channels()
        if self.style.alternatives:
            found["segments"] = [self._alternatives(turn) for turn in self.turns]
        return found | {"items": self.items, "audio_segments": self.segments}

    def _speakers(self) -> dict[str, Any]:
        segments = []
        for turn in self.turns:
            label = {"speaker_label": f"spk_{turn.speaker}"}
            times = [{**label, "start_time": time(w.start), "end_time": time(w.end)} for w in turn.words]
            segments.append({"start_time": time(turn.start), "end_time": time(turn.end), **label, "items": times})
        heard = len({turn.speaker for turn in self.turns})
        return {"segments": segments, "channel_label": "ch_0", "speakers": heard}

    def _channels(self) -> dict[str, Any]:
        channels = [
            {"channel_label": label, "items": [item for item in self.items if item["channel_label"] == label]}
            for label in (f"ch_{number}" for number in range(self.style.channels))
        ]
        return {"channels": channels, "number_of_channels": self.style.channels}

    def _alternatives(self, turn: Turn) -> dict[str, Any]:
        """Each further one ends a word later or earlier than the one before: it leaves the last words out."""
        found = []
        for number in range(min(self.style.alternatives, len(turn.words))):
            words = turn.words[: len(turn.words) - number]
            items = [
                {
                    "start_time": time(word.start), "end_time": time(word.end), "type": "pronunciation",
                    "confidence": str(word.confidence), "content": text([replace(word, after="")], self.style.secrets),
                }
                for word in words
            ]  # fmt: skip
            found.append({"transcript": text(words, self.style.secrets), "items": items})
        return {"start_time": time(turn.start), "end_time": time(turn.end), "alternatives": found}


def toxicity(turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """What ToxicityDetection adds: of words that mean nothing, nothing is toxic."""
    kinds = ("profanity", "hate_speech", "sexual", "insult", "violence_or_threat", "graphic", "harassment_or_abuse")
    return [
        {
            "text": text(turn.words), "toxicity": 0.0, "categories": dict.fromkeys(kinds, 0.0),
            "start_time": turn.start, "end_time": turn.end,
        }
        for turn in turns
    ]  # fmt: skip
