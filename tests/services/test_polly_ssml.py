"""SSML is cut into documents that say the same one after the other."""

from __future__ import annotations

import re
from xml.dom import minidom
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiservices.errors import InvalidCallError
from aiservices.services.polly.ssml import billed, cut, is_ssml

NAMESPACE = 'xmlns:amazon="urn:a"'
WORDS = st.lists(
    st.sampled_from(["one", "two.", "Trois !", "&amp;", "&#228;", "四。", "🙂", "\n\n", "a-b"]), min_size=1
)


def text_of(document: str) -> str:
    return "".join(ElementTree.fromstring(document).itertext())


def said(document: str) -> list[tuple[str, tuple[str, ...]]]:
    """Each word with the elements around it that shape it, and each empty element."""
    found: list[tuple[str, tuple[str, ...]]] = []

    def walk(element: ElementTree.Element, around: tuple[str, ...]) -> None:
        name = element.tag + repr(sorted(element.attrib.items()))
        inside = around if element.tag in ("p", "s", "speak") else (*around, name)
        if len(element) == 0 and not element.text:
            found.extend([(name, around)] if element.tag in ("break", "mark") else [])
        found.extend((word, inside) for word in (element.text or "").split())
        for child in element:
            walk(child, inside)
            found.extend((word, inside) for word in (child.tail or "").split())

    walk(ElementTree.fromstring(document), ())
    return found


@st.composite
def ssml(draw: st.DrawFn, depth: int = 3) -> str:
    parts = []
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["text", "text", "text", "element", "whole", "empty", "comment", "data"]))
        words = " " + " ".join(draw(WORDS)) + " "
        if kind == "text" or depth == 0:
            parts.append(words)
        elif kind == "element":
            name, given_ = draw(
                st.sampled_from([("p", ""), ("s", ""), ("prosody", ' rate="90%"'), ("lang", " xml:lang='fr-FR' ")])
            )
            parts.append(f"<{name}{given_}>{draw(ssml(depth - 1))}</{name}>")
        elif kind == "whole":
            parts.append('<say-as interpret-as="cardinal">12 34</say-as>')
        elif kind == "empty":
            parts.append(draw(st.sampled_from(['<break time="1s"/>', "<mark name='a>b'/>"])))
        elif kind == "comment":
            parts.append("<!-- <p> & \" ' -->")
        else:
            parts.append("<![CDATA[ a < b & c ]]>")
    return "".join(parts)


@given(ssml(), st.integers(40, 120))
def test_the_pieces_say_what_the_document_says(inner: str, limit: int) -> None:
    document = f"<speak {NAMESPACE}>{inner}</speak>"
    try:
        pieces = cut(document, limit, 6000)
    except InvalidCallError:
        pytest.fail("everything in it is short enough to be cut")
    assert [one for piece in pieces for one in said(piece.text)] == said(document)
    for piece in pieces:
        assert billed(piece.text) <= limit
        if len(pieces) > 1:
            stretch = piece.text[piece.before : piece.text.rindex("</speak>")]
            assert re.sub(r"(</\w+>)+$", "", stretch) in document[piece.start :]
            assert document[piece.start : piece.start + 5] == piece.text[piece.before : piece.before + 5]


@given(ssml())
def test_all_but_tags_and_comments_is_billed(inner: str) -> None:
    document = f"<speak>{inner}</speak>"
    assert billed(document) == len(text_of(document))


def test_borders_are_paragraphs_before_sentences_before_words() -> None:
    sentence = "<s>Ten words stand in this sentence, none of them long.</s>"
    document = f"<speak><p>{sentence * 6}</p><p>{sentence * 9}</p></speak>"
    pieces = cut(document, 500, 6000)
    assert [piece.text.count("</s>") for piece in pieces] == [6, 9]
    assert all(piece.text.startswith("<speak><p><s>") and piece.text.endswith("</s></p></speak>") for piece in pieces)
    running = "<speak>" + "It is so. " * 100 + "</speak>"
    assert all(piece.text.endswith("so. </speak>") for piece in cut(running, 95, 6000))
    unbroken = "<speak>" + "la " * 100 + "</speak>"
    assert all(piece.text.endswith("la </speak>") for piece in cut(unbroken, 95, 6000))
    assert sum(billed(piece.text) for piece in cut("<speak>" + "字" * 1000 + "</speak>", 95, 6000)) == 1000


