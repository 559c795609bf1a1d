"""What a text shows of its sentiment, clause by clause: words, negated words, a lexicon's verdict, emoji and marks.

Six languages have lexicons, which negation and intensity act on; every language has emoji, emoticons and ratings such
as 4/5 or ★★☆. A text is cut into words once; a clause ends where a sentence does, at a comma and before a word that
turns it, such as "but".
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from . import maxent

Features = dict[str, float]

LANGUAGES = ("en", "es", "fr", "de", "it", "pt")
"""Languages with weights of their own."""

_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,]\d+)*|[!?]+|[^\w\s]")
_ASCII_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)*|\d+(?:[.,]\d+)*|[!?]+|[^\w\s]")  # the same, in half the time
_STRETCHED = re.compile(r"(\w)\1\1+")
_RUNS = tuple(3 * char for char in "elomyshanirtucdpwkgbfvzxjq")  # looked for faster than by the expression
_REACH = 3  # how many words a negation governs
_NEGATED = -0.74  # VADER's factors for negation and intensity
_STRONGER = 0.293
_TURN_SAYS = 1.5  # what a clause after "but" says counts more
_ENDS = frozenset(',.;:…—–()"“”«»')
BEGIN = "^"
"""What stands before a clause's first word."""
AMOUNTS = ("lexicon", "lexicon+", "lexicon-", "lexicon%+", "lexicon%-")
"""What the amounts of a lexicon's verdict are called in the weights."""
TURNS: Mapping[str, str] = {
    "en": (
        "but|however|although|though|yet|unfortunately|sadly|luckily|fortunately|nevertheless|"
        "nonetheless|except|whereas|while|on the other hand|even though|despite|still"
    ),
    "es": (
        "pero|aunque|sin embargo|no obstante|sino|desgraciadamente|lamentablemente|por desgracia|"
        "mientras que|en cambio|a pesar de|eso sí|salvo|lástima que"
    ),
    "fr": (
        "mais|cependant|pourtant|toutefois|néanmoins|malheureusement|dommage que|par contre|en revanche|"
        "bien que|quoique|alors que|malgré|sauf|même si"
    ),
    "de": (
        "aber|jedoch|allerdings|leider|trotzdem|obwohl|dennoch|doch|dagegen|hingegen|während|nur dass|trotz|außer|"
        "sondern"
    ),
    "it": "ma|però|tuttavia|purtroppo|sebbene|anche se|invece|mentre|nonostante|peccato che|eppure|tranne|benché",
    "pt": (
        "mas|porém|contudo|todavia|no entanto|infelizmente|embora|apesar de|enquanto|entretanto|só que|exceto|pena que"
    ),
}
"""Words that turn a sentence."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NEGATORS: Mapping[str, frozenset[str]] = {
    "en": _set(
        "not no never none nobody nothing neither nor without hardly barely isn't wasn't aren't weren't don't doesn't"
        " didn't can't cannot couldn't won't wouldn't shouldn't ain't haven't hasn't hadn't needn't mustn't"
        " mightn't shan't oughtn't daren't"
    ),
    "es": _set("no nunca jamás nada nadie ni sin ningún ninguna ninguno tampoco apenas"),
    "fr": _set("ne n' pas jamais rien personne ni sans aucun aucune guère nullement"),
    "de": _set("nicht kein keine keinen keiner keinem keines nie niemals nichts niemand ohne weder kaum"),
    "it": _set("non mai niente nulla nessuno nessuna né senza neanche nemmeno neppure"),
    "pt": _set("não nao nunca jamais nada ninguém nem sem nenhum nenhuma tampouco"),
}
_INTENSIFIERS: Mapping[str, frozenset[str]] = {
    "en": _set(
        "very so really extremely absolutely totally incredibly remarkably super too quite completely highly utterly"
        " most especially particularly truly exceptionally deeply insanely fucking damn"
    ),
    "es": _set("muy más tan demasiado sumamente realmente súper super totalmente absolutamente increíblemente"),
    "fr": _set("très trop si tellement vraiment super extrêmement totalement absolument plus hyper"),
    "de": _set("sehr so zu total echt wirklich extrem besonders absolut äußerst super richtig ganz"),
    "it": _set("molto più così troppo davvero veramente super estremamente assolutamente totalmente"),
    "pt": _set("muito mais tão demais realmente super extremamente absolutamente totalmente bem"),
}

_EMOTICON = re.compile(
    r"(?<!\w)(?:(?P<glad>[:;=8xX]['’]?-?[)\]DpP3*]+|<3+|\^_?\^)|(?P<sad>[:;=]['’]?-?[(\[/\\|cC]+|</3|D:))(?!\w)"
)
GLAD = frozenset(
    "😀😃😄😁😆😂🤣😊😇🙂😉😍🥰😘😗😙😚☺😋😛😜🤪😝🤗🤩🥳😎😺😸😻👍👏🙌👌💪🎉🎊✨🌟⭐🏆🥇💯✅❤♥💕💖💗💓💞💘💝💙💚💛🧡💜🤎🖤🤍😌🙏💐🌹🌞🤝"
)
SAD = frozenset(
    "😞😔😟😕🙁☹😣😖😫😩🥺😢😭😤😠😡🤬😱😨😰😥😓😒🙄😑😬🤢🤮😷🤕🤒😵👎💔💩😾😿🙀❌🚫⛔😪😧😦😮‍💨🤦🖕☠💀👿😈"
)
_RATING = re.compile(
    r"(\d(?<![\w./,]\d)\d*(?:[.,]\d+)?)\s*(?:/|out of|von|sur|su|de|sobre)\s*(5|10|100)(?![\w/]|[.,]\d)", re.IGNORECASE
)
_DIGIT = re.compile(r"\d")
_STARS = re.compile(r"[★⭐]+[☆✩]*|[☆✩]+")
_HINTS = re.compile("[:;=8<^]")
_LETTERED = ("xd", "xp", "x)", "x]", "x*", "x-", "x'", "x’", "d:")
"""Every emoticon has one of these characters or, in lower case, of these pairs; every rating has a digit or a star:
most texts have none of them, which is seen at once."""


class Clause(NamedTuple):
    """The words of a clause, those that a negation governs, the lexicon's sums for and against, and whether it is one
    that a turn begins."""

    words: list[str]
    negated: list[str]
    good: float
    bad: float
    turned: bool


class Told(NamedTuple):
    """A text's clauses, its lexicon's sums, in which a clause after a turn counts more, its words, and its marks."""

    clauses: list[Clause]
    good: float
    bad: float
    size: int
    marks: Features


def words(text: str) -> list[str]:
    """Lower-case words, numbers and marks; apostrophes are straight, long runs of one letter are two."""
    plain = text.lower().replace("’", "'")
    if not plain.isascii():
        return _TOKEN.findall(_STRETCHED.sub(r"\1\1", plain))
    if any(map(plain.__contains__, _RUNS)):
        plain = _STRETCHED.sub(r"\1\1", plain)
    return _ASCII_TOKEN.findall(plain)


def extract(text: str, language: str) -> Features:
    """All features of a text in one of the six languages; a word counts as often as it stands there."""
    told = tell(text, language)
    said = Counter(name for clause in told.clauses for name in _names(clause, language))
    return {**said, **verdict(told.good, told.bad, told.size), **told.marks}


def _names(clause: Clause, language: str) -> Iterator[str]:
    """What a clause's words are called in the weights: w=, n= where a negation governs them, b= for two in a row."""
    yield from ("w=" + word for word in clause.words)
    yield from ("n=" + word for word in clause.negated)
    if language == "en":
        yield from (f"b={before} {word}" for before, word in pairwise((BEGIN, *clause.words)))


