"""Every waiter that botocore has for our services waits for something that a client has begun."""

from __future__ import annotations

import io
import json
import urllib.request
import zipfile
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from aiservices.call import PRODUCTS
from tests.pictures import png

ROLE = "arn:aws:iam::123456789012:role/reader"
NAMES = [
    (service, name)
    for services in PRODUCTS.values()
    for service in services
    for name in boto3.client(service).waiter_names
]


@pytest.fixture(scope="session")
def media(s3: Any, bucket: str, sound: bytes) -> dict[str, str]:
    s3.put_object(Bucket=bucket, Key="call.wav", Body=sound)
    return {"MediaFileUri": f"s3://{bucket}/call.wav"}


@pytest.fixture(scope="session")
def bot(client: Any) -> dict[str, str]:
    """A draft that says something, built."""
    lex = client("lexv2-models")
    made = lex.create_bot(
        botName="Greeter", roleArn=ROLE, dataPrivacy={"childDirected": False}, idleSessionTTLInSeconds=300
    )
    of = {"botId": made["botId"], "botVersion": "DRAFT", "localeId": "en_US"}
    lex.create_bot_locale(**of, nluIntentConfidenceThreshold=0.4)
    lex.create_intent(**of, intentName="Hello", sampleUtterances=[{"utterance": "hello"}])
    lex.build_bot_locale(**of)
    lex.get_waiter("bot_locale_built").wait(**of, WaiterConfig={"Delay": 0})
    return of


@pytest.fixture(scope="session")
def version(client: Any, bot: dict[str, str]) -> dict[str, str]:
    locales = {bot["localeId"]: {"sourceBotVersion": "DRAFT"}}
    made = client("lexv2-models").create_bot_version(botId=bot["botId"], botVersionLocaleSpecification=locales)
    return {"botId": bot["botId"], "botVersion": made["botVersion"]}


@pytest.fixture(scope="session")
def export(client: Any, bot: dict[str, str]) -> str:
    what = {"botExportSpecification": {"botId": bot["botId"], "botVersion": "DRAFT"}}
    made: str = client("lexv2-models").create_export(resourceSpecification=what, fileFormat="LexJson")["exportId"]
    return made


@pytest.fixture(scope="session")
def association(client: Any, s3: Any) -> str:
    """A repository that lies in a bucket."""
    name = "codeguru-reviewer-boto3"
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="code.zip", Body=_zipped("app.py", b"def run(seen=[]):\n    return seen\n"))
    repository = {"S3Bucket": {"Name": "shop", "BucketName": name}}
    made = client("codeguru-reviewer").associate_repository(Repository=repository)["RepositoryAssociation"]
    return str(made["AssociationArn"])


def _zipped(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, content)
    return file.getvalue()


@pytest.fixture
def begun(request: pytest.FixtureRequest, client: Any, bucket: str) -> Callable[[str], dict[str, Any]]:
    """What a waiter is to be called with, once the thing has been begun."""

    def of(waiter: str) -> dict[str, Any]:
        preparation: dict[str, Any] = _PREPARED[waiter](client, bucket, request.getfixturevalue)
        return preparation

    return of


def _bot(client: Any, bucket: str, get: Any) -> dict[str, Any]:
    return {"botId": get("bot")["botId"]}


def _locale(client: Any, bucket: str, get: Any) -> dict[str, Any]:
    return dict(get("bot"))


def _version(client: Any, bucket: str, get: Any) -> dict[str, Any]:
    return dict(get("version"))


def _alias(client: Any, bucket: str, get: Any) -> dict[str, Any]:
    made = client("lexv2-models").create_bot_alias(botAliasName="live", **get("version"))
    return {"botId": made["botId"], "botAliasId": made["botAliasId"]}


def _export(client: Any, bucket: str, get: Any) -> dict[str, Any]:
    return {"exportId": get("export")}


