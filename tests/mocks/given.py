"""What creates and starts need besides an example made from the model: files that are there, settings that fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from aiservices.api.model import load
from aiservices.call import Call
from tests.mocks import bot_parts, custom_models, demand, fraud, shop, talking
from tests.mocks.filmed import VIDEO_JOBS, filmed, labelled, many_pictures, searched
from tests.mocks.lived_in import PLS
from tests.mocks.made import associated, code_of, faq, invoice, manifest, uploaded, word_list

if TYPE_CHECKING:
    from tests.mocks.lives import Life


def nothing(life: Life, seed: int) -> dict[str, Any]:
    """What most rows need besides the example of the model."""
    return {}


def repository(life: Life, seed: int) -> dict[str, Any]:
    """One of the kinds of repositories: the model does not say that there is only one."""
    return {"Repository": {"CodeCommit": {"Name": f"shop-{seed}"}}}


def artifact(life: Life, seed: int) -> dict[str, Any]:
    """Code that a place was asked for."""
    return {"resourceId": {"codeArtifactId": uploaded(life.mock)}}


def review(life: Life, seed: int) -> dict[str, Any]:
    """A bucket with code in it."""
    return {"RepositoryAssociationArn": associated(life.mock), "Type": code_of()}


def advice(life: Life, seed: int) -> dict[str, Any]:
    """A recommendation of the review that there is."""
    life.settle()
    call = Call("codeguru-reviewer", "ListCodeReviews", {"Type": "RepositoryAnalysis"})
    arn = life.mock.send(call)["CodeReviewSummaries"][0]["CodeReviewArn"]
    found = life.mock.send(Call("codeguru-reviewer", "ListRecommendations", {"CodeReviewArn": arn}))
    return {"RecommendationId": found["RecommendationSummaries"][seed]["RecommendationId"]}


def policy(life: Life, seed: int) -> dict[str, Any]:
    """A policy that is one, without a revision before it."""
    return {"PolicyDocument": '{"Statement": [{"Effect": "Allow"}]}', "PolicyRevisionId": None}


def no_source(life: Life, seed: int) -> dict[str, Any]:
    """An empty dataset: no manifest has to be there."""
    return {"DatasetSource": None}


def terms(life: Life, seed: int) -> dict[str, Any]:
    """A file of terms that can be read."""
    return {"TerminologyData": {"File": b"en,fr\nhello,bonjour\n", "Format": "CSV"}}


def pairs(life: Life, seed: int) -> dict[str, Any]:
    """A file of parallel data that is there."""
    life.mock.s3["pairs/data.csv"] = "en,fr\nHello!,Bonjour !\n"
    return {"ParallelDataConfig": {"S3Uri": "s3://pairs/data.csv", "Format": "CSV"}}


def grouped(life: Life, seed: int, **given: Any) -> dict[str, Any]:
    """A Personalize dataset group of its own."""
    group = next(row for row in life.rows if row.noun == "DatasetGroup")
    named = life.create(seed + 3, group, domain="ECOMMERCE")
    if seed == 0:
        life.used_ones[group.noun] = named
    life.settle()
    return {**named, **given}


def recipe(name: str) -> str:
    return f"arn:aws:personalize:::recipe/{name}"


def avro(life: Life, seed: int) -> dict[str, Any]:
    """A schema that Personalize takes for datasets of items, users and interactions."""
    return {"schema": shop.avro(("USER_ID", "ITEM_ID", "TIMESTAMP"))}


def transfer(life: Life, seed: int) -> dict[str, Any]:
    """A file of records that any of these datasets takes, and names users; and a bucket to write to."""
    life.mock.s3["shop/records.csv"] = shop.table(("USER_ID", "ITEM_ID", "TIMESTAMP"), [("u", "i", 1)])
    life.settle()
    return {
        "dataSource": {"dataLocation": "s3://shop/records.csv"},
        "jobOutput": {"s3DataDestination": {"path": "s3://shop/out/"}},
    }


def only(names: str, given: Callable[[Life, int], dict[str, Any]]) -> Callable[[Life, int], dict[str, Any]]:
    """Some of the members."""
    return lambda life, seed: {name: value for name, value in given(life, seed).items() if name in names.split()}


def enough(life: Life, seed: int) -> dict[str, Any]:
    """Interactions that a solution version can learn from."""
    shop.stock(life.mock, life.used("DatasetGroup"))
    return {}


def asked(line: str) -> Callable[[Life, int], dict[str, Any]]:
    """A file of questions for a batch job."""

    def given(life: Life, seed: int) -> dict[str, Any]:
        life.mock.s3["shop/questions.json"] = line
        life.settle()
        return {
            "filterArn": None,
            "numResults": 5,
            "batchInferenceJobMode": None,
            "jobInput": {"s3DataSource": {"path": "s3://shop/questions.json"}},
            "jobOutput": {"s3DataDestination": {"path": "s3://shop/answers/"}},
        }

    return given


def recommended(life: Life, seed: int) -> dict[str, Any]:
    """A group of the domain with enough views."""
    given = grouped(life, seed, recipeArn=recipe("aws-ecomm-recommended-for-you"))
    shop.stock(life.mock, given["datasetGroupArn"])
    return given


def media(life: Life, seed: int, **given: Any) -> dict[str, Any]:
    """Sound for a Transcribe job, a place for what it writes, and no settings that need more."""
    life.mock.s3["sound/talk.wav"] = b"RIFF\0\0\0\0WAVE" + SOUND + bytes(32000)
    life.mock.s3.make_bucket("results")
    create = life.operation("create")
    members = create.input.members if create and create.input else {}
    optional = {name: None for name in members if create and create.input and name not in create.input.required}
    out = {"OutputBucketName": "results"} if "OutputBucketName" in members else {}
    return {**optional, **out, "Media": {"MediaFileUri": "s3://sound/talk.wav"}, **given}


SOUND = b"fmt \x10\0\0\0\1\0\1\0\x80\x3e\0\0\0\x7d\0\0\2\0\x10\0data\0\x7d\0\0"
"""The head of a second at 16 kHz."""


def vocabulary(life: Life, seed: int, *missing: str) -> dict[str, Any]:
    """A vocabulary, or a filter, of one source: a file, or what the request has without one."""
    life.mock.s3["texts/words.txt"] = "Aachen"
    return dict.fromkeys(missing) if missing else {"VocabularyFileUri": "s3://texts/words.txt"}


def model_data(life: Life, seed: int) -> dict[str, Any]:
    """Texts for a language model."""
    life.mock.s3["texts/words.txt"] = "Aachen"
    role = "arn:aws:iam::123456789012:role/reader"
    return {"InputDataConfig": {"S3Uri": "s3://texts/", "DataAccessRoleArn": role}}


def documents(life: Life, seed: int) -> dict[str, Any]:
    """A text to translate, from and into languages that there are."""
    life.mock.s3["texts/in/a.txt"] = "Hello"
    life.mock.s3.make_bucket("results")
    named = dict.fromkeys(("TerminologyNames", "ParallelDataNames"))
    source, target = ({"S3Uri": f"s3://{place}"} for place in ("texts/in/", "results/out/"))
    languages = {"SourceLanguageCode": "en", "TargetLanguageCodes": ["fr"]}
    return {
        **named,
        **languages,
        "InputDataConfig": {**source, "ContentType": "text/plain"},
        "OutputDataConfig": target,
    }


def speech(life: Life, seed: int) -> dict[str, Any]:
    """Something that Polly says, and where to."""
    life.mock.s3.make_bucket("results")
    optional = dict.fromkeys(("LexiconNames", "LanguageCode", "SampleRate", "SpeechMarkTypes", "TextType", "Engine"))
    said = {"Text": "Hello", "VoiceId": "Joanna", "OutputFormat": "mp3"}
    return {**optional, **said, "OutputS3BucketName": "results", "OutputS3KeyPrefix": "said"}


def custom_classes(life: Life, seed: int) -> dict[str, Any]:
    """Examples that a classifier of Comprehend's can be trained with."""
    return {
        "InputDataConfig": custom_models.classifier_input(life.mock),
        "LanguageCode": "en",
        "Mode": "MULTI_CLASS",
        "OutputDataConfig": None,
    }


