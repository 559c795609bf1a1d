"""Amazon Comprehend: sentiment, entities, key phrases, languages, syntax and personal data in text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, overload

from ..api.comprehend import ComprehendOperations
from ..api.model import load
from ..errors import AIServicesError, BadRequestError, InvalidCallError, nearest, service_error
from ..jobs import ProgressTo, counted
from . import text_plan
from .many import Many
from .text_plan import Analysis, Part, Request
from .text_results import Answers, Entities, KeyPhrases, Language, Pii, Sentiment

if TYPE_CHECKING:
    from pandas import Series

Result = TypeVar("Result")
Texts: TypeAlias = "Iterable[str] | Series[str]"
"""A list, tuple, iterator, pandas Series: anything that gives texts."""
Answer = Mapping[str, Any]
Merge = Callable[[str, Answers, str], Result]
"""Makes a result from a text, the answers for its pieces, and its language."""

_SEVERAL_AT_FAULT = {"ValidationException", "InvalidRequestException", "TextSizeLimitExceededException"}
"""Codes of a refused batch that one text in it can be to blame for."""


class Comprehend(ComprehendOperations):
    """Amazon Comprehend: sentiment, entities, key phrases, languages, syntax and personal data in text.

    The verbs take a text or many, of any length: long ones are cut at sentence borders and put together again,
    short ones are sent 25 at a time. One text gives one result or raises; many give `Many` results, in which a
    text that failed (empty, not a str, refused) stands in `.failed` and never costs the others theirs.
    language_code: of Comprehend's; None detects the language of each text first, from its first 5,000 bytes.
    progress: True shows on standard error how many of the requests are answered; a function is called with each step.
    """

    # The overloads overlap, for a str is an Iterable[str] too: the first one is meant for it.

    @overload
    def sentiment(self, text: str, language_code: str | None = ..., *, progress: ProgressTo = ...) -> Sentiment: ...  # type: ignore[overload-overlap]  # str is a sequence of str; the first overload wins
    @overload
    def sentiment(
        self, text: Texts, language_code: str | None = ..., *, progress: ProgressTo = ...
    ) -> Many[Sentiment]: ...
    def sentiment(
        self, text: str | Texts, language_code: str | None = "en", *, progress: ProgressTo = False
    ) -> Sentiment | Many[Sentiment]:
        """Whether a text, or each of many, is positive, negative, neutral or mixed.

        Scores of a text over 5,000 bytes are means over its pieces weighted by length; pieces that contradict each
        other make it mixed. Billed per 100 characters, at least 3 such units a text.
        Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-sentiment.html
        """
        return self._run(
            text_plan.SENTIMENT,
            text,
            language_code,
            lambda whole, answers, code: Sentiment.merged(answers, code),
            progress,
        )

    @overload
    def language(self, text: str, *, progress: ProgressTo = ...) -> Language: ...  # type: ignore[overload-overlap]  # str is a sequence of str; the first overload wins
    @overload
    def language(self, text: Texts, *, progress: ProgressTo = ...) -> Many[Language]: ...
    def language(self, text: str | Texts, *, progress: ProgressTo = False) -> Language | Many[Language]:
        """The languages that a text, or each of many, is likely written in; `.code` is the likeliest.

        Billed per 100 characters, at least 3 such units a text.
        Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-languages.html
        """
        return self._run(text_plan.LANGUAGE, text, "", lambda whole, answers, code: Language.merged(answers), progress)

    @overload
    def entities(self, text: str, language_code: str | None = ..., *, progress: ProgressTo = ...) -> Entities: ...  # type: ignore[overload-overlap]  # str is a sequence of str; the first overload wins
    @overload
    def entities(
        self, text: Texts, language_code: str | None = ..., *, progress: ProgressTo = ...
    ) -> Many[Entities]: ...
    def entities(
        self, text: str | Texts, language_code: str | None = "en", *, progress: ProgressTo = False
    ) -> Entities | Many[Entities]:
        """People, places, organizations, dates, quantities and other named things in a text, or in each of many.

        Billed per 100 characters, at least 3 such units a text.
        Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-entities.html
        """
        return self._run(text_plan.ENTITIES, text, language_code, Entities.merged, progress)

    @overload
    def key_phrases(self, text: str, language_code: str | None = ..., *, progress: ProgressTo = ...) -> KeyPhrases: ...  # type: ignore[overload-overlap]  # str is a sequence of str; the first overload wins
    @overload
    def key_phrases(
        self, text: Texts, language_code: str | None = ..., *, progress: ProgressTo = ...
    ) -> Many[KeyPhrases]: ...
    def key_phrases(
        self, text: str | Texts, language_code: str | None = "en", *, progress: ProgressTo = False
    ) -> KeyPhrases | Many[KeyPhrases]:
        """The noun phrases that tell what a text, or each of many, is about.

        Billed per 100 characters, at least 3 such units a text.
        Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-key-phrases.html
        """
        return self._run(text_plan.KEY_PHRASES, text, language_code, KeyPhrases.merged, progress)

    @overload
    def pii(self, text: str, language_code: str | None = ..., *, progress: ProgressTo = ...) -> Pii: ...  # type: ignore[overload-overlap]  # str is a sequence of str; the first overload wins
    @overload
    def pii(self, text: Texts, language_code: str | None = ..., *, progress: ProgressTo = ...) -> Many[Pii]: ...
    def pii(
        self, text: str | Texts, language_code: str | None = "en", *, progress: ProgressTo = False
    ) -> Pii | Many[Pii]:
        """Personal data in a text, or in each of many: names, addresses, card numbers, passwords ...

        language_code: "en" or "es". Billed per 100 characters, at least 3 such units a text.
        Source: https://docs.aws.amazon.com/comprehend/latest/dg/how-pii.html
        """
        return self._run(text_plan.PII, text, language_code, Pii.merged, progress)

    @overload
    def redact(  # type: ignore[overload-overlap]  # str is a sequence of str; the first overload wins
        self, text: str, mask: str = ..., types: Collection[str] | None = ..., *, language_code: str | None = ...
    ) -> str: ...
    @overload
    def redact(
        self, text: Texts, mask: str = ..., types: Collection[str] | None = ..., *, language_code: str | None = ...
    ) -> Many[str]: ...
    def redact(
        self,
        text: str | Texts,
        mask: str = "type",
        types: Collection[str] | None = None,
        *,
        language_code: str | None = "en",
        progress: ProgressTo = False,
    ) -> str | Many[str]:
        """A text, or each of many, with its personal data masked; everything else stays as it is.

        mask: "type" puts the type in brackets, [NAME]; a single character is put for each character.
        types: AWS's PII types to mask; None masks all. language_code and price: as `pii`.
        """
        if not isinstance(mask, str) or (mask != "type" and len(mask) != 1):
            given = f"{len(mask)} characters" if isinstance(mask, str) else f"a {type(mask).__name__}"
            raise InvalidCallError(f'mask is "type" or a single character, not {given}')
        chosen = _checked(types)
        return self._run(
            text_plan.PII,
            text,
            language_code,
            lambda whole, answers, code: Pii.merged(whole, answers, code).redacted(mask, chosen),
            progress,
        )

    def _run(
        self, analysis: Analysis, text: Any, language_code: str | None, merge: Merge[Result], progress: ProgressTo
    ) -> Result | Many[Result]:
        if language_code is not None and not isinstance(language_code, str):
            raise InvalidCallError(f"language_code is a str such as 'en', not a {type(language_code).__name__}")
        if isinstance(text, str):
            outcome = self._outcomes(analysis, [text], language_code, merge, progress)[0]
            if isinstance(outcome, AIServicesError):
                raise outcome
            return outcome
        texts = _several(text)

        def again(positions: Sequence[int]) -> list[Result | AIServicesError]:
            return self._outcomes(analysis, [texts[i] for i in positions], language_code, merge, progress)

        return Many(again(range(len(texts))), again)

    def _outcomes(
        self,
        analysis: Analysis,
        texts: Sequence[object],
        language_code: str | None,
        merge: Merge[Result],
        progress: ProgressTo,
    ) -> list[Result | AIServicesError]:
        """The result or the error of every text."""
        if language_code is None:
            codes = self._outcomes(
                text_plan.LANGUAGE,
                [text_plan.head(t) for t in texts],
                "",
                lambda whole, answers, code: Language.merged(answers).code,
                progress,
            )
        else:
            codes = [language_code] * len(texts)
        unknown = {item: code for item, code in enumerate(codes) if isinstance(code, AIServicesError)}
        plan = text_plan.plan(
            analysis, texts, ["" if item in unknown else str(code) for item, code in enumerate(codes)]
        )
        told: list[dict[int, tuple[Part, Answer]]] = [{} for _ in texts]
        failed: dict[int, AIServicesError] = {**plan.refused, **unknown}
        what, clock = f"comprehend.{analysis.operation}", self._caller.clock
        ask = counted(partial(self._ask, analysis), len(plan.requests), clock, what=what, progress=progress)
        for outcomes in self._caller.each(ask, plan.requests):
            for part, outcome in outcomes:
                if isinstance(outcome, AIServicesError):
                    failed.setdefault(part.item, outcome)
                else:
                    told[part.item][part.piece.start] = (part, outcome)
        return [
            failed[item] if item in failed else merge(str(text), _in_order(told[item]), str(codes[item]))
            for item, text in enumerate(texts)
        ]

    def _ask(self, analysis: Analysis, request: Request) -> list[tuple[Part, Answer | AIServicesError]]:
        """Send one request; the answer or error of each of its parts."""
        try:
            reply = self._caller.send("comprehend", request.operation, request.params)
        except BadRequestError as error:
            one_at_fault = error.code in _SEVERAL_AT_FAULT and "'languageCode'" not in error.message
            if len(request.parts) > 1 and one_at_fault:
                code = request.params.get("LanguageCode", "")
                each = [text_plan.request(analysis, code, [part]) for part in request.parts]
                return [outcome for one in each for outcome in self._ask(analysis, one)]
            return [(part, error) for part in request.parts]
        except AIServicesError as error:
            return [(part, error) for part in request.parts]
        if request.operation != analysis.batch:
            return [(request.parts[0], reply)]
        return _of_batch(request, reply)


def _of_batch(request: Request, reply: Answer) -> list[tuple[Part, Answer | AIServicesError]]:
    outcomes: dict[int, Answer | AIServicesError] = {one["Index"]: one for one in reply["ResultList"]}
    for one in reply["ErrorList"]:
        code, message = one.get("ErrorCode", ""), one.get("ErrorMessage", "")
        status = 500 if "INTERNAL" in code.upper() else None
        outcomes[one["Index"]] = service_error("comprehend", request.operation, code, message, status=status)
    missing = service_error(
        "comprehend", request.operation, "InternalServerException", "the batch has no answer for this text"
    )
    return [(part, outcomes.get(index, missing)) for index, part in enumerate(request.parts)]


def _in_order(told: Mapping[int, tuple[Part, Answer]]) -> Answers:
    return [(part.piece, answer) for _, (part, answer) in sorted(told.items())]


def _several(texts: Any) -> list[Any]:
    if hasattr(texts, "columns"):  # iterating would give the names of the columns
        raise InvalidCallError('a DataFrame has several columns: give the one with the texts, frame["text"]')
    if isinstance(texts, bytes | bytearray | Mapping) or not isinstance(texts, Iterable):
        raise InvalidCallError(f"give a str, or a list or Series of them, not a {type(texts).__name__}")
    return list(texts)


def _checked(types: Collection[str] | None) -> Collection[str] | None:
    if types is None:
        return None
    if not isinstance(types, Iterable) or not all(isinstance(one, str) for one in types):
        raise InvalidCallError('types is a list of PII types such as ["NAME", "EMAIL"]')
    chosen = {types} if isinstance(types, str) else set(types)
    known = load("comprehend").shape("PiiEntityType").enum
    for one in sorted(chosen):
        if one not in known:
            raise InvalidCallError(f'there is no PII type "{one}"{nearest(one, known)}')
    return None if "ALL" in chosen else chosen
