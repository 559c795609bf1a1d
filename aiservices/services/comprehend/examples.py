"""Examples that custom models are trained with: checked, and written as Comprehend reads them. Nothing is sent.

A training costs money and fails after minutes, so what AWS would refuse is said before it begins. Its minimums:
https://docs.aws.amazon.com/comprehend/latest/dg/guidelines-and-limits.html
"""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import TYPE_CHECKING, Any, TypeAlias

from ... import files
from ...errors import InvalidCallError
from ..texts import of_column, several
from .found import Span
from .jobs import one_line, unfit
from .plan import missing

if TYPE_CHECKING:
    from pandas import DataFrame

Examples: TypeAlias = "DataFrame | Iterable[tuple[str, str | Collection[str]]] | str | os.PathLike[str]"
"""Texts with their label or labels: a DataFrame, pairs, the path of a CSV file, or `s3://bucket/key` of one."""
Names: TypeAlias = "DataFrame | Mapping[str, str] | Iterable[tuple[str, str]] | str | os.PathLike[str]"
"""Names with their type: a DataFrame, a dict, pairs, or the path of a CSV file."""
Marks: TypeAlias = "Sequence[Iterable[Span | tuple[int, int, str]]]"
"""For each text what is marked in it: begin, end (exclusive, code points) and type."""

LEAST_LABELS, LEAST_EXAMPLES = 2, 10
"""Labels of a classifier, and examples of each."""
LEAST_TEXTS, LEAST_MARKS, MOST_TYPES = 3, 25, 25
"""Texts of a recognizer, annotations of each type, and types."""

_DELIMITERS = "|~^;:#$%&*+=!?@/\\->_ "
_LABEL_HEADS, _TEXT_HEADS = {"label", "labels", "class"}, {"text", "document", "review"}


@dataclass(frozen=True, slots=True)
class Labelled:
    """Examples of a classifier."""

    rows: tuple[tuple[tuple[str, ...], str], ...]
    """Labels and text."""
    several: bool
    """Whether a text can have several labels."""

    @property
    def counts(self) -> Counter[str]:
        """How many examples each label has."""
        return Counter(label for labels, _ in self.rows for label in labels)

    def checked(self) -> Labelled:
        """Itself, when Comprehend can be trained with it."""
        counts = self.counts
        if len(counts) < LEAST_LABELS:
            raise InvalidCallError(f"the examples have {len(counts)} label: Comprehend needs {LEAST_LABELS} or more")
        few = [count for count in counts.values() if count < LEAST_EXAMPLES]
        if few:
            raise InvalidCallError(
                f"{len(few)} of {len(counts)} labels have too few examples, one has {min(few)}: Comprehend needs "
                f"{LEAST_EXAMPLES} or more of each; add examples or leave these labels out"
            )
        return self

    def to_csv(self, delimiter: str) -> bytes:
        """As Comprehend reads it: labels, text; no head."""
        return table((delimiter.join(labels), one_line(text)) for labels, text in self.rows)


def delimiter(*examples: Labelled) -> str:
    """A sign between labels that none of them has."""
    used = {sign for one in examples for labels, _ in one.rows for label in labels for sign in label}
    free = next((sign for sign in _DELIMITERS if sign not in used), None)
    if free is None:
        raise InvalidCallError(f"the labels use all signs that could stand between them: keep one of {_DELIMITERS}free")
    return free


def labelled(examples: Any, column: str, label: str, several_labels: bool | None = None) -> Labelled:
    """The examples, whatever form they come in.

    column, label: of a DataFrame. several_labels: None finds out by whether a text has a list of labels.
    """
    pairs = _pairs(examples, column, label, several_labels is True)
    found = [_example(number, pair) for number, pair in enumerate(pairs, 1)]
    if not found:
        raise InvalidCallError("there are no examples")
    many = any(listed for *_, listed in found) if several_labels is None else several_labels
    if not many and any(len(labels) > 1 for labels, *_ in found):
        raise InvalidCallError("an example has several labels, and several_labels=False says that none has")
    return Labelled(tuple((labels, text) for labels, text, _ in found), many)


