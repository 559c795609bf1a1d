"""PDFium, loaded when first needed. It is not thread-safe: whoever calls it holds LOCK."""

from __future__ import annotations

import threading
from importlib import import_module
from typing import Any

from aiservices.errors import MissingExtraError

LOCK = threading.RLock()


def helpers() -> Any:
    """The module `pypdfium2`."""
    try:
        return import_module("pypdfium2")
    except ImportError as error:
        raise MissingExtraError("Reading PDF", "mocks") from error


def raw() -> Any:
    """PDFium's own functions."""
    return import_module("pypdfium2.raw")
