"""Signature Version 4: whether a request was signed with one of our keys, a short time ago, as it is.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import IO, NamedTuple
from urllib.parse import quote, unquote, urlencode

from ..api.wire import Malformed, Request
from ..errors import InvalidCallError

WINDOW = timedelta(minutes=15)
"""How old, and how far ahead of our clock, a signature may be."""
_WEEK = 604_800
_HOUR = 3_600
_ALGORITHM = "AWS4-HMAC-SHA256"
_HEADER = re.compile(
    rf"{_ALGORITHM}\s+Credential=([^,\s]+)\s*,\s*SignedHeaders=([^,\s]+)\s*,\s*Signature=([0-9a-f]{{64}})\s*"
)
_HOSTS = {"host", ":authority"}
"""What the host is called by those who sign it; HTTP/2 has the second, which arrives as the first."""
_EMPTY = sha256(b"").hexdigest()
_PIECE = 1 << 16
_UNSIGNED = "UNSIGNED-PAYLOAD"


def read_keys(path: Path) -> dict[str, str]:
    """Key pairs of a file: a line `access:secret` each; empty lines and lines that begin with # say nothing."""
    keys: dict[str, str] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            access, colon, secret = line.strip().partition(":")
            if not (access and colon and secret):
                raise InvalidCallError(f"{path}, line {number}: a key pair is written access:secret")
            keys[access] = secret
    if not keys:
        raise InvalidCallError(f"{path} has no key pair: write lines access:secret")
    return keys


class Claim(NamedTuple):
    """What a request says of its signature."""

    access: str
    scope: str
    signed: tuple[str, ...]
    signature: str
    moment: str
    expires: int | None
    """Seconds that a presigned request holds; None when the signature stands in a header."""

    @property
    def service(self) -> str:
        """What it is signed for."""
        return self.scope.split("/")[2]


