"""The lines of a dataset's manifest: an image each, with its labels, as Ground Truth writes them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: the image it is about, and its labels."""

    line: str
    source: str
    """Empty when the line is not one that a dataset can use."""
    labels: tuple[str, ...]
    """The names of the labels of the whole image."""
    boxes: tuple[str, ...]
    """The names of the labels of parts of the image, one for each box."""

    @property
    def names(self) -> set[str]:
        """Every label in it."""
        return {*self.labels, *self.boxes}


def lines(data: bytes) -> list[str]:
    """The lines of a manifest file that are not empty; UnicodeDecodeError when it is no text."""
    return [line for line in map(str.strip, data.decode("utf-8").split("\n")) if line]


def read(line: str) -> Entry:
    """The entry of a line."""
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        content = None
    source = content.get("source-ref") if isinstance(content, dict) else None
    if not isinstance(source, str):
        return Entry(line, "", (), ())
    return Entry(line, source, tuple(_labels(content)), tuple(_boxes(content)))


def merged(lines: Iterable[str]) -> list[str]:
    """One line for each image, the last one."""
    entries = [read(line) for line in lines]
    return list({entry.source or entry.line: entry.line for entry in entries}.values())


def split(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Four fifths to train with and a fifth to test with."""
    return [line for number, line in enumerate(lines) if number % 5 != 4], [*lines[4::5]]


def count_labels(entries: Iterable[Entry]) -> dict[str, dict[str, int]]:
    """How many images and boxes each label has, by its name."""
    images: Counter[str] = Counter()
    boxes: Counter[str] = Counter()
    for entry in entries:
        images.update(entry.names)
        boxes.update(entry.boxes)
    return {name: {"EntryCount": images[name], "BoundingBoxCount": boxes[name]} for name in sorted(images)}


def _labels(content: dict[str, Any]) -> Iterator[str]:
    for metadata in _metadata(content).values():
        name = metadata.get("class-name")
        if isinstance(name, str):
            yield name


def _boxes(content: dict[str, Any]) -> Iterator[str]:
    for attribute, metadata in _metadata(content).items():
        names, value = metadata.get("class-map"), content.get(attribute)
        if isinstance(names, dict) and isinstance(value, dict):
            annotations = value.get("annotations")
            for box in annotations if isinstance(annotations, list) else ():
                name = names.get(str(box.get("class_id"))) if isinstance(box, dict) else None
                if isinstance(name, str):
                    yield name


def _metadata(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What says how each attribute was labelled: `animal-metadata` of `animal`."""
    ending = "-metadata"
    return {
        name.removesuffix(ending): value
        for name, value in content.items()
        if name.endswith(ending) and isinstance(value, dict)
    }
