"""Comprehend's jobs over texts: a document per line in S3, and the answers from its archive."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ... import files
from ...call import Params, Reply
from ...caller import Caller
from ...errors import AIServicesError, InvalidCallError, TransportError, service_error
from ...jobs import Job
from ...text import Piece
from ..many import Outcomes
from . import plan
from .answers import Merge, in_order
from .classes import Classes
from .found import Entities, KeyPhrases, Pii
from .plan import Part
from .results import Language, Sentiment
from .targets import Targets

Result = TypeVar("Result")
Final = TypeVar("Final")

_MEGABYTE = 1_000_000
_LINE_ENDS = str.maketrans(dict.fromkeys("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029", " "))


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of job over texts."""

    noun: str
    """As its operations are called: `SentimentDetection`."""
    merge: Merge[Any]
    limit: int = _MEGABYTE
    """Most bytes of a document."""
    in_a_language: bool = True
    further: Params = field(default_factory=dict)
    """Members that start it, besides the places."""


WORKS: Mapping[str, Work] = {
    "sentiment": Work("SentimentDetection", Sentiment.merged, 5_000),
    "targeted_sentiment": Work("TargetedSentimentDetection", Targets.merged, 10_000),
    "entities": Work("EntitiesDetection", Entities.merged),
    "key_phrases": Work("KeyPhrasesDetection", KeyPhrases.merged),
    "language": Work("DominantLanguageDetection", Language.merged, in_a_language=False),
    "pii": Work("PiiEntitiesDetection", Pii.merged, further={"Mode": "ONLY_OFFSETS"}),
    "classify": Work("DocumentClassification", Classes.merged, in_a_language=False),
}
"""By the verb that does the same at once. Sizes: https://docs.aws.amazon.com/comprehend/latest/dg/guidelines-and-limits.html"""


def one_line(text: str) -> str:
    """The text in a single line, its characters at the same offsets."""
    return text.translate(_LINE_ENDS)


def begin(
    caller: Caller,
    work: Work,
    texts: Sequence[object],
    language_code: str | None,
    finish: Callable[[Outcomes[Any]], Final],
    **further: Any,
) -> Job[Final]:
    """Start a job over the texts; its result is made from the outcomes of all of them."""
    if work.in_a_language:
        if not isinstance(language_code, str):
            raise InvalidCallError("a job reads all its texts in one language: give language_code, such as 'en'")
        further["LanguageCode"] = language_code
    data, result = read(caller, work, texts, finish)
    return start(caller, work.noun, data, result, **work.further, **further)


def read(
    caller: Caller, work: Work, texts: Sequence[object], finish: Callable[[Outcomes[Any]], Final]
) -> tuple[bytes, Callable[[Reply], Final]]:
    """The file that a job reads, and what makes its result from its properties."""
    parts, refused = lines(texts, work.limit)

    def result(found: Reply) -> Final:
        rows = _rows(caller, found["OutputDataConfig"]["S3Uri"], found["InputDataConfig"]["S3Uri"])
        return finish(_outcomes(work, texts, found.get("LanguageCode", ""), parts, refused, rows))

    return file(parts), result


def start(caller: Caller, noun: str, data: bytes, result: Callable[[Reply], Final], **further: Any) -> Job[Final]:
    """Put the file with a text per line into S3, and start a job over it; `result` is given its properties."""
    if not data:
        raise InvalidCallError("there is no text that a job could read")
    role, place = caller.service_role(), files.stage(caller, data, product="comprehend", suffix=".txt")
    request = {
        "InputDataConfig": {"S3Uri": place.uri, "InputFormat": "ONE_DOC_PER_LINE"},
        "OutputDataConfig": {"S3Uri": f"s3://{caller.staging_bucket()}/aiservices/comprehend/output/"},
        "DataAccessRoleArn": role,
        **further,
    }
    return job(caller, noun, str(caller.send("comprehend", f"Start{noun}Job", request)["JobId"]), result)


