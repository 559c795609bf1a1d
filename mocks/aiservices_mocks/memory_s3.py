"""S3 objects in memory: what the products, their jobs and boto3's transfers use.

Not kept: versions, access control, encryption, storage classes, tags, conditional deletes.
Source: https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html and its list of error responses.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import blake2b, md5
from itertools import islice
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import unquote

from aiservices.api.model import snake
from aiservices.call import Reply, Stream
from aiservices.errors import InvalidCallError, service_error

from .s3 import OPERATIONS, Objects, unknown

if TYPE_CHECKING:
    from .world import World

Params = Mapping[str, Any]

LEAST_PART = 5 * 1024**2
"""Bytes; every part of an upload but the last has at least so many.
Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html"""
MOST_BYTES = 5 * 1024**3
"""Bytes of one PutObject, part or copy. Same source."""
MOST_PARTS = 10_000

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
HEADERS = (
    "CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType", "Expires", "Metadata",
)  # fmt: skip
"""What is kept of an object besides its bytes, by the names of its members."""
_MALFORMED = "The XML you provided was not well-formed or did not validate against our published schema"


@dataclass(slots=True)
class Stored:
    """One object, or one part of an upload."""

    data: bytes
    etag: str
    modified: datetime
    headers: dict[str, Any]
    """ContentType, Metadata and the like, as they were put."""


@dataclass(slots=True)
class Upload:
    """A multipart upload that has not ended."""

    bucket: str
    key: str
    headers: dict[str, Any]
    parts: dict[int, Stored] = field(default_factory=dict)


@dataclass(slots=True)
class Bucket:
    """One bucket."""

    created: datetime
    objects: dict[str, Stored] = field(default_factory=dict)


class MemoryObjects(Objects):
    """Objects in memory. The method of an operation is its name in snake case behind an underscore."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._buckets: dict[str, Bucket] = {}
        self._uploads: dict[str, Upload] = {}
        self._lock = threading.RLock()

    def copy(self, world: World) -> MemoryObjects:
        """The same buckets, objects and uploads for another world; what is stored is never changed and so shared."""
        other = MemoryObjects(world)
        other.fill(*self.shelves())
        return other

    def shelves(self) -> tuple[dict[str, Bucket], dict[str, Upload]]:
        """The buckets by name and the uploads by id, in containers of their own."""
        with self._lock:
            uploads = {id: replace(u, parts=dict(u.parts)) for id, u in self._uploads.items()}
            return {name: replace(b, objects=dict(b.objects)) for name, b in self._buckets.items()}, uploads

    def fill(self, buckets: dict[str, Bucket], uploads: dict[str, Upload]) -> None:
        """Keep these in the place of all that there were."""
        with self._lock:
            self._buckets, self._uploads = buckets, uploads

    def handler(self, operation: str) -> Callable[[Params], Reply]:
        """The method of an operation, under the lock."""
        if operation not in OPERATIONS:
            raise unknown(operation)
        method: Callable[[Params], Reply] = getattr(self, "_" + snake(operation))

        def answer(params: Params) -> Reply:
            request = {name: value for name, value in params.items() if value is not None}
            for name in _REQUIRED[operation]:
                if name not in request:
                    raise InvalidCallError(f"s3.{operation} needs {name}")
            if "Body" in request:
                request["Body"] = _bytes(request["Body"])
            with self._lock:
                return method(request)

        return answer

    # Buckets

    def _create_bucket(self, params: Params) -> Reply:
        name = params["Bucket"]
        if not _BUCKET.fullmatch(name) or ".." in name:
            _fail("CreateBucket", "InvalidBucketName", "The specified bucket is not valid.", 400, BucketName=name)
        # us-east-1 answers a repeated request with success; every other region refuses it
        if name in self._buckets and self._world.region != "us-east-1":
            said = "Your previous request to create the named bucket succeeded and you already own it."
            _fail("CreateBucket", "BucketAlreadyOwnedByYou", said, 409, BucketName=name)
        self._buckets.setdefault(name, Bucket(self._now()))
        return {"Location": f"/{name}"}

    def _head_bucket(self, params: Params) -> Reply:
        if params["Bucket"] not in self._buckets:
            _fail("HeadBucket", "404", "Not Found", 404)
        return {"BucketRegion": self._world.region, "AccessPointAlias": False}

    def _delete_bucket(self, params: Params) -> Reply:
        if self._bucket("DeleteBucket", params).objects:
            said = "The bucket you tried to delete is not empty"
            _fail("DeleteBucket", "BucketNotEmpty", said, 409, BucketName=params["Bucket"])
        del self._buckets[params["Bucket"]]
        return _with_status({}, 204)

    def _list_buckets(self, params: Params) -> Reply:
        buckets = [{"Name": name, "CreationDate": self._buckets[name].created} for name in sorted(self._buckets)]
        return {"Buckets": buckets, "Owner": {"ID": self._world.account}}

    def _get_bucket_location(self, params: Params) -> Reply:
        self._bucket("GetBucketLocation", params)
        region = self._world.region
        return {"LocationConstraint": None if region == "us-east-1" else region}

    # Objects

    def _put_object(self, params: Params) -> Reply:
        objects = self._bucket("PutObject", params).objects
        _check_write("PutObject", params, objects.get(params["Key"]))
        stored = self._stored("PutObject", params.get("Body", b""), _headers(params))
        objects[params["Key"]] = stored
        return {"ETag": stored.etag}

    def _get_object(self, params: Params) -> Reply:
        stored = self._object("GetObject", params["Bucket"], params["Key"])
        _check_read("GetObject", params, stored)
        span = _span("GetObject", params.get("Range"), len(stored.data))
        return _described(stored, span) | {"Body": Stream(stored.data[slice(*span)] if span else stored.data)}

    def _head_object(self, params: Params) -> Reply:
        bucket = self._buckets.get(params["Bucket"])
        stored = bucket.objects.get(params["Key"]) if bucket else None
        if stored is None:
            _fail("HeadObject", "404", "Not Found", 404)
        _check_read("HeadObject", params, stored)
        return _described(stored, _span("HeadObject", params.get("Range"), len(stored.data)))

    def _copy_object(self, params: Params) -> Reply:
        source = self._source("CopyObject", params)
        bucket = self._bucket("CopyObject", params)
        replace = params.get("MetadataDirective") == "REPLACE"
        stored = self._stored("CopyObject", source.data, _headers(params) if replace else dict(source.headers))
        bucket.objects[params["Key"]] = stored
        return {"CopyObjectResult": {"ETag": stored.etag, "LastModified": stored.modified}}

    def _delete_object(self, params: Params) -> Reply:
        self._bucket("DeleteObject", params).objects.pop(params["Key"], None)
        return _with_status({}, 204)

    def _delete_objects(self, params: Params) -> Reply:
        objects = self._bucket("DeleteObjects", params).objects
        keys = [entry["Key"] for entry in params["Delete"]["Objects"]]
        if not 1 <= len(keys) <= 1000:
            _fail("DeleteObjects", "MalformedXML", _MALFORMED, 400)
        for key in keys:
            objects.pop(key, None)
        return {} if params["Delete"].get("Quiet") else {"Deleted": [{"Key": key} for key in keys]}

    def _list_objects_v2(self, params: Params) -> Reply:
        mark = "\n".join((params["Bucket"], params.get("Prefix", ""), params.get("Delimiter", "")))
        after = _read_token(params["ContinuationToken"], mark) if "ContinuationToken" in params else ""
        reply, last = self._listed("ListObjectsV2", params, after)
        reply["KeyCount"] = len(reply.get("Contents", ())) + len(reply.get("CommonPrefixes", ()))
        reply |= {name: params[name] for name in ("StartAfter", "ContinuationToken") if params.get(name)}
        return reply | ({"NextContinuationToken": _write_token(last, mark)} if reply["IsTruncated"] else {})

    def _list_objects(self, params: Params) -> Reply:
        marker = params.get("Marker", "")
        reply, last = self._listed("ListObjects", params, marker)
        # without a delimiter S3 names no next marker: the last key is it
        named = reply["IsTruncated"] and "Delimiter" in reply
        return reply | {"Marker": marker} | ({"NextMarker": last} if named else {})

    def _listed(self, operation: str, params: Params, after: str) -> tuple[Reply, str]:
        """One page of keys and folders behind a name, and the last name on it."""
        objects = self._bucket(operation, params).objects
        prefix, delimiter = params.get("Prefix", ""), params.get("Delimiter", "")
        size = max(0, min(int(params.get("MaxKeys", 1000)), 1000))
        keys = sorted(key for key in objects if key.startswith(prefix) and key > params.get("StartAfter", ""))
        found = list(islice(_rolled_up(keys, prefix, delimiter, after), size + 1))
        page, more = found[:size], bool(size) and len(found) > size
        reply: Reply = {"Name": params["Bucket"], "Prefix": prefix, "MaxKeys": size, "IsTruncated": more}
        if contents := [_entry(name, objects[name]) for name, folder in page if not folder]:
            reply["Contents"] = contents
        if folders := [{"Prefix": name} for name, folder in page if folder]:
            reply["CommonPrefixes"] = folders
        if delimiter:
            reply["Delimiter"] = delimiter
        return reply, page[-1][0] if page else ""

    # Uploads in parts

    def _create_multipart_upload(self, params: Params) -> Reply:
        self._bucket("CreateMultipartUpload", params)
        upload_id = self._world.new_id().replace("-", "")
        self._uploads[upload_id] = Upload(params["Bucket"], params["Key"], _headers(params))
        return {"Bucket": params["Bucket"], "Key": params["Key"], "UploadId": upload_id}

    def _upload_part(self, params: Params) -> Reply:
        stored = self._add_part("UploadPart", params, params.get("Body", b""))
        return {"ETag": stored.etag}

    def _upload_part_copy(self, params: Params) -> Reply:
        data = self._source("UploadPartCopy", params).data
        span = _span("UploadPartCopy", params.get("CopySourceRange"), len(data))
        stored = self._add_part("UploadPartCopy", params, data[slice(*span)] if span else data)
        return {"CopyPartResult": {"ETag": stored.etag, "LastModified": stored.modified}}

    def _add_part(self, operation: str, params: Params, data: bytes) -> Stored:
        upload = self._upload(operation, params)
        number = int(params["PartNumber"])
        if not 1 <= number <= MOST_PARTS:
            said = "Part number must be an integer between 1 and 10000, inclusive"
            _fail(operation, "InvalidArgument", said, 400, ArgumentName="partNumber", ArgumentValue=str(number))
        stored = self._stored(operation, data, {})
        upload.parts[number] = stored
        return stored

    def _list_parts(self, params: Params) -> Reply:
        upload = self._upload("ListParts", params)
        size = min(int(params.get("MaxParts", 1000)), 1000)
        numbers = sorted(number for number in upload.parts if number > int(params.get("PartNumberMarker", 0)))
        parts = [
            {"PartNumber": number, "ETag": part.etag, "Size": len(part.data), "LastModified": part.modified}
            for number, part in ((number, upload.parts[number]) for number in numbers[:size])
        ]
        reply = {name: params[name] for name in ("Bucket", "Key", "UploadId")}
        reply |= {"MaxParts": size, "IsTruncated": len(numbers) > size, "Parts": parts}
        return reply | ({"NextPartNumberMarker": numbers[size - 1]} if len(numbers) > size > 0 else {})

    def _complete_multipart_upload(self, params: Params) -> Reply:
        operation = "CompleteMultipartUpload"
        upload = self._upload(operation, params)
        bucket = self._bucket(operation, params)
        asked = params.get("MultipartUpload", {}).get("Parts", ())
        if not asked:
            _fail(operation, "MalformedXML", _MALFORMED, 400)
        parts = [_checked_part(upload, entry) for entry in asked]
        numbers = [entry["PartNumber"] for entry in asked]
        if numbers != sorted(set(numbers)):
            said = "The list of parts was not in ascending order. Parts must be ordered by part number."
            _fail(operation, "InvalidPartOrder", said, 400)
        for number, part in zip(numbers[:-1], parts, strict=False):
            if len(part.data) < LEAST_PART:
                said = "Your proposed upload is smaller than the minimum allowed size"
                facts = {"ProposedSize": len(part.data), "MinSizeAllowed": LEAST_PART, "PartNumber": number}
                _fail(operation, "EntityTooSmall", said, 400, ETag=part.etag.strip('"'), **facts)
        _check_write(operation, params, bucket.objects.get(upload.key))
        digests = b"".join(bytes.fromhex(part.etag.strip('"')) for part in parts)
        etag = f'"{md5(digests, usedforsecurity=False).hexdigest()}-{len(parts)}"'
        data = b"".join(part.data for part in parts)
        bucket.objects[upload.key] = Stored(data, etag, self._now(), upload.headers)
        del self._uploads[params["UploadId"]]
        return {"Location": f"/{upload.bucket}/{upload.key}", "Bucket": upload.bucket, "Key": upload.key, "ETag": etag}

    def _abort_multipart_upload(self, params: Params) -> Reply:
        self._upload("AbortMultipartUpload", params)
        del self._uploads[params["UploadId"]]
        return _with_status({}, 204)

    # Look-ups

    def _bucket(self, operation: str, params: Params) -> Bucket:
        name = params["Bucket"]
        if name not in self._buckets:
            _fail(operation, "NoSuchBucket", "The specified bucket does not exist", 404, BucketName=name)
        return self._buckets[name]

    def _object(self, operation: str, bucket: str, key: str) -> Stored:
        objects = self._bucket(operation, {"Bucket": bucket}).objects
        if key not in objects:
            _fail(operation, "NoSuchKey", "The specified key does not exist.", 404, Key=key)
        return objects[key]

    def _source(self, operation: str, params: Params) -> Stored:
        source = params["CopySource"]
        if isinstance(source, str):
            bucket, _, key = unquote(source.partition("?versionId=")[0]).removeprefix("/").partition("/")
        else:
            bucket, key = source["Bucket"], source["Key"]
        return self._object(operation, bucket, key)

    def _upload(self, operation: str, params: Params) -> Upload:
        upload = self._uploads.get(params["UploadId"])
        if upload is None or (upload.bucket, upload.key) != (params["Bucket"], params["Key"]):
            said = (
                "The specified upload does not exist. The upload ID may be invalid, or the upload may have been "
                "aborted or completed."
            )
            _fail(operation, "NoSuchUpload", said, 404, UploadId=params["UploadId"])
        return upload

    def _stored(self, operation: str, data: bytes, headers: dict[str, Any]) -> Stored:
        if len(data) > MOST_BYTES:
            said = "Your proposed upload exceeds the maximum allowed size"
            _fail(operation, "EntityTooLarge", said, 400, ProposedSize=len(data), MaxSizeAllowed=MOST_BYTES)
        return Stored(data, f'"{md5(data, usedforsecurity=False).hexdigest()}"', self._now(), headers)

    def _now(self) -> datetime:
        return self._world.clock.now().replace(microsecond=0)


