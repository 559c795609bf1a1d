"""Lists of places and personal names, looked up in a row of words."""

from __future__ import annotations

from collections.abc import Sequence

from . import weights_file

_LONGEST = 4  # words in an entry


class Gazetteer:
    """Entries by kind ("city", "country", "state", "first", "last"), all in lower case."""

    def __init__(self, lists: dict[str, list[str]]) -> None:
        self._kinds: dict[str, str] = {}
        self._starts: set[str] = set()
        for kind in sorted(lists):
            for entry in lists[kind]:
                known = self._kinds.get(entry)
                self._kinds[entry] = f"{known}+{kind}" if known else kind
                if " " in entry:
                    self._starts.add(entry.partition(" ")[0])

    def kinds(self, entry: str) -> str:
        """The kinds an entry belongs to, joined by "+"; empty for none."""
        return self._kinds.get(entry.lower(), "")

    def mark(self, words: Sequence[str]) -> list[str]:
        """For every word "" or what it is in the longest entry that covers it, such as "city" or "country-" inside."""
        lower = [word.lower() for word in words]
        marks = [""] * len(words)
        at = 0
        while at < len(words):
            longest = min(_LONGEST, len(words) - at) if lower[at] in self._starts else 1
            for length in range(longest, 0, -1):
                kind = self._kinds.get(" ".join(lower[at : at + length]))
                if kind:
                    marks[at : at + length] = [kind, *[f"{kind}-"] * (length - 1)]
                    at += length
                    break
            else:
                at += 1
        return marks


def load() -> Gazetteer:
    """The lists that ship with the engines: GeoNames places and the names of the US census of 1990."""
    return weights_file.once("entities-gazetteer.json.gz", Gazetteer)
