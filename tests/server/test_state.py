"""`--state`: a server that is started again goes on where it was saved."""

from __future__ import annotations

import logging
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from aiservices_mocks import Mock
from aiservices_mocks.state import State

from aiservices.__main__ import main
from aiservices.errors import InvalidCallError
from aiservices.server import Application, Server

VOCABULARY = {"LanguageCode": "en-US", "Phrases": ["Berlin"]}
ROOT = Path(__file__).parents[2]


@contextmanager
def serving(folder: Path, *more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A program that serves, and its address."""
    command = [sys.executable, "-m", "aiservices", "serve", "--port", "0", "--state", str(folder), *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout is not None
            found = re.search(r"http://127\.0\.0\.1:\d+", program.stdout.readline())
            assert found, program.communicate()
            yield program, found[0]
        finally:
            program.kill()


def client(service: str, url: str) -> Any:
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client(service, endpoint_url=url, region_name="us-east-1", **keys)


def names(url: str) -> list[str]:
    return [one["VocabularyName"] for one in client("transcribe", url).list_vocabularies()["Vocabularies"]]


def test_a_server_that_is_killed_goes_on_from_its_last_save(tmp_path: Path) -> None:
    with serving(tmp_path, "--seed", "5") as (program, url):
        s3, transcribe = client("s3", url), client("transcribe", url)
        s3.create_bucket(Bucket="docs")
        s3.put_object(Bucket="docs", Key="a", Body=b"1", Metadata={"a": "b"})
        transcribe.create_vocabulary(VocabularyName="one", **VOCABULARY)
        saved = httpx.post(f"{url}/_aiservices/save", timeout=30)
        assert saved.json() == {"state": str(tmp_path.resolve())}
        transcribe.create_vocabulary(VocabularyName="two", **VOCABULARY)
        program.kill()
    with serving(tmp_path) as (program, url):
        assert names(url) == ["one"]
        s3 = client("s3", url)
        told = s3.get_object(Bucket="docs", Key="a")
        assert (told["Body"].read(), told["Metadata"]) == (b"1", {"a": "b"})
        s3.put_object(Bucket="docs", Key="b", Body=b"2")
        client("transcribe", url).create_vocabulary(VocabularyName="three", **VOCABULARY)
        program.send_signal(signal.SIGTERM)
        assert program.communicate(timeout=30) == ("", "")
        assert program.returncode == 0
    loaded = Mock.load(tmp_path)
    assert loaded.seed == 5
    assert {key: loaded.s3[key] for key in loaded.s3} == {"docs/a": b"1", "docs/b": b"2"}


KILLED = """
import os, random, signal, sys, time
from pathlib import Path
from aiservices_mocks import Mock
from aiservices_mocks.state import State

def saving(folder, said):
    state, mock, number = State(folder), None, 0
    mock = state.load() or Mock()
    table = mock.world.store.table("polly", "Lexicon")
    while True:
        number = len(table) + 1
        table[str(number)] = {"n": number}
        mock.s3["docs/same"] = b"%d" % number
        mock.s3["docs/%d" % (number % 5)] = b"%d" % number * 40_000
        state.save(mock)
        os.write(said, b"%d\\n" % number)

os.fsync = lambda file: None  # what was written outlives its program without; it only takes time
folder, chance, told = Path(sys.argv[1]), random.Random(7), 0
for moment in range(80):
    hears, said = os.pipe()
    child = os.fork()
    if not child:
        try:
            saving(folder, said)
        finally:
            os._exit(1)
    os.close(said)
    time.sleep(chance.uniform(0.001, 0.03))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with open(hears, "rb") as heard:
        told = max([told, *map(int, heard.read().split())])
    if not (folder / "state.json").exists():
        assert not told
        continue
    loaded = Mock.load(folder)
    number = len(loaded.world.store.table("polly", "Lexicon"))
    assert told <= number <= told + 1, (told, number)
    assert loaded.s3["docs/same"] == b"%d" % number
    assert loaded.s3["docs/%d" % (number % 5)] == b"%d" % number * 40_000
    told = number
print(told)
"""


def test_whoever_is_killed_while_it_saves_loses_nothing_that_was_saved(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.stderr == ""
    assert int(run.stdout) > 5


def served(folder: Path, **more: Any) -> Application:
    shutil.rmtree(folder, ignore_errors=True)
    return Application.of_mock(state=folder, **more)


def test_it_is_saved_every_so_often(tmp_path: Path) -> None:
    with Server(served(tmp_path, save_every=0.01)) as server:
        client("transcribe", server.url).create_vocabulary(VocabularyName="one", **VOCABULARY)
        keeping = server.application.keeping
        assert keeping is not None
        for _ in range(1000):
            if not keeping.changed:
                break
            threading.Event().wait(0.01)
        keeping.save()
        shutil.copytree(tmp_path, tmp_path.with_name("copy"))
    assert len(Mock.load(tmp_path.with_name("copy")).world.store.table("transcribe", "Vocabulary")) == 1


def test_a_save_that_cannot_be_is_told_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried = threading.Event()
    whole = State.save

    def full(self: State, *given: Any, **more: Any) -> None:
        if not tried.is_set():
            raise OSError(28, "No space left on device")
        whole(self, *given, **more)

    monkeypatch.setattr(State, "save", full)
    with caplog.at_level(logging.ERROR, "aiservices"), Server(served(tmp_path, save_every=0.01)) as server:
        client("transcribe", server.url).create_vocabulary(VocabularyName="one", **VOCABULARY)
        reply = httpx.post(f"{server.url}/_aiservices/save")
        assert (reply.status_code, "No space left" in reply.json()["message"]) == (409, True)
        while not caplog.records:
            threading.Event().wait(0.01)
        tried.set()
        assert httpx.post(f"{server.url}/_aiservices/save").status_code == 200
    assert "No space left" in caplog.text
    assert Mock.load(tmp_path).world.store.table("transcribe", "Vocabulary")


def test_a_reset_world_is_saved_too(tmp_path: Path) -> None:
    with Server(served(tmp_path, seed=9)) as server:
        client("transcribe", server.url).create_vocabulary(VocabularyName="one", **VOCABULARY)
        client("s3", server.url).create_bucket(Bucket="docs")
        httpx.post(f"{server.url}/_aiservices/save")
        assert httpx.post(f"{server.url}/_aiservices/reset").json() == {}
    loaded = Mock.load(tmp_path)
    assert (loaded.seed, loaded.world.store.tables, list(loaded.s3.buckets())) == (9, {}, [])


def test_saves_while_calls_are_answered_are_whole(tmp_path: Path) -> None:
    with Server(served(tmp_path, save_every=0.001)) as server:
        ended: list[int] = []

        def ask(number: int) -> None:
            transcribe, s3 = client("transcribe", server.url), client("s3", server.url)
            s3.create_bucket(Bucket=f"bucket-{number}")
            for count in range(12):
                transcribe.create_vocabulary(VocabularyName=f"n{number}-{count}", **VOCABULARY)
                s3.put_object(Bucket=f"bucket-{number}", Key=str(count), Body=b"x")
                transcribe.delete_vocabulary(VocabularyName=f"n{number}-{count}")
            ended.append(number)

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(ended) == [0, 1, 2, 3]
    assert len([key for key in Mock.load(tmp_path).s3 if key.startswith("bucket-")]) == 48


def test_two_servers_on_one_folder_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    application = served(tmp_path)
    assert main(["serve", "--port", "0", "--state", str(tmp_path)]) == 2
    assert "in use" in capsys.readouterr().err
    application.close()


def test_a_folder_that_is_damaged_is_refused_and_free_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    served(tmp_path).close()
    whole = (tmp_path / "state.json").read_bytes()
    (tmp_path / "state.json").write_bytes(whole[:-9])
    assert main(["serve", "--port", "0", "--state", str(tmp_path)]) == 2
    assert "damaged" in capsys.readouterr().err
    assert (tmp_path / "state.json").read_bytes() == whole[:-9]
    (tmp_path / "state.json").write_bytes(whole)
    Application.of_mock(state=tmp_path).close()


def test_a_seed_that_is_not_the_states_is_refused(tmp_path: Path) -> None:
    served(tmp_path, seed=3).close()
    with pytest.raises(InvalidCallError, match="seed 3"):
        Application.of_mock(state=tmp_path, seed=4)
    Application.of_mock(state=tmp_path, seed=3).close()


def test_a_server_without_a_state_says_how_to_get_one(http: httpx.Client) -> None:
    reply = http.post("/_aiservices/save")
    assert (reply.status_code, "--state" in reply.json()["message"]) == (409, True)


@pytest.mark.parametrize(
    "arguments",
    [["--save-every", "5"], ["--backend", "aws", "--keys", "x", "--state", "y"]],
)
def test_what_cannot_be_saved_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", "0", *arguments]) == 2
    assert "--state" in capsys.readouterr().err


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "x"])
def test_a_time_that_is_none_is_refused(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["serve", "--state", "x", "--save-every", seconds])
    assert "--save-every" in capsys.readouterr().err
