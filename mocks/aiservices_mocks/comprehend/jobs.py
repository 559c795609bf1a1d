"""Comprehend's jobs: each reads documents from S3, answers as the request of its kind does, and writes to S3.

Kept of AWS: input of a document per line or per file, the folder and the files of the output, errors of single
documents inside it, reasons of failure.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from aiservices.call import Reply
from aiservices_mocks import engines
from aiservices_mocks.places import Place
from aiservices_mocks.resources import Life, Resource
from aiservices_mocks.service import stateful

from . import answers, custom_answers, outputs
from .documents import Documents
from .inputs import KB, MB, Document, Limits, documents
from .models import ENGLISH, noun_of
from .reading import Page
from .redaction import redact

_USUAL = Limits()
_CUSTOM = Limits(native=True)
_TARGETED = Limits(10 * KB, 30_000, 300 * MB)
_TOPICS = 10
"""Topics when the caller gives no number."""
_ARCHIVE = "output.tar.gz"

_LIFE = Life(
    "JobStatus",
    (("SUBMITTED", 60), ("IN_PROGRESS", 300), ("COMPLETED", 0)),
    stopped=(("STOP_REQUESTED", 60), ("STOPPED", 0)),
    reason="Message",
)

Members = Mapping[str, Any]
Files = dict[str, bytes]
"""What a job writes, by name."""
Write = Callable[[Any, Members, list[Document]], Files]
"""Called with the service, a job's members and its documents."""
Answers = Callable[[Any, Members], Callable[[str], Members]]
"""Called with the service and a job's members; what is returned answers for a text."""


def _job(
    kind: str,
    short: str,
    write: Write,
    *,
    archived: bool = True,
    limits: Limits = _USUAL,
    defaults: Members | None = None,
) -> Resource:
    """The row of a kind of job.

    short: as the output's folder names it; archived: its files come in one.
    """
    words = "".join(f"-{sign.lower()}" if sign.isupper() else sign for sign in kind).lstrip("-")

    def folder(members: Members, account: str) -> Place:
        return outputs.folder(members["OutputDataConfig"]["S3Uri"], account, short, members["JobId"])

    def shown(view: Members) -> dict[str, Any]:
        to = folder(view, view["JobArn"].split(":")[4])
        return {
            "InputDataConfig": {"InputFormat": "ONE_DOC_PER_LINE", **view["InputDataConfig"]},
            "OutputDataConfig": {**view["OutputDataConfig"], "S3Uri": (to.under(_ARCHIVE) if archived else to).uri},
        }

    def work(service: Any, members: Members) -> Members:
        s3, to = service.world.s3, folder(members, service.world.account)
        taken = _CUSTOM if "EntityRecognizerArn" in members else limits
        written = write(service, members, documents(s3, members["InputDataConfig"], taken))
        if archived:
            outputs.put_archive(s3, to.under(_ARCHIVE), written)
        else:
            outputs.put_all(s3, to, written)
        return {}

    return Resource(
        f"{kind}Job",
        "JobId",
        made="{hex}",
        arn=f"{words}-job/{{JobId}}",
        arn_member="JobArn",
        life=_LIFE,
        work=work,
        derived=shown,
        defaults=defaults or {},
    )


def _together(answer: Answers) -> Write:
    """All answers in one file."""
    return lambda service, members, found: {"output": outputs.lines(found, answer(service, members))}


def _apart(answer: Answers) -> Write:
    """A file of answers for each file of documents."""
    return lambda service, members, found: {
        f"{name}.out": outputs.lines(inside, answer(service, members))
        for name, inside in outputs.by_file(found).items()
    }


def _in_language(answer: Callable[[str, str], Members]) -> Answers:
    return lambda service, members: lambda text: answer(text, members["LanguageCode"])


