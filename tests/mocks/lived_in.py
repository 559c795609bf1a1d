"""A world in which something of every kind is kept, what it looks like as a whole, and requests that it answers."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from typing import Any

from aiservices_mocks import Mock
from hypothesis import strategies as st

from tests.documents import Leaf, pdf
from tests.mocks import demand, fraud, shop, talking
from tests.mocks.custom_models import CLASSES, serve
from tests.mocks.made import RESCORED, indexed, plan, profiled, reviewed, scanned
from tests.mocks.worlds import ask
from tests.pictures import png

PLS = (
    '<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en-US">'
    "<lexeme><grapheme>W3C</grapheme><alias>World Wide Web Consortium</alias></lexeme></lexicon>"
)


def letter(*texts: str) -> bytes:
    """A PDF with a text on each page."""
    leaves = []
    for text in texts:
        leaves.append(leaf := Leaf())
        leaf.text(60, 80, text)
    return pdf(*leaves)


LETTER = letter("first page", "second page")
PLACE = {"S3Object": {"Bucket": "docs", "Name": "letter.pdf"}}


class LivedIn:
    """A mock with lexicons, a job, objects and an upload that has not ended."""

    def __init__(self, seed: int = 5) -> None:
        self.mock = Mock(seed=seed)
        self.mock.s3["docs/letter.pdf"] = LETTER
        self.upload = ask(self.mock, "s3.CreateMultipartUpload", Bucket="docs", Key="big")["UploadId"]
        ask(self.mock, "s3.UploadPart", Bucket="docs", Key="big", UploadId=self.upload, PartNumber=1, Body=b"part")
        for name in ("one", "two"):
            ask(self.mock, "polly.PutLexicon", Name=name, Content=PLS)
        start = {"DocumentLocation": PLACE, "ClientRequestToken": "begun"}
        self.text_job = ask(self.mock, "textract.StartDocumentTextDetection", **start)["JobId"]
        self.analysis = ask(self.mock, "textract.StartDocumentAnalysis", **start, FeatureTypes=["FORMS"])["JobId"]

    def state(self) -> Any:
        """All that the world remembers, but how many ids it has given."""
        world = self.mock.world
        tables = {key: dict(table) for key, table in world.store._tables.items() if table}
        objects: Any = world.s3.own
        return deepcopy((tables, objects._buckets, objects._uploads, world.clock.now()))


Inputs = Callable[[LivedIn], st.SearchStrategy[dict[str, Any]]]

_WORDS = st.text("abc dé😀.,!", min_size=1, max_size=60).filter(str.strip)
_PRINTED = st.text("abc dé.,!", min_size=1, max_size=60).filter(str.strip)
_VOICES = st.sampled_from([("Joanna", "neural"), ("Joanna", "standard"), ("Hans", "standard"), ("Mizuki", "standard")])
_FORMATS = st.sampled_from([("mp3", "22050"), ("ogg_vorbis", "8000"), ("pcm", "16000"), ("pcm", "8000")])


def _speech(words: str, voice: tuple[str, str], form: tuple[str, str], ssml: bool) -> dict[str, Any]:
    text = f"<speak>{words}</speak>" if ssml else words
    return {
        "Text": text, "TextType": "ssml" if ssml else "text", "VoiceId": voice[0], "Engine": voice[1],
        "OutputFormat": form[0], "SampleRate": form[1],
    }  # fmt: skip


_SPEECH = st.builds(_speech, _WORDS, _VOICES, _FORMATS, st.booleans())
_DOCUMENT = _PRINTED.map(lambda words: {"Bytes": letter(words)}) | st.just({"Bytes": letter("name: value")})
_FEATURES = st.sampled_from([["FORMS"], ["TABLES"], ["TABLES", "FORMS"], ["LAYOUT", "SIGNATURES"]])
_SIZE = st.none() | st.integers(1, 9)
_LOCALE = st.fixed_dictionaries({"localeId": st.sampled_from(["en_US", "ko_KR"])})


def _job(id: str, size: int | None) -> dict[str, Any]:
    return {"JobId": id} | ({"MaxResults": size} if size else {})


def _text(languages: list[str]) -> Inputs:
    return lambda world: st.fixed_dictionaries({"Text": _WORDS, "LanguageCode": st.sampled_from(languages)})


def _served(world: LivedIn) -> str:
    serve(world.mock)
    return CLASSES


def _begun(world: LivedIn, kind: str) -> str:
    return str(ask(world.mock, f"textract.Start{kind}Analysis", DocumentLocation=PLACE)["JobId"])


def _times(world: LivedIn) -> dict[str, Any]:
    now, group = world.mock.clock.now(), profiled(world.mock)
    return {"profilingGroupName": group, "startTime": now, "endTime": now + timedelta(hours=1)}


INPUTS: dict[str, Inputs] = {
    "comprehend.ClassifyDocument": lambda world: st.fixed_dictionaries(
        {"Text": _WORDS, "EndpointArn": st.just(_served(world))}
    ),
    "comprehend.DetectToxicContent": lambda world: st.fixed_dictionaries(
        {
            "TextSegments": st.lists(st.fixed_dictionaries({"Text": _WORDS}), min_size=1, max_size=3),
            "LanguageCode": st.just("en"),
        }
    ),
    "comprehend.DetectTargetedSentiment": _text(["en"]),
    "comprehend.DetectEntities": _text(["en"]),
    "comprehend.ContainsPiiEntities": _text(["en"]),
    "comprehend.DetectPiiEntities": _text(["en"]),
    "polly.SynthesizeSpeech": lambda world: _SPEECH,
    "polly.DescribeVoices": lambda world: st.sampled_from([{}, {"LanguageCode": "en-GB"}, {"Engine": "neural"}]),
    "polly.PutLexicon": lambda world: st.fixed_dictionaries(
        {"Name": st.from_regex(r"\A[0-9A-Za-z]{1,20}\Z"), "Content": st.just(PLS)}
    ),
    "polly.GetLexicon": lambda world: st.sampled_from([{"Name": "one"}, {"Name": "two"}]),
    "polly.DeleteLexicon": lambda world: st.just({"Name": "one"}),
    "polly.ListLexicons": lambda world: st.just({}),
    "lexv2-models.ListBuiltInIntents": lambda world: _LOCALE,
    "lexv2-models.ListBuiltInSlotTypes": lambda world: _LOCALE,
    "lexv2-runtime.RecognizeText": lambda world: st.builds(talking.text, st.just(world.mock), _WORDS),
    "lexv2-runtime.RecognizeUtterance": lambda world: st.builds(talking.utterance, st.just(world.mock), _WORDS),
    "rekognition.DetectText": lambda world: st.sampled_from([{"Image": {"Bytes": png(seed)}} for seed in (0, 255)]),
    "textract.DetectDocumentText": lambda world: st.fixed_dictionaries({"Document": _DOCUMENT}),
    "textract.AnalyzeDocument": lambda world: st.fixed_dictionaries({"Document": _DOCUMENT, "FeatureTypes": _FEATURES}),
    "textract.StartDocumentTextDetection": lambda world: st.just({"DocumentLocation": PLACE}),
    "textract.StartDocumentAnalysis": lambda world: st.fixed_dictionaries(
        {"DocumentLocation": st.just(PLACE), "FeatureTypes": _FEATURES}
    ),
    "textract.GetDocumentTextDetection": lambda world: st.builds(_job, st.just(world.text_job), _SIZE),
    "textract.GetDocumentAnalysis": lambda world: st.builds(_job, st.just(world.analysis), _SIZE),
    "textract.AnalyzeExpense": lambda world: st.fixed_dictionaries({"Document": _DOCUMENT}),
    "textract.AnalyzeID": lambda world: st.fixed_dictionaries(
        {"DocumentPages": st.lists(_DOCUMENT, min_size=1, max_size=2)}
    ),
    "textract.GetExpenseAnalysis": lambda world: st.builds(_job, st.just(_begun(world, "Expense")), _SIZE),
    "textract.GetLendingAnalysis": lambda world: st.builds(_job, st.just(_begun(world, "Lending")), _SIZE),
    "textract.GetLendingAnalysisSummary": lambda world: st.just({"JobId": _begun(world, "Lending")}),
    "kendra.Query": lambda world: st.fixed_dictionaries({"IndexId": st.just(indexed(world.mock)), "QueryText": _WORDS}),
    "kendra.Retrieve": lambda world: st.just({"IndexId": indexed(world.mock), "QueryText": "When does the shop open?"}),
    "kendra-ranking.Rescore": lambda world: st.fixed_dictionaries(
        {"RescoreExecutionPlanId": st.just(plan(world.mock)), "SearchQuery": _WORDS, "Documents": st.just(RESCORED)}
    ),
    "codeguru-reviewer.ListRecommendations": lambda world: st.just({"CodeReviewArn": reviewed(world.mock)}),
    "codeguru-security.GetFindings": lambda world: st.just({"scanName": scanned(world.mock)[0]["resource"]["id"]}),
    "codeguruprofiler.GetProfile": lambda world: st.just(_times(world)),
    "codeguruprofiler.BatchGetFrameMetricData": lambda world: st.just(_times(world)),
    "codeguruprofiler.GetRecommendations": lambda world: st.just(_times(world)),
    "frauddetector.GetEventPrediction": lambda world: st.builds(
        fraud.event, st.integers(0, 99).map(str), st.just(fraud.shop(world.mock, "$price > 10") or "US")
    ),
    "personalize.DescribeRecipe": lambda world: st.just({"recipeArn": f"{shop.RECIPE}aws-sims"}),
    "personalize.DescribeAlgorithm": lambda world: st.just(
        {"algorithmArn": "arn:aws:personalize:::algorithm/aws-sims"}
    ),
    "personalize.DescribeFeatureTransformation": lambda world: st.just(
        {"featureTransformationArn": "arn:aws:personalize:::feature-transformation/sims"}
    ),
    "personalize-runtime.GetRecommendations": lambda world: st.fixed_dictionaries(
        {
            "campaignArn": st.just(shop.answering(world.mock, "aws-user-personalization")),
            "userId": st.sampled_from(["user-1", "nobody"]),
            "numResults": st.integers(0, 500),
        }
    ),
    "personalize-runtime.GetPersonalizedRanking": lambda world: st.fixed_dictionaries(
        {
            "campaignArn": st.just(shop.answering(world.mock, "aws-personalized-ranking")),
            "userId": st.sampled_from(["user-1", "nobody"]),
            "inputList": st.lists(st.sampled_from(["item-1", "item-2", "nothing"])),
        }
    ),
    "personalize-runtime.GetActionRecommendations": lambda world: st.fixed_dictionaries(
        {
            "campaignArn": st.just(shop.answering(world.mock, "aws-next-best-action")),
            "userId": st.sampled_from(["user-1", "nobody"]),
        }
    ),
    "forecast.GetAccuracyMetrics": lambda world: st.just({"PredictorArn": demand.predictor(world.mock)}),
    "forecastquery.QueryForecast": lambda world: st.fixed_dictionaries(
        {
            "ForecastArn": st.just(demand.forecast(world.mock)),
            "Filters": st.sampled_from([{"item_id": "a"}, {"item_id": "b"}]),
        }
    ),
    "forecastquery.QueryWhatIfForecast": lambda world: st.just(
        {"WhatIfForecastArn": demand.what_if(world.mock), "Filters": {"item_id": "b"}}
    ),
}
"""Valid requests where the model alone does not tell what is one: texts in a language, documents, things that exist."""