def _pairs(examples: Any, column: str, label: str, several_labels: bool) -> Iterable[Any]:
    if hasattr(examples, "columns"):
        return zip(of_column(examples, column, "texts"), of_column(examples, label, "labels"), strict=True)
    if isinstance(examples, str | os.PathLike):
        return _of_csv(examples, several_labels)
    if isinstance(examples, bytes | Mapping) or not isinstance(examples, Iterable):
        raise InvalidCallError(
            f"examples are a DataFrame, (text, label) pairs or a CSV file, not a {type(examples).__name__}"
        )
    return examples


def _example(number: int, pair: Any) -> tuple[tuple[str, ...], str, bool]:
    """The labels, the text, and whether the labels came as a list."""
    if isinstance(pair, str) or not isinstance(pair, Sequence) or len(pair) != 2:
        raise InvalidCallError(f"example {number} is no pair of a text and its label")
    text, given = pair
    if not isinstance(text, str) or not text.strip():
        what = "blank" if isinstance(text, str) else f"a {type(text).__name__}"
        raise InvalidCallError(f"the text of example {number} is {what}: leave it out or fill it in")
    listed = isinstance(given, Collection) and not isinstance(given, str | bytes)
    labels = tuple(dict.fromkeys(_label(number, one) for one in (given if listed else [given])))
    if not labels:
        raise InvalidCallError(f"example {number} has no label: leave it out or label it")
    return labels, text, listed


def _label(number: int, given: Any) -> str:
    """A label as text; numbers are taken, what stands for none (None, NaN) is not."""
    told = "" if missing(given) else str(given).strip()
    if not told or not told.isprintable():
        raise InvalidCallError(f"the label of example {number} is missing, or has signs that cannot be printed")
    return told


def _of_csv(path: str | os.PathLike[str], several_labels: bool) -> Iterable[tuple[str, Any]]:
    """Text and label of each row. The columns are label, text, as AWS has them, unless a head says otherwise."""
    rows = rows_of(path)
    head = [cell.strip().casefold() for cell in rows[0]] if rows else []
    swapped = len(head) == 2 and head[0] in _TEXT_HEADS and head[1] in _LABEL_HEADS
    headed = swapped or (len(head) == 2 and head[0] in _LABEL_HEADS and head[1] in _TEXT_HEADS)
    for number, row in enumerate(rows, 1):
        if len(row) != 2:
            raise InvalidCallError(
                f"row {number} of the CSV file has {len(row)} columns: there are two, label and text"
            )
        if not (headed and number == 1):
            label, text = (row[1], row[0]) if swapped else row
            yield text, [one for one in label.split("|") if one.strip()] if several_labels else label


def rows_of(path: str | os.PathLike[str]) -> list[list[str]]:
    """The rows of a CSV file in UTF-8, blank ones left out."""
    try:
        text = files.read(path).decode("utf-8-sig")
        return [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if any(map(str.strip, row))]
    except UnicodeDecodeError as error:
        raise InvalidCallError(f"the CSV file is not in UTF-8: byte {error.start:,} is wrong") from None
    except csv.Error as error:
        raise InvalidCallError(f"the CSV file cannot be read: {error}") from None


