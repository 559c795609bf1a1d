"""Amazon Translate: text and documents into other languages."""

from __future__ import annotations

from ..api.translate import TranslateOperations


class Translate(TranslateOperations):
    """Amazon Translate: text and documents into other languages."""
