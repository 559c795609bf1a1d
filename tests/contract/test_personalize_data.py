"""Records of Personalize: imported, put, exported, deleted, and learned from, on every backend of the rig."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from aiservices_mocks import Mock

from aiservices.errors import BadRequestError, ConflictError, NotFoundError, QuotaError
from tests.mocks.shop import GROUP, OURS, RECIPE, ROLE, avro, records, stock, table

INTERACTIONS = f"{OURS}dataset/shop/INTERACTIONS"
ITEMS = f"{OURS}dataset/shop/ITEMS"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def dataset(ai: Any, kind: str, columns: tuple[str, ...] | None = None, schema: str = "") -> str:
    """The ARN of a dataset in the group of the shop."""
    shop = ai.personalize
    if not shop.list_dataset_groups().dataset_groups:
        shop.create_dataset_group(name="shop")
    made = shop.create_schema(name=kind, schema=schema or avro(columns or ())).schema_arn
    request = {"schema_arn": made, "dataset_group_arn": GROUP, "dataset_type": kind}
    return str(shop.create_dataset(name=kind, **request).dataset_arn)


def imported(ai: Any, arn: str, name: str, **request: Any) -> Any:
    """An import job that has ended."""
    source = {"dataLocation": f"s3://shop/{name}"}
    job = ai.personalize.create_dataset_import_job(
        job_name=name.replace(".", "-").replace("/", "-"),
        dataset_arn=arn,
        data_source=source,
        role_arn=ROLE,
        **request,
    )
    shown = ai.personalize.describe_dataset_import_job(dataset_import_job_arn=job.dataset_import_job_arn)
    return shown.dataset_import_job


def exported(ai: Any, mock: Mock, arn: str, name: str, mode: str = "ALL") -> list[str]:
    """The lines of a dataset's export."""
    mock.s3.make_bucket("out")
    made = ai.personalize.create_dataset_export_job(
        job_name=name,
        dataset_arn=arn,
        ingestion_mode=mode,
        role_arn=ROLE,
        job_output={"s3DataDestination": {"path": f"s3://out/{name}/"}},
    )
    shown = ai.personalize.describe_dataset_export_job(dataset_export_job_arn=made.dataset_export_job_arn)
    assert (shown.dataset_export_job.status, shown.dataset_export_job.failure_reason) == ("ACTIVE", None)
    (key,) = mock.s3.keys("out", f"{name}/")
    return mock.s3.get("out", key).decode().splitlines()


def test_files_of_a_folder_are_imported_and_exported(ai: Any, mock: Mock) -> None:
    arn = dataset(ai, "ITEMS", ("ITEM_ID", "GENRE", "PRICE"))
    mock.s3["shop/items/a.csv"] = 'ITEM_ID,GENRE,PRICE,MORE\n1,"a, ""b""",1.5,x\n2,c,2,y\n'
    mock.s3["shop/items/b.csv"] = "PRICE,ITEM_ID,GENRE\n3,3,d\n"
    job = imported(ai, arn, "items/")
    assert (job.status, job.import_mode) == ("ACTIVE", "FULL")
    assert exported(ai, mock, arn, "all") == ["ITEM_ID,GENRE,PRICE", '1,"a, ""b""",1.5', "2,c,2.0", "3,d,3.0"]
    assert exported(ai, mock, arn, "put", "PUT") == ["ITEM_ID,GENRE,PRICE"]
    assert [one.job_name for one in ai.personalize.list_dataset_export_jobs(dataset_arn=arn).dataset_export_jobs] == [
        "all",
        "put",
    ]


