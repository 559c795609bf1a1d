"""From a page's upright coordinates to those of its picture as it was given."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from aiservices_mocks.engines.documents import Box, Page, Turn


class Place:
    """From a page's upright coordinates to ratios of the picture as it was given."""

    def __init__(self, page: Page) -> None:
        self.width, self.height = page.width, page.height
        self.angle, self.turn = page.angle, page.turn
        self._cos, self._sin = math.cos(math.radians(page.angle)), math.sin(math.radians(page.angle))

    def geometry(self, box: Box, turn: Turn) -> dict[str, Any]:
        """Bounding box and polygon; the polygon begins where the text begins."""
        if self.angle or self.turn:
            corners = [
                self._point(x, y)
                for x, y in (
                    (box.left, box.top),
                    (box.right, box.top),
                    (box.right, box.bottom),
                    (box.left, box.bottom),
                )
            ]
            xs, ys = [x for x, _ in corners], [y for _, y in corners]
            return _geometry(min(xs), min(ys), max(xs), max(ys), corners, turn)
        left, top = round(box.left / self.width, 6), round(box.top / self.height, 6)
        right, bottom = round(box.right / self.width, 6), round(box.bottom / self.height, 6)
        return _geometry(left, top, right, bottom, ((left, top), (right, top), (right, bottom), (left, bottom)), turn)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        if self.angle:
            center_x, center_y = self.width / 2, self.height / 2
            dx, dy = x - center_x, y - center_y
            x, y = center_x + dx * self._cos - dy * self._sin, center_y + dx * self._sin + dy * self._cos
        x, y = x / self.width, y / self.height
        for _ in range(self.turn):
            x, y = 1 - y, x
        return round(min(max(x, 0.0), 1.0), 6), round(min(max(y, 0.0), 1.0), 6)


def _geometry(
    left: float, top: float, right: float, bottom: float, corners: Sequence[tuple[float, float]], turn: Turn
) -> dict[str, Any]:
    if turn:
        corners = [corners[(i + turn) % 4] for i in range(4)]
    return {
        "BoundingBox": {
            "Width": round(right - left, 6),
            "Height": round(bottom - top, 6),
            "Left": left,
            "Top": top,
        },
        "Polygon": [{"X": x, "Y": y} for x, y in corners],
    }
