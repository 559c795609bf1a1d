"""Who answers a test: its own mock, AWS, or the test's recording."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from aiservices.call import Backend

FOLDER = "cassettes"
_LONGEST = 100


@contextmanager
def opened(request: pytest.FixtureRequest) -> Iterator[Backend]:
    """The backend that the run's options mean, recorded if they say so."""
    word, path = request.config.getoption("--ai-backend"), cassette(request.node, request.config)
    if word == "replay":
        yield _replay(path, request.node.nodeid)
        return
    if word == "mock":
        yield _recorded(request.getfixturevalue("ai_mock"), request.config, path)
        return
    from aiservices.backends import AWS

    aws = AWS()
    try:
        yield _recorded(aws, request.config, path)
    finally:
        aws.close()


def cassette(test: pytest.Item, config: pytest.Config) -> Path:
    """Where a test's recording lives: `<folder>/<test file>/<class>.<test>.jsonl`.

    The folder is `cassettes` beside the test file. With the ini option `ai_cassettes` it is that one, from pytest's
    root, with the folders in it in which the test files are.
    """
    chosen, folder = config.getini("ai_cassettes"), test.path.parent
    if chosen:
        inside = folder.relative_to(config.rootpath) if folder.is_relative_to(config.rootpath) else Path()
        home = config.rootpath / str(chosen) / inside
    else:
        home = folder / FOLDER
    return home / test.path.stem / f"{_name(test)}.jsonl"


def _name(test: pytest.Item) -> str:
    """A file's name for a test; where letters had to go, a digest keeps it apart from others."""
    asked = ".".join(test.nodeid.split("::")[1:])
    name = re.sub(r"[^\w.-]+", "-", asked).strip("-")[:_LONGEST]
    return name if name == asked else f"{name}-{sha256(asked.encode()).hexdigest()[:8]}"


def _recorded(backend: Backend, config: pytest.Config, path: Path) -> Backend:
    if not config.getoption("--ai-record"):
        return backend
    from aiservices.backends import Recording

    return Recording(backend, path)


def _replay(path: Path, name: str) -> Backend:
    from aiservices.backends import Replay

    if not path.exists():
        pytest.fail(
            f"this test has no recording at {path}. Record it on AWS, which costs money: "
            f"pytest --ai-record --ai-backend=aws {name!r}",
            pytrace=False,
        )
    return Replay(path)
