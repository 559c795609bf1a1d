"""Searchable PDFs: what PDFium reads back is the document's text, and nobody sees it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from aiservices_mocks import Mock
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from aiservices import AI
from aiservices.errors import InvalidCallError
from aiservices.services.textract.document import Document
from tests.documents import Leaf, columns, form, pdf, scan, table
from tests.services.textract_made import Sheet, geometry

DATA = Path(__file__).parent.parent / "data" / "textract"


def read(data: bytes) -> Document:
    with AI(backend=Mock()) as ai:
        return ai.textract.read(data)


def over(document: Document, source: bytes) -> Document:
    """The same text, over another picture of the document."""
    return Document.from_textract(document.raw, source=source)


def pages(data: bytes) -> list[str]:
    """The text of each page as PDFium reads it."""
    file = pypdfium2.PdfDocument(data)
    try:
        return [page.get_textpage().get_text_range() for page in file]
    finally:
        file.close()


def words(data: bytes) -> list[list[str]]:
    return [text.split() for text in pages(data)]


def expected(document: Document) -> list[list[str]]:
    return [page.text.split() for page in document.pages]


def picture(data: bytes, page: int = 0) -> Any:
    file = pypdfium2.PdfDocument(data)
    try:
        return np.asarray(file[page].render(scale=1).to_pil().convert("L")).astype(int)
    finally:
        file.close()


def turned(document: Document, quarters: int) -> Document:
    """What Textract tells of the same page when it lies on its side: clockwise, in quarters."""

    def moved(point: dict[str, float]) -> dict[str, float]:
        x, y = point["X"], point["Y"]
        for _ in range(quarters):
            x, y = 1 - y, x
        return {"X": x, "Y": y}

    blocks = []
    for block in document.raw["Blocks"]:
        corners = [moved(point) for point in block["Geometry"]["Polygon"]]
        xs, ys = [one["X"] for one in corners], [one["Y"] for one in corners]
        box = {"Left": min(xs), "Top": min(ys), "Width": max(xs) - min(xs), "Height": max(ys) - min(ys)}
        blocks.append({**block, "Geometry": {"BoundingBox": box, "Polygon": corners}})
    return Document.from_textract({**document.raw, "Blocks": blocks})


def imaged(data: bytes, rotate: int = 0) -> bytes:
    """A PDF whose page is nothing but a picture."""
    image = Image.open(BytesIO(data)).convert("L")
    leaf = Leaf(width=image.width * 0.72, height=image.height * 0.72, rotate=rotate)
    leaf.image(0, 0, leaf.width, leaf.height, (*image.size, image.tobytes()))
    return pdf(leaf)


@pytest.mark.parametrize("made", [form(3)[0], table(4)[0], columns(5)[0]])
def test_a_document_with_text_stays_as_it_is(made: bytes) -> None:
    document = read(made)
    assert document.to_searchable_pdf() == made
    assert words(made) == expected(document)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("make", [form, table, columns])
def test_a_scan_says_what_the_document_says(make: Any, seed: int) -> None:
    born = make(seed)[0]
    document = over(read(born), scan(born, dpi=100))
    made = document.to_searchable_pdf()
    assert words(made) == expected(document)
    assert document.to_searchable_pdf() == made


def test_a_scan_that_was_really_read() -> None:
    pytest.importorskip("rapidocr")
    document = read(scan(form(7)[0], dpi=150, angle=2))
    assert len(document.words) > 10
    assert words(document.to_searchable_pdf()) == expected(document)


def test_lines_stay_lines() -> None:
    born = columns(8)[0]
    document = over(read(born), scan(born, dpi=100))
    (text,) = pages(document.to_searchable_pdf())
    assert text.replace("\r\n", "\n") == document.text


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
@pytest.mark.parametrize("make", [form, table])
def test_a_scan_that_lies_on_its_side(make: Any, quarters: int) -> None:
    born = make(2)[0]
    straight = read(born)
    source = scan(born, dpi=100, angle=-90 * quarters)
    document = over(turned(straight, quarters), source)
    assert words(document.to_searchable_pdf()) == expected(straight)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_page_that_is_turned_to_be_seen(rotate: int) -> None:
    born = form(4)[0]
    source = imaged(scan(born, dpi=100, angle=rotate), rotate)
    document = over(read(born), source)
    made = document.to_searchable_pdf()
    assert words(made) == expected(document)
    assert (picture(made) == picture(source)).all()
    assert found_at(made, "Application", rotate) == pytest.approx(found_at(born, "Application", 0), abs=4)


def found_at(data: bytes, text: str, rotate: int) -> tuple[float, float]:
    """Where a text begins on the page as it is seen, in points from its top left."""
    file = pypdfium2.PdfDocument(data)
    try:
        page = file[0]
        textpage = page.get_textpage()
        search = textpage.search(text)
        index, _ = search.get_next()
        left, bottom, right, top = textpage.get_charbox(index)
        width, height = page.get_mediabox()[2:]
        textpage.close()
        corner = {
            0: (left, height - top),
            90: (bottom, left),
            180: (width - right, bottom),
            270: (height - top, width - right),
        }
        return corner[rotate]
    finally:
        file.close()


def test_many_pages_of_every_kind() -> None:
    texts = [form(11)[0], table(12)[0], columns(13)[0]]
    joined = pypdfium2.PdfDocument.new()
    for data in (imaged(scan(texts[0], dpi=100)), texts[1], imaged(scan(texts[2], dpi=100))):
        joined.import_pages(pypdfium2.PdfDocument(data))
    out = BytesIO()
    joined.save(out)
    joined.close()
    blocks = []
    for number, data in enumerate(texts, start=1):
        for block in read(data).raw["Blocks"]:
            relations = [
                {**one, "Ids": [f"{number}{id}" for id in one["Ids"]]} for one in block.get("Relationships", ())
            ]
            blocks.append({**block, "Id": f"{number}{block['Id']}", "Page": number, "Relationships": relations})
    document = Document.from_textract({"Blocks": blocks}, source=out.getvalue())
    made = document.to_searchable_pdf()
    assert words(made) == expected(document)
    assert [len(one) for one in words(made)] == [len(read(data).words) for data in texts]
    assert (picture(made, 2) == picture(out.getvalue(), 2)).all()


@pytest.mark.parametrize(("kind", "count"), [("PNG", 1), ("JPEG", 1), ("TIFF", 2)])
def test_pictures_become_pages(kind: str, count: int) -> None:
    image = Image.open(BytesIO(scan(form(3)[0], dpi=100))).convert("L")
    out = BytesIO()
    more = {"save_all": True, "append_images": [image] * (count - 1)} if count > 1 else {}
    image.save(out, kind, dpi=(100, 100), **more)
    sheet = Sheet()
    for page in range(1, count + 1):
        sheet.line(f"words of page {page}", page=page)
    document = Document.from_textract(sheet.answer, source=out.getvalue())
    made = document.to_searchable_pdf()
    assert [" ".join(one) for one in words(made)] == [f"words of page {page}" for page in range(1, count + 1)]
    file = pypdfium2.PdfDocument(made)
    assert file[0].get_size() == pytest.approx((612, 792), abs=1)
    file.close()
    assert (out.getvalue() in made) == (kind == "JPEG")
    assert made == document.to_searchable_pdf()


def test_a_photograph_stands_as_its_camera_was_held() -> None:
    image = Image.open(BytesIO(scan(form(3)[0], dpi=100))).convert("RGB")
    out, exif = BytesIO(), Image.Exif()
    exif[0x0112] = 6
    image.rotate(90, expand=True).save(out, "JPEG", exif=exif, dpi=(100, 100), quality=95)
    made = over(read(form(3)[0]), out.getvalue()).to_searchable_pdf()
    assert words(made) == expected(read(form(3)[0]))
    seen = picture(made)
    assert seen.shape == (792, 612)
    assert abs(seen - picture(form(3)[0])).mean() < 5


def test_the_text_of_an_earlier_reading_is_replaced() -> None:
    source = imaged(scan(form(3)[0], dpi=100))
    wrong, right = Sheet(), Sheet()
    wrong.line("a wrong reading")
    right.line("the right one")
    once = Document.from_textract(wrong.answer, source=source).to_searchable_pdf()
    assert words(once) == [["a", "wrong", "reading"]]
    for exact in (True, False):
        again = Document.from_textract(right.answer, source=once).to_searchable_pdf(exact=exact)
        assert words(again) == [["the", "right", "one"]]
        assert (picture(again) == picture(source)).all()


def test_what_is_filled_in_can_be_found() -> None:
    leaf = Leaf()
    leaf.text(60, 80, "Name:")
    leaf.widget(120, 68, 200, 16, "BT /F1 11 Tf 2 4 Td (Ada Lovelace) Tj ET")
    source = pdf(leaf)
    assert words(source) == [["Name:"]]
    document = read(source)
    assert document.text.split() == ["Name:", "Ada", "Lovelace"]
    assert words(document.to_searchable_pdf()) == [["Name:", "Ada", "Lovelace"]]


LETTERS = st.text("abcdefgh ABCÄöüßéñçł0123456789.,:;()$€日本語テストабвΩ😀", min_size=1, max_size=12)


@settings(max_examples=30)
@given(
    st.lists(
        st.lists(LETTERS.map(lambda word: word.replace(" ", "")).filter(bool), min_size=1, max_size=6), max_size=12
    )
)
def test_every_letter_comes_back(lines: list[list[str]]) -> None:
    sheet = Sheet()
    for line in lines:
        sheet.line(" ".join(line))
    out = BytesIO()
    Image.new("L", (300, 400), 255).save(out, "PNG")
    document = Document.from_textract(sheet.answer, source=out.getvalue())
    made = document.to_searchable_pdf()
    assert words(made) == [[word for line in lines for word in line]] or not lines


def test_lines_are_not_mixed_up() -> None:
    """Beside each other from right to left, close together, with a hyphen at the end, one inside of the other."""
    sheet = Sheet()
    lines = [
        sheet.line(text)
        for text in ("first right", "then left", "$689.99", "S", "hyphen-", "ated", "big word", "in it")
    ]
    for line, (left, top, height) in zip(
        lines, ((0.5, 0.1, 0.02), (0.1, 0.102, 0.02), (0.1, 0.2, 0.02), (0.171, 0.2, 0.02), (0.1, 0.3, 0.02),
                (0.1, 0.33, 0.02), (0.1, 0.4, 0.1), (0.15, 0.44, 0.02)), strict=True,
    ):  # fmt: skip
        for number, word in enumerate(line["words"]):
            word["Geometry"] = geometry(left + 0.1 * number, top, 0.01 * len(word["Text"]), height)
        line["Geometry"] = geometry(left, top, 0.2, height)
    document = Document.from_textract(sheet.answer, source=imaged(scan(form(3)[0], dpi=100)))
    assert words(document.to_searchable_pdf()) == expected(document)


@pytest.mark.parametrize("path", sorted(DATA.rglob("*.pdf")), ids=lambda path: path.stem)
def test_every_form_and_table_of_ours(path: Path) -> None:
    """As it is, and as a scan of its first page."""
    document = read(path.read_bytes())
    assert words(document.to_searchable_pdf()) == expected(document)
    first = Document.from_textract(document.raw, source=scan(path.read_bytes(), dpi=72))
    assert words(first.to_searchable_pdf()) == expected(document)[:1]


def test_a_page_that_reads_otherwise_becomes_a_picture_unless_it_is_to_stay() -> None:
    leaf = Leaf(rotate=90)
    for number, text in enumerate(("left one", "left two", "right one", "right two")):
        leaf.turned(60 + 40 * (number % 2), 700 - 300 * (number // 2), text)
    source = pdf(leaf, Leaf())
    sheet = Sheet()
    for text in ("right two", "right one", "left two", "left one"):
        sheet.line(text)
    document = Document.from_textract(sheet.answer, source=source)
    made, kept = document.to_searchable_pdf(), document.to_searchable_pdf(exact=False)
    assert words(made)[0] == expected(document)[0]
    assert sorted(words(kept)[0]) != expected(document)[0]
    assert (picture(kept) == picture(source)).all()
    assert abs(picture(made) - picture(source)).mean() < 1
    assert picture(made).shape == picture(source).shape


def test_a_stored_answer_without_words_or_polygons() -> None:
    place = geometry(0.1, 0.1, 0.4, 0.05)
    del place["Polygon"]
    line = {"BlockType": "LINE", "Id": "1", "Text": "only a line", "Geometry": place}
    nowhere = {"BlockType": "LINE", "Id": "2", "Text": "nowhere"}
    source = imaged(scan(form(3)[0], dpi=50))
    document = Document.from_textract({"Blocks": [line, nowhere]}, source=source)
    (found,) = words(document.to_searchable_pdf())
    assert sorted(found) == ["a", "line", "nowhere", "only"]


def test_written_to_a_path(tmp_path: Path) -> None:
    document = over(read(form(3)[0]), scan(form(3)[0], dpi=100))
    made = document.to_searchable_pdf(tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == made
    assert made.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (b"plain text", "neither PDF"),
        (b"%PDF-1.7 broken", "cannot be parsed"),
        (b"\x89PNG\r\n\x1a\n broken", "cannot be parsed"),
        (scan(form(3)[0], dpi=50)[:2000], "cannot be decoded"),
    ],
)
def test_what_is_no_source(source: bytes, message: str) -> None:
    sheet = Sheet()
    sheet.line("secret words")
    document = Document.from_textract(sheet.answer, source=source)
    with pytest.raises(InvalidCallError, match=message) as caught:
        document.to_searchable_pdf()
    assert "secret" not in str(caught.value)


def test_without_a_source() -> None:
    sheet = Sheet()
    sheet.line("words")
    with pytest.raises(InvalidCallError, match="source="):
        sheet.document.to_searchable_pdf()


def test_a_page_more_than_the_source_has() -> None:
    sheet = Sheet()
    sheet.line("first")
    sheet.line("fourth", page=4)
    document = Document.from_textract(sheet.answer, source=imaged(scan(form(3)[0], dpi=50)))
    assert words(document.to_searchable_pdf()) == [["first"]]
