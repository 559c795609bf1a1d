"""Textract's jobs: begun with a document, ended by the clock, read when someone first asks for the result."""

from __future__ import annotations

import json
import marshal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from aiservices_mocks.engines.documents import Page, UnreadableDocument, open_document
from aiservices_mocks.world import World

from .blocks import blocks
from .reading import digest, read_page

_SECONDS, _SECONDS_PER_PAGE = 5.0, 1.0  # what a job takes on a clock that is moved by hand
_BLOCKS_PER_FILE = 1_000
Job = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a job."""

    status: str
    message: str
    engine: str
    warnings: list[dict[str, Any]]
    packed: tuple[bytes, ...]
    """The blocks, packed: every reader gets blocks of its own, at a fraction of what a deep copy costs."""

    @property
    def count(self) -> int:
        """How many blocks."""
        return len(self.packed)

    def blocks(self, positions: Sequence[int]) -> list[dict[str, Any]]:
        """The blocks at these positions."""
        return [marshal.loads(self.packed[i]) for i in positions]


class Jobs:
    """The jobs of one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._jobs = world.store.table("textract", "job")
        self._tokens = world.store.table("textract", "client token")

    def by_token(self, kind: str, token: str) -> Job | None:
        """The job that a client token began."""
        entry = self._tokens.get(f"{kind}/{token}")
        return self._jobs[entry["id"]] if entry else None

    def find(self, kind: str, id: str) -> Job | None:
        """A job by its id, if it is of this kind."""
        job = self._jobs.get(id)
        return job if job and job["kind"] == kind else None

    def start(self, kind: str, request: Mapping[str, Any], token: str | None, *, data: bytes, pages: int) -> Job:
        """Remember a new job."""
        world = self._world
        with world.lock:
            if token is not None and (known := self.by_token(kind, token)) is not None:
                return known
            job: Job = {
                "id": sha256(world.new_id().encode()).hexdigest(),
                "kind": kind,
                "request": request,
                "data": data,
                "pages": pages,
                "started": world.clock.now(),
                "result": None,
            }
            self._jobs[job["id"]] = job
            if token is not None:
                self._tokens[f"{kind}/{token}"] = {"id": job["id"]}
        return job

    def ended(self, job: Job) -> bool:
        """Whether the clock says that it has ended."""
        return self._world.clock.passed(job["started"], _SECONDS + _SECONDS_PER_PAGE * job["pages"])

    def result(self, job: Job) -> Result:
        """What came of it; the document is read at the first call."""
        data = job["data"]  # taken before the look at the result: another thread lets go of it after setting that
        if job["result"] is None:
            job["result"] = _result(data, job["request"]["features"], self._world.seed)
            job["data"] = b""
        found: Result = job["result"]
        return found

    def write(self, job: Job, bucket: str, prefix: str) -> None:
        """Put the blocks into a bucket as files of 1,000, as AWS does."""
        s3 = self._world.s3
        folder = f"{prefix.rstrip('/')}/{job['id']}"
        s3.put(bucket, f"{folder}/.s3_access_check", b"")
        result = self.result(job)
        for number, begin in enumerate(range(0, max(result.count, 1), _BLOCKS_PER_FILE), 1):
            part = range(begin, min(begin + _BLOCKS_PER_FILE, result.count))
            body: dict[str, Any] = {
                "JobStatus": result.status,
                "DocumentMetadata": {"Pages": job["pages"]},
                "Blocks": result.blocks(part),
            }
            if result.message:
                body["StatusMessage"] = result.message
            if part.stop < result.count:
                body["NextToken"] = str(number + 1)
            s3.put(bucket, f"{folder}/{number}", json.dumps(body).encode(), "application/json")


def _result(data: bytes, features: Sequence[str], seed: int) -> Result:
    pages: list[Page] = []
    bad: list[int] = []
    with open_document(data) as document:
        for index in range(document.pages):
            try:
                pages.append(read_page(document, index, features))
            except UnreadableDocument:
                bad.append(index + 1)
    if not pages:
        return Result("FAILED", "BAD_DOCUMENT", "", [], ())
    warnings = [{"ErrorCode": "BAD_PAGE", "Pages": bad}] if bad else []
    packed = tuple(marshal.dumps(block) for block in blocks(pages, seed, digest(data, features)))
    engines = " + ".join(sorted({page.engine for page in pages}))
    return Result("PARTIAL_SUCCESS" if bad else "SUCCEEDED", "", engines, warnings, packed)
