from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice

import pytest
from aiservices_mocks.examples import example
from aiservices_mocks.limits import checker
from aiservices_mocks.patterns import matcher
from aiservices_mocks.violations import BrokenConstraintError
from hypothesis import given
from hypothesis import strategies as st

from aiservices.api.model import Operation, load
from aiservices.call import SERVICES
from aiservices.errors import BadRequestError, InvalidCallError
from tests.mocks.breaking import breaks, changed, wrong_types

OPERATIONS = [operation for service in SERVICES for operation in load(service).operations.values()]
SERVICE_NAMES = list(SERVICES)


def refused(service, operation, params) -> BrokenConstraintError:
    with pytest.raises(BrokenConstraintError) as caught:
        checker(service, operation)(params)
    return caught.value


def every(operation: Operation, seed: int, optional: bool):
    return example(operation.input, seed, optional) if operation.input else {}


def test_all_operations_are_here():
    assert len(OPERATIONS) == 714


@pytest.mark.parametrize("service", SERVICE_NAMES)
def test_valid_requests_pass_and_come_out_as_they_went_in(service):
    for operation in load(service).operations.values():
        for seed, optional in ((0, True), (1, False)):
            request = every(operation, seed, optional)
            assert checker(service, operation.name)(request) == request, operation


@given(st.sampled_from(OPERATIONS), st.integers(0, 10**6), st.booleans())
def test_any_valid_request_passes(operation, seed, optional):
    request = every(operation, seed, optional)
    assert checker(operation.service.name, operation.name)(request) == request


@given(st.sampled_from(OPERATIONS), st.integers(0, 10**6), st.data())
def test_any_request_with_one_broken_constraint_is_refused(operation, seed, data):
    tried = list(islice(breaks(operation, every(operation, seed, True)), 40))
    if tried:
        broken = data.draw(st.sampled_from(tried))
        error = refused(operation.service.name, operation.name, broken.request)
        assert f" at '{broken.path}' failed to satisfy constraint: " in error.wire_message
        assert broken.constraint in error.wire_message


@pytest.mark.parametrize("service", SERVICE_NAMES)
def test_every_single_broken_constraint_is_refused_with_awss_words(service):
    code = "BadRequestException" if service == "transcribe" else "ValidationException"
    count, seen = 0, set()
    for operation in load(service).operations.values():
        valid = every(operation, 2, True)
        for broken in breaks(operation, valid, seen):
            error = refused(service, operation.name, broken.request)
            assert (error.code, error.status) == (code, 400), broken
            assert " detected: Value" in error.wire_message
            assert f" at '{broken.path}' failed to satisfy constraint: " in error.wire_message, broken
            assert broken.constraint in error.wire_message, broken
            count += 1
    assert count


@pytest.mark.parametrize("service", SERVICE_NAMES)
def test_every_wrong_json_type_is_a_serialization_exception(service):
    seen = set()
    for operation in load(service).operations.values():
        valid = every(operation, 3, True)
        for path, bad in wrong_types(operation.input, valid, seen) if operation.input else ():
            error = refused(service, operation.name, changed(valid, path, bad))
            assert error.code == "SerializationException", (operation, path)


def test_unknown_operations_and_services_name_the_nearest():
    with pytest.raises(InvalidCallError, match="DetectSentiment"):
        checker("comprehend", "DetectSentimant")
    with pytest.raises(InvalidCallError, match="comprehend"):
        checker("comprehnd", "DetectSentiment")


# AWS's own words


def test_one_error_and_a_value():
    # https://github.com/aws/aws-cli and boto3 issue threads on Transcribe quote this form
    error = refused(
        "transcribe",
        "StartTranscriptionJob",
        {"TranscriptionJobName": "a", "Media": {}, "Settings": {"MaxSpeakerLabels": 99}},
    )
    assert error.code == "BadRequestException"
    assert error.wire_message == (
        "1 validation error detected: Value '99' at 'settings.maxSpeakerLabels' failed to satisfy constraint: "
        "Member must have value less than or equal to 30"
    )


