"""What custom models find in a text or a document, in AWS's words: the same for a request and for a job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .reading import Page, Read
from .reading_blocks import references

Answer = dict[str, Any]
Members = Mapping[str, Any]


def classes(text: str, model: Members) -> Answer:
    """As ClassifyDocument answers: classes of which a text has one, or labels of which it can have any number.

    AWS tells all that it weighed, the likeliest first, and so do we: a label below .5 is rather not there.
    """
    scores = model["Trained"].score(text)
    ranked = [{"Name": name, "Score": score} for name, score in sorted(scores.items(), key=lambda one: -one[1])]
    return {"Labels" if model["Mode"] == "MULTI_LABEL" else "Classes": ranked}


def document_classes(document: Read, model: Members) -> Answer:
    """The classes of each page of a document, and what the reply says of it."""
    found: dict[str, list[Answer]] = {"Labels" if model["Mode"] == "MULTI_LABEL" else "Classes": []}
    for number, page in enumerate(document.pages, 1):
        for name, ranked in classes(page.text, model).items() if not page.error else ():
            found[name] += [{**one, "Page": number} for one in ranked]
    return {**found, **document.facts, "Warnings": _warnings(document, model)}


def _warnings(document: Read, model: Members) -> list[Answer]:
    """Whether plain text meets a model that was trained with other documents, or the other way round."""
    trained = model["InputDataConfig"].get("DocumentType") == "SEMI_STRUCTURED_DOCUMENT"
    if trained == document.native:
        return []
    code = (
        "INFERENCING_PLAINTEXT_WITH_NATIVE_TRAINED_MODEL"
        if trained
        else "INFERENCING_NATIVE_DOCUMENT_WITH_PLAINTEXT_TRAINED_MODEL"
    )
    message = "The document is of another type than those that the model was trained with."
    return [{"Page": number, "WarnCode": code, "WarnMessage": message} for number in range(1, len(document.pages) + 1)]


def entities(text: str, model: Members) -> Answer:
    """As DetectEntities answers at the endpoint of a recognizer."""
    found = model["Trained"].find(text)
    return {
        "Entities": [
            {"Score": one.score, "Type": one.type, "Text": one.text, "BeginOffset": one.begin, "EndOffset": one.end}
            for one in found
        ]
    }


def document_entities(document: Read, model: Members) -> Answer:
    """The entities of a document; those of other documents than plain text refer to its blocks."""
    if not document.native:
        return {**entities(document.text, model), **document.facts}
    found = [one for page in document.pages for one in page_entities(page, model)]
    return {"Entities": found, **document.facts, "Blocks": [block for page in document.pages for block in page.blocks]}


def page_entities(page: Page, model: Members) -> list[Answer]:
    """The entities of a page, by the blocks where they are."""
    return [
        {
            "Score": one.score,
            "Type": one.type,
            "Text": one.text,
            "BlockReferences": references(page.blocks, one.begin, one.end),
        }
        for one in model["Trained"].find(page.text)
    ]
