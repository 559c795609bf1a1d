"""Documents out of AWS's blocks, whoever made them."""

from __future__ import annotations

import json
import pickle
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from aiservices_mocks import Mock

from aiservices import AI
from aiservices.errors import InvalidCallError
from aiservices.services.textract.document import Document
from aiservices.services.textract.pagecount import several_pages
from tests.documents import Leaf, form, pdf, table

# An answer in the shape that AWS documents, made by hand: members are left out as the service leaves them out.
GEOMETRY = {"BoundingBox": {"Width": 0.25, "Height": 0.05, "Left": 0.1, "Top": 0.2}}


def block(kind: str, id: str, text: str | None = None, **members: Any) -> dict[str, Any]:
    said = {} if text is None else {"Text": text, "Confidence": 98.5}
    children = members.pop("children", None)
    relations = [{"Type": "CHILD", "Ids": children}] if children else []
    relations += [{"Type": "VALUE", "Ids": members.pop("values")}] if "values" in members else []
    relations += [{"Type": "MERGED_CELL", "Ids": members.pop("merged")}] if "merged" in members else []
    more = {"Relationships": relations} if relations else {}
    return {"BlockType": kind, "Id": id, "Geometry": GEOMETRY, **said, **more, **members}


def cell(id: str, row: int, column: int, children: list[str], **members: Any) -> dict[str, Any]:
    return block(
        "CELL", id, children=children, RowIndex=row, ColumnIndex=column, RowSpan=1, ColumnSpan=1, Confidence=90.0, **members
    )  # fmt: skip


ANSWER = {
    "DocumentMetadata": {"Pages": 1},
    "Blocks": [
        block("PAGE", "p", children=["l1", "l2", "t", "k"]),
        block("LINE", "l1", "Name: Ada", children=["w1", "w2"]),
        block("LINE", "l2", "Total | 12", children=["w3", "w4"]),
        block("WORD", "w1", "Name:"),
        block("WORD", "w2", "Ada"),
        block("WORD", "w3", "Total |"),
        block("WORD", "w4", "12"),
        block("TABLE", "t", children=["c1", "c2", "c3", "c4"], merged=["m"], Confidence=99.0),
        cell("c1", 1, 1, [], EntityTypes=["COLUMN_HEADER"]),
        cell("c2", 1, 2, []),
        cell("c3", 2, 1, ["w3"]),
        cell("c4", 2, 2, ["w4", "s1"]),
        block(
            "MERGED_CELL", "m", children=["c1", "c2"], RowIndex=1, ColumnIndex=1, RowSpan=1, ColumnSpan=2, Confidence=80.0
        ),
        block("KEY_VALUE_SET", "k", children=["w1"], values=["v"], EntityTypes=["KEY"], Confidence=91.0),
        block("KEY_VALUE_SET", "v", children=["w2"], EntityTypes=["VALUE"], Confidence=87.0),
        block("KEY_VALUE_SET", "k2", children=["w1"], values=["v2"], EntityTypes=["KEY"], Confidence=91.0),
        block("KEY_VALUE_SET", "v2", children=["s2"], EntityTypes=["VALUE"], Confidence=87.0),
        block("SELECTION_ELEMENT", "s1", SelectionStatus="SELECTED", Confidence=70.0),
        block("SELECTION_ELEMENT", "s2", SelectionStatus="NOT_SELECTED", Confidence=71.0),
    ],
}  # fmt: skip


def test_a_stored_answer_is_read() -> None:
    document = Document.from_textract(ANSWER)
    assert document.text == "Name: Ada\nTotal | 12"
    assert [word.text for word in document.words] == ["Name:", "Ada", "Total |", "12"]
    assert document.confidence == pytest.approx(0.985)
    assert document.lines[0].box.left == 0.1
    (found,) = document.tables
    assert found.shape == (2, 2)
    assert found.rows == [["", ""], ["Total |", "12 selected"]]
    assert [(one.row_span, one.column_span, one.header) for one in found.cells] == [
        (1, 2, True), (1, 1, False), (1, 1, False),
    ]  # fmt: skip
    assert document.forms == {"Name": "Ada"}
    assert [(pair.key, pair.value, pair.selected) for pair in document.pairs] == [
        ("Name", "Ada", None),
        ("Name", "not selected", False),
    ]
    assert document.pairs[0].confidence == pytest.approx(0.87)
    assert [(one.label, one.selected) for one in document.checkboxes] == [("", True), ("Name", False)]


@pytest.mark.parametrize("how", ["dict", "text", "bytes", "file", "pages"])
def test_an_answer_in_every_form(how: str, tmp_path: Path) -> None:
    text = json.dumps(ANSWER)
    path = tmp_path / "answer.json"
    path.write_text(text)
    half = len(ANSWER["Blocks"]) // 2  # type: ignore[arg-type]  # a plain dict of mixed values, or a wrong argument
    pages = [
        {**ANSWER, "Blocks": ANSWER["Blocks"][:half], "NextToken": "more"},  # type: ignore[index]  # a plain dict of mixed values, or a wrong argument
        {**ANSWER, "Blocks": ANSWER["Blocks"][half:]},  # type: ignore[index]  # a plain dict of mixed values, or a wrong argument
    ]
    forms: dict[str, Any] = {"dict": ANSWER, "text": text, "bytes": text.encode(), "file": path, "pages": pages}
    document = Document.from_textract(forms[how])
    assert document.forms == {"Name": "Ada"}
    assert len(document.tables) == 1
    assert "NextToken" not in document.raw


