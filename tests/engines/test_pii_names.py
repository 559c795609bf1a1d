from __future__ import annotations

from aiservices_mocks.engines import pii_names
from hypothesis import given
from hypothesis import strategies as st


def _found(text: str) -> list[tuple[str, str]]:
    return [(entity.type, entity.text) for entity in pii_names.find(text)]


def test_names() -> None:
    assert _found("My name is Susan Miller and I need help.") == [("NAME", "Susan Miller")]


def test_an_address_is_one() -> None:
    assert _found("I live at 55 Baker Street, London.") == [("ADDRESS", "55 Baker Street, London")]


def test_addresses_abroad() -> None:
    text = "Deliveries for 12 Kirkegade, 7400 Herning are late."
    assert _found(text) == [("ADDRESS", "12 Kirkegade, 7400 Herning")]


def test_nothing_personal() -> None:
    assert _found("The parcel arrived late and the box was broken.") == []


def test_a_number_of_something_else_is_no_address() -> None:
    assert _found("Ticket 12345 was closed in 2023.") == []
    assert _found("Zip: 90210") == [("ADDRESS", "90210")]


@given(st.text(alphabet=st.sampled_from("Anna Miller 12 Oak Street\n, .5IL"), max_size=80))
def test_entities_are_stretches_of_the_text_in_order(text: str) -> None:
    end = 0
    for entity in pii_names.find(text):
        assert end <= entity.begin < entity.end
        assert text[entity.begin : entity.end] == entity.text
        assert entity.type in ("NAME", "ADDRESS")
        assert 0 < entity.score <= 1
        end = entity.end
