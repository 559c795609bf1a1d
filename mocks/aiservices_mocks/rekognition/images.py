"""Pictures as Rekognition takes them: read from the request or S3, and refused for what keeps AWS from looking at them.

Sizes by https://docs.aws.amazon.com/rekognition/latest/dg/limits.html.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from aiservices.errors import MissingExtraError, ServiceError

from ..engines.documents.faults import UnreadableDocument
from ..engines.documents.pictures import PictureFile
from ..places import Place
from .inventions import Inventor
from .part import Part

_MOST_S3_BYTES = 15 * 1024 * 1024
LEAST_SIDE = 80
"""Pixels of the shorter side that most operations need."""
_PNG = b"\x89PNG\r\n\x1a\n"
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""JPEG's markers of a frame, which says how large the picture is."""
_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
"""JPEG's markers that nothing follows."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that can be looked at."""

    data: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        """The same for the same bytes; what is made up about a picture follows from it."""
        return digest(self.data)


def digest(data: bytes) -> str:
    """What stands for these bytes."""
    return blake2b(data, digest_size=16).hexdigest()


def size(data: bytes) -> tuple[str, int, int] | None:
    """The kind, width and height that the header of a PNG or JPEG tells; None when it is neither."""
    if data.startswith(_PNG) and data[12:16] == b"IHDR" and len(data) >= 24:
        return "PNG", int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if data.startswith(b"\xff\xd8\xff"):
        found = _jpeg_size(data)
        return ("JPEG", *found) if found else None
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF or marker in _BARE:
            at += 1 if marker == 0xFF else 2
        elif marker in _FRAMES:
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        else:
            at += 2 + max(int.from_bytes(data[at + 2 : at + 4], "big"), 2)
    return None


class Images(Part):
    """Reads pictures and other objects, or raises the service's errors."""

    def _picture(self, image: Mapping[str, Any], *, least: int = LEAST_SIDE, most: int | None = None) -> Picture:
        """The picture that a request names. least, most: pixels that its sides may have."""
        if ("Bytes" in image) == ("S3Object" in image):
            raise self.error("InvalidParameterException", "Request has invalid parameters: give Bytes or S3Object.")
        if "Bytes" in image:
            return self._opened(bytes(image["Bytes"]), least, most)
        data = self._object(image["S3Object"])
        if len(data) > _MOST_S3_BYTES:
            raise self.error("ImageTooLargeException", f"The image has {len(data)} bytes, at most {_MOST_S3_BYTES}.")
        return self._opened(data, least, most)

    def _opened(self, data: bytes, least: int, most: int | None) -> Picture:
        found = size(data)
        if found is None:
            raise self.error("InvalidImageFormatException", "Request has invalid image format: neither JPEG nor PNG.")
        kind, width, height = found
        if most is not None and max(width, height) > most:
            raise self.error(
                "ImageTooLargeException", f"The image is {width} x {height} pixels, at most {most} a side."
            )
        if min(width, height) < least:
            raise self.error(
                "InvalidParameterException", f"The image is {width} x {height} pixels, at least {least} a side."
            )
        self._check_whole(data, kind)
        return Picture(data, width, height)

    def _check_whole(self, data: bytes, kind: str) -> None:
        """Decode it where Pillow is there; else its header must do."""
        try:
            file = PictureFile(data, kind)
            try:
                file.render(0)
            finally:
                file.close()
        except MissingExtraError:
            return
        except UnreadableDocument as error:
            code = "ImageTooLargeException" if error.reason == "large" else "InvalidImageFormatException"
            raise self.error(code, "Request has invalid image format: it cannot be decoded.") from None

    def _faces_in(self, picture: Picture) -> list[dict[str, Any]]:
        """The faces that a picture is said to show, the largest first."""
        return Inventor(self.world.seed, "faces", picture.digest).faces()

    def _write(self, output: Mapping[str, Any], name: str, text: str) -> dict[str, Any]:
        """Put a JSON file where an OutputConfig says, and tell where."""
        bucket, key = Place(output.get("S3Bucket", ""), output.get("S3KeyPrefix", "")).under(name)
        self.world.s3.put(bucket, key, text.encode("utf-8"), content_type="application/json")
        return {"S3Object": {"Bucket": bucket, "Name": key}}

    def _object(self, place: Mapping[str, Any]) -> bytes:
        """The bytes of an object in S3."""
        body = self._ask_s3("GetObject", place)["Body"]
        try:
            return bytes(body.read())
        finally:
            body.close()

    def _ask_s3(self, operation: str, place: Mapping[str, Any]) -> dict[str, Any]:
        """GetObject or HeadObject for what a request calls an S3Object."""
        if "Bucket" not in place or "Name" not in place:
            raise self.error("InvalidParameterException", "Request has invalid parameters: give Bucket and Name.")
        version = {"VersionId": place["Version"]} if "Version" in place else {}
        try:
            return self.world.s3.send(operation, Bucket=place["Bucket"], Key=place["Name"], **version)
        except ServiceError as error:
            raise self.error(
                "InvalidS3ObjectException",
                "Unable to get object metadata from S3. Check object key, region and/or access permissions.",
            ) from error
