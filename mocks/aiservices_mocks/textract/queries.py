"""Questions to documents: which are asked of which page, by which adapter, and what answers them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from aiservices_mocks.engines.documents import Page
from aiservices_mocks.engines.documents import queries as engine
from aiservices_mocks.engines.documents import queries_learnt as learnt
from aiservices_mocks.engines.documents.queries_words import tokens

from .blocks import Answer, Asked, Asks

AT_ONCE, BY_JOB = 15, 30
"""Queries on a page. Source: https://docs.aws.amazon.com/textract/latest/dg/limits-quotas-explained.html"""
_RANGE = re.compile(r"(\d+)(?:-(\d+|\*))?|\*")

Weights = Mapping[str, dict[str, float]]
"""What an adapter's version has learnt of each question."""


class Invalid(ValueError):
    """What is wrong with questions or adapters, without the request's own words."""


class Question(NamedTuple):
    """One question and the pages that it is asked of."""

    shown: Mapping[str, Any]
    pages: frozenset[int]


class Questions(NamedTuple):
    """All that is asked of a document."""

    questions: Sequence[Question] = ()
    adapters: Mapping[int, Weights] = {}
    """What the adapter of a page has learnt."""

    @property
    def source(self) -> str:
        """What tells these questions from others, for ids."""
        return "|".join(str(question.shown) for question in self.questions)

    def of(self, pages: Iterable[Page]) -> Asks:
        """The questions of each page with what answers them."""
        return {page.number: [self._asked(page, q) for q in self.questions if page.number in q.pages] for page in pages}

    def _asked(self, page: Page, question: Question) -> Asked:
        text = question.shown["Text"]
        weights = _weights(self.adapters.get(page.number, {}), text)
        found = engine.answer(page, text) if weights is None else learnt.answer(page, text, weights)
        return Asked(question.shown, [Answer(found.place.text, found.place.box, found.confidence)] if found else [])


def questions(
    request: Mapping[str, Any], count: int, most: int, learnt_by: Callable[[Mapping[str, Any]], Weights]
) -> Questions:
    """What a request asks of a document of `count` pages; raises Invalid."""
    asked, chosen = request.get("QueriesConfig"), request.get("AdaptersConfig")
    if "QUERIES" not in request["FeatureTypes"]:
        if asked or chosen:
            raise Invalid(f"{'QueriesConfig' if asked else 'AdaptersConfig'} needs QUERIES among FeatureTypes")
        return Questions()
    if not asked:
        raise Invalid("QUERIES among FeatureTypes needs QueriesConfig")
    found = [Question(query, pages(query.get("Pages", ["1"]), count)) for query in asked["Queries"]]
    for page in range(1, count + 1):
        if sum(page in question.pages for question in found) > most:
            raise Invalid(f"more than {most} queries on a page")
    adapters: dict[int, Weights] = {}
    for adapter in (chosen or {}).get("Adapters", ()):
        weights = learnt_by(adapter)
        for page in pages(adapter.get("Pages", ["1"]), count):
            if page in adapters:
                raise Invalid("more than one adapter for a page")
            adapters[page] = weights
    return Questions(found, adapters)


def pages(named: Sequence[str], count: int) -> frozenset[int]:
    """The pages that `*`, `2`, `1-3` and `4-*` stand for; raises Invalid.

    Source: https://docs.aws.amazon.com/textract/latest/dg/API_Query.html
    """
    found: set[int] = set()
    for one in named:
        match = _RANGE.fullmatch(one)
        if match is None or (one == "*" and len(named) > 1):
            raise Invalid("Pages are numbers, ranges such as 1-3 and 4-*, or * alone")
        first = int(match[1] or 1)
        last = count if one == "*" or match[2] == "*" else int(match[2] or first)
        if not 1 <= first <= last <= count:
            raise Invalid("Pages outside of the document")
        found.update(range(first, last + 1))
    return frozenset(found)


def shown(page: Page, features: Iterable[str]) -> Page:
    """A page with what was asked for alone: questions read its fields and tables too."""
    tables, fields = "TABLES" in features, "FORMS" in features
    return replace(
        page,
        tables=page.tables if tables else [],
        fields=page.fields if fields else [],
        selections=page.selections if tables or fields else [],
    )


def _weights(known: Weights, text: str) -> dict[str, float] | None:
    """What was learnt of a question: of the same one, or of one with the same words that count."""
    if text in known:
        return known[text]
    words = set(tokens(text))
    return next((weights for question, weights in known.items() if set(tokens(question)) == words), None)
