"""The mock's replies are like those that AWS's documentation shows.

The cassettes hold requests and replies of the documentation, source and date in their first line. Where the documented
request can be answered as it stands it is; else (it names things that were never made, or placeholders) the reply is
compared with the one that the mock gives when all that the operation needs is there.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from aiservices_mocks import Mock

from aiservices.api.likeness import Unlike, unlike
from aiservices.api.model import Operation, Service, Shape, load
from aiservices.backends.cassette import Cassette, Entry
from aiservices.call import SERVICES, Call, Reply
from aiservices.errors import AIServicesError
from tests.mocks.test_operations import call as answer_prepared
from tests.pictures import png

CASSETTES = sorted((Path(__file__).parent / "data" / "cassettes").glob("*.jsonl"))
MAKES = ("Associate", "Create", "Import", "Index", "Put", "Start")
ENDS = ("Delete", "Disassociate", "Stop")
LEAST = 176
"""Calls that are compared in all."""

NO_PAGES = "somebody invented has no pages"
LEGACY = "AWS tells it of few JPEG pictures only, and advises against it"
BY_CHANCE = {
    (
        "comprehend.DescribeFlywheelIteration",
        "FlywheelIterationProperties.EvaluationManifestS3Prefix",
    ): "no such file is written",
    ("comprehend.ListEntityRecognizerSummaries", "EntityRecognizerSummariesList"): "no recognizer was made",
    ("comprehend.UpdateFlywheel", "FlywheelProperties.LatestFlywheelIteration"): "of a flywheel that has turned",
    ("rekognition.DetectFaces", "OrientationCorrection"): LEGACY,
    ("rekognition.DetectText", "TextDetections"): "the picture has no text",
    ("rekognition.GetCelebrityInfo", "Urls"): NO_PAGES,
    ("rekognition.GetCelebrityRecognition", "Celebrities[].Celebrity.Urls"): NO_PAGES,
    ("rekognition.IndexFaces", "OrientationCorrection"): LEGACY,
    ("rekognition.RecognizeCelebrities", "CelebrityFaces[].Urls"): NO_PAGES,
    ("rekognition.RecognizeCelebrities", "UnrecognizedFaces"): "everybody in the picture is recognized",
    ("rekognition.SearchFaces", "FaceMatches"): "no other face is in the collection",
    ("transcribe.GetTranscriptionJob", "TranscriptionJob.IdentifiedLanguageScore"): "where the language was asked for",
}
"""Documented members that a reply has only in a situation which the test does not bring about, and why."""


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: path.stem)
def test_replies_are_like_the_documented_ones(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cassette, mock = Cassette(path), Mock()
    how: Counter[str] = Counter()
    found = set()
    for entry in in_order_of_life(cassette.read()):
        call = cassette.call(entry)
        assert call is not None, f"line {entry.line}"
        way, differences = compared(mock, call, cassette.answer(call, entry))
        how[way] += 1
        found |= {(entry.name, difference.where, difference.kind) for difference in differences}
    with capsys.disabled():
        print(f"\n{path.stem}: {how.total()} documented calls compared, {how['asked']} of them as they stand")
    known = {key for key in BY_CHANCE if key[0].startswith(f"{path.stem}.")}
    assert found == {(name, where, "missing") for name, where in known}


def test_so_many_calls_are_compared_of_documentation_that_is_named() -> None:
    heads = [json.loads(path.read_text("utf-8").partition("\n")[0]) for path in CASSETTES]
    assert all(
        head["source"] and head["urls"] and head["checked"] and head["licence"] == "Apache-2.0" for head in heads
    )
    entries = [entry for path in CASSETTES for entry in Cassette(path).read()]
    assert len(entries) >= LEAST
    assert all(entry.source for entry in entries)
    assert {entry.name.partition(".")[0] for entry in entries} <= SERVICES.keys()


def compared(mock: Mock, call: Call, documented: Reply) -> tuple[str, list[Unlike]]:
    """Whether the call was asked as it stands, and where its answer is unlike the documented one."""
    operation = load(call.service).operation(call.operation)
    if operation.output is None:
        return "without reply", []
    prepared = {
        it for it in unlike(operation.output, documented, reply_of(operation)) if it.kind in ("missing", "type")
    }
    prepared = {
        it for it in prepared if it.kind == "type" or it.where.rpartition(".")[2] not in given_names(operation.service)
    }
    try:
        asked = mock.send(Call(call.service, call.operation, with_pictures(mock, call.params)))
    except AIServicesError:
        return "prepared", sorted(prepared)
    asked.pop("ResponseMetadata")
    differences = {it for it in unlike(operation.output, documented, asked) if it.kind != "more"}
    return "asked", sorted(differences & prepared)


def with_pictures(mock: Mock, value: Any) -> Any:
    """The request, whose pictures are there: in buckets without the documentation's capitals, which S3 refuses."""
    if not isinstance(value, Mapping):
        return value
    if value.keys() >= {"Bucket", "Name"}:
        value = {**value, "Bucket": value["Bucket"].lower()}
        mock.s3[f"{value['Bucket']}/{value['Name']}"] = png()
    return {name: with_pictures(mock, it) for name, it in value.items()}


def in_order_of_life(entries: list[Entry]) -> list[Entry]:
    """First what makes things, last what ends them."""

    def age(entry: Entry) -> int:
        operation = entry.name.partition(".")[2]
        return 0 if operation.startswith(MAKES) else 2 if operation.startswith(ENDS) else 1

    return sorted(entries, key=age)


@cache
def prepared_replies() -> dict[str, Reply]:
    return {}


def reply_of(operation: Operation) -> Reply:
    """What the mock answers when all is there."""
    replies, name = prepared_replies(), f"{operation.service.name}.{operation.name}"
    if name not in replies:
        replies[name] = answer_prepared(operation).last
        replies[name].pop("ResponseMetadata", None)
    return replies[name]


@cache
def given_names(service: Service) -> frozenset[str]:
    """Members that requests of the service have: a reply repeats them where they were given."""
    inputs = [one.input for one in service.operations.values() if one.input]
    return frozenset(name for shape in inputs for name in names(shape, ()))


def names(shape: Shape, above: tuple[str, ...]) -> Iterator[str]:
    if shape.name in above:
        return
    inner = {"list": lambda: [shape.member], "map": lambda: [shape.value], "structure": lambda: shape.members.values()}
    yield from shape.members if shape.type == "structure" else ()
    for one in inner.get(shape.type, list)():
        yield from names(one, (*above, shape.name))
