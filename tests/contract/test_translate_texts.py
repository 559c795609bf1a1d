"""Texts and documents in another language: the words are made up, and all else is true."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from time import perf_counter
from typing import Any

import pytest
from aiservices_mocks import Mock
from aiservices_mocks.translate.documents import BATCH, WORD, DocumentError, translated
from aiservices_mocks.translate.wording import Wording
from hypothesis import given
from hypothesis import strategies as st

from aiservices import AI
from aiservices.errors import BadRequestError, NotFoundError, NotMockedError, ServiceError

CSV = b"en,fr,de\nAmazon Web,Le Web,Das Netz\ncart,panier,Korb\nAmazon,Amazone,Amazonas\n"


def terminology(ai: Any, directionality: str = "UNI") -> None:
    data = {"File": CSV, "Format": "CSV", "Directionality": directionality}
    ai.translate.import_terminology(name="shop", merge_strategy="OVERWRITE", terminology_data=data)


def translate(ai: Any, text: str, source: str = "en", target: str = "fr", **members: Any) -> Any:
    return ai.translate.translate_text(text=text, source_language_code=source, target_language_code=target, **members)


def test_words_are_others_and_the_rest_stays(ai: Any) -> None:
    text = (
        "Hello {name}, pay $12.50 on 2026-01-31!\n\n  - see https://example.com/a?b=c or mail a.b@example.com\n\t%s: 7"
    )
    reply = translate(ai, text)
    assert (reply.source_language_code, reply.target_language_code) == ("en", "fr")
    said = reply.translated_text
    for kept in ("{name}", "$12.50", "2026-01-31", "https://example.com/a?b=c", "a.b@example.com", "%s: 7"):
        assert kept in said
    assert re.sub(r"[^\W\d_]+", "x", said) == re.sub(r"[^\W\d_]+", "x", text)
    for word in ("Hello", "pay", "see", "mail"):
        assert not re.search(rf"\b{word}\b", said)
    assert said[0].isupper()


def test_an_answer_says_that_it_is_made_up_and_strict_mode_refuses_it() -> None:
    with AI(backend=Mock()) as ai:
        reply = translate(ai, "Hello")
        assert reply.meta.fidelity == "schema"
        assert reply.translated_text != "Hello"
    with AI(backend=Mock(strict=True)) as ai, pytest.raises(NotMockedError):
        translate(ai, "Hello")


def test_the_same_word_is_the_same_and_languages_and_seeds_differ() -> None:
    with AI(backend=Mock(seed=1)) as ai, AI(backend=Mock(seed=2)) as other:
        first, _, second = translate(ai, "tea and Tea").translated_text.split()
        assert first.lower() == second.lower() != "tea"
        words = {translate(ai, "teapot", target=target).translated_text for target in ("fr", "de", "ja")}
        assert len(words | {translate(other, "teapot").translated_text}) == 4


def test_terms_of_a_terminology_are_applied_and_told(ai: Any) -> None:
    terminology(ai)
    reply = translate(ai, "The cart at Amazon Web, a cartoon, an Amazon cart", terminology_names=["shop"])
    (applied,) = reply.applied_terminologies
    assert applied.name == "shop"
    found = [(term.source_text, term.target_text) for term in applied.terms]
    assert found == [("cart", "panier"), ("Amazon Web", "Le Web"), ("Amazon", "Amazone")]
    words = re.findall(r"[\w ]+", reply.translated_text)
    assert words[0].split(" ", 1)[1].split()[0] == "panier"
    assert reply.translated_text.endswith(" Amazone panier")
    assert "cart" not in reply.translated_text
    (nothing,) = translate(ai, "Nothing of it", terminology_names=["shop"]).applied_terminologies
    assert nothing.terms == []


def test_a_terminology_of_one_direction_is_not_used_the_other_way(ai: Any) -> None:
    terminology(ai)
    (applied,) = translate(ai, "le panier", "fr", "de", terminology_names=["shop"]).applied_terminologies
    assert applied.terms == []
    terminology(ai, "MULTI")
    reply = translate(ai, "le panier", "fr", "de", terminology_names=["shop"])
    assert reply.translated_text.endswith(" Korb")
    (applied,) = translate(ai, "cart", "en", "es", terminology_names=["shop"]).applied_terminologies
    assert applied.terms == []
    with pytest.raises(NotFoundError):
        translate(ai, "cart", terminology_names=["other"])


@pytest.mark.parametrize(("source", "target"), [("en", "xx"), ("xx", "en"), ("en", "auto")])
def test_a_pair_that_there_is_not_is_refused(ai: Any, source: str, target: str) -> None:
    with pytest.raises(BadRequestError, match=f"{source} to {target}") as caught:
        translate(ai, "Hello", source, target)
    assert caught.value.code == "UnsupportedLanguagePairException"
    assert caught.value.details["TargetLanguageCode"] == target


def test_the_language_is_found_out(ai: Any) -> None:
    assert translate(ai, "Bonjour, comment allez-vous aujourd'hui ?", "auto", "en").source_language_code == "fr"
    assert translate(ai, "今日は天気がいいですね。", "auto", "en").source_language_code == "ja"
    with pytest.raises(ServiceError) as caught:
        translate(ai, "12345", "auto", "fr")
    assert caught.value.code == "DetectedLanguageLowConfidenceException"
    assert caught.value.details == {"DetectedLanguageCode": "en"}


def test_into_its_own_language_a_text_stays(ai: Any) -> None:
    terminology(ai)
    assert translate(ai, "Hello cart", "en", "en", terminology_names=["shop"]).translated_text == "Hello cart"
    text = "Bonjour, comment allez-vous aujourd'hui ?"
    reply = translate(ai, text, "auto", "fr")
    assert (reply.translated_text, reply.source_language_code) == (text, "fr")


def test_a_text_is_limited_in_bytes(ai: Any) -> None:
    assert len(translate(ai, "é" * 5000).translated_text) == 5000
    with pytest.raises(ServiceError, match="10002 bytes") as caught:
        translate(ai, "é" * 5001)
    assert caught.value.code == "TextSizeLimitExceededException"


def test_settings_that_a_language_has_are_applied(ai: Any) -> None:
    settings = {"Formality": "FORMAL", "Profanity": "MASK"}
    applied = translate(ai, "Hello", settings=settings).applied_settings
    assert (applied.formality, applied.profanity) == ("FORMAL", "MASK")
    applied = translate(ai, "Hello", target="pl", settings=settings).applied_settings
    assert (applied.formality, applied.profanity) == (None, "MASK")


def test_a_translation_is_limited_too(ai: Any) -> None:
    data = {"File": b"en,fr\na," + b"b" * 200, "Format": "CSV"}
    ai.translate.import_terminology(name="long", merge_strategy="OVERWRITE", terminology_data=data)
    with pytest.raises(ServiceError) as caught:
        translate(ai, "a " * 200, terminology_names=["long"])
    assert caught.value.code == "TextSizeLimitExceededException"


@pytest.mark.parametrize(
    "part", ["<!--", "<script>", "{{", "a.", "<p translate='no'>", "<source>", "%(", "&", "a@", "://"]
)
def test_a_document_of_beginnings_takes_no_longer_than_another(part: str) -> None:
    data = (part * (100_000 // len(part))).encode()
    for content_type in ("text/plain", "text/html", BATCH[5]):
        begin = perf_counter()
        assert translated(data, content_type, Wording(1, "en", "fr", {}))
        assert perf_counter() - begin < 10


@given(st.text(max_size=200), st.sampled_from(["en", "ja", "ru"]))
def test_lines_numbers_and_size_are_kept_for_any_text(text: str, source: str) -> None:
    said = Wording(1, source, "fr", {})(text)
    assert said.count("\n") == text.count("\n")
    assert re.findall(r"[0-9]+", said) == re.findall(r"[0-9]+", text)
    assert len(said) <= 6 * len(text)


# Documents

HTML = (
    b'<!DOCTYPE html><html lang="en"><head><title>Your cart</title><style>b { color: red }</style>'
    b'<script>var a = "cart < b";</script></head><body class="big"><!-- a remark --><p>Hello <b>you</b> &amp; me</p>'
    b'<p translate="no">Keep this</p></body></html>'
)


def document(ai: Any, data: bytes, content_type: str, source: str = "en", target: str = "fr", **members: Any) -> Any:
    return ai.translate.translate_document(
        document={"Content": data, "ContentType": content_type},
        source_language_code=source,
        target_language_code=target,
        **members,
    )


def test_of_html_the_texts_change_and_the_markup_stays(ai: Any) -> None:
    terminology(ai)
    reply = document(ai, HTML, "text/html", terminology_names=["shop"])
    said = reply.translated_document.content
    assert re.findall(rb"<[^>]*>", said) == re.findall(rb"<[^>]*>", HTML)
    for kept in (b"{ color: red }", b'var a = "cart < b";', b"<!-- a remark -->", b"Keep this", b"&amp;", b" panier<"):
        assert kept in said
    for word in (b"Hello", b">you<", b"Your"):
        assert word not in said
    assert [term.source_text for term in reply.applied_terminologies[0].terms] == ["cart"]


def office(*files: tuple[str, str]) -> bytes:
    """A zip as a word processor writes it."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return file.getvalue()


