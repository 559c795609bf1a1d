"""Language detection by script, by characters, and by the model."""

from __future__ import annotations

import pytest
from aiservices_mocks.engines import language
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("It is raining today in Seattle and nobody minds.", "en"),
        ("Esta mañana llegó el paquete que había pedido.", "es"),
        ("Je voudrais savoir quand arrive le prochain train.", "fr"),
        ("Wir haben gestern lange über das Angebot gesprochen.", "de"),
        ("Domani andiamo al mare con tutta la famiglia.", "it"),
        ("Amanhã vamos à praia com toda a família.", "pt"),
        ("De vergadering is verplaatst naar volgende week.", "nl"),
        ("Завтра мы поедем на дачу к бабушке.", "ru"),
        ("أين تقع أقرب محطة قطار من هنا؟", "ar"),
        ("मुझे आज बाज़ार जाना है और सब्ज़ी लानी है।", "hi"),
    ],
)
def test_the_model_tells_languages_apart(text: str, code: str) -> None:
    assert language.detect(text)[0][0] == code


@pytest.mark.parametrize(
    ("text", "code"),
    [("日本語です", "ja"), ("안녕", "ko"), ("Ευχαριστώ", "el"), ("ขอบคุณ", "th"), ("שלום", "he")],
)
def test_a_script_of_its_own_decides(text: str, code: str) -> None:
    assert language.detect(text)[0][0] == code


@pytest.mark.parametrize(
    ("text", "code"),
    [("这个周末我们去爬山", "zh"), ("這個週末我們去爬山", "zh-TW"), ("你好", "zh"), ("臺灣的車站", "zh-TW")],
)
def test_chinese_is_simplified_or_traditional_by_its_characters(text: str, code: str) -> None:
    assert language.detect(text)[0][0] == code


@pytest.mark.parametrize(("text", "code"), [("Merci !", "fr"), ("Danke", "de"), ("Gracias", "es"), ("hello", "en")])
def test_a_greeting_is_enough(text: str, code: str) -> None:
    assert language.detect(text)[0][0] == code


@pytest.mark.parametrize(("word", "code"), [("waarom", "nl"), ("dlatego", "pl"), ("agus", "ga"), ("mwen", "ht")])
def test_a_common_word_is_enough(word: str, code: str) -> None:
    assert language.detect(word)[0][0] == code


def test_a_longer_text_is_surer() -> None:
    short, long = language.detect("gatos"), language.detect("Los gatos duermen casi todo el día en el sofá.")
    assert long[0][0] == "es"
    assert long[0][1] > short[0][1]


def test_two_languages_are_both_told() -> None:
    codes = dict(language.detect("Hello, how are you? Bonjour, comment allez-vous?"))
    assert {"en", "fr"} <= set(codes)


@given(st.text(min_size=1, max_size=60))
def test_any_text_has_an_answer_of_comprehends(text: str) -> None:
    found = language.detect(text)
    assert found
    assert {code for code, _ in found} <= language.CODES
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert language.detect(text) == found
