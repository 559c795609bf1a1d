"""Textract: text, tables and forms, invoices, identity documents and papers for loans, computed from the document.

Kept of AWS: the structure of the blocks, sizes and page limits, jobs with their states, tokens and pages, results
written to `OutputConfig`, adapters whose versions learn and are measured. Not kept: notifications to SNS, KMS keys;
human review is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiservices.call import Reply, note
from aiservices.errors import NotMockedError
from aiservices_mocks.engines.documents import Page
from aiservices_mocks.service import computed

from .adapters import ROWS, Adapters
from .analyses import Analyses
from .blocks import blocks, digest
from .documents import VERSION
from .expenses import expense
from .identities import identity
from .jobs import ANALYSIS, FEATURES, KINDS, TEXT
from .queries import AT_ONCE, Questions, shown

_NONE_ASKED = Questions()


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
        """Lines, words, tables, fields, signatures, layout and answers to questions of a document of one page."""
        if human_loop_config is not None:
            raise NotMockedError("textract.AnalyzeDocument: HumanLoopConfig is not mocked: leave it out")
        asked = {"FeatureTypes": feature_types, "QueriesConfig": queries_config, "AdaptersConfig": adapters_config}
        questions = self.questions(asked, 1, AT_ONCE)
        return self._blocks(self._sync_bytes(document), feature_types, ANALYSIS.version, questions)

    @computed
    def analyze_expense(self, document: Mapping[str, Any]) -> Reply:
        """What an invoice or a receipt says: fields with labels that are known, tables of items."""
        data = self._sync_bytes(document)
        page = self._read(data, FEATURES)
        found = expense(page, 1, self.world.seed, digest(data, FEATURES))
        return _answer([page], {"ExpenseDocuments": [found]})

    @computed
    def analyze_id(self, document_pages: Sequence[Mapping[str, Any]]) -> Reply:
        """What is on the pages of identity documents: labels, lines for machines, codes; one on each page."""
        read = [(data, self._read(data, FEATURES)) for data in map(self._sync_bytes, document_pages)]
        found = [
            identity(page, number, self.world.seed, digest(data, FEATURES), data)
            for number, (data, page) in enumerate(read, start=1)
        ]
        return _answer([page for _, page in read], {"IdentityDocuments": found, "AnalyzeIDModelVersion": VERSION})

    def _blocks(self, data: bytes, features: Sequence[str], version: str, questions: Questions = _NONE_ASKED) -> Reply:
        page = self._read(data, features)
        source = digest(data, features) + questions.source
        found = blocks([shown(page, features)], self.world.seed, source, questions.of([page]))
        return _answer([page], {"Blocks": found, version: VERSION})


def _answer(pages: Sequence[Page], reply: Reply) -> Reply:
    return note({"DocumentMetadata": {"Pages": len(pages)}, **reply}, engine=pages[0].engine, fidelity="computed")
