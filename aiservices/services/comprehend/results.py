"""What Comprehend's verbs tell of a text as a whole: its sentiment, and the languages it is in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from ...text import Piece
from ..shown import bars, frame

if TYPE_CHECKING:
    from pandas import DataFrame

Answers = Sequence[tuple[Piece, Mapping[str, Any]]]
"""AWS's answer for every piece of a text."""


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
    def merged(cls, text: str, answers: Answers, language_code: str) -> Sentiment:
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
        return frame([self.to_dict()])

    def _repr_html_(self) -> str:
        return bars(self.scores, self.sentiment)


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
    def merged(cls, text: str, answers: Answers, language_code: str = "") -> Language:
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
        return frame([{"language": code, "score": score} for code, score in self.languages], ("language", "score"))

    def _repr_html_(self) -> str:
        return bars(dict(self.languages))
