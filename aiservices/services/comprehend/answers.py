"""The answers to many texts: what is asked of Comprehend's real-time operations, sent and put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from ...caller import Caller
from ...errors import AIServicesError, BadRequestError, InvalidCallError, service_error
from ...jobs import ProgressTo, counted
from ..many import Outcomes
from . import plan as text_plan
from .plan import Analysis, Part, Request
from .results import Answers, Language

Result = TypeVar("Result")
Answer = Mapping[str, Any]
Merge = Callable[[str, Answers, str], Result]
"""Makes a result from a text, the answers for its pieces, and its language."""

_SEVERAL_AT_FAULT = {"ValidationException", "InvalidRequestException", "TextSizeLimitExceededException"}
"""Codes of a refused batch that one text in it can be to blame for."""


def answered(
    caller: Caller,
    analysis: Analysis,
    texts: Sequence[object],
    language_code: str | None,
    merge: Merge[Result],
    progress: ProgressTo,
) -> Outcomes[Result]:
    """The result or the error of every text."""
    if language_code is not None and not isinstance(language_code, str):
        raise InvalidCallError(f"language_code is a str such as 'en', not a {type(language_code).__name__}")
    codes = _languages(caller, texts, progress) if language_code is None else [language_code] * len(texts)
    unknown = {item: code for item, code in enumerate(codes) if isinstance(code, AIServicesError)}
    plan = text_plan.plan(analysis, texts, ["" if item in unknown else str(code) for item, code in enumerate(codes)])
    told: list[dict[int, tuple[Part, Answer]]] = [{} for _ in texts]
    failed: dict[int, AIServicesError] = {**plan.refused, **unknown}
    what = f"comprehend.{analysis.operation}"
    ask = counted(partial(_ask, caller, analysis), len(plan.requests), caller.clock, what=what, progress=progress)
    for outcomes in caller.each(ask, plan.requests):
        for part, outcome in outcomes:
            if isinstance(outcome, AIServicesError):
                failed.setdefault(part.item, outcome)
            else:
                told[part.item][part.piece.start] = (part, outcome)
    return [
        failed[item] if item in failed else merge(str(text), in_order(told[item]), str(codes[item]))
        for item, text in enumerate(texts)
    ]


def _languages(caller: Caller, texts: Sequence[object], progress: ProgressTo) -> Outcomes[str]:
    heads = [text_plan.head(text) for text in texts]
    found = answered(caller, text_plan.LANGUAGE, heads, "", Language.merged, progress)
    return [one if isinstance(one, AIServicesError) else one.code for one in found]


def _ask(caller: Caller, analysis: Analysis, request: Request) -> list[tuple[Part, Answer | AIServicesError]]:
    """Send one request; the answer or error of each of its parts."""
    try:
        reply = caller.send("comprehend", request.operation, request.params)
    except BadRequestError as error:
        one_at_fault = error.code in _SEVERAL_AT_FAULT and "'languageCode'" not in error.message
        if len(request.parts) > 1 and one_at_fault:
            code = request.params.get("LanguageCode", "")
            each = [text_plan.request(analysis, code, [part]) for part in request.parts]
            return [outcome for one in each for outcome in _ask(caller, analysis, one)]
        return [(part, error) for part in request.parts]
    except AIServicesError as error:
        return [(part, error) for part in request.parts]
    if request.operation != analysis.batch:
        return [(request.parts[0], reply)]
    return _of_batch(request, reply)


def _of_batch(request: Request, reply: Answer) -> list[tuple[Part, Answer | AIServicesError]]:
    outcomes: dict[int, Answer | AIServicesError] = {
        one.get("Index", position): one  # segments come in their order, without numbers
        for position, one in enumerate(reply["ResultList"])
    }
    for one in reply.get("ErrorList", ()):
        code, message = one.get("ErrorCode", ""), one.get("ErrorMessage", "")
        status = 500 if "INTERNAL" in code.upper() else None
        outcomes[one["Index"]] = service_error("comprehend", request.operation, code, message, status=status)
    missing = service_error(
        "comprehend", request.operation, "InternalServerException", "the batch has no answer for this text"
    )
    return [(part, outcomes.get(index, missing)) for index, part in enumerate(request.parts)]


def in_order(told: Mapping[int, tuple[Part, Answer]]) -> Answers:
    """The answers for the pieces of a text, by where a piece begins."""
    in_order = told.values() if len(told) == 1 else [told[begin] for begin in sorted(told)]
    return [(part.piece, answer) for part, answer in in_order]
