"""Lists of questions with their answers, read from S3."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from aiservices.errors import ServiceError
from aiservices_mocks.engines import search
from aiservices_mocks.resources import WorkFailed
from aiservices_mocks.service import Service

from .of_index import OfIndex

_MOST = 5 * 1024 * 1024
"""Bytes of a file. Source: https://docs.aws.amazon.com/kendra/latest/dg/quotas.html"""
_ALIKE = 0.5
"""How like a question must be to the one that is asked, 0 to 1."""
_HEADERS = ("_question", "_answer")


def read_faq(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """The questions and answers of the file."""
    place = members["S3Path"]
    try:
        data = service.world.s3.get(place["Bucket"], place["Key"])
    except ServiceError:
        raise WorkFailed("The FAQ file does not exist or cannot be read.") from None
    if len(data) > _MOST:
        raise WorkFailed("The FAQ file has more than 5 MB.")
    try:
        questions = list(_questions(data.decode("utf-8-sig"), members["FileFormat"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, csv.Error):
        raise WorkFailed(f"The FAQ file is not in the form of a {members['FileFormat']}.") from None
    if not questions:
        raise WorkFailed("The FAQ file has no questions.")
    return {"Questions": questions}


def _questions(text: str, form: str) -> Iterator[dict[str, Any]]:
    if form == "JSON":
        for one in json.loads(text)["FaqDocuments"]:
            attributes = dict(one.get("Attributes", {}))
            yield _question(one["Question"], one["Answer"], attributes.pop("_source_uri", ""), attributes)
        return
    rows = [row for row in csv.reader(io.StringIO(text), strict=True) if any(row)]
    if form == "CSV_WITH_HEADER":
        head, *rows = rows
        if not {*_HEADERS} <= {*head}:
            raise ValueError("no header")
        for row in rows:
            given = {name: cell for name, cell in zip(head, row, strict=True) if cell}
            question, answer = given.pop("_question"), given.pop("_answer")
            yield _question(question, answer, given.pop("_source_uri", ""), given)
        return
    for row in rows:
        question, answer, *rest = row
        yield _question(question, answer, rest[0] if rest else "", {})


def _question(question: str, answer: str, uri: str, attributes: dict[str, Any]) -> dict[str, Any]:
    if not (question.strip() and answer.strip()):
        raise ValueError("an empty question or answer")
    return {"question": question.strip(), "answer": answer.strip(), "uri": uri.strip(), "attributes": attributes}


class Faqs(OfIndex):
    """Finds answers."""

    def questions(self, index_id: str) -> list[dict[str, Any]]:
        """All that are in active lists of an index, with the list's id."""
        found = []
        for record in self._all("Faq", index_id):
            if self.keepers["Faq"].look(record) == "ACTIVE":
                found += [{**one, "faq": record["members"]["Id"]} for one in record["members"].get("Questions", ())]
        return found

    def answers(self, index_id: str, query: str) -> list[dict[str, Any]]:
        """The questions most like one that is asked, with how much."""
        words = search.terms(query)
        scored = [{**one, "likeness": search.likeness(words, one["question"])} for one in self.questions(index_id)]
        return sorted((one for one in scored if one["likeness"] >= _ALIKE), key=lambda one: -one["likeness"])[:3]
