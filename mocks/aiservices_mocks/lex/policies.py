"""Who may do what with a bot or an alias: policies, whole or by statement."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from aiservices.call import Reply
from aiservices_mocks.resources import Resource
from aiservices_mocks.service import stateful
from aiservices_mocks.store import Record

from .of_bot import OfBot

_CONDITIONS = ("AWS:SourceAccount", "AWS:SourceArn")


class Policies(OfBot):
    """Resource policies; each change gives them the next revision."""

    rows: ClassVar[tuple[Resource, ...]] = (Resource("ResourcePolicy", "resourceArn"),)

    @stateful
    def create_resource_policy(self, resource_arn: str, policy: str) -> Reply:
        """A policy for what has none."""
        with self.world.lock:
            self._check_resource(resource_arn)
            self._statements(policy)
            return self._attach(resource_arn, policy)

    @stateful
    def update_resource_policy(self, resource_arn: str, policy: str, expected_revision_id: str | None = None) -> Reply:
        """Another policy in the place of the one that is there."""
        with self.world.lock:
            record = self._policy_of("UpdateResourcePolicy", resource_arn, expected_revision_id)
            self._statements(policy)
            return self._revise(record, policy)

    @stateful
    def delete_resource_policy(self, resource_arn: str, expected_revision_id: str | None = None) -> Reply:
        """The policy goes."""
        with self.world.lock:
            self._policy_of("DeleteResourcePolicy", resource_arn, expected_revision_id)
            return self.kept["DeleteResourcePolicy"]({"resourceArn": resource_arn})

    @stateful
    def create_resource_policy_statement(
        self,
        resource_arn: str,
        statement_id: str,
        effect: str,
        principal: Sequence[Mapping[str, str]],
        action: Sequence[str],
        condition: Mapping[str, Mapping[str, str]] | None = None,
        expected_revision_id: str | None = None,
    ) -> Reply:
        """One more statement; the first one makes a policy."""
        operation = "CreateResourcePolicyStatement"
        statement = {
            "Sid": statement_id,
            "Effect": effect,
            "Principal": self._principals(principal, condition or {}),
            "Action": list(action),
            "Resource": resource_arn,
            **({"Condition": condition} if condition else {}),
        }
        with self.world.lock:
            self._check_resource(resource_arn)
            if self.keepers["ResourcePolicy"].find({"resourceArn": resource_arn}) is None:
                if expected_revision_id is not None:
                    raise self._unmet("The resource has no policy, so there is no revision of it to expect.")
                return self._attach(resource_arn, _written([statement]))
            record = self._policy_of(operation, resource_arn, expected_revision_id)
            statements = self._statements(record["members"]["policy"])
            if any(one.get("Sid") == statement_id for one in statements):
                raise self._conflict(f"The policy has a statement {statement_id} already.")
            return self._revise(record, _written([*statements, statement]))

    @stateful
    def delete_resource_policy_statement(
        self, resource_arn: str, statement_id: str, expected_revision_id: str | None = None
    ) -> Reply:
        """One statement less; the last one takes the policy with it."""
        operation = "DeleteResourcePolicyStatement"
        with self.world.lock:
            record = self._policy_of(operation, resource_arn, expected_revision_id)
            statements = self._statements(record["members"]["policy"])
            left = [one for one in statements if one.get("Sid") != statement_id]
            if len(left) == len(statements):
                raise self._missing(f"The policy has no statement {statement_id}.")
            if left:
                return self._revise(record, _written(left))
            return self.kept["DeleteResourcePolicy"]({"resourceArn": resource_arn})

    def _attach(self, arn: str, policy: str) -> Reply:
        return self.kept["CreateResourcePolicy"]({"resourceArn": arn, "policy": policy, "revisionId": "1"})

    def _revise(self, record: Record, policy: str) -> Reply:
        revision = str(int(record["members"]["revisionId"]) + 1)
        self.keepers["ResourcePolicy"].change(record, {"policy": policy, "revisionId": revision})
        return {"resourceArn": record["members"]["resourceArn"], "revisionId": revision}

    def _policy_of(self, operation: str, arn: str, expected: str | None) -> Record:
        """The policy of a resource, in the revision that is expected."""
        record = self.keepers["ResourcePolicy"].named(operation, {"resourceArn": arn})
        revision = record["members"]["revisionId"]
        if expected not in (None, revision):
            raise self._unmet(f"The revision of the policy is {revision}, not {expected}. Read it again.")
        return record

    def _check_resource(self, arn: str) -> None:
        if all(self.keepers[noun].by_arn(arn) is None for noun in ("Bot", "BotAlias")):
            raise self._missing("No bot or bot alias has this ARN.")

    def _statements(self, policy: str) -> list[dict[str, Any]]:
        """The statements of a policy."""
        try:
            written = json.loads(policy)
        except (ValueError, RecursionError):
            written = None
        statements = written.get("Statement") if isinstance(written, dict) else None
        found = [statements] if isinstance(statements, dict) else statements
        if not isinstance(found, list) or not found or not all(map(_is_statement, found)):
            raise self._invalid("The policy is not a JSON object with statements that have an Effect and an Action.")
        return found

    def _principals(self, principals: Sequence[Mapping[str, str]], condition: Mapping[str, Any]) -> dict[str, Any]:
        """As a policy writes them; a service must come with conditions on who it acts for."""
        services = [one["service"] for one in principals if "service" in one]
        arns = [one["arn"] for one in principals if "arn" in one]
        if not all(principals):
            raise self._invalid("A principal names a service or an ARN.")
        keys = {key.lower() for block in condition.values() for key in block}
        if services and not {name.lower() for name in _CONDITIONS} <= keys:
            raise self._invalid(f"A service as the principal needs conditions on {' and '.join(_CONDITIONS)}.")
        return {**({"Service": services} if services else {}), **({"AWS": arns} if arns else {})}


def _written(statements: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def _is_statement(statement: Any) -> bool:
    return isinstance(statement, dict) and statement.get("Effect") in ("Allow", "Deny") and "Action" in statement
