"""What CodeGuru keeps behaves the same on every backend of the rig."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiservices_mocks import Mock
from aiservices_mocks.boto3_bridge import bridge

from aiservices.errors import ConflictError, NotFoundError, QuotaError, ServiceError

CONNECTION = "arn:aws:codeconnections:us-east-1:123456789012:connection/aabbccdd-1122-4344-8566-aabbccddeeff"
HUB = {"Bitbucket": {"Name": "shop", "Owner": "acme", "ConnectionArn": CONNECTION}}
KEY = "arn:aws:kms:us-east-1:123456789012:key/aabbccdd-1122-4344-8566-aabbccddeeff"
ROLES = [f"arn:aws:iam::123456789012:role/{name}" for name in ("First", "Second")]
TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms"
CHANNEL = {"eventPublishers": ["AnomalyDetection"], "uri": TOPIC}


def associate(ai: Any, repository: dict[str, Any], **settings: Any) -> Any:
    return ai.codeguru.reviewer.associate_repository(repository=repository, **settings).repository_association


def group(ai: Any, name: str = "shop", **settings: Any) -> Any:
    made = ai.codeguru.profiler.create_profiling_group(
        profiling_group_name=name, client_token=f"token-{name}", **settings
    )
    return made.profiling_group


def scan(ai: Any, name: str = "shop", **settings: Any) -> Any:
    security = ai.codeguru.security
    artifact = security.create_upload_url(scan_name=name).code_artifact_id
    return security.create_scan(scan_name=name, resource_id={"codeArtifactId": artifact}, **settings)


def test_a_repository_is_associated_once(ai: Any) -> None:
    made = associate(ai, HUB, tags={"team": "a"})
    assert (made.name, made.owner, made.provider_type) == ("shop", "acme", "Bitbucket")
    assert made.association_arn == f"arn:aws:codeguru-reviewer:us-east-1:123456789012:association:{made.association_id}"
    with pytest.raises(ConflictError):
        associate(ai, HUB)
    found = ai.codeguru.reviewer.describe_repository_association(association_arn=made.association_arn)
    assert (found.repository_association.state, found.tags) == ("Associated", {"team": "a"})


def test_asking_again_with_the_same_token_gives_the_same_association(ai: Any) -> None:
    first, second = (associate(ai, HUB, client_request_token="again") for _ in range(2))
    assert first.association_arn == second.association_arn


@pytest.mark.parametrize("repository", [{}, {**HUB, "CodeCommit": {"Name": "shop"}}])
def test_one_repository_at_a_time(ai: Any, repository: dict[str, Any]) -> None:
    with pytest.raises(ServiceError) as caught:
        associate(ai, repository)
    assert caught.value.code == "ValidationException"


def test_associations_are_filtered(ai: Any) -> None:
    associate(ai, HUB)
    own = associate(ai, {"CodeCommit": {"Name": "tools"}})
    bucket = associate(ai, {"S3Bucket": {"Name": "code", "BucketName": "codeguru-reviewer-code"}})
    assert own.owner == "123456789012"
    assert bucket.s3_repository_details.bucket_name == "codeguru-reviewer-code"

    def names(**filters: Any) -> list[str]:
        found = ai.codeguru.reviewer.list_repository_associations(**filters).repository_association_summaries
        return [one.name for one in found]

    assert names() == ["shop", "tools", "code"]
    assert names(provider_types=["CodeCommit", "S3Bucket"]) == ["tools", "code"]
    assert names(names=["shop"], owners=["acme"]) == ["shop"]
    assert names(states=["Failed"]) == []


def test_a_disassociated_repository_can_be_associated_again(ai: Any) -> None:
    made = associate(ai, HUB)
    reviewer = ai.codeguru.reviewer
    with pytest.raises(ConflictError):
        reviewer.disassociate_repository(association_arn=made.association_arn)
    reviewer.describe_repository_association(association_arn=made.association_arn)
    gone = reviewer.disassociate_repository(association_arn=made.association_arn).repository_association
    assert gone.state == "Disassociating"
    with pytest.raises(NotFoundError):
        reviewer.describe_repository_association(association_arn=made.association_arn)
    assert associate(ai, HUB).association_arn != made.association_arn


def test_tags_of_an_association_are_changed_by_its_arn(ai: Any) -> None:
    arn = associate(ai, HUB, tags={"team": "a"}).association_arn
    reviewer = ai.codeguru.reviewer
    reviewer.tag_resource(resource_arn=arn, tags={"stage": "test"})
    reviewer.untag_resource(resource_arn=arn, tag_keys=["team"])
    assert reviewer.list_tags_for_resource(resource_arn=arn).tags == {"stage": "test"}
    assert reviewer.describe_repository_association(association_arn=arn).tags == {"stage": "test"}


def test_boto3s_own_waiter_and_paginator_find_the_association(mock: Mock) -> None:
    import boto3

    with bridge(mock):
        client = boto3.client("codeguru-reviewer", region_name="us-east-1")
        arns = [
            client.associate_repository(Repository={"CodeCommit": {"Name": name}})["RepositoryAssociation"][
                "AssociationArn"
            ]
            for name in ("shop", "tools")
        ]
        for arn in arns:
            client.get_waiter("repository_association_succeeded").wait(AssociationArn=arn)
        pages = client.get_paginator("list_repository_associations").paginate(PaginationConfig={"PageSize": 1})
        found = [one["AssociationArn"] for page in pages for one in page["RepositoryAssociationSummaries"]]
    assert found == arns


def test_a_profiling_group_is_shown_as_it_was_made(ai: Any) -> None:
    made = group(ai, tags={"team": "a"})
    assert made.arn == "arn:aws:codeguru-profiler:us-east-1:123456789012:profilingGroup/shop"
    assert (made.name, made.compute_platform, made.tags) == ("shop", "Default", {"team": "a"})
    assert ai.codeguru.profiler.list_tags_for_resource(resource_arn=made.arn).tags == {"team": "a"}
    with pytest.raises(ConflictError):
        ai.codeguru.profiler.create_profiling_group(profiling_group_name="shop", client_token="another")


def test_profiling_groups_are_listed_by_name_or_described(ai: Any) -> None:
    for name in ("shop", "tools", "web"):
        group(ai, name)
    profiler = ai.codeguru.profiler
    first = profiler.list_profiling_groups(max_results=2)
    assert first.profiling_group_names == ["shop", "tools"]
    rest = profiler.list_profiling_groups(max_results=2, next_token=first.next_token)
    assert (rest.profiling_group_names, rest.next_token) == (["web"], None)
    described = profiler.list_profiling_groups(include_description=True).profiling_groups
    assert [one.name for one in described] == ["shop", "tools", "web"]


def test_an_agent_is_told_whether_to_profile(ai: Any) -> None:
    group(ai)
    profiler = ai.codeguru.profiler
    assert profiler.configure_agent(profiling_group_name="shop").configuration.should_profile
    profiler.update_profiling_group(profiling_group_name="shop", agent_orchestration_config={"profilingEnabled": False})
    assert not profiler.configure_agent(profiling_group_name="shop").configuration.should_profile
    found = profiler.describe_profiling_group(profiling_group_name="shop").profiling_group
    assert found.profiling_status.latest_agent_orchestrated_at is not None
    with pytest.raises(NotFoundError):
        profiler.configure_agent(profiling_group_name="nothing")


def test_a_group_has_two_channels_at_most(ai: Any) -> None:
    group(ai)
    profiler = ai.codeguru.profiler

    def add(*channels: dict[str, Any]) -> Any:
        made = profiler.add_notification_channels(profiling_group_name="shop", channels=list(channels))
        return made.notification_configuration.channels

    first = add(CHANNEL)[0]
    with pytest.raises(ConflictError):
        add(CHANNEL)
    other = {**CHANNEL, "uri": TOPIC + "-too"}
    assert len(add(other)) == 2
    with pytest.raises(QuotaError):
        add({**CHANNEL, "uri": TOPIC + "-three"})
    profiler.remove_notification_channel(profiling_group_name="shop", channel_id=first.id)
    left = profiler.get_notification_configuration(profiling_group_name="shop").notification_configuration.channels
    assert [channel.uri for channel in left] == [other["uri"]]
    with pytest.raises(NotFoundError):
        profiler.remove_notification_channel(profiling_group_name="shop", channel_id=first.id)


def test_a_policy_is_changed_by_its_revision(ai: Any) -> None:
    made = group(ai)
    profiler = ai.codeguru.profiler
    with pytest.raises(NotFoundError):
        profiler.get_policy(profiling_group_name="shop")

    def put(principals: list[str], **settings: Any) -> Any:
        settings = {"action_group": "agentPermissions", "principals": principals, **settings}
        return profiler.put_permission(profiling_group_name="shop", **settings)

    first = put(ROLES[:1])
    with pytest.raises(ConflictError):
        put(ROLES)
    second = put(ROLES, revision_id=first.revision_id)
    statement = json.loads(profiler.get_policy(profiling_group_name="shop").policy)["Statement"][0]
    assert (statement["Principal"]["AWS"], statement["Resource"]) == (ROLES, made.arn)
    gone = {"profiling_group_name": "shop", "action_group": "agentPermissions"}
    with pytest.raises(ConflictError):
        profiler.remove_permission(**gone, revision_id=first.revision_id)
    left = profiler.remove_permission(**gone, revision_id=second.revision_id)
    assert json.loads(left.policy)["Statement"] == []
    assert left.revision_id not in (first.revision_id, second.revision_id)


def test_a_new_group_of_an_old_name_knows_nothing_of_the_old_one(ai: Any) -> None:
    group(ai)
    profiler = ai.codeguru.profiler
    profiler.add_notification_channels(profiling_group_name="shop", channels=[CHANNEL])
    profiler.put_permission(profiling_group_name="shop", action_group="agentPermissions", principals=ROLES)
    profiler.delete_profiling_group(profiling_group_name="shop")
    profiler.create_profiling_group(profiling_group_name="shop", client_token="another")
    config = profiler.get_notification_configuration(profiling_group_name="shop").notification_configuration
    assert not config.channels
    with pytest.raises(NotFoundError):
        profiler.get_policy(profiling_group_name="shop")


def test_a_scan_is_run_again_when_it_has_ended(ai: Any) -> None:
    security = ai.codeguru.security
    first = scan(ai, tags={"team": "a"})
    assert (first.scan_state, first.scan_name_arn) == (
        "InProgress",
        "arn:aws:codeguru-security:us-east-1:123456789012:scans/shop",
    )
    with pytest.raises(ConflictError):
        scan(ai)
    assert security.get_scan(scan_name="shop").scan_state == "Successful"
    second = scan(ai, analysis_type="All")
    found = security.get_scan(scan_name="shop")
    assert (found.run_id, found.analysis_type, found.number_of_revisions) == (second.run_id, "All", 2)
    old = security.get_scan(scan_name="shop", run_id=first.run_id)
    assert (old.run_id, old.analysis_type, old.scan_state) == (first.run_id, "Security", "Successful")
    assert security.list_tags_for_resource(resource_arn=first.scan_name_arn).tags == {"team": "a"}
    assert [one.run_id for one in security.list_scans().summaries] == [second.run_id]


def test_a_scan_needs_code_and_a_name_that_is_known(ai: Any) -> None:
    security = ai.codeguru.security
    with pytest.raises(NotFoundError):
        security.create_scan(scan_name="shop", resource_id={"codeArtifactId": "aabbccdd-1122-4344-8566-aabbccddeeff"})
    with pytest.raises(NotFoundError) as caught:
        security.get_scan(scan_name="nothing")
    assert caught.value.details["resourceId"] == "nothing"
    made = scan(ai)
    with pytest.raises(NotFoundError):
        security.get_scan(scan_name="shop", run_id=made.run_id.replace("4", "5"))


def test_a_scan_is_asked_for_once_with_the_same_token(ai: Any) -> None:
    security = ai.codeguru.security
    artifact = security.create_upload_url(scan_name="shop").code_artifact_id
    asked = {"scan_name": "shop", "resource_id": {"codeArtifactId": artifact}, "client_token": "again"}
    first = security.create_scan(**asked).run_id
    assert security.create_scan(**asked).run_id == first
    assert security.get_scan(scan_name="shop").run_id == first
    second = scan(ai).run_id
    assert security.create_scan(**asked).run_id == first
    assert security.get_scan(scan_name="shop").run_id == second


def test_code_is_never_sent_to_a_host_that_exists(ai: Any) -> None:
    url = ai.codeguru.security.create_upload_url(scan_name="shop").s3_url
    assert url.split("/")[2].endswith(".invalid")


def test_the_account_has_a_key_of_its_own(ai: Any) -> None:
    security = ai.codeguru.security
    assert security.get_account_configuration().encryption_config.kms_key_arn is None
    security.update_account_configuration(encryption_config={"kmsKeyArn": KEY})
    assert security.get_account_configuration().encryption_config.kms_key_arn == KEY
