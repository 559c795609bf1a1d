"""Profiles of running programs: trees of frames with the times that each was seen, by the state of its thread.

The form is that of CodeGuru's agents: `{"callgraph": {"children": {"frame": {"counts": {"WALL_TIME": 3}, "children":
{...}}}}}`, with `start` and `end` in milliseconds. Source: https://github.com/aws/amazon-codeguru-profiler-python-agent
"""

from __future__ import annotations

import json
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from statistics import median
from typing import Any, NamedTuple

Node = dict[str, Any]


class UnreadableProfile(Exception):
    """The bytes are no profile in JSON."""


def read(data: bytes) -> Node:
    """A profile, held against its form."""
    try:
        profile = json.loads(data)
        graph = profile["callgraph"]
        _check(graph)
        for name in ("start", "end"):
            if name in profile:
                datetime.fromtimestamp(profile[name] / 1000, UTC)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError, OSError) as error:
        raise UnreadableProfile(
            "it is not the JSON that agents send, with a callgraph of counts and children"
        ) from error
    return dict(profile)


def _check(node: Mapping[str, Any]) -> None:
    for value in node.get("counts", {}).values():
        if value < 0 or not isfinite(value):
            raise ValueError("a count that is no number of samples")
    for child in node.get("children", {}).values():
        _check(child)


def merged(profiles: Iterable[Mapping[str, Any]], depth: int | None = None) -> Node:
    """One call graph of all, down to a depth; what is deeper counts for the frame where the tree is cut."""
    whole: Node = {}
    for profile in profiles:
        _add(whole, profile["callgraph"])
    return whole if depth is None else _cut(whole, depth)


def _add(into: Node, node: Mapping[str, Any]) -> None:
    if "counts" in node:
        counts = into.setdefault("counts", {})
        for state, value in node["counts"].items():
            counts[state] = counts.get(state, 0) + value
    for name, child in node.get("children", {}).items():
        _add(into.setdefault("children", {}).setdefault(name, {}), child)
    into.update({name: node[name] for name in ("file", "line") if name in node})


def _cut(node: Node, depth: int) -> Node:
    shown = {name: value for name, value in node.items() if name != "children"}
    if depth > 0:
        children = {name: _cut(child, depth - 1) for name, child in node.get("children", {}).items()}
        return shown | ({"children": children} if children else {})
    counts: dict[str, float] = {}
    for _, found in stacks(node):
        for state, value in found.items():
            counts[state] = counts.get(state, 0) + value
    return shown | ({"counts": counts} if counts else {})


def stacks(
    node: Mapping[str, Any], above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Mapping[str, float]]]:
    """Each stack of frames that was seen, from the bottom to the top, with its counts by state."""
    if node.get("counts"):
        yield above, node["counts"]
    for name, child in node.get("children", {}).items():
        yield from stacks(child, (*above, name))


def shares(graph: Mapping[str, Any], states: Sequence[str] = ()) -> dict[str, float]:
    """Which part of the time, 0 to 1, each frame was on the stack; states: those that count, none: all."""
    total = 0.0
    of_frame: dict[str, float] = {}
    for stack, counts in stacks(graph):
        seen = sum(value for state, value in counts.items() if not states or state in states)
        total += seen
        for frame in dict.fromkeys(stack):
            of_frame[frame] = of_frame.get(frame, 0.0) + seen
    return {frame: round(seen / total, 6) if total else 0.0 for frame, seen in of_frame.items()}


class Unusual(NamedTuple):
    """A run of values, from the first place to the last, that those before it do not lead to expect."""

    first: int
    last: int
    value: float
    """The last of them."""
    usual: float
    """The median of those before it."""


_HISTORY, _LEAST = 168, 6
"""How many values before one it is held against, at most and at least."""
_FAR, _STEADY = 3.5, 0.015
"""How many deviations are far; one is never smaller than `_STEADY`, lest a share that stays the same has none."""


def unusual(shares: Sequence[float]) -> list[Unusual]:
    """The shares that lie far from the median of those before them, by how those deviate from it.

    Source: Iglewicz, Hoaglin: "How to Detect and Handle Outliers" (1993), the modified Z-score.
    """
    found: list[Unusual] = []
    before: list[float] = []  # sorted, for the median's sake
    for place, value in enumerate(shares):
        usual = median(before) if len(before) >= _LEAST else value
        if abs(value - usual) > _FAR * _STEADY and abs(value - usual) > _FAR * _deviation(before, usual):
            follows = found and found[-1].last == place - 1
            first = found.pop().first if follows else place
            found.append(Unusual(first, place, value, usual))
        insort(before, value)
        if len(before) > _HISTORY:
            del before[bisect_left(before, shares[place - _HISTORY])]
    return found


def _deviation(shares: Sequence[float], usual: float) -> float:
    """Of normal values their standard deviation; the mean helps where most are the same."""
    apart = [abs(one - usual) for one in shares]
    return max(1.4826 * median(apart), 1.2533 * sum(apart) / len(apart))


@dataclass(frozen=True, slots=True)
class Pattern:
    """Work that is often needless. frames: what the names of its frames end with; percent: how much is too much."""

    id: str
    name: str
    frames: tuple[str, ...]
    percent: float
    says: str
    advice: str


PATTERNS = (
    Pattern(
        "python-sdk-clients", "Recreation of AWS SDK clients",
        ("boto3:client", "boto3:resource", "Session:client"), 1.0,
        "Clients of AWS are made again and again.", "Make a client once and use it again.",
    ),
    Pattern(
        "python-regex-compile", "Compilation of regular expressions",
        ("re:compile", "re:_compile", "sre_compile:compile"), 2.0,
        "Regular expressions are compiled while the program serves.", "Compile each once, when its module is loaded.",
    ),
    Pattern(
        "python-deepcopy", "Deep copies", ("copy:deepcopy",), 5.0,
        "Structures are copied as a whole.", "Copy what is changed, or share what never changes.",
    ),
    Pattern(
        "java-sdk-clients", "Recreation of AWS SDK clients", ("ClientBuilder.build", "ClientBuilder.standard"), 1.0,
        "Clients of AWS are made again and again.", "Make a client once and use it again.",
    ),
    Pattern(
        "java-pattern-compile", "Compilation of regular expressions", ("java.util.regex.Pattern.compile",), 2.0,
        "Regular expressions are compiled while the program serves.", "Keep the pattern in a static field.",
    ),
)  # fmt: skip


def matches(graph: Mapping[str, Any], pattern: Pattern) -> tuple[float, list[tuple[str, int, float]]]:
    """The percent of the time in which frames that a pattern names were on the stack, all together and each.

    Of each frame, those most seen first: its name, which of the pattern's names it fits, its percent.
    """
    percents = {frame: round(100.0 * share, 6) for frame, share in shares(graph).items()}
    fits = {
        frame: next((i for i, name in enumerate(pattern.frames) if frame.endswith(name)), None) for frame in percents
    }
    found = [(frame, place, percents[frame]) for frame, place in fits.items() if place is not None]
    named = {frame for frame, _, _ in found}
    total = of_named = 0.0
    for stack, counts in stacks(graph):
        seen = sum(counts.values())
        total += seen
        of_named += 0.0 if named.isdisjoint(stack) else seen
    whole = round(100.0 * of_named / total, 6) if total else 0.0
    return whole, sorted(found, key=lambda one: (-one[2], one[0]))
