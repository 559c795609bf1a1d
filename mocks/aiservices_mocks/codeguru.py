"""Amazon CodeGuru, kept: repository associations, profiling groups, scans, settings.

Reviewing code, finding security issues and aggregating profiles are not answered here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from aiservices.call import Reply
from aiservices.errors import ServiceError

from .resources import Life, Resource
from .service import Service, stateful
from .store import Record, Table


class CodeGuruReviewer(Service):
    """What CodeGuru Reviewer keeps."""

    name = "codeguru-reviewer"
    token_error = "ValidationException"
    resources = (
        Resource(
            "RepositoryAssociation",
            "AssociationArn",
            made="{arn}",
            arn="association:{AssociationId}",
            unique="Repository",
            life=Life("State", (("Associating", 60), ("Associated", 0))),
            defaults={"KMSKeyDetails": {"EncryptionOption": "AWS_OWNED_CMK"}},
            steady=True,
            operations={"create": "AssociateRepository", "delete": "DisassociateRepository"},
        ),
    )

    @stateful
    def associate_repository(
        self,
        repository: dict[str, Any],
        client_request_token: str | None = None,
        tags: dict[str, str] | None = None,
        kms_key_details: dict[str, Any] | None = None,
    ) -> Reply:
        """One kind of repository at a time; CodeCommit's belong to the account."""
        if len(repository) != 1:
            raise self.error("ValidationException", f"{len(repository)} repositories were given; give exactly one.")
        provider, given = next(iter(repository.items()))
        params = {
            "Repository": repository,
            "ProviderType": provider,
            "Owner": given.get("Owner", self.world.account),
            **{name: given[name] for name in ("Name", "ConnectionArn") if name in given},
            "AssociationId": self.world.new_id(*_parts("association", client_request_token)),
            "Tags": tags or {},
        }
        if "BucketName" in given:
            params["S3RepositoryDetails"] = {"BucketName": given["BucketName"]}
        if kms_key_details:
            params["KMSKeyDetails"] = kms_key_details
        if client_request_token:
            params["ClientRequestToken"] = client_request_token
        return self.kept["AssociateRepository"](params)

    @stateful
    def disassociate_repository(self, association_arn: str) -> Reply:
        """It is gone as soon as this is answered."""
        reply = self.kept["DisassociateRepository"]({"AssociationArn": association_arn})
        return {**reply, "RepositoryAssociation": {**reply["RepositoryAssociation"], "State": "Disassociating"}}


_CHANNELS = 2
"""Notification channels of one profiling group."""
_AGENT = {
    "SamplingIntervalInMilliseconds": "1000",
    "ReportingIntervalInMilliseconds": "300000",
    "MinimumTimeForReportingInMilliseconds": "60000",
    "MemoryUsageLimitPercent": "10",
    "MaxStackDepth": "1000",
}
"""What agents are told. Source: https://docs.aws.amazon.com/codeguru/latest/profiler-api/API_AgentConfiguration.html"""


