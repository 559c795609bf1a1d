"""What runs longer than a call: jobs, and resources that are being made."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from threading import Lock
from typing import Any, Generic, Literal, NamedTuple, TypeVar, cast

from .call import Clock, Reply
from .caller import Caller
from .errors import DeadlineExceededError, InvalidCallError, JobFailedError

Item = TypeVar("Item")
Result = TypeVar("Result")

Outcome = Literal["running", "done", "failed"]

# The states of all twelve products, with AWS's spaces, dashes and capitals folded away; every other one still runs.
_DONE = frozenset((
    "active", "associated", "atrisk", "available", "built", "complete", "completed", "completedwitherror",
    "copyingcompleted", "createcomplete", "draft", "enabled", "inservice", "partialsuccess", "pendingannotation",
    "ready", "readyexpresstesting", "running", "succeeded", "successful", "trained", "trainedwithwarning",
    "trainingcomplete", "trainingcompleted", "updatecomplete"
))  # fmt: skip
_FAILED = frozenset((
    "aborted", "activebutupdatefailed", "canceled", "copyingfailed", "createfailed", "createstopped",
    "creationerror", "deleted", "deletefailed", "deprecated", "disassociated", "dissociated", "error", "expired",
    "failed", "inactive", "incomplete", "inerror", "notbuilt", "stopped", "trainingcancelled", "trainingfailed",
    "updatefailed", "validationerror"
))  # fmt: skip

_FIRST_WAIT, _GROWTH, _LONGEST_WAIT = 1.0, 1.5, 30.0  # seconds between two looks at a job


def outcome(status: str) -> Outcome:
    """Whether a status of any product means that it still runs, is done, or has failed.

    What was stopped, deleted or switched off counts as failed: it is not what was waited for.
    """
    word = "".join(c for c in status.lower() if c.isalpha())
    return "done" if word in _DONE else "failed" if word in _FAILED else "running"


class Progress(NamedTuple):
    """What a waiting caller is told after each look."""

    what: str
    status: str
    seconds: float
    """Since the wait began."""
    percent: float | None
    """Where the service tells it, 0-100."""


ProgressTo = bool | Callable[[Progress], None]
"""True shows progress on standard error; a function is called with each `Progress`."""


def wait(
    read: Callable[[], Reply],
    clock: Clock,
    *,
    what: str,
    timeout: float | None = None,
    progress: ProgressTo = False,
    path: Sequence[str] = (),
) -> Reply:
    """Read until the status is final, and return that reply.

    The looks become rarer, from 1 to 30 seconds apart.
    timeout: seconds; None waits as long as it takes. path: where the reply has the status, as for `find`.
    Raises JobFailedError with AWS's reason, DeadlineExceededError when the time is over (the job runs on).
    """
    if timeout is not None and (not isinstance(timeout, int | float) or not timeout >= 0):
        raise InvalidCallError(f"timeout={timeout!r}: give seconds, 0 or more, or None to wait as long as it takes")
    show = _shower(progress)
    begin = clock.monotonic()
    pause = _FIRST_WAIT
    while True:
        reply = read()
        status = find(reply, "status", path)
        seconds = clock.monotonic() - begin
        if show:
            show(Progress(what, status, seconds, _percent(reply)))
        ended = outcome(status)
        if ended == "done":
            return reply
        if ended == "failed":
            reason = find(reply, "reason", path)
            raise JobFailedError(f"{what}: {status}: {reason or 'no reason given'}", status=status, reason=reason)
        if timeout is not None and seconds + pause > timeout:
            raise DeadlineExceededError(f"{what} is still {status} after {seconds:.0f} s; it runs on")
        clock.sleep(pause)
        pause = min(pause * _GROWTH, _LONGEST_WAIT)


def counted(
    function: Callable[[Item], Result], total: int, clock: Clock, *, what: str, progress: ProgressTo
) -> Callable[[Item], Result]:
    """The function, telling after each item how many of all are through; the items may run on several threads."""
    show = _shower(progress)
    if show is None:
        return function
    begin, lock, through = clock.monotonic(), Lock(), count(1)

    def run(item: Item) -> Result:
        result = function(item)
        with lock:
            done = next(through)
            status = "COMPLETED" if done == total else "IN_PROGRESS"
            show(Progress(what, status, clock.monotonic() - begin, 100 * done / total))
        return result

    return run


_STATUS = ("Status", "status", "State", "state")
_REASONS = (
    "FailureReason",
    "failureReason",
    "failureReasons",
    "StatusMessage",
    "StateReason",
    "StatusReason",
    "Message",
)


def find(reply: Mapping[str, Any], what: Literal["status", "reason"], path: Sequence[str] = ()) -> str:
    """The status or the reason of failure in a Get or Describe reply.

    path: the members that lead to the status; without one it is looked for, at the top or one structure down.
    """
    *way, last = path or ("",)
    places = [_inside(reply, way)] if path else _places(reply)
    names = (last,) if path and what == "status" else _STATUS if what == "status" else _REASONS
    for place in places:
        for name, value in place.items():
            if name.endswith(names) and isinstance(value, str | list) and value:
                return value if isinstance(value, str) else "; ".join(map(str, value))
    return ""


def _places(reply: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    inner = [value for key, value in reply.items() if isinstance(value, Mapping) and key != "ResponseMetadata"]
    return [reply, *inner]


def _inside(reply: Mapping[str, Any], way: Sequence[str]) -> Mapping[str, Any]:
    """The structure that members lead to; of a list the only element."""
    place: Any = reply
    for name in way:
        place = place.get(name, {})
        if isinstance(place, list):
            if len(place) != 1:
                raise InvalidCallError(f"{name} holds {len(place)} things: name the one that is waited for")
            place = place[0]
    return cast("Mapping[str, Any]", place)


def _percent(reply: Mapping[str, Any]) -> float | None:
    value = reply.get("ProgressPercent", reply.get("PercentComplete"))
    return float(value) if isinstance(value, int | float) else None


def _shower(progress: object) -> Callable[[Progress], object] | None:
    if progress is True:
        return _console
    if progress is False or progress is None:
        return None
    if not callable(progress):
        raise InvalidCallError(f"progress is True, False or a function of a Progress, not a {type(progress).__name__}")
    return progress


def _console(progress: Progress) -> None:
    percent = "" if progress.percent is None else f" {progress.percent:.0f} %"
    end = "\n" if outcome(progress.status) != "running" else ""
    sys.stderr.write(f"\r{progress.what}: {progress.status}{percent}, {progress.seconds:.0f} s{end}")
    sys.stderr.flush()


class Job(Generic[Result]):
    """Something that a service does for a while, and what comes of it.

    read: the Get or Describe call that tells the status.
    result: makes the result from the final reply.
    path: the members of the reply that lead to the status; without it the status is looked for.
    """

    def __init__(
        self,
        caller: Caller,
        id: str,
        *,
        what: str,
        read: Callable[[], Reply],
        result: Callable[[Reply], Result],
        path: Sequence[str] = (),
    ) -> None:
        self._caller = caller
        self.id = id
        """AWS's id of the job."""
        self.what = what
        self._read = read
        self._result = result
        self._path = path

    def __repr__(self) -> str:
        return f"<Job {self.what} {self.id}>"

    def __getstate__(self) -> object:
        raise TypeError("a Job belongs to its client and cannot be pickled or copied: keep its id")

    @property
    def status(self) -> str:
        """AWS's status now; asks the service."""
        return find(self._read(), "status", self._path)

    @property
    def done(self) -> bool:
        """Whether it has ended, well or not; asks the service."""
        return outcome(self.status) != "running"

    def wait(self, *, timeout: float | None = None, progress: ProgressTo = False) -> Result:
        """Wait until it has ended and return what came of it.

        timeout: seconds; None waits as long as it takes.
        Raises JobFailedError with AWS's reason, DeadlineExceededError when the time is over (the job runs on).
        """
        clock, path = self._caller.clock, self._path
        reply = wait(self._read, clock, what=self.what, timeout=timeout, progress=progress, path=path)
        return self._result(reply)


def named_job(method: Callable[..., Result], /, **params: Any) -> Job[Result]:
    """What a Get or Describe operation of a product tells the state of; its result is the operation's reply."""
    from .api.model import Operation
    from .api.status import status_path

    operation = getattr(method, "operation", None)
    path = status_path(operation) if isinstance(operation, Operation) else None
    if operation is None or path is None:
        name = f"{operation.service.name}.{operation.name}" if isinstance(operation, Operation) else "this"
        raise InvalidCallError(
            f"{name} tells no state: give the Get or Describe method of a job or a resource, as in "
            "ai.job(ai.comprehend.describe_endpoint, endpoint_arn=...)"
        )
    bound: Any = method
    caller, request, parse = bound.__self__._caller, bound.__func__.check(params), bound.__func__.parse
    service, name = operation.service.name, operation.name
    return Job(
        caller,
        " ".join(str(value) for value in request.values()),
        what=f"{service}.{name}",
        read=lambda: caller.send(service, name, request),
        result=parse,
        path=path,
    )
