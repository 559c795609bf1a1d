"""What all operations on the parts of a bot share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aiservices.errors import ServiceError
from aiservices_mocks.service import Service
from aiservices_mocks.store import Record

if TYPE_CHECKING:
    from .keeping import LexKeeper

DRAFT = "DRAFT"
"""The version that can be changed."""
BUSY = ("Building", "ReadyExpressTesting")
"""States of a locale in which nothing in it can be changed."""


class Refusing(Service):
    """The errors of Lex by what they mean."""

    def _conflict(self, message: str) -> ServiceError:
        return self.error("ConflictException", message)

    def _missing(self, message: str) -> ServiceError:
        return self.error("ResourceNotFoundException", message)

    def _unmet(self, message: str) -> ServiceError:
        return self.error("PreconditionFailedException", message)

    def _invalid(self, message: str) -> ServiceError:
        return self.error("ValidationException", message)

    def _full(self, message: str) -> ServiceError:
        return self.error("ServiceQuotaExceededException", message)


class OfBot(Refusing):
    """Finds what a request names and changes drafts."""

    @cached_property
    def keepers(self) -> Mapping[str, LexKeeper]:
        """Who keeps the things of each row, by its noun."""
        from aiservices_mocks.keeper import Keepers

        from .keeping import LexKeeper

        return Keepers(self, LexKeeper)

    @contextmanager
    def _editing(self, operation: str, params: Mapping[str, Any]) -> Iterator[Record]:
        """The locale whose draft is changed: by nobody else meanwhile, and not built any more afterwards."""
        keeper = self.keepers["BotLocale"]
        with self.world.lock:
            locale = self._free(operation, params)
            yield locale
            if keeper.status(locale) in ("Built", "Failed"):
                keeper.enter(locale, ("NotBuilt", 0.0))

    def _free(self, operation: str, params: Mapping[str, Any]) -> Record:
        """The locale that a request names, if nothing is being done with it."""
        keeper = self.keepers["BotLocale"]
        locale = keeper.named(operation, params)
        status = keeper.status(locale)
        if status in BUSY:
            name = locale["members"]["localeId"]
            raise self._conflict(f"The locale {name} is {status}. Wait until that is done, then try again.")
        return locale

    def _networks(self, wanted: Mapping[str, str]) -> list[dict[str, str]]:
        """The networks, and versions of networks, with a member that has these members."""
        drafts, versions = self.keepers["Bot"].all({"botType": "BotNetwork"}), self.keepers["BotVersion"].all({})
        return [
            {"botId": one["members"]["botId"], "botVersion": one["members"].get("botVersion", DRAFT)}
            for one in (*drafts, *versions)
            if any(wanted.items() <= member.items() for member in one["members"].get("botMembers", ()))
        ]

    def _forget_policies(self, *records: Record) -> None:
        policies = self.keepers["ResourcePolicy"]
        for record in records:
            if (policy := policies.find({"resourceArn": record["arn"]})) is not None:
                policies.remove(policy)
