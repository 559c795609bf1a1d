from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest
from aiservices_mocks import Mock
from aiservices_mocks.boto3_bridge import bridge
from boto3.s3.transfer import TransferConfig
from botocore.client import BaseClient
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError, ParamValidationError
from botocore.response import StreamingBody
from moto import mock_aws

from aiservices.errors import NotMockedError, TransportError
from tests.mocks.worlds import SPEECH, small_mock

ORIGINAL = BaseClient._make_api_call


@pytest.fixture(autouse=True)
def _region(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    yield
    assert BaseClient._make_api_call is ORIGINAL


@pytest.fixture(params=["alone", "moto around", "moto inside"])
def mock(request):
    mock = small_mock()
    if request.param == "alone":
        with bridge(mock):
            yield mock
    elif request.param == "moto around":
        with mock_aws(), bridge(mock):
            yield mock
    else:
        with bridge(mock), mock_aws():
            yield mock


def test_clients_made_before_and_after_are_answered():
    before = boto3.client("polly")
    with bridge(small_mock()) as mock:
        after = boto3.client("polly")
        before.put_lexicon(Name="one", Content="x")
        assert after.list_lexicons()["Lexicons"] == [{"Name": "one"}]
    mock.calls("polly").times(2)


def test_answers_have_botocores_shape(mock):
    polly = boto3.client("polly")
    reply = polly.synthesize_speech(**SPEECH)
    assert isinstance(reply["AudioStream"], StreamingBody)
    assert reply["AudioStream"].read() == b"hello"
    assert reply["ResponseMetadata"]["HTTPStatusCode"] == 200
    chunks = polly.synthesize_speech(**SPEECH)["AudioStream"].iter_chunks(2)
    assert list(chunks) == [b"he", b"ll", b"o"]
    with polly.synthesize_speech(**SPEECH)["AudioStream"] as body:
        assert body.read(1) == b"h"


def test_errors_are_botocores_with_awss_words(mock):
    polly = boto3.client("polly")
    with pytest.raises(polly.exceptions.LexiconNotFoundException) as caught:
        polly.get_lexicon(Name="none")
    response = caught.value.response
    assert response["Error"] == {"Code": "LexiconNotFoundException", "Message": "Lexicon not found"}
    assert response["message"] == "Lexicon not found"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 404
    assert response["ResponseMetadata"]["RequestId"]
    assert caught.value.operation_name == "GetLexicon"
    with pytest.raises(ClientError) as broken:
        polly.put_lexicon(Name="not a name", Content="x")
    assert str(broken.value) == (
        "An error occurred (ValidationException) when calling the PutLexicon operation: 1 validation error detected: "
        "Value 'not a name' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: "
        "[0-9A-Za-z]{1,20}"
    )


def test_botocores_own_checks_come_first(mock):
    with pytest.raises(ParamValidationError, match="Missing required parameter"):
        boto3.client("polly").put_lexicon(Name="a")
    with pytest.raises(ParamValidationError, match="Unknown parameter"):
        boto3.client("polly").list_lexicons(Nonsense=1)
    mock.calls("polly").times(0)


def test_idempotency_tokens_are_filled_as_botocore_does(mock):
    mock.on("translate.StartTextTranslationJob").calls(lambda params: {"JobId": params["ClientToken"][:32]})
    reply = boto3.client("translate").start_text_translation_job(
        InputDataConfig={"S3Uri": "s3://bucket/in", "ContentType": "text/plain"},
        OutputDataConfig={"S3Uri": "s3://bucket/out"},
        DataAccessRoleArn="arn:aws:iam::123456789012:role/translate",
        SourceLanguageCode="en",
        TargetLanguageCodes=["fr"],
    )
    assert len(reply["JobId"]) == 32


def test_paginators_go_through_all_pages(mock):
    polly = boto3.client("polly")
    for name in "abcde":
        polly.put_lexicon(Name=name, Content="x")
    pages = list(polly.get_paginator("list_lexicons").paginate())
    assert [lexicon["Name"] for page in pages for lexicon in page["Lexicons"]] == list("abcde")
    assert len(pages) == 3


def test_waiters_wait_for_what_the_mock_says(mock):
    rekognition = boto3.client("rekognition")
    arn = "arn:aws:rekognition:us-east-1:123456789012:project/a/1"
    description = {"ProjectVersionArn": f"{arn[:-2]}/version/v/1"}
    mock.on("rekognition.DescribeProjectVersions").returns(
        {"ProjectVersionDescriptions": [description | {"Status": "RUNNING"}]}
    )
    rekognition.get_waiter("project_version_running").wait(ProjectArn=arn, WaiterConfig={"Delay": 0})
    mock.calls("rekognition").times(1)


def test_lost_connections_are_botocores():
    mock = small_mock()
    with bridge(mock, fast=True):
        polly = boto3.client("polly")
        mock.on("polly.PutLexicon").loses_response()
        with pytest.raises(ConnectionClosedError):
            polly.put_lexicon(Name="a", Content="x")
        assert polly.list_lexicons()["Lexicons"] == [{"Name": "a"}]
        mock.on("polly.ListLexicons").fails(TransportError("no route", sent=False), times=1)
        with pytest.raises(EndpointConnectionError):
            polly.list_lexicons()


def test_what_is_not_mocked_says_so(mock):
    with pytest.raises(NotMockedError, match=r"polly\.DeleteLexicon"):
        boto3.client("polly").delete_lexicon(Name="a")


def test_other_services_pass_through():
    mock = small_mock()
    with mock_aws(), bridge(mock):
        assert boto3.client("sts").get_caller_identity()["Account"] == "123456789012"
    mock.calls().times(0)


def test_the_innermost_bridge_answers_and_leaving_restores():
    outer, inner = small_mock(), small_mock()
    polly = boto3.client("polly")
    with bridge(outer):
        polly.put_lexicon(Name="outer", Content="x")
        with bridge(inner), bridge(inner):
            polly.put_lexicon(Name="inner", Content="x")
        assert polly.list_lexicons()["Lexicons"] == [{"Name": "outer"}]
    inner.calls().times(1)
    with mock_aws():
        assert polly.list_lexicons()["Lexicons"] == []


def test_an_exception_inside_restores_too():
    with pytest.raises(KeyError), bridge(small_mock()):
        raise KeyError
    assert BaseClient._make_api_call is ORIGINAL


def test_someone_elses_patch_around_and_inside_survives(monkeypatch):
    seen = []

    def spy(self, operation, params):
        seen.append(operation)
        return ORIGINAL(self, operation, params)

    with mock_aws():
        with monkeypatch.context() as patch:
            patch.setattr(BaseClient, "_make_api_call", spy)
            polly = boto3.client("polly")
            with bridge(small_mock(), fast=True) as mock:
                assert polly.list_lexicons()["Lexicons"] == []
                boto3.client("sts").get_caller_identity()
            polly.list_lexicons()
            assert BaseClient._make_api_call is spy
        mock.calls("polly").times(1)
        assert seen == ["GetCallerIdentity", "ListLexicons"]


def test_a_patch_taken_over_the_bridge_and_put_back_late_passes_through():
    mock, later = small_mock(), small_mock()
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        polly = boto3.client("polly")
        with bridge(mock):
            ours = BaseClient._make_api_call
            patch.setattr(BaseClient, "_make_api_call", lambda *args: ours(*args))
            with bridge(later):
                assert boto3.client("sts").get_caller_identity()["Account"] == "123456789012"
        patch.undo()
        assert BaseClient._make_api_call is ours
        assert polly.list_lexicons()["Lexicons"] == []
        with bridge(later):
            polly.put_lexicon(Name="later", Content="x")
    mock.calls().times(0)
    later.calls().times(1)


def test_bridges_can_close_in_another_order():
    first, second = small_mock(), small_mock()
    contexts = [bridge(first), bridge(second)]
    for context in contexts:
        context.__enter__()
    contexts[0].__exit__(None, None, None)
    boto3.client("polly").list_lexicons()
    contexts[1].__exit__(None, None, None)
    assert (len(first.calls()), len(second.calls())) == (0, 1)


def test_many_threads_and_clients():
    with bridge(small_mock()) as mock:
        polly = boto3.client("polly")
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda n: polly.put_lexicon(Name=f"n{n}", Content="x"), range(200)))
        assert len(mock.world.store.table("polly", "lexicon")) == 200


