"""What a text says about the people and things in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, overload

from ..shown import frame, plural, table
from .found import shifted
from .results import Answers

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a text that speaks of somebody or something."""

    text: str
    begin: int
    """Code points from the start of the whole text."""
    end: int
    """Exclusive."""
    type: str
    """PERSON, BRAND, FACILITY ..."""
    sentiment: str
    """POSITIVE, NEGATIVE, NEUTRAL or MIXED, of this mention."""
    scores: Mapping[str, float] = field(hash=False)
    """The score of each sentiment."""
    score: float
    """That it is a mention of this type (0..1)."""
    group_score: float
    """That it means the same as the others of its group (0..1)."""


@dataclass(frozen=True)
class Target:
    """Somebody or something that a text speaks of, with all the mentions that mean it."""

    name: str
    """Its most telling mention."""
    type: str
    mentions: tuple[Mention, ...]

    @property
    def scores(self) -> dict[str, float]:
        """The score of each sentiment: the mean over the mentions."""
        number = len(self.mentions)
        return {label: sum(one.scores[label] for one in self.mentions) / number for label in self.mentions[0].scores}

    @property
    def sentiment(self) -> str:
        """POSITIVE, NEGATIVE, NEUTRAL or MIXED: the likeliest over all mentions."""
        scores = self.scores
        return max(scores, key=scores.__getitem__)

    @property
    def confidence(self) -> float:
        """The score of the sentiment (0..1)."""
        return self.scores[self.sentiment]

    def __repr__(self) -> str:
        return f"<Target {self.type} {self.sentiment} {self.confidence:.2f}, {plural(len(self.mentions), 'mention')}>"


class Targets(Sequence[Target]):
    """What a text speaks of, and how."""

    def __init__(self, text: str, targets: Sequence[Target], language_code: str, raw: Mapping[str, Any]) -> None:
        self.text = text
        """The whole text."""
        self.language_code = language_code
        """The language it was asked in."""
        self.raw = raw
        """AWS's answer; for a text that was cut, the merged one with offsets into the whole."""
        self._targets = tuple(targets)

    @classmethod
    def merged(cls, text: str, answers: Answers, language_code: str) -> Targets:
        """The groups of all pieces, at their places in the whole text; none is joined with one of another piece."""
        groups = [
            {**one, "Mentions": [shifted(mention, piece.start) for mention in one["Mentions"]]}
            for piece, answer in answers
            for one in answer["Entities"]
        ]
        raw = answers[0][1] if len(answers) == 1 else {"Entities": groups}
        return cls(text, [_target(text, one) for one in groups if one["Mentions"]], language_code, raw)

    @overload
    def __getitem__(self, index: int) -> Target: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Target]: ...
    def __getitem__(self, index: int | slice) -> Target | Sequence[Target]:
        return self._targets[index]

    def __len__(self) -> int:
        return len(self._targets)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Targets) and (self.text, self._targets) == (other.text, other._targets)

    def __hash__(self) -> int:
        return hash((self.text, self._targets))

    @property
    def confidence(self) -> float | None:
        """The mean over the targets (0..1); None when there is none."""
        return sum(one.confidence for one in self) / len(self) if self._targets else None

    def about(self, name: str) -> list[Target]:
        """The targets that a mention calls so, in any case of letters."""
        wanted = name.casefold()
        return [one for one in self if any(mention.text.casefold() == wanted for mention in one.mentions)]

    def __repr__(self) -> str:
        return f"<Targets: {len(self)} in {len(self.text)} characters>"

    def to_dict(self) -> dict[str, Any]:
        """A flat row: the targets in one cell."""
        said = ", ".join(f"{one.name} ({one.sentiment})" for one in self)
        return {"targets": said, "count": len(self), "language_code": self.language_code}

    def to_pandas(self) -> DataFrame:
        """A row per mention; `target` is the same number in those that mean the same."""
        rows = [
            (n, target.name, one.text, one.begin, one.end, one.type, one.sentiment, one.scores[one.sentiment])
            for n, target in enumerate(self)
            for one in target.mentions
        ]
        return frame(rows, ("target", "name", "text", "begin", "end", "type", "sentiment", "confidence"))

    def _repr_html_(self) -> str:
        rows = ((one.name, one.type, one.sentiment, one.confidence, len(one.mentions)) for one in self)
        return table(rows, ("target", "type", "sentiment", "confidence", "mentions"))


def _target(text: str, group: Mapping[str, Any]) -> Target:
    mentions = tuple(_mention(text, one) for one in group["Mentions"])
    telling = next(iter(group.get("DescriptiveMentionIndex", ())), 0)
    named = mentions[telling] if telling < len(mentions) else mentions[0]
    return Target(named.text, named.type, mentions)


def _mention(text: str, one: Mapping[str, Any]) -> Mention:
    begin, end, told = one["BeginOffset"], one["EndOffset"], one["MentionSentiment"]
    return Mention(
        text[begin:end],
        begin,
        end,
        one["Type"],
        told["Sentiment"],
        {label.upper(): score for label, score in told["SentimentScore"].items()},
        one["Score"],
        one["GroupScore"],
    )
