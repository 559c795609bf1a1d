"""Speech synthesis tasks: long texts that are spoken into S3."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from aiservices.call import Reply
from aiservices.errors import ServiceError
from aiservices_mocks.places import Place
from aiservices_mocks.resources import Life, Resource, WorkFailed
from aiservices_mocks.service import stateful

from .speaking import Limits, Speaking, content_type

_LIMITS = Limits(100_000, 200_000, math.inf)
"""Source: https://docs.aws.amazon.com/polly/latest/dg/limits.html (2025-12)."""
_ENDINGS = {"ogg_vorbis": "ogg", "ogg_opus": "ogg", "json": "marks"}


def speak(service: Tasks, members: Mapping[str, Any]) -> dict[str, Any]:
    """Speak, and write what was spoken."""
    try:
        data, _ = service.perform(service.read_request(members, _LIMITS))
        service.world.s3.put(members["Bucket"], members["Key"], data, content_type(members["OutputFormat"]))
    except ServiceError as error:
        raise WorkFailed(f"The task failed: {error.code}.") from None
    return {}


ROW = Resource(
    "SpeechSynthesisTask",
    "TaskId",
    made="{uuid}",
    life=Life(
        "TaskStatus",
        (("scheduled", 10), ("inProgress", 50), ("completed", 0)),
        failed="failed",
        reason="TaskStatusReason",
    ),
    work=speak,
    defaults={"Engine": "standard", "TextType": "text"},
    derived=lambda view: {"Status": view["TaskStatus"]},
)


class Tasks(Speaking):
    """The tasks."""

    @stateful
    def start_speech_synthesis_task(
        self, output_format: str, output_s3_bucket_name: str, output_s3_key_prefix: str = "", **given: Any
    ) -> Reply:
        """Have a text spoken into a bucket; what can be wrong with it is found at once."""
        members = self.named("StartSpeechSynthesisTask", {"output_format": output_format, **given})
        request = self.read_request(members, _LIMITS)
        self._check_bucket(output_s3_bucket_name)
        self._check_prefix(output_s3_key_prefix)
        task = self.world.new_id()
        ending = _ENDINGS.get(output_format, output_format)
        key = f"{output_s3_key_prefix}.{task}.{ending}" if output_s3_key_prefix else f"{task}.{ending}"
        where = Place(output_s3_bucket_name, key)
        written = {"OutputUri": where.url(self.world.region), "Bucket": where.bucket, "Key": where.key}
        kept = {**members, **written, "TaskId": task, "RequestCharacters": request.billed}
        return self.keepers[ROW.noun].answer("create", "StartSpeechSynthesisTask", kept)

    def _check_bucket(self, bucket: str) -> None:
        try:
            self.world.s3.send("HeadBucket", Bucket=bucket)
        except ServiceError:
            raise self.error(
                "InvalidS3BucketException",
                "The provided Amazon S3 bucket name is invalid. Please check your input with S3 bucket naming "
                "requirements and try again.",
            ) from None

    def _check_prefix(self, prefix: str) -> None:
        """S3 has no keys that climb out of their folder."""
        depth = 0
        for part in prefix.split("/"):
            depth += -1 if part == ".." else part not in ("", ".")
            if depth < 0:
                raise self.error(
                    "InvalidS3KeyException",
                    "The provided Amazon S3 key prefix is invalid. Please provide a valid S3 object key name.",
                )
