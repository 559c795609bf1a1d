"""A ledger beside Cost and Usage Reports, made by hand as they are documented; amounts are of AWS's price list."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
import sys
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from aiservices.__main__ import main
from aiservices.errors import InvalidCallError, MissingExtraError
from aiservices.money import Ledger, PriceBook
from aiservices.money.charge import Charge
from aiservices.money.cost_usage import read
from aiservices.money.keeping import Entry
from aiservices.money.reconcile import reconcile
from aiservices.money.reconciled import Amount, Line, Reconciled

ACCOUNT = "111122223333"
COLUMNS = (
    "identity/LineItemId", "bill/BillingPeriodStartDate", "lineItem/UsageAccountId", "lineItem/LineItemType",
    "lineItem/UsageStartDate", "lineItem/UsageEndDate", "lineItem/ProductCode", "lineItem/UsageType",
    "lineItem/UsageAmount", "lineItem/CurrencyCode", "lineItem/UnblendedCost", "product/ProductName",
    "product/groupDescription", "product/region", "pricing/unit",
)  # fmt: skip
SNAKE = {
    "identity_line_item_id", "bill_billing_period_start_date", "line_item_usage_account_id", "line_item_line_item_type",
    "line_item_usage_start_date", "line_item_usage_end_date", "line_item_product_code", "line_item_usage_type",
    "line_item_usage_amount", "line_item_currency_code", "line_item_unblended_cost", "product_region_code",
    "pricing_unit",
}  # fmt: skip
"""The columns of CUR 2.0, which has neither the product's name nor its group outside its map of the product."""

Row = dict[str, Any]


def item(code: str, usage: str, amount: str, dollars: str, *, unit: str = "", day: int = 3, **other: Any) -> Row:
    """A line item of a day in November 2026."""
    row = dict.fromkeys(COLUMNS, "")
    row |= {
        "bill/BillingPeriodStartDate": "2026-11-01T00:00:00Z", "lineItem/UsageAccountId": ACCOUNT,
        "lineItem/LineItemType": "Usage", "lineItem/UsageStartDate": f"2026-11-{day:02}T00:00:00Z",
        "lineItem/UsageEndDate": f"2026-11-{day + 1:02}T00:00:00Z", "lineItem/ProductCode": code,
        "lineItem/UsageType": usage, "lineItem/UsageAmount": amount, "lineItem/CurrencyCode": "USD",
        "lineItem/UnblendedCost": dollars, "product/region": "us-east-1", "pricing/unit": unit,
    }  # fmt: skip
    return {**row, **{name.replace("_", "/", 1): value for name, value in other.items()}}


