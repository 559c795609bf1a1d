from __future__ import annotations

import pytest
from aiservices_mocks.engines import entities, gazetteer, measures
from hypothesis import given
from hypothesis import strategies as st

TYPES = {"PERSON", "LOCATION", "ORGANIZATION", "COMMERCIAL_ITEM", "EVENT", "DATE", "QUANTITY", "TITLE", "OTHER"}
LANGUAGES = ("en", "es", "fr", "de", "it", "pt", "ar", "hi", "ja", "ko", "zh", "zh-TW")


def _found(text: str, language: str = "en") -> dict[str, str]:
    return {entity.text: entity.type for entity in entities.find(text, language)}


def test_names_of_people_places_and_organizations() -> None:
    found = _found("Barack Obama met Angela Merkel in Berlin before he flew to New York for the United Nations.")
    assert found == {
        "Barack Obama": "PERSON",
        "Angela Merkel": "PERSON",
        "Berlin": "LOCATION",
        "New York": "LOCATION",
        "United Nations": "ORGANIZATION",
    }


def test_the_same_sentence_with_other_names() -> None:
    found = _found("Susan Miller moved from Chicago to Toronto.")
    assert found == {"Susan Miller": "PERSON", "Chicago": "LOCATION", "Toronto": "LOCATION"}


def test_no_names_no_entities() -> None:
    assert entities.find("it was raining and we stayed at home.", "en") == []
    assert entities.find("", "en") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It costs $24.53, due by July 31st.", {"$24.53": "QUANTITY", "July 31st": "DATE"}),
        ("We waited two weeks.", {"two weeks": "QUANTITY"}),
        ("It opened two weeks ago.", {"two weeks ago": "DATE"}),
        ("The train leaves at 5:30 pm.", {"5:30 pm": "DATE"}),
        ("About 45% voted.", {"45%": "QUANTITY"}),
        ("She came first.", {"first": "QUANTITY"}),
        ("It began in 1998.", {"1998": "DATE"}),
        ("It weighs 3.5 kg.", {"3.5 kg": "QUANTITY"}),
        ("See you next Monday morning.", {"next Monday morning": "DATE"}),
        ("Delivered on 2024-03-05.", {"2024-03-05": "DATE"}),
        ("They may march again.", {}),
    ],
)
def test_dates_and_quantities(text: str, expected: dict[str, str]) -> None:
    assert _found(text) == expected


def test_addresses_numbers_and_mail_are_told() -> None:
    found = _found("Write to 1313 Mockingbird Lane or to jo@mail.example, card 1111-0000-1111-0008.")
    assert found == {"1313 Mockingbird Lane": "LOCATION", "jo@mail.example": "OTHER", "1111-0000-1111-0008": "OTHER"}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("es", "Juan Pérez llegó a Madrid el 5 de mayo de 2010.", {"Juan Pérez": "PERSON", "Madrid": "LOCATION", "5 de mayo de 2010": "DATE"}),
        ("fr", "Emmanuel Macron est arrivé à Berlin le 14 juillet.", {"Emmanuel Macron": "PERSON", "Berlin": "LOCATION", "14 juillet": "DATE"}),
        ("de", "Angela Merkel besuchte am 3. Oktober 1990 Hamburg.", {"Angela Merkel": "PERSON", "Hamburg": "LOCATION", "3. Oktober 1990": "DATE"}),
        ("it", "Ieri Angela Merkel ha pagato 20 euro a Berlino.", {"Angela Merkel": "PERSON", "20 euro": "QUANTITY", "Berlino": "LOCATION"}),
        ("pt", "O presidente Lula visitou Lisboa na segunda-feira.", {"Lula": "PERSON", "Lisboa": "LOCATION", "segunda-feira": "DATE"}),
        ("ja", "田中さんは2024年5月3日に東京で5000円を払った。", {"田中": "PERSON", "2024年5月3日": "DATE", "東京": "LOCATION", "5000円": "QUANTITY"}),
        ("zh", "王小明先生在上海花了500元。", {"王小明": "PERSON", "上海": "LOCATION", "500元": "QUANTITY"}),
        ("zh-TW", "王小明先生在臺北花了500元。", {"王小明": "PERSON", "臺北": "LOCATION", "500元": "QUANTITY"}),
        ("ko", "김철수 씨는 2024년 5월 3일에 서울에서 5,000원을 냈다.", {"김철수": "PERSON", "2024년 5월 3일": "DATE", "서울": "LOCATION", "5,000원": "QUANTITY"}),
        ("ar", "دفع الرئيس محمد 500 دولار يوم الاثنين في القاهرة.", {"محمد": "PERSON", "500 دولار": "QUANTITY", "يوم الاثنين": "DATE", "القاهرة": "LOCATION"}),
        ("hi", "श्री मोदी ने 15 अगस्त को दिल्ली में 500 रुपये दिए।", {"15 अगस्त": "DATE", "दिल्ली": "LOCATION", "500 रुपये": "QUANTITY"}),
    ],
)  # fmt: skip
def test_other_languages(language: str, text: str, expected: dict[str, str]) -> None:
    assert expected.items() <= _found(text, language).items()


