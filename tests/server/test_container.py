"""What an image of the server starts, without one."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import boto3
import httpx

ROOT = Path(__file__).parent.parent.parent
SERVE = ROOT / ".ci" / "serve"


def surroundings(**more: str) -> dict[str, str]:
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    return {**os.environ, "PATH": path, **more}


def test_it_serves_those_who_have_a_key_and_stops_when_told(tmp_path: Path):
    # The last host counts: these tests listen on loopback only.
    command = [SERVE, "--host", "127.0.0.1", "--port", "0"]
    env = surroundings(AISERVICES_KEYS="team:secret of/the+team\nother:x", TMPDIR=str(tmp_path))
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", program.stdout.readline())
        assert found
        assert httpx.get(f"{found[0]}/_aiservices/health", timeout=20).json()["status"] == "ok"
        assert httpx.get(f"{found[0]}/_aiservices/calls", timeout=20).status_code == 403
        polly = boto3.client(
            "polly", endpoint_url=found[0], region_name="us-east-1",
            aws_access_key_id="team", aws_secret_access_key="secret of/the+team",
        )  # fmt: skip
        assert polly.list_lexicons()["Lexicons"] == []
        assert [file.stat().st_mode & 0o77 for file in tmp_path.iterdir()] == [0], "nobody else reads the keys"
        program.send_signal(signal.SIGTERM)  # as `docker stop` sends it to the first process
        output, errors = program.communicate(timeout=20)
    assert (program.returncode, output, errors) == (0, "", "")


def test_without_keys_it_says_what_is_missing():
    done = subprocess.run([SERVE], env=surroundings(), capture_output=True, text=True, timeout=20)
    assert done.returncode != 0
    assert "AISERVICES_KEYS" in done.stderr
    assert "access:secret" in done.stderr


def test_the_image_is_made_of_what_is_there():
    text = (ROOT / ".ci" / "Containerfile").read_text("utf-8")
    for sources in re.findall(r"^COPY (?!--from)(?:--\S+ )?(.+) \S+$", text, re.MULTILINE):
        for source in sources.split():
            assert (ROOT / source).exists(), source
    assert re.search(r"^USER [1-9]\d*", text, re.MULTILINE), "not root"
