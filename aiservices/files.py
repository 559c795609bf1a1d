"""Files on their way to and from a service: local ones are put into S3, results are fetched from S3 or a link.

Everything goes through the caller, so on a mock the files are the mock's own.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

from .caller import Caller
from .errors import InvalidCallError, ServiceError, TransportError, service_error

MOST_BYTES = 2 * 1024**3
"""The largest result that is fetched; a media file of Transcribe may have as much."""

_CHUNK = 1 << 20
_LONGEST_PATH = 260
_PREFIX = "aiservices"


class Readable(Protocol):
    """A file object."""

    def read(self) -> Any:
        """All of it, bytes or str."""
        ...


@dataclass(frozen=True, slots=True)
class Staged:
    """Where a file stands in S3."""

    bucket: str
    key: str

    @property
    def uri(self) -> str:
        """`s3://bucket/key`."""
        return f"s3://{self.bucket}/{self.key}"

    @property
    def s3_object(self) -> Mapping[str, str]:
        """As Textract and Rekognition take it."""
        return {"Bucket": self.bucket, "Name": self.key}


def is_s3(source: object) -> bool:
    """Whether a source names an object in S3."""
    return isinstance(source, str) and source.startswith("s3://")


def parse(uri: str) -> Staged:
    """The place that `s3://bucket/key` names."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    if not uri.startswith("s3://") or not bucket or not key:
        raise InvalidCallError(f"{_shown(uri)} names no object in S3; it looks like s3://bucket/key")
    return Staged(bucket, key)


def read(source: str | os.PathLike[str] | bytes | bytearray | memoryview | Readable) -> bytes:
    """The bytes of a local file, of a file object, or the bytes themselves."""
    if isinstance(source, bytes | bytearray | memoryview):
        return bytes(source)
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        try:
            if path.is_file():
                return path.read_bytes()
        except OSError as error:  # its own text has the whole path
            raise InvalidCallError(f"the file {_shown(source)} cannot be read: {error.strerror}") from None
        if is_folder(source):
            raise InvalidCallError(f"{_shown(source)} is a folder, and one file is asked for")
        hint = "links are not fetched, give" if str(source).startswith(("https://", "http://")) else "give"
        raise InvalidCallError(
            f"there is no file {_shown(source)}; {hint} a path, bytes, a file object or s3://bucket/key"
        )
    if hasattr(source, "read"):
        data = source.read()
        if isinstance(data, bytes | bytearray | memoryview):
            return bytes(data)
        raise InvalidCallError("the file object gives text: open it in binary mode ('rb')")
    raise InvalidCallError(
        f"a {type(source).__name__} is no file: give a path, bytes, a file object or s3://bucket/key"
    )


def is_folder(source: str | os.PathLike[str]) -> bool:
    """Whether a path names a folder; what cannot be a path names none."""
    try:
        return Path(source).is_dir()
    except (OSError, ValueError):
        return False


def _shown(source: str | os.PathLike[str]) -> str:
    """A path for a message; of what is rather a document's text, given as a path by mistake, the length."""
    text = os.fspath(source)
    return repr(text) if len(text) <= _LONGEST_PATH and text.isprintable() else f"of {len(text):,} characters"


def stage(
    caller: Caller, source: str | os.PathLike[str] | bytes | Readable, *, product: str, suffix: str = ""
) -> Staged:
    """Where the source stands in S3; a local file or bytes are put there first.

    The key follows from the content, so the same file staged twice takes the room of one.
    Raises InvalidCallError on AWS when no bucket is set.
    """
    if is_s3(source):
        return parse(str(source))
    data = read(source)
    if not suffix and isinstance(source, str | os.PathLike):
        suffix = Path(source).suffix.lower()
    place = Staged(caller.staging_bucket(), f"{_PREFIX}/{product}/{sha256(data).hexdigest()[:32]}{suffix}")
    caller.send("s3", "PutObject", {"Bucket": place.bucket, "Key": place.key, "Body": data})
    return place


def fetch(caller: Caller, uri: str, *, most: int = MOST_BYTES) -> bytes:
    """The bytes at `s3://bucket/key` or behind an https link that a service gave.

    most: bytes; a longer answer is given up. A link is waited for as `Settings.timeout` says.
    Raises NotFoundError, AccessDeniedError and the like as S3 means them, TransportError when nothing readable came.
    """
    if is_s3(uri):
        place = parse(uri)
        body = caller.send("s3", "GetObject", {"Bucket": place.bucket, "Key": place.key})["Body"]
        try:
            return _bounded(body, most)
        finally:
            body.close()
    if uri.startswith(("https://", "http://")):
        return _download(uri, caller.settings.timeout, caller.settings.connect_timeout, most)
    raise InvalidCallError("this is neither s3://bucket/key nor an https link")


def _bounded(body: Any, most: int) -> bytes:
    out = BytesIO()
    while chunk := body.read(_CHUNK):
        out.write(chunk)
        if out.tell() > most:
            raise TransportError(f"the object is longer than {most:,} bytes and was given up")
    return out.getvalue()


def _download(url: str, timeout: float, connect: float, most: int) -> bytes:
    import httpx

    out = BytesIO()
    try:
        with httpx.stream(
            "GET", url, timeout=httpx.Timeout(timeout, connect=connect), follow_redirects=True
        ) as response:
            if response.status_code >= 300:
                raise _refused(response)
            for chunk in response.iter_bytes(_CHUNK):
                out.write(chunk)
                if out.tell() > most:
                    raise TransportError(f"the file behind the link is longer than {most:,} bytes and was given up")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        # The link carries a signature: it does not go into the message.
        raise TransportError(f"the result could not be fetched from its link: {type(error).__name__}") from None
    return out.getvalue()


def _refused(response: Any) -> ServiceError:
    """S3's error in XML, as far as it can be read."""
    import re

    text = response.read()[:4096].decode("utf-8", "replace")
    code = re.search(r"<Code>(\w+)</Code>", text)
    message = re.search(r"<Message>([^<]*)</Message>", text)
    return service_error(
        "s3", "GetObject", code.group(1) if code else f"HTTP{response.status_code}",
        message.group(1) if message else "the link was refused", status=response.status_code,
    )  # fmt: skip
