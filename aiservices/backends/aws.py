"""AWS itself, through boto3.

boto3's part is to find credentials and endpoints, to sign, to write and to read. Retries are not: botocore's own are
off, `Retrying` has the one policy. Its errors become ours here and nowhere else.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import lifecycle
from ..call import FACT_HEADERS, Call, Reply, note
from ..config import Settings
from ..errors import InvalidCallError, TransportError
from .aws_errors import is_of_reading, no_operation, not_opened, quotes_the_request, translated

if TYPE_CHECKING:
    from types import TracebackType

    import boto3


class AWS:
    """Sends calls to AWS, or to whatever answers at `settings.endpoint_url`.

    settings: region, profile, endpoint_url, fips, dual_stack, timeout, connect_timeout, concurrency; None reads the
        environment.
    session: a boto3 session to make the clients with, instead of one of our own.

    A call's deadline ends its connecting and its waiting for bytes; a reply that keeps dripping can outlast it.
    boto3 is imported, and credentials are looked for, at the first call. Thread-safe.
    """

    def __init__(self, settings: Settings | None = None, *, session: boto3.Session | None = None) -> None:
        self.settings = settings or Settings.from_env()
        self._session = session
        self._lock = threading.RLock()
        self._clients: dict[tuple[str, str | None], Any] = {}
        self._methods: dict[tuple[str, str], _Method] = {}
        self._closed = False

    def send(self, call: Call) -> Reply:
        """AWS's reply. A stream in it is read later; what breaks then is a TransportError of the reading."""
        method = self._methods.get((call.service, call.operation)) or self._method(call)
        try:
            reply: Reply = method.send(call)
        except Exception as error:
            ours = translated(error, call, self.settings)
            if ours is None:
                raise
            cause = None if quotes_the_request(error, ours) else error
        else:
            if method.stream is not None and hasattr(reply.get(method.stream), "read"):
                reply[method.stream] = Body(reply[method.stream], call.name)
            # A mock may answer, behind the endpoint or in this process.
            headers = reply.get("ResponseMetadata", {}).get("HTTPHeaders", {})
            facts = {fact: headers[name] for fact, name in FACT_HEADERS.items() if name in headers}
            return note(reply, backend="aws", region=method.region, **facts)
        raise ours from cause

    def client(self, service: str, region: str | None = None) -> Any:
        """The boto3 client of a service, made once per region; None is the region of the settings."""
        region = region or self.settings.region
        with self._lock:
            if self._closed:
                raise InvalidCallError(f"{service}: this AWS backend is closed; open another one")
            if (service, region) not in self._clients:
                self._clients[service, region] = self._open(service, region)
            return self._clients[service, region]

    def close(self) -> None:
        """Close the connections of the clients it made; later calls are refused."""
        with self._lock:
            self._closed = True
            clients, self._clients = self._clients, {}
            self._methods = {}
        for client in clients.values():
            client.close()

    def __repr__(self) -> str:
        where = self.settings.endpoint_url or self.settings.region or "boto3's region"
        return f"<AWS {where}>"

    def _open(self, service: str, region: str | None) -> Any:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError

        settings = self.settings
        options: dict[str, Any] = {
            "retries": {"total_max_attempts": 1, "mode": "standard"},
            "max_pool_connections": settings.concurrency,
            "connect_timeout": settings.connect_timeout,
            "read_timeout": settings.timeout,
            "user_agent_extra": f"aiservices/{_version()}",
            "use_fips_endpoint": settings.fips,
            "use_dualstack_endpoint": settings.dual_stack,
        }
        if settings.endpoint_url and service == "s3":
            # A bucket in the host name would need a DNS entry for each bucket of the endpoint.
            options["s3"] = {"addressing_style": "path"}
        try:
            if self._session is None:
                self._session = boto3.Session(profile_name=settings.profile, region_name=settings.region)
            make: Any = self._session.client
            client = make(service, region_name=region, endpoint_url=settings.endpoint_url, config=Config(**options))
        except (BotoCoreError, ValueError) as error:
            raise not_opened(error, service) from error
        client.meta.events.register("before-call", _end_reading_at_the_deadline)
        client.meta.events.register("after-call", _refuse_broken_body)
        _end_connecting_at_the_deadline(client, settings)
        return client

    def _method(self, call: Call) -> _Method:
        client = self.client(call.service)
        mapping = client.meta.method_to_api_mapping.items()
        # The mapping has two-way streams, too, which the client has not.
        names = {operation: name for name, operation in mapping if hasattr(client, name)}
        if call.operation not in names:
            raise no_operation(call, names)
        function = getattr(client, names[call.operation])
        if not self.settings.endpoint_url:
            lifecycle.warn(call)
        method = _Method(function, _stream_of(client, call.operation), client.meta.region_name)
        with self._lock:
            if not self._closed:
                self._methods[call.service, call.operation] = method
        return method


