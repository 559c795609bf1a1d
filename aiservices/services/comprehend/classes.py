"""What classifiers tell of a text: its classes, how toxic it is, whether a prompt is safe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from ..shown import bars, frame
from .results import Answers

if TYPE_CHECKING:
    from pandas import DataFrame

_LIKELY = 0.5


@dataclass(frozen=True)
class Classes:
    """The classes of a text, as a classifier has learnt them."""

    scores: Mapping[str, float] = field(hash=False)
    """Class -> score (0..1), the likeliest first."""
    several: bool
    """Whether a text can have more labels than one; the scores add up to 1 when it cannot."""
    raw: Mapping[str, Any] = field(repr=False, compare=False)
    """AWS's answer; for a text that was cut, the merged one in AWS's shape."""

    @classmethod
    def merged(cls, text: str, answers: Answers, language_code: str = "") -> Self:
        """The classes of the whole: the pieces' scores weighted by length; of labels, the highest of any piece."""
        several = "Classes" not in answers[0][1]
        member = "Labels" if several else "Classes"
        whole = sum(len(piece.text) for piece, _ in answers)
        scores: dict[str, float] = {}
        for piece, answer in answers:
            for one in answer[member]:
                name, score = one["Name"], one["Score"]
                before = scores.get(name, 0.0)
                scores[name] = max(before, score) if several else before + score * len(piece.text) / whole
        ranked = {name: round(score, 6) for name, score in sorted(scores.items(), key=lambda one: -one[1])}
        if len(answers) == 1:
            return cls(ranked, several, answers[0][1])
        told = [{"Name": name, "Score": score} for name, score in ranked.items()]
        return cls(ranked, several, {member: told})

    @property
    def label(self) -> str:
        """The likeliest class; empty when none was told."""
        return next(iter(self.scores), "")

    @property
    def labels(self) -> tuple[str, ...]:
        """Where a text can have several labels those with a score of at least a half, otherwise the likeliest class."""
        return tuple(n for n, score in self.scores.items() if score >= _LIKELY) if self.several else (self.label,)

    @property
    def confidence(self) -> float:
        """The score of the likeliest class (0..1)."""
        return self.scores.get(self.label, 0.0)

    def __str__(self) -> str:
        return ", ".join(self.labels)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self} {self.confidence:.2f}>"

    def to_dict(self) -> dict[str, Any]:
        """A flat row."""
        return {"label": str(self), "confidence": self.confidence}

    def to_pandas(self) -> DataFrame:
        """A row per class."""
        return frame([{"label": name, "score": score} for name, score in self.scores.items()], ("label", "score"))

    def _repr_html_(self) -> str:
        return bars(self.scores, str(self))


class PromptSafety(Classes):
    """Whether a prompt is safe to give to a language model."""

    @classmethod
    def merged(cls, text: str, answers: Answers, language_code: str = "") -> Self:
        """A prompt is as unsafe as its most unsafe piece."""
        _, worst = max(answers, key=lambda one: cls._unsafe(one[1]))
        ranked = sorted(worst["Classes"], key=lambda one: -one["Score"])
        return cls({one["Name"]: one["Score"] for one in ranked}, False, worst)

    @staticmethod
    def _unsafe(answer: Mapping[str, Any]) -> float:
        return max((float(one["Score"]) for one in answer["Classes"] if one["Name"] == "UNSAFE_PROMPT"), default=0.0)

    @property
    def safe(self) -> bool:
        """Whether SAFE_PROMPT is the likelier."""
        return self.label == "SAFE_PROMPT"

    def to_dict(self) -> dict[str, Any]:
        """A flat row."""
        return {"safe": self.safe, "confidence": self.confidence}


@dataclass(frozen=True)
class Toxicity:
    """How toxic a text is, and in what way."""

    toxicity: float
    """That it is toxic (0..1): of its most toxic segment."""
    labels: Mapping[str, float] = field(hash=False)
    """PROFANITY, HATE_SPEECH, INSULT, GRAPHIC, HARASSMENT_OR_ABUSE, SEXUAL, VIOLENCE_OR_THREAT -> score (0..1), the
    highest first; each of the segment where it is highest."""
    raw: Mapping[str, Any] = field(repr=False, compare=False)
    """AWS's answer: an entry in ResultList for each segment of the text."""

    @classmethod
    def merged(cls, text: str, answers: Answers, language_code: str = "") -> Toxicity:
        """A text is as toxic as its most toxic segment."""
        labels: dict[str, float] = {}
        for _, answer in answers:
            for one in answer["Labels"]:
                labels[one["Name"]] = max(labels.get(one["Name"], 0.0), one["Score"])
        ranked = dict(sorted(labels.items(), key=lambda one: -one[1]))
        toxicity = max(answer["Toxicity"] for _, answer in answers)
        return cls(toxicity, ranked, {"ResultList": [answer for _, answer in answers]})

    @property
    def confidence(self) -> float:
        """As `toxicity`."""
        return self.toxicity

    def __repr__(self) -> str:
        return f"<Toxicity {self.toxicity:.2f} {next(iter(self.labels), '')}>"

    def to_dict(self) -> dict[str, Any]:
        """A flat row."""
        return {"toxicity": self.toxicity, **{name.lower(): score for name, score in sorted(self.labels.items())}}

    def to_pandas(self) -> DataFrame:
        """One row."""
        return frame([self.to_dict()])

    def _repr_html_(self) -> str:
        return bars(self.labels, f"toxicity {self.toxicity:.3f}")
