"""Test sets as CSV files: a row for each turn of a conversation.

Columns: https://docs.aws.amazon.com/lexv2/latest/dg/file-input-test-sets.html
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_COLUMNS = {
    "line number": "Line #",
    "conversation number": "Conversation #",
    "conversation participant": "Source",
}
"""Other names that columns may have."""
_NUMBERED = re.compile(r"(?:intent )?(expected output slot|session attribute|request attribute)s?(?: \d+)?\Z", re.I)
_PAIR = re.compile(r"\s*([^=]+?)\s*=\s*(.*?)\s*\Z", re.DOTALL)
_NO_CONVERSATION = ("", "-", "n/a")
_CONVERSATION = re.compile(r"(?:[0-9a-zA-Z][_-]?)+\Z")

Turn = dict[str, Any]


class TestFileError(ValueError):
    """What is wrong with a file of tests."""


def read(data: bytes) -> list[Turn]:
    """The turns of a file, in AWS's shape."""
    try:
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except UnicodeDecodeError:
        raise TestFileError("The test set is not text in UTF-8.") from None
    except csv.Error:
        raise TestFileError("The test set is not a CSV file.") from None
    if not rows:
        raise TestFileError("The test set has no rows.")
    turns: list[Turn] = []
    numbers: Counter[str] = Counter()
    for line, row in enumerate(rows, 1):
        cells = {_column(name): cell for name, cell in row.items() if isinstance(name, str) and isinstance(cell, str)}
        turns.append(_turn(line, cells, numbers))
    return turns


def write(turns: Sequence[Mapping[str, Any]]) -> bytes:
    """The file of these turns."""
    users = [turn["turnSpecification"].get("userTurn", {}) for turn in turns]
    slots = max((len(user["expected"]["intent"].get("slots", {})) for user in users if user), default=0)
    head = ["Line #", "Conversation #", "Source", "Input", "Expected Output Intent"]
    head += [f"Expected Output Slot {number}" for number in range(1, slots + 1)]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    for turn in turns:
        conversation = turn.get("conversationId", "N/A")
        what = turn["turnSpecification"]
        if "agentTurn" in what:
            writer.writerow([turn["recordNumber"], conversation, "Agent", what["agentTurn"]["agentPrompt"]])
            continue
        user = what["userTurn"]
        said, intent = user["input"]["utteranceInput"], user["expected"]["intent"]
        text = said.get("textInput", user["expected"].get("transcript", ""))
        filled = [f"{name} = {slot.get('value', '')}" for name, slot in intent.get("slots", {}).items()]
        writer.writerow([turn["recordNumber"], conversation, "User", text, intent["name"], *filled])
    return out.getvalue().encode("utf-8", "surrogatepass")


def _column(name: str) -> str:
    plain = " ".join(name.split())
    return _COLUMNS.get(plain.lower(), plain)


def _turn(line: int, cells: Mapping[str, str], numbers: Counter[str]) -> Turn:
    turn: Turn = {"recordNumber": line}
    conversation = cells.get("Conversation #", "").strip()
    if conversation.lower() not in _NO_CONVERSATION:
        if not _CONVERSATION.match(conversation):
            raise TestFileError(f"Row {line}: the conversation number is not one.")
        numbers[conversation] += 1
        turn |= {"conversationId": conversation, "turnNumber": numbers[conversation]}
    source = cells.get("Source", "").strip().lower()
    text = cells.get("Input", "").strip() or cells.get("Expected Transcription", "").strip()
    if source not in ("user", "agent"):
        raise TestFileError(f"Row {line}: Source must be User or Agent.")
    if source == "agent":
        if not text:
            raise TestFileError(f"Row {line}: an agent's row has no Input.")
        return {**turn, "turnSpecification": {"agentTurn": {"agentPrompt": text}}}
    return {**turn, "turnSpecification": {"userTurn": _user(line, cells, text)}}


def _user(line: int, cells: Mapping[str, str], text: str) -> dict[str, Any]:
    audio = cells.get("S3 Audio Location", "").strip()
    intent = cells.get("Expected Output Intent", "").strip()
    if not (text or audio) or not intent:
        raise TestFileError(f"Row {line}: a user's row needs Input and Expected Output Intent.")
    said = {"audioInput": {"audioFileS3Location": audio}} if audio else {"textInput": text}
    given: dict[str, Any] = {"utteranceInput": said}
    if attributes := dict(_pairs(cells, "request attribute")):
        given["requestAttributes"] = attributes
    if attributes := dict(_pairs(cells, "session attribute")):
        given["sessionState"] = {"sessionAttributes": attributes}
    slots = {name: {"value": value} if value else {} for name, value in _pairs(cells, "expected output slot")}
    expected: dict[str, Any] = {"intent": {"name": intent, "slots": slots}}
    return {"input": given, "expected": {**expected, "transcript": text} if text and audio else expected}


def _pairs(cells: Mapping[str, str], kind: str) -> Iterator[tuple[str, str]]:
    """What stands as `name = value` in the columns of a kind."""
    for column, cell in cells.items():
        found, pair = _NUMBERED.match(column), _PAIR.match(cell)
        if found and found[1].lower() == kind and pair:
            yield pair[1], pair[2]