_OBJECT = ("Bucket", "Key")
_PART = (*_OBJECT, "UploadId")
_REQUIRED: Mapping[str, tuple[str, ...]] = dict.fromkeys(OPERATIONS, ("Bucket",)) | {
    "ListBuckets": (),
    "DeleteObjects": ("Bucket", "Delete"),
    **dict.fromkeys(("PutObject", "GetObject", "HeadObject", "DeleteObject", "CreateMultipartUpload"), _OBJECT),
    "CopyObject": (*_OBJECT, "CopySource"),
    "UploadPart": (*_PART, "PartNumber"),
    "UploadPartCopy": (*_PART, "PartNumber", "CopySource"),
    **dict.fromkeys(("CompleteMultipartUpload", "AbortMultipartUpload", "ListParts"), _PART),
}


def _fail(operation: str, code: str, message: str, status: int, **details: Any) -> NoReturn:
    raise service_error("s3", operation, code, message, status=status, details=details)


def _with_status(reply: Reply, status: int) -> Reply:
    return reply | {"ResponseMetadata": {"HTTPStatusCode": status}}


def _bytes(body: Any) -> bytes:
    if isinstance(body, str):
        return body.encode("utf-8")
    if isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body)
    if hasattr(body, "read"):
        return _bytes(body.read())
    return b"".join(body)


