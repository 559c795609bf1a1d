"""Numbered versions of bots, which stay as they are, and replicas of bots in another region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from aiservices.call import Reply
from aiservices_mocks.listing import descends
from aiservices_mocks.resources import Life, Resource
from aiservices_mocks.service import stateful
from aiservices_mocks.store import Record

from .bots import TEST_ALIAS
from .of_bot import DRAFT, OfBot

_OF_BOT = ("botName", "roleArn", "dataPrivacy", "idleSessionTTLInSeconds", "botType", "botMembers")
_REGIONS = (
    *("af-south-1", "ap-northeast-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2", "ca-central-1"),
    *("eu-central-1", "eu-west-1", "eu-west-2", "us-east-1", "us-west-2"),
)


class Versions(OfBot):
    """Versions and replicas."""

    rows: ClassVar[tuple[Resource, ...]] = (
        Resource(
            "BotVersion",
            "botVersion",
            made="{number}",
            parents={"botId": "Bot"},
            life=Life("botStatus", (("Creating", 10), ("Available", 0))),
            quota=100,
            operations={"list": ""},
        ),
        Resource(
            "BotReplica",
            "replicaRegion",
            parents={"botId": "Bot"},
            life=Life("botReplicaStatus", (("Enabling", 60), ("Enabled", 0))),
        ),
    )

    @stateful
    def create_bot_version(
        self,
        bot_id: str,
        bot_version_locale_specification: Mapping[str, Mapping[str, str]],
        description: str | None = None,
    ) -> Reply:
        """What the draft, or an earlier version, has in some locales, under the next number."""
        with self.world.lock:
            bot = self.keepers["Bot"].named("CreateBotVersion", {"botId": bot_id})
            sources = {locale: one["sourceBotVersion"] for locale, one in bot_version_locale_specification.items()}
            for locale, source in sources.items():
                self._free("CreateBotVersion", {"botId": bot_id, "botVersion": source, "localeId": locale})
            members = {"description": description, "bot_version_locale_specification": bot_version_locale_specification}
            of_bot = {name: bot["members"][name] for name in _OF_BOT if name in bot["members"]}
            reply = self.keep("CreateBotVersion", {"bot_id": bot_id, **members}, **of_bot)
            version = reply["botVersion"]
            for locale, source in sources.items():
                self._copy_locale({"botId": bot_id, "botVersion": source, "localeId": locale}, version)
            self._know_latest(bot)
        return reply

    @stateful
    def describe_bot_version(self, bot_id: str, bot_version: str) -> Reply:
        """A version as the bot was when it was made, and the networks that it is in."""
        reply = self.kept["DescribeBotVersion"]({"botId": bot_id, "botVersion": bot_version})
        networks = self._networks({"botMemberId": bot_id, "botMemberVersion": bot_version})
        return {**reply, **({"parentBotNetworks": networks} if networks else {})}

    @stateful
    def list_bot_versions(self, bot_id: str, **asked: Any) -> Reply:
        """The draft and the numbered versions."""
        params = {"botId": bot_id, **self.named("ListBotVersions", asked)}
        self.keepers["Bot"].named("ListBotVersions", params)
        described = [{**self.kept["DescribeBot"]({"botId": bot_id}), "botVersion": DRAFT}]
        for record in self.keepers["BotVersion"].all({"botId": bot_id}):
            described.append(self.kept["DescribeBotVersion"](record["members"]))
        shown = ("botName", "botVersion", "description", "botStatus", "creationDateTime")
        items = [{name: one[name] for name in shown if name in one} for one in described]
        if "sortBy" in params:
            reverse = descends(params, self.keepers["BotVersion"].row)
            items.sort(key=lambda one: _number(one["botVersion"]), reverse=reverse)
        return {"botId": bot_id, **self.listed("ListBotVersions", params, items, "botVersionSummaries")}

    @stateful
    def delete_bot_version(self, bot_id: str, bot_version: str, skip_resource_in_use_check: bool = False) -> Reply:
        """A version goes, with what was copied into it; its number is not given again."""
        with self.world.lock:
            named = {"botId": bot_id, "botVersion": bot_version}
            self.keepers["BotVersion"].named("DeleteBotVersion", named)
            if not skip_resource_in_use_check:
                self._check_version_unused(named)
            for locale in self.keepers["BotLocale"].all(named):
                self.keepers["BotLocale"].remove(locale)
            reply = self.kept["DeleteBotVersion"](named)
            bot = self.keepers["Bot"].named("DeleteBotVersion", named)
            self._know_latest(bot)
        return reply

    @stateful
    def create_bot_replica(self, bot_id: str, replica_region: str) -> Reply:
        """A copy of a bot that follows it, in another region."""
        if replica_region not in _REGIONS or replica_region == self.world.region:
            raise self._invalid(f"A bot of {self.world.region} can't be replicated in {replica_region}.")
        request = {"bot_id": bot_id, "replica_region": replica_region}
        return self.keep("CreateBotReplica", request, sourceRegion=self.world.region)

    @stateful
    def list_bot_replicas(self, bot_id: str) -> Reply:
        """The regions that a bot is replicated in."""
        reply = self.kept["ListBotReplicas"]({"botId": bot_id})
        return {**reply, "sourceRegion": self.world.region}

    @stateful
    def list_bot_version_replicas(self, **request: Any) -> Reply:
        """How far a replica has the versions of its bot."""
        params = self.named("ListBotVersionReplicas", request)
        replica = self.keepers["BotReplica"].named("ListBotVersionReplicas", params)
        keeper = self.keepers["BotVersion"]
        versions = keeper.all({"botId": params["botId"]})
        versions.sort(key=lambda one: _number(one["members"]["botVersion"]), reverse=descends(params, keeper.row))
        items = [
            {"botVersion": one["members"]["botVersion"], "botVersionReplicationStatus": status, **times}
            for one in versions
            for status, times in [self._replicated(replica, one)]
        ]
        return self._of_replica("ListBotVersionReplicas", "botVersionReplicaSummaries", params, items)

    @stateful
    def list_bot_alias_replicas(self, **request: Any) -> Reply:
        """How far a replica has the aliases of its bot."""
        params = self.named("ListBotAliasReplicas", request)
        replica = self.keepers["BotReplica"].named("ListBotAliasReplicas", params)
        items = []
        for one in self.keepers["BotAlias"].all({"botId": params["botId"]}):
            shown = {name: one["members"][name] for name in ("botAliasId", "botVersion") if name in one["members"]}
            status, times = self._replicated(replica, one)
            changed = max(times["creationDateTime"], one["changed"])
            if shown["botAliasId"] != TEST_ALIAS:
                items.append({**shown, "botAliasReplicationStatus": status, **times, "lastUpdatedDateTime": changed})
        return self._of_replica("ListBotAliasReplicas", "botAliasReplicaSummaries", params, items)

    def _know_latest(self, bot: Record) -> None:
        """Let a bot know its last version."""
        members = {name: value for name, value in bot["members"].items() if name != "latestBotVersion"}
        versions = [one["members"]["botVersion"] for one in self.keepers["BotVersion"].all({"botId": members["botId"]})]
        if versions:
            members["latestBotVersion"] = max(versions, key=_number)
        self.keepers["Bot"].shelf.change(bot, members)

    def _copy_locale(self, source: Mapping[str, str], version: str) -> None:
        """Everything in a locale, in another version too."""
        for noun in ("BotLocale", "Intent", "SlotType", "Slot"):
            for record in self.keepers[noun].all(source):
                self.keepers[noun].copy(record, botVersion=version)

    def _check_version_unused(self, named: Mapping[str, str]) -> None:
        for alias in self.keepers["BotAlias"].all(named):
            raise self._conflict(f"The version is used by the alias {alias['members']['botAliasName']}.")
        if self._networks({"botMemberId": named["botId"], "botMemberVersion": named["botVersion"]}):
            raise self._conflict("The version is used by a bot network. Remove it there first.")

    def _replicated(self, replica: Record, record: Record) -> tuple[str, dict[str, Any]]:
        enabled = self.keepers["BotReplica"].look(replica) == "Enabled"
        return "Available" if enabled else "Creating", {"creationDateTime": max(replica["created"], record["created"])}

    def _of_replica(self, operation: str, member: str, params: Mapping[str, Any], items: list[Any]) -> Reply:
        of = {"botId": params["botId"], "replicaRegion": params["replicaRegion"], "sourceRegion": self.world.region}
        return {**of, **self.listed(operation, params, items, member)}


def _number(version: str) -> float:
    """Where a version stands; the draft comes after all that were made of it."""
    return float("inf") if version == DRAFT else int(version)
