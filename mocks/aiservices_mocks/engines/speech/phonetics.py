"""Sounds: IPA and X-SAMPA as people write them, the visemes of Polly, and espeak-ng's own letters.

Source of the visemes: https://docs.aws.amazon.com/polly/latest/dg/ref-phoneme-tables-shell.html (2021-12-14, the
tables of 27 languages put together).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache


class PhonemeError(ValueError):
    """A pronunciation that holds something that is no phonetic symbol, or an unknown alphabet."""


# IPA, viseme, espeak-ng's letters, and where those are known (empty: everywhere), and what to say elsewhere.
_SOUNDS = """
p p p | b p b | m p m | t t t | d t d | n t n | l t l | ɾ t * | ɫ t l | ɬ t l | ɭ t l. | ɳ t n. | ʈ t t | ɖ t d
k k k | g k g | ɡ k g | ŋ k N | h k h | ɦ k h | x k x | χ k X | ɣ k Q | ç k C | q k k | ʁ k Q | ʀ k R | ħ k h | ʕ k ?
ʔ k ? | f f f | v f v | ʋ f v | ɱ f m | s s s | z s z | t͡s s ts | d͡z s dz | ts s ts | dz s dz | ʃ S S | ʒ S Z
t͡ʃ S tS | d͡ʒ S dZ | tʃ S tS | dʒ S dZ | ʂ S s. | ʐ S z. | ɕ J S; | ʑ J Z; | t͡ɕ J tS; | d͡ʑ J dZ | tɕ J tS; | dʑ J dZ
t͡ʂ S tS | d͡ʐ S dZ | ʈ͡ʂ S tS | c k k
p͡f f pf | pf f pf | θ T T | ð T D | ɹ r r | r r R | ɻ r r | ɲ J n^ | ʎ J l^ | ʝ J j | ɟ J J
β B B | j i j | w u w | ɥ u w | ɰ i Q | ɸ f f | ɺ r r | ɽ t * | ɴ k N | ɧ k S | ε E E
i i i | iː i i: en,de,sv i | ɪ i I en,de,fr,it,pt,ru,hi,sv,tr i | ɨ i i | y u y de,fr,es,it,pt,ru,sv,tr,cmn u
yː u y: de,fr,es,it,pt,ru,sv,tr u | ʏ u y de,fr,sv,tr u | u u u | uː u u: en,de,fr,hi,sv u
ʊ u U en,de,es,it,pt,hi,sv,tr u | ɯ i u | ɯː i u | ᵻ i I en i | ʉ u u | ʉː u u | ɵ o o
e e e | eː e e: en,de,hi,sv e | ɛ E E en,de,fr,es,it,pt,ru,hi,ko,cmn,sv,tr,pl e | ɛː E E en,de,fr,pt,sv e
ə @ @ | ɚ @ 3 en @ | ɝ E 3: en,de @ | ɜ E 3: en,de @ | ɜː E 3: en,de @ | ʌ E V en,fr,hi a | ɘ @ @ | ɤ @ @
æ a a | a a a | aː a a | ä a a | ɑ a A: en,de,pt,sv a | ɑː a A: en,de,pt,sv a | ɐ a a# en,fr,ru,pl a | ɶ a a
ø o Y: de,fr,es,it,pt,ru,sv,tr o | øː o Y: de,fr,es,it,pt,ru,sv,tr o | œ O W de,fr,sv,tr o
o o o | oː o o: en,de,hi,sv o | ɔ O O en,de,fr,es,it,pt,ru,hi,sv,tr,pl o | ɔː O O en,de,fr,pt,sv o | ɒ O O en,sv o
aɪ a aI en,de,fr,es,it,pt,hi,sv,tr ai | aʊ a aU en,de,es,it,pt,hi,sv,tr au | eɪ e eI en,de,fr,es,it,pt,hi,sv,tr ei
oʊ o oU en,de,hi,sv ou | əʊ @ oU en,de,hi,sv ou | ɛə E e@ en ea | ɪə i i@ en ia | ʊə u U@ en ua
ɔɪ O OI en,de,fr,pt,hi,sv,tr oi | ɔʏ O OI en,de oi
œy O W de,fr,sv,tr oi | ɛi E EI nl ei | ʌu E aU nl au
ɑ̃ a A~ en,de,fr an | ã a a~ hi an | ɛ̃ E E~ fr,hi,pl en | ɔ̃ O O~ en,de,fr,hi,pl on | œ̃ O W~ de,fr on
ẽ e e~ pt,hi en | ĩ i i~ pt,hi,ja in | õ o o~ pt,hi on | ũ u u~ pt,hi,ja un
"""
_STRESS = {"ˈ": "'", "ˌ": ","}
_SILENT = frozenset(" .|‿\u0361ːˑ̩̯̃ʰʲʷ˞̪̥̬ˠ̝̞̠̟̈̚͡-↗↘˥˦˧˨˩")

_SAMPA = {
    "A": "ɑ", "B": "β", "C": "ç", "D": "ð", "E": "ɛ", "F": "ɱ", "G": "ɣ", "H": "ɥ", "I": "ɪ", "J": "ɲ", "K": "ɬ",
    "L": "ʎ", "M": "ɯ", "N": "ŋ", "O": "ɔ", "Q": "ɒ", "R": "ʁ", "S": "ʃ", "T": "θ", "U": "ʊ", "V": "ʌ", "X": "χ",
    "Y": "ʏ", "Z": "ʒ", "@": "ə", "{": "æ", "}": "ʉ", "1": "ɨ", "2": "ø", "3": "ɜ", "4": "ɾ", "5": "ɫ", "6": "ɐ",
    "7": "ɤ", "8": "ɵ", "9": "œ", "&": "ɶ", "?": "ʔ", '"': "ˈ", "%": "ˌ", ":": "ː", "~": "\u0303", "g": "ɡ",
    "r\\": "ɹ", "j\\": "ʝ", "R\\": "ʀ", "h\\": "ɦ", "N\\": "ɴ", "X\\": "ħ", "s\\": "ɕ", "z\\": "ʑ", "r\\`": "ɻ",
    "@`": "ɚ", "3`": "ɝ", "s`": "ʂ", "z`": "ʐ", "t`": "ʈ", "d`": "ɖ", "n`": "ɳ", "l`": "ɭ", "v\\": "ʋ", "@\\": "ɘ",
    "_^": "\u032f", "=": "\u0329", "_=": "\u0329", "_h": "ʰ", "_j": "ʲ", "_w": "ʷ", "_d": "\u032a", "_~": "\u0303",
    "'": "ʲ", "_": "\u0361",
}  # fmt: skip


@cache
def _sounds() -> dict[str, tuple[str, str, frozenset[str], str]]:
    table = {}
    for row in _SOUNDS.replace("\n", "|").split("|"):
        cells = row.split()
        if cells:
            ipa, viseme, letters, *rest = cells
            where = frozenset(rest[0].split(",")) if rest else frozenset()
            table[ipa] = (viseme, letters, where, rest[1] if rest else letters)
    return table


def to_ipa(text: str, alphabet: str) -> str:
    """A pronunciation in IPA, held against the known symbols. Raises PhonemeError."""
    if alphabet == "x-sampa":
        text = _from_sampa(text)
    elif alphabet != "ipa":
        raise PhonemeError("unknown phonetic alphabet")
    for _ in _split(text, strict=True):
        pass
    return text


def _from_sampa(text: str) -> str:
    found, at = [], 0
    while at < len(text):
        size = next((n for n in (3, 2, 1) if text[at : at + n] in _SAMPA), 0)
        if size:
            found.append(_SAMPA[text[at : at + size]])
            at += size
        else:
            found.append(text[at])
            at += 1
    return "".join(found)


def _split(ipa: str, strict: bool = False) -> Iterator[str]:
    """The sounds and stress marks of a pronunciation, the longest known symbol first."""
    known, at = _sounds(), 0
    while at < len(ipa):
        size = next((n for n in (3, 2, 1) if ipa[at : at + n] in known), 0)
        if size:
            yield ipa[at : at + size]
            at += size
            continue
        if ipa[at] in _STRESS:
            yield ipa[at]
        elif strict and ipa[at] not in _SILENT:
            raise PhonemeError(f"character {at + 1} of the pronunciation is no symbol of its alphabet")
        at += 1


_OF_LANGUAGES = {"ja": {"e": "@", "eː": "@"}}
"""Visemes that a language has of its own."""


def visemes(ipa: str, language: str = "") -> list[str]:
    """The visemes of a pronunciation, one per sound; language: espeak-ng's code."""
    own = _OF_LANGUAGES.get(language, {})
    return [own.get(sound) or _sounds()[sound][0] for sound in _split(ipa) if sound not in _STRESS]


