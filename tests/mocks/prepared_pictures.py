"""Requests about pictures, videos and documents that the tables and the model alone cannot make right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.mocks.lived_in import LETTER, PLACE, letter
from tests.mocks.lives import Life
from tests.mocks.worlds import ask
from tests.pictures import png

Maker = Callable[[Life], dict[str, Any]]
IMAGE = {"Image": {"Bytes": png()}}
DOCUMENT = {"Bytes": letter("name: value")}
LINE = b'{"source-ref": "s3://films/1.png", "cat": 1, "cat-metadata": {"class-name": "cat"}}'


def given(**members: Any) -> Maker:
    """A request that needs nothing to be there."""
    return lambda life: members


# Faces.


def faces(life: Life) -> dict[str, Any]:
    """What names a collection with a user, and the ids of the faces in it."""
    ask(life.mock, "rekognition.CreateCollection", CollectionId="staff")
    ask(life.mock, "rekognition.CreateUser", CollectionId="staff", UserId="ann")
    found = ask(life.mock, "rekognition.IndexFaces", CollectionId="staff", **IMAGE)["FaceRecords"]
    ids = [record["Face"]["FaceId"] for record in found]
    return {"CollectionId": "staff", "UserId": "ann", "FaceIds": ids, "FaceId": ids[0]}


def of_faces(*names: str, **members: Any) -> Maker:
    """Some of what names them."""

    def maker(life: Life) -> dict[str, Any]:
        named = faces(life)
        return {name: named[name] for name in ("CollectionId", *names)} | members

    return maker


def associated(life: Life) -> dict[str, Any]:
    """Faces that are a user's."""
    named = of_faces("UserId", "FaceIds")(life)
    ask(life.mock, "rekognition.AssociateFaces", **named)
    return named


def recognized(life: Life) -> dict[str, Any]:
    """Somebody who was recognized before."""
    found = ask(life.mock, "rekognition.RecognizeCelebrities", **IMAGE)
    return {"Id": found["CelebrityFaces"][0]["Id"]}


# Custom Labels.


def dataset(life: Life) -> dict[str, Any]:
    """A dataset that is ready, and a line for it."""
    named = life.create(0, next(row for row in life.rows if row.noun == "Dataset"))
    life.settle()
    return {"DatasetArn": named["DatasetArn"], "Changes": {"GroundTruth": LINE}}


def both_datasets(life: Life) -> dict[str, Any]:
    """A training dataset and a test dataset that is empty."""
    project = ask(life.mock, "rekognition.CreateProject", ProjectName="cats")
    made = [ask(life.mock, "rekognition.CreateDataset", **project, DatasetType=kind) for kind in ("TRAIN", "TEST")]
    life.settle()
    return {"Datasets": [{"Arn": one["DatasetArn"]} for one in made]}


def model(life: Life) -> dict[str, Any]:
    """A model that is trained, and its project."""
    row = next(row for row in life.rows if row.noun == "ProjectVersion")
    named = life.create(0, row)
    life.settle()
    return named


def starting(life: Life) -> dict[str, Any]:
    """A model that begins to run, and its project."""
    named = model(life)
    ask(
        life.mock,
        "rekognition.StartProjectVersion",
        ProjectVersionArn=named["ProjectVersionArn"],
        MinInferenceUnits=1,
    )
    return named


def running(**members: Any) -> Maker:
    """A model that runs."""

    def maker(life: Life) -> dict[str, Any]:
        named = starting(life)
        life.settle()
        return {"ProjectVersionArn": named["ProjectVersionArn"], **members}

    return maker


def copied(life: Life) -> dict[str, Any]:
    """A model and the project that it is copied into."""
    source = model(life)
    target = ask(life.mock, "rekognition.CreateProject", ProjectName="more-cats")["ProjectArn"]
    return {
        "SourceProjectArn": source["ProjectArn"],
        "SourceProjectVersionArn": source["ProjectVersionArn"],
        "DestinationProjectArn": target,
        "VersionName": "copy",
        "OutputConfig": {"S3Bucket": "films", "S3KeyPrefix": "models"},
    }