def table(rows: Iterable[Sequence[object]]) -> bytes:
    """The rows as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    try:
        return out.getvalue().encode("utf-8")
    except UnicodeEncodeError:
        raise InvalidCallError("a text has half of a surrogate pair, which no file can hold") from None


# Recognizers.


@dataclass(frozen=True, slots=True)
class Marked:
    """Texts of a recognizer, with what is marked in them or the names that are looked for."""

    texts: tuple[str, ...]
    names: tuple[tuple[str, str], ...] = ()
    """Name and type."""
    marks: tuple[tuple[int, int, int, str], ...] = ()
    """Number of the text, begin, end, type."""

    @property
    def types(self) -> list[str]:
        """The types of entities, in the order of the alphabet."""
        return sorted({kind for _, kind in self.names} | {kind for *_, kind in self.marks})

    def checked(self) -> Marked:
        """Itself, when Comprehend can be trained with it."""
        if len(self.texts) < LEAST_TEXTS:
            raise InvalidCallError(f"there are {len(self.texts)} documents: Comprehend needs {LEAST_TEXTS} or more")
        types = self.types
        if not 1 <= len(types) <= MOST_TYPES:
            raise InvalidCallError(f"there are {len(types)} types of entities: Comprehend takes 1 to {MOST_TYPES}")
        counts = Counter(kind for *_, kind in self.marks)
        few = [counts[kind] for kind in types if counts[kind] < LEAST_MARKS]
        if few and not self.names:
            raise InvalidCallError(
                f"{len(few)} of {len(types)} types have too few annotations, one has {min(few)}: Comprehend needs "
                f"{LEAST_MARKS} or more of each"
            )
        return self

    def documents(self) -> bytes:
        """A document per line."""
        return "".join(f"{one_line(text)}\n" for text in self.texts).encode("utf-8")

    def entity_list(self) -> bytes:
        """As Comprehend reads names."""
        return table([("Text", "Type"), *self.names])

    def annotations(self, file: str) -> bytes:
        """As Comprehend reads marks; file: where the documents stand."""
        rows = ((file, line, begin, end, kind) for line, begin, end, kind in self.marks)
        return table([("File", "Line", "Begin Offset", "End Offset", "Type"), *rows])


def marked(documents: Any, column: str | None, entity_list: Any, annotations: Any) -> Marked:
    """The texts with names or marks, whatever form they come in."""
    if (entity_list is None) == (annotations is None):
        raise InvalidCallError("give entity_list or annotations, one of them")
    texts = [_document(number, text) for number, text in enumerate(several(documents, column).items, 1)]
    if entity_list is not None:
        return Marked(tuple(texts), tuple(_names(entity_list)))
    return Marked(tuple(texts), marks=tuple(_marks(texts, annotations)))


def _document(number: int, text: Any) -> str:
    wrong = unfit(text)
    if wrong is not None:
        raise InvalidCallError(f"document {number}: {wrong}")
    return str(text)


def _names(given: Any) -> Iterable[tuple[str, str]]:
    if hasattr(given, "columns"):
        pairs: Iterable[Any] = zip(of_column(given, "Text", "names"), of_column(given, "Type", "types"), strict=True)
    elif isinstance(given, Mapping):
        pairs = given.items()
    elif isinstance(given, str | os.PathLike):
        rows = rows_of(given)
        pairs = rows[1:] if rows and [cell.strip().casefold() for cell in rows[0]] == ["text", "type"] else rows
    elif isinstance(given, Iterable):
        pairs = given
    else:
        raise InvalidCallError(f"entity_list is a dict or pairs of name and type, not a {type(given).__name__}")
    for number, pair in enumerate(pairs, 1):
        told = [] if isinstance(pair, str) or not isinstance(pair, Iterable) else list(pair)
        if len(told) != 2 or not all(isinstance(one, str) and one.strip() for one in told):
            raise InvalidCallError(f"entry {number} of the entity list is no name with its type")
        yield one_line(told[0]).strip(), _type(told[1])


def _marks(texts: Sequence[str], given: Any) -> Iterable[tuple[int, int, int, str]]:
    found = [] if isinstance(given, str | Mapping) or not isinstance(given, Iterable) else list(given)
    if len(found) != len(texts):
        raise InvalidCallError(
            f"annotations is a list as long as the documents ({len(texts)}), each with the (begin, end, type) of what "
            f"is marked in it; this one has {len(found)}"
        )
    for number, (text, marks) in enumerate(zip(texts, found, strict=True)):
        for mark in marks if isinstance(marks, Iterable) else [marks]:
            begin, end, kind = _mark(number + 1, mark)
            if not 0 <= begin < end <= len(text):
                raise InvalidCallError(
                    f"an annotation of document {number + 1} goes from {begin} to {end}, and the document has "
                    f"{len(text)} characters"
                )
            yield number, begin, end, _type(kind)


def _mark(number: int, given: Any) -> tuple[int, int, Any]:
    told = (given.begin, given.end, given.type) if isinstance(given, Span) else given
    if isinstance(told, Sequence) and len(told) == 3 and all(isinstance(one, Integral) for one in told[:2]):
        return int(told[0]), int(told[1]), told[2]
    raise InvalidCallError(f"an annotation of document {number} is no (begin, end, type) with whole numbers")


def _type(given: Any) -> str:
    told = str(given).strip()
    if not told or "," in told or not told.isprintable():
        raise InvalidCallError("a type of entities is a name without commas, tabs and line ends, such as DEVICE")
    return told
