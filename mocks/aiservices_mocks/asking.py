"""What a boto3 client's call is to a backend: whether it answers, and the answer."""

from __future__ import annotations

from contextvars import ContextVar

from aiservices.call import SERVICES, Backend, Call, Reply

from .s3 import outside

_asking: ContextVar[frozenset[int]] = ContextVar("aiservices_mocks_asking", default=frozenset())
"""The backends that are being asked: what they ask boto3 for is not for themselves to answer."""


def answers(backend: Backend, service: str) -> bool:
    """Whether the service is the backend's to answer; what is not passes through."""
    if id(backend) in _asking.get():
        return False
    if service == "s3":
        return not outside.get() and not getattr(getattr(backend, "s3", None), "remote", False)
    return service in SERVICES


def ask(backend: Backend, region: str, call: Call) -> Reply:
    """The backend's answer, a mock's in the client's region; what another backend asks boto3 for itself passes."""
    at = getattr(backend, "at", None)
    if at is not None:
        answer: Reply = at(region).send(call)
        return answer
    token = _asking.set(_asking.get() | {id(backend)})
    try:
        return backend.send(call)
    finally:
        _asking.reset(token)
