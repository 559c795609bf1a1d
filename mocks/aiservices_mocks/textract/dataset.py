"""The dataset of an adapter: documents that a manifest names, with questions and their answers in annotation files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from aiservices.errors import ServiceError
from aiservices_mocks.engines.documents import Page, UnreadableDocument, open_document
from aiservices_mocks.engines.documents.queries_learnt import Example
from aiservices_mocks.places import place
from aiservices_mocks.resources import WorkFailed
from aiservices_mocks.s3 import Objects

_LEAST = 5
"""Documents to train with, and to test with.
Source: https://docs.aws.amazon.com/textract/latest/dg/textract-using-adapters.html"""
_FEW, _TRAINED = 20, 0.7
"""With fewer documents half of them train, else this share; unless the manifest says.
Source: https://docs.aws.amazon.com/textract/latest/dg/textract-preparing-training-testing.html"""
_SPLITS = {"TRAIN": True, "TRAINING": True, "TEST": False, "TESTING": False}


class Dataset(NamedTuple):
    """Questions on pages with their answers."""

    train: list[Example]
    test: list[Example]


class _Entry(NamedTuple):
    examples: list[Example]
    trains: bool | None


def read(s3: Objects, bucket: str, name: str) -> Dataset:
    """The dataset that a manifest names; raises WorkFailed with what is wrong in which line."""
    try:
        lines = [line for line in s3.get(bucket, name).decode("utf-8-sig").splitlines() if line.strip()]
    except (ServiceError, UnicodeDecodeError):
        raise WorkFailed("The manifest file cannot be read.") from None
    entries = list(_entries(s3, lines))
    sides: tuple[list[_Entry], list[_Entry]] = ([], [])
    share = 0.5 if len(entries) < _FEW else _TRAINED
    for number, entry in enumerate(entries):
        trains = int((number + 1) * share) > int(number * share) if entry.trains is None else entry.trains
        sides[0 if trains else 1].append(entry)
    train, test = sides
    if len(train) < _LEAST or len(test) < _LEAST:
        raise WorkFailed(
            f"The dataset has {len(train)} documents to train with and {len(test)} to test with, "
            f"at least {_LEAST} of each are needed."
        )
    return Dataset(*([example for entry in side for example in entry.examples] for side in sides))


def _entries(s3: Objects, lines: list[str]) -> Iterator[_Entry]:
    for number, line in enumerate(lines, start=1):
        try:
            entry = json.loads(line)
            document, notes = str(entry["source-ref"]), str(entry["annotations-ref"])
            page = int(entry.get("page", 1))
        except (ValueError, KeyError, TypeError):
            raise WorkFailed(
                f"Line {number} of the manifest is no JSON with a source-ref and annotations-ref."
            ) from None
        data, annotations = _object(s3, document, number), _object(s3, notes, number)
        try:
            with open_document(data) as opened:
                if not 1 <= page <= opened.pages:
                    raise WorkFailed(f"Line {number} of the manifest names a page that its document does not have.")
                read_page = opened.page(page - 1, tables=True, forms=True)
        except UnreadableDocument:
            raise WorkFailed(f"Line {number} of the manifest names a document that cannot be read.") from None
        try:
            examples = list(_examples(read_page, json.loads(annotations)))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise WorkFailed(f"Line {number} of the manifest names annotations that are no QUERY blocks.") from None
        if not examples:
            raise WorkFailed(f"Line {number} of the manifest names annotations without a QUERY block.")
        yield _Entry(examples, _split(entry))


def _object(s3: Objects, uri: str, number: int) -> bytes:
    found = place(uri)
    try:
        return s3.get(found.bucket if found else "", found.key if found else "")
    except ServiceError:
        raise WorkFailed(f"Line {number} of the manifest names an object that cannot be read.") from None


def _examples(page: Page, annotations: Mapping[str, Any]) -> Iterator[Example]:
    """The questions and answers of an annotation file: QUERY blocks that name QUERY_RESULT blocks."""
    blocks = annotations["Blocks"]
    results = {block["Id"]: str(block.get("Text", "")) for block in blocks if block["BlockType"] == "QUERY_RESULT"}
    for block in blocks:
        if block["BlockType"] == "QUERY":
            related = [one for one in block.get("Relationships") or () if one["Type"] == "ANSWER"]
            answers = [results[id] for one in related for id in one["Ids"]]
            yield Example(page, str(block["Query"]["Text"]), " ".join(answers))


def _split(entry: Mapping[str, Any]) -> bool | None:
    """Whether a document trains, if its line says: `TRAIN` or `TEST` among its values or its metadata."""
    for value in entry.values():
        said = (
            _split(value)
            if isinstance(value, Mapping)
            else _SPLITS.get(value.upper())
            if isinstance(value, str)
            else None
        )
        if said is not None:
            return said
    return None
