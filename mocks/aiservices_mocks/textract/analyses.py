"""The operations of Textract's jobs: begun with a document in S3, asked for until they have ended."""

from __future__ import annotations

from typing import Any

from aiservices.call import Reply, note
from aiservices_mocks.service import computed, stateful
from aiservices_mocks.store import Record

from .documents import VERSION, Documents
from .jobs import ANALYSIS, EXPENSE, LENDING, TEXT, Kind, unpacked
from .lending import summary
from .queries import BY_JOB


class Analyses(Documents):
    """Text, tables and forms, expenses, papers for loans."""

    @stateful
    def start_document_text_detection(self, **members: Any) -> Reply:
        """Begin to read a document of any number of pages."""
        return self._start(TEXT, members)

    @computed
    def get_document_text_detection(self, **members: Any) -> Reply:
        """What the job has read, a page of blocks at a time."""
        return self._get(TEXT, **members)

    @stateful
    def start_document_analysis(self, **members: Any) -> Reply:
        """Begin to analyse a document of any number of pages."""
        return self._start(ANALYSIS, members)

    @computed
    def get_document_analysis(self, **members: Any) -> Reply:
        """What the job has found, a page of blocks at a time."""
        return self._get(ANALYSIS, **members)

    @stateful
    def start_expense_analysis(self, **members: Any) -> Reply:
        """Begin to read invoices and receipts, one on each page."""
        return self._start(EXPENSE, members)

    @computed
    def get_expense_analysis(self, **members: Any) -> Reply:
        """What the job has found, a page of documents at a time."""
        return self._get(EXPENSE, **members)

    @stateful
    def start_lending_analysis(self, **members: Any) -> Reply:
        """Begin to sort and read a bundle of papers for a loan."""
        return self._start(LENDING, members)

    @computed
    def get_lending_analysis(self, **members: Any) -> Reply:
        """What the job has found on each page."""
        return self._get(LENDING, **members)

    @computed
    def get_lending_analysis_summary(self, job_id: str) -> Reply:
        """Which papers are in the bundle, and on which pages."""
        job, reply = self._looked_at(LENDING, job_id)
        if "Packed" not in job:
            return reply
        return reply | {"Summary": summary(unpacked(job), job["Unsigned"])}

    def _start(self, kind: Kind, request: dict[str, Any]) -> Reply:
        """Begin a job; what it is to read and where it is to write must be there, unless it began before."""
        location = request["document_location"]
        if "S3Object" not in location:
            raise self.error("InvalidParameterException", "Request has invalid parameters: S3Object is missing")
        if not self.keepers[kind.noun].repeats(request.get("client_request_token")):
            count = self._inspect(self.stored(location["S3Object"]))
            if kind is ANALYSIS:
                self.questions(self.named("StartDocumentAnalysis", request), count, BY_JOB)
            if "output_config" in request:
                self._check_writable(request["output_config"])
        return self.keep(f"Start{kind.noun}", request)

    def _get(self, kind: Kind, job_id: str, max_results: int | None = None, next_token: str | None = None) -> Reply:
        job, reply = self._looked_at(kind, job_id)
        if "Packed" not in job:
            return reply
        params = {"JobId": job_id, "NextToken": next_token}
        size = min(max_results or kind.most, kind.most)
        places, more = self.page(f"Get{kind.noun}", params, range(len(job["Packed"])), size)
        reply[kind.member] = unpacked(job, places)
        return reply | ({"NextToken": more} if more is not None else {})

    def _looked_at(self, kind: Kind, id: str) -> tuple[Record, Reply]:
        """The members of a job, and how far it is."""
        keeper = self.keepers[kind.noun]
        record = keeper.find({"JobId": id})
        if record is None:
            raise self.error("InvalidJobIdException", "Request has invalid Job Id")
        status, job = keeper.look(record), record["members"]
        reply: Reply = {"JobStatus": status, kind.version: VERSION}
        reply |= {name: job[name] for name in ("StatusMessage", "DocumentMetadata", "Warnings") if name in job}
        return job, note(reply, **({"engine": job["Engine"]} if "Engine" in job else {}))
