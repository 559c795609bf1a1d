"""What the operations share that work on whole bots: they ask the others, and fail for reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2b
from typing import Any

from aiservices.call import Reply
from aiservices.errors import ServiceError
from aiservices_mocks.resources import Life, WorkFailed
from aiservices_mocks.service import find_handler
from aiservices_mocks.store import Record
from aiservices_mocks.world import World

from .of_bot import OfBot


class Asking(OfBot):
    """Asks other operations, waits for results and looks whether what is needed is there."""

    def _done(self, operation: str, noun: str, params: Mapping[str, Any], state: str) -> Mapping[str, Any]:
        """The members of what a request names, if it has come to the state in which it has results."""
        keeper = self.keepers[noun]
        record = keeper.named(operation, params)
        status = keeper.look(record)
        if status != state:
            raise self._invalid(f"The {noun} is {status}, not {state}: it has no results.")
        members: Mapping[str, Any] = record["members"]
        return members

    def still(self, noun: str, named: Mapping[str, Any]) -> Record:
        """A record that was there when work on it was asked for, or why that fails."""
        record = self.keepers[noun].find(named)
        if record is None:
            raise WorkFailed(f"The {noun} does not exist any more.")
        return record

    def _check_bucket(self, bucket: str, whose: str) -> None:
        try:
            self.world.s3.send("HeadBucket", Bucket=bucket)
        except ServiceError:
            raise self._invalid(f"The bucket of the {whose} does not exist, or can't be read.") from None

    def _only(self, union: Mapping[str, Any], name: str) -> tuple[str, Mapping[str, Any]]:
        """The one member of a structure that has room for several kinds."""
        if len(union) != 1:
            raise self._invalid(f"{name} must have exactly one member, not {len(union)}.")
        kind, members = next(iter(union.items()))
        return kind, members

    def _asked(self, operation: str, params: Mapping[str, Any]) -> Reply:
        """What this service answers to another operation of its own."""
        handler = find_handler(self, operation)
        assert handler is not None, operation
        return handler(params)


def short_id(world: World) -> str:
    """A new id of ten signs."""
    return blake2b(world.new_id().encode(), digest_size=5).hexdigest().upper()


def job(member: str, *created: tuple[str, float], **further: Any) -> Life:
    """The life of a job: `Failed` with a reason when its work fails."""
    return Life(member, created, failed="Failed", reason="failureReason", **further)


def reasons(view: Mapping[str, Any]) -> dict[str, Any]:
    """Why something failed, as Lex shows it: a list."""
    return {"failureReasons": [view["failureReason"]]} if "failureReason" in view else {}


def derived(*parts: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Everything that several functions derive, and why it failed."""
    return lambda view: {name: value for part in (reasons, *parts) for name, value in part(view).items()}


@contextmanager
def failing() -> Iterator[None]:
    """Work in which the errors of S3, or of the service itself, are why it failed."""
    try:
        yield
    except ServiceError as error:
        raise WorkFailed(f"{error.code}: {error.message}") from error
