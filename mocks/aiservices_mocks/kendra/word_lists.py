"""Lists of words in S3: thesauri, whose words are as good as each other, and what must not be suggested."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aiservices.errors import ServiceError
from aiservices_mocks.engines import search
from aiservices_mocks.resources import WorkFailed
from aiservices_mocks.service import Service
from aiservices_mocks.store import Record

from .of_index import OfIndex

_MOST = {"thesaurus": 5 * 1024 * 1024, "block list": 2 * 1024 * 1024}
"""Bytes of a file. Sources: https://docs.aws.amazon.com/kendra/latest/dg/index-synonyms.html and
https://docs.aws.amazon.com/kendra/latest/APIReference/API_CreateQuerySuggestionsBlockList.html"""


def read_thesaurus(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """Rules as Solr has them: `a, b` is either way, `a => b` one way; `#` begins a remark."""
    return _updated(members, "Rules", lambda: _thesaurus(service, members))


def read_block_list(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """A word or phrase on each line."""
    return _updated(members, "Items", lambda: _block_list(service, members))


def _updated(members: Mapping[str, Any], kept: str, read: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    """What was read; when that fails, what was read before stays."""
    try:
        return read()
    except WorkFailed as failure:
        if kept not in members:
            raise
        return {"Status": "ACTIVE_BUT_UPDATE_FAILED", "ErrorMessage": str(failure)}


def _thesaurus(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    lines, size = _lines(service, members, "thesaurus")
    rules: list[list[list[str]]] = []
    for line in lines:
        if line.startswith("#"):
            continue
        sides = [[term.strip() for term in side.split(",") if term.strip()] for side in line.split("=>")]
        if len(sides) > 2 or not all(sides) or (len(sides) == 1 and len(sides[0]) < 2):
            raise WorkFailed("The thesaurus file has a line that is no rule.")
        rules.append(sides)
    if not rules:
        raise WorkFailed("The thesaurus file has no rules.")
    terms = {term.casefold() for sides in rules for side in sides for term in side}
    return {"Rules": rules, "SynonymRuleCount": len(rules), "TermCount": len(terms), "FileSizeBytes": size}


def _block_list(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    lines, size = _lines(service, members, "block list")
    if not lines:
        raise WorkFailed("The block list file has no words.")
    return {"Items": lines, "ItemCount": len(lines), "FileSizeBytes": size}


def _lines(service: Service, members: Mapping[str, Any], what: str) -> tuple[list[str], int]:
    place = members["SourceS3Path"]
    try:
        data = service.world.s3.get(place["Bucket"], place["Key"])
        text = data.decode("utf-8-sig")
    except ServiceError:
        raise WorkFailed(f"The {what} file does not exist or cannot be read.") from None
    except UnicodeDecodeError:
        raise WorkFailed(f"The {what} file is not UTF-8.") from None
    if len(data) > _MOST[what]:
        raise WorkFailed(f"The {what} file is too large.")
    return [line.strip() for line in text.splitlines() if line.strip()], len(data)


class WordLists(OfIndex):
    """What the lists of an index say."""

    def synonyms(self, index_id: str, query: str) -> dict[str, list[str]]:
        """Words of a query -> the words and phrases that a thesaurus has in their place."""
        found: dict[str, list[str]] = {}
        for record in self._in_force_of(index_id, "Thesaurus"):
            for sides in record["members"].get("Rules", ()):
                for term in sides[0]:
                    if search.spots(term, query):
                        others = [other for other in sides[-1] if other != term]
                        found.setdefault(search.terms(term)[0], []).extend(others)
        return found

    def blocked(self, index_id: str) -> list[str]:
        """What must not be in a suggestion."""
        lists = self._in_force_of(index_id, "QuerySuggestionsBlockList")
        return [item for record in lists for item in record["members"].get("Items", ())]

    def _in_force_of(self, index_id: str, noun: str) -> list[Record]:
        """The lists of an index that are in force."""
        look = self.keepers[noun].look
        return [record for record in self._all(noun, index_id) if look(record) != "FAILED"]
