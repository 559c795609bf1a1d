from __future__ import annotations

import pytest
from aiservices_mocks.engines import key_phrases
from hypothesis import given
from hypothesis import strategies as st


def _texts(text: str, language: str = "en") -> list[str]:
    return [phrase.text for phrase in key_phrases.find(text, language)]


def test_noun_phrases_keep_their_modifiers() -> None:
    assert _texts("A beautiful day brought many visitors to the old city museum.") == [
        "A beautiful day",
        "many visitors",
        "the old city museum",
    ]


def test_the_services_own_example() -> None:
    assert _texts("It is raining today in Seattle.") == ["today", "Seattle"]


def test_possessives_and_amounts() -> None:
    assert _texts("We withdraw your payment from Anna's bank account on the due date.") == [
        "your payment",
        "Anna's bank account",
        "the due date",
    ]
    assert "$24.53" in _texts("Please pay $24.53 soon.")


def test_pronouns_and_verbs_are_no_phrases() -> None:
    assert _texts("They went and she stayed.") == []


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("es", "La universidad de Salamanca tiene una biblioteca antigua.", ["La universidad de Salamanca", "una biblioteca antigua"]),
        ("fr", "Le nouveau ministre a présenté un projet de loi.", ["Le nouveau ministre", "un projet de loi"]),
        ("de", "Der alte Mann kaufte ein neues Auto.", ["Der alte Mann", "ein neues Auto"]),
        ("pt", "O menino comeu uma banana madura.", ["O menino", "uma banana madura"]),
        ("ja", "東京の天気はとても良いです。", ["東京の天気"]),
        ("ko", "서울 날씨가 좋습니다.", ["서울 날씨"]),
        ("hi", "दिल्ली का मौसम अच्छा है।", ["दिल्ली", "मौसम अच्छा"]),
    ],
)  # fmt: skip
def test_other_languages(language: str, text: str, expected: list[str]) -> None:
    assert _texts(text, language) == expected


def test_chinese_function_words_cut() -> None:
    assert "北京" in "".join(_texts("北京的天气和上海的天气", "zh"))
    assert len(_texts("北京的天气和上海的天气", "zh")) == 4


@pytest.mark.parametrize("language", ["en", "es", "de", "ar", "hi", "ja", "ko", "zh", "zh-TW"])
@given(text=st.text(max_size=80))
def test_phrases_are_stretches_of_the_text_in_order(language: str, text: str) -> None:
    end = 0
    for phrase in key_phrases.find(text, language):
        assert end <= phrase.begin < phrase.end
        assert text[phrase.begin : phrase.end] == phrase.text
        assert phrase.text == phrase.text.strip()
        assert 0 < phrase.score <= 1
        end = phrase.end
