"""What AWS has closed or ended is told once, and the call goes out."""

from __future__ import annotations

import re
import warnings
from datetime import date

import pytest
from aiservices_mocks import mock_ai

from aiservices import AI, Settings, lifecycle
from aiservices.api.model import load
from aiservices.call import SERVICES, Call
from aiservices.errors import LifecycleWarning


@pytest.fixture(autouse=True)
def nothing_told_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "_warned", set())


def told(*products: str) -> list[str]:
    with mock_ai(), warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        with AI(backend="aws", settings=Settings(region="us-east-1")) as ai:
            for product in products:
                if product == "forecast":
                    assert ai.forecast.list_datasets().datasets == []
                else:
                    assert ai.comprehend.list_endpoints().endpoint_properties_list == []
    return [str(one.message) for one in found if one.category is LifecycleWarning]


def test_a_closed_product_is_told_once_and_called_all_the_same() -> None:
    (text,) = told("forecast", "forecast")
    assert re.match(r"Amazon Forecast is closed to new customers since 2024-07-29; AWS recommends .*Canvas", text)
    assert "mock" in text
    assert told("forecast") == []


def test_an_open_product_is_not_talked_about() -> None:
    assert told("comprehend") == []


@pytest.mark.parametrize(
    ("service", "operation", "what"),
    [
        ("comprehend", "StartTopicsDetectionJob", "topic modeling"),
        ("comprehend", "DetectSentiment", None),
        ("rekognition", "StartPersonTracking", "people pathing"),
        ("codeguru-security", "CreateScan", "CodeGuru Security"),
        ("codeguruprofiler", "ListProfilingGroups", None),
        ("s3", "PutObject", None),
    ],
)
def test_features_have_notices_of_their_own(service: str, operation: str, what: str | None) -> None:
    notice = lifecycle.about(Call(service, operation, {}))
    assert (notice is None) == (what is None)
    assert what is None or what in str(notice)


def test_notices_are_of_the_model_dated_and_have_sources() -> None:
    for notice in lifecycle.notices():
        assert set(notice.services) <= set(SERVICES)
        assert set(notice.operations) <= set().union(*(load(service).operations for service in notice.services))
        assert date.fromisoformat(notice.since) <= date.fromisoformat(lifecycle.as_of())
        assert notice.state in ("closed", "gone")
        assert all(source.startswith("https://") for source in notice.sources)


def test_an_endpoint_of_ones_own_is_not_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    with mock_ai(), warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        settings = Settings(region="us-east-1", endpoint_url="http://127.0.0.1:9")
        with AI(backend="aws", settings=settings) as ai:
            ai.forecast.list_datasets()
    assert [one for one in found if one.category is LifecycleWarning] == []