def custom_names(life: Life, seed: int) -> dict[str, Any]:
    """Examples that a recognizer of Comprehend's can be trained with."""
    return {"InputDataConfig": custom_models.recognizer_input(life.mock), "LanguageCode": "en"}


def flywheel(life: Life, seed: int) -> dict[str, Any]:
    """A flywheel of Comprehend's around a model, with a lake that is there."""
    life.mock.s3.make_bucket("lake")
    return {"TaskConfig": None, "ModelType": None, "DataLakeS3Uri": "s3://lake/"}


def flywheel_data(life: Life, seed: int) -> dict[str, Any]:
    """A dataset of Comprehend's that a flywheel can read."""
    config = custom_models.classifier_input(life.mock)
    life.settle()
    return {"InputDataConfig": {"DataFormat": "COMPREHEND_CSV", "DocumentClassifierInputDataConfig": config}}


def iteration(life: Life, seed: int) -> dict[str, Any]:
    """An iteration of the flywheel that was made last: that has data."""
    life.settle()
    wheels = life.mock.send(Call("comprehend", "ListFlywheels", {}))["FlywheelSummaryList"]
    config = {
        "DataFormat": "COMPREHEND_CSV",
        "DocumentClassifierInputDataConfig": custom_models.classifier_input(life.mock),
    }
    request = {"FlywheelArn": wheels[-1]["FlywheelArn"], "DatasetName": f"data-{seed}", "InputDataConfig": config}
    life.mock.send(Call("comprehend", "CreateDataset", request))
    life.settle()
    return {}