def test_bridges_open_and_close_in_many_threads():
    mocks = [small_mock() for _ in range(8)]
    barrier = threading.Barrier(8)

    def work(mock):
        for _ in range(20):
            barrier.wait()
            with bridge(mock):
                pass

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, mocks))
    assert BaseClient._make_api_call is ORIGINAL


# S3


def test_boto3s_s3_is_the_mocks(mock):
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="bucket")
    s3.put_object(Bucket="bucket", Key="a b/ü", Body=b"data", Metadata={"k": "v"})
    assert mock.s3["bucket/a b/ü"] == b"data"
    assert s3.get_object(Bucket="bucket", Key="a b/ü", Range="bytes=1-2")["Body"].read() == b"at"
    s3.copy_object(Bucket="bucket", Key="copy", CopySource={"Bucket": "bucket", "Key": "a b/ü"})
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket="bucket", PaginationConfig={"PageSize": 1})
    assert [entry["Key"] for page in pages for entry in page["Contents"]] == ["a b/ü", "copy"]
    s3.get_waiter("object_exists").wait(Bucket="bucket", Key="copy")
    with pytest.raises(s3.exceptions.NoSuchKey) as caught:
        s3.get_object(Bucket="bucket", Key="none")
    assert caught.value.response["Error"]["Key"] == "none"
    with pytest.raises(ClientError) as head:
        s3.head_object(Bucket="bucket", Key="none")
    assert head.value.response["Error"]["Code"] == "404"