class CodeGuruProfiler(Service):
    """What CodeGuru Profiler keeps."""

    name = "codeguruprofiler"
    arn_name = "codeguru-profiler"
    token_error = "ValidationException"
    resources = (
        Resource(
            "ProfilingGroup",
            "profilingGroupName",
            arn="profilingGroup/{profilingGroupName}",
            arn_member="arn",
            defaults={
                "agentOrchestrationConfig": {"profilingEnabled": True},
                "computePlatform": "Default",
                "profilingStatus": {},
            },
            renames={"name": "profilingGroupName"},
            quota=500,
        ),
    )

    @stateful
    def list_profiling_groups(
        self, include_description: bool = False, max_results: int | None = None, next_token: str | None = None
    ) -> Reply:
        """The names; with `include_description` the groups in their place."""
        params = {"includeDescription": include_description, "maxResults": max_results, "nextToken": next_token}
        params = {name: value for name, value in params.items() if value is not None}
        with self.world.lock:
            reply = self.kept["ListProfilingGroups"](params)
            if not include_description:
                return reply
            read = self.kept["DescribeProfilingGroup"]
            groups = [read({"profilingGroupName": name})["profilingGroup"] for name in reply["profilingGroupNames"]]
        return {**reply, "profilingGroupNames": [], "profilingGroups": groups}

    @stateful
    def delete_profiling_group(self, profiling_group_name: str) -> Reply:
        """Its channels and its policy go with it."""
        with self.world.lock:
            reply = self.kept["DeleteProfilingGroup"]({"profilingGroupName": profiling_group_name})
            self._channels.pop(profiling_group_name, None)
            self._policies.pop(profiling_group_name, None)
        return reply

    @stateful
    def configure_agent(
        self,
        profiling_group_name: str,
        fleet_instance_id: str | None = None,
        metadata: dict[str, str] | None = None,
    ) -> Reply:
        """What an agent has to do; the group remembers when one asked last."""
        with self.world.lock:
            members = self._group(profiling_group_name)["members"]
            asked = {"latestAgentOrchestratedAt": self.world.clock.now()}
            members["profilingStatus"] = {**members["profilingStatus"], **asked}
            enabled = members["agentOrchestrationConfig"]["profilingEnabled"]
        configuration = {"agentParameters": dict(_AGENT), "periodInSeconds": 300, "shouldProfile": enabled}
        return {"configuration": configuration}

    # Who is told of anomalies.

    @stateful
    def add_notification_channels(self, channels: list[dict[str, Any]], profiling_group_name: str) -> Reply:
        """Channels of other ids and URIs than those there are, two at most."""
        with self.world.lock:
            known = self._known_channels(profiling_group_name)
            if len(known) + len(channels) > _CHANNELS:
                most = f"{len(known) + len(channels)} notification channels, at most {_CHANNELS} for a profiling group."
                raise self.error("ServiceQuotaExceededException", most)
            taken = {name for channel in known.values() for name in (channel["id"], channel["uri"])}
            for channel in channels:
                if not taken.isdisjoint((channel.get("id"), channel["uri"])):
                    raise self.error("ConflictException", "The group has a channel of this id or URI already.")
                made = {"id": channel.get("id") or self.world.new_id(), **channel}
                taken |= {made["id"], made["uri"]}
                known[made["id"]] = made
            self._channels[profiling_group_name] = known
        return _channels(known)

    @stateful
    def remove_notification_channel(self, channel_id: str, profiling_group_name: str) -> Reply:
        """The channels that are left."""
        with self.world.lock:
            known = self._known_channels(profiling_group_name)
            if channel_id not in known:
                raise self.error("ResourceNotFoundException", "The profiling group has no such notification channel.")
            del known[channel_id]
            self._channels[profiling_group_name] = known
        return _channels(known)

    @stateful
    def get_notification_configuration(self, profiling_group_name: str) -> Reply:
        """The channels of a group."""
        return _channels(self._known_channels(profiling_group_name))

    def _known_channels(self, group: str) -> Record:
        """The channels of a group by their ids, in a dict of its own."""
        self._group(group)
        return dict(self._channels.get(group, {}))

    # Who may send profiles.

    @stateful
    def put_permission(
        self, action_group: str, principals: list[str], profiling_group_name: str, revision_id: str | None = None
    ) -> Reply:
        """The policy, which lets these principals send profiles, and its new revision."""
        with self.world.lock:
            group = self._group(profiling_group_name)
            known = self._policies.get(profiling_group_name)
            if revision_id != (known["revisionId"] if known else None):
                raise self.error("ConflictException", "The revision id is not that of the policy as it is now.")
            statement = {
                "Sid": f"{action_group}-statement",
                "Effect": "Allow",
                "Principal": {"AWS": principals},
                "Action": ["codeguru-profiler:ConfigureAgent", "codeguru-profiler:PostAgentProfile"],
                "Resource": group["arn"],
            }
            return self._new_policy(profiling_group_name, [statement])

    @stateful
    def remove_permission(self, action_group: str, profiling_group_name: str, revision_id: str) -> Reply:
        """The policy without the permissions, and its new revision."""
        with self.world.lock:
            known = self._policy(profiling_group_name)
            if revision_id != known["revisionId"]:
                raise self.error("ConflictException", "The revision id is not that of the policy as it is now.")
            sid = f"{action_group}-statement"
            statements = [one for one in json.loads(known["policy"])["Statement"] if one["Sid"] != sid]
            return self._new_policy(profiling_group_name, statements)

    @stateful
    def get_policy(self, profiling_group_name: str) -> Reply:
        """The policy of a group that has one."""
        return dict(self._policy(profiling_group_name))

    def _policy(self, group: str) -> Record:
        self._group(group)
        found = self._policies.get(group)
        if found is None:
            raise self.error("ResourceNotFoundException", "The profiling group has no policy.")
        return found

    def _new_policy(self, group: str, statements: list[dict[str, Any]]) -> Reply:
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))
        self._policies[group] = {"policy": policy, "revisionId": self.world.new_id()}
        return dict(self._policies[group])

    # What they share.

    @property
    def _channels(self) -> Table:
        return self.world.store.table(self.name, "channels")

    @property
    def _policies(self) -> Table:
        return self.world.store.table(self.name, "policy")

    def _group(self, name: str) -> Record:
        found = self.keepers["ProfilingGroup"].find({"profilingGroupName": name})
        if found is None:
            raise self.error("ResourceNotFoundException", "The profiling group does not exist.")
        return found


def _channels(known: Mapping[str, Any]) -> Reply:
    return {"notificationConfiguration": {"channels": list(known.values())} if known else {}}


_SCAN = 120
"""Seconds that a scan takes."""
_CREATED = ("scanName", "runId", "resourceId", "scanState", "scanNameArn")
"""What the reply to CreateScan shows of a run."""


