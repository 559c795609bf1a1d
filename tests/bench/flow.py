"""Rates: how fast documents go through a service that enforces one, how many calls that takes, and what waiting costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from tests.backends.bucket import Bucket, serving

from .pairs import Row, row, timed
from .rows import TEXT

_RATE, _DOCUMENTS, _THREADS = 50.0, 150, 8
Send = Callable[[str], object]


def at_a_rate() -> Iterator[Row]:
    """Our limits against botocore's two modes; a document that was given up is sent again."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import ClientError

    from aiservices import AI, Settings
    from aiservices.backends import Limits

    bucket = Bucket(_RATE)
    with serving(bucket) as url:
        settings = Settings(region="us-east-1", endpoint_url=url, concurrency=_THREADS)
        limits = Limits({"comprehend.DetectSentiment": _RATE})
        with AI(backend="aws", settings=settings, limits=limits) as ai:

            def ours(text: str) -> object:
                return ai.comprehend.detect_sentiment(text=text, language_code="en")

            for mode in ("standard", "adaptive"):
                client = boto3.client(
                    "comprehend", region_name="us-east-1", endpoint_url=url,
                    config=Config(retries={"mode": mode}, max_pool_connections=_THREADS),
                )  # fmt: skip

                def theirs(text: str, client: object = client) -> object:
                    while True:
                        try:
                            return client.detect_sentiment(Text=text, LanguageCode="en")  # type: ignore[attr-defined]  # boto3 makes it
                        except ClientError:
                            continue

                yield row(
                    f"{_DOCUMENTS} documents at {_RATE:g} a second, {_THREADS} threads", f"botocore's {mode} mode",
                    _through(bucket, ours), _through(bucket, theirs), unit="wall ms a document", rounds=2,
                )  # fmt: skip
                yield row(
                    "the same, calls sent for 100 documents", f"botocore's {mode} mode",
                    _sent(bucket, ours), _sent(bucket, theirs), unit="calls", at_most=101, rounds=2,
                )  # fmt: skip


def _through(bucket: Bucket, send: Send) -> Callable[[], float]:
    def measure() -> float:
        bucket.tokens = bucket.rate  # whoever was before leaves nothing behind
        begin = time.perf_counter()
        with ThreadPoolExecutor(_THREADS) as pool:
            list(pool.map(send, [f"{TEXT} {number}" for number in range(_DOCUMENTS)]))
        return (time.perf_counter() - begin) / _DOCUMENTS * 1e3

    return measure


def _sent(bucket: Bucket, send: Send) -> Callable[[], float]:
    through = _through(bucket, send)

    def measure() -> float:
        before = bucket.refused + len(bucket.taken)
        through()
        return 100 * (bucket.refused + len(bucket.taken) - before) / _DOCUMENTS

    return measure


def a_limiter() -> Row:
    """What a limit costs that holds nothing up."""
    from aiservices import AI
    from aiservices.backends import Limits

    with AI(backend="mock", limits=Limits({"polly": 1e6})) as limited, AI(backend="mock") as free:
        return row(
            "polly.list_lexicons under a limit", "without", timed(limited.polly.list_lexicons, 2000),
            timed(free.polly.list_lexicons, 2000), unit="µs",
        )  # fmt: skip


def all_rows() -> Iterator[Row]:
    yield a_limiter()
    yield from at_a_rate()