def test_of_a_word_document_the_texts_change_and_the_rest_stays(ai: Any) -> None:
    body = '<w:p><w:pPr><w:tab/></w:pPr><w:r><w:t xml:space="preserve">Hello you &amp; me </w:t></w:r><w:t/></w:p>'
    others = (("word/styles.xml", "<w:t>style</w:t>"), ("word/media/a.png", "picture"))
    data = office(("word/document.xml", body), ("word/header1.xml", "<w:t>Head</w:t>"), *others)
    content = document(ai, data, WORD).translated_document.content
    with zipfile.ZipFile(BytesIO(content)) as archive:
        said = archive.read("word/document.xml").decode()
        assert re.sub(r">[^<]+<", "><", said) == re.sub(r">[^<]+<", "><", body)
        assert "&amp;" in said
        assert "Hello" not in said
        assert "Head" not in archive.read("word/header1.xml").decode()
        for name, kept in others:
            assert archive.read(name).decode() == kept


def test_the_other_types_of_batches_are_read_too() -> None:
    wording = Wording(1, "en", "fr", {})
    slides = translated(office(("ppt/slides/slide1.xml", "<a:t>Hello</a:t>")), BATCH[3], wording)
    sheet = translated(office(("xl/sharedStrings.xml", "<si><t>Hello</t></si>")), BATCH[4], wording)
    for data in (slides, sheet):
        with zipfile.ZipFile(BytesIO(data)) as archive:
            assert "Hello" not in archive.read(archive.namelist()[0]).decode()
    unit = b'<trans-unit id="1"><source>Hello</source><target>old</target></trans-unit>'
    said = translated(unit, BATCH[5], wording)
    assert re.fullmatch(rb'<trans-unit id="1"><source>Hello</source><target>[A-Z]\w+</target></trans-unit>', said)
    assert b"Hello</target>" not in said


