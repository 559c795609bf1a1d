"""Real boto3 against the server, over a socket."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import boto3
import httpx
import pytest
from aiservices_mocks import Mock
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from aiservices.call import Call, Reply
from aiservices.errors import InvalidCallError, TransportError
from aiservices.server import Application, Server
from tests.documents import form

TEXT = {"Text": "What a lovely day!", "LanguageCode": "en"}
ONE_TRY = Config(retries={"total_max_attempts": 1})
ROLE = "arn:aws:iam::123456789012:role/comprehend"
LEXICON = """<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en-US">
  <lexeme><grapheme>W3C</grapheme><alias>World Wide Web Consortium</alias></lexeme>
</lexicon>"""


@pytest.fixture
def bucket(client):
    name = f"texts-{uuid4()}"
    client("s3").create_bucket(Bucket=name)
    return name


def test_an_answer_is_computed(client):
    reply = client("comprehend").detect_sentiment(**TEXT)
    assert reply["Sentiment"] == "POSITIVE"
    assert reply["ResponseMetadata"]["HTTPHeaders"]["x-amzn-requestid"] == reply["ResponseMetadata"]["RequestId"]


def test_an_answer_stays_the_same_once_it_is_given_at_once(client):
    comprehend = client("comprehend")
    assert {str(comprehend.detect_sentiment(**TEXT)["SentimentScore"]) for _ in range(9)} == {
        str(comprehend.detect_sentiment(**TEXT)["SentimentScore"])
    }
    with pytest.raises(comprehend.exceptions.ClientError) as raised:
        comprehend.detect_sentiment(Text="x", LanguageCode="xx")
    assert raised.value.response["Error"]["Code"] == "ValidationException"


def test_errors_are_modelled(client):
    polly = client("polly", config=ONE_TRY)
    with pytest.raises(polly.exceptions.LexiconNotFoundException) as raised:
        polly.get_lexicon(Name="none")
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_audio_is_streamed(client):
    reply = client("polly").synthesize_speech(Text="hello " * 100, OutputFormat="pcm", VoiceId="Joanna")
    assert reply["ContentType"] == "audio/pcm"
    first = reply["AudioStream"].read(1000)
    assert len(first) == 1000
    assert len(reply["AudioStream"].read()) > 10_000


def test_paginators_find_all(client):
    polly = client("polly")
    pages = list(polly.get_paginator("describe_voices").paginate())
    assert {voice["Id"] for page in pages for voice in page["Voices"]} >= {"Joanna", "Matthew"}
    comprehend = client("comprehend")
    for number in range(3):
        comprehend.create_document_classifier(
            DocumentClassifierName=f"c{number}", DataAccessRoleArn=ROLE, LanguageCode="en",
            InputDataConfig={"S3Uri": "s3://texts/train.csv"},
        )  # fmt: skip
    pages = comprehend.get_paginator("list_document_classifiers").paginate(PaginationConfig={"PageSize": 2})
    assert [len(page["DocumentClassifierPropertiesList"]) for page in pages] == [2, 1]


def test_a_comprehend_job_reads_and_writes_the_objects_of_the_same_port(client, bucket):
    s3 = client("s3")
    s3.put_object(Bucket=bucket, Key="in/texts.txt", Body=b"What a lovely day!\nThis is awful, I hate it.\n")
    comprehend = client("comprehend")
    job = comprehend.start_sentiment_detection_job(
        InputDataConfig={"S3Uri": f"s3://{bucket}/in/", "InputFormat": "ONE_DOC_PER_LINE"},
        OutputDataConfig={"S3Uri": f"s3://{bucket}/out/"},
        DataAccessRoleArn=ROLE,
        LanguageCode="en",
    )
    told = comprehend.describe_sentiment_detection_job(JobId=job["JobId"])["SentimentDetectionJobProperties"]
    assert told["JobStatus"] == "COMPLETED"
    key = told["OutputDataConfig"]["S3Uri"].removeprefix(f"s3://{bucket}/")
    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read()[:2] == b"\x1f\x8b"


def test_a_textract_job_reads_a_document_from_s3(client, bucket):
    document, fields = form(seed=3)
    client("s3").put_object(Bucket=bucket, Key="form.pdf", Body=document)
    textract = client("textract")
    job = textract.start_document_text_detection(DocumentLocation={"S3Object": {"Bucket": bucket, "Name": "form.pdf"}})
    found = textract.get_document_text_detection(JobId=job["JobId"])
    assert found["JobStatus"] == "SUCCEEDED"
    text = " ".join(block.get("Text", "") for block in found["Blocks"] if block["BlockType"] == "LINE")
    assert any(value in text for value in fields.values())


def test_waiters_end(client):
    rekognition = client("rekognition")
    arn = rekognition.create_project(ProjectName="shop")["ProjectArn"]
    assert rekognition.describe_projects()["ProjectDescriptions"][0]["ProjectArn"] == arn
    lex = client("lexv2-models")
    bot = lex.create_bot(
        botName="flowers", roleArn=ROLE, dataPrivacy={"childDirected": False}, idleSessionTTLInSeconds=300
    )
    lex.get_waiter("bot_available").wait(botId=bot["botId"], WaiterConfig={"Delay": 0})
    assert lex.describe_bot(botId=bot["botId"])["botStatus"] == "Available"


def test_objects_of_any_size_and_name_go_there_and_back(client, bucket):
    s3 = client("s3")
    data = bytes(range(256)) * 12_000  # more than stays in memory; boto3 sends it in chunks with a checksum
    s3.put_object(Bucket=bucket, Key="a b/ü+%.bin", Body=data, Metadata={"my_key": "v"})
    got = s3.get_object(Bucket=bucket, Key="a b/ü+%.bin")
    assert got["Body"].read() == data
    assert got["Metadata"] == {"my_key": "v"}
    assert "aws-chunked" not in got.get("ContentEncoding", "")
    assert [it["Key"] for it in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["a b/ü+%.bin"]


def test_presigned_urls_work(client, bucket):
    s3 = client("s3")
    put = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "one.txt"})
    assert httpx.put(put, content=b"hello").status_code == 200
    get = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "one.txt"})
    assert httpx.get(get).content == b"hello"
    spoken = client("polly").generate_presigned_url(
        "synthesize_speech", Params={"Text": "hi", "OutputFormat": "pcm", "VoiceId": "Joanna"}
    )
    assert len(httpx.get(spoken).content) > 1000


@pytest.mark.parametrize("data", [b"PK\x05\x06\xff\xfe", b"a=b&c=d"])
def test_an_object_is_what_was_put_whatever_it_is_called(client, bucket, data):
    """urllib and curl call every body a form."""
    put = client("s3").generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "one"})
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert httpx.put(put, content=data, headers=form).status_code == 200
    assert client("s3").get_object(Bucket=bucket, Key="one")["Body"].read() == data


def test_the_mock_sees_the_same_objects(client, bucket, mock):
    mock.s3[f"{bucket}/one"] = b"1"
    assert client("s3").get_object(Bucket=bucket, Key="one")["Body"].read() == b"1"


def test_other_services_are_motos(client):
    assert client("sts").get_caller_identity()["Account"] == "123456789012"
    client("iam").create_user(UserName=f"u{uuid4()}")
    with pytest.raises(ClientError) as raised:
        client("iam", config=ONE_TRY).get_user(UserName="none")
    assert raised.value.response["Error"]["Code"] == "NoSuchEntity"


def test_each_region_and_each_account_has_its_own(client):
    client("polly", region_name="eu-west-1").put_lexicon(Name="one", Content=LEXICON)
    assert client("polly").list_lexicons()["Lexicons"] == []
    assert len(client("polly", region_name="eu-west-1").list_lexicons()["Lexicons"]) == 1
    other = client("polly", region_name="eu-west-1", aws_access_key_id="210987654321", aws_secret_access_key="x")
    assert other.list_lexicons()["Lexicons"] == []
    other.put_lexicon(Name="two", Content=LEXICON)
    assert ":210987654321:" in other.get_lexicon(Name="two")["LexiconAttributes"]["LexiconArn"]


def test_many_clients_are_answered_at_once(client, mock):
    comprehend = client("comprehend", config=Config(max_pool_connections=8))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: comprehend.detect_sentiment(**TEXT)["Sentiment"], range(64)))
    assert answers == ["POSITIVE"] * 64
    mock.calls("comprehend.DetectSentiment").times(64)


@pytest.mark.parametrize("warm", [0, 5])
def test_a_connection_is_lost_where_a_script_says_so(client, mock, warm):
    comprehend = client("comprehend", config=ONE_TRY)
    for _ in range(warm):
        comprehend.detect_sentiment(**TEXT)
    mock.on("comprehend.DetectSentiment").loses_response()
    with pytest.raises(ConnectionClosedError):
        comprehend.detect_sentiment(**TEXT)
    assert comprehend.detect_sentiment(**TEXT)["Sentiment"] == "POSITIVE"


def test_how_long_to_wait_is_told(client, mock):
    mock.on("comprehend.DetectSentiment").throttles(retry_after=7)
    comprehend = client("comprehend", config=ONE_TRY)
    with pytest.raises(ClientError) as raised:
        comprehend.detect_sentiment(**TEXT)
    assert raised.value.response["ResponseMetadata"]["HTTPHeaders"]["retry-after"] == "7"


def test_calls_that_block_do_not_hold_up_others(server, client):
    waiting, go_on = threading.Event(), threading.Event()

    class Slow:
        def send(self, call: Call) -> Reply:
            if call.operation == "ListLexicons":
                waiting.set()
                assert go_on.wait(20)
            return Mock().send(call)

    server.application.backend = Slow()
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(client("polly").list_lexicons)
        try:
            assert waiting.wait(20)
            assert client("comprehend").detect_sentiment(**TEXT)["Sentiment"] == "POSITIVE"
        finally:
            go_on.set()
        assert slow.result()["Lexicons"] == []


class Broken:
    """A backend with errors of all kinds."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def send(self, call: Call) -> Reply:
        raise self.error


def test_what_a_backend_cannot_do_is_said(server, client):
    polly = client("polly", config=ONE_TRY)
    for error, status in ((InvalidCallError("no such thing"), 400), (RuntimeError("contents"), 500)):
        server.application.backend = Broken(error)
        with pytest.raises(ClientError) as raised:
            polly.list_lexicons()
        assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
        assert "contents" not in str(raised.value)
    server.application.backend = Broken(TransportError("gone"))
    with pytest.raises(ConnectionClosedError):
        polly.list_lexicons()


def test_a_stop_lets_calls_end():
    started, go_on = threading.Event(), threading.Event()

    class Slow:
        def send(self, call: Call) -> Reply:
            started.set()
            assert go_on.wait(20)
            return Mock().send(call)

    with ThreadPoolExecutor(2) as pool:
        server = Server(Application(Slow())).start()
        polly = boto3.client("polly", endpoint_url=server.url, region_name="us-east-1", config=ONE_TRY)
        call = pool.submit(polly.list_lexicons)
        assert started.wait(20)
        stopped = pool.submit(server.stop)
        go_on.set()
        assert call.result()["Lexicons"] == []
        stopped.result()
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.url)
