"""Every reply of the mock in a contract test is held against AWS's model, and to what AWS is known to send always."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from aiservices_mocks import Mock
from aiservices_mocks.replies import check_reply

from aiservices.api.model import Shape, load
from aiservices.api.shapes import Types, types
from aiservices.call import SERVICES, Call, Reply
from tests.witness import Witness


def absent(known: Types, shape: Shape, value: Any, name: str) -> Iterator[str]:
    """The members of a reply that `present.json` says are always there, and are not."""
    if shape.type == "structure" and isinstance(value, Mapping):
        yield from (f"{name}.{member}" for member in known.plain(name, shape) if member not in value)
        for member, inner in shape.members.items():
            if member in value:
                yield from absent(known, inner, value[member], inner.name)
    elif shape.type == "list" and isinstance(value, list):
        for item in value:
            yield from absent(known, shape.member, item, shape.member.name)


@pytest.fixture(autouse=True)
def _replies_are_as_awss(monkeypatch: pytest.MonkeyPatch, witness: Witness) -> None:
    send = Mock.send

    def checked(self: Mock, call: Call) -> Reply:
        reply = send(self, call)
        facts = reply["ResponseMetadata"].get("AIServices", {})
        if call.service in SERVICES and facts.get("fidelity") != "scripted":
            operation = load(call.service).operation(call.operation)
            problems = check_reply(operation, reply)
            if operation.output is not None:
                problems += absent(types(call.service), operation.output, reply, operation.response_name)
            assert not problems, f"{call.name}: {problems}"
        return reply

    monkeypatch.setattr(Mock, "send", checked)
