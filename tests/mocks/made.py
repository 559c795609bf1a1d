"""Things in a mock's world that several tests ask about: reviewed and scanned code, profiles."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from aiservices_mocks import Mock

from tests.documents import Leaf, pdf
from tests.mocks.worlds import ask

CODE = """import subprocess

password = "hunter2-hunter2"


def run(command, seen=[]):
    try:
        subprocess.run(command, shell=True)
    except:
        pass
"""
"""Two findings of security and two of quality."""


def zipped(**files: str) -> bytes:
    """A zip archive of Python files, by their names without the ending."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.py", text)
    return made.getvalue()


def associated(mock: Mock, name: str = "shop") -> str:
    """The ARN of an associated bucket that holds a zip of code."""
    mock.s3[f"codeguru-reviewer-{name}/code.zip"] = zipped(app=CODE)
    repository = {"S3Bucket": {"Name": name, "BucketName": f"codeguru-reviewer-{name}"}}
    for known in ask(mock, "codeguru-reviewer.ListRepositoryAssociations")["RepositoryAssociationSummaries"]:
        if known["Name"] == name:
            return str(known["AssociationArn"])
    made = ask(mock, "codeguru-reviewer.AssociateRepository", Repository=repository)["RepositoryAssociation"]
    mock.clock.advance(minutes=5)
    return str(made["AssociationArn"])


def code_of(name: str = "shop") -> dict[str, Any]:
    """What a review of that bucket is of."""
    artifacts = {"SourceCodeArtifactsObjectKey": "code.zip"}
    details = {"BucketName": f"codeguru-reviewer-{name}", "CodeArtifacts": artifacts}
    return {"RepositoryAnalysis": {"SourceCodeType": {"S3BucketRepository": {"Name": name, "Details": details}}}}


def reviewed(mock: Mock) -> str:
    """The ARN of a completed code review."""
    arn = associated(mock)
    review = ask(mock, "codeguru-reviewer.CreateCodeReview", Name="r", RepositoryAssociationArn=arn, Type=code_of())
    mock.clock.advance(hours=1)
    return str(review["CodeReview"]["CodeReviewArn"])


def uploaded(mock: Mock, text: str = CODE, name: str = "shop") -> str:
    """The id of uploaded code."""
    place = ask(mock, "codeguru-security.CreateUploadUrl", scanName=name)
    key = place["s3Url"].split(".invalid/")[1]
    mock.s3[f"codeguru-security/{key}"] = zipped(app=text)
    return str(place["codeArtifactId"])


def scanned(mock: Mock, text: str = CODE, name: str = "shop") -> list[dict[str, Any]]:
    """The open findings of a scan that has ended."""
    resource = {"codeArtifactId": uploaded(mock, text, name)}
    ask(mock, "codeguru-security.CreateScan", scanName=name, resourceId=resource, analysisType="All")
    mock.clock.advance(hours=1)
    found: list[dict[str, Any]] = ask(mock, "codeguru-security.GetFindings", scanName=name)["findings"]
    return found


def profile(mock: Mock, **stacks: float) -> bytes:
    """A profile of now; stacks: frames with `__` between them, and how often they were seen."""
    graph: dict[str, Any] = {}
    for stack, count in stacks.items():
        node = graph
        for frame in stack.split("__"):
            node = node.setdefault("children", {}).setdefault(frame.replace("_", ":"), {})
        node["counts"] = {"WALL_TIME": count}
    start = int(mock.clock.now().timestamp() * 1000)
    return json.dumps({"start": start, "end": start + 60_000, "callgraph": graph}).encode()


def profiled(mock: Mock, **stacks: float) -> str:
    """The name of a profiling group that got a profile."""
    names = ask(mock, "codeguruprofiler.ListProfilingGroups")["profilingGroupNames"]
    if "shop" not in names:
        ask(mock, "codeguruprofiler.CreateProfilingGroup", profilingGroupName="shop", clientToken="made")
    data = profile(mock, **(stacks or {"main__re_compile": 3, "main__work": 1}))
    posted = {"profilingGroupName": "shop", "contentType": "application/json", "agentProfile": data}
    ask(mock, "codeguruprofiler.PostAgentProfile", **posted)
    return "shop"


def invoice() -> bytes:
    """A PDF with fields and a table of items."""
    leaf = Leaf()
    leaf.text(60, 60, "ACME Corp Invoice")
    leaf.text(60, 100, "Invoice Number: 4711")
    leaf.text(60, 120, "Invoice Date: 2026-01-05")
    leaf.text(60, 140, "Favourite colour: blue")
    rows = (("Description", "Qty", "Price"), ("Blue chair", "2", "$20.00"), ("Table", "1", "$80.00"))
    for y, row in enumerate(rows):
        for x, text in enumerate(row):
            leaf.rect(60 + 150 * x, 180 + 24 * y, 150, 24)
            leaf.text(66 + 150 * x, 196 + 24 * y, text)
    leaf.text(60, 300, "Total: $120.00")
    return pdf(leaf)


