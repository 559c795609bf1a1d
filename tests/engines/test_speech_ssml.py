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
        *("4 2", "", "1 minute 21 seconds"),
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


@pytest.mark.parametrize("tag", ['say-as interpret-as="digits"', 'w role="amazon:VB"'])
@pytest.mark.parametrize("held", ["", " \n"])
def test_a_tag_that_says_what_it_holds_says_nothing_when_it_is_empty(tag: str, held: str) -> None:
    source = f"<speak>one <{tag}>{held}</{tag.split()[0]}> two</speak>"
    assert [word.value for word in words(source)] == ["one", "two"]
    assert script(f"<speak><{tag}>{held}</{tag.split()[0]}></speak>") == []


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
        "<speak><prosody amazon:max-duration='2s' rate='lively'>x</prosody></speak>",
        "<speak><prosody amazon:max-duration='2s'><prosody amazon:max-duration='soon'>x</prosody></prosody></speak>",
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


def test_only_some_voices_talk() -> None:
    talk = '<speak><amazon:domain name="conversational">x</amazon:domain></speak>'
    assert read_ssml(talk, "neural", "Joanna")[1] == 1
    with pytest.raises(SsmlError):
        read_ssml(talk, "neural", "Amy")


def test_only_some_voices_read_news() -> None:
    news = '<speak><amazon:domain name="news">x</amazon:domain></speak>'
    assert read_ssml(news, "neural", "Amy")[1] == 1
    with pytest.raises(SsmlError):
        read_ssml(news, "neural", "Ivy")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<speak>Dear <MariaSilva/>,</speak>", "line 1, column 12: unknown tag"),
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


@pytest.mark.parametrize(
    ("kind", "form", "written", "language", "said"),
    [
        ("characters", "", "ab 1", "en-US", "a, b, 1"),
        ("spell-out", "", "IBM", "de-DE", "I, B, M"),
        ("cardinal", "", "1,234", "en-US", "1234"),
        ("number", "", "12", "fr-FR", "12"),
        ("ordinal", "", "1,234", "en-US", "1234th"),
        ("ordinal", "", "13", "en-GB", "13th"),
        ("ordinal", "", "3", "fr-FR", "3e"),
        ("digits", "", "1234", "de-DE", "1 2 3 4"),
        ("fraction", "", "2/9", "en-US", "2 9ths"),
        ("fraction", "", "3+1/2", "en-US", "3 and a half"),
        ("fraction", "", "1/8", "en-US", "1 8th"),
        ("unit", "", "1meter", "en-US", "1 meter"),
        ("unit", "", "1/2inch", "en-US", "1 half of an inch"),
        ("unit", "", "2.5kg", "en-US", "2.5 kilograms"),
        ("unit", "", "60mph", "en-US", "60 miles per hour"),
        ("unit", "", "7florps", "en-US", "7 florps"),
        ("date", "mdy", "12-31-1900", "en-US", "December 31st, 1900"),
        ("date", "dmy", "31.12.1900", "en-US", "December 31st, 1900"),
        ("date", "ymd", "1900/12/31", "en-US", "December 31st, 1900"),
        ("date", "md", "4/6", "en-US", "April 6th"),
        ("date", "dm", "4/6", "en-US", "June 4th"),
        ("date", "ym", "2001-02", "en-US", "February 2001"),
        ("date", "my", "02-2001", "en-US", "February 2001"),
        ("date", "d", "05", "en-US", "5th"),
        ("date", "m", "5", "en-US", "May"),
        ("date", "y", "1999", "en-US", "1999"),
        ("date", "", "????0922", "en-US", "September 22nd"),
        ("date", "yyyymmdd", "19990522", "en-US", "May 22nd, 1999"),
        ("date", "dmy", "22.5.1999", "de-DE", "22. Mai 1999"),
        ("date", "dmy", "7/2/2003", "es-ES", "7 de febrero de 2003"),
        ("date", "dmy", "1/2/2003", "fr-FR", "1e février 2003"),
        ("date", "dmy", "7/2/2003", "ko-KR", "7 2 2003"),
        ("date", "mdy", "soon", "en-US", "soon"),
        ("date", "md", "13-0", "en-US", "13 0th"),
        ("date", "d", "0" * 5000 + "7" * 5000, "en-US", "7" * 5000 + "th"),
        ("date", "m", "0012", "en-US", "December"),
        ("date", "m", "1" * 5000, "en-US", "1" * 5000),
        ("time", "", "01'" + "9" * 5000 + '"', "en-US", "1 minute " + "9" * 5000 + " seconds"),
        ("ordinal", "", "2" * 5000, "en-US", "2" * 5000 + "nd"),
        ("time", "", "1'21\"", "en-US", "1 minute 21 seconds"),
        ("time", "", "2'", "de-DE", "2 Minuten"),
        ("address", "", "1420 N Main St., Boston MA 02134", "en-US", "14 20 North Main Street, Boston MA 0 2 1 3 4"),
        ("telephone", "", "2122241555", "en-US", "2 1 2, 2 2 4, 1 5 5 5"),
        ("telephone", "", "2122241555", "en-GB", "2 1 2, double 2 4, 1 triple 5"),
        ("telephone", "", "2025551212x345", "en-US", "2 0 2, 5 5 5, 1 2 1 2, extension 3 4 5"),
        ("interjection", "", "Wow!", "en-US", "Wow!"),
        ("currency", "", "$5", "en-US", "$5"),
    ],
)
def test_every_kind_of_say_as_reads_its_text(kind: str, form: str, written: str, language: str, said: str) -> None:
    attributes = f'interpret-as="{kind}"' + (f' format="{form}"' if form else "")
    (word,) = words(f"<speak><say-as {attributes}>{escape(written)}</say-as></speak>", language=language)
    assert word.said == said
    assert word.value == escape(written)


