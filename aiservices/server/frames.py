"""What an HTTP/2 client sends, without its farewells.

GOAWAY without an error says that no more streams will be opened; those under way go on (RFC 9113, 6.8). h2 takes it for
the end of the connection. The AWS SDK for JavaScript sends one as soon as the answer of Polly or Lex begins.
"""

from __future__ import annotations

import asyncio

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_HEAD = 9
_GOAWAY = 7
_FAREWELL = 8
"""Bytes of a GOAWAY: the last stream's number and an error; what a peer writes behind them is for people."""
_LONGEST = 1 << 14


class Frames(asyncio.StreamReader):
    """A reader that is fed with all that the client sends, beginning with the preface."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop=loop)
        self._left = len(PREFACE)
        """Bytes of what has begun and is passed on as it comes."""
        self._held = b""

    def feed_data(self, data: bytes) -> None:  # type: ignore[override]  # as asyncio calls it
        """Pass on what is no farewell; a frame's head, and a GOAWAY, only when it is whole."""
        data, at, passed = self._held + data, 0, bytearray()
        while at < len(data):
            if not self._left:
                if len(data) < at + _HEAD:
                    break
                whole = _HEAD + int.from_bytes(data[at : at + 3], "big")
                if data[at + 3] == _GOAWAY and _HEAD + _FAREWELL <= whole <= _LONGEST:
                    if len(data) < at + whole:
                        break
                    if not any(data[at + _HEAD + 4 : at + _HEAD + 8]):
                        at += whole
                        continue
                self._left = whole
            end = min(at + self._left, len(data))
            passed += data[at:end]
            self._left -= end - at
            at = end
        self._held = data[at:]
        if passed:
            super().feed_data(bytes(passed))
