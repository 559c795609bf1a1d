"""CodeGuru Reviewer: associated repositories, reviews of their code, what people think of its recommendations."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from aiservices.call import Reply, note
from aiservices.errors import ServiceError
from aiservices_mocks.engines.python_rules import Finding, UnreadableArchive, review
from aiservices_mocks.resources import Life, Resource, WorkFailed
from aiservices_mocks.service import Service, computed, stateful
from aiservices_mocks.store import Record

_CONFIGURATION = "aws-codeguru-reviewer.yml"


def _review(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """The recommendations on the code that lies in S3: no other repository can be reached from here."""
    bucket = members["SourceCodeType"].get("S3BucketRepository")
    if bucket is None:
        raise WorkFailed("CodeGuru Reviewer could not clone the repository; only code in S3 can be reached.")
    place = bucket["Details"]["CodeArtifacts"]["SourceCodeArtifactsObjectKey"]
    try:
        code = review(service.world.s3.get(bucket["Details"]["BucketName"], place))
    except ServiceError:
        raise WorkFailed("CodeGuru Reviewer could not read the source code artifact from the S3 bucket.") from None
    except UnreadableArchive as error:
        raise WorkFailed(f"The source code artifact cannot be reviewed: {error}.") from None
    if not code.files:
        raise WorkFailed("The source code artifact has no Python files.")
    wanted = members["AnalysisTypes"]
    found = [one for one in code.findings if ("Security" if one.rule.security else "CodeQuality") in wanted]
    metrics = {"MeteredLinesOfCodeCount": code.lines, "SuppressedLinesOfCodeCount": 0, "FindingsCount": len(found)}
    configured = any(name.rpartition("/")[2] == _CONFIGURATION for name in code.names)
    state = {} if configured else {"ConfigFileState": "Absent"}
    return {"Metrics": metrics, "MetricsSummary": metrics, "Recommendations": [_advice(one) for one in found], **state}


def _advice(finding: Finding) -> dict[str, Any]:
    rule = finding.rule
    about = [rule.id, finding.path, finding.start]
    metadata = {
        "RuleId": f"python/{rule.id}@v1.0",
        "RuleName": rule.name,
        "ShortDescription": rule.says,
        "LongDescription": f"{rule.says} {rule.advice}",
        "RuleTags": ["python", *(["security", f"cwe-{rule.cwe}"] if rule.security else ["code-quality"])],
    }
    return {
        "FilePath": finding.path,
        "RecommendationId": sha256(repr(about).encode("utf-8", "surrogatepass")).hexdigest(),
        "StartLine": finding.start,
        "EndLine": finding.end,
        "Description": f"{rule.says} {rule.advice}",
        "RecommendationCategory": rule.category,
        "RuleMetadata": metadata,
        "Severity": rule.severity,
    }


_REASONS = {
    "Associating": "Pending Repository Association",
    "Associated": "Pull Request Notification configuration successful",
    "Disassociating": "Source code access removal in progress",
    "Pending": "CodeGuru Reviewer has received the request, and a code review is scheduled.",
}
"""As the AWS CLI's examples show them."""


def _reason(view: Mapping[str, Any]) -> dict[str, str]:
    """Why it is in its state, where AWS is known to say so."""
    return {"StateReason": _REASONS[view["State"]]} if view.get("State") in _REASONS else {}


