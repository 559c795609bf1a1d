"""What the jobs over videos are said to have found: made up from the video's bytes, within its length."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from .detection import LABEL_MODEL, MODERATION_MODEL, chosen_labels
from .inventions import Inventor, face_members, shown
from .text import TEXT_MODEL, passes

Found = dict[str, Any]
_STEP = 500
"""Milliseconds from one find to the next."""
_MOST = 40
_SEGMENT_MODEL = "2.0"
_CUES = ("ColorBars", "EndCredits", "BlackFrames", "OpeningCredits", "StudioLogo", "Slate", "Content")


@dataclass(frozen=True, slots=True)
class Seen:
    """What finds are made up from."""

    seed: int
    job: Mapping[str, Any]
    celebrity: Mapping[str, Any]
    """Who is there in every find of a celebrity."""
    faces: Sequence[Mapping[str, Any]]
    """The faces of the collection that is searched."""

    @property
    def millis(self) -> int:
        """How long the video is."""
        return int(self.job["movie"]["video"]["DurationMillis"])

    @property
    def times(self) -> list[int]:
        """When something is found."""
        return list(range(0, self.millis, _STEP))[:_MOST]

    def inventor(self, *parts: object) -> Inventor:
        """Who makes up a find."""
        return Inventor(self.seed, self.job["digest"], *parts)


def _labels(seen: Seen, params: Mapping[str, Any]) -> list[Found]:
    filters = seen.job.get("Settings", {}).get("GeneralLabels", {})
    least = seen.job.get("MinConfidence", 50.0)
    named = [seen.inventor("label", number).label() for number in range(4)]
    found = []
    for number, time in enumerate(seen.times):
        label = {**named[number % len(named)], "Confidence": seen.inventor("sure", time).confidence(40)}
        found += [{"Timestamp": time, "Label": one} for one in chosen_labels([label], filters, least)]
    return _spans(found, seen.millis, params)


def _moderation(seen: Seen, params: Mapping[str, Any]) -> list[Found]:
    least = seen.job.get("MinConfidence", 50.0)
    labels = [
        {"Timestamp": time, "ModerationLabel": label, "ContentTypes": []}
        for time in seen.times
        for label in seen.inventor("moderation", time // (4 * _STEP)).moderation()
        if label["Confidence"] >= least
    ]
    return _spans(labels, seen.millis, params)


def _spans(found: list[Found], millis: int, params: Mapping[str, Any]) -> list[Found]:
    """Each find with the time that it lasts, when segments are asked for."""
    if params.get("AggregateBy") != "SEGMENTS":
        return found
    spans = []
    for one in found:
        start, end = one["Timestamp"], min(one["Timestamp"] + _STEP, millis)
        spans.append({**one, "StartTimestampMillis": start, "EndTimestampMillis": end, "DurationMillis": end - start})
    return spans


def _faces(seen: Seen, params: Mapping[str, Any]) -> list[Found]:
    members = face_members([seen.job.get("FaceAttributes", "DEFAULT")])
    return [{"Timestamp": time, "Face": shown(seen.inventor("face", time).face(), members)} for time in seen.times]


def _persons(seen: Seen, params: Mapping[str, Any]) -> list[Found]:
    found = []
    for number, time in enumerate(seen.times):
        inventor = seen.inventor("person", time)
        face = shown(inventor.face(), face_members(()))
        found.append(
            {"Timestamp": time, "Person": {"Index": number % 2, "BoundingBox": inventor.box(0.9), "Face": face}}
        )
    return found


def _searched(seen: Seen, params: Mapping[str, Any]) -> list[Found]:
    """The first person is taken for one of the collection; who the other is, nobody knows."""
    persons, least = _persons(seen, params), seen.job.get("FaceMatchThreshold", 80.0)
    for one in persons:
        matches = []
        if seen.faces and one["Person"]["Index"] == 0:
            face = seen.faces[seen.inventor("match").count(0, len(seen.faces) - 1)]
            matches = [{"Similarity": seen.inventor("alike", one["Timestamp"]).confidence(least), "Face": dict(face)}]
        one["FaceMatches"] = matches
    return persons


def _celebrities(seen: Seen, params: Mapping[str, Any]) -> list[Found]:
    found = []
    for time in seen.times:
        inventor = seen.inventor("celebrity", time)
        face = shown(inventor.face(), face_members(()))
        one = {**seen.celebrity, "Confidence": inventor.confidence(80), "BoundingBox": inventor.box(0.9), "Face": face}
        found.append({"Timestamp": time, "Celebrity": one})
    return found


def _text(seen: Seen, params: Mapping[str, Any]) -> list[Found]:
    found = []
    for time in seen.times:
        inventor = seen.inventor("text", time)
        told = {"DetectedText": inventor.word(), "Confidence": inventor.confidence(60), "Geometry": inventor.geometry()}
        if passes(told, seen.job.get("Filters", {})):
            found.append({"Timestamp": time, "TextDetection": {**told, "Type": "LINE", "Id": 0}})
            found.append({"Timestamp": time, "TextDetection": {**told, "Type": "WORD", "Id": 1, "ParentId": 0}})
    return found


def _segments(seen: Seen, params: Mapping[str, Any]) -> list[Found]:
    """The video in shots, one after the other; and a cue in the last of them."""
    rate, filters = seen.job["movie"]["video"]["FrameRate"], seen.job.get("Filters", {})
    count = min(max(seen.millis // 2000, 1), _MOST)
    cuts = [seen.millis * number // count for number in range(count + 1)]
    found: list[Found] = []
    if "TECHNICAL_CUE" in seen.job["SegmentTypes"]:
        least = filters.get("TechnicalCueFilter", {}).get("MinSegmentConfidence", 50.0)
        inventor = seen.inventor("cue")
        cue = {"Type": inventor.one_of(_CUES), "Confidence": inventor.confidence(least)}
        found.append({"Type": "TECHNICAL_CUE", **_span(cuts[-2], cuts[-1], rate), "TechnicalCueSegment": cue})
    if "SHOT" in seen.job["SegmentTypes"]:
        least = filters.get("ShotFilter", {}).get("MinSegmentConfidence", 50.0)
        for index, (start, end) in enumerate(pairwise(cuts)):
            shot = {"Index": index, "Confidence": seen.inventor("shot", index).confidence(least)}
            found.append({"Type": "SHOT", **_span(start, end, rate), "ShotSegment": shot})
    return found


def _span(start: int, end: int, rate: float) -> Found:
    """From when to when, in milliseconds, frames and timecode."""
    frames = [round(time * rate / 1000) for time in (start, end)]
    length = frames[1] - frames[0]
    return {
        "StartTimestampMillis": start, "EndTimestampMillis": end, "DurationMillis": end - start,
        "StartFrameNumber": frames[0], "EndFrameNumber": frames[1], "DurationFrames": length,
        "StartTimecodeSMPTE": _timecode(frames[0], rate), "EndTimecodeSMPTE": _timecode(frames[1], rate),
        "DurationSMPTE": _timecode(length, rate),
    }  # fmt: skip


def _timecode(frame: int, rate: float) -> str:
    """Hours, minutes, seconds and frames."""
    seconds, rest = divmod(frame, max(round(rate), 1))
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:{rest:02}"


@dataclass(frozen=True, slots=True)
class Find:
    """One kind of job's result."""

    listed: str
    """The member that the finds are in."""
    all: Callable[[Seen, Mapping[str, Any]], list[Found]]
    """Makes them up, in the order of their times."""
    orders: Mapping[str, Callable[[Found], Any]]
    """Other orders that `SortBy` knows."""
    more: Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]] = lambda job, params: {}
    """What else the reply tells, of the job and the request."""

    def sorted(self, found: list[Found], params: Mapping[str, Any]) -> list[Found]:
        """The finds in the order that is asked for."""
        order = self.orders.get(params.get("SortBy", "TIMESTAMP"))
        return sorted(found, key=order) if order else found

    def told(self, job: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
        """What the reply tells besides."""
        return {"VideoMetadata": dict(job["movie"]["video"]), **self.more(job, params)}


def _asked(params: Mapping[str, Any]) -> dict[str, Any]:
    return {"SortBy": params.get("SortBy", "TIMESTAMP"), "AggregateBy": params.get("AggregateBy", "TIMESTAMPS")}


def _about_segments(job: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    movie = job["movie"]
    types = [{"Type": name, "ModelVersion": _SEGMENT_MODEL} for name in job["SegmentTypes"]]
    sounds = [dict(movie["audio"])] if movie["audio"] else []
    return {"VideoMetadata": [dict(movie["video"])], "AudioMetadata": sounds, "SelectedSegmentTypes": types}


FINDS: Mapping[str, Find] = {
    "LabelDetection": Find(
        "Labels",
        _labels,
        {"NAME": lambda one: one["Label"]["Name"]},
        lambda job, params: {"LabelModelVersion": LABEL_MODEL, "GetRequestMetadata": _asked(params)},
    ),
    "FaceDetection": Find("Faces", _faces, {}),
    "FaceSearch": Find("Persons", _searched, {"INDEX": lambda one: one["Person"]["Index"]}),
    "CelebrityRecognition": Find("Celebrities", _celebrities, {"ID": lambda one: one["Celebrity"]["Id"]}),
    "ContentModeration": Find(
        "ModerationLabels",
        _moderation,
        {"NAME": lambda one: one["ModerationLabel"]["Name"]},
        lambda job, params: {"ModerationModelVersion": MODERATION_MODEL, "GetRequestMetadata": _asked(params)},
    ),
    "PersonTracking": Find("Persons", _persons, {"INDEX": lambda one: one["Person"]["Index"]}),
    "TextDetection": Find("TextDetections", _text, {}, lambda job, params: {"TextModelVersion": TEXT_MODEL}),
    "SegmentDetection": Find("Segments", _segments, {}, _about_segments),
}
"""By the noun of the job."""
