"""Jobs that were begun before, also by another process."""

from __future__ import annotations

from functools import partial
from typing import Any

from ... import files
from ...caller import Caller
from ...errors import InvalidCallError, NotFoundError
from ...jobs import Job
from ..many import Many
from ..texts import Several
from . import jobs, topics
from .models import Classifier, EntityRecognizer, trained


def training(caller: Caller, arn: str) -> Job[Any] | None:
    """The training of a model; None when it is no model's ARN."""
    if ":document-classifier/" in arn:
        return trained(caller, Classifier, "DocumentClassifier", arn)
    if ":entity-recognizer/" in arn:
        return trained(caller, EntityRecognizer, "EntityRecognizer", arn)
    return None


def over_texts(caller: Caller, id: str, texts: Several) -> Job[Any]:
    """The job over texts, of whichever kind it is."""
    finish = partial(Many, again=None, index=texts.index)
    for noun in (*(work.noun for work in jobs.WORKS.values()), topics.NOUN):
        try:
            found = caller.send("comprehend", f"Describe{noun}Job", {"JobId": id})[f"{noun}JobProperties"]
        except NotFoundError:
            continue
        work = next((work for work in jobs.WORKS.values() if work.noun == noun), None)
        data, result = jobs.read(caller, work, texts.items, finish) if work else topics.read(caller, texts)
        # What the job tells is by line: with other texts it would be told of the wrong ones.
        if data != files.fetch(caller, found["InputDataConfig"]["S3Uri"]):
            raise InvalidCallError("these are not the texts that the job was begun with: give the same, in their order")
        return jobs.job(caller, noun, id, result)
    raise InvalidCallError("Comprehend knows no job with this id that a verb begins")
