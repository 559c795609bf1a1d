"""Textract: text, tables and forms, invoices, identity documents and papers for loans, computed from the document.

Kept of AWS: the structure of the blocks, sizes and page limits, jobs with their states, tokens and pages, results
written to `OutputConfig`, adapters and their versions. Not kept: notifications to SNS, KMS keys, human review;
LAYOUT, QUERIES, SIGNATURES and the use of adapters are refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiservices.call import Reply, note
from aiservices.errors import NotMockedError
from aiservices_mocks.engines.documents import Page
from aiservices_mocks.service import computed

from . import forms
from .adapters import ROWS, Adapters
from .analyses import Analyses
from .blocks import blocks, digest
from .documents import VERSION
from .jobs import ANALYSIS, KINDS, TEXT


class Textract(Analyses, Adapters):
    """Single documents; `Analyses` has the jobs, `Adapters` the adapters."""

    name = "textract"
    token_error = "InvalidParameterException"
    resources = (*ROWS, *(kind.row for kind in KINDS))

    @computed
    def detect_document_text(self, document: Mapping[str, Any]) -> Reply:
        """Lines and words of a document of one page."""
        return self._blocks(self._sync_bytes(document), (), TEXT.version)

    @computed
    def analyze_document(
        self,
        document: Mapping[str, Any],
        feature_types: Sequence[str],
        human_loop_config: Mapping[str, Any] | None = None,
        queries_config: Mapping[str, Any] | None = None,
        adapters_config: Mapping[str, Any] | None = None,
    ) -> Reply:
        """Lines, words, tables and fields of a document of one page."""
        self._check_features("AnalyzeDocument", feature_types, adapters_config)
        if human_loop_config is not None:
            raise NotMockedError("textract.AnalyzeDocument: HumanLoopConfig is not mocked: leave it out")
        return self._blocks(self._sync_bytes(document), feature_types, ANALYSIS.version)

    @computed
    def analyze_expense(self, document: Mapping[str, Any]) -> Reply:
        """What an invoice or a receipt says: fields with labels that are known, tables of items."""
        data = self._sync_bytes(document)
        page = self._read(data, forms.FEATURES)
        found = forms.expense(page, 1, self.world.seed, digest(data, forms.FEATURES))
        return _answer([page], {"ExpenseDocuments": [found]})

    @computed
    def analyze_id(self, document_pages: Sequence[Mapping[str, Any]]) -> Reply:
        """What is printed with its label on the pages of identity documents, one on each."""
        read = [(data, self._read(data, forms.FEATURES)) for data in map(self._sync_bytes, document_pages)]
        found = [
            forms.identity(page, number, self.world.seed, digest(data, forms.FEATURES))
            for number, (data, page) in enumerate(read, start=1)
        ]
        return _answer([page for _, page in read], {"IdentityDocuments": found, "AnalyzeIDModelVersion": VERSION})

    def _blocks(self, data: bytes, features: Sequence[str], version: str) -> Reply:
        pages = [self._read(data, features)]
        return _answer(pages, {"Blocks": blocks(pages, self.world.seed, digest(data, features)), version: VERSION})


def _answer(pages: Sequence[Page], reply: Reply) -> Reply:
    return note({"DocumentMetadata": {"Pages": len(pages)}, **reply}, engine=pages[0].engine, fidelity="computed")
