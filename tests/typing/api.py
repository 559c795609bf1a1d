"""What type checkers see of the AWS surface. Checked by mypy and pyright, both strict; never run."""

# pyright: strict

from datetime import datetime
from decimal import Decimal
from typing import Any, assert_type

from aiservices import AI, AsyncAI
from aiservices.api import comprehend, lexv2_models, polly, textract
from aiservices.api.comprehend import DetectSentimentResponse, SentimentType
from aiservices.api.structure import Meta, Readable


def operations(ai: AI) -> None:
    reply = ai.comprehend.detect_sentiment(text="Merci !", language_code="fr")
    assert_type(reply, DetectSentimentResponse)
    assert_type(reply.sentiment_score, comprehend.SentimentScore)
    assert_type(reply.raw, dict[str, Any])
    assert_type(reply.meta, Meta)
    assert_type(reply.meta.cost, Decimal | None)
    mood: SentimentType = reply.sentiment
    text: str = reply.sentiment
    print(mood, text)

    ai.comprehend.detect_sentiment(text="x")  # type: ignore[call-arg]  # language_code is required
    ai.comprehend.detect_sentiment(text=5, language_code="en")  # type: ignore[arg-type]  # must be found
    ai.comprehend.detect_sentiment("x", "en")  # type: ignore[call-arg]  # by name only
    ai.comprehend.detect_sentiment(txt="x", language_code="en")  # type: ignore[call-arg]  # must be found
    ai.comprehend.detect_irony(text="x")  # type: ignore[attr-defined]  # must be found
    reply.sentimnt  # type: ignore[attr-defined]  # noqa: B018
    reply.sentiment = "MIXED"  # type: ignore[misc]  # frozen


def parameters(ai: AI) -> None:
    ai.textract.analyze_document(document={"Bytes": b"%PDF"}, feature_types=("TABLES", "a new one"))
    ai.textract.analyze_document(document=textract.Document(bytes=b"%PDF"), feature_types=["TABLES"])
    ai.textract.analyze_document(document="file.pdf", feature_types=[])  # type: ignore[arg-type]  # must be found
    ai.polly.list_lexicons(next_token=None)
    ai.lex.create_bot(
        bot_name="shop",
        role_arn="arn",
        data_privacy=lexv2_models.DataPrivacy(child_directed=False),
        idle_session_ttl_in_seconds=60,
        bot_tags={"team": "x"},
    )
    ai.comprehend.list_endpoints(filter=comprehend.EndpointFilter(creation_time_before=datetime.now()))


def replies(ai: AI) -> None:
    voice = ai.polly.describe_voices(language_code="en-GB").voices[0]
    assert_type(voice, polly.Voice)
    assert_type(voice.supported_engines, list[polly.Engine])
    name: str = voice.id
    speech = ai.polly.synthesize_speech(text="hi", output_format="mp3", voice_id=name)
    assert_type(speech.audio_stream, Readable)
    assert_type(speech.audio_stream.read(), bytes)
    block = ai.textract.detect_document_text(document={}).blocks[0]
    assert_type(block.text, str | None)
    assert_type(block.row_index, int | None)
    assert_type(ai.comprehend.describe_endpoint(endpoint_arn="a").endpoint_properties.creation_time, datetime)
    assert_type(ai.lex.list_bots().bot_summaries, list[lexv2_models.BotSummary])
    assert_type(ai.kendra.query(index_id="i").total_number_of_results, int | None)
    block.text.upper()  # type: ignore[union-attr]  # must be found


def parts(ai: AI) -> None:
    ai.kendra.ranking.rescore(rescore_execution_plan_id="p", search_query="q", documents=[])
    ai.codeguru.reviewer.list_code_reviews(type="PullRequest")
    ai.codeguru.profiler.list_profiling_groups()
    ai.codeguru.security.list_scans()
    ai.lex.recognize_text(bot_id="b", bot_alias_id="a", locale_id="en_US", session_id="s", text="hi")
    ai.forecast.query_forecast(forecast_arn="a", filters={"item_id": "x"})
    ai.personalize.get_recommendations(campaign_arn="a")
    ai.fraud_detector.get_event_prediction(
        detector_id="d", event_id="e", event_type_name="t", entities=[], event_timestamp="t", event_variables={}
    )


def values() -> None:
    request = comprehend.DetectSentimentRequest(text="x", language_code="en")
    assert_type(request.text, str)
    assert_type(request.to_aws(), dict[str, Any])
    comprehend.DetectSentimentRequest(text="x")  # type: ignore[call-arg]  # must be found
    textract.S3Object(bucket="b", nam="n")  # type: ignore[call-arg]  # must be found
    print(dict(**request))


async def coroutines(ai: AsyncAI) -> None:
    reply = await ai.comprehend.detect_sentiment(text="Merci !", language_code="fr")
    assert_type(reply, DetectSentimentResponse)
    print(ai.comprehend.detect_sentiment(text="x", language_code="en").sentiment)  # type: ignore[attr-defined]  # must be found
    await ai.comprehend.detect_sentiment(txt="x", language_code="en")  # type: ignore[call-arg]  # must be found
    plans = await ai.kendra.ranking.list_rescore_execution_plans()
    assert_type(plans.next_token, str | None)
    await ai.codeguru.reviewer.list_code_reviews(type="PullRequest")
    await ai.forecast.query_forecast(forecast_arn="a", filters={"item_id": "x"})
