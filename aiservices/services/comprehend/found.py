"""What Comprehend's verbs find in a text: names, phrases, words, personal data, each at its place."""

from __future__ import annotations

import html
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self, overload

from ..shown import frame
from .results import Answers

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text that Comprehend found something in."""

    text: str
    begin: int
    """Code points from the start of the whole text."""
    end: int
    """Exclusive."""
    score: float
    type: str = ""
    """PERSON, DATE, EMAIL; of a word its part of speech, NOUN, VERB; empty for key phrases."""


class Found(Sequence[Span]):
    """What was found in a text, in order, with its places in the whole text."""

    member: ClassVar[str] = ""
    """Where AWS's answer has the list."""

    def __init__(self, text: str, spans: Sequence[Span], language_code: str, raw: Mapping[str, Any]) -> None:
        self.text = text
        """The whole text."""
        self.language_code = language_code
        """The language it was asked in."""
        self.raw = raw
        """AWS's answer; for a text that was cut, the merged one with offsets into the whole."""
        self._spans = tuple(spans)

    @classmethod
    def merged(cls, text: str, answers: Answers, language_code: str) -> Self:
        """What was found in the pieces, at its places in the whole text."""
        found = [shifted(one, piece.start) for piece, answer in answers for one in answer[cls.member]]
        raw = answers[0][1] if len(answers) == 1 else cls._merged_raw(found)
        return cls(text, [_span(text, one) for one in found], language_code, raw)

    @classmethod
    def _merged_raw(cls, found: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        return {cls.member: found}

    @overload
    def __getitem__(self, index: int) -> Span: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Span]: ...
    def __getitem__(self, index: int | slice) -> Span | Sequence[Span]:
        return self._spans[index]

    def __len__(self) -> int:
        return len(self._spans)

    def __eq__(self, other: object) -> bool:
        return (
            type(self) is type(other)
            and isinstance(other, Found)
            and (self.text, self._spans) == (other.text, other._spans)
        )

    def __hash__(self) -> int:
        return hash((self.text, self._spans))

    @property
    def confidence(self) -> float | None:
        """The mean of the scores (0..1); None when nothing was found."""
        return sum(span.score for span in self._spans) / len(self._spans) if self._spans else None

    def of(self, *types: str) -> list[Span]:
        """Those of the types."""
        return [span for span in self._spans if span.type in types]

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self)} in {len(self.text)} characters>"

    def to_dict(self) -> dict[str, Any]:
        """A flat row: what was found, in one cell."""
        said = ", ".join(f"{span.text} ({span.type})" if span.type else span.text for span in self._spans)
        return {"found": said, "count": len(self), "language_code": self.language_code}

    def to_pandas(self) -> DataFrame:
        """A row per stretch."""
        return frame([asdict(span) for span in self._spans], ("text", "begin", "end", "score", "type"))

    def _repr_html_(self) -> str:
        return f"<p>{''.join(self._marked())}</p>"

    def _marked(self) -> Iterator[str]:
        at = 0
        for span in self._spans:
            if span.begin < at:
                continue
            yield html.escape(self.text[at : span.begin])
            kind = f" <small>{html.escape(span.type)}</small>" if span.type else ""
            yield f"<mark>{html.escape(span.text)}{kind}</mark>"
            at = span.end
        yield html.escape(self.text[at:])


class Entities(Found):
    """The named entities, dates and quantities of a text."""

    member = "Entities"


class KeyPhrases(Found):
    """The key phrases of a text."""

    member = "KeyPhrases"


class Syntax(Found):
    """The words of a text, each with its part of speech as `type`."""

    member = "SyntaxTokens"

    @classmethod
    def _merged_raw(cls, found: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        return {cls.member: [{**one, "TokenId": number} for number, one in enumerate(found, 1)]}


class Pii(Found):
    """The personal data in a text."""

    member = "Entities"

    def redacted(self, mask: str = "type", types: Collection[str] | None = None) -> str:
        """The text with the personal data masked; everything else stays as it is.

        mask: "type" puts the type in brackets, [NAME]; a single character is put for each character.
        types: which types to mask; None masks all.
        """
        out: list[str] = []
        at = 0
        for span in sorted(self, key=lambda span: (span.begin, -span.end)):
            if types is not None and span.type not in types:
                continue
            if span.end <= at:
                continue
            begin = max(at, span.begin)
            out.append(self.text[at:begin])
            out.append(f"[{span.type}]" if mask == "type" else mask * (span.end - begin))
            at = span.end
        return "".join((*out, self.text[at:]))


def shifted(one: Mapping[str, Any], start: int) -> dict[str, Any]:
    """What AWS tells of a stretch of a piece, with its places in the whole."""
    return {**one, "BeginOffset": one["BeginOffset"] + start, "EndOffset": one["EndOffset"] + start}


def _span(text: str, one: Mapping[str, Any]) -> Span:
    begin, end = one["BeginOffset"], one["EndOffset"]
    speech = one.get("PartOfSpeech")
    score, kind = (speech["Score"], speech["Tag"]) if speech else (one["Score"], one.get("Type", ""))
    return Span(text[begin:end], begin, end, score, kind)
