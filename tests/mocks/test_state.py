"""A world in a folder: what is loaded is what was saved, however the program ended that saved it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import numpy as np
import pytest
from aiservices_mocks import Clock, Mock
from aiservices_mocks.state import State
from aiservices_mocks.state_folder import Folder, _sum
from aiservices_mocks.state_values import UnreadableError, from_json, to_json
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from aiservices.call import Call
from aiservices.errors import AIServicesError, ConflictError, InvalidCallError
from tests.mocks.kept import plain
from tests.mocks.lived_in import PLACE, LivedIn
from tests.mocks.lives import Life
from tests.mocks.prepared import REQUESTS
from tests.mocks.test_operations import rows
from tests.mocks.worlds import ask

VOCABULARY = {"VocabularyName": "names", "LanguageCode": "en-US", "Phrases": ["Berlin"]}


def again(mock: Mock, folder: Path) -> Mock:
    """The mock that comes back from a folder."""
    mock.save(folder)
    return Mock.load(folder)


def names(mock: Mock) -> list[str]:
    return [one["VocabularyName"] for one in ask(mock, "transcribe.ListVocabularies")["Vocabularies"]]


def answered(mock: Mock, service: str, operation: str, params: dict[str, Any]) -> Any:
    """What a mock says, with its streams read; an error too is an answer."""
    try:
        reply = mock.send(Call(service, operation, params))
    except AIServicesError as error:
        return type(error), str(error), getattr(error, "request_id", None)
    return plain({name: part.read() if hasattr(part, "read") else part for name, part in reply.items()})


def remembered(mock: Mock) -> Any:
    """What is in the tables of a mock."""
    return {key: plain(dict(table)) for key, table in mock.world.store.tables.items() if table}


def test_a_loaded_mock_remembers_the_same(tmp_path: Path) -> None:
    world = LivedIn()
    mock = world.mock
    ask(mock.at("eu-west-1", "999999999999"), "transcribe.CreateVocabulary", **VOCABULARY)
    other = LivedIn.__new__(LivedIn)
    other.mock = again(mock, tmp_path)
    assert other.state() == world.state()
    assert names(other.mock) == []
    assert names(other.mock.at("eu-west-1", "999999999999")) == ["names"]


def test_a_loaded_mock_answers_as_the_one_that_was_saved_would(tmp_path: Path) -> None:
    mock = Mock(seed=3, quotas={"transcribe.Vocabulary": 1}, strict=True, region="eu-west-1", account="999999999999")
    ask(mock, "transcribe.CreateVocabulary", **VOCABULARY)
    mock.random.random()
    loaded = again(mock, tmp_path)
    group = {"DatasetGroupName": "shop", "Domain": "RETAIL"}
    replies = [
        (ask(one, "forecast.CreateDatasetGroup", **group), ask(one, "kendra.ListIndices"), one.random.random())
        for one in (mock, loaded)
    ]
    assert replies[0] == replies[1]
    assert (loaded.strict, loaded.quotas["transcribe.Vocabulary"]) == (True, 1)
    assert loaded.world.new_id() == mock.world.new_id()


def test_a_token_that_was_used_is_remembered(tmp_path: Path) -> None:
    world = LivedIn()
    loaded = again(world.mock, tmp_path)
    start = {"DocumentLocation": PLACE, "ClientRequestToken": "begun"}
    assert ask(loaded, "textract.StartDocumentTextDetection", **start)["JobId"] == world.text_job
    with pytest.raises((ConflictError, AIServicesError), match="IdempotentParameterMismatch"):
        ask(loaded, "textract.StartDocumentTextDetection", **start, JobTag="another")


def test_what_waits_is_done_in_its_time(tmp_path: Path) -> None:
    mock = Mock(clock=Clock.manual("2026-05-01T00:00:00Z"))
    mock.s3["docs/letter.pdf"] = LivedIn().mock.s3["docs/letter.pdf"]
    far = mock.at("eu-west-1")
    job = ask(far, "textract.StartDocumentTextDetection", DocumentLocation=PLACE)["JobId"]
    mock.clock.advance(seconds=1)
    loaded = again(mock, tmp_path)
    far = loaded.at("eu-west-1")
    assert ask(far, "textract.GetDocumentTextDetection", JobId=job)["JobStatus"] == "IN_PROGRESS"
    loaded.clock.advance(hours=1)
    assert loaded.clock.now() == datetime(2026, 5, 1, 1, 0, 1, tzinfo=UTC)
    assert loaded.clock.monotonic() == 3601
    assert ask(far, "textract.GetDocumentTextDetection", JobId=job)["JobStatus"] == "SUCCEEDED"


def test_what_a_script_made_of_a_job_stays(tmp_path: Path) -> None:
    world = LivedIn()
    world.mock.on("textract.StartDocumentAnalysis").job_fails("BAD_DOCUMENT")
    world.mock.on("textract.StartDocumentTextDetection").job_hangs()
    start = {"DocumentLocation": PLACE}
    failing = ask(world.mock, "textract.StartDocumentAnalysis", **start, FeatureTypes=["FORMS"])["JobId"]
    hanging = ask(world.mock, "textract.StartDocumentTextDetection", **start)["JobId"]
    loaded = again(world.mock, tmp_path)
    assert ask(loaded, "textract.GetDocumentAnalysis", JobId=failing)["StatusMessage"] == "BAD_DOCUMENT"
    assert ask(loaded, "textract.GetDocumentTextDetection", JobId=hanging)["JobStatus"] == "IN_PROGRESS"


def test_a_real_clock_goes_on_by_the_wall(tmp_path: Path) -> None:
    loaded = again(Mock(clock=Clock.real()), tmp_path)
    assert abs(loaded.clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_objects_and_uploads_in_memory_are_as_they_were(tmp_path: Path) -> None:
    world = LivedIn()
    part = {"Bucket": "docs", "Key": "large", "Body": bytes(1 << 20), "Metadata": {"a": "b"}, "ContentType": "x/y"}
    ask(world.mock, "s3.PutObject", **part)
    loaded = again(world.mock, tmp_path)
    told = ask(loaded, "s3.HeadObject", Bucket="docs", Key="large")
    assert (told["ContentType"], told["Metadata"], told["ContentLength"]) == ("x/y", {"a": "b"}, 1 << 20)
    assert told["LastModified"] == ask(world.mock, "s3.HeadObject", Bucket="docs", Key="large")["LastModified"]
    upload = {"Bucket": "docs", "Key": "big", "UploadId": world.upload}
    (listed,) = ask(loaded, "s3.ListParts", **upload)["Parts"]
    parts = [{"PartNumber": 1, "ETag": listed["ETag"]}]
    ask(loaded, "s3.CompleteMultipartUpload", **upload, MultipartUpload={"Parts": parts})
    assert loaded.s3["docs/big"] == b"part"


@mock_aws
def test_objects_behind_a_client_are_saved_when_asked(tmp_path: Path) -> None:
    s3 = boto3.client("s3", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    mock = Mock(s3=s3)
    mock.s3["near/a"] = b"1"
    s3.create_bucket(Bucket="far", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="far", Key="b ä/ö", Body=b"2", ContentType="x/y", CacheControl="no-store", Metadata={"a": "b"})
    mock.save(tmp_path / "without")
    mock.save(tmp_path / "with", remote=True)
    for bucket, key in (("near", "a"), ("far", "b ä/ö")):
        s3.delete_object(Bucket=bucket, Key=key)
        s3.delete_bucket(Bucket=bucket)
    assert list(Mock.load(tmp_path / "without", s3=s3).s3) == []
    loaded = Mock.load(tmp_path / "with", s3=s3)
    assert list(loaded.s3) == ["far/b ä/ö", "near/a"]
    told = s3.get_object(Bucket="far", Key="b ä/ö")
    assert (told["Body"].read(), told["ContentType"], told["CacheControl"]) == (b"2", "x/y", "no-store")
    assert told["Metadata"] == {"a": "b"}
    assert s3.get_bucket_location(Bucket="far")["LocationConstraint"] == "eu-west-1"


@mock_aws
def test_an_object_that_did_not_change_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    s3 = boto3.client("s3", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    mock = Mock(s3=s3)
    mock.s3["docs/a"], mock.s3["docs/b"] = b"1", b"2"
    read: list[str] = []
    s3.meta.events.register("before-call.s3.GetObject", lambda params, **more: read.append(params["url_path"]))
    state = State(tmp_path)
    state.save(mock, remote=True)
    mock.s3["docs/b"] = b"3"
    s3.copy_object(Bucket="docs", Key="a", CopySource="docs/a", MetadataDirective="REPLACE", Metadata={"new": "yes"})
    state.save(mock, remote=True)
    state.close()
    assert [path.rpartition("/")[2] for path in read] == ["a", "b", "b"]
    heads: list[Any] = []
    s3.meta.events.register("before-call.s3.HeadObject", lambda params, **more: heads.append(params))
    monkeypatch.setattr("aiservices_mocks.state_objects._STEADY", timedelta(minutes=-1))  # as if time had passed
    state = State(tmp_path)
    for _ in range(3):
        state.save(mock, remote=True)
    state.close()
    assert (len(read), len(heads)) == (5, 2), "a new program reads all once"
    loaded = Mock.load(tmp_path)
    assert [loaded.s3[key] for key in loaded.s3] == [b"1", b"3"]
    assert loaded.s3.head("docs", "a")["Metadata"] == {"new": "yes"}


# Every kind of thing that services keep; `test_operations` holds what every operation leaves behind against `survives`.


@pytest.mark.parametrize("name", REQUESTS)
def test_a_loaded_mock_answers_what_needs_more_than_its_request(name: str, tmp_path: Path) -> None:
    service, _, operation = name.partition(".")
    life = Life(service, next(iter(rows(service)), None))  # type: ignore[arg-type]  # a service without rows needs none
    params = REQUESTS[name](life)
    loaded = again(life.mock, tmp_path)
    assert answered(loaded, service, operation, params) == answered(life.mock, service, operation, params)
    assert remembered(loaded) == remembered(life.mock)


# The folder.


@contextmanager
def dies_at(step: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A program that is killed just before the nth thing that it does to the disk."""
    left = step

    def counted(does: Any) -> Any:
        def act(*given: Any, **more: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                raise Killed
            return does(*given, **more)

        return act

    with monkeypatch.context() as patch:
        for place, name in ((os, "replace"), (os, "fsync"), (Path, "unlink"), (Path, "open")):
            patch.setattr(place, name, counted(getattr(place, name)))
        yield


class Killed(BaseException):
    """Nothing catches it."""


def test_a_save_that_ends_anywhere_leaves_the_old_state_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mock = Mock()
    mock.s3["docs/a"] = b"old"
    ask(mock, "transcribe.CreateVocabulary", **VOCABULARY)
    mock.save(tmp_path / "first")
    ask(mock, "transcribe.CreateVocabulary", **{**VOCABULARY, "VocabularyName": "orte"})
    mock.s3["docs/a"] = b"new"
    mock.s3["docs/b"] = bytes(100_000)
    found = []
    for step in range(100):
        folder = tmp_path / str(step)
        shutil.copytree(tmp_path / "first", folder)
        state = State(folder)
        whole = False
        with dies_at(step, monkeypatch), suppress(Killed):
            state.save(mock)
            whole = True
        state.close()
        loaded = Mock.load(folder)
        found.append((names(loaded), loaded.s3["docs/a"]))
        mock.save(folder)
        assert names(Mock.load(folder)) == ["names", "orte"], "the next save is not harmed"
        listed = json.loads((folder / "state.json").read_bytes())["content"]
        assert len(list((folder / "pieces").glob("?" * 64))) <= len(listed["tables"]) + 4, "nothing is left behind"
        if whole:
            break
    old, new = (["names"], b"old"), (["names", "orte"], b"new")
    assert step > 8
    assert found == [old] * found.count(old) + [new] * found.count(new)
    assert found.count(old) > 5
    assert found.count(new) > 1


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_damaged_folder_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    LivedIn().mock.save(tmp_path / "whole")
    for file in (tmp_path / "whole").rglob("*"):
        if not file.is_file() or file.name == "lock":
            continue
        for harm in (lambda data: data[:-1], lambda data: bytes([data[0] ^ 1]) + data[1:], lambda data: b"", None):
            folder = tmp_path / "harmed"
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(tmp_path / "whole", folder)
            harmed = folder / file.relative_to(tmp_path / "whole")
            if harm is not None:
                harmed.write_bytes(harm(file.read_bytes()))
            elif file.name != "state.json":
                harmed.unlink()
            else:
                continue
            before = contents(folder)
            with pytest.raises(InvalidCallError, match="damaged"):
                Mock.load(folder)
            if file.name == "state.json":
                with pytest.raises(InvalidCallError, match="damaged"):
                    Mock().save(folder)
            assert contents(folder) == before


_JUNK = (None, 5, -1.5, "x", [], [[]], {}, {"a": "b"}, [None], "2026-01-01T00:00:00")


def test_a_state_that_somebody_made_up_is_refused_or_loaded(tmp_path: Path) -> None:
    world = LivedIn()
    world.mock.random.random()
    world.mock.save(tmp_path)
    file = tmp_path / "state.json"
    whole = json.loads(file.read_bytes())
    for name, junk in ((name, junk) for name in whole["content"] for junk in (*_JUNK, ...)):
        content = {key: value for key, value in whole["content"].items() if (key, junk) != (name, ...)}
        if junk is not ...:
            content[name] = junk
        file.write_text(json.dumps({**whole, "content": content, "sha256": _sum(content)}))
        with suppress(InvalidCallError):
            Mock.load(tmp_path)
    for part, junk in ((part, junk) for part in whole["content"]["tables"][0] for junk in _JUNK):
        tables = [{**whole["content"]["tables"][0], part: junk}]
        content = {**whole["content"], "tables": tables}
        file.write_text(json.dumps({**whole, "content": content, "sha256": _sum(content)}))
        with suppress(InvalidCallError):
            Mock.load(tmp_path)


def test_a_state_of_a_newer_program_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    Mock().save(tmp_path)
    file = tmp_path / "state.json"
    file.write_text(file.read_text().replace('"version": 1', '"version": 2'))
    before = contents(tmp_path)
    for act in (Mock.load, Mock().save):
        with pytest.raises(InvalidCallError, match="version 2 of the format"):
            act(tmp_path)
    assert contents(tmp_path) == before


def test_a_folder_without_a_state_says_so(tmp_path: Path) -> None:
    with pytest.raises(InvalidCallError, match="no saved state"):
        Mock.load(tmp_path)
    with pytest.raises(InvalidCallError, match="no saved state"):
        Mock.load(tmp_path / "nothing")
    assert list(tmp_path.iterdir()) == []


def test_what_else_is_in_a_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "pieces").mkdir()
    for file in (tmp_path / "mine", tmp_path / "pieces" / "mine"):
        file.write_text("mine")
    Mock().save(tmp_path)
    assert (tmp_path / "mine").exists()
    assert (tmp_path / "pieces" / "mine").exists()


