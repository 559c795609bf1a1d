"""A page's picture with boxes over what was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from ...errors import MissingExtraError
from .blocks import corners, is_key, page_of

if TYPE_CHECKING:
    from PIL.Image import Image

_COLORS = {
    "LINE": (38, 110, 235),
    "CELL": (228, 120, 110),
    "TABLE": (205, 35, 35),
    "KEY": (20, 140, 60),
    "VALUE": (235, 140, 20),
    "SELECTION_ELEMENT": (150, 50, 190),
    "SIGNATURE": (20, 20, 20),
    "QUERY_RESULT": (0, 160, 170),
}
"""What is drawn, in this order."""


def draw(source: bytes, blocks: Iterable[Mapping[str, Any]], page: int, scale: float) -> Image:
    """The page, counted from 1, with the outline of its blocks."""
    try:
        from PIL import ImageDraw
    except ImportError as error:
        raise MissingExtraError("Drawing over a page", "mocks") from error
    # The picture comes from the engine that also reads documents for the mock: PDFium bears only one user at a time.
    image = import_module("aiservices_mocks.engines.documents").picture(source, page - 1, scale)
    pen = ImageDraw.Draw(image)
    wanted = [block for block in blocks if page_of(block) == page]
    for kind, color in _COLORS.items():
        for block in wanted:
            if _kind(block) == kind and block.get("Geometry"):
                points = [(x * image.width, y * image.height) for x, y in corners(block)]
                pen.line([*points, points[0]], fill=color, width=max(1, round(image.width / 600)))
    return cast("Image", image)


def _kind(block: Mapping[str, Any]) -> str:
    kind = str(block["BlockType"])
    if kind == "KEY_VALUE_SET":
        return "KEY" if is_key(block) else "VALUE"
    return kind
