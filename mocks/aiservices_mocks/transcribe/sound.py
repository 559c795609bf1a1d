"""The sound that a job is given, held against what the service takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiservices.errors import ServiceError
from aiservices_mocks.places import place
from aiservices_mocks.resources import WorkFailed

from . import media
from .media import Media

if TYPE_CHECKING:
    from aiservices_mocks.world import World

UNREADABLE = (
    "The S3 URI that you provided can't be accessed. "
    "Make sure that you have read permission and try your request again."
)
CHANNELS = 2
SECONDS = 0.5
"""The shortest file."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one kind of job takes.

    Sources: https://docs.aws.amazon.com/transcribe/latest/dg/limits-guidelines.html and the service's model (2026-05).
    """

    seconds: int
    size: int = 2 << 30
    rate: int = 8000


STANDARD = Limits(28800)
MEDICAL = Limits(14400, rate=16000)
CALLS = Limits(14400, size=500 << 20)
SCRIBE = Limits(5400, rate=16000)


def source(members: Mapping[str, Any]) -> str | None:
    """The URI of the sound; of a call it may be given as that of what is to be redacted."""
    given: Mapping[str, str] = members["Media"]
    return given.get("MediaFileUri", given.get("RedactedMediaFileUri"))


def load(world: World, members: Mapping[str, Any], limits: Limits) -> tuple[bytes, Media]:
    """The file and what its header says; what the service does not take fails for AWS's reason."""
    where = place(members["Media"]["MediaFileUri"])
    try:
        data = world.s3.get(where.bucket, where.key) if where else b""
    except ServiceError:
        raise WorkFailed(UNREADABLE) from None
    try:
        found = media.read(data)
    except media.MediaError:
        raise WorkFailed(
            "The data in your input media file isn't valid. Check the media file and try your request again."
        ) from None
    if found is None:
        raise WorkFailed("Unsupported media format.")
    if reason := _refusal(found, len(data), members, limits):
        raise WorkFailed(reason)
    return data, found


def _refusal(found: Media, size: int, members: Mapping[str, Any], limits: Limits) -> str:
    if not _same(members.get("MediaFormat", found.format), found.format):
        return "The media format provided does not match the detected media format."
    if not limits.rate <= found.rate <= 48000:
        return "Invalid sample rate for audio file."
    if members.get("MediaSampleRateHertz", found.rate) != found.rate:
        return "The sample rate provided does not match the detected sample rate."
    if size > limits.size:
        return "Invalid file size: file size too large."
    if found.channels > CHANNELS:
        return "Invalid number of channels: number of channels too large."
    if found.seconds > limits.seconds:
        return f"Invalid audio duration: audio duration too large. The limit is {limits.seconds} seconds."
    if found.seconds < SECONDS:
        return f"Invalid audio duration: audio duration too small. The minimum is {SECONDS} seconds."
    return ""


def _same(declared: str, found: str) -> bool:
    """MPEG-4 is MPEG-4, whether its name says that there is only sound in it or not."""
    return declared == found or {declared, found} == {"mp4", "m4a"}
