"""The tree of errors and the table that says what helps."""

from __future__ import annotations

import copy
import json
import pickle
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aiservices.errors as errors
from aiservices.api.model import load
from aiservices.call import SERVICES
from aiservices.errors import (
    AccessDeniedError,
    AIServicesError,
    BadRequestError,
    ConflictError,
    NotFoundError,
    QuotaError,
    Retry,
    ServiceError,
    ServiceFaultError,
    ThrottledError,
    classify,
    service_error,
    without_values,
)

TABLE = json.loads(Path(errors.__file__).with_name("errors.json").read_text("utf-8"))

KINDS: dict[type[ServiceError], str] = {
    AccessDeniedError: "AccessDeniedException",
    NotFoundError: (
        "JobNotFoundException LexiconNotFoundException NotFoundException ResourceNotFoundException "
        "SessionNotFoundException SynthesisTaskNotFoundException"
    ),
    ConflictError: (
        "ConcurrentModificationException ConflictException FeaturedResultsConflictException "
        "IdempotentParameterMismatchException PreconditionFailedException ResourceAlreadyExistException "
        "ResourceAlreadyExistsException ResourceInUseException ResourceNotReadyException ResourceUnavailableException"
    ),
    QuotaError: (
        "HumanLoopQuotaExceededException LimitExceededException MaxLexiconsNumberExceededException "
        "ResourceLimitExceededException ServiceQuotaExceededException TooManyTagKeysException TooManyTagsException"
    ),
    ThrottledError: "ProvisionedThroughputExceededException ThrottlingException TooManyRequestsException",
    ServiceFaultError: (
        "BadGatewayException DependencyFailedException InternalFailureException InternalServerError "
        "InternalServerException ServiceFailureException ServiceUnavailableException"
    ),
}
KIND = {code: kind for kind, codes in KINDS.items() for code in codes.split()}
RATE = {("forecastquery", "LimitExceededException")}
"""Where AWS means a rate by it, whatever the message."""


PAGE = Path(__file__).parent.parent / "docs" / "errors.md"
BEGIN, END = "<!-- table: printed by tests/test_errors.py -->\n", "<!-- end of table -->"


