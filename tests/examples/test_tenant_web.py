"""The example about an application that tenants share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from aiservices.money import Ledger
from examples.tenant_web import app

pytestmark = pytest.mark.anyio

ACME, TINY = {"X-Api-Key": "acme-1"}, {"X-Api-Key": "tiny-1"}
REVIEW = {"text": "What a wonderful little lamp, I love it!"}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    place = str(tmp_path / "costs.db")
    monkeypatch.setenv("DATABASE_URL", place)
    monkeypatch.setenv("AISERVICES_BACKEND", "mock")
    return place


@asynccontextmanager
async def running() -> AsyncIterator[httpx.AsyncClient]:
    """A caller of the application, from its start to its end."""
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://reviews") as web,
    ):
        yield web


async def test_each_tenant_has_its_own_bill() -> None:
    async with running() as web:
        for _ in range(2):
            assert (await web.post("/reviews", json=REVIEW, headers=ACME)).json() == {"sentiment": "POSITIVE"}
        spent = {"spent": "0.0012", "plan": "20"}
        assert (await web.get("/bill", headers=ACME)).json() == spent, "two calls a review, 3 units of 0.0001 each"
        assert (await web.get("/bill", headers=TINY)).json() == {"spent": "0", "plan": "0.001"}


async def test_a_plan_that_is_used_up_stops_its_tenant_only_and_for_the_month(place: str) -> None:
    async with running() as web:
        answers = [await web.post("/reviews", json=REVIEW, headers=TINY) for _ in range(4)]
        assert [one.status_code for one in answers] == [200, 402, 402, 402]
        assert answers[1].json() == {"error": "the plan is used up", "left": "0.0001"}
        assert (await web.post("/reviews", json=REVIEW, headers=ACME)).status_code == 200
    async with running() as web:
        assert (await web.post("/reviews", json=REVIEW, headers=TINY)).status_code == 402, "after a restart, too"
        assert (await web.get("/bill", headers=TINY)).json()["spent"] == "0.0009"
    with Ledger(place) as ledger:
        assert [(one.of, one.calls) for one in ledger.sums("tag:feature")] == [("reviews", 5)]


async def test_nobody_asks_without_a_key() -> None:
    async with running() as web:
        assert (await web.post("/reviews", json=REVIEW, headers={"X-Api-Key": "other"})).status_code == 401
        assert (await web.post("/reviews", json=REVIEW)).status_code == 422
