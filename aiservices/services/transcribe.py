"""Amazon Transcribe: speech to text."""

from __future__ import annotations

from ..api.transcribe import TranscribeOperations


class Transcribe(TranscribeOperations):
    """Amazon Transcribe: speech to text."""
