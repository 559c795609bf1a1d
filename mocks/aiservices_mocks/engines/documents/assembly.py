"""From what was read on a sheet to a page: tables first, then lines around them, then fields and regions."""

from __future__ import annotations

from collections.abc import Sequence

from . import fields_combs, regions
from . import forms as fields_
from .aligned import aligned
from .captions import caption
from .grids import NEAR, joined, ruled
from .layout import Field, Line, Page, Sheet, Signature, Table, Turn, Word, line_of
from .lines import lines as lines_of
from .tables import place

_NEAR = 1.5  # of the key's height: a signature this near to where a value would be is the value


def assemble(sheet: Sheet, number: int, *, tables: bool, forms: bool, layout: bool = False) -> Page:
    """The page that a sheet shows."""
    sheet.runs = fields_combs.joined(sheet.runs, sheet.down)
    words = [word for run in sheet.runs for word in run]
    grids = ruled((sheet.width, sheet.height), sheet.across, sheet.down, words)
    lines = lines_of(sheet.runs, grids)
    found = list(grids)
    if tables or layout:
        tabled = {id(word) for table in grids for cell in table.cells for word in cell.words}
        free = [line for line in lines if id(line.words[0]) not in tabled]
        found += aligned(free, joined(sheet.across, NEAR * max(sheet.width, sheet.height)))
        found.sort(key=lambda table: (table.box.top, table.box.left))
        caption(found, lines)
    place(sheet.selections, found)
    pairs = fields_.fields(lines, sheet.selections, found, sheet.across, sheet.down) if forms or layout else []
    _sign(sheet.signatures, pairs, found)
    shown = regions.regions(sheet, lines, found, pairs) if layout else []
    lines += [_turned(turn, run) for turn, run in sheet.turned]
    return Page(
        number, sheet.width, sheet.height, lines, found if tables else [], pairs if forms else [],
        sheet.selections if tables or forms else [], sheet.angle, sheet.turn, sheet.engine, sheet.signatures, shown,
    )  # fmt: skip


def _sign(signatures: Sequence[Signature], pairs: Sequence[Field], tables: Sequence[Table]) -> None:
    """Each signature belongs to the cell that it stands in, and to the field whose value it is."""
    for signature in signatures:
        for table in tables:
            for cell in table.cells:
                if cell.box.holds(signature.box.center):
                    cell.signatures.append(signature)
        near = [(distance, i) for i, pair in enumerate(pairs) if (distance := _distance(pair, signature)) is not None]
        if near:
            pair = pairs[min(near)[1]]
            pair.signature = signature
            if not pair.value:
                pair.value_box = signature.box


def _distance(pair: Field, signature: Signature) -> float | None:
    """How far a signature is from the place of a value, in heights of the key; None: it is not there."""
    height = pair.key_box.height or 1.0
    if pair.signature is not None or pair.selection is not None:
        return None
    place = pair.value_box.grown(_NEAR * height)
    shared = place.overlap(signature.box) / (signature.box.width * signature.box.height or 1.0)
    beside = signature.box.left - pair.key_box.right
    level = signature.box.top < pair.key_box.bottom and signature.box.bottom > pair.key_box.top
    if shared > 0.5 or (level and not pair.value and -height < beside < 8 * height):
        return max(0.0, beside) / height
    return None


def _turned(turn: Turn, run: list[Word]) -> Line:
    line = line_of(run)
    line.turn = turn
    return line
