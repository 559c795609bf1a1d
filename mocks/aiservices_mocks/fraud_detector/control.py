"""The table of what Fraud Detector keeps."""

from __future__ import annotations

from typing import Any

from aiservices_mocks.resources import Life, Resource
from aiservices_mocks.views import ENDED, RECORD, View, ended

from .definitions import Definitions
from .events import written_time
from .jobs import Jobs, import_events, predict_events
from .training import train

_JOB = Life(
    "status",
    (("IN_PROGRESS_INITIALIZING", 60), ("IN_PROGRESS", 600), ("COMPLETE", 0)),
    stopped=(("CANCEL_IN_PROGRESS", 30), ("CANCELED", 0)),
    reason="failureReason",
)


def _progress(view: View) -> dict[str, Any]:
    """The version of the detector as jobs write it, and when an ended job was last seen at work."""
    seen = {"lastHeartbeatTime": written_time(ended(view[RECORD]))} if view[ENDED] else {}
    return {"detectorVersion": f"{view['detectorVersion']}.0", **seen}


class FraudDetector(Definitions, Jobs):
    """What Fraud Detector keeps, learns and judges."""

    name = "frauddetector"
    token_error = "ValidationException"
    resources = (
        Resource("Variable", "name", arn="variable/{name}", arn_member="arn", operations={"list": "GetVariables"}),
        Resource("Label", "name", arn="label/{name}", arn_member="arn", operations={"list": "GetLabels"}),
        Resource("Outcome", "name", arn="outcome/{name}", arn_member="arn", operations={"list": "GetOutcomes"}),
        Resource(
            "EntityType", "name", arn="entity-type/{name}", arn_member="arn", operations={"list": "GetEntityTypes"}
        ),
        Resource(
            "EventType",
            "name",
            arn="event-type/{name}",
            arn_member="arn",
            uses={"eventVariables": "Variable", "labels": "Label", "entityTypes": "EntityType"},
            operations={"list": "GetEventTypes"},
        ),
        Resource(
            "Event",
            "eventId",
            parents={"eventTypeName": "EventType"},
            uses={"assignedLabel": "Label"},
            renames={"currentLabel": "assignedLabel"},
            operations={"create": "SendEvent", "update": "UpdateEventLabel"},
        ),
        Resource(
            "EventsDeletion",
            "eventTypeName",
            parents={"eventTypeName": "EventType"},
            life=Life(
                "eventsDeletionStatus", (("IN_PROGRESS_INITIALIZING", 30), ("IN_PROGRESS", 300), ("COMPLETE", 0))
            ),
            operations={"create": "DeleteEventsByEventType", "read": "GetDeleteEventsByEventTypeStatus"},
        ),
        Resource(
            "List",
            "name",
            arn="list/{name}",
            arn_member="arn",
            defaults={"elements": []},
            operations={"list": "GetListsMetadata"},
        ),
        Resource(
            "Detector",
            "detectorId",
            arn="detector/{detectorId}",
            arn_member="arn",
            uses={"eventTypeName": "EventType"},
            held=True,
            operations={"list": "GetDetectors"},
        ),
        Resource(
            "Rule",
            "ruleVersion",
            made="{number}",
            arn="rule/{detectorId}/{ruleId}/{ruleVersion}",
            arn_member="arn",
            parents={"detectorId": "Detector"},
            keys=("ruleId",),
            uses={"outcomes": "Outcome"},
            operations={"list": "GetRules", "update": "UpdateRuleMetadata"},
        ),
        Resource(
            "DetectorVersion",
            "detectorVersionId",
            made="{number}",
            arn="detector-version/{detectorId}/{detectorVersionId}",
            arn_member="arn",
            parents={"detectorId": "Detector"},
            uses={"rules": "Rule", "modelVersions": "ModelVersion", "externalModelEndpoints": "ExternalModel"},
            defaults={"status": "DRAFT", "ruleExecutionMode": "FIRST_MATCHED"},
        ),
        Resource(
            "Model",
            "modelId",
            arn="model/{modelType}/{modelId}",
            arn_member="arn",
            keys=("modelType",),
            uses={"eventTypeName": "EventType"},
            quota=50,
            operations={"list": "GetModels"},
        ),
        Resource(
            "ModelVersion",
            "modelVersionNumber",
            made="{number}.0",
            arn="model-version/{modelType}/{modelId}/{modelVersionNumber}",
            arn_member="arn",
            parents={"modelId": "Model"},
            keys=("modelType",),
            life=Life(
                "status",
                (("TRAINING_IN_PROGRESS", 3600), ("TRAINING_COMPLETE", 0)),
                failed="ERROR",
                reason="trainingResult",
            ),
            work=train,
            operations={"list": "DescribeModelVersions"},
        ),
        Resource(
            "ExternalModel",
            "modelEndpoint",
            arn="external-model/{modelEndpoint}",
            arn_member="arn",
            operations={"list": "GetExternalModels"},
        ),
        Resource(
            "BatchImportJob",
            "jobId",
            arn="batch-import/{jobId}",
            arn_member="arn",
            life=_JOB,
            work=import_events,
            operations={"list": "GetBatchImportJobs", "stop": "CancelBatchImportJob"},
        ),
        Resource(
            "BatchPredictionJob",
            "jobId",
            arn="batch-prediction/{jobId}",
            arn_member="arn",
            life=_JOB,
            work=predict_events,
            derived=_progress,
            operations={"list": "GetBatchPredictionJobs", "stop": "CancelBatchPredictionJob"},
        ),
    )
