"""One life of every resource in every table: made, shown, listed, changed, tagged, deleted, missed."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from aiservices_mocks import Clock, Mock
from aiservices_mocks.backend import service_class
from aiservices_mocks.examples import example
from aiservices_mocks.replies import check_reply
from aiservices_mocks.resources import Resource, Verb

from aiservices.api.model import Operation, load
from aiservices.call import SERVICES, Call, Reply
from aiservices.errors import ServiceError

TOKENS = {"ClientRequestToken", "ClientToken", "clientToken", "clientRequestToken"}
ROWS = [
    pytest.param(service, row, id=f"{service}-{row.noun}")
    for service in SERVICES
    for row in getattr(service_class(service), "resources", ())
]


def rows(wanted: Callable[[str, Resource], object]) -> list[Any]:
    """The rows that a rule is about."""
    return [row for row in ROWS if wanted(*row.values)]


def has(service: str, row: Resource, verb: Verb) -> bool:
    return row.operation(verb, load(service)) is not None


def replaces(service: str, row: Resource) -> bool:
    """Whether making it again puts it in the place of the old one."""
    create = row.operation("create", load(service))
    return create is not None and create.name.startswith(("Put", "Import"))


class Life:
    """One resource in a world of its own, with what it needs to be there."""

    def __init__(self, service: str, row: Resource, clock: Clock | None = None) -> None:
        self.mock = Mock(clock=clock)
        self.service = service
        self.row = row
        self.model = load(service)
        self.used_ones: dict[str, dict[str, Any]] = {}
        self.keys: dict[tuple[str, str], dict[str, Any]] = {}
        self.tokens = itertools.count()

    def operation(self, verb: Verb, row: Resource | None = None) -> Operation | None:
        return (row or self.row).operation(verb, self.model)

    def send(self, operation: Operation, params: Mapping[str, Any]) -> Reply:
        reply = self.mock.send(Call(self.service, operation.name, wrapped(operation, params)))
        assert check_reply(operation, reply) == [], operation.name
        return reply

    def create(self, seed: int = 0, row: Resource | None = None, **given: Any) -> dict[str, Any]:
        """Make one (and its parents); the members that name it."""
        row = row or self.row
        operation = self.operation("create", row)
        assert operation is not None
        assert operation.input is not None
        optional = TOKENS - operation.input.required
        params = {name: v for name, v in example(operation.input, seed).items() if name not in optional}
        params |= {name: f"token-{next(self.tokens)}" for name in TOKENS & params.keys()}
        params.pop("Tags", None)
        params.pop("tags", None)
        parents = {}
        for member, noun in row.parents.items():
            parent = next(r for r in self.rows if r.noun == noun)
            parents[member] = given[member] if member in given else self.create(seed, parent)[parent.id]
            parents |= {n: v for n, v in self.beside(noun, parents[member]).items() if n in operation.input.members}
        for member, nouns in row.uses.items():
            noun = nouns.split("|")[0]
            if member in params:
                params[member] = holding(self.used(noun), params[member])
        right = GIVEN.get((self.service, row.noun), nothing)(self, seed)
        params |= parents | right | given
        params = {name: value for name, value in params.items() if value is not None}
        in_arn = re.findall(r"{(\w+)}", row.arn) if row.made == "{arn}" else []
        for name in (row.id, row.unique, *in_arn):
            own = name in params and name not in {**right, **given, **parents}
            if own and isinstance(params[name], str) and not operation.input.members[name].enum:
                params[name] = self.named(params[name], seed)
        reply = self.send(operation, params)
        named = params.get(row.id) or shown_id(reply, row)
        assert named, f"{operation.name} does not show {row.id}"
        self.keys[row.noun, str(named)] = {name: params[name] for name in row.keys}
        return {**parents, **self.beside(row.noun, named), row.id: named}

    def beside(self, noun: str, name: Any) -> dict[str, Any]:
        """What belongs to the identity of one that was made, besides its id."""
        return self.keys.get((noun, str(name)), {})

    def used(self, noun: str) -> Any:
        """What names one of these, made when first asked for."""
        row = next(r for r in self.rows if r.noun == noun)
        if noun not in self.used_ones:
            self.used_ones[noun] = self.create(0, row)
            self.settle()
        return self.used_ones[noun] if row.keys else self.used_ones[noun][row.id]

    def named(self, name: str, seed: int) -> str:
        return name[: max(len(name) - 1, 1)] + "abcdefgh"[seed] if len(name) > 1 else "abcdefgh"[seed]

    @property
    def rows(self) -> tuple[Resource, ...]:
        kind = service_class(self.service)
        assert kind is not None
        return kind.resources

    def settle(self) -> None:
        """Let time pass until everything is in its last state."""
        self.mock.clock.advance(days=30)

    def code(self, operation: Operation, params: Mapping[str, Any]) -> str:
        """The code of the refusal."""
        with pytest.raises(ServiceError) as caught:
            self.send(operation, params)
        assert caught.value.code in {*operation.errors, "ValidationException"}, operation.name
        return caught.value.code


def nothing(life: Life, seed: int) -> dict[str, Any]:
    """What most rows need besides the example of the model."""
    return {}


def repository(life: Life, seed: int) -> dict[str, Any]:
    """One of the kinds of repositories: the model does not say that there is only one."""
    return {"Repository": {"CodeCommit": {"Name": f"shop-{seed}"}}}


def artifact(life: Life, seed: int) -> dict[str, Any]:
    """Code that a place was asked for."""
    url = life.mock.send(Call("codeguru-security", "CreateUploadUrl", {"scanName": "shop"}))
    return {"resourceId": {"codeArtifactId": url["codeArtifactId"]}}


def policy(life: Life, seed: int) -> dict[str, Any]:
    """A policy that is one, without a revision before it."""
    return {"PolicyDocument": '{"Statement": [{"Effect": "Allow"}]}', "PolicyRevisionId": None}


def no_source(life: Life, seed: int) -> dict[str, Any]:
    """An empty dataset: no manifest has to be there."""
    return {"DatasetSource": None}


def terms(life: Life, seed: int) -> dict[str, Any]:
    """A file of terms that can be read."""
    return {"TerminologyData": {"File": b"en,fr\nhello,bonjour\n", "Format": "CSV"}}


def pairs(life: Life, seed: int) -> dict[str, Any]:
    """A file of parallel data that is there."""
    life.mock.s3["pairs/data.csv"] = "en,fr\nHello!,Bonjour !\n"
    return {"ParallelDataConfig": {"S3Uri": "s3://pairs/data.csv", "Format": "CSV"}}


def grouped(life: Life, seed: int, **given: Any) -> dict[str, Any]:
    """A Personalize dataset group of its own."""
    group = next(row for row in life.rows if row.noun == "DatasetGroup")
    named = life.create(seed + 3, group, domain="ECOMMERCE")
    if seed == 0:
        life.used_ones[group.noun] = named
    life.settle()
    return {**named, **given}


def recipe(name: str) -> str:
    return f"arn:aws:personalize:::recipe/{name}"


def avro(life: Life, seed: int) -> dict[str, Any]:
    """A schema that Personalize takes."""
    return {"schema": '{"type": "record", "name": "Items", "fields": [{"name": "ITEM_ID", "type": "string"}]}'}


GIVEN: Mapping[tuple[str, str], Callable[[Life, int], dict[str, Any]]] = {
    ("codeguru-reviewer", "RepositoryAssociation"): repository,
    ("comprehend", "Endpoint"): lambda life, seed: {"DesiredInferenceUnits": 1 + seed},
    ("comprehend", "Flywheel"): lambda life, seed: {"TaskConfig": None, "ModelType": None},
    ("kendra", "DataSource"): lambda life, seed: {"Type": "S3"},
    ("codeguru-security", "Scan"): artifact,
    ("translate", "ParallelData"): pairs,
    ("translate", "Terminology"): terms,
    ("rekognition", "ProjectPolicy"): policy,
    ("rekognition", "Dataset"): no_source,
    ("personalize", "Schema"): avro,
    ("personalize", "Dataset"): lambda life, seed: {"datasetType": ("Items", "Users", "Interactions")[seed]},
    ("personalize", "EventTracker"): grouped,
    ("personalize", "MetricAttribution"): grouped,
    ("personalize", "Filter"): lambda life, seed: {"filterExpression": 'INCLUDE ItemID WHERE Items.G IN ("a")'},
    ("personalize", "Solution"): lambda life, seed: {"recipeArn": recipe("aws-similar-items")},
    ("personalize", "Recommender"): lambda life, seed: grouped(
        life, seed, recipeArn=recipe("aws-ecomm-recommended-for-you")
    ),
    ("forecast", "DatasetGroup"): lambda life, seed: {"DatasetArns": None},
}
"""Members of a create that an example made from the model cannot have right."""


def wrapped(operation: Operation, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The members of a request, in the structure that the operation takes them in (`DeleteRule`'s `rule`)."""
    members = operation.input.members if operation.input else {}
    around = [name for name, shape in members.items() if shape.type == "structure" and {*params} == {*shape.members}]
    return {around[0]: params} if around and not members.keys() & params.keys() else params


