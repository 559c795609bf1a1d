"""What models are trained with, read from S3: texts with classes, or texts with marked entities."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

from aiservices_mocks.engines.name_lists import Annotated
from aiservices_mocks.resources import WorkFailed
from aiservices_mocks.s3 import Objects

from .inputs import NO_DOCUMENTS, Limits, documents, files
from .reading import Unreadable, read

Example = TypeVar("Example")
Config = Mapping[str, Any]
Labelled = tuple[str, list[str]]
"""A text and its classes."""
Span = tuple[int, int, str]
"""Where an entity begins and ends, and its type."""
DELIMITER = "|"


class Marked(NamedTuple):
    """Texts with their entities, and the names of a list of entities with their types."""

    texts: list[Annotated]
    names: list[tuple[str, str]]


# Texts with classes.


def labelled(s3: Objects, config: Config, split: str, *, several: bool) -> list[Labelled]:
    """The examples of a classifier's input for one split (TRAIN or TEST); none when there is no input for it.

    several: a text can have more classes than one.
    """
    if config.get("DataFormat") == "AUGMENTED_MANIFEST":
        with _as_named():
            return [
                (text, _classes(entry, manifest["AttributeNames"]))
                for manifest, entry, text in _manifests(s3, config, split)
            ]
    uri = config.get("S3Uri" if split == "TRAIN" else "TestS3Uri")
    if uri is None:
        return []
    native = config.get("Documents", {}).get("S3Uri" if split == "TRAIN" else "TestS3Uri")
    sources = dict(files(s3, native)) if native else {}
    delimiter = config.get("LabelDelimiter", DELIMITER)
    found: list[Labelled] = []
    for number, row in enumerate(_table(s3, uri), 1):
        labels = list(filter(None, map(str.strip, row[0].split(delimiter) if several else row[:1])))
        if not (2 <= len(row) <= (3 if native else 2)):
            raise WorkFailed(
                f"Row {number} of the training data has {len(row)} columns, not 2: a label and a document. "
                "A document with commas stands in quotation marks."
            )
        if not labels or not row[1].strip():
            raise WorkFailed(f"Row {number} of the training data has no label or no document.")
        found.append((_native(sources, row) if native else row[1], labels))
    return found


def _native(sources: Mapping[str, bytes], row: Sequence[str]) -> str:
    """The text of the file that a row names, or of the page of it that it names (from 1 on)."""
    if row[1] not in sources:
        raise WorkFailed("The training data names a document that is not at the S3 location of Documents.")
    try:
        document = read(sources[row[1]])
    except Unreadable as error:
        raise WorkFailed(str(error)) from None
    if len(row) < 3 or not row[2].strip():
        return document.text
    pages = {str(number): page.text for number, page in enumerate(document.pages, 1)}
    if row[2].strip() not in pages:
        raise WorkFailed("The training data names a page that its document does not have.")
    return pages[row[2].strip()]


def _table(s3: Objects, uri: str) -> list[list[str]]:
    """The rows of all CSV files at a location."""
    rows: list[list[str]] = []
    for _, data in files(s3, uri):
        try:
            rows += [row for row in csv.reader(io.StringIO(_text(data), newline="")) if any(row)]
        except csv.Error:
            raise WorkFailed("The training data is not CSV.") from None
    if not rows:
        raise WorkFailed(NO_DOCUMENTS)
    return rows


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WorkFailed("UNSUPPORTED_ENCODING: The training data is not in UTF-8 format.") from None


def _classes(entry: Config, names: Sequence[str]) -> list[str]:
    """The classes that the first attribute of a manifest's entry tells, in the names of its metadata."""
    name = next((one for one in names if one in entry), "")
    about = entry.get(f"{name}-metadata", {})
    if "class-map" in about:
        value = entry[name] if isinstance(entry[name], list) else [entry[name]]
        return [str(about["class-map"].get(str(number), number)) for number in value]
    return [str(about.get("class-name", entry.get(name, "")))]


# Texts with entities.


def marked(s3: Objects, config: Config, split: str) -> Marked:
    """The examples of a recognizer's input for one split (TRAIN or TEST)."""
    if config.get("DataFormat") == "AUGMENTED_MANIFEST":
        with _as_named():
            texts: list[Annotated] = [
                _in_file(s3, uri)
                if (uri := _annotation_file(entry, manifest["AttributeNames"]))
                else (text, _within(text, _spans(entry, manifest["AttributeNames"])))
                for manifest, entry, text in _manifests(s3, config, split)
            ]
        return Marked(texts, [])
    key = "S3Uri" if split == "TRAIN" else "TestS3Uri"
    source = config.get("Documents", {})
    if key not in source:
        return Marked([], [])
    found = documents(s3, {**source, "S3Uri": source[key]}, Limits())
    if "EntityList" in config:
        rows = _without_head(_table(s3, config["EntityList"]["S3Uri"]), "text")
        if any(len(row) < 2 for row in rows):
            raise WorkFailed("The entity list has a row without a type.")
        return Marked([(one.text, []) for one in found], [(row[0].strip(), row[1].strip()) for row in rows])
    marks: dict[tuple[str, int], list[Span]] = {(one.file, one.line or 0): [] for one in found}
    if key in config.get("Annotations", {}):
        for row in _without_head(_table(s3, config["Annotations"][key]), "file"):
            where, span = _annotation(row)
            if where not in marks:
                raise WorkFailed("An annotation is of a line that the documents do not have.")
            marks[where].append(span)
    return Marked([(one.text, _within(one.text, marks[one.file, one.line or 0])) for one in found], [])


