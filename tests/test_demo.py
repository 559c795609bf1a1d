"""The demo's functions, on files made at random: nothing is fitted to the demo's own."""

from __future__ import annotations

import csv
import random
import re
from pathlib import Path

import pytest

from aiservices import AI
from examples.demo import documents, report, reviews, speech
from examples.demo.__main__ import run
from tests.documents import form, person, scan, table

GLAD = ["I love it", "Wonderful quality", "Excellent and friendly service", "It works perfectly"]
CROSS = ["It broke at once", "Terrible service", "I am very disappointed", "The worst purchase ever"]


def write_reviews(path: Path, seed: int, count: int = 8) -> dict[str, str]:
    """A CSV of plainly glad and plainly cross reviews; id -> which."""
    rng = random.Random(seed)
    kinds = {str(number): rng.choice(["POSITIVE", "NEGATIVE"]) for number in range(count)}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "customer", "review"])
        for number, kind in kinds.items():
            said = rng.sample(GLAD if kind == "POSITIVE" else CROSS, 2)
            writer.writerow([number, person(rng), ". ".join(said) + "."])
    return kinds


@pytest.mark.parametrize("seed", [11, 12])
def test_reviews_are_understood(seed: int, tmp_path: Path) -> None:
    kinds = write_reviews(tmp_path / "reviews.csv", seed)
    found = reviews.study(AI(backend="mock"), reviews.read_reviews(tmp_path / "reviews.csv"))
    assert {one.review.id: one.sentiment for one in found} == kinds
    assert {one.language for one in found} == {"en"}


@pytest.mark.parametrize("seed", [21, 22, 23])
def test_a_form_becomes_its_fields(seed: int, tmp_path: Path) -> None:
    data, pairs = form(seed)
    (tmp_path / "form.pdf").write_bytes(data)
    found = documents.digitise(AI(backend="mock"), tmp_path / "form.pdf").forms
    assert pairs.items() <= found.items()


def test_a_scanned_form_becomes_most_of_its_fields(tmp_path: Path) -> None:
    pytest.importorskip("rapidocr")
    right = asked = 0
    for seed in (31, 32):
        data, pairs = form(seed)
        (tmp_path / "scan.png").write_bytes(scan(data, angle=0.5))
        found = documents.digitise(AI(backend="mock"), tmp_path / "scan.png").forms
        squeezed = {key: value.replace(" ", "") for key, value in found.items()}
        right += sum(squeezed.get(key) == value.replace(" ", "") for key, value in pairs.items())
        asked += len(pairs)
    assert right >= 0.7 * asked


@pytest.mark.parametrize("seed", [41, 42])
def test_a_table_becomes_its_cells(seed: int, tmp_path: Path) -> None:
    data, rows = table(seed)
    (tmp_path / "table.pdf").write_bytes(data)
    assert documents.digitise(AI(backend="mock"), tmp_path / "table.pdf").tables[0].rows == rows


def test_the_whole_job_comes_out_the_same_twice(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    write_reviews(data / "reviews.csv", 51)
    (data / "form.pdf").write_bytes(form(52)[0])
    pages = []
    for number in (1, 2):
        out = tmp_path / str(number)
        ai = AI(backend="mock")
        sections = run(ai, data, out)
        assert {section.product for section in sections} == {"comprehend", "textract", "polly"}
        assert (out / "answer.mp3").stat().st_size > 1000
        assert not ai.costs.unpriced
        assert ai.costs.would_cost > 0
        assert ai.costs.total == 0
        pages.append(report.page(sections, ai.costs, {"comprehend": True, "kendra": False}))
    assert pages[0] == pages[1]
    assert "data:image/jpeg;base64," in pages[0]
    assert "<audio" in pages[0]
    assert "kendra (not yet)" in pages[0]
    assert not re.search(r'(src|href)="https?:', pages[0])


def test_the_answer_goes_to_the_least_happy(tmp_path: Path) -> None:
    write_reviews(tmp_path / "reviews.csv", 61, count=12)
    found = reviews.study(AI(backend="mock"), reviews.read_reviews(tmp_path / "reviews.csv"))
    chosen = speech.least_happy(found)
    assert chosen.sentiment == "NEGATIVE"
    assert chosen.review.customer in speech.write_answer(chosen)[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"id,customer\n1,Ann\n", "row 2: no review"),
        (b"id,customer,review\n1,,Fine\n", "row 2: no customer"),
        ("id,customer,review\n1,Zoë,Schön\n".encode("latin-1"), "UTF-8"),
        (b'id,customer,review\n1,Ann,"never ends\n', "CSV"),
    ],
)
def test_a_broken_csv_says_what_is_wrong(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "reviews.csv").write_bytes(content)
    with pytest.raises(ValueError, match=message):
        reviews.read_reviews(tmp_path / "reviews.csv")


def test_a_byte_order_mark_is_no_matter(tmp_path: Path) -> None:
    (tmp_path / "reviews.csv").write_bytes("\ufeffid,customer,review\n1,Ann,Fine\n".encode())
    assert reviews.read_reviews(tmp_path / "reviews.csv")[0].id == "1"