def holding(name: Any, value: Any) -> Any:
    """The name in the form of a value: one, or a list of one."""
    return [name] if isinstance(value, list) else name


def find(reply: Any, member: str) -> Any:
    """The member of a reply, at the top or in the structure around it."""
    for key, value in reply.items():
        if key == member:
            return value
    inner = [v for k, v in reply.items() if isinstance(v, Mapping) and k != "ResponseMetadata"]
    return next((found for one in inner if (found := find(one, member)) is not None), None)


def id_names(row: Resource) -> list[str]:
    """What the id of a resource is called in replies."""
    return [row.id, *(shown for shown, given in row.renames.items() if given == row.id)]


def shown_id(reply: Reply, row: Resource) -> Any:
    """The id that a reply shows."""
    return next((found for name in id_names(row) if (found := find(reply, name)) is not None), None)


def hides_id(operation: Operation, row: Resource) -> bool:
    """Whether the model of a reply has no place for the id."""
    members = operation.output.members if operation.output else {}
    inner = {name for shape in members.values() if shape.type == "structure" for name in shape.members}
    return not any(name in members or name in inner for name in id_names(row))


def listed(life: Life, params: Mapping[str, Any]) -> list[Any]:
    operation = life.operation("list")
    assert operation is not None
    assert operation.output is not None
    members, required = (operation.input.members, operation.input.required) if operation.input else ({}, ())
    own = {life.row.id, *life.row.keys} - {*required}
    wanted = {n: v for n, v in params.items() if n in members and n not in own}
    member = next(n for n, s in operation.output.members.items() if s.type == "list")
    found = life.send(operation, wanted)[member]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(("service", "row"), ROWS)
