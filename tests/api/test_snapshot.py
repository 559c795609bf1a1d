"""The snapshot: botocore's models minus their prose, and the command that writes and checks it."""

import json
import subprocess
import sys

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

from aiservices.api import snapshot
from aiservices.api.model import load
from aiservices.call import SERVICES

same_version = pytest.mark.skipif(
    "snapshot.installed_version() != snapshot.committed_version()",
    reason="the models are of another botocore than the installed one",
)


def without_prose(value):
    if isinstance(value, dict):
        prose = ("documentation", "deprecatedMessage")
        return {k: without_prose(v) for k, v in value.items() if k not in prose or not isinstance(v, str)}
    return [without_prose(item) for item in value] if isinstance(value, list) else value


@same_version
@pytest.mark.parametrize("service", SERVICES)
def test_the_model_is_botocores_minus_prose(service):
    theirs, ours = Loader().load_service_model(service, "service-2"), load(service).raw
    for part in ("metadata", "operations", "shapes"):
        assert ours[part] == without_prose(theirs[part])
    text = snapshot.MODELS.joinpath(f"{service}.json").read_text("utf-8")
    assert '"documentation":"' not in text
    assert len(text) < len(json.dumps(theirs)) / 2


@pytest.mark.parametrize("service", SERVICES)
def test_fed_back_to_botocore_it_means_the_same_as_for_us(service):
    ours, theirs = load(service), ServiceModel(load(service).raw, service)
    assert {*ours.operations, *ours.not_offered} == set(theirs.operation_names)
    assert set(ours.raw["shapes"]) == set(theirs.shape_names)
    for name, operation in ours.operations.items():
        model = theirs.operation_model(name)
        for shape, other in ((operation.input, model.input_shape), (operation.output, model.output_shape)):
            assert (shape is None) == (other is None)
            if shape is not None:
                assert list(shape.members) == list(other.members)
                assert shape.required == set(other.required_members)
                assert [m.type for m in shape.members.values()] == [m.type_name for m in other.members.values()]
        assert {s.name for s in operation.errors.values()} == {s.name for s in model.error_shapes}
        assert model.has_streaming_output == any(m.streaming for m in _members(operation.output))
        assert model.has_streaming_input == any(m.streaming for m in _members(operation.input))
        assert {model.idempotent_members[0]} == {operation.idempotency_token} if model.idempotent_members else True


def _members(shape):
    return shape.members.values() if shape else ()


def test_the_committed_files_are_what_the_command_writes(capsys):
    assert snapshot.main(["--check"]) == 0, capsys.readouterr().out


def test_a_stale_file_fails_the_check(tmp_path, monkeypatch, capsys):
    stale = tmp_path / "comprehend.pyi"
    stale.write_text("class Old: ...", "utf-8")
    monkeypatch.setattr(snapshot, "stubs", lambda: {stale: "class New: ...", tmp_path / "new.pyi": ""})
    monkeypatch.setattr(snapshot, "models", dict)
    assert snapshot.main(["--check"]) == 1
    assert capsys.readouterr().out.count("not what the snapshot writes") == 2
    assert snapshot.main([]) == 0
    assert stale.read_text("utf-8") == "class New: ..."
    assert snapshot.main(["--check"]) == 0


@pytest.mark.parametrize(("installed", "code"), [("1.44.5", 0), ("1.44.4", 0), ("1.44.10", 1), ("2.0.0", 1)])
def test_a_newer_botocore_is_told(monkeypatch, capsys, installed, code):
    monkeypatch.setattr(snapshot, "committed_version", lambda: "1.44.5")
    monkeypatch.setattr(snapshot, "installed_version", lambda: installed)
    assert snapshot.main(["--outdated"]) == code
    assert f"models of botocore 1.44.5, installed {installed}" in capsys.readouterr().out


def test_models_of_another_version_are_not_compared(monkeypatch, capsys):
    monkeypatch.setattr(snapshot, "installed_version", lambda: "0.0.1")
    monkeypatch.setattr(snapshot, "stubs", dict)
    assert snapshot.main(["--check"]) == 0
    assert "models not compared" in capsys.readouterr().out


def test_the_surface_loads_no_boto3_and_types_load_late():
    script = """
import sys
import aiservices.api.comprehend, aiservices.api.pages
from aiservices.api.comprehend import ComprehendOperations
assert not {"boto3", "botocore", "httpx"} & set(sys.modules)
from aiservices.api.comprehend import DetectSentimentResponse
DetectSentimentResponse(sentiment="MIXED")
assert not {"boto3", "botocore", "httpx", "numpy"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", script], check=True)


def test_every_row_of_present_names_real_members_and_its_source():
    table = json.loads(snapshot.MODELS.parent.joinpath("present.json").read_text("utf-8"))
    from aiservices.api.shapes import types

    for row in table["rows"]:
        _, shape = types(row["service"]).sources[row["type"]]
        assert set(row["members"]) <= set(shape.members), row
        assert not set(row["members"]) & shape.required, row
        assert all(shape.members[name].type not in ("list", "map") for name in row["members"]), row
        assert all(part.split()[0] in table["sources"] for part in row["source"].split("; ")), row
    assert len({(row["service"], row["type"]) for row in table["rows"]}) == len(table["rows"])
