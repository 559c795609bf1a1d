"""What this machine and this account can do: looked at before a program needs it."""

from __future__ import annotations

import platform
import re
import socket
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from . import lifecycle
from .backends.limits import known
from .call import PRODUCTS
from .config import Settings

_SECONDS = 4.0
"""That an endpoint has to take a connection."""
_EXTRA = re.compile(r"^([A-Za-z0-9_.-]+).*extra == ['\"]([a-z]+)['\"]")


class Finding(NamedTuple):
    """One thing that was looked at."""

    state: Literal["ok", "note", "problem"]
    """A problem keeps calls to AWS from working; a note is good to know."""
    what: str
    told: str
    """What was found, and what to do."""


def findings(settings: Settings, *, network: bool = True) -> Iterator[Finding]:
    """Everything that can be looked at, without a secret in it. network: False sends nothing."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("aiservices", "boto3", "botocore", "pydantic"))
    yield Finding("ok", "versions", f"Python {platform.python_version()}, {packages}")
    yield from _extras()
    yield from _account(settings, network)
    told = f"AWS's defaults are in Limits() for {known()} operations, for us-east-1; an account may have others: "
    yield Finding("note", "quotas", f"{told}`aws service-quotas list-service-quotas --service-code textract`")
    for notice in lifecycle.notices():
        yield Finding("note", "lifecycle", f"{notice}; the mock serves it (as of {lifecycle.as_of()})")


def _extras() -> Iterator[Finding]:
    missing: dict[str, list[str]] = defaultdict(list)
    wanted = filter(None, map(_EXTRA.match, requires("aiservices") or ()))
    for package, extra in (found.groups() for found in wanted):
        missing[extra] += [] if package == "aiservices" or _is_installed(package) else [package]
    for extra, packages in missing.items():
        if extra in ("all", "dev"):
            continue
        told = f'lacks {", ".join(packages)}: pip install "aiservices[{extra}]"' if packages else "installed"
        yield Finding("note" if packages else "ok", f"extra [{extra}]", told)


def _is_installed(package: str) -> bool:
    try:
        version(package)
    except PackageNotFoundError:
        return False
    return True


def _account(settings: Settings, network: bool) -> Iterator[Finding]:
    import boto3
    from botocore.exceptions import BotoCoreError

    try:
        session = boto3.Session(profile_name=settings.profile, region_name=settings.region)
        credentials = session.get_credentials()
    except BotoCoreError as error:
        yield Finding("problem", "credentials", str(error))
        return
    region = session.region_name
    if region is None:
        yield Finding("problem", "region", "none is set: Settings(region=...), AWS_REGION, or `aws configure`")
    else:
        yield Finding("ok", "region", region)
    if credentials is None:
        yield Finding("problem", "credentials", "boto3 finds none: `aws configure`, AWS_PROFILE, or a role")
    else:
        yield Finding("ok", "credentials", f"found by boto3's {credentials.method}")
    if network and region is not None:
        if credentials is not None:
            yield _identity(session, settings)
        with ThreadPoolExecutor(len(PRODUCTS)) as pool:
            yield from pool.map(lambda product: _reach(session, settings, product), PRODUCTS)


def _identity(session: Any, settings: Settings) -> Finding:
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    once = Config(connect_timeout=_SECONDS, read_timeout=_SECONDS, retries={"total_max_attempts": 1})
    try:
        client = session.client("sts", endpoint_url=settings.endpoint_url, config=once)
        told = client.get_caller_identity()
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code")
        return Finding("problem", "identity", f"AWS refuses the credentials: {code}")
    except (BotoCoreError, ValueError) as error:
        return Finding("problem", "identity", f"AWS cannot be asked: {type(error).__name__}")
    return Finding("ok", "identity", f"account {told['Account']}, {told['Arn'].rpartition(':')[2].partition('/')[0]}")


def _reach(session: Any, settings: Settings, product: str) -> Finding:
    service = PRODUCTS[product][0]
    endpoint = settings.endpoint_url or session.client(service).meta.endpoint_url
    place = urlsplit(endpoint)
    port = place.port or (443 if place.scheme == "https" else 80)
    try:
        with socket.create_connection((place.hostname, port), _SECONDS):
            return Finding("ok", f"{product} endpoint", f"{place.hostname} takes connections")
    except OSError as error:
        told = f"{place.hostname}:{port} cannot be reached ({type(error).__name__}): the network, or no such region"
        return Finding("problem", f"{product} endpoint", told)
