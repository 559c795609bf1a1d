"""CodeGuru Profiler: profiling groups, who is told of anomalies, who may send profiles."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aiservices.call import Reply
from aiservices_mocks.resources import Resource
from aiservices_mocks.service import stateful
from aiservices_mocks.store import Record, Table

from .profiles import Profiles

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


class CodeGuruProfiler(Profiles):
    """Groups and their settings; `Profiles` has the profiles."""

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
        asked = {"include_description": include_description, "max_results": max_results, "next_token": next_token}
        with self.world.lock:
            reply = self.keep("ListProfilingGroups", asked)
            if not include_description:
                return reply
            read = self.kept["DescribeProfilingGroup"]
            groups = [read({"profilingGroupName": name})["profilingGroup"] for name in reply["profilingGroupNames"]]
        return {**reply, "profilingGroupNames": [], "profilingGroups": groups}

    @stateful
    def delete_profiling_group(self, profiling_group_name: str) -> Reply:
        """Its channels, its policy and its profiles go with it."""
        with self.world.lock:
            reply = self.kept["DeleteProfilingGroup"]({"profilingGroupName": profiling_group_name})
            self._channels.pop(profiling_group_name, None)
            self._policies.pop(profiling_group_name, None)
            self.forget(profiling_group_name)
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
            group = self._group(profiling_group_name)
            members, asked = group["members"], {"latestAgentOrchestratedAt": self.world.clock.now()}
            status = {**members["profilingStatus"], **asked}
            self.keepers["ProfilingGroup"].change(group, {"profilingStatus": status})
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


def _channels(known: Mapping[str, Any]) -> Reply:
    return {"notificationConfiguration": {"channels": list(known.values())} if known else {}}
