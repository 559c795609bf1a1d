"""The catalog says what is there: engines of replies, modules, figures, and the page about them."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from datetime import timedelta
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from aiservices_mocks import Mock
from aiservices_mocks.backend import service_class
from aiservices_mocks.engines import catalog, catalog_text
from aiservices_mocks.engines.catalog import ENGINES
from aiservices_mocks.engines.speech import espeak

from aiservices.api.model import load
from aiservices.call import PRODUCTS, SERVICES, Call
from tests.documents import Leaf, pdf, scan
from tests.mocks import demand, fraud, shop, talking
from tests.mocks.custom_models import CLASSES, NAMES, serve
from tests.mocks.made import RESCORED, indexed, plan, profiled, reviewed, scanned

ROOT = Path(__file__).parents[2]
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
LETTER = Leaf()
LETTER.text(60, 80, "Dear Ada")
PDF = pdf(LETTER)
TEXT = {"Text": "Ada lives in Lisbon.", "LanguageCode": "en"}
TEXTS = {"TextList": ["Ada lives in Lisbon."], "LanguageCode": "en"}
PROMPT = {
    "Text": TEXT["Text"],
    "EndpointArn": "arn:aws:comprehend:us-east-1:aws:document-classifier-endpoint/prompt-safety",
}
SEGMENTS = {"TextSegments": [{"Text": TEXT["Text"]}], "LanguageCode": "en"}
JOB = {"DocumentLocation": {"S3Object": {"Bucket": "staging", "Name": "letter.pdf"}}}
SPOKEN = {"Text": "Good morning.", "VoiceId": "Joanna", "OutputFormat": "pcm"}

CALLS: dict[str, list[dict[str, Any] | Callable[[Mock], dict[str, Any]]]] = {
    "comprehend.ClassifyDocument": [{"Text": TEXT["Text"], "EndpointArn": CLASSES}, PROMPT],
    "comprehend.DetectToxicContent": [SEGMENTS],
    "comprehend.DetectTargetedSentiment": [TEXT],
    "comprehend.BatchDetectTargetedSentiment": [TEXTS],
    "comprehend.DetectSentiment": [TEXT, {**TEXT, "LanguageCode": "fr"}, {**TEXT, "LanguageCode": "ja"}],
    "comprehend.DetectDominantLanguage": [{"Text": TEXT["Text"]}],
    "comprehend.DetectEntities": [
        TEXT,
        {**TEXT, "LanguageCode": "ja"},
        {"Text": TEXT["Text"], "EndpointArn": NAMES},
    ],
    "comprehend.DetectKeyPhrases": [TEXT, {**TEXT, "LanguageCode": "ja"}],
    "comprehend.DetectSyntax": [TEXT],
    "comprehend.DetectPiiEntities": [TEXT],
    "comprehend.ContainsPiiEntities": [TEXT],
    "comprehend.BatchDetectSentiment": [TEXTS],
    "comprehend.BatchDetectDominantLanguage": [{"TextList": TEXTS["TextList"]}],
    "comprehend.BatchDetectEntities": [TEXTS],
    "comprehend.BatchDetectKeyPhrases": [TEXTS],
    "comprehend.BatchDetectSyntax": [TEXTS],
    "polly.SynthesizeSpeech": [SPOKEN],
    "polly.DescribeVoices": [{}],
    "textract.DetectDocumentText": [{"Document": {"Bytes": PDF}}, {"Document": {"Bytes": scan(PDF, dpi=100)}}],
    "textract.AnalyzeDocument": [{"Document": {"Bytes": PDF}, "FeatureTypes": ["FORMS"]}],
    "rekognition.DetectText": [{"Image": {"Bytes": scan(PDF, dpi=100)}}],
    "textract.GetDocumentTextDetection": [JOB],
    "textract.GetDocumentAnalysis": [{**JOB, "FeatureTypes": ["TABLES"]}],
    "translate.ListLanguages": [{}],
    "textract.AnalyzeExpense": [{"Document": {"Bytes": PDF}}],
    "textract.AnalyzeID": [{"DocumentPages": [{"Bytes": PDF}]}],
    "textract.GetExpenseAnalysis": [JOB],
    "textract.GetLendingAnalysis": [JOB],
    "textract.GetLendingAnalysisSummary": [JOB],
    "kendra.Query": [lambda mock: {"IndexId": indexed(mock), "QueryText": "When does the shop open?"}],
    "kendra.Retrieve": [lambda mock: {"IndexId": indexed(mock), "QueryText": "When does the shop open?"}],
    "kendra-ranking.Rescore": [
        lambda mock: {"RescoreExecutionPlanId": plan(mock), "SearchQuery": "chair", "Documents": RESCORED}
    ],
    "codeguru-reviewer.ListRecommendations": [lambda mock: {"CodeReviewArn": reviewed(mock)}],
    "codeguru-security.GetFindings": [lambda mock: {"scanName": scanned(mock)[0]["resource"]["id"]}],
    "codeguru-security.BatchGetFindings": [
        lambda mock: {"findingIdentifiers": [{"scanName": "shop", "findingId": scanned(mock)[0]["id"]}]}
    ],
    "codeguruprofiler.GetProfile": [lambda mock: {"profilingGroupName": profiled(mock), "period": "PT5M"}],
    "codeguruprofiler.BatchGetFrameMetricData": [lambda mock: {"profilingGroupName": profiled(mock), "period": "PT5M"}],
    "codeguruprofiler.GetRecommendations": [
        lambda mock: {
            "profilingGroupName": profiled(mock),
            "startTime": mock.clock.now(),
            "endTime": mock.clock.now() + timedelta(hours=1),
        }
    ],
    "lexv2-models.ListBuiltInIntents": [{"localeId": "en_US"}],
    "lexv2-models.ListBuiltInSlotTypes": [{"localeId": "en_US"}],
    "lexv2-runtime.RecognizeText": [talking.text],
    "lexv2-runtime.RecognizeUtterance": [talking.utterance],
    "frauddetector.GetEventPrediction": [lambda mock: fraud.shop(mock, "$price > 10") or fraud.event("11")],
    "personalize.ListRecipes": [{}],
    "personalize.DescribeRecipe": [{"recipeArn": f"{shop.RECIPE}aws-sims"}],
    "personalize.DescribeAlgorithm": [{"algorithmArn": "arn:aws:personalize:::algorithm/aws-sims"}],
    "personalize.DescribeFeatureTransformation": [
        {"featureTransformationArn": "arn:aws:personalize:::feature-transformation/sims"}
    ],
    "personalize-runtime.GetRecommendations": [
        lambda mock: {"campaignArn": shop.answering(mock, "aws-similar-items"), "itemId": "item-1"}
    ],
    "personalize-runtime.GetPersonalizedRanking": [
        lambda mock: {
            "campaignArn": shop.answering(mock, "aws-personalized-ranking"),
            "userId": "user-1",
            "inputList": ["item-1"],
        }
    ],
    "personalize-runtime.GetActionRecommendations": [
        lambda mock: {"campaignArn": shop.answering(mock, "aws-next-best-action"), "userId": "user-1"}
    ],
    "forecast.GetAccuracyMetrics": [lambda mock: {"PredictorArn": demand.predictor(mock)}],
    "forecastquery.QueryForecast": [
        lambda mock: {"ForecastArn": demand.forecast(mock), "Filters": {"item_id": "a"}},
    ],
    "forecastquery.QueryWhatIfForecast": [
        lambda mock: {"WhatIfForecastArn": demand.what_if(mock), "Filters": {"item_id": "a"}},
    ],
}
"""For every computed operation requests that all its engines answer; for a Get, what its job is started with.

