"""`/_aiservices/`: a mock is reset, scripted and asked what was called from tests in any language."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from ..api.wire import Malformed, Request, Response
from ..errors import AIServicesError
from .scripting import begin_rule

if TYPE_CHECKING:
    from .app import Application

PREFIX = "/_aiservices/"


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
            ("POST", "save"): self._save,
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
        begin_rule(self._mock("on"), given)
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

    def _save(self, given: dict[str, Any]) -> dict[str, Any]:
        keeping = self._application.keeping
        if keeping is None:
            raise Malformed("This server keeps no state: start it with --state DIR", status=409)
        try:
            keeping.save()
        except OSError as error:
            raise Malformed(f"The state was not saved: {error}", status=409) from error
        return {"state": str(keeping.path.resolve())}

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
