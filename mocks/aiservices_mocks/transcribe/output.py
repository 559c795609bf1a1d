"""Where a job's files go, and how their addresses look."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from aiservices.errors import ServiceError
from aiservices_mocks.places import Place, place
from aiservices_mocks.resources import WorkFailed

if TYPE_CHECKING:
    from aiservices_mocks.world import World

UNWRITABLE = (
    "The specified S3 bucket can't be accessed. Make sure that you have write permission and try your request again."
)
_MINUTES = 15
"""How long an address in the service's own bucket can be used."""


class Folder:
    """Where the files of one job go: into a bucket of the caller's, or of the service's."""

    def __init__(self, world: World, folder: Place, name: str, own: bool) -> None:
        self._world = world
        self._folder = folder
        self._name = name
        self._own = own

    @classmethod
    def asked(cls, world: World, members: Mapping[str, Any], job: str, default: str = "") -> Folder:
        """As `OutputBucketName` and `OutputKey` say: a key that ends with `.json` is the file, any other a folder."""
        bucket = members.get("OutputBucketName")
        if bucket is None:
            return cls.owned(world, job)
        return cls._given(world, Place(bucket, members.get("OutputKey", default)), job)

    @classmethod
    def located(cls, world: World, location: str | None, job: str, folder: str) -> Folder:
        """As `OutputLocation` says, of call analytics, which has a folder of its own there."""
        where = place(location) if location else None
        if where is None:
            return cls.owned(world, job)
        return cls._given(world, where if where.key.endswith(".json") else where.under(folder), job)

    @classmethod
    def _given(cls, world: World, where: Place, job: str) -> Folder:
        above, _, name = where.key.rpartition("/")
        if name.endswith(".json"):
            return cls(world, Place(where.bucket, above), name.removesuffix(".json"), False)
        return cls(world, Place(where.bucket, where.key.rstrip("/")), job, False)

    @classmethod
    def owned(cls, world: World, job: str, name: str = "asrOutput") -> Folder:
        """In the service's bucket."""
        bucket = f"aws-transcribe-{world.region}-prod"
        key = f"{world.account}/{job}/{world.new_id('transcribe', job)}"
        return cls(world, Place(bucket, key), name, True)

    def write(self, ending: str, data: bytes, content_type: str, before: str = "") -> str:
        """Write a file (`before`, the name, `.ending`); its address."""
        where = self._folder.under(f"{before}{self._name}.{ending}")
        try:
            if self._own:
                self._world.s3.make_bucket(where.bucket)
            self._world.s3.put(where.bucket, where.key, data, content_type)
        except ServiceError:
            raise WorkFailed(UNWRITABLE) from None
        url = where.url(self._world.region)
        return f"{url}?{self._signature(where)}" if self._own else url

    def write_json(self, content: Mapping[str, Any], before: str = "") -> str:
        """Write a JSON file; its address."""
        return self.write("json", json.dumps(content, ensure_ascii=False).encode(), "application/json", before)

    def _signature(self, where: Place) -> str:
        """Looks like the one that AWS signs an address with; nobody checks it."""
        now = self._world.clock.now()
        digest = blake2b(f"{where.uri} {now.isoformat()}".encode(), digest_size=32).hexdigest()
        return (
            f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date={now:%Y%m%dT%H%M%SZ}&X-Amz-SignedHeaders=host"
            f"&X-Amz-Expires={_MINUTES * 60}"
            f"&X-Amz-Credential=MOCK%2F{now:%Y%m%d}%2F{self._world.region}%2Fs3%2Faws4_request&X-Amz-Signature={digest}"
        )
