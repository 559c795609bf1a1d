"""`/_aiservices/`: a mock is reset, scripted and asked what was called from tests in any language."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from ..api.model import Operation, Shape, load
from ..api.wire import Malformed, Request, Response
from ..api.wire.values import JSON, timestamp
from ..call import PRODUCTS
from ..errors import AIServicesError

if TYPE_CHECKING:
    from .app import Application

PREFIX = "/_aiservices/"
_SCRIPT = {"operation", "params", "returns", "fails", "times"}
_FAILS = {"code", "message", "times"}


class Control:
    """The endpoints of one application; each takes and gives a JSON object."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._endpoints: dict[tuple[str, str], Callable[[dict[str, Any]], dict[str, Any]]] = {
            ("GET", "health"): self._health,
            ("POST", "reset"): self._reset,
            ("POST", "script"): self._script,
            ("DELETE", "script"): self._unscript,
            ("POST", "clock"): self._clock,
            ("GET", "calls"): self._calls,
        }

    def answer(self, request: Request) -> Response:
        """What goes out; what cannot be done is a 4xx that says why."""
        name = request.path.removeprefix(PREFIX)
        endpoint = self._endpoints.get((request.method, name))
        try:
            if endpoint is None:
                methods = [method for method, known in self._endpoints if known == name]
                status = 405 if methods else 404
                known = ", ".join(f"{method} {PREFIX}{it}" for method, it in self._endpoints)
                raise Malformed(f"There is {known}", "NotFound", status)
            value, status = endpoint(_read(request)), 200
        except Malformed as problem:
            value, status = {"message": problem.message}, problem.status
        except (AIServicesError, TypeError, ValueError, OverflowError) as error:
            value, status = {"message": str(error)}, 400
        return Response(status, {"Content-Type": "application/json"}, json.dumps(value, ensure_ascii=False).encode())

    def _health(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"status": "ok", "version": version("aiservices")}

    def _reset(self, given: dict[str, Any]) -> dict[str, Any]:
        application = self._application
        if application.fresh is None:
            raise Malformed("This server's backend cannot be reset", status=409)
        if application.moto is not None:
            application.moto.reset()
        application.backend = application.fresh()
        return {}

    def _script(self, given: dict[str, Any]) -> dict[str, Any]:
        """Begin a rule: `operation`, the `params` that a call must have, and what it `returns` or how it `fails`."""
        mock = self._mock("on")
        _refuse_unknown(given, _SCRIPT, "a script")
        what, params = given.get("operation"), given.get("params", {})
        answer = given.get("fails", given.get("returns"))
        if not isinstance(what, str) or not isinstance(params, dict) or ("returns" in given) == ("fails" in given):
            raise Malformed('Say "operation", "params" (an object) and either "returns" or "fails"')
        if not isinstance(answer, dict):
            raise Malformed('"returns" and "fails" are objects')
        operation = _operation(what)
        rule = mock.on(what, **_from_json(operation.input if operation else None, params))
        try:
            if "returns" in given:
                reply = _from_json(operation.output if operation else None, answer)
                rule.returns(reply, times=_times(given))
            else:
                if not isinstance(answer.get("code"), str):
                    raise Malformed('"fails" has a "code"')
                _refuse_unknown(answer, _FAILS, '"fails"')
                rule.fails(answer["code"], _times(answer) or _times(given), answer.get("message", ""))
        except Exception:
            mock.script.rules.remove(rule)
            raise
        return {}

    def _unscript(self, given: dict[str, Any]) -> dict[str, Any]:
        self._mock("on").script.rules.clear()
        return {}

    def _clock(self, given: dict[str, Any]) -> dict[str, Any]:
        seconds = given.get("advance")
        if not isinstance(seconds, int | float) or isinstance(seconds, bool):
            raise Malformed('Say {"advance": seconds}')
        return {"now": self._mock("calls").clock.advance(seconds=seconds).isoformat()}

    def _calls(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"calls": [recorded.document() for recorded in self._mock("calls").calls()]}

    def _mock(self, has: str) -> Any:
        backend = self._application.backend
        if not hasattr(backend, has):
            raise Malformed("This server's backend is no mock: it cannot be scripted or moved", status=409)
        return backend


def _read(request: Request) -> dict[str, Any]:
    data = request.content()
    try:
        given = json.loads(data) if data.strip() else {}
    except (ValueError, RecursionError):
        raise Malformed("The body is no JSON") from None
    if not isinstance(given, dict):
        raise Malformed("The body is no JSON object")
    return given


def _refuse_unknown(given: Mapping[str, Any], known: set[str], what: str) -> None:
    unknown = sorted(given.keys() - known)
    if unknown:
        raise Malformed(f"{what} has no {', '.join(unknown)}; it has {', '.join(sorted(known))}")


def _times(given: Mapping[str, Any]) -> int | None:
    times = given.get("times")
    if times is not None and type(times) is not int:
        raise Malformed('"times" is a whole number')
    return times


def _operation(what: str) -> Operation | None:
    """The operation that a rule is for; None when it is for a product, or for no one that there is."""
    name, _, operation = what.partition(".")
    services = map(load, PRODUCTS.get(name, (name,) if name in _SERVICES else ()))
    return next((service.operations[operation] for service in services if operation in service.operations), None)


_SERVICES = {service for services in PRODUCTS.values() for service in services}


def _from_json(shape: Shape | None, value: Any) -> Any:
    """boto3's value, by AWS's names of members: bytes from Base64, moments from numbers or ISO 8601."""
    if shape is None or value is None:
        return value
    if shape.type == "structure" and isinstance(value, dict):
        return {name: _from_json(shape.members.get(name), it) for name, it in value.items()}
    if shape.type == "list" and isinstance(value, list):
        return [_from_json(shape.member, it) for it in value]
    if shape.type == "map" and isinstance(value, dict):
        return {name: _from_json(shape.value, it) for name, it in value.items()}
    if shape.type == "timestamp" and isinstance(value, str | int | float):
        return timestamp(value)
    return JSON.read(shape, value) if shape.type == "blob" else value
