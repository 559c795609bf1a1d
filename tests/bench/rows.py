"""What is measured, and against whom."""

from __future__ import annotations

import http.server
import json
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from .pairs import Row, process, row, timed

TEXT = "The food was wonderful, and the staff were friendly."


def imports() -> Row:
    return row(
        "import aiservices", "import boto3", process("import aiservices"), process("import boto3"),
        unit="CPU ms", limit=1.0, rounds=9,
    )  # fmt: skip


def first_answer() -> Iterator[Row]:
    ours = "from aiservices import AI\nai = AI(backend='mock')\nai.{product}.{operation}({typed})"
    theirs = (
        "import boto3\nfrom moto import mock_aws\nwith mock_aws():\n"
        "    boto3.client('{product}', region_name='us-east-1').{operation}({raw})"
    )
    for values in (
        {"product": "polly", "operation": "list_lexicons", "typed": "", "raw": ""},
        {
            "product": "comprehend", "operation": "detect_sentiment",
            "typed": f"text={TEXT!r}, language_code='en'", "raw": f"Text={TEXT!r}, LanguageCode='en'",
        },
    ):  # fmt: skip
        yield row(
            f"first {values['operation']} of a process", "boto3 + moto",
            process(ours.format(**values)), process(theirs.format(**values)), unit="CPU ms", limit=0.5, rounds=5,
        )  # fmt: skip


def warm_calls() -> Iterator[Row]:
    import boto3
    from moto import mock_aws

    from aiservices import AI

    with mock_aws(), AI(backend="mock") as ai:
        polly = boto3.client("polly", region_name="us-east-1")
        comprehend = boto3.client("comprehend", region_name="us-east-1")
        yield row(
            "warm polly.list_lexicons", "boto3 + moto",
            timed(ai.polly.list_lexicons, 2000), timed(polly.list_lexicons, 40),
            unit="µs", limit=1 / 15, at_most=50,
        )  # fmt: skip
        yield row(
            "warm comprehend.detect_sentiment", "boto3 + moto's constant",
            timed(lambda: ai.comprehend.detect_sentiment(text=TEXT, language_code="en"), 500),
            timed(lambda: comprehend.detect_sentiment(Text=TEXT, LanguageCode="en"), 40),
            unit="µs", limit=1 / 5,
        )  # fmt: skip


def a_life() -> Row:
    """A resource made, described, listed and deleted."""
    import boto3
    from moto import mock_aws

    from aiservices import AI

    with mock_aws(), AI(backend="mock") as ai:
        forecast = ai.forecast
        raw = boto3.client("forecast", region_name="us-east-1")

        def ours() -> None:
            arn = forecast.create_dataset_group(dataset_group_name="shop", domain="RETAIL").dataset_group_arn
            forecast.describe_dataset_group(dataset_group_arn=arn)
            forecast.list_dataset_groups()
            forecast.delete_dataset_group(dataset_group_arn=arn)

        def theirs() -> None:
            arn = raw.create_dataset_group(DatasetGroupName="shop", Domain="RETAIL")["DatasetGroupArn"]
            raw.describe_dataset_group(DatasetGroupArn=arn)
            raw.list_dataset_groups()
            raw.delete_dataset_group(DatasetGroupArn=arn)

        return row(
            "create, describe, list, delete a dataset group", "boto3 + moto", timed(ours, 500), timed(theirs, 20),
            unit="µs", limit=1 / 15, at_most=200,
        )  # fmt: skip


def lists() -> Row:
    """All pages of 10,000 things against all pages of 1,000."""
    from aiservices import AI

    with AI(backend=associated(10_000)) as many, AI(backend=associated(1_000)) as few:
        pages = [
            timed(lambda ai=ai: len(list(ai.pages(ai.codeguru.reviewer.list_repository_associations))), 1)
            for ai in (many, few)
        ]
        return row("all pages of 10,000 things", "of 1,000", *pages, unit="µs", limit=12)


def associated(count: int) -> Any:
    """A mock with so many repositories."""
    from aiservices_mocks import Mock

    from aiservices.call import Call

    mock = Mock()
    for number in range(count):
        params = {"Repository": {"CodeCommit": {"Name": f"repository-{number}"}}}
        mock.send(Call("codeguru-reviewer", "AssociateRepository", params))
    return mock


def copies() -> Row:
    """A world of 100 resources."""
    from copy import deepcopy

    mock = associated(100)
    tables = {key: dict(table) for key, table in mock.world.store._tables.items()}
    return row(
        "copy a world of 100 resources", "deepcopy of its records", timed(mock.copy, 20), timed(lambda: deepcopy(tables), 5),
        unit="µs", limit=0.5, at_most=1_000,
    )  # fmt: skip


