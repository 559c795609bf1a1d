"""A server in a process of its own, that demands signatures, and what it is asked beside AWS's protocols."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

ACCESS, SECRET = "test", "a secret/of+tests"


class Served:
    """`aiservices serve` at a free port, until the block ends."""

    url: str

    def __init__(self, folder: Path) -> None:
        self._keys = folder / "keys"
        self._keys.write_text(f"{ACCESS}:{SECRET}\n", "utf-8")
        self._log = (folder / "server.txt").open("w+")

    def __enter__(self) -> Served:
        command = [sys.executable, "-m", "aiservices", "serve", "--port", "0", "--keys", str(self._keys)]
        self._program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self._log, text=True)
        assert self._program.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", self._program.stdout.readline())
        if found is None:
            self.__exit__(None, None, None)
            raise RuntimeError(f"{self.complaint or 'the server did not tell its address'}")
        self.url = found[0]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._program.terminate()
        self._program.communicate(timeout=30)

    @property
    def complaint(self) -> str:
        """What it logged, and how it ended, if that was not well: it says nothing of requests that it could answer."""
        self._log.seek(0)
        said, code = self._log.read(), self._program.returncode
        return f"the server ended with {code} and said:\n{said}" if said or code else ""

    def calls(self) -> list[dict[str, Any]]:
        """What it was called for."""
        url = f"{self.url}/_aiservices/calls"
        request = AWSRequest("GET", url)
        SigV4Auth(Credentials(ACCESS, SECRET), "aiservices", "us-east-1").add_auth(request)
        reply = httpx.get(url, headers=dict(request.headers), timeout=60).raise_for_status()
        found: list[dict[str, Any]] = reply.json()["calls"]
        return found