def test_several_errors_in_one_sentence():
    error = refused("rekognition", "CreateCollection", {"CollectionId": "a b" * 100, "Tags": {"k": "v" * 257}})
    assert error.wire_message == (
        f"3 validation errors detected: Value '{'a b' * 100}' at 'collectionId' failed to satisfy constraint: "
        "Member must have length less than or equal to 255; "
        f"Value '{'a b' * 100}' at 'collectionId' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: [a-zA-Z0-9_.\\-]+; "
        f"Value '{{k={'v' * 257}}}' at 'tags' failed to satisfy constraint: Map value must satisfy constraint: "
        "[Member must have length less than or equal to 256, Member must have length greater than or equal to 0, "
        "Member must satisfy regular expression pattern: ^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$]"
    )


def test_what_is_missing_is_null():
    error = refused("comprehend", "DetectSentiment", {"LanguageCode": "en"})
    assert error.wire_message == (
        "1 validation error detected: Value null at 'text' failed to satisfy constraint: Member must not be null"
    )
    assert refused("comprehend", "DetectSentiment", {"LanguageCode": "en", "Text": None}).args == error.args


def test_a_sensitive_value_is_left_out_on_the_wire_and_told_by_its_length_by_us():
    error = refused("comprehend", "DetectSentiment", {"Text": "", "LanguageCode": "en"})
    rule = "failed to satisfy constraint: Member must have length greater than or equal to 1"
    assert error.wire_message == f"1 validation error detected: Value at 'text' {rule}"
    assert error.message == f"1 validation error detected: Value (0 characters) at 'text' {rule}"


def test_an_enum_names_its_values():
    error = refused("comprehend", "DetectSentiment", {"Text": "a", "LanguageCode": "xx"})
    assert error.wire_message.startswith(
        "1 validation error detected: Value 'xx' at 'languageCode' failed to satisfy constraint: "
        "Member must satisfy enum value set: [en, es, fr, de, it, pt, ar, hi, ja, ko, zh, zh-TW]"
    )


def test_elements_of_a_list_stand_together():
    error = refused("rekognition", "DetectFaces", {"Image": {}, "Attributes": ["ALL", "SHOE_SIZE"]})
    assert (
        "Value '[ALL, SHOE_SIZE]' at 'attributes' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: ["
        in (error.wire_message)
    )


def test_elements_show_or_are_told_by_their_length():
    error = refused("rekognition", "DetectFaces", {"Image": {}, "Attributes": ["ALL", "my own text"]})
    assert "Value ['ALL', (11 characters)] at 'attributes'" in error.message
    many = {"Image": {}, "Attributes": ["X"] * 11}
    assert "Value (11 elements) at 'attributes'" in refused("rekognition", "DetectFaces", many).message


def test_a_container_that_holds_something_sensitive_is_left_out_as_a_whole():
    for service in SERVICES:
        for operation in load(service).operations.values():
            for name, shape in operation.input.members.items() if operation.input else ():
                if shape.type == "list" and shape.max and shape.max < 50 and holds_sensitive(shape.member):
                    item = example(shape.member, 0)
                    error = refused(
                        service, operation.name, every(operation, 0, False) | {name: [item] * (int(shape.max) + 1)}
                    )
                    assert f"Value at '{name[0].lower()}{name[1:]}' failed" in error.wire_message
                    return
    raise AssertionError("no such operation")


def holds_sensitive(shape):
    return shape.type == "structure" and any(member.sensitive for member in shape.members.values())


def test_structures_in_a_list_have_a_path_of_their_own():
    request = {
        "ResourceArn": "arn:aws:comprehend:us-east-1:123456789012:flywheel/a",
        "Tags": [{"Key": "a"}, {"Key": ""}],
    }
    error = refused("comprehend", "TagResource", request)
    assert "Value '' at 'tags.2.member.key' failed to satisfy constraint: Member must have length greater" in (
        error.wire_message
    )


