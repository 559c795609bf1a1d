"""Costs for other programs and for people."""

from __future__ import annotations

import asyncio
import csv
import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from aiservices_mocks import Mock

from aiservices import AI, AsyncAI
from aiservices.errors import InvalidCallError


@pytest.fixture
def ai() -> AI:
    ai = AI(backend=Mock())
    with ai.costs.tag(tenant="acme", feature="search"):
        ai.comprehend.detect_sentiment(text="x" * 500, language_code="en")
        with ai.costs.tag(feature="<b>chat</b>"):
            ai.comprehend.detect_syntax(text="x", language_code="en")
    ai.polly.describe_voices()
    return ai


def test_tags_nest_and_end_with_their_block(ai: AI) -> None:
    assert ai.costs.by_tag("tenant") == {"acme": Decimal("0.00065")}
    assert ai.costs.by_tag("feature") == {"search": Decimal("0.0005"), "<b>chat</b>": Decimal("0.00015")}
    assert ai.costs.tags == ["feature", "tenant"]
    ai.comprehend.detect_syntax(text="x", language_code="en")
    assert ai.costs.by_tag("tenant") == {"acme": Decimal("0.00065")}


def test_tags_go_with_threads_of_verbs_and_with_tasks() -> None:
    ai = AI(backend=Mock())
    with ai.costs.tag(tenant="a"):
        ai.comprehend.pii(["one", "two", "three"])
    assert ai.costs.by_tag("tenant") == {"a": Decimal("0.0009")}

    async def tasks() -> dict[str, Decimal]:
        async with AsyncAI(backend=Mock()) as ai:

            async def one(tenant: str, times: int) -> None:
                with ai.costs.tag(tenant=tenant):
                    for _ in range(times):
                        await ai.comprehend.detect_sentiment(text="x", language_code="en")

            await asyncio.gather(one("a", 3), one("b", 1))
            return ai.costs.by_tag("tenant")

    assert asyncio.run(tasks()) == {"a": Decimal("0.0009"), "b": Decimal("0.0003")}


def test_a_thread_of_its_own_has_tags_of_its_own() -> None:
    ai = AI(backend=Mock())
    with ai.costs.tag(tenant="a"), ThreadPoolExecutor(1) as pool:
        pool.submit(ai.comprehend.detect_sentiment, text="x", language_code="en").result()
    assert ai.costs.by_tag("tenant") == {}


def test_a_tag_is_text() -> None:
    with pytest.raises(InvalidCallError, match="tenant is a str"):
        AI(backend=Mock()).costs.tag(tenant=5)  # type: ignore[arg-type]  # a wrong argument


def test_days_add_up(ai: AI) -> None:
    (amount,) = ai.costs.by_day.values()
    assert amount == ai.costs.would_cost == Decimal("0.00065")


def test_csv_is_exact(ai: AI, tmp_path: Path) -> None:
    rows = list(csv.DictReader(ai.costs.save(tmp_path / "costs.csv").read_text("utf-8").splitlines()))
    assert [row["operation"] for row in rows] == [line.operation for line in ai.costs.lines]
    assert sum(Decimal(row["saved"]) for row in rows) == ai.costs.would_cost


def test_json_is_exact(ai: AI, tmp_path: Path) -> None:
    told: dict[str, Any] = json.loads(ai.costs.save(tmp_path / "costs.json").read_text("utf-8"))
    assert Decimal(told["would_cost"]) == ai.costs.would_cost
    assert told["by_tag"]["tenant"] == {"acme": "0.00065"}
    assert [row["calls"] for row in told["operations"]] == [1, 1, 1]
    assert told["notes"] == ai.costs.notes


def test_the_page_has_a_bar_for_each_amount(ai: AI, tmp_path: Path) -> None:
    page = ai.costs.save(tmp_path / "costs.html").read_text("utf-8")
    root = ElementTree.fromstring(page.replace("<!doctype html>", "").replace('<meta charset="utf-8">', ""))
    bars = {row[0].text: row[2][0].get("style") for row in root.iter("tr") if row.find("td/div") is not None}
    assert bars["comprehend"] == "width:100.0%"
    assert bars["<b>chat</b>"] == "width:30.0%"
    assert [title.text for title in root.iter("h2")] == [
        "By product",
        "By day",
        "By feature",
        "By tenant",
        "By operation",
    ]


def test_a_page_of_nothing(tmp_path: Path) -> None:
    page = AI(backend=Mock()).costs.save(tmp_path / "costs.html").read_text("utf-8")
    assert "$0 billed" in page


def test_a_frame_has_a_row_per_operation(ai: AI) -> None:
    frame = ai.costs.to_pandas()
    assert list(frame["operation"]) == [line.operation for line in ai.costs.lines]
    assert sum(frame["saved"]) == ai.costs.would_cost


def test_an_unknown_suffix_is_refused_and_nothing_written(ai: AI, tmp_path: Path) -> None:
    with pytest.raises(InvalidCallError, match=r"\.csv, \.json, \.html"):
        ai.costs.save(tmp_path / "costs.xlsx")
    assert list(tmp_path.iterdir()) == []
