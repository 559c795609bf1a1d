"""A shop for Personalize: schemas, records of items, users and interactions, and everything trained on them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from aiservices_mocks import Mock

from tests.mocks.worlds import ask

OURS = "arn:aws:personalize:us-east-1:123456789012:"
RECIPE = "arn:aws:personalize:::recipe/"
GROUP = f"{OURS}dataset-group/shop"
ROLE = "arn:aws:iam::123456789012:role/personalize"
GENRES = ("drama", "comedy", "action")
_TYPES = {"TIMESTAMP": "long", "PRICE": "float", "AGE": "int"}
_COLUMNS = {
    "INTERACTIONS": ("USER_ID", "ITEM_ID", "TIMESTAMP", "EVENT_TYPE"),
    "ITEMS": ("ITEM_ID", "GENRE", "PRICE"),
    "USERS": ("USER_ID", "AGE"),
    "ACTIONS": ("ACTION_ID", "VALUE"),
    "ACTION_INTERACTIONS": ("USER_ID", "ACTION_ID", "TIMESTAMP", "EVENT_TYPE"),
}


def avro(columns: Sequence[str]) -> str:
    """A schema with these columns."""
    fields = [{"name": name, "type": _TYPES.get(name, "string")} for name in columns]
    return json.dumps({"type": "record", "name": "Records", "fields": fields})


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """A CSV file."""
    return "\n".join(",".join(map(str, row)) for row in (columns, *rows)).encode()


def records(kind: str, event_type: str = "View") -> list[tuple[Any, ...]]:
    """Records of 30 users in three groups, each of which likes one genre of the 60 items."""
    if kind == "ITEMS":
        return [(f"item-{n}", GENRES[n % 3], n) for n in range(60)]
    if kind == "USERS":
        return [(f"user-{n}", 18 + n) for n in range(30)]
    if kind == "ACTIONS":
        return [("join", "10"), ("rate", "1")]
    if kind == "ACTION_INTERACTIONS":
        return [(f"user-{n}", "rate", n, "TAKEN" if n % 2 else "NOT_TAKEN") for n in range(30)]
    found = []
    for user in range(30):
        for step in range(36):
            item = (user % 3 + 3 * ((user * 7 + step * (1 + user % 4)) % 20)) if step % 9 else step
            found.append((f"user-{user}", f"item-{item}", 1_700_000_000 + step * 60 + user, event_type))
    return found


def stock(mock: Mock, group: str = GROUP, kinds: Sequence[str] = ("INTERACTIONS",), event_type: str = "View") -> None:
    """Import records into the datasets of a group, which is made if it is not there."""
    name = group.rpartition("/")[2]
    known = {one["datasetGroupArn"] for one in ask(mock, "personalize.ListDatasetGroups")["datasetGroups"]}
    if group not in known:
        ask(mock, "personalize.CreateDatasetGroup", name=name)
    there = {one["datasetType"] for one in ask(mock, "personalize.ListDatasets", datasetGroupArn=group)["datasets"]}
    for kind in kinds:
        if kind in there:
            continue
        columns = _COLUMNS[kind]
        own = f"{name}-{kind}"
        schema = ask(mock, "personalize.CreateSchema", name=own, schema=avro(columns))["schemaArn"]
        request = {"schemaArn": schema, "datasetGroupArn": group, "datasetType": kind}
        dataset = ask(mock, "personalize.CreateDataset", name=own, **request)["datasetArn"]
        mock.s3[f"shop/{own}.csv"] = table(columns, records(kind, event_type))
        source = {"dataLocation": f"s3://shop/{own}.csv"}
        ask(
            mock, "personalize.CreateDatasetImportJob", jobName=own, datasetArn=dataset, dataSource=source, roleArn=ROLE
        )
        mock.clock.advance(hours=1)


def campaign(mock: Mock, recipe: str, name: str = "", group: str = GROUP) -> str:
    """The ARN of a campaign over everything that is known of a group."""
    name = name or recipe
    made = ask(mock, "personalize.CreateSolution", name=name, datasetGroupArn=group, recipeArn=RECIPE + recipe)
    mock.clock.advance(hours=1)
    version = ask(mock, "personalize.CreateSolutionVersion", solutionArn=made["solutionArn"])["solutionVersionArn"]
    mock.clock.advance(hours=2)
    arn = ask(mock, "personalize.CreateCampaign", name=name, solutionVersionArn=version)["campaignArn"]
    mock.clock.advance(hours=1)
    return str(arn)


def answering(mock: Mock, recipe: str) -> str:
    """The ARN of a campaign that can be asked."""
    stock(mock, kinds=("INTERACTIONS", "ITEMS", "ACTIONS", "ACTION_INTERACTIONS"))
    return campaign(mock, recipe)