def test_a_blob_shows_as_javas_buffer():
    error = refused("rekognition", "DetectFaces", {"Image": {"Bytes": b""}})
    assert "Value 'java.nio.HeapByteBuffer[pos=0 lim=0 cap=0]' at 'image.bytes' failed" in error.wire_message
    assert "Value (0 bytes) at 'image.bytes'" in error.message


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (3, "class java.lang.Short can not be converted to an String"),
        (40_000, "class java.lang.Integer can not be converted to an String"),
        (2**40, "class java.lang.Long can not be converted to an String"),
        (True, "class java.lang.Boolean can not be converted to an String"),
        (1.5, "class java.lang.Double can not be converted to an String"),
        (["a"], "Start of list found where not expected"),
        ({"a": 1}, "Start of structure or map found where not expected."),
    ],
)
def test_a_wrong_type_says_what_came(value, message):
    error = refused("comprehend", "DetectSentiment", {"Text": value, "LanguageCode": "no such language"})
    assert (error.code, error.wire_message, error.status) == ("SerializationException", message, 400)


def test_scalars_for_containers():
    assert refused("comprehend", "BatchDetectSentiment", {"TextList": "ab"}).message == "Expected list or null"
    assert refused("rekognition", "CreateCollection", {"Tags": "ab"}).message == "Expected map or null"
    assert refused("rekognition", "DetectFaces", {"Image": "ab"}).message == "Expected null"


# Contents


@given(st.text(min_size=1).filter(lambda text: "zqj" not in text))
def test_no_content_ever_shows_in_our_message(text):
    secret = f"zqj {text}"
    cases = [
        ("comprehend", "DetectSentiment", {"Text": "a", "LanguageCode": secret}),
        ("comprehend", "TagResource", {"ResourceArn": secret, "Tags": [{"Key": secret * 200, "Value": secret * 200}]}),
        ("translate", "TranslateText", {"Text": secret * 9999, "SourceLanguageCode": secret}),
        ("polly", "PutLexicon", {"Name": secret, "Content": secret}),
        ("rekognition", "CreateCollection", {"CollectionId": secret, "Tags": {secret: secret * 300}}),
        ("kendra", "Query", {"IndexId": secret, "QueryText": secret, "PageNumber": secret}),
    ]
    for service, operation, params in cases:
        error = refused(service, operation, params)
        assert "zqj" not in str(error)
        assert "zqj" not in error.message


def test_names_show_where_they_help():
    error = refused("comprehend", "DetectSentiment", {"Text": "a", "LanguageCode": "xx"})
    assert "Value 'xx' at 'languageCode'" in str(error)
    assert isinstance(error, BadRequestError)


def test_the_error_survives_pickling_with_both_messages():
    import pickle

    error = refused("polly", "PutLexicon", {"Name": "a b", "Content": "x"})
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.wire_message, copy.message, str(copy)) == (error.wire_message, error.message, str(error))
    assert type(copy) is BrokenConstraintError


# What is taken


def test_values_are_taken_as_boto3_takes_them():
    check = checker("textract", "DetectDocumentText")
    for content in (b"abc", bytearray(b"abc"), memoryview(b"abc"), "abc", io.BytesIO(b"abc"), io.StringIO("abc")):
        assert check({"Document": {"Bytes": content}}) == {"Document": {"Bytes": b"abc"}}
    check = checker("comprehend", "ListEndpoints")
    when = datetime(2026, 5, 1, tzinfo=UTC)
    stamps = [
        when,
        datetime(2026, 5, 1),
        date(2026, 5, 1),
        when.timestamp(),
        "2026-05-01T00:00:00Z",
        Decimal(int(when.timestamp())),
    ]
    for stamp in stamps:
        assert check({"Filter": {"CreationTimeAfter": stamp}}) == {"Filter": {"CreationTimeAfter": when}}
    assert refused("comprehend", "ListEndpoints", {"Filter": {"CreationTimeAfter": "soon"}}).code == (
        "SerializationException"
    )
    check = checker("rekognition", "DetectLabels")
    for number in (50, 50.0, Decimal(50)):
        assert check({"Image": {}, "MinConfidence": number, "MaxLabels": 3.9})["MinConfidence"] == 50.0
        assert check({"Image": {}, "MaxLabels": 3.9})["MaxLabels"] == 3
    for number in (float("nan"), float("inf"), "50", True):
        assert refused("rekognition", "DetectLabels", {"Image": {}, "MinConfidence": number}).code == (
            "SerializationException"
        )
    assert refused("rekognition", "DetectLabels", {"Image": {}, "MaxLabels": 2**31}).code == "SerializationException"


