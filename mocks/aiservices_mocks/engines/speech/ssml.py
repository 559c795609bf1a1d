"""SSML as Polly takes it, read into blocks.

What is kept of Polly: the tags and their values, which engine takes which tag, and that everything else is
refused, by its line and column. `w` changes the English words of roles.py only, and the styles of amazon:domain are no
more than a change of speed and pitch. What the words loud, slow, high ... amount to is ours: AWS does not say.
Source: https://docs.aws.amazon.com/polly/latest/dg/supportedtags.html (read in 2026-11)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import ParamSpec
from xml.parsers import expat

from aiservices.errors import nearest

from .attributes import Attributes, SsmlError
from .blocks import EMPTY, Block, Breaths, Mark, Pause, Span, Style
from .phonetics import PhonemeError, to_ipa
from .voices import LANGUAGES

P = ParamSpec("P")

PAUSES = {"none": 0.0, "x-weak": 0.0, "weak": 0.2, "medium": 0.2, "strong": 0.4, "x-strong": 0.7}
"""Seconds of silence of a break by its strength: about what espeak-ng leaves after a comma, a sentence, a paragraph."""

_RATES = {"x-slow": 0.5, "slow": 0.75, "medium": 1.0, "default": 1.0, "fast": 1.4, "x-fast": 1.9}
_PITCHES = {"x-low": 0.7, "low": 0.85, "medium": 1.0, "default": 1.0, "high": 1.2, "x-high": 1.45}
_EMPHASIS = {
    "strong": (0.85, 1.1, 4.0),
    "moderate": (0.92, 1.05, 2.0),
    "reduced": (1.1, 0.97, -3.0),
    "none": (1.0, 1.0, 0.0),
}
"""Rate, pitch and decibels."""
_SAY_AS = frozenset(
    (
        *("characters", "spell-out", "cardinal", "number", "ordinal", "digits", "fraction", "unit", "date", "time"),
        *("address", "expletive", "telephone", "currency", "interjection"),
    )
)
_LEVELS = {"default": 1.0, "x-soft": 0.25, "soft": 0.5, "medium": 1.0, "loud": 2.0, "x-loud": 4.0}
"""Of a breath."""
_BREATHS = {"default": 0.35, "x-short": 0.15, "short": 0.25, "medium": 0.35, "long": 0.5, "x-long": 0.7}
_FREQUENCIES = {"default": 1, "x-low": 4, "low": 2, "medium": 1, "high": 1, "x-high": 1}
"""After how many sentences a breath comes."""
_ROLES = dict.fromkeys(
    (
        *("amazon:VB", "amazon:VBD", "amazon:DT", "amazon:IN", "amazon:JJ", "amazon:NN"),
        *("amazon:DEFAULT", "amazon:SENSE_1"),
    ),
    0,
)
_ALPHABETS_OF_WORDS = ("x-amazon-pinyin", "x-amazon-jyutping", "x-amazon-pron-kana", "x-amazon-yomigana")
_NEW = ("neural", "long-form", "generative")
_DOMAINS = {
    "news": (frozenset(("Amy", "Joanna", "Lupe", "Matthew")), 1.06, 1.04),
    "conversational": (frozenset(("Joanna", "Matthew")), 0.97, 0.97),
}
"""Which voices have a style, its rate and its pitch."""
_TEXT_ONLY = frozenset(("phoneme", "say-as", "sub"))
_NOT_INSIDE = {"p": ("p", "s"), "s": ("s",)}
_DEEPEST = 256
"""Tags within tags; AWS does not say how many it takes."""
_ENDS = frozenset(".!?")
_EMPTY = frozenset(("break", "mark", "amazon:breath"))
_LONGEST_BREAK = 10.0
_LONGEST_FITTED = 1500


def read_ssml(source: str, engine: str, voice: str = "") -> tuple[list[Block], int]:
    """SSML as blocks, and its billed characters: those that are no markup. Raises SsmlError.

    voice: its id; empty: what only some voices have is not checked.
    """
    return _Reader(source, engine, voice).read()


class _Reader:
    """Follows expat through the request, which also tells the byte of everything; no DTD is taken."""

    def __init__(self, source: str, engine: str, voice: str) -> None:
        self._source = source.encode("utf-8", "surrogatepass")
        self._engine = engine
        self._voice = voice
        self._blocks = [Block()]
        self._open: list[tuple[str, Style, Callable[[], None] | None]] = []
        self._style = Style()
        self._after: Callable[[], None] | None = None
        self._tag_begin = 0
        self._fits = 0
        self._billed = 0
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._placing(self._start)
        self._parser.EndElementHandler = self._placing(self._end)
        self._parser.CharacterDataHandler = self._placing(self._text)
        self._parser.StartDoctypeDeclHandler = self._placing(self._doctype)
        self._parser.ProcessingInstructionHandler = self._placing(self._instruction)

    def read(self) -> tuple[list[Block], int]:
        try:
            self._parser.Parse(self._source, True)
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            raise SsmlError(f"line {error.lineno}, column {error.offset}: {what}") from None
        return self._blocks, self._billed

    def _placing(self, handle: Callable[P, None]) -> Callable[P, None]:
        """The handler, whose errors tell where they were found."""

        def handled(*args: P.args, **kwargs: P.kwargs) -> None:
            try:
                handle(*args, **kwargs)
            except SsmlError as error:
                at = f"line {self._parser.CurrentLineNumber}, column {self._parser.CurrentColumnNumber}"
                raise SsmlError(f"{at}: {error}") from None

        return handled

    @property
    def _block(self) -> Block:
        return self._blocks[-1]

    def _doctype(self, *_: object) -> None:
        raise SsmlError("a document type declaration is not allowed")

    def _instruction(self, *_: object) -> None:
        raise SsmlError("a processing instruction is not allowed")

    def _text(self, text: str) -> None:
        begin = self._parser.CurrentByteIndex
        if self._open[-1][0] in _EMPTY and not text.isspace():
            raise SsmlError(f"<{self._open[-1][0]}> holds no text")
        self._billed += len(text)
        block = self._block
        if not block.styles or block.styles[-1][1] is not self._style:
            block.styles.append((len(block.text), self._style))
        if self._source[begin : begin + 1] == b"&":
            size = self._source.index(b";", begin) + 1 - begin
            block.add(text, begin, size)
        elif text == "\n" and self._source[begin : begin + 2] == b"\r\n":
            block.add(text, begin, 2)
        else:
            block.add(text, begin)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._open and name != "speak":
            raise SsmlError("the root element must be <speak>")
        if self._open and name == "speak":
            raise SsmlError("<speak> can only be the root element")
        if self._open and self._open[-1][0] in (*_EMPTY, *_TEXT_ONLY):
            raise SsmlError(f"<{self._open[-1][0]}> holds no tags")
        if len(self._open) == _DEEPEST:
            raise SsmlError(f"more than {_DEEPEST} tags within each other")
        tag = _TAGS.get(name)
        if tag is None:
            raise SsmlError(f"unknown tag{nearest(name, _TAGS)}")
        for outer in {opened for opened, _, _ in self._open} & set(_NOT_INSIDE.get(name, ())):
            raise SsmlError(f"<{name}> cannot stand in <{outer}>")
        before, self._after = self._style, None
        self._tag_begin = self._parser.CurrentByteIndex
        tag(self, Attributes(name, attributes))
        self._open.append((name, before, self._after))

    def _end(self, name: str) -> None:
        _, before, after = self._open.pop()
        if after is not None:
            after()
        self._style = before

    def _border(self, pause: float = 0.0) -> None:
        """Begin a new block; what stands so far ends with at least this pause."""
        if self._block.events or self._block.text.strip():
            self._blocks.append(Block())
        if len(self._blocks) > 1:
            self._blocks[-2].pause = max(self._blocks[-2].pause, pause)

    def _not_with(self, what: str, *engines: str) -> None:
        if self._engine in engines:
            raise SsmlError(f"{what} is not supported by the {self._engine} engine")

    def speak(self, attributes: Attributes) -> None:
        attributes.take("version", "xml:lang", "xmlns", "xmlns:amazon", "xmlns:xsi", "xsi:schemaLocation")

    def paragraph(self, attributes: Attributes) -> None:
        self._enclose(attributes, PAUSES["x-strong"])

    def sentence(self, attributes: Attributes) -> None:
        self._enclose(attributes, PAUSES["strong"])

    def _enclose(self, attributes: Attributes, pause: float) -> None:
        attributes.take("xml:lang")
        self._border()
        self._after = lambda: self._border(pause)

    def pause(self, attributes: Attributes) -> None:
        time, strength = attributes.take("time", "strength")
        # Without a strength it is one step longer than what the punctuation before it asks for.
        before = self._block.text.rstrip()[-1:]
        seconds = PAUSES["x-strong" if before in _ENDS else "strong" if before == "," else "medium"]
        if strength is not None:
            seconds = attributes.one_of("strength", strength, PAUSES)
        if time is not None:
            seconds = attributes.seconds("time", time)
            if seconds > _LONGEST_BREAK:
                raise SsmlError("a <break> is at most 10 s long")
        self._block.events.append((len(self._block.text), Pause(seconds)))

    def mark(self, attributes: Attributes) -> None:
        (name,) = attributes.take("name")
        if not name:
            raise SsmlError("<mark> needs a name")
        end = self._tag_end()
        self._block.events.append((len(self._block.text), Mark(name, self._tag_begin, end)))

    def _tag_end(self) -> int:
        """The byte behind the tag at hand; a `>` inside a quoted value does not end it."""
        quote = 0
        for position in range(self._tag_begin, len(self._source)):
            byte = self._source[position]
            if quote:
                quote = 0 if byte == quote else quote
            elif byte in b"\"'":
                quote = byte
            elif byte == 0x3E:
                return position + 1
        return len(self._source)

    def emphasis(self, attributes: Attributes) -> None:
        self._not_with("<emphasis>", *_NEW)
        (level,) = attributes.take("level")
        rate, pitch, gain = attributes.one_of("level", level or "moderate", _EMPHASIS)
        self._style = self._style.changed(rate, pitch, gain)

    def language(self, attributes: Attributes) -> None:
        language, _ = attributes.take("xml:lang", "onlangfailure")
        if language is None:
            raise SsmlError("<lang> needs xml:lang")
        if language not in LANGUAGES:
            raise SsmlError("<lang> names a language that Polly does not speak")
        self._style = replace(self._style, language=language)

    def prosody(self, attributes: Attributes) -> None:
        volume, rate, pitch, longest = attributes.take("volume", "rate", "pitch", "amazon:max-duration")
        if volume is rate is pitch is longest is None:
            raise SsmlError("<prosody> needs volume, rate, pitch or amazon:max-duration")
        style = self._style
        if longest is not None:
            self._not_with("amazon:max-duration", *_NEW)
            seconds = attributes.seconds("amazon:max-duration", longest)
            if style.fit is None:
                self._fits += 1
                style = replace(style, fit=(self._fits, seconds))
                self._bound_fitted()
        if pitch is not None:
            self._not_with("<prosody pitch>", *_NEW)
            style = style.changed(pitch=attributes.factor("pitch", pitch, _PITCHES, signed=True))
        if rate is not None:
            factor = attributes.factor("rate", rate, _RATES)
            if style.fit is None:  # which decides the rate alone
                style = style.changed(rate=factor)
        if volume == "default":
            style = replace(style, gain=0.0)
        elif volume is not None:
            style = style.changed(gain=attributes.decibels(volume))
        self._style = style

    def _bound_fitted(self) -> None:
        begin = self._billed

        def check() -> None:
            if self._billed - begin > _LONGEST_FITTED:
                raise SsmlError(f"amazon:max-duration holds at most {_LONGEST_FITTED:,} characters")

        self._after = check

    def substitute(self, attributes: Attributes) -> None:
        (alias,) = attributes.take("alias")
        if alias is None:
            raise SsmlError("<sub> needs an alias")
        self._span("sub", alias)

    def say_as(self, attributes: Attributes) -> None:
        kind, form, _ = attributes.take("interpret-as", "format", "detail")
        if kind is None:
            raise SsmlError("<say-as> needs interpret-as")
        if kind not in _SAY_AS:
            raise SsmlError("<say-as interpret-as> has an unknown value")
        self._span("say-as", kind, form or "")

    def phoneme(self, attributes: Attributes) -> None:
        alphabet, ph = attributes.take("alphabet", "ph")
        if not ph:
            raise SsmlError("<phoneme> needs ph")
        alphabet = alphabet or "ipa"
        if alphabet.startswith("x-amazon-"):
            if alphabet not in _ALPHABETS_OF_WORDS:
                raise SsmlError("<phoneme alphabet> has an unknown value")
            self._span("sub", ph)
            return
        try:
            self._span("phoneme", to_ipa(ph, alphabet))
        except PhonemeError as error:
            raise SsmlError(f"<phoneme>: {error}") from None

    def word(self, attributes: Attributes) -> None:
        (role,) = attributes.take("role")
        if role is None:
            raise SsmlError("<w> needs a role")
        attributes.one_of("role", role, _ROLES)
        self._span("w", role)

    def _span(self, kind: str, value: str, detail: str = "") -> None:
        block, begin, place = self._block, len(self._block.text), self._tag_begin
        if not block.styles or block.styles[-1][1] is not self._style:
            block.styles.append((begin, self._style))

        def close() -> None:
            if self._block is not block:
                raise SsmlError(f"<{kind}> cannot hold a paragraph or a sentence")
            if kind in ("say-as", "w") and not block.text[begin:].strip():
                return  # they say what they hold, and it is nothing
            if len(block.text) == begin:
                block.add(EMPTY, place, 0)
            block.spans.append(Span(begin, len(block.text), kind, value, detail))

        self._after = close

    def breath(self, attributes: Attributes) -> None:
        self._not_with("<amazon:breath>", *_NEW)
        duration, volume = attributes.take("duration", "volume")
        loudness = attributes.one_of("volume", volume or "default", _LEVELS)
        seconds = attributes.one_of("duration", duration or "default", _BREATHS)
        self._block.events.append((len(self._block.text), Pause(seconds, loudness)))

    def auto_breaths(self, attributes: Attributes) -> None:
        self._not_with("<amazon:auto-breaths>", *_NEW)
        volume, frequency, duration = attributes.take("volume", "frequency", "duration")
        loudness = attributes.one_of("volume", volume or "default", _LEVELS)
        every = attributes.one_of("frequency", frequency or "default", _FREQUENCIES)
        seconds = attributes.one_of("duration", duration or "default", _BREATHS)
        self._style = replace(self._style, breaths=Breaths(seconds, loudness, every))

    def domain(self, attributes: Attributes) -> None:
        (name,) = attributes.take("name")
        self._not_with("<amazon:domain>", "standard", "long-form", "generative")
        voices, rate, pitch = attributes.one_of("name", name or "", _DOMAINS)
        if self._voice and self._voice not in voices:
            raise SsmlError(f'<amazon:domain name="{name}"> is not supported by this voice')
        self._style = self._style.changed(rate, pitch)

    def effect(self, attributes: Attributes) -> None:
        name, phonation, tract = attributes.take("name", "phonation", "vocal-tract-length")
        if name is phonation is tract is None:
            raise SsmlError("<amazon:effect> needs name, phonation or vocal-tract-length")
        style = self._style
        if name is not None:
            attributes.one_of("name", name, {"drc": 0, "whispered": 0})
            if name == "drc":
                self._not_with('<amazon:effect name="drc">', "generative")
                style = replace(style, compressed=True)
            else:
                self._not_with('<amazon:effect name="whispered">', *_NEW)
                style = replace(style, whisper=True).changed(gain=-6.0)
        if phonation is not None:
            self._not_with("<amazon:effect phonation>", *_NEW)
            attributes.one_of("phonation", phonation, {"soft": 0})
            style = replace(style, soft=True).changed(gain=-4.0)
        if tract is not None:
            self._not_with("<amazon:effect vocal-tract-length>", *_NEW)
            style = style.changed(tract=attributes.factor("vocal-tract-length", tract, {}))
        self._style = style


_TAGS: Mapping[str, Callable[[_Reader, Attributes], None]] = {
    "speak": _Reader.speak,
    "p": _Reader.paragraph,
    "s": _Reader.sentence,
    "break": _Reader.pause,
    "mark": _Reader.mark,
    "emphasis": _Reader.emphasis,
    "lang": _Reader.language,
    "prosody": _Reader.prosody,
    "sub": _Reader.substitute,
    "say-as": _Reader.say_as,
    "phoneme": _Reader.phoneme,
    "w": _Reader.word,
    "amazon:breath": _Reader.breath,
    "amazon:auto-breaths": _Reader.auto_breaths,
    "amazon:domain": _Reader.domain,
    "amazon:effect": _Reader.effect,
}
