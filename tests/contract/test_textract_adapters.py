"""Textract's adapters on every backend of the rig: made, trained on examples, measured, and used."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiservices_mocks import Mock

from aiservices.errors import BadRequestError, ServiceError
from tests.mocks.made import ASKED, annotations, manifest, note_of, note_pdf

LINE = b'{"source-ref": "s3://adapters/%s", "annotations-ref": "s3://adapters/%s"}'


def code_of(error: pytest.ExceptionInfo[ServiceError]) -> str:
    return error.value.code


def adapter(ai: Any, name: str = "receipts", **settings: Any) -> str:
    return str(ai.textract.create_adapter(adapter_name=name, feature_types=["QUERIES"], **settings).adapter_id)


def version(ai: Any, id: str, dataset: dict[str, Any]) -> str:
    made = ai.textract.create_adapter_version(
        adapter_id=id, dataset_config=dataset, output_config={"S3Bucket": "adapters"}
    )
    return str(made.adapter_version)


def test_an_adapter_is_made_shown_changed_and_listed(ai: Any, mock: Mock) -> None:
    id = adapter(ai, description="of shops", tags={"team": "a"})
    found = ai.textract.get_adapter(adapter_id=id)
    assert (found.adapter_name, found.auto_update, found.tags) == ("receipts", "DISABLED", {"team": "a"})
    assert ai.textract.update_adapter(adapter_id=id, auto_update="ENABLED").auto_update == "ENABLED"
    arn = f"arn:aws:textract:us-east-1:123456789012:/adapters/{id}"
    ai.textract.tag_resource(resource_arn=arn, tags={"stage": "test"})
    ai.textract.untag_resource(resource_arn=arn, tag_keys=["team"])
    assert ai.textract.list_tags_for_resource(resource_arn=arn).tags == {"stage": "test"}
    then = mock.clock.now()
    mock.clock.advance(days=1)
    other = adapter(ai, "other")

    def listed(**times: Any) -> list[str]:
        return [one.adapter_id for one in ai.textract.list_adapters(**times).adapters]

    assert listed() == [id, other]
    assert listed(after_creation_time=then) == [other]
    assert listed(before_creation_time=mock.clock.now()) == [id]
    with pytest.raises(ServiceError) as caught:
        ai.textract.create_adapter(adapter_name="x", feature_types=["TABLES"])
    assert code_of(caught) == "InvalidParameterException"


def test_a_version_is_trained_on_the_documents_of_its_manifest(ai: Any, mock: Mock) -> None:
    id = adapter(ai)
    first = version(ai, id, manifest(mock))
    with pytest.raises(ServiceError) as caught:
        ai.textract.delete_adapter_version(adapter_id=id, adapter_version=first)
    assert code_of(caught) == "ConflictException"
    found = ai.textract.get_adapter_version(adapter_id=id, adapter_version=first)
    assert (first, found.status, found.feature_types) == ("1", "ACTIVE", ["QUERIES"])
    (metrics,) = found.evaluation_metrics
    assert metrics.feature_type == "QUERIES"
    assert (metrics.baseline.f1_score, metrics.adapter_version.f1_score) == (0.0, 1.0)
    assert version(ai, id, manifest(mock)) == "2"
    shown = ai.textract.list_adapter_versions(adapter_id=id, max_results=1)
    assert [one.adapter_version for one in shown.adapter_versions] == ["1"]
    more = ai.textract.list_adapter_versions(adapter_id=id, max_results=1, next_token=shown.next_token)
    assert [one.adapter_version for one in more.adapter_versions] == ["2"]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (b"no json", "Line 1 of the manifest is no JSON"),
        (LINE % (b"nothing.pdf", b"0.json"), "Line 1 of the manifest names an object"),
        (LINE % (b"0.pdf", b"nothing.json"), "Line 1 of the manifest names an object"),
        (LINE % (b"0.json", b"0.json"), "Line 1 of the manifest names a document that cannot be read"),
        (LINE % (b"0.pdf", b"0.pdf"), "Line 1 of the manifest names annotations that are no QUERY blocks"),
        (LINE % (b"0.pdf", b"empty.json"), "Line 1 of the manifest names annotations without a QUERY block"),
        (b'{"source-ref": "s3://adapters/0.pdf"}', "Line 1 of the manifest is no JSON"),
        (LINE % (b"0.pdf", b"0.json"), "The dataset has 0 documents to train with and 1 to test with"),
    ],
)
def test_a_version_fails_when_its_dataset_is_not_there(ai: Any, mock: Mock, lines: bytes, reason: str) -> None:
    dataset = manifest(mock)
    mock.s3["adapters/manifest.jsonl"] = lines
    mock.s3["adapters/empty.json"] = b'{"Blocks": []}'
    id = adapter(ai)
    made = version(ai, id, dataset)
    found = ai.textract.get_adapter_version(adapter_id=id, adapter_version=made)
    assert found.status == "CREATION_ERROR"
    assert found.status_message.startswith(reason)


def test_a_version_needs_its_manifest_a_bucket_and_an_adapter(ai: Any, mock: Mock) -> None:
    id, dataset = adapter(ai), manifest(mock)
    nothing = {"ManifestS3Object": {"Bucket": "adapters", "Name": "nothing"}}
    for adapter_id, given, bucket, code in (
        (id, nothing, "adapters", "InvalidS3ObjectException"),
        (id, dataset, "no-bucket", "InvalidS3ObjectException"),
        ("0" * 12, dataset, "adapters", "ResourceNotFoundException"),
    ):
        with pytest.raises(ServiceError) as caught:
            ai.textract.create_adapter_version(
                adapter_id=adapter_id, dataset_config=given, output_config={"S3Bucket": bucket}
            )
        assert code_of(caught) == code


def answers(ai: Any, data: bytes, *asked: str, **config: Any) -> list[str]:
    """What a document answers, question by question; empty: nothing."""
    reply = ai.textract.analyze_document(
        document={"Bytes": data},
        feature_types=["QUERIES"],
        queries_config={"Queries": [{"Text": text} for text in asked]},
        **config,
    )
    results = {block.id: block.text for block in reply.blocks if block.block_type == "QUERY_RESULT"}
    queries = [block for block in reply.blocks if block.block_type == "QUERY"]
    return [results[one.relationships[0].ids[0]] if one.relationships else "" for one in queries]


def test_an_adapter_answers_by_what_it_learnt(ai: Any, mock: Mock) -> None:
    id = adapter(ai)
    made = version(ai, id, manifest(mock))
    config = {"Adapters": [{"AdapterId": id, "Version": made}]}
    for number in (40, 53):
        data, fields = note_pdf(number), note_of(number)
        assert answers(ai, data, *ASKED) == ["", ""]
        assert answers(ai, data, *ASKED, adapters_config=config) == [fields[label] for label in ASKED.values()]
    assert answers(ai, data, "Who is the issuer?", "What is the tariff?", adapters_config=config)[1] == fields["Tariff"]


def test_a_version_learns_what_its_examples_say(ai: Any, mock: Mock) -> None:
    """With other answers to the same questions the next version answers otherwise, and is measured by itself."""
    id, dataset = adapter(ai), manifest(mock)
    for number in range(10):
        fields = note_of(number)
        mock.s3[f"adapters/{number}.json"] = annotations(
            {"Who is the patient?": fields["Issued by"], "What is the total?": fields["Tariff"] if number < 5 else ""}
        )
    split = [{"dataset-type": "TRAIN" if number < 5 else "TEST"} for number in range(10)]
    lines = [
        json.loads(line) | more
        for line, more in zip(mock.s3["adapters/manifest.jsonl"].splitlines(), split, strict=True)
    ]
    mock.s3["adapters/manifest.jsonl"] = "\n".join(map(json.dumps, lines))
    made = version(ai, id, dataset)
    config = {"Adapters": [{"AdapterId": id, "Version": made, "Pages": ["*"]}]}
    fields = note_of(77)
    assert answers(ai, note_pdf(77), *ASKED, adapters_config=config) == [fields["Issued by"], fields["Tariff"]]
    (metrics,) = ai.textract.get_adapter_version(adapter_id=id, adapter_version=made).evaluation_metrics
    # Half of what is tested has no answer, and the version gives one all the same.
    assert (metrics.adapter_version.precision, metrics.adapter_version.recall) == (0.5, 1.0)


def test_what_cannot_be_asked_with_an_adapter(ai: Any, mock: Mock) -> None:
    id = adapter(ai)
    made = version(ai, id, manifest(mock))
    right = {"AdapterId": id, "Version": made}
    for features, adapters in (
        (["FORMS"], [right]),
        (["QUERIES"], [right | {"Version": "7"}]),
        (["QUERIES"], [right | {"AdapterId": "0" * 12}]),
        (["QUERIES"], [right, right]),
        (["QUERIES"], [right | {"Pages": ["2"]}]),
    ):
        asked = {"queries_config": {"Queries": [{"Text": "Who?"}]}} if "QUERIES" in features else {}
        with pytest.raises(BadRequestError) as caught:
            ai.textract.analyze_document(
                document={"Bytes": note_pdf(1)}, feature_types=features, adapters_config={"Adapters": adapters}, **asked
            )
        assert code_of(caught) == "InvalidParameterException"


def test_a_job_uses_an_adapter_on_the_pages_it_is_for(ai: Any, mock: Mock) -> None:
    from tests.documents import Leaf, pdf

    id = adapter(ai)
    made = version(ai, id, manifest(mock))
    leaves = []
    for number in (31, 32):
        leaves.append(leaf := Leaf())
        for row, (label, value) in enumerate(note_of(number).items()):
            leaf.text(60, 100 + 24 * row, f"{label}:")
            leaf.text(200, 100 + 24 * row, value)
    mock.s3["docs/two.pdf"] = pdf(*leaves)
    job = ai.textract.start_document_analysis(
        document_location={"S3Object": {"Bucket": "docs", "Name": "two.pdf"}},
        feature_types=["QUERIES"],
        queries_config={"Queries": [{"Text": "Who is the patient?", "Pages": ["1-2"]}]},
        adapters_config={"Adapters": [{"AdapterId": id, "Version": made, "Pages": ["2"]}]},
    ).job_id
    found = [one for one in ai.textract.get_document_analysis(job_id=job).blocks if one.block_type == "QUERY_RESULT"]
    assert [(one.page, one.text) for one in found] == [(2, note_of(32)["Bearer"])]
