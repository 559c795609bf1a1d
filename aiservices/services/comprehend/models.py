"""Custom models of Comprehend: trained classifiers and recognizers, and endpoints where they answer."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ...call import Reply
from ...caller import Caller
from ...errors import AIServicesError, InvalidCallError, NotFoundError
from ...jobs import Job, ProgressTo, wait
from ..shown import frame, plural, table

if TYPE_CHECKING:
    from pandas import DataFrame

_LOG = logging.getLogger("aiservices")
_NAME = re.compile(
    r"arn:[\w-]+:comprehend:[^:]*:\d*:(?:document-classifier|entity-recognizer)/([^/]+)(?:/version/(.+))?"
)


@dataclass(frozen=True)
class Model:
    """A trained model. It is kept, and billed as storage, until `delete`."""

    arn: str
    status: str
    """TRAINED, TRAINED_WITH_WARNING; TRAINING and others when it is not usable yet, or any more."""
    language_code: str
    message: str
    """What AWS says of the training; empty when nothing."""
    metrics: Mapping[str, float] = field(hash=False)
    """As AWS tells them, measured on examples it was not trained with: a classifier's 0..1, a recognizer's percent."""
    documents: int
    """Examples it was trained with."""
    tested: int
    """Examples it was measured on."""
    raw: Mapping[str, Any] = field(repr=False, compare=False)
    """AWS's properties of the model."""
    _caller: Caller = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        """Its name."""
        found = _NAME.fullmatch(self.arn)
        return found[1] if found else self.arn

    @property
    def f1(self) -> float | None:
        """The F1 score (0..1); None when AWS told none."""
        return self.metrics.get("F1Score")

    @property
    def confidence(self) -> float | None:
        """As `f1`."""
        return self.f1

    def endpoint(self, units: int = 1, *, name: str | None = None) -> Endpoint:
        """Where it answers at once, from `with` on and until its end; nothing is started before.

            with classifier.endpoint() as endpoint:
                ai.comprehend.classify(texts, endpoint)

        units: each answers 100 characters a second and is billed for every second, used or not, at least 60.
        name: None takes the model's.
        """
        return Endpoint(self._caller, self.arn, units, name or self.name[:40].rstrip("-"))

    def delete(self) -> None:
        """Delete the model; endpoints of it must be gone before."""
        noun = "DocumentClassifier" if isinstance(self, Classifier) else "EntityRecognizer"
        self._caller.send("comprehend", f"Delete{noun}", {f"{noun}Arn": self.arn})

    def __getstate__(self) -> object:
        raise TypeError("a model belongs to its client and cannot be pickled: keep its arn, and ask model(arn) for it")

    def __repr__(self) -> str:
        told = "" if self.f1 is None else f", F1 {self.f1:.2f} on {plural(self.tested, 'example')}"
        return f"<{type(self).__name__} {self.name} {self.status}{told}>"

    def to_pandas(self) -> DataFrame:
        """A row per metric."""
        return frame([{"metric": name, "value": value} for name, value in self.metrics.items()], ("metric", "value"))

    def _repr_html_(self) -> str:
        return table(self.metrics.items(), caption=f"{self.name}: {self.status}")


@dataclass(frozen=True, repr=False)
class Classifier(Model):
    """A trained classifier of documents."""

    @classmethod
    def _of(cls, caller: Caller, reply: Reply) -> Self:
        found: Mapping[str, Any] = reply["DocumentClassifierProperties"]
        return cls(*_told(caller, found, "DocumentClassifier", "ClassifierMetadata"))

    @property
    def several(self) -> bool:
        """Whether a text can have several labels."""
        return self.raw.get("Mode") == "MULTI_LABEL"

    @property
    def accuracy(self) -> float | None:
        """The share of examples that got their label (0..1); None when AWS told none."""
        return self.metrics.get("Accuracy")


@dataclass(frozen=True, repr=False)
class EntityRecognizer(Model):
    """A trained recognizer of entities."""

    @classmethod
    def _of(cls, caller: Caller, reply: Reply) -> Self:
        found: Mapping[str, Any] = reply["EntityRecognizerProperties"]
        return cls(*_told(caller, found, "EntityRecognizer", "RecognizerMetadata"))

    @property
    def f1(self) -> float | None:
        """The F1 score (0..1) over all types; None when AWS told none."""
        told = self.metrics.get("F1Score")
        return None if told is None else told / 100

    @property
    def types(self) -> Mapping[str, Mapping[str, float]]:
        """The types of entities it knows, each with its own metrics."""
        about = self.raw.get("RecognizerMetadata", {}).get("EntityTypes", ())
        return {one["Type"]: one.get("EvaluationMetrics", {}) for one in about}