def text_job(life: Life, seed: int, **given: Any) -> dict[str, Any]:
    """A job of Comprehend's over a file of lines."""
    life.mock.s3["texts/lines.txt"] = "Jeff Bezos founded Amazon.\nWrite to jane@example.com.\n"
    places = {"InputDataConfig": {"S3Uri": "s3://texts/"}, "OutputDataConfig": {"S3Uri": "s3://texts/out"}}
    return {**places, "LanguageCode": "en", **given}


def classification(life: Life, seed: int) -> dict[str, Any]:
    """A job of Comprehend's with a classifier that is trained."""
    if "DocumentClassifier" not in life.used_ones:
        life.used("DocumentClassifier")
    arn = life.used_ones["DocumentClassifier"]["DocumentClassifierArn"]
    return text_job(life, seed, LanguageCode=None, DocumentClassifierArn=arn, FlywheelArn=None)


def history(life: Life, seed: int) -> dict[str, Any]:
    """A file for Forecast that has the columns of the dataset."""
    life.mock.s3["stock/sales.csv"] = demand.sales()
    further = ("TimeZone", "UseGeolocationForTimeZone", "GeolocationFormat", "Format", "ImportMode")
    data = {"DataSource": demand.source("s3://stock/sales.csv"), "TimestampFormat": "yyyy-MM-dd"}
    return data | dict.fromkeys(further)


def learning(life: Life, seed: int) -> dict[str, Any]:
    """A predictor of Forecast that has data to learn from."""
    given = demand.learning(life.mock)
    operation = load("forecast").operations["CreateAutoPredictor"]
    assert operation.input is not None
    return {**dict.fromkeys({*operation.input.members} - {"PredictorName"}), **given}


def about(life: Life, seed: int) -> dict[str, Any]:
    """A predictor that nothing else is about, for what a predictor has one of; it is explained as a whole."""
    config = {"TimeSeriesGranularity": "ALL", "TimePointGranularity": "ALL"}
    further = ("DataSource", "Schema", "EnableVisualization", "StartDateTime", "EndDateTime")
    arn = life.used("Predictor")
    if seed:
        arn = demand.automatic(life.mock, f"another{seed}")
    explained = {"ExplainabilityConfig": config, **dict.fromkeys(further)} if life.row.noun != "Monitor" else {}
    return {"ResourceArn": arn, **explained}


def written(life: Life, seed: int) -> dict[str, Any]:
    """A bucket to write to."""
    life.mock.s3.make_bucket("written")
    return {"Destination": demand.source("s3://written/here"), "Format": None}


