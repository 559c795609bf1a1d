"""The objects of a world in a folder: buckets, and what is in them with its headers; uploads that have not ended.

Of objects behind a boto3 client are not kept: versions, tags, access control, and uploads that have not ended.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from aiservices.errors import ServiceError

from .memory_s3 import HEADERS, Bucket, MemoryObjects, Stored, Upload
from .s3 import BesideMoto, Objects
from .state_values import from_json, to_json

if TYPE_CHECKING:
    from .state_folder import Folder
    from .world import World

Entry = dict[str, Any]
"""What the list of objects says of one: `bucket`, `key`, `piece`, `etag`, `size`, and its headers."""


_STEADY = timedelta(seconds=5)
"""How much older than the save that read it an object is whose next change shows: S3 tells its time in seconds."""


class Shelved:
    """Objects in a folder. Of those behind a client only what may have changed since the last save is asked for."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._known: dict[tuple[str, str], Entry] = {}
        self._read_at = datetime(1970, 1, 1, tzinfo=UTC)

    def save(self, objects: Objects, remote: bool) -> str | None:
        """Keep objects; the piece that lists them. None: they lie behind a client, and are left there."""
        if isinstance(objects, BesideMoto):
            objects = objects.own
        if isinstance(objects, MemoryObjects):
            return self._list(self._memory(objects))
        return self._list(self._remote(objects)) if remote else None

    def load(self, piece: str | None, world: World) -> None:
        """Put the objects that are kept into a world, in memory or behind its client."""
        if piece is None:
            return
        lines = [json.loads(line) for line in self._folder.get(piece).splitlines()]
        told = from_json(lines, self._folder.get)
        objects = world.s3
        if isinstance(objects, BesideMoto):
            objects = objects.own
        if isinstance(objects, MemoryObjects):
            self._to_memory(told, objects)
        else:
            self._to_remote(told, objects)

    def _list(self, lines: Iterator[Mapping[str, Any]]) -> str:
        text = "\n".join(json.dumps(to_json(line, self._folder.put)) for line in lines)
        return self._folder.put(text.encode())

    # In memory

    def _memory(self, objects: MemoryObjects) -> Iterator[Mapping[str, Any]]:
        buckets, uploads = objects.shelves()
        for name, bucket in buckets.items():
            yield {"bucket": name, "created": bucket.created}
            for key, stored in bucket.objects.items():
                yield {"bucket": name, "key": key, **self._stored(stored)}
        for id, upload in uploads.items():
            parts = {str(number): self._stored(part) for number, part in upload.parts.items()}
            place = {"bucket": upload.bucket, "key": upload.key, "headers": upload.headers}
            yield {"upload": id, **place, "parts": parts}

    def _stored(self, stored: Stored) -> Entry:
        return {
            "piece": self._folder.put(stored.data), "etag": stored.etag, "size": len(stored.data),
            "modified": stored.modified, "headers": stored.headers,
        }  # fmt: skip

    def _to_memory(self, told: list[Entry], objects: MemoryObjects) -> None:
        buckets: dict[str, Bucket] = {}
        uploads: dict[str, Upload] = {}
        for entry in told:
            if "upload" in entry:
                parts = {int(number): self._from(part) for number, part in entry["parts"].items()}
                uploads[entry["upload"]] = Upload(entry["bucket"], entry["key"], entry["headers"], parts)
            elif "key" in entry:
                buckets[entry["bucket"]].objects[entry["key"]] = self._from(entry)
            else:
                buckets[entry["bucket"]] = Bucket(entry["created"])
        objects.fill(buckets, uploads)

    def _from(self, entry: Entry) -> Stored:
        return Stored(self._folder.get(entry["piece"]), entry["etag"], entry["modified"], entry["headers"])

    # Behind a client

    def _remote(self, objects: Objects) -> Iterator[Mapping[str, Any]]:
        known, self._known = self._known, {}
        before, self._read_at = self._read_at - _STEADY, datetime.now(UTC)
        for told in objects.send("ListBuckets").get("Buckets", ()):
            name = told["Name"]
            place = objects.send("GetBucketLocation", Bucket=name).get("LocationConstraint")
            yield {"bucket": name, "created": told["CreationDate"], "place": place}
            for listed in objects.entries(name):
                key, entry = listed["Key"], known.get((name, listed["Key"]))
                if entry is not None and entry["modified"] == listed["LastModified"] < before and _same(entry, listed):
                    self._folder.hold(entry["piece"])
                else:
                    try:
                        entry = self._read(objects, name, key, entry)
                    except ServiceError as error:
                        if error.status == 404:  # deleted since it was listed
                            continue
                        raise
                self._known[name, key] = entry
                yield entry

    def _read(self, objects: Objects, bucket: str, key: str, known: Entry | None) -> Entry:
        """What an object is now; its bytes are not asked for if they are known."""
        head = objects.head(bucket, key)
        if known is not None and _same(known, {**head, "Size": head["ContentLength"]}):
            self._folder.hold(known["piece"])
            piece, size = known["piece"], known["size"]
        else:
            head = objects.send("GetObject", Bucket=bucket, Key=key)
            try:
                piece, size = self._folder.put_stream(head["Body"])
            finally:
                head["Body"].close()
        headers = {name: head[name] for name in HEADERS if name in head}
        told = {"piece": piece, "etag": head["ETag"], "size": size, "modified": head["LastModified"]}
        return {"bucket": bucket, "key": key, **told, "headers": headers}

    def _to_remote(self, told: list[Entry], objects: Objects) -> None:
        for entry in told:
            if "piece" in entry:
                self._folder.get(entry["piece"])  # nothing is put anywhere unless all of it can be
        there = set(objects.buckets())
        for entry in told:
            if "upload" in entry:
                continue
            name = entry["bucket"]
            if "key" in entry:
                body = BytesIO(self._folder.get(entry["piece"]))
                reply = objects.send("PutObject", Bucket=name, Key=entry["key"], Body=body, **entry["headers"])
                self._known[name, entry["key"]] = {**entry, "etag": reply["ETag"]}
            elif name not in there:
                place = entry.get("place")
                where = {"CreateBucketConfiguration": {"LocationConstraint": place}} if place else {}
                objects.send("CreateBucket", Bucket=name, **where)


def _same(known: Entry, told: Mapping[str, Any]) -> bool:
    """Whether an object has the bytes that it had."""
    return (known["etag"], known["size"]) == (told["ETag"], told["Size"])
