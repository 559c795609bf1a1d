"""From botocore's errors to ours: what `AWS` raises.

Texts of ours name what was asked, what is wrong and what to set; values of the request are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..call import SERVICES, Call
from ..config import Settings
from ..errors import AIServicesError, InvalidCallError, ServiceError, TransportError, nearest, service_error

if TYPE_CHECKING:
    from botocore.exceptions import ClientError


def translated(error: Exception, call: Call, settings: Settings) -> AIServicesError | None:
    """Our error for botocore's; None for what is not botocore's to raise."""
    from botocore import exceptions as boto
    from botocore.parsers import ResponseParserError

    if isinstance(error, boto.ClientError):
        return _answered(error, call)
    if isinstance(error, boto.ParamValidationError):
        return _invalid_parameters(error, call)
    if _is_bad_header(error):
        what = "a header cannot be written; look for line breaks in the credentials and in the call's ids"
        return InvalidCallError(f"{call.name}: {what}")
    if isinstance(error, boto.HTTPClientError | boto.ConnectionError):
        return _broken_connection(error, call, settings)
    if isinstance(
        error, boto.IncompleteReadError | boto.ChecksumError | boto.FlexibleChecksumError | ResponseParserError
    ) or _raised_in(error, "botocore.parsers"):
        return TransportError(
            f"{call.name}: the answer cannot be read ({type(error).__name__}); the call may have been carried out"
        )
    if isinstance(error, boto.StubResponseError):
        return None
    if isinstance(error, boto.BotoCoreError):
        return InvalidCallError(f"{call.name}: {_sentence(error)} {_advice(error)}".rstrip())
    if _raised_in(error, "botocore.serialize"):
        return InvalidCallError(
            f"{call.name}: a parameter's value cannot be written in AWS's protocol ({type(error).__name__})"
        )
    return None


def _answered(error: ClientError, call: Call) -> ServiceError:
    response: Mapping[str, Any] = error.response
    told = response.get("Error", {})
    metadata = response.get("ResponseMetadata", {})
    status = metadata.get("HTTPStatusCode")
    details = {k: v for k, v in told.items() if k not in ("Code", "Message", "message")}
    details.update(
        (k, v) for k, v in response.items() if k not in ("Error", "ResponseMetadata") and k.lower() != "message"
    )
    return service_error(
        call.service,
        call.operation,
        str(told.get("Code") or status or "Unknown"),
        str(told.get("Message") or ""),
        status=status,
        request_id=metadata.get("RequestId") or None,
        retry_after=_retry_after(metadata.get("HTTPHeaders", {})),
        details=details,
    )


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from AWS's header in milliseconds or HTTP's in seconds or as a date."""
    milliseconds = headers.get("x-amz-retry-after", "")
    if milliseconds.isdecimal():
        return int(milliseconds) / 1000
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        return float(text)
    if not text:
        return None
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _broken_connection(error: Any, call: Call, settings: Settings) -> TransportError:
    from botocore import exceptions as boto

    host = _host(str(error.kwargs.get("endpoint_url") or settings.endpoint_url or ""))
    if isinstance(error, boto.ReadTimeoutError):
        what = f"no answer from {host} in time (timeout={settings.timeout:g} s); the call may have been carried out"
        return TransportError(f"{call.name}: {what}")
    if isinstance(error, boto.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error):
        return TransportError(
            f"{call.name}: the certificate of {host} is not trusted. Set AWS_CA_BUNDLE or check endpoint_url.",
            sent=False,
        )
    if isinstance(error, boto.ConnectTimeoutError | boto.EndpointConnectionError | boto.ProxyConnectionError):
        advice = "Check the network, the proxy, Settings.region and Settings.endpoint_url."
        return TransportError(f"{call.name}: no connection to {host} ({type(error).__name__}). {advice}", sent=False)
    return TransportError(
        f"{call.name}: the connection to {host} broke ({type(error).__name__}); the call may have been carried out"
    )


def _host(url: str) -> str:
    """Where a URL leads, without paths and passwords."""
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else "the endpoint"


_VALUE = re.compile(
    r", value: .*?(?=, (?:type: <class|valid range: |valid min length: |valid max length: )|$)", re.DOTALL
)


def _invalid_parameters(error: Any, call: Call) -> InvalidCallError:
    lines = str(error.kwargs.get("report", "")).splitlines()
    told = "; ".join(line for line in _VALUE.sub("", "\n".join(lines)).splitlines() if line.strip())
    newer = sorted({f'"{name}"' for place, name in _UNKNOWN.findall(told) if _is_ours(call, place, name)})
    if newer:
        told += f". {_versions(call.service)} {', '.join(newer)} needs a newer one: pip install -U boto3"
    return InvalidCallError(f"{call.name}: {told}")


