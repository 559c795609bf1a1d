"""Where a document comes from, and whether it can be sent at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from ... import files
from ...errors import InvalidCallError
from ..texts import Several
from .pagecount import several_pages

if TYPE_CHECKING:
    from PIL.Image import Image

Source: TypeAlias = "str | os.PathLike[str] | bytes | files.Readable | Image"
"""A path, bytes, a binary file object, a PIL image, or `s3://bucket/key`."""
Sources: TypeAlias = "list[Any] | tuple[Any, ...]"

_SYNC_BYTES = 10 * 1024 * 1024
_SUFFIXES = {".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff"}
_ONE_PAGE_SUFFIXES = (".png", ".jpg", ".jpeg")


class Loaded(NamedTuple):
    """A source made ready: its bytes, or where it stands in S3."""

    data: bytes | None
    place: files.Staged | None
    name: str
    """A path or key, for its suffix."""

    @property
    def document(self) -> dict[str, Any]:
        """As Textract's single operations take it."""
        return {"S3Object": self.place.s3_object} if self.place else {"Bytes": self.data}

    @property
    def needs_job(self) -> bool:
        """Whether it is seen to be too much for a single operation."""
        if self.data is None or self.one_page:
            return False
        return len(self.data) > _SYNC_BYTES or several_pages(self.data)

    @property
    def one_page(self) -> bool:
        """Whether the format has only one page, so that a job could not do better."""
        if self.data is None:
            return self.name.lower().endswith(_ONE_PAGE_SUFFIXES)
        return b"%PDF-" not in self.data[:1024] and self.data[:4] not in (b"II*\x00", b"MM\x00*")


def several(source: Any) -> Several | None:
    """The documents that a list, a Series or a folder stands for; None for a single document.

    Those of a folder are known by their files' names, which nobody has given.
    """
    if isinstance(source, str | os.PathLike):
        if files.is_s3(source) or not str(source) or not files.is_folder(source):  # Path("") would be this folder
            return None
        found = sorted(p for p in Path(source).iterdir() if p.suffix.lower() in _SUFFIXES and p.is_file())
        if not found:
            raise InvalidCallError(f"the folder {str(source)!r} has no {', '.join(sorted(_SUFFIXES))} in it")
        return Several(list(found), [path.name for path in found])
    if isinstance(source, bytes | bytearray | memoryview | Mapping) or not isinstance(source, Iterable):
        return None
    if hasattr(source, "read") or hasattr(source, "save"):
        return None
    if hasattr(source, "columns"):
        raise InvalidCallError('a DataFrame is no list of documents: give the column with them, frame["..."]')
    if getattr(source, "ndim", 1) != 1:
        raise InvalidCallError("an array of pixels is no document: give PIL.Image.fromarray(array)")
    return Several.of(source)


def load(source: Any) -> Loaded:
    """The source made ready; raises InvalidCallError for what is no document."""
    if files.is_s3(source):
        return Loaded(None, files.parse(source), source)
    if hasattr(source, "save") and hasattr(source, "mode") and hasattr(source, "size"):
        out = BytesIO()
        if 0 in source.size:
            raise InvalidCallError("the picture is empty: it has no pixels")
        kept = source if source.mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16") else source.convert("RGB")
        kept.save(out, "PNG")
        return Loaded(out.getvalue(), None, "image.png")
    data = files.read(source)
    if not data:
        raise InvalidCallError("the document is empty: it has no bytes")
    name = str(source) if isinstance(source, str | os.PathLike) else str(getattr(source, "name", ""))
    return Loaded(data, None, name)
