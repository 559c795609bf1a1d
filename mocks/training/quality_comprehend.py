"""What Comprehend's engines reach on texts that no training saw, each figure in a sentence."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import crf_entities
import crf_names
import crf_pii
import crf_syntax
import crf_treebanks
import curves
import language
import noun_phrases
import pii
import prompt_safety
import sentiment
import targeted
import toxicity
from aiservices_mocks.engines import entities, key_phrases, mentions, sentiment_features, syntax
from aiservices_mocks.engines import sentiment as engine

from tests.engines import reviews

_SETS = Path(__file__).parents[2] / "tests" / "data" / "comprehend"


def english_sentiment(data: Path) -> str:
    """Three classes, on what people rated."""
    parts = []
    for name, about in (
        ("tweets", "tweets"),
        ("nytEditorialSnippets", "sentences of editorials"),
        ("amazonReviewSnippets", "sentences of product reviews"),
    ):
        test = [example for example in sentiment.hutto(data, name) if sentiment.held_out(example[0])]
        found = sentiment.reach(_judge("en"), test)
        parts.append(f"{found.macro_f1:.3f} on {found.texts} {about}")
    films = [example for example in sentiment.hutto(data, "movieReviewSnippets") if example[1] != 2]
    sign = sentiment.reach(_judge("en"), films).sign
    return (
        f"macro F1 over positive, negative, neutral: {', '.join(parts)} (VADER's sets, a held-out tenth of each); "
        f"the sign of {len(films):,} sentences of film reviews, a domain not trained on: {sign:.3f} right. "
        f"{_four_classes(data, ['en'])}"
    )


def lexicon_sentiment(data: Path) -> str:
    """Tweets of three classes; film subtitles with emotions, of which only the sign is told."""
    tweets, subtitles = [], []
    for code in sentiment_features.LANGUAGES:
        if code != "en":
            found = sentiment.reach(_judge(code), sentiment.tweets(data, code, "test"))
            tweets.append(f"{code} {found.macro_f1:.3f}")
            test = [example for example in sentiment.xed(data, code) if sentiment.held_out(example[0])]
            subtitles.append(f"{code} {sentiment.reach(_judge(code), test).sign:.3f}")
    return (
        f"macro F1 over positive, negative, neutral on 870 tweets each (UMSAB, test parts): {', '.join(tweets)}; "
        f"sign of opinionated film subtitles, held-out tenth of XED: {', '.join(subtitles)}. "
        f"{_four_classes(data, [code for code in sentiment_features.LANGUAGES if code != 'en'])}"
    )


def _four_classes(data: Path, codes: Sequence[str]) -> str:
    """The hand-checked sets of four classes, texts made by a seed, and how far scores are from being right."""
    parts, errors = [], []
    for code in codes:
        known, fresh = _checked("sentiment", code), _checked("sentiment_fresh", code)
        shuffled = [label for _, label in known]
        random.Random(code).shuffle(shuffled)
        chance = [(text, label) for (text, _), label in zip(known, shuffled, strict=True)]
        own, none, new, made = (
            _right(examples, code) for examples in (known, chance, fresh, reviews.made(code, seed=99, count=200))
        )
        parts.append(f"{code} {own:.3f} ({none:.3f}; {new:.3f}; {made:.3f})")
        told = []
        for text, label in sentiment.tweets(data, code, "test"):
            scores = _judge(code)(text)
            told.append((max(scores), sentiment.best(scores) == label))
        errors.append(f"{code} {curves.calibration_error(told):.3f}")
    return (
        "Accuracy over the four classes on 64 hand-checked texts a language, whose totals were seen while tuning (with "
        "their labels shuffled; on 20 texts written afterwards and never tuned on; on 200 reviews made by a seed): "
        f"{', '.join(parts)}. Expected calibration error on tweets: {', '.join(errors)}"
    )


def _checked(name: str, code: str) -> list[tuple[str, str]]:
    """The texts of a hand-checked set in one language, with their labels."""
    known = (line.split("\t") for line in (_SETS / f"{name}.tsv").read_text("utf-8").splitlines()[1:])
    return [(text, label) for language, label, _, text in known if language == code]


def _right(examples: Sequence[tuple[str, str]], code: str) -> float:
    told = (engine.score(text, code) for text, _ in examples)
    pairs = zip(told, examples, strict=True)
    return sum(max(scores, key=scores.__getitem__) == label for scores, (_, label) in pairs) / len(examples)


def targets(data: Path) -> str:
    """Mentions in reviews."""
    parts = [f"{name} {share:.3f} of {count:,}" for name, (share, count) in targeted.figures(data).items()]
    return (
        f"mentions in reviews judged as people did, test parts: {', '.join(parts)} (trained on restaurants, tweets and "
        "products; MAMS's, not SemEval's training part was seen)"
    )


def toxic(data: Path) -> str:
    """Areas under the curve."""
    found = toxicity.figures(data)
    return (
        f"area under the curve {found['surge']:.3f} on the half of surge-ai's comments that was not trained on, "
        f"{found['olid']:.3f} on OLID's 13,240 tweets, a set not trained on; its kinds but hate speech are not "
        "measured: there is no public set with a free licence"
    )


def prompts(data: Path) -> str:
    """deepset's test part."""
    curve, right, false = prompt_safety.figures(data)
    return (
        f"area under the curve {curve:.3f}, accuracy {right:.3f} on 111 of the 116 prompts of deepset's test part, "
        f"{false:.3f} of its safe prompts called unsafe"
    )


