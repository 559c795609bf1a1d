"""Price files: what is refused, with row and reason, and what goes on top of AWS's list."""

from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiservices import AI
from aiservices.errors import InvalidCallError
from aiservices.money import PriceBook, Tier, price_file
from aiservices.money.listing import as_csv, as_json, as_table, document, write

BOOK = PriceBook()


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mine.json"
    path.write_text(text, "utf-8")
    return path


def one(**row: Any) -> str:
    return json.dumps({"rows": [{"id": "polly.neural", **row}]})


def tiers(*pairs: tuple[Any, Any], **more: Any) -> str:
    return one(tiers=[{"up_to": up_to, "price": price, **more} for up_to, price in pairs])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (one(dimension="charakter"), "row polly.neural: the dimension 'charakter' is unknown; did you mean \"character\"?"),
        (one(dimension="page"), "row polly.neural: it is counted in character, not in page"),
        (one(dimension=5), "row polly.neural: the dimension 5 is unknown"),
        (tiers((None, "-0.1")), 'row polly.neural: tier 1: "price": -0.1 is negative'),
        ('{"rows": [{"id": "polly.neural", "tiers": [{"up_to": null, "price": 0.00001}]}]}', "0.00001 is a float"),
        ('{"rows": [{"id": "polly.neural", "tiers": [{"up_to": 1.5, "price": "1"}]}]}', "1.5 is a float"),
        (tiers((10, "1")), "row polly.neural: nothing is said above 10"),
        (tiers((10, "1"), (10, "2"), (None, "3")), "row polly.neural: tier 2 ends at 10 and so overlaps"),
        (tiers((10, "1"), (5, "2"), (None, "3")), "row polly.neural: tier 2 ends at 5 and so overlaps"),
        (tiers((None, "1"), (5, "2")), "row polly.neural: tier 2 overlaps the one before it, which has no end"),
        (tiers((0, "1"), (None, "2")), "tier 1 ends at 0"),
        (one(tiers=[{"up_to": 5, "price": "1"}, {"from": 6, "up_to": None, "price": "1"}]), "tier 2 leaves a gap"),
        (one(tiers=[{"up_to": 5, "price": "1"}, {"from": 4, "up_to": None, "price": "1"}]), "tier 2 overlaps the one"),
        (one(tiers=[{"from": 1, "up_to": None, "price": "1"}]), "tier 1 leaves a gap"),
        (tiers((None, "free")), "'free' is no number"),
        (tiers((None, True)), "True is no number"),
        (tiers((None, "NaN")), "'NaN' is no number"),
        (tiers((None, "1"), flat="yes"), '"flat" is true or false'),
        (one(tiers=[]), '"tiers" is a list'),
        (one(tiers={"price": "1"}), '"tiers" is a list'),
        (one(tiers=[{"price": "1"}]), 'tier 1 is an object with "up_to" and "price"'),
        (one(tier=[]), '"tier" is unknown; did you mean "tiers"?'),
        (one(notes=5), '"notes" is a text'),
        (one(source="page"), '"source" is a list of texts'),
        (one(addon="yes"), '"addon" is true or false'),
        (one(free_units="-1"), "-1 is negative"),
        ('{"rows": [{"id": "polly.neural"}, {"id": "polly.neural"}]}', "row polly.neural: another row has the same id"),
        ('{"rows": [{"id": "new.row", "dimension": "page"}]}', 'row new.row: "tiers" is a list'),
        ('{"rows": [{"tiers": []}]}', "row number 1: a row is an object"),
        ('{"rows": ["polly.neural"]}', "row number 1: a row is an object"),
        ('{"rows": {}}', '"rows" is a list of objects'),
        ('{"row": []}', '"row" is unknown; did you mean "rows"?'),
        ('{"rows": [{"id": "polly.nueral", "tiers": []}]}', 'row polly.nueral: it is not in AWS\'s list, and a new row needs its "dimension" and "tiers"; did you mean "polly.neural"?'),
        (tiers((None, "0." + "1" * 150)), "more than 100 digits"),
        ('{"discount": {"poly": "0.5"}}', 'discount poly: there is no such product or price row; did you mean "polly"?'),
        ('{"rules": {}}', '"rules" is unknown'),
        ('{"meta": []}', '"meta" is an object'),
        ('{"discount": 0.9}', "discount *: 0.9 is a float"),
        ('{"discount": {"polly": "-1"}}', "discount polly: -1 is negative"),
        ("[]", "it is an object"),
        ("{", "is no price file"),
        ("[" * 100_000, "is no price file"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_row_and_reason(tmp_path: Path, text: str, reason: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InvalidCallError) as refused:
        PriceBook.load(path)
    assert reason in str(refused.value)
    assert str(path) in str(refused.value)


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    rows = [
        {"id": "polly.neural", "dimension": "x"},
        {"id": "polly.standard", "tiers": [{"up_to": None, "price": "-1"}]},
    ]
    with pytest.raises(InvalidCallError, match=r"(?s)polly\.neural: .*polly\.standard: ") as refused:
        PriceBook.load(written(tmp_path, json.dumps({"rows": rows, "odd": 1})))
    assert '"odd" is unknown' in str(refused.value)


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(InvalidCallError, match="No such file"):
        PriceBook.load(tmp_path / "none.json")
    path = tmp_path / "bytes.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidCallError, match="no UTF-8"):
        PriceBook.load(path)


def test_a_file_goes_on_top_of_awss_list(tmp_path: Path) -> None:
    text = json.dumps(
        {
            "meta": {"compiled": "2030-01-01", "contract": "ours"},
            "discount": {"polly": "0.5", "textract.forms": "0.8", "*": 1},
            "sources": {"ours": {"what": "the contract"}},
            "dimensions": {"postcard": "a postcard"},
            "rows": [
                {"id": "polly.neural", "tiers": [{"up_to": None, "price": "0.000012"}], "source": ["ours"]},
                {
                    "id": "my.cards",
                    "dimension": "postcard",
                    "tiers": [{"up_to": 10, "price": "1"}, {"up_to": None, "price": None}],
                },
            ],
        }
    )
    book = PriceBook.load(written(tmp_path, text))
    assert book.price("polly.neural", 1_000_000) == 12, "as it says, without the discount"
    assert book.price("polly.standard", 1_000_000) == 2
    assert book.price("textract.forms", 1) == Decimal("0.04")
    assert book.price("textract.tables", 1) == Decimal("0.015")
    assert (book.price("my.cards", 10), book.price("my.cards", 11)) == (10, None)
    assert (book.date, book.region, book.meta["contract"], len(book)) == ("2030-01-01", "us-east-1", "ours", 120)
    assert book["polly.neural"].operations == BOOK["polly.neural"].operations
    assert "ours" in book.sources
    assert BOOK.price("polly.neural", 1_000_000) == 16, "the shipped list stays"


def test_a_file_of_another_region_knows_what_it_says(tmp_path: Path) -> None:
    text = (
        '{"meta": {"region": "eu-west-1"}, "rows": [{"id": "polly.neural", "tiers": [{"up_to": null, "price": "2"}]}]}'
    )
    book = PriceBook.load(written(tmp_path, text))
    assert (book.region, book.price("polly.neural", 1), book.price("polly.standard", 1)) == ("eu-west-1", 2, None)


def test_a_client_takes_a_book_or_a_file_and_a_wrong_one_changes_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, tiers((None, "1")))
    for prices in (path, str(path), PriceBook.load(path)):
        with AI(backend="mock", prices=prices) as ai:
            assert (
                ai.polly.synthesize_speech(
                    text="Hi!", voice_id="Joanna", output_format="pcm", engine="neural"
                ).meta.cost
                == 3
            )
            assert ai.costs.would_cost == 3
    path.write_text(tiers((None, "-1")))
    with pytest.raises(InvalidCallError, match="negative"):
        AI(backend="mock", prices=path)
    with pytest.raises(InvalidCallError, match="prices is a PriceBook or the path of a price file, not a int"):
        AI(backend="mock", prices=5)  # type: ignore[arg-type]  # what a type checker would refuse


