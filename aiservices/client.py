"""AI: opens the backends and hands out the twelve products, each over the stack of its backend."""

from __future__ import annotations

import contextvars
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from functools import cached_property, partial
from importlib import import_module
from pathlib import Path
from threading import Event as Flag
from threading import RLock
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from .call import PRODUCTS, SERVICES, Backend, Call, Observer, Reply
from .caller import Caller, current_scope, scope
from .config import Settings
from .errors import InvalidCallError, MissingExtraError, nearest
from .jobs import Job, named_job
from .stack import Stack, clock_of, kind_of

if TYPE_CHECKING:
    from types import TracebackType

    from .api.pages import Pages
    from .backends.cached import Cache
    from .backends.limits import Limits
    from .estimate import Estimate
    from .money.budget import Budget
    from .money.ledger import Ledger
    from .money.prices import PriceBook
    from .money.running import Running
    from .observers.costs import Costs
    from .services import aio
    from .services.codeguru import CodeGuru
    from .services.comprehend import Comprehend
    from .services.forecast import Forecast
    from .services.fraud_detector import FraudDetector
    from .services.kendra import Kendra
    from .services.lex import Lex
    from .services.personalize import Personalize
    from .services.polly import Polly
    from .services.rekognition import Rekognition
    from .services.textract import Textract
    from .services.transcribe import Transcribe
    from .services.translate import Translate

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")

Backends = str | Backend | Mapping[str, str | Backend]
"""A name ("aws", "mock"), a Backend, or one of these per product, `"*"` for the rest."""


