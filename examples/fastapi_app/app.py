"""A web service over AsyncAI: what a review says, in its writer's language, and the review read aloud.

Run it offline: AISERVICES_BACKEND=mock uvicorn app:app
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from aiservices import AsyncAI
from aiservices.errors import AIServicesError, InvalidCallError, ThrottledError


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """One client as long as the service runs."""
    async with AsyncAI() as app.state.ai:
        yield


app = FastAPI(lifespan=lifespan)


def client(request: Request) -> AsyncAI:
    """The client of the running service; tests give another one."""
    ai: AsyncAI = request.app.state.ai
    return ai


AI = Annotated[AsyncAI, Depends(client)]


class Review(BaseModel):
    text: str = Field(min_length=1)


class Reading(BaseModel):
    language: str
    sentiment: str
    phrases: list[str]


@app.post("/reviews")
async def read(review: Review, ai: AI) -> Reading:
    """The language of a review, its sentiment, and what it speaks of."""
    language = (await ai.comprehend.language(review.text)).code
    sentiment = await ai.comprehend.detect_sentiment(text=review.text, language_code=language)
    phrases = await ai.comprehend.detect_key_phrases(text=review.text, language_code=language)
    return Reading(
        language=language,
        sentiment=sentiment.sentiment,
        phrases=[phrase.text or "" for phrase in phrases.key_phrases],
    )


@app.get("/speech")
async def speak(text: str, ai: AI, voice: str = "Joanna") -> Response:
    """The text, spoken."""
    spoken = await ai.polly.synthesize_speech(text=text, output_format="ogg_vorbis", voice_id=voice)
    return Response(spoken.audio_stream.read(), media_type="audio/ogg")


@app.exception_handler(ThrottledError)
async def busy(request: Request, error: ThrottledError) -> JSONResponse:
    """AWS is busy even after our retries: the caller may come back."""
    return JSONResponse({"error": error.code}, 503, {"Retry-After": f"{error.retry_after or 5:.0f}"})


@app.exception_handler(AIServicesError)
async def failed(request: Request, error: AIServicesError) -> JSONResponse:
    """The caller's fault or ours; what AWS says of a request may quote it, so only its code is told."""
    wrong = isinstance(error, InvalidCallError) or getattr(error, "status", 500) < 500
    return JSONResponse({"error": getattr(error, "code", type(error).__name__)}, 422 if wrong else 502)
