"""Sentiment of a text: positive, negative, neutral, or mixed.

Clauses are judged one by one, and the text as a whole. What speaks for MIXED is that clauses of both signs are
there: the surer the surest of each, and the more evenly the two share the text, the more mixed it is. One complaint
in a long praise leaves it positive.

English is judged by a maximum entropy model with VADER's verdict among its features; Spanish, French, German,
Italian and Portuguese by models with lexicons. For any other language only what needs no words is read: emoji,
emoticons, and ratings such as 4/5 or ★★★☆☆; a text without them is neutral.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from aiservices.text import Piece, cut, sentences

from . import maxent, sentiment_features

LABELS = ("POSITIVE", "NEGATIVE", "NEUTRAL", "MIXED")

_TURNS = {
    "en": (
        "but|however|although|though|yet|unfortunately|sadly|luckily|fortunately|nevertheless|"
        "nonetheless|except|whereas|while|on the other hand|even though|despite|still"
    ),
    "es": (
        "pero|aunque|sin embargo|no obstante|sino|desgraciadamente|lamentablemente|por desgracia|"
        "mientras que|en cambio|a pesar de|eso sí|salvo"
    ),
    "fr": (
        "mais|cependant|pourtant|toutefois|néanmoins|malheureusement|dommage que|par contre|en revanche|"
        "bien que|quoique|alors que|malgré|sauf"
    ),
    "de": ("aber|jedoch|allerdings|leider|trotzdem|obwohl|dennoch|doch|dagegen|hingegen|während|nur dass|trotz|außer"),
    "it": ("ma|però|tuttavia|purtroppo|sebbene|anche se|invece|mentre|nonostante|peccato che|eppure|tranne"),
    "pt": ("mas|porém|contudo|todavia|no entanto|infelizmente|embora|apesar de|enquanto|entretanto|só que|exceto"),
}
_SAYS = re.compile(r"[^\W_]|[\u2190-\U0001faff]")
_EVENLY = 0.9  # the most that clauses of both signs speak for MIXED, when they share the text half and half
_SURELY = 1.5  # what the certainties of the surest clause of each sign count
_AT_ONCE = 500  # characters
# The two above were chosen on whole product reviews whose sentences people rated: as many texts are found mixed as are.


def score(text: str, language: str) -> dict[str, float]:
    """A score per label; they add up to 1.

    language: a code of Comprehend's; those without weights of their own are judged by marks alone.
    """
    own = language if language in sentiment_features.LANGUAGES else ""
    good, bad, neutral = _judge(text, own)
    parts = [piece.text for piece in clauses(text, own)]
    alone = len(parts) < 2
    mixed = 0.01 * min(good, bad) if alone else _mixed([(len(part), _judge(part, own)) for part in parts])
    rest = 1 - mixed
    scores = [round(good * rest, 6), round(bad * rest, 6), round(neutral * rest, 6)]
    return dict(zip(LABELS, (*scores, round(1 - sum(scores), 6)), strict=True))


def _judge(text: str, language: str) -> tuple[float, float, float]:
    """The text's verdict: of a long one, the mean of its pieces', by length.

    The models learnt from posts and sentences, and VADER's time grows with the square of the length.
    """
    if len(text) <= _AT_ONCE:
        return _verdict(text, language)
    parts = [(len(piece.text) / len(text), _verdict(piece.text, language)) for piece in cut(text, _AT_ONCE, size=len)]
    good, bad, neutral = (sum(share * verdict[at] for share, verdict in parts) for at in range(3))
    return good, bad, neutral


def _verdict(text: str, language: str) -> tuple[float, float, float]:
    if language:
        good, bad, neutral = _model(language).probabilities(sentiment_features.extract(text, language))
        return good, bad, neutral
    marks = sentiment_features.marks(text)
    good = 2.5 * marks.get("glad", 0.0) + 3 * marks.get("rated+", 0.0)
    bad = 2.5 * marks.get("sad", 0.0) + 3 * marks.get("rated-", 0.0)
    strong = 1 + 0.3 * marks.get("!", 0.0)
    whole = 0.3 + strong * good + 0.3 + strong * bad + 1.4
    return (0.3 + strong * good) / whole, (0.3 + strong * bad) / whole, 1.4 / whole


@lru_cache
def _model(language: str) -> maxent.Model:
    content = maxent.read(f"sentiment_{language}")
    return maxent.Model(content["labels"], content["bias"], content["weights"])


def clauses(text: str, language: str) -> Iterator[Piece]:
    """The clauses of a text that say something: sentences, cut where words such as "but" turn them."""
    turn = _turn(language)
    for sentence in sentences(text):
        begin = 0
        for match in [*turn.finditer(sentence.text), None]:
            part = sentence.text[begin : match.start() if match else None]
            if _SAYS.search(part):
                yield Piece(sentence.start + begin, part)
            begin = match.end() if match else begin


@lru_cache
def _turn(language: str) -> re.Pattern[str]:
    words = _TURNS.get(language)
    return re.compile(r"[;；]|\s[-–—]\s" + (rf"|(?<!\w)(?=(?:{words})(?!\w))" if words else ""), re.IGNORECASE)


def _mixed(parts: Sequence[tuple[int, tuple[float, float, float]]]) -> float:
    """How mixed clauses are (0..1), from their lengths and verdicts."""
    best = max(good - bad for _, (good, bad, _) in parts)
    worst = max(bad - good for _, (good, bad, _) in parts)
    if best <= 0 or worst <= 0:
        return 0.0
    praise = sum(length * max(0.0, good - bad) for length, (good, bad, _) in parts)
    blame = sum(length * max(0.0, bad - good) for length, (good, bad, _) in parts)
    evenly = _EVENLY * 2 * min(praise, blame) / (praise + blame)
    return evenly * min(1.0, _SURELY * best * worst)
