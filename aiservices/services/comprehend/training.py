"""Training of custom models: examples put into S3, and the training begun."""

from __future__ import annotations

from typing import Any

from ... import files
from ...caller import Caller
from ...errors import InvalidCallError
from ...jobs import Job
from . import examples as given
from .examples import Labelled
from .models import Classifier, EntityRecognizer, trained


def classifier(
    caller: Caller,
    examples: Any,
    name: str,
    language_code: str,
    version: str | None,
    tests: Any,
    several_labels: bool | None,
    column: str,
    label: str,
) -> Job[Classifier]:
    """Begin to train a classifier."""

    def read(source: Any, several: bool | None) -> Labelled | None:
        if source is None or files.is_s3(source):
            return None
        return given.labelled(source, column, label, several)

    shared = _shared(caller, language_code, version)
    learnt = read(examples, several_labels)
    several = learnt.several if learnt else several_labels is True
    known = read(tests, several)
    unknown = len(known.counts.keys() - learnt.counts.keys()) if learnt and known else 0
    if unknown:
        raise InvalidCallError(f"the tests have {unknown} labels that no example has")
    local = [one for one in (learnt and learnt.checked(), known) if one]
    delimiter = given.delimiter(*local) if local and len(local) == 1 + (tests is not None) else "|"

    def place(source: Any, found: Labelled | None) -> str:
        return str(source) if found is None else _stage(caller, found.to_csv(delimiter))

    config = {"DataFormat": "COMPREHEND_CSV", "S3Uri": place(examples, learnt)}
    if tests is not None:
        config["TestS3Uri"] = place(tests, known)
    if several:
        config["LabelDelimiter"] = delimiter
    request = {
        "DocumentClassifierName": name,
        "InputDataConfig": config,
        "Mode": "MULTI_LABEL" if several else "MULTI_CLASS",
        **shared,
    }
    arn = str(caller.send("comprehend", "CreateDocumentClassifier", request)["DocumentClassifierArn"])
    return trained(caller, Classifier, "DocumentClassifier", arn)


def recognizer(
    caller: Caller,
    documents: Any,
    name: str,
    entity_list: Any,
    annotations: Any,
    language_code: str,
    version: str | None,
    column: str | None,
) -> Job[EntityRecognizer]:
    """Begin to train an entity recognizer."""
    found = given.marked(documents, column, entity_list, annotations).checked()
    shared, texts = _shared(caller, language_code, version), _stage(caller, found.documents(), ".txt")
    config: dict[str, Any] = {
        "DataFormat": "COMPREHEND_CSV",
        "EntityTypes": [{"Type": kind} for kind in found.types],
        "Documents": {"S3Uri": texts, "InputFormat": "ONE_DOC_PER_LINE"},
    }
    if found.names:
        config["EntityList"] = {"S3Uri": _stage(caller, found.entity_list())}
    else:
        config["Annotations"] = {"S3Uri": _stage(caller, found.annotations(texts.rpartition("/")[2]))}
    request = {"RecognizerName": name, "InputDataConfig": config, **shared}
    arn = str(caller.send("comprehend", "CreateEntityRecognizer", request)["EntityRecognizerArn"])
    return trained(caller, EntityRecognizer, "EntityRecognizer", arn)


def _shared(caller: Caller, language_code: str, version: str | None) -> dict[str, Any]:
    if not isinstance(language_code, str):
        raise InvalidCallError("a model is trained in one language: give language_code, such as 'en'")
    return {
        "LanguageCode": language_code,
        "DataAccessRoleArn": caller.service_role(),
        **({"VersionName": version} if version is not None else {}),
    }


def _stage(caller: Caller, data: bytes, suffix: str = ".csv") -> str:
    return files.stage(caller, data, product="comprehend", suffix=suffix).uri
