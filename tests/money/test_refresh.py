"""New prices from offer files of AWS's Price List."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from aiservices.__main__ import main
from aiservices.errors import InvalidCallError
from aiservices.money import PriceBook
from aiservices.money.refresh import Refreshed, refresh
from tests.money.offers import flat, offer, written

BOOK = PriceBook()
POLLY = offer(
    "AmazonPolly",
    ("USE1-SynthesizeSpeech-Characters", "Characters", flat("0.0000040000")),
    ("USE1-SynthesizeSpeechNeural-Characters", "Characters", flat("0.0000190000")),
    ("EUW1-SynthesizeSpeechGenerative-Characters", "Characters", flat("9")),
)
POLLY["products"]["SKU0000000000002"]["attributes"]["regionCode"] = "eu-west-1"


def read(tmp_path: Path, *offers: dict[str, Any], region: str | None = None) -> Refreshed:
    files = [written(tmp_path / f"{number}.json", told) for number, told in enumerate(offers)]
    return refresh(files, BOOK, region)


def test_what_changed_is_told_and_what_is_not_there_is_kept(tmp_path: Path) -> None:
    found = read(tmp_path, POLLY)
    assert found.changes == ["polly.neural: 0.000016 -> 0.000019"]
    assert found.rows.keys() == {"polly.standard", "polly.neural"}
    assert found.kept == {
        "polly.long_form": "the offer has no SynthesizeSpeechLongForm-Characters",
        "polly.generative": "the offer has no SynthesizeSpeechGenerative-Characters",
    }
    assert "2 rows of us-east-1 read, 1 of them changed" in str(found)


def test_the_file_that_is_made_goes_on_top_of_awss_list(tmp_path: Path) -> None:
    made = written(tmp_path / "made.json", read(tmp_path, POLLY).document())
    book = PriceBook.load(made)
    assert book.price("polly.neural", 1_000_000) == 19
    assert (book["polly.neural"].as_of, book["polly.neural"].confidence) == ("2026-11-01", "high")
    (source,) = book["polly.neural"].source
    assert book.sources[source]["what"] == "AWS Price List offer AmazonPolly"
    assert book["polly.long_form"] == BOOK["polly.long_form"]
    assert book.date == "2026-11-01"


def test_another_region(tmp_path: Path) -> None:
    found = read(tmp_path, POLLY, region="eu-west-1")
    assert found.rows.keys() == {"polly.generative"}
    book = PriceBook.load(written(tmp_path / "made.json", found.document()))
    assert (book.region, book.price("polly.generative", 1), book.price("polly.neural", 1)) == ("eu-west-1", 9, None)
    with pytest.raises(InvalidCallError, match="has no products of eu-north-1"):
        read(tmp_path, POLLY, region="eu-north-1")


SENTIMENT = [("0", "20000000", "0.0002"), ("20000000", "Inf", "0.0001")]


def test_tiers_flat_fees_and_rows_of_several_usage_types(tmp_path: Path) -> None:
    apis = ("DetectEntities", "DetectSentiment", "DetectKeyPhrases", "DetectDominantLanguage", "DetectTgtSentiment")
    found = read(
        tmp_path,
        offer(
            "comprehend",
            *((f"USE1-{api}", "Unit", SENTIMENT[::-1]) for api in apis),  # in any order
            ("USE1-DetectTopics-Fixed", "MB", flat("1.5")), ("USE1-DetectTopics-PerMB", "MB", flat("0.006")),
            ("USE1-DetectEntities-Custom", "Unit", flat("0.0005")), ("USE1-DocClassification-Custom", "Unit", flat("0.0006")),
            ("group:Comprehend toxicity detection for text segments", "Unit", flat("0.0003")),
        ),
    )  # fmt: skip
    book = PriceBook.load(written(tmp_path / "made.json", found.document()))
    assert book.price("comprehend.nlp_standard", 20_000_001) == Decimal("4000.0001")
    assert book.price("comprehend.topic_modeling", 150) == Decimal("1.8"), "1.5 + 50 x 0.006"
    assert book.price("comprehend.toxicity", 3) == Decimal("0.0009")
    assert found.kept["comprehend.custom_async"] == (
        "DetectEntities-Custom and DocClassification-Custom do not agree: 0.0005; 0.0006"
    )
    assert (
        "comprehend.nlp_standard: 0.0001 up to 10,000,000, 0.00005 up to 50,000,000, 0.000025"
        " -> 0.0002 up to 20,000,000, 0.0001"
    ) in found.changes


def pages(first: str, then: str, end: str = "1000000") -> list[tuple[str, str, str]]:
    return [("0", end, first), (end, "Inf", then)]


def test_the_sum_of_two_rows(tmp_path: Path) -> None:
    def told(end: str) -> Refreshed:
        forms = ("USE1-PagesforAnalyzeDocForms", "Pages", pages("0.06", "0.05"))
        tables = ("USE1-PagesforAnalyzeDocTables", "Pages", pages("0.02", "0.01", end))
        return read(tmp_path, offer("AmazonTextract", forms, tables))

    book = PriceBook.load(written(tmp_path / "made.json", told("1000000").document()))
    assert book.price("textract.forms_tables", 1_000_001) == 80_000 + Decimal("0.06")
    assert told("500000").kept["textract.forms_tables"] == "its parts have different tiers"
    alone = read(tmp_path, offer("AmazonTextract", ("USE1-PagesForLayout", "Pages", flat("1"))))
    assert alone.kept["textract.forms_tables"].startswith("a part of it was not read")
    assert alone.kept["textract.custom_queries"] == "its usage type is not known"


def test_a_price_of_another_unit_is_not_taken(tmp_path: Path) -> None:
    found = read(tmp_path, offer("AmazonPolly", ("USE1-SynthesizeSpeechNeural-Characters", "1M requests", flat("16"))))
    assert found.rows == {}
    assert "in '1M requests', which is another unit" in found.kept["polly.neural"]


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"offerCode": "AmazonEC2", "publicationDate": "", "products": {}, "terms": {}}, "is the offer AmazonEC2; known are"),
        ({"products": {}}, "is no offer file: it has no offerCode"),
        ([], "is no offer file"),
        (offer("AmazonPolly"), "has no products of us-east-1"),
        (offer("AmazonPolly", ("USE1-x", "Unit", [("5", "Inf", "1")])), "a gap or overlap at 5"),
        (offer("AmazonPolly", ("USE1-x", "Unit", [("0", "10", "1"), ("5", "Inf", "1")])), "a gap or overlap at 5"),
        (offer("AmazonPolly", ("USE1-x", "Unit", [("0", "10", "1")])), "the last tier has an end"),
        (offer("AmazonPolly", ("USE1-x", "Unit", [("0", "Inf", "-1")])), "'-1' is no price or usage"),
        (offer("AmazonPolly", ("USE1-x", "Unit", [("0", "Inf", "dear")])), "'dear' is no number"),
        (offer("AmazonPolly", ("USE1-x", "Unit", [])), "has not the form of an offer file"),
        ({**POLLY, "products": []}, "has not the form of an offer file"),
    ],
)  # fmt: skip
def test_what_is_no_offer_is_refused(tmp_path: Path, told: Any, reason: str) -> None:
    with pytest.raises(InvalidCallError) as refused:
        read(tmp_path, told)
    assert reason in str(refused.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InvalidCallError, match="cannot be read"):
        refresh([tmp_path / "none.json"], BOOK)
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(InvalidCallError, match="is no JSON"):
        refresh([tmp_path / "bad.json"], BOOK)


def test_every_rule_is_of_a_row_and_a_unit_that_exist() -> None:
    data = json.loads((Path(refresh.__code__.co_filename).parent / "offers.json").read_text("utf-8"))
    codes = BOOK.meta["authoritative_refresh"]["offer_codes"]
    assert set(data["offers"]) == set(codes.values())
    for section, code in codes.items():
        assert all(row in BOOK and row.startswith(f"{section}.") for row in data["offers"][code])
    assert data["units"].keys() <= BOOK.dimensions.keys()


# The command line


def test_prices_are_listed_and_exported(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["prices"]) == 0
    assert "polly.neural" in capsys.readouterr().out
    assert main(["prices", "--csv"]) == 0
    assert capsys.readouterr().out.startswith("row,unit,from,up_to,dollars")
    assert main(["prices", "--json"]) == 0
    exported = tmp_path / "prices.json"
    exported.write_text(capsys.readouterr().out)
    assert main(["prices", "validate", str(exported)]) == 0
    assert "can be used: <PriceBook 119 rows, us-east-1, 2026-11-20>" in capsys.readouterr().out


def test_a_file_that_cannot_be_used_ends_with_2_and_the_reason(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{"rows": [{"id": "polly.neural", "tiers": [{"up_to": null, "price": "-1"}]}]}')
    for step in (["validate", str(bad)], ["refresh", str(bad)]):
        assert main(["prices", *step]) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert str(bad) in told.err
    assert main(["prices", "--file", str(bad)]) == 2
    assert "row polly.neural" in capsys.readouterr().err


def test_refresh_shows_what_changed_and_writes_it_when_asked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    told, made = written(tmp_path / "offer.json", POLLY), tmp_path / "mine.json"
    assert main(["prices", "refresh", str(told)]) == 0
    assert "polly.neural: 0.000016 -> 0.000019" in capsys.readouterr().out
    assert not made.exists()
    assert main(["prices", "refresh", str(told), "--output", str(made)]) == 0
    assert f"written to {made}" in capsys.readouterr().out
    assert main(["prices", "--file", str(made)]) == 0
    assert "119 rows, us-east-1, compiled 2026-11-01" in capsys.readouterr().out
