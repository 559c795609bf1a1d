"""Comprehend's operations behave the same on every backend of the rig."""

from __future__ import annotations

from typing import Any

import pytest

from aiservices.errors import BadRequestError, InvalidCallError, NotMockedError, ServiceError


def test_sentiment_follows_the_text(ai: Any) -> None:
    glad = ai.comprehend.detect_sentiment(text="What a wonderful day!", language_code="en")
    cross = ai.comprehend.detect_sentiment(text="The worst service I ever had.", language_code="en")
    assert (glad.sentiment, cross.sentiment) == ("POSITIVE", "NEGATIVE")
    assert sum(glad.sentiment_score.model_dump().values()) == pytest.approx(1, abs=0.01)


def test_mixed_happens(ai: Any) -> None:
    text = "I love the screen, but the battery is terrible."
    assert ai.comprehend.detect_sentiment(text=text, language_code="en").sentiment == "MIXED"


def test_the_language_follows_the_text(ai: Any) -> None:
    def code(text: str) -> str:
        return str(ai.comprehend.detect_dominant_language(text=text).languages[0].language_code)

    assert code("Il pleut aujourd'hui à Seattle et personne ne s'en plaint.") == "fr"
    assert code("這個週末我們去爬山，天氣很好。") == "zh-TW"


def test_entities_have_types_and_places(ai: Any) -> None:
    text = "👋 Jeff Bezos founded Amazon in Seattle."
    found = ai.comprehend.detect_entities(text=text, language_code="en").entities
    assert {(e.text, e.type) for e in found} >= {("Jeff Bezos", "PERSON"), ("Seattle", "LOCATION")}
    assert all(text[e.begin_offset : e.end_offset] == e.text for e in found)


def test_key_phrases_have_places(ai: Any) -> None:
    text = "👋 The new espresso machine makes a loud noise."
    found = ai.comprehend.detect_key_phrases(text=text, language_code="en").key_phrases
    assert "a loud noise" in {phrase.text for phrase in found}
    assert all(text[p.begin_offset : p.end_offset] == p.text for p in found)


def test_syntax_tags_every_word(ai: Any) -> None:
    text = "Ñandúes corren rápido 🏃."
    tokens = ai.comprehend.detect_syntax(text=text, language_code="es").syntax_tokens
    assert [token.token_id for token in tokens] == list(range(1, len(tokens) + 1))
    assert all(text[t.begin_offset : t.end_offset] == t.text for t in tokens)
    assert tokens[1].part_of_speech.tag == "VERB"


def test_pii_is_placed_and_named(ai: Any) -> None:
    text = "😀 ¡Oh! mail jane@example.com, card 4111 1111 1111 1111"
    found = ai.comprehend.detect_pii_entities(text=text, language_code="en").entities
    assert {(e.type, text[e.begin_offset : e.end_offset]) for e in found} == {
        ("EMAIL", "jane@example.com"),
        ("CREDIT_DEBIT_NUMBER", "4111 1111 1111 1111"),
    }
    labels = ai.comprehend.contains_pii_entities(text=text, language_code="en").labels
    assert {label.name for label in labels} == {"EMAIL", "CREDIT_DEBIT_NUMBER"}
    assert ai.comprehend.contains_pii_entities(text="Nothing to see.", language_code="en").labels == []


BATCHES = {
    "batch_detect_sentiment": {"language_code": "en"},
    "batch_detect_dominant_language": {},
    "batch_detect_entities": {"language_code": "en"},
    "batch_detect_key_phrases": {"language_code": "en"},
    "batch_detect_syntax": {"language_code": "en"},
}


@pytest.mark.parametrize("operation", BATCHES)
def test_a_long_text_fails_alone_in_its_batch(ai: Any, operation: str) -> None:
    texts = ["A good day.", "x" * 6000, "Another good day."]
    reply = getattr(ai.comprehend, operation)(text_list=texts, **BATCHES[operation])
    assert [result.index for result in reply.result_list] == [0, 2]
    assert [error.index for error in reply.error_list] == [1]
    assert "6000 bytes" in reply.error_list[0].error_message