def text(rows: Sequence[Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def report(path: Path, *rows: Row) -> Path:
    path.write_text(text(rows), "utf-8")
    return path


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with Ledger() as ledger:
        yield ledger


def enter(
    ledger: Ledger,
    operation: str,
    units: dict[str, int] | None,
    dollars: str | None,
    *,
    day: int = 3,
    account: str = ACCOUNT,
    region: str = "us-east-1",
    billed: bool = True,
) -> None:
    """A call of that day."""
    at, cost = datetime(2026, 11, day, 12, tzinfo=UTC), None if dollars is None else Decimal(dollars)
    counted = None if units is None else {row: Decimal(count) for row, count in units.items()}
    entry = Entry(at, account, region, operation.partition(".")[0], operation, counted, cost, billed, {}, "r")
    with ledger.booking(()) as booking:
        booking.enter(Charge(counted, cost), lambda: entry)


def found(reconciled: Reconciled) -> list[tuple[str, str, str]]:
    return [(line.row, ", ".join(line.usage_types), line.why) for line in reconciled.lines]


NEURAL = ("polly.SynthesizeSpeech", {"polly.neural": 1_000_000}, "16")
BILLED = item("AmazonPolly", "USE1-SynthesizeSpeechNeural-Characters", "1000000.0", "16.0000000000", unit="Characters")


def test_what_agrees(ledger: Ledger, tmp_path: Path) -> None:
    enter(ledger, *NEURAL)
    told = reconcile(ledger, [report(tmp_path / "cur.csv", BILLED)])
    (line,) = told.lines
    amount = Amount(Decimal(1_000_000), Decimal(16))
    assert line == Line("polly", "polly.neural", ("USE1-SynthesizeSpeechNeural-Characters",), amount, amount)
    assert (told.differences, told.since, told.until) == ([], date(2026, 11, 1), date(2026, 11, 3))
    assert (told.ledger, told.report, told.by_product) == (16, 16, {"polly": (16, 16)})


def test_where_they_differ(ledger: Ledger, tmp_path: Path) -> None:
    enter(ledger, *NEURAL)
    enter(ledger, "textract.DetectDocumentText", {"textract.detect_text": 10}, "0.015")
    enter(ledger, "translate.TranslateText", {"translate.text": 1000}, "0.015")
    enter(ledger, "textract.AnalyzeDocument", {"textract.tables_queries": 1}, "0.02")
    told = reconcile(
        ledger,
        [
            report(
                tmp_path / "cur.csv",
                {**BILLED, "lineItem/UnblendedCost": "14.88"},  # a discount
                item("AmazonTextract", "USE1-PagesforDocumentText", "12", "0.018", unit="Pages"),
                item("AmazonLex", "Text-Requests", "100", "0.075", unit="Requests"),
                item("AmazonTextract", "USE1-PagesforTablesAndMore", "1", "0.02", unit="Pages"),
                item("AmazonEC2", "USE1-BoxUsage:t3.micro", "24", "0.25", unit="Hrs"),
            )
        ],
    )
    assert found(told) == [
        ("lexv2.text_request", "Text-Requests", "only in the report"),
        ("polly.neural", "USE1-SynthesizeSpeechNeural-Characters", "dollars"),
        ("", "USE1-PagesforTablesAndMore", "only in the report; no price row is known for it"),
        ("textract.detect_text", "USE1-PagesforDocumentText", "quantity"),
        ("textract.tables_queries", "", "only in the ledger; AWS's usage type is not known"),
        ("translate.text", "TranslateText", "only in the ledger"),
    ]
    assert told.by_product["textract"] == (Decimal("0.035"), Decimal("0.038"))


def test_usage_types_with_tiers_of_their_own_are_told_apart(ledger: Ledger, tmp_path: Path) -> None:
    """Each of Comprehend's detections has volume tiers, and a usage type; its batches and jobs count with it."""
    enter(ledger, "comprehend.BatchDetectSentiment", {"comprehend.nlp_standard": 75}, "0.0075")
    enter(ledger, "comprehend.DescribeSentimentDetectionJob", {"comprehend.nlp_standard": 25}, "0.0025")
    enter(ledger, "comprehend.DetectTargetedSentiment", {"comprehend.nlp_standard": 3}, "0.0003")
    enter(ledger, "comprehend.DetectToxicContent", {"comprehend.toxicity": 7}, "0.0007")
    toxic = {"product_groupDescription": "Comprehend toxicity detection for text segments"}
    told = reconcile(
        ledger,
        [
            report(
                tmp_path / "cur.csv",
                item("comprehend", "USE1-DetectSentiment", "100", "0.01", unit="Unit"),
                item("comprehend", "USE1-DetectTgtSentiment", "3", "0.0003", unit="Unit"),
                item("comprehend", "USE1-DetectEntities", "5", "0.0005", unit="Unit"),
                item("comprehend", "USE1-Toxicity", "7", "0.0007", unit="Unit", **toxic),
            )
        ],
    )
    assert found(told) == [
        ("comprehend.nlp_standard", "USE1-DetectEntities", "only in the report"),
        ("comprehend.nlp_standard", "USE1-DetectSentiment", ""),
        ("comprehend.nlp_standard", "USE1-DetectTgtSentiment", ""),
        ("comprehend.toxicity", "USE1-Toxicity", ""),
    ]


def test_a_call_of_several_rows_is_shared_out(ledger: Ledger, tmp_path: Path) -> None:
    """Forms and tables of a page are billed as two usage types: 3 x 0.05 and 3 x 0.015 dollars, here at ten percent off."""
    enter(ledger, "textract.AnalyzeDocument", {"textract.forms_tables": 3}, "0.1755")
    told = reconcile(
        ledger,
        [
            report(
                tmp_path / "cur.csv",
                item("AmazonTextract", "USE1-PagesforAnalyzeDocForms", "3", "0.135", unit="Pages"),
                item("AmazonTextract", "USE1-PagesforAnalyzeDocTables", "3", "0.0405", unit="Pages"),
            )
        ],
    )
    assert told.differences == []
    assert {line.row: line.ledger.dollars for line in told.lines if line.ledger} == {
        "textract.forms": Decimal("0.135"), "textract.tables": Decimal("0.0405")
    }  # fmt: skip


def test_quantities_of_another_unit_are_not_compared(ledger: Ledger, tmp_path: Path) -> None:
    enter(ledger, "transcribe.GetTranscriptionJob", {"transcribe.batch_standard": 600}, "0.24")
    enter(ledger, "comprehend.DescribeTopicsDetectionJob", {"comprehend.topic_modeling": 150}, "1.4")
    told = reconcile(
        ledger,
        [
            report(
                tmp_path / "cur.csv",
                item("transcribe", "USE1-TranscribeAudio", "10", "0.24", unit="Minutes"),
                item("comprehend", "USE1-DetectTopics-Fixed", "1", "1", unit="MB"),
                item("comprehend", "USE1-DetectTopics-PerMB", "50", "0.2", unit="MB"),
            )
        ],
    )
    assert [(line.row, line.report, line.why) for line in told.lines] == [
        ("comprehend.topic_modeling", Amount(None, Decimal("1.2")), "dollars"),
        ("transcribe.batch_standard", Amount(None, Decimal("0.24")), ""),
    ]


def test_taxes_credits_and_unpriced_calls_are_told_and_not_compared(ledger: Ledger, tmp_path: Path) -> None:
    enter(ledger, *NEURAL)
    enter(ledger, "rekognition.DetectLabels", None, None)
    enter(ledger, "s3.PutObject", None, None)
    enter(ledger, "polly.SynthesizeSpeech", {"polly.neural": 5}, "0.00008", billed=False)
    tax = item("AmazonPolly", "", "", "1.6", lineItem_LineItemType="Tax", lineItem_UsageEndDate="2026-12-01T00:00:00Z")
    credit = item("AmazonPolly", "USE1-SynthesizeSpeechNeural-Characters", "0", "-3", lineItem_LineItemType="Credit")
    told = reconcile(ledger, [report(tmp_path / "1.csv", BILLED, tax), report(tmp_path / "2.csv", credit)])
    assert (told.differences, told.until) == ([], date(2026, 11, 3))
    assert told.others == {"Tax": Decimal("1.6"), "Credit": Decimal(-3)}
    assert told.unpriced == {"rekognition.DetectLabels": 1}


def test_only_the_days_of_the_report_are_compared(ledger: Ledger, tmp_path: Path) -> None:
    enter(ledger, *NEURAL)
    enter(ledger, *NEURAL, day=4)
    cur = report(tmp_path / "cur.csv", BILLED, {**BILLED, "lineItem/UsageStartDate": "2026-11-02T05:00:00.000Z"})
    assert found(reconcile(ledger, [cur]))[0][2] == "quantity and dollars", "of the 4th the report knows nothing yet"
    assert reconcile(ledger, [report(cur, BILLED)], until=date(2026, 11, 3)).differences == []
    with pytest.raises(InvalidCallError, match="no usage between 2026-11-05 and its end"):
        reconcile(ledger, [cur], since=date(2026, 11, 5))
    month = {
        **BILLED,
        "lineItem/UsageStartDate": "2026-11-01T00:00:00Z",
        "lineItem/UsageEndDate": "2026-12-01T00:00:00Z",
    }
    told = reconcile(ledger, [report(cur, {**month, "lineItem/UsageAmount": "2e6", "lineItem/UnblendedCost": "32"})])
    assert (told.differences, told.until) == ([], date(2026, 11, 30))
    with pytest.raises(InvalidCallError, match="covers 2026-11-01 to 2026-11-30, which cannot be cut at"):
        reconcile(ledger, [cur], since=date(2026, 11, 2))


def test_other_accounts_and_regions_of_the_report_are_left_out(ledger: Ledger, tmp_path: Path) -> None:
    enter(ledger, *NEURAL)
    other = {**BILLED, "lineItem/UsageAccountId": "999999999999"}
    paris = {**BILLED, "lineItem/UsageType": "EUW3-SynthesizeSpeechNeural-Characters", "product/region": "eu-west-3"}
    told = reconcile(ledger, [report(tmp_path / "cur.csv", BILLED, other, paris)])
    assert (told.differences, len(told.lines)) == ([], 1)
    assert told.notes == [
        "left out of the report, for the ledger has no such account: 999999999999",
        "left out of the report, for the ledger has no such region: eu-west-3",
    ]


def test_a_ledger_that_names_no_account_is_compared_with_all(ledger: Ledger, tmp_path: Path) -> None:
    enter(ledger, *NEURAL, account="", region="")
    enter(ledger, *NEURAL, account="", region="")
    told = reconcile(
        ledger, [report(tmp_path / "cur.csv", BILLED, {**BILLED, "lineItem/UsageAccountId": "999999999999"})]
    )
    assert told.differences == []
    assert told.notes == [
        "the ledger names no account: those of the report, 111122223333, 999999999999, are compared together"
    ]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"account": "444455556666"}, "the report is of account 111122223333, the ledger of 444455556666"),
        ({"region": "eu-west-3"}, "the report is of region us-east-1, the ledger of eu-west-3"),
        (
            {"day": 20},
            "the report is of 2026-11-01 to 2026-11-03; the ledger's calls that AWS billed are of 2026-11-20 to 2026-11-20",
        ),
        ({"billed": False}, "has no calls that AWS billed"),
    ],
)
def test_a_report_of_something_else_is_refused(ledger: Ledger, given: Row, reason: str, tmp_path: Path) -> None:
    enter(ledger, *NEURAL, **given)
    with pytest.raises(InvalidCallError) as refused:
        reconcile(ledger, [report(tmp_path / "cur.csv", BILLED)])
    assert reason in str(refused.value)


