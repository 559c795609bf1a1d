"""A method replaced on its class, so that objects made before and after have it, until the patch is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Patch:
    """One replacement of a method, and what it replaced."""

    def __init__(self, owner: Any, name: str, make: Callable[[Any, Patch], Any]) -> None:
        """make: the new method, of the one below it and this patch; once `closed` it is to pass everything through."""
        self.closed = False
        self.below = getattr(owner, name)
        self._owner = owner
        self._name = name
        made = make(self.below, self)
        made.patch = self
        setattr(owner, name, made)

    def close(self) -> None:
        """A patch that is not on top stays, and passes everything through, until what lies above it is gone."""
        self.closed = True
        while (top := getattr(getattr(self._owner, self._name), "patch", None)) is not None and top.closed:
            setattr(self._owner, self._name, top.below)
