"""Fields of forms: ten layouts as PDF and as scans, the same under other labels, and what is no form."""

from __future__ import annotations

import json
import random
from importlib.util import find_spec

import pytest
from aiservices_mocks.engines import documents
from aiservices_mocks.engines.documents import fields_combs
from aiservices_mocks.engines.documents.layout import Box, Word
from hypothesis import given
from hypothesis import strategies as st

from tests import forms
from tests.documents import Leaf, columns, pdf, table

LEAST = 0.9


def read(data: bytes, *, tables: bool = False) -> documents.Page:
    (page,) = documents.read(data, forms=True, tables=tables)
    return page


def committed(layout: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((forms.FOLDER / f"{layout}.json").read_text("utf-8"))
    return found


def test_the_committed_forms_are_those_of_the_generator() -> None:
    for layout in forms.LAYOUTS:
        made = forms.form(layout, 0)
        assert (forms.FOLDER / f"{layout}.pdf").read_bytes() == made.data
        assert committed(layout) == made.fields


@pytest.mark.parametrize("tables", [False, True])
def test_fields_of_ten_committed_forms(tables: bool) -> None:
    results = [
        (forms.fields_of(read((forms.FOLDER / f"{one}.pdf").read_bytes(), tables=tables)), committed(one))
        for one in forms.LAYOUTS
    ]
    assert forms.f1(results) >= LEAST


@pytest.mark.skipif(find_spec("rapidocr") is None, reason='needs pip install "aiservices[ocr]"')
def test_fields_of_noisy_scans() -> None:
    results = [
        (forms.fields_of(read((forms.FOLDER / f"{one}.jpg").read_bytes())), committed(one)) for one in forms.LAYOUTS
    ]
    assert forms.f1(results) >= LEAST


@pytest.mark.parametrize("seed", range(4))
def test_other_labels_in_another_order_change_nothing(seed: int) -> None:
    made = [forms.form(layout, seed, original=False) for layout in forms.LAYOUTS]
    assert all(one.fields.keys() != committed(layout).keys() for layout, one in zip(forms.LAYOUTS, made, strict=True))
    assert forms.f1([(forms.fields_of(read(one.data)), one.fields) for one in made]) >= LEAST


def test_the_measure_tells_right_from_wrong() -> None:
    """With values exchanged between fields nothing is right."""
    rng = random.Random(1)
    results = []
    for layout in forms.LAYOUTS:
        made = forms.form(layout, 7, original=False)
        values = list(made.fields.values())
        rng.shuffle(values)
        results.append((forms.fields_of(read(made.data)), dict(zip(made.fields, values, strict=True))))
    assert forms.f1(results) < 0.4


@pytest.mark.parametrize("seed", range(5))
def test_prose_and_tables_have_no_fields(seed: int) -> None:
    assert read(columns(seed)[0]).fields == []
    assert read(table(seed, ruled=seed % 2 == 0)[0]).fields == []


def test_a_label_that_waits_for_its_value_has_an_empty_one() -> None:
    leaf = Leaf()
    leaf.text(60, 100, "Name:")
    leaf.text(60, 140, "Date")
    leaf.line(95, 143, 300, 143)
    found = read(pdf(leaf)).fields
    assert [(" ".join(w.text for w in one.key), one.value) for one in found] == [("Name:", []), ("Date", [])]
    assert (round(found[1].value_box.left), round(found[1].value_box.right)) == (95, 300)


def test_confidence_is_higher_where_more_speaks_for_a_field() -> None:
    sure, unsure = Leaf(), Leaf()
    sure.text(60, 100, "Name:")
    sure.text(100, 100, "Ada Lopez")
    unsure.text(60, 100, "Name")
    unsure.text(260, 100, "Ada Lopez")
    unsure.text(60, 130, "City")
    unsure.text(260, 130, "Graz")
    unsure.text(60, 160, "Date")
    unsure.text(260, 160, "05/06/2020")
    (first,), others = read(pdf(sure)).fields, read(pdf(unsure)).fields
    assert len(others) == 3
    assert all(0.5 < other.confidence < first.confidence < 1 for other in others)


def comb(text: str, step: float, left: float = 50.0) -> list[Word]:
    return [Word(c, Box(left + step * i, 10, left + step * i + 6, 20)) for i, c in enumerate(text)]


@given(st.text(st.sampled_from("AB12"), min_size=4, max_size=20), st.floats(11, 22))
def test_a_comb_is_one_word(text: str, step: float) -> None:
    ((word,),) = fields_combs.joined([comb(text, step)], [])
    assert word.text == text
    assert word.box.right == pytest.approx(50 + step * (len(text) - 1) + 6)


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=6), max_size=12), st.floats(8, 80))
def test_no_letter_is_lost(texts: list[str], step: float) -> None:
    run = [Word(text, Box(step * i, 10, step * i + 5, 20)) for i, text in enumerate(texts)]
    joined = fields_combs.joined([run] if run else [], [])
    assert "".join(word.text for one in joined for word in one) == "".join(texts)
