"""Recommendations: intents that are found in transcripts of conversations between people.

What customers begin with is put together by the words that it shares; slot types are not found.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any, ClassVar

from aiservices.call import Reply
from aiservices_mocks.engines import intents
from aiservices_mocks.resources import Resource, WorkFailed
from aiservices_mocks.service import stateful

from . import archive, downloads
from .asking import Asking, derived, failing, job
from .bot_files import IntentFiles, LocaleFiles, manifest, write_locale

_ALIKE = 2
"""Conversations that must want the same to make an intent of it."""
_SAMPLES = 1500
"""Sample utterances of an intent."""


def _recommended(service: Recommendations, members: Mapping[str, Any]) -> dict[str, Any]:
    source = members["transcriptSourceSetting"]["s3BucketTranscriptSource"]
    with failing():
        transcripts = list(service.transcripts(source))
    wanted = [(first, text) for text, first in transcripts if first]
    if not wanted:
        raise WorkFailed("No transcripts of conversations with a customer were found.")
    firsts = [first for first, _ in wanted]
    found: list[tuple[str, list[int]]] = []
    for cluster in intents.clusters(firsts):
        if len(cluster) >= _ALIKE:
            own, inside = [firsts[number] for number in cluster], {*cluster}
            others = [first for number, first in enumerate(firsts) if number not in inside]
            found.append((intents.title(own, others) or f"Intent{len(found) + 1}", cluster))
    named = _distinct([name for name, _ in found])
    items = [
        {
            "intentId": blake2b(f"{members['botRecommendationId']} {name}".encode(), digest_size=5).hexdigest().upper(),
            "intentName": name,
            "utterances": list(dict.fromkeys(firsts[number] for number in cluster))[:_SAMPLES],
            "transcripts": [wanted[number][1] for number in cluster],
        }
        for name, (_, cluster) in zip(named, found, strict=True)
    ]
    return {"intents": items, "botRecommendationResults": service.offered(members, items)}


class Recommendations(Asking):
    """Bot recommendations and what is in them."""

    rows: ClassVar[tuple[Resource, ...]] = (
        Resource(
            "BotRecommendation",
            "botRecommendationId",
            made="{hex10}",
            parents={"botId": "Bot", "localeId": "BotLocale"},
            keys=("botVersion",),
            life=job(
                "botRecommendationStatus",
                *(("Processing", 600), ("Available", 0)),
                updated=(("Updating", 60), ("Available", 0)),
                stopped=(("Stopping", 30), ("Stopped", 0)),
            ),
            work=_recommended,
            derived=derived(),
            steady=True,
        ),
    )

    @stateful
    def start_bot_recommendation(self, transcript_source_setting: Mapping[str, Any], **request: Any) -> Reply:
        """Begin to look for intents in transcripts."""
        source = transcript_source_setting.get("s3BucketTranscriptSource")
        if source is None:
            raise self._invalid("transcriptSourceSetting must have s3BucketTranscriptSource.")
        self._check_bucket(source["s3BucketName"], "transcripts")
        return self.keep("StartBotRecommendation", {"transcript_source_setting": transcript_source_setting, **request})

    @stateful
    def list_recommended_intents(self, **request: Any) -> Reply:
        """The intents that were found."""
        operation = "ListRecommendedIntents"
        params = self.named(operation, request)
        found = self._done(operation, "BotRecommendation", params, "Available")["intents"]
        items = [
            {
                "intentId": intent["intentId"],
                "intentName": intent["intentName"],
                "sampleUtterancesCount": len(intent["utterances"]),
            }
            for intent in found
        ]
        return {**_named(params), **self.listed(operation, params, items, "summaryList")}

    @stateful
    def search_associated_transcripts(self, **request: Any) -> Reply:
        """The conversations that an intent was found in."""
        operation = "SearchAssociatedTranscripts"
        params = self.named(operation, request)
        wanted = {value for condition in params["filters"] for value in condition["values"]}
        found = [
            {"transcript": text}
            for intent in self._done(operation, "BotRecommendation", params, "Available")["intents"]
            if intent["intentId"] in wanted
            for text in intent["transcripts"]
        ]
        if params.get("searchOrder") == "Descending":
            found.reverse()
        begin, size = params.get("nextIndex", 0), params.get("maxResults", 100)
        more = {"nextIndex": begin + size} if begin + size < len(found) else {}
        total = {"totalResults": len(found)} if found else {}
        return {**_named(params), "associatedTranscripts": found[begin : begin + size], **total, **more}

    def transcripts(self, source: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """The transcripts in a bucket, each with what the customer said first."""
        s3, bucket = self.world.s3, source["s3BucketName"]
        prefixes = source.get("pathFormat", {}).get("objectPrefixes") or [""]
        period = source.get("transcriptFilter", {}).get("lexTranscriptFilter", {}).get("dateRangeFilter")
        keys = dict.fromkeys(key for prefix in prefixes for key in s3.keys(bucket, prefix.lstrip("/")))
        for key in keys:
            if not key.endswith(".json") or (period and not _is_in(s3.head(bucket, key)["LastModified"], period)):
                continue
            text = s3.get(bucket, key).decode("utf-8", "replace")
            yield text, _first(text, key)

    def offered(self, members: Mapping[str, Any], items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """The locale of the intents that were found, and their transcripts, as files."""
        secrets = members.get("encryptionSetting", {})
        found = [
            IntentFiles({**item, "sampleUtterances": [{"utterance": text[:500]} for text in item["utterances"]]})
            for item in items
        ]
        locale = {"localeId": members["localeId"], "nluIntentConfidenceThreshold": 0.4}
        files = dict(write_locale(members["localeId"], LocaleFiles(locale, found), {}))
        data = archive.write({**manifest("BOT_LOCALE"), **files}, secrets.get("botLocaleExportPassword"))
        shown = {
            f"{item['intentName']}/{number}.json": text.encode("utf-8", "surrogatepass")
            for item in items
            for number, text in enumerate(item["transcripts"], 1)
        }
        texts = archive.write(shown, secrets.get("associatedTranscriptsPassword"))
        folder = f"recommendations/{members['botRecommendationId']}"
        return {
            "botLocaleExportUrl": downloads.offer(self.world, f"{folder}/locale.zip", data, "application/zip"),
            "associatedTranscriptsUrl": downloads.offer(
                self.world, f"{folder}/transcripts.zip", texts, "application/zip"
            ),
            "statistics": {
                "intents": {"discoveredIntentCount": len(items)},
                "slotTypes": {"discoveredSlotTypeCount": 0},
            },
        }


def _named(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: params[name] for name in ("botId", "botVersion", "localeId", "botRecommendationId")}


def _first(text: str, key: str) -> str:
    """What the customer of a transcript in Lex's format says first."""
    try:
        found = json.loads(text)
        customers = {p["ParticipantId"] for p in found["Participants"] if p["ParticipantRole"] == "CUSTOMER"}
        said = [turn["Content"] for turn in found["Transcript"] if turn["ParticipantId"] in customers]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise WorkFailed(f"{key} is not a transcript in the format of Lex.") from None
    return next((one.strip() for one in said if isinstance(one, str) and one.strip()), "")


def _is_in(time: Any, period: Mapping[str, datetime]) -> bool:
    return bool(period["startDateTime"] <= time <= period["endDateTime"])


def _distinct(names: Sequence[str]) -> list[str]:
    """The names, numbered where they are the same."""
    return [name if name not in names[:place] else f"{name}{place + 1}" for place, name in enumerate(names)]