def learnable(life: Life, seed: int) -> dict[str, Any]:
    """A file of events that a fraud model can learn from: they have the variable of their type for a price."""
    shown = life.mock.send(Call(life.service, "GetEventTypes", {"name": life.used("EventType")}))["eventTypes"][0]
    (price,) = shown["eventVariables"]
    life.mock.s3["events/training.csv"] = fraud.training(10_000).replace("price", price, 1)
    return {
        "trainingDataSource": "EXTERNAL_EVENTS",
        "trainingDataSchema": {**fraud.SCHEMA, "modelVariables": [price]},
        "externalEventsDetail": {"dataLocation": "s3://events/training.csv", "dataAccessRoleArn": fraud.ROLE},
        "ingestedEventsDetail": None,
    }


def judged(life: Life, seed: int) -> dict[str, Any]:
    """A file of events, and a version of a detector for them; no other job is in progress."""
    version = life.used("DetectorVersion")
    detector = life.used("Detector")
    life.mock.s3["events/new.csv"] = "EVENT_TIMESTAMP\n2026-01-01T00:00:00Z\n"
    life.settle()
    return {
        "eventTypeName": life.used("EventType"),
        "detectorName": detector,
        "detectorVersion": version,
        "inputPath": "s3://events/new.csv",
        "outputPath": "s3://events/out/",
    }


def imported(life: Life, seed: int) -> dict[str, Any]:
    """A file of events without any, and their type."""
    shown = life.mock.send(Call(life.service, "GetEventTypes", {"name": life.used("EventType")}))["eventTypes"][0]
    columns = ["EVENT_ID", "EVENT_TIMESTAMP", "ENTITY_ID", "ENTITY_TYPE", *shown["eventVariables"]]
    life.mock.s3["events/old.csv"] = ",".join(columns)
    return {"eventTypeName": shown["name"], "inputPath": "s3://events/old.csv", "outputPath": "s3://events/out/"}


def allowed(life: Life, seed: int) -> dict[str, Any]:
    """An event of the type that was made last."""
    kind = life.mock.send(Call(life.service, "GetEventTypes", {}))["eventTypes"][-1]
    return {
        "eventTimestamp": "2026-01-01T00:00:00Z",
        "eventVariables": dict.fromkeys(kind["eventVariables"], "1"),
        "entities": [{"entityType": kind["entityTypes"][0], "entityId": "one"}],
    }


def drafted(life: Life, seed: int) -> dict[str, Any]:
    """For a batch job a version without models."""
    alone = life.row.noun == "BatchPredictionJob"
    return {"modelVersions": None, "externalModelEndpoints": None} if alone else {}


IN_INDEX = (
    "Experience",
    "AccessControlConfiguration",
    "FeaturedResultsSet",
    "DataSourceSyncJob",
)


def in_index(life: Life, seed: int) -> dict[str, Any]:
    """Nothing, but an index and a data source that are ready."""
    life.settle()
    return {}


def manuals(life: Life) -> dict[str, Any]:
    """A bucket of documents."""
    life.mock.s3["manuals/one.txt"] = "Press the button."
    return {
        "CustomDocumentEnrichmentConfiguration": None,
        "Type": "S3",
        "Configuration": {"S3Configuration": {"BucketName": "manuals"}},
    }


def paper(life: Life, seed: int) -> dict[str, Any]:
    """A document that can be read."""
    life.mock.s3["papers/invoice.pdf"] = invoice()
    return {"DocumentLocation": {"S3Object": {"Bucket": "papers", "Name": "invoice.pdf"}}, "OutputConfig": None}


def words(life: Life, seed: int) -> dict[str, Any]:
    """A file of words, and an index that is ready."""
    return {**in_index(life, seed), "SourceS3Path": word_list(life.mock)}