def _without_head(rows: list[list[str]], first: str) -> list[list[str]]:
    return rows[1:] if rows[0][0].strip().lower() == first else rows


def _annotation(row: Sequence[str]) -> tuple[tuple[str, int], Span]:
    """A row of File, Line, Begin Offset, End Offset, Type."""
    try:
        file, line, begin, end, kind = (cell.strip() for cell in row[:5])
        return (file, int(line or 0)), (int(begin), int(end), kind)
    except ValueError:
        raise WorkFailed("An annotation is not File, Line, Begin Offset, End Offset, Type.") from None


def _within(text: str, spans: Iterable[Span]) -> list[Span]:
    """The annotations of a text; all must be of something in it."""
    found = list(spans)
    if not all(0 <= begin < end <= len(text) for begin, end, _ in found):
        raise WorkFailed("The offsets of an annotation are not within its text.")
    return found


def _spans(entry: Config, names: Sequence[str]) -> Iterator[Span]:
    for name in names:
        for one in entry.get(name, {}).get("annotations", {}).get("entities", ()):
            yield int(one["startOffset"]), int(one["endOffset"]), str(one["label"])


def _annotation_file(entry: Config, names: Sequence[str]) -> str:
    """Where the annotations of a PDF are; empty: in the entry itself."""
    return next((str(entry[name]["annotation-ref"]) for name in names if "annotation-ref" in entry.get(name, {})), "")


def _in_file(s3: Objects, uri: str) -> Annotated:
    """The text of a page, from its blocks, and the entities that refer to them. Source:
    https://docs.aws.amazon.com/comprehend/latest/dg/cer-annotation-pdf.html"""
    for _, data in files(s3, uri):
        told = json.loads(_text(data))
        lines = [block for block in told["Blocks"] if block["BlockType"] == "LINE"]
        starts = dict(zip((line["Id"] for line in lines), _starts(lines), strict=True))
        text = "\n".join(line["Text"] for line in lines)
        spans = []
        for entity in told["Entities"]:
            first, last = entity["BlockReferences"][0], entity["BlockReferences"][-1]
            begin = starts[first["BlockId"]] + int(first["BeginOffset"])
            spans.append((begin, starts[last["BlockId"]] + int(last["EndOffset"]), str(entity["Type"])))
        return text, _within(text, spans)
    raise WorkFailed(NO_DOCUMENTS)


def _starts(lines: Iterable[Config]) -> Iterator[int]:
    at = 0
    for line in lines:
        yield at
        at += len(line["Text"]) + 1


# Both.


@contextmanager
def _as_named() -> Iterator[None]:
    """What is told of an entry of a manifest must be as its attributes are called."""
    try:
        yield
    except (KeyError, IndexError, TypeError, AttributeError, ValueError):
        raise WorkFailed("An entry of the augmented manifest is not as its AttributeNames say.") from None


def _manifests(s3: Objects, config: Config, split: str) -> Iterator[tuple[Config, Config, str]]:
    """The entries of the augmented manifests of a split, each with its text."""
    for manifest in config.get("AugmentedManifests", ()):
        if manifest.get("Split", "TRAIN") != split:
            continue
        for _, data in files(s3, manifest["S3Uri"]):
            for line in filter(str.strip, _text(data).split("\n")):
                try:
                    entry = json.loads(line)
                except ValueError:
                    raise WorkFailed("A line of the augmented manifest is not JSON.") from None
                yield manifest, entry, _source(s3, entry)


def _source(s3: Objects, entry: Config) -> str:
    """The text of an entry, or of the object that it names."""
    if "source" in entry:
        return str(entry["source"])
    for _, data in files(s3, str(entry.get("source-ref", ""))):
        try:
            return read(data).text
        except Unreadable as error:
            raise WorkFailed(str(error)) from None
    raise WorkFailed(NO_DOCUMENTS)


def split(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """The examples to train with, and every tenth to test with; of less than ten the last one."""
    every = min(10, len(examples))
    tests = [one for number, one in enumerate(examples, 1) if number % every == 0]
    return [one for number, one in enumerate(examples, 1) if number % every], tests
