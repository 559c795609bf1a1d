"""Every paginator that botocore has for our services comes to an end, and finds all that there is."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from aiservices.call import PRODUCTS

ROLE = "arn:aws:iam::123456789012:role/reader"
NAMES = range(5)
CSV = b"en,de\nhello,hallo\n"
SCHEMA = json.dumps(
    {
        "type": "record",
        "name": "Items",
        "namespace": "com.amazonaws.personalize.schema",
        "fields": [{"name": "ITEM_ID", "type": "string"}, {"name": "GENRE", "type": "string", "categorical": True}],
        "version": "1.0",
    }
)


def free_lists(service: str) -> list[tuple[str, str]]:
    """The methods with pages that can be called without anything."""
    client = boto3.client(service)
    model = client.meta.service_model
    shapes = {
        method: model.operation_model(name).input_shape for method, name in client.meta.method_to_api_mapping.items()
    }
    return [
        (service, method)
        for method, shape in shapes.items()
        if client.can_paginate(method) and not (shape and shape.required_members)
    ]


FREE = [one for services in PRODUCTS.values() for service in services for one in free_lists(service)]


@pytest.mark.parametrize(("service", "method"), FREE)
def test_a_list_comes_to_an_end(client: Any, service: str, method: str) -> None:
    pages = list(client(service).get_paginator(method).paginate())
    assert pages
    assert all(page["ResponseMetadata"]["HTTPStatusCode"] == 200 for page in pages)


def _classifiers(client: Any) -> tuple[str, dict[str, Any], str]:
    for number in NAMES:
        client.create_document_classifier(
            DocumentClassifierName=f"c{number}",
            DataAccessRoleArn=ROLE,
            LanguageCode="en",
            InputDataConfig={"S3Uri": "s3://boto3-files/train.csv"},
        )
    return "list_document_classifiers", {}, "DocumentClassifierPropertiesList"


def _groups(client: Any) -> tuple[str, dict[str, Any], str]:
    for number in NAMES:
        client.create_dataset_group(DatasetGroupName=f"g{number}", Domain="RETAIL")
    return "list_dataset_groups", {}, "DatasetGroups"


def _schemas(client: Any) -> tuple[str, dict[str, Any], str]:
    for number in NAMES:
        client.create_schema(name=f"s{number}", schema=SCHEMA)
    return "list_schemas", {}, "schemas"


def _tasks(client: Any) -> tuple[str, dict[str, Any], str]:
    for number in NAMES:
        client.start_speech_synthesis_task(
            Text=f"number {number}", VoiceId="Joanna", OutputFormat="pcm", OutputS3BucketName="boto3-files"
        )
    return "list_speech_synthesis_tasks", {}, "SynthesisTasks"


def _users(client: Any) -> tuple[str, dict[str, Any], str]:
    client.create_collection(CollectionId="staff")
    for number in NAMES:
        client.create_user(CollectionId="staff", UserId=f"u{number}")
    return "list_users", {"CollectionId": "staff"}, "Users"


def _adapters(client: Any) -> tuple[str, dict[str, Any], str]:
    for number in NAMES:
        client.create_adapter(AdapterName=f"a{number}", FeatureTypes=["QUERIES"])
    return "list_adapters", {}, "Adapters"


def _terminologies(client: Any) -> tuple[str, dict[str, Any], str]:
    for number in NAMES:
        client.import_terminology(
            Name=f"t{number}", MergeStrategy="OVERWRITE", TerminologyData={"File": CSV, "Format": "CSV"}
        )
    return "list_terminologies", {}, "TerminologyPropertiesList"


def _associations(client: Any) -> tuple[str, dict[str, Any], str]:
    for number in NAMES:
        client.associate_repository(Repository={"CodeCommit": {"Name": f"r{number}"}})
    return "list_repository_associations", {"ProviderTypes": ["CodeCommit"]}, "RepositoryAssociationSummaries"


MADE: dict[str, Callable[[Any], tuple[str, dict[str, Any], str]]] = {
    "codeguru-reviewer": _associations,
    "comprehend": _classifiers,
    "forecast": _groups,
    "personalize": _schemas,
    "polly": _tasks,
    "rekognition": _users,
    "textract": _adapters,
    "translate": _terminologies,
}


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize("service", MADE)
def test_pages_hold_all_and_nothing_twice(client: Any, service: str) -> None:
    method, params, member = MADE[service](client(service))
    pages = list(client(service).get_paginator(method).paginate(**params, PaginationConfig={"PageSize": 2}))
    assert [len(page[member]) for page in pages] == [2, 2, 1]
    assert len({json.dumps(one, default=str) for page in pages for one in page[member]}) == len(NAMES)
