"""Requests about texts, speech and bots that the tables and the model alone cannot make right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from tests.mocks import talking
from tests.mocks.bot_parts import POLICY, guarded
from tests.mocks.custom_models import CLASSES, serve
from tests.mocks.lived_in import PLS
from tests.mocks.lives import Life
from tests.mocks.worlds import ask

Maker = Callable[[Life], dict[str, Any]]
PERIOD = {"startDateTime": datetime(2020, 1, 1, tzinfo=UTC), "endDateTime": datetime(2100, 1, 1, tzinfo=UTC)}
WORDS = {"SourceLanguageCode": "en", "TargetLanguageCode": "fr"}


def given(**members: Any) -> Maker:
    """A request that needs nothing to be there."""
    return lambda life: members


def made(life: Life) -> dict[str, Any]:
    """What names one of the row that the operation belongs to, when it is in its last state."""
    named: dict[str, Any] = life.create(0)
    life.settle()
    return named


def changed(**members: Any) -> Maker:
    """The change of one to these members."""
    return lambda life: made(life) | members


# Comprehend, Translate, Polly.


def served(life: Life) -> dict[str, Any]:
    """A text for a classifier that has an endpoint."""
    serve(life.mock)
    return {"EndpointArn": CLASSES, "Text": "Claim your free prize"}


def trained(life: Life) -> dict[str, Any]:
    """A model to copy."""
    return {"SourceModelArn": life.used("DocumentClassifier"), "ModelName": "copied"}


def imported(life: Life) -> dict[str, Any]:
    """Parallel data, and another file for it."""
    named = made(life)
    life.mock.s3["pairs/more.csv"] = "en,fr\nBye!,Au revoir !\n"
    return {**named, "ParallelDataConfig": {"S3Uri": "s3://pairs/more.csv", "Format": "CSV"}, "ClientToken": "more"}


def lexicon(life: Life) -> dict[str, Any]:
    """A lexicon that is there."""
    ask(life.mock, "polly.PutLexicon", Name="web", Content=PLS)
    return {"Name": "web"}


def tagged_lexicon(**members: Any) -> Maker:
    """A lexicon with a tag."""

    def maker(life: Life) -> dict[str, Any]:
        ask(life.mock, "polly.PutLexicon", **lexicon(life), Content=PLS, Tags={"team": "web"})
        shown = ask(life.mock, "polly.GetLexicon", Name="web")
        return {"ResourceArn": shown["LexiconAttributes"]["LexiconArn"], **members}

    return maker


# Lex.


def draft(life: Life) -> dict[str, Any]:
    """The draft of the bot that understands "hello"."""
    return {"botId": talking.bot(life.mock)["botId"], "botVersion": "DRAFT", "localeId": "en_US"}


def building(life: Life) -> dict[str, Any]:
    """A draft that is being built."""
    of = draft(life)
    ask(life.mock, "lexv2-models.BuildBotLocale", **of)
    return of


def word(life: Life) -> dict[str, Any]:
    """A draft with a word of its own."""
    of = draft(life)
    ask(life.mock, "lexv2-models.BatchCreateCustomVocabularyItem", **of, customVocabularyItemList=[{"phrase": "peony"}])
    return of


def items(**members: Any) -> Maker:
    """The word of a draft, as a list."""

    def maker(life: Life) -> dict[str, Any]:
        of = word(life)
        (item,) = ask(life.mock, "lexv2-models.ListCustomVocabularyItems", **of)["customVocabularyItems"]
        return {**of, "customVocabularyItemList": [{"itemId": item["itemId"], **members}]}

    return maker


def statement(life: Life) -> dict[str, Any]:
    """A statement for the policy of a bot."""
    arn = guarded(life.mock, 0)["resourceArn"]
    user = {"arn": "arn:aws:iam::123456789012:user/ann"}
    return {
        "resourceArn": arn,
        "statementId": "one",
        "effect": "Allow",
        "principal": [user],
        "action": ["lex:RecognizeText"],
    }


def stated(life: Life) -> dict[str, Any]:
    """A statement that is in a policy."""
    one = statement(life)
    ask(life.mock, "lexv2-models.CreateResourcePolicyStatement", **one)
    return {name: one[name] for name in ("resourceArn", "statementId")}


def kept_tests(**members: Any) -> Maker:
    """A test set that is there."""
    return lambda life: {"testSetId": talking.tested(life.mock, 0)["testSetId"], **members}


def talked(**members: Any) -> Maker:
    """A bot that somebody talked to."""

    def maker(life: Life) -> dict[str, Any]:
        ask(life.mock, "lexv2-runtime.RecognizeText", **talking.text(life.mock))
        return {"botId": talking.bot(life.mock)["botId"], **PERIOD, **members}

    return maker


def recommendation(life: Life) -> dict[str, Any]:
    """A recommendation that has ended."""
    of, source = draft(life), talking.recommended(life.mock, 0)["transcriptSourceSetting"]
    for number in range(3):
        life.mock.s3[f"transcripts/{number}.json"] = talking.transcript("Please cancel my booking", "Of course")
    begun = ask(life.mock, "lexv2-models.StartBotRecommendation", **of, transcriptSourceSetting=source)
    life.settle()
    return {**of, "botRecommendationId": begun["botRecommendationId"]}


def transcripts(life: Life) -> dict[str, Any]:
    """The transcripts of an intent that was recommended."""
    of = recommendation(life)
    intent = ask(life.mock, "lexv2-models.ListRecommendedIntents", **of)["summaryList"][0]
    return {**of, "filters": [{"name": "IntentId", "values": [intent["intentId"]]}]}


def session(life: Life) -> dict[str, Any]:
    """A conversation that has begun."""
    said = talking.text(life.mock)
    ask(life.mock, "lexv2-runtime.RecognizeText", **said)
    return {name: value for name, value in said.items() if name != "text"}


LAST_WEEK = {"relativeAggregationDuration": {"timeDimension": "Weeks", "timeValue": 1}}

REQUESTS: Mapping[str, Maker] = {
    "comprehend.ClassifyDocument": served,
    "comprehend.DetectEntities": given(Text="Jeff Bezos founded Amazon.", LanguageCode="en"),
    "comprehend.DetectToxicContent": given(TextSegments=[{"Text": "You fool"}], LanguageCode="en"),
    "comprehend.ImportModel": trained,
    "translate.TranslateDocument": given(Document={"Content": b"Hello", "ContentType": "text/plain"}, **WORDS),
    "translate.TranslateText": given(Text="Hello", **WORDS),
    "translate.UpdateParallelData": imported,
    "transcribe.UpdateVocabulary": changed(LanguageCode="en-US", Phrases=["Aachen"]),
    "transcribe.UpdateVocabularyFilter": changed(Words=["drat"]),
    "polly.PutLexicon": given(Name="web", Content=PLS),
    "polly.GetLexicon": lexicon,
    "polly.DeleteLexicon": lexicon,
    "polly.TagResource": tagged_lexicon(Tags={"stage": "test"}),
    "polly.UntagResource": tagged_lexicon(TagKeys=["team"]),
    "polly.ListTagsForResource": tagged_lexicon(),
    "polly.SynthesizeSpeech": given(Text="Hello", VoiceId="Joanna", OutputFormat="mp3"),
    "lexv2-models.BatchDeleteCustomVocabularyItem": items(),
    "lexv2-models.BatchUpdateCustomVocabularyItem": items(phrase="aster"),
    "lexv2-models.DeleteCustomVocabulary": word,
    "lexv2-models.DescribeCustomVocabularyMetadata": word,
    "lexv2-models.ListCustomVocabularyItems": word,
    "lexv2-models.BuildBotLocale": draft,
    "lexv2-models.CreateResourcePolicyStatement": statement,
    "lexv2-models.DeleteResourcePolicyStatement": stated,
    "lexv2-models.UpdateResourcePolicy": changed(policy=POLICY),
    "lexv2-models.DescribeTestSet": kept_tests(),
    "lexv2-models.DeleteTestSet": kept_tests(),
    "lexv2-models.ListTestSetRecords": kept_tests(),
    "lexv2-models.UpdateTestSet": kept_tests(testSetName="renamed"),
    "lexv2-models.ListIntentPaths": talked(intentPath="/"),
    "lexv2-models.ListIntentStageMetrics": talked(metrics=[{"name": "Count", "statistic": "Sum"}]),
    "lexv2-models.ListUtteranceAnalyticsData": talked(),
    "lexv2-models.ListAggregatedUtterances": lambda life: draft(life) | {"aggregationDuration": LAST_WEEK},
    "lexv2-models.ListRecommendedIntents": recommendation,
    "lexv2-models.SearchAssociatedTranscripts": transcripts,
    "lexv2-runtime.RecognizeText": lambda life: talking.text(life.mock),
    "lexv2-runtime.RecognizeUtterance": lambda life: talking.utterance(life.mock),
    "lexv2-runtime.GetSession": session,
    "lexv2-runtime.DeleteSession": session,
    "lexv2-runtime.PutSession": lambda life: (
        session(life) | {"sessionState": {"dialogAction": {"type": "ElicitIntent"}}}
    ),
}
