"""Pictures of pages, opened within bounds."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

from aiservices.errors import MissingExtraError

from .faults import UnreadableDocument

if TYPE_CHECKING:
    from PIL.Image import Image

_LONGEST_SIDE = 10_000  # pixels; Textract's own limit
MOST_PIXELS = 89_000_000  # where Pillow begins to suspect a decompression bomb
_READ_SIDE = 4_000  # pixels; larger pictures are read at this size
_BROKEN = (
    *(OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, OverflowError, AttributeError, RuntimeError),
    *(struct.error, zlib.error, Warning),
)
"""What Pillow's decoders raise on broken files; warnings too, where someone has made errors of them."""


class PictureFile:
    """An open PNG, JPEG or TIFF."""

    def __init__(self, data: bytes, kind: str) -> None:
        self.kind = kind
        self._image = _open(data, kind)
        try:
            self.pages = int(getattr(self._image, "n_frames", 1))
        except _BROKEN:
            raise UnreadableDocument("broken", f"the {kind} cannot be parsed") from None

    def close(self) -> None:
        """Let go of the file."""
        self._image.close()

    def read(self, index: int, *, signatures: bool = False) -> None:
        """A picture has no text layer."""
        return None

    def render(self, index: int, *, scale: float | None = None) -> Image:
        """The page as a picture, upright as its EXIF data says: grey to be read, as it is with a `scale`."""
        from PIL import Image, ImageOps

        image = self._image
        try:
            if index:
                image.seek(index)
            bounded(image.size)
            if self.kind == "JPEG" and scale is None:
                image.draft("L", (_READ_SIDE, _READ_SIDE))
            image.load()
            grey = _flat(image) if scale is None else image.copy()
            ImageOps.exif_transpose(grey, in_place=True)
        except Image.DecompressionBombError:
            raise UnreadableDocument("large", "a page has too many pixels") from None
        except MemoryError:
            raise UnreadableDocument("large", "a page has too many pixels") from None
        except UnreadableDocument:
            raise
        except _BROKEN:
            raise UnreadableDocument("broken", f"the {self.kind} cannot be decoded") from None
        if max(grey.size) > _READ_SIDE:
            grey.thumbnail((_READ_SIDE, _READ_SIDE), Image.Resampling.BOX)
        return grey


def _open(data: bytes, kind: str) -> Any:
    # The formats' own classes read only the header and, unlike Image.open, do not warn about big pictures:
    # we refuse those ourselves, before a pixel is decoded.
    try:
        from PIL import Image, JpegImagePlugin, PngImagePlugin, TiffImagePlugin
    except ImportError as error:
        raise MissingExtraError("Reading pictures", "mocks") from error
    classes: dict[str, Any] = {
        "PNG": PngImagePlugin.PngImageFile,
        "JPEG": JpegImagePlugin.JpegImageFile,
        "TIFF": TiffImagePlugin.TiffImageFile,
    }
    try:
        image = classes[kind](BytesIO(data))
    except (*_BROKEN, Image.DecompressionBombError):
        raise UnreadableDocument("broken", f"the {kind} cannot be parsed") from None
    bounded(image.size)
    return image


def bounded(size: tuple[int, int]) -> None:
    """Refuse a picture that is too big to be decoded."""
    if max(size) > _LONGEST_SIDE:
        raise UnreadableDocument("large", f"a page is {size[0]} x {size[1]} pixels, at most {_LONGEST_SIDE} a side")
    if size[0] * size[1] > MOST_PIXELS:
        raise UnreadableDocument("large", f"a page has {size[0] * size[1]:,} pixels, at most {MOST_PIXELS:,}")
    if min(size) < 1:
        raise UnreadableDocument("broken", "a page has no pixels")


def _flat(image: Image) -> Image:
    """Grey on white: what is transparent is paper."""
    from PIL import Image

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image.convert("RGBA"))
        return paper.convert("L")
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        low, high = cast("tuple[float, float]", image.getextrema())
        span = (high - low) or 1.0
        return image.point(lambda value: (value - low) * (255.0 / span)).convert("L")
    return image.convert("L")