NARROW = {
    name: BILLED[name]
    for name in COLUMNS
    if name not in ("lineItem/UsageAmount", "lineItem/ProductCode", "product/ProductName")
}
BROKEN: list[tuple[bytes, str]] = [
    (b"", "is no Cost and Usage Report"),
    (b"not a report\n1\n", "is no Cost and Usage Report"),
    (text([NARROW]).encode(), "needed: line_item_usage_amount, line_item_product_code or product_servicecode or"),
    (text([BILLED]).encode()[:-40], "is damaged, cut off or encrypted"),
    (text([BILLED]).encode().replace(b"AmazonPolly", b"Amazon\xffPolly"), "is damaged, cut off or encrypted"),
    (text([BILLED]).encode()[:-2] + b',"open', "is damaged, cut off or encrypted"),
    (text([{**BILLED, "lineItem/UsageAmount": "many"}]).encode(), "line item 1: 'many' is no number"),
    (text([{**BILLED, "lineItem/UsageAmount": "NaN"}]).encode(), "line item 1: 'NaN' is no number"),
    (text([{**BILLED, "lineItem/UsageAmount": "1e999"}]).encode(), "line item 1: '1e999' is no number"),
    (text([{**BILLED, "lineItem/UsageAmount": "1" * 40}]).encode(), "1' is no number"),
    (text([{**BILLED, "lineItem/UsageStartDate": "9999-12-31T23:00:00-09:00"}]).encode(), "is damaged, cut off"),
    (text([BILLED, {**BILLED, "lineItem/UsageStartDate": "today"}]).encode(), "line item 2: 'today' is no time"),
    (text([{**BILLED, "lineItem/CurrencyCode": "CNY"}]).encode(), "is in CNY; a ledger is in US dollars"),
    (text([BILLED]).encode().splitlines(keepends=True)[0], "the report has no usage"),
    (gzip.compress(text([BILLED]).encode())[:-12], "is damaged, cut off or encrypted"),
    (gzip.compress(text([BILLED]).encode())[:30] + b"x" * 300, "is damaged, cut off or encrypted"),
    (b"PAR1 and then nothing", "is damaged, cut off or encrypted"),
    (b"PK\x03\x04 and then nothing", "is damaged, cut off or encrypted"),
]


