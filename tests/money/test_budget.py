"""Budgets: what they cover, what they reserve, and what happens at their end."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiservices_mocks import Clock, Mock
from hypothesis import given
from hypothesis import strategies as st

from aiservices import AI, Budget
from aiservices.call import Call, Reply
from aiservices.errors import BudgetExceededError, InvalidCallError, ServiceFaultError, TransportError
from aiservices.money import Ledger, PriceBook
from aiservices.money.bounds import ceiling, most_units
from aiservices.money.keeping import RunBooks, Wallet
from aiservices.money.memory import Memory

from .fleet import BUDGET as FLEETS
from .fleet import Later
from .test_ledger import NOON, Time

ROOT = Path(__file__).parent.parent.parent
Sentiment = dict[str, str]
CHEAP: Sentiment = {"text": "hi", "language_code": "en"}
"""Costs 0.0003."""


@pytest.fixture
def mock() -> Mock:
    return Mock(clock=Clock.manual(NOON))


@pytest.fixture(params=["memory", "ledger"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger | None]:
    """Budgets behave the same in both."""
    if request.param == "memory":
        yield None
        return
    with Ledger(tmp_path / "costs.db", clock=Time()) as ledger:
        yield ledger


def calls(ai: AI, most: int = 100) -> int:
    """How many calls are let through."""
    for number in range(most):
        try:
            ai.comprehend.detect_sentiment(**CHEAP)
        except BudgetExceededError:
            return number
    return most


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"dollars": 0.5}, "a float is not exact"),
        ({"dollars": "much"}, "give US dollars"),
        ({"dollars": -1}, "give US dollars"),
        ({"dollars": True}, "give US dollars"),
        ({"dollars": Decimal("NaN")}, "give US dollars"),
        ({"dollars": 1, "per": "week"}, "give one of day, month, run"),
        ({"dollars": 1, "scope": "poly"}, 'there is no such product; did you mean "polly"|no such product'),
        ({"dollars": 1, "scope": {"tenant": 5}}, "a dict of tags"),
        ({"dollars": 1, "then": "stop"}, 'give "block", "warn" or a function'),
        ({"dollars": 1, "unpriced": "maybe"}, "give one of refuse, allow"),
    ],
)
def test_a_budget_that_cannot_be_kept_is_refused(given: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidCallError, match=says):
        Budget(**given)


def test_two_budgets_of_one_kind_need_names(mock: Mock) -> None:
    with pytest.raises(InvalidCallError, match="give each a name="):
        AI(backend=mock, budgets=[Budget(1), Budget(2, then="warn")])
    AI(backend=mock, budgets=[Budget(1), Budget(2, name="soft", then="warn")])
    with pytest.raises(InvalidCallError, match=r"a budget is a Budget, as in Budget\(10"):
        AI(backend=mock, budgets=[5])  # type: ignore[list-item]  # that is what is refused


def test_it_blocks_what_might_cost_more_than_is_left(mock: Mock, ledger: Ledger | None) -> None:
    with AI(backend=mock, budgets=Budget("0.001"), ledger=ledger) as ai:
        assert calls(ai) == 3
        with pytest.raises(BudgetExceededError) as caught:
            ai.comprehend.detect_sentiment(**CHEAP)
        assert str(caught.value) == (
            "comprehend.DetectSentiment: it may cost up to $0.0003, and the budget $0.001 a month has $0.0001 left; "
            "nothing was sent"
        )
        assert (caught.value.cost, caught.value.left) == (Decimal("0.0003"), Decimal("0.0001"))
        assert pickle.loads(pickle.dumps(caught.value)).left == caught.value.left
        mock.calls("comprehend.DetectSentiment").times(3)
        ai.polly.list_lexicons()  # what is free is let through


@pytest.mark.parametrize(("per", "days"), [("day", 1), ("month", 1), ("month", 30), ("day", -1), ("month", -31)])
def test_a_new_period_begins_at_its_border(mock: Mock, ledger: Ledger | None, per: Any, days: int) -> None:
    time = Time()
    with AI(backend=On(mock, time), budgets=Budget("0.001", per=per), ledger=ledger) as ai:
        assert calls(ai) == 3
        time.at += timedelta(hours=11, minutes=59)
        assert calls(ai) == 0
        time.at = NOON + timedelta(days=days)  # also when the clock is set back
        assert calls(ai) == 3
        time.at = NOON
        assert calls(ai) == 0, "what was spent stays spent"


def test_a_run_ends_with_its_client(mock: Mock, ledger: Ledger | None) -> None:
    for _ in range(2):
        with AI(backend=mock, budgets=Budget("0.001", per="run"), ledger=ledger) as ai:
            assert calls(ai) == 3


@pytest.mark.parametrize(
    ("at", "day", "month"),
    [
        (datetime(2026, 3, 29, 2, 30, tzinfo=ZoneInfo("Europe/Berlin")), "2026-03-29", "2026-03"),
        (datetime(2026, 11, 1, 0, 30, tzinfo=ZoneInfo("Europe/Berlin")), "2026-10-31", "2026-10"),
        (datetime(2026, 10, 31, 20, 30, tzinfo=ZoneInfo("America/New_York")), "2026-11-01", "2026-11"),
        (datetime(2024, 2, 29, 23, 59, tzinfo=UTC), "2024-02-29", "2024-02"),
    ],
)
def test_periods_are_those_of_utc(at: datetime, day: str, month: str) -> None:
    assert (Budget(1, per="day").period(at), Budget(1).period(at)) == (day, month)


def test_scopes(mock: Mock, ledger: Ledger | None) -> None:
    budgets = [
        Budget("0.0004", scope={"tenant": "acme"}),
        Budget("0.001", scope="comprehend"),
        Budget(0, scope="polly"),
    ]
    with AI(backend=mock, budgets=budgets, ledger=ledger) as ai:
        with ai.scope(tags={"tenant": "acme", "feature": "search"}):
            assert calls(ai) == 1
        with ai.scope(tags={"tenant": "other"}):
            assert calls(ai) == 2, "the product's budget is used up"
        assert ai.translate.translate_text(text="hi", source_language_code="en", target_language_code="de")
        with pytest.raises(BudgetExceededError, match=r"\$0 a month of polly has \$0 left"):
            ai.polly.speak("hi")


def test_what_one_budget_refuses_another_has_not_reserved(mock: Mock, ledger: Ledger | None) -> None:
    budgets = [Budget("0.001"), Budget("0.0003", scope={"tenant": "acme"})]
    with AI(backend=mock, budgets=budgets, ledger=ledger) as ai:
        with ai.scope(tags={"tenant": "acme"}):
            assert calls(ai) == 1
        assert calls(ai) == 2


def test_warn_and_go_on(mock: Mock, ledger: Ledger | None) -> None:
    with AI(backend=mock, budgets=Budget("0.0005", then="warn"), ledger=ledger) as ai:
        ai.comprehend.detect_sentiment(**CHEAP)
        with pytest.warns(RuntimeWarning, match=r"\$0.0005 a month has \$0.0002 left; the call is sent"):
            ai.comprehend.detect_sentiment(**CHEAP)
        assert calls(ai, 5) == 5, "warned once"


def test_a_function_decides(mock: Mock, ledger: Ledger | None) -> None:
    told: list[BudgetExceededError] = []

    def ask(error: BudgetExceededError) -> None:
        told.append(error)
        if len(told) > 2:
            raise error

    with AI(backend=mock, budgets=Budget("0.0003", then=ask), ledger=ledger) as ai:
        assert calls(ai) == 3
    assert [error.left for error in told] == [Decimal(0)] * 3


def test_unknown_prices_are_refused_by_name_or_let_through(mock: Mock, ledger: Ledger | None) -> None:
    with (
        AI(backend=mock, budgets=Budget(100), ledger=ledger) as ai,
        pytest.raises(
            BudgetExceededError, match=r"comprehend.ImportModel: nobody knows what it may cost, so the budget"
        ),
    ):
        ai.comprehend.import_model(source_model_arn="arn:aws:comprehend:us-east-1:123456789012:document-classifier/x")
    open_budget = Budget("0.001", unpriced="allow", name="open")
    with AI(backend=Constant({"ModelArn": "arn"}), budgets=open_budget, ledger=ledger) as ai:
        assert ai.comprehend.import_model(source_model_arn="arn").model_arn == "arn"


def test_what_fails_is_given_back_and_what_is_lost_is_not(ledger: Ledger | None) -> None:
    failing = Constant(
        ServiceFaultError("no", service="comprehend", operation="DetectSentiment", code="Fault", status=500)
    )
    with AI(backend=failing, budgets=Budget("0.001"), ledger=ledger) as ai:
        for _ in range(10):
            with pytest.raises(ServiceFaultError):
                ai.comprehend.detect_sentiment(**CHEAP)
    lost = Constant(TransportError("the line went dead", sent=True))
    with AI(backend=lost, budgets=Budget("0.0025"), ledger=ledger) as ai:
        for _ in range(3):
            with pytest.raises(TransportError):
                ai.lex.recognize_text(bot_id="b", bot_alias_id="a", locale_id="en_US", session_id="s", text="hi")
    with AI(backend=Constant({"Sentiment": "POSITIVE"}), budgets=Budget("0.0025"), ledger=ledger) as ai:
        assert calls(ai) == (0 if ledger else 8), "AWS may bill what was lost"


def test_an_interrupted_call_counts_as_spent(ledger: Ledger | None) -> None:
    outcome: list[BaseException] = [KeyboardInterrupt()]

    class Interrupted:
        def send(self, call: Call) -> Reply:
            if outcome:
                raise outcome.pop()
            return {"Sentiment": "POSITIVE"}

    with AI(backend=Interrupted(), budgets=Budget("0.001"), ledger=ledger) as ai:
        with pytest.raises(KeyboardInterrupt):
            ai.comprehend.detect_sentiment(**CHEAP)
        assert calls(ai) == 2


# Jobs


def test_a_job_is_kept_for_from_its_begin_to_its_end(mock: Mock, ledger: Ledger | None) -> None:
    with AI(backend=Mock(), budgets=Budget("0.001", per="run"), ledger=ledger) as ai:
        job = ai.polly.start("x" * 200)  # 0.0008 at the standard engine
        with pytest.raises(BudgetExceededError, match=r"has \$0.0002 left"):
            ai.comprehend.detect_sentiment(**CHEAP)
        job.wait()
        job.wait()
        with pytest.raises(BudgetExceededError, match=r"has \$0.0002 left"):
            ai.comprehend.detect_sentiment(**CHEAP)


def test_what_a_job_does_not_cost_is_given_back(ledger: Ledger | None) -> None:
    reply: Reply = {"JobId": "j", "JobStatus": "SUCCEEDED", "DocumentMetadata": {"Pages": 2}, "Blocks": []}
    place = {"S3Object": {"Bucket": "b", "Name": "a.pdf"}}
    with AI(backend=Constant(reply), budgets=Budget("4.51"), ledger=ledger) as ai:
        ai.textract.start_document_text_detection(document_location=place)
        with pytest.raises(BudgetExceededError, match=r"may cost up to \$4.5, .* has \$0.01"):
            ai.textract.start_document_text_detection(document_location=place)
        ai.textract.get_document_text_detection(job_id="j")
        with pytest.raises(BudgetExceededError, match=r"has \$4.507"):
            ai.textract.start_document_analysis(document_location=place, feature_types=["FORMS"])


def test_another_process_ends_the_job(tmp_path: Path) -> None:
    reply: Reply = {"JobId": "j", "JobStatus": "SUCCEEDED", "DocumentMetadata": {"Pages": 2}, "Blocks": []}
    place = {"S3Object": {"Bucket": "b", "Name": "a.pdf"}}
    path, budget = tmp_path / "costs.db", Budget("4.51")
    with AI(backend=Constant(reply), budgets=budget, ledger=path) as ai:
        ai.textract.start_document_text_detection(document_location=place)
    with AI(backend=Constant(reply), budgets=budget, ledger=path) as ai:
        ai.textract.get_document_text_detection(job_id="j")
    with Ledger(path) as ledger:
        assert ledger.left(budget) == Decimal("4.507")


def test_what_nothing_was_reserved_for_counts_once(ledger: Ledger | None) -> None:
    """The first call under a budget is the end of a job that another client began."""
    done: Reply = {"JobStatus": "SUCCEEDED", "DocumentMetadata": {"Pages": 2}, "Blocks": []}
    with AI(backend=Constant(done), budgets=Budget("0.0045"), ledger=ledger) as ai:
        ai.textract.get_document_text_detection(job_id="j")
        ai.textract.detect_document_text(document={"Bytes": b"x"})
        with pytest.raises(BudgetExceededError, match=r"has \$0 left"):
            ai.textract.detect_document_text(document={"Bytes": b"x"})


# Never more than the budget


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=60), st.integers(0, 400))
def test_reserving_never_passes_the_limit(amounts: list[tuple[int, int]], limit: int) -> None:
    wallet, spent, most = Wallet(), 0, Decimal(limit)
    for reserved, cost in amounts:
        left = wallet.reserve(Decimal(reserved), most)
        if left is None:
            wallet.settle(Decimal(reserved), Decimal(min(cost, reserved)))
            spent += min(cost, reserved)
        else:
            assert (left, left < reserved) == (limit - spent, True)
    assert wallet.committed == spent <= limit


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 50), st.integers(0, 50)), max_size=25), st.integers(1, 300))
def test_leasing_never_passes_the_limit_and_leaves_nothing(steps: list[tuple[int, int, int]], limit: int) -> None:
    budget, spent = Budget(limit), 0
    with Ledger() as ledger:
        purses = [_process(ledger, budget) for _ in range(3)]
        for who, reserved, cost in steps:
            if purses[who].reserve(Decimal(reserved), budget.limit) is None:
                purses[who].settle(Decimal(reserved), Decimal(min(cost, reserved)))
                spent += min(cost, reserved)
        assert spent <= limit
        for purse in purses:
            with ledger.database.transaction() as write:
                purse.give_back(write)
        assert ledger.left(budget, NOON) == limit - spent


def _process(ledger: Ledger, budget: Budget) -> Any:
    """A purse as another process has it."""
    from aiservices.money.ledger.leases import LeasedPurse

    class Other:
        """The same ledger under another name."""

        holder = str(object())

        def __init__(self) -> None:
            self.holder = str(id(self))

        def __getattr__(self, name: str) -> Any:
            return getattr(ledger, name)

    ledger.purse(budget, "2026-03")
    return LeasedPurse(Other(), budget.key, "2026-03")  # type: ignore[arg-type]  # a ledger but for its name


def test_threads_share_a_budget(ledger: Ledger | None) -> None:
    with AI(backend=Constant({"Sentiment": "POSITIVE"}), budgets=Budget("0.0301"), ledger=ledger) as ai:
        with ThreadPoolExecutor(8) as pool:
            sent = sum(pool.map(lambda _: calls(ai, 50), range(8)))
        assert (sent, ai.costs.would_cost) == (100, Decimal("0.0300"))


def share(place: str) -> dict[str, Any]:
    """What processes have spent that shared a budget, and how many calls were refused."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.money.fleet", place],
        cwd=ROOT, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    told: dict[str, Any] = json.loads(run.stdout)
    return told


