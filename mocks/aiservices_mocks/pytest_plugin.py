"""pytest's fixtures: a typed client or raw boto3, answered by a world that each test has for its own.

Loaded by pytest itself, in every suite of an environment: it imports nothing of aiservices until a fixture is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from aiservices import AI

    from .backend import Mock
    from .pytest_bill import Bill

_MARKERS = (
    "ai_seed(seed): the seed of the test's mock; without it, 0",
    "ai_fault(what, code, times=None, rate=1, **members): make calls of the test's mock fail, as "
    "mock.on(what, **members).fails(code, times=times, rate=rate)",
)
_BILL = pytest.StashKey["Bill"]()
_BILLS = "aiservices_bill"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Who answers, and whether AWS may be reached."""
    group = parser.getgroup("aiservices")
    group.addoption(
        "--ai-backend",
        choices=("mock", "aws"),
        default="mock",
        help="who answers the fixtures ai and ai_boto3: a fresh mock for each test, or AWS, which costs money",
    )
    parser.addini("ai_block_network", "refuse connections to AWS's hosts", type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Name the markers; close the network, if the suite wants it closed."""
    for marker in _MARKERS:
        config.addinivalue_line("markers", marker)
    if config.getini("ai_block_network") and config.getoption("--ai-backend") == "mock":
        from .pytest_network import closed

        stack = ExitStack()
        stack.enter_context(closed())
        config.add_cleanup(stack.close)


@pytest.fixture
def ai_mock(request: pytest.FixtureRequest) -> Iterator[Mock]:
    """The test's own world: to script, to move its clock, to look at its calls and objects."""
    if request.config.getoption("--ai-backend") != "mock":
        pytest.skip("this test asks for the mock, and --ai-backend=aws has none")
    from . import Mock

    seed = request.node.get_closest_marker("ai_seed")
    mock = Mock(seed=seed.args[0] if seed else 0)
    for fault in request.node.iter_markers("ai_fault"):
        what, code = fault.args
        told = {name: fault.kwargs[name] for name in ("times", "rate", "message") if name in fault.kwargs}
        mock.on(what, **{k: v for k, v in fault.kwargs.items() if k not in told}).fails(code, **told)
    yield mock
    _bill(request.config).add(mock)


@pytest.fixture
def ai(request: pytest.FixtureRequest) -> Iterator[AI]:
    """A typed client over the test's own world, or over AWS with --ai-backend=aws."""
    from aiservices import AI

    on_aws = request.config.getoption("--ai-backend") == "aws"
    with AI(backend="aws" if on_aws else request.getfixturevalue("ai_mock")) as ai:
        yield ai


@pytest.fixture
def ai_boto3(request: pytest.FixtureRequest) -> Iterator[Mock | None]:
    """Every boto3 client of the process is answered by the test's own world, which it gives; None on AWS."""
    if request.config.getoption("--ai-backend") == "aws":
        yield None
        return
    from .boto3_bridge import bridge

    with bridge(request.getfixturevalue("ai_mock")) as mock:
        yield mock


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of pytest-xdist hands its bill to the one that reports."""
    bill, output = session.config.stash.get(_BILL, None), getattr(session.config, "workeroutput", None)
    if bill is not None and output is not None:
        output[_BILLS] = bill.told()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add up what a worker of pytest-xdist handed in."""
    told = getattr(node, "workeroutput", {}).get(_BILLS)
    if told is not None:
        _bill(node.config).add_told(told)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """How many calls the mocks answered, and what AWS would have billed for them."""
    bill = config.stash.get(_BILL, None)
    if bill is not None and bill.calls:
        terminalreporter.write_line(f"aiservices: {bill}")


def _bill(config: pytest.Config) -> Bill:
    from .pytest_bill import Bill

    return config.stash.setdefault(_BILL, Bill())