def marks(data: Path) -> str:
    """English tweets read as if their words were unknown."""
    told = right = 0
    tweets = sentiment.hutto(data, "tweets")
    for text, label in tweets:
        verdict = sentiment.best(_judge("")(text))
        if verdict < 2:
            told += 1
            right += verdict == label
    return (
        f"on {len(tweets):,} English tweets read by marks alone: {told} have an opinion told, {right / told:.3f} of "
        "them as people rated it"
    )


def _judge(code: str) -> Callable[[str], Sequence[float]]:
    """The engine itself: what it finds mixed counts as wrong where people rated one sentence."""
    return lambda text: list(engine.score(text, code).values())


def languages(data: Path) -> str:
    """Sentences and beginnings of sentences in 88 languages."""
    parts = []
    for words, name in ((0, "whole sentences"), (4, "four words"), (1, "one word")):
        right = language.shares(data, words)
        parts.append(f"{name} {language.mean(right, right):.3f} ({language.mean(right, language.TWELVE):.3f})")
    return (
        f"share told right of NTREX-128 news in {len(right)} languages (in the twelve that other operations read): "
        f"{', '.join(parts)}"
    )


def tags(data: Path) -> str:
    """Words tagged right, given the treebank's tokens; and F1 from raw text."""
    parts = []
    for code in syntax.LANGUAGES:
        for name, test in crf_treebanks.corpora(data, code).tests.items():
            exact = crf_syntax.accuracy(syntax.tagger(code), test)
            parts.append(f"{code} {name} {exact:.3f} ({crf_syntax.raw_f1(test, code):.3f})")
    return f"accuracy in the service's tags (F1 from raw text) on test parts of UD treebanks: {'; '.join(parts)}"


def names(data: Path) -> str:
    """Exact spans by corpus; in languages without one, names that a translation spells the same."""
    parts = []
    for weights in ("en", "pt", "latin"):
        finder = mentions.finder(f"entities-{weights}")
        for name, (test, types) in crf_names.corpora(data, weights).tests.items():
            label = f"shared weights on {name}" if weights == "latin" else f"{weights} {name}"
            parts.append(f"{label} {crf_entities.f1(finder, test, types):.3f}")
    return (
        "F1 of exact spans, of persons, locations and organizations where it does not say all types: "
        f"{'; '.join(parts)}. Names in sentences translated from those, given the right type: {_translated(data)}"
    )


_TRANSLATED = {"es": "UD_Spanish-PUD/es", "fr": "UD_French-PUD/fr", "it": "UD_Italian-PUD/it"}


def _translated(data: Path) -> str:
    marked = crf_names.corpora(data, "latin").tests["Portuguese PUD, every fourth"][0]
    parts = []
    for code, path in _TRANSLATED.items():
        known = crf_treebanks.read([data / f"{path}_pud-ud-test.conllu"], split_fused=False)
        texts = [s.text for s in sorted(known, key=lambda s: s.name)][::4]  # the order of the marked sentences
        wanted = right = 0
        for sentence, text in zip(marked, texts, strict=True):
            mine = {entity.text: entity.type for entity in entities.find(text, code)}
            for first, last, kind in mentions.spans(sentence.labels):
                name = " ".join(sentence.words[first:last])
                if name in text:
                    wanted += 1
                    right += mine.get(name) == kind
        parts.append(f"{code} {right / wanted:.3f} of {wanted}")
    return ", ".join(parts)


def phrases(data: Path) -> str:
    """Exact stretches in raw text."""
    right = told = wanted = 0
    for text, gold in noun_phrases.read(data / "UD_English-EWT" / "en_ewt-ud-test.conllu"):
        mine = {(phrase.begin, phrase.end) for phrase in key_phrases.find(text, "en")}
        right += len(gold & mine)
        told += len(mine)
        wanted += len(gold)
    return (
        f"F1 {2 * right / (told + wanted):.3f} over {wanted:,} exact noun phrases, read off the dependencies of the "
        "treebank UD English EWT (test part): there is no public set of key phrases"
    )


def personal_data(data: Path) -> str:
    """Numbers and codes on all documents; names and addresses on templates that no training saw."""
    coded = pii.f1(pii.coded(pii.judge(data)))
    parts = [
        f"{name} precision {precision:.3f}, recall {recall:.3f}"
        for name, (precision, recall) in crf_pii.scores(crf_pii.held_out(data)).items()
    ]
    return (
        f"micro F1 {coded:.3f} over dates, numbers and codes of Presidio's 1,500 synthetic English documents; "
        f"on held-out templates {'; '.join(parts)}"
    )
