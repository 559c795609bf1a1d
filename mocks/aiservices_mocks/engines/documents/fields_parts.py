"""What fields are made of: pieces of lines with the cell they stand in, and how much each looks like a label."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from .layout import Box, Line, Rule, Word, union

_SPACE = 0.95  # of the line's height: a wider one ends a piece
SMALLER = 0.85  # of a height: what is less is another size
_LONG_LABEL = 7  # words
_MOST_RULES = 2_000  # more are a drawing, no form
_TALL, _DEEP = re.compile(r"[A-Z0-9bdfhklt$/()|?!]"), re.compile(r"[gjpqy,;()|Q]")
_COLON = re.compile(r".*[:：]$", re.DOTALL)
_LEADER = re.compile(r"[._…·‥-]{4,}$|[.…]{2,}$|_{2,}$")
_NUMBERED = re.compile(r"\d{1,2}[a-z]?[.)] ?[^\W\d]|\d{1,2}[a-z]? [A-Z]?[a-z']{3}|[a-z] [A-Z]")
_SENTENCE = re.compile(r".*[.!]$", re.DOTALL)
_LABEL_WORDS = frozenset({
    "name", "names", "surname", "first", "last", "middle", "given", "family", "date", "birth", "born", "day",
    "month", "year", "no", "number", "nr", "id", "code", "address", "street", "road", "city", "town", "state",
    "zip", "post", "postal", "country", "county", "phone", "telephone", "tel", "mobile", "fax", "email", "e-mail",
    "mail", "website", "total", "amount", "sum", "price", "cost", "balance", "due", "paid", "payment", "tax", "vat",
    "rate", "quantity", "qty", "subject", "title", "type", "kind", "class", "status", "signature", "sign", "signed",
    "place", "age", "sex", "gender", "nationality", "occupation", "employer", "company", "department", "position",
    "account", "bank", "branch", "reference", "ref", "customer", "client", "patient", "doctor", "insurance",
    "policy", "invoice", "order", "description", "remarks", "comments", "notes", "reason", "purpose",
    "relationship", "contact", "vehicle", "make", "model", "colour", "color", "size", "weight", "height", "from",
    "to", "until", "start", "end", "period", "school", "degree", "language", "issued", "expiry", "expires", "valid",
    "currency",
})  # fmt: skip


@dataclass(slots=True, eq=False)
class Part:
    """A piece of a line; several lines when it is a label or a value of several."""

    words: list[Word]
    box: Box
    band: tuple[float, float]
    bold: bool
    cell: Box | None = None
    """The drawn box around it."""
    leads: bool = False
    """Whether dots or a line lead from it to its value."""
    text: str = field(init=False)
    """The words with single spaces."""
    height: float = field(init=False)
    """Of the line, by its fonts."""

    def __post_init__(self) -> None:
        self.text = " ".join(word.text for word in self.words)
        self.height = max(self.band[1] - self.band[0], 0.1)

    @property
    def place(self) -> Box:
        """As wide as its ink, and as high as its line."""
        return Box(self.box.left, self.band[0], self.box.right, self.band[0] + self.height)

    @property
    def marked(self) -> bool:
        """Whether it says itself that it is a label: by a colon, or by dots or a line that lead to the value."""
        text = self.text
        return self.leads or bool(_COLON.match(text) or (_LEADER.search(text) and any(map(str.isalpha, text))))

    @property
    def is_leader(self) -> bool:
        """Whether it is nothing but dots or a line."""
        return not any(map(str.isalnum, self.text))


def part_of(words: Sequence[Word], *, inked: bool = False) -> Part:
    """A part of these words, which stand in reading order; inked: only their ink is known, not their fonts."""
    box = union(word.box for word in words)
    band = min(word.band[0] for word in words), max(word.band[1] for word in words)
    if inked:
        band = _font(words)
    return Part(list(words), box, band, 2 * sum(word.bold for word in words) > len(words))


def _font(words: Sequence[Word]) -> tuple[float, float]:
    """Top and bottom of a line as its font would have them, by the ink of its words."""
    sizes, bases = [], []
    for word in words:
        above = 0.72 if _TALL.search(word.text) else 0.52
        below = 0.21 if _DEEP.search(word.text) else 0.0
        sizes.append(word.box.height / (above + below))
        bases.append(word.box.bottom - below * sizes[-1])
    em, baseline = median(sizes), median(bases)
    return baseline - 0.9 * em, baseline + 0.22 * em


def _is_inked(line: Line) -> bool:
    """Whether a line's place is told by its ink, as in a picture: fonts reach further."""
    return abs(line.band[0] - line.box.top) + abs(line.band[1] - line.box.bottom) < 0.02 * line.height


