"""Lex's exports and imports: archives of bots, locales, custom vocabularies and test sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from aiservices.call import Reply
from aiservices.errors import ServiceError
from aiservices_mocks.resources import Resource, WorkFailed
from aiservices_mocks.service import stateful
from aiservices_mocks.store import Table

from . import archive, downloads, workbench_files
from .archive import ArchiveError
from .asking import derived, job, short_id
from .bot_files import manifest, write_vocabulary
from .restoring import Restoring
from .vocabulary import items_of
from .workbench import TestSets

_KINDS = {
    "botExportSpecification": "Bot",
    "botLocaleExportSpecification": "BotLocale",
    "customVocabularyExportSpecification": "CustomVocabulary",
    "testSetExportSpecification": "TestSet",
    "botImportSpecification": "Bot",
    "botLocaleImportSpecification": "BotLocale",
    "customVocabularyImportSpecification": "CustomVocabulary",
    "testSetImportResourceSpecification": "TestSet",
}
_FORMATS = {"Bot": "LexJson", "BotLocale": "LexJson", "CustomVocabulary": "LexJson|TSV", "TestSet": "CSV"}


def _about(view: Mapping[str, Any]) -> dict[str, Any]:
    """What a transfer is of, as lists want to know it."""
    kind, members = next(iter(view["resourceSpecification"].items()))
    of = {name: members.get(name, "") for name in ("botId", "botVersion", "localeId")}
    names = ("importedResourceType", "importResourceType", "exportResourceType")
    return {**of, **dict.fromkeys(names, _KINDS[kind])}


def _exported(service: Transfers, members: Mapping[str, Any]) -> dict[str, Any]:
    kind, what = next(iter(members["resourceSpecification"].items()))
    with service.world.lock:
        name, files = service.files_of(kind, what, members["fileFormat"])
    data = archive.write(files, members.get("filePassword"))
    file = f"exports/{members['exportId']}/{name}-{members['exportId']}-{members['fileFormat']}.zip"
    return {"downloadUrl": downloads.offer(service.world, file, data, "application/zip"), "file": file}


def _imported(service: Transfers, members: Mapping[str, Any]) -> dict[str, Any]:
    kind, what = next(iter(members["resourceSpecification"].items()))
    if _KINDS[kind] == "TestSet":
        return service.import_test_set(what, members["mergeStrategy"])
    try:
        data = service.world.s3.get(*members["place"])
    except ServiceError:
        raise WorkFailed("There is no file at the upload URL.") from None
    try:
        files = archive.read(data, members.get("filePassword"))
        return service.restore(_KINDS[kind], what, members["mergeStrategy"], files)
    except ArchiveError as error:
        raise WorkFailed(str(error)) from None
    except ServiceError as error:
        raise WorkFailed(error.message) from error
    except RecursionError:
        raise WorkFailed("The file is nested too deeply.") from None


class Transfers(Restoring, TestSets):
    """Imports and exports. An export is as the bot is when it is done; an import is done whole or fails."""

    rows: ClassVar[tuple[Resource, ...]] = (
        Resource(
            "Export",
            "exportId",
            made="{hex10}",
            life=job("exportStatus", ("InProgress", 10), ("Completed", 0)),
            work=_exported,
            derived=derived(_about),
        ),
        Resource(
            "Import",
            "importId",
            life=job("importStatus", ("InProgress", 30), ("Completed", 0)),
            work=_imported,
            derived=derived(_about),
        ),
    )

    @stateful
    def create_upload_url(self) -> Reply:
        """Where the file of an import is to be written."""
        key = short_id(self.world)
        place, url = downloads.upload(self.world, f"imports/{key}.zip")
        self._uploads[key] = {"place": [*place]}
        return {"importId": key, "uploadUrl": url}

    @stateful
    def start_import(self, import_id: str, resource_specification: Mapping[str, Any], **request: Any) -> Reply:
        """Read what was uploaded; what it is to be part of must be there."""
        operation = "StartImport"
        kind, what = self._only(resource_specification, "resourceSpecification")
        with self.world.lock:
            upload = self._uploads.get(import_id)
            if upload is None:
                raise self._missing("No upload has this importId. Ask for one with CreateUploadUrl.")
            if _KINDS[kind] == "BotLocale":
                self.keepers["Bot"].named(operation, what)
            elif _KINDS[kind] == "CustomVocabulary":
                self.keepers["BotLocale"].named(operation, what)
            members = {"import_id": import_id, "resource_specification": resource_specification}
            return self.keep(operation, {**members, **request}, place=upload["place"])

    @stateful
    def create_export(self, resource_specification: Mapping[str, Any], file_format: str, **request: Any) -> Reply:
        """Write an archive of something that is there."""
        operation = "CreateExport"
        kind, what = self._only(resource_specification, "resourceSpecification")
        noun = _KINDS[kind]
        if file_format not in _FORMATS[noun].split("|"):
            raise self._invalid(f"A {noun} is exported as {_FORMATS[noun]}, not as {file_format}.")
        with self.world.lock:
            if noun == "TestSet":
                self.keepers[noun].named(operation, what)
            else:
                self._check_bot(operation, noun, what)
            members = {"resource_specification": resource_specification, "file_format": file_format}
            return self.keep(operation, {**members, **request})

    @stateful
    def update_export(self, export_id: str, file_password: str | None = None) -> Reply:
        """Put the archive under another password, or none."""
        keeper = self.keepers["Export"]
        record = keeper.named("UpdateExport", {"exportId": export_id})
        if keeper.status(record) != "Completed":
            raise self._conflict("The export is not complete. Wait until it is, then try again.")
        members = record["members"]
        place = downloads.place_of(self.world, members["file"])
        files = archive.read(self.world.s3.get(*place), members.get("filePassword"))
        downloads.offer(self.world, members["file"], archive.write(files, file_password), "application/zip")
        return self.keep("UpdateExport", {"export_id": export_id, "file_password": file_password})

    def files_of(self, kind: str, what: Mapping[str, Any], format: str) -> tuple[str, dict[str, bytes]]:
        """The name and the files of what an export is of."""
        noun = _KINDS[kind]
        if noun == "TestSet":
            test_set = self.still(noun, what)["members"]
            name = test_set["testSetName"]
            data = workbench_files.write(test_set["records"])
            return name, {**manifest("TEST_SET", "CSV"), f"{name}/{name}.csv": data}
        bot = self.still("Bot", what)["members"]
        name = f"{bot['botName']}-{what['botVersion']}"
        if noun == "Bot":
            return name, {**manifest("BOT"), **self.bot_files(bot, what["botVersion"])}
        locale = self.still("BotLocale", what)
        name = f"{name}-{what['localeId']}"
        if noun == "BotLocale":
            return name, {**manifest("BOT_LOCALE"), **self.locale_files(what["localeId"], locale["members"])}
        items = items_of(locale)
        if format == "TSV":
            return name, {**manifest("CUSTOM_VOCABULARY", "TSV"), "CustomVocabulary.tsv": _tsv(items)}
        file = {"CustomVocabulary/CustomVocabulary.json": write_vocabulary(items)}
        return name, {**manifest("CUSTOM_VOCABULARY"), **file}

    def _check_bot(self, operation: str, noun: str, what: Mapping[str, Any]) -> None:
        self.keepers["Bot"].named(operation, what)
        if what["botVersion"] != "DRAFT":
            self.keepers["BotVersion"].named(operation, what)
        if noun != "Bot":
            self.keepers["BotLocale"].named(operation, what)
        if noun == "CustomVocabulary":
            self._vocabulary(operation, what)

    @property
    def _uploads(self) -> Table:
        return self.world.store.table(self.name, "Upload")


def _tsv(items: Any) -> bytes:
    rows = ["phrase\tweight\tdisplayAs"]
    rows += ["\t".join(str(item.get(name, "")) for name in ("phrase", "weight", "displayAs")) for item in items]
    return ("\n".join(rows) + "\n").encode("utf-8", "surrogatepass")
