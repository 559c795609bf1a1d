"""One rate, held together by processes, against a service that enforces it."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from .bucket import Bucket, serving

RATE = 50
SECONDS = 2.5


class Over:
    """A backend over one connection a thread."""

    def __init__(self, url: str) -> None:
        self.place = url.removeprefix("http://")
        self.local = threading.local()

    def send(self, call: Any) -> Any:
        from aiservices.errors import service_error

        connection = getattr(self.local, "connection", None)
        if connection is None:
            connection = self.local.connection = http.client.HTTPConnection(self.place, timeout=30)
        connection.request("POST", "/", json.dumps(dict(call.params)))
        response = connection.getresponse()
        response.read()
        if response.status != 200:
            raise service_error(call.service, call.operation, "ThrottlingException", "Rate exceeded", status=400)
        return {}


def work(url: str, name: str, ledger: str) -> None:
    """Send documents from four threads until the time is over; each is sent until it is through."""
    from concurrent.futures import ThreadPoolExecutor

    from aiservices.backends import Limited, Limits, Retrying
    from aiservices.call import Call
    from aiservices.money import Ledger

    with Ledger(ledger) as kept:
        limits = Limits({"comprehend.DetectSentiment": RATE})
        policy = Retrying(Limited(Over(url), limits, slots=kept.turns), attempts=10)
        policy.send(Call("comprehend", "DetectSentiment", {"Text": f"{name} first", "LanguageCode": "en"}))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        end = time.monotonic() + SECONDS

        def send(thread: int) -> list[str]:
            sent = []
            while time.monotonic() < end:
                text = f"{name} {thread} {len(sent)}"
                policy.send(Call("comprehend", "DetectSentiment", {"Text": text, "LanguageCode": "en"}))
                sent.append(text)
            return sent

        with ThreadPoolExecutor(4) as pool:
            sys.stdout.write(json.dumps([text for texts in pool.map(send, range(4)) for text in texts]) + "\n")


@pytest.mark.parametrize("processes", [1, 4])
def test_processes_use_the_rate_and_are_hardly_ever_throttled(processes: int, tmp_path: Path) -> None:
    bucket = Bucket(RATE)
    program = "import sys; from tests.backends.test_rates_together import work; work(*sys.argv[1:])"
    with serving(bucket) as url:
        running = [
            subprocess.Popen(
                [sys.executable, "-c", program, url, f"process {number}", str(tmp_path / "ledger.db")],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )
            for number in range(processes)
        ]  # fmt: skip
        for one in running:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
        begin = time.monotonic()
        for one in running:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        sent = [text for one in running for text in json.loads(one.communicate(timeout=60)[0])]
    taken = [at for at in bucket.taken if begin <= at <= begin + SECONDS]
    assert len(taken) >= 0.95 * RATE * SECONDS
    assert bucket.refused < 0.01 * len(bucket.taken) + 1
    assert sorted(text for text in bucket.served if not text.endswith("first")) == sorted(sent)
