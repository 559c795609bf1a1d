"""Bulk analysis: a manifest of pictures in, a manifest of results out.

Files by https://docs.aws.amazon.com/rekognition/latest/dg/bulk-analysis-output-manifests.html. Which pictures can be
read is true; what is found in them is made up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from aiservices.call import Reply
from aiservices.errors import ServiceError

from ..places import place
from ..resources import Life, Resource
from ..service import stateful
from . import manifest
from .detection import MODERATION_MODEL, Detection

_MOST_IMAGES = 10_000
_MOST_BYTES = 50 * 1024 * 1024
_JOBS = 20
"""That are at work at once."""
_FAILURES = {"InvalidS3ObjectException": "INVALID_S3_OBJECT", "InvalidManifestException": "INVALID_MANIFEST"}


class MediaAnalysis(Detection):
    """Jobs over many pictures."""

    rows: ClassVar[tuple[Resource, ...]] = (
        Resource(
            "MediaAnalysisJob",
            "JobId",
            made="{hex}",
            life=Life(
                "Status",
                (("CREATED", 1), ("QUEUED", 10), ("IN_PROGRESS", 120), ("SUCCEEDED", 0)),
                reason="FailureDetails",
            ),
            work=lambda service, members: service._analysed(members),
            made_up=True,
        ),
    )

    @stateful
    def start_media_analysis_job(
        self, operations_config: Mapping[str, Any], input: Mapping[str, Any], **members: Any
    ) -> Reply:
        """Begin to analyse the pictures of a manifest."""
        if not self.keepers["MediaAnalysisJob"].repeats(members.get("client_request_token")):
            if "DetectModerationLabels" not in operations_config:
                raise self.error("InvalidParameterException", "OperationsConfig names no operation.")
            adapter = operations_config["DetectModerationLabels"].get("ProjectVersion")
            if adapter is not None:
                self._check_adapter(adapter, "StartMediaAnalysisJob")
            self._manifest(self._object(input["S3Object"]))
            self._check_concurrent(("MediaAnalysisJob",), ("CREATED", "QUEUED", "IN_PROGRESS"), _JOBS)
        return self.keep("StartMediaAnalysisJob", {**members, "operations_config": operations_config, "input": input})

    @stateful
    def list_media_analysis_jobs(self, **members: Any) -> Reply:
        """The jobs, the newest first."""
        return self.keep("ListMediaAnalysisJobs", members, SortOrder="DESCENDING")

    def _manifest(self, data: bytes) -> list[str]:
        """The lines of a manifest, or the error for what is none."""
        try:
            lines = manifest.lines(data)
        except UnicodeDecodeError:
            raise self.error("InvalidManifestException", "The manifest is not UTF-8.") from None
        if not 0 < len(lines) <= _MOST_IMAGES or len(data) > _MOST_BYTES:
            found = f"The manifest has {len(lines)} lines in {len(data)} bytes"
            most = f"it has to have 1 to {_MOST_IMAGES} lines in at most {_MOST_BYTES} bytes"
            raise self.error("InvalidManifestException", f"{found}; {most}.")
        return lines

    def _analysed(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Look at every picture of the manifest and write both files."""
        try:
            lines = self._manifest(self._object(job["Input"]["S3Object"]))
        except ServiceError as error:
            return _failed(_FAILURES[error.code], error.message)
        asked = job["OperationsConfig"]["DetectModerationLabels"]
        results, errors = [], []
        for number, line in enumerate(lines, 1):
            source = manifest.read(line).source
            try:
                found = self._moderated(source, asked.get("MinConfidence", 50.0))
            except ServiceError as error:
                named = {"source-ref": source} if source else {}
                # "line-numer" is AWS's own spelling.
                errors.append({"line-numer": number, **named, "code": error.code, "message": error.message})
            else:
                results.append(json.dumps({"source-ref": source, "detect-moderation-labels": found}))
        counts = {"total-json-lines": len(lines), "valid-json-lines": len(results), "invalid-json-lines": len(errors)}
        summary = {"version": "1.0", "statistics": counts, "errors": errors}
        output, folder = job["OutputConfig"], job["JobId"]
        try:
            told = self._write(output, f"{folder}/results.jsonl", "".join(f"{line}\n" for line in results))
            summed = self._write(output, f"{folder}/manifest-summary.json", json.dumps(summary))
        except ServiceError:
            return _failed("INVALID_OUTPUT_CONFIG", "The output bucket cannot be written to.")
        return {"Results": {**told, "ModelVersions": {"Moderation": MODERATION_MODEL}}, "ManifestSummary": summed}

    def _moderated(self, source: str, least: float) -> dict[str, Any]:
        where = place(source)
        if where is None:
            raise self.error("InvalidManifestException", "The line names no picture in S3.")
        picture = self._picture({"S3Object": {"Bucket": where.bucket, "Name": where.key}})
        return self._moderation(picture.digest, least)


def _failed(code: str, message: str) -> dict[str, Any]:
    return {"Status": "FAILED", "FailureDetails": {"Code": code, "Message": message}}
