"""A folder that holds one state at a time: its pieces by what is in them, and a list of the pieces that are valid.

A save writes the pieces that are new beside those that there are, then puts a new list in the place of the old one in
one step, then takes away the pieces that no list names. Who is killed meanwhile leaves the old list or the new one.
"""

from __future__ import annotations

import json
import os
import re
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO

from aiservices.errors import InvalidCallError

if TYPE_CHECKING:
    from types import TracebackType

VERSION = 1
"""Of what is written. It rises when an older program could not read it."""
_LIST, _NEXT, _PIECES, _FRESH, _LOCK = "state.json", "state.json.new", "pieces", "new", "lock"
_NAME = re.compile(r"[0-9a-f]{64}")
_PART = 1 << 20


class Folder:
    """One program at a time saves into a folder; who only reads shares it with others who read.

    Raises InvalidCallError when the folder is in use, and, with nothing changed, when what is in it cannot be read.
    """

    def __init__(self, path: str | Path, *, write: bool) -> None:
        self.path = Path(path)
        self._pieces = self.path / _PIECES
        self._held: set[str] = set()
        self._lock: BinaryIO | None = None
        if write:
            self._pieces.mkdir(parents=True, exist_ok=True)
        if write or (self.path / _LOCK).exists():
            self._lock = (self.path / _LOCK).open("ab" if write else "rb")
            if not _locked(self._lock, alone=write):
                self._lock.close()
                raise InvalidCallError(f"{self.path} is in use: another program saves its state there")

    def close(self) -> None:
        """Let others have it."""
        if self._lock is not None:
            self._lock.close()

    def __enter__(self) -> Folder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Reading

    def read(self) -> dict[str, Any] | None:
        """What the list says; None when nothing was saved yet."""
        file = self.path / _LIST
        if not file.exists():
            return None
        try:
            told = json.loads(file.read_bytes())
            version, content, check = told["version"], told["content"], told["sha256"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise self.damaged(f"{_LIST} is not what was written") from None
        if version != VERSION:
            raise InvalidCallError(
                f"{self.path} was saved in version {version!r} of the format, and this program reads version "
                f"{VERSION}: use the aiservices that saved it, or another folder"
            )
        if not isinstance(content, dict) or check != _sum(content):
            raise self.damaged(f"{_LIST} is not what was written")
        return content

    def get(self, name: str) -> bytes:
        """A piece."""
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise self.damaged("a piece has no name")
        try:
            data = (self._pieces / name).read_bytes()
        except FileNotFoundError:
            raise self.damaged(f"{_PIECES}/{name} is missing") from None
        if sha256(data).hexdigest() != name:
            raise self.damaged(f"{_PIECES}/{name} is not what was written")
        return data

    def damaged(self, what: str) -> InvalidCallError:
        """The refusal."""
        return InvalidCallError(
            f"{self.path} is damaged: {what}. It was left as it is; restore it or use another folder"
        )

    # Writing

    def put(self, data: bytes) -> str:
        """Keep a piece; its name."""
        name = sha256(data).hexdigest()
        self._held.add(name)
        if not self._has(name, len(data)):
            with self._fresh() as file:
                file.write(data)
                _flush(file)
            self._place(name)
        return name

    def put_stream(self, source: IO[bytes]) -> tuple[str, int]:
        """Keep what is read of a stream; its name and size."""
        made, size = sha256(), 0
        with self._fresh() as file:
            while part := source.read(_PART):
                made.update(part)
                size += len(part)
                file.write(part)
            _flush(file)
        name = made.hexdigest()
        self._held.add(name)
        self._place(name)
        return name, size

    def hold(self, name: str) -> None:
        """A piece of the state before is one of the next too."""
        self._held.add(name)

    def switch(self, content: dict[str, Any]) -> None:
        """Make a list, of the pieces that were put or held for it, the valid one."""
        told = {"version": VERSION, "sha256": _sum(content), "content": content}
        with (self.path / _NEXT).open("wb") as file:
            file.write(json.dumps(told, indent=1).encode())
            _flush(file)
        _flush_folder(self._pieces)
        os.replace(self.path / _NEXT, self.path / _LIST)
        _flush_folder(self.path)

    def tidy(self) -> None:
        """Take away the pieces that were neither put nor held for the list that is valid now."""
        for piece in self._pieces.iterdir():
            if piece.name not in self._held and _NAME.fullmatch(piece.name):
                piece.unlink()

    def begin(self) -> None:
        """Pieces from now on are for the next list."""
        self._held.clear()

    def _has(self, name: str, size: int) -> bool:
        with suppress(FileNotFoundError):
            return (self._pieces / name).stat().st_size == size
        return False

    def _fresh(self) -> BinaryIO:
        return (self._pieces / _FRESH).open("wb")

    def _place(self, name: str) -> None:
        """Give the piece that is written its name; whoever sees the name sees the whole."""
        os.replace(self._pieces / _FRESH, self._pieces / name)


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _flush_folder(path: Path) -> None:
    if sys.platform != "win32":
        opened = os.open(path, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _sum(content: Any) -> str:
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _locked(file: BinaryIO, *, alone: bool) -> bool:
    """Whether the lock of a folder is ours now. It goes with the program, however that ends."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
