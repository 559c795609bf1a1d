"""A verb over one text, many, or a column, made from a method over a list."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from aiservices.errors import InvalidCallError
from aiservices.services.many import Many, Outcomes
from aiservices.services.texts import each, several


class Counter:
    """Counts characters; a text without any fails."""

    def __init__(self) -> None:
        self.asked: list[Sequence[Any]] = []

    @each
    def length(self, text: Sequence[Any], factor: int = 1, *, plus: int = 0) -> Outcomes[int]:
        """How long a text is."""
        self.asked.append(text)
        return [len(one) * factor + plus if one else InvalidCallError("nothing there") for one in text]


def test_one_gives_its_result_or_raises() -> None:
    counter = Counter()
    assert counter.length("four") == 4
    assert counter.length(text="four", factor=2, plus=1) == 9
    with pytest.raises(InvalidCallError, match="nothing there"):
        counter.length("")
    assert counter.asked == [["four"], ["four"], [""]]


@pytest.mark.parametrize("form", [list, tuple, iter, np.array, pd.Series, pd.Index])
def test_many_give_many(form: Any) -> None:
    counter = Counter()
    found = counter.length(form(["a", "", "ccc"]), 10)
    assert isinstance(found, Many)
    assert found.done == {0: 10, 2: 30}
    found.retry_failed()
    assert counter.asked[1] == [""]


@pytest.mark.parametrize("wrong", [{"a": "b"}, b"a", 5, None])
def test_what_holds_no_texts_is_refused(wrong: Any) -> None:
    with pytest.raises(InvalidCallError, match="give a str, or a list"):
        Counter().length(wrong)


def test_a_column_keeps_its_index() -> None:
    frame = pd.DataFrame({"said": ["a", "bb"]}, index=["x", "y"])
    found = Counter().length(frame, column="said", plus=1)
    assert found.to_pandas()["result"].to_dict() == {"x": 2, "y": 3}
    assert several(["a"]).index is None
    assert list(several(frame, "said").index) == ["x", "y"]
    assert Counter().length([]).to_pandas().empty


def test_the_verb_shows_all_it_takes() -> None:
    shown = inspect.signature(Counter().length)
    assert list(shown.parameters) == ["text", "factor", "plus", "column"]
    assert shown.return_annotation == "int | Many[int]"
    assert Counter.length.__doc__ == "How long a text is."
    assert Counter.length.__name__ == "length"
