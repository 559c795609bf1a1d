"""What a call may cost at most, before it is sent: what only the reply will tell is taken at AWS's limit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from ..call import Call, Params, Reply
from .billing import Rule, count_of
from .campaigns import OPERATIONS as OF_CAMPAIGNS
from .jobs import BEGINS, READS
from .memory import Memory
from .price import EXACT
from .prices import PriceBook
from .standing import OPERATIONS as OF_STANDING
from .standing import begun_by
from .units import Units

_ZERO = Decimal(0)
_ONE = Decimal(1)
_PAGES = 3000
"""Of a PDF or TIFF of a job of Textract."""
_VIDEO = 6 * 3_600_000
"""Milliseconds of a video that Rekognition takes."""
_AUDIO = 8 * 3_600
"""Seconds of audio that Transcribe takes."""


def most_units(call: Call, memory: Memory) -> Units | None:
    """What a call is billed at most, by price row, with the job that it begins; None when nobody knows.

    Nothing for what is free, and for what shows or ends something that was begun before: that costs whether one asks or
    not. What runs until something ends it has no bound. S3 is another service's bill.
    """
    count = count_of(call.service, call.operation)
    if count is Rule.FREE or call.service == "s3":
        return {}
    if count is Rule.UNPRICED:
        return None
    try:
        if count is Rule.METERED:
            return _metered(call, memory)
        answer = _ANSWERS.get(call.service)
        return count(call.params, {} if answer is None else answer(call.params))
    except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError):
        return None  # not AWS's shape: counting never fails a call


def ceiling(units: Mapping[str, Decimal], book: PriceBook) -> Decimal | None:
    """The highest price of units, whatever was used before them; None when nobody knows it."""
    total = _ZERO
    for name, count in units.items():
        row = book.get(name)
        if row is None or row.tiers[0].price is None:
            return None
        highest = max(tier.price for tier in row.tiers if tier.price is not None)
        price = EXACT.multiply(count, highest) if row.has_volumes else row.of(count)
        if price is None:
            return None
        total = EXACT.add(total, price)
    return total


def _speech(params: Params) -> Reply:
    return {"RequestCharacters": len(params["Text"])}


def _page(params: Params) -> Reply:
    """What is no job is one page, or a passport and its back."""
    return {"DocumentMetadata": {"Pages": len(params.get("DocumentPages") or (1,))}}


def _dearest(params: Params) -> Reply:
    """Of the models' prices."""
    return {"modelScores": [{"modelVersion": {"modelType": "TRANSACTION_FRAUD_INSIGHTS"}}]}


_ANSWERS: Mapping[str, Callable[[Params], Reply]] = {"polly": _speech, "textract": _page, "frauddetector": _dearest}
"""The reply that would bill the most, where the reply tells what is billed."""


def _metered(call: Call, memory: Memory) -> Units | None:
    name = (call.service, call.operation)
    if name in BEGINS:
        return _job(call, memory)
    if name in READS:
        return {}
    if name in OF_STANDING:
        kind = begun_by(*name)
        changes = call.operation.startswith("Update")
        return None if kind is not None or changes else {}
    if call.service == "personalize-runtime":
        return {f"personalize.realtime_{kind}": _ONE for kind in ("v2", "legacy", "metadata")}
    if name in OF_CAMPAIGNS and call.operation in ("CreateSolution", "UpdateSolution"):
        return {} if call.params.get("performAutoTraining") is False else None  # it trains by itself
    return {}


def _job(call: Call, memory: Memory) -> Units | None:
    """What the longest job would be billed that the request can begin."""
    reads = [read for (service, _), read in READS.items() if (service, read.begins) == (call.service, call.operation)]
    facts = BEGINS[call.service, call.operation].facts(call.params, memory)
    ended = _ended(call, memory)
    return None if facts is None or ended is None else reads[0].units(facts, ended, memory)


def _ended(call: Call, memory: Memory) -> Mapping[str, Any] | None:
    """What the end of such a job would tell; None for what has no bound, as training."""
    params = call.params
    match call.service:
        case "textract":
            key = str(params["DocumentLocation"]["S3Object"]["Name"]).lower()
            return {"DocumentMetadata": {"Pages": 1 if key.endswith((".jpg", ".jpeg", ".png")) else _PAGES}}
        case "polly":
            return {**params, "RequestCharacters": len(params["Text"])}
        case "comprehend" if call.operation.startswith("Start"):
            return {"JobStatus": "COMPLETED"}
        case "translate":
            files = memory.staged.below(params["InputDataConfig"]["S3Uri"])
            told = {"InputDocumentsCount": len(files)}
            return {**params, "JobStatus": "COMPLETED", "JobDetails": told} if files else None
        case "transcribe":
            return {**params, "LanguageCodes": [{"DurationInSeconds": _AUDIO}]}
        case "rekognition" if call.operation != "CreateProjectVersion":
            return _film(params, [{"DurationMillis": _VIDEO}])
    return None


def _film(params: Params, video: list[dict[str, int]]) -> Mapping[str, Any]:
    kinds = params.get("SegmentTypes")
    if kinds is None:
        return {"VideoMetadata": video[0]}
    return {"VideoMetadata": video, "SelectedSegmentTypes": [{"Type": kind} for kind in kinds]}