def test_a_full_import_replaces_and_an_incremental_one_adds(ai: Any, mock: Mock) -> None:
    arn = dataset(ai, "ITEMS", ("ITEM_ID", "GENRE"))
    for name, rows in (("old", [(1, "a"), (2, "b")]), ("more", [(2, "c"), (3, "d")]), ("new", [(4, "e")])):
        mock.s3[f"shop/{name}.csv"] = table(("ITEM_ID", "GENRE"), rows)
    imported(ai, arn, "old.csv")
    imported(ai, arn, "more.csv", import_mode="INCREMENTAL")
    assert exported(ai, mock, arn, "more") == ["ITEM_ID,GENRE", "1,a", "2,c", "3,d"]
    imported(ai, arn, "new.csv", import_mode="FULL")
    assert exported(ai, mock, arn, "new") == ["ITEM_ID,GENRE", "4,e"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("USER_ID,ITEM_ID\nu,i\n", "Input CSV is missing the following columns: [TIMESTAMP]."),
        ("USER_ID,ITEM_ID,TIMESTAMP\nu,i,1\nu,i,soon\n", "Line 3: A value of TIMESTAMP is not of the type long."),
        ("USER_ID,ITEM_ID,TIMESTAMP\n,i,1\n", "Line 2: USER_ID has no value, and must have one."),
        (
            f"USER_ID,ITEM_ID,TIMESTAMP\n{'u' * 257},i,1\n",
            "Line 2: Length cannot be more than 256 characters for USER_ID. If no values exceed the character limit, "
            "make sure your data follows the formatting guidelines listed in "
            "https://docs.aws.amazon.com/personalize/latest/dg/data-prep-formatting.html.",
        ),
        (None, "Insufficient privileges for accessing data in Amazon S3."),
    ],
)
def test_an_import_fails_with_its_reason_and_imports_nothing(
    ai: Any, mock: Mock, content: str | None, reason: str
) -> None:
    arn = dataset(ai, "INTERACTIONS", ("USER_ID", "ITEM_ID", "TIMESTAMP"))
    if content:
        mock.s3["shop/bad.csv"] = content
    job = imported(ai, arn, "bad.csv")
    assert job.status == "CREATE FAILED"
    assert job.failure_reason == f"Failed to create a data import job for INTERACTIONS dataset. {reason}"
    assert exported(ai, mock, arn, "nothing") == ["USER_ID,ITEM_ID,TIMESTAMP"]
    listed = ai.personalize.list_dataset_import_jobs(dataset_arn=arn).dataset_import_jobs
    assert [one.failure_reason for one in listed] == [job.failure_reason]


def test_columns_can_be_empty_where_the_schema_says_so(ai: Any, mock: Mock) -> None:
    fields = [
        {"name": "USER_ID", "type": "string"},
        {"name": "AGE", "type": ["null", "int"]},
        {"name": "MEMBER", "type": "boolean"},
    ]
    schema = json.dumps({"type": "record", "name": "Users", "fields": fields})
    arn = dataset(ai, "USERS", schema=schema)
    mock.s3["shop/users.csv"] = "USER_ID,AGE,MEMBER\nu,,true\nv,7,False\n"
    assert imported(ai, arn, "users.csv").status == "ACTIVE"
    assert exported(ai, mock, arn, "users") == ["USER_ID,AGE,MEMBER", "u,,true", "v,7,false"]


def test_jobs_are_refused_when_they_could_not_be_done(ai: Any) -> None:
    arn = dataset(ai, "ACTIONS", ("ACTION_ID", "VALUE"))
    shop = ai.personalize
    common = {"job_name": "x", "dataset_arn": arn, "role_arn": ROLE}
    with pytest.raises(BadRequestError, match="Invalid Data location"):
        shop.create_dataset_import_job(**common, data_source={"dataLocation": "https://example.com/items.csv"})
    with pytest.raises(BadRequestError, match="cannot be exported"):
        shop.create_dataset_export_job(**common, job_output={"s3DataDestination": {"path": "s3://out/"}})
    with pytest.raises(NotFoundError):
        shop.create_dataset_import_job(
            job_name="x", dataset_arn=f"{arn}S", role_arn=ROLE, data_source={"dataLocation": "s3://shop/x.csv"}
        )
    with pytest.raises(BadRequestError, match="needs the fields TIMESTAMP"):
        dataset(ai, "INTERACTIONS", ("USER_ID", "ITEM_ID"))


