"""A pile of paper becomes data: forms as rows, what receipts cost, and scans in which text can be searched.

`python -m examples.paper_forms [FOLDER]` runs offline with AISERVICES_BACKEND=mock.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from aiservices import AI
from aiservices.services.textract.document import Document

DATA = Path(__file__).parent / "data"
QUESTIONS = {"buyer": "What is the full name?", "order": "What is the order number?", "why": "What is the reason?"}
SURE = 0.8


def read_form(ai: AI, path: Path) -> tuple[dict[str, str], list[str], Document]:
    """A form's row: what it answers, then its own fields; and what somebody had better look at."""
    document = ai.textract.analyze(path, ["FORMS", "TABLES", "LAYOUT"], queries=QUESTIONS)
    unsure = [name for name, one in document.answers.items() if (one.confidence or 0) < SURE]
    unsure += [pair.key for pair in document.pairs if pair.confidence < SURE]
    return document.answers.to_dict() | document.forms, unsure, document


def read_expenses(ai: AI, paths: Iterable[Path]) -> list[dict[str, Any]]:
    """A row for each invoice or receipt: who, when, how much; an error where one cannot be read."""
    sources = list(paths)
    rows = ai.textract.expense(sources).to_dicts()
    return [{"file": path.name, **row} for path, row in zip(sources, rows, strict=True)]


def write(path: Path, rows: list[dict[str, Any]] | list[dict[str, str]]) -> None:
    names: Mapping[str, None] = dict.fromkeys(name for row in rows for name in row)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(names))
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "paper-forms")
    out.mkdir(parents=True, exist_ok=True)
    with AI() as ai:
        row, unsure, document = read_form(ai, DATA / "return_form.jpg")
        document.to_searchable_pdf(out / "return_form.pdf")
        (out / "return_form.md").write_text(document.to_markdown(), "utf-8")
        expenses = read_expenses(ai, [DATA / "invoice.pdf", DATA / "receipt.jpg"])
        write(out / "forms.csv", [row])
        write(out / "expenses.csv", expenses)
        print(row, f"to look at: {', '.join(unsure) or 'nothing'}", sep="\n")
        print(*expenses, ai.costs, sep="\n")


if __name__ == "__main__":
    main()
