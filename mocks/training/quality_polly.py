"""How close the tone plan's time is to espeak-ng's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import speech_durations
from aiservices_mocks.engines.speech import espeak, tone

_SENTENCES = 50


def durations(data: Path) -> str:
    """Sentences and paragraphs that no training saw, in every language."""
    sentences, paragraphs = [], []
    for language in sorted(speech_durations.FILES):
        chosen = speech_durations.segments(data, language)[-_SENTENCES:]
        told, real = (speech_durations.spoken(engine, chosen) for engine in (tone, espeak))
        one, five = speech_durations.errors(told, real)
        sentences.append(one)
        paragraphs.append(five)
    return (
        f"error in seconds, relative to espeak-ng, on {_SENTENCES} held-out NTREX-128 sentences in each of "
        f"{len(sentences)} languages: {np.median(sentences):.3f} of a sentence in the median, under "
        f"{np.quantile(sentences, 0.9):.3f} for nine of ten; of paragraphs of five sentences at most "
        f"{np.max(paragraphs):.3f}"
    )