def alike(a: Part, b: Part) -> bool:
    """Whether both are set in the same weight and size."""
    small, large = sorted((a.height, b.height))
    return a.bold == b.bold and small >= SMALLER * large


def parts(lines: Iterable[Line], cells: Cells) -> list[Part]:
    """The lines' pieces: cut at wide spaces, after labels with a colon, and where weight or size changes."""
    found: list[Part] = []
    for line in lines:
        inked = _is_inked(line)
        height = part_of(line.words, inked=inked).height
        row = [part_of(run, inked=inked) for run in _cut(line, height, cells)]
        for before, part in pairwise(row):
            before.leads = part.is_leader and not before.is_leader
        found += [part for part in row if not part.is_leader]
    for part in found:
        part.cell = cells.around(part.box)
    return sorted(found, key=lambda part: (part.band[0], part.box.left))


def _cut(line: Line, height: float, cells: Cells) -> list[list[Word]]:
    colons = [i for i, word in enumerate(line.words) if i and _COLON.match(word.text)]
    starts = {_start(line.words, a + 1, b) for a, b in pairwise([-1, *colons]) if a >= 0}
    runs: list[list[Word]] = [[]]
    for i, word in enumerate(line.words):
        run = runs[-1]
        if run and (
            i in starts or cells.begins(run[-1], word) or _breaks(run, word, height, sized=not _is_inked(line))
        ):
            run = []
            runs.append(run)
        run.append(word)
    return runs


def _breaks(run: list[Word], word: Word, height: float, *, sized: bool) -> bool:
    before = run[-1]
    if word.box.left - before.box.right > _SPACE * height:
        return not word.text.startswith((":", "："))
    if _COLON.match(before.text) or _LEADER.search(before.text) or _blank(before.text) != _blank(word.text):
        return not (_blank(word.text) and len(word.text) < 2)
    small, large = sorted((before.band[1] - before.band[0], word.band[1] - word.band[0]))
    return sized and (before.bold != word.bold or small < SMALLER * large - 0.05 * height)


def _blank(text: str) -> bool:
    return bool(_LEADER.fullmatch(text))


