"""Where something lies in S3, in the forms in which AWS's services take it."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

_SCHEME = re.compile(r"(?i)(s3|https?)://(.*)\Z", re.DOTALL)
_ENDPOINT = re.compile(r"s3(?:[.-](?:dualstack|fips|external-1|[a-z]{2}(?:-[a-z]+)+-\d))*\.amazonaws\.com(?:\.cn)?\Z")


class Place(NamedTuple):
    """An object, or what begins with a prefix: an empty key is the whole bucket."""

    bucket: str
    key: str

    @property
    def uri(self) -> str:
        """As `s3://bucket/key`."""
        return f"s3://{self.bucket}/{self.key}"

    def under(self, name: str) -> Place:
        """What is called `name` in the folder that this place is."""
        folder = f"{self.key.rstrip('/')}/" if self.key else ""
        return Place(self.bucket, folder + name)

    def url(self, region: str) -> str:
        """As `https://s3.region.amazonaws.com/bucket/key`."""
        return f"https://s3.{region}.amazonaws.com/{self.bucket}/{self.key}"


def place(uri: str) -> Place | None:
    """The place that a URI names: `s3://bucket/key`, or a path-style or virtual-hosted URL of S3; else None.

    In URLs `%20` is a space; in an `s3://` URI every sign stands for itself.
    """
    found = _SCHEME.match(uri)
    if found is None:
        return None
    host, _, path = found[2].partition("/")
    if found[1].lower() == "s3":
        return Place(host, path) if host else None
    path = unquote(path.partition("?")[0])
    if _ENDPOINT.match(host):
        host, _, path = path.partition("/")
        return Place(host, path) if host else None
    bucket, dot, rest = host.partition(".s3")
    return Place(bucket, path) if dot and bucket and _ENDPOINT.match("s3" + rest) else None
