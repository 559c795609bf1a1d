"""How AWS counts: billed units by price row, from a request and its reply.

What the reply says it billed comes before what the request holds. Characters are code points. A function returns
None when nobody knows how AWS would count, and an empty dict when AWS bills nothing. The rules and their sources stand
in `prices.json`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from ..call import Params, Reply

Units = dict[str, Decimal]
Count = Callable[[Params, Reply], Units | None]


# Comprehend: 1 unit is 100 characters, at least 3 units a request, or a document of a batch.


def hundreds(text: str) -> int:
    """Comprehend's units of one document."""
    return max(3, -(-len(text) // 100))


def _text(row: str, params: Params, reply: Reply) -> Units | None:
    return {row: Decimal(hundreds(params["Text"]))}


def _texts(row: str, params: Params, reply: Reply) -> Units | None:
    """Each document on its own; what stands in the ErrorList was not analysed, and is not billed."""
    failed = {error["Index"] for error in reply.get("ErrorList", ())}
    billed = [hundreds(text) for index, text in enumerate(params["TextList"]) if index not in failed]
    return {row: Decimal(sum(billed))} if billed else {}


def _segments(row: str, params: Params, reply: Reply) -> Units | None:
    """The minimum is the request's: its segments count together."""
    return {row: Decimal(hundreds("".join(segment["Text"] for segment in params["TextSegments"])))}


def _entities(params: Params, reply: Reply) -> Units | None:
    return _of_endpoint(params, reply) if params.get("EndpointArn") else _text("comprehend.nlp_standard", params, reply)


def _classification(params: Params, reply: Reply) -> Units | None:
    if str(params["EndpointArn"]).endswith(":aws:document-classifier-endpoint/prompt-safety"):
        return _text("comprehend.prompt_safety", params, reply)
    return _of_endpoint(params, reply)


_READ_BY_COMPREHEND = frozenset(
    ("PLAIN_TEXT", "NATIVE_PDF", "MS_WORD", "TEXTRACT_DETECT_DOCUMENT_TEXT_JSON", "TEXTRACT_ANALYZE_DOCUMENT_JSON")
)


def _of_endpoint(params: Params, reply: Reply) -> Units | None:
    """An endpoint is billed by its seconds, not by calls; what Textract reads for it may be, which AWS does not say."""
    if params.get("Bytes") is None:
        return {}
    kinds = {page["Type"] for page in reply["DocumentType"]}
    forced = (params.get("DocumentReaderConfig") or {}).get("DocumentReadMode") == "FORCE_DOCUMENT_READ_ACTION"
    return {} if kinds and kinds <= _READ_BY_COMPREHEND and not (forced and "NATIVE_PDF" in kinds) else None


# Polly: 1 unit is a character, without SSML's tags. Speech marks are a request like any other.

_ENGINES = {
    "standard": "polly.standard",
    "neural": "polly.neural",
    "long-form": "polly.long_form",
    "generative": "polly.generative",
}


def speech(params: Params, reply: Reply) -> Units | None:
    """The characters that the reply bills, at the price of the engine."""
    row = _ENGINES.get(params.get("Engine") or "standard")
    if row is None:
        return None
    return {row: Decimal(int(reply["RequestCharacters"]))}


# Textract: 1 unit is a page, at the price of the features that one request combines.


def pages(row: str, params: Params, reply: Reply) -> Units | None:
    """The pages that the reply names."""
    return {row: Decimal(reply["DocumentMetadata"]["Pages"])}


def analysis(params: Params, reply: Reply) -> Units | None:
    """The pages, by each row of the features."""
    rows = analysis_rows(params["FeatureTypes"], bool((params.get("AdaptersConfig") or {}).get("Adapters")))
    if rows is None:
        return None
    return dict.fromkeys(rows, Decimal(reply["DocumentMetadata"]["Pages"]))


def analysis_rows(features: list[str], adapted: bool = False) -> list[str] | None:
    """The price rows of AnalyzeDocument's feature types; each page is billed once by each row.

    adapted: queries go through adapters. None when a feature is not known.
    """
    wanted = set(features)
    if not wanted or wanted - {"FORMS", "TABLES", "QUERIES", "LAYOUT", "SIGNATURES"}:
        return None
    forms_or_tables = wanted & {"FORMS", "TABLES"}
    rows = _main_rows(wanted, adapted and "QUERIES" in wanted)
    if "LAYOUT" in wanted and not forms_or_tables:
        rows.append("textract.layout")
    if "SIGNATURES" in wanted and not forms_or_tables and "LAYOUT" not in wanted:
        rows.append("textract.signatures")
    return rows


def _main_rows(wanted: set[str], adapted: bool) -> list[str]:
    order = ("QUERIES", "FORMS", "TABLES") if adapted else ("FORMS", "TABLES", "QUERIES")
    names = [feature.lower() for feature in order if feature in wanted]
    if adapted:
        return ["textract.custom_" + "_".join(names)]
    if "queries" in names:
        return ["textract." + "_".join(names)]
    # Forms and tables have no price of their own together: each moves its own counter.
    return ["textract." + name for name in names]


# Translate: 1 unit is a character of the source text, white space included.


def _translation(params: Params, reply: Reply) -> Units | None:
    if _is_same_language(params, reply):
        return {}
    return {"translate.text": Decimal(len(params["Text"]))}


def _document(params: Params, reply: Reply) -> Units | None:
    """Text and HTML as they stand, markup included; of Word what its paragraphs say."""
    if _is_same_language(params, reply):
        return {}
    content, kind = params["Document"]["Content"], params["Document"]["ContentType"].partition(";")[0].strip().lower()
    if kind in ("text/plain", "text/html"):
        return {"translate.document_text_html": Decimal(len(bytes(content).decode("utf-8-sig")))}
    if kind == "application/vnd.openxmlformats-officedocument.wordprocessingml.document":
        from .docx import characters_of_docx

        characters = characters_of_docx(bytes(content))
        return None if characters is None else {"translate.document_docx": Decimal(characters)}
    return None


def _is_same_language(params: Params, reply: Reply) -> bool:
    source = reply.get("SourceLanguageCode") or params["SourceLanguageCode"]
    target: str = reply.get("TargetLanguageCode") or params["TargetLanguageCode"]
    return bool(source == target)


# Rekognition: 1 unit is a call on an image.

_ONE = Decimal(1)


def _one(row: str, params: Params, reply: Reply) -> Units | None:
    return {row: _ONE}


def _labels(params: Params, reply: Reply) -> Units | None:
    """Labels and image properties are two items of the bill."""
    rows = {"GENERAL_LABELS": "rekognition.image_group2", "IMAGE_PROPERTIES": "rekognition.image_properties"}
    wanted = params.get("Features") or ["GENERAL_LABELS"]
    return {rows[feature]: _ONE for feature in wanted} if rows.keys() >= set(wanted) else None


def _moderation(params: Params, reply: Reply) -> Units | None:
    adapted = params.get("ProjectVersion") is not None
    return {"rekognition.custom_moderation_adapter" if adapted else "rekognition.image_group2": _ONE}


# Lex: 1 unit is a request, a user's turn.


def _turn(params: Params, reply: Reply) -> Units | None:
    kind = str(params["requestContentType"]).lower()
    if kind.startswith("audio/"):
        return {"lexv2.speech_request": _ONE}
    return {"lexv2.text_request": _ONE} if kind.startswith("text/") else None


# Personalize: data by the gigabyte, taken as 1,000,000,000 bytes of the request's JSON.

GIGABYTE = Decimal(1_000_000_000)


def _records(params: Params, reply: Reply) -> Units | None:
    size = len(json.dumps(params, default=str, ensure_ascii=False, separators=(",", ":")).encode())
    return {"personalize.ingestion": size / GIGABYTE}


# Fraud Detector: 1 unit is an event that was scored, at the price of the kind of model.

_MODELS = {
    "ONLINE_FRAUD_INSIGHTS": "frauddetector.prediction_ofi",
    "TRANSACTION_FRAUD_INSIGHTS": "frauddetector.prediction_tfi",
    "ACCOUNT_TAKEOVER_INSIGHTS": "frauddetector.prediction_ati",
}


def _prediction(params: Params, reply: Reply) -> Units | None:
    """Rules without a model have a price of their own; of several kinds AWS does not say what is billed."""
    kinds = {score["modelVersion"]["modelType"] for score in reply.get("modelScores") or ()}
    if not kinds:
        return {"frauddetector.prediction_rules": _ONE}
    row = _MODELS.get(kinds.pop()) if len(kinds) == 1 else None
    return None if row is None else {row: _ONE}


def _each(
    service: str, count: Callable[[str, Params, Reply], Units | None], rows: Mapping[str, str]
) -> dict[Any, Count]:
    return {
        (service, operation): partial(count, row)
        for row, operations in rows.items()
        for operation in operations.split()
    }


COUNTS: Mapping[tuple[str, str], Count] = {
    **_each(
        "comprehend",
        _text,
        {
            "comprehend.nlp_standard": "DetectDominantLanguage DetectKeyPhrases DetectSentiment"
            " DetectTargetedSentiment",
            "comprehend.syntax": "DetectSyntax",
            "comprehend.pii_detect": "DetectPiiEntities",
            "comprehend.pii_contains": "ContainsPiiEntities",
        },
    ),
    **_each(
        "comprehend",
        _texts,
        {
            "comprehend.nlp_standard": "BatchDetectDominantLanguage BatchDetectEntities BatchDetectKeyPhrases"
            " BatchDetectSentiment BatchDetectTargetedSentiment",
            "comprehend.syntax": "BatchDetectSyntax",
        },
    ),
    **_each("comprehend", _segments, {"comprehend.toxicity": "DetectToxicContent"}),
    ("comprehend", "DetectEntities"): _entities,
    ("comprehend", "ClassifyDocument"): _classification,
    ("polly", "SynthesizeSpeech"): speech,
    **_each(
        "textract",
        pages,
        {
            "textract.detect_text": "DetectDocumentText",
            "textract.expense": "AnalyzeExpense",
            "textract.identity": "AnalyzeID",
        },
    ),
    ("textract", "AnalyzeDocument"): analysis,
    ("translate", "TranslateText"): _translation,
    ("translate", "TranslateDocument"): _document,
    **_each(
        "rekognition",
        _one,
        {
            "rekognition.image_group1": "AssociateFaces CompareFaces DisassociateFaces IndexFaces SearchFaces"
            " SearchFacesByImage SearchUsers SearchUsersByImage",
            "rekognition.image_group2": "DetectFaces DetectProtectiveEquipment DetectText RecognizeCelebrities",
        },
    ),
    **_each("lexv2-runtime", _one, {"lexv2.text_request": "RecognizeText"}),
    ("lexv2-runtime", "RecognizeUtterance"): _turn,
    **{
        ("personalize-events", operation): _records
        for operation in ("PutActionInteractions", "PutActions", "PutEvents", "PutItems", "PutUsers")
    },
    ("frauddetector", "GetEventPrediction"): _prediction,
    ("rekognition", "DetectLabels"): _labels,
    ("rekognition", "DetectModerationLabels"): _moderation,
}
"""The operations whose units are counted from one request and its reply."""
