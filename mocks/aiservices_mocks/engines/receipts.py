"""What an invoice or a receipt says without labels or by the words of its rows: seller, date, sums, what was bought."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from . import labels
from .documents import Line, Page, Word

_TOP = 10  # lines at the top among which the seller is looked for
_ADDRESS_LINES = 5
_MOST_WORDS = 3_000  # what has more is neither an invoice nor a receipt
_AMOUNT = re.compile(
    r"(?i)^(?:rm|usd|eur|gbp|myr|sgd|[$€£¥₹])?\s*-?(?:\d{1,3}(?:[,.' ]\d{3})+|\d+)(?:[.,]\d{1,2})"
    r"\s*-?(?:sr|zrl?|[a-z*]|[$€£]|eur|usd)?$"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE = re.compile(
    rf"(?i)(?<![\d.])(?:\d{{1,2}}[./-]\d{{1,2}}[./-](?:20\d\d|\d\d)(?!\d(?!\d?:))|20\d\d[./-]\d{{1,2}}[./-]\d{{1,2}}(?!\d)"
    rf"|\d{{1,2}}[ -]?{_MONTH}[ ,.'-]*(?:20\d\d|\d\d)(?!\d)|{_MONTH}\.? \d{{1,2}},? 20\d\d)"
)
_FIRM = re.compile(
    r"(?i)\b(?:sdn\.? ?bhd|bhd|ltd|limited|inc|llc|corp|co|company|gmbh|ag|s\.?a\.?|enterprise|trading|restoran|"
    r"restaurant|cafe|market|mart|store|shop|pharmacy|hardware|stationery|bakery|hotel|industries|services)\b\.?"
)
_TITLE = re.compile(
    r"(?i)\W*(?:(?:simplified |tax |cash |official |sales )?(?:invoice|receipt|bill)|cash sales?|copy|duplicate|"
    r"welcome.*|thank you.*|customer copy|re-?print.*|date.*|page.*|no\.?)\W*\d*"
)
_CONTACT = re.compile(
    r"(?i)\b(?:tel(?:ephone|\d*)?|fax|phone|h/?p|guest|br\.? no|gst|reg|roc|company no|co\.? no|"
    r"invoice|receipt|bill|date|cashier|email|e-mail|www|"
    r"website|tax|table|counter|order|member|customer|shopping hours|operator|terminal|document)\b|@|www\."
)
_OTHERS = re.compile(r"(?i)^\W*(?:bill(?:ed)?|ship(?:ped)?|sold|deliver(?:ed)?|remit) to\b|:\s*$")
_REGISTRATION = re.compile(
    r"(?i)^\W*(?:(?:co|company|reg|roc|business)\b.*)?\(?\s*(?:co\.? ?reg\.? ?no\.?:?)?\s*[\w-]*\d{4,}[\w/-]*\s*\)?\W*$"
)
_PLACE = re.compile(
    r"(?i)\b(?:jalan|jln|lot|no|street|st|road|rd|avenue|ave|lane|taman|tmn|lorong|persiaran|plaza|floor|flr|level|"
    r"block|blok|unit|suite|box|kawasan|pusat|bandar|kampung|batu|bukit|city|way|drive|square|park)\b|\b\d{5}\b|,"
)
_ROUNDED = r"round(?:ed|ing)? (?:off )?total|total (?:rounded|after (?:round|adj)\w*)|round(?:ed|ing)? (?:amt|amount)"
_FINAL = r"nett? total|total nett?|grand total|total (?:amount )?(?:due|payable)"
_WORDS = (
    ("SUBTOTAL", 1, r"\bsub[ -]?total\b|\btotal(?: amount)?(?: \(?excl|\W*before)|\bexcl(?:uding|\.)?.*(?:gst|tax)"),
    ("DISCOUNT", 1, r"\bdiscount\b|\bdisc\b|\bsavings?\b"),
    ("", 0, r"\btotal (?:qty|quantity|items?|pcs|gst|tax|points?|no)\b|\b(?:item|qty)s? (?:count|total)"),
    ("", 0, r"gst summary|points"),
    ("TAX", 1, r"^(?:(?:add|total|plus)\W*)?(?:gst|vat|sales tax|tax|service tax)\b(?!.*\bno\b)"),
    ("SERVICE_CHARGE", 1, r"\bservice (?:charge|chg)\b"),
    ("GRATUITY", 1, r"\b(?:tip|gratuity)\b"),
    ("AMOUNT_PAID", 1, r"^\W*(?:cash|visa|master(?:card)?|paid|tender(?:ed)?|payment|credit card|amount paid)\b"),
    ("CHANGE", 1, r"\bchange\b"),
    ("", 0, r"^\W*round(?:ing)?(?: adj(?:ustment)?| off)?\b(?!.*total)"),
    ("TOTAL", 5, rf"\b(?:{_ROUNDED}|{_FINAL})\b"),
    ("TOTAL", 4, r"\btotal\b.*\b(?:incl|inclusive|include|with|w/?)\b"),
    ("TOTAL", 3, r"\b(?:amount|balance) due\b|\btotal (?:amount|amt|sales?|rm|price)\b"),
    ("TOTAL", 2, r"\btotal\b"),
    ("TOTAL", 1, r"^\W*(?:amount|nett?)\b"),
)
_RANKS = tuple((kind, re.compile(f"(?i){words}"), rank) for kind, rank, words in _WORDS)
"""What the words of a row say that its amount is, the first that fits; of several totals, which is to be paid."""


@dataclass(slots=True)
class Said:
    """A field: its kind, the words of its label (there may be none), those of its value, how sure that is."""

    kind: str
    label: list[Word]
    value: list[Word]
    sure: float

    @property
    def text(self) -> str:
        """The value; a sum or a date without what stands in the same word."""
        text = _text(self.value)
        if self.kind == "INVOICE_RECEIPT_DATE" and (date := _DATE.search(text)):
            return date[0]  # the hour may stand in the same word
        return text.rpartition(":")[2] if self.label and len(self.value) == 1 else text


Row = list[Word]


def summary(page: Page) -> list[Said]:
    """What is told of the whole purchase."""
    rows = rows_of(page)
    sums = list(_sums(rows))
    return [
        *_seller(page.lines),
        *_when(page.lines),
        *_total(sums),
        *(one for one, _ in sums if one.kind not in ("TOTAL", "CHANGE")),
    ]


def items(page: Page) -> list[list[Said]]:
    """What was bought: rows that end in an amount, between the head of the receipt and its sums."""
    found: list[list[Said]] = []
    before: Row | None = None
    started = False
    for row in rows_of(page):
        kind = _kind(row)
        amounts = _amounts(row)
        if kind and amounts:
            if started:
                break
            continue
        if kind or not amounts or _DATE.search(_text(row)):
            before = row if not amounts else None
            continue
        name = [word for word in row if word not in amounts]
        while name and re.fullmatch(r"[\d.,xX@*%()-]+|[xX@]|sr|zr[l]?", name[-1].text, re.IGNORECASE):
            name.pop()
        if not any(len(re.sub(r"[\W\d_]", "", word.text)) > 1 for word in name) and before is not None:
            name = before
        if not any(c.isalpha() for word in name for c in word.text):
            continue
        started = True
        item = [Said("ITEM", [], name, 0.8)]
        rest = [word for word in row if word not in name and word not in amounts]
        item += [Said("QUANTITY", [], [word], 0.7) for word in rest if re.fullmatch(r"\d{1,3}", word.text)][:1]
        if len(amounts) > 1:
            item.append(Said("UNIT_PRICE", [], [amounts[0]], 0.7))
        item.append(Said("PRICE", [], [amounts[-1]], 0.8))
        found.append(item)
        before = None
    return found


def rows_of(page: Page) -> list[Row]:
    """The words of the page in rows, from left to right; none of a page with far more than a receipt has."""
    words = sorted((word for line in page.lines if not line.turn for word in line.words), key=lambda w: w.box.center[1])
    if len(words) > _MOST_WORDS:
        return []
    rows: list[Row] = []
    for word in words:
        last = rows[-1] if rows else []
        near = [w for w in last if abs(w.box.center[1] - word.box.center[1]) < 0.55 * min(_height(w), _height(word))]
        if near and not any(_overlap(w, word) for w in last):
            last.append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda word: word.box.left) for row in rows]


def _height(word: Word) -> float:
    return max(word.box.height, 0.6 * (word.band[1] - word.band[0]))


def _overlap(a: Word, b: Word) -> bool:
    return min(a.box.right, b.box.right) - max(a.box.left, b.box.left) > 0.3 * min(a.box.width, b.box.width)


def _text(words: Iterable[Word]) -> str:
    return " ".join(word.text for word in words)


def _amounts(row: Row) -> list[Word]:
    return [word for word in row if _AMOUNT.match(word.text.rpartition(":")[2])]


def _kind(row: Row) -> str:
    """What a row is about, by its first words; empty for rows of items."""
    text = _text(row)
    return next((kind or "-" for kind, words, _ in _RANKS if words.search(text)), "")


def _sums(rows: Sequence[Row]) -> Iterator[tuple[Said, int]]:
    """Rows with a word for a sum and an amount, in the row or in the next one; with the rank of the word."""
    for row, following in pairwise([*rows, []]):
        text = _text(row)
        kind, rank = next(((kind, rank) for kind, words, rank in _RANKS if words.search(text)), ("", 0))
        if not kind:
            continue
        amounts = _amounts(row)
        label = [word for word in row if word not in amounts]
        if not amounts and following and not any(c.isalpha() for c in _text(following)):
            amounts = _amounts(following)
        if amounts and (label or ":" in amounts[-1].text):
            shown = amounts[-1:]
            if len(label) > 1 and labels.is_currency(label[-1].text):
                shown.insert(0, label.pop())
            yield Said(kind, label or amounts, shown, min(w.confidence for w in (*label, *shown))), rank


def _total(sums: Sequence[tuple[Said, int]]) -> list[Said]:
    """The sum that is to be paid: by its words; the one that cash less change gives is trusted more."""
    totals = [(said, rank) for said, rank in sums if said.kind == "TOTAL"]
    if not totals:
        return []
    paid = [value(said.text) for said, _ in sums if said.kind == "AMOUNT_PAID"]
    back = [value(said.text) for said, _ in sums if said.kind == "CHANGE"]
    spent = {round(p - b, 2) for p in paid for b in back} | set(paid if not back else ())

    def rank(one: tuple[Said, int]) -> tuple[float, float]:
        amount = value(one[0].text)
        return one[1] + (2.5 if amount in spent else 0.0) - (3 if amount == 0 else 0), amount

    best = max(totals, key=rank)[0]
    return [Said("TOTAL", best.label, best.value, 0.95 * best.sure)]


def value(text: str) -> float:
    """The number in an amount: 1234.5 of `$1,234.50`; 0 when there is none."""
    digits = re.sub(r"[^\d.,]", "", text).rstrip(".,")
    whole, point, part = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", digits).replace(",", ".").rpartition(".")
    try:
        return float(f"{whole.replace('.', '')}{point}{part}")
    except ValueError:
        return 0.0


def _when(lines: Sequence[Line]) -> Iterator[Said]:
    """The date of the purchase: one that is called so, else the first."""
    found = []
    for line in lines:
        match = _DATE.search(line.text)
        if match is None or re.search(r"(?i)\b(?:due|expir|valid|delivery|birth)", line.text):
            continue
        words = line.words_at(*match.span())
        label = [word for word in line.words if "date" in word.text.casefold() and word not in words]
        found.append((not label, line.box.top, Said("INVOICE_RECEIPT_DATE", label, words, 0.9)))
    if found:
        yield min(found, key=lambda one: one[:2])[2]


def _seller(lines: Sequence[Line]) -> Iterator[Said]:
    """The name at the top, rather one that is a firm's, and the lines after it as its address."""
    top = [
        line for line in sorted(lines, key=lambda one: one.box.top)[:_TOP] if sum(c.isalpha() for c in line.text) > 2
    ]
    possible = [line for line in top if _may_name(line)]
    if not possible:
        return
    firms = [line for line in possible[:5] if _FIRM.search(line.text) and not _PLACE.search(_FIRM.sub("", line.text))]
    found = firms[0] if firms else possible[0]
    name = _whole(found, top)
    words = [word for line in name for word in _named(line.words)]
    yield Said("VENDOR_NAME", [], words, 0.85 if firms else 0.7)
    after = [line for line in lines if line.box.top > found.box.center[1]]
    address: list[Word] = []
    count = 0
    for line in sorted(after, key=lambda one: one.box.top):
        text = line.text
        if _OTHERS.search(text):
            break
        if not address and (_REGISTRATION.match(text) or line in name):
            continue
        if address and not any(len(re.sub(r"[\W\d_]", "", word.text)) > 1 for word in line.words):
            break
        if count and (_CONTACT.search(text) or _TITLE.fullmatch(text) or count == _ADDRESS_LINES):
            break
        if _CONTACT.search(text) or _TITLE.fullmatch(text) or not (_PLACE.search(text) or count):
            if count:
                break
            continue
        count += 1
        address += line.words
    if address:
        yield Said("VENDOR_ADDRESS", [], address, 0.75)


