"""The least IAM policy that recorded calls need."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from .backends.cassette import Cassette
from .backends.scrubbing import NOBODY
from .call import SERVICES
from .errors import InvalidCallError

_PREFIXES = {
    "forecastquery": "forecast",
    "lexv2-models": "lex",
    "lexv2-runtime": "lex",
    "personalize-events": "personalize",
    "personalize-runtime": "personalize",
    "codeguruprofiler": "codeguru-profiler",
}
"""Where IAM's prefix is not botocore's name. Source:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html"""
_S3 = {
    "HeadObject": "GetObject",
    "ListObjectsV2": "ListBucket",
    "ListObjects": "ListBucket",
    "HeadBucket": "ListBucket",
}


def policy(path: str | Path) -> dict[str, Any]:
    """A policy document for the calls in a log (lines of `JSONFormatter`) or in a recording.

    Resources are narrowed to what the requests name: ARNs and S3 places of a recording, whose account ids are `*`
    again. A log has no names in it, so its statements are for `*`. What a service does for a job with its own role is
    not in it.
    """
    resources: dict[str, set[str]] = defaultdict(set)
    for name, params in _calls(Path(path)):
        service, _, operation = name.partition(".")
        if service != "s3" and service not in SERVICES:
            continue
        action = _action(service, operation)
        resources[action].update(_s3_resources(action, params) if service == "s3" else _arns(params))
        resources[action] |= set() if resources[action] else {"*"}
    by_resources: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for action, named in resources.items():
        by_resources[tuple(sorted(named - {"*"} or {"*"}))].append(action)
    statements = [
        {"Effect": "Allow", "Action": sorted(actions), "Resource": list(named)}
        for named, actions in sorted(by_resources.items(), key=lambda pair: sorted(pair[1]))
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def _action(service: str, operation: str) -> str:
    if service == "s3":
        return f"s3:{_S3.get(operation, operation)}"
    return f"{_PREFIXES.get(service, service)}:{operation}"


def _calls(path: Path) -> Iterator[tuple[str, Any]]:
    """Names and parameters; a log has only the names."""
    try:
        with path.open(encoding="utf-8") as file:
            first = json.loads(file.readline() or "null")
    except FileNotFoundError:
        raise InvalidCallError(f"there is no log or recording {str(path)!r}") from None
    except ValueError:
        first = None
    if isinstance(first, Mapping) and "cassette" in first:
        yield from ((entry.name, entry.params) for entry in Cassette(path).read())
        return
    found = False
    for line in path.read_text("utf-8").splitlines():
        try:
            told = json.loads(line)
        except ValueError:
            continue  # another program's line
        if isinstance(told, Mapping) and told.get("message") == "call" and "operation" in told:
            found = True
            yield str(told["operation"]), {}
    if not found:
        raise InvalidCallError(f"{str(path)!r} has no calls: give a log of JSONFormatter at level INFO, or a recording")


def _arns(value: Any) -> set[str]:
    """The ARNs that a request names."""
    if isinstance(value, Mapping):
        return set().union(*map(_arns, value.values())) if value else set()
    if isinstance(value, list):
        return set().union(*map(_arns, value)) if value else set()
    if isinstance(value, str) and value.startswith("arn:") and not value.startswith(("arn:aws:iam:", "arn:aws:s3:")):
        return {value.replace(NOBODY, "*")}
    return set()


def _s3_resources(action: str, params: Any) -> Iterable[str]:
    bucket = params.get("Bucket") if isinstance(params, Mapping) else None
    if not isinstance(bucket, str):
        return {"*"}
    if action in ("s3:ListBucket", "s3:CreateBucket"):
        return {f"arn:aws:s3:::{bucket}"}
    folder = str(params.get("Key", "")).rpartition("/")[0]
    return {f"arn:aws:s3:::{bucket}/{folder}/*" if folder else f"arn:aws:s3:::{bucket}/*"}
