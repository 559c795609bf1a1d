"""Fraud Detector's rule language."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from aiservices_mocks.engines.detector_rules import RuleError, read, with_values
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def holds(text: str, **values: Any) -> bool:
    return read(text).holds(values, {"bad": ["XX", "7"]}, NOW)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("$a < 100", {"a": 99.5}),
        ("$a >= 1 and $a <= 1", {"a": 1}),
        ('$a != "US"', {"a": "CA"}),
        ("$a in [5, 10, 25]", {"a": 10.0}),
        ('$a in ["x", "y"]', {"a": "y"}),
        ("$a not in [5, 10]", {"a": 11}),
        ("$a in @bad", {"a": "XX"}),
        ("$a in @bad", {"a": 7}),
        ("$a in @bad", {"a": 7.0}),
        ("$a in [5, 'x']", {"a": "5"}),
        ("$a" + " + 1" * 1000 + " == 1001", {"a": 1}),
        ("10 - $a - 3 * 2 / 2 == 5", {"a": 2}),
        ("$a not in @bad", {"a": "US"}),
        ("$a + $b * 2 == 7", {"a": 1, "b": 3}),
        ("($a + $b) * 2 == 8 and $a - -$b == 4", {"a": 1, "b": 3}),
        ("$a % 2 == 1 and $a / 2 > 1", {"a": 3}),
        ("$a == 1 or $b == 2 and $b == 3", {"a": 1, "b": 0}),
        ("!($a == 1)", {"a": 2}),
        (r'regex_match(".*@gmail\.com", lowercase($a))', {"a": "Ada@GMAIL.com"}),
        ('uppercase($a) == "ADA"', {"a": "ada"}),
        ("$a == null and $b != null", {"b": 1}),
        ("$a == true", {"a": True}),
        ("$a", {"a": True}),
        ("isbefore($a, getcurrentdatetime()) and isafter(getcurrentdatetime(), $a)", {"a": "2025-12-31T00:00:00Z"}),
        ("getepochmilliseconds($a) == 1000", {"a": "1970-01-01T00:00:01Z"}),
        ("$a > 1 # and nothing else\n", {"a": 2}),
    ],
)
def test_what_is_true(text: str, values: dict[str, Any]) -> None:
    assert holds(text, **values)
    assert not holds(f"!({text}\n)", **values)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("$a < 100", {}),
        ("$a < 100", {"a": "many"}),
        ("$a / 0 > 1", {"a": 1}),
        ("$a in [1]", {}),
        ("$a + 1 > 0", {}),
        ('regex_match("a", $a)', {"a": "ab"}),
        ("regex_match($b, $a)", {"a": "ab", "b": "("}),
        ("isbefore($a, $a)", {"a": "soon"}),
        ("$a > 5", {"a": 10**400}),
    ],
)
def test_what_cannot_be_compared_is_not_true(text: str, values: dict[str, Any]) -> None:
    assert not holds(text, **values)


@pytest.mark.parametrize(
    "text",
    [
        *("", "$", "$a >", "1 + 1", "$a > 1 $b", "foo($a)", "$a in []", '"abc', "$a > 1 and", "($a > 1", "a > 1"),
        *("regex_match('(', $a)", "lowercase($a)", "lowercase($a, $b) == 1", "$a = 1", "$a in $b", "$a not 1"),
        *("(" * 2000 + "true", "!" * 2000 + "true", "-" * 2000 + "1 == 1"),
    ],
)
def test_what_is_no_rule(text: str) -> None:
    with pytest.raises(RuleError):
        read(text)


def test_a_rule_knows_its_variables_and_lists_and_is_shown_with_values() -> None:
    text = '$price > 10 and $country in @bad or $price == "$country"'
    rule = read(text)
    assert (rule.variables, rule.lists) == ({"price", "country"}, {"bad"})
    assert with_values(text, {"price": 12.5}) == '12.5 > 10 and $country in @bad or 12.5 == "$country"'


@given(st.text("$ab1<>=!()[],+-*/% \"'#@.andornti", max_size=40))
def test_any_text_is_a_rule_or_not(text: str) -> None:
    try:
        rule = read(text)
    except RuleError:
        return
    assert rule.holds({"a": 1, "b": "x"}, {}, NOW) in (True, False)


@given(st.integers(-1000, 1000), st.integers(-1000, 1000))
def test_it_counts_as_everybody(a: int, b: int) -> None:
    assert holds("$a - $b < $a + $b", a=a, b=b) == (a - b < a + b)
    assert holds("$a * $b >= 10", a=a, b=b) == (a * b >= 10)
