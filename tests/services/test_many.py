"""Many results: in order, failures apart and retried alone."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from aiservices.errors import AIServicesError, InvalidCallError, ThrottledError
from aiservices.services.many import Many, attempt


@dataclass(frozen=True)
class Mood:
    text: str
    score: float
    raw: dict[str, str] = field(default_factory=dict, repr=False)


def failure() -> ThrottledError:
    return ThrottledError("slow down", service="comprehend", operation="DetectSentiment", code="Throttled")


def test_a_failed_position_raises_its_own_error() -> None:
    error = failure()
    many: Many[int] = Many([1, error, 3])
    assert len(many) == 3
    assert (many[0], many[-1]) == (1, 3)
    assert many.failed == {1: error}
    assert many.done == {0: 1, 2: 3}
    assert repr(many) == "<Many: 3 results, 1 failed>"
    with pytest.raises(ThrottledError) as caught:
        list(many)
    assert caught.value is error
    with pytest.raises(ThrottledError):
        many[0:2]
    assert many[0:1] == [1]


def test_only_the_failed_ones_run_again() -> None:
    asked: list[list[int]] = []

    def again(positions: Sequence[int]) -> list[int | AIServicesError]:
        asked.append(list(positions))
        return [failure() if p == 2 and len(asked) == 1 else p * 10 for p in positions]

    many: Many[int] = Many([0, failure(), failure()], again)
    once = many.retry_failed()
    twice = once.retry_failed()
    assert asked == [[1, 2], [2]]
    assert list(once.failed) == [2]
    assert list(twice) == [0, 10, 20]
    assert twice.retry_failed() is twice
    assert list(many.failed) == [1, 2]


def test_results_without_their_inputs_cannot_be_retried() -> None:
    many: Many[int] = pickle.loads(pickle.dumps(Many([1, failure()], lambda positions: [0])))
    assert many.failed[1].code == "Throttled"
    with pytest.raises(InvalidCallError):
        many.retry_failed()


def test_a_table_of_results() -> None:
    pytest.importorskip("pandas")
    many: Many[Mood] = Many([Mood("<good>", 0.98765), failure()])
    frame = many.to_pandas()
    assert list(frame.columns) == ["text", "score", "error"]
    assert frame["score"].isna().tolist() == [False, True]
    shown = many._repr_html_()
    assert "&lt;good&gt;" in shown
    assert "0.9877" in shown
    assert "slow down" in shown
    assert "5 more" in Many(list(range(25)))._repr_html_()


def test_attempt_keeps_our_errors_and_raises_others() -> None:
    def raises(error: Exception) -> None:
        raise error

    error = failure()
    assert attempt(raises, error) is error
    assert attempt(str, 5) == "5"
    with pytest.raises(ZeroDivisionError):
        attempt(raises, ZeroDivisionError())