@pytest.mark.parametrize(("data", "reason"), BROKEN, ids=range(len(BROKEN)))
def test_what_is_no_report_is_refused(ledger: Ledger, data: bytes, reason: str, tmp_path: Path) -> None:
    enter(ledger, *NEURAL)
    path = tmp_path / "cur.csv"
    path.write_bytes(data)
    with pytest.raises(InvalidCallError) as refused:
        reconcile(ledger, [path])
    assert reason in str(refused.value)


def test_a_report_that_is_not_there_and_an_archive_of_something_else(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(InvalidCallError, match="cannot be read: No such file"):
        reconcile(ledger, [tmp_path / "none.csv"])
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("1.csv", "")
        archive.writestr("2.csv", "")
    with pytest.raises(InvalidCallError, match=r"holds 2 files \.csv, not one"):
        reconcile(ledger, [tmp_path / "two.zip"])


def snake() -> Row:
    return {name: BILLED[old] for old, name in zip(COLUMNS, plain(COLUMNS), strict=True) if name in SNAKE}


def plain(names: Sequence[str]) -> list[str]:
    """The same columns in CUR 2.0, written down by hand."""
    known = (
        "identity_line_item_id", "bill_billing_period_start_date", "line_item_usage_account_id",
        "line_item_line_item_type", "line_item_usage_start_date", "line_item_usage_end_date", "line_item_product_code",
        "line_item_usage_type", "line_item_usage_amount", "line_item_currency_code", "line_item_unblended_cost",
        "product_product_name", "product_group_description", "product_region_code", "pricing_unit",
    )  # fmt: skip
    return [known[COLUMNS.index(name)] for name in names]


def as_csv(path: Path, row: Row) -> None:
    path.write_text(text([row]), "utf-8-sig")


def as_gzip(path: Path, row: Row) -> None:
    path.write_bytes(gzip.compress(text([row]).encode()))


def as_zip(path: Path, row: Row) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("cur-00001.csv", text([row]))


def as_parquet(path: Path, row: Row) -> None:
    """As AWS types the columns, with one that is nested."""
    typed = {
        name: datetime.fromisoformat(value) if "_date" in name or "Date" in name
        else float(value) if name.lower().endswith(("amount", "cost")) else value
        for name, value in row.items()
    }  # fmt: skip
    table = pyarrow.table({name: [value] for name, value in typed.items()} | {"product": [[("region", "us-east-1")]]})
    parquet.write_table(table, path)


@pytest.mark.parametrize("write", [as_csv, as_gzip, as_zip, as_parquet])
@pytest.mark.parametrize("row", [BILLED, snake()], ids=["legacy", "2.0"])
def test_every_form_is_read(ledger: Ledger, write: Any, row: Row, tmp_path: Path) -> None:
    write(tmp_path / "cur", row)
    enter(ledger, *NEURAL)
    told = reconcile(ledger, [tmp_path / "cur"])
    assert (told.differences, told.report, told.until) == ([], 16, date(2026, 11, 3))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    write=st.sampled_from([as_csv, as_gzip, as_zip]),
    places=st.sets(st.integers(0, 2000), max_size=4),
    byte=st.binary(min_size=1, max_size=1),
)
def test_a_damaged_file_is_read_or_refused(write: Any, places: set[int], byte: bytes, tmp_path: Path) -> None:
    path = tmp_path / "cur"
    write(path, BILLED)
    data = bytearray(path.read_bytes())
    for place in places:
        data[place % len(data)] = byte[0]
    path.write_bytes(data)
    with contextlib.suppress(InvalidCallError):
        assert all(it.quantity.is_finite() and it.first <= it.last for it in read(path))


