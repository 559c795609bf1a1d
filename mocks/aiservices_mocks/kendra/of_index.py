"""What all operations on the things of an index share."""

from __future__ import annotations

from aiservices_mocks.service import Service
from aiservices_mocks.store import Record, Table

_PAGE = 100


class OfIndex(Service):
    """Finds what a request names, and makes pages."""

    def _found(self, noun: str, **named: str) -> Record:
        """The record with this name, or the error that there is none."""
        if "IndexId" in named:
            self._found("Index", Id=named["IndexId"])
        record = self.keepers[noun].find(named)
        if record is None:
            raise self.error("ResourceNotFoundException", f"The {noun} that the request names does not exist.")
        return record

    def _all(self, noun: str, index_id: str) -> list[Record]:
        """The records of an index."""
        return self.keepers[noun].all({"IndexId": index_id})

    def _active(self, index_id: str) -> Record:
        """The index, when things can be put into it and asked of it."""
        record = self._found("Index", Id=index_id)
        status = self.keepers["Index"].status(record)
        if status not in ("ACTIVE", "UPDATING"):
            raise self.error("ConflictException", f"The index is {status}; wait until it is ACTIVE.")
        return record


def clear(table: Table, *names: str) -> None:
    """Forget the records whose key begins with these names."""
    begin = "\n".join(names) + "\n"
    for key in [key for key in table if key.startswith(begin)]:
        del table[key]


def under(table: Table, *names: str) -> list[Record]:
    """The records whose key begins with these names."""
    begin = "\n".join(names) + "\n"
    return [record for key, record in table.items() if key.startswith(begin)]
