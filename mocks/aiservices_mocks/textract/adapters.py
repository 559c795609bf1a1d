"""Adapters of queries and their versions, each trained on the documents that a manifest in S3 names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aiservices.call import Reply
from aiservices_mocks.engines.documents import queries
from aiservices_mocks.engines.documents import queries_learnt as learnt
from aiservices_mocks.engines.documents.queries import Found
from aiservices_mocks.engines.documents.queries_learnt import Example
from aiservices_mocks.resources import Life, Resource
from aiservices_mocks.service import Service, stateful

from . import dataset
from .documents import Documents

Answering = Callable[[Example], Found | None]


def _train(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """Learn from the documents to train with; measure on those to test with, without and with what was learnt."""
    manifest = members["DatasetConfig"]["ManifestS3Object"]
    examples = dataset.read(service.world.s3, manifest["Bucket"], manifest["Name"])
    weights = learnt.learn(examples.train)

    def with_it(example: Example) -> Found | None:
        known = weights.get(example.question)
        return without(example) if known is None else learnt.answer(example.page, example.question, known)

    def without(example: Example) -> Found | None:
        return queries.answer(example.page, example.question)

    metrics = {
        "FeatureType": "QUERIES",
        "Baseline": _measured(examples.test, without),
        "AdapterVersion": _measured(examples.test, with_it),
    }
    return {"EvaluationMetrics": [metrics], "Learnt": weights}


def _measured(examples: Sequence[Example], answering: Answering) -> dict[str, float]:
    """Precision, recall and F1 of answers that are right, letters and digits compared."""
    wanted = sum(bool(example.answer) for example in examples)
    given = right = 0
    for example in examples:
        found = answering(example)
        given += found is not None
        right += found is not None and learnt.plain(found.place.text) == learnt.plain(example.answer)
    precision, recall = right / given if given else 0.0, right / wanted if wanted else 0.0
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return {"F1Score": round(f1, 6), "Precision": round(precision, 6), "Recall": round(recall, 6)}


ROWS = (
    Resource(
        "Adapter",
        "AdapterId",
        made="{hex:.12}",
        arn="/adapters/{AdapterId}",
        defaults={"AutoUpdate": "DISABLED"},
    ),
    Resource(
        "AdapterVersion",
        "AdapterVersion",
        made="{number}",
        arn="/adapters/{AdapterId}/versions/{AdapterVersion}",
        parents={"AdapterId": "Adapter"},
        life=Life(
            "Status",
            (("CREATION_IN_PROGRESS", 3600), ("ACTIVE", 0)),
            failed="CREATION_ERROR",
            reason="StatusMessage",
        ),
        work=_train,
        steady=True,
    ),
)


class Adapters(Documents):
    """What is special about adapters."""

    @stateful
    def create_adapter(self, feature_types: list[str], **members: Any) -> Reply:
        """An adapter is for queries; there is no other kind."""
        if feature_types != ["QUERIES"]:
            message = "Request has invalid parameters: FeatureTypes of an adapter must be QUERIES"
            raise self.error("InvalidParameterException", message)
        return self.keep("CreateAdapter", {"feature_types": feature_types, **members})

    @stateful
    def create_adapter_version(
        self, adapter_id: str, dataset_config: dict[str, Any], output_config: dict[str, Any], **members: Any
    ) -> Reply:
        """A version that is trained on a dataset; its manifest and the bucket for results must be there."""
        adapter = self.keepers["Adapter"].named("CreateAdapterVersion", {"AdapterId": adapter_id})
        self.stored(dataset_config.get("ManifestS3Object", {}))
        self._check_writable(output_config)
        asked = {"adapter_id": adapter_id, "dataset_config": dataset_config, "output_config": output_config, **members}
        return self.keep("CreateAdapterVersion", asked, FeatureTypes=adapter["members"]["FeatureTypes"])
