"""What the doctor finds, on a machine with credentials and on one without."""

from __future__ import annotations

import socket
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from aiservices import Settings, doctor
from aiservices.call import PRODUCTS


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def found(settings: Settings, network: bool = False) -> dict[str, list[doctor.Finding]]:
    told: dict[str, list[doctor.Finding]] = {}
    for one in doctor.findings(settings, network=network):
        told.setdefault(one.what, []).append(one)
    return told


def test_without_credentials_and_region_it_says_what_to_set() -> None:
    told = found(Settings())
    assert told["credentials"][0].state == "problem"
    assert "aws configure" in told["credentials"][0].told
    assert told["region"][0].state == "problem"


def test_credentials_are_named_by_where_they_come_from_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "very secret")
    told = found(Settings(region="eu-west-1"))
    assert told["credentials"] == [doctor.Finding("ok", "credentials", "found by boto3's env")]
    assert told["region"][0].told == "eu-west-1"
    assert not any(word in str(told) for word in ("AKIDEXAMPLE", "very secret"))


def test_a_profile_that_is_not_there() -> None:
    told = found(Settings(profile="nobody"))
    assert "nobody" in told["credentials"][0].told


def test_extras_tell_how_to_install_what_they_lack(monkeypatch: pytest.MonkeyPatch) -> None:
    real = doctor._is_installed
    monkeypatch.setattr(doctor, "_is_installed", lambda package: package != "soundfile" and real(package))
    told = found(Settings(region="us-east-1"))
    assert told["extra [mocks]"][0] == doctor.Finding(
        "note", "extra [mocks]", 'lacks soundfile: pip install "aiservices[mocks]"'
    )
    assert told["extra [pandas]"][0].state == "ok"


def test_quotas_are_told() -> None:
    (one,) = found(Settings())["quotas"]
    assert "service-quotas" in one.told


def test_lifecycle_is_told() -> None:
    assert any("Amazon Kendra" in one.told for one in found(Settings())["lifecycle"])


def test_whom_the_credentials_are_and_whether_endpoints_take_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "very secret")
    with socket.create_server(("127.0.0.1", 0)) as listening, mock_aws():
        boto3.client("sts", region_name="us-east-1")
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        monkeypatch.setattr(doctor, "_identity", lambda session, settings: doctor.Finding("ok", "identity", "me"))
        told = found(Settings(region="us-east-1", endpoint_url=url), network=True)
    assert told["identity"][0].told == "me"
    assert [told[f"{product} endpoint"][0].state for product in PRODUCTS] == ["ok"] * 12
    told = found(Settings(region="us-east-1", endpoint_url=url), network=True)
    assert {told[f"{product} endpoint"][0].state for product in PRODUCTS} == {"problem"}


def test_the_account_is_asked_of_sts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "very secret")
    with mock_aws():
        finding = doctor._identity(boto3.Session(region_name="us-east-1"), Settings(region="us-east-1"))
    assert finding.state == "ok"
    assert finding.told.startswith("account 123456789012")


def test_refused_credentials_and_a_dead_network_are_problems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "very secret")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    finding = doctor._identity(
        boto3.Session(region_name="us-east-1"), Settings(endpoint_url=f"http://127.0.0.1:{port}")
    )
    assert (finding.state, finding.what) == ("problem", "identity")
    assert "EndpointConnectionError" in finding.told