def test_documents_have_english_on_one_side_and_a_language_that_is_found(ai: Any) -> None:
    reply = document(ai, b"Bonjour, comment allez-vous ?", "text/plain", "auto", "en")
    assert (reply.source_language_code, reply.target_language_code) == ("fr", "en")
    with pytest.raises(BadRequestError) as caught:
        document(ai, b"Bonjour", "text/plain", "fr", "de")
    assert caught.value.code == "UnsupportedLanguagePairException"


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (b"\xff\xfe", "text/plain"),
        (b"no zip", WORD),
        (b"a", "application/pdf"),
        (office(("word/document.xml", "")), "text/plain"),
    ],
)
def test_a_document_that_is_none_is_refused(ai: Any, data: bytes, content_type: str) -> None:
    with pytest.raises(BadRequestError) as caught:
        document(ai, data, content_type)
    assert caught.value.code == "InvalidRequestException"


LETTER = office(("word/document.xml", "<w:t>" + "Hello you " * 50 + "</w:t>"))


@given(st.integers(0, len(LETTER)), st.binary(min_size=1, max_size=9))
def test_a_broken_package_is_an_error_of_the_document(at: int, put: bytes) -> None:
    try:
        translated(LETTER[:at] + put + LETTER[at + len(put) :], WORD, Wording(1, "en", "fr", {}))
    except DocumentError:
        return
