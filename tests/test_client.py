"""AI and AsyncAI: opening, routing, scopes, closing, cancelling."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any, cast

import pytest
from aiservices_mocks import Clock, Mock

from aiservices import AI, AsyncAI, Settings
from aiservices.call import PRODUCTS, Call, Event, Reply, note
from aiservices.errors import DeadlineExceededError, InvalidCallError, ServiceFaultError, ThrottledError


class Plain:
    """A backend that remembers its calls and answers nothing."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.closed = False

    def send(self, call: Call) -> Reply:
        self.calls.append(call)
        return {"ResponseMetadata": {"RequestId": "1"}}

    def close(self) -> None:
        self.closed = True


def test_twelve_products() -> None:
    ai = AI(backend="mock")
    assert len(PRODUCTS) == 12
    for product in PRODUCTS:
        assert dir(getattr(ai, product))
    assert ai.comprehend is ai.comprehend


@pytest.mark.parametrize(
    ("backend", "message"),
    [
        ("mok", 'did you mean "mock"'),
        ({"poly": "mock"}, 'did you mean "polly"'),
        (42, "with send"),
        (Mock, "the class Mock: make one"),
        ({3: "mock"}, 'no product "3"'),
    ],
)
def test_a_wrong_backend_says_what_is_right(backend: Any, message: str) -> None:
    with pytest.raises(InvalidCallError, match=message):
        AI(backend=backend)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"settings": "eu-west-1"}, "settings is a Settings"),
        ({"observers": [print]}, "an observer has see"),
        ({"observers": 1}, "a list"),
    ],
)
def test_wrong_arguments_say_what_is_right(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidCallError, match=message):
        AI("mock", **arguments)


@pytest.mark.parametrize("settings", [{"attempts": "3"}, {"attempts": 0}, {"timeout": "1"}, {"concurrency": True}])
def test_wrong_settings_say_what_to_give(settings: dict[str, Any]) -> None:
    with pytest.raises(InvalidCallError, match=next(iter(settings))):
        Settings(**settings)


def test_a_wrong_product_says_what_is_right() -> None:
    with pytest.raises(AttributeError, match='did you mean "comprehend"'):
        _ = AI(backend="mock").comprehnd  # type: ignore[attr-defined]  # the test stands in for it, or misspells it


def test_a_dict_routes_by_product_and_the_products_s3_goes_along() -> None:
    polly, rest = Plain(), Mock()
    with AI(backend={"polly": polly, "*": rest}) as ai:
        ai.polly.list_lexicons()
        ai.polly._caller.send("s3", "ListBuckets", {})
        ai.comprehend.detect_syntax(text="Fine.", language_code="en")
    assert [call.name for call in polly.calls] == ["polly.ListLexicons", "s3.ListBuckets"]
    rest.calls("comprehend").times(1)


def test_a_dict_without_the_product_says_so() -> None:
    with pytest.raises(InvalidCallError, match="polly"):
        _ = AI(backend={"textract": "mock"}).polly