def test_the_elements_around_are_opened_again_with_what_they_say() -> None:
    opened = '<speak version="1.0"><prosody rate="fast" volume=\'loud\'><lang xml:lang="fr-FR">'
    document = opened + "Bonjour mes amis. " * 30 + "</lang></prosody></speak>"
    pieces = cut(document, 100, 6000)
    assert len(pieces) > 5
    for piece in pieces:
        assert piece.text.startswith(opened)
        assert piece.text.endswith("</lang></prosody></speak>")
        minidom.parseString(piece.text)


@pytest.mark.parametrize(
    "whole",
    [
        '<say-as interpret-as="digits">1 2. 3 4</say-as>',
        '<sub alias="World Wide Web. Consortium">W 3. C</sub>',
        '<phoneme alphabet="ipa" ph="p">a. b c</phoneme>',
        '<w role="amazon:VB">read. it</w>',
        '<emphasis level="strong">now. or never</emphasis>',
        '<prosody amazon:max-duration="2s">at most. two seconds</prosody>',
    ],
)
def test_what_means_something_as_a_whole_is_never_cut(whole: str) -> None:
    document = f"<speak {NAMESPACE}>" + f"and {whole} so " * 20 + "</speak>"
    pieces = cut(document, 40, 6000)
    assert sum(piece.text.count(whole) for piece in pieces) == 20
    with pytest.raises(InvalidCallError, match="cannot be cut"):
        cut(f"<speak>{whole.replace('. ', '. ' + 'x ' * 40)}</speak>", 40, 6000)


def test_the_tags_count_in_all() -> None:
    document = "<speak>" + "<p>a</p>" * 900 + "</speak>"
    pieces = cut(document, 3000, 6000)
    assert [len(piece.text) <= 6000 for piece in pieces] == [True, True]
    assert "".join(text_of(piece.text) for piece in pieces) == "a" * 900


def test_what_fits_stays_as_it_is_however_broken() -> None:
    for document in ("<speak>hi", "<speak><p></speak>", '<?xml version="1.0"?><!-- x --><speak>hi</speak>'):
        assert [piece.text for piece in cut(document, 3000, 6000)] == [document]


@pytest.mark.parametrize(
    ("inside", "where"),
    [
        ("<p>open", "line 2"),
        ("</p>", "column 1"),
        ("a < b", "line 2, column 3"),
        ("<p ='>", "line 2"),
        ("<!-- a", "line 2"),
    ],
)
def test_a_long_document_that_is_broken_is_told_with_the_place(inside: str, where: str) -> None:
    with pytest.raises(InvalidCallError, match=f"not well-formed.*{where}|not well-formed: see line 3"):
        cut(f"<speak>\n{inside}\n{'word ' * 900}</speak>", 3000, 6000)


def test_a_document_type_is_not_cut() -> None:
    with pytest.raises(InvalidCallError, match="document type"):
        cut(f'<!DOCTYPE speak [<!ENTITY x "y">]><speak>{"word " * 900}</speak>', 3000, 6000)


def test_pieces_that_would_say_nothing_are_left_out() -> None:
    document = "<speak>" + "<p>" + "word " * 19 + "</p>" + "<!-- " + "x" * 200 + " -->   </speak>"
    assert len(cut(document, 95, 150)) == 1


@given(st.text(alphabet="<>/&;\"'=!-[]ab \n", max_size=200))
def test_any_text_is_read_in_bounded_time(text: str) -> None:
    try:
        pieces = cut(f"<speak>{text}</speak>", 10, 60)
    except InvalidCallError:
        return
    assert all(billed(piece.text) <= 10 and len(piece.text) <= 60 for piece in pieces)


@pytest.mark.parametrize(
    "part", ['<a b="', "<", "<!--", "<![CDATA[", "&", '<a "', "<p>", "</p>", "<a / / / ", "<p> word "]
)
def test_a_long_broken_document_takes_no_long(part: str) -> None:
    with pytest.raises(InvalidCallError):
        cut(f"<speak>{part * 20_000}</speak>", 3000, 6000)


def test_ssml_is_told_by_its_first_tag() -> None:
    for text in (
        "<speak>",
        "\ufeff <speak version='1'>",
        "<?xml version='1.0'?>\n<speak/>",
        "<!-- a --><speak>",
        "<!DOCTYPE x>",
    ):
        assert is_ssml(text)
    for text in ("<speaker>", "Hi <speak>", "speak", "<p>"):
        assert not is_ssml(text)
