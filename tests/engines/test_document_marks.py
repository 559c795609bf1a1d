"""Lines for machines, codes, and the rows of receipts."""

from __future__ import annotations

import pytest
from aiservices_mocks.engines import barcode, documents, mrz, receipts
from hypothesis import given
from hypothesis import strategies as st

from tests.documents import Leaf, pdf

# The specimens of ICAO Doc 9303, parts 4, 5 and 6.
BOOKLET = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"]
CARD = ["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"]
SLIP = ["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"]


@pytest.mark.parametrize("lines", [BOOKLET, CARD, SLIP])
def test_zones_of_three_formats(lines: list[str]) -> None:
    zone = mrz.zone(["a line before", *lines])
    assert zone is not None
    assert zone.valid
    assert (zone.surname, zone.given, zone.country, zone.sex) == ("ERIKSSON", "ANNA MARIA", "UTO", "F")
    assert (str(zone.born), str(zone.expires)) == ("1974-08-12", "2012-04-15")


def test_a_confused_letter_in_a_number_is_mended() -> None:
    zone = mrz.zone([BOOKLET[0].replace("UTO", "UT0"), BOOKLET[1].replace("7408122", "74O8I22").replace("UTO", "UT0")])
    assert zone is not None
    assert zone.valid


def test_fillers_that_were_not_all_read_are_mended() -> None:
    zone = mrz.zone([BOOKLET[0][:-2], BOOKLET[1]])
    assert zone is not None
    assert zone.surname == "ERIKSSON"


@given(st.integers(0, 43), st.sampled_from("0123456789"))
def test_a_wrong_digit_is_told(at: int, digit: str) -> None:
    second = BOOKLET[1]
    if not second[at].isdigit() or second[at] == digit:
        return
    zone = mrz.zone([BOOKLET[0], second[:at] + digit + second[at + 1 :]])
    assert zone is not None
    assert not zone.valid


@given(st.lists(st.text(max_size=50), max_size=5))
def test_any_lines_are_looked_at(lines: list[str]) -> None:
    zone = mrz.zone(lines)
    assert zone is None or zone.lines


def test_a_code_says_its_fields() -> None:
    text = (
        "@\n\x1e\rANSI 636026080102DL00410288ZA03290015DLDAQD1\nDCSSAMPLE\nDACANNA\nDBB01151985\nDBA20290115\nDCBNONE\r"
    )
    assert barcode.licence(text) == {
        "DOCUMENT_NUMBER": "D1",
        "LAST_NAME": "SAMPLE",
        "FIRST_NAME": "ANNA",
        "DATE_OF_BIRTH": "01/15/1985",
        "EXPIRATION_DATE": "01/15/2029",
    }


@given(st.text(max_size=200))
def test_any_code_is_read(text: str) -> None:
    assert all(barcode.licence(text).values())


@pytest.mark.parametrize(
    ("text", "value"), [("$1,234.50", 1234.5), ("1.234,50 EUR", 1234.5), ("RM 7.00", 7.0), ("12", 12.0), ("none", 0.0)]
)
def test_the_number_in_an_amount(text: str, value: float) -> None:
    assert receipts.value(text) == value


def told(*rows: tuple[str, str]) -> dict[str, str]:
    leaf = Leaf()
    leaf.text(60, 60, "Alder Stores")
    for number, (label, amount) in enumerate(rows):
        leaf.text(60, 120 + 20 * number, label)
        leaf.text(300, 120 + 20 * number, amount)
    (page,) = documents.read(pdf(leaf), forms=True)
    return {one.kind: one.text for one in receipts.summary(page)}


def test_the_sum_to_pay_among_several() -> None:
    assert told(("Total excl GST", "9.40"), ("Total", "10.00"), ("Rounded total", "10.05"))["TOTAL"] == "10.05"
    assert told(("Total qty", "3.00"), ("Total", "10.00"), ("Total GST", "0.60"))["TOTAL"] == "10.00"


def test_cash_less_change_tells_the_total() -> None:
    rows = (("Total sales", "12.00"), ("Total", "11.50"), ("Cash", "20.00"), ("Change", "8.50"))
    assert told(*rows)["TOTAL"] == "11.50"


def test_a_page_without_sums_says_nothing_of_them() -> None:
    assert told(("An apple", "a day")).keys() == {"VENDOR_NAME"}