def test_names_in_latin_letters_stand_out_in_other_scripts() -> None:
    found = _found("昨日、Michael SmithがIBMで働き始めた。", "ja")
    assert found["Michael Smith"] == "PERSON"
    assert found["IBM"] == "ORGANIZATION"


@pytest.mark.parametrize("language", LANGUAGES)
@given(
    text=st.text(
        alphabet=st.sampled_from("Anna Berlin 5% $7 3.5.2024 10:30東京年月田中さん 김씨 مصر दो May,.-\n'"), max_size=60
    )
)
def test_entities_are_stretches_of_the_text_in_order(language: str, text: str) -> None:
    end = 0
    for entity in entities.find(text, language):
        assert end <= entity.begin < entity.end
        assert text[entity.begin : entity.end] == entity.text
        assert entity.type in TYPES
        assert 0 < entity.score <= 1
        assert entity.score == round(entity.score, 6)
        end = entity.end


def test_a_clear_name_is_surer_than_an_odd_one() -> None:
    scores = {e.text: e.score for e in entities.find("Yesterday Barack Obama and Grumblefax met in Paris.", "en")}
    assert scores["Barack Obama"] > scores.get("Grumblefax", 0.0)


def test_offsets_are_code_points() -> None:
    text = "😀 Zoë Müller lives in Zürich."
    assert [(e.begin, e.text) for e in entities.find(text, "en")] == [(2, "Zoë Müller"), (22, "Zürich")]


def test_the_lists_mark_the_longest_entry() -> None:
    marks = gazetteer.load().mark(["She", "left", "New", "York", "for", "Texas", "."])
    assert marks[2:4] == ["state", "state-"]
    assert marks[5] == "state"
    assert marks[0] == marks[6] == ""


def test_a_name_keeps_the_number_inside_it() -> None:
    found = _found("My grandfather fought in World War 2 and bought 2 houses.")
    assert found["2"] == "QUANTITY"
    assert not any(text.startswith("World") and kind == "QUANTITY" for text, kind in found.items())
    assert sum(kind == "QUANTITY" for kind in found.values()) == 1


def test_long_texts_take_their_time_in_proportion() -> None:
    text = "Susan Miller paid $5 in Berlin on 5 May 2020. "
    assert len(entities.find(text * 100, "en")) == 100 * len(entities.find(text, "en"))


def test_measures_know_no_overlaps() -> None:
    found = measures.find("From 5 May 2020 to 6 May 2021, 5 million dollars and 3 days.", "en")
    assert [(m.type, m.begin) for m in found] == [("DATE", 5), ("DATE", 19), ("QUANTITY", 31), ("QUANTITY", 53)]
