"""Scripted answers of which a part is told: the rest is the usual answer's."""

from __future__ import annotations

import boto3
import pytest
from aiservices_mocks import Mock, mock_ai
from aiservices_mocks.completion import completed, essential, is_whole

from aiservices.api.model import load
from aiservices.errors import InvalidCallError, ServiceError
from tests.mocks.worlds import ask, small_mock

AWFUL = {"Text": "The food was awful.", "LanguageCode": "en"}
SPEECH = {"Text": "hello", "OutputFormat": "pcm", "VoiceId": "Joanna"}
LINE = [{"BlockType": "LINE", "Text": "as told"}]


def test_the_rest_is_computed_from_the_request():
    mock = Mock()
    usual = ask(mock, "comprehend.DetectSentiment", **AWFUL)
    mock.on("comprehend.DetectSentiment").returns({"Sentiment": "MIXED"})
    reply = ask(mock, "comprehend.DetectSentiment", **AWFUL)
    assert (reply["Sentiment"], reply["SentimentScore"]) == ("MIXED", usual["SentimentScore"])
    assert reply["ResponseMetadata"]["AIServices"] == {"backend": "mock", "fidelity": "scripted"}


def test_structures_are_completed_and_lists_are_as_given():
    mock = Mock()
    mock.on("comprehend.DetectSentiment").returns({"SentimentScore": {"Positive": 0.5}})
    reply = ask(mock, "comprehend.DetectSentiment", **AWFUL)
    assert reply["SentimentScore"]["Positive"] == 0.5
    assert reply["SentimentScore"]["Negative"] > 0.5
    assert reply["Sentiment"] == "NEGATIVE"
    mock.on("comprehend.DetectEntities").returns({"Entities": [{"Text": "told"}]})
    assert ask(mock, "comprehend.DetectEntities", **AWFUL)["Entities"] == [{"Text": "told"}]


def test_what_a_function_returns_is_completed_too():
    mock = Mock()
    mock.on("comprehend.DetectSentiment").calls(lambda params: {"Sentiment": params["Text"][:3].upper()})
    reply = ask(mock, "comprehend.DetectSentiment", **AWFUL)
    assert reply["Sentiment"] == "THE"
    assert reply["SentimentScore"]["Negative"] > 0.5


def test_a_list_that_is_given_has_no_further_page():
    mock = small_mock()
    for name in "abcde":
        ask(mock, "polly.PutLexicon", Name=name, Content="x")
    assert ask(mock, "polly.ListLexicons")["NextToken"]
    mock.on("polly.ListLexicons").returns({"Lexicons": [{"Name": "told"}]}, times=1)
    reply = ask(mock, "polly.ListLexicons")
    assert (reply["Lexicons"], "NextToken" in reply) == ([{"Name": "told"}], False)
    mock.on("polly.ListLexicons").returns({"NextToken": "more"}, times=1)
    reply = ask(mock, "polly.ListLexicons")
    assert (len(reply["Lexicons"]), reply["NextToken"]) == (2, "more")


def test_what_changes_something_is_not_carried_out():
    mock = Mock()
    mock.on("kendra.CreateIndex").returns({})
    reply = ask(mock, "kendra.CreateIndex", Name="docs", RoleArn="arn:aws:iam::123456789012:role/r")
    assert len(reply["Id"]) == 36
    assert ask(mock, "kendra.ListIndices")["IndexConfigurationSummaryItems"] == []


def test_an_image_that_is_none_can_have_an_answer():
    mock = Mock()
    mock.on("textract.AnalyzeDocument", Document={"Bytes": b"told"}).returns({"Blocks": LINE})
    reply = ask(mock, "textract.AnalyzeDocument", Document={"Bytes": b"told"}, FeatureTypes=["FORMS"])
    assert reply["Blocks"] == LINE
    assert reply["DocumentMetadata"]["Pages"] >= 0
    with pytest.raises(ServiceError, match="UnsupportedDocument"):
        ask(mock, "textract.AnalyzeDocument", Document={"Bytes": b"another"}, FeatureTypes=["FORMS"])


def test_contents_choose_the_calls():
    mock = Mock()
    mock.on("rekognition.DetectLabels", Image={"Bytes": lambda image: image.startswith(b"cat")}).returns(
        {"Labels": [{"Name": "Cat", "Confidence": 99.0}]}
    )
    labels = ask(mock, "rekognition.DetectLabels", Image={"Bytes": bytearray(b"cat 1")})["Labels"]
    assert [label["Name"] for label in labels] == ["Cat"]
    with pytest.raises(ServiceError):
        ask(mock, "rekognition.DetectLabels", Image={"Bytes": b"dog 1"})


def test_strict_mode_makes_nothing_up():
    mock = Mock(strict=True)
    mock.on("textract.AnalyzeDocument").returns({"Blocks": LINE})
    reply = ask(mock, "textract.AnalyzeDocument", Document={"Bytes": b"told"}, FeatureTypes=["FORMS"])
    assert reply.keys() == {"Blocks", "ResponseMetadata"}


@pytest.mark.parametrize("fast", [True, False])
def test_a_stream_is_told_as_bytes_also_in_raw_boto3(fast):
    with mock_ai(fast=fast) as mock:
        mock.on("polly.SynthesizeSpeech").returns({"AudioStream": b"\0\1\2"})
        polly = boto3.client("polly", region_name="us-east-1")
        for _ in range(2):
            spoken = polly.synthesize_speech(**SPEECH)
            assert spoken["AudioStream"].read() == b"\0\1\2"
            assert (spoken["ContentType"], spoken["RequestCharacters"]) == ("audio/pcm", 5)


def test_a_wrong_member_names_the_right_one_wherever_it_stands():
    mock = Mock()
    for reply, right in (
        ({"Sentimnt": "MIXED"}, "Sentiment"),
        ({"SentimentScore": {"positive": 1.0}}, "Positive"),
    ):
        with pytest.raises(InvalidCallError, match=f'did you mean "{right}"'):
            mock.on("comprehend.DetectSentiment").returns(reply)


def test_a_whole_answer_is_not_computed():
    mock = Mock()
    scores = dict.fromkeys(("Positive", "Negative", "Neutral", "Mixed"), 0.25)
    mock.on("comprehend.DetectSentiment").returns({"Sentiment": "MIXED", "SentimentScore": scores})
    sentiment = load("comprehend").operation("DetectSentiment")
    assert is_whole(sentiment, {"Sentiment": "MIXED", "SentimentScore": scores})
    assert not is_whole(sentiment, {"Sentiment": "MIXED", "SentimentScore": {}})
    assert is_whole(load("polly").operation("ListLexicons"), {"Lexicons": []})
    assert ask(mock, "comprehend.DetectSentiment", **AWFUL)["SentimentScore"]["Positive"] == 0.25


def test_unions_and_maps_are_as_given():
    query = load("forecastquery").operation("QueryForecast")
    given = {"Forecast": {"Predictions": {"p50": []}}}
    assert completed(query, given, {"Forecast": {"Predictions": {"p10": []}}}) == given
    resource = load("kendra").operation("Query")
    assert essential(resource, {"TotalNumberOfResults": 3, "ResponseMetadata": {}}) == {}
