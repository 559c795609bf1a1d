"""The models of Custom Labels: trained from the lines of datasets, copied, started, stopped.

No engine learns from the pictures: no metrics are told, and what a running model detects is made up of its labels.
Output files are named as in AWS's example of DescribeProjectVersions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar

from aiservices.call import Reply
from aiservices.errors import ServiceError

from ..places import place
from ..resources import Life, Resource, WorkFailed
from ..service import schema, stateful
from . import manifest
from .images import Images
from .inventions import Inventor

_TRAINING = 3600
"""Seconds."""
_TRAINED_AT_ONCE = 2
_RUNNING_AT_ONCE = 2
_UNITS = 5
"""Inference units of one model."""
_COPIED_FROM = ("TRAINING_COMPLETED", "COPYING_COMPLETED", "STARTING", "RUNNING", "STOPPING", "STOPPED")
_COPIED = ("labels", "boxed", "TrainingEndTimestamp")
"""What a copy has of the model that it was made of, besides what the request says."""
_STARTED_FROM = ("TRAINING_COMPLETED", "COPYING_COMPLETED", "STOPPED", "FAILED")
_DELETED_FROM = (*_STARTED_FROM, "TRAINING_FAILED", "COPYING_FAILED")
_SAID = {
    "TRAINING_IN_PROGRESS": "The model is being trained.",
    "TRAINING_COMPLETED": "The model is ready to run.",
    "RUNNING": "The model is running.",
}
_LEAST_SIDE, _MOST_SIDE = 64, 4096
_DETECTED = 50.0
"""The confidence that a label needs unless told."""


def _message(view: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is said of a state; a failure has said why."""
    said = _SAID.get(view["Status"])
    return {"StatusMessage": said} if said else {}