def _import(client: Any, bucket: str, get: Any) -> dict[str, Any]:
    """The exported bot, fetched and sent as everybody does: over the addresses that the service gives."""
    lex = client("lexv2-models")
    lex.get_waiter("bot_export_completed").wait(exportId=get("export"), WaiterConfig={"Delay": 0})
    address = lex.describe_export(exportId=get("export"))["downloadUrl"]
    with urllib.request.urlopen(address, timeout=20) as archive:
        content = archive.read()
    upload = lex.create_upload_url()
    with urllib.request.urlopen(urllib.request.Request(upload["uploadUrl"], content, method="PUT"), timeout=20) as put:
        assert put.status == 200
    what = {"botName": "Copy", "roleArn": ROLE, "dataPrivacy": {"childDirected": False}}
    specification = {"botImportSpecification": what}
    lex.start_import(importId=upload["importId"], resourceSpecification=specification, mergeStrategy="FailOnConflict")
    return {"importId": upload["importId"]}


def _transcription(client: Any, bucket: str, get: Any) -> dict[str, Any]:
    name = {"TranscriptionJobName": "call"}
    client("transcribe").start_transcription_job(**name, Media=get("media"), LanguageCode="en-US")
    return name


def _analytics(client: Any, bucket: str, get: Any) -> dict[str, Any]:
    name = {"CallAnalyticsJobName": "call"}
    roles = [{"ChannelId": 0, "ParticipantRole": "AGENT"}, {"ChannelId": 1, "ParticipantRole": "CUSTOMER"}]
    client("transcribe").start_call_analytics_job(
        **name, Media=get("media"), DataAccessRoleArn=ROLE, ChannelDefinitions=roles
    )
    return name


def _medical(client: Any, bucket: str, get: Any) -> dict[str, Any]:
    name = {"MedicalTranscriptionJobName": "visit"}
    client("transcribe").start_medical_transcription_job(
        **name,
        Media=get("media"),
        LanguageCode="en-US",
        OutputBucketName=bucket,
        Specialty="PRIMARYCARE",
        Type="DICTATION",
    )
    return name


def _scribe(client: Any, bucket: str, get: Any) -> dict[str, Any]:
    name = {"MedicalScribeJobName": "visit"}
    settings = {"ShowSpeakerLabels": True, "MaxSpeakerLabels": 2}
    client("transcribe").start_medical_scribe_job(
        **name, Media=get("media"), OutputBucketName=bucket, DataAccessRoleArn=ROLE, Settings=settings
    )
    return name


def _language_model(client: Any, bucket: str, get: Any) -> dict[str, Any]:
    client("s3").put_object(Bucket=bucket, Key="said/a.txt", Body=b"what people say on the phone")
    config = {"S3Uri": f"s3://{bucket}/said/", "DataAccessRoleArn": ROLE}
    client("transcribe").create_language_model(
        ModelName="phone", LanguageCode="en-US", BaseModelName="NarrowBand", InputDataConfig=config
    )
    return {"ModelName": "phone"}


def _vocabulary(client: Any, bucket: str, get: Any) -> dict[str, Any]:
    client("transcribe").create_vocabulary(VocabularyName="towns", LanguageCode="de-DE", Phrases=["Aachen"])
    return {"VocabularyName": "towns"}


def _medical_vocabulary(client: Any, bucket: str, get: Any) -> dict[str, Any]:
    table = b"Phrase\tSoundsLike\tIPA\tDisplayAs\nasthma\t\t\tasthma\n"
    client("s3").put_object(Bucket=bucket, Key="words.txt", Body=table)
    client("transcribe").create_medical_vocabulary(
        VocabularyName="clinic", LanguageCode="en-US", VocabularyFileUri=f"s3://{bucket}/words.txt"
    )
    return {"VocabularyName": "clinic"}


def _trained(client: Any, bucket: str, get: Any) -> dict[str, Any]:
    return _train(client, bucket, "trained")[0]


def _running(client: Any, bucket: str, get: Any) -> dict[str, Any]:
    named, arn = _train(client, bucket, "running")
    rekognition = client("rekognition")
    rekognition.get_waiter("project_version_training_completed").wait(**named, WaiterConfig={"Delay": 0})
    rekognition.start_project_version(ProjectVersionArn=arn, MinInferenceUnits=1)
    return named


