"""pytest's fixtures: a typed client, raw boto3 or a server, answered by a world that each test has for its own.

Loaded by pytest itself, in every suite of an environment: it imports nothing of aiservices until a fixture is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from aiservices import AI
    from aiservices.call import Backend
    from aiservices.server import Server

    from .backend import Mock
    from .pytest_bill import Bill

_MARKERS = (
    "ai_seed(seed): the seed of the test's mock; without it, 0",
    "ai_fault(what, how, *args, passes=0, **options_and_members): let calls of the mock fail: how is AWS's code, "
    "as mock.on(what, **members).fails(code, **options), or a method of its rules such as 'takes' or 'job_hangs'",
)
_BILL = pytest.StashKey["Bill"]()
_BILLS = "aiservices_bill"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Who answers, what is recorded, and whether AWS may be reached."""
    group = parser.getgroup("aiservices")
    group.addoption(
        "--ai-backend",
        choices=("mock", "replay", "aws"),
        default="mock",
        help="who answers the fixtures ai, ai_boto3 and ai_server: a fresh mock for each test, the test's recording, "
        "or AWS, which costs money",
    )
    group.addoption(
        "--ai-record", action="store_true", help="record what is asked and answered, for --ai-backend=replay"
    )
    parser.addini("ai_block_network", "refuse connections to AWS's hosts", type="bool", default=False)
    parser.addini("ai_cassettes", "the folder of recordings (default: cassettes/ beside each test file)", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Name the markers; close the network, if the suite wants it closed."""
    for marker in _MARKERS:
        config.addinivalue_line("markers", marker)
    backend = config.getoption("--ai-backend")
    if backend == "replay" and config.getoption("--ai-record"):
        raise pytest.UsageError("--ai-record records a mock or AWS: --ai-backend=replay has recordings already")
    if config.getini("ai_block_network") and backend != "aws":
        from .pytest_network import closed

        stack = ExitStack()
        stack.enter_context(closed())
        config.add_cleanup(stack.close)


@pytest.fixture
def ai_mock(request: pytest.FixtureRequest) -> Iterator[Mock]:
    """The test's own world: to script, to move its clock, to look at its calls and objects."""
    backend = request.config.getoption("--ai-backend")
    if backend != "mock":
        pytest.skip(f"this test asks for the mock, and --ai-backend={backend} has none")
    from . import Mock

    seed = request.node.get_closest_marker("ai_seed")
    mock = Mock(seed=seed.args[0] if seed else 0, s3=_objects(request))
    for fault in reversed(list(request.node.iter_markers("ai_fault"))):  # the test's own are asked first
        _begin(mock, *fault.args, **fault.kwargs)
    yield mock
    _bill(request.config).add(mock)


def _objects(request: pytest.FixtureRequest) -> Any:
    """Of a test that asks for the server, what holds the server's objects: the mock's are the same."""
    if "ai_server" not in request.fixturenames:
        return None
    from .pytest_server import objects

    return objects(request.getfixturevalue("_ai_empty_server"))


@pytest.fixture
def _ai_backend(request: pytest.FixtureRequest) -> Iterator[Backend]:
    """One for all fixtures of a test."""
    if request.config.getoption("--ai-backend") != "mock" and request.node.get_closest_marker("ai_fault"):
        pytest.skip("this test has faults (ai_fault), which the mock alone makes")
    from .pytest_backends import opened

    with opened(request) as backend:
        yield backend


@pytest.fixture
def ai(_ai_backend: Backend) -> Iterator[AI]:
    """A typed client over the test's own world, over its recording or over AWS, as --ai-backend says."""
    from aiservices import AI

    with AI(backend=_ai_backend) as ai:
        yield ai


@pytest.fixture
def ai_boto3(request: pytest.FixtureRequest) -> Iterator[Mock | None]:
    """Every boto3 client of the process is answered as --ai-backend says; gives the test's own world, if it has one."""
    options = request.config.option
    if options.ai_backend == "aws" and not options.ai_record:
        yield None
        return
    from .boto3_bridge import bridge

    backend = request.getfixturevalue("_ai_backend")
    with bridge(backend):
        yield request.getfixturevalue("ai_mock") if options.ai_backend == "mock" else None


@pytest.fixture(scope="session")
def _ai_running_server() -> Iterator[Server]:
    """One for the whole session, in each worker of pytest-xdist."""
    from .pytest_server import running

    with running() as server:
        yield server


@pytest.fixture
def _ai_empty_server(_ai_running_server: Server) -> Server:
    """Before anything of the test is put into it."""
    from .pytest_server import emptied

    return emptied(_ai_running_server)


@pytest.fixture
def ai_server(request: pytest.FixtureRequest) -> Server:
    """A server at `ai_server.url` for AWS SDKs of any language and for other programs; its world is the test's own.

    There is one for the whole session. S3 and the like (moto) are empty when a test begins.
    """
    if request.config.getoption("--ai-backend") == "aws":
        pytest.skip("this test asks for the server, which answers from a mock or a recording")
    from .pytest_server import serving

    return serving(request.getfixturevalue("_ai_empty_server"), request.getfixturevalue("_ai_backend"))


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


def _begin(mock: Mock, what: str, how: str, *args: Any, passes: int = 0, **told: Any) -> None:
    """A rule from a marker: options of the rule's method stand among the members of the request."""
    from inspect import signature

    from .script import Rule

    method = how if hasattr(Rule, how) else "fails"
    options = {name: told.pop(name) for name in signature(getattr(Rule, method)).parameters if name in told}
    rule = mock.on(what, **told)
    if passes:
        rule.passes(passes)
    getattr(rule, method)(*(args if method == how else (how, *args)), **options)


def _bill(config: pytest.Config) -> Bill:
    from .pytest_bill import Bill

    return config.stash.setdefault(_BILL, Bill())