class AI:
    """The twelve products over one backend, or over one per product.

    backend: "aws", "mock", any Backend, or a dict of these per product with "*" for the rest; None takes
        `settings.backend` (AISERVICES_BACKEND, else "aws").
    settings: None reads the environment.
    observers: see every event besides the logs and the costs; a `Logs` of yours takes the place of the built-in one.
    prices: what calls are charged: a `PriceBook`, or a price file that goes on top of AWS's list; None is that list.
    ledger: where every call's cost is written down before its reply comes back: a `Ledger`, a file, or a URL of
        PostgreSQL; None: nowhere.
    budgets: what calls may cost. In the ledger they hold across processes; without one, for this client.
    limits: calls a second, as in `Limits()` with AWS's default quotas; None: AWS's throttling alone slows calls down.
    cache: keeps answers that follow from the request alone, as in `Cache("answers.sqlite")`; None: none is kept.

    A context manager; closing closes the backends it opened by name, not those it was given, and ends the use of this
    client. Thread-safe.
    """

    def __init__(
        self,
        backend: Backends | None = None,
        *,
        settings: Settings | None = None,
        observers: Iterable[Observer] = (),
        prices: PriceBook | str | Path | None = None,
        ledger: Ledger | str | Path | None = None,
        budgets: Budget | Iterable[Budget] = (),
        limits: Limits | None = None,
        cache: Cache | None = None,
    ) -> None:
        from .money.prices import PriceBook
        from .observers.costs import Costs
        from .observers.logs import Logs

        if settings is not None and not isinstance(settings, Settings):
            raise InvalidCallError(f"settings is a Settings, as in Settings(region=...), not {kind_of(settings)}")
        self.settings = settings or Settings.from_env()
        if isinstance(prices, str | Path):
            prices = PriceBook.load(prices)
        elif prices is not None and not isinstance(prices, PriceBook):
            raise InvalidCallError(f"prices is a PriceBook or the path of a price file, not {kind_of(prices)}")
        self._prices = prices
        self.costs: Costs = Costs(prices, running=self._running)
        """What the calls of this client cost, billed and saved."""
        if not isinstance(observers, Iterable):
            raise InvalidCallError(f"observers is a list of them, not {kind_of(observers)}")
        given = tuple(observers)
        for observer in given:
            if isinstance(observer, type) or not callable(getattr(observer, "see", None)):
                raise InvalidCallError(f"an observer has see(event); this is {kind_of(observer)}")
        logs = () if any(isinstance(one, Logs) for one in given) else (Logs(),)
        self._stack = Stack(
            self.settings, (*logs, self.costs, *given),
            prices=prices, ledger=ledger, budgets=budgets, limits=limits, cache=cache,
        )  # fmt: skip
        self._lock = RLock()
        self._opened: dict[str, Backend] = {}
        self._callers: list[Caller] = []
        self._closed = False
        chosen = backend if backend is not None else self.settings.backend
        routes = chosen if isinstance(chosen, Mapping) else {"*": chosen}
        for product in routes:
            if product != "*" and product not in PRODUCTS:
                raise InvalidCallError(f'there is no product "{product}"{nearest(str(product), PRODUCTS)}')
        self._routes = {product: self._open(one) for product, one in routes.items()}

    def _open(self, backend: str | Backend) -> Backend:
        if not isinstance(backend, str):
            if isinstance(backend, type) or not callable(getattr(backend, "send", None)):
                raise InvalidCallError(f"a backend is a name, or an object with send(call); this is {kind_of(backend)}")
            over = getattr(backend, "over", None)
            return cast(Backend, over(self._open)) if callable(over) else backend
        if backend not in self._opened:
            if backend not in _OPENERS:
                raise InvalidCallError(
                    f'there is no backend "{backend}"{nearest(backend, _OPENERS)} (known: {", ".join(_OPENERS)})'
                )
            self._opened[backend] = _OPENERS[backend](self.settings)
        return self._opened[backend]

    def _caller(self, product: str) -> Caller:
        """The caller whose calls, S3's included, go to the product's backend."""
        base = self._routes.get(product, self._routes.get("*"))
        if base is None:
            raise InvalidCallError(
                f'no backend is given for "{product}": the dict has {", ".join(self._routes)}; add it, or "*"'
            )
        with self._lock:
            stack = _CLOSED if self._closed else self._stack.over(base)
            caller = Caller(stack, self.settings, clock_of(base), getattr(base, "bucket", None))
            self._callers.append(caller)
        return caller

    def _running(self) -> Running:
        """What is up and costs while it is up; see `Costs.running`."""
        from .money.prices import PriceBook
        from .money.running import running

        def send(service: str, operation: str, params: Mapping[str, Any]) -> Reply:
            return cast(Caller, getattr(self, SERVICES[service])._caller).send(service, operation, params)

        return running(send, self._prices or PriceBook(), [name for name in PRODUCTS if self._serves(name)])

    def _serves(self, product: str) -> bool:
        return product in self._routes or "*" in self._routes

    @cached_property
    def comprehend(self) -> Comprehend:
        """Sentiment, entities, key phrases, languages, syntax and personal data in text."""
        from .services.comprehend import Comprehend

        return Comprehend(self._caller("comprehend"))

    @cached_property
    def forecast(self) -> Forecast:
        """Time series forecasts."""
        from .services.forecast import Forecast

        return Forecast(self._caller("forecast"))

    @cached_property
    def lex(self) -> Lex:
        """Chatbots (Lex V2), their building and their conversations."""
        from .services.lex import Lex

        return Lex(self._caller("lex"))

    @cached_property
    def personalize(self) -> Personalize:
        """Recommendations and ranking."""
        from .services.personalize import Personalize

        return Personalize(self._caller("personalize"))

    @cached_property
    def polly(self) -> Polly:
        """Text to speech."""
        from .services.polly import Polly

        return Polly(self._caller("polly"))

    @cached_property
    def rekognition(self) -> Rekognition:
        """Labels, faces and text in images and video."""
        from .services.rekognition import Rekognition

        return Rekognition(self._caller("rekognition"))

    @cached_property
    def textract(self) -> Textract:
        """Text, tables and forms in documents."""
        from .services.textract import Textract

        return Textract(self._caller("textract"))

    @cached_property
    def transcribe(self) -> Transcribe:
        """Speech to text."""
        from .services.transcribe import Transcribe

        return Transcribe(self._caller("transcribe"))

    @cached_property
    def translate(self) -> Translate:
        """Translation of text and documents."""
        from .services.translate import Translate

        return Translate(self._caller("translate"))

    @cached_property
    def kendra(self) -> Kendra:
        """Enterprise search; `.ranking` re-ranks other engines' results."""
        from .services.kendra import Kendra

        return Kendra(self._caller("kendra"))

    @cached_property
    def codeguru(self) -> CodeGuru:
        """Code reviews (`.reviewer`), profiles (`.profiler`) and security scans (`.security`)."""
        from .services.codeguru import CodeGuru

        return CodeGuru(self._caller("codeguru"))

    @cached_property
    def fraud_detector(self) -> FraudDetector:
        """Fraud scores of events."""
        from .services.fraud_detector import FraudDetector

        return FraudDetector(self._caller("fraud_detector"))

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            hint = "" if name.startswith("_") else nearest(name, PRODUCTS)
            raise AttributeError(f'AI has no product or attribute "{name}"{hint}')

    def scope(
        self, *, key: str | None = None, deadline: float | None = None, tags: Mapping[str, str] | None = None
    ) -> AbstractContextManager[None]:
        """A `with` block whose calls share a routing key, a deadline and cost tags; blocks nest, tags add up.

        key: what a rollout sticks to (a user, a session).
        deadline: seconds from now for all calls inside together.
        """
        changes: dict[str, Any] = {"tags": {**current_scope().tags, **(tags or {})}}
        if key is not None:
            changes["key"] = key
        if deadline is not None:
            outer = current_scope().deadlines
            ends = {id(clock): clock.monotonic() + deadline for clock in map(clock_of, self._routes.values())}
            changes["deadlines"] = {**outer, **{c: min(end, outer.get(c, end)) for c, end in ends.items()}}
        return scope(**changes)

    def pages(self, operation: Callable[P, Any], /, *args: P.args, **params: P.kwargs) -> Pages:
        """The items of an operation that answers page by page, from all its pages; `.pages` are the replies.

            for voice in ai.pages(ai.polly.describe_voices, language_code="en-US"): ...

        Raises InvalidCallError when the operation has no pages.
        """
        from .api.pages import pages

        return pages(operation, *args, **params)

    def job(self, operation: Callable[P, R], /, *args: P.args, **params: P.kwargs) -> Job[R]:
        """A job or a resource with a state, found by its id: also one that another process has begun.

            endpoint = ai.job(ai.comprehend.describe_endpoint, endpoint_arn=arn).wait(progress=True)

        operation: the Get or Describe operation that tells the state; `wait` returns its last reply. Nothing is
        sent yet.
        Raises InvalidCallError when the operation tells no state.
        """
        return named_job(operation, **params)

    def estimate(self, verb: Callable[P, Any], /, *args: P.args, **kwargs: P.kwargs) -> Estimate:
        """What a verb or an operation of a product would cost with these arguments; nothing is sent.

            ai.estimate(ai.textract.read, "folder/").dollars

        Files are read, to count their pages and characters. What only AWS knows has bounds: `low` and `high`.
        Raises what the verb raises for arguments that are wrong.
        """
        from .estimate import estimate
        from .money.prices import PriceBook

        return estimate(self._prices or PriceBook(), self.settings, verb, *args, **kwargs)

    def close(self) -> None:
        """Close the backends that were opened by name; further calls of this client are refused."""
        with self._lock:
            self._closed = True
            for caller in self._callers:
                caller.backend = _CLOSED
            opened, self._opened = self._opened, {}
        for backend in opened.values():
            close = getattr(backend, "close", None)
            if close is not None:
                close()
        self._stack.close()

    def __enter__(self) -> AI:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        routes = ", ".join(f"{product}: {type(backend).__name__}" for product, backend in self._routes.items())
        return f"<AI {routes}>"


