"""Comprehend's blocks: the lines of a page's text and their words, and where in them something stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Block = dict[str, Any]


def line_blocks(line: str, page: int, number: int) -> Iterator[Block]:
    """A line and its words; where they stand on the page only Word knows."""
    name = f"{page:08x}-0000-4000-8000-{number:06x}"
    words = line.split()
    ids = [f"{name}{at:06x}" for at in range(1, len(words) + 1)]
    children = [{"Type": "CHILD", "Ids": ids}] if ids else []
    yield {
        "Id": f"{name}{0:06x}", "BlockType": "LINE", "Text": " ".join(words), "Page": page, "Relationships": children,
    }  # fmt: skip
    for word, one in zip(words, ids, strict=True):
        yield {"Id": one, "BlockType": "WORD", "Text": word, "Page": page, "Relationships": []}


def lines_and_words(blocks: Sequence[Mapping[str, Any]]) -> list[Block]:
    """The lines and words among Textract's blocks, as Comprehend has them."""
    return [_own(block) for block in blocks if block["BlockType"] in ("LINE", "WORD")]


def _own(block: Mapping[str, Any]) -> Block:
    children = (relation for relation in block.get("Relationships") or () if relation["Type"] == "CHILD")
    found: Block = {
        "Id": str(block["Id"]),
        "BlockType": block["BlockType"],
        "Text": str(block["Text"]),
        "Page": block.get("Page", 1),
        "Relationships": [{"Type": "CHILD", "Ids": [str(one) for one in relation["Ids"]]} for relation in children],
    }
    if "Geometry" in block:
        found["Geometry"] = {name: block["Geometry"][name] for name in ("BoundingBox", "Polygon")}
    return found


def joined(blocks: Sequence[Block]) -> str:
    """The text of a page."""
    return "\n".join(block["Text"] for block in blocks if block["BlockType"] == "LINE")


def references(blocks: Sequence[Block], begin: int, end: int) -> list[dict[str, Any]]:
    """The lines, and their words, that a stretch of a page's text goes over."""
    words = {block["Id"]: block["Text"] for block in blocks if block["BlockType"] == "WORD"}
    found, at = [], 0
    for line in blocks:
        if line["BlockType"] != "LINE":
            continue
        first, last = max(begin - at, 0), min(end - at, len(line["Text"]))
        if first < last:
            ids = [one for relation in line.get("Relationships", ()) for one in relation["Ids"] if one in words]
            children = list(_touched(line["Text"], [(one, words[one]) for one in ids], first, last))
            found.append(
                {"BlockId": line["Id"], "BeginOffset": first, "EndOffset": last, "ChildBlocks": children},
            )
        at += len(line["Text"]) + 1
    return found


def _touched(text: str, words: Sequence[tuple[str, str]], begin: int, end: int) -> Iterator[dict[str, Any]]:
    at = 0
    for name, word in words:
        at = max(text.find(word, at), at)
        first, last = max(begin - at, 0), min(end - at, len(word))
        if first < last:
            yield {"ChildBlockId": name, "BeginOffset": first, "EndOffset": last}
        at += len(word)
