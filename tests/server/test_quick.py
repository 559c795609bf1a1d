"""Which operations are answered at once."""

from __future__ import annotations

from typing import Any

from aiservices.api.model import load
from aiservices.api.wire import Route
from aiservices.server.quick import SMALL, Quick

ROUTE = Route(load("comprehend").operations["DetectSentiment"], "json")


def reply(fidelity: str = "computed") -> dict[str, Any]:
    return {"ResponseMetadata": {"AIServices": {"fidelity": fidelity}}}


def proven() -> Quick:
    quick = Quick()
    for _ in range(3):
        assert not quick.holds(ROUTE, b"{}")
        quick.learn(ROUTE, reply(), 0.0001, 0.02)  # others worked meanwhile
    return quick


def test_what_was_quick_several_times_is() -> None:
    quick = proven()
    assert quick.holds(ROUTE, b"{}")
    assert quick.holds(Route(ROUTE.operation, "smithy-rpc-v2-cbor"), b"{}")
    assert not quick.holds(ROUTE, bytes(SMALL + 1))
    assert not quick.holds(None, b"{}")


def test_what_works_or_waits_for_long_is_not_until_it_has_been_quick_again() -> None:
    for worked, passed in ((0.02, 0.02), (0.0001, 1.0)):
        quick = proven()
        quick.learn(ROUTE, reply(), worked, passed)
        assert not quick.holds(ROUTE, b"{}")
        for _ in range(3):
            quick.learn(ROUTE, reply(), 0.0001, 0.0001)
        assert quick.holds(ROUTE, b"{}")


def test_what_is_not_computed_from_the_request_alone_never_is() -> None:
    quick = Quick()
    for _ in range(9):
        quick.learn(ROUTE, reply("stateful"), 0.0001, 0.0001)
    assert not quick.holds(ROUTE, b"{}")
