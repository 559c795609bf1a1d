"""What of a call may be written down: what identifies never, contents as far as it was asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from importlib import import_module
from typing import Any, Literal

import regex

from ..api.model import Shape
from ..errors import MissingExtraError, without_values

Contents = Literal["keep", "redact", "hash"]
"""What is kept of texts, images and documents: all; all but personal data; nothing but that requests match."""

NOBODY = "000000000000"
"""The account of everybody in a recording."""
_OF_A_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-"
_SCRUBBED: tuple[tuple[re.Pattern[str], str], ...] = (
    # In an ARN, the name of a bucket, a path: not where a UUID ends in twelve digits.
    (re.compile(rf"(?<=[:/-])(?<!{_OF_A_UUID})\d{{12}}(?!\w|\.\d)"), NOBODY),
    (re.compile(r"(account_?id[\"']?\s*[:=]\s*[\"']?)\d{12}(?!\d)", re.IGNORECASE), rf"\g<1>{NOBODY}"),
    (re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"), "AKIAXXXXXXXXXXXXXXXX"),
    (re.compile(r"((?:signature|credential|security-token|awsaccesskeyid)=)[^&,\s\"']+", re.IGNORECASE), r"\1XXXX"),
    (re.compile(r"((?:secret_?access_?key|session_?token)[\"']?\s*[:=]\s*[\"']?)[\w/+=-]{16,}", re.I), r"\1XXXX"),
    (re.compile(r"(\bBearer\s+)[\w.~+/=-]{16,}"), r"\1XXXX"),
)
_TOKEN = re.compile(r"token|.*(?:next|page|pagination|continuation|session|security|upload).*token.*", re.IGNORECASE)
_PSEUDONYM = re.compile(r"token-[0-9a-f]{16}")
_SECRET = re.compile(r"secret|password|accesskey|customerkey", re.IGNORECASE)
_OF_AN_ACCOUNT = re.compile(r"account|owner", re.IGNORECASE)
_NAMING = ("Id", "Arn", "ARN", "Uri", "Type", "Code", "Name", "Status", "Bucket", "Key", "Token")
_OF_TIME = re.compile(r"(?:timestamp|time|date)$", re.IGNORECASE)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:|$)")
_ANY_WORDS = 'She said: "Ask Müller (42), please?"'
_LEAST_WORD = 3


class Scrubber:
    """How the contents of one call are written; personal data of its request is known again in its reply."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._known: dict[str, str] = {}
        self._hashed: list[str] = []

    def request(self, text: str) -> Any:
        """A text of the request: what makes it match again."""
        if self._contents == "hash":
            self._hashed.append(text)
            return {"$sha256": digest(text.encode())}
        return scrubbed(self._redacted(text) if self._contents == "redact" else text)

    def reply(self, text: str) -> str:
        """A text of the reply."""
        if self._contents == "hash":
            return "x" * len(text)
        if self._contents == "redact":
            known, text = dict(self._known), self._redacted(text)
            for value in sorted(known, key=len, reverse=True):
                text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", f"[{known[value]}]", text)
        return scrubbed(text)

    def message(self, text: str) -> str:
        """An error's message, which may quote the request."""
        if self._contents == "keep":
            return scrubbed(text)
        text = without_values(text)
        if self._contents == "redact":
            return self.reply(text)
        for value in self._hashed:
            text = text.replace(value, f"({len(value):,} characters)") if len(value) >= _LEAST_WORD else text
        return scrubbed(text)

    def _redacted(self, text: str) -> str:
        kept: list[str] = []
        end = 0
        for found in _finder()(text, "en"):
            value = text[found.begin : found.end]
            words = [word for word in re.findall(r"\w+", value) if len(word) >= _LEAST_WORD]
            for known in (value, *words):
                self._known[known] = found.type
            kept += [text[end : found.begin], f"[{found.type}]"]
            end = found.end
        return "".join([*kept, text[end:]])


def scrubbed(text: str) -> str:
    """Without account ids, keys, signatures and tokens."""
    for pattern, instead in _SCRUBBED:
        text = pattern.sub(instead, text)
    return text


def named(name: str, value: str) -> str | None:
    """What stands for a string because of its member's name; None: the name says nothing."""
    if _SECRET.search(name):
        return "XXXX"
    if _TOKEN.fullmatch(name):
        return value if _PSEUDONYM.fullmatch(value) else f"token-{digest(value.encode())}"
    if _OF_AN_ACCOUNT.search(name) and re.fullmatch(r"\d{12}", value):
        return NOBODY
    return None


def is_moment(name: str, value: Any) -> bool:
    """Whether a string says when: `StartDate`, `eventTimestamp`."""
    return isinstance(value, str) and bool(_OF_TIME.search(name) and _MOMENT.match(value))


def is_content(shape: Shape | None, name: str) -> bool:
    """Whether a string is what somebody wrote: it may be any words, is one of no list, and names no place.

    name: of the member; "" where it is a value under a key that somebody chose.
    """
    if shape is None or shape.enum:
        return False
    if shape.sensitive:
        return True
    return not name.endswith(_NAMING) and (shape.pattern is None or _takes_words(shape.pattern))


def digest(data: bytes) -> str:
    """Sixteen characters that stand for the bytes."""
    return sha256(data).hexdigest()[:16]


@cache
def _takes_words(pattern: str) -> bool:
    return regex.fullmatch(pattern, _ANY_WORDS) is not None


@cache
def _finder() -> Callable[[str, str], Any]:
    try:
        pii = import_module("aiservices_mocks.engines.pii")
    except ImportError as missing:
        raise MissingExtraError("A recording without personal data", "mocks") from missing
    find: Callable[[str, str], Any] = pii.find
    return find