def many_resources() -> Row:
    """What 100,000 resources take, beside a world that keeps one."""
    keep = "from tests.bench.rows import associated\nmock = associated({})"
    return row(
        "memory, a process with 100,000 resources", "with one",
        process(keep.format(100_000), "memory"), process(keep.format(1), "memory"),
        unit="MB", limit=20, at_most=200 + 40, rounds=1,
    )  # fmt: skip


def fresh_world() -> Row:
    import boto3
    from moto import mock_aws

    from aiservices import AI

    def ours() -> None:
        with AI(backend="mock") as ai:
            ai.polly.list_lexicons()

    def theirs() -> None:
        with mock_aws():
            boto3.client("polly", region_name="us-east-1").list_lexicons()

    return row(
        "a fresh world and its first call", "mock_aws, client, call",
        timed(ours, 300), timed(theirs, 3), unit="µs", limit=1 / 500,
    )  # fmt: skip


class _Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    body = json.dumps({"Sentiment": "POSITIVE", "SentimentScore": {"Positive": 1.0}}).encode()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nx-amzn-RequestId: 1\r\n"
            f"Content-Length: {len(self.body)}\r\n\r\n"
        )
        self.wfile.write(head.encode() + self.body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def loopback() -> Iterator[str]:
    """A server in a process of its own that answers DetectSentiment in JSON."""
    import multiprocessing

    context = multiprocessing.get_context("spawn")
    ports = context.Queue()
    server = context.Process(target=_serve, args=(ports,), daemon=True)
    server.start()
    try:
        yield f"http://127.0.0.1:{ports.get(timeout=30)}"
    finally:
        server.terminate()
        server.join()


def _serve(ports: Any) -> None:
    class Server(http.server.ThreadingHTTPServer):
        request_queue_size = 256
        disable_nagle_algorithm = True

    server = Server(("127.0.0.1", 0), _Answer)
    ports.put(server.server_port)
    server.serve_forever()


def aws_path() -> Iterator[Row]:
    import boto3
    from botocore.config import Config

    from aiservices import AI, Settings

    threads = 32
    with loopback() as url:
        config = Config(max_pool_connections=threads, retries={"total_max_attempts": 1, "mode": "standard"})
        raw = boto3.client("comprehend", region_name="us-east-1", endpoint_url=url, config=config)
        settings = Settings(region="us-east-1", endpoint_url=url, concurrency=threads)
        with AI(backend="aws", settings=settings) as ai:

            def ours() -> object:
                return ai.comprehend.detect_sentiment(text=TEXT, language_code="en")

            def theirs() -> object:
                return raw.detect_sentiment(Text=TEXT, LanguageCode="en")

            yield row(
                "a call to AWS, p50, loopback", "boto3", _p50(ours), _p50(theirs), unit="wall µs", limit=1.10, rounds=75
            )
            yield row(
                f"calls to AWS by {threads} threads, loopback", "boto3",
                _parallel(ours, threads), _parallel(theirs, threads), unit="wall µs/call", limit=1 / 0.9, rounds=21,
            )  # fmt: skip


def _p50(work: Callable[[], object]) -> Callable[[], float]:
    def measure() -> float:
        seconds = []
        for _ in range(20):
            begin = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - begin)
        return statistics.median(seconds) * 1e6

    return measure


def _parallel(work: Callable[[], object], threads: int) -> Callable[[], float]:
    def measure() -> float:
        calls, ready = threads * 10, threading.Barrier(threads + 1)

        def many() -> None:
            ready.wait()
            for _ in range(calls // threads):
                work()

        with ThreadPoolExecutor(threads) as pool:
            futures = [pool.submit(many) for _ in range(threads)]
            ready.wait()
            begin = time.perf_counter()
            for future in futures:
                future.result()
            return (time.perf_counter() - begin) / calls * 1e6

    return measure


def memory() -> Row:
    ours = (
        "from aiservices import AI\nfrom aiservices.call import PRODUCTS\nai = AI(backend='mock')\n"
        "for product in PRODUCTS: dir(getattr(ai, product))"
    )
    theirs = (
        "import boto3\nfrom aiservices.call import SERVICES\n"
        "clients = [boto3.client(service, region_name='us-east-1') for service in SERVICES]"
    )
    return row(
        "memory, all twelve products touched", "19 boto3 clients",
        process(ours, "memory"), process(theirs, "memory"), unit="MB", limit=1.0, rounds=3,
    )  # fmt: skip


def all_rows() -> Iterator[Row]:
    """Every row, one after the other."""
    yield imports()
    yield from first_answer()
    yield from warm_calls()
    yield fresh_world()
    yield a_life()
    yield lists()
    yield copies()
    yield from aws_path()
    yield memory()
    yield many_resources()