def test_eight_processes_share_a_budget_and_some_of_them_are_killed(tmp_path: Path) -> None:
    told = share(str(tmp_path / "costs.db"))
    assert told["refused"] > 0, "the budget was never at its end"
    spent = Decimal(told["in_the_end"])
    assert Decimal(told["alive"]) <= spent <= FLEETS.limit
    assert spent >= Decimal("0.95") * FLEETS.limit
    with Ledger(tmp_path / "costs.db", clock=Later()) as ledger:
        assert sum((one.billed for one in ledger.sums()), Decimal(0)) <= spent


def test_a_budget_counts_what_the_ledger_held_before_it(tmp_path: Path, mock: Mock) -> None:
    path = tmp_path / "costs.db"
    with AI(backend=mock, ledger=path) as ai:
        calls(ai, 2)
        with ai.scope(tags={"tenant": "acme"}):
            calls(ai, 1)
    with AI(backend=mock, ledger=path, budgets=[Budget("0.0012"), Budget("0.0009", scope={"tenant": "acme"})]) as ai:
        with ai.scope(tags={"tenant": "acme"}):
            assert calls(ai) == 1
        assert calls(ai) == 0


def test_a_dead_process_keeps_what_was_on_its_way(tmp_path: Path) -> None:
    time, budget = Time(), Budget(1)
    with Ledger(tmp_path / "costs.db", clock=time) as dead, Ledger(tmp_path / "costs.db", clock=time) as alive:
        purse = dead.purse(budget, "2026-03")
        assert purse.reserve(Decimal("0.02"), budget.limit) is None
        assert alive.left(budget, NOON) == Decimal("0.9375"), "a sixteenth is leased"
        time.at += timedelta(minutes=2)
        assert alive.left(budget, NOON) == Decimal("0.96"), "the call on its way, and one more that needs not ask"
        purse.settle(Decimal("0.02"), Decimal("0.01"))  # it was not dead
        assert alive.left(budget, NOON) == Decimal("0.96"), "a cent was spent, and so one more is on lease"
        dead.close()
        assert alive.left(budget, NOON) == Decimal("0.99")