def test_the_environment_chooses_and_arguments_win(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISERVICES_BACKEND", "mock")
    monkeypatch.setenv("AISERVICES_ATTEMPTS", "2")
    assert "Mock" in repr(AI())
    assert AI().settings.attempts == 2
    assert "AWS" in repr(AI("aws"))
    assert AI(settings=Settings(attempts=3)).settings.attempts == 3


@pytest.mark.parametrize(
    ("name", "value"), [("ATTEMPTS", "many"), ("ATTEMPTS", "0"), ("FIPS", "perhaps"), ("TIMEOUT", "-1")]
)
def test_a_wrong_environment_says_what_to_give(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"AISERVICES_{name}", value)
    with pytest.raises(ValueError, match=name.lower() if value in ("0", "-1") else name):
        AI("mock")


def test_closing_closes_what_was_opened_by_name_only() -> None:
    given = Plain()
    with AI(backend=given) as ai:
        ai.polly.list_lexicons()
    assert not given.closed


def test_closing_twice_is_fine_and_a_backend_opened_by_name_is_closed_once() -> None:
    ai = AI(backend={"polly": "aws", "comprehend": "aws", "*": "mock"}, settings=Settings(region="us-east-1"))
    opened = ai._opened["aws"]
    closed: list[bool] = []
    opened.close = lambda: closed.append(True)  # type: ignore[attr-defined]  # the test stands in for it, or misspells it
    ai.close()
    ai.close()
    with ai:
        pass
    assert closed == [True]


@pytest.mark.parametrize("backend", ["mock", "aws", Plain()], ids=["mock", "aws", "given"])
def test_use_after_closing_says_so(backend: Any) -> None:
    with AI(backend=backend, settings=Settings(region="us-east-1", backend="mock")) as ai:
        polly = ai.polly
        voices = ai.pages(polly.describe_voices)
    for use in (
        polly.list_lexicons,  # handed out before
        lambda: ai.translate.list_terminologies(),  # first touched now
        lambda: ai.comprehend.sentiment("fine", language_code="en"),
        lambda: next(voices),
    ):
        with pytest.raises(InvalidCallError, match="this client is closed"):
            use()
    assert ai.costs.calls == 0


def test_a_backend_that_was_given_works_on_under_another_client() -> None:
    mock = Mock()
    with AI(backend=mock) as ai:
        ai.polly.put_lexicon(name="W3C", content=LEXICON)
    with AI(backend=mock) as ai:
        assert [one.name for one in ai.polly.list_lexicons().lexicons] == ["W3C"]


def test_a_scope_gives_tags_and_key_to_the_calls_inside() -> None:
    backend = Plain()
    ai = AI(backend=backend)
    with ai.scope(key="user-1", tags={"team": "a"}), ai.scope(tags={"job": "b"}):
        ai.polly.list_lexicons()
    ai.polly.list_lexicons()
    inside, outside = backend.calls
    assert (inside.key, inside.tags) == ("user-1", {"team": "a", "job": "b"})
    assert (outside.key, outside.tags) == (None, {})


def test_a_deadline_ends_the_retries_and_takes_no_time() -> None:
    mock = Mock(clock=Clock.auto())
    mock.on("polly.ListLexicons").fails("ThrottlingException", times=100)
    ai = AI(backend=mock, settings=Settings(attempts=20))
    with ai.scope(deadline=5), pytest.raises(DeadlineExceededError):
        ai.polly.list_lexicons()
    assert 1 < len(list(mock.calls("polly.ListLexicons"))) < 20


def test_the_inner_deadline_never_outlasts_the_outer() -> None:
    backend = Plain()
    ai = AI(backend=backend)
    with ai.scope(deadline=1):
        ai.polly.list_lexicons()
        with ai.scope(deadline=1000):
            ai.polly.list_lexicons()
    outer, inner = (call.deadline for call in backend.calls)
    assert outer == inner


def test_retries_are_noted_and_the_last_error_is_raised() -> None:
    mock = Mock()
    mock.on("polly.ListLexicons").fails("ThrottlingException", times=2)
    assert AI(backend=mock).polly.list_lexicons().meta.attempts == 3
    mock.on("polly.ListLexicons").fails("ThrottlingException", times=10)
    with pytest.raises(ThrottledError):
        AI(backend=mock).polly.list_lexicons()


def test_an_observer_sees_attempts_and_the_call_and_may_fail(caplog: pytest.LogCaptureFixture) -> None:
    events: list[Event] = []

    class Watch:
        def see(self, event: Event) -> None:
            events.append(event)
            raise RuntimeError("a broken observer")

    mock = Mock()
    mock.on("polly.ListLexicons").fails("ServiceFailureException", times=1)
    AI(backend=mock, observers=[Watch()]).polly.list_lexicons()
    assert [(event.kind, type(event.error)) for event in events] == [
        ("attempt", ServiceFaultError),
        ("attempt", type(None)),
        ("call", type(None)),
    ]
    assert events[-1].attempts == 2
    assert "observer failed" in caplog.text


def test_many_threads_share_one_client() -> None:
    with AI(backend="mock") as ai:
        failures: list[Exception] = []

        def work(number: int) -> None:
            try:
                ai.polly.put_lexicon(name=f"L{number}", content=LEXICON)
                ai.polly.get_lexicon(name=f"L{number}")
            except Exception as error:  # noqa: BLE001 - shown below
                failures.append(error)

        threads = [threading.Thread(target=work, args=(n,)) for n in range(32)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures
        assert len(ai.polly.list_lexicons().lexicons) == 32
        assert ai.costs.calls == 65


def test_products_first_touched_by_many_threads_are_the_same() -> None:
    for _ in range(5):
        ai, gate = AI(backend=Plain()), threading.Barrier(12)

        def touch(number: int, ai: AI = ai, gate: threading.Barrier = gate) -> tuple[str, Any]:
            gate.wait()
            name = list(PRODUCTS)[number % 3]
            return name, getattr(ai, name)

        with ThreadPoolExecutor(12) as pool:
            touched = list(pool.map(touch, range(12)))
        assert len({(name, id(product)) for name, product in touched}) == 3
        assert len(ai._stack._arms) == 1, "one retry policy, with one budget, over one backend"


def test_backends_of_one_client_share_the_retry_budget() -> None:
    ai = AI(backend={"polly": Plain(), "*": Plain()})
    assert ai.polly is not None
    assert ai.comprehend is not None
    one, other = (cast(Any, arm) for arm in ai._stack._arms.values())
    assert one.budget is other.budget


LEXICON = """<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en-US">
<lexeme><grapheme>W3C</grapheme><alias>World Wide Web Consortium</alias></lexeme></lexicon>"""


def test_async_answers_as_sync_does() -> None:
    async def ask() -> Any:
        async with AsyncAI(backend=Mock(seed=3)) as ai:
            with ai.scope(tags={"team": "a"}):
                reply = await ai.comprehend.detect_sentiment(text="Lovely!", language_code="en")
            assert ai.costs.by_tag("team")["a"] == ai.costs.would_cost > Decimal(0)
            return reply

    reply = AI(backend=Mock(seed=3)).comprehend.detect_sentiment(text="Lovely!", language_code="en")
    assert asyncio.run(ask()).sentiment_score == reply.sentiment_score


def test_async_knows_no_other_product() -> None:
    with pytest.raises(AttributeError, match='did you mean "textract"'):
        _ = AsyncAI(backend="mock").textrac  # type: ignore[attr-defined]  # the test stands in for it, or misspells it


def test_a_cancelled_await_returns_at_once_and_starts_no_further_attempt() -> None:
    started, go_on = threading.Event(), threading.Event()
    attempts = []

    class Slow:
        def send(self, call: Call) -> Reply:
            attempts.append(call)
            started.set()
            go_on.wait(10)
            from aiservices.errors import service_error

            raise service_error(call.service, call.operation, "ThrottlingException", "slow down")

    async def main() -> None:
        ai = AsyncAI(backend=Slow())
        task = asyncio.create_task(ai.polly.list_lexicons())  # type: ignore[arg-type]  # the test stands in for it, or misspells it
        await asyncio.to_thread(started.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        go_on.set()
        await ai.aclose()

    asyncio.run(main())
    assert len(attempts) == 1


def test_async_run_takes_anything_that_blocks() -> None:
    async def main() -> int:
        async with AsyncAI(backend="mock") as ai:
            return await ai.run(lambda a, b: a + b, 1, b=2)

    assert asyncio.run(main()) == 3


def test_the_pool_is_bounded() -> None:
    running, most, lock = [0], [0], threading.Lock()
    gate = threading.Barrier(3)

    def work() -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        gate.wait(10)
        with lock:
            running[0] -= 1

    async def main() -> None:
        async with AsyncAI(backend="mock", settings=Settings(concurrency=3)) as ai:
            await asyncio.gather(*(ai.run(work) for _ in range(9)))

    asyncio.run(main())
    assert most == [3]


def test_async_pages_give_the_items_of_all_pages_as_they_are_needed() -> None:
    mock = Mock()
    mock.on("polly.DescribeVoices").returns(
        {"Voices": [{"Id": "Amy"}, {"Id": "Bo"}], "NextToken": "t"}, times=1
    ).returns({"Voices": [{"Id": "Cy"}]}, times=1)

    async def main() -> list[str]:
        async with AsyncAI(backend=mock) as ai:
            names = []
            async for voice in ai.pages(ai.polly.describe_voices, language_code="en-GB"):
                names.append(voice.id)
                mock.calls("polly").times(1 if len(names) < 3 else 2)
            return names

    assert asyncio.run(main()) == ["Amy", "Bo", "Cy"]
    assert [one.params["LanguageCode"] for one in mock.calls("polly")] == ["en-GB", "en-GB"]


def test_async_pages_of_what_has_none_say_so() -> None:
    async def main() -> None:
        async with AsyncAI(backend="mock") as ai:
            async for _ in ai.pages(ai.polly.get_lexicon, name="x"):
                raise AssertionError

    with pytest.raises(InvalidCallError, match="has no pages"):
        asyncio.run(main())


def test_what_waits_for_the_pool_never_starts_once_cancelled() -> None:
    go_on, begun = threading.Event(), threading.Event()
    done: list[int] = []

    def first() -> None:
        begun.set()
        go_on.wait(10)

    async def main() -> None:
        async with AsyncAI(backend="mock", settings=Settings(concurrency=1)) as ai:
            blocking = asyncio.create_task(ai.run(first))
            await asyncio.to_thread(begun.wait, 10)
            waiting = asyncio.create_task(ai.run(done.append, 1))
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            go_on.set()
            await blocking

    asyncio.run(main())
    assert done == []


def test_async_use_after_closing_says_so_and_closing_twice_is_fine() -> None:
    async def main() -> None:
        ai = AsyncAI(backend="mock")
        await ai.polly.list_lexicons()
        await ai.aclose()
        await ai.aclose()
        for use in (ai.polly.list_lexicons, ai.comprehend.list_endpoints, lambda: ai.run(len, "x")):
            with pytest.raises(InvalidCallError, match="this client is closed"):
                await use()

    asyncio.run(main())


def test_async_lists_its_products_and_says_what_it_is() -> None:
    ai = AsyncAI(backend="mock")
    assert set(PRODUCTS) <= set(dir(ai))
    assert repr(ai) == "<AsyncAI *: Mock>"
    asyncio.run(ai.aclose())


def test_the_metadata_says_who_answered() -> None:
    backend = Plain()
    original = backend.send
    backend.send = lambda call: note(original(call), backend="plain")  # type: ignore[method-assign]  # the test stands in for it, or misspells it
    meta = AI(backend=backend).polly.list_lexicons().meta
    assert (meta.backend, meta.attempts) == ("plain", 1)
