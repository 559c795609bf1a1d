"""Whether a prompt to a language model tries to turn it from its task: instructions to forget instructions, roles
without rules, requests for the hidden prompt.

A maximum entropy model over words, pairs and triples of words, and phrases that such prompts have. It knows what its
few hundred examples show; a new trick in other words passes it, and a harmless prompt that speaks of tricks may not.
"""

# ruff: noqa: E501 - one pattern, one line
from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from . import maxent

LABELS = ("SAFE_PROMPT", "UNSAFE_PROMPT")

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d|[^\w\s]")
_BEFORE = r"(?:previous|prior|above|earlier|preceding|foregoing|original|initial|former|your|all|any|the|every|these|those|system)"
_ORDERS = r"(?:instruct\w*|rules?|guidelines?|prompts?|directions?|commands?|orders?|tasks?|assignments?|constraints?|restrictions?|programming|context|directives?|polic(?:y|ies)|text|everything|what)"
_PHRASES = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "forget": rf"\b(?:ignore|forget|disregard|override|overrule|bypass|neglect|skip|drop|discard|leave|put aside|erase|cancel)\b"
        rf"[^.!?]{{0,20}}?\b{_BEFORE}\b[^.!?]{{0,25}}?\b{_ORDERS}",
        "forget.de": r"\b(?:vergiss|vergessen|ignorier\w*|verwirf|missachte|lass)\b[^.!?]{0,40}?(?:anweisung|aufgabe|auftr|vorherig|zuvor|davor|alle|info|befehl|prompt|zuweisung)",
        "reveal": r"\b(?:show|print|reveal|repeat|tell|give|output|display|say|leak|write|summari[sz]e|return|share|expose)\b"
        r"[^.!?]{0,40}?\b(?:system |hidden |initial |original |secret |full |entire |whole |above |your |previous |prior )+"
        r"(?:prompt|instructions?|text|message|rules|texts|password|configuration|content)",
        "reveal.de": r"\b(?:zeig\w*|gib|nenn\w*|druck\w*|wiederhol\w*)\b[^.!?]{0,50}?(?:prompt|anweisung|vollständig\w* text)",
        "role": r"\b(?:you are|you're|act as|pretend (?:to be|that you|you)|play(?:ing)? the (?:role|part) of|role-?play|imagine you are|"
        r"behave like|simulate|du bist|tu so|spiel\w*|stell dir vor|agiere|sie sind|ich möchte, dass (?:du|sie))\b",
        "unbound": r"\b(?:no (?:rules|restrictions|limits|limitations|filters?|ethics|guidelines|moral)|without (?:any )?(?:rules|restrictions|limits|"
        r"filters?|censorship|moral|ethical)|unrestricted|unfiltered|uncensored|jailbr\w+|dan\b|do anything now|developer mode|god mode|"
        r"anything goes|amoral|not bound by|free from|dev mode|sudo mode)",
        "new": r"\b(?:new|other|real|next|actual|neue\w*|folgende\w*) (?:task|instruction|order|assignment|goal|objective|aufgabe|anweisung|auftr\w+)",
        "now": r"\b(?:from now on|instead|starting now|ab jetzt|von nun an|stattdessen|nunmehr)\b",
        "fence": r"={4,}|-{5,}|#{3,}|<\|?\w+\|?>|\[/?(?:INST|SYSTEM|system)\]|\bEND\b|^\s*system\s*:|\"{3}|'{3}|`{3}",
        "only": r"\b(?:only (?:reply|answer|respond|say|output|print)|reply only|answer only|respond only|do not write|nothing else|solely|antworte nur|sag(?:e)? nur)",
        "harm": r"\b(?:bomb|explosive|malware|ransomware|keylogger|virus|phishing|hack(?:ing)?|exploit|meth|drugs|weapons?|steal|counterfeit|launder|"
        r"poison|kill|suicide|ddos|sql injection|credentials|credit card numbers)\b",
        "query": r"\b(?:select \*|drop table|insert into|create_engine|rm -rf|os\.system|exec\(|eval\(|base64)",
    }.items()
}


def score(text: str) -> dict[str, float]:
    """A score per label; they add up to 1."""
    unsafe = round(_model().probabilities(extract(text))[1], 6)
    return {"SAFE_PROMPT": round(1 - unsafe, 6), "UNSAFE_PROMPT": unsafe}


def extract(text: str) -> dict[str, float]:
    """What the model looks at."""
    words = ["^", *_WORD.findall(text.lower().replace("’", "'"))]
    found = {f"w={word}": 1.0 for word in words}
    found.update({f"b={a} {b}": 1.0 for a, b in pairwise(words)})
    found.update({f"t={a} {b} {c}": 1.0 for a, b, c in zip(words, words[1:], words[2:], strict=False)})
    told = [name for name, pattern in _PHRASES.items() if pattern.search(text)]
    found.update({f"c={name.split('.')[0]}": 1.0 for name in told})
    found["told"] = len(told) / 3
    found["long"] = min(len(words), 150) / 100
    return found


@cache
def _model() -> maxent.Model:
    content = maxent.read("prompt_safety")
    return maxent.Model(content["labels"], content["bias"], content["weights"])