def test_what_is_in_progress_keeps_its_dataset_and_solution(ai: Any, mock: Mock) -> None:
    stock(mock)
    shop = ai.personalize
    mock.s3["shop/more.csv"] = table(("USER_ID", "ITEM_ID", "TIMESTAMP", "EVENT_TYPE"), [])
    source = {"dataLocation": "s3://shop/more.csv"}
    job = shop.create_dataset_import_job(job_name="j", dataset_arn=INTERACTIONS, role_arn=ROLE, data_source=source)
    with pytest.raises(ConflictError, match="DatasetImportJob"):
        shop.delete_dataset(dataset_arn=INTERACTIONS)
    shop.describe_dataset_import_job(dataset_import_job_arn=job.dataset_import_job_arn)
    recipe = f"{RECIPE}aws-similar-items"
    solution = shop.create_solution(name="s", dataset_group_arn=GROUP, recipe_arn=recipe).solution_arn
    shop.describe_solution(solution_arn=solution)
    version = shop.create_solution_version(solution_arn=solution).solution_version_arn
    for delete in (
        lambda: shop.delete_dataset(dataset_arn=INTERACTIONS),
        lambda: shop.delete_solution(solution_arn=solution),
    ):
        with pytest.raises(ConflictError, match="SolutionVersion"):
            delete()
    shop.describe_solution_version(solution_version_arn=version)
    shop.delete_solution(solution_arn=solution)
    shop.delete_dataset(dataset_arn=INTERACTIONS)


def test_five_import_jobs_run_at_a_time(ai: Any) -> None:
    arn = dataset(ai, "ITEMS", ("ITEM_ID", "GENRE"))
    source = {"data_source": {"dataLocation": "s3://shop/x.csv"}, "role_arn": ROLE, "dataset_arn": arn}
    for number in range(5):
        ai.personalize.create_dataset_import_job(job_name=f"j-{number}", **source)
    with pytest.raises(QuotaError):
        ai.personalize.create_dataset_import_job(job_name="j-5", **source)


def test_a_dataset_takes_its_records_with_it(ai: Any, mock: Mock) -> None:
    stock(mock, GROUP, ("ITEMS",))
    ai.personalize.delete_dataset(dataset_arn=ITEMS)
    arn = dataset(ai, "ITEMS", ("ITEM_ID", "GENRE"))
    assert exported(ai, mock, arn, "again") == ["ITEM_ID,GENRE"]


def test_events_are_put_through_a_tracker(ai: Any, mock: Mock) -> None:
    columns = ("USER_ID", "ITEM_ID", "TIMESTAMP", "EVENT_TYPE", "DEVICE_KIND")
    arn = dataset(ai, "INTERACTIONS", columns)
    shop = ai.personalize
    tracker = shop.create_event_tracker(name="clicks", dataset_group_arn=GROUP).tracking_id
    event = {"eventType": "click", "itemId": "i-1", "sentAt": NOW, "properties": '{"deviceKind": "phone"}'}
    shop.put_events(tracking_id=tracker, user_id="u-1", session_id="s", event_list=[event])
    assert exported(ai, mock, arn, "events", "PUT") == [
        ",".join(columns),
        f"u-1,i-1,{int(NOW.timestamp())},click,phone",
    ]
    for wrong in ({**event, "properties": "{"}, {**event, "properties": None}, {**event, "properties": '{"x": 1}'}):
        with pytest.raises(BadRequestError):
            shop.put_events(tracking_id=tracker, user_id="u-1", session_id="s", event_list=[wrong])
    with pytest.raises(BadRequestError, match="No event tracker"):
        shop.put_events(tracking_id="unknown", user_id="u-1", session_id="s", event_list=[event])
    assert len(exported(ai, mock, arn, "same", "PUT")) == 2


def test_items_users_and_actions_are_put(ai: Any, mock: Mock) -> None:
    shop = ai.personalize
    items = dataset(ai, "ITEMS", ("ITEM_ID", "GENRE"))
    users = dataset(ai, "USERS", ("USER_ID", "AGE"))
    actions = dataset(ai, "ACTIONS", ("ACTION_ID", "VALUE"))
    done = dataset(ai, "ACTION_INTERACTIONS", ("USER_ID", "ACTION_ID", "TIMESTAMP", "EVENT_TYPE"))
    for genre in ("a", "b"):
        shop.put_items(dataset_arn=items, items=[{"itemId": "1", "properties": json.dumps({"genre": genre})}])
    assert exported(ai, mock, items, "each", "PUT") == ["ITEM_ID,GENRE", "1,a", "1,b"]
    assert exported(ai, mock, items, "newest") == ["ITEM_ID,GENRE", "1,b"]
    shop.put_users(dataset_arn=users, users=[{"userId": "u", "properties": '{"age": 30}'}])
    assert exported(ai, mock, users, "users") == ["USER_ID,AGE", "u,30"]
    shop.put_actions(dataset_arn=actions, actions=[{"actionId": "join", "properties": '{"value": "7"}'}])
    tracker = shop.create_event_tracker(name="t", dataset_group_arn=GROUP).tracking_id
    taken = {"actionId": "join", "userId": "u", "sessionId": "s", "timestamp": NOW, "eventType": "TAKEN"}
    shop.put_action_interactions(tracking_id=tracker, action_interactions=[taken])
    with pytest.raises(BadRequestError, match="GENRE has no value"):
        shop.put_items(dataset_arn=items, items=[{"itemId": "2"}])
    with pytest.raises(BadRequestError, match="not of USERS"):
        shop.put_users(dataset_arn=items, users=[{"userId": "u"}])
    with pytest.raises(NotFoundError):
        shop.put_users(dataset_arn=f"{users}X", users=[{"userId": "u"}])
    shop.delete_dataset(dataset_arn=done)
    with pytest.raises(NotFoundError):
        shop.put_action_interactions(tracking_id=tracker, action_interactions=[taken])