def _start(words: list[Word], first: int, colon: int) -> int:
    """Where the next label in a line begins: after the widest space between the value and the colon."""
    if colon <= first:
        return colon
    spaces = [(words[i].box.left - words[i - 1].box.right, i) for i in range(first + 1, colon + 1)]
    widest, at = max(spaces)
    usual = sorted(space for space, _ in spaces)[len(spaces) // 2]
    return at if widest > 1.5 * max(usual, 0.01) or len(spaces) == 1 else colon


class Cells:
    """The boxes that drawn lines make."""

    def __init__(self, across: Sequence[Rule], down: Sequence[Rule]) -> None:
        few = len(across) + len(down) <= _MOST_RULES
        self.across = sorted(across) if few else []
        self.down = sorted(down) if few else []
        self._ys = [rule.at for rule in self.across]
        self._xs = [rule.at for rule in self.down]

    def around(self, box: Box) -> Box | None:
        """The box that the nearest lines on all four sides make."""
        y = box.center[1]
        slack = 0.4 * box.height
        middle = bisect_right(self._ys, y)
        above = next((r for r in reversed(self.across[:middle]) if _covers(r, box.left, box.right, slack)), None)
        below = next((r for r in self.across[middle:] if _covers(r, box.left, box.right, slack)), None)
        if above is None or below is None:
            return None
        before, after = bisect_right(self._xs, box.left + slack), bisect_left(self._xs, box.right - slack)
        left = next((r for r in reversed(self.down[:before]) if r.start <= y <= r.end), None)
        right = next((r for r in self.down[after:] if r.start <= y <= r.end), None)
        if left is None or right is None:
            return None
        return Box(left.at, above.at, right.at, below.at)

    def under(self, box: Box, height: float) -> Rule | None:
        """The line that a text stands on, or would."""
        low, high = box.bottom - 0.5 * height, box.bottom + 0.6 * height
        at = bisect_left(self._ys, low)
        while at < len(self.across) and self.across[at].at <= high:
            rule = self.across[at]
            if min(rule.end, box.right) - max(rule.start, box.left) > 0.5 * box.width:
                return rule
            at += 1
        return None

    def after(self, part: Part) -> Rule | None:
        """The line to write on that begins behind a label."""
        height = part.height
        low, high = part.box.bottom - 0.5 * height, part.box.bottom + 0.6 * height
        found = [
            rule
            for rule in self.across[bisect_left(self._ys, low) : bisect_right(self._ys, high)]
            if -0.5 * height <= rule.start - part.box.right <= 8 * height and rule.end > rule.start
        ]
        return min(found, key=lambda rule: rule.start, default=None)

    def begins(self, before: Word, word: Word) -> bool:
        """Whether a line to write on begins between two words, under the second."""
        height = word.band[1] - word.band[0]
        at = bisect_left(self._ys, word.box.bottom - 0.3 * height)
        while at < len(self.across) and self.across[at].at <= word.box.bottom + 0.6 * height:
            rule = self.across[at]
            if before.box.center[0] < rule.start <= word.box.left + 0.2 * height and rule.end >= word.box.right:
                return True
            at += 1
        return False

    def row(self, a: Box, b: Box, height: float, middles: Sequence[float]) -> int:
        """How many heights, which are in order, the lines across the page around two boxes hold; 0: no lines."""
        left, right, middle = min(a.left, b.left), max(a.right, b.right), a.center[1]
        at = bisect_left(self._ys, middle - height)
        over = under = None
        while at < len(self.across) and self.across[at].at <= middle + height:
            rule = self.across[at]
            if rule.start <= left and rule.end >= right:
                if rule.at <= middle:
                    over = rule.at
                elif under is None:
                    under = rule.at
            at += 1
        if over is None or under is None or under - over > height:
            return 0
        return bisect_left(middles, under) - bisect_right(middles, over)

    def between(self, top: float, bottom: float, left: float, right: float) -> bool:
        """Whether a line runs across between two heights."""
        at = bisect_left(self._ys, top)
        while at < len(self.across) and self.across[at].at < bottom:
            if min(self.across[at].end, right) - max(self.across[at].start, left) > 0.5 * (right - left):
                return True
            at += 1
        return False


def _covers(rule: Rule, left: float, right: float, slack: float) -> bool:
    return rule.start <= left + slack and rule.end >= right - slack


def label_likeness(part: Part, cells: Cells, usual: float) -> float:
    """How much a part looks like a label, by itself; above 0: rather yes. usual: the height of the page's text."""
    text = part.text
    words = [word.strip(".,:;()#*/?").casefold() for word in text.split()]
    characters = [c for c in text if c.isalnum()]
    score = 0.0
    if not any(c.isalpha() for c in characters):
        return -4.0
    if part.marked:
        score += 4.0
    elif text.endswith("?"):
        score += 2.0
    elif text.endswith(("*", "#")):
        score += 1.0
    elif _SENTENCE.match(text) and len(words) > 5:
        score -= 3.0
    score += 1.0 if any(word in _LABEL_WORDS for word in words) else -0.2
    digits = sum(c.isdigit() for c in characters) / len(characters)
    if _NUMBERED.match(text):
        score += 0.4
    else:
        score -= 3.0 * digits + (0.8 if text[:1].isdigit() else 0.0)
    score -= 0.35 * max(0, len(words) - _LONG_LABEL)
    if text[:1].islower() and not part.marked:
        score -= 1.2
    if part.height > 1.3 * usual:
        score -= 3.0
    if cells.after(part) is not None and part.cell is None:
        score += 2.0
    if "@" in text:
        score -= 3.0
    return score


def value_likeness(part: Part, cells: Cells, usual: float) -> float:
    """How much a part looks like what is filled in."""
    text = part.text
    characters = [c for c in text if c.isalnum()]
    score = 0.0
    if part.marked:
        return -5.0
    digits = sum(c.isdigit() for c in characters) / len(characters) if characters else 0.0
    if digits >= 0.25 or "@" in text or text[:1] in "$€£¥₹":
        score += 1.2
    words = [word.strip(".,:;()#*/?").casefold() for word in text.split()]
    if not digits and any(word in _LABEL_WORDS for word in words):
        score -= 0.8
    if part.height > 1.5 * usual:
        score -= 2.0
    score -= 0.2 * max(0, len(words) - 14)
    return score


def usual_height(found: Sequence[Part]) -> float:
    """The height of most parts."""
    return median(part.height for part in found) if found else 1.0
