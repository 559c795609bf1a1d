"""A text in another language until an engine translates it: made-up words in the places of the words.

Kept is what a translation keeps: line breaks and spaces, numbers, placeholders, markup, addresses, and what a
terminology says. The same word becomes the same made-up word, and never itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import blake2b

Terms = Sequence[tuple[str, str]]
"""Source terms with what they are in the target language."""

_KEPT = r"""
    <(?P<tag>\w+)\b[^<>]*\btranslate=["']no["'][^<>]*>.*?(?:</(?P=tag)>|\Z)     # what must not be translated
    | </?\w[^<>]*> | <!--.*?(?:-->|\Z)                               # markup
    | &\#?\w+;                                                # entities
    | \{\{[^{}\n]*\}\} | \$?\{[^{}\n]*\}                           # {{name}} {name} ${name}
    | %\(\w+\)[sdif] | %\d+\$[sd@] | %\.?\d*[sdif@](?![^\W\d_])  # %(name)s %1$s %s
    | \w{1,20}://\S*[\w/] | [\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+           # addresses
"""
_WORD = r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*"
_SPACELESS = frozenset(("ja", "zh", "zh-TW", "th"))
"""Languages that put no spaces between words: a term is found within others."""
_PIECE = 3
"""Letters that become one word where there are no spaces."""
_BEGINS = "bdfgklmnprstvz"
_VOWELS = "aeiou"


class Wording:
    """One text or document, from one language into another, and what was done with it."""

    def __init__(self, seed: int, source: str, target: str, terminologies: Mapping[str, Terms]) -> None:
        self._key = (seed, source, target)
        self._is_same = source == target
        self._spaceless = source in _SPACELESS
        self._targets = {term: (name, said) for name, terms in terminologies.items() for term, said in terms}
        self._pattern = re.compile(
            rf"(?P<kept>{_KEPT})|(?P<term>{self._terms()})|(?P<word>{_WORD})", re.VERBOSE | re.DOTALL
        )
        self.characters = 0
        """How many there were."""
        self.applied: dict[str, dict[str, str]] = {name: {} for name in terminologies}
        """The terms that were found, by terminology."""

    def _terms(self) -> str:
        longest = sorted(self._targets, key=len, reverse=True)
        return "|".join(map(self._bounded, longest)) or r"(?!)"

    def _bounded(self, term: str) -> str:
        """A term as a pattern: not a part of another word."""
        words = not self._spaceless
        before = r"(?<!\w)" if words and re.match(r"\w", term) else ""
        after = r"(?!\w)" if words and re.search(r"\w\Z", term) else ""
        return before + re.escape(term) + after

    def __call__(self, text: str) -> str:
        """The text with other words in the places of its own; into its own language it is as it was."""
        self.characters += len(text)
        if self._is_same:
            return text
        return self._pattern.sub(self._said, text)

    def _said(self, found: re.Match[str]) -> str:
        if found["term"]:
            name, said = self._targets[found["term"]]
            self.applied[name][found["term"]] = said
            return said
        if found["kept"]:
            return found["kept"]
        return self._other(found["word"])

    def _other(self, word: str) -> str:
        if self._spaceless or ord(word[0]) > 0x2E80:
            pieces = [word[at : at + _PIECE] for at in range(0, len(word), _PIECE)]
            return " ".join(self._made(piece, 5) for piece in pieces)
        made = self._made(word.casefold(), max(len(word), 2))
        if word.isupper() and len(word) > 1:
            return made.upper()
        return made.capitalize() if word[0].isupper() else made

    def _made(self, word: str, size: int) -> str:
        """A word of that many letters that follows from another one, and is not it."""
        salt = 0
        while True:
            digest = blake2b(repr((*self._key, word, salt)).encode("utf-8", "surrogatepass"), digest_size=16).digest()
            letters = (digest * (size // len(digest) + 1))[:size]
            made = "".join((_VOWELS if at % 2 else _BEGINS)[b % (5 if at % 2 else 14)] for at, b in enumerate(letters))
            if made != word:
                return made
            salt += 1