def _may_name(line: Line) -> bool:
    text = _text(_untitled(line.words))
    told = _TITLE.fullmatch(text) or _CONTACT.search(text) or _DATE.search(text) or _kind(line.words)
    return bool(text) and not told and ":" not in text and not _amounts(line.words)


def _untitled(words: list[Word]) -> list[Word]:
    """A line without the word for the paper at its end: `ACME Invoice`."""
    while len(words) > 1 and words[-1].text.casefold() in ("invoice", "receipt", "bill"):
        words = words[:-1]
    return words


def _whole(line: Line, top: Sequence[Line]) -> list[Line]:
    """The lines of a name: one that is only `Co. Ltd` goes on from the one above, `A &` goes on in the one below."""
    at = next(i for i, one in enumerate(top) if one is line)
    own = re.sub(r"[\W\d_]|\([^)]*\)?", "", _FIRM.sub("", re.sub(r"\([^)]*\)", "", line.text)))
    if len(own) < 3 and at and not _TITLE.fullmatch(top[at - 1].text) and not _CONTACT.search(top[at - 1].text):
        return [top[at - 1], line]
    if line.text.rstrip().endswith(("&", " AND", " and")) and at + 1 < len(top):
        return [line, top[at + 1]]
    return [line]


def _named(words: list[Word]) -> list[Word]:
    """A name without the number of its registration in brackets, and without the word for the paper."""
    words = _untitled(words)
    for i, word in enumerate(words):
        if i and (word.text.startswith("(") and any(c.isdigit() for c in word.text)):
            return words[:i]
    return words
