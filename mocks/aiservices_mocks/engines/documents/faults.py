"""Why a document cannot be read."""

from __future__ import annotations

from typing import Literal

Reason = Literal["format", "encrypted", "broken", "large", "pages"]


class UnreadableDocument(ValueError):
    """The document is of another format, encrypted, broken, too large, or has too many pages."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason: Reason = reason
