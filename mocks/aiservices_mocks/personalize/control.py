"""The table of what Personalize keeps."""

from __future__ import annotations

import re
from typing import Any

from aiservices_mocks.resources import Life, Resource

from .batch import Batch, recommend, segment
from .data import Data
from .solutions import Solutions
from .training import TRAINING, train_recommender, train_version
from .transfers import Transfers, delete_users, export_records, import_records

_PENDING, _BUSY, _FAILED = "CREATE PENDING", "CREATE IN_PROGRESS", "CREATE FAILED"
_ENDS: dict[str, Any] = {"failed": _FAILED, "reason": "failureReason"}
_QUICK = Life("status", ((_PENDING, 10), (_BUSY, 50), ("ACTIVE", 0)), **_ENDS)
_SLOW = Life("status", ((_PENDING, 60), (_BUSY, 600), ("ACTIVE", 0)), **_ENDS)
_TRAINING = Life(
    "status",
    ((_PENDING, 60), (_BUSY, TRAINING), ("ACTIVE", 0)),
    stopped=(("CREATE STOPPING", 60), ("CREATE STOPPED", 0)),
    **_ENDS,
)
_DELETION = Life("status", (("PENDING", 60), ("IN_PROGRESS", 600), ("COMPLETED", 0)), reason="failureReason")
_GROUP = {"datasetGroupArn": "DatasetGroup"}
_DATASET = {"datasetArn": "Dataset"}
_VERSION = {"solutionVersionArn": "SolutionVersion"}


def _kept(noun: str, **says: Any) -> Resource:
    """A row of a resource that its ARN names, and the ARN its own name."""
    kind = re.sub("(?<=[a-z])(?=[A-Z])", "-", noun).lower()
    name = "jobName" if noun.endswith("Job") else "name"
    id_ = f"{noun[0].lower()}{noun[1:]}Arn"
    return Resource(noun, id_, made="{arn}", **{"arn": f"{kind}/{{{name}}}", **says})


class Personalize(Data, Solutions, Transfers, Batch):
    """What Personalize keeps, learns and writes."""

    name = "personalize"
    resources = (
        _kept("Schema"),
        _kept("DatasetGroup", life=_QUICK, steady=True, quota=5),
        _kept(
            "Dataset",
            arn="dataset/{group}/{datasetType}",
            uses={**_GROUP, "schemaArn": "Schema"},
            life=_QUICK,
            steady=True,
        ),
        _kept(
            "DatasetImportJob",
            parents=_DATASET,
            life=_SLOW,
            work=import_records,
            defaults={"importMode": "FULL", "publishAttributionMetricsToS3": False},
        ),
        _kept(
            "DatasetExportJob",
            parents=_DATASET,
            life=_SLOW,
            work=export_records,
            defaults={"ingestionMode": "PUT"},
        ),
        _kept("DataDeletionJob", parents=_GROUP, life=_DELETION, work=delete_users),
        _kept("EventTracker", arn="event-tracker/{hex:.8}", uses=_GROUP, life=_QUICK, steady=True),
        _kept("Filter", parents=_GROUP, life=_QUICK, steady=True, quota=30),
        _kept("MetricAttribution", uses=_GROUP, life=_QUICK, steady=True),
        _kept(
            "Solution",
            uses=_GROUP,
            life=_QUICK,
            defaults={
                "performHPO": False,
                "performAutoML": False,
                "performAutoTraining": True,
                "performIncrementalUpdate": False,
            },
            steady=True,
            quota=20,
        ),
        _kept(
            "SolutionVersion",
            arn="solution/{solutionName}/{hex:.8}",
            parents={"solutionArn": "Solution"},
            life=_TRAINING,
            work=train_version,
            defaults={"trainingMode": "FULL", "trainingType": "MANUAL"},
            operations={"stop": "StopSolutionVersionCreation"},
        ),
        _kept(
            "Campaign",
            uses=_VERSION,
            life=_SLOW,
            defaults={"minProvisionedTPS": 1},
            steady=True,
            quota=5,
        ),
        _kept(
            "BatchInferenceJob",
            parents=_VERSION,
            life=_SLOW,
            work=recommend,
            defaults={"batchInferenceJobMode": "BATCH_INFERENCE"},
        ),
        _kept("BatchSegmentJob", parents=_VERSION, life=_SLOW, work=segment),
        _kept(
            "Recommender",
            uses=_GROUP,
            life=_SLOW,
            work=train_recommender,
            defaults={"recommenderConfig": {"minRecommendationRequestsPerSecond": 1}},
            steady=True,
            quota=5,
            operations={"stop": ""},
        ),
    )
