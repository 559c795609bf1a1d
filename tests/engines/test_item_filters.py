"""Personalize's filter expressions."""

from __future__ import annotations

from typing import Any

import pytest
from aiservices_mocks.engines.item_filters import FilterError, keeps, read
from hypothesis import given
from hypothesis import strategies as st

ITEM = {"GENRE": "drama|comedy", "PRICE": 5.0, "NAME": 'a "b"'}


def kept(text: str, item: dict[str, Any] | None = None, **values: str) -> bool:
    fields = ITEM if item is None else item
    done = [{"EVENT_TYPE": "View", "TIMESTAMP": 5}, {"EVENT_TYPE": "Buy", "TIMESTAMP": 9}]
    records = {"ITEMS": [fields], "INTERACTIONS": done}
    return keeps(read(text), values, lambda name: records[name], {"AGE": 30}, {"PRICE": 6, "GENRE": "comedy"})


@pytest.mark.parametrize(
    "text",
    [
        'INCLUDE ItemID WHERE Items.GENRE IN ("comedy")',
        "include itemid where item.genre in ('comedy', 'other') and items.price <= 5",
        'INCLUDE ItemID WHERE Items.GENRE IN ("none") OR Items.PRICE = 5',
        'INCLUDE ItemID WHERE Items.PRICE > 9 AND Items.PRICE > 8 OR Items.NAME IN ("a \\"b\\"")',
        "INCLUDE ItemID WHERE Items.PRICE < CurrentItem.PRICE AND Items.GENRE IN CurrentItem.GENRE",
        "INCLUDE ItemID WHERE Items.PRICE > 9 IF CurrentUser.AGE < 18",
        "INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN (*)",
        'INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("buy") AND Interactions.TIMESTAMP > 8',
        "INCLUDE ItemID WHERE CurrentUser.AGE > 18",
        "INCLUDE ItemID WHERE Items.PRICE > 1 | INCLUDE ItemID WHERE Items.PRICE < 9",
        "EXCLUDE ItemID WHERE Items.GENRE IN ($NOT_GIVEN)",
        "EXCLUDE ItemID WHERE Items.MISSING NOT IN ('a')",
        "INCLUDE ItemID WHERE Items.GENRE = 'comedy' AND Items.GENRE = 'drama' AND Items.GENRE != 'action'",
    ],
)
def test_what_stays(text: str) -> None:
    assert kept(text)


@pytest.mark.parametrize(
    "text",
    [
        'EXCLUDE ItemID WHERE Items.GENRE IN ("drama")',
        'INCLUDE ItemID WHERE Items.GENRE NOT IN ("drama")',
        'INCLUDE ItemID WHERE Items.GENRE IN ("Drama")',
        'INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("buy") AND Interactions.TIMESTAMP < 8',
        "INCLUDE ItemID WHERE Items.PRICE > 1 | EXCLUDE ItemID WHERE Items.PRICE < 9",
        "INCLUDE ItemID WHERE Items.MISSING < 1",
        "INCLUDE ItemID WHERE Items.PRICE < CurrentUser.MISSING",
        "EXCLUDE ItemID WHERE Items.PRICE > 1 IF CurrentUser.AGE > 18 AND CurrentUser.AGE < 99",
    ],
)
def test_what_goes(text: str) -> None:
    assert not kept(text)


def test_placeholders_have_values_with_commas_between() -> None:
    text = "INCLUDE ItemID WHERE Items.GENRE IN ($G)"
    assert read(text)[0].marks() == {"G"}
    assert kept(text, G='"other","comedy"')
    assert not kept(text, G='"other"')
    assert kept(text, {"GENRE": "war, peace"}, G='"other", "war, peace"')
    assert not kept(text, {"GENRE": "war"}, G='"other","war, peace"')


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("SELECT *", "INCLUDE or EXCLUDE"),
        ("INCLUDE ItemID", "WHERE"),
        ("INCLUDE ItemID WHERE", "name"),
        ("INCLUDE ItemID WHERE GENRE IN ('a')", "dataset.field"),
        ("INCLUDE ItemID WHERE Films.GENRE IN ('a')", "Films.GENRE"),
        ("INCLUDE ItemID WHERE Items.GENRE ('a')", "operator"),
        ("INCLUDE ItemID WHERE Items.GENRE IN ('a'", "closed"),
        ("INCLUDE ItemID WHERE Items.GENRE IN", "ends"),
        ("INCLUDE ItemID WHERE Items.GENRE IN ('a') ;", ";"),
        ("INCLUDE ItemID WHERE Items.GENRE = true", "true"),
        ("INCLUDE ItemID WHERE Items.GENRE NOT IN ($G)", "NOT_IN"),
        ("INCLUDE ItemID WHERE Items.A = 1 OR Interactions.B = 1", "one dataset"),
        ("INCLUDE ItemID WHERE Items.A = 1 IF Items.B = 1", "CurrentUser"),
    ],
)
def test_what_is_no_filter(text: str, why: str) -> None:
    with pytest.raises(FilterError, match=why.replace("*", ".")):
        read(text)


def test_a_text_of_a_filter_is_not_in_its_error() -> None:
    with pytest.raises(FilterError) as caught:
        read("INCLUDE ItemID WHERE Items.NAME IN ('a') 'Ada'")
    assert "Ada" not in str(caught.value)


WORDS = ("INCLUDE", "ItemID", "WHERE", "Items.A", "IN", "(", '"a"', ",", "$b", ")", "AND", "NOT", "<", "1", "|", "IF")


@given(st.lists(st.sampled_from([*WORDS, "CurrentUser.C"])))
def test_any_words_are_a_filter_or_not(words: list[str]) -> None:
    try:
        found = read(" ".join(words))
    except FilterError:
        return
    assert keeps(found, {}, lambda name: [ITEM], {}, {}) in (True, False)
