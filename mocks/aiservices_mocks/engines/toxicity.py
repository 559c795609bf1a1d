"""How toxic an English text is, as a whole and of which kind.

The whole is judged by a maximum entropy model over words, pairs of words, letters and cues. What kind it is tell the
cues: lists of words for each kind, and what stands around them (an insult thrown at "you", a threat of "I will").
Letters that stand for others (sh1t, a$$, f**k) are read as they are meant.
"""

# ruff: noqa: E501 - one pattern, one line
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from . import maxent, weights_file

LABELS = ("GRAPHIC", "HARASSMENT_OR_ABUSE", "HATE_SPEECH", "INSULT", "PROFANITY", "SEXUAL", "VIOLENCE_OR_THREAT")

Features = dict[str, float]

_MEANT = str.maketrans({"@": "a", "$": "s", "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "’": "'"})
_WORD = re.compile(r"[a-z*']*[a-z][a-z*']*|[!?]+|[^\x00-\x7f]")
_LINK = re.compile(r"https?://\S+|www\.\S+|@\w+|&\w+;")
_STRETCHED = re.compile(r"(\w)\1{2,}")
_LEET = re.compile(r"(?<![\w@$.])(?=[\w@$]*[a-zA-Z])[\w@$]*[@$013457][\w@$]*(?![\w@])")
_ENDING = re.compile(r"(?:s|es|ed|ing|er|ers|in|y|'s)$")
_UNLEARNT = {"VIOLENCE_OR_THREAT": 0.9, "GRAPHIC": 0.7}
"""Kinds that the texts learnt from are too mannerly to have: what their cues count for the whole."""
_NEAR = 6  # words around a cue in which "you" makes it aimed at somebody
_YOU = frozenset(["you", "your", "youre", "you're", "yourself", "u", "ur", "urself", "yall", "y'all"])
_THEY = frozenset(
    ["he", "she", "they", "him", "her", "them", "his", "their", "he's", "she's", "they're", "these", "those", "all"]
)
_NO = frozenset(["not", "no", "never", "isn't", "aren't", "don't", "doesn't", "didn't", "without"])
_THREAT = re.compile(
    r"\b(?:i(?:'ll| will| am going to|'m going to|'m gonna| am gonna| want to| wanna| hope)|we(?:'ll| will| should)|"
    r"gonna|going to|about to|let's|someone should|somebody should|deserves? to|needs? to|must)"
    r"(?: \w+){0,4}? (?:kill|murder|stab|shoot|shot|beat|punch|hurt|hang|hanged|burn|strangle|choke|slap|smash|destroy|hunt|rape|"
    r"die|bleed|suffer|cut|break your|knock|whip|drown|execute|lynch)|\b(?:kill|hang|shoot|hurt) (?:your|him|her|them)sel(?:f|ves)|"
    r"\bgo die\b|\bdrop dead\b|\bwatch your back\b|\byou(?:'re| are) dead\b|\bi know where you live\b"
)
_DRIVEN = re.compile(
    r"\b(?:shut (?:the \w+ )?up|nobody (?:likes|wants|loves) (?:you|u)|go (?:away and|to hell|kill)|get (?:the \w+ )?lost|"
    r"(?:hate|despise) (?:you|u)\b|you make me sick|you should be ashamed|you don't deserve|leave (?:this|our) \w+ and never)"
)


def score(text: str) -> tuple[float, dict[str, float]]:
    """How toxic a text is, and how much it is of each kind (all 0..1)."""
    found = extract(text)
    whole = _model("toxicity").probabilities(found)[1]
    kinds = {}
    for kind in LABELS:
        cue = min(found.get(f"c={kind}", 0.0), 0.99)
        kinds[kind] = cue * max(whole, cue * cue) ** 0.5
    kinds["HATE_SPEECH"] = max(kinds["HATE_SPEECH"], whole * _model("toxicity_hate").probabilities(found)[1])
    whole = max(whole, *(share * kinds[kind] for kind, share in _UNLEARNT.items()))
    return round(whole, 6), {kind: round(strength, 6) for kind, strength in kinds.items()}


def extract(text: str) -> Features:
    """What the model looks at."""
    words = _words(text)
    found: Features = {}
    before = "^"
    for word in words:
        found[f"w={word}"] = found[f"b={before} {word}"] = 1.0
        if len(word) > 4:
            found[f"p={word[:4]}"] = 1.0
        before = word
    for kind, strength in _cues(words).items():
        found[f"c={kind}"] = strength
    if words:
        found["loud"] = sum(char.isupper() for char in text) / len(text)
        found["you"] = sum(word in _YOU for word in words) / len(words)
    return found


def _cues(words: list[str]) -> dict[str, float]:
    """How much the lists and the patterns speak for each kind (0..1); kinds without a cue are left out."""
    doubt: dict[str, float] = {}
    for at, word in enumerate(words):
        for kind, strength in _listed(word):
            around = words[max(0, at - _NEAR) : at + _NEAR + 1]
            aimed = any(one in _YOU for one in around)
            if kind == "INSULT":
                if any(one in _NO for one in words[max(0, at - 2) : at]):
                    continue
                strength *= 1.0 if aimed else 0.85 if any(one in _THEY for one in around) else 0.6
                if aimed:
                    _add(doubt, "HARASSMENT_OR_ABUSE", 0.55 * strength)
            _add(doubt, kind, strength)
    text = " ".join(words)
    if _THREAT.search(text):
        _add(doubt, "VIOLENCE_OR_THREAT", 0.9 if any(one in _YOU for one in words) else 0.7)
    if _DRIVEN.search(text):
        _add(doubt, "HARASSMENT_OR_ABUSE", 0.75)
    return {kind: 1 - left for kind, left in doubt.items()}


def _add(doubt: dict[str, float], kind: str, strength: float) -> None:
    doubt[kind] = doubt.get(kind, 1.0) * (1 - strength)


def _words(text: str) -> list[str]:
    plain = _LINK.sub(" ", text)
    plain = _LEET.sub(lambda match: match[0].translate(_MEANT), plain)
    return _WORD.findall(_STRETCHED.sub(r"\1\1", plain.lower().replace("’", "'")))


def _listed(word: str) -> Iterator[tuple[str, float]]:
    """The kinds that a word is listed for, in any of its forms, and how surely."""
    lists = _lists()
    if "*" in word:
        hidden = re.compile(re.escape(word).replace(r"\*", "[a-z]?") + "$")
        word = next((listed for listed in _coarse() if hidden.match(listed)), word)
    found = lists.get(word)
    if found is None:
        stem = _ENDING.sub("", word)
        found = lists.get(stem) or lists.get(stem + "e") or lists.get(stem[:-1] if stem[-1:] == stem[-2:-1] else "")
    return iter(found or ())


@cache
def _coarse() -> tuple[str, ...]:
    """The words that people hide behind asterisks, the commonest first."""
    return tuple(word for word, kinds in _lists().items() if kinds[0][0] == "PROFANITY")


@cache
def _lists() -> dict[str, list[tuple[str, float]]]:
    content: Mapping[str, Mapping[str, list[str]]] = weights_file.once("toxicity-words.json", dict)
    found: dict[str, list[tuple[str, float]]] = {}
    for kind, lists in content.items():
        for strength, words in lists.items():
            for word in words:
                found.setdefault(word, []).append((kind, float(strength)))
    return found


@cache
def _model(name: str) -> maxent.Model:
    content: dict[str, Any] = maxent.read(name)
    return maxent.Model(content["labels"], content["bias"], content["weights"])
