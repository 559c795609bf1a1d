"""Adapters of queries and their versions, each trained on the documents that a manifest in S3 names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aiservices.call import Reply
from aiservices.errors import ServiceError
from aiservices_mocks.places import place
from aiservices_mocks.resources import Life, Resource, WorkFailed
from aiservices_mocks.service import Service, stateful

from .documents import Documents

_LEAST = 10
"""Documents: five to train with, five to test with.
Source: https://docs.aws.amazon.com/textract/latest/dg/textract-using-adapters.html"""


def _train(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read the dataset: every document and annotation that it names must be there. Nothing is measured."""
    manifest = members["DatasetConfig"]["ManifestS3Object"]
    s3 = service.world.s3
    try:
        data = s3.get(manifest["Bucket"], manifest["Name"])
    except ServiceError:
        raise WorkFailed("The manifest file cannot be read.") from None
    lines = [line for line in data.splitlines() if line.strip()]
    for number, line in enumerate(lines, start=1):
        try:
            entry = json.loads(line)
            document = str(entry["source-ref"])
            named = {document, str(entry.get("annotations-ref", document))}
        except (ValueError, KeyError, TypeError):
            raise WorkFailed(f"Line {number} of the manifest is no JSON with a source-ref.") from None
        for uri in named:
            found = place(uri)
            try:
                s3.head(found.bucket if found else "", found.key if found else "")
            except ServiceError:
                raise WorkFailed(f"Line {number} of the manifest names an object that cannot be read.") from None
    if len(lines) < _LEAST:
        raise WorkFailed(f"The dataset has {len(lines)} documents, at least {_LEAST} are needed.")
    return {}


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
