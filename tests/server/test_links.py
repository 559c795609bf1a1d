"""Addresses in answers lead to the server, where they lead to a service's own bucket on AWS."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import boto3
import httpx
import pytest

from aiservices.call import Call, Reply
from aiservices.server import Application, Keys, Moto, Server
from tests.sounds import wav

PAIR = ("AKIDEXAMPLE", "secret/of+mine")
ROLE = "arn:aws:iam::123456789012:role/lex"
PRIVACY = {"childDirected": False}


class World:
    """A server and its clients."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def __call__(self, service: str) -> Any:
        return boto3.client(
            service, endpoint_url=self.server.url, region_name="us-east-1",
            aws_access_key_id=PAIR[0], aws_secret_access_key=PAIR[1],
        )  # fmt: skip


@pytest.fixture(scope="module", params=[True, False], ids=["signed", "unsigned"])
def client(request: pytest.FixtureRequest) -> Iterator[World]:
    keys = Keys(dict([PAIR])) if request.param else None
    with Server(Application.of_mock(seed=7, keys=keys)) as server:
        yield World(server)


def test_a_transcript_is_fetched(client):
    s3, transcribe = client("s3"), client("transcribe")
    s3.create_bucket(Bucket="media")
    s3.put_object(Bucket="media", Key="talk.wav", Body=wav(2))
    name = {"TranscriptionJobName": "talk"}
    transcribe.start_transcription_job(**name, Media={"MediaFileUri": "s3://media/talk.wav"}, LanguageCode="en-US")
    address = transcribe.get_transcription_job(**name)["TranscriptionJob"]["Transcript"]["TranscriptFileUri"]
    assert address.startswith(client.server.url)
    assert httpx.get(address).json()["jobName"] == "talk"


def test_a_place_of_the_callers_own_is_told_as_on_aws(client):
    s3, transcribe = client("s3"), client("transcribe")
    s3.create_bucket(Bucket="mine")
    s3.put_object(Bucket="mine", Key="talk.wav", Body=wav(2))
    name = {"TranscriptionJobName": "kept"}
    media = {"MediaFileUri": "https://s3.us-east-1.amazonaws.com/mine/talk.wav?X-Amz-Signature=0"}
    transcribe.start_transcription_job(**name, Media=media, LanguageCode="en-US", OutputBucketName="mine")
    job = transcribe.get_transcription_job(**name)["TranscriptionJob"]
    assert job["Transcript"]["TranscriptFileUri"] == "https://s3.us-east-1.amazonaws.com/mine/kept.json"
    assert job["Media"] == media


def test_a_bot_goes_out_and_in(client):
    lex = client("lexv2-models")
    bot = lex.create_bot(botName="One", roleArn=ROLE, dataPrivacy=PRIVACY, idleSessionTTLInSeconds=300)["botId"]
    what = {"botExportSpecification": {"botId": bot, "botVersion": "DRAFT"}}
    assert lex.describe_bot(botId=bot)["botStatus"] == "Available"
    export = lex.create_export(resourceSpecification=what, fileFormat="LexJson")["exportId"]
    archive = httpx.get(lex.describe_export(exportId=export)["downloadUrl"]).content
    upload = lex.create_upload_url()
    if client.server.application.demands_signatures:
        assert httpx.get(upload["uploadUrl"]).status_code == 403, "it is signed to be put"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert httpx.put(upload["uploadUrl"], content=archive, headers=form).status_code == 200
    copied = {"botImportSpecification": {"botName": "Two", "roleArn": ROLE, "dataPrivacy": PRIVACY}}
    lex.start_import(importId=upload["importId"], resourceSpecification=copied, mergeStrategy="FailOnConflict")
    assert lex.describe_import(importId=upload["importId"])["importStatus"] == "Completed"


def test_code_is_uploaded(client):
    security = client("codeguru-security")
    upload = security.create_upload_url(scanName="shop")
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("app.py", "import os\n\n\ndef run(name):\n    os.system('ls ' + name)\n")
    put = httpx.put(upload["s3Url"], content=code.getvalue(), headers=upload["requestHeaders"])
    assert put.status_code == 200
    security.create_scan(scanName="shop", resourceId={"codeArtifactId": upload["codeArtifactId"]})
    assert security.get_findings(scanName="shop")["findings"]


ADDRESS = "https://s3.us-east-1.amazonaws.com/aws-lex-models-prod-us-east-1/1/a.zip?X-Amz-Signature=0"


@pytest.mark.parametrize(("moto", "kept"), [(None, True), (Moto(), False)])
def test_a_gateways_addresses_are_awss(moto, kept):
    class Backend:
        def send(self, call: Call) -> Reply:
            return {"importId": "A", "uploadUrl": ADDRESS}

    with Server(Application(Backend(), moto=moto)) as server:
        told = httpx.post(f"{server.url}/createuploadurl", json={}).json()["uploadUrl"]
    assert (told == ADDRESS) == kept
    assert urlsplit(told).path == urlsplit(ADDRESS).path


def test_behind_a_proxy_addresses_are_the_proxys(http):
    reply = http.post("/createuploadurl", json={}, headers={"Host": "aws.example.com", "X-Forwarded-Proto": "https"})
    assert reply.json()["uploadUrl"].startswith("https://aws.example.com/aws-lex-models-prod-us-east-1/")


def test_texts_are_left_as_they_are(http):
    text = {"Text": ADDRESS, "SourceLanguageCode": "en", "TargetLanguageCode": "de"}
    reply = http.post("/", json=text, headers={"X-Amz-Target": "AWSShineFrontendService_20170701.TranslateText"})
    assert "127.0.0.1" not in reply.json()["TranslatedText"]