def _entities(service: Any, members: Members, found: list[Document]) -> Files:
    if "EntityRecognizerArn" not in members:
        return {"output": outputs.lines(found, lambda text: answers.entities(text, members["LanguageCode"]))}
    model = service.trained(members["EntityRecognizerArn"])

    def of_page(page: Page) -> Members:
        return {"Entities": custom_answers.page_entities(page, model), "Blocks": page.blocks}

    rows = outputs.rows(found, lambda text: custom_answers.entities(text, model), of_page)
    return {"output": outputs.json_lines(rows, sort_keys=True)}


def _pii(service: Any, members: Members, found: list[Document]) -> Files:
    if members["Mode"] == "ONLY_OFFSETS":
        return _apart(_in_language(answers.pii))(service, members, found)
    code, config = members["LanguageCode"], members["RedactionConfig"]
    return {
        f"{name}.out": "".join(_redacted(inside, code, config)).encode("utf-8")
        for name, inside in outputs.by_file(found).items()
    }


def _redacted(documents: Iterable[Document], code: str, config: Members) -> Iterator[str]:
    """The documents of a file as they are written again, each in its line; of one that cannot be read the error."""
    written = 0
    for one in documents:
        text = redact(one.text, code, config) if one.error is None else _unread(one)
        if one.line is None:
            yield text
        else:
            yield "\n" * (one.line - written) + text + "\n"
            written = one.line + 1


def _unread(document: Document) -> str:
    return outputs.lines([document], lambda text: {}).decode("utf-8").removesuffix("\n")


def _classes(service: Any, members: Members, found: list[Document]) -> Files:
    model = service.trained(members["DocumentClassifierArn"])

    def of_page(page: Page) -> Members:
        return {} if page.error else custom_answers.classes(page.text, model)

    rows = outputs.rows(found, lambda text: custom_answers.classes(text, model), of_page)
    told = ({**row, "Line": str(row["Line"])} if "Line" in row else row for row in rows)
    return {"predictions.jsonl": outputs.json_lines(told)}


def _topics(service: Any, members: Members, found: list[Document]) -> Files:
    read = [one for one in found if one.error is None]
    topics = engines.topics.find([one.text for one in read], members["NumberOfTopics"])
    terms = [
        (f"{number:03}", term, weight)
        for number, weights in enumerate(topics.terms)
        for term, weight in weights
    ]  # fmt: skip
    shares = [
        (one.file if one.line is None else f"{one.file}:{one.line}", f"{number:03}", share)
        for one, inside in zip(read, topics.shares, strict=True)
        for number, share in inside
    ]
    return {
        "topic-terms.csv": _csv(("topic", "term", "weight"), terms),
        "doc-topics.csv": _csv(("docname", "topic", "proportion"), shares),
    }


def _csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return written.getvalue().encode("utf-8")


JOBS = (
    _job("SentimentDetection", "SENTIMENT", _together(_in_language(answers.sentiment)), limits=Limits(5 * KB)),
    _job("TargetedSentimentDetection", "TS", _apart(_in_language(answers.targeted)), limits=_TARGETED),
    _job("EntitiesDetection", "NER", _entities),
    _job("KeyPhrasesDetection", "KP", _together(_in_language(answers.key_phrases))),
    _job("DominantLanguageDetection", "LANGUAGE", _together(lambda service, members: answers.languages)),
    _job("PiiEntitiesDetection", "PII", _pii, archived=False),
    _job(
        "EventsDetection",
        "EVENTS",
        _apart(lambda service, members: lambda text: answers.events(text, members["TargetEventTypes"])),
        archived=False,
        limits=Limits(10 * KB, 5_000, 50 * MB),
    ),
    _job("TopicsDetection", "TOPICS", _topics, limits=Limits(100 * MB), defaults={"NumberOfTopics": _TOPICS}),
    _job("DocumentClassification", "CLN", _classes, limits=Limits(10 * MB, native=True)),
)
"""A row per kind of job."""