# Streams.


def processor(life: Life) -> dict[str, Any]:
    """A stream processor that looks for labels, and when it is to."""
    named = life.create(0, next(row for row in life.rows if row.noun == "StreamProcessor"))
    begin = {"KVSStreamStartSelector": {"ProducerTimestamp": 1}}
    return {**named, "StartSelector": begin, "StopSelector": {"MaxDurationInSeconds": 10}}


def streaming(life: Life) -> dict[str, Any]:
    """A stream processor that runs."""
    begun = processor(life)
    ask(life.mock, "rekognition.StartStreamProcessor", **begun)
    return {"Name": begun["Name"]}


# Textract.


def located(**members: Any) -> Maker:
    """A document in S3."""

    def maker(life: Life) -> dict[str, Any]:
        life.mock.s3["docs/letter.pdf"] = LETTER
        return {"DocumentLocation": PLACE, **members}

    return maker


def begun(kind: str, **members: Any) -> Maker:
    """A job that has ended."""

    def maker(life: Life) -> dict[str, Any]:
        job = ask(life.mock, f"textract.Start{kind}", **located(**members)(life))["JobId"]
        life.settle()
        return {"JobId": job}

    return maker


FORMS = {"FeatureTypes": ["FORMS"]}
DETECTED = ["DetectFaces", "DetectLabels", "DetectModerationLabels", "DetectText", "RecognizeCelebrities"]

REQUESTS: Mapping[str, Maker] = {
    **dict.fromkeys((f"rekognition.{name}" for name in DETECTED), given(**IMAGE)),
    "rekognition.DetectProtectiveEquipment": given(**IMAGE),
    "rekognition.CompareFaces": given(SourceImage=IMAGE["Image"], TargetImage=IMAGE["Image"]),
    "rekognition.GetCelebrityInfo": recognized,
    "rekognition.IndexFaces": of_faces(**IMAGE),
    "rekognition.SearchFaces": of_faces("FaceId"),
    "rekognition.SearchFacesByImage": of_faces(**IMAGE),
    "rekognition.SearchUsers": of_faces("UserId"),
    "rekognition.SearchUsersByImage": of_faces(**IMAGE),
    "rekognition.DeleteFaces": of_faces("FaceIds"),
    "rekognition.AssociateFaces": of_faces("UserId", "FaceIds"),
    "rekognition.DisassociateFaces": associated,
    "rekognition.UpdateDatasetEntries": dataset,
    "rekognition.DistributeDatasetEntries": both_datasets,
    "rekognition.StartProjectVersion": lambda life: {
        "ProjectVersionArn": model(life)["ProjectVersionArn"],
        "MinInferenceUnits": 1,
    },
    "rekognition.StopProjectVersion": running(),
    "rekognition.DetectCustomLabels": running(**IMAGE),
    "rekognition.CopyProjectVersion": copied,
    "rekognition.StartStreamProcessor": processor,
    "rekognition.StopStreamProcessor": streaming,
    "textract.DetectDocumentText": given(Document=DOCUMENT),
    "textract.AnalyzeDocument": given(Document=DOCUMENT, **FORMS),
    "textract.AnalyzeExpense": given(Document=DOCUMENT),
    "textract.AnalyzeID": given(DocumentPages=[DOCUMENT]),
    "textract.StartDocumentTextDetection": located(),
    "textract.StartDocumentAnalysis": located(**FORMS),
    "textract.StartExpenseAnalysis": located(),
    "textract.StartLendingAnalysis": located(),
    "textract.GetDocumentTextDetection": begun("DocumentTextDetection"),
    "textract.GetDocumentAnalysis": begun("DocumentAnalysis", **FORMS),
    "textract.GetExpenseAnalysis": begun("ExpenseAnalysis"),
    "textract.GetLendingAnalysis": begun("LendingAnalysis"),
    "textract.GetLendingAnalysisSummary": begun("LendingAnalysis"),
}
