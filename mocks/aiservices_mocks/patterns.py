"""The model's patterns, which are Java's, for the `regex` package."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

_DIGIT = "0-9"
_WORD = "a-zA-Z0-9_"
_SPACE = r" \t\n\x0b\f\r"
_OUTSIDE = {"d": f"[{_DIGIT}]", "w": f"[{_WORD}]", "s": f"[{_SPACE}]"}
_OUTSIDE |= {"D": f"[^{_DIGIT}]", "W": f"[^{_WORD}]", "S": f"[^{_SPACE}]"}
_INSIDE = {"d": _DIGIT, "w": _WORD, "s": _SPACE} | {name: _OUTSIDE[name] for name in "DWS"}
_DOT = r"[^\n\r\x85\u2028\u2029]"


@cache
def matcher(pattern: str) -> Callable[[str], object]:
    """A function that is true for the strings that match as a whole, as Java's `matches` has it.

    Java's shorthands mean ASCII, its dot stops at five line ends, and brackets inside brackets are a set.
    """
    import regex

    return regex.compile(translate(pattern), regex.V1).fullmatch


def translate(pattern: str) -> str:
    """Java's pattern with the same meaning for `regex` in its version 1."""
    out: list[str] = []
    depth = 0
    position = 0
    while position < len(pattern):
        sign = pattern[position]
        if sign == "\\":
            following = pattern[position + 1]
            table = _INSIDE if depth else _OUTSIDE
            out.append(table.get(following, sign + following))
            position += 2
            continue
        if sign == "[":
            depth += 1
            if depth > 0 and pattern[position + 1 : position + 2] == "^":
                out.append(sign)
                position, sign = position + 1, "^"
        elif sign == "]":
            depth -= 1
        elif sign == "." and not depth:
            sign = _DOT
        out.append(sign)
        position += 1
    return "".join(out)