def _headers(params: Params) -> dict[str, Any]:
    headers = {name: params[name] for name in HEADERS if name in params}
    headers.setdefault("ContentType", "binary/octet-stream")
    headers["Metadata"] = {key.lower(): value for key, value in headers.get("Metadata", {}).items()}
    return headers


def _described(stored: Stored, span: tuple[int, int] | None) -> Reply:
    begin, end = span or (0, len(stored.data))
    reply: Reply = {
        "AcceptRanges": "bytes", "LastModified": stored.modified, "ContentLength": end - begin, "ETag": stored.etag,
        **stored.headers,
    }  # fmt: skip
    if span is None:
        return reply
    return _with_status(reply | {"ContentRange": f"bytes {begin}-{end - 1}/{len(stored.data)}"}, 206)


def _span(operation: str, asked: str | None, size: int) -> tuple[int, int] | None:
    """First and one past the last byte of a `Range`; None for the whole. A range that is not one is ignored."""
    found = _RANGE.fullmatch(asked or "")
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    begin = int(first) if first else max(size - int(last), 0)
    end = min(int(last) + 1, size) if first and last else size
    if first and last and int(last) < int(first):
        return None
    if begin >= size:
        said = "The requested range is not satisfiable"
        _fail(operation, "InvalidRange", said, 416, ActualObjectSize=str(size), RangeRequested=asked)
    return begin, end