class CodeGuruSecurity(Service):
    """What CodeGuru Security keeps: scans by their name, with the runs of each, and the key of the account.

    AWS has shut the service down; what stands here is its last published interface. A scan runs through its states
    without its code being looked at.
    """

    name = "codeguru-security"
    token_error = "ValidationException"
    resources = (
        Resource(
            "Scan",
            "scanName",
            arn="scans/{scanName}",
            arn_member="scanNameArn",
            life=Life("scanState", (("InProgress", _SCAN), ("Successful", 0))),
            defaults={"scanType": "Standard", "analysisType": "Security", "numberOfRevisions": 1},
        ),
    )

    def error(self, code: str, message: str = "", **details: Any) -> ServiceError:
        """Its errors repeat their code and say what they are about."""
        about = {"reason": "other"} if code == "ValidationException" else {"resourceType": "Scan"}
        return super().error(code, message, **{"errorCode": code, **about, **details})

    @stateful
    def create_upload_url(self, scan_name: str) -> Reply:
        """Where the code would go: a host that can never exist, so that nobody's code leaves the machine by mistake."""
        artifact = self.world.new_id()
        self._artifacts[artifact] = {"scanName": scan_name}
        url = f"https://codeguru-security.s3.{self.world.region}.invalid/{self.world.account}/{scan_name}/{artifact}"
        headers = {"x-amz-server-side-encryption": "aws:kms"}
        return {"s3Url": url, "requestHeaders": headers, "codeArtifactId": artifact}

    @stateful
    def create_scan(
        self,
        resource_id: dict[str, Any],
        scan_name: str,
        client_token: str | None = None,
        scan_type: str = "Standard",
        analysis_type: str = "Security",
        tags: dict[str, str] | None = None,
    ) -> Reply:
        """A scan of a known name is run again, when its last run has ended."""
        artifact = resource_id["codeArtifactId"]
        run = self.world.new_id(*_parts("run", client_token))
        asked = {"scanName": scan_name, "resourceId": resource_id, "scanType": scan_type, "analysisType": analysis_type}
        params: dict[str, Any] = {**asked, "runId": run, "tags": tags or {}}
        if client_token:
            params["clientToken"] = client_token
        with self.world.lock:
            if artifact not in self._artifacts:
                message = "No code has this id: ask CreateUploadUrl for one."
                raise self.error("ResourceNotFoundException", message, resourceId=artifact, resourceType="CodeArtifact")
            if (archived := self._runs.get(f"{scan_name}\n{run}")) is not None:
                return {name: archived[name] for name in _CREATED if name in archived}
            old = self.keepers["Scan"].find(params)
            if old is not None and old["members"]["runId"] != run:
                self._archive(old)
                params["numberOfRevisions"] = old["members"]["numberOfRevisions"] + 1
                params["tags"] = {**old["tags"], **params["tags"]}
            return self.kept["CreateScan"](params)

    def _archive(self, scan: Record) -> None:
        """Make room for a new run of a scan; the one that has ended can still be asked for."""
        members = scan["members"]
        if self.world.clock.now() - scan["since"] < timedelta(seconds=_SCAN):
            message = "The scan is InProgress; wait until it is done."
            raise self.error("ConflictException", message, resourceId=members["scanName"])
        shown = self.kept["GetScan"]({"scanName": members["scanName"]})
        self._runs[f"{members['scanName']}\n{members['runId']}"] = {**shown, "resourceId": members["resourceId"]}
        self.keepers["Scan"].remove(scan)

    @stateful
    def get_scan(self, scan_name: str, run_id: str | None = None) -> Reply:
        """The last run, or the one that is named."""
        with self.world.lock:
            found = self.keepers["Scan"].find({"scanName": scan_name})
            if found is not None and run_id in (None, found["members"]["runId"]):
                return self.kept["GetScan"]({"scanName": scan_name})
            run = self._runs.get(f"{scan_name}\n{run_id}")
        if run is None:
            message = "The scan has no such run." if found else "There is no scan of this name."
            raise self.error("ResourceNotFoundException", message, resourceId=scan_name)
        return {name: value for name, value in run.items() if name != "resourceId"}

    @stateful
    def get_account_configuration(self) -> Reply:
        """Without a key of the account's own the configuration is empty."""
        return {"encryptionConfig": dict(self._account.get("encryption", {}))}

    @stateful
    def update_account_configuration(self, encryption_config: dict[str, Any]) -> Reply:
        """The key that is used from now on."""
        self._account["encryption"] = dict(encryption_config)
        return {"encryptionConfig": encryption_config}

    @property
    def _artifacts(self) -> Table:
        return self.world.store.table(self.name, "artifact")

    @property
    def _runs(self) -> Table:
        return self.world.store.table(self.name, "run")

    @property
    def _account(self) -> Table:
        return self.world.store.table(self.name, "account")


def _parts(noun: str, token: str | None) -> tuple[str, ...]:
    """What an id depends on: the token of the request, so that asking again gives the same one."""
    return (noun, token) if token else ()
