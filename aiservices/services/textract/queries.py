"""Questions to a document, and what it answers: Textract's queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from ...call import Reply
from ...errors import InvalidCallError
from ..shown import frame, table
from .words import Block, Box

if TYPE_CHECKING:
    from pandas import DataFrame

Questions: TypeAlias = "Sequence[str | Mapping[str, Any]] | Mapping[str, str]"
"""Questions, or alias -> question. A list may also hold AWS's own queries, with `Text`, `Alias` and `Pages`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one page says to a question."""

    question: str
    alias: str | None
    text: str
    """Empty when nothing answers."""
    confidence: float | None
    """0..1; None when nothing answers."""
    page: int
    box: Box | None
    """Where it stands; None when nothing answers, or when the service does not say."""
    raw: tuple[Block, Block | None] = field(repr=False, compare=False)
    """AWS's QUERY and QUERY_RESULT."""

    @property
    def name(self) -> str:
        """The alias, else the question."""
        return self.alias or self.question

    def to_dict(self) -> dict[str, Any]:
        """A row of a table of many."""
        return {"question": self.question, "answer": self.text, "confidence": self.confidence, "page": self.page}


class Answers(Mapping[str, Answer]):
    """Alias or question -> the best answer of all pages; `all` has every one."""

    def __init__(self, answers: Iterable[Answer]) -> None:
        self.all = list(answers)
        """Every answer: a question may have one on each page, and several on one."""
        self._best: dict[str, Answer] = {}
        for answer in self.all:
            known = self._best.get(answer.name)
            if known is None or (answer.confidence or 0.0) > (known.confidence or 0.0):
                self._best[answer.name] = answer

    def __getitem__(self, name: str) -> Answer:
        return self._best[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._best)

    def __len__(self) -> int:
        return len(self._best)

    def __repr__(self) -> str:
        return f"<Answers: {sum(bool(one.text) for one in self.values())} of {len(self)} questions answered>"

    def to_dict(self) -> dict[str, str]:
        """Alias or question -> text, a row of a table of many documents."""
        return {name: answer.text for name, answer in self.items()}

    def to_pandas(self) -> DataFrame:
        """A row per question."""
        return frame([answer.to_dict() for answer in self.values()], index=list(self))

    def _repr_html_(self) -> str:
        return table((name, one.text, one.confidence) for name, one in self.items())


def queries(questions: Any) -> list[dict[str, Any]]:
    """AWS's queries; a question that stands there twice is asked once."""
    if isinstance(questions, str):
        questions = [questions]
    if isinstance(questions, Mapping):
        found = [{"Text": text, "Alias": alias} for alias, text in questions.items()]
    elif isinstance(questions, Iterable) and not isinstance(questions, bytes | bytearray):
        found = [dict(one) if isinstance(one, Mapping) else {"Text": one} for one in questions]
    else:
        raise InvalidCallError(
            f"queries are a question, a list of them or alias -> question, not a {type(questions).__name__}"
        )
    for number, query in enumerate(found, start=1):
        for member in ("Text", "Alias"):
            text = query.get(member, "" if member == "Text" else "-")
            if not isinstance(text, str) or not text.strip():
                kind = "empty" if isinstance(text, str) else f"a {type(text).__name__}"
                raise InvalidCallError(
                    f"query {number}: its {member} is {kind}; give a question such as 'What is due?'"
                )
    if not found:
        raise InvalidCallError("queries is empty: give at least one question")
    return [query for number, query in enumerate(found) if query not in found[:number]]


def together(replies: Sequence[Reply]) -> Reply:
    """The answers of several requests about one document as one: the first one's blocks and the others' queries."""
    first, *others = replies
    if not others:
        return first
    blocks = list(first["Blocks"])
    taken = {block.get("Id") for block in blocks}
    for number, reply in enumerate(others, start=2):
        new = [block for block in reply["Blocks"] if block["BlockType"] in ("QUERY", "QUERY_RESULT")]
        # Two answers may have given two blocks one id.
        names = {id: f"{id}-{number}" for block in new if (id := block.get("Id")) in taken}
        blocks += [_renamed(block, names) for block in new]
        taken |= {block.get("Id") for block in new}
    return {**first, "Blocks": blocks}


def _renamed(block: Block, names: Mapping[str, str]) -> Block:
    if not names:
        return block
    relations = [
        {**relation, "Ids": [names.get(id, id) for id in relation["Ids"]]}
        for relation in block.get("Relationships") or ()
    ]
    more = {"Relationships": relations} if relations else {}
    return {**block, "Id": names.get(block["Id"], block["Id"]), **more}