class _Closed:
    """Stands where the backends of a closed client stood."""

    def send(self, call: Call) -> Reply:
        """Refuse it."""
        raise InvalidCallError(f"{call.name}: this client is closed; make another one")


_CLOSED = _Closed()


def _open_aws(settings: Settings) -> Backend:
    from .backends.aws import AWS

    return AWS(settings)


def _open_mock(settings: Settings) -> Backend:
    try:
        mocks = import_module("aiservices_mocks")
    except ImportError as missing:
        raise MissingExtraError("The mock backend", "mocks") from missing
    return cast(Backend, mocks.Mock(region=settings.region) if settings.region else mocks.Mock())


_OPENERS: Mapping[str, Callable[[Settings], Backend]] = {"aws": _open_aws, "mock": _open_mock}


class AsyncAI:
    """The same products, with operations and verbs as coroutines over a bounded pool of threads.

    Arguments as `AI`'s. The pool has `settings.concurrency` threads. A cancelled await returns at once: the attempt
    in flight ends and is metered, no further one starts.
    """

    def __init__(
        self,
        backend: Backends | None = None,
        *,
        settings: Settings | None = None,
        observers: Iterable[Observer] = (),
        prices: PriceBook | str | Path | None = None,
        ledger: Ledger | str | Path | None = None,
        budgets: Budget | Iterable[Budget] = (),
        limits: Limits | None = None,
        cache: Cache | None = None,
    ) -> None:
        from concurrent.futures import ThreadPoolExecutor

        self._ai = AI(
            backend, settings=settings, observers=observers, prices=prices, ledger=ledger, budgets=budgets,
            limits=limits, cache=cache,
        )  # fmt: skip
        self.settings = self._ai.settings
        self.costs: Costs = self._ai.costs
        """What the calls of this client cost, billed and saved."""
        self._pool = ThreadPoolExecutor(self.settings.concurrency, thread_name_prefix="aiservices")
        self._products: dict[str, Any] = {}

    if TYPE_CHECKING:
        comprehend: aio.AsyncComprehend
        forecast: aio.AsyncForecast
        lex: aio.AsyncLex
        personalize: aio.AsyncPersonalize
        polly: aio.AsyncPolly
        rekognition: aio.AsyncRekognition
        textract: aio.AsyncTextract
        transcribe: aio.AsyncTranscribe
        translate: aio.AsyncTranslate
        kendra: aio.AsyncKendra
        codeguru: aio.AsyncCodeGuru
        fraud_detector: aio.AsyncFraudDetector
    else:

        def __getattr__(self, name: str) -> Any:
            if name not in PRODUCTS:
                hint = "" if name.startswith("_") else nearest(name, PRODUCTS)
                raise AttributeError(f'AsyncAI has no product or attribute "{name}"{hint}')
            if name not in self._products:
                from .services.aio import AsyncProduct

                self._products[name] = AsyncProduct(getattr(self._ai, name), self.run)
            return self._products[name]

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *PRODUCTS})

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run anything that blocks on the pool: `await ai.run(bot.say, "hi")`. Scopes hold inside."""
        import asyncio

        cancelled = Flag()
        with scope(cancelled=cancelled):
            context = contextvars.copy_context()
        try:
            future = self._pool.submit(context.run, partial(function, *args, **kwargs))
        except RuntimeError as shut:
            raise InvalidCallError("this client is closed; make another one") from shut
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    def scope(
        self, *, key: str | None = None, deadline: float | None = None, tags: Mapping[str, str] | None = None
    ) -> AbstractContextManager[None]:
        """As `AI.scope`."""
        return self._ai.scope(key=key, deadline=deadline, tags=tags)

    async def pages(self, operation: Callable[P, Any], /, *args: P.args, **params: P.kwargs) -> AsyncIterator[Any]:
        """As `AI.pages`: `async for voice in ai.pages(ai.polly.describe_voices): ...`."""
        from .api.pages import pages

        found = pages(getattr(operation, "__wrapped__", operation), *args, **params)
        while (page := await self.run(next, found.pages, None)) is not None:
            for item in found.items(page):
                yield item

    def job(self, operation: Callable[P, Any], /, *args: P.args, **params: P.kwargs) -> Job[Any]:
        """As `AI.job`; waiting blocks: `await ai.run(job.wait)`."""
        return named_job(getattr(operation, "__wrapped__", operation), **params)

    def estimate(self, verb: Callable[P, Any], /, *args: P.args, **kwargs: P.kwargs) -> Estimate:
        """As `AI.estimate`; it does not block for long, and awaits nothing."""
        return self._ai.estimate(getattr(verb, "__wrapped__", verb), *args, **kwargs)

    async def aclose(self) -> None:
        """Wait for what is in flight, then close the backends that were opened by name."""
        import asyncio

        await asyncio.to_thread(self._pool.shutdown)
        self._ai.close()

    async def __aenter__(self) -> AsyncAI:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"<Async{repr(self._ai)[1:]}"
