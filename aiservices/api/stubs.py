"""The stubs `<service>.pyi`, which show editors and type checkers what the model makes at run time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .check import required
from .hints import given, parameters
from .model import Operation, Service, Shape, load, snake
from .operations import class_name
from .shapes import Types, types
from .structure import Response

_HEAD = """\
# Written by `python -m aiservices.api.snapshot` from botocore {version}; not to be edited.
from builtins import bytes as _bytes
from collections.abc import Mapping, Sequence
from datetime import datetime as _datetime
from typing import Any, Literal, TypeAlias

from .operations import Operations
from .structure import Readable, Request, Response, Structure
"""

# Members are called `bytes` and `datetime` too, which hides the types of these names inside a class.
_HIDES = "  # type: ignore[assignment]  # AWS's name hides a method of pydantic's"
_HIDDEN = re.compile(r"\b(?=(?:bytes|datetime)\b)")


def stub(service: str) -> str:
    """The stub of a service's module."""
    model = load(service)
    parts = [
        _HEAD.format(version=model.botocore),
        "".join(_aliases(types(service))),
        *_types(types(service)),
        *_operations(model),
    ]
    return "\n".join(part for part in parts if part)


def _aliases(known: Types) -> Iterator[str]:
    for name, shape in known.enums.items():
        yield f"{name}: TypeAlias = Literal[{', '.join(map(_quoted, shape.enum))}] | str\n"


def _quoted(word: str) -> str:
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _types(known: Types) -> Iterator[str]:
    for name, (base, shape) in known.sources.items():
        plain = known.plain(name, shape) if shape else frozenset()
        must = required(shape) if shape and base is not Response else ()
        lines = [_field(base, n, m, n in plain, n in must) for n, m in (shape.members if shape else {}).items()]
        yield f"class {name}({base.__name__}, frozen=True):\n" + ("".join(lines) or "    ...\n")


def _field(base: type, name: str, shape: Shape, plain: bool, must: bool) -> str:
    """A field; `must` is what has to be given to make a value by hand."""
    hint = _HIDDEN.sub("_", given(shape))
    if shape.type not in ("list", "map") and not plain and hint != "Any":
        hint += " | None"
    hides = _HIDES if hasattr(base, snake(name)) else ""
    return f"    {snake(name)}: {hint}{'' if must else ' = ...'}{hides}\n"


def _operations(model: Service) -> Iterator[str]:
    name = class_name(model.name)
    for kind, prefix, base in ((name, "def", "Operations"), (f"_Async{name}", "async def", "")):
        methods = "".join(f"    {prefix} {signature(o)}\n" for o in model.operations.values())
        yield f"class {kind}{f'({base})' if base else ''}:\n{methods}"


def signature(operation: Operation) -> str:
    """The operation's method as a stub writes it, from its name on."""
    taken = ["self"]
    known = parameters(operation)
    if known:
        taken.append("*")
    taken += [f"{n}: {_HIDDEN.sub('_', hint)}{'' if must else ' = None'}" for n, (hint, must) in known.items()]
    return f"{operation.python_name}({', '.join(taken)}) -> {operation.response_name}: ..."