def test_it_is_shown_and_listed_until_it_is_deleted(service: str, row: Resource) -> None:
    life = Life(service, row)
    first, second = life.create(0), None
    if row.made or not row.unique:
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


@pytest.mark.parametrize(("service", "row"), rows(lambda service, row: row.parents))
def test_its_parents_must_exist(service: str, row: Resource) -> None:
    life = Life(service, row)
    first = life.create(0)
    member = next(iter(row.parents))
    with pytest.raises(ServiceError):
        life.create(1, **{**{n: first[n] for n in row.parents}, member: swapped(first[member])})


def swapped(name: str) -> str:
    """Another name of the same form."""
    return name[:-1] + ("b" if name[-1] == "a" else "a")


@pytest.mark.parametrize(("service", "row"), rows(lambda service, row: row.life and has(service, row, "read")))
def test_its_states_follow_the_clock(service: str, row: Resource) -> None:
    life = Life(service, row, Clock.manual())
    assert row.life is not None
    steps = row.life.created
    first = life.create(0)
    read = life.operation("read")
    assert read is not None
    for state, seconds in steps:
        shown = find(life.send(read, first), row.life.member)
        assert shown == state
        life.mock.clock.advance(seconds=seconds)
    assert find(life.send(read, first), row.life.member) == steps[-1][0]


@pytest.mark.parametrize(("service", "row"), rows(lambda service, row: row.quota))
def test_there_are_no_more_than_its_quota(service: str, row: Resource, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    kind = service_class(service)
    assert kind is not None
    small = tuple(replace(one, quota=2) if one.noun == row.noun else one for one in kind.resources)
    monkeypatch.setattr(kind, "resources", small)
    life = Life(service, next(one for one in small if one.noun == row.noun))
    first = life.create(0)
    parents = {name: first[name] for name in row.parents}
    life.create(1, **parents)
    with pytest.raises(ServiceError) as caught:
        life.create(2, **parents)
    create = life.operation("create")
    assert create is not None
    assert caught.value.code in ([code for code in create.errors if "Exceeded" in code] or ["ValidationException"])


@pytest.mark.parametrize(("service", "row"), rows(lambda service, row: row.uses))
def test_what_it_uses_must_exist_and_stays(service: str, row: Resource) -> None:
    life = Life(service, row)
    create = life.operation("create")
    assert create is not None
    assert create.input is not None
    first = life.create(0)
    life.settle()
    for member, nouns in row.uses.items():
        noun = nouns.split("|")[0]
        delete = life.operation("delete", next(one for one in life.rows if one.noun == noun))
        assert delete is None or "NotFound" not in life.code(delete, life.used_ones[noun])
        name = life.used(noun)
        unknown: Any = {n: swapped(v) for n, v in name.items()} if isinstance(name, dict) else swapped(name)
        if create.input.members[member].type == "list":
            unknown = [unknown]
        with pytest.raises(ServiceError):
            life.create(1, **{n: first[n] for n in row.parents}, **{member: unknown})
