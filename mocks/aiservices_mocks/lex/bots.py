"""Bots and networks of bots, and the aliases under which they are talked to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from aiservices.call import Reply
from aiservices_mocks.resources import Life, Resource
from aiservices_mocks.service import stateful
from aiservices_mocks.store import Record

from .of_bot import DRAFT, OfBot

TEST_ALIAS = "TSTALIASID"
"""The alias of the draft, which every bot has."""
MEMBERS = 5
"""Bots of one network."""


class Bots(OfBot):
    """Bots and their aliases."""

    rows: ClassVar[tuple[Resource, ...]] = (
        Resource(
            "Bot",
            "botId",
            made="{hex10}",
            arn="bot/{botId}",
            unique="botName",
            life=Life("botStatus", (("Creating", 10), ("Available", 0)), (("Updating", 10), ("Available", 0))),
            defaults={"botType": "Bot"},
            quota=100,
            steady=True,
        ),
        Resource(
            "BotAlias",
            "botAliasId",
            made="{hex10}",
            arn="bot-alias/{botId}/{botAliasId}",
            unique="botAliasName",
            parents={"botId": "Bot"},
            life=Life("botAliasStatus", (("Creating", 5), ("Available", 0))),
            steady=True,
            operations={"list": "ListBotAliases"},
        ),
    )

    @stateful
    def create_bot(self, **request: Any) -> Reply:
        """A bot with its draft and the alias to test it by."""
        with self.world.lock:
            self._check_network(request)
            reply = self.keep("CreateBot", request, tags=request.get("bot_tags"))
            named = {"botId": reply["botId"], "botAliasId": TEST_ALIAS}
            test = {**named, "botAliasName": "TestBotAlias", "tags": request.get("test_bot_alias_tags")}
            self._open_alias({**test, "description": "test bot alias", "botVersion": DRAFT})
        return reply

    @stateful
    def update_bot(self, **request: Any) -> Reply:
        """Another description of a bot's draft."""
        with self.world.lock:
            self._check_network(request)
            return self.keep("UpdateBot", request)

    @stateful
    def delete_bot(self, bot_id: str, skip_resource_in_use_check: bool = False) -> Reply:
        """A bot goes, with everything in it."""
        with self.world.lock:
            bot = self.keepers["Bot"].named("DeleteBot", {"botId": bot_id})
            aliases = self.keepers["BotAlias"].all({"botId": bot_id})
            if not skip_resource_in_use_check:
                self._check_unused(bot_id, aliases)
            reply = self.kept["DeleteBot"]({"botId": bot_id})
            self._forget_policies(bot, *aliases)
        return reply

    @stateful
    def create_bot_alias(self, bot_id: str, bot_version: str | None = None, **request: Any) -> Reply:
        """A name for a version."""
        with self.world.lock:
            named = {"botId": bot_id, **({"botVersion": bot_version} if bot_version else {})}
            self._check_version(bot_id, bot_version)
            return self._open_alias({**self.named("CreateBotAlias", request), **named})

    @stateful
    def update_bot_alias(self, bot_id: str, bot_version: str | None = None, **request: Any) -> Reply:
        """A name now leads to another version."""
        with self.world.lock:
            params = self.named("UpdateBotAlias", {"bot_id": bot_id, "bot_version": bot_version, **request})
            alias = self.keepers["BotAlias"].named("UpdateBotAlias", params)
            self._check_version(bot_id, bot_version)
            events = alias["members"]["botAliasHistoryEvents"]
            if bot_version != alias["members"].get("botVersion"):
                now = self.world.clock.now()
                ended = [event if "endDate" in event else {**event, "endDate": now} for event in events]
                events = [*_began(bot_version, now), *ended]
            return self.kept["UpdateBotAlias"]({**params, "botAliasHistoryEvents": events})

    @stateful
    def describe_bot_alias(self, bot_id: str, bot_alias_id: str) -> Reply:
        """An alias, and the networks that its bot is in by it."""
        reply = self.kept["DescribeBotAlias"]({"botId": bot_id, "botAliasId": bot_alias_id})
        networks = self._networks({"botMemberId": bot_id, "botMemberAliasId": bot_alias_id})
        return {**reply, **({"parentBotNetworks": networks} if networks else {})}

    @stateful
    def delete_bot_alias(self, bot_id: str, bot_alias_id: str, skip_resource_in_use_check: bool = False) -> Reply:
        """A name goes; the version stays."""
        with self.world.lock:
            named = {"botId": bot_id, "botAliasId": bot_alias_id}
            alias = self.keepers["BotAlias"].named("DeleteBotAlias", named)
            if bot_alias_id == TEST_ALIAS:
                raise self._unmet("The test alias of a bot can't be deleted.")
            member = {"botMemberId": bot_id, "botMemberAliasId": bot_alias_id}
            if not skip_resource_in_use_check and self._networks(member):
                raise self._conflict("The alias is used by a bot network. Remove it there, then try again.")
            reply = self.kept["DeleteBotAlias"](named)
            self._forget_policies(alias)
        return reply

    def _open_alias(self, members: Mapping[str, Any]) -> Reply:
        events = _began(members.get("botVersion"), self.world.clock.now())
        return self.kept["CreateBotAlias"]({**members, "botAliasHistoryEvents": events})

    def _check_version(self, bot_id: str, version: str | None) -> None:
        self.keepers["Bot"].named("CreateBotAlias", {"botId": bot_id})
        known = self.keepers["BotVersion"].find({"botId": bot_id, "botVersion": version})
        if version not in (None, DRAFT) and known is None:
            raise self._unmet(
                "Failed to retrieve parent resource since it does not exist: the bot has no such version."
            )

    def _check_unused(self, bot_id: str, aliases: Sequence[Record]) -> None:
        users = [alias["members"] for alias in aliases if alias["members"]["botAliasId"] != TEST_ALIAS]
        if users:
            raise self._conflict(f"The bot is used by its alias {users[0]['botAliasName']}. Delete that first.")
        if self.keepers["BotReplica"].all({"botId": bot_id}):
            raise self._conflict("The bot is replicated in another region. Delete its replica first.")
        if self._networks({"botMemberId": bot_id}):
            raise self._conflict("The bot is used by a bot network. Remove it there first.")

    def _check_network(self, request: Mapping[str, Any]) -> None:
        """The members of a network of bots are there."""
        members = request.get("bot_members") or ()
        if members and request.get("bot_type") != "BotNetwork":
            raise self._invalid("Only a bot of the type BotNetwork has members.")
        if len(members) > MEMBERS:
            raise self._full(f"The network has {len(members)} bots, at most {MEMBERS}.")
        for member in members:
            named = {"botId": member["botMemberId"], "botAliasId": member["botMemberAliasId"]}
            if self.keepers["BotAlias"].find(named) is None:
                raise self._unmet(f"The bot {member['botMemberName']} has no alias {member['botMemberAliasId']}.")


def _began(version: str | None, now: Any) -> list[dict[str, Any]]:
    return [{"botVersion": version, "startDate": now}] if version else []
