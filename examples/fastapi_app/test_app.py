"""The service's tests: its routes run in this process, and a mock answers each test anew."""

import httpx
import pytest
from app import app, client

from aiservices import AsyncAI

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
async def web(ai_mock):
    """A caller of the service, whose AsyncAI has the test's mock behind it."""
    async with AsyncAI(backend=ai_mock) as ai:
        app.dependency_overrides[client] = lambda: ai
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop") as web:
            yield web
        app.dependency_overrides.clear()


@pytest.mark.parametrize(
    ("text", "language", "sentiment"),
    [
        ("What a wonderful little lamp, I love it!", "en", "POSITIVE"),
        ("Die Lampe ist leider sofort kaputt gegangen, sehr schlecht.", "de", "NEGATIVE"),
    ],
)
async def test_a_review_is_read_in_its_language(web, text, language, sentiment):
    said = (await web.post("/reviews", json={"text": text})).json()
    assert (said["language"], said["sentiment"]) == (language, sentiment)
    assert any("amp" in phrase for phrase in said["phrases"])


async def test_it_is_spoken(web):
    said = await web.get("/speech", params={"text": "Thank you."})
    assert said.headers["content-type"] == "audio/ogg"
    assert said.content.startswith(b"OggS")


async def test_a_voice_that_there_is_not_is_the_callers_fault(web):
    said = await web.get("/speech", params={"text": "Thank you.", "voice": "Nobody"})
    assert (said.status_code, said.json()) == (422, {"error": "ValidationException"})


@pytest.mark.ai_fault("comprehend.DetectSentiment", "ThrottlingException", times=2)
async def test_a_busy_moment_is_not_seen(web, ai_mock):
    assert (await web.post("/reviews", json={"text": "Great!"})).status_code == 200
    ai_mock.calls("comprehend.DetectSentiment").times(3)


@pytest.mark.ai_fault("comprehend", "ThrottlingException")
async def test_a_busy_day_is_told(web):
    said = await web.post("/reviews", json={"text": "Great!"})
    assert (said.status_code, said.headers["retry-after"]) == (503, "5")


async def test_many_at_once(web, ai_mock):
    import asyncio

    said = await asyncio.gather(*(web.post("/reviews", json={"text": f"Number {n} is great!"}) for n in range(8)))
    assert [one.json()["sentiment"] for one in said] == ["POSITIVE"] * 8
    ai_mock.calls("comprehend.DetectSentiment").times(8)