# Export


def test_what_is_exported_is_read_again_as_it_was(tmp_path: Path) -> None:
    again = PriceBook.load(written(tmp_path, as_json(document(BOOK))))
    assert list(again) == list(BOOK)
    assert again.meta == BOOK.meta


def test_a_table_and_a_sheet_have_every_row() -> None:
    lines = as_table(BOOK).splitlines()
    assert len(lines) == len(BOOK) + 2
    assert lines[1].split()[:3] == ["comprehend.nlp_standard", "unit_100_chars", "0.0001"]
    assert "unknown" in next(line for line in lines if line.startswith("frauddetector.prediction_tfi"))
    sheet = as_csv(BOOK).splitlines()
    assert len(sheet) == 1 + sum(len(row.tiers) for row in BOOK)
    assert "textract.identity,page,0,100000,0.025,,us-east-1,2025-09-09,medium,AnalyzeID" in sheet
    assert "textract.identity,page,100000,,0.010,,us-east-1,2025-09-09,medium,AnalyzeID" in sheet


def test_what_is_written_replaces_a_file_only_when_it_is_whole(tmp_path: Path) -> None:
    path = written(tmp_path, tiers((None, "1")))
    with pytest.raises(InvalidCallError, match="negative"):
        write(json.loads(tiers((None, "-1"))), path)
    assert path.read_text() == tiers((None, "1"))
    write(json.loads(tiers((None, "2"))), path)
    assert PriceBook.load(path).price("polly.neural", 1) == 2
    assert [file.name for file in tmp_path.iterdir()] == ["mine.json"]
    with pytest.raises(InvalidCallError, match="cannot be written"):
        write({"rows": []}, tmp_path / "nowhere" / "mine.json")


# By property

amounts = st.decimals(min_value=0, max_value=10**6, places=7)


@given(st.lists(st.tuples(st.integers(1, 10**9), amounts), max_size=5), amounts)
def test_every_row_of_tiers_that_rise_is_read_as_it_was_written(
    steps: list[tuple[int, Decimal]], last: Decimal
) -> None:
    rising = dict(sorted(steps))
    raw = [{"up_to": str(up_to), "price": str(price)} for up_to, price in rising.items()]
    row = price_file.row(
        {"id": "a.row", "dimension": "page", "tiers": [*raw, {"up_to": None, "price": str(last)}]}, {}, ["page"]
    )
    assert row.tiers == (*(Tier(Decimal(up_to), price) for up_to, price in rising.items()), Tier(None, last))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "tiers", "up_to", "price", "dimension", "x"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["rows", "meta", "discount", "dimensions", "sources", "odd"]), json_values))
def test_whatever_json_says_is_read_or_refused(data: dict[str, Any]) -> None:
    with suppress(InvalidCallError):
        found = price_file.content(data, "it", {row.id: row for row in BOOK}, BOOK.dimensions)
        assert all(row.tiers[-1].up_to is None for row in found.rows)
