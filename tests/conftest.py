"""The rig: every contract test runs on each backend that should behave the same."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # tests run side by side: threads of one would wait for the other's

import pytest
from aiservices_mocks import Mock
from hypothesis import HealthCheck, settings

from aiservices import AI, AsyncAI, Settings
from aiservices.backends.aws import AWS
from tests.witness import Proofs, Witness, watching

settings.register_profile(
    "offline", deadline=None, derandomize=True, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("offline")

collect_ignore = ["clients"]
"""Clients have packages of their own: `make check-clients`."""
NO_SKIPS = bool(os.environ.get("AISERVICES_NO_SKIPS"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--aws", action="store_true", help="run the contract tests on real AWS too; this costs money")
    parser.addoption(
        "--operations",
        choices=("check", "write"),
        help="hold the table of operations against what a whole run of the tests shows, or write it",
    )


def pytest_configure(config: pytest.Config) -> None:
    wanted = config.getoption("--operations")
    if wanted and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Proofs(write=wanted == "write"))


@pytest.fixture
def witness(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Witness]:
    """What the test shows of the operations, for the table of operations."""
    with watching(monkeypatch) as seen:
        yield seen
    request.node.user_properties.append(("proven", sorted(seen.proven)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """With AISERVICES_NO_SKIPS=1 a skipped test fails: a missing extra must not look like a success."""
    report = yield
    if NO_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped although AISERVICES_NO_SKIPS is set: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The developer's own environment never reaches a test."""
    for name in list(os.environ):
        if name.startswith("AISERVICES_") and name != "AISERVICES_NO_SKIPS":
            monkeypatch.delenv(name)
    if not request.config.getoption("--aws"):
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


class Blocking:
    """An AsyncAI whose coroutines are run to their end, so that the same tests can use it."""

    def __init__(self, ai: AsyncAI, run: Callable[[Any], Any]) -> None:
        self._ai = ai
        self._run = run
        self.costs = ai.costs
        self.scope = ai.scope

    def __getattr__(self, name: str) -> Any:
        return _BlockingProduct(getattr(self._ai, name), self._run)

    def pages(self, operation: Any, **params: Any) -> list[Any]:
        async def collect() -> list[Any]:
            return [item async for item in self._ai.pages(operation.__wrapped__, **params)]

        return list(self._run(collect()))


class _BlockingProduct:
    def __init__(self, product: Any, run: Callable[[Any], Any]) -> None:
        self._product = product
        self._run = run

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._product, name)
        if not callable(method):
            return _BlockingProduct(method, self._run)

        def blocking(*args: Any, **kwargs: Any) -> Any:
            return self._run(method(*args, **kwargs))

        blocking.__wrapped__ = method  # type: ignore[attr-defined]  # functions take attributes
        return blocking


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "rig" in metafunc.fixturenames:
        backends = ["mock", "boto3", "async"]
        if metafunc.config.getoption("--aws"):
            backends.append("aws")
        metafunc.parametrize("rig", backends, indirect=True)


BRIDGED = Settings(region="us-east-1", bucket="staging", role="arn:aws:iam::123456789012:role/staging")


@cache
def boto3_backend() -> AWS:
    """One for all tests: making clients takes most of the time, and they remember nothing of the world behind them."""
    return AWS(BRIDGED)


@pytest.fixture
def mock() -> Mock:
    """The world behind the rig."""
    return Mock(seed=7)


@pytest.fixture
def rig(request: pytest.FixtureRequest, mock: Mock) -> Iterator[Any]:
    with ExitStack() as stack:
        if request.param == "mock":
            yield stack.enter_context(AI(backend=mock))
        elif request.param == "boto3":
            from aiservices_mocks.boto3_bridge import bridge

            stack.enter_context(bridge(mock))
            yield stack.enter_context(AI(backend=boto3_backend(), settings=BRIDGED))
        elif request.param == "async":
            runner = stack.enter_context(asyncio.Runner())
            ai = AsyncAI(backend=mock)
            stack.callback(lambda: runner.run(ai.aclose()))
            yield Blocking(ai, runner.run)
        else:
            yield stack.enter_context(AI(backend="aws"))


@pytest.fixture
def ai(rig: Any) -> Any:
    """An AI on each backend of the rig: the mock, AWS's boto3 answered by the mock, AsyncAI; AWS with --aws."""
    return rig