class Models(Images):
    """Versions of projects, and what they detect."""

    rows: ClassVar[tuple[Resource, ...]] = (
        Resource(
            "ProjectVersion",
            "ProjectVersionArn",
            made="{arn}",
            arn="project/{ProjectName}/version/{VersionName}/{millis}",
            unique="VersionName",
            parents={"ProjectArn": "Project"},
            life=Life(
                "Status",
                (("TRAINING_IN_PROGRESS", _TRAINING), ("TRAINING_COMPLETED", 0)),
                failed="TRAINING_FAILED",
                reason="StatusMessage",
            ),
            work=lambda service, members: service._trained(members),
            derived=_message,
            quota=100,
            operations={"list": "DescribeProjectVersions"},
        ),
    )

    @stateful
    def create_project_version(self, project_arn: str, version_name: str, **members: Any) -> Reply:
        """Begin to train a model with the project's datasets, or with manifests if it has none."""
        project = self._record("Project", "CreateProjectVersion", ProjectArn=project_arn)
        self._check_concurrent(("ProjectVersion",), ("TRAINING_IN_PROGRESS",), _TRAINED_AT_ONCE)
        given = [members.get(name) is not None for name in ("training_data", "testing_data")]
        datasets = self.keepers["Dataset"].all({"ProjectArn": project_arn})
        if any(given) != all(given):
            raise self.error("InvalidParameterException", "Give TrainingData and TestingData, or neither.")
        if any(given) and datasets:
            raise self.error("InvalidParameterException", "The project has datasets; leave TrainingData out.")
        if not any(given) and all(one["members"]["DatasetType"] != "TRAIN" for one in datasets):
            raise self.error("InvalidParameterException", "The project has no training dataset.")
        if "ContentModeration" in (members.get("feature_config") or {}):
            self._check_feature(project, "CONTENT_MODERATION")
        request = {**members, "project_arn": project_arn, "version_name": version_name}
        return self.keep("CreateProjectVersion", request, **self._of_project(project["members"]))

    def _of_project(self, project: Mapping[str, Any]) -> dict[str, Any]:
        """What a model has of its project."""
        ends = self.world.clock.now() + timedelta(seconds=_TRAINING)
        return {"ProjectName": project["ProjectName"], "Feature": project["Feature"], "Ends": ends}

    @stateful
    def describe_project_versions(self, **members: Any) -> Reply:
        """The models of a project, the newest first."""
        return self.keep("DescribeProjectVersions", members, SortOrder="DESCENDING")

    @stateful
    def copy_project_version(
        self,
        source_project_arn: str,
        source_project_version_arn: str,
        destination_project_arn: str,
        **members: Any,
    ) -> Reply:
        """Begin to copy a trained model into another project."""
        operation, keeper = "CopyProjectVersion", self.keepers["ProjectVersion"]
        with self.world.lock:
            self._record("Project", operation, ProjectArn=source_project_arn)
            target = self._record("Project", operation, ProjectArn=destination_project_arn)
            source = self._record("ProjectVersion", operation, ProjectVersionArn=source_project_version_arn)
            if source["members"]["ProjectArn"] != source_project_arn:
                raise self.error("ResourceNotFoundException", "The source project has no such model.")
            if destination_project_arn == source_project_arn:
                raise self.error("InvalidParameterException", "The projects are the same.")
            for one in (source, target):
                self._check_feature(one, "CUSTOM_LABELS")
            self._check_state(keeper.status(source), _COPIED_FROM)
            copied = {name: source["members"][name] for name in _COPIED if name in source["members"]}
            named = {"SourceProjectVersionArn": source_project_version_arn, "ProjectArn": destination_project_arn}
            given = {**copied, **self._of_project(target["members"]), **self.named(operation, members), **named}
            reply = keeper.answer("create", operation, given)
            record = self._record("ProjectVersion", operation, ProjectVersionArn=reply["ProjectVersionArn"])
            keeper.enter(record, ("COPYING_IN_PROGRESS", 600), ("COPYING_COMPLETED", 0))
        return reply

    @stateful
    def start_project_version(
        self, project_version_arn: str, min_inference_units: int, max_inference_units: int | None = None
    ) -> Reply:
        """Let a model run."""
        keeper = self.keepers["ProjectVersion"]
        model = self._record("ProjectVersion", "StartProjectVersion", ProjectVersionArn=project_version_arn)
        most = min_inference_units if max_inference_units is None else max_inference_units
        if most < min_inference_units:
            raise self.error("InvalidParameterException", "MaxInferenceUnits is less than MinInferenceUnits.")
        if most > _UNITS:
            raise self.error("LimitExceededException", f"{most} inference units, at most {_UNITS}.")
        self._check_feature(model, "CUSTOM_LABELS")
        self._check_state(keeper.status(model), _STARTED_FROM)
        running = [one for one in keeper.all({}) if keeper.status(one) in ("STARTING", "RUNNING")]
        if len(running) >= _RUNNING_AT_ONCE:
            raise self.error("LimitExceededException", f"{_RUNNING_AT_ONCE} models run already; stop one.")
        with self.world.lock:
            units = {"MinInferenceUnits": min_inference_units}
            if max_inference_units is not None:
                units["MaxInferenceUnits"] = max_inference_units
            keeper.change(model, units)
            keeper.enter(model, ("STARTING", 600), ("RUNNING", 0))
        return {"Status": "STARTING"}

    @stateful
    def stop_project_version(self, project_version_arn: str) -> Reply:
        """Let a running model stop."""
        keeper = self.keepers["ProjectVersion"]
        with self.world.lock:
            model = self._record("ProjectVersion", "StopProjectVersion", ProjectVersionArn=project_version_arn)
            self._check_state(keeper.status(model), ("RUNNING",))
            keeper.enter(model, ("STOPPING", 60), ("STOPPED", 0))
        return {"Status": "STOPPING"}

    @stateful
    def delete_project_version(self, project_version_arn: str) -> Reply:
        """Forget a model that neither runs nor is made."""
        keeper = self.keepers["ProjectVersion"]
        model = self._record("ProjectVersion", "DeleteProjectVersion", ProjectVersionArn=project_version_arn)
        self._check_state(keeper.status(model), _DELETED_FROM)
        with self.world.lock:
            keeper.remove(model)
        return {"Status": "DELETING"}

    def _check_state(self, status: str, states: Sequence[str]) -> None:
        if status not in states:
            raise self.error("ResourceInUseException", f"The model is {status}; it has to be {' or '.join(states)}.")

    @schema
    def detect_custom_labels(
        self,
        project_version_arn: str,
        image: Mapping[str, Any],
        max_results: int | None = None,
        min_confidence: float = _DETECTED,
    ) -> Reply:
        """Some of the labels that a running model was trained with."""
        model = self._record("ProjectVersion", "DetectCustomLabels", ProjectVersionArn=project_version_arn)
        self._check_feature(model, "CUSTOM_LABELS")
        status = self.keepers["ProjectVersion"].status(model)
        if status != "RUNNING":
            raise self.error("ResourceNotReadyException", f"The model is {status}; start it and wait until it runs.")
        picture = self._picture(image, least=_LEAST_SIDE, most=_MOST_SIDE)
        inventor = Inventor(self.world.seed, project_version_arn, picture.digest)
        found = []
        for name in model["members"]["labels"]:
            label = {"Name": name, "Confidence": inventor.confidence(0)}
            if name in model["members"]["boxed"]:
                label["Geometry"] = {"BoundingBox": inventor.box()}
            if label["Confidence"] >= min_confidence:
                found.append(label)
        found.sort(key=lambda label: -label["Confidence"])
        return {"CustomLabels": found[:max_results]}

    # Training.

    def _trained(self, model: Mapping[str, Any]) -> dict[str, Any]:
        """Read the data, write the manifests and their summary."""
        train, test, is_split = self._data(model)
        if not train:
            raise WorkFailed("The manifest file is empty.")
        parts = {"training": [self._checked(line) for line in train], "testing": [self._checked(line) for line in test]}
        valid = {part: [entry for entry in entries if entry] for part, entries in parts.items()}
        if 2 * len(valid["training"]) < len(train):
            raise WorkFailed("The manifest file contains too many invalid data objects.")
        counts = manifest.count_labels(valid["training"])
        if not counts:
            raise WorkFailed("The manifest file contains no labeled images.")
        statistics = {part: _statistics(entries, valid[part]) for part, entries in parts.items()}
        texts = {part: "".join(f"{entry.line}\n" for entry in entries) for part, entries in valid.items()}
        files = {
            "ManifestSummary": json.dumps({"statistics": statistics, "errors": []}),
            "TrainingGroundTruth": texts["training"],
            "TestingGroundTruth": texts["testing"],
        }
        about = f"{model['ProjectName']}-{model['VersionName']}.json"
        try:
            written = {
                kind: self._write(model["OutputConfig"], f"{kind}-{about}", text) for kind, text in files.items()
            }
        except ServiceError:
            raise WorkFailed("Amazon Rekognition cannot write to the output bucket; check that it exists.") from None
        auto = {"AutoCreate": is_split}
        return {
            "labels": [*counts],
            "boxed": [name for name, count in counts.items() if count["BoundingBoxCount"]],
            "TrainingEndTimestamp": model["Ends"],
            "BillableTrainingTimeInSeconds": _TRAINING,
            "ManifestSummary": written["ManifestSummary"],
            "TrainingDataResult": {
                "Input": model.get("TrainingData", {}),
                "Output": _assets(written["TrainingGroundTruth"]),
            },
            "TestingDataResult": {
                "Input": {**model.get("TestingData", {}), **auto},
                "Output": {**_assets(written["TestingGroundTruth"]), **auto},
            },
        }

    def _data(self, model: Mapping[str, Any]) -> tuple[list[str], list[str], bool]:
        """The lines to train and to test with; and whether the latter were taken from the former."""
        if "TrainingData" in model:
            train = self._manifests(model["TrainingData"])
            test = self._manifests(model["TestingData"])
        else:
            datasets = self.keepers["Dataset"].all({"ProjectArn": model["ProjectArn"]})
            kinds = {one["members"]["DatasetType"]: list(one["members"]["lines"]) for one in datasets}
            train, test = kinds.get("TRAIN", []), kinds.get("TEST", [])
        if test:
            return train, test, False
        return *manifest.split(train), True

    def _manifests(self, data: Mapping[str, Any]) -> list[str]:
        lines: list[str] = []
        for asset in data.get("Assets", ()):
            try:
                lines += manifest.lines(self._object(asset["GroundTruthManifest"]["S3Object"]))
            except (ServiceError, KeyError, UnicodeDecodeError):
                raise WorkFailed("The manifest file extension or contents are invalid.") from None
        return manifest.merged(lines)

    def _checked(self, line: str) -> manifest.Entry | None:
        """The entry of a line whose image is there."""
        entry = manifest.read(line)
        where = place(entry.source) if entry.source else None
        if where is None:
            return None
        try:
            self._ask_s3("HeadObject", {"Bucket": where.bucket, "Name": where.key})
        except ServiceError:
            return None
        return entry


def _assets(place: Mapping[str, Any]) -> dict[str, Any]:
    return {"Assets": [{"GroundTruthManifest": dict(place)}]}


def _statistics(entries: Sequence[manifest.Entry | None], valid: Sequence[manifest.Entry]) -> dict[str, Any]:
    """What ManifestSummary tells of a dataset."""
    boxed = any(entry.boxes for entry in valid)
    use = "OBJECT_LOCALIZATION" if boxed else "IMAGE_LEVEL_LABELS" if valid else "NOT_DETERMINED"
    return {
        "use_case": use,
        "total_json_lines": len(entries),
        "valid_json_lines": len(valid),
        "invalid_json_lines": len(entries) - len(valid),
        "ignored_json_lines": 0,
        "excluded_json_lines": 0,
    }