A function makes the world ready first.
"""
JOBS = {
    "GetDocumentTextDetection": "StartDocumentTextDetection",
    "GetDocumentAnalysis": "StartDocumentAnalysis",
    "GetExpenseAnalysis": "StartExpenseAnalysis",
    "GetLendingAnalysis": "StartLendingAnalysis",
    "GetLendingAnalysisSummary": "StartLendingAnalysis",
}


def engines_of(mock: Mock) -> dict[str, set[str]]:
    """Which engines every operation names."""
    mock.s3.make_bucket("staging")
    mock.s3.put("staging", "letter.pdf", PDF)
    serve(mock)
    found: dict[str, set[str]] = {}
    for name, requests in CALLS.items():
        service, operation = name.split(".")
        for request in requests:
            params = request(mock) if callable(request) else request
            if start := JOBS.get(operation):
                params = {"JobId": mock.send(Call(service, start, params))["JobId"]}
            facts = mock.send(Call(service, operation, params))["ResponseMetadata"]["AIServices"]
            found.setdefault(name, set()).update({facts["engine"]} if "engine" in facts else ())
    return found


def test_replies_name_every_engine_of_the_catalog_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [engines_of(Mock())]
    monkeypatch.setattr(espeak, "available", lambda: False)
    answers.append(engines_of(Mock()))
    found = {(SERVICES[name.split(".")[0]], engine) for answer in answers for name in answer for engine in answer[name]}
    assert found == {(engine.product, engine.name) for engine in ENGINES if not engine.step}


def test_every_computed_operation_is_asked_for_its_engine() -> None:
    computed = {
        f"{service}.{operation.name}"
        for service in SERVICES
        for operation in load(service).operations.values()
        if getattr(getattr(service_class(service), operation.python_name, None), "fidelity", "") == "computed"
    }
    assert computed == set(CALLS), "CALLS asks every computed operation, and the catalog has a row for every engine"


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def required(extra: str) -> set[str]:
    """The distributions that an extra names, those of extras inside it too."""
    found: set[str] = set()
    for requirement in EXTRAS[extra]:
        name, inner = re.match(r"([\w.-]+)(?:\[([\w,]+)\])?", requirement).groups()  # type: ignore[union-attr]  # every requirement matches
        found |= {one for part in inner.split(",") for one in required(part)} if inner else {plain(name)}
    return found


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: f"{engine.name}: {engine.computes[:20]}")
def test_the_install_command_brings_what_an_engine_needs(engine: catalog.Engine) -> None:
    assert engine.product in PRODUCTS
    assert (engine.tier == "extra") == (engine.extra not in ("", "mocks") or bool(engine.command))
    if engine.command:  # a wheel that no extra names: nothing here needs it
        assert engine.modules
        assert (engine.extra, engine.install) == ("", engine.command)
        return
    assert bool(engine.extra) == bool(engine.modules)
    distributions = packages_distributions()
    for module in engine.modules:
        assert {plain(name) for name in distributions[module]} & required(engine.extra), module
    assert engine.installed


ALONE = """
import sys
for name in {packages!r}:
    sys.modules[name] = None