def test_unknown_members_are_ignored_and_nulls_are_absent():
    check = checker("polly", "DescribeVoices")
    assert check({"Engine": "neural", "Nonsense": 1, "NextToken": None}) == {"Engine": "neural"}


def test_what_a_handler_gets_is_its_own():
    texts = ["a", "b"]
    taken = checker("comprehend", "BatchDetectSentiment")({"TextList": texts, "LanguageCode": "en"})
    taken["TextList"].append("c")
    assert texts == ["a", "b"]


def test_a_union_has_exactly_one_member():
    rules = {"NonTalkTimeFilter": {"Threshold": 5}, "InterruptionFilter": {"Threshold": 5}}
    for rule in ({}, rules, {"Unknown": 1}):
        error = refused("transcribe", "CreateCallAnalyticsCategory", {"CategoryName": "a", "Rules": [rule]})
        assert error.code == "SerializationException"


def test_lengths_count_code_points():
    check = checker("polly", "DescribeVoices")
    assert check({"NextToken": "😀" * 4096})
    assert refused("polly", "DescribeVoices", {"NextToken": "😀" * 4097})


def test_models_that_aws_does_not_enforce_as_written():
    role = "arn:aws:iam::123456789012:role/forecast"
    assert checker("forecast", "CreateDatasetImportJob")(
        {
            "DatasetImportJobName": "a",
            "DatasetArn": "arn:aws:forecast:us-east-1:123456789012:dataset/a",
            "DataSource": {"S3Config": {"Path": "s3://bucket/key", "RoleArn": role}},
        }
    )
    assert checker("kendra-ranking", "Rescore")
    wrong = {"DatasetArn": role}
    assert "regular expression" in refused("forecast", "DescribeDataset", wrong).message


# Patterns


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (r"\d+", ["12"], ["١٢", "1a", "12\n"]),
        (r"[\w-]+", ["a_b-1"], ["é", ""]),
        (r"[^\s]+", ["a\u00a0b", "é"], ["a b", "a\x0bb"]),
        (r"[\S\s]*", ["a b\n\u00e9", ""], []),
        (r".+", ["a b", "é"], ["a\nb", "a\u2028b", "a\x85b", "\r"]),
        (r"\P{C}*", ["abc é", ""], ["a\x00"]),
        (r"[\P{M}\p{M}]{0,3}", ["a\u0301b", "\n"], ["abcd"]),
        (r"\p{ASCII}+", ["abc\n"], ["é"]),
        (r"^CSV|PARQUET$", ["CSV", "PARQUET"], ["CSVX", "csv"]),
        (r"[a-z0-9-\.]+", ["a-b.c"], ["a_b"]),
        (r"[\u0020-\u00FF]+", ["aé"], ["\u0100", "\n"]),
        (r"^(?!aws:)[\p{L}]*$", ["abcé"], ["aws:a"]),
    ],
)
def test_patterns_mean_what_they_mean_in_java(pattern, good, bad):
    matches = matcher(pattern)
    assert all(matches(text) for text in good)
    assert not any(matches(text) for text in bad)


def test_all_patterns_of_the_models_compile():
    patterns = {shape.pattern for name in SERVICES for shape in load(name).shapes() if shape.pattern is not None}
    assert len(patterns) == 208
    assert all(callable(matcher(pattern)) for pattern in patterns)
