"""Requests of single operations that the tables and the model alone cannot make right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.mocks import prepared_pictures, prepared_records, prepared_texts
from tests.mocks.lives import Life

REQUESTS: Mapping[str, Callable[[Life], dict[str, Any]]] = {
    **prepared_texts.REQUESTS,
    **prepared_pictures.REQUESTS,
    **prepared_records.REQUESTS,
}
"""What makes the request, and what it needs, in the world of a `Life`."""
