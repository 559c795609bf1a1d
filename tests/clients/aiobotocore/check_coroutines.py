"""aiobotocore: many calls at once on kept connections, streams, pages and waits, as coroutines."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from aiobotocore.config import AioConfig
from aiobotocore.session import get_session

BUCKET = "aiobotocore-files"
TEXT = {"Text": "What a lovely day!", "LanguageCode": "en"}


def runs(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """A test that is a coroutine function, with a loop of its own."""

    @wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


class Clients:
    """Clients that are closed with the block."""

    def __init__(self) -> None:
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Clients:
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self._stack.aclose()

    async def __call__(self, service: str, **how: Any) -> Any:
        return await self._stack.enter_async_context(get_session().create_client(service, **how))


@runs
async def test_many_calls_at_once() -> None:
    async with Clients() as client:
        comprehend = await client("comprehend", config=AioConfig(max_pool_connections=16))
        replies = await asyncio.gather(*(comprehend.detect_sentiment(**TEXT) for _ in range(100)))
        assert {reply["Sentiment"] for reply in replies} == {"POSITIVE"}


@runs
async def test_speech_is_read_as_it_comes() -> None:
    async with Clients() as client:
        polly = await client("polly")
        reply = await polly.synthesize_speech(Text="hello " * 100, OutputFormat="pcm", VoiceId="Joanna")
        async with reply["AudioStream"] as stream:
            pieces = [piece async for piece in stream.iter_chunks()]
        assert len(pieces) > 1
        assert sum(map(len, pieces)) > 100_000


@runs
async def test_a_document_is_staged_and_read_by_a_job(data: Path) -> None:
    async with Clients() as client:
        s3, textract = await client("s3"), await client("textract")
        await s3.create_bucket(Bucket=BUCKET)
        await s3.put_object(Bucket=BUCKET, Key="invoice.pdf", Body=(data / "invoice.pdf").read_bytes())
        place = {"S3Object": {"Bucket": BUCKET, "Name": "invoice.pdf"}}
        job = await textract.start_document_text_detection(DocumentLocation=place)
        found = await textract.get_document_text_detection(JobId=job["JobId"])
        assert found["JobStatus"] == "SUCCEEDED"
        assert any("invoice" in block.get("Text", "").lower() for block in found["Blocks"])


@runs
async def test_a_job_is_waited_for(sound: bytes) -> None:
    async with Clients() as client:
        s3, transcribe = await client("s3"), await client("transcribe")
        await s3.create_bucket(Bucket=f"{BUCKET}-sound")
        await s3.put_object(Bucket=f"{BUCKET}-sound", Key="call.wav", Body=sound)
        name = {"TranscriptionJobName": "aio"}
        media = {"MediaFileUri": f"s3://{BUCKET}-sound/call.wav"}
        await transcribe.start_transcription_job(
            **name, LanguageCode="en-US", Media=media, OutputBucketName=f"{BUCKET}-sound", OutputKey="aio.json"
        )
        job = await transcribe.get_transcription_job(**name)
        assert job["TranscriptionJob"]["TranscriptionJobStatus"] == "COMPLETED"
        written = await s3.get_object(Bucket=f"{BUCKET}-sound", Key="aio.json")
        assert json.loads(await written["Body"].read())["jobName"] == "aio"


@runs
async def test_lists_come_in_pages() -> None:
    async with Clients() as client:
        rekognition = await client("rekognition")
        for number in range(5):
            await rekognition.create_collection(CollectionId=f"c{number}")
        pages = rekognition.get_paginator("list_collections").paginate(PaginationConfig={"PageSize": 2})
        found = [page["CollectionIds"] async for page in pages]
        assert [len(ids) for ids in found] == [2, 2, 1]


@runs
async def test_errors_are_the_services_own() -> None:
    async with Clients() as client:
        polly = await client("polly")
        with pytest.raises(polly.exceptions.LexiconNotFoundException):
            await polly.get_lexicon(Name="none")