def test_kanji_are_read_by_what_stands_beside_them() -> None:
    found = words("学生は水を飲む。", language="ja-JP")
    assert [word.value for word in found] == ["学", "生", "は", "水", "を", "飲", "む"]
    assert [word.said for word in found] == ["がく", "せい", "は", "みず", "を", "の", "む"]
    assert [word.said for word in words("学生", language="cmn-CN")] == ["学", "生"]
    source = '<speak>in <lang xml:lang="ja-JP">東京タワー</lang></speak>'
    assert [word.said for word in words(source)] == ["in", "とう", "きょう", "タワー"]


def test_a_word_is_spoken_in_its_role() -> None:
    roles = ("amazon:VB", "amazon:VBD", "amazon:NN")
    found = words("<speak>" + " ".join(f"<w role='{role}'>Read</w>" for role in roles) + "</speak>")
    assert [(word.said, word.ipa) for word in found] == [("Read", "ɹiːd"), ("Read", "ɹɛd"), ("Read", "")]
    (bass,) = words('<speak><w role="amazon:SENSE_1">bass</w></speak>')
    assert bass.ipa == "bæs"
    (lead,) = words('<speak><w role="amazon:NN">lead</w></speak>', language="fr-FR")
    assert lead.ipa == ""


def test_a_break_without_a_strength_goes_one_step_beyond_the_punctuation() -> None:
    source = "<speak>one<break/> two,<break/> three. <break/>four</speak>"
    assert [item.seconds for item in script(source) if isinstance(item, Pause)] == [0.2, 0.4, 0.7]


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("<speak>a\n <mark/></speak>", "line 2, column 1: "),
        ("<speak><break time='1h'/></speak>", "line 1, column 7: "),
        ("<speak>a &nbsp; b</speak>", "line 1, column 9: "),
        ("<speak><s>a<p>b</p></s></speak>", "line 1, column 11: <p> cannot stand in <s>"),
        ("<speak><p><p>b</p></p></speak>", "line 1, column 10: <p> cannot stand in <p>"),
        ("<speak><sub alias='x'>a<s>b</s></sub></speak>", "line 1, column 23: <sub> holds no tags"),
        ("<speak><break>x</break></speak>", "line 1, column 14: <break> holds no text"),
        ("<speak>a</s></speak>", "line 1, column 10: mismatched tag"),
        ("<speak>" + "<prosody rate='slow'>" * 300 + "</speak>", "line 1, column 5362: more than 256 tags"),
        ("<speak><?x y?></speak>", "line 1, column 7: "),
        ("<!DOCTYPE speak [<!ENTITY a 'b'>]><speak>&a;</speak>", "line 1, column "),
    ],
)
def test_every_error_tells_its_place(source: str, place: str) -> None:
    with pytest.raises(SsmlError) as caught:
        read_ssml(source, "standard")
    assert str(caught.value).startswith(place)


@pytest.mark.parametrize(
    ("language", "ipa", "expected"),
    [
        ("en", "əʊ", "@"), ("en", "θɪŋk", "Tikk"), ("de", "ʃøːn", "Sot"), ("pl", "ɕ", "J"), ("ja", "e", "@"),
        ("fr", "ʁy", "ku"), ("es", "ɲ", "J"), ("tr", "ɯ", "i"), ("it", "t͡ʃ", "S"), ("cmn", "t͡ɕ", "J"),
    ],
)  # fmt: skip
def test_visemes_are_those_of_the_language(language: str, ipa: str, expected: str) -> None:
    # https://docs.aws.amazon.com/polly/latest/dg/ref-phoneme-tables-shell.html
    assert "".join(visemes(ipa, language)) == expected


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
