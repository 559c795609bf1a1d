"""Customer reviews: their language, sentiment, what they praise and blame, key phrases and personal data."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aiservices import AI

from .section import Section

PII_LANGUAGES = ("en", "es")  # Comprehend looks for personal data in these only
TARGETED_LANGUAGES = ("en",)  # and for whom a sentiment is meant in these
SIGNS = {"POSITIVE": "+", "NEGATIVE": "-"}


@dataclass(frozen=True)
class Review:
    """One row of the file."""

    id: str
    customer: str
    text: str


@dataclass(frozen=True)
class Opinion:
    """A review and what was found in it."""

    review: Review
    language: str
    sentiment: str
    score: float
    """Of the sentiment, 0..1."""
    phrases: tuple[str, ...]
    targets: tuple[str, ...]
    """What is praised (+) and blamed (-)."""
    pii: tuple[str, ...]
    redacted: str


def read_reviews(path: Path) -> list[Review]:
    """The reviews of a CSV file with the columns id, customer and review."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path.name} is not a CSV file in UTF-8: {type(error).__name__}") from error
    for number, row in enumerate(rows, start=2):
        missing = [column for column in ("id", "customer", "review") if not (row.get(column) or "").strip()]
        if missing:
            raise ValueError(
                f"{path.name}, row {number}: no {', '.join(missing)}; the columns are id, customer, review"
            )
    return [Review(row["id"], row["customer"], row["review"]) for row in rows]


def study(ai: AI, reviews: Sequence[Review]) -> list[Opinion]:
    """What is said in the reviews, in their order; personal data is masked before names and phrases are looked for."""
    texts = [review.text for review in reviews]
    languages = [found.code for found in ai.comprehend.language(texts)]
    sentiments = ai.comprehend.sentiment(texts, language_code=None)
    personal = {n: ai.comprehend.pii(texts[n], code) for n, code in enumerate(languages) if code in PII_LANGUAGES}
    masked = [personal[n].redacted("_") if n in personal else text for n, text in enumerate(texts)]
    phrases = ai.comprehend.key_phrases(masked, language_code=None)
    asked = [n for n, code in enumerate(languages) if code in TARGETED_LANGUAGES]
    targets = dict(zip(asked, ai.comprehend.targeted_sentiment([masked[n] for n in asked]), strict=True))
    return [
        Opinion(
            review,
            languages[n],
            sentiments[n].sentiment,
            sentiments[n].confidence,
            tuple(phrase.text for phrase in phrases[n] if "_" not in phrase.text),
            tuple(f"{one.name} {SIGNS[one.sentiment]}" for one in targets.get(n, ()) if one.sentiment in SIGNS),
            tuple(sorted({entity.type for entity in personal.get(n, ())})),
            personal[n].redacted() if n in personal else review.text,
        )
        for n, review in enumerate(reviews)
    ]


def section(opinions: Sequence[Opinion]) -> Section:
    """The opinions as a table."""
    rows = [
        {
            "id": one.review.id,
            "language": one.language,
            "sentiment": one.sentiment,
            "score": f"{one.score:.2f}",
            "praised, blamed": ", ".join(one.targets[:3]) or "-",
            "key phrases": ", ".join(one.phrases[:3]),
            "personal data": ", ".join(one.pii) or "-",
            "review": one.redacted,
        }
        for one in opinions
    ]
    return Section("comprehend", f"Comprehend: {len(opinions)} customer reviews", rows)
