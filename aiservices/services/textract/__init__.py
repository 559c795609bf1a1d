"""Amazon Textract: text, tables, forms and answers in documents, invoices, identity documents, papers for a loan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast, overload

from ... import files
from ...api.textract import TextractOperations
from ...call import Reply
from ...errors import AIServicesError, InvalidCallError, ServiceError
from ...jobs import Job, ProgressTo, counted
from ..many import Many, attempt
from .document import Document
from .expense import Expense
from .identity import Identity
from .lending import Lending
from .plan import ANALYSIS, EXPENSE, LENDING, QUERIES_AT_ONCE, QUERIES_OF_A_JOB, TEXT, Asked, Kind, analysis
from .queries import Answer, Answers, Questions, together
from .sources import Loaded, Source, Sources, load, several
from .stored import merged

Result = TypeVar("Result")


class Textract(TextractOperations):
    """Amazon Textract: text, tables, forms and answers in documents, invoices, identity documents, papers for a loan.

    The verbs take a path, bytes, a binary file object, a PIL image or `s3://bucket/key`; PDF, PNG, JPEG or TIFF. A
    single page of at most 10 MB is sent at once, the rest is read by a job, up to 3,000 pages and 500 MB. A folder
    stands for the documents in it; a folder, a list or a Series gives `Many` results, with `.failed` and
    `.retry_failed()`.
    A type checker cannot tell a folder from a file: give it `sorted(folder.iterdir())`.
    progress: shows how a job goes on; of many documents, how many are read.
    timeout: seconds for a job; None waits as long as it takes.
    """

    @overload
    def read(self, source: Source, *, progress: ProgressTo = ..., timeout: float | None = ...) -> Document: ...
    @overload
    def read(self, source: Sources, *, progress: ProgressTo = ..., timeout: float | None = ...) -> Many[Document]: ...
    def read(
        self, source: Any, *, progress: ProgressTo = False, timeout: float | None = None
    ) -> Document | Many[Document]:
        """Read the text of a document, or of many.

        source: a path, bytes, a binary file object, a PIL image, `s3://bucket/key`; a folder or a list of these.
        Raises JobFailedError if a job fails; on AWS a job needs `Settings.bucket`. Billed per page.
        Source: https://docs.aws.amazon.com/textract/latest/dg/limits-document.html
        """
        return self._plan(source, partial(self._document, Asked(TEXT), timeout), progress)

    @overload
    def analyze(
        self,
        source: Source,
        features: Sequence[str] = ...,
        *,
        queries: str | Questions | None = ...,
        adapters: Mapping[str, str] | None = ...,
        progress: ProgressTo = ...,
        timeout: float | None = ...,
    ) -> Document: ...
    @overload
    def analyze(
        self,
        source: Sources,
        features: Sequence[str] = ...,
        *,
        queries: str | Questions | None = ...,
        adapters: Mapping[str, str] | None = ...,
        progress: ProgressTo = ...,
        timeout: float | None = ...,
    ) -> Many[Document]: ...
    def analyze(
        self,
        source: Any,
        features: Sequence[str] = ("FORMS", "TABLES"),
        *,
        queries: str | Questions | None = None,
        adapters: Mapping[str, str] | None = None,
        progress: ProgressTo = False,
        timeout: float | None = None,
    ) -> Document | Many[Document]:
        """Read the text, the tables and the forms of a document, or of many.

        As `read`; features: of FORMS, TABLES, LAYOUT, SIGNATURES and, by giving queries, QUERIES. Each has its own
        price per page; LAYOUT and SIGNATURES cost nothing beside FORMS or TABLES.
        queries, adapters: as for `ask`.
        """
        asked = analysis(features, queries, adapters)
        if not asked.features:
            raise InvalidCallError("features is empty: name FORMS, TABLES or both, or call read()")
        return self._plan(source, partial(self._document, asked, timeout), progress)

    @overload
    def ask(  # type: ignore[overload-overlap]  # str is a sequence of str; the first overload wins
        self,
        source: Source,
        queries: str,
        *,
        adapters: Mapping[str, str] | None = ...,
        progress: ProgressTo = ...,
        timeout: float | None = ...,
    ) -> Answer: ...
    @overload
    def ask(
        self,
        source: Source,
        queries: Questions,
        *,
        adapters: Mapping[str, str] | None = ...,
        progress: ProgressTo = ...,
        timeout: float | None = ...,
    ) -> Answers: ...
    @overload
    def ask(  # type: ignore[overload-overlap]  # as above
        self,
        source: Sources,
        queries: str,
        *,
        adapters: Mapping[str, str] | None = ...,
        progress: ProgressTo = ...,
        timeout: float | None = ...,
    ) -> Many[Answer]: ...
    @overload
    def ask(
        self,
        source: Sources,
        queries: Questions,
        *,
        adapters: Mapping[str, str] | None = ...,
        progress: ProgressTo = ...,
        timeout: float | None = ...,
    ) -> Many[Answers]: ...
    def ask(
        self,
        source: Any,
        queries: str | Questions,
        *,
        adapters: Mapping[str, str] | None = None,
        progress: ProgressTo = False,
        timeout: float | None = None,
    ) -> Answer | Answers | Many[Answer] | Many[Answers]:
        """What a document, or each of many, answers to a question in plain words, or to several.

        queries: "What is the total?" gives an Answer; a list of questions, or alias -> question, gives `Answers`, which
        have them by alias or question. All pages are asked unless one of AWS's own queries says which.
        adapters: id -> version of what was trained on documents of yours.
        Billed per page and request: one takes 15 questions, one of a job 30, and more of them are several requests.
        Source: https://docs.aws.amazon.com/textract/latest/dg/queryresponse.html
        """
        asked = analysis((), () if queries is None else queries, adapters)

        def answered(source: Any, progress: ProgressTo) -> Any:
            answers = self._document(asked, timeout, source, progress).answers
            if not isinstance(queries, str):
                return answers
            return next(iter(answers.values()), Answer(queries, None, "", None, 1, None, ({}, None)))

        return cast("Answer | Answers | Many[Answer] | Many[Answers]", self._plan(source, answered, progress))

    @overload
    def expense(self, source: Source, *, progress: ProgressTo = ..., timeout: float | None = ...) -> Expense: ...
    @overload
    def expense(self, source: Sources, *, progress: ProgressTo = ..., timeout: float | None = ...) -> Many[Expense]: ...
    def expense(
        self, source: Any, *, progress: ProgressTo = False, timeout: float | None = None
    ) -> Expense | Many[Expense]:
        """What an invoice or a receipt says, or each of many: who sells, when, what, for how much.

        As `read`. Of a file with several of them, `.documents` has each. Billed per page.
        Source: https://docs.aws.amazon.com/textract/latest/dg/invoices-receipts.html
        """

        def one(source: Any, progress: ProgressTo) -> Expense:
            return Expense(self._answer(Asked(EXPENSE), load(source), timeout, progress))

        return self._plan(source, one, progress)

    @overload
    def identity(self, source: Source, back: Source | None = ..., *, progress: ProgressTo = ...) -> Identity: ...
    @overload
    def identity(self, source: Sources, *, progress: ProgressTo = ...) -> Many[Identity]: ...
    def identity(self, source: Any, back: Any = None, *, progress: ProgressTo = False) -> Identity | Many[Identity]:
        """What an identity document says, or each of many.

        source: as for `read`, but a page each; back: the document's other side. Of many, a tuple is front and back.
        Billed per page. Made for driving licences and passports of the USA.
        Source: https://docs.aws.amazon.com/textract/latest/dg/how-it-works-identity.html
        """
        if back is not None and several(source) is not None:
            raise InvalidCallError("back belongs to one document; of many, give tuples: [(front, back), ...]")

        def one(source: Any, progress: ProgressTo) -> Identity:
            sides = source if isinstance(source, tuple) else (source,) if back is None else (source, back)
            if not 1 <= len(sides) <= 2:
                raise InvalidCallError(f"an identity document has a front and a back, not {len(sides)} sides")
            pages = [load(side).document for side in sides]
            return Identity(self._caller.send("textract", "AnalyzeID", {"DocumentPages": pages}))

        return self._plan(source, one, progress)

    @overload
    def lending(self, source: Source, *, progress: ProgressTo = ..., timeout: float | None = ...) -> Lending: ...
    @overload
    def lending(self, source: Sources, *, progress: ProgressTo = ..., timeout: float | None = ...) -> Many[Lending]: ...
    def lending(
        self, source: Any, *, progress: ProgressTo = False, timeout: float | None = None
    ) -> Lending | Many[Lending]:
        """Which papers for a loan a file holds, on which pages, and what they say; always by a job.

        As `read`. Billed per page.
        Source: https://docs.aws.amazon.com/textract/latest/dg/lending-document-classification-extraction.html
        """

        def one(source: Any, progress: ProgressTo) -> Lending:
            return self.start_lending(source).wait(progress=progress, timeout=timeout)

        return self._plan(source, one, progress)

    def start(
        self,
        source: Source,
        features: Sequence[str] = (),
        *,
        queries: str | Questions | None = None,
        adapters: Mapping[str, str] | None = None,
    ) -> Job[Document]:
        """Begin a job that reads a document of any number of pages, and come back at once.

        features, queries, adapters: as for `analyze`; without any only the text is read. At most 30 queries.
        `job.wait()` gives the Document.
        """
        asked = analysis(features, queries, adapters)
        requests = asked.requests(QUERIES_OF_A_JOB, Pages=["*"])
        if len(requests) > 1:
            raise InvalidCallError(
                f"{len(asked.queries)} queries: a job takes {QUERIES_OF_A_JOB}; start several, or ask()"
            )
        loaded = load(source)
        make = partial(Document, source=self._source(loaded))
        return self._begin(asked.kind, self._staged(loaded), requests[0], lambda id, reply: make(reply))

    def start_expense(self, source: Source) -> Job[Expense]:
        """Begin a job that reads the invoices and receipts in a document; `job.wait()` gives the Expense."""
        return self._begin(EXPENSE, self._staged(load(source)), {}, lambda id, reply: Expense(reply))

    def start_lending(self, source: Source) -> Job[Lending]:
        """Begin a job that sorts and reads papers for a loan; `job.wait()` gives the Lending."""
        return self._begin(LENDING, self._staged(load(source)), {}, self._lending)

    def job(self, id: str) -> Job[Any]:
        """A job that was begun before, also by another process; asks the service of which kind it is.

        `job.wait()` gives a Document, an Expense or a Lending. The Document knows its text, but not the pixels of its
        pages. Raises InvalidCallError for an unknown id.
        """
        results: dict[Kind, Callable[[str, Reply], Any]] = {
            TEXT: lambda id, reply: Document(reply),
            ANALYSIS: lambda id, reply: Document(reply),
            EXPENSE: lambda id, reply: Expense(reply),
            LENDING: self._lending,
        }
        for kind, result in results.items():
            try:
                self._caller.send("textract", f"Get{kind.job}", {"JobId": id, "MaxResults": 1})
            except ServiceError as error:
                if error.code != "InvalidJobIdException":
                    raise
            else:
                return self._job(kind, id, result)
        raise InvalidCallError(f'Textract knows no job "{id}" that reads a document: its jobs are kept for seven days')

    def _plan(
        self, source: Any, one: Callable[[Any, ProgressTo], Result], progress: ProgressTo
    ) -> Result | Many[Result]:
        """The result for the one document, or those for many."""
        given = several(source)
        if given is None:
            return one(source, progress)
        sources = given.items

        def again(positions: Sequence[int]) -> list[Result | AIServicesError]:
            def outcome(position: int) -> Result | AIServicesError:
                return attempt(lambda it: one(it, False), sources[position])

            told = counted(outcome, len(positions), self._caller.clock, what="textract", progress=progress)
            return self._caller.each(told, positions)

        return Many(again(range(len(sources))), again, given.index)

    def _document(self, asked: Asked, timeout: float | None, source: Any, progress: ProgressTo) -> Document:
        loaded = load(source)
        return Document(self._answer(asked, loaded, timeout, progress), self._source(loaded))

    def _source(self, loaded: Loaded) -> bytes | Callable[[], bytes] | None:
        """The document's bytes, or what fetches them when they are wanted."""
        return partial(files.fetch, self._caller, loaded.place.uri) if loaded.place else loaded.data

    def _answer(self, asked: Asked, loaded: Loaded, timeout: float | None, progress: ProgressTo) -> Reply:
        """AWS's answer, at once or by a job; of several requests about one document, as one."""
        if not loaded.needs_job:
            try:
                return together(
                    self._caller.each(partial(self._at_once, asked.kind, loaded), asked.requests(QUERIES_AT_ONCE))
                )
            except ServiceError as error:
                # The service alone knows whether a PDF in S3, or one whose page tree we cannot see, has several pages.
                if error.code not in ("UnsupportedDocumentException", "DocumentTooLargeException") or loaded.one_page:
                    raise
        place, clock = self._staged(loaded), self._caller.clock
        jobs = [
            self._begin(asked.kind, place, request, lambda id, reply: reply)
            for request in asked.requests(QUERIES_OF_A_JOB, Pages=["*"])
        ]
        begin = clock.monotonic()

        def left() -> float | None:
            return None if timeout is None else max(timeout - (clock.monotonic() - begin), 0.0)

        return together([job.wait(progress=progress, timeout=left()) for job in jobs])

    def _at_once(self, kind: Kind, loaded: Loaded, request: Mapping[str, Any]) -> Reply:
        return self._caller.send("textract", kind.at_once, {"Document": loaded.document, **request})

    def _staged(self, loaded: Loaded) -> files.Staged:
        suffix = Path(loaded.name).suffix.lower()
        return loaded.place or files.stage(self._caller, loaded.data or b"", product="textract", suffix=suffix)

    def _begin(
        self, kind: Kind, place: files.Staged, request: Mapping[str, Any], make: Callable[[str, Reply], Result]
    ) -> Job[Result]:
        params = {"DocumentLocation": {"S3Object": place.s3_object}, **request}
        return self._job(kind, str(self._caller.send("textract", f"Start{kind.job}", params)["JobId"]), make)

    def _job(self, kind: Kind, id: str, make: Callable[[str, Reply], Result]) -> Job[Result]:
        """make: the result, from the job's id and all its answers as one."""
        caller = self._caller

        def look(token: str | None = None) -> Reply:
            return caller.send("textract", f"Get{kind.job}", {"JobId": id} | ({"NextToken": token} if token else {}))

        def result(reply: Reply) -> Result:
            answers = [reply]
            while token := answers[-1].get("NextToken"):
                answers.append(look(token))
            return make(id, merged(answers, kind.member))

        return Job(caller, id, what=f"textract.Start{kind.job}", read=look, result=result)

    def _lending(self, id: str, reply: Reply) -> Lending:
        summary = self._caller.send("textract", "GetLendingAnalysisSummary", {"JobId": id}).get("Summary")
        return Lending({**reply, "Summary": summary})