def _told(caller: Caller, found: Mapping[str, Any], noun: str, metadata: str) -> tuple[Any, ...]:
    about = found.get(metadata, {})
    return (
        found[f"{noun}Arn"],
        found["Status"],
        found["LanguageCode"],
        found.get("Message", ""),
        about.get("EvaluationMetrics", {}),
        about.get("NumberOfTrainedDocuments", 0),
        about.get("NumberOfTestDocuments", 0),
        found,
        caller,
    )


def trained(caller: Caller, kind: type[Any], noun: str, arn: str) -> Job[Any]:
    """The training of a model that was begun."""
    return Job(
        caller,
        arn,
        what=f"comprehend.{noun}",
        read=lambda: caller.send("comprehend", f"Describe{noun}", {f"{noun}Arn": arn}),
        result=lambda reply: kind._of(caller, reply),
        path=(f"{noun}Properties", "Status"),
    )


def model(caller: Caller, arn: str) -> Classifier | EntityRecognizer:
    """A model that was trained before, also by another process."""
    if isinstance(arn, str) and ":document-classifier/" in arn:
        return Classifier._of(
            caller, caller.send("comprehend", "DescribeDocumentClassifier", {"DocumentClassifierArn": arn})
        )
    if isinstance(arn, str) and ":entity-recognizer/" in arn:
        return EntityRecognizer._of(
            caller, caller.send("comprehend", "DescribeEntityRecognizer", {"EntityRecognizerArn": arn})
        )
    raise InvalidCallError("an ARN of a model has :document-classifier/ or :entity-recognizer/ in it")


class Endpoint:
    """A model that answers at once, from `open` to `close`; `with` does both.

    It is billed for every second in between, whether it is asked or not.
    """

    def __init__(self, caller: Caller, model_arn: str, units: int, name: str) -> None:
        if type(units) is not int or units < 1:
            raise InvalidCallError(f"units is a whole number of inference units from 1 on, not {units!r}")
        self.model_arn = model_arn
        self.units = units
        self.name = name
        self.arn = ""
        """Empty while there is none."""
        self._caller = caller

    def open(self, *, progress: ProgressTo = False, timeout: float | None = None) -> Endpoint:
        """Create the endpoint and wait until it answers; when it does not, it is deleted again.

        timeout: seconds; None waits as long as it takes.
        """
        if self.arn:
            raise InvalidCallError(f"the endpoint {self.name} is open already")
        caller = self._caller
        request = {"EndpointName": self.name, "ModelArn": self.model_arn, "DesiredInferenceUnits": self.units}
        self.arn = str(caller.send("comprehend", "CreateEndpoint", request)["EndpointArn"])
        about = {"endpoint": self.arn, "units": self.units}
        _LOG.info("endpoint started, billed by the second until it is deleted", extra=about)
        try:
            wait(
                lambda: caller.send("comprehend", "DescribeEndpoint", {"EndpointArn": self.arn}),
                caller.clock,
                what="comprehend.Endpoint",
                timeout=timeout,
                progress=progress,
                path=("EndpointProperties", "Status"),
            )
        except BaseException as error:
            self._abandon(error)
            raise
        return self

    def close(self) -> None:
        """Delete the endpoint; it is billed no longer. When AWS refuses, the error has a note of what is left."""
        if not self.arn:
            return
        about = {"endpoint": self.arn}
        try:
            self._caller.send("comprehend", "DeleteEndpoint", {"EndpointArn": self.arn})
        except NotFoundError:  # somebody else has deleted it
            pass
        except AIServicesError as error:
            _LOG.warning("endpoint left behind, billed until it is deleted", extra=about)
            error.add_note(
                f"{self.arn} is billed until it is deleted: ai.comprehend.delete_endpoint(endpoint_arn=...) when it is "
                "IN_SERVICE or FAILED"
            )
            raise
        _LOG.info("endpoint deleted", extra=about)
        self.arn = ""

    def _abandon(self, error: BaseException) -> None:
        """Close it after a failure, which goes on; when that fails too, the failure says what is left."""
        try:
            self.close()
        except AIServicesError as left:
            for note in (str(left), *left.__notes__):
                error.add_note(note)

    def __enter__(self) -> Endpoint:
        return self.open()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
        else:
            self._abandon(error)

    def __repr__(self) -> str:
        return f"<Endpoint {self.name} {plural(self.units, 'unit')}, {'open' if self.arn else 'closed'}>"


def arn_of(model: object, noun: str) -> str:
    """The ARN of a model or of an open endpoint of the kind; noun: `document-classifier`."""
    if isinstance(model, Endpoint) and not model.arn:
        raise InvalidCallError(f"the endpoint {model.name} is not open: use it inside its `with`")
    arn = model if isinstance(model, str) else getattr(model, "arn", None)
    if not isinstance(arn, str) or not re.search(rf":{noun}(-endpoint)?/", arn):
        raise InvalidCallError(f"give the model or an endpoint of it, or the ARN of either, in which :{noun} stands")
    return arn


def is_endpoint(arn: str) -> bool:
    """Whether an ARN is an endpoint's; a model's own needs a job."""
    return "-endpoint/" in arn
