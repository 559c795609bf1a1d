"""S3 objects, as far as the twelve products, their jobs and boto3's transfers use them.

One interface, two places: `memory_s3` keeps objects in memory, `Remote` asks whatever a boto3 client reaches (MinIO,
real S3). While moto is active in the process, objects are moto's: what a test's own fixtures stage is what jobs read.
"""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from aiservices.api.model import snake
from aiservices.call import Reply
from aiservices.errors import InvalidCallError, ServiceError, TransportError, nearest, service_error

if TYPE_CHECKING:
    from .world import World

OPERATIONS = (
    "AbortMultipartUpload", "CompleteMultipartUpload", "CopyObject", "CreateBucket", "CreateMultipartUpload",
    "DeleteBucket", "DeleteObject", "DeleteObjects", "GetBucketLocation", "GetObject", "HeadBucket", "HeadObject",
    "ListBuckets", "ListObjects", "ListObjectsV2", "ListParts", "PutObject", "UploadPart", "UploadPartCopy",
)  # fmt: skip

Params = Mapping[str, Any]

outside: ContextVar[bool] = ContextVar("aiservices_mocks_outside", default=False)
"""Set while a mock itself speaks to S3 through boto3: the bridge lets those calls pass."""


class Objects(ABC):
    """S3 in Python's words, over `handler`, which answers AWS's operations.

    `objects["bucket/key"]` reads and writes bytes; writing makes the bucket if it is missing.
    """

    @abstractmethod
    def handler(self, operation: str) -> Callable[[Params], Reply]:
        """What answers an operation; an unknown one raises InvalidCallError with the nearest name."""

    @property
    def remote(self) -> bool:
        """Whether boto3 itself reaches them: raw calls of a test need no bridge."""
        return False

    @abstractmethod
    def copy(self, world: World) -> Objects:
        """The same objects for a copy of the world; changes of one are not seen by the other, if they are in memory."""

    def send(self, operation: str, **params: Any) -> Reply:
        """One operation with AWS's names."""
        return self.handler(operation)(params)

    def put(self, bucket: str, key: str, data: bytes, content_type: str = "binary/octet-stream") -> None:
        """Write an object; a bucket that does not exist is S3's error."""
        self.send("PutObject", Bucket=bucket, Key=key, Body=data, ContentType=content_type)

    def get(self, bucket: str, key: str) -> bytes:
        """Read an object; what does not exist is S3's error."""
        body = self.send("GetObject", Bucket=bucket, Key=key)["Body"]
        try:
            return bytes(body.read())
        finally:
            body.close()

    def head(self, bucket: str, key: str) -> Reply:
        """What S3 knows about an object: `ContentLength`, `ETag`, `ContentType` ..."""
        return self.send("HeadObject", Bucket=bucket, Key=key)

    def delete(self, bucket: str, key: str) -> None:
        """Remove an object, if it is there."""
        self.send("DeleteObject", Bucket=bucket, Key=key)

    def keys(self, bucket: str, prefix: str = "") -> list[str]:
        """The keys under a prefix, sorted."""
        return [entry["Key"] for entry in self.entries(bucket, prefix)]

    def entries(self, bucket: str, prefix: str = "") -> list[Mapping[str, Any]]:
        """What a list says of the objects under a prefix, sorted: `Key`, `Size`, `ETag`, `LastModified`."""
        found: list[Mapping[str, Any]] = []
        more: dict[str, Any] = {}
        while True:
            page = self.send("ListObjectsV2", Bucket=bucket, Prefix=prefix, **more)
            found += page.get("Contents", ())
            if not page.get("IsTruncated"):
                return found
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def buckets(self) -> list[str]:
        """The names of the buckets, sorted."""
        return sorted(bucket["Name"] for bucket in self.send("ListBuckets").get("Buckets", ()))

    def make_bucket(self, bucket: str) -> None:
        """Make a bucket, unless it is there."""
        try:
            self.send("HeadBucket", Bucket=bucket)
        except ServiceError as error:
            if error.status != 404:
                raise
            self.send("CreateBucket", Bucket=bucket)

    def __getitem__(self, path: str) -> bytes:
        bucket, key = _split(path)
        try:
            return self.get(bucket, key)
        except ServiceError as error:
            if error.status == 404:
                raise KeyError(path) from error
            raise

    def __setitem__(self, path: str, data: bytes | str) -> None:
        bucket, key = _split(path)
        self.make_bucket(bucket)
        self.put(bucket, key, data.encode("utf-8") if isinstance(data, str) else data)

    def __delitem__(self, path: str) -> None:
        if path not in self:
            raise KeyError(path)
        self.delete(*_split(path))

    def __contains__(self, path: object) -> bool:
        if not isinstance(path, str) or "/" not in path:
            return False
        try:
            self.head(*_split(path))
        except ServiceError as error:
            if error.status == 404:
                return False
            raise
        return True

    def __iter__(self) -> Iterator[str]:
        return (f"{bucket}/{key}" for bucket in self.buckets() for key in self.keys(bucket))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _split(path: str) -> tuple[str, str]:
    bucket, _, key = path.removeprefix("s3://").partition("/")
    if not bucket or not key:
        raise InvalidCallError(f'"{path}" is not a place in S3: say "bucket/key"')
    return bucket, key


