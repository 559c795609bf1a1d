"""Amazon Translate: terminologies and parallel data, read from what the caller gives; languages; batches in S3.

Computed: languages, terms, counts, and which parts of a document are text. Made up until there is an engine: the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from aiservices.api.model import load
from aiservices.call import Reply
from aiservices.errors import ServiceError
from aiservices.text import utf8_size
from aiservices_mocks import terminology
from aiservices_mocks.listing import page_size
from aiservices_mocks.places import Place, place
from aiservices_mocks.resources import Life, Resource, WorkFailed
from aiservices_mocks.service import Service, computed, stateful
from aiservices_mocks.tags import as_dict
from aiservices_mocks.terminology import Terms, TermsError

from .batch import ROW, Batches
from .languages import codes, languages

_TARGETS = 10
"""Target languages of one terminology."""
_TERM = 200
"""Bytes of one term."""
_SECONDS = 600.0
"""How long an import of parallel data takes; AWS promises nothing."""
_TROUBLE = "Trouble"
"""Where why the last import has failed is kept."""


def _import(service: Service, members: Mapping[str, Any]) -> dict[str, Any]:
    """Read the file; when an update fails, what was imported before stays."""
    updates = "LatestUpdateAttemptStatus" in members
    try:
        found = _imported(service, members["ParallelDataConfig"])
    except WorkFailed as failure:
        attempt = {"LatestUpdateAttemptStatus": "FAILED"} if updates else {}
        last = "ACTIVE" if "ImportedRecordCount" in members else "FAILED"
        return {"Status": last, _TROUBLE: str(failure), **attempt}
    return {**found, _TROUBLE: None, **({"LatestUpdateAttemptStatus": "ACTIVE"} if updates else {})}


def _imported(service: Service, config: Mapping[str, Any]) -> dict[str, Any]:
    """What of the file shows when it is imported, and where it is."""
    where = place(config["S3Uri"])
    assert where is not None  # the model's pattern has seen to it
    try:
        data = service.world.s3.get(*where)
        terms = terminology.read(data, config["Format"], codes())
    except ServiceError as error:
        raise WorkFailed(f"The input file cannot be read: {error.code}.") from None
    except TermsError as error:
        raise WorkFailed(str(error)) from None
    return {
        "SourceLanguageCode": terms.languages[0],
        "TargetLanguageCodes": list(terms.languages[1:]),
        "ImportedDataSize": len(data),
        "ImportedRecordCount": len(terms.rows),
        "FailedRecordCount": 0,
        "SkippedRecordCount": terms.skipped,
        "DataLocation": _location(service, where),
    }


def _location(service: Service, where: Place) -> dict[str, str]:
    host = f"{where.bucket}.s3.{service.world.region}.amazonaws.com"
    return {"RepositoryType": "S3", "Location": f"https://{host}/{quote(where.key)}"}


def _message(view: Mapping[str, Any]) -> dict[str, Any]:
    """Why the last attempt has failed, once it has."""
    over = view["Status"] in ("ACTIVE", "FAILED")
    return {"Message": view[_TROUBLE]} if over and view.get(_TROUBLE) else {}


class Translate(Batches):
    """Translate as the mock answers it."""

    name = "translate"
    token_error = "InvalidParameterValueException"
    resources = (
        Resource("Terminology", "Name", arn="terminology/{Name}/LATEST", arn_member="Arn", quota=100),
        Resource(
            "ParallelData",
            "Name",
            arn="parallel-data/{Name}",
            arn_member="Arn",
            life=Life(
                "Status",
                (("CREATING", _SECONDS), ("ACTIVE", 0)),
                (("UPDATING", _SECONDS), ("ACTIVE", 0)),
                reason=_TROUBLE,
            ),
            work=_import,
            derived=_message,
            quota=1000,
            steady=True,
        ),
        ROW,
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
        terms = self._read(data, format)
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
            data = terminology.write(self._read(data, members["Format"]), format)
        key = f"{self.world.account}/{name}/LATEST/{format}/{name}.{format.lower()}"
        where = Place(f"aws-translate-terminology-prod-{self.world.region}", key)
        self.world.s3[f"{where.bucket}/{where.key}"] = data
        return {**reply, "TerminologyDataLocation": _location(self, where)}

    def _read(self, data: bytes, format: str) -> Terms:
        try:
            terms = terminology.read(data, format, codes())
        except TermsError as error:
            raise self.error("InvalidParameterValueException", str(error)) from None
        if len(terms.languages) > _TARGETS + 1:
            raise self.error(
                "InvalidParameterValueException", f"{len(terms.languages) - 1} targets, at most {_TARGETS}."
            )
        longest = max((utf8_size(term) for row in terms.rows for term in row), default=0)
        if longest > _TERM:
            raise self.error("InvalidParameterValueException", f"A term of {longest} bytes, at most {_TERM}.")
        return terms

    # Parallel data.

    @stateful
    def create_parallel_data(self, parallel_data_config: Mapping[str, Any], **given: Any) -> Reply:
        """Import a file from S3; one that cannot be read ends FAILED."""
        self._check_config(parallel_data_config)
        return self.keep("CreateParallelData", {"parallel_data_config": parallel_data_config, **given})

    @stateful
    def update_parallel_data(self, parallel_data_config: Mapping[str, Any], **given: Any) -> Reply:
        """Import another file; when that fails the old one stays."""
        self._check_config(parallel_data_config)
        request = {"parallel_data_config": parallel_data_config, **given}
        attempt = {"LatestUpdateAttemptStatus": "UPDATING", "LatestUpdateAttemptAt": self.world.clock.now()}
        return self.keep("UpdateParallelData", request, **attempt)

    @stateful
    def delete_parallel_data(self, name: str) -> Reply:
        """Delete parallel data that nothing is done with at the moment."""
        return {**self.keep("DeleteParallelData", {"name": name}), "Status": "DELETING"}

    def _check_config(self, config: Mapping[str, Any]) -> None:
        if "S3Uri" not in config or "Format" not in config:
            raise self.error("InvalidParameterValueException", "ParallelDataConfig needs S3Uri and Format.")
