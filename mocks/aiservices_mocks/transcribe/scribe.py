"""A visit at a doctor's, in the form of the two files that HealthScribe writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .heard import Turn
from .transcripts import text

TEMPLATE = "HISTORY_AND_PHYSICAL"
_SECTIONS: Mapping[str, tuple[str, ...]] = {
    TEMPLATE: (
        "CHIEF_COMPLAINT", "HISTORY_OF_PRESENT_ILLNESS", "REVIEW_OF_SYSTEMS", "PAST_MEDICAL_HISTORY", "ASSESSMENT",
        "PLAN",
    ),
    "GIRPP": ("GOAL", "INTERVENTION", "RESPONSE", "PROGRESS", "PLAN"),
    "BIRP": ("BEHAVIOR", "INTERVENTION", "RESPONSE", "PLAN"),
    "SIRP": ("SITUATION", "INTERVENTION", "RESPONSE", "PLAN"),
    "DAP": ("DATA", "ASSESSMENT", "PLAN"),
    "BEHAVIORAL_SOAP": ("SUBJECTIVE", "OBJECTIVE", "ASSESSMENT", "PLAN"),
    "PHYSICAL_SOAP": ("SUBJECTIVE", "OBJECTIVE", "ASSESSMENT", "PLAN"),
}  # fmt: skip
_ROLES = {"CLINICIAN": "CLINICIAN_0", "PATIENT": "PATIENT_0"}


class Visit:
    """What was said, by whom."""

    def __init__(self, turns: Sequence[Turn], roles: Mapping[int, str], id: str) -> None:
        self._turns = turns
        self._roles = roles
        self._id = id

    def _segment_id(self, number: int) -> str:
        return f"{self._id[:24]}{number:012x}"

    def _role(self, turn: Turn) -> str:
        return _ROLES[self._roles.get(turn.speaker, ("CLINICIAN", "PATIENT")[turn.speaker % 2])]

    def transcript(self, job: str) -> dict[str, Any]:
        """The file with the words."""
        items: list[dict[str, Any]] = []
        segments = []
        for number, turn in enumerate(self._turns):
            times = {"BeginAudioTime": turn.start, "EndAudioTime": turn.end}
            segments.append({
                "SegmentId": self._segment_id(number), "Content": text(turn.words), **times,
                "ParticipantDetails": {"ParticipantRole": self._role(turn)},
                "SectionDetails": {"SectionName": "SUBJECTIVE" if number % 2 else "OBJECTIVE"},
            })  # fmt: skip
            for word in turn.words:
                said = {"Type": "pronunciation", "Confidence": word.confidence, "Content": word.text}
                items.append({"Id": f"{len(items)}", **said, "BeginAudioTime": word.start, "EndAudioTime": word.end})
                if word.after:
                    point = {"Type": "punctuation", "Confidence": 0.0, "Content": word.after}
                    items.append({"Id": f"{len(items)}", **point, "BeginAudioTime": word.end, "EndAudioTime": word.end})
        conversation = {"ConversationId": self._id, "JobName": job, "JobType": "ASYNC", "LanguageCode": "en-US"}
        details = {"ClinicalInsights": [], "TranscriptItems": items, "TranscriptSegments": segments}
        return {"Conversation": conversation | details}

    def note(self, template: str) -> dict[str, Any]:
        """The clinical note: every section says something of the conversation and names where it was said."""
        sections = []
        for number, name in enumerate(_SECTIONS[template]):
            chosen = number % len(self._turns)
            link = {"SegmentId": self._segment_id(chosen)}
            said = {"EvidenceLinks": [link], "SummarizedSegment": text(self._turns[chosen].words)}
            sections.append({"SectionName": name, "Summary": [said]})
        return {"ClinicalDocumentation": {"Sections": sections}}
