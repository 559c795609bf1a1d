"""What all operations on the things of an index share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiservices.call import Reply
from aiservices_mocks.service import Service, keywords
from aiservices_mocks.store import Record, Table

_PAGE = 100


class OfIndex(Service):
    """Finds what a request names, asks the rows and makes pages."""

    def _kept(self, operation: str, **members: Any) -> Reply:
        """What the row answers to the operation."""
        names = keywords(self.name, operation)
        return self.kept[operation]({name: members[word] for name, word in names.items() if word in members})

    def _found(self, noun: str, **named: str) -> Record:
        """The record with this name, or the error that there is none."""
        if "IndexId" in named:
            self._found("Index", Id=named["IndexId"])
        record = self.keepers[noun].find(named)
        if record is None:
            raise self.error("ResourceNotFoundException", f"The {noun} that the request names does not exist.")
        return record

    def _page(
        self,
        operation: str,
        params: Mapping[str, Any],
        items: list[Any],
        size: int | None = None,
        member: str = "SummaryItems",
    ) -> Reply:
        page, token = self.page(operation, params, items, size or _PAGE)
        return {member: page} | ({"NextToken": token} if token else {})


def under(table: Table, *names: str) -> list[Record]:
    """The records whose key begins with these names."""
    begin = "\n".join(names) + "\n"
    return [record for key, record in table.items() if key.startswith(begin)]
