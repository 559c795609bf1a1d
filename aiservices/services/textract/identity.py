"""Identity documents: what Textract's AnalyzeID found."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from os import PathLike
from typing import Any

from ..shown import plural, table
from .blocks import sure
from .document import Document
from .stored import Stored, answers, merged, write

_MEMBER = "IdentityDocuments"


@dataclass(frozen=True, slots=True)
class IdentityField:
    """One thing that an identity document says."""

    type: str
    """AWS's name: FIRST_NAME, DATE_OF_BIRTH, DOCUMENT_NUMBER ..."""
    text: str
    """As it is printed."""
    date: datetime.date | None
    """As AWS normalised it; None for what is no date, or could not be normalised."""
    confidence: float
    """0..1."""
    raw: Mapping[str, Any] = field(repr=False, compare=False)


class Identity:
    """What an identity document says, front and back. Made by `ai.textract.identity`, or from AWS's stored answer."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        """AWS's answer."""

    @classmethod
    def from_textract(cls, answer: Stored) -> Identity:
        """From what AnalyzeID answered: a dict, its JSON, a JSON file."""
        return cls(merged(answers(answer, _MEMBER), _MEMBER))

    @cached_property
    def fields(self) -> dict[str, IdentityField]:
        """AWS's name -> what is printed, without those that are empty; the surest where both sides say it."""
        found: dict[str, IdentityField] = {}
        for one in _fields(self.raw.get(_MEMBER) or ()):
            if one.text and (one.type not in found or one.confidence > found[one.type].confidence):
                found[one.type] = one
        return found

    @cached_property
    def document(self) -> Document:
        """The text, where the service gives it."""
        blocks = [block for part in self.raw.get(_MEMBER) or () for block in part.get("Blocks") or ()]
        return Document({"DocumentMetadata": self.raw.get("DocumentMetadata") or {}, "Blocks": blocks})

    def __getitem__(self, type: str) -> str:
        """The text of AWS's type; KeyError where it is not there."""
        return self.fields[type].text

    def get(self, type: str) -> str | None:
        """The text of AWS's type, None where it is not there."""
        found = self.fields.get(type)
        return found.text if found else None

    @property
    def name(self) -> str:
        """First, middle and last name, as far as they are told."""
        return " ".join(filter(None, map(self.get, ("FIRST_NAME", "MIDDLE_NAME", "LAST_NAME", "SUFFIX"))))

    @property
    def number(self) -> str | None:
        """The document's."""
        return self.get("DOCUMENT_NUMBER")

    @property
    def dates(self) -> dict[str, datetime.date]:
        """DATE_OF_BIRTH, EXPIRATION_DATE, DATE_OF_ISSUE, as far as AWS could normalise them."""
        return {type: one.date for type, one in self.fields.items() if one.date}

    @property
    def confidence(self) -> float | None:
        """How sure the service is of the fields, 0..1, on average; None without fields."""
        sures = [one.confidence for one in self.fields.values()]
        return sum(sures) / len(sures) if sures else None

    def __repr__(self) -> str:
        return f"<Identity: {self.get('ID_TYPE') or 'document'}, {plural(len(self.fields), 'field')}>"

    def to_dict(self) -> dict[str, Any]:
        """AWS's name -> text, a row of a table of many."""
        return {type: one.text for type, one in self.fields.items()}

    def save(self, path: str | PathLike[str]) -> None:
        """Write AWS's answer as JSON; `from_textract` reads it."""
        write(self.raw, path)

    def _repr_html_(self) -> str:
        return table((type, one.text, one.date) for type, one in self.fields.items())


def _fields(parts: Iterable[Mapping[str, Any]]) -> Iterable[IdentityField]:
    for part in parts:
        for raw in part.get("IdentityDocumentFields") or ():
            value, kind = raw.get("ValueDetection") or {}, raw.get("Type") or {}
            normal = str((value.get("NormalizedValue") or {}).get("Value") or "")
            yield IdentityField(
                str(kind.get("Text") or ""), str(value.get("Text") or ""), _date(normal), sure(value), raw
            )


def _date(text: str) -> datetime.date | None:
    """A date as AWS writes it: `1980-04-21T00:00:00`."""
    try:
        return datetime.datetime.fromisoformat(text).date()
    except ValueError:
        return None
