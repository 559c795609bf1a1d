"""Cutting text: nothing is lost, everything fits, and offsets find their way back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiservices.text import Piece, cut, sentences, utf8_size

WRITTEN = st.text(
    st.one_of(
        st.sampled_from(" .!?\n…。！？abcXYZ,;'\"”»)"),
        st.characters(exclude_categories=("Cs",)),
        st.sampled_from("😀👍🏽é漢한"),
    ),
    max_size=300,
)


@given(WRITTEN, st.integers(4, 60))
def test_pieces_join_to_the_text_and_fit_in_bytes(text: str, limit: int) -> None:
    pieces = cut(text, limit)
    assert "".join(piece.text for piece in pieces) == text
    assert all(0 < len(piece.text.encode()) <= limit for piece in pieces)


@given(WRITTEN, st.integers(1, 60))
def test_pieces_fit_in_characters(text: str, limit: int) -> None:
    pieces = cut(text, limit, size=len)
    assert "".join(piece.text for piece in pieces) == text
    assert all(0 < len(piece.text) <= limit for piece in pieces)


@given(WRITTEN, st.integers(4, 60))
def test_offsets_are_places_in_the_text(text: str, limit: int) -> None:
    for piece in cut(text, limit):
        assert text[piece.start : piece.end] == piece.text


@given(WRITTEN)
def test_sentences_are_trimmed_stretches_in_order(text: str) -> None:
    end = 0
    for sentence in sentences(text):
        assert sentence.start >= end
        assert text[sentence.start : sentence.end] == sentence.text == sentence.text.strip() != ""
        assert text[end : sentence.start].strip() == ""
        end = sentence.end
    assert text[end:].strip() == ""


@given(st.text())
def test_utf8_size_is_the_encodings(text: str) -> None:
    assert utf8_size(text) == len(text.encode("utf-8", "surrogatepass"))


def test_a_text_that_fits_is_one_piece() -> None:
    assert cut("One. Two.", 9) == [Piece(0, "One. Two.")]
    assert cut("", 9) == []


def test_paragraphs_come_before_sentences_before_words() -> None:
    assert [p.text for p in cut("First one.\n\nSecond one. Third", 20)] == ["First one.\n\n", "Second one. Third"]
    assert [p.text for p in cut("Some words here. More words there", 25)] == ["Some words here.", " More words there"]
    assert [p.text for p in cut("no marks at all in here", 12)] == ["no marks at ", "all in here"]
    assert [p.text for p in cut("abcdefghij", 4)] == ["abcd", "efgh", "ij"]


def test_a_character_is_never_cut() -> None:
    assert [p.text for p in cut("😀😀😀", 5)] == ["😀", "😀", "😀"]
    with pytest.raises(ValueError, match="less than one character"):
        cut("😀", 3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. Smith met Mr. Jones. They talked.", ["Dr. Smith met Mr. Jones.", "They talked."]),
        ("It costs 3.50 dollars. Good!", ["It costs 3.50 dollars.", "Good!"]),
        ("今天很好。明天也好！", ["今天很好。", "明天也好！"]),
        ('"Stop!" he said. Nobody did.', ['"Stop!"', "he said.", "Nobody did."]),
        ("one\n\ntwo\nthree", ["one", "two", "three"]),
        ("  \n ", []),
    ],
)
def test_sentences_end_where_people_end_them(text: str, expected: list[str]) -> None:
    assert [sentence.text for sentence in sentences(text)] == expected
