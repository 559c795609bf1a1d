"""Profiles are added up and nothing of them is lost."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from aiservices_mocks.engines import profiles
from hypothesis import given
from hypothesis import strategies as st

COUNTS = st.dictionaries(st.sampled_from(["WALL_TIME", "RUNNABLE"]), st.integers(0, 9), max_size=2)
GRAPHS: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.fixed_dictionaries({"counts": COUNTS}),
    lambda inner: st.fixed_dictionaries(
        {"counts": COUNTS, "children": st.dictionaries(st.sampled_from("abc"), inner, max_size=3)}
    ),
    max_leaves=8,
)


def total(graph: dict[str, Any]) -> int:
    return int(sum(sum(counts.values()) for _, counts in profiles.stacks(graph)))


@given(st.lists(GRAPHS, max_size=4), st.integers(0, 4))
def test_nothing_is_lost_in_adding_and_cutting(graphs: list[dict[str, Any]], depth: int) -> None:
    together = [{"callgraph": graph} for graph in graphs]
    whole = profiles.merged(together)
    assert total(whole) == sum(map(total, graphs))
    cut = profiles.merged(together, depth)
    assert total(cut) == total(whole)
    assert all(len(stack) <= depth for stack, _ in profiles.stacks(cut))


@given(GRAPHS, st.sampled_from("abcd"))
def test_a_share_is_a_part(graph: dict[str, Any], frame: str) -> None:
    assert 0 <= profiles.shares(graph).get(frame, 0) <= 1


def test_time_below_two_frames_of_a_pattern_counts_once() -> None:
    (pattern,) = [one for one in profiles.PATTERNS if one.id == "python-regex-compile"]
    inner = {"children": {"re:_compile": {"counts": {"WALL_TIME": 1}}}, "counts": {"WALL_TIME": 1}}
    graph = {"children": {"re:compile": inner, "main": {"counts": {"WALL_TIME": 2}}}}
    assert profiles.matches(graph, pattern) == (50.0, [("re:compile", 0, 50.0), ("re:_compile", 1, 25.0)])
    nothing = {"children": {"re:compile": {"counts": {"WALL_TIME": 0}}}}
    assert profiles.matches(nothing, pattern) == (0.0, [("re:compile", 0, 0.0)])


def test_a_frame_that_calls_itself_counts_once() -> None:
    graph = {"children": {"f": {"children": {"f": {"counts": {"WALL_TIME": 2}}}}, "g": {"counts": {"WALL_TIME": 2}}}}
    assert profiles.shares(graph, ["WALL_TIME"])["f"] == 0.5
    assert profiles.shares(graph, ["RUNNABLE"])["f"] == 0


@given(st.lists(st.floats(0, 1), max_size=30))
def test_runs_of_unusual_shares_follow_each_other(shares: list[float]) -> None:
    runs = profiles.unusual(shares)
    places = [place for run in runs for place in range(run.first, run.last + 1)]
    assert places == sorted(set(places))
    assert all(6 <= place < len(shares) for place in places)
    assert all(later.first > run.last + 1 for run, later in pairwise(runs))


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([0.1] * 6 + [0.14], []),
        ([0.1] * 6 + [0.6], [(6, 6, 0.6, 0.1)]),
        ([0.1] * 8 + [0.6, 0.7, 0.1], [(8, 9, 0.7, 0.1)]),
        ([0.6] * 6 + [0.1], [(6, 6, 0.1, 0.6)]),
        ([0.1, 0.5] * 6 + [0.6], []),
        ([0.1] * 5 + [0.6], []),
    ],
)
def test_a_share_is_unusual_when_it_lies_far_from_those_before(
    shares: list[float], expected: list[tuple[int, int, float, float]]
) -> None:
    assert profiles.unusual(shares) == expected


def test_what_was_long_ago_is_forgotten() -> None:
    assert profiles.unusual([0.1] * 100 + [0.6] * 168 + [0.1])[-1] == (268, 268, 0.1, 0.6)


@given(st.binary(max_size=60) | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_what_is_no_profile_is_refused(data: bytes | str) -> None:
    with pytest.raises(profiles.UnreadableProfile):
        profiles.read(data.encode() if isinstance(data, str) else data)


@pytest.mark.parametrize(
    "profile",
    [
        {"callgraph": {"counts": {"WALL_TIME": -1}}},
        {"callgraph": {"counts": {"WALL_TIME": float("nan")}}},
        {"callgraph": {"children": [1]}},
        {"callgraph": {}, "start": "now"},
        {"callgraph": {}, "start": 10**30},
    ],
)
def test_profiles_of_another_form_are_refused(profile: dict[str, Any]) -> None:
    with pytest.raises(profiles.UnreadableProfile):
        profiles.read(json.dumps(profile).encode())
