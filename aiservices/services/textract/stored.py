"""Answers of Textract that somebody kept: dicts, JSON, files, folders that a job wrote to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, TypeAlias

from ... import files
from ...errors import InvalidCallError

Answer: TypeAlias = Mapping[str, Any]
Stored: TypeAlias = "Answer | Sequence[Answer] | str | bytes | PathLike[str]"
"""A dict, its JSON, a list of such dicts (the pages of a job's answer), the path of a JSON file, or of a folder with
the files `1`, `2` ... that a job wrote to its `OutputConfig`."""


def answers(stored: Stored, member: str) -> list[Answer]:
    """AWS's answers, page by page; each has the member.

    Raises InvalidCallError for what is none, and for the answer of a job that failed or still runs.
    """
    parts = [_parsed(part) for part in _parts(stored)]
    found = [answer for part in parts for answer in (part if isinstance(part, list | tuple) else [part])]
    for answer in found:
        _check(answer, member)
    if not found:
        raise InvalidCallError("this is no answer of Textract: the list is empty")
    return found


def merged(answers: Sequence[Answer], member: str) -> dict[str, Any]:
    """The pages of a job's answer as one answer."""
    whole = {name: value for name, value in answers[0].items() if name != "NextToken"}
    whole[member] = [item for answer in answers for item in answer.get(member) or ()]
    return whole


def write(answer: Answer, path: str | PathLike[str]) -> None:
    """Keep an answer as JSON, without what is known of its call."""
    kept = {name: value for name, value in answer.items() if name != "ResponseMetadata"}
    Path(path).write_text(json.dumps(kept, ensure_ascii=False), "utf-8")


def _parts(stored: Any) -> list[Any]:
    if isinstance(stored, str) and stored.lstrip()[:1] not in ("{", "[") and _names_a_file(stored):
        stored = Path(stored)
    if not isinstance(stored, PathLike):
        return [stored]
    folder = Path(stored)
    if not files.is_folder(folder):
        return [files.read(folder)]
    # The folder of a job also holds `.s3_access_check`, and where people fetched it, whatever they have put there.
    numbered = sorted((p for p in folder.iterdir() if p.stem.isdecimal() and p.is_file()), key=lambda p: int(p.stem))
    if not numbered:
        raise InvalidCallError(f'the folder "{folder.name}" has no files 1, 2 ... such as a job writes to OutputConfig')
    return [files.read(path) for path in numbered]


def _names_a_file(text: str) -> bool:
    try:
        return Path(text).exists()
    except (OSError, ValueError):  # too long for a path, or with a null
        return False


def _parsed(part: Any) -> Any:
    if not isinstance(part, str | bytes | bytearray):
        return part
    try:
        return json.loads(part)
    except (ValueError, RecursionError) as error:
        raise InvalidCallError("this is no JSON and no file; give Textract's answer, or the path to it") from error


def _check(answer: Any, member: str) -> None:
    if not isinstance(answer, Mapping):
        raise InvalidCallError(f"this is no answer of Textract but a {type(answer).__name__}")
    items = answer.get(member)
    if isinstance(items, list) and all(map(_is_item if member != "Blocks" else _is_block, items)):
        return
    if answer.get("JobStatus") in ("FAILED", "IN_PROGRESS"):
        raise InvalidCallError(f"this is the answer of a job that is {answer['JobStatus']}: it has found nothing")
    others = [name for name in ("Blocks", "ExpenseDocuments", "IdentityDocuments", "Results") if name in answer]
    hint = f"; it has {others[0]}" if others and others[0] != member else ""
    raise InvalidCallError(f'this is no such answer of Textract: it has no list "{member}" of what was found{hint}')


def _is_item(item: object) -> bool:
    return isinstance(item, Mapping)


def _is_block(block: object) -> bool:
    return isinstance(block, Mapping) and isinstance(block.get("BlockType"), str)
