"""What is not ours (S3, STS, IAM, KMS ...) is answered by moto, in the same process and at the same port."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable
from functools import cache, cached_property
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from ..api.wire import Malformed, Request, Response

_FORM = "application/x-www-form-urlencoded"


class Moto:
    """moto's server as a function of requests. It is imported at the first one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    @cached_property
    def _app(self) -> Callable[..., Iterable[bytes]]:
        served = import_module("moto.moto_server.werkzeug_app")
        app: Callable[..., Iterable[bytes]] = served.DomainDispatcherApplication(served.create_backend_app)
        return app

    def answer(self, request: Request, query: str) -> Response:
        """What moto says; raises Malformed when it cannot."""
        with self._lock:
            app = self._app
        told: list[Any] = []
        try:
            pieces = app(_environ(request, query), lambda status, headers, problem=None: told.extend((status, headers)))
            body = b"".join(pieces)
        except Exception as error:
            message = f"moto, which answers this service, could not: {type(error).__name__}"
            code = "NotImplemented" if isinstance(error, NotImplementedError) else "InvalidRequest"
            raise Malformed(message, code) from error
        close = getattr(pieces, "close", None)
        if close is not None:
            close()
        return Response(int(told[0].split()[0]), dict(told[1]), body)

    def account(self, access_key: str) -> str | None:
        """The account that a key belongs to in moto; None when that is the usual one."""
        models = sys.modules.get("moto.iam.models")  # not imported as long as nobody could have made a key
        return str(models.get_account_id_from(access_key)) if models else None

    def reset(self) -> None:
        """Forget everything."""
        import_module("moto.moto_api._internal.models").moto_api_backend.reset()


def installed() -> bool:
    """Whether moto's server is."""
    return all(find_spec(name) is not None for name in ("moto", "flask", "flask_cors"))


@cache
def objects(region: str) -> Any:
    """A boto3 S3 client that moto answers in this process; other clients are left alone."""
    stubber = import_module("moto.core.botocore_stubber").BotocoreStubber()
    stubber.enabled = True
    from boto3.session import Session

    session = Session(aws_access_key_id="testing", aws_secret_access_key="testing", region_name=region)
    client = session.client("s3", endpoint_url="https://s3.amazonaws.com")
    client.meta.events.register_first("before-send.s3", stubber)
    return client


def _environ(request: Request, query: str) -> dict[str, Any]:
    """The request as WSGI has it. moto reads the path as it came, and S3's own headers by their spelling."""
    body: bytes | IO[bytes] = request.body
    file = BytesIO(body) if isinstance(body, bytes) else body
    length = len(body) if isinstance(body, bytes) else request.headers.get("content-length", "")
    host, _, port = request.headers.get("host", "localhost").partition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(request.path).decode("latin-1"),
        "RAW_URI": f"{request.path}?{query}" if query else request.path,
        "QUERY_STRING": query,
        "SERVER_NAME": host,
        "SERVER_PORT": port or "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": file,
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "HTTP_HOST": request.headers.get("host", "localhost"),
    }
    spelt: dict[str, str] = {}
    for name, value in request.headers.items():
        key = f"HTTP_{name.upper().replace('-', '_')}"
        if "_" in name:
            if not name.startswith("x-amz-meta-") or name.replace("_", "-") in request.headers:
                continue
            spelt[key] = name
        environ[key] = value
    kind = environ.pop("HTTP_CONTENT_TYPE", "")
    if request.method == "PUT" and kind.startswith(_FORM):  # what curl and urllib say of any body: moto would parse it
        kind = "binary/octet-stream"
    environ |= {
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(length),
        "moto.preserved_header_names": spelt,
    }
    environ.pop("HTTP_CONTENT_LENGTH", None)
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    return environ
