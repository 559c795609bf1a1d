"""What the operations of Fraud Detector have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiservices.call import Reply
from aiservices.errors import ServiceError
from aiservices_mocks.resources import Verb
from aiservices_mocks.service import Service

from .events import moment


class Asking(Service):
    """Look-ups and errors."""

    def _answer(self, noun: str, verb: Verb, operation: str, params: Mapping[str, Any]) -> Reply:
        given = {name: value for name, value in params.items() if value is not None}
        return self.keepers[noun].answer(verb, operation, given)

    def _wrong(self, message: str) -> ServiceError:
        return self.error("ValidationException", message)

    def _check_event(
        self,
        kind: Mapping[str, Any],
        timestamp: str,
        variables: Mapping[str, str],
        entities: Sequence[Mapping[str, str]],
    ) -> None:
        """An event has a time, and variables and entities that its type knows."""
        if moment(timestamp) is None:
            raise self._wrong("The event timestamp is not a time in UTC in the form of ISO 8601.")
        if unknown := variables.keys() - {*kind["eventVariables"]}:
            raise self._wrong(f"The event type has no variables of the names {', '.join(sorted(unknown))}.")
        if strange := {one["entityType"] for one in entities} - {*kind["entityTypes"]}:
            raise self._wrong(f"The event type has no entity types of the names {', '.join(sorted(strange))}.")
