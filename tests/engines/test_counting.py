"""Engines that count: what goes with what, and how likely fraud is."""

from __future__ import annotations

import pytest
from aiservices_mocks.engines import co_occurrence, fraud_scores
from aiservices_mocks.engines.co_occurrence import Interaction
from hypothesis import given
from hypothesis import strategies as st

EVENTS = [
    Interaction(user, item, time)
    for time, (user, item) in enumerate(
        [("u", "a"), ("u", "b"), ("v", "a"), ("v", "b"), ("w", "a"), ("w", "c"), ("x", "d"), ("y", "a")]
    )
]


def test_what_the_same_people_have_goes_together() -> None:
    model = co_occurrence.learn(EVENTS)
    assert model.counts == {"a": 4, "b": 2, "c": 1, "d": 1}
    assert co_occurrence.related(model, "a") == [("b", 0.707107), ("c", 0.5)]
    assert [item for item, _ in co_occurrence.related(model, "unknown")] == ["a", "b", "c", "d"]
    assert [item for item, _ in co_occurrence.popular(model)] == ["a", "b", "c", "d"]
    assert co_occurrence.trending(model)[0][0] == "a"
    assert co_occurrence.chosen(model, ["b"])[0][0] == "a"
    assert co_occurrence.chosen(model, [])[0][0] == "a"
    assert co_occurrence.drawn(model, co_occurrence.histories(EVENTS), ["c"])[0][0] == "w"


def test_a_history_has_each_item_once_the_newest_last() -> None:
    again = [*EVENTS, Interaction("u", "a", 99)]
    assert co_occurrence.histories(again)["u"] == ["b", "a"]


@given(
    st.lists(st.builds(Interaction, st.sampled_from("uvwxyz"), st.sampled_from("abcdef"), st.floats(0, 9)), max_size=60)
)
def test_shares_add_up_and_measures_are_shares(events: list[Interaction]) -> None:
    model = co_occurrence.learn(events)
    for history in ([], ["a", "b"]):
        found = co_occurrence.chosen(model, history)
        assert {item for item, _ in found} == {event.item for event in events}
        if found:
            assert sum(score for _, score in found) == pytest.approx(1, abs=1e-5)
    assert all(0 <= value <= 1 for value in co_occurrence.measures(events).values())


def frauds(count: int = 1000) -> list[fraud_scores.Event]:
    return [({"price": str(n * 37 % 100), "country": "XX" if n % 3 else "US"}, n * 37 % 100 > 80) for n in range(count)]


def test_what_was_fraud_before_scores_higher() -> None:
    learned, tested = fraud_scores.split(frauds())
    model = fraud_scores.learn(learned, ["price", "country"])
    assert fraud_scores.score(model, {"price": "95"}) > 500 > fraud_scores.score(model, {"price": "5"})
    auc, points = fraud_scores.measures(model, tested)
    assert auc > 0.95
    rates = [point["tpr"] for point in points]
    assert rates == sorted(rates, reverse=True)
    importance = fraud_scores.importance(model)
    assert importance["price"] > importance["country"]
    impacts = fraud_scores.impacts(model, {"price": "95", "country": "US"})
    assert impacts["price"] > abs(impacts["country"])


def test_without_fraud_what_is_rare_is_odd() -> None:
    events = [({"device": "phone" if n % 50 else f"odd-{n}"}, False) for n in range(1000)]
    model = fraud_scores.learn(events, ["device"])
    scores = [fraud_scores.score(model, {"device": name}) for name in ("unseen", "phone")]
    assert scores[0] > scores[1]


@given(st.lists(st.tuples(st.text("ab1.", max_size=3), st.booleans()), max_size=50), st.text("ab1.", max_size=3))
def test_a_score_is_between_0_and_1000(pairs: list[tuple[str, bool]], value: str) -> None:
    model = fraud_scores.learn([({"x": text}, fraud) for text, fraud in pairs], ["x"])
    assert 0 <= fraud_scores.score(model, {"x": value}) <= 1000
    auc, points = fraud_scores.measures(model, [({"x": text}, fraud) for text, fraud in pairs])
    assert 0 <= auc <= 1
    assert all(0 <= point[name] <= 1 for point in points for name in ("tpr", "fpr", "precision"))
