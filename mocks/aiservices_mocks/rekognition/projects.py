"""Projects of Custom Labels, with their policies."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from aiservices.call import Reply

from ..resources import Life, Resource
from ..service import stateful
from ..store import Record
from .datasets import Datasets

_POLICIES = 5
"""Policies of one project."""


class Projects(Datasets):
    """Projects and who may copy their models."""

    rows: ClassVar[tuple[Resource, ...]] = (
        Resource(
            "Project",
            "ProjectArn",
            made="{arn}",
            arn="project/{ProjectName}/{millis}",
            unique="ProjectName",
            life=Life("Status", (("CREATING", 2), ("CREATED", 0))),
            defaults={"Feature": "CUSTOM_LABELS"},
            quota=100,
            operations={"list": "DescribeProjects"},
        ),
        Resource(
            "ProjectPolicy",
            "PolicyName",
            parents={"ProjectArn": "Project"},
            quota=_POLICIES,
            operations={"list": "ListProjectPolicies"},
        ),
        *Datasets.rows,
    )

    @stateful
    def describe_projects(self, **members: Any) -> Reply:
        """Projects with their datasets; those for Custom Labels, unless others are asked for."""
        reply = self.keep("DescribeProjects", {"features": ["CUSTOM_LABELS"], **members})
        for project in reply["ProjectDescriptions"]:
            datasets = self.keepers["Dataset"].all({"ProjectArn": project["ProjectArn"]})
            project["Datasets"] = [
                {**self._progress(one), "DatasetArn": one["arn"], "DatasetType": one["members"]["DatasetType"]}
                for one in datasets
            ]
        return reply

    @stateful
    def delete_project(self, project_arn: str) -> Reply:
        """Forget a project that has no datasets and models any more; its policies go with it."""
        with self.world.lock:
            project = self._record("Project", "DeleteProject", ProjectArn=project_arn)
            for noun in ("Dataset", "ProjectVersion"):
                if self.keepers[noun].all({"ProjectArn": project_arn}):
                    raise self.error("ResourceInUseException", f"The project has a {noun}; delete that first.")
            self.keepers["Project"].remove(project)
        return {"Status": "DELETING"}

    @stateful
    def put_project_policy(
        self, project_arn: str, policy_name: str, policy_document: str, policy_revision_id: str | None = None
    ) -> Reply:
        """Attach a policy, or change the one of this name; each time it is another revision."""
        asked = {"project_arn": project_arn, "policy_name": policy_name, "policy_document": policy_document}
        with self.world.lock:
            known = self.keepers["ProjectPolicy"].find({"ProjectArn": project_arn, "PolicyName": policy_name})
            self._check_revision(known, policy_revision_id)
            self._check_policy(policy_document)
            revision = self.world.new_id().replace("-", "")
            return self.keep("PutProjectPolicy", asked, PolicyRevisionId=revision)

    @stateful
    def delete_project_policy(self, project_arn: str, policy_name: str, policy_revision_id: str | None = None) -> Reply:
        """Take a policy from a project."""
        named = {"ProjectArn": project_arn, "PolicyName": policy_name}
        with self.world.lock:
            self._check_revision(self._record("ProjectPolicy", "DeleteProjectPolicy", **named), policy_revision_id)
            return self.kept["DeleteProjectPolicy"](named)

    def _check_revision(self, policy: Record | None, revision: str | None) -> None:
        known = policy["members"]["PolicyRevisionId"] if policy else None
        if revision is not None and revision != known:
            raise self.error("InvalidPolicyRevisionIdException", "The policy has another revision.")

    def _check_policy(self, document: str) -> None:
        try:
            statements = json.loads(document)["Statement"]
        except (ValueError, TypeError, KeyError, RecursionError):
            statements = None
        if not statements:
            raise self.error("MalformedPolicyDocumentException", "The policy is not JSON with a Statement.")
