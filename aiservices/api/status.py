"""Where a Get or Describe reply says how far a job is, or what state a resource is in."""

from __future__ import annotations

from functools import cache

from .model import Operation, Shape

_EXACT = ("Status", "status", "State", "state")
_ENDINGS = ("status", "state")
_OF_SOMETHING_ELSE = frozenset(("ConfigFileState", "LastEvaluationState", "LatestUpdateAttemptStatus"))
_NEVER_ENDING = frozenset(
    ("DescribeDetector", "DescribeProjects", "GetEventPredictionMetadata", "GetExternalModels", "GetFindings")
)
"""Their replies list things, or name a version, whose state does not move by itself."""


@cache
def status_path(operation: Operation) -> tuple[str, ...] | None:
    """The members that lead to the status: at the top, or in a structure or a list of structures there.

    None when the operation tells the state of nothing that could be waited for.
    """
    reads = operation.name.startswith(("Get", "Describe")) and operation.name not in _NEVER_ENDING
    if operation.output is None or not reads:
        return None
    if name := _status(operation.output):
        return (name,)
    inner = {name: shape for name, shape in operation.output.members.items() if shape.type == "structure"}
    inner |= {name: shape.member for name, shape in operation.output.members.items() if _is_list(shape)}
    return next(((name, found) for name, shape in inner.items() if (found := _status(shape))), None)


def is_status(name: str) -> bool:
    """Whether a member is called as one that tells a state."""
    return name.lower().endswith(_ENDINGS) and name not in _OF_SOMETHING_ELSE


def _status(shape: Shape) -> str:
    names = [name for name, member in shape.members.items() if member.type == "string" and is_status(name)]
    return next((name for name in _EXACT if name in names), names[0] if names else "")


def _is_list(shape: Shape) -> bool:
    return shape.type == "list" and shape.member.type == "structure"
