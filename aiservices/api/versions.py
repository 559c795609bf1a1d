"""Which botocore the models came from, and which is installed."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version

from .model import Service


def numbers(version: str) -> tuple[int, ...]:
    """`1.44.5` as something that compares as versions do."""
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def newer_installed(service: Service) -> str:
    """For the end of a message about a name that the model lacks: what AWS may have added since; else nothing.

    It reads the version only: botocore is not imported.
    """
    installed = _installed()
    if numbers(installed) <= numbers(service.botocore):
        return ""
    return (
        f". The installed botocore {installed} is newer than this library's models ({service.botocore}): "
        "if AWS has added it since, pip install -U aiservices"
    )


@cache
def _installed() -> str:
    return version("botocore")
