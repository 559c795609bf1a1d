"""A service on this machine's loopback that enforces a rate, as AWS does."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Bucket:
    """Lets so many calls a second through, and a second's worth at once after a pause."""

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self.lock = threading.Lock()
        self.tokens, self.filled = rate, time.monotonic()
        self.taken: list[float] = []
        """When calls went through."""
        self.served: list[str] = []
        """Their texts."""
        self.refused = 0

    def take(self, text: str) -> bool:
        with self.lock:
            now = time.monotonic()
            self.tokens = min(self.rate, self.tokens + (now - self.filled) * self.rate)
            self.filled = now
            if self.tokens < 1:
                self.refused += 1
                return False
            self.tokens -= 1
            self.taken.append(now)
            self.served.append(text)
            return True


@contextmanager
def serving(bucket: Bucket) -> Iterator[str]:
    """The address of a service that answers DetectSentiment, and throttles what the bucket does not let through."""
    answer = json.dumps({"Sentiment": "POSITIVE", "SentimentScore": {"Positive": 1.0}}).encode()
    refusal = json.dumps({"__type": "ThrottlingException", "message": "Rate exceeded"}).encode()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            through = bucket.take(request["Text"])
            body = answer if through else refusal
            self.send_response(200 if through else 400)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
