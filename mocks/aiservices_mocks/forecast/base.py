"""What the parts of Forecast share: finding what a request names in the state that it must be in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from aiservices.call import Reply, note
from aiservices.errors import ServiceError
from aiservices_mocks.engines.seasonal import ENGINE
from aiservices_mocks.resources import Life, Resource
from aiservices_mocks.service import Service
from aiservices_mocks.store import Record
from aiservices_mocks.views import ENDED, RECORD, View, changed, ended
from aiservices_mocks.world import World

ACTIVE = "ACTIVE"
RUNNING = 3
"""How many imports, predictors, forecasts or exports of one kind can be on their way at a time."""
NOT_ACTIVE = ("CREATE_FAILED", "CREATE_STOPPED")
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def life(pending: float, working: float) -> Life:
    """The states of what is made by a job."""
    return Life(
        "Status",
        (("CREATE_PENDING", pending), ("CREATE_IN_PROGRESS", working), (ACTIVE, 0)),
        stopped=(("CREATE_STOPPING", 30), ("CREATE_STOPPED", 0)),
        failed="CREATE_FAILED",
        reason="Message",
    )


def row(noun: str, kind: str, **says: Any) -> Resource:
    """A row of a resource whose ARN names it."""
    name = f"{noun}Name"
    common = {"made": "{arn}", "arn": f"{kind}/{{{name}}}", "steady": True, "derived": _modified}
    return Resource(noun, f"{noun}Arn", **{**common, **says})


def _modified(view: View) -> dict[str, datetime]:
    """When what has ended was last modified: when it ended, or was changed after that."""
    return {"LastModificationTime": max(ended(view[RECORD]), changed(view[RECORD]))} if view[ENDED] else {}


def invalid(service: Service, message: str) -> ServiceError:
    """The error for a request that cannot be right."""
    return service.error("InvalidInputException", message)


def found(service: Service, noun: str, arn: str, asked: Service | None = None) -> Record:
    """The resource with an ARN. asked: whose error it is when there is none."""
    record = service.keepers[noun].by_arn(arn)
    if record is None:
        raise (asked or service).error("ResourceNotFoundException", f"Could not find the {noun} with ARN {arn}.")
    return record


def ready(service: Service, noun: str, arn: str, asked: Service | None = None) -> Record:
    """The resource with an ARN, of which something is to be made: it must be ACTIVE."""
    asked = asked or service
    record = found(service, noun, arn, asked)
    status = service.keepers[noun].look(record)
    if status in NOT_ACTIVE:
        raise invalid(asked, f"The {noun} {arn} is {status}; it must be {ACTIVE}.")
    if status != ACTIVE:
        raise asked.error("ResourceInUseException", f"The {noun} {arn} is {status}; wait until it is {ACTIVE}.")
    return record


def estimated(service: Service, noun: str, arn: str, operation: str = "") -> Reply:
    """What is shown of a resource; while it is under way it changes, and has minutes that are left."""
    reply = service.keepers[noun].answer("read", operation or f"Describe{noun}", {f"{noun}Arn": arn})
    if reply["Status"] != "CREATE_IN_PROGRESS":
        return reply
    now = service.world.clock.now()
    left = math.ceil((end(found(service, noun, arn)) - now) / timedelta(minutes=1))
    return {**reply, "LastModificationTime": now, "EstimatedTimeRemainingInMinutes": max(left, 0)}


def end(record: Record) -> datetime:
    """When a resource reaches its last state, or reached it."""
    time: datetime = record["since"] + timedelta(seconds=sum(seconds for _, seconds in record["steps"][:-1]))
    return time


def check_running(service: Service, noun: str) -> None:
    """Only a few of a kind are made at a time."""
    keeper = service.keepers[noun]
    busy = ("CREATE_PENDING", "CREATE_IN_PROGRESS")
    if sum(keeper.look(record) in busy for record in keeper.all({})) >= RUNNING:
        raise service.error("LimitExceededException", f"{RUNNING} of {noun} are being created, the most at a time.")


def unique_id(world: World) -> str:
    """A ULID: what AWS puts behind the names of some resources in their ARNs."""
    millis = int(world.clock.now().timestamp() * 1000)
    number = millis << 80 | int(world.new_id().replace("-", ""), 16) & (1 << 80) - 1
    return "".join(_DIGITS[number >> shift & 31] for shift in range(125, -1, -5))


def check_schema(service: Service, schema: Mapping[str, Any]) -> dict[str, str]:
    """The types of a schema's attributes by their names; each has both, and no two have one name."""
    attributes = schema.get("Attributes", ())
    if not all("AttributeName" in attribute and "AttributeType" in attribute for attribute in attributes):
        raise invalid(service, "Every attribute of the schema needs a name and a type.")
    types = {attribute["AttributeName"]: str(attribute["AttributeType"]) for attribute in attributes}
    if len(types) < len(attributes):
        raise invalid(service, "The schema has two attributes of one name.")
    if types.get("timestamp", "timestamp") != "timestamp":
        raise invalid(service, "The attribute timestamp must be of the type timestamp.")
    return types


def moment(service: Service, name: str, text: str) -> datetime:
    """The date and time in a member of a request."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S")
    except ValueError:
        raise invalid(service, f"{name} must be written as yyyy-MM-ddTHH:mm:ss.") from None


def path(config: Mapping[str, Any]) -> str:
    """Where a source or a destination is."""
    return str(config["S3Config"]["Path"])


def noted(reply: Reply) -> Reply:
    """The reply, with the engine that its numbers are from."""
    return note(reply, engine=ENGINE)