@pytest.mark.parametrize(
    "answer",
    [
        "no json",
        "{}",
        [],
        {"Blocks": None},
        "[1]",
        {"Blocks": [{}]},
        {"Blocks": [None]},
        "[" * 100_000,
        Path("none.json"),
    ],
)
def test_what_is_no_answer(answer: Any) -> None:
    with pytest.raises(InvalidCallError):
        Document.from_textract(answer)


@pytest.mark.parametrize("place", ["RowIndex", "ColumnSpan"])
def test_a_table_larger_than_any_is_refused_and_not_laid_out(place: str) -> None:
    cell = {"BlockType": "CELL", "Id": "c", "RowIndex": 1, "ColumnIndex": 1, place: 10**9}
    table = {"BlockType": "TABLE", "Id": "t", "Relationships": [{"Type": "CHILD", "Ids": ["c"]}]}
    with pytest.raises(InvalidCallError, match=r"page 1 .* at most"):
        Document.from_textract({"Blocks": [{"BlockType": "PAGE", "Id": "p"}, table, cell]}).tables  # noqa: B018 - reading it


def test_references_to_blocks_that_are_missing_are_left_out() -> None:
    kept = [one for one in ANSWER["Blocks"] if one["BlockType"] not in ("WORD", "CELL")]  # type: ignore[index,attr-defined]  # a plain dict of mixed values, or a wrong argument
    document = Document.from_textract({"Blocks": kept})
    assert document.words == []
    assert document.confidence is None
    assert document.forms == {"": ""}
    assert document.to_dict()["pages"] == 1


def test_markdown_escapes_and_puts_tables_where_they_stand() -> None:
    assert Document.from_textract(ANSWER).to_markdown() == (
        "Name: Ada\n\n|  |  |\n| --- | --- |\n| Total \\| | 12 selected |"
    )


def test_tables_as_csv_and_pandas(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    data, rows = table(5)
    with AI(backend=Mock()) as ai:
        (found,) = ai.textract.analyze(data).tables
    frame = found.to_pandas()
    assert list(frame.columns) == rows[0]
    assert frame.to_numpy().tolist() == rows[1:]
    assert found.to_csv(tmp_path / "t.csv").splitlines()[0] == ",".join(rows[0])
    assert pandas.read_csv(tmp_path / "t.csv", dtype=str).to_numpy().tolist() == rows[1:]
    headless = Document.from_textract(ANSWER).tables[0]
    assert headless.to_pandas().shape == (1, 2)


def test_html_is_escaped() -> None:
    answer = json.loads(json.dumps(ANSWER).replace("Ada", "<script>"))
    shown = Document.from_textract(answer)._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert 'colspan="2"' in shown


def test_saved_and_pickled() -> None:
    with AI(backend=Mock()) as ai:
        document = ai.textract.analyze(form(3)[0])
    again = pickle.loads(pickle.dumps(document))
    assert again.forms == document.forms
    assert repr(again) == repr(document) == "<Document: 1 page, 19 words, 5 fields>"


def test_save_leaves_the_metadata_out(tmp_path: Path) -> None:
    data, expected = form(4)
    with AI(backend=Mock()) as ai:
        ai.textract.analyze(data).save(tmp_path / "a.json")
    assert "ResponseMetadata" not in json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert Document.from_textract(tmp_path / "a.json").forms == expected


def test_overlay_draws_over_the_page(tmp_path: Path) -> None:
    data, _ = table(6)
    with AI(backend=Mock()) as ai:
        document = ai.textract.analyze(data)
    picture = document.overlay()
    assert picture.size == (918, 1188)
    pixels = np.asarray(picture).astype(int)
    red = (pixels[:, :, 0] > 180) & (pixels[:, :, 1] < 140)
    box = document.tables[0].box
    ys, xs = np.flatnonzero(red.any(1)), np.flatnonzero(red.any(0))
    assert xs[0] == pytest.approx(box.left * 918, abs=3)
    assert ys[-1] == pytest.approx((box.top + box.height) * 1188, abs=3)
    with pytest.raises(InvalidCallError, match="pages 1 to 1"):
        document.overlay(2)
    with pytest.raises(InvalidCallError, match="pages 1 to 1"):
        document.overlay("1")  # type: ignore[arg-type]  # a plain dict of mixed values, or a wrong argument
    scale: Any
    for scale in (0, -1, float("nan"), float("inf"), "2"):
        with pytest.raises(InvalidCallError, match="above 0"):
            document.overlay(scale=scale)
    document.save(tmp_path / "a.json")
    with pytest.raises(InvalidCallError, match="source="):
        Document.from_textract(tmp_path / "a.json").overlay()
    (tmp_path / "a.pdf").write_bytes(data)
    again = Document.from_textract(tmp_path / "a.json", source=tmp_path / "a.pdf").overlay()
    assert again.tobytes() == picture.tobytes()


def test_several_pages_are_seen_without_a_pdf_library() -> None:
    one, two = Leaf(), Leaf()
    assert not several_pages(pdf(one))
    assert several_pages(pdf(one, two))
    assert not several_pages(b"%PDF-1.7 nothing")


def test_pages_in_object_streams_are_seen() -> None:
    def packed(count: int) -> bytes:
        body = zlib.compress(b" ".join(b"<< /Type /Page /Parent 2 0 R >>" for _ in range(count)))
        return b"%PDF-1.7\n5 0 obj << /Type /ObjStm /Length 9 /Filter /FlateDecode >>\nstream\n" + body + b"\nendstream"

    assert not several_pages(packed(1))
    assert several_pages(packed(2))
    assert not several_pages(packed(2)[:90])
