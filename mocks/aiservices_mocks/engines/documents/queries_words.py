"""The words of questions and labels: which count, which mean the same, and what kind of answer they ask for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

Kind = Literal["date", "amount", "name", "number", "phone", "email", "percent", "choice", "text"]
"""What kind of answer a question wants; `text`: any."""

_STOP = frozenset({
    "a", "an", "the", "of", "on", "in", "at", "to", "for", "by", "with", "and", "or", "is", "are", "was", "were", "be",
    "been", "do", "does", "did", "has", "have", "had", "will", "would", "should", "can", "could", "this", "that", "it",
    "its", "his", "her", "their", "your", "you", "my", "our", "we", "i", "what", "which", "who", "whom", "whose",
    "when", "where", "how", "why", "much", "many", "there", "from", "as", "please", "tell", "me", "give", "find",
    "show", "listed", "stated", "written", "shown", "given", "document", "form", "page", "s", "if", "any", "value",
    "field",
})  # fmt: skip
_GENERIC = frozenset({"name", "date", "number", "amount", "address", "code", "day", "type", "full", "person"})
_SAME = (
    ("number", "no", "nr", "num", "id", "identifier", "#"),
    ("phone", "telephone", "tel", "mobile", "cell"),
    ("zip", "postal", "postcode", "post"),
    ("born", "birth", "birthday", "dob", "birthdate"),
    ("town", "city", "municipality"),
    ("last", "surname", "family"),
    ("first", "given", "forename"),
    ("salary", "pay", "wage", "earning"),
    ("employer", "company", "firm", "organisation", "organization"),
    ("occupation", "profession", "job", "trade"),
    ("customer", "client", "buyer"),
    ("vendor", "seller", "supplier"),
    ("amount", "sum"),
    ("price", "cost", "fee", "charge"),
    ("start", "begin", "commencement", "effective"),
    ("end", "expiry", "expire", "expiration", "until", "finish", "terminate", "termination"),
    ("colour", "color"),
    ("email", "mail"),
    ("sex", "gender"),
    ("quantity", "qty"),
    ("due", "payable"),
    ("tax", "vat"),
    ("street", "road"),
    ("organisation", "organization"),
    ("licence", "license"),
    ("issue", "issued"),
)
_ONE = {word: group[0] for group in reversed(_SAME) for word in group}
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?|#")
_ENDINGS = (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("s", ""))
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_SPANS: dict[Kind, re.Pattern[str]] = {
    "date": re.compile(
        rf"(?i)\b(?:\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\.?,?(?: \d{{4}})?"
        rf"|{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?(?:, ?| )\d{{4}}|{_MONTH}\.? \d{{4}})\b"
    ),
    "amount": re.compile(
        r"(?:[$€£¥₹]|\b(?:USD|EUR|GBP|CHF|JPY|INR|CAD|AUD) ?) ?-?\d[\d,.' ]*\d|[$€£¥₹] ?\d|"
        r"(?<![\w.])\d{1,3}(?:[,.' ]\d{3})*[.,]\d{2}(?: ?(?:[$€£¥₹]|USD|EUR|GBP|CHF))?(?![\w.,]*\d)"
    ),
    "email": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "percent": re.compile(r"\d+(?:[.,]\d+)? ?(?:%|percent\b|per cent\b)"),
    "phone": re.compile(r"(?:\+\d{1,3}[ -]?)?\(?\d{2,4}\)?[ -]?\d{3}[ -]?\d{3,5}\b"),
    "number": re.compile(r"(?<![\w.,$€£])\d+(?:[.,]\d+)*(?![\w%])"),
    "name": re.compile(
        r"\b(?:(?:Dr|Mr|Mrs|Ms|Prof)\.? )?[A-Z][\w'-]+(?: [A-Z]\.)?(?: (?:de|van|von|da|del))?(?: [A-Z][\w'-]+)+"
    ),
}  # fmt: skip
_ASKS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("choice", re.compile(r"(?i)^(?:is|are|was|were|does|do|did|has|have|will)\b|\b(?:checked|ticked|selected)\b")),
    ("email", re.compile(r"(?i)\be-?mail\b")),
    ("percent", re.compile(r"(?i)\bpercent(?:age)?\b|%")),
    ("phone", re.compile(r"(?i)\b(?:phone|telephone|fax|mobile)\b")),
    ("date", re.compile(r"(?i)^\W*when\b|\bdates?\b|\bwhich day\b|\bwhat day\b|\bbirthday\b|\bdeadline\b")),
    ("amount", re.compile(r"(?i)\bhow much\b|\b(?:amount|price|cost|salary|rent|fee|(?:sub)?total|balance|pay)\b")),
    ("number", re.compile(r"(?i)\bhow many\b|\bquantity\b")),
    ("name", re.compile(r"(?i)^\W*who\b|\bwhose\b|\bname\b")),
)  # fmt: skip


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """A word without its ending, in the spelling that stands for those that mean the same."""
    word = word.casefold().removesuffix("'s")
    if word in _ONE:
        return _ONE[word]
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            bare = word[: -len(ending)] + instead
            return _ONE.get(bare, _ONE.get(bare + "e", bare))
    return word


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[str, ...]:
    """The words that count, each once."""
    found = (word for word in _WORD.findall(text.replace("-mail", "mail")))
    return tuple(dict.fromkeys(stem(word) for word in found if word.casefold() not in _STOP))


def weight(token: str) -> float:
    """How much a word tells: `name` and `date` less than what they are of."""
    return 0.5 if token in _GENERIC else 1.0


@lru_cache(maxsize=65536)
def likeness(a: str, b: str) -> float:
    """How alike two words are, 0 to 1; a letter that OCR got wrong does little."""
    if a == b:
        return 1.0
    if min(len(a), len(b)) < 4 or abs(len(a) - len(b)) > 3 or a[0] != b[0]:
        return 0.0
    if min(len(a), len(b)) >= 5 and (a.startswith(b) or b.startswith(a)):
        return 0.9
    ratio = SequenceMatcher(None, a, b).ratio()
    return ratio if ratio >= 0.8 else 0.0


def told(wanted: Sequence[str], there: Iterable[str]) -> float:
    """How much of some words is told by others, 0 to 1, each by its weight."""
    total = sum(map(weight, wanted))
    others = list(there)
    if not total or not others:
        return 0.0
    return sum(weight(word) * max(likeness(word, other) for other in others) for word in wanted) / total


def kind_of(question: str) -> Kind:
    """What kind of answer a question wants."""
    return next((kind for kind, words in _ASKS if words.search(question)), "text")


def spans(kind: Kind, text: str) -> list[tuple[int, int]]:
    """Where in a text there is something of this kind."""
    return [match.span() for match in _SPANS[kind].finditer(text)] if kind in _SPANS else []


def fits(kind: Kind, text: str) -> float:
    """How well a text is an answer of this kind, 0 to 1."""
    if kind == "text":
        return 1.0
    if kind == "choice":
        return 0.0
    if kind == "name":
        letters = sum(c.isalpha() for c in text)
        return 1.0 if letters > 0.8 * len(text.replace(" ", "")) else 0.25
    if kind == "amount":
        return 1.0 if spans("amount", text) else 0.75 if re.fullmatch(r"[\d.,' ]+", text.strip()) else 0.1
    if kind in ("number", "phone"):
        return 1.0 if any(c.isdigit() for c in text) else 0.0
    return 1.0 if spans(kind, text) else 0.0
