"""The built-in engines: their time for 500 characters, for a document, for a hundred texts, and for the first answer."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests import documents

from .pairs import Row, process, row, timed

_TEXT = (
    "The delivery was late again and the box was damaged, but Ms Ana Torres of Northwind answered within an hour and "
    "sent a new one to 12 Mill Street, Leeds. I paid $40 on 3 May 2025 and would order here again. "
)
TEXT = (_TEXT * 3)[:500]
REVIEWS = tuple(_TEXT[start : start + 90] for start in range(100))
"""A hundred texts, no two of them the same."""
_LIMITS = {
    "sentiment": 0.3, "dominant_language": 0.3, "syntax": 8, "entities": 15, "pii_entities": 15,
}  # fmt: skip
"""Most milliseconds for 500 characters."""


@contextmanager
def boto3_under_moto(service: str) -> Iterator[Any]:
    import boto3
    from moto import mock_aws

    with mock_aws():
        yield boto3.client(service, region_name="us-east-1")


def characters() -> Iterator[Row]:
    """A whole call with 500 characters, facade and checks included."""
    from aiservices import AI

    with boto3_under_moto("comprehend") as moto, AI(backend="mock") as ai:
        for name, most in _LIMITS.items():
            params = {"text": TEXT} | ({} if name == "dominant_language" else {"language_code": "en"})
            operation = getattr(ai.comprehend, f"detect_{name}")
            yield row(
                f"detect_{name} of 500 characters", "boto3 + moto's constant sentiment",
                timed(lambda operation=operation, params=params: operation(**params), 20),
                timed(lambda: moto.detect_sentiment(Text=TEXT, LanguageCode="en"), 20),
                unit="µs", at_most=most * 1_000,
            )  # fmt: skip


def reviews() -> Row:
    """A hundred texts by the verb, and one by one."""
    from aiservices import AI

    with boto3_under_moto("comprehend") as moto, AI(backend="mock") as ai:
        return row(
            "sentiment of 100 reviews", "boto3 + moto's constant, one by one",
            timed(lambda: ai.comprehend.sentiment(REVIEWS), 3),
            timed(lambda: [moto.detect_sentiment(Text=text, LanguageCode="en") for text in REVIEWS], 1),
            unit="µs", limit=1 / 20,
        )  # fmt: skip


def pages() -> Row:
    """A PDF of ten pages with its text, by the mock and by a reader of PDFs."""
    import pdfplumber

    from aiservices import AI

    data = _ten_pages()

    def plumbed() -> None:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            for page in pdf.pages:
                page.extract_words()

    with AI(backend="mock") as ai:
        return row(
            "a born-digital PDF of ten pages, blocks included", "pdfplumber's words",
            timed(lambda: ai.textract.read(data), 1), timed(plumbed, 1), unit="µs", at_most=500_000, rounds=5,
        )  # fmt: skip


def _ten_pages() -> bytes:
    """Prose in columns, forms and tables."""
    import pypdfium2

    made = pypdfium2.PdfDocument.new()
    for number in range(10):
        data, _ = (documents.columns, documents.form, documents.table)[number % 3](number)
        made.import_pages(pypdfium2.PdfDocument(data))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def cold() -> Iterator[Row]:
    """A process's first answer of each engine."""
    theirs = (
        "import boto3\nfrom moto import mock_aws\nwith mock_aws():\n"
        f"    boto3.client('comprehend', region_name='us-east-1').detect_sentiment(Text={TEXT!r}, LanguageCode='en')"
    )
    text = f"text={TEXT!r}"
    english = f"{text}, language_code='en'"
    asked = {
        "comprehend.detect_dominant_language": text,
        "comprehend.detect_sentiment": english,
        "comprehend.detect_syntax": english,
        "comprehend.detect_key_phrases": english,
        "comprehend.detect_entities": english,
        "comprehend.detect_pii_entities": english,
        "comprehend.detect_targeted_sentiment": english,
        "comprehend.detect_toxic_content": f"text_segments=[{{'Text': {TEXT!r}}}], language_code='en'",
        "polly.synthesize_speech": f"{text}, output_format='mp3', voice_id='Joanna'",
    }
    for name, given in asked.items():
        ours = f"from aiservices import AI\nAI(backend='mock').{name}({given})"
        yield row(
            f"first {name} of a process", "boto3 + moto's first detect_sentiment", process(ours), process(theirs),
            unit="CPU ms", rounds=3,
        )  # fmt: skip


def all_rows() -> Iterator[Row]:
    """Every row, one after the other."""
    yield from characters()
    yield reviews()
    yield pages()
    yield from cold()