def tell(text: str, language: str) -> Told:
    """What a text in one of the six languages shows. Its numbers are all the same word."""
    tongue = _tongue(language)
    tokens = words(text)
    if _DIGIT.search(text):
        tokens = ["0" if token[0].isdigit() else token for token in tokens]
    # Most texts have neither a negation nor much that the lexicon knows: it is seen once, not clause by clause.
    there = set(tokens)
    denied, known = not tongue.negators.isdisjoint(there), not tongue.lexicon.keys().isdisjoint(there)
    clauses: list[Clause] = []
    praise = blame = 0.0
    for part, turned in _cut(tokens, tongue):
        governed = _governed(part, tongue) if denied else ()
        good = bad = 0.0
        for _, value in _valued(part, tongue, governed) if known else ():
            if value > 0:
                good += value
            else:
                bad -= value
        clauses.append(Clause(part, [part[at] for at in governed], good, bad, turned))
        says = _TURN_SAYS if turned else 1.0
        praise += says * good
        blame += says * bad
    return Told(clauses, praise, blame, sum(len(clause.words) for clause in clauses), marks(text))


def verdict(good: float, bad: float, size: int) -> Features:
    """The lexicon's sums over so many words, squeezed into -1..1 as VADER does, and by steps."""
    amounts = squeezed(good, bad, size)
    return {**dict(zip(AMOUNTS, amounts, strict=True)), f"lexicon@{step(amounts[0])}": 1.0}


