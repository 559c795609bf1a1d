"""DetectText, read from the picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiservices.call import Reply, note

from ..engines.documents import Page, UnreadableDocument, open_document
from ..service import computed
from ..textract.blocks import blocks
from .images import Images, Picture

TEXT_MODEL = "3.0"
_MOST_WORDS = 100


class Text(Images):
    """The words in a picture."""

    @computed
    def detect_text(self, image: Mapping[str, Any], filters: Mapping[str, Any] | None = None) -> Reply:
        """The lines and words of a picture, at most a hundred words."""
        picture = self._picture(image)
        page = self._page(picture)
        found = blocks([page], self.world.seed, picture.digest)
        detections = _detections(found, filters or {})
        return note({"TextDetections": detections, "TextModelVersion": TEXT_MODEL}, engine=page.engine)

    def _page(self, picture: Picture) -> Page:
        try:
            with open_document(picture.data) as document:
                return document.page(0)
        except UnreadableDocument:
            raise self.error("InvalidImageFormatException", "Request has invalid image format.") from None


def _detections(found: Sequence[Mapping[str, Any]], filters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """First the lines, then the words; each word tells its line. A line is as sure as the words that are left in it."""
    words = {block["Id"]: block for block in found if block["BlockType"] == "WORD" and passes(block, filters)}
    left = {id: words[id] for id in list(words)[:_MOST_WORDS]}
    lines: list[dict[str, Any]] = []
    told: list[dict[str, Any]] = []
    for block in found:
        ids = [id for relation in block.get("Relationships", ()) for id in relation["Ids"] if id in left]
        if block["BlockType"] == "LINE" and ids:
            told += [{**_detection(left[id], "WORD"), "ParentId": len(lines)} for id in ids]
            lines.append(_detection(block, "LINE"))
    return [{**one, "Id": id} for id, one in enumerate([*lines, *told])]


def _detection(block: Mapping[str, Any], kind: str) -> dict[str, Any]:
    shown = {"DetectedText": block["Text"], "Type": kind, "Confidence": block["Confidence"]}
    geometry = {name: value for name, value in block["Geometry"].items() if name != "RotationAngle"}  # Textract's
    return {**shown, "Geometry": geometry}


def passes(word: Mapping[str, Any], filters: Mapping[str, Any]) -> bool:
    """Whether a word is sure and large enough for the filters, and lies where they ask for."""
    least, box = filters.get("WordFilter", {}), word["Geometry"]["BoundingBox"]
    regions = filters.get("RegionsOfInterest", ())
    return bool(
        word["Confidence"] >= least.get("MinConfidence", 0)
        and box["Height"] >= least.get("MinBoundingBoxHeight", 0)
        and box["Width"] >= least.get("MinBoundingBoxWidth", 0)
        and (not regions or any(_inside(box, region) for region in regions))
    )


def _inside(box: Mapping[str, float], region: Mapping[str, Any]) -> bool:
    """Whether the middle of a box lies in a region: a box or a polygon."""
    x, y = box["Left"] + box["Width"] / 2, box["Top"] + box["Height"] / 2
    if "BoundingBox" in region:
        area = {"Left": 0.0, "Top": 0.0, "Width": 1.0, "Height": 1.0, **region["BoundingBox"]}
        across = area["Left"] <= x <= area["Left"] + area["Width"]
        return bool(across and area["Top"] <= y <= area["Top"] + area["Height"])
    corners = [(point.get("X", 0.0), point.get("Y", 0.0)) for point in region.get("Polygon", ())]
    inside = False
    for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], *corners[:1]], strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            inside = not inside
    return inside
