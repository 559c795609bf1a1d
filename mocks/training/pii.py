"""Measure personal data detection on Presidio's synthetic documents.

python mocks/training/pii.py --data DIR [--show N]

DIR holds presidio-research (presidio.py). Its types are mapped to Comprehend's; types that Comprehend does not call
personal data are left out. A piece counts as found
when one of the same type overlaps it; the names and addresses of this set also train the model of names, so their
figures here are no measure of it.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import presidio
from aiservices_mocks.engines import pii

_TYPES = {
    "PERSON": "NAME",
    "STREET_ADDRESS": "ADDRESS",
    "GPE": "ADDRESS",
    "ZIP_CODE": "ADDRESS",
    "CREDIT_CARD": "CREDIT_DEBIT_NUMBER",
    "DATE_TIME": "DATE_TIME",
    "PHONE_NUMBER": "PHONE",
    "AGE": "AGE",
    "EMAIL_ADDRESS": "EMAIL",
    "DOMAIN_NAME": "URL",
    "IBAN_CODE": "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
    "US_SSN": "SSN",
    "IP_ADDRESS": "IP_ADDRESS",
    "US_DRIVER_LICENSE": "DRIVER_ID",
}
Piece = tuple[int, int, str]  # begin, end, type


@dataclass(frozen=True)
class Judged:
    """A piece that is there or was told: "hit", "missed" or "false"."""

    verdict: str
    type: str
    text: str
    begin: int
    end: int


def judge(data: Path) -> Iterator[Judged]:
    """Every piece of every document."""
    for record in presidio.records(data):
        text = record["full_text"]
        truth = [
            (span["start_position"], span["end_position"], _TYPES[span["entity_type"]])
            for span in record["spans"]
            if span["entity_type"] in _TYPES
        ]
        told = [(one.begin, one.end, one.type) for one in pii.find(text, "en")]
        for piece in truth:
            yield Judged("hit" if _among(piece, told) else "missed", piece[2], text, piece[0], piece[1])
        for piece in told:
            if not _among(piece, truth):
                yield Judged("false", piece[2], text, piece[0], piece[1])


def _among(piece: Piece, others: Iterable[Piece]) -> bool:
    begin, end, kind = piece
    return any(kind == type and first < end and begin < last for first, last, type in others)


def f1(pieces: Iterable[Judged]) -> float:
    """Micro F1."""
    count = Counter(piece.verdict for piece in pieces)
    return 2 * count["hit"] / (2 * count["hit"] + count["missed"] + count["false"])


def coded(pieces: Iterable[Judged]) -> list[Judged]:
    """Those whose form tells what they are: neither names nor addresses."""
    return [piece for piece in pieces if piece.type not in ("NAME", "ADDRESS")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--show", type=int, default=0, help="mistakes to print of each type")
    options = parser.parse_args()
    pieces = list(judge(options.data))
    print(f"micro F1 {f1(coded(pieces)):.3f} without names and addresses, {f1(pieces):.3f} with them")
    for kind in sorted({piece.type for piece in pieces}):
        count = Counter(piece.verdict for piece in pieces if piece.type == kind)
        hit, wanted, told = count["hit"], count["hit"] + count["missed"], count["hit"] + count["false"]
        print(f"  {kind}: precision {hit / max(1, told):.3f}, recall {hit / max(1, wanted):.3f} of {wanted}")
        for verdict in ("missed", "false"):
            for one in [p for p in pieces if (p.type, p.verdict) == (kind, verdict)][: options.show]:
                print(
                    "   ",
                    verdict,
                    repr(one.text[max(0, one.begin - 40) : one.begin]),
                    repr(one.text[one.begin : one.end]),
                )


if __name__ == "__main__":
    main()
