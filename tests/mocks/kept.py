"""Whether all that a world remembers can be saved."""

from __future__ import annotations

import json
from typing import Any

from aiservices_mocks import Mock
from aiservices_mocks.state_values import from_json, to_json
from aiservices_mocks.store import Record


def survives(mock: Mock) -> None:
    """Every record of a mock comes back from a file as it was."""
    pieces: dict[str, bytes] = {}

    def put(data: bytes) -> str:
        pieces[str(len(pieces))] = data
        return str(len(pieces) - 1)

    for (_, _, service, noun), table in mock.world.store.tables.items():
        for key, record in table.items():
            told = json.dumps(to_json(record, put))
            back: Record = from_json(json.loads(told), pieces.__getitem__)
            assert plain(back) == plain(record), f"a {noun} of {service}: {key}"


def plain(value: Any) -> Any:
    """A value of which two that hold the same are equal: models and arrays by what they are made of."""
    if isinstance(value, dict):
        return {key: plain(content) for key, content in value.items()}
    if isinstance(value, list | tuple):
        return [type(value).__name__, *map(plain, value)]
    if isinstance(value, float):  # nothing else says that a number that is none came back as one
        return repr(float(value))
    if hasattr(value, "tobytes"):
        return str(value.dtype), value.shape, value.tobytes()
    if type(value).__module__.startswith("aiservices_mocks.engines."):
        return type(value), plain(vars(value))
    return value
