"""What the jobs do: they read the sound, and write what was heard in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aiservices.api.model import load as model
from aiservices_mocks.resources import WorkFailed

from . import calls, scribe, sound, subtitles
from .heard import Word, dice, hear
from .media import Media
from .output import Folder
from .transcripts import Style, Transcript, toxicity
from .vocabularies import ENTRIES

if TYPE_CHECKING:
    from aiservices_mocks.service import Service

_VOICES = 4
"""How many speakers a made-up conversation has at most."""
_SUBTITLES = {"srt": "application/x-subrip", "vtt": "text/vtt"}


def transcribe(service: Service, members: Mapping[str, Any]) -> dict[str, Any]:
    """A transcription job: the transcript, the redacted one, subtitles of each."""
    world, job = service.world, members["TranscriptionJobName"]
    data, media = sound.load(world, members, sound.STANDARD)
    language = _language(service, members, data, media)
    code = language.get("LanguageCode", members.get("LanguageCode", ""))
    settings = members.get("Settings", {}) | members.get("LanguageIdSettings", {}).get(code, {})
    speakers, channels = _speakers(settings, data, media, world.seed)
    turns = hear(data, media.seconds, channels or speakers or 1, world.seed)
    folder = Folder.asked(world, members, job)
    wanted = members.get("Subtitles", {})
    shown: dict[str, Any] = {}
    uris = []
    for before, secrets in _variants(members.get("ContentRedaction")):
        style = Style(speakers, channels, settings.get("MaxAlternatives", 0), *_filter(service, settings), secrets)
        transcript = Transcript(turns, style)
        results = _identified(members, language) | transcript.results()
        if members.get("ToxicityDetection"):
            results["toxicity_detection"] = toxicity(transcript.turns)
        content = _file(world.account, job, results, redacted=secrets is not None)
        shown[f"{'Redacted' if before else ''}TranscriptFileUri"] = folder.write_json(content, before)
        for format in dict.fromkeys(wanted.get("Formats", ())):
            written = subtitles.write(format, transcript.turns, wanted.get("OutputStartIndex", 0), secrets)
            uris.append(folder.write(format, written, _SUBTITLES[format], before))
    found = {**_header(media), **language, "Transcript": shown}
    return found | ({"Subtitles": {**wanted, "SubtitleFileUris": uris}} if wanted else {})


def transcribe_medical(service: Service, members: Mapping[str, Any]) -> dict[str, Any]:
    """A medical transcription job."""
    world, job = service.world, members["MedicalTranscriptionJobName"]
    data, media = sound.load(world, members, sound.MEDICAL)
    settings = members.get("Settings", {})
    speakers, channels = _speakers(settings, data, media, world.seed)
    turns = hear(data, media.seconds, channels or speakers or 1, world.seed)
    results = Transcript(turns, Style(speakers, channels, settings.get("MaxAlternatives", 0))).results()
    if "ContentIdentificationType" in members:
        results["entities"] = [_identity(word) for turn in turns for word in turn.words if word.kind]
    content = _file(world.account, job, results, redacted=False)
    uri = Folder.asked(world, members, job, "medical/").write_json(content)
    return {**_header(media), "Transcript": {"TranscriptFileUri": uri}}


def analyze_call(service: Service, members: Mapping[str, Any]) -> dict[str, Any]:
    """A call analytics job: who said what when, and what follows from it."""
    world, job = service.world, members["CallAnalyticsJobName"]
    data, media = sound.load(world, members, sound.CALLS)
    settings = members.get("Settings", {})
    options = settings.get("LanguageOptions", ())
    code = _chosen(options, data, world.seed) if options else "en-US"
    settings = settings | settings.get("LanguageIdSettings", {}).get(code, {})
    turns = hear(data, media.seconds, 2, world.seed)
    categories = [record["members"] for record in service.keepers["CallAnalyticsCategory"].all({})]
    shown: dict[str, Any] = {}
    for before, secrets in _variants(settings.get("ContentRedaction")):
        style = Style(2, 0, 0, *_filter(service, settings), secrets)
        call = calls.Call(
            turns, style, members.get("ChannelDefinitions", ()), media.seconds, dice(data, world.seed, "call")
        )
        content = call.content(world.account, job, code, categories, settings.get("Summarization"))
        folder = Folder.located(world, members.get("OutputLocation"), job, f"{before}analytics")
        shown[f"{'Redacted' if before else ''}TranscriptFileUri"] = folder.write_json(content)
    language = {"LanguageCode": code, **({"IdentifiedLanguageScore": _score(data, world.seed)} if options else {})}
    return {**_header(media), **language, "Transcript": shown}


def write_notes(service: Service, members: Mapping[str, Any]) -> dict[str, Any]:
    """A medical scribe job: the conversation and the clinical note."""
    world, job = service.world, members["MedicalScribeJobName"]
    data, media = sound.load(world, members, sound.SCRIBE)
    settings = members["Settings"]
    speakers, channels = _speakers(settings, data, media, world.seed)
    turns = Transcript(
        hear(data, media.seconds, channels or speakers or 2, world.seed), Style(2, 0, 0, *_filter(service, settings))
    ).turns
    roles = {one["ChannelId"]: one["ParticipantRole"] for one in members.get("ChannelDefinitions", ())}
    visit = scribe.Visit(turns, roles, world.new_id("visit", job))
    bucket = {"OutputBucketName": members["OutputBucketName"]}
    transcript = Folder.asked(world, {**bucket, "OutputKey": f"{job}/transcript.json"}, job)
    summary = Folder.asked(world, {**bucket, "OutputKey": f"{job}/summary.json"}, job)
    template = settings.get("ClinicalNoteGenerationSettings", {}).get("NoteTemplate", scribe.TEMPLATE)
    return {
        "MedicalScribeOutput": {
            "TranscriptFileUri": transcript.write_json(visit.transcript(job)),
            "ClinicalDocumentUri": summary.write_json(visit.note(template)),
        }
    }


def _file(account: str, job: str, results: Mapping[str, Any], *, redacted: bool) -> dict[str, Any]:
    content = {"jobName": job, "accountId": account, "status": "COMPLETED", "results": results}
    return {**content, "isRedacted": True} if redacted else content


def _identity(word: Word) -> dict[str, Any]:
    """Health information that says whose it is."""
    return {
        "content": word.text,
        "category": "PROTECTED_HEALTH_INFORMATION",
        "startTime": word.start,
        "endTime": word.end,
        "confidence": word.confidence,
    }


def _header(media: Media) -> dict[str, Any]:
    """What the service fills in when the caller did not say it."""
    return {"MediaFormat": media.format, "MediaSampleRateHertz": media.rate}


def _speakers(settings: Mapping[str, Any], data: bytes, media: Media, seed: int) -> tuple[int, int]:
    """How many speakers are told apart, and how many channels."""
    if settings.get("ChannelIdentification"):
        return 0, media.channels
    if settings.get("ShowSpeakerLabels"):
        return dice(data, seed, "speakers").randrange(1, min(settings["MaxSpeakerLabels"], _VOICES) + 1), 0
    return 0, 0


def _variants(redaction: Mapping[str, Any] | None) -> list[tuple[str, frozenset[str] | None]]:
    """Which transcripts are written: what is before their names, and which personal information is taken out."""
    if redaction is None:
        return [("", None)]
    kinds = model("transcribe").operations["StartTranscriptionJob"].input
    assert kinds is not None
    every = kinds.members["ContentRedaction"].members["PiiEntityTypes"].member.enum
    asked = frozenset(redaction.get("PiiEntityTypes", ("ALL",)))
    secrets = frozenset(every) if "ALL" in asked or not asked else asked
    plain = [("", None)] if redaction["RedactionOutput"] == "redacted_and_unredacted" else []
    return [*plain, ("redacted-", secrets)]


def _filter(service: Service, settings: Mapping[str, Any]) -> tuple[frozenset[str], str]:
    """The words of the vocabulary filter, and what is done with them."""
    name = settings.get("VocabularyFilterName")
    if name is None:
        return frozenset(), "mask"
    record = service.keepers["VocabularyFilter"].find({"VocabularyFilterName": name})
    if record is None:
        raise WorkFailed("The requested vocabulary filter couldn't be found.")
    found = frozenset(word.strip().lower() for word in record["members"][ENTRIES])
    return found, settings.get("VocabularyFilterMethod", "mask")


# Languages: which one is spoken is made up, but of those that are asked for.


def _language(service: Service, members: Mapping[str, Any], data: bytes, media: Media) -> dict[str, Any]:
    seed = service.world.seed
    options = members.get("LanguageOptions") or ["en-US"]
    if members.get("IdentifyLanguage"):
        return {"LanguageCode": _chosen(options, data, seed), "IdentifiedLanguageScore": _score(data, seed)}
    if members.get("IdentifyMultipleLanguages"):
        times = {"LanguageCode": _chosen(options, data, seed), "DurationInSeconds": round(media.seconds, 2)}
        return {"LanguageCodes": [times], "IdentifiedLanguageScore": _score(data, seed)}
    return {}


def _chosen(options: list[str], data: bytes, seed: int) -> str:
    return sorted(options)[dice(data, seed, "language").randrange(len(options))]


def _score(data: bytes, seed: int) -> float:
    return round(dice(data, seed, "score").uniform(0.6, 1.0), 4)


def _identified(members: Mapping[str, Any], language: Mapping[str, Any]) -> dict[str, Any]:
    """What the file says about the language."""
    if not language:
        return {}
    if "LanguageCodes" in language:
        codes = [
            {"language_code": one["LanguageCode"], "duration_in_seconds": one["DurationInSeconds"]}
            for one in language["LanguageCodes"]
        ]
        return {"language_codes": codes}
    code, score = language["LanguageCode"], language["IdentifiedLanguageScore"]
    others = [other for other in members.get("LanguageOptions", ()) if other != code]
    rest = [{"score": str(round((1 - score) / len(others), 4)), "code": other} for other in others]
    return {"language_code": code, "language_identification": [{"score": str(score), "code": code}, *rest]}