def test_one_program_saves_and_any_number_load(tmp_path: Path) -> None:
    state = State(tmp_path)
    state.save(Mock(seed=4))
    for act in (State, Mock().save, Mock.load):
        with pytest.raises(InvalidCallError, match="in use"):
            act(tmp_path)
    state.close()
    with Folder(tmp_path, write=False), Folder(tmp_path, write=False):
        assert Mock.load(tmp_path).seed == 4
        with pytest.raises(InvalidCallError, match="in use"):
            State(tmp_path)


def test_a_folder_that_cannot_be_written_can_be_loaded(tmp_path: Path) -> None:
    Mock(seed=4).save(tmp_path)
    (tmp_path / "lock").unlink()
    before = contents(tmp_path)
    assert Mock.load(tmp_path).seed == 4
    assert contents(tmp_path) == before


def test_the_same_world_is_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        LivedIn().mock.save(tmp_path / name)
    one, two = ({file.removeprefix(str(tmp_path / name)): data for file, data in contents(tmp_path / name).items()}
                for name in ("one", "two"))  # fmt: skip
    assert one == two


# Values.

_plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text("$aä\ud800\n", max_size=9)
_leaves = _plain | st.binary(max_size=20) | st.datetimes(timezones=st.none() | st.just(UTC))
_keys = st.text("$a", max_size=4) | st.integers() | st.tuples(st.text(max_size=2), st.integers())
_values = st.recursive(
    _leaves,
    lambda inner: (
        st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple) | st.dictionaries(_keys, inner, max_size=3)
    ),
    max_leaves=12,
)


