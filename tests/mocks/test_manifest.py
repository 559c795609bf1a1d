"""The lines of Rekognition's datasets: read without trust, merged by image, counted."""

from __future__ import annotations

import json

from aiservices_mocks.rekognition import manifest
from hypothesis import given
from hypothesis import strategies as st

NAMES = st.sampled_from(["source-ref", "a", "a-metadata", "class-name", "class-map", "annotations", "class_id", "0"])
VALUES: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
LINES = st.dictionaries(NAMES, VALUES, max_size=5).map(json.dumps)


@given(LINES | st.text())
def test_any_line_is_read(line: str) -> None:
    entry = manifest.read(line)
    assert entry.line == line
    assert all(isinstance(name, str) for name in entry.names)


@given(st.lists(LINES, max_size=6), st.lists(LINES, max_size=6))
def test_of_each_image_the_newer_line_stays(old: list[str], new: list[str]) -> None:
    merged = manifest.merged([*old, *new])
    images = [entry.source for line in merged if (entry := manifest.read(line)).source]
    assert len(images) == len(set(images))
    newest = {entry.source: line for line in (*old, *new) if (entry := manifest.read(line)).source}
    assert {*newest.values()} <= {*merged}
    assert manifest.merged([*merged, *new]) == merged


def test_lines_are_ended_by_line_feeds_only() -> None:
    assert manifest.lines('{"a": "\u2028"}\r\n \n{}'.encode()) == ['{"a": "\u2028"}', "{}"]
    assert manifest.lines(b"") == []


@given(st.lists(LINES, max_size=20))
def test_a_fifth_is_for_tests(lines: list[str]) -> None:
    training, testing = manifest.split(lines)
    assert sorted(training + testing) == sorted(lines)
    assert len(testing) == len(lines) // 5


def test_a_line_that_is_too_deep_is_not_read() -> None:
    assert manifest.read('{"a":' * 100_000).source == ""


def test_images_and_boxes_of_a_label_are_counted() -> None:
    boxes = {"annotations": [{"class_id": 0}, {"class_id": 0}, {"class_id": 7}]}
    lines = [
        {"source-ref": "s3://b/1", "x": 0, "x-metadata": {"class-name": "cat"}},
        {"source-ref": "s3://b/2", "y": boxes, "y-metadata": {"class-map": {"0": "cat"}}},
    ]
    entries = [manifest.read(json.dumps(line)) for line in lines]
    assert manifest.count_labels(entries) == {"cat": {"EntryCount": 2, "BoundingBoxCount": 2}}
