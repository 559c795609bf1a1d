"""Amazon Translate, kept: terminologies and parallel data, both read from what the caller gives; and its languages.

Translating itself, of texts, documents and batches, is not answered here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiservices.api.model import load
from aiservices.call import Reply
from aiservices.errors import ServiceError
from aiservices.text import utf8_size

from . import terminology
from .listing import page_size
from .resources import Life, Resource
from .service import Service, computed, stateful
from .store import Record
from .tags import as_dict
from .terminology import Terms, TermsError

TARGETS = 10
"""Target languages of one terminology."""
TERM = 200
"""Bytes of one term."""
MINUTES = 600.0
"""Seconds that an import of parallel data takes."""

_DATA = Path(__file__).parent / "data" / "translate_languages.json"


@cache
def languages() -> Mapping[str, Mapping[str, str]]:
    """Names of languages by the language they are said in and by their code."""
    names: Mapping[str, Mapping[str, str]] = json.loads(_DATA.read_text("utf-8"))["names"]
    return names


def _codes() -> list[str]:
    return [code for code in languages()["en"] if code != "auto"]


def _parallel_data(view: Mapping[str, Any]) -> dict[str, Any]:
    """What was imported: of the last attempt when that is over and went well, else of the one before."""
    record, busy = view[""], view["Status"] in ("CREATING", "UPDATING")
    outcome = record.get("outcome", {})
    shown = {**record.get("imported", {}), **({} if busy else outcome)}
    if record.get("updated"):
        ended = "FAILED" if "Message" in outcome else "ACTIVE"
        shown["LatestUpdateAttemptStatus"] = "UPDATING" if busy else ended
        shown["LatestUpdateAttemptAt"] = record["changed"]
    return shown


class Translate(Service):
    """What Translate keeps for its translations."""

    name = "translate"
    token_error = "InvalidParameterValueException"
    resources = (
        Resource(
            "Terminology",
            "Name",
            arn="terminology/{Name}/LATEST",
            arn_member="Arn",
            quota=100,
        ),
        Resource(
            "ParallelData",
            "Name",
            arn="parallel-data/{Name}",
            arn_member="Arn",
            life=Life("Status", (("CREATING", MINUTES), ("ACTIVE", 0)), (("UPDATING", MINUTES), ("ACTIVE", 0))),
            derived=_parallel_data,
            quota=1000,
            steady=True,
        ),
    )

    @computed
    def list_languages(self, display_language_code: str = "en", **page: Any) -> Reply:
        """The languages that Translate knows, by their names in the language asked for."""
        found = [
            {"LanguageName": name, "LanguageCode": code} for code, name in languages()[display_language_code].items()
        ]
        found.sort(key=lambda language: language["LanguageName"].casefold())
        params = {"DisplayLanguageCode": display_language_code, **self.named("ListLanguages", page)}
        size = page_size(load(self.name).operations["ListLanguages"], params)
        items, token = self.page("ListLanguages", params, found, size)
        reply: Reply = {"Languages": items, "DisplayLanguageCode": display_language_code}
        return reply | ({"NextToken": token} if token else {})

    # Terminologies.

    @stateful
    def import_terminology(
        self, name: str, merge_strategy: str, terminology_data: Mapping[str, Any], **given: Any
    ) -> Reply:
        """Make a terminology of a file, or put the file in the place of the old one."""
        data, format = terminology_data["File"], terminology_data["Format"]
        terms = self._terms(data, format)
        params = {
            **self.named("ImportTerminology", {"name": name, **given}),
            "SourceLanguageCode": terms.languages[0],
            "TargetLanguageCodes": list(terms.languages[1:]),
            "SizeBytes": len(data),
            "TermCount": terms.count,
            "SkippedTermCount": terms.skipped,
            "Directionality": terminology_data.get("Directionality", "UNI"),
            "Format": format,
            "File": data,
        }
        with self.world.lock:
            keeper = self.keepers["Terminology"]
            old = keeper.find({"Name": name})
            if old is None:
                return self.kept["ImportTerminology"](params)
            old["tags"] = {**old["tags"], **as_dict(params.pop("Tags", None))}
            return keeper.answer("update", "ImportTerminology", params)

    @stateful
    def get_terminology(self, name: str, terminology_data_format: str | None = None) -> Reply:
        """A terminology, and where its file can be read in the format asked for."""
        with self.world.lock:
            reply = self.keep("GetTerminology", {"name": name})
            members = self.keepers["Terminology"].named("GetTerminology", {"Name": name})["members"]
        data, format = members["File"], terminology_data_format or members["Format"]
        if format != members["Format"]:
            data = terminology.write(self._terms(data, members["Format"]), format)
        bucket = f"aws-translate-terminology-prod-{self.world.region}"
        key = f"{self.world.account}/{name}/LATEST/{format}/{name}.{format.lower()}"
        self.world.s3[f"{bucket}/{key}"] = data
        return {**reply, "TerminologyDataLocation": self._location(bucket, key)}

    def _terms(self, data: bytes, format: str) -> Terms:
        try:
            terms = terminology.read(data, format, _codes())
        except TermsError as error:
            raise self.error("InvalidParameterValueException", str(error)) from None
        if len(terms.languages) > TARGETS + 1:
            raise self.error(
                "InvalidParameterValueException", f"{len(terms.languages) - 1} targets, at most {TARGETS}."
            )
        longest = max((utf8_size(term) for row in terms.rows for term in row), default=0)
        if longest > TERM:
            raise self.error("InvalidParameterValueException", f"A term of {longest} bytes, at most {TERM}.")
        return terms

    def _location(self, bucket: str, key: str) -> dict[str, str]:
        host = f"{bucket}.s3.{self.world.region}.amazonaws.com"
        return {"RepositoryType": "S3", "Location": f"https://{host}/{quote(key)}"}

    # Parallel data.

    @stateful
    def create_parallel_data(self, name: str, parallel_data_config: Mapping[str, Any], **given: Any) -> Reply:
        """Import a file from S3; one that cannot be read ends FAILED."""
        outcome = self._imported(parallel_data_config)
        with self.world.lock:
            request = {"name": name, "parallel_data_config": parallel_data_config, **given}
            reply = self.keep("CreateParallelData", request)
            record = self._record(name)
            if "outcome" not in record:
                record.update(outcome=outcome, imported={})
                if "Message" in outcome:
                    self.keepers["ParallelData"].enter(record, ("CREATING", MINUTES), ("FAILED", 0))
        return reply

    @stateful
    def update_parallel_data(self, name: str, parallel_data_config: Mapping[str, Any], **given: Any) -> Reply:
        """Import another file; when that fails the old one stays."""
        outcome = self._imported(parallel_data_config)
        with self.world.lock:
            request = {"name": name, "parallel_data_config": parallel_data_config, **given}
            self.keep("UpdateParallelData", request)
            record = self._record(name)
            before = record["imported"] if "Message" in record["outcome"] else record["outcome"]
            record.update(outcome=outcome, imported=before, updated=True)
            if "Message" in outcome and not before:
                self.keepers["ParallelData"].enter(record, ("UPDATING", MINUTES), ("FAILED", 0))
            times = {"LatestUpdateAttemptStatus": "UPDATING", "LatestUpdateAttemptAt": record["changed"]}
        return {"Name": name, "Status": "UPDATING", **times}

    @stateful
    def get_parallel_data(self, name: str) -> Reply:
        """Parallel data, and where the file is that it was made of."""
        reply = self.keep("GetParallelData", {"name": name})
        properties = reply["ParallelDataProperties"]
        if "ImportedRecordCount" not in properties:
            return reply
        bucket, _, key = properties["ParallelDataConfig"]["S3Uri"].removeprefix("s3://").partition("/")
        return {**reply, "DataLocation": self._location(bucket, key)}

    @stateful
    def delete_parallel_data(self, name: str) -> Reply:
        """Delete parallel data that nothing is done with at the moment."""
        return {**self.keep("DeleteParallelData", {"name": name}), "Status": "DELETING"}

    def _record(self, name: str) -> Record:
        return self.keepers["ParallelData"].named("GetParallelData", {"Name": name})

    def _imported(self, config: Mapping[str, Any]) -> dict[str, Any]:
        """What of the file shows when it is imported; a message when it cannot be."""
        if "S3Uri" not in config or "Format" not in config:
            raise self.error("InvalidParameterValueException", "ParallelDataConfig needs S3Uri and Format.")
        bucket, _, key = config["S3Uri"].removeprefix("s3://").partition("/")
        try:
            data = self.world.s3.get(bucket, key)
            terms = terminology.read(data, config["Format"], _codes())
        except ServiceError as error:
            return {"Message": f"The input file cannot be read: {error.code}."}
        except TermsError as error:
            return {"Message": str(error)}
        return {
            "SourceLanguageCode": terms.languages[0],
            "TargetLanguageCodes": list(terms.languages[1:]),
            "ImportedDataSize": len(data),
            "ImportedRecordCount": len(terms.rows),
            "FailedRecordCount": 0,
            "SkippedRecordCount": terms.skipped,
        }
