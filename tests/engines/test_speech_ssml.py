"""SSML and text become blocks and scripts whose places are bytes of the request."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

import pytest
from aiservices_mocks.engines.speech import SsmlError, read_ssml, read_text, write_script
from aiservices_mocks.engines.speech.blocks import Mark, Pause
from aiservices_mocks.engines.speech.phonetics import espeak_letters, to_ipa, visemes
from aiservices_mocks.engines.speech.script import Sentence, Word
from hypothesis import given
from hypothesis import strategies as st


def script(source: str, engine: str = "standard", language: str = "en-US") -> list[Any]:
    blocks, _ = read_ssml(source, engine) if source.lstrip().startswith("<") else read_text(source)
    return write_script(source, blocks, [], language)


def words(source: str, **kwargs: str) -> list[Word]:
    return [item for item in script(source, **kwargs) if isinstance(item, Word)]


def at(source: str, item: Any) -> str:
    return source.encode()[item.start : item.end].decode()


def test_words_are_where_they_stand_in_bytes() -> None:
    source = "Ünïted “Kingdom”, naïve — 東京 don't!"
    found = words(source)
    assert [word.value for word in found] == ["Ünïted", "Kingdom", "naïve", "東", "京", "don't"]
    assert [at(source, word) for word in found] == [word.value for word in found]


def test_the_example_of_the_developer_guide_has_its_places() -> None:
    # https://docs.aws.amazon.com/polly/latest/dg/speechmarkexamples.html
    source = (
        '<speak><prosody volume="+20dB">Mary had <break time="300ms"/>a little <mark name="animal"/>lamb'
        "</prosody></speak>"
    )
    items = script(source)
    sentence = next(item for item in items if isinstance(item, Sentence))
    mark = next(item for item in items if isinstance(item, Mark))
    assert (sentence.start, sentence.end) == (31, 95)
    assert (mark.name, mark.start, mark.end) == ("animal", 70, 91)
    assert [(w.start, w.end) for w in items if isinstance(w, Word)] == [
        (31, 35),
        (36, 39),
        (61, 62),
        (63, 69),
        (91, 95),
    ]


def test_entities_and_line_ends_keep_their_bytes() -> None:
    source = "<speak>Q&amp;A\r\nfor &#233;t&#xE9; &lt;b&gt;</speak>"
    found = words(source)
    assert [at(source, word) for word in found] == [word.value for word in found]
    assert [word.said for word in found] == ["Q&A", "for", "été", "<", "b", ">"]


def test_sentences_do_not_cross_paragraphs() -> None:
    source = "<speak><p>One two</p><p><s>Three</s> <s>Four. Five!</s></p></speak>"
    items = script(source)
    assert [item.value for item in items if isinstance(item, Sentence)] == ["One two", "Three", "Four.", "Five!"]
    assert [item.seconds for item in items if isinstance(item, Pause)] == [0.7, 0.4, 0.7]


def test_what_is_said_differs_from_what_is_written() -> None:
    source = (
        '<speak><sub alias="World Wide Web Consortium">W3C</sub> <say-as interpret-as="characters">abc</say-as> '
        '<say-as interpret-as="ordinal">22</say-as> <say-as interpret-as="date" format="mdy">12/31/1999</say-as> '
        '<say-as interpret-as="fraction">3/4</say-as> <say-as interpret-as="unit">5 km</say-as> '
        '<say-as interpret-as="digits">42</say-as> <say-as interpret-as="expletive">damn</say-as> '
        '<say-as interpret-as="time">1\'21"</say-as></speak>'
    )
    assert [word.said for word in words(source)] == [
        *("World Wide Web Consortium", "a, b, c", "22nd", "December 31st, 1999", "3 quarters", "5 kilometers"),
        *("4 2", "beep", "1 minute 21 seconds"),
    ]


def test_phonemes_replace_the_word_also_where_the_tag_is_empty() -> None:
    source = (
        '<speak>say <phoneme alphabet="x-sampa" ph="pI&quot;kA:n">pecan</phoneme> <phoneme ph="təˈmɑːtoʊ"/></speak>'
    )
    found = words(source)
    assert [word.ipa for word in found] == ["", "pɪˈkɑːn", "təˈmɑːtoʊ"]
    assert found[2].start == found[2].end == source.encode().index(b'<phoneme ph="t')
    assert visemes("pɪˈkɑːn") == ["p", "i", "k", "a", "t"]
    assert espeak_letters("pɪˈkɑːn", "en") == "p|I'k|A:n"
    assert espeak_letters("y", "en") == "u"
    assert to_ipa('"pi.k{n', "x-sampa") == "ˈpi.kæn"


def test_styles_add_up() -> None:
    source = (
        '<speak>a <prosody rate="50%" volume="-6dB">b <prosody volume="+2dB" pitch="+50%">c</prosody></prosody> '
        '<emphasis level="strong">d</emphasis> <lang xml:lang="fr-FR">e</lang></speak>'
    )
    a, b, c, d, e = words(source)
    assert (a.style.rate, b.style.rate, c.style.rate) == (1, 0.5, 0.5)
    assert (b.style.gain, c.style.gain) == (-6, -4)
    assert c.style.pitch == 1.5
    assert d.style.rate < 1 < d.style.pitch
    assert e.style.language == "fr-FR"


@pytest.mark.parametrize(
    "source",
    [
        "plain",
        "<speak>no end",
        "<p>wrong root</p>",
        "<speak><speak>twice</speak></speak>",
        "<speak><audio src='x'/></speak>",
        "<speak><voice name='Joey'>hi</voice></speak>",
        "<speak><break time='11s'/></speak>",
        "<speak><break time='soon'/></speak>",
        "<speak><break strength='huge'/></speak>",
        "<speak><break>text</break></speak>",
        "<speak><mark/></speak>",
        "<speak><prosody>x</prosody></speak>",
        "<speak><prosody rate='lively'>x</prosody></speak>",
        "<speak><prosody pitch='120%'>x</prosody></speak>",
        "<speak><prosody speed='fast'>x</prosody></speak>",
        "<speak><say-as interpret-as='poem'>x</say-as></speak>",
        "<speak><say-as>x</say-as></speak>",
        "<speak><phoneme alphabet='kirshenbaum' ph='a'>x</phoneme></speak>",
        "<speak><phoneme alphabet='ipa' ph='p§t'>x</phoneme></speak>",
        "<speak><phoneme alphabet='ipa'>x</phoneme></speak>",
        "<speak><sub>x</sub></speak>",
        "<speak><lang xml:lang='xx-XX'>x</lang></speak>",
        "<speak><w role='amazon:XX'>x</w></speak>",
        "<speak><emphasis level='wild'>x</emphasis></speak>",
        "<speak><amazon:effect name='echo'>x</amazon:effect></speak>",
        "<speak>a & b</speak>",
        "<speak>&nbsp;</speak>",
        '<!DOCTYPE speak [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><speak>&b;</speak>',
        "<speak><sub alias='x'>a<p>b</p></sub></speak>",
        "<speak><prosody amazon:max-duration='2s'>" + "x" * 1501 + "</prosody></speak>",
    ],
)
def test_what_is_not_pollys_ssml_is_refused(source: str) -> None:
    with pytest.raises(SsmlError):
        read_ssml(source, "standard")


@pytest.mark.parametrize(
    ("source", "engines"),
    [
        ("<emphasis>x</emphasis>", {"standard"}),
        ("<prosody pitch='high'>x</prosody>", {"standard"}),
        ("<prosody rate='fast'>x</prosody>", {"standard", "neural", "long-form", "generative"}),
        ("<prosody amazon:max-duration='2s'>x</prosody>", {"standard"}),
        ("<amazon:effect name='whispered'>x</amazon:effect>", {"standard"}),
        ("<amazon:effect name='drc'>x</amazon:effect>", {"standard", "neural", "long-form"}),
        ("<amazon:domain name='news'>x</amazon:domain>", {"neural"}),
        ("<amazon:breath/>", {"standard"}),
        ("<break/>", {"standard", "neural", "long-form", "generative"}),
    ],
)
def test_each_engine_takes_its_tags(source: str, engines: set[str]) -> None:
    taken = set()
    for engine in ("standard", "neural", "long-form", "generative"):
        try:
            read_ssml(f"<speak>{source}</speak>", engine)
            taken.add(engine)
        except SsmlError:
            pass
    assert taken == engines


def test_only_some_voices_read_news() -> None:
    news = '<speak><amazon:domain name="news">x</amazon:domain></speak>'
    assert read_ssml(news, "neural", "Amy")[1] == 1
    with pytest.raises(SsmlError):
        read_ssml(news, "neural", "Ivy")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<speak>Dear <MariaSilva/>,</speak>", "unknown tag at line 1, column 12"),
        ("<speak><brake/></speak>", 'did you mean "break"'),
        ("<speak><break MariaSilva='1s'/></speak>", "<break> has an unknown attribute"),
        ("<speak><break tme='1s'/></speak>", 'did you mean "time"'),
    ],
)
def test_an_unknown_tag_is_told_by_its_place(source: str, said: str) -> None:
    with pytest.raises(SsmlError) as caught:
        read_ssml(source, "standard")
    assert said in str(caught.value)
    assert "Maria" not in str(caught.value)


def test_an_error_never_quotes_the_text() -> None:
    with pytest.raises(SsmlError) as caught:
        read_ssml("<speak><sub>my secret</sub></speak>", "standard")
    assert "secret" not in str(caught.value)


@given(st.text(max_size=60))
def test_every_word_of_any_text_is_found_again_in_its_bytes(text: str) -> None:
    source = text.encode("utf-8", "replace").decode()
    blocks, billed = read_text(source)
    assert billed == len(source)
    end = 0
    for item in write_script(source, blocks, [], "en-US"):
        assert isinstance(item, (Word, Sentence))
        assert at(source, item) == item.value
        if isinstance(item, Word):
            assert end <= item.start < item.end
            end = item.end


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=60))
def test_escaped_text_reads_like_plain_text(text: str) -> None:
    source = f"<speak>{escape(text)}</speak>"
    blocks, billed = read_ssml(source, "standard")
    assert billed == len(text)
    plain = write_script(text, read_text(text)[0], [], "en-US")
    assert [w.said for w in write_script(source, blocks, [], "en-US") if isinstance(w, Word)] == [
        w.said for w in plain if isinstance(w, Word)
    ]


@given(st.text(max_size=80).map(lambda text: f"<speak>{text}</speak>"))
def test_broken_markup_is_an_error_and_nothing_else(source: str) -> None:
    try:
        blocks, billed = read_ssml(source, "neural")
    except SsmlError:
        return
    assert sum(len(block.text) for block in blocks) >= billed
