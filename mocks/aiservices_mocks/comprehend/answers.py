"""What the engines find in a text, in AWS's words: the same for a request and for a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiservices_mocks import engines

Answer = dict[str, Any]


def sentiment(text: str, code: str) -> Answer:
    """As DetectSentiment answers."""
    return _sentiment(engines.sentiment.score(text, code))


def _sentiment(scores: Mapping[str, float]) -> Answer:
    return {
        "Sentiment": max(scores, key=scores.__getitem__),
        "SentimentScore": {label.capitalize(): scores[label] for label in engines.sentiment.LABELS},
    }


def sentiment_engine(code: str) -> str:
    """The engine that finds the sentiment of a language."""
    return "maxent" if code in engines.sentiment_features.LANGUAGES else "marks"


def entities_engine(code: str) -> str:
    """The engine that finds the entities of a language."""
    return "crf" if code in engines.syntax.LANGUAGES else "signs"


def key_phrases_engine(code: str) -> str:
    """The engine that finds the key phrases of a language."""
    return "chunker" if code in engines.syntax.LANGUAGES else "content-runs"


def toxicity(text: str) -> Answer:
    """As DetectToxicContent answers of one segment."""
    whole, kinds = engines.toxicity.score(text)
    return {"Labels": [{"Name": name, "Score": score} for name, score in kinds.items()], "Toxicity": whole}


def prompt_safety(text: str) -> Answer:
    """As ClassifyDocument answers at the endpoint of prompt safety."""
    return {"Classes": _ranked(engines.prompt_safety.score(text))}


def languages(text: str) -> Answer:
    """As DetectDominantLanguage answers."""
    return {"Languages": [{"LanguageCode": code, "Score": score} for code, score in engines.language.detect(text)]}


def entities(text: str, code: str) -> Answer:
    """As DetectEntities answers."""
    return _entities(engines.entities.find(text, code))


def _entities(found: Sequence[Any]) -> Answer:
    return {
        "Entities": [
            {"Score": one.score, "Type": one.type, "Text": one.text, "BeginOffset": one.begin, "EndOffset": one.end}
            for one in found
        ]
    }


def key_phrases(text: str, code: str) -> Answer:
    """As DetectKeyPhrases answers."""
    return {
        "KeyPhrases": [
            {"Score": one.score, "Text": one.text, "BeginOffset": one.begin, "EndOffset": one.end}
            for one in engines.key_phrases.find(text, code)
        ]
    }


def syntax(text: str, code: str) -> Answer:
    """As DetectSyntax answers."""
    return {
        "SyntaxTokens": [
            {
                "TokenId": number,
                "Text": one.text,
                "BeginOffset": one.begin,
                "EndOffset": one.end,
                "PartOfSpeech": {"Tag": one.tag, "Score": one.score},
            }
            for number, one in enumerate(engines.syntax.tag(text, code), 1)
        ]
    }


def pii(text: str, code: str) -> Answer:
    """As DetectPiiEntities answers."""
    return {
        "Entities": [
            {"Score": one.score, "Type": one.type, "BeginOffset": one.begin, "EndOffset": one.end}
            for one in engines.pii.find(text, code)
        ]
    }


def targeted(text: str, code: str) -> Answer:
    """As DetectTargetedSentiment answers."""
    return {
        "Entities": [
            {"DescriptiveMentionIndex": _most_telling(group), "Mentions": [_mention(one) for one in group]}
            for group in engines.targeted.find(text, code)
        ]
    }


def _most_telling(group: Sequence[Any]) -> list[int]:
    longest = max(len(one.text) for one in group if one.names)
    return [index for index, one in enumerate(group) if one.names and len(one.text) == longest]


def _mention(one: Any) -> Answer:
    return {
        "Score": one.score,
        "GroupScore": one.group_score,
        "Text": one.text,
        "Type": one.type,
        "MentionSentiment": _sentiment(one.sentiment),
        "BeginOffset": one.begin,
        "EndOffset": one.end,
    }


def _ranked(scores: Mapping[str, float]) -> list[Answer]:
    return [{"Name": name, "Score": score} for name, score in sorted(scores.items(), key=lambda one: -one[1])]


def events(text: str, types: Sequence[str]) -> Answer:
    """As a job that detects events answers."""
    found = engines.events.find(text, types)
    return {
        "Entities": [{"Mentions": [_event_mention(one, alike) for one, alike in group]} for group in found.entities],
        "Events": [
            {
                "Type": event.trigger.type,
                "Arguments": [{"EntityIndex": a.entity, "Role": a.role, "Score": a.score} for a in event.arguments],
                "Triggers": [_event_mention(event.trigger, 1.0)],
            }
            for event in found.events
        ],
    }


def _event_mention(one: Any, alike: float) -> Answer:
    return {
        "BeginOffset": one.begin,
        "EndOffset": one.end,
        "GroupScore": alike,
        "Score": one.score,
        "Text": one.text,
        "Type": one.type,
    }
