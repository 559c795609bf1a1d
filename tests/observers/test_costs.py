"""Sums of costs."""

from __future__ import annotations

import sys
import threading
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiservices.call import Call, Event
from aiservices.errors import TransportError
from aiservices.observers import Costs


def call(name: str, cost: str | None, backend: str = "aws", tags: dict[str, str] | None = None, **facts: Any) -> Event:
    service, operation = name.split(".")
    reply = {"ResponseMetadata": {"AIServices": {"backend": backend, **facts}}}
    amount = None if cost is None else Decimal(cost)
    return Event("call", Call(service, operation, {}, tags=tags or {}), reply, None, 0.1, 1, cost=amount)


def failed(name: str) -> Event:
    service, operation = name.split(".")
    error = TransportError("lost")
    return Event("call", Call(service, operation, {}), None, error, 0.1, 1, units={}, cost=Decimal(0))


@pytest.fixture
def costs() -> Costs:
    costs = Costs()
    for event in (
        call("comprehend.DetectSentiment", "0.0003", tags={"team": "a", "job": "x"}),
        call("comprehend.DetectSentiment", "0.0004", "mock", tags={"team": "b"}),
        call("comprehend.DetectSyntax", "0.001", tags={"team": "a"}),
        call("frauddetector.ListTagsForResource", "0"),
        call("polly.SynthesizeSpeech", "0.02", "aws", cached=True),
        call("polly.SynthesizeSpeech", "0.01", "replay"),
        call("transcribe.StartTranscriptionJob", None, tags={"team": "a"}),
        call("transcribe.StartTranscriptionJob", None),
        failed("comprehend.DetectSyntax"),
    ):
        costs.see(event)
    return costs


def test_what_aws_bills_and_what_others_saved(costs: Costs) -> None:
    assert costs.total == Decimal("0.0013")
    assert costs.would_cost == Decimal("0.0304")
    assert costs.calls == 9


def test_the_first_call_of_unknown_cost_is_warned_of_once(caplog: pytest.LogCaptureFixture) -> None:
    costs = Costs()
    for name in (
        "transcribe.StartMedicalScribeJob",
        "transcribe.StartMedicalScribeJob",
        "s3.PutObject",
        "lexv2-models.StartBotAnalyzer",
    ):
        costs.see(call(name, None))
    told = [(record.operation, record.reason) for record in caplog.records if record.getMessage() == "unpriced"]  # type: ignore[attr-defined]  # data of the record
    assert [operation for operation, _ in told] == ["transcribe.StartMedicalScribeJob", "lexv2-models.StartBotAnalyzer"]
    assert told[1][1] == "No price was found."
    assert "how long the audio is" in told[0][1]


def test_units_without_a_price_are_warned_of_with_that_reason(caplog: pytest.LogCaptureFixture) -> None:
    event = call("frauddetector.GetEventPrediction", None)
    Costs().see(event._replace(units={"frauddetector.prediction_tfi": Decimal(1)}))
    (record,) = caplog.records
    assert record.reason == "The price of what it was billed is unknown."  # type: ignore[attr-defined]  # data of the record


def test_by_product_operation_and_tag(costs: Costs) -> None:
    assert costs.by_product == {
        "comprehend": Decimal("0.0017"),
        "fraud_detector": Decimal(0),
        "polly": Decimal("0.03"),
        "transcribe": Decimal(0),
    }
    assert costs.by_operation["comprehend.DetectSyntax"] == Decimal("0.001")
    assert costs.by_tag("team") == {"a": Decimal("0.0013"), "b": Decimal("0.0004")}
    assert costs.by_tag("job") == {"x": Decimal("0.0003")}
    assert costs.by_tag("no such tag") == {}


def test_unpriced_calls_are_counted_and_named(costs: Costs) -> None:
    assert costs.unpriced == {"transcribe.StartTranscriptionJob": 2}
    assert "2 unpriced" in repr(costs)


