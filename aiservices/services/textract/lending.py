"""Bundles of papers for a loan: what Textract's lending analysis found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from os import PathLike
from typing import Any

from ..shown import plural, table
from .blocks import box, sure
from .expense import Expense
from .identity import Identity
from .stored import Stored, answers, merged, write
from .words import Signature

_MEMBER = "Results"


@dataclass(frozen=True, slots=True)
class LendingPage:
    """What kind of paper a page is, and what it says."""

    number: int
    kind: str
    """AWS's name: PAYSLIPS, BANK_STATEMENT, W_2, 1003, UNCLASSIFIED ..."""
    confidence: float
    """0..1, of the kind."""
    fields: dict[str, list[str]]
    """AWS's name -> the values; a box to tick has `selected` or `not selected`. Those without a value are left out."""
    expense: Expense | None
    """Of an invoice or a receipt."""
    identity: Identity | None
    """Of an identity document."""
    signatures: tuple[Signature, ...]
    raw: Mapping[str, Any] = field(repr=False, compare=False)


class Lending:
    """A bundle of papers, page by page and sorted. Made by `ai.textract.lending`, or from AWS's stored answer."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        """AWS's answer, all its pages in one; `Summary` where it was asked for."""

    @classmethod
    def from_textract(cls, answer: Stored) -> Lending:
        """From what GetLendingAnalysis answered: a dict, its JSON, a file, a list, or a job's folder."""
        return cls(merged(answers(answer, _MEMBER), _MEMBER))

    @cached_property
    def pages(self) -> list[LendingPage]:
        """Page by page."""
        return [_page(result) for result in self.raw.get(_MEMBER) or ()]

    @cached_property
    def documents(self) -> dict[str, list[list[int]]]:
        """Kind of paper -> the documents of this kind, each as the numbers of its pages.

        As AWS's summary splits them; without a summary, pages of one kind that follow each other are one document.
        """
        groups = (self.raw.get("Summary") or {}).get("DocumentGroups")
        if groups is not None:
            return {
                str(group.get("Type")): [list(one.get("Pages") or ()) for one in group.get("SplitDocuments") or ()]
                for group in groups
            }
        found: dict[str, list[list[int]]] = {}
        last = ""
        for page in self.pages:
            parts = found.setdefault(page.kind, [])
            if page.kind != last:
                parts.append([])
            parts[-1].append(page.number)
            last = page.kind
        return found

    def __repr__(self) -> str:
        return f"<Lending: {plural(len(self.pages), 'page')}: {', '.join(self.documents)}>"

    def to_dict(self) -> dict[str, Any]:
        """A flat summary, a row of a table of many bundles: how many pages of each kind."""
        return {kind: sum(map(len, parts)) for kind, parts in self.documents.items()}

    def save(self, path: str | PathLike[str]) -> None:
        """Write AWS's answer as JSON; `from_textract` reads it."""
        write(self.raw, path)

    def _repr_html_(self) -> str:
        return table(
            (page.number, page.kind, name, "; ".join(values))
            for page in self.pages
            for name, values in page.fields.items() or [("", [])]
        )


def _page(result: Mapping[str, Any]) -> LendingPage:
    page = result.get("Page")
    number = page if isinstance(page, int) else 1
    kinds = (result.get("PageClassification") or {}).get("PageType") or [{}]
    fields: dict[str, list[str]] = {}
    signatures: list[Signature] = []
    expenses, identities = [], []
    for part in result.get("Extractions") or ():
        lending = part.get("LendingDocument") or {}
        for one in lending.get("LendingFields") or ():
            values = [_value(value) for value in one.get("ValueDetections") or ()]
            if values:
                fields.setdefault(str(one.get("Type") or ""), []).extend(values)
        for one in lending.get("SignatureDetections") or ():
            signatures.append(Signature(sure(one), box(one), number, one))
        expenses += [part["ExpenseDocument"]] if part.get("ExpenseDocument") else []
        identities += [part["IdentityDocument"]] if part.get("IdentityDocument") else []
    return LendingPage(
        number,
        str(kinds[0].get("Value") or "UNCLASSIFIED"),
        sure(kinds[0]),
        fields,
        Expense({"ExpenseDocuments": expenses}) if expenses else None,
        Identity({"IdentityDocuments": identities}) if identities else None,
        tuple(signatures),
        result,
    )


def _value(value: Mapping[str, Any]) -> str:
    ticks = {"SELECTED": "selected", "NOT_SELECTED": "not selected"}
    return str(value.get("Text") or "") or ticks.get(str(value.get("SelectionStatus")), "")
