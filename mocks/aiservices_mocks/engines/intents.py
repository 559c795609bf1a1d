"""Which intent a text means: the one whose sample utterance it is, or whose samples it shares most words with.

A word counts the more the fewer intents use it. Values of slots are those that fill a placeholder of a sample
utterance, and known values that stand in the text; they are taken as they were said.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import log
from typing import NamedTuple

_CJK = "\u3040-\u30ff\u3400-\u9fff"
_MARKS = "\u0300-\u036f\u064b-\u0652\u0900-\u0963"  # what Python calls no letter, and Arabic and Hindi write in words
_LETTER = rf"(?:(?![{_CJK}])[^\W_]|[{_MARKS}])"
_WORD = re.compile(rf"[{_CJK}]|{_LETTER}+(?:['’.:/-]{_LETTER}+)*")
_PART = re.compile(r"\{([^{}]+)\}")
_LONGEST = 12
"""Words of one slot's value."""
_UNKNOWN = 0.5
"""What a word weighs that no sample has."""
_PARTIAL = 0.95
"""The most that a text can score that is none of the samples."""

YES: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split("|"))
    for language, words in {
        "ar": "نعم|أجل", "ca": "sí|si|d'acord", "de": "ja|jawohl|klar|genau|gerne|richtig|ok",
        "en": "yes|yeah|yep|yup|sure|ok|okay|correct|right|y|of course|yes please|that's right|go ahead",
        "es": "sí|si|claro|vale|correcto|de acuerdo", "fi": "kyllä|joo|juu", "fr": "oui|ouais|d'accord|bien sûr|ok",
        "hi": "हाँ|हां|जी", "it": "sì|si|certo|va bene|ok", "ja": "はい|ええ|うん", "ko": "네|예|응",
        "nl": "ja|zeker|goed", "no": "ja|jo", "pl": "tak|dobrze", "pt": "sim|claro|certo", "sv": "ja|javisst",
        "zh": "是|是的|好|好的|对",
    }.items()
}  # fmt: skip
"""What agrees, by language."""
NO: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split("|"))
    for language, words in {
        "ar": "لا|كلا", "ca": "no", "de": "nein|nö|nee", "en": "no|nope|nah|n|no thanks|no thank you|not really",
        "es": "no", "fi": "ei|en", "fr": "non|pas du tout", "hi": "नहीं|ना", "it": "no", "ja": "いいえ|いや",
        "ko": "아니요|아니오|아니", "nl": "nee", "no": "nei", "pl": "nie", "pt": "não|nao", "sv": "nej",
        "zh": "不|不是|不要|没有",
    }.items()
}  # fmt: skip
"""What refuses, by language."""


@dataclass(frozen=True)
class Intent:
    """What is known of an intent: its samples with `{Slot}` in them, and the values of its slots, by slot.

    A value stands with its synonyms, itself first; a slot of which no values are known takes anything.
    """

    name: str
    samples: Sequence[str]
    slots: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)


class Guess(NamedTuple):
    """An intent, how sure that is (0 to 1), and what was said for its slots."""

    intent: str
    score: float
    slots: Mapping[str, str]


class _Word(NamedTuple):
    begin: int
    end: int
    text: str


def guesses(text: str, intents: Sequence[Intent]) -> list[Guess]:
    """Every intent that has something in common with the text, the most likely one first."""
    used: Counter[str] = Counter()
    for intent in intents:
        used.update({word for sample in intent.samples for word in literals(sample)})
    found = [guess for intent in intents if (guess := _guess(text, intent, used)).score > 0]
    return sorted(found, key=lambda guess: -guess.score)


def literals(sample: str) -> list[str]:
    """The words of a sample that are no slots."""
    return [word.text for word in _words(_PART.sub(" ", sample))]


def fill(sample: str, text: str, slots: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, str] | None:
    """What stands for the slots if the whole text is this sample; None if it is not."""
    words = _words(text)
    parts: list[tuple[bool, str]] = []
    for index, piece in enumerate(_PART.split(sample)):
        parts += [(True, piece)] if index % 2 else [(False, word.text) for word in _words(piece)]
    failed: set[tuple[int, int]] = set()

    def match(part: int, at: int) -> dict[str, tuple[int, int]] | None:
        if part == len(parts):
            return {} if at == len(words) else None
        if (part, at) in failed:
            return None
        is_slot, name = parts[part]
        ends = _ends(words, at, name, slots) if is_slot else [at + 1] if _is_at(words, at, name) else []
        for end in ends:
            rest = match(part + 1, end)
            if rest is not None:
                return {name: (at, end), **rest} if is_slot else rest
        failed.add((part, at))
        return None

    spans = match(0, 0) if parts and words else None
    if spans is None:
        return None
    return {name: text[words[begin].begin : words[end - 1].end] for name, (begin, end) in spans.items()}


