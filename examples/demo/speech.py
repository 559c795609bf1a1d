"""The answer to the least happy customer, spoken."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aiservices import AI
from aiservices.services.polly.audio import Audio

from .reviews import Opinion
from .section import Section

VOICES = {"en": "Joanna", "es": "Lucia", "fr": "Lea", "de": "Vicki", "it": "Bianca", "pt": "Camila"}
ANSWERS = {
    "en": "Dear {name}, thank you for your review. We are sorry about this: {topic}. We will call you today.",
    "es": "Hola {name}, gracias por su opinión. Lamentamos lo ocurrido: {topic}. Le llamaremos hoy.",
    "fr": "Bonjour {name}, merci pour votre avis. Nous sommes désolés : {topic}. Nous vous appelons aujourd'hui.",
    "de": "Guten Tag {name}, danke für Ihre Bewertung. Das tut uns leid: {topic}. Wir rufen Sie heute an.",
    "it": "Buongiorno {name}, grazie per la recensione. Ci dispiace: {topic}. La chiameremo oggi.",
    "pt": "Olá {name}, obrigado pela sua avaliação. Lamentamos: {topic}. Vamos ligar hoje.",
}


def least_happy(opinions: Sequence[Opinion]) -> Opinion:
    """The review with the surest negative sentiment; without any, the one that is least surely something else."""
    return max(opinions, key=lambda one: one.score if one.sentiment == "NEGATIVE" else -one.score)


def write_answer(opinion: Opinion) -> tuple[str, str]:
    """The answer's text in the customer's language, and the voice that speaks it."""
    language = opinion.language if opinion.language in ANSWERS else "en"
    topic = opinion.phrases[0] if opinion.phrases else "…"
    return ANSWERS[language].format(name=opinion.review.customer, topic=topic), VOICES[language]


def speak(ai: AI, opinion: Opinion) -> tuple[str, str, Audio]:
    """The answer, the voice, and the sound with the times of its sentences."""
    text, voice = write_answer(opinion)
    return text, voice, ai.polly.speak(text, voice=voice, marks=["sentence"])


def section(text: str, voice: str, audio: Audio, path: Path) -> Section:
    """The answer's sentences when they are spoken, with a player."""
    rows = [{"second": f"{mark.time:.1f}", "sentence": text[mark.start : mark.end]} for mark in audio.marks]
    title = f"Polly: an answer for the least happy customer, {voice}, {audio.duration:.1f} s, {path.name}"
    return Section("polly", title, rows, [audio._repr_html_()])
