"""What is wrong with a request in ways that no constraint of the model says: the service's own error, nothing changed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from aiservices_mocks import Mock
from aiservices_mocks.examples import example
from aiservices_mocks.paging import Tokens
from aiservices_mocks.resources import Resource

from aiservices import AI
from aiservices.api.model import Operation, load
from aiservices.call import SERVICES, Call
from aiservices.errors import InvalidCallError, ServiceError
from tests.mocks.lives import ROWS, Life, has, hides_id, listed, rows
from tests.mocks.test_operations import asked, filled, name_of, row_of

COMMON = {"ValidationException", "SerializationException"}
PAGED = [o for service in SERVICES for o in load(service).operations.values() if o.page_tokens and row_of(o)]
GIVEN_NAMES = rows(lambda service, row: not row.made and not row.parents.get(row.id) and has(service, row, "read"))


def tables(mock: Mock) -> Any:
    """All that is remembered."""
    store = mock.world.store
    return repr({key: dict(table) for key, table in store._tables.items() if table})


@pytest.mark.parametrize("operation", PAGED, ids=name_of)
def test_a_token_of_another_list_is_refused(operation: Operation) -> None:
    found = row_of(operation)
    assert found is not None
    life = Life(operation.service.name, found[0])
    named = life.create(0)
    life.settle()
    params = {**filled(life, operation, known=named), **asked(operation, named)}
    before = tables(life.mock)
    ours, _ = operation.page_tokens or ("", "")
    foreign = Tokens(life.mock.world.seed, "ListOthers", params).write(1)
    for token in ("2:20000000", "e30", "0" * 48, "f" * 64, foreign):
        with pytest.raises(ServiceError) as caught:
            life.send(operation, {**params, ours: token})
        assert caught.value.code in {*operation.errors, *COMMON}, token
    assert tables(life.mock) == before


@pytest.mark.parametrize(("service", "row"), GIVEN_NAMES)
def test_a_name_that_differs_in_case_only_names_another_one(service: str, row: Resource) -> None:
    life = Life(service, row)
    first = life.create(0)
    read = life.operation("read")
    assert read is not None
    other = {**first, row.id: str(first[row.id]).swapcase()}
    assert other != first
    life.settle()
    before = tables(life.mock)
    with pytest.raises(ServiceError) as caught:
        life.send(read, other)
    assert caught.value.code in {*read.errors, *COMMON}
    assert tables(life.mock) == before


@pytest.mark.parametrize(("service", "row"), ROWS)
def test_an_id_of_another_region_or_account_names_nothing(service: str, row: Resource) -> None:
    life = Life(service, row)
    first = life.create(0)
    life.settle()
    for operation in filter(None, (life.operation("read"), life.operation("delete"))):
        for mock in (life.mock.at("eu-west-1"), life.mock.at("us-east-1", "999999999999")):
            before = tables(life.mock)
            with pytest.raises(ServiceError) as caught:
                mock.send(Call(service, operation.name, asked(operation, first)))
            assert caught.value.code in {*operation.errors, *COMMON}
            assert tables(life.mock) == before
    if (read := life.operation("read")) and not hides_id(read, row):
        assert life.send(read, first)
    if life.operation("list"):
        assert listed(life, first)


HOSTILE = ("\ud800", "a\x00b", "\x1b[2J", "a\u202eb", "x" * 100_000)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("text", HOSTILE, ids=["surrogate", "null", "escape", "bidi", "long"])
def test_any_text_is_answered_or_refused_as_aws_would(service: str, text: str) -> None:
    mock = Mock()
    for operation in load(service).operations.values():
        members = operation.input.members if operation.input else {}
        for name in [n for n, shape in members.items() if shape.type == "string" and not shape.enum][:2]:
            assert operation.input is not None
            params = {**example(operation.input, 0, optional=False), name: text}
            try:
                mock.send(Call(service, operation.name, params))
            except ServiceError as error:
                assert error.code in {*operation.errors, *COMMON, "AccessDeniedException"}, name_of(operation)  # noqa: PT017 - the loop goes on to the next operation
                assert text not in str(error) or len(text) < 5, name_of(operation)  # noqa: PT017 - the loop goes on to the next operation


@pytest.mark.parametrize("time", [1e30, -1e30, float("nan"), float("inf"), 10**400], ids=str)
def test_times_beyond_range_are_refused_before_they_are_sent(time: Any) -> None:
    mock = Mock()
    with AI(backend=mock) as ai, pytest.raises(InvalidCallError, match=r"filter\.submit_time_before takes a datetime"):
        ai.comprehend.list_document_classifiers(filter={"submit_time_before": time})
    with pytest.raises(ServiceError):
        mock.send(Call("comprehend", "ListDocumentClassifiers", {"Filter": {"SubmitTimeBefore": time}}))


@pytest.mark.parametrize("time", [datetime(1, 1, 1), datetime(9999, 12, 31, tzinfo=UTC)], ids=str)
def test_the_first_and_the_last_time_there_is_compare_with_all_others(time: datetime) -> None:
    mock = Mock()
    with AI(backend=mock) as ai:
        ai.translate.list_text_translation_jobs(filter={"submitted_before_time": time})
        ai.comprehend.list_document_classifiers(filter={"submit_time_before": time})


@pytest.mark.parametrize("tags", [51, 201, 100_000])
def test_more_tags_than_there_can_be_leave_none(tags: int) -> None:
    mock = Mock()
    mock.send(
        Call("transcribe", "CreateVocabulary", {"VocabularyName": "v", "LanguageCode": "en-US", "Phrases": ["a"]})
    )
    arn = "arn:aws:transcribe:us-east-1:123456789012:vocabulary/v"
    many = [{"Key": f"key{number}", "Value": "v"} for number in range(tags)]
    with pytest.raises(ServiceError) as caught:
        mock.send(Call("transcribe", "TagResource", {"ResourceArn": arn, "Tags": many}))
    assert caught.value.code in {"BadRequestException", "LimitExceededException", *COMMON}
    assert not mock.send(Call("transcribe", "ListTagsForResource", {"ResourceArn": arn})).get("Tags")