def _train(client: Any, bucket: str, name: str) -> tuple[dict[str, Any], str]:
    """What names a model of Custom Labels that is trained from two pictures, and its ARN."""
    rekognition = client("rekognition")
    for number in range(2):
        client("s3").put_object(Bucket=bucket, Key=f"{number}.png", Body=png(number))
    project = rekognition.create_project(ProjectName=name)["ProjectArn"]
    lines = [json.dumps({
        "source-ref": f"s3://{bucket}/{number}.png", "animal": 1,
        "animal-metadata": {"class-name": label, "type": "groundtruth/image-classification"},
    }) for number, label in enumerate(("cat", "dog"))]  # fmt: skip
    dataset = rekognition.create_dataset(ProjectArn=project, DatasetType="TRAIN")["DatasetArn"]
    assert rekognition.describe_dataset(DatasetArn=dataset)["DatasetDescription"]["Status"] == "CREATE_COMPLETE"
    rekognition.update_dataset_entries(DatasetArn=dataset, Changes={"GroundTruth": "\n".join(lines).encode()})
    output = {"S3Bucket": bucket, "S3KeyPrefix": name}
    made = rekognition.create_project_version(ProjectArn=project, VersionName="one", OutputConfig=output)
    return {"ProjectArn": project, "VersionNames": ["one"]}, made["ProjectVersionArn"]


def _association(client: Any, bucket: str, get: Any) -> dict[str, Any]:
    return {"AssociationArn": get("association")}


def _review(client: Any, bucket: str, get: Any) -> dict[str, Any]:
    reviewer = client("codeguru-reviewer")
    named = {"AssociationArn": get("association")}
    reviewer.get_waiter("repository_association_succeeded").wait(**named, WaiterConfig={"Delay": 0})
    head = {"Name": "shop", "Details": {"CodeArtifacts": {"SourceCodeArtifactsObjectKey": "code.zip"}}}
    kind = {"RepositoryAnalysis": {"SourceCodeType": {"S3BucketRepository": head}}}
    made = reviewer.create_code_review(Name="first", RepositoryAssociationArn=get("association"), Type=kind)
    return {"CodeReviewArn": made["CodeReview"]["CodeReviewArn"]}


_PREPARED: dict[str, Callable[[Any, str, Any], dict[str, Any]]] = {
    "bot_alias_available": _alias,
    "bot_available": _bot,
    "bot_export_completed": _export,
    "bot_import_completed": _import,
    "bot_locale_built": _locale,
    "bot_locale_created": _locale,
    "bot_locale_express_testing_available": _locale,
    "bot_version_available": _version,
    "call_analytics_job_completed": _analytics,
    "code_review_completed": _review,
    "language_model_completed": _language_model,
    "medical_scribe_job_completed": _scribe,
    "medical_transcription_job_completed": _medical,
    "medical_vocabulary_ready": _medical_vocabulary,
    "project_version_running": _running,
    "project_version_training_completed": _trained,
    "repository_association_succeeded": _association,
    "transcription_job_completed": _transcription,
    "vocabulary_ready": _vocabulary,
}


@pytest.mark.parametrize(("service", "name"), NAMES)
def test_a_waiter_ends(client: Any, begun: Any, service: str, name: str) -> None:
    """No state is the waited-for one by chance: a waiter that fails or gives up raises."""
    client(service).get_waiter(name).wait(**begun(name), WaiterConfig={"Delay": 0, "MaxAttempts": 5})


def test_a_transcript_is_fetched_from_the_address_that_the_job_tells(client: Any, media: dict[str, str]) -> None:
    transcribe = client("transcribe")
    transcribe.start_transcription_job(TranscriptionJobName="fetched", Media=media, LanguageCode="en-US")
    transcribe.get_waiter("transcription_job_completed").wait(TranscriptionJobName="fetched", WaiterConfig={"Delay": 0})
    job = transcribe.get_transcription_job(TranscriptionJobName="fetched")["TranscriptionJob"]
    with urllib.request.urlopen(job["Transcript"]["TranscriptFileUri"], timeout=20) as transcript:
        assert json.load(transcript)["jobName"] == "fetched"
