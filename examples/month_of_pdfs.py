"""What a month of paper would cost: every way to read the PDFs that come in on a day, before anything is sent.

`python -m examples.month_of_pdfs [FOLDER [DAYS]]`; the folder has the PDFs of one day. No account is needed.
"""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path

from aiservices import AI, Estimate
from aiservices.money import PriceBook

DATA = Path(__file__).parent / "data"
PAGES = "textract.detect_text"


def ways(ai: AI, pdfs: list[Path]) -> dict[str, Estimate]:
    """The estimates by what is wanted of the documents. Their pages are counted; none is sent."""
    textract = ai.textract
    return {
        "text": ai.estimate(textract.read, pdfs),
        "layout": ai.estimate(textract.analyze, pdfs, ["LAYOUT"]),
        "tables": ai.estimate(textract.analyze, pdfs, ["TABLES"]),
        "forms and tables": ai.estimate(textract.analyze, pdfs, ["FORMS", "TABLES"]),
        "one question": ai.estimate(textract.ask, pdfs, "Which day is it due?"),
        "invoices": ai.estimate(textract.expense, pdfs),
    }


def month(day: Estimate, days: int, prices: PriceBook) -> Decimal:
    """A month of such days. Its pages add up, so that the later ones can be in a cheaper volume tier."""
    dollars = prices.cost({row: count * days for row, count in day.units.items()})
    if dollars is None:
        raise SystemExit(f"there is no price of {', '.join(day.units)}")
    return dollars


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    days = int(sys.argv[2]) if len(sys.argv) > 2 else 22
    pdfs = sorted(folder.glob("**/*.pdf"))
    if not pdfs:
        raise SystemExit(f"{folder} has no PDFs")
    prices = PriceBook()
    with AI(backend="mock", prices=prices) as ai:
        estimates = ways(ai, pdfs)
    print(f"{len(pdfs)} PDFs, {estimates['text'].units[PAGES]} pages a day; prices of {prices.date}")
    for way, day in estimates.items():
        print(f"{way:16} ${day.dollars:10,.4f} a day  ${month(day, days, prices):12,.2f} in {days} days")


if __name__ == "__main__":
    main()
