"""Amazon Rekognition, kept: collections and users, projects with datasets and policies, stream processors, sessions.

Nothing here looks into an image: what detects, compares, indexes, searches, trains or writes results is not answered.
So a collection has no faces, a stream processor that runs finds nothing, and a liveness session that nobody goes
through expires.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from aiservices.call import Reply

from ..resources import Life, Resource
from ..service import Service, stateful
from ..store import Record
from . import manifest

_FACE_MODEL = "7.0"
_POLICIES = 5
"""Policies of one project."""


class Rekognition(Service):
    """What Rekognition keeps."""

    name = "rekognition"
    token_error = "InvalidPaginationTokenException"
    resources = (
        Resource(
            "Collection",
            "CollectionId",
            arn="collection/{CollectionId}",
            arn_member="CollectionARN",
            defaults={"FaceModelVersion": _FACE_MODEL, "FaceCount": 0, "StatusCode": 200},
        ),
        Resource("User", "UserId", parents={"CollectionId": "Collection"}, defaults={"UserStatus": "CREATED"}),
        Resource(
            "Project",
            "ProjectArn",
            made="{arn}",
            arn="project/{ProjectName}/{millis}",
            unique="ProjectName",
            life=Life("Status", (("CREATING", 2), ("CREATED", 0))),
            defaults={"Feature": "CUSTOM_LABELS"},
            quota=100,
            operations={"list": "DescribeProjects"},
        ),
        Resource(
            "Dataset",
            "DatasetArn",
            made="{arn}",
            arn="project/{ProjectName}/dataset/{Kind}/{millis}",
            unique="DatasetType",
            parents={"ProjectArn": "Project"},
            life=Life("Status", (("CREATE_IN_PROGRESS", 20), ("CREATE_COMPLETE", 0))),
            steady=True,
            operations={"read": ""},
        ),
        Resource(
            "ProjectPolicy",
            "PolicyName",
            parents={"ProjectArn": "Project"},
            quota=_POLICIES,
            operations={"list": "ListProjectPolicies"},
        ),
        Resource(
            "StreamProcessor",
            "Name",
            arn="streamprocessor/{Name}",
            arn_member="StreamProcessorArn",
            life=Life("Status", (("STOPPED", 0),)),
            quota=10_000,
            operations={"stop": ""},
        ),
        Resource(
            "FaceLivenessSession",
            "SessionId",
            made="{uuid}",
            life=Life("Status", (("CREATED", 180), ("EXPIRED", 0))),
            missing="SessionNotFoundException",
            operations={"read": "GetFaceLivenessSessionResults"},
        ),
    )

    # Collections.

    @stateful
    def create_collection(self, collection_id: str, tags: Mapping[str, str] | None = None) -> Reply:
        """Make a collection. Its ARN comes without `arn:`, as from AWS."""
        reply = self._answer("Collection", "create", "CreateCollection", CollectionId=collection_id, Tags=tags)
        arn = self._named("Collection", "DescribeCollection", CollectionId=collection_id)["arn"]
        return {**reply, "CollectionArn": arn.removeprefix("arn:")}

    @stateful
    def describe_collection(self, collection_id: str) -> Reply:
        """A collection and how many users it has."""
        reply = self._answer("Collection", "read", "DescribeCollection", CollectionId=collection_id)
        return {**reply, "UserCount": len(self.keepers["User"].all({"CollectionId": collection_id}))}

    @stateful
    def list_collections(self, next_token: str | None = None, max_results: int | None = None) -> Reply:
        """The collections, and beside each the version of its face model."""
        reply = self._answer(
            "Collection", "list", "ListCollections", NextToken=next_token, MaxResults=max_results or None
        )
        return {**reply, "FaceModelVersions": [_FACE_MODEL] * len(reply["CollectionIds"])}

    # Projects.

    @stateful
    def describe_projects(self, **members: Any) -> Reply:
        """Projects with their datasets."""
        names = {"project_names": "ProjectNames", "next_token": "NextToken", "max_results": "MaxResults"}
        asked = {names.get(word, "Features"): value for word, value in members.items()}
        reply = self._answer("Project", "list", "DescribeProjects", **asked)
        for project in reply["ProjectDescriptions"]:
            datasets = self.keepers["Dataset"].all({"ProjectArn": project["ProjectArn"]})
            project["Datasets"] = [self._metadata(dataset) for dataset in datasets]
        return reply

    @stateful
    def delete_project(self, project_arn: str) -> Reply:
        """Forget a project that has no datasets any more; its policies go with it."""
        with self.world.lock:
            project = self._named("Project", "DeleteProject", ProjectArn=project_arn)
            if self.keepers["Dataset"].all({"ProjectArn": project_arn}):
                raise self.error("ResourceInUseException", "The project has datasets; delete them first.")
            self.keepers["Project"].remove(project)
        return {"Status": "DELETING"}

    @stateful
    def put_project_policy(
        self, project_arn: str, policy_name: str, policy_document: str, policy_revision_id: str | None = None
    ) -> Reply:
        """Attach a policy, or change the one of this name; each time it is another revision."""
        named = {"ProjectArn": project_arn, "PolicyName": policy_name}
        with self.world.lock:
            self._check_revision(self.keepers["ProjectPolicy"].find(named), policy_revision_id)
            self._check_policy(policy_document)
            revision = self.world.new_id().replace("-", "")
            given = {**named, "PolicyDocument": policy_document, "PolicyRevisionId": revision}
            return self._answer("ProjectPolicy", "create", "PutProjectPolicy", **given)

    @stateful
    def delete_project_policy(self, project_arn: str, policy_name: str, policy_revision_id: str | None = None) -> Reply:
        """Take a policy from a project."""
        named = {"ProjectArn": project_arn, "PolicyName": policy_name}
        with self.world.lock:
            self._check_revision(self._named("ProjectPolicy", "DeleteProjectPolicy", **named), policy_revision_id)
            return self._answer("ProjectPolicy", "delete", "DeleteProjectPolicy", **named)

    def _check_revision(self, policy: Record | None, revision: str | None) -> None:
        known = policy["members"]["PolicyRevisionId"] if policy else None
        if revision is not None and revision != known:
            raise self.error("InvalidPolicyRevisionIdException", "The policy has another revision.")

    def _check_policy(self, document: str) -> None:
        try:
            statements = json.loads(document)["Statement"]
        except (ValueError, TypeError, KeyError, RecursionError):
            statements = None
        if not statements:
            raise self.error("MalformedPolicyDocumentException", "The policy is not JSON with a Statement.")

    # Datasets.

    @stateful
    def create_dataset(
        self,
        dataset_type: str,
        project_arn: str,
        dataset_source: Mapping[str, Any] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> Reply:
        """Make a dataset: empty, of a manifest in S3, or like another one."""
        with self.world.lock:
            project = self._named("Project", "CreateDataset", ProjectArn=project_arn)
            given = {"ProjectName": project["members"]["ProjectName"], "Kind": dataset_type.lower()}
            given |= {"DatasetType": dataset_type, "ProjectArn": project_arn}
            lines = manifest.merged((), self._source(dataset_source or {}))
            return self._answer("Dataset", "create", "CreateDataset", **given, Tags=tags, lines=lines)

    @stateful
    def describe_dataset(self, dataset_arn: str) -> Reply:
        """The state of a dataset, and how much is in it."""
        with self.world.lock:
            dataset = self._named("Dataset", "DescribeDataset", DatasetArn=dataset_arn)
            entries = _entries(dataset)
            shown = self._metadata(dataset)
        stats = {
            "LabeledEntries": sum(bool(entry.names) for entry in entries),
            "TotalEntries": len(entries),
            "TotalLabels": len(manifest.count_labels(entries)),
            "ErrorEntries": sum(not entry.source for entry in entries),
        }
        kept = {name: shown[name] for name in shown if name not in ("DatasetArn", "DatasetType")}
        return {"DatasetDescription": {**kept, "LastUpdatedTimestamp": dataset["changed"], "DatasetStats": stats}}

    @stateful
    def list_dataset_entries(
        self,
        dataset_arn: str,
        contains_labels: Sequence[str] | None = None,
        labeled: bool | None = None,
        source_ref_contains: str | None = None,
        has_errors: bool | None = None,
        next_token: str | None = None,
        max_results: int | None = None,
    ) -> Reply:
        """The lines of a dataset that pass every filter."""
        entries = _entries(self._ready(dataset_arn, "ListDatasetEntries"))
        lines = [
            entry.line
            for entry in entries
            if (contains_labels is None or entry.names & {*contains_labels})
            and (labeled is None or bool(entry.names) == labeled)
            and (source_ref_contains is None or source_ref_contains in entry.source)
            and (has_errors is None or (not entry.source) == has_errors)
        ]
        asked = (dataset_arn, contains_labels, labeled, source_ref_contains, has_errors)
        params = {"asked": repr(asked), "NextToken": next_token}
        page, token = self.page("ListDatasetEntries", params, lines, max_results or 100)
        return {"DatasetEntries": page} | ({"NextToken": token} if token else {})

    @stateful
    def list_dataset_labels(
        self, dataset_arn: str, next_token: str | None = None, max_results: int | None = None
    ) -> Reply:
        """The labels of a dataset, and how often each is there."""
        counts = manifest.count_labels(_entries(self._ready(dataset_arn, "ListDatasetLabels")))
        labels = [{"LabelName": name, "LabelStats": stats} for name, stats in counts.items()]
        params = {"DatasetArn": dataset_arn, "NextToken": next_token}
        page, token = self.page("ListDatasetLabels", params, labels, max_results or 100)
        return {"DatasetLabelDescriptions": page} | ({"NextToken": token} if token else {})

    @stateful
    def update_dataset_entries(self, dataset_arn: str, changes: Mapping[str, bytes]) -> Reply:
        """Add lines, or put them in the place of those about the same image."""
        with self.world.lock:
            dataset = self._ready(dataset_arn, "UpdateDatasetEntries")
            self._fill(dataset, manifest.merged(dataset["members"]["lines"], self._lines(changes["GroundTruth"])))
        return {}

    @stateful
    def distribute_dataset_entries(self, datasets: Sequence[Mapping[str, str]]) -> Reply:
        """Move a fifth of the training dataset's lines to the test dataset, which must be empty."""
        with self.world.lock:
            both = [self._ready(dataset["Arn"], "DistributeDatasetEntries") for dataset in datasets]
            kinds = {dataset["members"]["DatasetType"]: dataset for dataset in both}
            if len({dataset["members"]["ProjectArn"] for dataset in both}) != 1 or len(kinds) != 2:
                raise self.error("InvalidParameterException", "One training and one test dataset of one project.")
            train, test = kinds["TRAIN"], kinds["TEST"]
            if test["members"]["lines"]:
                raise self.error("InvalidParameterException", "The test dataset is not empty.")
            lines = train["members"]["lines"]
            self._fill(train, [line for number, line in enumerate(lines) if number % 5 != 4])
            self._fill(test, lines[4::5])
        return {}

    def _fill(self, dataset: Record, lines: list[str]) -> None:
        dataset["members"] = {**dataset["members"], "lines": lines}
        dataset["changed"] = self.world.clock.now()
        self.keepers["Dataset"].enter(dataset, ("UPDATE_IN_PROGRESS", 10), ("UPDATE_COMPLETE", 0))

    def _source(self, source: Mapping[str, Any]) -> list[str]:
        """The lines that a new dataset begins with."""
        if "DatasetArn" in source:
            return list(self._ready(source["DatasetArn"], "CreateDataset")["members"]["lines"])
        place = source.get("GroundTruthManifest", {}).get("S3Object")
        if place is None:
            return []
        try:
            data = self.world.s3.get(place.get("Bucket", ""), place.get("Name", ""))
        except LookupError:
            raise self.error("InvalidS3ObjectException", "The manifest cannot be read; check bucket and key.") from None
        return self._lines(data)

    def _lines(self, data: bytes) -> list[str]:
        try:
            lines = [line.strip() for line in data.decode("utf-8").split("\n")]
        except UnicodeDecodeError:
            raise self.error("InvalidParameterException", f"{len(data)} bytes that are not UTF-8.") from None
        for number, line in enumerate(lines, 1):
            if line and not (line.startswith("{") and line.endswith("}")):
                raise self.error("InvalidParameterException", f"Line {number} is not a JSON object.")
        return lines

    def _ready(self, arn: str, operation: str) -> Record:
        dataset = self._named("Dataset", operation, DatasetArn=arn)
        status = self.keepers["Dataset"].status(dataset)
        if not status.endswith("COMPLETE"):
            code = (
                "ResourceNotReadyException"
                if operation.startswith(("List", "Distribute"))
                else "ResourceInUseException"
            )
            raise self.error(code, f"The dataset is {status}; wait until it is done.")
        return dataset

    def _metadata(self, dataset: Record) -> dict[str, Any]:
        keeper = self.keepers["Dataset"]
        status = keeper.look(dataset)
        message = {"CREATE": "The dataset is created.", "UPDATE": "The dataset is updated."}[status.split("_")[0]]
        if not status.endswith("COMPLETE"):
            message = "The dataset is not ready yet."
        return {
            "CreationTimestamp": dataset["created"],
            "DatasetType": dataset["members"]["DatasetType"],
            "DatasetArn": dataset["arn"],
            "Status": status,
            "StatusMessage": message,
            "StatusMessageCode": "SUCCESS",
        }

    # Stream processors.

    @stateful
    def start_stream_processor(self, name: str, start_selector: Any = None, stop_selector: Any = None) -> Reply:
        """Let a stream processor run. One that looks for labels runs in a session."""
        with self.world.lock:
            processor = self._in_state("StartStreamProcessor", name, "STOPPED")
            self.keepers["StreamProcessor"].enter(processor, ("STARTING", 15), ("RUNNING", 0))
            if "ConnectedHome" in processor["members"]["Settings"]:
                return {"SessionId": self.world.new_id()}
        return {}

    @stateful
    def stop_stream_processor(self, name: str) -> Reply:
        """Let a stream processor stop."""
        with self.world.lock:
            processor = self._in_state("StopStreamProcessor", name, "RUNNING", "STARTING")
            self.keepers["StreamProcessor"].enter(processor, ("STOPPING", 15), ("STOPPED", 0))
        return {}

    @stateful
    def delete_stream_processor(self, name: str) -> Reply:
        """Forget a stream processor that is stopped."""
        with self.world.lock:
            self._in_state("DeleteStreamProcessor", name, "STOPPED")
            return self._answer("StreamProcessor", "delete", "DeleteStreamProcessor", Name=name)

    @stateful
    def update_stream_processor(
        self,
        name: str,
        settings_for_update: Mapping[str, Any] | None = None,
        regions_of_interest_for_update: Sequence[Mapping[str, Any]] | None = None,
        data_sharing_preference_for_update: Mapping[str, Any] | None = None,
        parameters_to_delete: Sequence[str] = (),
    ) -> Reply:
        """Change what a stopped stream processor looks for, and where; or take such a limit away."""
        with self.world.lock:
            processor = self._in_state("UpdateStreamProcessor", name, "STOPPED")
            members = dict(processor["members"])
            home = {
                **members["Settings"].get("ConnectedHome", {}),
                **(settings_for_update or {}).get("ConnectedHomeForUpdate", {}),
            }
            if "ConnectedHomeMinConfidence" in parameters_to_delete:
                home.pop("MinConfidence", None)
            if home:
                members["Settings"] = {**members["Settings"], "ConnectedHome": home}
            if regions_of_interest_for_update is not None:
                members["RegionsOfInterest"] = regions_of_interest_for_update
            if "RegionsOfInterest" in parameters_to_delete:
                members.pop("RegionsOfInterest", None)
            if data_sharing_preference_for_update is not None:
                members["DataSharingPreference"] = data_sharing_preference_for_update
            processor["members"], processor["changed"] = members, self.world.clock.now()
        return {}

    def _in_state(self, operation: str, name: str, *states: str) -> Record:
        processor = self._named("StreamProcessor", operation, Name=name)
        status = self.keepers["StreamProcessor"].status(processor)
        if status not in states:
            raise self.error("ResourceInUseException", f"The stream processor is {status}, not {states[0]}.")
        return processor

    # What they share.

    def _named(self, noun: str, operation: str, **named: str) -> Record:
        return self.keepers[noun].named(operation, named)

    def _answer(self, noun: str, verb: Any, operation: str, **params: Any) -> Reply:
        given = {name: value for name, value in params.items() if value is not None}
        return self.keepers[noun].answer(verb, operation, given)


def _entries(dataset: Record) -> list[manifest.Entry]:
    return [manifest.read(line) for line in dataset["members"]["lines"]]