_UNKNOWN = re.compile(r'Unknown parameter in ([^:]+): "([^"]+)"')


def _is_ours(call: Call, place: str, name: str) -> bool:
    """Whether our snapshot of the model has the member that the installed botocore lacks."""
    from ..api.model import load

    if call.service not in SERVICES or call.operation not in (model := load(call.service)).operations:
        return False
    shape = model.operations[call.operation].input
    for step in [] if place == "input" else re.findall(r"\w+|\[\d+\]", place):
        if shape is None:
            return False
        if shape.type == "list":
            shape = shape.member
        elif shape.type == "map":
            shape = shape.value
        else:
            shape = shape.members.get(step)
    return shape is not None and name in shape.members


def _versions(service: str) -> str:
    import boto3
    import botocore

    from ..api.model import load

    ours = f" (this library's model is of botocore {load(service).botocore})" if service in SERVICES else ""
    return f"Installed is boto3 {boto3.__version__} with botocore {botocore.__version__}{ours}."


def no_operation(call: Call, names: Mapping[str, str]) -> InvalidCallError:
    """The error for an operation that the installed boto3 does not have."""
    if call.service in SERVICES:
        from ..api.model import load

        # Raises for what AWS does not have either.
        load(call.service).operation(call.operation)
        return InvalidCallError(f"{call.name}: {_versions(call.service)} It needs a newer one: pip install -U boto3")
    return InvalidCallError(f'{call.service} has no operation "{call.operation}"{nearest(call.operation, names)}')


def not_opened(error: Exception, service: str) -> InvalidCallError:
    """The error for a client that boto3 cannot make."""
    from botocore import exceptions as boto

    if isinstance(error, boto.UnknownServiceError):
        if service in SERVICES:
            return InvalidCallError(f"{service}: {_versions(service)} It does not know this service.")
        return InvalidCallError(f'there is no service "{service}"{nearest(service, SERVICES)}')
    return InvalidCallError(f"{service}: {_sentence(error)} {_advice(error)}".rstrip())


def _sentence(error: Exception) -> str:
    return str(error).rstrip(". ") + "."


def _advice(error: Exception) -> str:
    """What to set, for the errors that happen before anything is sent."""
    from botocore import exceptions as boto

    advice: list[tuple[tuple[type[Exception], ...], str]] = [
        (
            (boto.NoRegionError,),
            'Set AI(settings=Settings(region="us-east-1")), AISERVICES_REGION, AWS_DEFAULT_REGION or the region '
            "of the profile.",
        ),
        (
            (boto.ProfileNotFound,),
            "Settings.profile, AISERVICES_PROFILE or AWS_PROFILE names it: aws configure list-profiles shows yours.",
        ),
        (
            (boto.NoCredentialsError, boto.PartialCredentialsError),
            "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile (aws configure), or a role; "
            'without an account use AI(backend="mock").',
        ),
        (
            (boto.TokenRetrievalError, boto.SSOError, boto.LoginError, boto.CredentialRetrievalError),
            "Log in again (aws sso login, aws login), or check the credential_process of the profile.",
        ),
        (
            (boto.EndpointProviderError, boto.BaseEndpointResolverError, boto.InvalidRegionError),
            "Check Settings.region, fips and dual_stack: not every region has every endpoint.",
        ),
        ((ValueError,), "Settings.endpoint_url is a whole URL, such as http://localhost:4566."),
    ]
    return next((text for kinds, text in advice if isinstance(error, kinds)), "")


def quotes_the_request(error: Exception, ours: AIServicesError) -> bool:
    """Whether botocore's text may hold what ours leaves out, contents or credentials: a traceback would show it."""
    from botocore.exceptions import ParamValidationError

    if isinstance(error, ParamValidationError) or _is_bad_header(error) or _raised_in(error, "botocore.serialize"):
        return True
    return isinstance(ours, ServiceError) and ours.message not in str(ours)


def _is_bad_header(error: Exception) -> bool:
    """Python's http.client refuses a header with a line break, and quotes it: a token, a signature."""
    inner = getattr(error, "kwargs", {}).get("error")
    return isinstance(inner, ValueError) and str(inner).startswith("Invalid header")


def is_of_reading(error: Exception) -> bool:
    """Whether reading a stream failed for the connection's sake."""
    from botocore import exceptions as boto
    from urllib3.exceptions import HTTPError

    ours = boto.HTTPClientError | boto.IncompleteReadError | boto.FlexibleChecksumError
    return isinstance(error, ours | HTTPError | OSError)


def _raised_in(error: Exception, module: str) -> bool:
    """Whether the error came up inside a module; its type alone (ValueError, KeyError) would not tell."""
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_globals.get("__name__") == module:
            return True
        trace = trace.tb_next
    return False