class Jobs(Documents):
    """What is checked when a job is started."""

    @stateful
    def start_targeted_sentiment_detection_job(self, language_code: str, **request: Any) -> Reply:
        """Begin to find what documents say about whom."""
        self.check_language(language_code, ENGLISH, "InvalidRequestException")
        return self.keep("StartTargetedSentimentDetectionJob", {"language_code": language_code, **request})

    @stateful
    def start_pii_entities_detection_job(
        self, language_code: str, mode: str, redaction_config: Members | None = None, **request: Any
    ) -> Reply:
        """Begin to find personal data in documents, or to take it out of them."""
        self.check_language(language_code, engines.pii.LANGUAGES, "InvalidRequestException")
        if (mode == "ONLY_REDACTION") != (redaction_config is not None):
            needs = "needs" if mode == "ONLY_REDACTION" else "has no"
            raise self.error("InvalidRequestException", f"Mode {mode} {needs} RedactionConfig.")
        if redaction_config is not None and not redaction_config.get("PiiEntityTypes"):
            raise self.error("InvalidRequestException", "RedactionConfig must name PiiEntityTypes.")
        given = {"language_code": language_code, "mode": mode, "redaction_config": redaction_config}
        return self.keep("StartPiiEntitiesDetectionJob", {**given, **request})

    @stateful
    def start_events_detection_job(
        self, language_code: str, target_event_types: Sequence[str], **request: Any
    ) -> Reply:
        """Begin to find events in documents."""
        self.check_language(language_code, ENGLISH, "InvalidRequestException")
        unknown = [kind for kind in target_event_types if kind not in engines.events.TYPES]
        if unknown:
            raise self.error(
                "InvalidRequestException",
                f"{len(unknown)} of TargetEventTypes do not exist. There are: {', '.join(engines.events.TYPES)}.",
            )
        given = {"language_code": language_code, "target_event_types": target_event_types}
        return self.keep("StartEventsDetectionJob", {**given, **request})

    @stateful
    def start_entities_detection_job(
        self, entity_recognizer_arn: str | None = None, flywheel_arn: str | None = None, **request: Any
    ) -> Reply:
        """Begin to find entities in documents: the built-in ones, or those of a recognizer."""
        self.check_reader(request["input_data_config"].get("DocumentReaderConfig"))
        if entity_recognizer_arn is None and flywheel_arn is None:
            return self.keep("StartEntitiesDetectionJob", request)
        arn = self._model_of_job(entity_recognizer_arn, flywheel_arn, "EntityRecognizer")
        further = {"flywheel_arn": flywheel_arn, "entity_recognizer_arn": arn}
        reply = self.keep("StartEntitiesDetectionJob", {**request, **further})
        return {**reply, "EntityRecognizerArn": arn}

    @stateful
    def start_document_classification_job(
        self, document_classifier_arn: str | None = None, flywheel_arn: str | None = None, **request: Any
    ) -> Reply:
        """Begin to classify documents."""
        self.check_reader(request["input_data_config"].get("DocumentReaderConfig"))
        arn = self._model_of_job(document_classifier_arn, flywheel_arn, "DocumentClassifier")
        further = {"flywheel_arn": flywheel_arn, "document_classifier_arn": arn}
        reply = self.keep("StartDocumentClassificationJob", {**request, **further})
        return {**reply, "DocumentClassifierArn": arn}

    def _model_of_job(self, model: str | None, flywheel: str | None, noun: str) -> str:
        """The trained model that a job names, itself or by its flywheel."""
        if (model is None) == (flywheel is None):
            which = "one of them" if model is None else "not both"
            raise self.error("InvalidRequestException", f"Give {noun}Arn or FlywheelArn, {which}.")
        arn = model or self.active_model(flywheel)
        if noun_of(arn) != noun:
            raise self.error("InvalidRequestException", f"The flywheel's model is no {noun}.")
        self.trained(arn)
        return arn
