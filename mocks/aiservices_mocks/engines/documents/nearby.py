"""Things by where they stand, so that what is near a place is found without a look at everything on the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from statistics import median
from typing import Generic, TypeVar

from .layout import Box

Thing = TypeVar("Thing")

_HIGH, _WIDE = 2.0, 8.0  # of the usual height: a square of the net, which is as wide as things usually are besides
_LEAST = 0.01  # points or pixels: lower things are taken to be so high
_MOST_SQUARES = 64  # a thing in more of them is looked at wherever one looks


class Nearby(Generic[Thing]):
    """A net of squares laid over a page, and the things in each; found in the order in which they were given."""

    def __init__(self, things: Iterable[Thing], place: Callable[[Thing], Box]) -> None:
        boxes = [(thing, place(thing)) for thing in things]
        height = max(median(box.height for _, box in boxes) if boxes else 0.0, _LEAST)
        width = median(box.width for _, box in boxes) if boxes else 0.0
        self._wide, self._high = max(width, _WIDE * height), _HIGH * height
        self._squares: dict[tuple[int, int], dict[int, Thing]] = {}
        self._everywhere: dict[int, Thing] = {}
        self._in: dict[int, tuple[list[tuple[int, int]], int]] = {}
        for number, (thing, box) in enumerate(boxes):
            squares = list(self._touched(box)) if self._count(box) <= _MOST_SQUARES else []
            self._in[id(thing)] = squares, number
            for square in squares:
                self._squares.setdefault(square, {})[number] = thing
            if not squares:
                self._everywhere[number] = thing

    def within(self, box: Box) -> list[Thing]:
        """What may touch a rectangle: all that does, and some of what stands close to it."""
        if self._count(box) > len(self._squares):
            squares: Iterable[dict[int, Thing]] = self._squares.values()
        else:
            squares = (self._squares.get(square, {}) for square in self._touched(box))
        found = dict(self._everywhere)
        for square in squares:
            found.update(square)
        return [found[number] for number in sorted(found)]

    def drop(self, thing: Thing) -> None:
        """Find this no more."""
        squares, number = self._in.pop(id(thing))
        for square in squares:
            del self._squares[square][number]
        self._everywhere.pop(number, None)

    def _touched(self, box: Box) -> Iterator[tuple[int, int]]:
        for column in range(int(box.left // self._wide), int(box.right // self._wide) + 1):
            for row in range(int(box.top // self._high), int(box.bottom // self._high) + 1):
                yield column, row

    def _count(self, box: Box) -> float:
        return (box.width / self._wide + 2) * (box.height / self._high + 2)
