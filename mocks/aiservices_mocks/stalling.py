"""A body that stops in the middle for a while."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aiservices.call import Stream
from aiservices.errors import TransportError

if TYPE_CHECKING:
    from .clock import Clock


class Stalling(Stream):
    """Gives some bytes, lets seconds pass on a clock, and gives the others, if the reader waits that long."""

    def __init__(
        self, data: bytes, after: int, seconds: float, patience: float | None, clock: Clock, name: str
    ) -> None:
        """patience: seconds that the reader waits; None for ever. name: of the call, for the error."""
        super().__init__(data)
        self.size = len(data)
        self._left = min(after, len(data))
        self._seconds = seconds
        self._patience = patience
        self._clock = clock
        self._name = name
        self._stalls = True

    def read(self, amt: int | None = None) -> bytes:
        """The next bytes. TransportError when the reader's patience ends first; whoever reads on gets no more."""
        if not self._stalls:
            return super().read(amt)
        asked = self.size if amt is None else amt
        head = super().read(min(asked, self._left))
        self._left -= len(head)
        if self._left or len(head) == asked:
            return head
        self._wait()
        return head + super().read(None if amt is None else asked - len(head))

    def iter_chunks(self, chunk_size: int = 1024) -> Iterator[bytes]:
        """The rest in chunks."""
        while chunk := self.read(chunk_size):
            yield chunk

    def _wait(self) -> None:
        if self._patience is not None and self._seconds > self._patience:
            self._clock.sleep(self._patience)
            raise TransportError(f"{self._name}: the answer's body stopped, and the time to wait is over", sent=True)
        self._clock.sleep(self._seconds)
        self._stalls = False