def known(text: str, values: Iterable[Sequence[str]]) -> tuple[str, str] | None:
    """The longest known value that stands in the text: as it was said, and as it is called."""
    words = _words(text)
    best: tuple[int, str, str] | None = None
    for value in values:
        for name in value:
            wanted = [word.text for word in _words(name)]
            at = next((i for i in range(len(words)) if _stands(words, i, wanted)), None)
            if at is not None and wanted and (best is None or len(wanted) > best[0]):
                said = text[words[at].begin : words[at + len(wanted) - 1].end]
                best = (len(wanted), said, value[0])
    return best[1:] if best else None


def agrees(text: str, language: str) -> bool | None:
    """Whether the text says yes (or no) in this language; None when it says neither."""
    said = " ".join(word.text for word in _words(text))
    if said in _spoken(YES.get(language, frozenset())):
        return True
    return False if said in _spoken(NO.get(language, frozenset())) else None


def _spoken(phrases: frozenset[str]) -> set[str]:
    return {" ".join(word.text for word in _words(phrase)) for phrase in phrases}


def _guess(text: str, intent: Intent, used: Counter[str]) -> Guess:
    best = Guess(intent.name, 0.0, {})
    said = {name: found[0] for name, values in intent.slots.items() if (found := known(text, values))}
    for sample in intent.samples:
        slots = fill(sample, text, intent.slots)
        score = _score(text, sample, intent, used)
        if slots is not None and (literals(sample) or slots.keys() & said.keys()):
            score = 1.0
        if score > best.score:
            best = Guess(intent.name, score, {**said, **(slots or {})})
    return best


def _score(text: str, sample: str, intent: Intent, used: Counter[str]) -> float:
    """Twice the weight of the common words by that of all: Dice's coefficient."""
    wanted, words = set(literals(sample)), _set(text)
    for name in _PART.findall(sample):
        found = known(text, intent.slots.get(name, ()))
        words -= {word.text for word in _words(found[0])} - wanted if found else set()
    total = _weight(wanted, used) + _weight(words, used)
    common = _weight(wanted & words, used)
    return min(round(2 * common / total, 2), _PARTIAL) if total else 0.0


def _weight(words: Iterable[str], used: Counter[str]) -> float:
    return sum(1 / used[word] if used[word] else _UNKNOWN for word in sorted(words))


def _ends(words: Sequence[_Word], at: int, name: str, slots: Mapping[str, Sequence[Sequence[str]]]) -> list[int]:
    """Where the value of a slot that begins here may end: a known value first, then the shortest."""
    ends = list(range(at + 1, min(at + _LONGEST, len(words)) + 1))
    values = [[word.text for word in _words(v)] for value in slots.get(name, ()) for v in value]
    return sorted(ends, key=lambda end: [word.text for word in words[at:end]] not in values)


def _is_at(words: Sequence[_Word], at: int, word: str) -> bool:
    return at < len(words) and words[at].text == word


def _stands(words: Sequence[_Word], at: int, wanted: Sequence[str]) -> bool:
    return [word.text for word in words[at : at + len(wanted)]] == wanted


@lru_cache(maxsize=10_000)  # every turn of a conversation reads all samples of its bot
def _words(text: str) -> tuple[_Word, ...]:
    return tuple(_Word(m.start(), m.end(), m.group().casefold().replace("’", "'")) for m in _WORD.finditer(text))


def clusters(texts: Sequence[str], likeness: float = 0.5) -> list[list[int]]:
    """Texts that are alike, by their numbers: each shares enough words with one that came before it in its cluster."""
    words = [_set(text) for text in texts]
    used = Counter(word for own in words for word in own)
    weights = {word: log(1 + len(texts) / count) for word, count in used.items()}
    totals = [sum(weights[word] for word in sorted(own)) for own in words]
    having: defaultdict[str, list[int]] = defaultdict(list)
    home: list[list[int]] = []
    for number, own in enumerate(words):
        shared: defaultdict[int, float] = defaultdict(float)
        for word in sorted(own):
            for other in having[word]:
                shared[other] += weights[word]
            having[word].append(number)
        # The overlap coefficient: the weight of the common words by that of the text that has less.
        alike = [other for other, weight in shared.items() if weight / min(totals[number], totals[other]) >= likeness]
        near = {id(home[other]): home[other] for other in alike}
        largest = max(near.values(), key=len, default=[])
        for cluster in near.values():
            if cluster is not largest:
                largest += cluster
                for other in cluster:
                    home[other] = largest
        largest.append(number)
        home.append(largest)
    found = {id(cluster): sorted(cluster) for cluster in home}
    return sorted(found.values(), key=lambda cluster: (-len(cluster), cluster))


def title(texts: Sequence[str], others: Sequence[str]) -> str:
    """A name for what texts are about: the words that most of them have and few others do, as `OrderFlowers`."""
    own = Counter(word for text in texts for word in _set(text) if word.isascii() and word.isalpha())
    rest = Counter(word for text in others for word in _set(text))
    first = {word.text: place for text in reversed(texts) for place, word in enumerate(_words(text))}
    said = {word: own[word] / len(texts) - rest[word] / max(len(others), 1) for word in own}
    best = sorted(said, key=lambda word: (-said[word], -len(word), word))
    return "".join(word.capitalize() for word in sorted(best[:3], key=lambda word: first[word]))


def _set(text: str) -> set[str]:
    return {word.text for word in _words(text)}
