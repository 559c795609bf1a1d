from __future__ import annotations

from itertools import pairwise

import pytest
from aiservices_mocks.engines.tokens import tokenize
from hypothesis import given
from hypothesis import strategies as st


def _words(text: str, language: str = "en") -> list[str]:
    return [token.text for token in tokenize(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I don't, you'll; they've.", "I do n't , you 'll ; they 've ."),
        ("We can’t and cannot.", "We ca n’t and can not ."),
        ("Dr. Smith's U.S. e-mail", "Dr. Smith 's U.S. e-mail"),
        ("$3.50 or 20% off", "$ 3.50 or 20 % off"),
        ("well-known T-shirt", "well - known T - shirt"),
        ("Call 555-867-5309 at 10:30.", "Call 555-867-5309 at 10:30 ."),
        ("See https://a.example/x?y=1, ok?", "See https://a.example/x?y=1 , ok ?"),
        ("Mail bob.b@mail.example!", "Mail bob.b@mail.example !"),
        ("Wait... what?!", "Wait ... what ?!"),
        ('I said "no" (twice).', 'I said " no " ( twice ) .'),
    ],
)
def test_english(text: str, expected: str) -> None:
    assert _words(text) == expected.split()


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "L'eau d'Évian, aujourd'hui dit-il.", "L' eau d' Évian , aujourd'hui dit -il ."),
        ("it", "L'anno dell'amico è quest'altro.", "L' anno dell' amico è quest' altro ."),
        ("es", "¿Cómo estás del todo?", "¿ Cómo estás del todo ?"),
        ("de", "Der S-Bahn-Fahrer, z.B. im Zug", "Der S-Bahn-Fahrer , z.B. im Zug"),
        ("pt", "Na segunda-feira ele tornou-se rei", "Na segunda-feira ele tornou-se rei"),
    ],
)
def test_other_languages(language: str, text: str, expected: str) -> None:
    assert _words(text, language) == expected.split()


def test_scripts_change_between_tokens() -> None:
    assert _words("東京でAmazonを使う", "ja") == ["東京", "で", "Amazon", "を", "使", "う"]


@pytest.mark.parametrize("language", ["en", "fr", "it", "de", "ja"])
@given(text=st.text(max_size=120))
def test_tokens_cover_all_but_space(language: str, text: str) -> None:
    tokens = tokenize(text, language)
    assert all(text[token.begin : token.end] == token.text for token in tokens)
    assert all(a.end <= b.begin for a, b in pairwise(tokens))
    covered = {at for token in tokens for at in range(token.begin, token.end)}
    assert all(text[at].isspace() for at in range(len(text)) if at not in covered)
    assert not any(text[at].isspace() for at in covered)