# What a call may cost at most


BOOK = PriceBook()


@pytest.mark.parametrize(
    ("name", "params", "dollars"),
    [
        ("polly.ListLexicons", {}, "0"),
        ("s3.PutObject", {}, "0"),
        ("comprehend.DetectSentiment", {"Text": "x" * 250}, "0.0003"),
        ("comprehend.BatchDetectSentiment", {"TextList": ["x", "x" * 1000]}, "0.0013"),
        ("polly.SynthesizeSpeech", {"Text": "x" * 100, "Engine": "neural"}, "0.0016"),
        ("polly.StartSpeechSynthesisTask", {"Text": "x" * 100}, "0.0004"),
        ("textract.DetectDocumentText", {"Document": {}}, "0.0015"),
        ("textract.AnalyzeID", {"DocumentPages": [{}, {}]}, "0.05"),
        ("textract.AnalyzeDocument", {"FeatureTypes": ["FORMS", "TABLES"]}, "0.065"),
        ("textract.StartDocumentTextDetection", {"DocumentLocation": {"S3Object": {"Name": "a.PNG"}}}, "0.0015"),
        ("textract.StartDocumentTextDetection", {"DocumentLocation": {"S3Object": {"Name": "a.pdf"}}}, "4.5"),
        ("textract.GetDocumentTextDetection", {"JobId": "j"}, "0"),
        ("rekognition.DetectFaces", {}, "0.001"),
        ("rekognition.StartFaceDetection", {}, "36"),
        ("comprehend.DeleteEndpoint", {"EndpointArn": "arn"}, "0"),
        ("comprehend.CreateEndpoint", {"DesiredInferenceUnits": 1}, None),
        ("comprehend.ImportModel", {}, None),
        ("comprehend.CreateDocumentClassifier", {}, None),
        ("comprehend.DetectSentiment", {"Text": None}, None),
        ("polly.SynthesizeSpeech", {"Text": "x", "Engine": "singing"}, None),
    ],
)
def test_bounds(name: str, params: dict[str, Any], dollars: str | None) -> None:
    service, operation = name.split(".")
    units = most_units(Call(service, operation, params), Memory(Time()))
    found = None if units is None else ceiling(units, BOOK)
    assert found == (None if dollars is None else Decimal(dollars))


@given(st.integers(1, 200_000_000), st.integers(0, 200_000_000))
def test_the_ceiling_holds_wherever_the_month_has_come_to(units: int, before: int) -> None:
    for book in (BOOK, BOOK.with_free_tier()):
        highest = ceiling({"comprehend.nlp_standard": Decimal(units)}, book)
        assert highest is not None
        assert book.price("comprehend.nlp_standard", units, before=before) <= highest  # type: ignore[operator]  # known


class Constant:
    """Always gives, or raises, the same."""

    def __init__(self, outcome: Reply | Exception) -> None:
        self._outcome = outcome

    def send(self, call: Call) -> Reply:
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return dict(self._outcome)


class On:
    """A mock on another clock."""

    def __init__(self, mock: Mock, clock: Time) -> None:
        self._mock = mock
        self.clock = clock

    def send(self, call: Call) -> Reply:
        return self._mock.send(call)


def test_memory_forgets_no_budget() -> None:
    books = RunBooks()
    assert books.purse(Budget(1), "2026-03") is books.purse(Budget(5), "2026-03")
    assert books.purse(Budget(1), "2026-03") is not books.purse(Budget(1), "2026-04")