def test_products_can_be_named_in_words(ledger: Ledger, tmp_path: Path) -> None:
    row = {**BILLED, "product/ProductName": "Amazon Polly"}
    del row["lineItem/ProductCode"]
    enter(ledger, *NEURAL)
    assert reconcile(ledger, [report(tmp_path / "cur.csv", row)]).differences == []


def test_parquet_needs_a_package(ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    as_parquet(tmp_path / "cur.parquet", snake())
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(MissingExtraError, match=r"aiservices\[parquet\]"):
        reconcile(ledger, [tmp_path / "cur.parquet"])


Uses = st.lists(st.tuples(st.integers(1, 28), st.integers(1, 10**6)), min_size=1, max_size=6)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(counted=Uses, cuts=st.integers(1, 4), off=st.sampled_from([0, 0, 1, -1]))
def test_however_calls_and_line_items_are_cut_their_sums_decide(
    counted: list[tuple[int, int]], cuts: int, off: int, tmp_path: Path
) -> None:
    price = PriceBook()["translate.text"].tiers[0].price or Decimal(0)
    rows = []
    for day, count in counted:
        for part in range(cuts):
            size = count // cuts + (count % cuts if part == 0 else 0)
            rows.append(
                item("translate", "USE1-TranslateText", f"{size}.0", f"{size * price:f}", unit="Character", day=day)
            )
    last = max(day for day, _ in counted)
    rows.append(item("translate", "USE1-TranslateText", f"{off}", "0", unit="Character", day=last))
    with Ledger() as ledger:
        for day, count in counted:
            enter(ledger, "translate.TranslateText", {"translate.text": count}, f"{count * price:f}", day=day)
        told = reconcile(ledger, [report(tmp_path / "cur.csv", *rows)])
    total = sum(count for _, count in counted)
    assert told.ledger == told.report == total * price
    assert [line.why for line in told.lines] == (["quantity"] if off and total < 10**6 else [""])


# The command line


@pytest.fixture
def place(tmp_path: Path) -> str:
    place = str(tmp_path / "costs.db")
    with Ledger(place) as ledger:
        enter(ledger, *NEURAL)
        enter(ledger, "translate.TranslateText", {"translate.text": 1000}, "0.015")
    return place


def test_a_table(place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tax = item("AmazonPolly", "", "", "1.6", lineItem_LineItemType="Tax")
    cur = report(tmp_path / "cur.csv", BILLED, tax)
    assert main(["costs", "reconcile", place, str(cur)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "2026-11-01 to 2026-11-03: 1 of 2 lines differ",
        "",
        "price row       usage type                                counted     billed   ledger $   report $  difference",
        "polly.neural    USE1-SynthesizeSpeechNeural-Characters  1,000,000  1,000,000  16.000000  16.000000",
        "polly                                                                         16.000000  16.000000",
        "translate.text  TranslateText                               1,000              0.015000             only in the ledger",
        "translate                                                                      0.015000   0.000000",
        "total                                                                         16.015000  16.000000",
        "not compared: Tax $1.600000",
    ]
    agrees = item("translate", "USE1-TranslateText", "1000", "0.015", unit="Character")
    assert main(["costs", "reconcile", place, str(report(cur, BILLED)), str(report(tmp_path / "2.csv", agrees))]) == 0


def test_json(place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["costs", "reconcile", place, str(report(tmp_path / "cur.csv", BILLED)), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["lines"][1] == {
        "product": "translate", "row": "translate.text", "usage_types": ["TranslateText"],
        "ledger": {"quantity": "1000", "dollars": "0.015"}, "report": None, "why": "only in the ledger",
    }  # fmt: skip
    assert (told["since"], told["products"]["polly"]) == ("2026-11-01", {"ledger": "16", "report": "16.0000000000"})


def test_what_goes_wrong(place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cur = str(report(tmp_path / "cur.csv", BILLED))
    for arguments, says in (
        (["none.db", cur], "there is no ledger 'none.db'"),
        ([cur, cur], "it is no ledger"),
        ([place, place], "cannot be read"),
        ([place, cur, "--prices", cur], "is no price file"),
        ([place, cur, "--until", "2026-10-31"], "the report has no usage between its begin and 2026-10-31"),
    ):
        assert main(["costs", "reconcile", *arguments]) == 2
        told = capsys.readouterr()
        assert (told.out, says in told.err) == ("", True), told.err