class Remote(Objects):
    """Objects behind a boto3 client: what the mock's jobs read and write is what the user's own code sees."""

    def __init__(self, client: Any) -> None:
        self._client = client

    @property
    def remote(self) -> bool:
        """They are."""
        return True

    def copy(self, world: World) -> Remote:
        """The client's objects are what they are: itself."""
        return self

    def handler(self, operation: str) -> Callable[[Params], Reply]:
        """The client's method, with its errors made ours."""
        method = getattr(self._client, snake(operation), None)
        if method is None:
            raise unknown(operation)

        def answer(params: Params) -> Reply:
            from botocore.exceptions import BotoCoreError, ClientError

            token = outside.set(True)
            try:
                return dict(method(**params))
            except ClientError as error:
                raise _translated(operation, error.response) from error
            except BotoCoreError as error:
                raise TransportError(f"s3.{operation}: {error}") from error
            finally:
                outside.reset(token)

        return answer


class BesideMoto(Objects):
    """Objects of the world's own; while moto is active in the process, moto's."""

    def __init__(self, own: Objects, region: str) -> None:
        self.own = own
        self._region = region
        self._motos: Remote | None = None

    @property
    def remote(self) -> bool:
        """While moto is active."""
        return moto_is_active()

    def copy(self, world: World) -> BesideMoto:
        """A copy of the world's own objects."""
        return BesideMoto(self.own.copy(world), self._region)

    def handler(self, operation: str) -> Callable[[Params], Reply]:
        """Of the world's own, or of moto's."""
        return (self._moto() if moto_is_active() else self.own).handler(operation)

    def _moto(self) -> Remote:
        if self._motos is None:
            from boto3.session import Session

            session = Session(aws_access_key_id="testing", aws_secret_access_key="testing", region_name=self._region)
            self._motos = Remote(session.client("s3"))
        return self._motos


def moto_is_active() -> bool:
    """Whether moto answers boto3 in this process; it is not imported to know."""
    models = sys.modules.get("moto.core.models")
    return bool(getattr(getattr(models, "botocore_stubber", None), "enabled", False))


def _translated(operation: str, response: Mapping[str, Any]) -> ServiceError:
    said = response.get("Error", {})
    metadata = response.get("ResponseMetadata", {})
    details = {name: value for name, value in said.items() if name not in ("Code", "Message")}
    return service_error(
        "s3", operation, said.get("Code", "Unknown"), said.get("Message", ""),
        status=metadata.get("HTTPStatusCode"), request_id=metadata.get("RequestId"), details=details,
    )  # fmt: skip


def unknown(operation: str) -> InvalidCallError:
    """The error for an operation that S3 has not, or the mock has not."""
    return InvalidCallError(f'the mock\'s S3 has no operation "{operation}"{nearest(operation, OPERATIONS)}')