from aiservices_mocks import Mock
from aiservices.call import Call
for operation, params in {calls!r}:
    reply = Mock().send(Call("comprehend", operation, params))
    print(reply["ResponseMetadata"]["AIServices"]["engine"])
"""


def test_engines_that_need_no_package_answer_without_any() -> None:
    packages = {module for engine in ENGINES for module in engine.modules}
    french, japanese = ({**TEXT, "LanguageCode": code} for code in ("fr", "ja"))
    calls = [("DetectSentiment", french), ("DetectSentiment", japanese)]
    calls += [(f"Detect{kind}", TEXT) for kind in ("Entities", "KeyPhrases", "Syntax", "PiiEntities")]
    calls += [(f"Detect{kind}", japanese) for kind in ("Entities", "KeyPhrases")]
    calls += [("DetectToxicContent", SEGMENTS), ("ClassifyDocument", PROMPT), ("DetectTargetedSentiment", TEXT)]
    script = ALONE.format(packages=packages, calls=calls)
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert set(run.stdout.split()) == {
        engine.name for engine in ENGINES if not (engine.modules or engine.step) and engine.product == "comprehend"
    }


def test_an_engine_whose_module_is_missing_is_not_installed() -> None:
    engine = catalog.Engine("x", "polly", "", "extra", "", "mocks", ("no_such_module", "json"))
    assert not engine.installed


def test_every_figure_belongs_to_an_engine_and_every_key_has_one() -> None:
    keys = [engine.key for engine in ENGINES if engine.key]
    assert len(keys) == len(set(keys))
    assert set(catalog.figures()) == set(keys)
    assert all(re.search(r"\d", figure) for figure in catalog.figures().values())


def test_the_page_shows_what_the_command_prints() -> None:
    page = (ROOT / "docs" / "engines.md").read_text("utf-8")
    shown = re.search(r"<!-- engines -->\n(.*?)\n<!-- /engines -->", page, re.DOTALL)
    assert shown
    assert shown[1].strip() == catalog_text.markdown(), "put the output of `aiservices engines --markdown` there"