def espeak_letters(ipa: str, language: str) -> str:
    """A pronunciation in espeak-ng's letters, for `[[ ]]` in a language such as `en` or `fr`.

    A sound that the language's phoneme table lacks becomes its nearest one.
    """
    letters = []
    for sound in _split(ipa):
        if sound in _STRESS:
            letters.append(_STRESS[sound])
        else:
            _, own, where, other = _sounds()[sound]
            letters.append(own if not where or language in where else other)
    return "".join(_apart(letters))


def _apart(letters: list[str]) -> Iterator[str]:
    """With `|` where two neighbours would read as another sound (t and S, a and I)."""
    before = ""
    for letter in letters:
        if before and before[-1].isalpha() and letter[0].isalpha():
            yield "|"
        yield letter
        before = letter


_LETTERS = {
    **dict.fromkeys("bmp", "p"), **dict.fromkeys("fv", "f"), **dict.fromkeys("sz", "s"), **dict.fromkeys("dtnl", "t"),
    **dict.fromkeys("cgkqxh", "k"), "r": "r", "j": "i", "w": "u", "a": "a", "e": "E", "i": "i", "o": "o", "u": "u",
    "y": "i",
}  # fmt: skip


def spelled_visemes(word: str) -> list[str]:
    """The visemes a spelling suggests, letter by letter; a guess, for when nobody pronounces the word."""
    import unicodedata

    found: list[str] = []
    for character in unicodedata.normalize("NFD", word.casefold()):
        viseme = _LETTERS.get(character) or ("@" if character.isalpha() else "t" if character.isdigit() else "")
        if viseme and (not found or found[-1] != viseme):
            found.append(viseme)
    return found
