"""What Comprehend's verbs return: small objects that show themselves."""

from __future__ import annotations

import html
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self, overload

from ..errors import MissingExtraError
from ..text import Piece

if TYPE_CHECKING:
    from pandas import DataFrame

Answers = Sequence[tuple[Piece, Mapping[str, Any]]]
"""AWS's answer for every piece of a text."""


def _frame(rows: Sequence[Mapping[str, Any]], columns: Sequence[str] | None = None) -> DataFrame:
    try:
        import pandas
    except ImportError as error:
        raise MissingExtraError("A DataFrame", "pandas") from error
    return pandas.DataFrame(list(rows), columns=list(columns) if columns else None)


@dataclass(frozen=True)
class Sentiment:
    """Whether a text is positive, negative, neutral or mixed."""

    sentiment: str
    """POSITIVE, NEGATIVE, NEUTRAL or MIXED."""
    positive: float
    negative: float
    neutral: float
    mixed: float
    language_code: str
    """The language it was asked in."""
    raw: Mapping[str, Any] = field(repr=False, compare=False)
    """AWS's answer; for a text that was cut, the merged one in AWS's shape."""

    @classmethod
    def merged(cls, answers: Answers, language_code: str) -> Sentiment:
        """The sentiment of the whole from those of its pieces.

        The scores are means weighted by length. Where pieces contradict each other, what speaks for both signs
        counts as mixed: the whole is MIXED when the weaker sign has more than a quarter of all that has a sign.
        """
        whole = sum(len(piece.text) for piece, _ in answers)
        positive = negative = neutral = mixed = unsure = 0.0
        for piece, answer in answers:
            weight, scores = len(piece.text) / whole, answer["SentimentScore"]
            positive += weight * scores["Positive"]
            negative += weight * scores["Negative"]
            neutral += weight * scores["Neutral"]
            mixed += weight * scores["Mixed"]
            unsure += weight * min(scores["Positive"], scores["Negative"])
        against = min(positive, negative) - unsure  # doubt inside a piece is no contradiction
        scores = {
            "POSITIVE": positive - against,
            "NEGATIVE": negative - against,
            "NEUTRAL": neutral,
            "MIXED": mixed + 2 * against,
        }
        if len(answers) == 1:
            raw = dict(answers[0][1])
        else:
            rounded = {label.capitalize(): round(score, 6) for label, score in scores.items()}
            raw = {"Sentiment": max(scores, key=scores.__getitem__), "SentimentScore": rounded}
        told = raw["SentimentScore"]
        return cls(
            raw["Sentiment"], told["Positive"], told["Negative"], told["Neutral"], told["Mixed"], language_code, raw
        )

    @property
    def scores(self) -> dict[str, float]:
        """The score of each label."""
        return {"POSITIVE": self.positive, "NEGATIVE": self.negative, "NEUTRAL": self.neutral, "MIXED": self.mixed}

    @property
    def confidence(self) -> float:
        """The score of the sentiment (0..1)."""
        return self.scores[self.sentiment]

    def __str__(self) -> str:
        return self.sentiment

    def __repr__(self) -> str:
        return f"<Sentiment {self.sentiment} {self.confidence:.2f}>"

    def to_dict(self) -> dict[str, Any]:
        """A flat row."""
        return {"sentiment": self.sentiment, "confidence": self.confidence, **_without(self, "sentiment", "raw")}

    def to_pandas(self) -> DataFrame:
        """One row."""
        return _frame([self.to_dict()])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{label}</td><td><progress value='{score:.3f}'></progress></td><td>{score:.3f}</td></tr>"
            for label, score in self.scores.items()
        )
        return f"<table><caption>{html.escape(self.sentiment)}</caption>{rows}</table>"


def _without(result: Any, *names: str) -> dict[str, Any]:
    return {name: value for name, value in asdict(result).items() if name not in names}


@dataclass(frozen=True)
class Language:
    """The languages a text is likely written in."""

    languages: tuple[tuple[str, float], ...]
    """AWS's code and its score (0..1), the likeliest first."""
    raw: Mapping[str, Any] = field(repr=False, compare=False)
    """AWS's answer; for a text that was cut, the merged one in AWS's shape."""

    @classmethod
    def merged(cls, answers: Answers, language_code: str = "") -> Language:
        """The languages of the whole: the pieces' scores, weighted by length."""
        whole = sum(len(piece.text) for piece, _ in answers)
        scores: dict[str, float] = {}
        for piece, answer in answers:
            for one in answer["Languages"]:
                told = one["Score"] * len(piece.text) / whole
                scores[one["LanguageCode"]] = scores.get(one["LanguageCode"], 0.0) + told
        ranked = sorted(((code, round(score, 6)) for code, score in scores.items()), key=lambda pair: -pair[1])
        if len(answers) == 1:
            return cls(tuple(ranked), answers[0][1])
        return cls(tuple(ranked), {"Languages": [{"LanguageCode": code, "Score": score} for code, score in ranked]})

    @property
    def code(self) -> str:
        """The likeliest language; empty when AWS named none."""
        return self.languages[0][0] if self.languages else ""

    @property
    def confidence(self) -> float:
        """Its score (0..1)."""
        return self.languages[0][1] if self.languages else 0.0

    def __str__(self) -> str:
        return self.code

    def __repr__(self) -> str:
        return f"<Language {self.code} {self.confidence:.2f}>"

    def to_dict(self) -> dict[str, Any]:
        """A flat row."""
        return {"language": self.code, "confidence": self.confidence}

    def to_pandas(self) -> DataFrame:
        """A row per language."""
        return _frame([{"language": code, "score": score} for code, score in self.languages], ("language", "score"))

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><td>{html.escape(code)}</td><td>{score:.3f}</td></tr>" for code, score in self.languages)
        return f"<table>{rows}</table>"


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
    """PERSON, DATE, EMAIL ...; empty for key phrases."""


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
        found = [_shifted(one, piece.start) for piece, answer in answers for one in answer[cls.member]]
        raw = answers[0][1] if len(answers) == 1 else {cls.member: found}
        return cls(text, [_span(text, one) for one in found], language_code, raw)

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
        return _frame([asdict(span) for span in self._spans], ("text", "begin", "end", "score", "type"))

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


def _shifted(one: Mapping[str, Any], start: int) -> dict[str, Any]:
    return {**one, "BeginOffset": one["BeginOffset"] + start, "EndOffset": one["EndOffset"] + start}


def _span(text: str, one: Mapping[str, Any]) -> Span:
    begin, end = one["BeginOffset"], one["EndOffset"]
    return Span(text[begin:end], begin, end, one["Score"], one.get("Type", ""))
