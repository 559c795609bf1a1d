"""Files of terms: what is written is read again, and what is none is refused."""

from __future__ import annotations

import pytest
from aiservices_mocks import terminology
from aiservices_mocks.terminology import Terms, TermsError
from hypothesis import given
from hypothesis import strategies as st

CODES = ("en", "fr", "de", "zh-TW")
FORMATS = ("CSV", "TSV", "TMX")
# What XML can hold and what no format trims or turns into something else.
TERM = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Z")), min_size=1, max_size=8).filter(
    lambda term: not {"\ufffe", "\uffff", "\ufeff"} & set(term)
)


@st.composite
def tables(draw: st.DrawFn) -> Terms:
    languages = tuple(draw(st.permutations(CODES)))[: draw(st.integers(2, 4))]
    row = st.tuples(*[TERM for _ in languages])
    return Terms(languages, tuple(draw(st.lists(row, min_size=1, max_size=5))), 0)


@pytest.mark.parametrize("format", FORMATS)
@given(tables())
def test_what_is_written_is_read_again(format: str, terms: Terms) -> None:
    assert terminology.read(terminology.write(terms, format), format, CODES) == terms


@pytest.mark.parametrize("format", FORMATS)
@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")))
def test_anything_else_is_refused(format: str, data: bytes) -> None:
    with pytest.raises(TermsError):
        terminology.read(data, format, ())


def test_rows_without_a_source_or_a_target_are_skipped() -> None:
    terms = terminology.read(b"en,fr,de\na,b,\n,c,d\ne,,\n\nf,g,h\n", "CSV", CODES)
    assert (terms.rows, terms.skipped, terms.count) == ((("a", "b", ""), ("f", "g", "h")), 2, 3)


def test_codes_are_read_in_any_case_and_a_byte_order_mark_is_none() -> None:
    assert terminology.read(b"\xef\xbb\xbfEN,zh-tw\na,b\n", "CSV", CODES).languages == ("en", "zh-TW")


def test_a_memorys_source_is_what_its_header_says() -> None:
    data = (
        b'<tmx version="1.4"><header srclang="de"/><body><tu><tuv xml:lang="en"><seg>a <b>c</b></seg></tuv>'
        b'<tuv xml:lang="de"><seg>d</seg></tuv></tu></body></tmx>'
    )
    assert terminology.read(data, "TMX", CODES) == Terms(("de", "en"), (("d", "a c"),), 0)
