"""The outermost backend: what a call took and cost."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from ..call import Backend, Call, Clock, Event, Observer, Reply, WallClock, note, tell
from ..errors import ServiceError, TransportError
from ..money.charge import NOTHING, Charge
from ..money.keeping import Books, Hold
from ..money.meter import Meter
from ..money.prices import PriceBook
from ..money.till import HOLDS, release


class Observed:
    """Times and charges every call and tells the observers one `call` event, whether it was answered or failed.

    clock: None is the backend's own, else the wall's.
    book: whose prices are charged; None takes the list that is shipped.
    meter: what charges the calls; None makes one of the book, to which the month begins with this client.
    books: where calls are written down and their budgets are settled, a `Ledger` for one; None: nowhere.

    The cost is noted on the reply. A failed call costs nothing, and its error is raised as it came.
    """

    def __init__(
        self,
        backend: Backend,
        observers: Iterable[Observer] = (),
        clock: Clock | None = None,
        book: PriceBook | None = None,
        meter: Meter | None = None,
        books: Books | None = None,
    ) -> None:
        self.backend = backend
        self.observers = tuple(observers)
        own = getattr(backend, "clock", None)
        self.clock: Clock = clock or (own if isinstance(own, Clock) else WallClock())
        self._book = book
        self._books = books
        if meter is not None:
            self.meter = meter

    @cached_property
    def meter(self) -> Meter:
        """What charges the calls, and remembers the jobs among them."""
        return Meter(self._book or PriceBook(), self.clock, self._books)

    def send(self, call: Call) -> Reply:
        """The backend's reply, with its cost noted."""
        begin = self.clock.monotonic()
        try:
            reply, booked = (self.backend.send(call), None) if self._books is None else self._booked(call, self._books)
        except BaseException as error:
            seconds = self.clock.monotonic() - begin
            event = Event("call", call, None, error, seconds, _attempts(error), units=NOTHING.units, cost=NOTHING.cost)
            tell(self.observers, event)
            raise
        seconds = self.clock.monotonic() - begin
        units, cost = booked or self.meter.charge(call, reply)
        note(reply, cost=cost)
        runs_on = self.meter.runs_on(call)
        if runs_on is not None:
            note(reply, dollars_an_hour=runs_on[0], until=runs_on[1])
        attempts = reply["ResponseMetadata"]["AIServices"].get("attempts", 1)
        tell(self.observers, Event("call", call, reply, None, seconds, attempts, units=units, cost=cost))
        return reply

    def _booked(self, call: Call, books: Books) -> tuple[Reply, Charge]:
        """The reply, once what it cost is written down and its budgets are settled."""
        if books.failed:
            books.check()  # nothing is sent that cannot be written down
        holds: list[Hold] = []
        token = HOLDS.set(holds)
        try:
            reply = self.backend.send(call)
        except BaseException as error:
            release(holds, error)
            raise
        finally:
            HOLDS.reset(token)
        return reply, books.book(self.meter, call, reply, holds, self.clock)

    def __repr__(self) -> str:
        return f"<Observed {self.backend!r}>"


def _attempts(error: BaseException) -> int:
    """What the error says; else whether it, or what it came from, was an answer or a failure on the way."""
    told = getattr(error, "attempts", None)
    if isinstance(told, int):
        return told
    return int(any(isinstance(one, ServiceError | TransportError) for one in (error, error.__cause__)))
