"""Amazon Textract: text, tables and forms in documents."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, overload

from .. import files
from ..api.textract import TextractOperations
from ..call import Reply
from ..errors import AIServicesError, InvalidCallError, ServiceError
from ..jobs import Job, ProgressTo, counted
from .document import Document, merged
from .many import Many, attempt
from .pagecount import several_pages

if TYPE_CHECKING:
    from PIL.Image import Image

Source: TypeAlias = "str | os.PathLike[str] | bytes | files.Readable | Image"
"""A path, bytes, a binary file object, a PIL image, or `s3://bucket/key`."""

_SYNC_BYTES = 10 * 1024 * 1024
_SUFFIXES = {".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff"}
_ONE_PAGE_SUFFIXES = (".png", ".jpg", ".jpeg")


class _Loaded(NamedTuple):
    """A source made ready: its bytes, or where it stands in S3."""

    data: bytes | None
    place: files.Staged | None
    name: str
    """A path or key, for its suffix."""


class Textract(TextractOperations):
    """Amazon Textract: text, tables and forms in documents."""

    @overload
    def read(self, source: Source, *, progress: ProgressTo = ..., timeout: float | None = ...) -> Document: ...
    @overload
    def read(
        self, source: list[Any] | tuple[Any, ...], *, progress: ProgressTo = ..., timeout: float | None = ...
    ) -> Many[Document]: ...
    def read(
        self, source: Any, *, progress: ProgressTo = False, timeout: float | None = None
    ) -> Document | Many[Document]:
        """Read the text of a document, or of many.

        source: a path, bytes, a binary file object, a PIL image, `s3://bucket/key`; PDF, PNG, JPEG or TIFF, a
            single page of at most 10 MB at once, otherwise by a job, up to 3,000 pages and 500 MB. A folder stands
            for the documents in it; a folder or a list gives `Many` documents, with `.failed` and `.retry_failed()`.
            A type checker cannot tell a folder from a file: give it `sorted(folder.iterdir())`.
        progress: shows how a job goes on; of many documents, how many are read.
        timeout: seconds for a job; None waits as long as it takes.
        Raises JobFailedError if the job fails; on AWS a job needs `Settings.bucket`. Billed per page.
        Source: https://docs.aws.amazon.com/textract/latest/dg/limits-document.html
        """
        return self._plan(source, (), progress, timeout)

    @overload
    def analyze(
        self,
        source: Source,
        features: Sequence[str] = ...,
        *,
        progress: ProgressTo = ...,
        timeout: float | None = ...,
    ) -> Document: ...
    @overload
    def analyze(
        self,
        source: list[Any] | tuple[Any, ...],
        features: Sequence[str] = ...,
        *,
        progress: ProgressTo = ...,
        timeout: float | None = ...,
    ) -> Many[Document]: ...
    def analyze(
        self,
        source: Any,
        features: Sequence[str] = ("FORMS", "TABLES"),
        *,
        progress: ProgressTo = False,
        timeout: float | None = None,
    ) -> Document | Many[Document]:
        """Read the text, the tables and the forms of a document, or of many.

        As `read`; features: AWS's FeatureTypes. Each feature has its own price per page.
        """
        chosen = _features(features)
        if not chosen:
            raise InvalidCallError("features is empty: name FORMS, TABLES or both, or call read()")
        return self._plan(source, chosen, progress, timeout)

    def start(self, source: Source, features: Sequence[str] = ()) -> Job[Document]:
        """Begin a job that reads a document of any number of pages, and come back at once.

        features: AWS's FeatureTypes; without any only the text is read. `job.wait()` gives the Document.
        """
        chosen = _features(features)
        return self._start(_load(source), chosen)

    def job(self, id: str) -> Job[Document]:
        """A job that was begun before, also by another process; asks the service of which kind it is.

        The Document knows its text, but not the pixels of its pages. Raises InvalidCallError for an unknown id.
        """
        for kind in ("DocumentTextDetection", "DocumentAnalysis"):
            try:
                self._caller.send("textract", f"Get{kind}", {"JobId": id, "MaxResults": 1})
            except ServiceError as error:
                if error.code != "InvalidJobIdException":
                    raise
            else:
                return self._job(kind, id)
        raise InvalidCallError(f'Textract knows no job "{id}" that reads a document: its jobs are kept for seven days')

    def _plan(
        self, source: Any, features: tuple[str, ...], progress: ProgressTo, timeout: float | None
    ) -> Document | Many[Document]:
        sources = _several(source)
        if sources is None:
            return self._one(source, features, progress, timeout)

        def again(positions: Sequence[int]) -> list[Document | AIServicesError]:
            def one(position: int) -> Document | AIServicesError:
                return attempt(lambda it: self._one(it, features, False, timeout), sources[position])

            told = counted(one, len(positions), self._caller.clock, what="textract", progress=progress)
            return self._caller.each(told, positions)

        return Many(again(range(len(sources))), again)

    def _one(self, source: Source, features: tuple[str, ...], progress: ProgressTo, timeout: float | None) -> Document:
        loaded = _load(source)
        if not _needs_job(loaded):
            try:
                return self._at_once(loaded, features)
            except ServiceError as error:
                # The service alone knows whether a PDF in S3, or one whose page tree we cannot see, has several pages.
                if error.code not in ("UnsupportedDocumentException", "DocumentTooLargeException") or _single(loaded):
                    raise
        return self._start(loaded, features).wait(progress=progress, timeout=timeout)

    def _at_once(self, loaded: _Loaded, features: tuple[str, ...]) -> Document:
        document: dict[str, Any] = {"S3Object": loaded.place.s3_object} if loaded.place else {"Bytes": loaded.data}
        if features:
            params = {"Document": document, "FeatureTypes": list(features)}
            return Document(self._caller.send("textract", "AnalyzeDocument", params), loaded.data)
        return Document(self._caller.send("textract", "DetectDocumentText", {"Document": document}), loaded.data)

    def _start(self, loaded: _Loaded, features: tuple[str, ...]) -> Job[Document]:
        caller = self._caller
        suffix = Path(loaded.name).suffix.lower()
        place = loaded.place or files.stage(caller, loaded.data or b"", product="textract", suffix=suffix)
        params: dict[str, Any] = {"DocumentLocation": {"S3Object": place.s3_object}}
        if features:
            params["FeatureTypes"] = list(features)
        kind = "DocumentAnalysis" if features else "DocumentTextDetection"
        return self._job(kind, str(caller.send("textract", f"Start{kind}", params)["JobId"]), loaded.data)

    def _job(self, kind: str, id: str, data: bytes | None = None) -> Job[Document]:
        caller = self._caller

        def look(token: str | None = None) -> Reply:
            return caller.send("textract", f"Get{kind}", {"JobId": id} | ({"NextToken": token} if token else {}))

        def result(reply: Reply) -> Document:
            answers = [reply]
            while token := answers[-1].get("NextToken"):
                answers.append(look(token))
            return Document(merged(answers), data)

        return Job(caller, id, what=f"textract.Start{kind}", read=look, result=result)


def _several(source: Any) -> list[Any] | None:
    """The documents that a list or a folder stands for; None for a single document."""
    if isinstance(source, str | os.PathLike) and not files.is_s3(source) and files.is_folder(source):
        found = sorted(p for p in Path(source).iterdir() if p.suffix.lower() in _SUFFIXES and p.is_file())
        if not found:
            raise InvalidCallError(f"the folder {str(source)!r} has no {', '.join(sorted(_SUFFIXES))} in it")
        return list(found)
    if isinstance(source, str | os.PathLike | bytes | bytearray | memoryview) or hasattr(source, "read"):
        return None
    if hasattr(source, "save") or isinstance(source, Mapping) or not isinstance(source, Iterable):
        return None
    return list(source)


def _features(features: Any) -> tuple[str, ...]:
    if isinstance(features, str):
        return (features,)
    if not isinstance(features, Iterable):
        raise InvalidCallError(f"features is a list such as ['FORMS', 'TABLES'], not a {type(features).__name__}")
    return tuple(features)


def _load(source: Any) -> _Loaded:
    if files.is_s3(source):
        return _Loaded(None, files.parse(source), source)
    if hasattr(source, "save") and hasattr(source, "mode") and hasattr(source, "size"):
        out = BytesIO()
        if 0 in source.size:
            raise InvalidCallError("the picture is empty: it has no pixels")
        kept = source if source.mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16") else source.convert("RGB")
        kept.save(out, "PNG")
        return _Loaded(out.getvalue(), None, "image.png")
    data = files.read(source)
    if not data:
        raise InvalidCallError("the document is empty: it has no bytes")
    name = str(source) if isinstance(source, str | os.PathLike) else str(getattr(source, "name", ""))
    return _Loaded(data, None, name)


def _needs_job(loaded: _Loaded) -> bool:
    return (
        loaded.data is not None
        and not _single(loaded)
        and (len(loaded.data) > _SYNC_BYTES or several_pages(loaded.data))
    )


def _single(loaded: _Loaded) -> bool:
    """Whether the format has only one page, so that a job could not do better."""
    if loaded.data is None:
        return loaded.name.lower().endswith(_ONE_PAGE_SUFFIXES)
    return b"%PDF-" not in loaded.data[:1024] and loaded.data[:4] not in (b"II*\x00", b"MM\x00*")
