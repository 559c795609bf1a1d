"""What Rekognition keeps, on every backend of the rig."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiservices_mocks import Mock

from aiservices.errors import BadRequestError, ConflictError, NotFoundError

ARN = "arn:aws:rekognition:us-east-1:123456789012:"
SELECTORS = {
    "start_selector": {"KVSStreamStartSelector": {"ProducerTimestamp": 1}},
    "stop_selector": {"MaxDurationInSeconds": 60},
}
NO_IMAGE = '{"animal": 1}'


def project(ai: Any, name: str = "animals") -> str:
    arn: str = ai.rekognition.create_project(project_name=name).project_arn
    assert arn.startswith(f"{ARN}project/{name}/")
    return arn


def dataset(ai: Any, arn: str, kind: str = "TRAIN", **members: Any) -> str:
    """A dataset that is ready."""
    made: str = ai.rekognition.create_dataset(project_arn=arn, dataset_type=kind, **members).dataset_arn
    assert f"/dataset/{kind.lower()}/" in made
    assert ai.rekognition.describe_dataset(dataset_arn=made).dataset_description.status == "CREATE_COMPLETE"
    return made


def line(number: int, label: str = "cat") -> str:
    metadata = {"class-name": label, "type": "groundtruth/image-classification"}
    return json.dumps({"source-ref": f"s3://b/{number}.jpg", "animal": 1, "animal-metadata": metadata})


def boxed(number: int) -> str:
    boxes = {"annotations": [{"class_id": 0}, {"class_id": 0}, {"class_id": 1}]}
    metadata = {"class-map": {"0": "cat", "1": "dog"}, "type": "groundtruth/object-detection"}
    return json.dumps({"source-ref": f"s3://b/{number}.jpg", "boxes": boxes, "boxes-metadata": metadata})


def update(ai: Any, arn: str, *lines: str) -> None:
    ai.rekognition.update_dataset_entries(dataset_arn=arn, changes={"GroundTruth": "\n".join(lines).encode()})


def processor(ai: Any, name: str = "door", **members: Any) -> None:
    ai.rekognition.create_stream_processor(
        name=name,
        input={"KinesisVideoStream": {"Arn": "arn:aws:kinesisvideo:us-east-1:123456789012:stream/door/1"}},
        output={"S3Destination": {"Bucket": "found"}},
        settings={"ConnectedHome": {"Labels": ["PERSON"], "MinConfidence": 80.0}},
        role_arn="arn:aws:iam::123456789012:role/reader",
        **members,
    )


def face_processor(ai: Any, name: str) -> None:
    ai.rekognition.create_stream_processor(
        name=name,
        input={"KinesisVideoStream": {"Arn": "arn:aws:kinesisvideo:us-east-1:123456789012:stream/door/1"}},
        output={"KinesisDataStream": {"Arn": "arn:aws:kinesis:us-east-1:123456789012:stream/found"}},
        settings={"FaceSearch": {"CollectionId": "staff"}},
        role_arn="arn:aws:iam::123456789012:role/reader",
    )


def test_a_collection_counts_its_users_and_takes_them_with_it(ai: Any) -> None:
    made = ai.rekognition.create_collection(collection_id="staff", tags={"team": "a"})
    assert (made.status_code, made.collection_arn) == (200, f"{ARN}collection/staff".removeprefix("arn:"))
    for name in ("ann", "bob"):
        ai.rekognition.create_user(collection_id="staff", user_id=name)
    with pytest.raises(ConflictError):
        ai.rekognition.create_user(collection_id="staff", user_id="ann")
    shown = ai.rekognition.describe_collection(collection_id="staff")
    assert (shown.user_count, shown.face_count, shown.collection_arn) == (2, 0, f"{ARN}collection/staff")
    assert ai.rekognition.list_tags_for_resource(resource_arn=shown.collection_arn).tags == {"team": "a"}
    ai.rekognition.delete_user(collection_id="staff", user_id="bob")
    users = ai.rekognition.list_users(collection_id="staff").users
    assert [(user.user_id, user.user_status) for user in users] == [("ann", "CREATED")]
    assert ai.rekognition.delete_collection(collection_id="staff").status_code == 200
    ai.rekognition.create_collection(collection_id="staff")
    assert ai.rekognition.list_users(collection_id="staff").users == []


def test_collections_are_listed_with_their_models_in_pages(ai: Any) -> None:
    for number in range(3):
        ai.rekognition.create_collection(collection_id=f"c{number}")
    first = ai.rekognition.list_collections(max_results=2)
    assert (first.collection_ids, len(first.face_model_versions)) == (["c0", "c1"], 2)
    rest = ai.rekognition.list_collections(max_results=2, next_token=first.next_token)
    assert (rest.collection_ids, rest.next_token) == (["c2"], None)
    with pytest.raises(BadRequestError):
        ai.rekognition.list_collections(next_token="foreign")


def test_a_user_is_made_once_for_a_token(ai: Any) -> None:
    ai.rekognition.create_collection(collection_id="staff")
    for _ in range(2):
        ai.rekognition.create_user(collection_id="staff", user_id="ann", client_request_token="once")
    with pytest.raises(ConflictError, match="IdempotentParameterMismatch"):
        ai.rekognition.create_user(collection_id="staff", user_id="bob", client_request_token="once")


def test_projects_are_chosen_by_name_and_show_their_datasets(ai: Any) -> None:
    animals, plants = project(ai), project(ai, "plants")
    made = dataset(ai, animals)
    shown = ai.rekognition.describe_projects(project_names=["animals"]).project_descriptions
    assert [(one.project_arn, one.status) for one in shown] == [(animals, "CREATED")]
    assert [(one.dataset_arn, one.dataset_type) for one in shown[0].datasets] == [(made, "TRAIN")]
    assert len(ai.rekognition.describe_projects().project_descriptions) == 2
    ai.rekognition.create_project(project_name="safe", feature="CONTENT_MODERATION")
    adapters = ai.rekognition.describe_projects(features=["CONTENT_MODERATION"]).project_descriptions
    assert ["/safe/" in one.project_arn for one in adapters] == [True]
    with pytest.raises(ConflictError):
        project(ai)
    with pytest.raises(ConflictError):
        ai.rekognition.delete_project(project_arn=animals)
    ai.rekognition.delete_dataset(dataset_arn=made)
    assert ai.rekognition.delete_project(project_arn=animals).status == "DELETING"
    assert [one.project_arn for one in ai.rekognition.describe_projects().project_descriptions] == [plants]


def test_a_dataset_counts_its_labels_and_boxes(ai: Any) -> None:
    made = dataset(ai, project(ai))
    update(ai, made, line(1), line(2, "dog"), boxed(3), '{"source-ref": "s3://b/4.jpg"}', NO_IMAGE)
    described = ai.rekognition.describe_dataset(dataset_arn=made).dataset_description
    stats = described.dataset_stats
    assert (described.status, stats.total_entries, stats.labeled_entries) == ("UPDATE_COMPLETE", 5, 3)
    assert (stats.total_labels, stats.error_entries) == (2, 1)
    labels = ai.rekognition.list_dataset_labels(dataset_arn=made).dataset_label_descriptions
    counts = {one.label_name: (one.label_stats.entry_count, one.label_stats.bounding_box_count) for one in labels}
    assert counts == {"cat": (2, 2), "dog": (2, 1)}
    with pytest.raises(BadRequestError, match="Line 2 is not a JSON object"):
        update(ai, made, line(1), "not JSON")
    update(ai, made, line(1, "bird"))
    ai.rekognition.describe_dataset(dataset_arn=made)
    entries = ai.rekognition.list_dataset_entries(dataset_arn=made, source_ref_contains="1.jpg").dataset_entries
    assert entries == [line(1, "bird")]


def test_the_lines_of_a_dataset_are_chosen_and_paged(ai: Any) -> None:
    made = dataset(ai, project(ai))
    update(ai, made, line(1), line(2, "dog"), boxed(3), '{"source-ref": "s3://b/4.jpg"}', NO_IMAGE)
    ai.rekognition.describe_dataset(dataset_arn=made)
    rekognition = ai.rekognition
    assert len(rekognition.list_dataset_entries(dataset_arn=made, contains_labels=["dog"]).dataset_entries) == 2
    assert len(rekognition.list_dataset_entries(dataset_arn=made, labeled=False).dataset_entries) == 2
    assert rekognition.list_dataset_entries(dataset_arn=made, has_errors=True).dataset_entries == [NO_IMAGE]
    first = rekognition.list_dataset_entries(dataset_arn=made, labeled=True, max_results=2)
    rest = rekognition.list_dataset_entries(dataset_arn=made, labeled=True, max_results=2, next_token=first.next_token)
    assert [len(page.dataset_entries) for page in (first, rest)] == [2, 1]


def test_a_test_dataset_gets_a_fifth_of_the_training_one(ai: Any) -> None:
    arn = project(ai)
    train, test = dataset(ai, arn), dataset(ai, arn, "TEST")
    update(ai, train, *(line(number) for number in range(10)))
    ai.rekognition.describe_dataset(dataset_arn=train)
    ai.rekognition.distribute_dataset_entries(datasets=[{"Arn": train}, {"Arn": test}])
    sizes = [
        ai.rekognition.describe_dataset(dataset_arn=one).dataset_description.dataset_stats.total_entries
        for one in (train, test)
    ]
    assert sizes == [8, 2]
    with pytest.raises(BadRequestError):
        ai.rekognition.distribute_dataset_entries(datasets=[{"Arn": train}, {"Arn": test}])


def test_a_dataset_begins_as_its_manifest(ai: Any, mock: Mock) -> None:
    mock.s3["data/m.jsonl"] = f"{line(1)}\n{line(2)}\n{line(1, 'dog')}\n".encode()
    source = {"GroundTruthManifest": {"S3Object": {"Bucket": "data", "Name": "m.jsonl"}}}
    made = dataset(ai, project(ai), dataset_source=source)
    assert ai.rekognition.list_dataset_entries(dataset_arn=made).dataset_entries == [line(1, "dog"), line(2)]


def test_a_dataset_begins_like_another_and_not_from_what_is_not_there(ai: Any) -> None:
    first = dataset(ai, project(ai))
    update(ai, first, line(1), line(2))
    ai.rekognition.describe_dataset(dataset_arn=first)
    other = project(ai, "copies")
    update(ai, first, line(2))
    with pytest.raises(BadRequestError, match="UPDATE_IN_PROGRESS"):
        ai.rekognition.create_dataset(project_arn=other, dataset_type="TRAIN", dataset_source={"DatasetArn": first})
    ai.rekognition.describe_dataset(dataset_arn=first)
    copy = dataset(ai, other, dataset_source={"DatasetArn": first})
    assert ai.rekognition.list_dataset_entries(dataset_arn=copy).dataset_entries == [line(1), line(2)]
    missing = {"GroundTruthManifest": {"S3Object": {"Bucket": "missing-bucket", "Name": "m.jsonl"}}}
    with pytest.raises(BadRequestError, match="InvalidS3Object"):
        ai.rekognition.create_dataset(project_arn=other, dataset_type="TEST", dataset_source=missing)


def test_a_policy_has_a_revision_that_changes_must_know(ai: Any) -> None:
    arn, document = project(ai), json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow"}]})
    named = {"project_arn": arn, "policy_name": "copying"}
    first = ai.rekognition.put_project_policy(**named, policy_document=document).policy_revision_id
    second = ai.rekognition.put_project_policy(
        **named, policy_document=document, policy_revision_id=first
    ).policy_revision_id
    assert first != second
    policies = ai.rekognition.list_project_policies(project_arn=arn).project_policies
    assert [(one.policy_name, one.policy_revision_id, one.policy_document) for one in policies] == [
        ("copying", second, document)
    ]
    with pytest.raises(BadRequestError):
        ai.rekognition.put_project_policy(**named, policy_document=document, policy_revision_id=first)
    with pytest.raises(BadRequestError):
        ai.rekognition.delete_project_policy(**named, policy_revision_id=first)
    with pytest.raises(BadRequestError):
        ai.rekognition.put_project_policy(**named, policy_document="{}")
    ai.rekognition.delete_project_policy(**named, policy_revision_id=second)
    with pytest.raises(NotFoundError):
        ai.rekognition.delete_project_policy(**named)


def test_a_stream_processor_runs_stops_and_is_deleted_only_then(ai: Any) -> None:
    processor(ai)
    rekognition = ai.rekognition
    with pytest.raises(ConflictError):
        rekognition.stop_stream_processor(name="door")
    assert rekognition.start_stream_processor(name="door", **SELECTORS).session_id
    assert rekognition.describe_stream_processor(name="door").status == "RUNNING"
    assert [one.status for one in rekognition.list_stream_processors().stream_processors] == ["RUNNING"]
    with pytest.raises(ConflictError):
        rekognition.start_stream_processor(name="door", **SELECTORS)
    with pytest.raises(ConflictError):
        rekognition.delete_stream_processor(name="door")
    rekognition.stop_stream_processor(name="door")
    assert rekognition.describe_stream_processor(name="door").status == "STOPPED"
    rekognition.delete_stream_processor(name="door")
    with pytest.raises(NotFoundError):
        rekognition.describe_stream_processor(name="door")


def test_a_stream_processor_is_told_what_to_look_at_only_when_it_looks_for_labels(ai: Any) -> None:
    processor(ai)
    face_processor(ai, "gate")
    start = ai.rekognition.start_stream_processor
    for part in ("start_selector", "stop_selector"):
        with pytest.raises(BadRequestError, match="needs StartSelector and StopSelector"):
            start(name="door", **{part: SELECTORS[part]})
        with pytest.raises(BadRequestError, match="takes no selectors"):
            start(name="gate", **{part: SELECTORS[part]})
    assert start(name="gate").session_id is None
    assert ai.rekognition.describe_stream_processor(name="gate").status == "RUNNING"


def test_a_stopped_stream_processor_is_changed(ai: Any) -> None:
    processor(ai, regions_of_interest=[{"BoundingBox": {"Width": 0.5, "Height": 0.5, "Left": 0.0, "Top": 0.0}}])
    ai.rekognition.update_stream_processor(
        name="door",
        settings_for_update={"ConnectedHomeForUpdate": {"Labels": ["PET"]}},
        data_sharing_preference_for_update={"OptIn": True},
        parameters_to_delete=["ConnectedHomeMinConfidence", "RegionsOfInterest"],
    )
    shown = ai.rekognition.describe_stream_processor(name="door")
    assert (shown.settings.connected_home.labels, shown.settings.connected_home.min_confidence) == (["PET"], None)
    assert not shown.regions_of_interest
    assert shown.data_sharing_preference.opt_in is True


def test_a_liveness_session_that_nobody_goes_through_expires(ai: Any) -> None:
    session = ai.rekognition.create_face_liveness_session().session_id
    result = ai.rekognition.get_face_liveness_session_results(session_id=session)
    assert (result.session_id, result.status, result.confidence) == (session, "EXPIRED", None)
    with pytest.raises(NotFoundError):
        ai.rekognition.get_face_liveness_session_results(session_id="00000000-0000-4000-8000-000000000000")