def printed() -> str:
    """The table of docs/errors.md: which codes of which service are tried again."""
    kinds = ("throttle", "transient", "once", "wait")
    lines = [f"| service | {' | '.join(f'`{kind}`' for kind in kinds)} |", "|---" * (len(kinds) + 1) + "|"]
    for service in SERVICES:
        cells = []
        for kind in kinds:
            found = [row for row in TABLE["rows"] if service in row["services"] and row["retry"] == kind]
            codes = sorted(code for row in found for code in row["codes"])
            marks = ["†" if any("message" in row for row in rows(service, code)) else "" for code in codes]
            cells.append(", ".join(f"`{code}`{mark}" for code, mark in zip(codes, marks, strict=True)))
        lines.append(f"| {service} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def test_the_pages_table_is_the_table() -> None:
    """`python tests/test_errors.py` writes it."""
    assert PAGE.read_text("utf-8").partition(BEGIN)[2].partition(END)[0] == printed()


def modelled() -> list[tuple[str, str]]:
    """Every error of every model, as (service, code)."""
    found = []
    for service in SERVICES:
        model = load(service)
        found += [(service, model.error_code(shape)) for shape in model.shapes() if shape.raw.get("exception")]
    return sorted(set(found))


def rows(service: str, code: str) -> list[dict[str, Any]]:
    return [row for row in TABLE["rows"] if service in row["services"] and code in row["codes"]]


def test_the_models_errors_are_many() -> None:
    assert len(modelled()) > 180


@pytest.mark.parametrize(("service", "code"), modelled(), ids="/".join)
def test_every_modelled_error_has_a_row_of_its_service_and_a_sensible_class(service: str, code: str) -> None:
    assert rows(service, code), "only a row for all services, or none, classifies it"
    error = service_error(service, "DoIt", code, "it is so")
    wanted = ThrottledError if (service, code) in RATE else KIND.get(code, BadRequestError)
    assert type(error) is wanted
    assert error.code == code
    assert str(error).startswith(f"{service}.DoIt: {code}: it is so")
    if wanted is BadRequestError:
        assert error.retry == "never"
        assert error.status == 400
        assert re.search("Invalid|Unsupported|Not|Exceeded|TooLarge|Bad|Validation|Malformed|LowConfidence", code)


@pytest.mark.parametrize(("service", "code"), modelled(), ids="/".join)
def test_a_fault_of_the_model_is_one_of_ours(service: str, code: str) -> None:
    model = load(service)
    fault = next(shape.raw.get("fault", False) for shape in model.shapes() if model.error_code(shape) == code)
    retry, status = classify(service, code, "")
    assert (status >= 500) == (fault or code == "BadGatewayException")
    if fault:
        assert retry in ("transient", "throttle")


def test_the_table_is_well_formed() -> None:
    assert TABLE["source"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", TABLE["date"])
    keys = []
    for row in TABLE["rows"]:
        assert set(row) <= {"services", "codes", "retry", "status", "message", "hint"}
        assert row["retry"] in get_args(Retry)
        assert 300 <= row["status"] < 600
        assert set(row["services"]) <= {*SERVICES, "s3", "*"}
        re.compile(row.get("message", ""))
        keys += [(service, code, row.get("message")) for service in row["services"] for code in row["codes"]]
    assert len(keys) == len(set(keys)), "two rows for the same"
    plain = {(service, code) for service, code, message in keys if message is None}
    assert {(service, code) for service, code, _ in keys} == plain, "a pattern needs a row for all other messages"


@pytest.mark.parametrize(
    ("service", "code", "message", "retry", "kind"),
    [
        ("transcribe", "LimitExceededException", "You've sent too many requests.", "throttle", ThrottledError),
        ("transcribe", "LimitExceededException", "Rate exceeded", "throttle", ThrottledError),
        ("transcribe", "LimitExceededException", "Your input file is longer than 4 hours.", "never", QuotaError),
        ("personalize", "LimitExceededException", "More than 5 requests per second", "throttle", ThrottledError),
        ("personalize", "LimitExceededException", "You have 10 solutions already", "never", QuotaError),
        ("forecast", "LimitExceededException", "Rate exceeded", "never", QuotaError),
        ("forecastquery", "LimitExceededException", "anything", "throttle", ThrottledError),
        ("textract", "LimitExceededException", "Rate exceeded", "wait", QuotaError),
        ("rekognition", "LimitExceededException", "", "wait", QuotaError),
        ("translate", "LimitExceededException", "Rate exceeded", "never", QuotaError),
        ("transcribe", "ConflictException", "", "never", ConflictError),
        ("lexv2-runtime", "ConflictException", "", "once", ConflictError),
        ("lexv2-models", "ConflictException", "", "wait", ConflictError),
        ("lexv2-runtime", "DependencyFailedException", "", "once", ServiceFaultError),
        ("frauddetector", "ResourceUnavailableException", "", "once", ConflictError),
        ("comprehend", "ConcurrentModificationException", "", "transient", ConflictError),
        ("translate", "ConcurrentModificationException", "", "wait", ConflictError),
        ("transcribe", "BadRequestException", "The job is IN_PROGRESS", "wait", ConflictError),
        ("transcribe", "BadRequestException", "The language code is wrong", "never", BadRequestError),
        ("comprehend", "ResourceInUseException", "The name is taken", "never", ConflictError),
        ("comprehend", "ResourceInUseException", "", "wait", ConflictError),
        ("personalize-runtime", "ThrottlingException", "", "throttle", ThrottledError),
        ("polly", "ServiceQuotaExceededException", "", "never", QuotaError),
        ("s3", "NoSuchKey", "", "never", NotFoundError),
        ("s3", "NoSuchBucket", "", "never", NotFoundError),
        ("s3", "SlowDown", "", "throttle", ThrottledError),
        ("s3", "InternalError", "", "transient", ServiceFaultError),
        ("sts", "ExpiredToken", "", "never", AccessDeniedError),
        ("kms", "ThrottlingException", "", "throttle", ThrottledError),
    ],
)
def test_one_code_can_mean_several_things(
    service: str, code: str, message: str, retry: str, kind: type[ServiceError]
) -> None:
    error = service_error(service, "DoIt", code, message)
    assert error.retry == retry
    assert type(error) is kind


@pytest.mark.parametrize(
    ("status", "retry", "kind"),
    [
        (400, "never", BadRequestError),
        (401, "never", AccessDeniedError),
        (403, "never", AccessDeniedError),
        (404, "never", NotFoundError),
        (409, "never", ConflictError),
        (412, "never", ConflictError),
        (429, "throttle", ThrottledError),
        (500, "transient", ServiceFaultError),
        (503, "transient", ServiceFaultError),
        (None, "never", BadRequestError),
    ],
)
def test_an_unknown_code_is_judged_by_its_status(status: int | None, retry: str, kind: type) -> None:
    error = service_error("s3", "HeadObject", "NobodyKnows", "", status=status)
    assert (error.retry, type(error), error.status) == (retry, kind, status or 400)


def test_the_status_that_came_wins_over_the_tables() -> None:
    assert service_error("textract", "DetectDocumentText", "ThrottlingException", "").status == 500
    assert service_error("textract", "DetectDocumentText", "ThrottlingException", "", status=400).status == 400


def test_a_message_says_what_was_asked_what_is_wrong_and_what_to_do() -> None:
    error = service_error("polly", "SynthesizeSpeech", "TextLengthExceededException", "Too long")
    assert str(error) == (
        "polly.SynthesizeSpeech: TextLengthExceededException: Too long. Cut the text, or start a synthesis task."
    )
    assert error.message == "Too long"
    assert str(service_error("polly", "GetLexicon", "LexiconNotFoundException", "")) == (
        "polly.GetLexicon: LexiconNotFoundException"
    )


def test_errors_are_pythons_too() -> None:
    assert issubclass(NotFoundError, LookupError)
    assert issubclass(errors.InvalidCallError, ValueError)
    assert issubclass(errors.TransportError, ConnectionError)
    assert issubclass(errors.DeadlineExceededError, TimeoutError)
    assert issubclass(errors.MissingExtraError, ImportError)


def examples() -> list[AIServicesError]:
    full = service_error(
        "lexv2-models", "BuildBotLocale", "ThrottlingException", "slow", status=429, request_id="r", retry_after=2.5,
        details={"retryAfterSeconds": 2},
    )  # fmt: skip
    return [
        full,
        service_error("polly", "GetLexicon", "LexiconNotFoundException", "Value 'x' at 'name' failed", status=404),
        errors.InvalidCallError("no"),
        errors.TransportError("lost", sent=False),
        errors.DeadlineExceededError("late"),
        errors.JobFailedError("failed", status="FAILED", reason="why"),
        errors.BudgetExceededError("dear"),
        errors.MissingExtraError("OCR", "ocr"),
        errors.NotMockedError("not yet"),
    ]


@pytest.mark.parametrize("error", examples(), ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])
def test_errors_survive_copies_and_processes(error: AIServicesError, way: Any) -> None:
    twin = way(error)
    assert type(twin) is type(error)
    assert str(twin) == str(error)
    assert twin.args == error.args
    assert vars(twin) == vars(error)


@given(st.text(st.characters(exclude_characters="'"), min_size=1))
def test_values_that_are_contents_never_show(text: str) -> None:
    secret = f"<{text}>"
    message = (
        f"2 validation errors detected: Value '{secret}' at 'textList.1.member' failed to satisfy constraint: "
        "Member must have length less than or equal to 2; "
        f"Value '{secret}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: \\d+"
    )
    told = without_values(message)
    assert secret not in told
    assert told.count(f"Value ({len(secret):,} characters) at '") == 2
    assert told.endswith("regular expression pattern: \\d+")


def test_values_that_tell_are_kept() -> None:
    message = (
        "1 validation error detected: Value 'xx' at 'languageCode' failed to satisfy constraint: "
        "Member must satisfy enum value set: [en, fr]"
    )
    assert without_values(message) == message
    number = "Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1"
    assert without_values(number) == number
    assert without_values("anything else, with 'quotes'") == "anything else, with 'quotes'"


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = set(re.findall(r"[├└]── (\w+)", errors.__doc__ or "")) | {"AIServicesError"}
    real = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, AIServicesError)}
    assert drawn == real


if __name__ == "__main__":
    head, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    PAGE.write_text(f"{head}{BEGIN}{printed()}{END}{rest.partition(END)[2]}", "utf-8")