def test_the_report_is_a_table_with_the_prices_date(costs: Costs) -> None:
    lines = costs.report().splitlines()
    assert [line.split() for line in lines[:-2]] == [
        ["operation", "calls", "failed", "unpriced", "billed", "saved"],
        ["comprehend.DetectSentiment", "2", "0", "0", "0.000300", "0.000400"],
        ["comprehend.DetectSyntax", "2", "1", "0", "0.001000", "0.000000"],
        ["frauddetector.ListTagsForResource", "1", "0", "0", "0.000000", "0.000000"],
        ["polly.SynthesizeSpeech", "2", "0", "0", "0.000000", "0.030000"],
        ["transcribe.StartTranscriptionJob", "2", "0", "2", "0.000000", "0.000000"],
        ["total", "9", "1", "2", "0.001300", "0.030400"],
    ]
    assert len({len(line) for line in lines[:-2]}) == 1
    assert lines[-2] == "Unpriced, in no amount: transcribe.StartTranscriptionJob (2)."
    assert "us-east-1 compiled 2026-11-20" in lines[-1]
    assert str(costs) == costs.report()


def test_it_shows_itself_in_notebooks(costs: Costs) -> None:
    costs.see(call("<b>.Odd", "1"))
    html = costs._repr_html_()
    assert html.count("<tr>") == 1 + 6 + 1
    assert "&lt;b&gt;.Odd" in html
    assert "<b>" not in html
    assert "2026-11-20" in html


def test_nothing_yet() -> None:
    costs = Costs()
    assert (costs.total, costs.would_cost, costs.calls, costs.unpriced) == (Decimal(0), Decimal(0), 0, {})
    assert costs.report().splitlines()[1].split() == ["total", "0", "0", "0", "0.000000", "0.000000"]
    assert repr(costs) == "<Costs 0 calls: $0 billed, $0 saved>"


def test_reset_begins_at_zero(costs: Costs) -> None:
    costs.reset()
    assert (costs.calls, costs.total, costs.by_tag("team"), costs.lines) == (0, Decimal(0), {}, [])
    costs.see(call("polly.SynthesizeSpeech", "0.5"))
    assert costs.total == Decimal("0.5")


def test_an_attempt_is_no_call() -> None:
    costs = Costs()
    costs.see(Event("attempt", Call("polly", "ListLexicons", {}), None, TransportError("lost"), 0.1, 1, retry_in=1.0))
    assert costs.calls == 0


def test_what_is_handed_out_does_not_change_and_changes_nothing(costs: Costs) -> None:
    lines, tags = costs.lines, costs.by_tag("team")
    costs.see(call("comprehend.DetectSentiment", "1", tags={"team": "a"}))
    assert lines[0].calls == 2
    lines[0].calls = tags["a"] = 1000  # type: ignore[assignment]  # a careless user writes to it
    assert (costs.lines[0].calls, costs.by_tag("team")["a"]) == (3, Decimal("1.0013"))


amounts = st.decimals(min_value=0, max_value=1000, places=9)


@given(st.lists(st.tuples(st.sampled_from(["aws", "mock"]), st.sampled_from("ab"), amounts), max_size=30))
def test_every_view_sums_to_the_same(calls: list[tuple[str, str, Decimal]]) -> None:
    costs = Costs()
    with localcontext(prec=4):
        for backend, tag, cost in calls:
            costs.see(call(f"polly.{tag}", str(cost), backend, {"team": tag}))
        total, would_cost = costs.total, costs.would_cost
        views = [costs.by_product, costs.by_operation, costs.by_tag("team")]
    assert total == sum(cost for backend, _, cost in calls if backend == "aws")
    assert would_cost == sum(cost for backend, _, cost in calls if backend == "mock")
    assert all(sum(view.values()) == total + would_cost for view in views)


def test_many_threads_lose_nothing() -> None:
    costs = Costs()

    def work() -> None:
        for number in range(500):
            costs.see(call(f"polly.Op{number % 7}", "0.1", tags={"n": str(number % 3)}))

    threads = [threading.Thread(target=work) for _ in range(8)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # threads take turns all the time
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert (costs.calls, costs.total, sum(costs.by_tag("n").values())) == (4_000, Decimal(400), Decimal(400))
