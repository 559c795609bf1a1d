"""What a collection of texts is about: topics with their terms, and which texts are about which."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, overload

from ...call import Reply
from ...caller import Caller
from ...errors import AIServicesError, InvalidCallError, TransportError
from ...jobs import Job
from ..shown import frame, plural, table
from ..texts import Several
from . import jobs

if TYPE_CHECKING:
    from pandas import DataFrame

NOUN = "TopicsDetection"
MOST = 100
"""Topics of one job."""
_SHOWN = 6


@dataclass(frozen=True)
class Topic:
    """Words that occur together."""

    number: int
    terms: tuple[tuple[str, float], ...]
    """Word and weight, the heaviest first."""

    def __str__(self) -> str:
        return ", ".join(term for term, _ in self.terms[:_SHOWN])

    def __repr__(self) -> str:
        return f"<Topic {self.number}: {self}>"


@dataclass(frozen=True)
class Topics(Sequence[Topic]):
    """The topics of a collection of texts."""

    topics: tuple[Topic, ...]
    shares: tuple[Mapping[int, float], ...] = field(hash=False)
    """Of each text, topic number -> proportion, the largest first; empty for a text that is about none of them."""
    failed: Mapping[int, AIServicesError] = field(hash=False)
    """Position of a text that could not be read -> why."""
    raw: Mapping[str, bytes] = field(repr=False, compare=False)
    """AWS's files: topic-terms.csv and doc-topics.csv."""
    frame_index: Any = field(default=None, repr=False, compare=False)
    """The pandas index that the texts had."""

    @overload
    def __getitem__(self, index: int) -> Topic: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Topic]: ...
    def __getitem__(self, index: int | slice) -> Topic | Sequence[Topic]:
        return self.topics[index]

    def __len__(self) -> int:
        return len(self.topics)

    def of(self, position: int) -> Topic | None:
        """What a text is about most; None when it is about none of the topics."""
        shares = self.shares[position]
        return next((topic for topic in self.topics if topic.number == next(iter(shares), None)), None)

    def texts(self, number: int) -> list[int]:
        """The positions of the texts that are about a topic, those that are it most first."""
        about = [(shares[number], position) for position, shares in enumerate(self.shares) if number in shares]
        return [position for share, position in sorted(about, key=lambda one: (-one[0], one[1]))]

    def __repr__(self) -> str:
        return f"<Topics: {len(self)} of {plural(len(self.shares), 'text')}>"

    def to_pandas(self) -> DataFrame:
        """A row per text under the index it had: its main topic, and a column with the proportion of each."""
        rows = [
            {"topic": next(iter(shares), None), **{f"topic_{one.number}": shares.get(one.number, 0.0) for one in self}}
            for shares in self.shares
        ]
        found = frame(rows, ["topic", *(f"topic_{one.number}" for one in self)], self.frame_index)
        return found.astype({"topic": "Int64"})  # whole numbers, although some texts have none

    def _repr_html_(self) -> str:
        return table(((one.number, one, len(self.texts(one.number))) for one in self), ("topic", "terms", "texts"))


def begin(caller: Caller, texts: Several, n: int) -> Job[Topics]:
    """Start a job that finds the topics of the texts."""
    if type(n) is not int or not 1 <= n <= MOST:
        raise InvalidCallError(f"n is the number of topics, from 1 to {MOST}, not {n!r}")
    data, result = read(caller, texts)
    return jobs.start(caller, NOUN, data, result, NumberOfTopics=n)


def read(caller: Caller, texts: Several) -> tuple[bytes, Callable[[Reply], Topics]]:
    """The file that a job reads, and what makes its result from its properties."""
    parts, failed = jobs.lines(texts.items, None)
    positions = [part.item for part in parts]

    def result(found: Reply) -> Topics:
        told = jobs.archived(caller, found["OutputDataConfig"]["S3Uri"])
        topics, by_line = parsed(told)
        shares = dict(zip(positions, (by_line.get(line, {}) for line in range(len(positions))), strict=True))
        return Topics(topics, tuple(shares.get(n, {}) for n in range(len(texts.items))), failed, told, texts.index)

    return jobs.file(parts), result


def parsed(told: Mapping[str, bytes]) -> tuple[tuple[Topic, ...], dict[int, Mapping[int, float]]]:
    """The topics, and each line's proportions, from the files of a job."""
    terms: dict[int, list[tuple[str, float]]] = {}
    shares: dict[int, dict[int, float]] = {}
    try:
        for topic, term, weight in _table(told, "topic-terms.csv"):
            terms.setdefault(int(topic), []).append((term, float(weight)))
        for name, topic, proportion in _table(told, "doc-topics.csv"):
            shares.setdefault(int(name.rpartition(":")[2]), {})[int(topic)] = float(proportion)
    except (KeyError, ValueError) as error:
        raise TransportError(f"the job's output is not as topics are told: {type(error).__name__}") from None
    topics = tuple(Topic(number, tuple(sorted(found, key=_heaviest))) for number, found in sorted(terms.items()))
    return topics, {line: dict(sorted(found.items(), key=lambda one: -one[1])) for line, found in shares.items()}


def _heaviest(term: tuple[str, float]) -> float:
    return -term[1]


def _table(told: Mapping[str, bytes], name: str) -> Iterator[list[str]]:
    """The rows of one of the files, without its head."""
    rows = csv.reader(io.StringIO(told[name].decode("utf-8-sig"), newline=""))
    next(rows, None)
    return (row for row in rows if row)
