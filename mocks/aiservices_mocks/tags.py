"""Tags as services write them, and the three operations that change and show them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from aiservices.api.model import Operation, Shape, load
from aiservices.call import Reply

if TYPE_CHECKING:
    from .service import Service
    from .store import Record

MOST = 50
"""Tags of one resource."""


def as_dict(tags: Any) -> dict[str, str]:
    """Tags from a list of keys and values, or from a map."""
    if isinstance(tags, Mapping):
        return dict(tags)
    pairs = ({name.lower().removeprefix("tag"): part for name, part in tag.items()} for tag in tags or ())
    return {pair["key"]: pair.get("value", "") for pair in pairs}


def as_shape(tags: Mapping[str, str], shape: Shape) -> Any:
    """Tags as the model writes them."""
    if shape.type == "map":
        return dict(tags)
    key, value = (next(n for n in shape.member.members if n.lower().endswith(word)) for word in ("key", "value"))
    return [{key: name, value: content} for name, content in tags.items()]


class Tags:
    """TagResource, UntagResource and ListTagsForResource of one service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._model = load(service.name)

    def operations(self) -> Iterator[tuple[str, Callable[[Mapping[str, Any]], Reply]]]:
        """The operations it answers."""
        acts = {"TagResource": self._tag, "UntagResource": self._untag, "ListTagsForResource": self._list}
        for name, act in acts.items():
            if name in self._model.operations:
                yield name, act

    def _tag(self, params: Mapping[str, Any]) -> Reply:
        given = as_dict(params.get("Tags", params.get("tags")))
        with self._service.world.lock:
            record = self._tagged("TagResource", params)
            merged = {**record["tags"], **given}
            if len(merged) > MOST:
                codes = [code for code in self._model.operations["TagResource"].errors if "TooManyTags" in code]
                code = codes[0] if codes else self._bad("TagResource")
                raise self._service.error(code, f"{len(merged)} tags, at most {MOST}")
            record["tags"] = merged
        return {}

    def _untag(self, params: Mapping[str, Any]) -> Reply:
        keys = set(params.get("TagKeys", params.get("tagKeys", ())))
        with self._service.world.lock:
            record = self._tagged("UntagResource", params)
            record["tags"] = {key: value for key, value in record["tags"].items() if key not in keys}
        return {}

    def _list(self, params: Mapping[str, Any]) -> Reply:
        operation = self._model.operations["ListTagsForResource"]
        record = self._tagged(operation.name, params)
        reply: Reply = {}
        for name, shape in operation.output.members.items() if operation.output else ():
            if name.lower() == "tags" and (record["tags"] or not shape.min):
                reply[name] = as_shape(record["tags"], shape)
            elif name.lower() == "resourcearn":
                reply[name] = record["arn"]
        return reply

    def _tagged(self, operation: str, params: Mapping[str, Any]) -> Record:
        arn = next(value for name, value in params.items() if name.lower() == "resourcearn")
        for keeper in self._service.keepers.values():
            record = keeper.by_arn(arn)
            if record is not None:
                return record
        codes = [code for code in self._errors(operation) if "NotFound" in code or "Unavailable" in code]
        raise self._service.error(codes[0] if codes else self._bad(operation), "No resource has this ARN.")

    def _errors(self, operation: str) -> Mapping[str, Shape]:
        model: Operation = self._model.operations[operation]
        return model.errors

    def _bad(self, operation: str) -> str:
        return next((code for code in self._errors(operation) if "BadRequest" in code), "ValidationException")