@pytest.mark.parametrize(
    ("type_", "text", "kept"),
    [
        ("int", "7", "7"),
        ("int", "7.0", "7"),
        ("int", "7.5", None),
        ("int", "true", None),
        ("int", "Infinity", None),
        ("int", "2147483648", None),
        ("long", "2147483648", "2147483648"),
        ("float", "7", "7.0"),
        ("double", "1" + "0" * 400, None),
        ("boolean", "true", "true"),
        ("boolean", "1", None),
        ("string", '["a", "b"]', "a|b"),
        ("string", '"a\\\\b"', "a\\\\b"),
        ("string", '{"a": 1}', None),
        ("string", "[" * 1000, None),
    ],
)
def test_a_property_has_the_type_of_its_column(ai: Any, mock: Mock, type_: str, text: str, kept: str | None) -> None:
    fields = [{"name": "ITEM_ID", "type": "string"}, {"name": "X", "type": type_}]
    arn = dataset(ai, "ITEMS", schema=json.dumps({"type": "record", "name": "Items", "fields": fields}))
    items = [{"itemId": "i", "properties": f'{{"x": {text}}}'}]
    if kept is None:
        with pytest.raises(BadRequestError):
            ai.personalize.put_items(dataset_arn=arn, items=items)
        return
    ai.personalize.put_items(dataset_arn=arn, items=items)
    assert exported(ai, mock, arn, "one") == ["ITEM_ID,X", f"i,{kept}"]


def test_what_was_exported_can_be_imported(ai: Any, mock: Mock) -> None:
    arn = dataset(ai, "ITEMS", ("ITEM_ID", "GENRE"))
    odd = 'a\\b, "q"\n\u00fc\\"'
    ai.personalize.put_items(dataset_arn=arn, items=[{"itemId": "i", "properties": json.dumps({"genre": odd})}])
    before = exported(ai, mock, arn, "before")
    mock.s3["shop/again.csv"] = "\n".join(before)
    ai.personalize.delete_dataset(dataset_arn=arn)
    shop = ai.personalize
    (schema,) = shop.list_schemas().schemas
    shop.create_dataset(name="i", schema_arn=schema.schema_arn, dataset_group_arn=GROUP, dataset_type="ITEMS")
    assert imported(ai, arn, "again.csv").status == "ACTIVE"
    assert exported(ai, mock, arn, "after") == before


def test_users_are_deleted_from_every_dataset(ai: Any, mock: Mock) -> None:
    stock(mock, GROUP, ("INTERACTIONS", "USERS", "ITEMS"))
    mock.s3["shop/gone.csv"] = "USER_ID\nuser-1\nuser-2\nnobody\n"
    made = ai.personalize.create_data_deletion_job(
        job_name="gone", dataset_group_arn=GROUP, role_arn=ROLE, data_source={"dataLocation": "s3://shop/gone.csv"}
    )
    shown = ai.personalize.describe_data_deletion_job(data_deletion_job_arn=made.data_deletion_job_arn)
    assert (shown.data_deletion_job.status, shown.data_deletion_job.num_deleted) == ("COMPLETED", 2 * 36 + 2)
    left = exported(ai, mock, INTERACTIONS, "left")[1:]
    assert {line.split(",")[0] for line in left} == {f"user-{n}" for n in range(30)} - {"user-1", "user-2"}
    assert len(exported(ai, mock, ITEMS, "items")) == 61
    mock.s3["shop/bad.csv"] = "WHO\nuser-1\n"
    made = ai.personalize.create_data_deletion_job(
        job_name="bad", dataset_group_arn=GROUP, role_arn=ROLE, data_source={"dataLocation": "s3://shop/bad.csv"}
    )
    shown = ai.personalize.describe_data_deletion_job(data_deletion_job_arn=made.data_deletion_job_arn)
    assert shown.data_deletion_job.status == "FAILED"
    assert "USER_ID" in shown.data_deletion_job.failure_reason
    assert len(ai.personalize.list_data_deletion_jobs(dataset_group_arn=GROUP).data_deletion_jobs) == 2


