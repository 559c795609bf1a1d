"""What the clients' tests share: the standard library and pytest are all that each environment has."""

from __future__ import annotations

import io
import os
import wave
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def url() -> str:
    """The server's address, as every client is told it."""
    return os.environ["AWS_ENDPOINT_URL"]


@pytest.fixture(scope="session")
def data() -> Path:
    """The examples' documents."""
    return Path(os.environ["EXAMPLES"])


@pytest.fixture(scope="session")
def sound() -> bytes:
    """Two seconds of a tone in two channels, as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(2)
        writer.setsampwidth(2)
        writer.setframerate(16_000)
        writer.writeframes(b"\x00\x00\x40\x10" * 32_000)
    return file.getvalue()
