"""Which categories a call is of: the rules of each, held against what was said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

Span = tuple[int, int]
"""From when to when, in milliseconds."""


class Said(NamedTuple):
    """One turn of a call."""

    content: str
    role: str
    mood: str
    begin: int
    end: int


def matched(
    categories: Sequence[Mapping[str, Any]], said: Sequence[Said], silences: Sequence[Span], length: int
) -> dict[str, Any]:
    """The categories all of whose rules are met, and where."""
    found: dict[str, Any] = {}
    for category in categories:
        if category.get("InputType", "POST_CALL") != "POST_CALL":
            continue
        met = [_met(rule, said, silences, length) for rule in category["Rules"]]
        if all(spans is not None for spans in met):
            points = sorted({span for spans in met for span in spans or ()})
            shown = [{"BeginOffsetMillis": begin, "EndOffsetMillis": end} for begin, end in points]
            found[category["CategoryName"]] = {"PointsOfInterest": shown}
    return {"MatchedCategories": list(found), "MatchedDetails": found}


def _met(rule: Mapping[str, Any], said: Sequence[Said], silences: Sequence[Span], length: int) -> list[Span] | None:
    """Where a rule is met; None when it is not. A rule that is turned round is met nowhere in particular."""
    ((kind, condition),) = rule.items()
    first, last = _range(condition, length)
    candidates: Iterator[Span] = iter(())  # of interruptions: the turns follow each other, nobody interrupts
    if kind == "NonTalkTimeFilter":
        candidates = _long(silences, condition)
    elif kind == "TranscriptFilter":
        candidates = _saying(said, condition)
    elif kind == "SentimentFilter":
        candidates = _feeling(said, condition)
    spans = [span for span in candidates if span[0] < last and span[1] > first]
    if condition.get("Negate"):
        return None if spans else []
    return spans or None


def _range(condition: Mapping[str, Any], length: int) -> Span:
    """The part of the call that a rule looks at."""
    if (part := condition.get("AbsoluteTimeRange")) is not None:
        begin, end = part.get("StartTime", 0), part.get("EndTime", length)
        scale = 1.0
    else:
        part = condition.get("RelativeTimeRange", {})
        scale = length / 100
        begin, end = part.get("StartPercentage", 0) * scale, part.get("EndPercentage", 100) * scale
    if "First" in part:
        return 0, round(part["First"] * scale)
    if "Last" in part:
        return max(round(length - part["Last"] * scale), 0), length
    return round(begin), round(end)


def _long(silences: Sequence[Span], condition: Mapping[str, Any]) -> Iterator[Span]:
    return (span for span in silences if span[1] - span[0] >= condition.get("Threshold", 0))


def _by(said: Sequence[Said], condition: Mapping[str, Any]) -> Iterator[Said]:
    role = condition.get("ParticipantRole")
    return (one for one in said if role in (None, one.role))


def _saying(said: Sequence[Said], condition: Mapping[str, Any]) -> Iterator[Span]:
    targets = "|".join(re.escape(target.strip()) for target in condition["Targets"])
    wanted = re.compile(rf"(?i)(?<!\w)(?:{targets})(?!\w)")
    return ((one.begin, one.end) for one in _by(said, condition) if wanted.search(one.content))


def _feeling(said: Sequence[Said], condition: Mapping[str, Any]) -> Iterator[Span]:
    return ((one.begin, one.end) for one in _by(said, condition) if one.mood in condition["Sentiments"])
