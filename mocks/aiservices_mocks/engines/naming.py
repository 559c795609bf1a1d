"""Which mentions name the same one: those of one name, and a person's last name after the whole one."""

from __future__ import annotations

from collections.abc import Iterable

Key = tuple[str, str]
"""The name of a group, folded, and its type."""


def group_of(groups: Iterable[Key], name: str, kind: str) -> tuple[Key, float]:
    """The group that a name belongs to, one that is there or its own, and the share of the group's name in it."""
    own = name.casefold()
    if kind == "PERSON":
        for known, type_ in groups:
            parts = known.split()
            if type_ == kind and len(parts) > 1 and parts[-1] == own:
                return (known, type_), round(1 / len(parts), 6)
    return (own, kind), 1.0
