"""Jobs over stored videos: the job and what the video's header tells are true, what is found in it is made up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any, ClassVar

from aiservices.call import Reply
from aiservices.errors import ServiceError

from ..resources import Life, Resource, WorkFailed
from ..service import schema, stateful
from . import movies
from .detection import Detection
from .faces import Collections, kept_face
from .finds import FINDS, Seen
from .images import digest

_MOST_BYTES = 10 * 1024**3
_MOST_MILLIS = 6 * 60 * 60 * 1000
_PAGE = 1000
"""Finds that are told at a time, at most."""
_JOBS = 20
"""That are at work at once."""
_LIFE = Life("JobStatus", (("IN_PROGRESS", 60), ("SUCCEEDED", 0)), reason="StatusMessage")


def _look(service: Any, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read the video's header; what cannot be read fails the job."""
    try:
        data = service._object(members["Video"]["S3Object"])
    except ServiceError:
        raise WorkFailed("Unable to get the video from S3: check object key, region and access permissions.") from None
    try:
        movie = movies.read(data)
    except movies.NotAMovie as fault:
        raise WorkFailed(str(fault)) from None
    if movie.video["DurationMillis"] > _MOST_MILLIS:
        raise WorkFailed("The video is longer than 6 hours.")
    return {"movie": movie.plain(), "digest": digest(data)}


def _job(noun: str) -> tuple[Callable[..., Reply], Callable[..., Reply]]:
    """The handlers of Start and Get of one kind of job."""

    @stateful
    def start(self: Videos, **members: Any) -> Reply:
        """Begin to look into a video."""
        return self._start(noun, members)

    @schema
    def get(self: Videos, job_id: str, **members: Any) -> Reply:
        """How far the job is, and once it has succeeded what it has found."""
        return self._get(noun, job_id, members)

    return start, get


class Videos(Detection, Collections):
    """The eight kinds of jobs."""

    rows: ClassVar[tuple[Resource, ...]] = tuple(
        Resource(noun, "JobId", made="{hex}", life=_LIFE, work=_look) for noun in FINDS
    )

    start_label_detection, get_label_detection = _job("LabelDetection")
    start_face_detection, get_face_detection = _job("FaceDetection")
    start_face_search, get_face_search = _job("FaceSearch")
    start_celebrity_recognition, get_celebrity_recognition = _job("CelebrityRecognition")
    start_content_moderation, get_content_moderation = _job("ContentModeration")
    start_person_tracking, get_person_tracking = _job("PersonTracking")
    start_text_detection, get_text_detection = _job("TextDetection")
    start_segment_detection, get_segment_detection = _job("SegmentDetection")

    def _start(self, noun: str, members: Mapping[str, Any]) -> Reply:
        """Begin a job over a video that is there, and with a collection that is there if it searches one."""
        operation = f"Start{noun}"
        if not self.keepers[noun].repeats(members.get("client_request_token")):
            if noun == "FaceSearch":
                self._record("Collection", operation, CollectionId=members["collection_id"])
            head = self._ask_s3("HeadObject", members["video"].get("S3Object", {}))
            if head["ContentLength"] > _MOST_BYTES:
                raise self.error("VideoTooLargeException", f"The video has more than {_MOST_BYTES} bytes.")
            self._check_concurrent((*FINDS,), ("IN_PROGRESS",), _JOBS)
        return self.keep(operation, members)

    def _get(self, noun: str, job_id: str, members: Mapping[str, Any]) -> Reply:
        operation = f"Get{noun}"
        params = self.named(operation, {**members, "job_id": job_id})
        job = self._record(noun, operation, JobId=job_id)
        status = self.keepers[noun].look(job)
        kept: Mapping[str, Any] = deepcopy(job["members"])
        told = ("StatusMessage", "JobTag", "Video")
        reply: Reply = {"JobId": job_id, "JobStatus": status, **{name: kept[name] for name in told if name in kept}}
        if status != "SUCCEEDED":
            return reply
        find = FINDS[noun]
        found = find.sorted(find.all(self._seen(noun, kept), params), params)
        page = self.listed(operation, params, found, find.listed, min(params.get("MaxResults") or _PAGE, _PAGE))
        if noun == "CelebrityRecognition":
            self._recognized(kept["digest"])
        return {**reply, **find.told(kept, params), **page}

    def _seen(self, noun: str, job: Mapping[str, Any]) -> Seen:
        """What a find is made up from."""
        celebrity = self._celebrity(job["digest"]) if noun == "CelebrityRecognition" else {}
        faces = [kept_face(face) for face in self._faces(job["CollectionId"]).values()] if noun == "FaceSearch" else []
        return Seen(self.world.seed, job, celebrity, faces)