ASKED = {"Who is the patient?": "Bearer", "What is the total?": "Grand payable"}
"""Questions to the notes that an adapter is trained on, and the labels there, which do not have the questions' words."""


def note_of(number: int) -> dict[str, str]:
    """What is on a note, by its labels."""
    names = ("Ada Lopez", "Hugo Keller", "Pia Jansen", "Noor Haddad", "Ines Duarte")
    fields = {
        "Grand payable": f"${13 * number + 20}.50",
        "Bearer": names[number % 5],
        "Tariff": f"${7 * number + 5}.00",
        "Issued by": names[(number + 2) % 5],
    }
    order = sorted(fields, key=lambda label: (number * len(label)) % 7)
    return {label: fields[label] for label in order}


def note_pdf(number: int) -> bytes:
    """A note as a document."""
    leaf = Leaf()
    leaf.text(60, 60, "Ward note")
    for row, (label, value) in enumerate(note_of(number).items()):
        leaf.text(60, 100 + 24 * row, f"{label}:")
        leaf.text(200, 100 + 24 * row, value)
    return pdf(leaf)


def annotations(answers: dict[str, str]) -> bytes:
    """An annotation file: questions with their answers; an empty one is none."""
    blocks: list[dict[str, Any]] = []
    for number, (question, text) in enumerate(answers.items()):
        block: dict[str, Any] = {"BlockType": "QUERY", "Id": f"q{number}", "Query": {"Text": question}}
        if text:
            block["Relationships"] = [{"Type": "ANSWER", "Ids": [f"r{number}"]}]
            blocks.append({"BlockType": "QUERY_RESULT", "Id": f"r{number}", "Text": text})
        blocks.append(block)
    return json.dumps({"Blocks": blocks}).encode()


def manifest(mock: Mock, documents: int = 10) -> dict[str, Any]:
    """The place of a dataset for an adapter: notes, with two questions about each."""
    mock.s3["adapters/out/.keep"] = b""
    for number in range(documents):
        fields = note_of(number)
        mock.s3[f"adapters/{number}.pdf"] = note_pdf(number)
        mock.s3[f"adapters/{number}.json"] = annotations({asked: fields[label] for asked, label in ASKED.items()})
    lines = [
        json.dumps({"source-ref": f"s3://adapters/{n}.pdf", "annotations-ref": f"s3://adapters/{n}.json"})
        for n in range(documents)
    ]
    mock.s3["adapters/manifest.jsonl"] = "\n".join(lines)
    return {"ManifestS3Object": {"Bucket": "adapters", "Name": "manifest.jsonl"}}


def faq(mock: Mock, text: str = "When do you open?,At nine.,https://example.com/hours\n") -> dict[str, str]:
    """The place of a file of questions and answers."""
    mock.s3["questions/faq.csv"] = text
    return {"Bucket": "questions", "Key": "faq.csv"}


def indexed(mock: Mock, **texts: str) -> str:
    """The id of an index with documents that can be found: their ids and texts."""
    role = "arn:aws:iam::123456789012:role/Kendra"
    index = str(ask(mock, "kendra.CreateIndex", Name="docs", RoleArn=role)["Id"])
    mock.clock.advance(hours=1)
    texts = texts or {"hours": "The shop opens at nine. It closes at six.", "prices": "A chair costs ten dollars."}
    documents = [{"Id": name, "Title": name, "Blob": text.encode()} for name, text in texts.items()]
    ask(mock, "kendra.BatchPutDocument", IndexId=index, Documents=documents)
    mock.clock.advance(hours=1)
    return index


def plan(mock: Mock) -> str:
    """The id of an active rescore execution plan."""
    made = str(ask(mock, "kendra-ranking.CreateRescoreExecutionPlan", Name="plan")["Id"])
    mock.clock.advance(hours=1)
    return made


RESCORED = [
    {"Id": "a", "Title": "Chairs", "Body": "What a chair costs", "OriginalScore": 1.0},
    {"Id": "b", "TokenizedTitle": ["opening", "hours"], "OriginalScore": 3.0},
]


def word_list(mock: Mock, text: str = "chair, seat\n") -> dict[str, str]:
    """The place of a file of words."""
    mock.s3["words/list.txt"] = text
    return {"Bucket": "words", "Key": "list.txt"}