def job(caller: Caller, noun: str, id: str, result: Callable[[Reply], Final]) -> Job[Final]:
    """A job that was begun."""
    properties = f"{noun}JobProperties"
    return Job(
        caller,
        id,
        what=f"comprehend.{noun}Job",
        read=lambda: caller.send("comprehend", f"Describe{noun}Job", {"JobId": id}),
        result=lambda reply: result(reply[properties]),
        path=(properties, "JobStatus"),
    )


def file(parts: Sequence[Part]) -> bytes:
    """A line for each part."""
    return "".join(f"{one_line(part.piece.text)}\n" for part in parts).encode("utf-8")


def lines(texts: Sequence[object], limit: int | None) -> tuple[list[Part], dict[int, AIServicesError]]:
    """The parts that get a line each, and the texts that cannot be asked about.

    limit: bytes of a line; longer texts are cut. None: nothing is cut.
    """
    parts: list[Part] = []
    refused: dict[int, AIServicesError] = {}
    for item, text in enumerate(texts):
        wrong = unfit(text)
        if wrong is not None:
            refused[item] = InvalidCallError(wrong)
        elif limit is None:
            parts.append(Part(item, Piece(0, str(text))))
        else:
            parts += [Part(item, piece) for piece in plan.pieces(str(text), limit)]
    return parts, refused


def unfit(text: object) -> str | None:
    """Why a text can be no line of a file; None: it can."""
    if not isinstance(text, str) or not text:
        return plan.problem(text)
    if not text.strip():
        return "the text is blank: a job leaves such lines out"
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "the text has half of a surrogate pair, which no file can hold"
    return None


def _outcomes(
    work: Work,
    texts: Sequence[object],
    code: str,
    parts: Sequence[Part],
    refused: Mapping[int, AIServicesError],
    rows: Mapping[int, Mapping[str, Any]],
) -> Outcomes[Any]:
    told: list[dict[int, tuple[Part, Mapping[str, Any]]]] = [{} for _ in texts]
    failed = dict(refused)
    for line, part in enumerate(parts):
        row = rows.get(line, {"ErrorCode": "InternalServerException", "ErrorMessage": "the job left this text out"})
        if "ErrorCode" in row:
            operation, message = f"Start{work.noun}Job", str(row.get("ErrorMessage", ""))
            failed.setdefault(part.item, service_error("comprehend", operation, str(row["ErrorCode"]), message))
        else:
            answer = {name: value for name, value in row.items() if name not in ("File", "Line")}
            told[part.item][part.piece.start] = (part, answer)
    return [
        failed[item] if item in failed else work.merge(str(text), in_order(told[item]), code)
        for item, text in enumerate(texts)
    ]


def _rows(caller: Caller, output: str, source: str) -> dict[int, Mapping[str, Any]]:
    """What a job wrote of each line."""
    if output.endswith(".tar.gz"):
        written = b"\n".join(archived(caller, output).values())
    else:
        written = files.fetch(caller, f"{output.rstrip('/')}/{source.rpartition('/')[2]}.out")
    try:
        rows = [json.loads(line) for line in written.decode("utf-8").split("\n") if line.strip()]
        return {int(row["Line"]): row for row in rows}
    except (ValueError, KeyError, TypeError) as error:
        raise TransportError(f"the job's output is not a line of JSON per text: {type(error).__name__}") from None


def archived(caller: Caller, uri: str) -> dict[str, bytes]:
    """The files of a job's archive, by name."""
    return dict(_unpacked(files.fetch(caller, uri)))


def _unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    import tarfile

    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as tar:
            for member in tar:
                file = tar.extractfile(member)
                if file is not None:
                    yield member.name.removeprefix("./"), file.read()
    except (tarfile.TarError, OSError, EOFError) as error:
        raise TransportError(f"the job's archive cannot be unpacked: {type(error).__name__}") from None