class _Method(NamedTuple):
    """An operation as a boto3 client has it."""

    function: Callable[..., Reply]
    stream: str | None
    """The member of the reply that is a stream."""
    region: str

    def send(self, call: Call) -> Reply:
        if call.deadline is None:
            return self.function(**call.params)
        _until.deadline = call.deadline
        try:
            return self.function(**call.params)
        finally:
            _until.deadline = None


class Body:
    """A stream of a reply, as botocore's StreamingBody, whose failures are TransportErrors."""

    def __init__(self, raw: Any, name: str) -> None:
        self._raw = raw
        self._name = name
        self._count = 0

    def read(self, amt: int | None = None) -> bytes:
        """The next `amt` bytes; all that are left with None."""
        try:
            data: bytes = self._raw.read(amt)
        except Exception as error:
            if not is_of_reading(error):
                raise
            self._raw.close()
            what = f"the stream broke after {self._count:,} bytes ({type(error).__name__}); send the call again"
            raise TransportError(f"{self._name}: {what}") from error
        self._count += len(data)
        return data

    def iter_chunks(self, chunk_size: int = 1024) -> Iterator[bytes]:
        """The rest in chunks."""
        while chunk := self.read(chunk_size):
            yield chunk

    def iter_lines(self, chunk_size: int = 1024, keepends: bool = False) -> Iterator[bytes]:
        """The rest in lines, as they come in."""
        pending = b""
        for chunk in self.iter_chunks(chunk_size):
            *lines, pending = (pending + chunk).splitlines(keepends=True)
            if pending.endswith(b"\n"):
                lines.append(pending)
                pending = b""
            for line in lines:
                yield line if keepends else line.rstrip(b"\r\n")
        if pending:
            yield pending if keepends else pending.rstrip(b"\r\n")

    def __iter__(self) -> Iterator[bytes]:
        return self.iter_chunks()

    def readable(self) -> bool:
        """True: it can be read."""
        return True

    def close(self) -> None:
        """Let go of the connection."""
        self._raw.close()

    def __enter__(self) -> Body:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


_until = threading.local()
"""The deadline of the call that this thread sends."""


def _end_reading_at_the_deadline(params: dict[str, Any], **_: Any) -> None:
    deadline = getattr(_until, "deadline", None)
    if deadline is not None:
        context = params["context"]
        left = max(deadline - time.monotonic(), 0.001)
        context["read_timeout"] = min(left, context["client_config"].read_timeout)


def _end_connecting_at_the_deadline(client: Any, settings: Settings) -> None:
    """botocore lets a call change its time to read, but not its time to connect: that is asked for at each call."""
    from urllib3.util.timeout import Timeout

    class UntilDeadline(Timeout):
        @property
        def connect_timeout(self) -> float:
            deadline: float | None = getattr(_until, "deadline", None)
            if deadline is None:
                return settings.connect_timeout
            return min(max(deadline - time.monotonic(), 0.001), settings.connect_timeout)

    session = client._endpoint.http_session
    session._timeout = UntilDeadline(connect=settings.connect_timeout, read=settings.timeout)


def _refuse_broken_body(http_response: Any, parsed: Reply, model: Any, **_: Any) -> None:
    """botocore reads JSON that is broken or cut off as an empty reply; an answer that got lost is not empty."""
    if len(parsed) > 1 or http_response.status_code >= 300 or http_response.raw is None:
        return
    if model.has_streaming_output or model.output_shape is None or not model.output_shape.members:
        return
    if "json" in model.service_model.resolved_protocol and http_response.content:
        import json

        from botocore.parsers import ResponseParserError

        try:
            json.loads(http_response.content)
        except ValueError as error:
            raise ResponseParserError("the body is no JSON") from error


def _stream_of(client: Any, operation: str) -> str | None:
    model = client.meta.service_model.operation_model(operation)
    return model.output_shape.serialization.get("payload") if model.has_streaming_output else None


def _version() -> str:
    from importlib.metadata import version

    return version("aiservices")
