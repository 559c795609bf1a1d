"""Every kind of block that AWS gives, and what stored answers make of it."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiservices.errors import InvalidCallError
from aiservices.services.textract.document import Document
from aiservices.services.textract.queries import together
from tests.services.textract_made import Block, Sheet, geometry


def full() -> Sheet:
    """A page with something of every kind, and a second one."""
    sheet = Sheet()
    title, intro = sheet.line("Yearly report"), sheet.line("It was a good year.")
    head, first, second = sheet.line("Results"), sheet.line("• more orders"), sheet.line("• fewer returns")
    caption = sheet.line("Table 1 Sales")
    heads, row, note = sheet.line("Quarter Amount"), sheet.line("First 12.50"), sheet.line("in thousands")
    key, foot = sheet.line("Name: Ada"), sheet.line("Page 1")
    cells = [
        sheet.cell(1, 1, heads["words"][0], EntityTypes=["COLUMN_HEADER"]),
        sheet.cell(1, 2, heads["words"][1], EntityTypes=["COLUMN_HEADER"]),
        sheet.cell(2, 1, row["words"][0]),
        sheet.cell(2, 2, row["words"][1]),
    ]
    table = sheet.add("TABLE", *cells, EntityTypes=["STRUCTURED_TABLE"])
    sheet.relate(table, "TABLE_TITLE", sheet.add("TABLE_TITLE", *caption["words"]))
    sheet.relate(table, "TABLE_FOOTER", sheet.add("TABLE_FOOTER", *note["words"]))
    value = sheet.add("KEY_VALUE_SET", key["words"][1], EntityTypes=["VALUE"])
    sheet.relate(sheet.add("KEY_VALUE_SET", key["words"][0], EntityTypes=["KEY"]), "VALUE", value)
    sheet.add("SIGNATURE", Confidence=61.5)
    sheet.query("Who signed?", ("Ada", 77.0), alias="who")
    sheet.add("LAYOUT_TITLE", title)
    sheet.add("LAYOUT_TEXT", intro)
    sheet.add("LAYOUT_SECTION_HEADER", head)
    items = [sheet.add("LAYOUT_TEXT", first), sheet.add("LAYOUT_TEXT", second)]
    sheet.add("LAYOUT_LIST", *items)
    sheet.add("LAYOUT_TEXT", caption)
    sheet.add("LAYOUT_TABLE", heads, row)
    sheet.add("LAYOUT_TEXT", note)
    sheet.add("LAYOUT_KEY_VALUE", key)
    sheet.add("LAYOUT_PAGE_NUMBER", foot)
    sheet.line("# of pages: two", page=2)
    return sheet


def test_the_layout_becomes_markdown() -> None:
    document = full().document
    assert document.to_markdown() == (
        "# Yearly report\n\nIt was a good year.\n\n## Results\n\n- more orders\n- fewer returns\n\nTable 1 Sales\n\n"
        "| Quarter | Amount |\n| --- | --- |\n| First | 12.50 |\n\nin thousands\n\nName: Ada\n\nPage 1"
        "\n\n---\n\n\\# of pages: two"
    )
    kinds = [element.kind for element in document.layout]
    assert kinds == [
        "LAYOUT_TITLE", "LAYOUT_TEXT", "LAYOUT_SECTION_HEADER", "LAYOUT_LIST", "LAYOUT_TEXT", "LAYOUT_TABLE",
        "LAYOUT_TEXT", "LAYOUT_KEY_VALUE", "LAYOUT_PAGE_NUMBER",
    ]  # fmt: skip
    assert document.layout[3].text == "• more orders\n• fewer returns"
    assert [item.text for item in document.layout[3].items] == ["• more orders", "• fewer returns"]


def test_the_order_of_the_layout_is_the_order_of_the_text() -> None:
    sheet = Sheet()
    left, right = sheet.line("left column"), sheet.line("right column")
    sheet.add("LAYOUT_TEXT", right)
    sheet.add("LAYOUT_TEXT", left)
    assert sheet.document.to_markdown() == "right column\n\nleft column"


def test_lines_outside_of_the_layout_are_not_lost() -> None:
    sheet = Sheet()
    inside = sheet.line("inside")
    sheet.line("outside")
    sheet.add("LAYOUT_TEXT", inside)
    assert sheet.document.to_markdown() == "inside\n\noutside"


def test_without_layout_large_lines_are_headings_and_gaps_part_paragraphs() -> None:
    sheet = Sheet()
    sheet.line("A heading", height=0.04)
    for text, step in (("first line", 0.06), ("second line", 0.025), ("- third", 0.025), ("another part", 0.08)):
        sheet.line(text, step=step)
    assert sheet.document.to_markdown() == "## A heading\n\nfirst line\nsecond line\n\\- third\n\nanother part"


@pytest.mark.parametrize("layout", [True, False])
def test_lines_beside_each_other_are_one(layout: bool) -> None:
    sheet = Sheet()
    key = sheet.line("Name:")
    value = sheet.line("Ada", step=0.0)
    value["Geometry"] = geometry(0.4, key["Geometry"]["BoundingBox"]["Top"] + 0.001, 0.1, 0.02)
    other = sheet.line("Born: 1815")
    if layout:
        sheet.add("LAYOUT_KEY_VALUE", key, value, other)
    assert sheet.document.to_markdown() == "Name: Ada" + "  " * layout + "\nBorn: 1815"


def test_numbered_items_keep_their_numbers() -> None:
    sheet = Sheet()
    items = [sheet.add("LAYOUT_TEXT", sheet.line(text)) for text in ("1. wash", "2) dry", "a) fold", "iron")]
    sheet.add("LAYOUT_LIST", *items)
    assert sheet.document.to_markdown() == "1. wash\n2. dry\n- a) fold\n- iron"


def test_titles_footers_signatures_and_answers() -> None:
    document = full().document
    (table,) = document.tables
    assert (table.title, table.footers, table.header_rows) == ("Table 1 Sales", ("in thousands",), 1)
    assert table.column_names == ["Quarter", "Amount"]
    assert repr(table) == "<Table 2 x 2 on page 1: Table 1 Sales>"
    assert "<caption>Table 1 Sales</caption>" in table._repr_html_()
    assert [one.confidence for one in document.signatures] == [0.615]
    assert document.answers["who"].text == "Ada"
    assert repr(document) == "<Document: 2 pages, 31 words, 1 table, 1 field, 1 answer, 1 signature>"


def test_titles_and_notes_in_the_rows_are_no_body() -> None:
    sheet = Sheet()
    words = [sheet.line(text)["words"][0] for text in ("Sales", "Quarter", "Amount", "First", "12", "estimated")]
    title = [sheet.cell(1, 1, words[0], EntityTypes=["TABLE_TITLE"]), sheet.cell(1, 2, EntityTypes=["TABLE_TITLE"])]
    heads = [sheet.cell(2, column, words[column], EntityTypes=["COLUMN_HEADER"]) for column in (1, 2)]
    body = [sheet.cell(3, column, words[2 + column]) for column in (1, 2)]
    foot = [sheet.cell(4, 1, words[5], EntityTypes=["TABLE_FOOTER"]), sheet.cell(4, 2, EntityTypes=["TABLE_FOOTER"])]
    table = sheet.add("TABLE", *title, *heads, *body, *foot)
    merged = sheet.cell(1, 1, *title, kind="MERGED_CELL", ColumnSpan=2)
    sheet.relate(table, "MERGED_CELL", merged)
    (found,) = sheet.document.tables
    assert (found.title_rows, found.header_rows, found.footer_rows) == (1, 1, 1)
    assert found.body == [["First", "12"]]
    frame = pytest.importorskip("pandas") and found.to_pandas()
    assert (list(frame.columns), frame.to_numpy().tolist()) == (["Quarter", "Amount"], [["First", "12"]])


def test_a_merged_header_names_every_column_that_it_spans() -> None:
    sheet = Sheet()
    words = [sheet.line(text)["words"][0] for text in ("Year", "2024", "2025", "min", "max", "a", "b", "c")]
    top = [sheet.cell(1, 1, words[0]), sheet.cell(1, 2, words[1]), sheet.cell(1, 3)]
    low = [sheet.cell(2, 1), sheet.cell(2, 2, words[3]), sheet.cell(2, 3, words[4])]
    for one in (*top, *low):
        one["EntityTypes"] = ["COLUMN_HEADER"]
    body = [sheet.cell(3, column, words[4 + column]) for column in (1, 2, 3)]
    table = sheet.add("TABLE", *top, *low, *body)
    wide = sheet.cell(1, 2, top[1], top[2], kind="MERGED_CELL", ColumnSpan=2)
    tall = sheet.cell(1, 1, top[0], low[0], kind="MERGED_CELL", RowSpan=2)
    sheet.relate(table, "MERGED_CELL", wide, tall)
    (found,) = sheet.document.tables
    assert found.column_names == ["Year", "2024 min", "2024 max"]
    assert found.body == [["a", "b", "c"]]


def test_the_names_of_older_answers_are_understood() -> None:
    sheet = Sheet()
    caption, name = sheet.line("Sales"), sheet.line("Name: Ada")
    table = sheet.add("TABLE", sheet.cell(1, 1, EntityTypes=["TITLE"]))
    sheet.relate(table, "TITLE", sheet.add("TITLE", *caption["words"]))
    value = sheet.add("VALUE", name["words"][1], EntityTypes=["VALUE"])
    sheet.relate(sheet.add("KEY", name["words"][0], EntityTypes=["KEY"]), "VALUE", value)
    document = sheet.document
    assert document.tables[0].title == "Sales"
    assert document.tables[0].cells[0].kinds == ("TABLE_TITLE",)
    assert document.forms == {"Name": "Ada"}


def with_nulls(answer: dict[str, Any]) -> dict[str, Any]:
    """As textract-response-parser writes it: every member of a block is there, null without a value."""
    names = {name for block in answer["Blocks"] for name in block} | {"Hint", "SelectionStatus", "Custom"}
    return {**answer, "Blocks": [{name: block.get(name) for name in names} for block in answer["Blocks"]]}


def seen(document: Document) -> tuple[Any, ...]:
    return (
        document.text, document.forms, [table.rows for table in document.tables], document.answers.to_dict(),
        document.to_markdown(), len(document.signatures), document.confidence,
    )  # fmt: skip


def test_an_answer_with_nulls_is_the_same_answer() -> None:
    answer = full().answer
    assert seen(Document.from_textract(with_nulls(answer))) == seen(Document.from_textract(answer))


@pytest.mark.parametrize("named", ["{}", "{}.json"])
def test_the_folder_that_a_job_wrote_to(named: str, tmp_path: Path) -> None:
    answer = full().answer
    size = len(answer["Blocks"]) // 12 + 1
    parts = [answer["Blocks"][begin : begin + size] for begin in range(0, len(answer["Blocks"]), size)]
    assert len(parts) > 10  # 10 comes after 9, not after 1
    for number, blocks in enumerate(parts, start=1):
        text = json.dumps({**answer, "Blocks": blocks, "JobStatus": "SUCCEEDED", "NextToken": str(number + 1)})
        (tmp_path / named.format(number)).write_text(text)
    (tmp_path / ".s3_access_check").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("mine")
    document = Document.from_textract(str(tmp_path))
    assert seen(document) == seen(Document.from_textract(answer))
    assert "NextToken" not in document.raw


def test_a_file_may_hold_a_list() -> None:
    answer = full().answer
    half = len(answer["Blocks"]) // 2
    pages = [{**answer, "Blocks": answer["Blocks"][:half]}, {**answer, "Blocks": answer["Blocks"][half:]}]
    assert seen(Document.from_textract(json.dumps(pages))) == seen(Document.from_textract(answer))


def test_unknown_kinds_of_blocks_are_kept_and_do_no_harm() -> None:
    sheet = full()
    before = seen(sheet.document)
    sheet.add("HOLOGRAM", Text="shiny", Glow=3)
    document = sheet.document
    assert seen(document) == before
    assert document.raw["Blocks"][-1]["Glow"] == 3


@given(st.integers(0, 10**6))
def test_whatever_is_missing_the_rest_is_read(seed: int) -> None:
    rng = random.Random(seed)
    answer = copy.deepcopy(full().answer)
    for block in rng.sample(answer["Blocks"], 25):
        name = rng.choice(sorted(block.keys() - {"BlockType"}))
        damage(rng, block, name)
    document = Document.from_textract(answer)
    assert isinstance(document.text, str)
    document.to_markdown()
    document._repr_html_()
    for table in document.tables:
        assert len(table.rows) == table.shape[0]
        table.to_markdown()
    assert len(document.answers) <= 1
    assert len(document.checkboxes) == 0


def damage(rng: random.Random, block: Block, name: str) -> None:
    if rng.random() < 0.5:
        del block[name]
    else:
        block[name] = None


def test_pages_that_nobody_can_have_are_not_made() -> None:
    document = Document.from_textract({"DocumentMetadata": {"Pages": 10**12}, "Blocks": []})
    assert len(document.pages) == 3000
    document = Document.from_textract({"Blocks": [{"BlockType": "LINE", "Text": "x", "Page": 10**9}]})
    assert [page.number for page in document.pages] == [10**9]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"JobStatus": "FAILED", "StatusMessage": "BAD"}, "is FAILED"),
        ({"JobStatus": "IN_PROGRESS"}, "is IN_PROGRESS"),
        ({"ExpenseDocuments": []}, "it has ExpenseDocuments"),
        ([[]], "but a list"),
        ([], "the list is empty"),
        (7, "but a int"),
        ("x" * 5000, "no file"),
        ("a\0b", "no file"),
        ({"Blocks": [{"BlockType": 3}]}, 'no list "Blocks"'),
    ],
)
def test_what_is_no_document_is_said(answer: Any, message: str) -> None:
    with pytest.raises(InvalidCallError, match=message):
        Document.from_textract(answer)


def test_a_folder_without_a_jobs_files(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    with pytest.raises(InvalidCallError, match="has no files 1, 2"):
        Document.from_textract(tmp_path)


# Answers


def test_the_best_of_several_answers_is_the_answer() -> None:
    sheet = Sheet()
    sheet.query("Total?", ("12", 60.0), page=1)
    sheet.query("Total?", ("13", 90.0), ("14", 10.0), page=2)
    sheet.query("Who?", alias="who")
    answers = sheet.document.answers
    assert answers.to_dict() == {"Total?": "13", "who": ""}
    assert [(one.text, one.page, one.confidence) for one in answers.all] == [
        ("12", 1, 0.6), ("13", 2, 0.9), ("14", 2, 0.1), ("", 1, None),
    ]  # fmt: skip
    assert answers["who"].question == "Who?"
    assert answers["who"].box is None
    assert repr(answers) == "<Answers: 1 of 2 questions answered>"
    assert "<td>0.9</td>" in answers._repr_html_()
    pytest.importorskip("pandas")
    assert answers.to_pandas()["answer"].to_list() == ["13", ""]


def test_several_answers_about_one_document_are_one() -> None:
    """Both have blocks with the same ids, as two requests to a mock may."""
    first, second = Sheet(), Sheet()
    for sheet, question, answer in ((first, "Who?", "Ada"), (second, "Where?", "Lund")):
        sheet.query(question, (answer, 90.0))
        sheet.line("the same line")
    document = Document(together([first.answer, second.answer]))
    assert document.answers.to_dict() == {"Who?": "Ada", "Where?": "Lund"}
    assert document.text == "the same line"
    assert len({block["Id"] for block in document.raw["Blocks"]}) == len(document.raw["Blocks"])
    assert together([first.answer]) == first.answer
