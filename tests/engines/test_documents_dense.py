"""Pages with far more on them than a page has: the work grows with what is there, not with its square."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from aiservices_mocks.engines.documents import (
    aligned,
    assembly,
    drawings,
    fields_apart,
    fields_pairs,
    fields_ticks,
    lines,
    nearby,
)
from aiservices_mocks.engines.documents.grids import joined
from aiservices_mocks.engines.documents.layout import Box, Page, Rule, Selection, Sheet, Word
from hypothesis import given
from hypothesis import strategies as st

WIDTH, HEIGHT = 600.0, 800.0
COMPARED = [
    (lines, "_one_line"), (lines, "narrowed"), (lines, "_prose"), (aligned, "_height"), (fields_apart, "_follows"),
    (fields_apart, "_one_column"), (fields_pairs, "_level"), (fields_pairs, "_under"), (fields_ticks, "_level"),
]  # fmt: skip


def sheet(rows: int, columns: int, text: Callable[[int, int], str]) -> Sheet:
    """Words apart from each other all over a page."""
    wide, high = WIDTH / columns, HEIGHT / rows
    height = min(0.7 * high, 0.3 * wide)
    return Sheet(
        WIDTH,
        HEIGHT,
        [
            [Word(text(r, c), Box(c * wide, r * high, (c + 0.6) * wide, r * high + height))]
            for r in range(rows)
            for c in range(columns)
        ],
    )


@pytest.fixture
def comparisons(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    counts: dict[str, int] = {}

    def counting(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any) -> Any:
            counts[name] = counts.get(name, 0) + 1
            return function(*args)

        return counted

    for module, name in COMPARED:
        whole = f"{module.__name__}.{name}"
        monkeypatch.setattr(module, name, counting(whole, getattr(module, name)))
    return counts


def read(page: Sheet) -> Page:
    return assembly.assemble(page, 1, tables=True, forms=True, layout=True)


@pytest.mark.parametrize(
    ("rows", "columns"), [(20, 40), (1, 800), (800, 1), (300, 2), (600, 2)], ids=lambda value: str(value)
)
@pytest.mark.parametrize("text", [lambda r, c: f"{r}.{c}", lambda r, c: f"Total{c}:" if (r + c) % 2 else f"{r}"])
def test_each_word_is_compared_with_few_others(
    rows: int, columns: int, text: Callable[[int, int], str], comparisons: dict[str, int]
) -> None:
    found = read(sheet(rows, columns, text))
    assert sorted(word.text for word in found.words) == sorted(text(r, c) for r in range(rows) for c in range(columns))
    assert {name: count for name, count in comparisons.items() if count > 80 * rows * columns} == {}


def test_words_all_in_one_place_are_one_line(comparisons: dict[str, int]) -> None:
    page = Sheet(WIDTH, HEIGHT, [[Word(str(i), Box(10, 10, 30, 20))] for i in range(2_000)])
    found = lines.lines(page.runs)
    assert [len(line.words) for line in found] == [2_000]
    assert sum(comparisons.values()) < 4_000


def test_ticks_are_compared_with_what_stands_beside_them(comparisons: dict[str, int]) -> None:
    page = sheet(25, 20, lambda r, c: f"Item{r}.{c}")
    page.selections = [
        Selection(Box(box.left - 9, box.top, box.left - 3, box.top + 6), False)
        for box in (run[0].box for run in page.runs)
    ]
    found = read(page)
    assert len(found.fields) == 500
    assert comparisons[f"{fields_ticks.__name__}._level"] < 80 * 500


def test_a_pattern_of_squares_is_no_form() -> None:
    found = drawings.Drawings.__new__(drawings.Drawings)
    found._squares = [Box(8.0 * i, 0, 8.0 * i + 6, 6) for i in range(3_000)]
    found._marks = []
    assert found.checkboxes([]) == []


box = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h),
    *(st.floats(-50, 650), st.floats(-50, 850), st.floats(0, 300), st.floats(0, 300)),
)


@given(st.lists(box, max_size=30), box, st.sets(st.integers(0, 29)))
def test_nearby_finds_all_that_touches_and_nothing_dropped(boxes: list[Box], area: Box, dropped: set[int]) -> None:
    things = [(i, one) for i, one in enumerate(boxes)]
    net = nearby.Nearby(things, lambda thing: thing[1])
    for i, thing in enumerate(things):
        if i in dropped:
            net.drop(thing)
    found = net.within(area)
    assert found == sorted(found)
    assert {i for i, _ in found}.isdisjoint(dropped)
    touching = {
        i
        for i, one in things
        if one.left <= area.right and area.left <= one.right and one.top <= area.bottom and area.top <= one.bottom
    }
    assert touching - dropped <= {i for i, _ in found}


def test_pieces_of_one_rule_are_one_and_others_stay() -> None:
    pieces = [Rule(100 + 0.1 * (i % 3), 10.0 * i, 10.0 * i + 9) for i in range(2_000)]
    assert joined(pieces, 0.5) == [Rule(rule.at, rule.start, rule.end) for rule in sorted(pieces)]
    assert joined(pieces, 1.0) == [Rule(100, 0, 19_999)]