@pytest.mark.parametrize("operation", BATCHES)
def test_a_batch_says_what_the_single_operation_says(ai: Any, operation: str) -> None:
    text = "The parcel from Berlin was late, but the lamp is beautiful."
    batch = getattr(ai.comprehend, operation)(text_list=[text], **BATCHES[operation]).result_list[0].model_dump()
    single = getattr(ai.comprehend, operation.removeprefix("batch_"))(text=text, **BATCHES[operation]).model_dump()
    assert batch.pop("index") == 0
    assert batch.items() <= single.items()


@pytest.mark.parametrize("operation", BATCHES)
def test_a_batch_has_at_most_25(ai: Any, operation: str) -> None:
    with pytest.raises(BadRequestError) as caught:
        getattr(ai.comprehend, operation)(text_list=["ok"] * 26, **BATCHES[operation])
    assert caught.value.code == "BatchSizeLimitExceededException"


@pytest.mark.parametrize(
    ("operation", "most"),
    [
        ("detect_sentiment", 5_000),
        ("detect_syntax", 5_000),
        ("detect_entities", 100_000),
        ("detect_key_phrases", 100_000),
        ("detect_pii_entities", 100_000),
        ("contains_pii_entities", 100_000),
    ],
)
def test_sizes_count_bytes(ai: Any, operation: str, most: int) -> None:
    with pytest.raises(BadRequestError) as caught:
        getattr(ai.comprehend, operation)(text="é" * (most // 2 + 1), language_code="en")
    assert caught.value.code == "TextSizeLimitExceededException"
    assert f"{most + 2} bytes" in caught.value.message


def test_a_text_of_just_the_limit_is_taken(ai: Any) -> None:
    assert ai.comprehend.detect_sentiment(text="é" * 2_500, language_code="en").sentiment


def test_personal_data_is_found_in_english_and_spanish_only(ai: Any) -> None:
    for operation in ("detect_pii_entities", "contains_pii_entities"):
        with pytest.raises(BadRequestError) as caught:
            getattr(ai.comprehend, operation)(text="Bonjour", language_code="fr")
        assert caught.value.code == "UnsupportedLanguageException"


def test_syntax_knows_six_languages(ai: Any) -> None:
    with pytest.raises(ServiceError) as caught:
        ai.comprehend.detect_syntax(text="こんにちは", language_code="ja")
    assert caught.value.code in ("ValidationException", "UnsupportedLanguageException")


def test_an_empty_text_is_refused(ai: Any) -> None:
    with pytest.raises((ServiceError, InvalidCallError)):  # boto3 knows the least length and does not send
        ai.comprehend.detect_sentiment(text="", language_code="en")


def test_entities_need_text_and_language(ai: Any) -> None:
    with pytest.raises(BadRequestError) as caught:
        ai.comprehend.detect_entities(text="Ada was here.")
    assert caught.value.code == "InvalidRequestException"


def test_custom_recognizers_are_not_mocked(mock: Any) -> None:
    from aiservices import AI

    arn = "arn:aws:comprehend:us-east-1:123456789012:entity-recognizer-endpoint/mine"
    with AI(backend=mock) as ai, pytest.raises(NotMockedError, match="EndpointArn"):
        ai.comprehend.detect_entities(text="Ada", endpoint_arn=arn)


def test_the_reply_says_which_engine_answered(mock: Any) -> None:
    from aiservices import AI

    with AI(backend=mock) as ai:
        words = ai.comprehend.detect_sentiment(text="Good", language_code="en")
        signs = ai.comprehend.detect_sentiment(text="👍", language_code="ja")
    assert (words.meta.engine, signs.meta.engine) == ("maxent", "marks")
