"""Plans: which requests to Comprehend's real-time operations answer for many texts. Pure, nothing is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ...call import Params
from ...errors import InvalidCallError
from ...text import Piece, cut, utf8_size

BATCH_BYTES = 5_000
"""Most bytes of UTF-8 of one text in a batch. AWS's pages say 5 KB; its refusals count 1,000 bytes to the KB."""
DOCUMENTS = 25
"""Most texts in one batch."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What Comprehend can be asked about a text."""

    operation: str
    """For one text: `DetectSentiment`."""
    batch: str | None
    """For several texts; None: there is none."""
    limit: int
    """Most bytes of one text in the operation for one."""
    in_a_language: bool = True
    """Whether the text's language goes with it; which ones it knows is Comprehend's to say."""
    documents: int = DOCUMENTS
    """Most texts in one batch."""
    segments: bool = False
    """Whether the texts go as TextSegments, one as well as several."""
    further: Params = field(default_factory=dict, compare=False)
    """Members that go with each request, such as an endpoint."""


SENTIMENT = Analysis("DetectSentiment", "BatchDetectSentiment", 5_000)
TARGETED = Analysis("DetectTargetedSentiment", "BatchDetectTargetedSentiment", 5_000)
LANGUAGE = Analysis("DetectDominantLanguage", "BatchDetectDominantLanguage", 100_000, in_a_language=False)
ENTITIES = Analysis("DetectEntities", "BatchDetectEntities", 100_000)
KEY_PHRASES = Analysis("DetectKeyPhrases", "BatchDetectKeyPhrases", 100_000)
SYNTAX = Analysis("DetectSyntax", "BatchDetectSyntax", 5_000)
PII = Analysis("DetectPiiEntities", None, 100_000)
TOXICITY = Analysis("DetectToxicContent", "DetectToxicContent", 1_000, documents=10, segments=True)


def at_endpoint(operation: str, arn: str) -> Analysis:
    """What is asked of the model at an endpoint. 10 KB are the most of a plain text that it takes."""
    return Analysis(operation, None, 10_000, in_a_language=False, further={"EndpointArn": arn})


class Part(NamedTuple):
    """A piece of one of the texts."""

    item: int
    """The text's position."""
    piece: Piece


@dataclass(frozen=True, slots=True)
class Request:
    """One call and the parts that it asks about, in the order of the request."""

    operation: str
    params: Params
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """All the calls for some texts, and the texts that cannot be asked about."""

    requests: tuple[Request, ...]
    refused: Mapping[int, InvalidCallError]


def plan(analysis: Analysis, texts: Sequence[object], codes: Sequence[str]) -> Plan:
    """The requests that ask about every text.

    A text over the limit is cut at the best borders. Parts that fit are batched by number and by language; longer ones,
    and one that would be alone in its batch, go by the operation for one text.
    codes: each text's language; not read when the analysis takes none.
    """
    refused: dict[int, InvalidCallError] = {}
    alone: list[tuple[str, Part]] = []
    small: dict[str, list[Part]] = {}
    for item, text in enumerate(texts):
        code = codes[item] if analysis.in_a_language else ""
        wrong = problem(text)
        if wrong is None and analysis.in_a_language and not code:
            wrong = "the text's language could not be told: give language_code"
        if wrong is not None:
            refused[item] = InvalidCallError(wrong)
            continue
        for piece in pieces(str(text), analysis.limit):
            part = Part(item, piece)
            if analysis.batch and utf8_size(piece.text) <= BATCH_BYTES:
                small.setdefault(code, []).append(part)
            else:
                alone.append((code, part))
    batches = [
        (code, parts[at : at + analysis.documents])
        for code, parts in small.items()
        for at in range(0, len(parts), analysis.documents)
    ]
    requests = [request(analysis, code, parts) for code, parts in batches]
    requests += [request(analysis, code, [part]) for code, part in alone]
    return Plan(tuple(requests), refused)


def request(analysis: Analysis, code: str, parts: Sequence[Part]) -> Request:
    """One request about parts in one language."""
    further = {**({"LanguageCode": code} if analysis.in_a_language else {}), **analysis.further}
    texts = [part.piece.text for part in parts]
    if analysis.segments:
        return Request(
            analysis.operation, {"TextSegments": [{"Text": text} for text in texts], **further}, tuple(parts)
        )
    if len(parts) == 1 or analysis.batch is None:
        return Request(analysis.operation, {"Text": texts[0], **further}, tuple(parts))
    return Request(analysis.batch, {"TextList": texts, **further}, tuple(parts))


def pieces(text: str, limit: int) -> list[Piece]:
    """The text under the limit in bytes; blank pieces of a text that is cut are left out."""
    found = cut(text, limit)
    said = [piece for piece in found if not piece.text.isspace()]
    return said or found[:1]


def head(text: object) -> object:
    """As much of a text as its language is told by."""
    return pieces(text, BATCH_BYTES)[0].text if isinstance(text, str) and text else text


def problem(text: object) -> str | None:
    """Why Comprehend cannot be asked about it; None: it can."""
    if missing(text):
        return "there is no text: the value is missing (None, NaN)"
    if not isinstance(text, str):
        return f"a text is a str; this is a {type(text).__name__}"
    if not text:
        return "the text is empty: Comprehend takes 1 character or more"
    return None


def missing(value: object) -> bool:
    """Whether a value stands for none, as lists (None) and tables (NaN, pandas' NA and NaT) have it."""
    return (
        value is None or type(value).__name__ in ("NAType", "NaTType") or (isinstance(value, float) and value != value)
    )
