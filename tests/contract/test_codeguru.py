"""What CodeGuru keeps behaves the same on every backend of the rig."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from aiservices_mocks import Mock
from aiservices_mocks.boto3_bridge import bridge

from aiservices.errors import ConflictError, NotFoundError, NotMockedError, QuotaError, ServiceError
from tests.mocks.made import CODE, associated, code_of, profile, reviewed, zipped

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


def upload(ai: Any, mock: Mock, code: bytes | None = None, name: str = "shop") -> str:
    """Put code where CreateUploadUrl says; its id."""
    made = ai.codeguru.security.create_upload_url(scan_name=name)
    mock.s3["codeguru-security/" + made.s3_url.split(".invalid/")[1]] = zipped(app=CODE) if code is None else code
    return str(made.code_artifact_id)


def scan(ai: Any, mock: Mock, code: bytes | None = None, **settings: Any) -> Any:
    name = settings.pop("name", "shop")
    resource = {"codeArtifactId": upload(ai, mock, code, name)}
    return ai.codeguru.security.create_scan(scan_name=name, resource_id=resource, **settings)


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


def test_a_scan_is_run_again_when_it_has_ended(ai: Any, mock: Mock) -> None:
    security = ai.codeguru.security
    first = scan(ai, mock, tags={"team": "a"})
    assert (first.scan_state, first.scan_name_arn) == (
        "InProgress",
        "arn:aws:codeguru-security:us-east-1:123456789012:scans/shop",
    )
    with pytest.raises(ConflictError):
        scan(ai, mock)
    assert security.get_scan(scan_name="shop").scan_state == "Successful"
    second = scan(ai, mock, analysis_type="All")
    found = security.get_scan(scan_name="shop")
    assert (found.run_id, found.analysis_type, found.number_of_revisions) == (second.run_id, "All", 2)
    old = security.get_scan(scan_name="shop", run_id=first.run_id)
    assert (old.run_id, old.analysis_type, old.scan_state) == (first.run_id, "Security", "Successful")
    assert security.list_tags_for_resource(resource_arn=first.scan_name_arn).tags == {"team": "a"}
    assert [one.run_id for one in security.list_scans().summaries] == [second.run_id]


def test_a_scan_needs_code_and_a_name_that_is_known(ai: Any, mock: Mock) -> None:
    security = ai.codeguru.security
    with pytest.raises(NotFoundError):
        security.create_scan(scan_name="shop", resource_id={"codeArtifactId": "aabbccdd-1122-4344-8566-aabbccddeeff"})
    with pytest.raises(NotFoundError) as caught:
        security.get_scan(scan_name="nothing")
    assert caught.value.details["resourceId"] == "nothing"
    made = scan(ai, mock)
    with pytest.raises(NotFoundError):
        security.get_scan(scan_name="shop", run_id=made.run_id.replace("4", "5"))


def test_a_scan_is_asked_for_once_with_the_same_token(ai: Any, mock: Mock) -> None:
    security = ai.codeguru.security
    artifact = upload(ai, mock)
    asked = {"scan_name": "shop", "resource_id": {"codeArtifactId": artifact}, "client_token": "again"}
    first = security.create_scan(**asked).run_id
    assert security.create_scan(**asked).run_id == first
    assert security.get_scan(scan_name="shop").run_id == first
    second = scan(ai, mock).run_id
    assert security.create_scan(**asked).run_id == first
    assert security.get_scan(scan_name="shop").run_id == second


def test_code_is_never_sent_to_a_host_that_exists(ai: Any) -> None:
    url = ai.codeguru.security.create_upload_url(scan_name="shop").s3_url
    assert url.split("/")[2].endswith(".invalid")


def test_there_is_a_bucket_for_the_code(ai: Any, mock: Mock) -> None:
    """Whoever puts code there over HTTP makes no bucket before."""
    ai.codeguru.security.create_upload_url(scan_name="shop")
    assert mock.s3.keys("codeguru-security") == []


def test_the_account_has_a_key_of_its_own(ai: Any) -> None:
    security = ai.codeguru.security
    assert security.get_account_configuration().encryption_config.kms_key_arn is None
    security.update_account_configuration(encryption_config={"kmsKeyArn": KEY})
    assert security.get_account_configuration().encryption_config.kms_key_arn == KEY


# Reviews


def reviews(ai: Any) -> Any:
    return ai.codeguru.reviewer


def test_a_review_finds_what_is_wrong_with_the_code_in_the_bucket(ai: Any, mock: Mock) -> None:
    arn = reviewed(mock)
    review = reviews(ai).describe_code_review(code_review_arn=arn).code_review
    assert (review.state, review.provider_type, review.repository_name) == ("Completed", "S3Bucket", "shop")
    assert (review.metrics.metered_lines_of_code_count, review.metrics.findings_count) == (7, 4)
    assert review.config_file_state == "Absent"
    found = reviews(ai).list_recommendations(code_review_arn=arn)
    rules = [(one.rule_metadata.rule_id, one.start_line, one.severity) for one in found.recommendation_summaries]
    assert rules == [
        ("python/hardcoded-credentials@v1.0", 3, "Critical"),
        ("python/mutable-default-argument@v1.0", 6, "Medium"),
        ("python/os-command-injection@v1.0", 8, "High"),
        ("python/bare-except@v1.0", 9, "Low"),
    ]
    assert {one.file_path for one in found.recommendation_summaries} == {"app.py"}


def test_every_review_is_of_its_own_code(ai: Any, mock: Mock) -> None:
    arn = associated(mock)
    for name, text, rule in (
        ("a", "def run(seen=[]):\n    return seen\n", "python/mutable-default-argument@v1.0"),
        ("b", "try:\n    run()\nexcept:\n    pass\n", "python/bare-except@v1.0"),
    ):
        mock.s3["codeguru-reviewer-shop/code.zip"] = zipped(**{name: text})
        made = reviews(ai).create_code_review(name=name, repository_association_arn=arn, type=code_of()).code_review
        mock.clock.advance(hours=1)
        (found,) = reviews(ai).list_recommendations(code_review_arn=made.code_review_arn).recommendation_summaries
        assert (found.file_path, found.rule_metadata.rule_id) == (f"{name}.py", rule)


def test_the_bucket_of_a_review_is_the_repositorys(ai: Any, mock: Mock) -> None:
    asked = code_of()
    del asked["RepositoryAnalysis"]["SourceCodeType"]["S3BucketRepository"]["Details"]["BucketName"]
    made = reviews(ai).create_code_review(name="r", repository_association_arn=associated(mock), type=asked)
    found = reviews(ai).describe_code_review(code_review_arn=made.code_review.code_review_arn).code_review
    assert found.state == "Completed"
    details = found.source_code_type.s3_bucket_repository.details
    assert details.bucket_name == "codeguru-reviewer-shop"


def test_a_review_can_be_of_security_alone(ai: Any, mock: Mock) -> None:
    asked = {**code_of(), "AnalysisTypes": ["Security"]}
    made = reviews(ai).create_code_review(name="s", repository_association_arn=associated(mock), type=asked)
    found = reviews(ai).list_recommendations(code_review_arn=made.code_review.code_review_arn)
    mock.clock.advance(hours=1)
    found = reviews(ai).list_recommendations(code_review_arn=made.code_review.code_review_arn)
    assert {one.recommendation_category for one in found.recommendation_summaries} == {"SecurityIssues"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (None, "could not read the source code artifact"),
        (b"text", "not a zip file"),
        (zipped(), "no Python files"),
    ],
)
def test_a_review_without_code_fails(ai: Any, mock: Mock, data: bytes | None, reason: str) -> None:
    arn = associated(mock)
    if data is None:
        mock.s3.delete("codeguru-reviewer-shop", "code.zip")
    else:
        mock.s3["codeguru-reviewer-shop/code.zip"] = data
    made = reviews(ai).create_code_review(name="r", repository_association_arn=arn, type=code_of())
    assert made.code_review.state == "Pending"
    found = reviews(ai).describe_code_review(code_review_arn=made.code_review.code_review_arn).code_review
    assert found.state == "Failed"
    assert reason in found.state_reason


def test_a_repository_that_lies_elsewhere_cannot_be_reviewed(ai: Any, mock: Mock) -> None:
    arn = associate(ai, HUB).association_arn
    branch = {"RepositoryAnalysis": {"RepositoryHead": {"BranchName": "main"}}}
    asked = {"name": "r", "repository_association_arn": arn, "type": branch}
    with pytest.raises(ConflictError):
        reviews(ai).create_code_review(**asked)
    mock.clock.advance(hours=1)
    made = reviews(ai).create_code_review(**asked).code_review
    assert made.source_code_type.repository_head.branch_name == "main"
    found = reviews(ai).describe_code_review(code_review_arn=made.code_review_arn).code_review
    assert (found.state, found.state_reason[:41]) == ("Failed", "CodeGuru Reviewer could not clone the rep")
    with pytest.raises(ConflictError):
        reviews(ai).create_code_review(**asked)


def test_a_review_fits_its_repository(ai: Any, mock: Mock) -> None:
    arn = associated(mock)
    branch = {"RepositoryAnalysis": {"RepositoryHead": {"BranchName": "main"}}}
    other = code_of("other")
    for asked in (branch, other):
        with pytest.raises(ServiceError) as caught:
            reviews(ai).create_code_review(name="r", repository_association_arn=arn, type=asked)
        assert caught.value.code == "ValidationException"
    with pytest.raises(NotFoundError):
        reviews(ai).create_code_review(name="r", repository_association_arn=arn[:-4] + "0000", type=code_of())


def test_reviews_are_listed_by_kind_and_state(ai: Any, mock: Mock) -> None:
    arn = reviewed(mock)

    def listed(**filters: Any) -> list[str]:
        found = reviews(ai).list_code_reviews(**{"type": "RepositoryAnalysis", **filters}).code_review_summaries
        return [one.code_review_arn for one in found]

    assert listed() == listed(states=["Completed"]) == listed(repository_names=["shop"]) == [arn]
    assert listed(type="PullRequest") == listed(states=["Pending"]) == listed(provider_types=["GitHub"]) == []


def test_feedback_is_kept_until_it_is_taken_back(ai: Any, mock: Mock) -> None:
    arn = reviewed(mock)
    advice = reviews(ai).list_recommendations(code_review_arn=arn).recommendation_summaries[0].recommendation_id
    named = {"code_review_arn": arn, "recommendation_id": advice}
    reviews(ai).put_recommendation_feedback(**named, reactions=["ThumbsUp"])
    reviews(ai).put_recommendation_feedback(**named, reactions=["ThumbsDown"])
    found = reviews(ai).describe_recommendation_feedback(**named).recommendation_feedback
    assert (found.reactions, found.recommendation_id) == (["ThumbsDown"], advice)
    mine = {"code_review_arn": arn, "user_ids": [found.user_id]}
    assert len(reviews(ai).list_recommendation_feedback(**mine).recommendation_feedback_summaries) == 1
    others = {"code_review_arn": arn, "user_ids": ["arn:aws:iam::123456789012:user/ada"]}
    assert reviews(ai).list_recommendation_feedback(**others).recommendation_feedback_summaries == []
    with pytest.raises(NotFoundError):
        reviews(ai).describe_recommendation_feedback(**named, user_id="ada")
    with pytest.raises(NotFoundError):
        reviews(ai).put_recommendation_feedback(code_review_arn=arn, recommendation_id="nothing", reactions=[])
    reviews(ai).put_recommendation_feedback(**named, reactions=[])
    with pytest.raises(NotFoundError):
        reviews(ai).describe_recommendation_feedback(**named)


# Profiles


def post(ai: Any, data: bytes, kind: str = "application/json", **settings: Any) -> None:
    named = {"profiling_group_name": "shop", "content_type": kind, **settings}
    ai.codeguru.profiler.post_agent_profile(agent_profile=data, **named)


def test_profiles_are_added_up(ai: Any, mock: Mock) -> None:
    group(ai)
    start = mock.clock.now()
    post(ai, profile(mock, main__read=3, main__write=1), profile_token="once")
    post(ai, profile(mock, main__read=3, main__write=1), profile_token="once")
    post(ai, profile(mock, main__read=1, idle=5))
    found = ai.codeguru.profiler.get_profile(profiling_group_name="shop", period="PT5M")
    graph = json.loads(found.profile.read())["callgraph"]["children"]
    assert found.content_type == "application/json"
    assert graph["main"]["children"]["read"]["counts"] == {"WALL_TIME": 4}
    flat = ai.codeguru.profiler.get_profile(
        profiling_group_name="shop", start_time=start, end_time=start + timedelta(minutes=5), max_depth=1
    )
    assert json.loads(flat.profile.read())["callgraph"]["children"]["main"] == {"counts": {"WALL_TIME": 5}}


def test_shares_of_frames_are_told_by_time(ai: Any, mock: Mock) -> None:
    group(ai)
    start = mock.clock.now()
    post(ai, profile(mock, main__read=3, main__write=1))
    mock.clock.advance(minutes=10)
    post(ai, profile(mock, main__read=1, idle=3))
    asked = [{"frameName": "read", "type": "AggregatedRelativeTotalTime", "threadStates": ["WALL_TIME"]}]
    span = {"profiling_group_name": "shop", "start_time": start, "period": "PT1H"}
    found = ai.codeguru.profiler.batch_get_frame_metric_data(**span, frame_metrics=asked)
    assert found.frame_metric_data[0].values == [0.75, 0.25]
    assert [one.value - start for one in found.end_times] == [timedelta(minutes=5), timedelta(minutes=15)]
    hour = ai.codeguru.profiler.batch_get_frame_metric_data(**span, target_resolution="PT1H").frame_metric_data
    assert {one.frame_metric.frame_name: one.values for one in hour} == {
        "idle": [0.375],
        "main": [0.625],
        "read": [0.5],
        "write": [0.125],
    }


def test_the_times_of_profiles_are_listed(ai: Any, mock: Mock) -> None:
    group(ai)
    start = mock.clock.now()
    for _ in range(3):
        post(ai, profile(mock, main=1))
        mock.clock.advance(minutes=5)
    profiler = ai.codeguru.profiler
    span = {"profiling_group_name": "shop", "start_time": start, "end_time": start + timedelta(hours=1)}
    newest = profiler.list_profile_times(**span, period="PT5M", max_results=2)
    assert [one.start - start for one in newest.profile_times] == [timedelta(minutes=10), timedelta(minutes=5)]
    rest = profiler.list_profile_times(**span, period="PT5M", max_results=2, next_token=newest.next_token)
    assert [one.start for one in rest.profile_times] == [start]
    hours = profiler.list_profile_times(**span, period="PT1H", order_by="TimestampAscending").profile_times
    assert [one.start for one in hours] == [start]
    mock.clock.advance(days=20)
    assert profiler.list_profile_times(**span, period="PT5M").profile_times == []
    described = profiler.describe_profiling_group(profiling_group_name="shop").profiling_group.profiling_status
    assert described.latest_aggregated_profile.start == start + timedelta(minutes=10)


def test_profiles_that_cannot_be_read_are_refused(ai: Any, mock: Mock) -> None:
    group(ai)
    for data, kind in ((b"{}", "application/json"), (b"\xff", "application/json"), (b"x", "text/plain")):
        with pytest.raises(ServiceError) as caught:
            post(ai, data, kind)
        assert caught.value.code == "ValidationException"
    profiler = ai.codeguru.profiler
    with pytest.raises(NotFoundError):
        profiler.get_profile(profiling_group_name="shop", period="PT5M")
    post(ai, b"\xe0\x01\x00\xea", "application/x-amzn-ion")
    with pytest.raises(NotMockedError):
        profiler.get_profile(profiling_group_name="shop", period="PT5M")
    now = mock.clock.now()
    for wrong in ({}, {"start_time": now}, {"start_time": now, "end_time": now + timedelta(days=8)}):
        with pytest.raises(ServiceError) as caught:
            profiler.get_profile(profiling_group_name="shop", **wrong)
        assert caught.value.code == "ValidationException"


def test_needless_work_is_recommended_against(ai: Any, mock: Mock) -> None:
    group(ai)
    start = mock.clock.now()
    profiler = ai.codeguru.profiler
    post(ai, profile(mock, main__re_compile=1, main__work=999))
    span = {"profiling_group_name": "shop", "start_time": start, "end_time": start + timedelta(days=1)}
    assert profiler.get_recommendations(**span).recommendations == []
    post(ai, profile(mock, main__re_compile=1000))
    found = profiler.get_recommendations(**span).recommendations[0]
    assert (found.pattern.id, found.all_matches_count) == ("python-regex-compile", 1)
    assert found.top_matches[0].frame_address == "re:compile"
    assert found.all_matches_sum == pytest.approx(100 * 1001 / 2000)
    report = profiler.list_findings_reports(**span).findings_report_summaries[0]
    assert (report.profile_start_time, report.total_number_of_findings) == (start, 1)
    summary = profiler.get_findings_report_account_summary().report_summaries
    assert [one.id for one in summary] == [report.id]


def test_a_frame_that_suddenly_takes_the_time_is_an_anomaly(ai: Any, mock: Mock) -> None:
    group(ai)
    start = mock.clock.now()
    profiler = ai.codeguru.profiler
    for _ in range(8):
        post(ai, profile(mock, main__read=1, main__wait=9))
        mock.clock.advance(hours=1)
    span = {"profiling_group_name": "shop", "start_time": start, "end_time": start + timedelta(days=1)}
    assert profiler.get_recommendations(**span).anomalies == []
    peak = mock.clock.now()
    post(ai, profile(mock, main__read=8, main__wait=2))
    found = profiler.get_recommendations(**span).anomalies
    assert [one.metric.frame_name for one in found] == ["read", "wait"]
    assert found[0].reason == "The frame was on the stack for 80.0 percent of the time, and 10.0 percent before."
    instance = found[0].instances[0]
    assert (instance.start_time, instance.end_time, instance.user_feedback) == (peak, peak + timedelta(hours=1), None)
    assert profiler.get_recommendations(**{**span, "end_time": peak}).anomalies == []
    assert profiler.list_findings_reports(**span).findings_report_summaries[0].total_number_of_findings == 2
    about = {"profiling_group_name": "shop", "type": "Negative"}
    profiler.submit_feedback(**about, anomaly_instance_id=instance.id, comment="a sale")
    told = profiler.get_recommendations(**span).anomalies[0].instances[0]
    assert (told.id, told.user_feedback.type) == (instance.id, "Negative")
    with pytest.raises(NotFoundError):
        profiler.submit_feedback(**about, anomaly_instance_id="0" * 8 + "-0000-4000-8000-" + "0" * 12)


def test_a_deleted_group_takes_its_profiles_with_it(ai: Any, mock: Mock) -> None:
    group(ai)
    post(ai, profile(mock, main=1))
    ai.codeguru.profiler.delete_profiling_group(profiling_group_name="shop")
    ai.codeguru.profiler.create_profiling_group(profiling_group_name="shop", client_token="another")
    with pytest.raises(NotFoundError):
        ai.codeguru.profiler.get_profile(profiling_group_name="shop", period="PT5M")


# Findings


def test_findings_are_open_until_a_later_run_no_longer_finds_them(ai: Any, mock: Mock) -> None:
    security = ai.codeguru.security
    scan(ai, mock)
    first = security.get_findings(scan_name="shop").findings
    assert [(one.title, one.severity, one.status) for one in first] == [
        ("Hardcoded credentials", "Critical", "Open"),
        ("OS command injection", "High", "Open"),
    ]
    place = first[1].vulnerability.file_path
    assert (place.path, place.start_line) == ("app.py", 8)
    assert place.code_snippet[0].content.strip() == "subprocess.run(command, shell=True)"
    mock.clock.advance(days=2)
    scan(ai, mock, zipped(app="\n\n" + CODE.replace("shell=True", "")))
    left = security.get_findings(scan_name="shop").findings
    assert [(one.id, one.created_at) for one in left] == [(first[0].id, first[0].created_at)]
    closed = security.get_findings(scan_name="shop", status="Closed").findings
    assert [one.id for one in closed] == [first[1].id]
    assert len(security.get_findings(scan_name="shop", status="All").findings) == 2


def test_a_second_run_that_is_asked_for_twice_is_one(ai: Any, mock: Mock) -> None:
    scan(ai, mock, tags={"team": "a"})
    mock.clock.advance(hours=1)
    asked = {"scan_name": "shop", "resource_id": {"codeArtifactId": upload(ai, mock)}, "client_token": "again"}
    security = ai.codeguru.security
    first, second = (security.create_scan(**asked, tags={"stage": "test"}).run_id for _ in range(2))
    found = security.get_scan(scan_name="shop")
    assert (found.run_id, first, found.number_of_revisions) == (second, second, 2)
    tags = security.list_tags_for_resource(resource_arn=found.scan_name_arn).tags
    assert tags == {"team": "a", "stage": "test"}


def test_a_finding_that_stays_the_same_is_not_updated(ai: Any, mock: Mock) -> None:
    security = ai.codeguru.security
    times = []
    for code in (CODE, CODE, "\n" + CODE):
        scan(ai, mock, zipped(app=code))
        times.append(security.get_findings(scan_name="shop").findings[0].updated_at)
        mock.clock.advance(hours=1)
    assert times[0] == times[1] < times[2]


def test_findings_are_got_by_their_ids(ai: Any, mock: Mock) -> None:
    scan(ai, mock, analysis_type="All")
    security = ai.codeguru.security
    ids = [one.id for one in security.get_findings(scan_name="shop").findings]
    assert len(ids) == 4
    asked = [{"scanName": "shop", "findingId": id} for id in (ids[0], ids[0], "nothing")]
    found = security.batch_get_findings(finding_identifiers=[*asked, {"scanName": "no", "findingId": "x"}])
    assert [one.id for one in found.findings] == ids[:1]
    codes = [one.error_code for one in found.failed_findings]
    assert codes == ["DUPLICATE_IDENTIFIER", "ITEM_DOES_NOT_EXIST", "INVALID_SCAN_NAME"]
    other = security.batch_get_findings(finding_identifiers=[{"scanName": "shop", "findingId": ids[1]}])
    assert [one.id for one in other.findings] == ids[1:2]
    assert other.findings[0].title != found.findings[0].title


def test_findings_are_counted_day_by_day(ai: Any, mock: Mock) -> None:
    start = mock.clock.now()
    scan(ai, mock)
    mock.clock.advance(hours=1)
    mock.clock.advance(hours=23)
    scan(ai, mock, zipped(app="pass"))
    mock.clock.advance(hours=1)
    security = ai.codeguru.security
    days = security.list_findings_metrics(start_date=start, end_date=start + timedelta(days=1)).findings_metrics
    assert [(day.new_findings.critical, day.closed_findings.critical) for day in days] == [(1, 0), (0, 1)]
    assert [day.open_findings.high for day in days] == [1, 0]
    assert days[1].mean_time_to_close.high == pytest.approx(1)
    summary = security.get_metrics_summary(date=start).metrics_summary
    assert (summary.open_findings.critical, summary.scans_with_most_open_findings[0].finding_number) == (1, 2)
    with pytest.raises(ServiceError):
        security.list_findings_metrics(start_date=start, end_date=start - timedelta(days=1))


@pytest.mark.parametrize(("code", "reason"), [(b"", "not a zip"), (zipped(), "no Python files")])
def test_a_scan_of_no_code_fails(ai: Any, mock: Mock, code: bytes, reason: str) -> None:
    scan(ai, mock, code)
    found = ai.codeguru.security.get_scan(scan_name="shop")
    assert found.scan_state == "Failed"
    assert reason in found.error_message
    assert ai.codeguru.security.get_findings(scan_name="shop").findings == []


def test_a_scan_fails_when_nothing_was_uploaded(ai: Any) -> None:
    security = ai.codeguru.security
    artifact = security.create_upload_url(scan_name="shop").code_artifact_id
    security.create_scan(scan_name="shop", resource_id={"codeArtifactId": artifact})
    found = security.get_scan(scan_name="shop")
    assert (found.scan_state, found.error_message[:22]) == ("Failed", "No code was uploaded: ")
