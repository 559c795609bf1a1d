"""The tables of what services keep: one `Resource` per kind of thing, read together with the service's model.

The naming rule finds the operations (`CreateVocabulary`, `GetVocabulary` or `DescribeVocabulary`, `ListVocabularies`,
`UpdateVocabulary`, `DeleteVocabulary`), the model says what they take and show, and which error they have for what. A
row says only what the model does not know. What behaves specially is a handler method of the service beside its row;
it comes before the row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from aiservices.api.model import Operation, Service

_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")

Verb = Literal["create", "read", "list", "update", "delete", "stop"]

_PREFIXES: Mapping[Verb, tuple[str, ...]] = {
    "create": ("Create", "Start", "Import", "Put"),
    "read": ("Describe", "Get"),
    "update": ("Update",),
    "delete": ("Delete",),
    "stop": ("Stop",),
}


@dataclass(frozen=True, slots=True)
class Life:
    """The states a resource goes through by itself. Each row: a state, and the seconds until the next one."""

    member: str
    """`Status`, `VocabularyState`: where it shows."""
    created: tuple[tuple[str, float], ...]
    """From its creation on; the seconds of the last one do not count."""
    updated: tuple[tuple[str, float], ...] = ()
    """From an update on; empty: an update leaves the state as it is."""
    stopped: tuple[tuple[str, float], ...] = ()
    """From a stop on."""
    failed: str = "FAILED"
    """The last state when its work fails."""
    reason: str = "FailureReason"
    """The member that then says why."""


class WorkFailed(Exception):
    """Raised by the work of a resource that ends in the failed state; its text is the reason that AWS gives."""


Work = Callable[[Any, Mapping[str, Any]], Mapping[str, Any]]
"""Called with the service and the members of a record when its last state is reached, once. It reads and writes the
world's S3 and returns further members of the record; the state's own among them (`PARTIAL_SUCCESS`) is then the last
one. It raises `WorkFailed` with AWS's reason."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of thing that a service keeps."""

    noun: str
    """`Vocabulary`; the operations' names are made of it."""
    id: str
    """The member that names it in requests and replies."""
    made: str = ""
    """How the service makes the id: a template of `{uuid}`, `{hex}` (32 digits), `{hex64}`, `{hex10}` (capitals),
    `{millis}`, `{number}` (1, 2, 3 among its siblings) and the record's members; `{arn}` alone: its ARN is its id,
    which no parent has to be known for; empty: the caller gives it."""
    arn: str = ""
    """The template of its ARN after `arn:aws:service:region:account:`; empty: it has none."""
    arn_member: str = ""
    """Where the ARN shows."""
    unique: str = ""
    """A member that no two have in common, besides the id."""
    parents: Mapping[str, str] = field(default_factory=dict)
    """Members of its requests that name another resource -> that one's noun. They are part of its identity."""
    keys: tuple[str, ...] = ()
    """Further members that are part of its identity."""
    uses: Mapping[str, str] = field(default_factory=dict)
    """Members that name others (by id or in a structure; one or a list) -> their noun, or nouns with `|` between.
    Those must be there and cannot be deleted meanwhile."""
    held: bool = False
    """It cannot be deleted while it is somebody's parent; else its children go with it."""
    life: Life | None = None
    work: Work | None = None
    """What is done when it reaches the last state of `created`, or of `updated`: a job's output, a model's training."""
    made_up: bool = False
    """What the work writes is made up from the model: strict mode refuses to begin it."""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """What AWS fills in when the caller gives nothing."""
    renames: Mapping[str, str] = field(default_factory=dict)
    """Where a member is shown under another name: the shown one -> the one it was given under."""
    derived: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None
    """What it shows that follows from its other members and its state."""
    quota: int | None = None
    """How many there can be in an account and region, or under one parent."""
    newest_first: bool = False
    """Lists begin with the last one, unless the request says otherwise."""
    steady: bool = False
    """It can be updated and deleted in its last state only."""
    operations: Mapping[Verb, str] = field(default_factory=dict)
    """Operations that the naming rule does not find; an empty name: there is none."""

    @property
    def title(self) -> str:
        """What it is called in sentences: `data source sync job`."""
        return _WORDS.sub(" ", self.noun).lower()

    def operation(self, verb: Verb, model: Service) -> Operation | None:
        """The operation of the model that does this with it."""
        if verb in self.operations:
            name = self.operations[verb]
            return model.operations[name] if name else None
        if verb == "list":
            names = [f"List{plural}" for plural in _plurals(self.noun)]
        else:
            names = [prefix + self.noun for prefix in _PREFIXES[verb]]
        return next((model.operations[name] for name in names if name in model.operations), None)


def _plurals(noun: str) -> tuple[str, ...]:
    return (
        f"{noun}s",
        f"{noun[:-2]}es",
        f"{noun[:-1]}ies",
        f"{noun[:-1]}es",
        f"{noun[:-2]}ices",
        f"{noun[:-2]}i",
        noun,
    )


VERBS: tuple[Verb, ...] = ("create", "read", "list", "update", "delete", "stop")
