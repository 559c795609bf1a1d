"""What is said about whom, what happened, and what a collection of texts is about."""

from __future__ import annotations

import sys

import pytest
from aiservices_mocks.engines import events, targeted, topics
from hypothesis import given
from hypothesis import strategies as st

from aiservices.errors import MissingExtraError

TALK = ("Ada", "the phone", "the shoes", "she", "it", "them", "broke", ".", "He", "rained")


def told(text: str) -> dict[str, str]:
    return {
        one.text: max(one.sentiment, key=one.sentiment.__getitem__)
        for group in targeted.find(text, "en")
        for one in group
    }


def test_each_mention_has_the_sentiment_of_its_clause() -> None:
    found = told("The screen is beautiful, but the battery is terrible. The manual has ten pages.")
    assert (found["screen"], found["battery"], found["manual"]) == ("POSITIVE", "NEGATIVE", "NEUTRAL")


def test_a_person_is_one_by_the_last_name() -> None:
    groups = targeted.find("Barack Obama spoke. Then Angela Merkel left. Obama smiled.", "en")
    assert [[(one.text, one.group_score) for one in group] for group in groups] == [
        [("Barack Obama", 1.0), ("Obama", 0.5)],
        [("Angela Merkel", 1.0)],
    ]


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("I love the new phone. It is fast, but its battery is awful.", ["phone It its", "battery"]),
        ("Ada Lovelace met Charles Babbage. She was happy. He was not, and she left him.",
         ["Ada Lovelace She she", "Charles Babbage He him"]),
        ("The shoes are pretty. They hurt.", ["shoes They"]),
        ("Microsoft made it. They were glad.", ["Microsoft it They"]),
        ("The shoes arrived. It rained. It seems that IT is down.", ["shoes"]),
        ("The soup arrived. He ate it. They left.", ["soup it"]),
    ],
)  # fmt: skip
def test_a_pronoun_belongs_to_what_it_means(text: str, groups: list[str]) -> None:
    assert [" ".join(one.text for one in group) for group in targeted.find(text, "en")] == groups


def test_a_pronoun_is_the_surer_the_fewer_it_can_mean() -> None:
    groups = targeted.find("The phone has a camera. It is terrible.", "en")
    assert [[one.group_score for one in group] for group in groups] == [[1.0, 0.5], [1.0]]
    assert [max(one.sentiment, key=one.sentiment.__getitem__) for one in groups[0]] == ["POSITIVE", "NEGATIVE"]


@given(st.text("ab. Éé!,;\n", max_size=40) | st.lists(st.sampled_from(TALK), max_size=9).map(" ".join))
def test_mentions_stand_in_the_text(text: str) -> None:
    for group in targeted.find(text, "en"):
        assert len({one.type for one in group}) == 1
        assert group[0].names
        assert all(text[one.begin : one.end] == one.text for one in group)


def test_an_event_has_its_roles() -> None:
    found = events.find("On Monday, Microsoft hired Satya Nadella.", ["EMPLOYMENT", "IPO"])
    (event,) = found.events
    assert (event.trigger.type, event.trigger.text) == ("EMPLOYMENT", "hired")
    assert roles(found) == {"START_DATE": "Monday", "EMPLOYER": "Microsoft", "EMPLOYEE": "Satya Nadella"}


def roles(found: events.Found) -> dict[str, str]:
    """The roles of the first event and who has them."""
    return {one.role: found.entities[one.entity][0][0].text for one in found.events[0].arguments}


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("Ada Lovelace hired Charles Babbage.", "EMPLOYMENT", {"EMPLOYER": "Ada Lovelace", "EMPLOYEE": "Charles Babbage"}),
        ("Ada Lovelace resigned in 2021.", "EMPLOYMENT", {"EMPLOYEE": "Ada Lovelace", "END_DATE": "2021"}),
        ("IBM was bought by Microsoft.", "CORPORATE_ACQUISITION", {"INVESTEE": "IBM", "INVESTOR": "Microsoft"}),
        ("IBM is bankrupt in London.", "BANKRUPTCY", {"FILER": "IBM", "PLACE": "London"}),
        ("IBM raised $5 million in its IPO in 2021.", "IPO",
         {"OFFEROR": "IBM", "OFFERING_AMOUNT": "$5 million", "OFFERING_DATE": "2021"}),
        ("IBM announced a stock split for $5 million in 2021.", "STOCK_SPLIT", {"COMPANY": "IBM", "DATE": "2021"}),
    ],
)  # fmt: skip
def test_roles_are_those_of_the_kind_of_event(text: str, kind: str, expected: dict[str, str]) -> None:
    assert roles(events.find(text, [kind])) == expected


def test_a_last_name_is_its_person_in_events_too() -> None:
    found = events.find("Barack Obama joined IBM. Obama resigned.", ["EMPLOYMENT"])
    people = [[(one.text, alike) for one, alike in group] for group in found.entities if group[0][0].type == "PERSON"]
    assert people == [[("Barack Obama", 1.0), ("Obama", 0.5)]]
    assert [event.arguments[0].entity for event in found.events] == [0, 0]


def test_who_takes_no_part_is_not_told() -> None:
    found = events.find("IBM filed for bankruptcy. Microsoft did well.", events.TYPES)
    assert [event.trigger.type for event in found.events] == ["BANKRUPTCY"]
    assert [[one.text for one, _ in group] for group in found.entities] == [["IBM"]]


SEA = ["the boat sails on the sea", "a sea with a boat and wind", "wind and boat"]
FOOD = ["pasta with tomato sauce", "tomato and pasta, salt", "sauce with salt and pasta"]


def test_texts_that_share_words_share_a_topic() -> None:
    found = topics.find(SEA + FOOD, 2)
    main = [shares[0][0] for shares in found.shares]
    assert main[:3] == [main[0]] * 3
    assert main[3:] == [main[3]] * 3
    assert main[0] != main[3]
    assert found.terms[main[3]][0][0] == "pasta"


def test_weights_add_up_where_ten_words_are_all_and_the_shared_text_is_of_both() -> None:
    found = topics.find([*SEA, *FOOD, "boat pasta", "", "42"], 2)
    for terms in found.terms:
        assert sum(weight for _, weight in terms) == pytest.approx(1, abs=1e-5)
    assert [share for _, share in found.shares[6]] == pytest.approx([0.5, 0.5], abs=0.05)
    assert found.shares[7:] == [[], []]
    assert topics.find([*SEA, *FOOD, "boat pasta", "", "42"], 2) == found


def test_only_the_ten_heaviest_words_are_told() -> None:
    (terms,) = topics.find([" ".join(f"word{chr(97 + n)}" for n in range(20)) + " worda"], 1).terms
    assert (len(terms), terms[0][0]) == (10, "worda")


def test_topics_need_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(MissingExtraError, match="mocks"):
        topics.find(SEA, 2)


@given(st.lists(st.text("ab cd", max_size=12), max_size=6), st.integers(1, 4))
def test_shares_are_shares_of_topics_that_there_are(texts: list[str], number: int) -> None:
    found = topics.find(texts, number)
    assert len(found.terms) <= number
    assert len(found.shares) == len(texts)
    for shares in found.shares:
        assert all(topic < len(found.terms) for topic, _ in shares)
        assert sum(share for _, share in shares) == pytest.approx(1 if shares else 0, abs=1e-5)
