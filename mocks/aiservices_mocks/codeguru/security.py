"""CodeGuru Security: places for code, scans of it with their runs, the key of the account.

AWS has shut the service down; what stands here is its last published interface.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiservices.call import Reply
from aiservices.errors import ServiceError
from aiservices_mocks.engines.python_rules import UnreadableArchive, review
from aiservices_mocks.places import Place
from aiservices_mocks.resources import Life, Resource, WorkFailed
from aiservices_mocks.service import Service, stateful
from aiservices_mocks.store import Record, Table

from .findings import Findings

_BUCKET = "codeguru-security"
"""Where uploaded code lies in the world's S3; the host that a URL names is one that can never exist."""


def _scan(service: Service, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """The findings in the code that was uploaded; what an earlier run found and this one does not is closed."""
    assert isinstance(service, CodeGuruSecurity)
    name = members["scanName"]
    place = service.upload(members["resourceId"]["codeArtifactId"])
    try:
        code = review(service.world.s3.get(place.bucket, place.key))
    except ServiceError:
        raise WorkFailed(f"No code was uploaded: put a zip file at {place.uri}.") from None
    except UnreadableArchive as error:
        raise WorkFailed(f"The code cannot be scanned: {error}.") from None
    if not code.files:
        raise WorkFailed("The zip file has no Python files.")
    every = members["analysisType"] == "All"
    service.settle_findings(name, [one for one in code.findings if every or one.rule.security])
    return {}


_CREATED = ("scanName", "runId", "resourceId", "scanState", "scanNameArn")
"""What the reply to CreateScan shows of a run."""


class CodeGuruSecurity(Findings):
    """Scans by their name, with the runs of each; the code is read where `CreateUploadUrl` has put its place."""

    name = "codeguru-security"
    token_error = "ValidationException"
    resources = (
        Resource(
            "Scan",
            "scanName",
            arn="scans/{scanName}",
            arn_member="scanNameArn",
            life=Life("scanState", (("InProgress", 120), ("Successful", 0)), failed="Failed", reason="errorMessage"),
            work=_scan,
            defaults={"scanType": "Standard", "analysisType": "Security", "numberOfRevisions": 1},
        ),
    )

    def error(self, code: str, message: str = "", **details: Any) -> ServiceError:
        """Its errors repeat their code and say what they are about."""
        about = {"reason": "other"} if code == "ValidationException" else {"resourceType": "Scan"}
        return super().error(code, message, **{"errorCode": code, **about, **details})

    @stateful
    def create_upload_url(self, scan_name: str) -> Reply:
        """Where the code would go: a host that can never exist, so that nobody's code leaves the machine by mistake.

        What the host's first part and the path name is a bucket and a key of the world's S3; the scan reads those.
        """
        artifact = self.world.new_id()
        self._artifacts[artifact] = {"scanName": scan_name}
        self.world.s3.make_bucket(_BUCKET)
        url = f"https://{_BUCKET}.s3.{self.world.region}.invalid/{self.upload(artifact).key}"
        headers = {"x-amz-server-side-encryption": "aws:kms"}
        return {"s3Url": url, "requestHeaders": headers, "codeArtifactId": artifact}

    def upload(self, artifact: str) -> Place:
        """Where the code of an artifact lies."""
        return Place(_BUCKET, f"{self.world.account}/{self._artifacts[artifact]['scanName']}/{artifact}")

    @stateful
    def create_scan(
        self, resource_id: dict[str, Any], scan_name: str, client_token: str | None = None, **members: Any
    ) -> Reply:
        """A scan of a known name is run again, when its last run has ended; the same token is the same run."""
        artifact, scans = resource_id["codeArtifactId"], self.keepers["Scan"]
        run = self.world.new_id("run", client_token) if client_token else self.world.new_id()
        asked = {"resource_id": resource_id, "scan_name": scan_name, "client_token": client_token, **members}
        self._settle(scan_name)
        with self.world.lock:
            if artifact not in self._artifacts:
                message = "No code has this id: ask CreateUploadUrl for one."
                raise self.error("ResourceNotFoundException", message, resourceId=artifact, resourceType="CodeArtifact")
            if (archived := self._runs.get(f"{scan_name}\n{run}")) is not None:
                return {name: archived[name] for name in _CREATED if name in archived}
            old = scans.find({"scanName": scan_name})
            if old is None or old["members"]["runId"] == run:
                return self.keep("CreateScan", asked, runId=run)
            self._archive(old)
            reply = self.keep("CreateScan", asked, runId=run)
            made = scans.named("CreateScan", {"scanName": scan_name})
            scans.change(made, {"numberOfRevisions": old["members"]["numberOfRevisions"] + 1})
            made["tags"] = {**old["tags"], **made["tags"]}
        return reply

    def _settle(self, scan_name: str) -> None:
        """Let a scan whose time has come be done, while nobody has to wait for it."""
        scan = self.keepers["Scan"].find({"scanName": scan_name})
        if scan is not None:
            self.keepers["Scan"].settle(scan, look=False)

    def _archive(self, scan: Record) -> None:
        """Make room for a new run of a scan; the one that has ended can still be asked for."""
        members = scan["members"]
        if self.keepers["Scan"].status(scan) == "InProgress":
            message = "The scan is InProgress; wait until it is done."
            raise self.error("ConflictException", message, resourceId=members["scanName"])
        shown = self.kept["GetScan"]({"scanName": members["scanName"]})
        self._runs[f"{members['scanName']}\n{members['runId']}"] = {**shown, "resourceId": members["resourceId"]}
        self.keepers["Scan"].remove(scan)

    @stateful
    def get_scan(self, scan_name: str, run_id: str | None = None) -> Reply:
        """The last run, or the one that is named."""
        self._settle(scan_name)
        with self.world.lock:
            found = self.keepers["Scan"].find({"scanName": scan_name})
            if found is not None and run_id in (None, found["members"]["runId"]):
                return self.kept["GetScan"]({"scanName": scan_name})
            run = self._runs.get(f"{scan_name}\n{run_id}")
        if run is None:
            message = "The scan has no such run." if found else "There is no scan of this name."
            raise self.error("ResourceNotFoundException", message, resourceId=scan_name)
        return {name: value for name, value in run.items() if name != "resourceId"}

    @stateful
    def get_account_configuration(self) -> Reply:
        """Without a key of the account's own the configuration is empty."""
        return {"encryptionConfig": dict(self._account.get("encryption", {}))}

    @stateful
    def update_account_configuration(self, encryption_config: dict[str, Any]) -> Reply:
        """The key that is used from now on."""
        self._account["encryption"] = dict(encryption_config)
        return {"encryptionConfig": encryption_config}

    @property
    def _artifacts(self) -> Table:
        return self.world.store.table(self.name, "artifact")

    @property
    def _runs(self) -> Table:
        return self.world.store.table(self.name, "run")

    @property
    def _account(self) -> Table:
        return self.world.store.table(self.name, "account")
