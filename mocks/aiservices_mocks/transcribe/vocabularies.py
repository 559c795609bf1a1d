"""What jobs are helped by: vocabularies, vocabulary filters and language models, all made of texts that are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiservices.call import Reply
from aiservices.errors import ServiceError
from aiservices_mocks.places import Place, place
from aiservices_mocks.resources import Life, Resource, WorkFailed
from aiservices_mocks.service import Service, stateful

from .checks import Checks
from .output import Folder
from .sound import UNREADABLE

_SIZE = 50 << 10
"""Bytes of a vocabulary. Source: https://docs.aws.amazon.com/transcribe/latest/dg/limits-guidelines.html (2026-05)."""
_SOURCES = {"Vocabulary": "Phrases", "MedicalVocabulary": "", "VocabularyFilter": "Words"}
_FILES = {noun: "VocabularyFilterFileUri" if "Filter" in noun else "VocabularyFileUri" for noun in _SOURCES}
ENTRIES = "Entries"
"""Where what a vocabulary or filter was made of is kept, whatever becomes of its file."""


def _entries(service: Service, noun: str, members: Mapping[str, Any]) -> list[str]:
    """What a vocabulary or filter is to be made of, one entry a line; a file that cannot be read fails the work."""
    given = members.get(_SOURCES[noun])
    if given is not None:
        return list(given)
    data = _read(service, place(members[_FILES[noun]]))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WorkFailed("The vocabulary file isn't encoded in UTF-8.") from None
    return [line for line in text.splitlines() if line.strip()]


def _read(service: Service, where: Place | None) -> bytes:
    try:
        return service.world.s3.get(*where) if where else b""
    except ServiceError:
        raise WorkFailed(UNREADABLE) from None


def _make(noun: str, service: Service, members: Mapping[str, Any]) -> dict[str, Any]:
    found = _entries(service, noun, members)
    if not found:
        raise WorkFailed("The vocabulary doesn't have any entries.")
    if (size := len("\n".join(found).encode())) > _SIZE:
        raise WorkFailed(f"The vocabulary has {size} bytes, at most {_SIZE}.")
    return {ENTRIES: found}


def _train(service: Service, members: Mapping[str, Any]) -> dict[str, Any]:
    """A language model is of the texts under its URIs; without any there is none."""
    config = members["InputDataConfig"]
    for name in ("S3Uri", "TuningDataS3Uri"):
        where = place(config[name]) if name in config else None
        if name in config and not _has_text(service, where):
            raise WorkFailed(f"There is no text under the {name} of the InputDataConfig.")
    return {}


def _has_text(service: Service, where: Place | None) -> bool:
    if where is None:
        return False
    try:
        keys = service.world.s3.keys(where.bucket, where.key)
    except ServiceError:
        raise WorkFailed(UNREADABLE) from None
    return any(_read(service, Place(where.bucket, key)).strip() for key in keys)


_SECONDS = (("PENDING", 30.0), ("READY", 0.0))
ROWS = (
    Resource(
        "Vocabulary",
        "VocabularyName",
        arn="vocabulary/{VocabularyName}",
        life=Life("VocabularyState", _SECONDS, updated=_SECONDS),
        work=lambda service, members: _make("Vocabulary", service, members),
        quota=100,
    ),
    Resource(
        "MedicalVocabulary",
        "VocabularyName",
        arn="medical-vocabulary/{VocabularyName}",
        life=Life("VocabularyState", _SECONDS, updated=_SECONDS),
        work=lambda service, members: _make("MedicalVocabulary", service, members),
        quota=100,
    ),
    Resource("VocabularyFilter", "VocabularyFilterName", arn="vocabulary-filter/{VocabularyFilterName}", quota=100),
    Resource(
        "LanguageModel",
        "ModelName",
        arn="language-model/{ModelName}",
        life=Life("ModelStatus", (("IN_PROGRESS", 6 * 3600), ("COMPLETED", 0))),
        work=_train,
        defaults={"UpgradeAvailability": False},
    ),
)


class Vocabularies(Checks):
    """The operations that take one source of two, or say where it can be read again."""

    @stateful
    def create_vocabulary(self, **request: Any) -> Reply:
        """Make a vocabulary of phrases or of a file."""
        return self._made("CreateVocabulary", "Vocabulary", request)

    @stateful
    def update_vocabulary(self, **request: Any) -> Reply:
        """Make it of others."""
        return self._made("UpdateVocabulary", "Vocabulary", request)

    @stateful
    def create_vocabulary_filter(self, **request: Any) -> Reply:
        """Make a filter of words or of a file."""
        return self._made("CreateVocabularyFilter", "VocabularyFilter", request)

    @stateful
    def update_vocabulary_filter(self, **request: Any) -> Reply:
        """Make it of others."""
        return self._made("UpdateVocabularyFilter", "VocabularyFilter", request)

    @stateful
    def get_vocabulary(self, **request: Any) -> Reply:
        """A vocabulary, and where it can be read."""
        return self._readable("Vocabulary", request)

    @stateful
    def get_medical_vocabulary(self, **request: Any) -> Reply:
        """A medical vocabulary, and where it can be read."""
        return self._readable("MedicalVocabulary", request)

    @stateful
    def get_vocabulary_filter(self, **request: Any) -> Reply:
        """A filter, and where it can be read."""
        return self._readable("VocabularyFilter", request)

    def _made(self, operation: str, noun: str, request: Mapping[str, Any]) -> Reply:
        """Kept with one source, in the place of the other that it may have had."""
        sources = (_SOURCES[noun], _FILES[noun])
        members = self.named(operation, request)
        if sum(name in members for name in sources) != 1:
            raise self.refuse(f"Either {sources[0]} or {sources[1]} field should be provided.")
        further: dict[str, Any] = dict.fromkeys(sources)
        if noun == "VocabularyFilter":  # it has no states: what is wrong with its file is said at once
            try:
                further[ENTRIES] = _entries(self, noun, members)
            except WorkFailed as failure:
                raise self.refuse(str(failure)) from None
        return self.kept[operation]({**further, **members})

    def _readable(self, noun: str, request: Mapping[str, Any]) -> Reply:
        reply, keeper = self.keep(f"Get{noun}", request), self.keepers[noun]
        record = keeper.find(reply)
        if record is None or reply.get("VocabularyState", "READY") != "READY":
            return reply
        folder = Folder.owned(self.world, f"{noun}/{reply[keeper.row.id]}", "input")
        content = "\n".join(record["members"][ENTRIES]).encode()
        return {**reply, "DownloadUri": folder.write("txt", content, "text/plain")}