def squeezed(good: float, bad: float, size: int) -> tuple[float, float, float, float, float]:
    """The amounts of a verdict, in the order of AMOUNTS."""
    total, whole = good - bad, good + bad + size + 1
    return (
        3 * total / math.sqrt(total * total + 15), 3 * good / (good + 4), 3 * bad / (bad + 4),
        2 * good / whole, 2 * bad / whole,
    )  # fmt: skip


def step(compound: float) -> int:
    """The first amount of a verdict by steps, -4 to 4."""
    return round(compound * 4 / 3)


class _Tongue(NamedTuple):
    """What a language says by single words."""

    lexicon: Mapping[str, float]
    negators: frozenset[str]
    intensifiers: frozenset[str]
    turns: Mapping[str, list[tuple[str, ...]]]
    """The first words of turns, with what follows each."""
    stops: frozenset[str]
    """These, and the marks that end a clause."""


@cache
def _tongue(language: str) -> _Tongue:
    turns: dict[str, list[tuple[str, ...]]] = {}
    for turn in TURNS[language].split("|"):
        first, *rest = turn.split()
        turns.setdefault(first, []).append(tuple(rest))
    lexicon = maxent.read(f"sentiment_{language}")["lexicon"]
    return _Tongue(lexicon, _NEGATORS[language], _INTENSIFIERS[language], turns, _ENDS.union(turns))


def _cut(tokens: list[str], tongue: _Tongue) -> Iterator[tuple[list[str], bool]]:
    """Clauses as words, and whether a word that turns the sentence begins them."""
    turns, stops = tongue.turns, tongue.stops
    begin, turned = 0, False
    for at in [at for at, token in enumerate(tokens) if token in stops or token[0] in "!?"]:
        token = tokens[at]
        if token in turns:
            if not any(tuple(tokens[at + 1 : at + 1 + len(rest)]) == rest for rest in turns[token]):
                continue
            if begin < at:
                yield tokens[begin:at], turned
            begin, turned = at, True
        else:
            end = at + (token[0] in "!?")
            if begin < end:
                yield tokens[begin:end], turned
            turned = turned and token == "," and begin == end
            begin = at + 1
    if begin < len(tokens):
        yield tokens[begin:], turned


def valued(tokens: list[str], language: str, lexicon: Mapping[str, float]) -> Iterator[tuple[int, float]]:
    """Which words of a clause a lexicon knows, and what they say there: negation and intensity act on them."""
    tongue = _tongue(language)._replace(lexicon=lexicon)
    return _valued(tokens, tongue, _governed(tokens, tongue))


def _valued(tokens: list[str], tongue: _Tongue, governed: Sequence[int]) -> Iterator[tuple[int, float]]:
    values = list(map(tongue.lexicon.get, tokens))
    for at, value in enumerate(values) if any(values) else ():
        if value:
            if at and tokens[at - 1] in tongue.intensifiers:
                value += math.copysign(_STRONGER, value)
            yield at, value * _NEGATED if at in governed else value


def _governed(tokens: list[str], tongue: _Tongue) -> Sequence[int]:
    """Which words of a clause stand within the reach of a negation."""
    negators = tongue.negators
    if negators.isdisjoint(tokens):
        return ()
    return [at for at in range(1, len(tokens)) if not negators.isdisjoint(tokens[max(0, at - _REACH) : at])]


def marks(text: str) -> Features:
    """What needs no language: emoji, emoticons, ratings and exclamation marks, each as a share between -1 and 1."""
    glad = sad = 0
    numbered = _DIGIT.search(text) is not None
    if _HINTS.search(text) or any(map(text.lower().__contains__, _LETTERED)):
        kinds = [match.lastgroup for match in _EMOTICON.finditer(text)]
        glad, sad = kinds.count("glad"), kinds.count("sad")
    if not text.isascii():
        glad += sum(char in GLAD for char in text)
        sad += sum(char in SAD for char in text)
    rating = _rating(text) if numbered or not text.isascii() else None
    found = {"glad": glad / (glad + 0.5), "sad": sad / (sad + 0.5), "!": min(text.count("!") + text.count("！"), 4) / 4}
    if rating is not None:
        found["rated+" if rating > 0 else "rated-"] = abs(rating)
    return {name: value for name, value in found.items() if value}


def _rating(text: str) -> float | None:
    """The mean of ratings in a text: -1 the worst, 1 the best."""
    found: list[float] = []
    for match in _RATING.finditer(text):
        value, most = float(match[1].replace(",", ".")), float(match[2])
        if value <= most:
            found.append(2 * value / most - 1)
    for match in () if text.isascii() else _STARS.finditer(text):
        full, most = sum(char in "★⭐" for char in match[0]), max(5, len(match[0]))
        if len(match[0]) > 1:
            found.append(2 * (full - 1) / (most - 1) - 1)
    return sum(found) / len(found) if found else None
