"""Amazon Polly on every backend: speech follows the text, voices are AWS's, lexicons are kept and applied."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from aiservices_mocks import Clock, Mock

from aiservices import AI
from aiservices.api.model import load
from aiservices.errors import BadRequestError, InvalidCallError, NotFoundError, QuotaError, ServiceError

PLS = (
    '<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" '
    'xml:lang="{language}"><lexeme><grapheme>{grapheme}</grapheme><alias>{alias}</alias></lexeme></lexicon>'
)


def pls(grapheme: str = "W3C", alias: str = "World Wide Web Consortium", language: str = "en-US") -> str:
    return PLS.format(grapheme=grapheme, alias=alias, language=language)


def speech(ai: Any, text: str, **settings: Any) -> bytes:
    asked = {"voice_id": "Joanna", "output_format": "pcm", **settings}
    data = ai.polly.synthesize_speech(text=text, **asked).audio_stream.read()
    assert isinstance(data, bytes)
    return data


def marks(ai: Any, text: str, *kinds: str, **settings: Any) -> list[dict[str, Any]]:
    data = speech(ai, text, output_format="json", speech_mark_types=list(kinds), **settings)
    return [json.loads(line) for line in data.decode().splitlines()]


def code_of(ai: Any, text: str = "hello", **settings: Any) -> str:
    with pytest.raises(ServiceError) as caught:
        speech(ai, text, **settings)
    return caught.value.code


def test_speech_follows_the_text(ai: Any) -> None:
    short, long = speech(ai, "Hello."), speech(ai, "Hello, this is a much longer text with many more words in it.")
    assert 0 < len(short) < len(long) / 3
    assert speech(ai, "Hello.") == short
    assert speech(ai, "Goodbye.") != short


def test_two_voices_sound_different(ai: Any) -> None:
    assert speech(ai, "Hello.", voice_id="Joey") != speech(ai, "Hello.", voice_id="Joanna")


@pytest.mark.parametrize(
    ("output_format", "content_type", "begins"),
    [
        ("mp3", "audio/mpeg", b"\xff"),
        ("ogg_vorbis", "audio/ogg", b"OggS"),
        ("ogg_opus", "audio/ogg", b"OggS"),
        ("pcm", "audio/pcm", b""),
        ("mulaw", "audio/mulaw", b""),
        ("alaw", "audio/alaw", b""),
        ("json", "application/x-json-stream", b'{"time":0,"type":"sentence"'),
    ],
)
def test_every_format_comes_with_its_type(ai: Any, output_format: str, content_type: str, begins: bytes) -> None:
    kinds = {"speech_mark_types": ["sentence"]} if output_format == "json" else {}
    reply = ai.polly.synthesize_speech(text="Hello.", voice_id="Joanna", output_format=output_format, **kinds)
    assert reply.content_type == content_type
    assert reply.request_characters == 6
    assert reply.audio_stream.read().startswith(begins)


def test_rates(ai: Any) -> None:
    assert len(speech(ai, "Hello.", sample_rate="16000")) == pytest.approx(
        2 * len(speech(ai, "Hello.", sample_rate="8000")), abs=8
    )
    assert len(speech(ai, "Hello.")) == len(speech(ai, "Hello.", sample_rate="16000"))
    assert code_of(ai, sample_rate="22050") == "InvalidSampleRateException"
    assert code_of(ai, output_format="mp3", sample_rate="11025") == "InvalidSampleRateException"
    assert code_of(ai, output_format="ogg_opus", sample_rate="24000") == "InvalidSampleRateException"


def test_speech_marks_tell_words_in_utf8_bytes_and_times_of_the_audio(ai: Any) -> None:
    text = "Ünïted naïve words. And more!"
    found = marks(ai, text, "word", "sentence")
    words = [mark for mark in found if mark["type"] == "word"]
    assert [mark["value"] for mark in words] == ["Ünïted", "naïve", "words", "And", "more"]
    for mark in found:
        assert text.encode()[mark["start"] : mark["end"]].decode() == mark["value"]
    assert [mark["value"] for mark in found if mark["type"] == "sentence"] == ["Ünïted naïve words.", "And more!"]
    times = [mark["time"] for mark in found]
    assert times == sorted(times)
    assert times[-1] < len(speech(ai, text)) / 2 / 16000 * 1000


def test_only_the_asked_marks_come(ai: Any) -> None:
    ssml = '<speak>Mary had a little <mark name="animal"/>lamb.</speak>'
    found = marks(ai, ssml, "ssml", text_type="ssml")
    assert [(mark["type"], mark["value"], mark["start"], mark["end"]) for mark in found] == [("ssml", "animal", 25, 46)]
    visemes = marks(ai, "map", "viseme")
    assert [mark["value"] for mark in visemes][:3] == ["p", "a", "p"]
    assert all(set(mark) == {"time", "type", "value"} for mark in visemes)


def test_marks_that_cannot_be(ai: Any) -> None:
    assert code_of(ai, output_format="mp3", speech_mark_types=["word"]) == "MarksNotSupportedForFormatException"
    assert code_of(ai, output_format="json", speech_mark_types=["ssml"]) == "SsmlMarksNotSupportedForTextTypeException"
    assert code_of(ai, output_format="json") == "ValidationException"


def test_ssml_shapes_the_speech(ai: Any) -> None:
    def seconds(ssml: str, **settings: Any) -> float:
        return len(speech(ai, f"<speak>{ssml}</speak>", text_type="ssml", **settings)) / 32000

    plain = seconds("Hello there, my friend.")
    assert seconds('Hello there, my friend.<break time="2s"/>') == pytest.approx(plain + 2, abs=0.01)
    assert seconds('<prosody rate="50%">Hello there, my friend.</prosody>') == pytest.approx(2 * plain, rel=0.12)
    assert seconds('<sub alias="World Wide Web Consortium">W3C</sub>') > 1.5 * seconds("Web")


def test_ssml_that_is_wrong(ai: Any) -> None:
    for ssml in ("no ssml", "<speak>open", "<speak><audio src='x'/></speak>", "<speak>a & b</speak>"):
        assert code_of(ai, ssml, text_type="ssml") == "InvalidSsmlException"
    emphasis = "<speak><emphasis>x</emphasis></speak>"
    assert code_of(ai, emphasis, text_type="ssml", engine="neural") == "InvalidSsmlException"
    assert speech(ai, emphasis, text_type="ssml", engine="standard")


def test_billed_characters_leave_out_tags(ai: Any) -> None:
    reply = ai.polly.synthesize_speech(
        text='<speak>a <prosody rate="fast">b</prosody> &amp;</speak>',
        text_type="ssml",
        voice_id="Amy",
        output_format="pcm",
    )
    assert reply.request_characters == 5


@pytest.mark.parametrize(
    ("text", "text_type", "billed"),
    [
        ("Hello, world!", "text", 13),
        ("  two  spaces ", "text", 14),
        ("Ünï 東京 🙂", "text", 8),
        ("<b>no markup</b>", "text", 16),
        ("<speak>Hello</speak>", "ssml", 5),
        ("<speak> a &lt; b </speak>", "ssml", 7),
        ("<speak>&#233;t&#xE9;</speak>", "ssml", 3),
        ('<speak><break time="1s"/><mark name="long name"/></speak>', "ssml", 0),
        ('<speak><sub alias="World Wide Web Consortium">W3C</sub></speak>', "ssml", 3),
        ("<speak>a<!-- not spoken -->b</speak>", "ssml", 2),
        ("<speak><![CDATA[a < b]]></speak>", "ssml", 5),
    ],
)
def test_characters_are_billed_without_markup(ai: Any, text: str, text_type: str, billed: int) -> None:
    reply = ai.polly.synthesize_speech(text=text, text_type=text_type, voice_id="Amy", output_format="pcm")
    assert reply.request_characters == billed


def test_an_error_in_ssml_tells_its_place(ai: Any) -> None:
    for ssml, place in (
        ("<speak>a <audio src='x'/></speak>", "line 1, column 9: unknown tag"),
        ("<speak>\n<p><p>a</p></p></speak>", "line 2, column 3: <p> cannot stand in <p>"),
        ("<speak>a<break time='99s'/></speak>", "line 1, column 8: "),
    ):
        with pytest.raises(BadRequestError) as caught:
            speech(ai, ssml, text_type="ssml")
        assert caught.value.code == "InvalidSsmlException"
        assert place in str(caught.value)


def test_bombs_end_at_once(ai: Any) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    bomb = f'<!DOCTYPE speak [<!ENTITY l0 "ha">{laughs}]><speak>&l8;</speak>'
    assert code_of(ai, bomb, text_type="ssml") == "InvalidSsmlException"
    deep = "<speak>" + "<s>" * 700 + "</s>" * 700 + "</speak>"
    assert code_of(ai, deep, text_type="ssml") == "InvalidSsmlException"
    nested = "<speak>" + "<prosody rate='slow'>" * 190 + "a" + "</prosody>" * 190 + "</speak>"
    assert len(speech(ai, nested, text_type="ssml")) < 10 * 32000
    with pytest.raises(ServiceError) as caught:
        ai.polly.put_lexicon(name="bomb", content=bomb.replace("speak", "lexicon"))
    assert caught.value.code == "InvalidLexiconException"
    holes = pls().replace("<lexeme>", "<metadata>" + "<x>" * 5000 + "</x>" * 5000 + "</metadata><lexeme>")
    ai.polly.put_lexicon(name="holes", content=holes)


@pytest.mark.parametrize("alphabet", ["ipa", "x-sampa"])
def test_a_pronunciation_of_another_alphabet_is_refused(ai: Any, alphabet: str) -> None:
    sound = {"ipa": "pɪˈkɑːn", "x-sampa": 'pI"kA:n'}
    lexeme = "<lexeme><grapheme>pecan</grapheme><phoneme>{}</phoneme></lexeme></lexicon>"
    head = pls().partition("<lexeme>")[0].replace('"ipa"', f'"{alphabet}"')
    ai.polly.put_lexicon(name="nuts", content=head + lexeme.format(sound[alphabet]))
    assert speech(ai, "pecan", lexicon_names=["nuts"]) != speech(ai, "pecan")
    with pytest.raises(BadRequestError) as caught:
        ai.polly.put_lexicon(name="nuts", content=head + lexeme.format("пекан"))
    assert caught.value.code == "InvalidLexiconException"
    assert "пекан" not in str(caught.value)


def test_limits_of_length(ai: Any) -> None:
    assert code_of(ai, "a " * 1501) == "TextLengthExceededException"
    assert code_of(ai, "<speak>" + "<p></p>" * 1000 + "</speak>", text_type="ssml") == "TextLengthExceededException"
    assert code_of(ai, "<speak>" + "a" * 3001 + "</speak>", text_type="ssml") == "TextLengthExceededException"


def test_engines_and_languages_of_a_voice(ai: Any) -> None:
    assert speech(ai, "hi", voice_id="Danielle", engine="long-form")
    assert code_of(ai, voice_id="Danielle") == "EngineNotSupportedException"
    assert code_of(ai, voice_id="Geraint", engine="neural") == "EngineNotSupportedException"
    assert speech(ai, "नमस्ते", voice_id="Aditi", language_code="hi-IN")
    assert code_of(ai, voice_id="Joanna", language_code="fr-FR") == "LanguageNotSupportedException"
    assert code_of(ai, voice_id="Nobody") == "ValidationException"


def test_every_voice_of_the_model_is_described(ai: Any) -> None:
    found = {voice.id: voice for voice in ai.polly.describe_voices().voices}
    shapes = load("polly").raw["shapes"]
    assert set(found) == set(shapes["VoiceId"]["enum"])
    for voice in found.values():
        assert voice.language_code in shapes["LanguageCode"]["enum"]
        assert voice.gender in ("Female", "Male")
        assert voice.name
        assert voice.language_name
        assert set(voice.supported_engines) <= set(shapes["Engine"]["enum"])
        assert voice.supported_engines
    assert {voice.language_code for voice in found.values()} | {"hi-IN"} == set(shapes["LanguageCode"]["enum"])
    assert (found["Lea"].name, found["Lea"].gender, found["Lea"].language_name) == ("Léa", "Female", "French")


def test_voices_are_filtered(ai: Any) -> None:
    def ids(**filters: Any) -> set[str]:
        return {voice.id for voice in ai.polly.describe_voices(**filters).voices}

    assert ids(language_code="cy-GB") == {"Gwyneth"}
    assert ids(engine="long-form") == {"Danielle", "Gregory", "Ruth"}
    assert ids(language_code="de-DE", engine="standard") == {"Hans", "Marlene", "Vicki"}
    assert ids(language_code="hi-IN") == set()
    assert ids(language_code="hi-IN", include_additional_language_codes=True) == {"Aditi", "Kajal"}
    with pytest.raises(BadRequestError) as caught:
        ai.polly.describe_voices(next_token="not a token")
    assert caught.value.code == "InvalidNextTokenException"


def test_a_lexicon_is_kept_and_forgotten(ai: Any) -> None:
    assert ai.polly.list_lexicons().lexicons == []
    ai.polly.put_lexicon(name="w3c", content=pls())
    found = ai.polly.get_lexicon(name="w3c")
    assert (found.lexicon.name, found.lexicon.content) == ("w3c", pls())
    facts = found.lexicon_attributes
    assert (facts.alphabet, facts.language_code, facts.lexemes_count, facts.size) == ("ipa", "en-US", 1, len(pls()))
    assert facts.lexicon_arn.endswith(":lexicon/w3c")
    (listed,) = ai.polly.list_lexicons().lexicons
    assert (listed.name, listed.attributes.size) == ("w3c", len(pls()))
    ai.polly.put_lexicon(name="w3c", content=pls(alias="web"))
    assert ai.polly.get_lexicon(name="w3c").lexicon.content == pls(alias="web")
    ai.polly.delete_lexicon(name="w3c")
    assert ai.polly.list_lexicons().lexicons == []
    for call in (ai.polly.get_lexicon, ai.polly.delete_lexicon):
        with pytest.raises(NotFoundError) as caught:
            call(name="w3c")
        assert (caught.value.code, caught.value.status) == ("LexiconNotFoundException", 404)


def test_a_lexicon_changes_the_speech(ai: Any) -> None:
    ai.polly.put_lexicon(name="long", content=pls())
    ai.polly.put_lexicon(name="british", content=pls(language="en-GB"))
    plain, changed = speech(ai, "Web by W3C"), speech(ai, "Web by W3C", lexicon_names=["long"])
    assert plain != changed
    assert speech(ai, "Web by W3C", lexicon_names=["british"]) == plain
    assert speech(ai, "Web by W3C", lexicon_names=["british", "long"]) == changed
    words = marks(ai, "Web by W3C", "word", lexicon_names=["long"])
    assert [mark["value"] for mark in words] == ["Web", "by", "W3C"]
    assert code_of(ai, lexicon_names=["long", "missing"]) == "LexiconNotFoundException"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("<lexicon>", "InvalidLexiconException"),
        (pls(language="tlh"), "UnsupportedPlsLanguageException"),
        (pls().replace('"ipa"', '"runes"'), "UnsupportedPlsAlphabetException"),
        (pls(alias="a" * 101), "MaxLexemeLengthExceededException"),
        (pls() + " " * 40_000, "LexiconSizeExceededException"),
    ],
)
def test_lexicons_that_are_refused_change_nothing(ai: Any, content: str, code: str) -> None:
    ai.polly.put_lexicon(name="kept", content=pls())
    with pytest.raises(ServiceError) as caught:
        ai.polly.put_lexicon(name="kept", content=content)
    assert caught.value.code == code
    assert ai.polly.get_lexicon(name="kept").lexicon.content == pls()


def test_a_hundred_lexicons_are_the_most_and_come_in_pages(ai: Any) -> None:
    names = sorted(f"lexicon{number}" for number in range(100))
    for name in names:
        ai.polly.put_lexicon(name=name, content=pls())
    with pytest.raises(QuotaError) as caught:
        ai.polly.put_lexicon(name="onemore", content=pls())
    assert caught.value.code == "MaxLexiconsNumberExceededException"
    ai.polly.put_lexicon(name=names[0], content=pls(alias="again"))
    first = ai.polly.list_lexicons()
    assert first.next_token
    second = ai.polly.list_lexicons(next_token=first.next_token)
    assert [lexicon.name for lexicon in [*first.lexicons, *second.lexicons]] == names
    assert second.next_token is None
    assert [lexicon.name for lexicon in ai.pages(ai.polly.list_lexicons)] == names
    with pytest.raises(BadRequestError):
        ai.polly.list_lexicons(next_token=first.next_token + "x")


def test_tags_of_a_lexicon(ai: Any) -> None:
    ai.polly.put_lexicon(name="tagged", content=pls(), tags={"team": "web"})
    arn = ai.polly.get_lexicon(name="tagged").lexicon_attributes.lexicon_arn
    ai.polly.tag_resource(resource_arn=arn, tags={"stage": "test"})
    assert ai.polly.list_tags_for_resource(resource_arn=arn).tags == {"team": "web", "stage": "test"}
    ai.polly.untag_resource(resource_arn=arn, tag_keys=["team", "stage"])
    assert ai.polly.list_tags_for_resource(resource_arn=arn).tags == {}
    with pytest.raises(ServiceError) as caught:
        ai.polly.tag_resource(resource_arn=arn, tags={str(number): "x" for number in range(51)})
    assert caught.value.code == "TooManyTagsException"
    with pytest.raises(NotFoundError):
        ai.polly.list_tags_for_resource(resource_arn=arn + "x")


def test_a_second_put_keeps_the_tags_and_is_told_by_its_time() -> None:
    mock = Mock(clock=Clock.manual())
    with AI(backend=mock) as ai:
        ai.polly.put_lexicon(name="w3c", content=pls(), tags={"team": "web"})
        mock.clock.advance(minutes=5)
        ai.polly.put_lexicon(name="w3c", content=pls(alias="web"), tags={"stage": "test"})
        facts = ai.polly.get_lexicon(name="w3c").lexicon_attributes
        assert facts.last_modified == mock.clock.now()
        tags = ai.polly.list_tags_for_resource(resource_arn=facts.lexicon_arn).tags
        assert tags == {"team": "web", "stage": "test"}
        with pytest.raises(ServiceError) as caught:
            ai.polly.put_lexicon(name="w3c", content=pls(), tags={f"tag{number}": "" for number in range(49)})
        assert caught.value.code == "TooManyTagsException"
        assert ai.polly.get_lexicon(name="w3c").lexicon.content == pls(alias="web")


def test_an_error_does_not_tell_the_text(ai: Any) -> None:
    for text, settings in (("<speak>secret", {"text_type": "ssml"}), ("secret " * 500, {})):
        with pytest.raises(ServiceError) as caught:
            speech(ai, text, **settings)
        assert "secret" not in str(caught.value)


def test_speak_is_one_call_for_a_text_of_any_length(ai: Any) -> None:
    soundfile = pytest.importorskip("soundfile")
    short, long = ai.polly.speak("Hello."), ai.polly.speak(f"Hello, my friend.{' ' * 1400}" * 4)
    assert (short.characters, long.characters) == (6, 4 * 1417)
    assert len(long.raw) == 2
    assert long.duration > 4 * short.duration
    assert soundfile.info(BytesIO(long.data)).duration == pytest.approx(long.duration, rel=0.05)
    with pytest.raises(InvalidCallError):
        ai.polly.speak("")
