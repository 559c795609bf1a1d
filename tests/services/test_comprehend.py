"""Comprehend's verbs: one text or many, of any length, no failure lost and none infectious."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from aiservices_mocks import Mock
from hypothesis import given
from hypothesis import strategies as st

from aiservices import AI, Settings
from aiservices.errors import (
    BadRequestError,
    InvalidCallError,
    NotFoundError,
    ServiceFaultError,
    ThrottledError,
)
from aiservices.services.comprehend import plan as text_plan
from aiservices.services.comprehend.found import Pii, Span
from aiservices.services.comprehend.plan import (
    ENTITIES,
    LANGUAGE,
    PII,
    SENTIMENT,
    SYNTAX,
    TARGETED,
    TOXICITY,
    Analysis,
    at_endpoint,
    plan,
)
from aiservices.services.comprehend.results import Language, Sentiment
from aiservices.text import Piece, utf8_size

ANALYSES = [SENTIMENT, LANGUAGE, ENTITIES, PII, SYNTAX, TARGETED, TOXICITY, at_endpoint("ClassifyDocument", "arn")]
TEXTS = st.lists(
    st.one_of(st.text(max_size=40), st.integers(1, 9000).map(lambda n: ("é. " * n)[:n]), st.none()), max_size=60
)


@pytest.fixture
def mock() -> Mock:
    return Mock(seed=3)


@pytest.fixture
def ai(mock: Mock) -> Iterator[AI]:
    with AI(backend=mock, settings=Settings(attempts=1)) as ai:
        yield ai


# Plans


@given(TEXTS, st.sampled_from(ANALYSES))
def test_a_plan_asks_about_every_text_once_and_within_the_limits(texts: list[Any], analysis: Analysis) -> None:
    codes = ["en" if i % 3 else "es" for i in range(len(texts))]
    made = plan(analysis, texts, codes)
    seen: dict[int, list[Piece]] = {}
    for request in made.requests:
        segments = [segment["Text"] for segment in request.params.get("TextSegments", ())]
        sent = segments or request.params.get("TextList") or [request.params["Text"]]
        assert sent == [part.piece.text for part in request.parts]
        most = min(text_plan.BATCH_BYTES, analysis.limit) if request.operation == analysis.batch else analysis.limit
        assert all(0 < utf8_size(text) <= most for text in sent)
        assert len(sent) <= analysis.documents
        assert analysis.further.items() <= request.params.items()
        for part in request.parts:
            assert request.params.get("LanguageCode") == (codes[part.item] if analysis.in_a_language else None)
            seen.setdefault(part.item, []).append(part.piece)
    assert set(made.refused) | set(seen) == set(range(len(texts)))
    assert not set(made.refused) & set(seen)
    for item, pieces in seen.items():
        ordered = sorted(pieces)
        assert all(texts[item][piece.start : piece.end] == piece.text for piece in ordered)
        assert all(one.end <= two.start for one, two in pairwise(ordered))
        said = "".join(piece.text for piece in ordered)
        assert "".join(said.split()) == "".join(texts[item].split()) or texts[item].isspace()


def test_batches_are_of_25_and_one_language() -> None:
    made = plan(SENTIMENT, ["hi"] * 60, ["en", "de"] * 30)
    sizes = [(r.operation, r.params["LanguageCode"], len(r.parts)) for r in made.requests]
    assert sorted(sizes) == [
        ("BatchDetectSentiment", "de", 5),
        ("BatchDetectSentiment", "de", 25),
        ("BatchDetectSentiment", "en", 5),
        ("BatchDetectSentiment", "en", 25),
    ]


def test_one_text_goes_by_the_operation_for_one() -> None:
    assert [r.operation for r in plan(SENTIMENT, ["hi"], ["en"]).requests] == ["DetectSentiment"]
    assert [r.operation for r in plan(PII, ["hi", "ho"], ["en", "en"]).requests] == ["DetectPiiEntities"] * 2


def test_a_text_too_long_for_a_batch_is_not_cut_where_it_need_not_be() -> None:
    (request,) = plan(ENTITIES, ["word " * 2_000], ["en"]).requests
    assert (request.operation, len(request.params["Text"])) == ("DetectEntities", 10_000)
    assert len(plan(SENTIMENT, ["word " * 2_000], ["en"]).requests[0].parts) == 2


# One text


def test_sentiment_of_one(ai: AI) -> None:
    result = ai.comprehend.sentiment("What a wonderful day!")
    assert result.sentiment == str(result) == "POSITIVE"
    assert result.confidence == result.positive > 0.8
    assert result.raw["Sentiment"] == "POSITIVE"
    assert repr(result).startswith("<Sentiment POSITIVE 0.")


def test_language_of_one(ai: AI) -> None:
    result = ai.comprehend.language("Demain nous irons tous ensemble à la plage.")
    assert result.code == "fr"
    assert 0 < result.confidence <= 1


def test_entities_key_phrases_and_pii_of_one(ai: AI) -> None:
    text = "👋 Mail jane@example.com: Ada Lovelace lived in London."
    for found in (ai.comprehend.entities(text), ai.comprehend.key_phrases(text), ai.comprehend.pii(text)):
        assert found
        assert all(text[span.begin : span.end] == span.text for span in found)
        assert found.confidence is not None
    assert [span.text for span in ai.comprehend.pii(text).of("EMAIL")] == ["jane@example.com"]


def test_one_that_fails_raises(ai: AI) -> None:
    with pytest.raises(InvalidCallError, match="empty"):
        ai.comprehend.sentiment("")
    with pytest.raises(BadRequestError, match="'nl' at 'languageCode'"):
        ai.comprehend.sentiment("Goed zo", "nl")


@pytest.mark.parametrize("wrong", [5, b"bytes", {"a": "dict"}, None])
def test_what_is_no_text_is_refused(ai: AI, wrong: Any) -> None:
    with pytest.raises(InvalidCallError, match="give a str, or a list"):
        ai.comprehend.sentiment(wrong)


def test_a_data_frame_is_asked_for_its_column(ai: AI, mock: Mock) -> None:
    frame: Any = pd.DataFrame({"text": ["good"]})
    with pytest.raises(InvalidCallError, match="the one with the texts"):
        ai.comprehend.sentiment(frame)
    with pytest.raises(InvalidCallError, match='no columns "txt"; did you mean "text"'):
        ai.comprehend.sentiment(frame, column="txt")
    twice = pd.concat([frame, frame], axis=1)
    with pytest.raises(InvalidCallError, match='2 columns "text"'):
        ai.comprehend.sentiment(twice, column="text")
    wrong: Any
    for wrong in ("good", ["good"], frame["text"]):
        with pytest.raises(InvalidCallError, match="column names a column of a DataFrame"):
            ai.comprehend.sentiment(wrong, column="text")
    mock.calls().times(0)


def test_results_go_back_beside_the_rows_they_came_from(ai: AI) -> None:
    frame = pd.DataFrame({"text": ["I love it", None, "I hate it"], "stars": [5, 3, 1]}, index=["a", "b", "c"])
    results = ai.comprehend.sentiment(frame, column="text")
    joined = frame.join(results.to_pandas())
    assert joined.loc["a", "sentiment"] == "POSITIVE"
    assert joined.loc["c", "sentiment"] == "NEGATIVE"
    assert "missing" in joined.loc["b", "error"]
    assert list(ai.comprehend.redact(frame["text"][::-1]).to_pandas().index) == ["c", "b", "a"]
    kept = pickle.loads(pickle.dumps(results.retry_failed()))
    assert list(kept.to_pandas().index) == ["a", "b", "c"]


# Many texts


@pytest.mark.parametrize("many", [list, tuple, iter, pd.Series])
def test_many_come_as_people_have_them(ai: AI, many: Any) -> None:
    results = ai.comprehend.sentiment(many(["I love it", "I hate it", "It is a table"]))
    assert [r.sentiment for r in results] == ["POSITIVE", "NEGATIVE", "NEUTRAL"]


def test_many_are_sent_by_25(ai: AI, mock: Mock) -> None:
    results = ai.comprehend.sentiment([f"Number {i} is great" for i in range(60)])
    assert len(results) == 60
    mock.calls("comprehend.BatchDetectSentiment").times(3)
    mock.calls("comprehend.DetectSentiment").times(0)


def test_bad_texts_fail_alone(ai: AI) -> None:
    results = ai.comprehend.entities(["Ada Lovelace", "", float("nan"), "London"])  # type: ignore[list-item]  # a missing value of a DataFrame
    assert set(results.failed) == {1, 2}
    assert all(isinstance(error, InvalidCallError) for error in results.failed.values())
    assert set(results.done) == {0, 3}
    assert "missing" in str(results.failed[2])


def test_nothing_is_nothing(ai: AI, mock: Mock) -> None:
    assert len(ai.comprehend.sentiment([])) == 0
    mock.calls().times(0)


def test_failed_ones_are_retried_alone(ai: AI, mock: Mock) -> None:
    texts = ["good"] * 30
    mock.on("comprehend.BatchDetectSentiment", TextList=lambda t: len(t) == 5).fails(
        "TooManyRequestsException", times=1
    )
    results = ai.comprehend.sentiment(texts)
    assert list(results.failed) == [25, 26, 27, 28, 29]
    assert all(isinstance(error, ThrottledError) for error in results.failed.values())
    again = results.retry_failed()
    assert (again.failed, len(again), len(results.failed)) == ({}, 30, 5)
    mock.calls("comprehend.BatchDetectSentiment").times(3)


def test_an_error_of_one_text_in_a_batch_is_its_own(ai: AI, mock: Mock) -> None:
    answer = {
        "ResultList": [{"Index": 1, "Languages": [{"LanguageCode": "en", "Score": 0.9}]}],
        "ErrorList": [{"Index": 0, "ErrorCode": "INTERNAL_SERVER_ERROR", "ErrorMessage": "try again"}],
    }
    mock.on("comprehend.BatchDetectDominantLanguage").returns(answer, times=1)
    results = ai.comprehend.language(["one", "two", "three"])
    assert results[1].code == "en"
    assert isinstance(results.failed[0], ServiceFaultError)
    assert results.failed[0].code == "INTERNAL_SERVER_ERROR"
    assert "no answer" in str(results.failed[2])


def test_a_batch_refused_for_one_text_is_sent_one_by_one(ai: AI, mock: Mock) -> None:
    mock.on("comprehend.BatchDetectSentiment").fails("TextSizeLimitExceededException")
    mock.on("comprehend.DetectSentiment", Text="bad").fails("InvalidRequestException")
    results = ai.comprehend.sentiment(["good", "bad", "fine"])
    assert list(results.failed) == [1]
    assert isinstance(results.failed[1], BadRequestError)
    mock.calls("comprehend.DetectSentiment").times(3)


def test_pii_has_no_batch(ai: AI, mock: Mock) -> None:
    results = ai.comprehend.pii([f"a{i}@example.com" for i in range(12)])
    assert [[span.type for span in found] for found in results] == [["EMAIL"]] * 12
    mock.calls("comprehend.DetectPiiEntities").times(12)


# Languages


def test_the_language_is_detected_first_when_it_is_none(ai: AI, mock: Mock) -> None:
    texts = [
        "This was a lovely evening, thank you.",
        "Das Essen war hervorragend und günstig.",
        "Service was great today",
    ]
    results = ai.comprehend.sentiment(texts, None)
    assert [r.language_code for r in results] == ["en", "de", "en"]
    assert [r.sentiment for r in results] == ["POSITIVE"] * 3
    mock.calls("comprehend.BatchDetectDominantLanguage").times(1)


def test_a_language_that_is_not_known_fails_alone(ai: AI) -> None:
    results = ai.comprehend.pii(
        ["Mail me at ana@example.com please", "Je voudrais réserver une table pour deux."], None
    )
    assert list(results.failed) == [1]
    assert "fr" in str(results.failed[1])


def test_the_service_judges_the_language_once_for_a_batch(ai: AI, mock: Mock) -> None:
    results = ai.comprehend.sentiment(["goed"] * 30, "nl")
    assert list(results.failed) == list(range(30))
    assert all("'nl' at 'languageCode'" in str(error) for error in results.failed.values())
    mock.calls("comprehend.BatchDetectSentiment").times(2)
    mock.calls("comprehend.DetectSentiment").times(0)


@pytest.mark.parametrize("code", [3, b"en", ["en"]])
def test_a_language_code_of_another_type_is_said(ai: AI, code: Any) -> None:
    with pytest.raises(InvalidCallError, match="language_code is a str"):
        ai.comprehend.sentiment("x", code)


def test_a_text_in_no_language_says_so(ai: AI, mock: Mock) -> None:
    mock.on("comprehend.DetectDominantLanguage").returns({"Languages": []})
    with pytest.raises(InvalidCallError, match="give language_code"):
        ai.comprehend.sentiment("1234", None)


def test_many_texts_tell_their_progress(ai: AI) -> None:
    told: list[Any] = []
    ai.comprehend.sentiment(["good"] * 60, progress=told.append)
    assert [(one.what, round(one.percent)) for one in told] == [
        ("comprehend.DetectSentiment", share) for share in (33, 67, 100)
    ]


def test_a_text_whose_language_cannot_be_asked_fails_alone(ai: AI) -> None:
    results = ai.comprehend.sentiment(["This is good", ""], language_code=None)
    assert list(results.failed) == [1]


# Long texts


def test_long_texts_are_put_together_again(ai: AI, mock: Mock) -> None:
    line = "Escribe a ana@example.com o llama al 612 345 678. 👋 "
    text = line * 3_000
    found = ai.comprehend.pii(text, "es")
    assert all(text[span.begin : span.end] == span.text for span in found)
    mails = found.of("EMAIL")
    assert [mail.begin for mail in mails] == [len(line) * n + 10 for n in range(3_000)]
    assert found.raw["Entities"][-1]["EndOffset"] == found[-1].end
    mock.calls("comprehend.DetectPiiEntities").times(2)


def test_a_long_text_of_one_mind_keeps_it(ai: AI) -> None:
    assert ai.comprehend.sentiment("This is a wonderful product and I love it. " * 300).sentiment == "POSITIVE"


def test_the_language_of_a_long_text_is_its_most(ai: AI) -> None:
    text = "Die Sitzung wurde auf morgen verschoben. " * 3_000 + "The meeting was moved. " * 500
    assert ai.comprehend.language(text).code == "de"


def told(positive: float, negative: float, neutral: float, mixed: float) -> dict[str, Any]:
    scores = {"Positive": positive, "Negative": negative, "Neutral": neutral, "Mixed": mixed}
    return {"Sentiment": max(scores, key=scores.__getitem__).upper(), "SentimentScore": scores}


def test_pieces_that_contradict_each_other_are_mixed() -> None:
    glad, cross = told(0.9, 0.05, 0.05, 0), told(0.05, 0.9, 0.05, 0)
    even = Sentiment.merged("", [(Piece(0, "a" * 100), glad), (Piece(100, "b" * 100), cross)], "en")
    mostly = Sentiment.merged("", [(Piece(0, "a" * 900), glad), (Piece(900, "b" * 100), cross)], "en")
    assert even.sentiment == "MIXED"
    assert mostly.sentiment == "POSITIVE"


def test_doubt_is_no_contradiction() -> None:
    doubt = told(0.45, 0.4, 0.15, 0)
    merged = Sentiment.merged("", [(Piece(0, "a" * 10), doubt), (Piece(10, "b" * 10), doubt)], "en")
    assert merged.scores == pytest.approx({"POSITIVE": 0.45, "NEGATIVE": 0.4, "NEUTRAL": 0.15, "MIXED": 0.0})


@given(st.lists(st.tuples(st.integers(1, 500), *[st.floats(0.01, 1)] * 4), min_size=1, max_size=8))
def test_merged_scores_add_up(pieces: list[tuple[float, ...]]) -> None:
    answers, start = [], 0
    for length, *scores in pieces:
        answers.append((Piece(start, "x" * int(length)), told(*(score / sum(scores) for score in scores))))
        start += int(length)
    merged = Sentiment.merged("", answers, "en")
    assert sum(merged.scores.values()) == pytest.approx(1, abs=1e-5)
    assert all(score >= -1e-6 for score in merged.scores.values())
    assert merged.confidence == max(merged.scores.values())


# Redaction


def test_redact_names_the_type(ai: AI) -> None:
    text = "Mail jane@example.com, please 👍"
    assert ai.comprehend.redact(text) == "Mail [EMAIL], please 👍"
    assert ai.comprehend.redact(text, "*") == "Mail ****************, please 👍"
    assert ai.comprehend.redact(text, types={"PHONE"}) == text


def test_redact_many(ai: AI) -> None:
    results = ai.comprehend.redact(["jane@example.com", "nothing here", ""])
    assert [results[0], results[1]] == ["[EMAIL]", "nothing here"]
    assert list(results.failed) == [2]


def test_redact_refuses_what_it_cannot_do(ai: AI) -> None:
    with pytest.raises(InvalidCallError, match='did you mean "EMAIL"'):
        ai.comprehend.redact("x", types=["EMAILS"])
    with pytest.raises(InvalidCallError, match="single character"):
        ai.comprehend.redact("x", mask="##")
    wrong: Any
    for wrong in (None, 3, b"*"):
        with pytest.raises(InvalidCallError, match=f"not a {type(wrong).__name__}"):
            ai.comprehend.redact("x", mask=wrong)
    for wrong in (3, [3], [None]):
        with pytest.raises(InvalidCallError, match="list of PII types"):
            ai.comprehend.redact("x", types=wrong)


@given(st.text(min_size=1, max_size=80), st.lists(st.tuples(st.integers(0, 80), st.integers(1, 20)), max_size=6))
def test_redaction_changes_nothing_else(text: str, places: list[tuple[int, int]]) -> None:
    spans = [Span(text[b : b + n], b, min(b + n, len(text)), 0.9, "NAME") for b, n in sorted(places) if b < len(text)]
    found = Pii(text, spans, "en", {})
    covered = {i for span in spans for i in range(span.begin, span.end)}
    masked = found.redacted("\N{FULL BLOCK}")
    assert masked == "".join("\N{FULL BLOCK}" if i in covered else char for i, char in enumerate(text))
    assert found.redacted("type", types=()) == text


# What the results show


def test_results_show_themselves(ai: AI) -> None:
    text = "Ada <b>Lovelace</b> lived in London & wrote."
    found = ai.comprehend.entities(text)
    assert "<mark>London <small>LOCATION</small></mark>" in found._repr_html_()
    assert "<b>" not in found._repr_html_()
    assert list(found.to_pandas().columns) == ["text", "begin", "end", "score", "type"]
    assert list(ai.comprehend.entities("ok").to_pandas().columns) == ["text", "begin", "end", "score", "type"]
    sentiment = ai.comprehend.sentiment("Good")
    assert "POSITIVE" in sentiment._repr_html_()
    assert sentiment.to_pandas().loc[0, "sentiment"] == "POSITIVE"
    assert list(ai.comprehend.language("Good morning everyone").to_pandas().columns) == ["language", "score"]


def test_many_show_themselves(ai: AI) -> None:
    results = ai.comprehend.key_phrases(["The red house", "A loud noise", ""])
    frame = results.to_pandas()
    assert frame.loc[0, "found"] == "The red house"
    assert "empty" in frame.loc[2, "error"]
    assert "loud noise" in results._repr_html_()


def test_a_text_never_shows_in_an_error_or_repr(ai: AI) -> None:
    secret = "hunter2 is my secret"
    with pytest.raises(BadRequestError) as caught:
        ai.comprehend.detect_sentiment(text=secret * 1000, language_code="en")
    assert secret not in str(caught.value)
    assert secret not in repr(ai.comprehend.pii(secret))


def test_results_are_pickled_and_compared(ai: AI) -> None:
    results = [ai.comprehend.sentiment("Good"), ai.comprehend.pii("a@example.com"), ai.comprehend.language("Good")]
    assert pickle.loads(pickle.dumps(results)) == results


def test_a_language_without_answer_is_empty() -> None:
    nothing = Language.merged("?", [(Piece(0, "?"), {"Languages": []})])
    assert (nothing.code, nothing.confidence) == ("", 0.0)


def test_errors_of_other_kinds_stay_with_their_texts(ai: AI, mock: Mock) -> None:
    mock.on("comprehend.BatchDetectEntities").fails("ResourceNotFoundException")
    results = ai.comprehend.entities(["one", "two"])
    assert all(isinstance(error, NotFoundError) for error in results.failed.values())
    assert len(results.failed) == 2
