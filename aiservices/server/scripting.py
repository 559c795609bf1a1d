"""A rule of a mock's script from JSON: `{"operation", "params", "passes", "times"}` and one thing that happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..api.model import Operation, Shape, load
from ..api.wire import Malformed
from ..api.wire.values import JSON, timestamp
from ..call import PRODUCTS

Options = Mapping[str, Callable[[Any], bool]]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_count(value: Any) -> bool:
    return type(value) is int


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _are_counts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_count, value))


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


_OFTEN: Options = {"times": _is_count, "rate": _is_number}
_HAPPENS: Mapping[str, tuple[Options, Options]] = {
    "fails": (
        {"code": _is_text},
        {"message": _is_text, "status": _is_count, "retry_after": _is_number, **_OFTEN},
    ),
    "throttles": ({}, {"retry_after": _is_number, **_OFTEN}),
    "takes": ({"seconds": _is_number}, _OFTEN),
    "loses_request": ({}, _OFTEN),
    "loses_response": ({}, _OFTEN),
    "fails_items": ({"which": _are_counts, "code": _is_text}, {"message": _is_text, **_OFTEN}),
    "stalls": ({"seconds": _is_number}, {"after": _is_count, **_OFTEN}),
    "job_returns": ({"reply": _is_object}, {"after": _is_number, "times": _is_count}),
    "job_fails": ({}, {"reason": _is_text, "after": _is_number, **_OFTEN}),
    "job_takes": ({"seconds": _is_number}, _OFTEN),
    "job_hangs": ({}, _OFTEN),
}
"""The methods of a rule -> the options that they need and those that they take, with what these look like."""
_REPLIES = ("returns", "returns_each")
_ABOUT = ("operation", "params", "passes", "times")


def begin_rule(mock: Any, given: Mapping[str, Any]) -> None:
    """Begin a rule of a mock; Malformed, or the mock's own error, says what is wrong with it, and nothing is begun."""
    unknown = sorted(given.keys() - {*_ABOUT, *_REPLIES, *_HAPPENS})
    if unknown:
        known = ", ".join((*_ABOUT, *_REPLIES, *_HAPPENS))
        raise Malformed(f"a script has no {', '.join(unknown)}; it has {known}")
    what, params = given.get("operation"), given.get("params", {})
    happens = [name for name in (*_REPLIES, *_HAPPENS) if name in given]
    if not isinstance(what, str) or not isinstance(params, dict) or len(happens) != 1:
        one = " or ".join(f'"{name}"' for name in (*_REPLIES, *_HAPPENS))
        raise Malformed(f'Say "operation", "params" (an object) and one of {one}')
    operation = _operation(what)
    rule = mock.on(what, **_from_json(operation.input if operation else None, params))
    try:
        if "passes" in given:
            rule.passes(_checked("passes", given["passes"], _is_count))
        _tell(rule, happens[0], given, operation.output if operation else None)
    except Exception:
        mock.script.rules.remove(rule)
        raise


def _tell(rule: Any, name: str, given: Mapping[str, Any], output: Shape | None) -> None:
    value = given[name]
    often = {"times": _checked("times", given["times"], _is_count)} if given.get("times") is not None else {}
    if name == "returns":
        rule.returns(_from_json(output, _checked(name, value, _is_object)), **often)
    elif name == "returns_each":
        replies = value if isinstance(value, list) else [value]
        rule.returns_each([_from_json(output, _checked(name, reply, _is_object)) for reply in replies])
    else:
        options = {**often, **_options(name, _checked(name, value, _is_object))}
        if name == "job_returns":
            options["reply"] = _from_json(rule.shown.output, options["reply"])
        getattr(rule, name)(**options)


def _options(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    needs, takes = _HAPPENS[name]
    known = {**needs, **takes}
    unknown, missing = sorted(given.keys() - known.keys()), sorted(needs.keys() - given.keys())
    if unknown:
        raise Malformed(f'"{name}" has no {", ".join(unknown)}; it has {", ".join(sorted(known))}')
    if missing:
        raise Malformed(f'"{name}" needs {", ".join(missing)}')
    return {option: _checked(option, it, known[option]) for option, it in given.items() if it is not None}


def _checked(name: str, value: Any, fits: Callable[[Any], bool]) -> Any:
    if not fits(value):
        raise Malformed(f'"{name}" is {_MEANT[fits]}')
    return value


_MEANT: Mapping[Callable[[Any], bool], str] = {
    _is_text: "a text",
    _is_count: "a whole number",
    _is_number: "a number",
    _are_counts: "a list of whole numbers",
    _is_object: "an object",
}


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