class Keys:
    """Key pairs, and the check of signatures made with them."""

    def __init__(self, secrets: Mapping[str, str], now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._secrets = dict(secrets)
        self._now = now

    def check(self, request: Request, query: str) -> Chunks | None:
        """Raise Malformed with AWS's code unless the request is signed as it must be.

        query: as it stands in the request line. Returns what checks the chunks of the body, when those are signed too.
        """
        claim = _claim(request)
        secret = self._secrets.get(claim.access)
        if secret is None:
            message = "The security token included in the request is invalid."
            raise _refused("UnrecognizedClientException", message, claim.service, s3="InvalidAccessKeyId")
        self._check_time(claim)
        payload = _payload(request, claim)
        key = signing_key(secret, claim.scope)
        if not hmac.compare_digest(_signature(key, request, query, claim, payload), claim.signature):
            message = (
                "The request signature we calculated does not match the signature you provided. "
                "Check your AWS Secret Access Key and signing method."
            )
            raise _refused("InvalidSignatureException", message, claim.service, s3="SignatureDoesNotMatch")
        return Chunks(key, claim) if payload.startswith("STREAMING-AWS4-HMAC-SHA256") else None

    def presigned(self, request: Request, method: str, path: str, region: str) -> str:
        """A path of S3 with a query that lets whoever has it send one request in the next hour.

        request: who sent it signs.
        """
        access, host = _claim(request).access, request.headers["host"]
        moment = f"{self._now():%Y%m%dT%H%M%SZ}"
        scope = f"{moment[:8]}/{region}/s3/aws4_request"
        told = {
            "X-Amz-Algorithm": _ALGORITHM,
            "X-Amz-Credential": f"{access}/{scope}",
            "X-Amz-Date": moment,
            "X-Amz-Expires": str(_HOUR),
            "X-Amz-SignedHeaders": "host",
        }
        query = urlencode(told, quote_via=quote)
        claim = Claim(access, scope, ("host",), "", moment, _HOUR)
        key = signing_key(self._secrets[access], scope)
        asked = Request(method, path, {"host": host})
        return f"{path}?{query}&X-Amz-Signature={_signature(key, asked, query, claim, _UNSIGNED)}"

    def _check_time(self, claim: Claim) -> None:
        try:
            moment = datetime.strptime(claim.moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        except ValueError:
            raise _incomplete("Date must be in ISO-8601 'basic format'", claim.service) from None
        now = self._now()
        if not claim.scope.startswith(f"{claim.moment[:8]}/"):
            raise _incomplete("Date in Credential scope does not match the date of the request", claim.service)
        if claim.expires is not None and now > moment + timedelta(seconds=claim.expires):
            raise _refused("InvalidSignatureException", "Request has expired", claim.service, s3="AccessDenied")
        if moment > now + WINDOW or (claim.expires is None and moment < now - WINDOW):
            when = "expired" if moment < now else "not yet current"
            message = f"Signature {when}: {claim.moment} is more than {WINDOW.seconds // 60} minutes from our time"
            raise _refused("InvalidSignatureException", message, claim.service, s3="RequestTimeTooSkewed")


class Chunks:
    """The signatures of a body's chunks: each is made with the one before it."""

    def __init__(self, key: bytes, claim: Claim) -> None:
        self._key = key
        self._claim = claim
        self._last = claim.signature

    def chunk(self, data: bytes, signature: str) -> None:
        """The next chunk; raises Malformed when it is not signed as it must be."""
        self._check(f"{_ALGORITHM}-PAYLOAD", f"{_EMPTY}\n{_digest(data)}", signature)

    def trailer(self, lines: bytes, signature: str) -> None:
        """What follows the chunks; raises Malformed when it is not signed as it must be."""
        self._check(f"{_ALGORITHM}-TRAILER", _digest(lines), signature)

    def _check(self, kind: str, digest: str, signature: str) -> None:
        made = _signed(self._key, "\n".join((kind, self._claim.moment, self._claim.scope, self._last, digest)))
        if not hmac.compare_digest(made, signature):
            message = "The signature of a chunk of the body does not match"
            raise _refused("InvalidSignatureException", message, self._claim.service, s3="SignatureDoesNotMatch")
        self._last = made


def _claim(request: Request) -> Claim:
    authorization = request.headers.get("authorization", "")
    query = dict(request.query)
    if authorization:
        found = _HEADER.fullmatch(authorization.strip())
        if found is None:
            raise _incomplete("Authorization header needs Credential, SignedHeaders and Signature, as SigV4 has them")
        credential, signed, signature = found.groups()
        moment, expires = request.headers.get("x-amz-date", ""), None
    elif query.get("X-Amz-Algorithm") == _ALGORITHM:
        credential, signed = query.get("X-Amz-Credential", ""), query.get("X-Amz-SignedHeaders", "")
        signature, moment = query.get("X-Amz-Signature", ""), query.get("X-Amz-Date", "")
        told = query.get("X-Amz-Expires", "")
        if not told.isdecimal() or not 1 <= int(told) <= _WEEK:
            raise _incomplete("X-Amz-Expires is a number of seconds, at most a week")
        expires = int(told)
    elif "AWSAccessKeyId" in query:  # Signature Version 2, in which boto3 signs addresses of S3 unless told better
        message = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
        raise Malformed(message, "InvalidRequest")
    else:
        raise Malformed("Missing Authentication Token", "MissingAuthenticationTokenException", 403)
    access, _, scope = credential.partition("/")
    if len(scope.split("/")) != 4 or not scope.endswith("/aws4_request"):
        raise _incomplete("Credential is access-key/date/region/service/aws4_request")
    names = tuple(signed.split(";"))
    if not _HOSTS & set(names):
        raise _incomplete("'Host' must be a 'SignedHeader' in the request", scope.split("/")[2])
    return Claim(access, scope, names, signature, moment, expires)


def _payload(request: Request, claim: Claim) -> str:
    """The hash of the body that the signature holds for; raises Malformed when it is another body's."""
    told = request.headers.get("x-amz-content-sha256", "")
    if claim.expires is not None and claim.service == "s3":
        return told or _UNSIGNED
    if told == _UNSIGNED or told.startswith("STREAMING-"):
        return told
    made = _digest_of(request.body)
    if told and told != made:
        message = "The provided x-amz-content-sha256 header does not match what was computed"
        raise _refused("InvalidSignatureException", message, claim.service, s3="XAmzContentSHA256Mismatch")
    return made


def _signature(key: bytes, request: Request, query: str, claim: Claim, payload: str) -> str:
    canonical = _canonical(request, query, claim, payload)
    return _signed(key, "\n".join((_ALGORITHM, claim.moment, claim.scope, _digest(canonical))))


def _canonical(request: Request, query: str, claim: Claim, payload: str) -> bytes:
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    encoded = sorted((_encoded(name), _encoded(value)) for name, _, value in pairs if name != "X-Amz-Signature")
    sent = request.headers
    values = ((name, sent.get("host" if name in _HOSTS else name, "")) for name in claim.signed)
    headers = "".join(f"{name}:{' '.join(value.split())}\n" for name, value in values)
    told = "&".join(f"{name}={value}" for name, value in encoded)
    path = request.path if claim.service == "s3" else _normal(request.path)
    lines = (request.method, path, told, headers, ";".join(claim.signed), payload)
    return "\n".join(lines).encode("latin-1", "replace")


def _encoded(text: str) -> str:
    return quote(unquote(text), safe="-_.~")


def _normal(path: str) -> str:
    """All services but S3 sign the path without dots and double slashes, and encode it once more."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    whole = "/".join(("", *parts))
    return quote(f"{whole}/" if path.endswith("/") and parts else whole or "/", safe="/~")


def signing_key(secret: str, scope: str) -> bytes:
    """The key for a day, region and service."""
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def _signed(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode("utf-8", "replace"), sha256).hexdigest()


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def _digest_of(body: bytes | IO[bytes]) -> str:
    if isinstance(body, bytes):
        return _digest(body)
    made = sha256()
    while piece := body.read(_PIECE):
        made.update(piece)
    body.seek(0)
    return made.hexdigest()


def _incomplete(message: str, service: str = "") -> Malformed:
    return _refused("IncompleteSignatureException", message, service, s3="AuthorizationHeaderMalformed", status=400)


def _refused(code: str, message: str, service: str, *, s3: str, status: int = 403) -> Malformed:
    return Malformed(message, s3 if service == "s3" else code, status)