class CodeGuruReviewer(Service):
    """Reviews are of code in S3; the configuration file of a repository is not looked into."""

    name = "codeguru-reviewer"
    token_error = "ValidationException"
    resources = (
        Resource(
            "RepositoryAssociation",
            "AssociationArn",
            made="{arn}",
            arn="association:{uuid}",
            unique="Repository",
            derived=lambda view: {"AssociationId": view["AssociationArn"].rpartition(":")[2], **_reason(view)},
            life=Life("State", (("Associating", 60), ("Associated", 0))),
            defaults={"KMSKeyDetails": {"EncryptionOption": "AWS_OWNED_CMK"}},
            steady=True,
            operations={"create": "AssociateRepository", "delete": "DisassociateRepository"},
        ),
        Resource(
            "CodeReview",
            "CodeReviewArn",
            made="{arn}",
            arn="code-review:RepositoryAnalysis-{Name}",
            life=Life("State", (("Pending", 300), ("Completed", 0)), failed="Failed", reason="StateReason"),
            derived=_reason,
            work=_review,
            defaults={"AnalysisTypes": ["Security", "CodeQuality"]},
        ),
        Resource(
            "RecommendationFeedback",
            "RecommendationId",
            parents={"CodeReviewArn": "CodeReview"},
            operations={"list": "ListRecommendationFeedback"},
        ),
    )

    @stateful
    def associate_repository(self, repository: dict[str, Any], **members: Any) -> Reply:
        """One kind of repository at a time; CodeCommit's belong to the account."""
        if len(repository) != 1:
            raise self.error("ValidationException", f"{len(repository)} repositories were given; give exactly one.")
        provider, given = next(iter(repository.items()))
        known = {"Owner": self.world.account, **given}
        shown = {name: known[name] for name in ("Name", "Owner", "ConnectionArn") if name in known}
        if "BucketName" in given:
            shown["S3RepositoryDetails"] = {"BucketName": given["BucketName"]}
        asked = {"repository": repository, **members}
        return self.keep("AssociateRepository", asked, ProviderType=provider, **shown)

    @stateful
    def disassociate_repository(self, association_arn: str) -> Reply:
        """It is gone as soon as this is answered."""
        reply = self.kept["DisassociateRepository"]({"AssociationArn": association_arn})
        ended = {**reply["RepositoryAssociation"], "State": "Disassociating"}
        return {**reply, "RepositoryAssociation": ended | _reason(ended)}

    @stateful
    def create_code_review(
        self,
        name: str,
        repository_association_arn: str,
        type: dict[str, Any],
        client_request_token: str | None = None,
    ) -> Reply:
        """A review of an associated repository; of a bucket the archive must be named."""
        found = self.keepers["RepositoryAssociation"].by_arn(repository_association_arn)
        if found is None:
            raise self.error("ResourceNotFoundException", "No repository association has this ARN.")
        if (status := self.keepers["RepositoryAssociation"].status(found)) != "Associated":
            raise self.error("ConflictException", f"The repository association is {status}; wait until it is done.")
        asked = type["RepositoryAnalysis"]
        source = dict(asked.get("SourceCodeType", {}))
        if "RepositoryHead" in asked:
            source["RepositoryHead"] = asked["RepositoryHead"]
        association = found["members"]
        self._check_source(association, source)
        if "S3BucketRepository" in source:
            bucket = source["S3BucketRepository"]
            details = {**association["S3RepositoryDetails"], **bucket["Details"]}
            source["S3BucketRepository"] = {**bucket, "Details": details}
        about = {name: association[name] for name in ("Owner", "ProviderType")}
        if "AnalysisTypes" in type:
            about["AnalysisTypes"] = type["AnalysisTypes"]
        return self.keep(
            "CreateCodeReview",
            {"name": name, "client_request_token": client_request_token},
            Type="RepositoryAnalysis",
            AssociationArn=repository_association_arn,
            RepositoryName=association["Name"],
            SourceCodeType=source,
            **about,
        )

    def _check_source(self, association: Mapping[str, Any], source: Mapping[str, Any]) -> None:
        """What is to be reviewed fits the kind of repository."""
        in_bucket = association["ProviderType"] == "S3Bucket"
        if in_bucket != ("S3BucketRepository" in source):
            wanted = "an S3BucketRepository" if in_bucket else "a RepositoryHead, BranchDiff or CommitDiff"
            raise self.error("ValidationException", f"The code of a {association['ProviderType']} needs {wanted}.")
        if not in_bucket:
            return
        bucket = source["S3BucketRepository"]
        details = bucket.get("Details", {})
        own = association["S3RepositoryDetails"]["BucketName"]
        if (
            "CodeArtifacts" not in details
            or details.get("BucketName", own) != own
            or bucket["Name"] != association["Name"]
        ):
            message = "Details must name the associated bucket, and the object key of the source code."
            raise self.error("ValidationException", message)

    @computed
    def list_recommendations(
        self, code_review_arn: str, next_token: str | None = None, max_results: int | None = None
    ) -> Reply:
        """What the review recommends, once it is completed."""
        found = self._reviewed(code_review_arn)
        params = {"CodeReviewArn": code_review_arn, "NextToken": next_token}
        items = found["members"].get("Recommendations", [])
        reply = self.listed("ListRecommendations", params, items, "RecommendationSummaries", max_results or 300)
        return note(reply, engine="python-rules", fidelity="computed")

    @stateful
    def put_recommendation_feedback(self, code_review_arn: str, recommendation_id: str, reactions: list[str]) -> Reply:
        """What the caller thinks of a recommendation; no reaction takes it back."""
        advice = self._reviewed(code_review_arn)["members"].get("Recommendations", [])
        if all(one["RecommendationId"] != recommendation_id for one in advice):
            raise self.error("ResourceNotFoundException", "The code review has no such recommendation.")
        named = {"CodeReviewArn": code_review_arn, "RecommendationId": recommendation_id}
        keeper = self.keepers["RecommendationFeedback"]
        with self.world.lock:
            if not reactions:
                if (known := keeper.find(named)) is not None:
                    keeper.remove(known)
                return {}
            return self.kept["PutRecommendationFeedback"]({**named, "Reactions": reactions, "UserId": self._user})

    @stateful
    def describe_recommendation_feedback(
        self, code_review_arn: str, recommendation_id: str, user_id: str | None = None
    ) -> Reply:
        """What somebody thinks of a recommendation: the caller, unless another is named."""
        if user_id not in (None, self._user):
            raise self.error("ResourceNotFoundException", "This user has given no feedback.")
        named = {"CodeReviewArn": code_review_arn, "RecommendationId": recommendation_id}
        return self.kept["DescribeRecommendationFeedback"](named)

    def _reviewed(self, arn: str) -> Record:
        """The review, ended if it can be."""
        keeper = self.keepers["CodeReview"]
        found = keeper.by_arn(arn)
        if found is None:
            raise self.error("ResourceNotFoundException", "No code review has this ARN.")
        keeper.settle(found)
        return found

    @property
    def _user(self) -> str:
        """Who calls, as far as the mock knows: the account."""
        return f"arn:aws:iam::{self.world.account}:root"
