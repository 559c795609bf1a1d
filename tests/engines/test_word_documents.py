"""Word documents: what is in them line by line, and what is refused before it does harm."""

from __future__ import annotations

import pytest
from aiservices_mocks.engines import word_documents
from hypothesis import given
from hypothesis import strategies as st

from tests.word import PAGE, docx, package

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LINES = st.lists(
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=9), max_size=5
)


@given(st.lists(LINES, min_size=1, max_size=3))
def test_every_line_is_on_its_page(told: list[list[str]]) -> None:
    lines = [line for number, page in enumerate(told) for line in ([PAGE, *page] if number else page)]
    data = docx(lines)
    assert word_documents.is_word(data)
    assert word_documents.pages(data) == told


def test_runs_breaks_tabs_and_tables_are_read_and_deleted_text_is_not() -> None:
    text = (
        f"<w:document {W}><w:body><w:p><w:r><w:t>Dear</w:t><w:tab/><w:t>Ada</w:t><w:br/></w:r>"
        "<w:hyperlink><w:r><w:t>here</w:t></w:r></w:hyperlink><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>left</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>right</w:t></w:r></w:p>"
        "</w:tc></w:tr></w:tbl><w:p><w:r><w:lastRenderedPageBreak/><w:t>next</w:t></w:r></w:p></w:body></w:document>"
    )
    assert word_documents.pages(package(text.encode())) == [["Dear\tAda", "here", "left", "right"], ["next"]]


@pytest.mark.parametrize(
    "data",
    [
        package(b"<w:document"),
        package(b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        package(b"\xff\xfe\x00"),
        docx(["a"])[:-30],
        b"PK\x03\x04 and nothing",
    ],
)
def test_what_is_broken_is_refused(data: bytes) -> None:
    with pytest.raises(word_documents.UnreadableWord):
        word_documents.pages(data)


def test_what_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_documents, "LARGEST", 10_000)
    with pytest.raises(word_documents.UnreadableWord, match="too large"):
        word_documents.pages(docx(["a" * 20_000]))
    assert word_documents.pages(docx(["a" * 2_000])) == [["a" * 2_000]]


@pytest.mark.parametrize("data", [b"", b"PK", b"text", package(b"a", "other.xml"), docx(["a"])[:40]])
def test_other_files_are_no_word_documents(data: bytes) -> None:
    assert not word_documents.is_word(data)
