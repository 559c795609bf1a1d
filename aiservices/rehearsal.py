"""A backend that sends nothing: it answers as far as a verb has to know, and counts what would be billed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from html import unescape
from threading import Lock
from typing import Any, NamedTuple

from .api.model import Shape, load
from .call import Call, Reply, Stream, WallClock
from .errors import AIServicesError
from .money.bounds import most_units
from .money.jobs import READS
from .money.meter import Meter
from .money.prices import PriceBook
from .services.textract.pagecount import pages

_DEEPEST = 4
_FINAL = ("COMPLETED", "SUCCEEDED", "completed", "TRAINED", "ACTIVE", "IN_SERVICE", "POSITIVE")
"""What a rehearsed status is: that of a job that has ended."""
_TAGS = re.compile(r"<[^>]*>")
_ENDING = ("comprehend", "polly", "textract")
"""Services whose jobs tell at their end what was billed; of the others it is how long they took."""


class Rehearsed(AIServicesError):
    """All that would be billed has been seen."""


class _Passing(WallClock):
    """A clock on which waiting takes no time."""

    def __init__(self) -> None:
        self._passed = 0.0

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        return super().monotonic() + self._passed

    def sleep(self, seconds: float) -> None:
        self._passed += seconds


class Charge(NamedTuple):
    """What one call would be billed."""

    operation: str
    least: Mapping[str, Decimal]
    most: Mapping[str, Decimal] | None
    """None: nothing bounds it."""


class Rehearsal:
    """Answers from the model, with what is billed told from the request: the pages of a file, the characters of a text.

    Jobs end at their first look. What would be read from S3 ends the rehearsal with Rehearsed, for results cost nothing
    more. Thread-safe.
    """

    def __init__(self, book: PriceBook) -> None:
        self.clock = _Passing()
        self.calls: Counter[str] = Counter()
        self.unpriced: Counter[str] = Counter()
        self.charges: list[Charge] = []
        self.an_hour: list[Decimal | None] = []
        """What was begun that costs until it is ended; None: an unknown price."""
        self._meter = Meter(book, self.clock)
        self._lock = Lock()
        self._files: dict[tuple[str, str], bytes] = {}
        self._begun: dict[str, Call] = {}
        """Jobs that were begun and not seen to end, by id."""

    def send(self, call: Call) -> Reply:
        """A reply as AWS's would be, without contents."""
        with self._lock:
            self.calls[call.name] += 1
            return self._s3(call) if call.service == "s3" else self._metered(call)

    def finish(self) -> None:
        """See the end of the jobs that were begun only."""
        for id, call in list(self._begun.items()):
            look = _look(call, id)
            if look is None:
                most = most_units(call, self._meter.memory)
                self.charges.append(Charge(call.name, dict.fromkeys(most or (), Decimal(0)), most))
            else:
                self._metered(look)

    def _metered(self, call: Call) -> Reply:
        reply = self._reply(call)
        job = self._begun.pop(_id(call), None)
        units = self._meter.charge(call, reply).units
        if units is None:
            self.unpriced[call.name] += 1
        elif units:
            unseen = job is not None and job.service == "textract" and self._file(job) is None
            most = most_units(job, self._meter.memory) if job is not None and unseen else units
            self.charges.append(Charge(call.name, units, most))
        if units is not None and (begun := self._meter.began(call, reply)) is not None:
            self._begun[begun] = call
        runs_on = self._meter.runs_on(call)
        if runs_on is not None:
            self.an_hour.append(runs_on[0])
        return reply

    def _s3(self, call: Call) -> Reply:
        if call.operation.startswith(("Get", "Head", "List")):
            raise Rehearsed("results would be read from S3 now")
        if call.operation == "PutObject" and isinstance(call.params.get("Body"), bytes):
            self._files[call.params["Bucket"], call.params["Key"]] = call.params["Body"]
        self._meter.charge(call, {})
        return {}

    def _reply(self, call: Call) -> Reply:
        output = load(call.service).operation(call.operation).output
        reply: Reply = {} if output is None else self._made(output)
        reply["ResponseMetadata"] = {"RequestId": "rehearsed", "HTTPStatusCode": 200, "HTTPHeaders": {}}
        begun = self._begun.get(_id(call), call)
        if "JobId" in reply:
            reply["JobId"] = f"rehearsed-{self.calls.total()}"
        if call.service == "textract" and "DocumentMetadata" in reply:
            reply["DocumentMetadata"] = {"Pages": self._pages(begun)}
        elif call.service == "polly" and "Text" in begun.params:
            told = reply.get("SynthesisTask", reply)
            told.update({"RequestCharacters": _billed(begun.params), "TaskId": f"rehearsed-{self.calls.total()}"})
            told.update({name: begun.params[name] for name in ("Engine", "OutputFormat") if name in begun.params})
        elif call.service == "comprehend":
            self._analysed(call, reply, output)
        return reply

    def _analysed(self, call: Call, reply: Reply, output: Shape | None) -> None:
        """A result for each text, in English."""
        texts = call.params.get("TextList") or call.params.get("TextSegments")
        results = output.members.get("ResultList") if output is not None else None
        if texts and results is not None:
            one = {**self._made(results.member), **_ENGLISH}
            reply["ResultList"] = [{**one, "Index": index} for index in range(len(texts))]
        if "Languages" in reply:
            reply.update(_ENGLISH)

    def _pages(self, call: Call) -> int:
        """Of the document of a request: one, where it is not seen."""
        if "DocumentPages" in call.params:
            return len(call.params["DocumentPages"])
        data = self._file(call)
        return 1 if data is None else pages(data)

    def _file(self, call: Call) -> bytes | None:
        document = call.params.get("Document") or call.params.get("DocumentLocation") or {}
        place = document.get("S3Object")
        if place is None:
            data = document.get("Bytes")
            return None if data is None else bytes(data)
        return self._files.get((place["Bucket"], place["Name"]))

    def _made(self, shape: Shape, depth: int = 0, name: str = "") -> Any:
        if shape.type == "structure":
            return {
                name: self._made(member, depth + 1, name)
                for name, member in shape.members.items()
                if depth < _DEEPEST and name not in ("NextToken", "nextToken")
            }
        if shape.type == "string":
            final = next((word for word in _FINAL if word in shape.enum), shape.enum[0] if shape.enum else "")
            return "s3://rehearsal/output" if "Uri" in name else final
        if shape.type == "timestamp":
            return self.clock.now()
        if shape.type == "blob":
            return Stream(b"") if depth == 1 else b""
        return {"list": [], "map": {}, "boolean": False, "float": 0.0, "double": 0.0}.get(shape.type, 0)


_ENGLISH: Mapping[str, Any] = {"Languages": [{"LanguageCode": "en", "Score": 1.0}]}


def _billed(params: Mapping[str, Any]) -> int:
    """Characters that Polly bills: those of SSML without its tags."""
    text = str(params["Text"])
    return len(unescape(_TAGS.sub("", text)) if params.get("TextType") == "ssml" else text)


def _id(call: Call) -> str:
    """The job that a request asks about, as the meter names it."""
    return f"{call.service} {call.params.get('JobId') or call.params.get('TaskId')}"


def _look(call: Call, id: str) -> Call | None:
    """The call that would tell the end of a job; None where a rehearsal cannot know it."""
    if call.service not in _ENDING or call.operation.startswith("Create"):
        return None
    for (service, operation), read in READS.items():
        if (service, read.begins) == (call.service, call.operation):
            return Call(service, operation, {"TaskId" if service == "polly" else "JobId": id.partition(" ")[2]})
    return None
