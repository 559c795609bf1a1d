"""One life of every resource in every table: made, shown, listed, deleted, missed."""

from __future__ import annotations

import pytest
from aiservices_mocks.resources import Resource

from aiservices.errors import ServiceError
from tests.mocks.lives import ROWS, Life, hides_id, listed, replaces, rows, shown_id


@pytest.mark.parametrize(("service", "row"), ROWS)
def test_it_is_shown_and_listed_until_it_is_deleted(service: str, row: Resource) -> None:
    life = Life(service, row)
    first, second = life.create(0), None
    if (row.made or not row.unique) and row.id not in row.parents:
        second = life.create(1, **{name: first[name] for name in row.parents})
    life.settle()
    read, delete = life.operation("read"), life.operation("delete")
    if read is not None:
        assert shown_id(life.send(read, first), row) == (None if hides_id(read, row) else first[row.id])
    if life.operation("list") is not None:
        assert len(listed(life, first)) == (2 if second else 1)
    if delete is None:
        return
    life.send(delete, first)
    if read is not None:
        assert "ResourceInUse" not in life.code(read, first)
    if life.operation("list") is not None:
        assert len(listed(life, first)) == (1 if second else 0)
    life.code(delete, first)


@pytest.mark.parametrize(
    ("service", "row"), rows(lambda service, row: (not row.made or row.unique) and not replaces(service, row))
)
def test_a_second_one_of_the_same_name_is_refused(service: str, row: Resource) -> None:
    life = Life(service, row)
    create = life.operation("create")
    assert create is not None
    first = life.create(0)
    same = {name: first[name] for name in row.parents} | ({} if row.made else {row.id: first[row.id]})
    with pytest.raises(ServiceError) as caught:
        life.create(0, **same)
    assert caught.value.code in create.errors
