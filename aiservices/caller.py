"""Where calls start: a Caller fills in what the surroundings say and sends."""

from __future__ import annotations

import contextvars
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from threading import Event as Flag
from typing import Any, TypeVar

from .call import Backend, Call, Clock, Reply
from .config import Settings
from .errors import ConflictError, InvalidCallError

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Scope:
    """What all calls made inside a `with ai.scope(...)` share."""

    key: str | None = None
    deadlines: Mapping[int, float] = field(default_factory=dict)
    """When to give up, in monotonic seconds of each clock, by the clock's id."""
    tags: Mapping[str, str] = field(default_factory=dict)
    cancelled: Flag | None = None


_MOCKED_ROLE = "arn:aws:iam::123456789012:role/aiservices"
"""What a mock is given, which looks at no role."""

_QUICK = 0.02
"""Seconds that are not worth a thread."""

_scope: contextvars.ContextVar[Scope] = contextvars.ContextVar("aiservices_scope", default=Scope())  # noqa: B039 - frozen


def current_scope() -> Scope:
    """The scope that a call made here would have."""
    return _scope.get()


@contextmanager
def scope(**changes: Any) -> Iterator[None]:
    """Change the scope for the calls inside; scopes nest."""
    token = _scope.set(replace(_scope.get(), **changes))
    try:
        yield
    finally:
        _scope.reset(token)


class Caller:
    """Sends calls to one stack of backends, with the tags, key and deadline of the scope they start in."""

    def __init__(self, backend: Backend, settings: Settings, clock: Clock, own_bucket: str | None = None) -> None:
        self.backend = backend
        self.settings = settings
        self.clock = clock
        self._own_bucket = own_bucket
        self._bucket_made = False

    def send(self, service: str, operation: str, params: Mapping[str, Any]) -> Reply:
        """Send one operation and return AWS's reply, a dict in boto3's shape."""
        scope = _scope.get()
        deadline = scope.deadlines.get(id(self.clock))
        if self.settings.deadline is not None:
            end = self.clock.monotonic() + self.settings.deadline
            deadline = end if deadline is None else min(deadline, end)
        return self.backend.send(Call(service, operation, params, scope.key, scope.tags, deadline, scope.cancelled))

    def staging_bucket(self) -> str:
        """The bucket where files are put for jobs: `Settings.bucket`; without one a mock makes its own.

        Raises InvalidCallError on AWS without `Settings.bucket`.
        """
        if self.settings.bucket:
            return self.settings.bucket
        if self._own_bucket is None:
            raise InvalidCallError(
                "a local file has to be put into S3 for this, and no bucket is known: "
                'set AI(settings=Settings(bucket="...")) or AISERVICES_BUCKET'
            )
        if not self._bucket_made:
            with suppress(ConflictError):  # another client of the same world may have made it
                self.send("s3", "CreateBucket", {"Bucket": self._own_bucket})
            self._bucket_made = True
        return self._own_bucket

    def service_role(self) -> str:
        """The IAM role with which a service reads and writes S3 for a job: `Settings.role`; a mock needs none.

        Raises InvalidCallError on AWS without `Settings.role`.
        """
        if self.settings.role:
            return self.settings.role
        if self._own_bucket is None:
            raise InvalidCallError(
                "the service reads and writes S3 for this, and no IAM role is known that it may assume: "
                'set AI(settings=Settings(role="arn:aws:iam::...:role/...")) or AISERVICES_ROLE'
            )
        return _MOCKED_ROLE

    def region(self) -> str:
        """The AWS region that calls go to, where an ARN must name it.

        Raises InvalidCallError on AWS without `Settings.region`: boto3's own chain chooses then.
        """
        if self.settings.region:
            return self.settings.region
        if self._own_bucket is None:
            raise InvalidCallError('this needs the region by name: set AI(settings=Settings(region="us-east-1"))')
        return "us-east-1"

    def each(self, function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """The function's results over the items, in order, on at most `settings.concurrency` threads.

        The first failure is raised when the running ones have ended; none is started after it. A mock's quick answers
        need no threads: they are begun with the first that is not quick.
        """
        todo = list(items)
        if len(todo) < 2 or self.settings.concurrency == 1:
            return [function(item) for item in todo]
        done: list[Result] = []
        for item in todo if self._own_bucket is not None else ():
            begin = time.perf_counter()
            done.append(function(item))
            if time.perf_counter() - begin > _QUICK:
                break
        rest = todo[len(done) :]
        return [*done, *self._threaded(function, rest)] if rest else done

    def _threaded(self, function: Callable[[Item], Result], todo: Sequence[Item]) -> list[Result]:
        from concurrent.futures import CancelledError, ThreadPoolExecutor

        failures: list[BaseException] = []

        def run(item: Item) -> Result:
            if failures:
                raise CancelledError
            try:
                return function(item)
            except BaseException as error:
                failures.append(error)
                raise

        with ThreadPoolExecutor(min(self.settings.concurrency, len(todo))) as pool:
            futures = [pool.submit(contextvars.copy_context().run, run, item) for item in todo]
            try:
                return [future.result() for future in futures]
            except BaseException as error:  # noqa: BLE001 - raised below; an interrupt from outside ends the rest, too
                failures.append(error)
        raise failures[0]