def trained(ai: Any, recipe: str = "aws-user-personalization", **request: Any) -> Any:
    """A solution version whose training has ended."""
    shop = ai.personalize
    solution = shop.create_solution(
        name="s", dataset_group_arn=GROUP, recipe_arn=f"{RECIPE}{recipe}", **request
    ).solution_arn
    version = shop.create_solution_version(solution_arn=solution).solution_version_arn
    return shop.describe_solution_version(solution_version_arn=version).solution_version


def test_training_reads_the_data_and_is_measured(ai: Any, mock: Mock) -> None:
    stock(mock)
    version = trained(ai)
    assert (version.status, version.failure_reason) == ("ACTIVE", None)
    assert version.training_hours > 0
    metrics = ai.personalize.get_solution_metrics(solution_version_arn=version.solution_version_arn).metrics
    assert set(metrics) == {
        "coverage",
        "mean_reciprocal_rank_at_25",
        *(
            f"{name}_at_{size}"
            for name in ("normalized_discounted_cumulative_gain", "precision")
            for size in (5, 10, 25)
        ),
    }
    assert all(0 <= value <= 1 for value in metrics.values())
    assert metrics["mean_reciprocal_rank_at_25"] > 0.2, "the taste of the users is easy to learn"


@pytest.mark.parametrize(
    ("rows", "event_type", "reason"),
    [
        (999, None, "Create failed. Dataset has fewer than 1000 interactions."),
        (1080, "buy", "Create failed. Dataset has fewer than 1000 interactions after filtering by event type: buy."),
        (0, None, "Create failed. Dataset has fewer than 1000 interactions."),
        (-1000, None, "Create failed. Dataset has fewer than 25 users with at least 2 interactions each."),
    ],
)
def test_training_fails_without_enough_data(
    ai: Any, mock: Mock, rows: int, event_type: str | None, reason: str
) -> None:
    columns = ("USER_ID", "ITEM_ID", "TIMESTAMP", "EVENT_TYPE")
    arn = dataset(ai, "INTERACTIONS", columns)
    found = records("INTERACTIONS")[:rows] if rows >= 0 else [("one", f"i-{n}", n, "View") for n in range(-rows)]
    mock.s3["shop/few.csv"] = table(columns, found)
    imported(ai, arn, "few.csv")
    version = trained(ai, **({"event_type": event_type} if event_type else {}))
    assert (version.status, version.failure_reason) == ("CREATE FAILED", reason)
    with pytest.raises(BadRequestError):
        ai.personalize.get_solution_metrics(solution_version_arn=version.solution_version_arn)
    with pytest.raises(BadRequestError):
        ai.personalize.create_campaign(name="c", solution_version_arn=version.solution_version_arn)


def test_a_recommender_learns_from_the_events_of_its_use_case(ai: Any, mock: Mock) -> None:
    ai.personalize.create_dataset_group(name="shop", domain="ECOMMERCE")
    stock(mock, GROUP, event_type="View")
    made = {}
    for recipe in ("aws-ecomm-popular-items-by-views", "aws-ecomm-popular-items-by-purchases"):
        arn = ai.personalize.create_recommender(
            name=recipe, dataset_group_arn=GROUP, recipe_arn=f"{RECIPE}{recipe}"
        ).recommender_arn
        made[recipe] = ai.personalize.describe_recommender(recommender_arn=arn).recommender
    views, purchases = made.values()
    assert views.status == "ACTIVE"
    assert views.model_metrics["coverage"] > 0
    assert purchases.status == "CREATE FAILED"
    assert purchases.failure_reason.endswith("after filtering by event type: Purchase.")