def test_transfers_and_resources_work(mock, tmp_path):
    s3 = boto3.resource("s3")
    bucket = s3.create_bucket(Bucket="bucket")
    config = TransferConfig(multipart_threshold=6 * 2**20, multipart_chunksize=5 * 2**20, max_concurrency=2)
    data = bytes(range(256)) * 4096 * 11
    (tmp_path / "big").write_bytes(data)
    bucket.upload_file(str(tmp_path / "big"), "big", Config=config)
    assert mock.s3["bucket/big"] == data
    assert len(mock.calls("s3.UploadPart")) == (0 if mock.s3.remote else 3)  # moto answers while it is active
    bucket.download_file("big", str(tmp_path / "back"), Config=config)
    assert (tmp_path / "back").read_bytes() == data
    s3.meta.client.copy({"Bucket": "bucket", "Key": "big"}, "bucket", "copy", Config=config)
    assert mock.s3["bucket/copy"] == data
    bucket.upload_fileobj(io.BytesIO(b"small"), "small")
    assert mock.s3["bucket/small"] == b"small"
    assert [each.key for each in bucket.objects.page_size(2).all()] == ["big", "copy", "small"]
    bucket.objects.filter(Prefix="c").delete()
    assert mock.s3.keys("bucket") == ["big", "small"]


def test_a_mock_can_use_the_objects_that_boto3_reaches():
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="mine")
        client.put_object(Bucket="mine", Key="in", Body=b"from the user")
        mock = Mock(s3=client)
        with bridge(mock):
            assert mock.s3["mine/in"] == b"from the user"
            mock.s3["mine/out"] = b"from the mock"
            mock.s3["made/out"] = b"x"
            assert boto3.client("s3").get_object(Bucket="mine", Key="out")["Body"].read() == b"from the mock"
            assert list(mock.s3) == ["made/out", "mine/in", "mine/out"]
            assert "mine/none" not in mock.s3
            with pytest.raises(LookupError) as caught:
                mock.s3.get("mine", "none")
            assert caught.value.code == "NoSuchKey"
        outer = small_mock()
        with bridge(outer):
            assert mock.s3["mine/in"] == b"from the user"
        outer.calls("s3").times(0)
