from __future__ import annotations

import pytest
from aiservices_mocks import Mock
from aiservices_mocks.paging import PageTokenError, page
from hypothesis import given
from hypothesis import strategies as st


@given(st.lists(st.integers(), max_size=60), st.integers(1, 9), st.integers(0, 5))
def test_pages_together_are_the_whole_list_in_order(items, size, seed):
    params = {"Filter": {"Name": "x"}}
    found, token, rounds = [], None, 0
    while token is not None or not rounds:
        some, token = page(seed, "ListThings", params | {"NextToken": token}, items, size)
        assert len(some) <= size
        found += some
        rounds += 1
    assert found == items
    assert rounds == max(1, -(-len(items) // size))


def test_a_token_holds_for_its_own_list_only():
    items = list(range(10))
    _, token = page(0, "ListThings", {"Filter": "a"}, items, 3)
    assert page(0, "ListThings", {"filter": "a", "next_token": token, "max_results": 4}, items, 4) == (
        [3, 4, 5, 6],
        page(0, "ListThings", {"Filter": "a", "NextToken": token}, items, 4)[1],
    )
    for operation, params, seed in [
        ("ListOthers", {"Filter": "a"}, 0),
        ("ListThings", {"Filter": "b"}, 0),
        ("ListThings", {}, 0),
        ("ListThings", {"Filter": "a"}, 1),
    ]:
        with pytest.raises(PageTokenError):
            page(seed, operation, params | {"NextToken": token}, items, 3)


@given(st.text(max_size=60))
def test_a_made_up_token_is_refused(token):
    with pytest.raises(PageTokenError):
        page(0, "ListThings", {"NextToken": token}, list(range(10)), 3)


def test_a_token_stays_valid_when_the_list_shrinks():
    _, token = page(0, "ListThings", {}, list(range(10)), 5)
    assert page(0, "ListThings", {"NextToken": token}, [1, 2], 5) == ([], None)


def test_tables_belong_to_an_account_and_a_region():
    store = Mock().world.store
    store.table("polly", "lexicon")["a"] = {"Name": "a"}
    assert dict(store.table("polly", "lexicon")) == {"a": {"Name": "a"}}
    assert not store.table("polly", "task")
    assert not store.scoped("123456789012", "eu-west-1").table("polly", "lexicon")
    assert store.scoped("123456789012", "us-east-1").table("polly", "lexicon") is store.table("polly", "lexicon")


def test_two_worlds_share_nothing():
    one, other = Mock(), Mock()
    one.world.store.table("polly", "lexicon")["a"] = {}
    one.s3["bucket/key"] = b"x"
    assert not other.world.store.table("polly", "lexicon")
    assert not list(other.s3)


def test_a_table_can_change_while_it_is_read():
    table = Mock().world.store.table("polly", "lexicon")
    for name in "abc":
        table[name] = {}
    for name in table:
        del table[name]
    assert len(table) == 0
    assert "a" not in table
