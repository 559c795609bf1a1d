"""Batches: every document of a folder in S3, in every language asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from aiservices.call import Reply
from aiservices.errors import ServiceError
from aiservices_mocks.places import Place, place
from aiservices_mocks.resources import Life, Resource, WorkFailed
from aiservices_mocks.service import stateful

from .documents import BATCH, DocumentError, text_of, translated
from .languages import are_pair, codes
from .texts import Texts, found_language

_TARGETS = 10
_SIZE, _CHARACTERS = 20 << 20, 1_000_000
"""Bytes and characters of one document.

Source: https://docs.aws.amazon.com/translate/latest/dg/what-is-limits.html (2025-12).
"""


def work(service: Batches, members: Mapping[str, Any]) -> dict[str, Any]:
    """Translate the documents; write them and, of each language, what was done."""
    folder = _place(members["InputDataConfig"])
    try:
        documents = _documents(service, folder)
    except ServiceError as error:
        raise WorkFailed(f"The input folder cannot be read: {error.code}.") from None
    if not documents:
        raise WorkFailed("There are no documents in the input folder.")
    failed: set[str] = set()
    for target in members["TargetLanguageCodes"]:
        done = [_translate(service, members, name, target) for name in documents]
        details, characters = [one for one, _ in done], sum(count for _, count in done)
        wrong = {one["sourceFile"] for one in details if "error" in one["auxiliaryData"]}
        failed |= wrong
        _write_details(service, members, target, details, characters, len(wrong))
    counts = {
        "InputDocumentsCount": len(documents),
        "DocumentsWithErrorsCount": len(failed),
        "TranslatedDocumentsCount": len(documents) - len(failed),
    }
    return {"JobDetails": counts, "JobStatus": "COMPLETED_WITH_ERROR" if failed else "COMPLETED"}


ROW = Resource(
    "TextTranslationJob",
    "JobId",
    made="{hex}",
    life=Life(
        "JobStatus",
        (("SUBMITTED", 60), ("IN_PROGRESS", 540), ("COMPLETED", 0)),
        stopped=(("STOP_REQUESTED", 60), ("STOPPED", 0)),
        reason="Message",
    ),
    work=work,
    made_up=True,
    newest_first=True,
)


class Batches(Texts):
    """The jobs."""

    @stateful
    def start_text_translation_job(
        self,
        input_data_config: Mapping[str, Any],
        output_data_config: Mapping[str, Any],
        source_language_code: str,
        target_language_codes: Sequence[str],
        client_token: str,
        **given: Any,
    ) -> Reply:
        """Begin to translate a folder."""
        keeper = self.keepers["TextTranslationJob"]
        asked = {
            "InputDataConfig": input_data_config,
            "SourceLanguageCode": source_language_code,
            "TargetLanguageCodes": target_language_codes,
            "ClientToken": client_token,
            **self.named("StartTextTranslationJob", given),
        }
        self._check_languages(source_language_code, target_language_codes)
        self._check_named(asked)
        self._check_folders(input_data_config, output_data_config)
        with self.world.lock:
            again = keeper.repeats(client_token)
            reply = keeper.answer(
                "create", "StartTextTranslationJob", {**asked, "OutputDataConfig": output_data_config}
            )
            record = keeper.find(reply)
            assert record is not None
            if not again:
                name = f"{self.world.account}-TranslateText-{reply['JobId']}/"
                written = {**output_data_config, "S3Uri": _place(output_data_config).under(name).uri}
                count = len(_documents(self, _place(input_data_config)))
                counts = {"InputDocumentsCount": count, "DocumentsWithErrorsCount": 0, "TranslatedDocumentsCount": 0}
                keeper.change(record, {"JobDetails": counts, "OutputDataConfig": written})
        return reply

    @stateful
    def list_text_translation_jobs(self, filter: Mapping[str, Any] | None = None, **paging: Any) -> Reply:
        """Jobs, the last one first; those before a time the other way round."""
        asked = filter or {}
        if len(asked) > 1:
            raise self.error("InvalidFilterException", "Only one filter can be set at a time.")
        order = "ASCENDING" if "SubmittedBeforeTime" in asked else "DESCENDING"
        try:
            return self.keep("ListTextTranslationJobs", {"filter": asked, **paging}, SortOrder=order)
        except ServiceError as error:  # this list has another code for a foreign token than the service's others
            raise self.error("InvalidRequestException", error.message) from None

    def _check_languages(self, source: str, targets: Sequence[str]) -> None:
        if len(targets) > _TARGETS:
            raise self.error("InvalidParameterValueException", f"{len(targets)} target languages, at most {_TARGETS}.")
        for target in targets:
            if not (target in codes() if source == "auto" else are_pair(source, target)):
                raise self.unsupported(source, target)

    def _check_named(self, asked: Mapping[str, Any]) -> None:
        for member, noun in (("TerminologyNames", "Terminology"), ("ParallelDataNames", "ParallelData")):
            names = asked.get(member, ())
            if len(names) > 1:
                raise self.error("InvalidParameterValueException", f"{len(names)} {member}, at most 1.")
            for name in names:
                record = self.keepers[noun].find({"Name": name})
                if record is None:
                    raise self.error("ResourceNotFoundException", f"The {noun} that the request names does not exist.")
                if noun == "ParallelData" and self.keepers[noun].look(record) != "ACTIVE":
                    raise self.error(
                        "InvalidRequestException", "The ParallelData that the request names is not ACTIVE."
                    )

    def _check_folders(self, given: Mapping[str, Any], written: Mapping[str, Any]) -> None:
        if given["ContentType"] not in BATCH:
            raise self.error("InvalidRequestException", f"The content type {given['ContentType']} isn't supported.")
        if not _place(given).key.strip("/"):
            raise self.error("InvalidRequestException", "The input documents must be in a folder of the bucket.")
        for config in (given, written):
            try:
                self.world.s3.send("HeadBucket", Bucket=_place(config).bucket)
            except ServiceError:
                raise self.error(
                    "InvalidRequestException", "The bucket that the S3Uri names does not exist or cannot be accessed."
                ) from None


def _place(config: Mapping[str, Any]) -> Place:
    found = place(config["S3Uri"])
    assert found is not None  # the model's pattern has seen to it
    return found


def _documents(service: Texts, folder: Place) -> list[str]:
    """The names of the documents in a folder, and in those within it."""
    prefix = folder.under("").key
    keys = service.world.s3.keys(folder.bucket, prefix)
    return [key.removeprefix(prefix) for key in keys if not key.endswith("/")]


def _translate(service: Batches, members: Mapping[str, Any], name: str, target: str) -> tuple[dict[str, Any], int]:
    """Translate one document into one language; what the details say about it, and how many characters it had."""
    above, slash, last = name.rpartition("/")
    try:
        data, characters, applied = _translated(service, members, name, target)
    except (DocumentError, ServiceError) as error:
        code = error.code if isinstance(error, ServiceError) else "InvalidRequestException"
        message = error.message if isinstance(error, ServiceError) else str(error)
        return {"sourceFile": name, "auxiliaryData": {"error": {"errorCode": code, "errorMessage": message}}}, 0
    written = f"{above}{slash}{target}.{last}"
    _put(service, members, written, data, members["InputDataConfig"]["ContentType"])
    terms = [
        {"name": one, "terms": [{"sourceText": term, "targetText": said} for term, said in found.items()]}
        for one, found in applied.items()
    ]
    told = {"appliedTerminologies": terms} if terms else {}
    return {"sourceFile": name, "targetFile": written, "auxiliaryData": told}, characters


def _translated(
    service: Batches, members: Mapping[str, Any], name: str, target: str
) -> tuple[bytes, int, Mapping[str, Mapping[str, str]]]:
    config, source = members["InputDataConfig"], members["SourceLanguageCode"]
    where = _place(config).under(name)
    data, content_type = service.world.s3.get(*where), config["ContentType"]
    if len(data) > _SIZE:
        raise DocumentError(f"The document has {len(data)} bytes, at most {_SIZE}.")
    text = text_of(data, content_type)
    if len(text) > _CHARACTERS:
        raise DocumentError(f"The document has {len(text)} characters, at most {_CHARACTERS}.")
    if source == "auto":
        source, _ = found_language(text)
    wording = service.wording(source, target, members.get("TerminologyNames", ()))
    return translated(data, content_type, wording), wording.characters, wording.applied


def _write_details(
    service: Batches,
    members: Mapping[str, Any],
    target: str,
    details: Sequence[Mapping[str, Any]],
    characters: int,
    wrong: int,
) -> None:
    content = {
        "sourceLanguageCode": members["SourceLanguageCode"],
        "targetLanguageCode": target,
        "charactersTranslated": str(characters),
        "documentCountWithCustomerError": str(wrong),
        "documentCountWithServerError": "0",
        "inputDataPrefix": members["InputDataConfig"]["S3Uri"],
        "outputDataPrefix": members["OutputDataConfig"]["S3Uri"],
        "details": details,
    }
    data = json.dumps(content, ensure_ascii=False).encode()
    _put(service, members, f"details/{target}.auxiliary-translation-details.json", data, "application/json")


def _put(service: Batches, members: Mapping[str, Any], name: str, data: bytes, content_type: str) -> None:
    where = _place(members["OutputDataConfig"]).under(name)
    try:
        service.world.s3.put(where.bucket, where.key, data, content_type)
    except ServiceError as error:
        raise WorkFailed(f"The output cannot be written: {error.code}.") from None