@given(_values)
def test_values_come_back_as_they_were(value: Any) -> None:
    told = json.dumps(to_json(value, bytes.hex))
    assert plain(from_json(json.loads(told), bytes.fromhex)) == plain(value)


@pytest.mark.parametrize("size", [0, 1 << 16, (1 << 16) + 1])
def test_many_bytes_get_a_piece_of_their_own(size: int) -> None:
    data = bytes(size)
    told = to_json({"of": data}, bytes.hex)
    assert ("$file" in told["of"]) == (size > 1 << 16)
    assert from_json(told, bytes.fromhex) == {"of": data}


_marks = st.sampled_from(
    [
        "$map",
        "$counter",
        "$tuple",
        "$bytes",
        "$file",
        "$time",
        "$array",
        "$model",
        "$",
        "a",
        "has",
        "type",
        "shape",
        "of",
    ]
)
_written = st.recursive(
    _plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_marks, inner, max_size=3), max_leaves=12
)


@given(_written)
def test_what_was_never_written_is_refused_or_plain(told: Any) -> None:
    with suppress(UnreadableError):
        from_json(told, bytes.fromhex)


@pytest.mark.parametrize(
    "told",
    [
        {"$model": "os.system", "has": {}},
        {"$model": "speech.espeak_child", "has": {}},
        {"$model": "crf.Model.__init__", "has": {}},
        {"$model": ["crf.Model"], "has": {}},
        {"$model": "co_occurrence.Model", "has": {"counts": {}, "nothing": 1}},
        {"$array": {"type": "|O", "shape": [1], "of": {"$bytes": "AAAAAAAAAAA="}}},
        {"$array": {"type": "<f8", "shape": [9], "of": {"$bytes": "AAAAAAAAAAA="}}},
        {"$array": {"type": "<f8", "shape": [-1], "of": {"$bytes": "AAAAAAAAAAA="}}},
        {"$file": "../../etc/passwd"},
    ],
)
def test_a_state_makes_nothing_but_values_and_models(told: Any) -> None:
    with pytest.raises(UnreadableError):
        from_json(told, bytes.fromhex)


def test_a_piece_is_named_by_what_is_in_it(tmp_path: Path) -> None:
    with Folder(tmp_path, write=True) as folder:
        (tmp_path / "secret").write_text("secret")
        for name in ("../secret", "/etc/passwd", "", "a" * 64):
            with pytest.raises(InvalidCallError, match="damaged"):
                folder.get(name)


class Odd:
    """Nothing that a record may hold."""


@pytest.mark.parametrize("value", [Odd(), object, {1, 2}, np.array([Odd()]), lambda: None])
def test_what_no_record_may_hold_is_named(tmp_path: Path, value: Any) -> None:
    mock = Mock()
    mock.save(tmp_path)
    mock.world.store.table("polly", "Lexicon")["odd"] = {"members": value}
    with pytest.raises(TypeError, match="cannot be saved"):
        mock.save(tmp_path)
    assert len(Mock.load(tmp_path).world.store.table("polly", "Lexicon")) == 0