GIVEN: Mapping[tuple[str, str], Callable[[Life, int], dict[str, Any]]] = {
    ("codeguru-reviewer", "RepositoryAssociation"): repository,
    ("comprehend", "Endpoint"): lambda life, seed: {"DesiredInferenceUnits": 1 + seed},
    ("comprehend", "DocumentClassifier"): custom_classes,
    ("comprehend", "EntityRecognizer"): custom_names,
    ("comprehend", "Flywheel"): flywheel,
    ("comprehend", "Dataset"): flywheel_data,
    ("comprehend", "FlywheelIteration"): iteration,
    ("comprehend", "DocumentClassificationJob"): classification,
    ("comprehend", "DominantLanguageDetectionJob"): lambda life, seed: text_job(life, seed, LanguageCode=None),
    ("comprehend", "TopicsDetectionJob"): lambda life, seed: text_job(life, seed, LanguageCode=None),
    ("comprehend", "PiiEntitiesDetectionJob"): lambda life, seed: text_job(
        life, seed, Mode="ONLY_OFFSETS", RedactionConfig=None
    ),
    ("comprehend", "EventsDetectionJob"): lambda life, seed: text_job(life, seed, TargetEventTypes=["BANKRUPTCY"]),
    ("comprehend", "EntitiesDetectionJob"): lambda life, seed: text_job(
        life, seed, EntityRecognizerArn=None, FlywheelArn=None
    ),
    **{("comprehend", f"{kind}DetectionJob"): text_job for kind in ("Sentiment", "TargetedSentiment", "KeyPhrases")},
    ("kendra", "DataSource"): lambda life, seed: in_index(life, seed) | manuals(life),
    ("codeguru-security", "Scan"): artifact,
    ("translate", "ParallelData"): pairs,
    ("translate", "Terminology"): terms,
    ("rekognition", "Project"): lambda life, seed: {"Feature": "CUSTOM_LABELS"},
    ("rekognition", "ProjectPolicy"): policy,
    ("rekognition", "Dataset"): no_source,
    ("personalize", "Schema"): avro,
    ("personalize", "Dataset"): lambda life, seed: {"datasetType": ("Items", "Users", "Interactions")[seed]},
    ("personalize", "EventTracker"): grouped,
    ("personalize", "MetricAttribution"): grouped,
    ("personalize", "Filter"): lambda life, seed: {"filterExpression": 'INCLUDE ItemID WHERE Items.G IN ("a")'},
    ("personalize", "Solution"): lambda life, seed: {
        "recipeArn": recipe("aws-item-affinity" if life.row.noun == "BatchSegmentJob" else "aws-similar-items"),
        "eventType": None,
        "solutionConfig": None,
    },
    ("personalize", "SolutionVersion"): enough,
    ("personalize", "DatasetImportJob"): only("dataSource", transfer),
    ("personalize", "DatasetExportJob"): only("jobOutput", transfer),
    ("personalize", "DataDeletionJob"): only("dataSource", transfer),
    ("personalize", "BatchInferenceJob"): asked('{"itemId": "item-1"}'),
    ("personalize", "BatchSegmentJob"): asked('{"itemId": "item-1"}'),
    ("personalize", "Recommender"): recommended,
    ("frauddetector", "Event"): allowed,
    ("frauddetector", "Rule"): lambda life, seed: {"expression": "true"},
    ("frauddetector", "ModelVersion"): learnable,
    ("frauddetector", "DetectorVersion"): drafted,
    ("frauddetector", "BatchImportJob"): imported,
    ("frauddetector", "BatchPredictionJob"): judged,
    ("forecast", "DatasetGroup"): lambda life, seed: {"DatasetArns": None},
    ("forecast", "Dataset"): lambda life, seed: {
        "Domain": "RETAIL",
        "DatasetType": "TARGET_TIME_SERIES",
        "DataFrequency": "D",
        "Schema": demand.schema(*demand.TARGET),
    },
    ("forecast", "DatasetImportJob"): history,
    ("forecast", "Predictor"): learning,
    ("forecast", "Forecast"): lambda life, seed: {"ForecastTypes": None, "TimeSeriesSelector": None},
    ("forecast", "WhatIfAnalysis"): lambda life, seed: {"TimeSeriesSelector": None},
    ("forecast", "WhatIfForecast"): lambda life, seed: {
        "TimeSeriesTransformations": [demand.CHEAPER],
        "TimeSeriesReplacementsDataSource": None,
    },
    ("forecast", "Explainability"): about,
    ("forecast", "Monitor"): about,
    ("forecast", "ForecastExportJob"): written,
    ("forecast", "PredictorBacktestExportJob"): written,
    ("forecast", "WhatIfForecastExport"): written,
    ("forecast", "ExplainabilityExport"): written,
    ("codeguru-reviewer", "CodeReview"): review,
    ("textract", "Adapter"): lambda life, seed: {"FeatureTypes": ["QUERIES"]},
    ("textract", "AdapterVersion"): lambda life, seed: {
        "DatasetConfig": manifest(life.mock),
        "OutputConfig": {"S3Bucket": "adapters"},
    },
    **dict.fromkeys([("textract", f"{kind}Analysis") for kind in ("Expense", "Lending")], paper),
    ("textract", "DocumentTextDetection"): paper,
    ("textract", "DocumentAnalysis"): lambda life, seed: {
        **paper(life, seed),
        "FeatureTypes": ["TABLES"],
        "QueriesConfig": None,
        "AdaptersConfig": None,
    },
    ("codeguru-reviewer", "RecommendationFeedback"): advice,
    ("kendra", "Faq"): lambda life, seed: in_index(life, seed) | {"S3Path": faq(life.mock), "FileFormat": None},
    **dict.fromkeys([("kendra", noun) for noun in IN_INDEX], in_index),
    **dict.fromkeys([("kendra", "Thesaurus"), ("kendra", "QuerySuggestionsBlockList")], words),
    **{("rekognition", noun): filmed for noun in VIDEO_JOBS},
    ("rekognition", "FaceSearch"): searched,
    ("rekognition", "MediaAnalysisJob"): many_pictures,
    ("rekognition", "ProjectVersion"): labelled,
    ("transcribe", "TranscriptionJob"): lambda life, seed: media(life, seed, LanguageCode="en-US"),
    ("transcribe", "MedicalTranscriptionJob"): lambda life, seed: media(life, seed, LanguageCode="en-US"),
    ("transcribe", "MedicalScribeJob"): lambda life, seed: media(
        life, seed, Settings={"ShowSpeakerLabels": True, "MaxSpeakerLabels": 2}
    ),
    ("transcribe", "CallAnalyticsJob"): media,
    ("transcribe", "Vocabulary"): lambda life, seed: {**vocabulary(life, seed), "Phrases": None},
    ("transcribe", "MedicalVocabulary"): vocabulary,
    ("transcribe", "VocabularyFilter"): lambda life, seed: vocabulary(life, seed, "VocabularyFilterFileUri"),
    ("transcribe", "LanguageModel"): model_data,
    ("translate", "TextTranslationJob"): documents,
    ("polly", "SpeechSynthesisTask"): speech,
    ("polly", "Lexicon"): lambda life, seed: {"Content": PLS},
    ("lexv2-models", "Bot"): lambda life, seed: {"botType": None, "botMembers": None},
    ("lexv2-models", "BotAlias"): lambda life, seed: {"botVersion": None},
    ("lexv2-models", "BotVersion"): lambda life, seed: bot_parts.versioned(life.mock, seed),
    ("lexv2-models", "BotReplica"): lambda life, seed: {"replicaRegion": bot_parts.REGIONS[seed]},
    ("lexv2-models", "BotLocale"): lambda life, seed: {"localeId": bot_parts.LOCALES[seed], "voiceSettings": None},
    ("lexv2-models", "Intent"): lambda life, seed: {"parentIntentSignature": None, "kendraConfiguration": None},
    ("lexv2-models", "SlotType"): lambda life, seed: bot_parts.CUSTOM,
    ("lexv2-models", "Slot"): lambda life, seed: bot_parts.SIMPLE,
    ("lexv2-models", "ResourcePolicy"): lambda life, seed: bot_parts.guarded(life.mock, seed),
    ("lexv2-models", "Export"): lambda life, seed: talking.exported(life.mock, seed),
    ("lexv2-models", "Import"): lambda life, seed: talking.imported(life.mock, seed),
    ("lexv2-models", "TestSetGeneration"): lambda life, seed: talking.generated(life.mock, seed),
    ("lexv2-models", "TestExecution"): lambda life, seed: talking.executed(life.mock, seed),
    ("lexv2-models", "TestSetDiscrepancyReport"): lambda life, seed: talking.tested(life.mock, seed),
    ("lexv2-models", "BotRecommendation"): lambda life, seed: talking.recommended(life.mock, seed),
    ("lexv2-models", "BotAnalyzer"): lambda life, seed: {"localeId": None},
}
"""Members of a create that an example made from the model cannot have right."""
