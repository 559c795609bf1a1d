"""Empty strips between blocks of text: what tells rows and columns apart."""

from __future__ import annotations

from .layout import Box, Line

MOST_BANDS = 500  # of a page that is read in columns; what has more is a drawing made of letters

Block = tuple[Box, list[Line]]
"""A place and the lines in it."""


def bands_of(blocks: list[Block]) -> list[list[Block]]:
    """Groups that share no height, from top to bottom."""
    bands: list[list[Block]] = []
    bottom = float("-inf")
    for block in sorted(blocks, key=lambda b: b[0].top):
        if block[0].top >= bottom:
            bands.append([])
        bands[-1].append(block)
        bottom = max(bottom, block[0].bottom)
    return bands


def gaps(blocks: list[Block], least: float) -> list[tuple[float, float]]:
    """Empty vertical strips between the blocks."""
    found = []
    right = float("inf")
    for block in sorted(blocks, key=lambda b: b[0].left):
        if block[0].left - right >= least:
            found.append((right, block[0].left))
        right = block[0].right if right == float("inf") else max(right, block[0].right)
    return found


def narrowed(band: list[Block], low: float, high: float, least: float) -> tuple[float, float] | None:
    """What stays empty of a strip in a band."""
    for box, _ in band:
        if box.right <= low or box.left >= high:
            continue
        if box.left > low and (box.left - low >= high - box.right):
            high = box.left
        elif box.right < high:
            low = box.right
        else:
            return None
        if high - low < least:
            return None
    return (low, high) if high - low >= least else None