def _check_read(operation: str, params: Params, stored: Stored) -> None:
    """The conditions of a read, in the order HTTP gives them (RFC 9110, 13.2.2)."""
    if "IfMatch" in params:
        if not _same(params["IfMatch"], stored):
            _refuse(operation, "If-Match")
    elif "IfUnmodifiedSince" in params and stored.modified > _aware(params["IfUnmodifiedSince"]):
        _refuse(operation, "If-Unmodified-Since")
    if "IfNoneMatch" in params:
        unchanged = _same(params["IfNoneMatch"], stored)
    else:
        unchanged = "IfModifiedSince" in params and stored.modified <= _aware(params["IfModifiedSince"])
    if unchanged:
        _fail(operation, "304", "Not Modified", 304)


def _check_write(operation: str, params: Params, stored: Stored | None) -> None:
    if "IfNoneMatch" in params and stored is not None:
        _refuse(operation, "If-None-Match")
    if "IfMatch" in params:
        if stored is None:
            _fail(operation, "NoSuchKey", "The specified key does not exist.", 404, Key=params["Key"])
        if not _same(params["IfMatch"], stored):
            _refuse(operation, "If-Match")


def _same(tags: str, stored: Stored) -> bool:
    wanted = {tag.strip().strip('"') for tag in tags.split(",")}
    return "*" in wanted or stored.etag.strip('"') in wanted


def _refuse(operation: str, condition: str) -> NoReturn:
    said = "At least one of the pre-conditions you specified did not hold"
    _fail(operation, "PreconditionFailed", said, 412, Condition=condition)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _checked_part(upload: Upload, entry: Params) -> Stored:
    part = upload.parts.get(entry["PartNumber"])
    if part is None or part.etag.strip('"') != entry.get("ETag", "").strip('"'):
        said = (
            "One or more of the specified parts could not be found.  The part may not have been uploaded, or the "
            "specified entity tag may not match the part's entity tag."
        )
        _fail("CompleteMultipartUpload", "InvalidPart", said, 400, PartNumber=entry["PartNumber"])
    return part


def _entry(key: str, stored: Stored) -> dict[str, Any]:
    return {
        "Key": key, "LastModified": stored.modified, "ETag": stored.etag, "Size": len(stored.data),
        "StorageClass": "STANDARD",
    }  # fmt: skip


def _rolled_up(keys: Iterable[str], prefix: str, delimiter: str, after: str) -> Iterator[tuple[str, bool]]:
    """Sorted keys after a place, those that share a folder as that folder, once; and whether it is a folder."""
    last = after
    for key in keys:
        cut = key.find(delimiter, len(prefix)) if delimiter else -1
        name = key if cut < 0 else key[: cut + len(delimiter)]
        if name > last:
            yield name, cut >= 0
            last = name


def _write_token(name: str, mark: str) -> str:
    place = name.encode("utf-8").hex()
    return blake2b(f"{mark}\n{place}".encode(), digest_size=12).hexdigest() + place


def _read_token(token: str, mark: str) -> str:
    try:
        name = bytes.fromhex(token[24:]).decode("utf-8")
    except ValueError:
        name = ""
    if not name or _write_token(name, mark) != token:
        said = "The continuation token provided is incorrect"
        _fail("ListObjectsV2", "InvalidArgument", said, 400, ArgumentName="continuation-token")
    return name
