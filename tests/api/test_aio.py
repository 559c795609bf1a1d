"""The products of AsyncAI: coroutines of the same operations and verbs, and the stub that lists them."""

import ast
import asyncio
import inspect
import threading
from functools import cached_property
from importlib import import_module

import pytest

from aiservices.api.aio_stub import aio_stub
from aiservices.api.operations import Operations, operations_class
from aiservices.call import PRODUCTS
from aiservices.errors import InvalidCallError
from aiservices.services import aio
from aiservices.services.aio import AsyncProduct


class Answers:
    def __init__(self, reply):
        self.reply = reply

    def send(self, service, operation, params):
        return {**self.reply, "Params": params, "Thread": threading.current_thread().name}


class Shelf(operations_class("polly")):
    """A product with verbs of its own."""

    colour = "red"

    @cached_property
    def inner(self):
        return operations_class("kendra-ranking")(self._caller)

    def lift(self, weight, *, times=1):
        """Lift it."""
        return weight * times, threading.current_thread().name


async def run(function, *arguments, **parameters):
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, lambda: function(*arguments, **parameters))


@pytest.fixture
def shelf():
    return AsyncProduct(Shelf(Answers({"Lexicons": [{"Name": "x"}]})), run)


def test_operations_and_verbs_are_coroutines_on_the_pool(shelf):
    reply = asyncio.run(shelf.list_lexicons(next_token="t"))
    assert reply.lexicons[0].name == "x"
    assert reply.Params == {"NextToken": "t"}
    assert reply.Thread != threading.main_thread().name
    product, thread = asyncio.run(shelf.lift(3, times=2))
    assert (product, thread != threading.main_thread().name) == (6, True)
    assert inspect.iscoroutinefunction(shelf.list_lexicons)
    assert shelf.lift is shelf.lift


def test_they_say_the_same_about_themselves(shelf):
    sync = shelf.list_lexicons.__wrapped__
    assert sync.operation.name == "ListLexicons"
    assert inspect.signature(shelf.list_lexicons) == inspect.signature(sync)
    assert shelf.list_lexicons.__doc__ == sync.__doc__
    assert shelf.lift.__name__ == "lift"
    assert set(dir(shelf)) >= {"list_lexicons", "lift", "inner", "colour"}
    assert repr(shelf) == "<AsyncShelf>"
    assert type(shelf).__doc__ == "A product with verbs of its own."


def test_parts_are_asynchronous_too_and_values_are_values(shelf):
    assert isinstance(shelf.inner, AsyncProduct)
    assert inspect.iscoroutinefunction(shelf.inner.rescore)
    assert shelf.colour == "red"


def test_errors_come_through(shelf):
    with pytest.raises(AttributeError, match='did you mean "list_lexicons"'):
        _ = shelf.list_lexicon
    with pytest.raises(InvalidCallError, match="has no parameter"):
        asyncio.run(shelf.list_lexicons(nex_token="t"))
    assert not hasattr(shelf, "_caller")


@pytest.mark.parametrize("product", PRODUCTS)
def test_every_products_class_can_be_named(product):
    stub = ast.parse((aio_stub_file()).read_text("utf-8"))
    name = next(
        node.name
        for node in stub.body
        if isinstance(node, ast.ClassDef) and node.name.lower() == f"async{product.replace('_', '')}"
    )
    owner = getattr(aio, name)
    assert owner.__name__ == name
    assert issubclass(owner, AsyncProduct)


def aio_stub_file():
    from aiservices.api.aio_stub import SERVICES_FOLDER

    return SERVICES_FOLDER / "aio.pyi"


def test_an_instance_is_one_of_its_products_class():
    from aiservices.services.lex import Lex

    lex = AsyncProduct(Lex(Answers({})), run)
    assert isinstance(lex, aio.AsyncLex)
    assert type(lex) is aio.AsyncLex
    with pytest.raises(AttributeError, match="AsyncNothing"):
        _ = aio.AsyncNothing
    with pytest.raises(AttributeError):
        _ = aio.Lex


def differences(text):
    """Where the stub's classes and the products' own classes differ, one line each."""
    classes = {node.name: node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)}
    for product in PRODUCTS:
        module = import_module(f"aiservices.services.{product}")
        name = next(n for n in vars(module) if n.lower() == product.replace("_", ""))
        if f"Async{name}" not in classes:
            yield f"only the runtime has {name}"
            continue
        node, owner = classes[f"Async{name}"], getattr(module, name)
        bases = {ast.unparse(base).removeprefix("_Async") for base in node.bases} - {"AsyncProduct"}
        if bases != {base.__name__ for base in owner.__bases__} - {"Operations"}:
            yield f"{name} has other bases: {bases}"
        own = {n: value for n, value in vars(owner).items() if not n.startswith("_")}
        written = {part.name for part in node.body if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)}
        yield from (f"{name}.{verb}" for verb in written ^ set(own))
        for part in node.body:
            if isinstance(part, ast.AsyncFunctionDef) and inspect.isfunction(own.get(part.name)):
                yield from _verb(f"{name}.{part.name}", part, own[part.name])
            elif isinstance(part, ast.FunctionDef) and inspect.isfunction(own.get(part.name)):
                yield f"{name}.{part.name} is no coroutine"


def _verb(name, part, function):
    if "overload" in map(ast.unparse, part.decorator_list):
        return  # one of several: the implementation takes more
    made = list(inspect.signature(function).parameters.values())
    arguments = part.args
    written = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
    positional = [p.name for p in made if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    named = {p.name: p.default is p.empty for p in made if p.kind is p.KEYWORD_ONLY}
    if (
        written != positional
        or {a.arg: default is None for a, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)}
        != named
    ):
        yield f"{name}{inspect.signature(function)}"
    if len(arguments.defaults) != sum(p.default is not p.empty for p in made if p.name in positional):
        yield f"{name}: other defaults"


def test_the_stub_is_what_the_runtime_does():
    assert list(differences(aio_stub_file().read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("class AsyncPolly(", "class AsyncPoly("),
        ("(AsyncProduct, _AsyncLexv2ModelsOperations", "(AsyncProduct"),
        ("    async def speak(", "    def speak("),
        ("    async def speak(", "    async def talk("),
        ("    async def speak(self, ", "    async def speak(self, loud: bool, "),
    ],
)
def test_a_broken_stub_is_found(old, new):
    text = aio_stub_file().read_text("utf-8")
    assert old in text
    assert list(differences(text.replace(old, new, 1))) != []


PLAIN = '"""X."""\n\nfrom ..api.{module} import {owner}Operations\n\n\nclass {name}({owner}Operations):\n    """X."""\n'

COMPREHEND = '''
from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

from ..api.comprehend import ComprehendOperations
from ..api.kendra_ranking import KendraRankingOperations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..jobs import Job

LIMIT = 25
Words = list[str]


class Mood:
    pass


class Comprehend(ComprehendOperations):
    """Reads text."""

    def __init__(self, caller: Any) -> None: ...
    def _hidden(self) -> None: ...

    @property
    def name(self) -> str:
        """Its name."""
        return "x"

    @cached_property
    def part(self) -> KendraRankingOperations: ...

    @overload
    def mood(self, text: str) -> Mood: ...
    @overload
    def mood(self, text: Sequence[str]) -> list[Mood]: ...
    def mood(self, text: Any) -> Any:
        """The mood."""
        return Mood()

    def start(self, *texts: Words, limit: int = LIMIT, since: dt.datetime | None = None) -> Job[Mood]:
        """Begin."""
'''


@pytest.fixture
def folder(tmp_path):
    owners = {"fraud_detector": ("frauddetector", "Frauddetector", "FraudDetector"),
              "codeguru": ("codeguru_reviewer", "CodeguruReviewer", "CodeGuru")}  # fmt: skip
    for product in PRODUCTS:
        module, owner, name = owners.get(product, (product, product.capitalize(), product.capitalize()))
        if product == "lex":
            module, owner = "lexv2_models", "Lexv2Models"
        text = PLAIN.format(module=module, owner=owner, name=name)
        (tmp_path / f"{product}.py").write_text(text, "utf-8")
    (tmp_path / "comprehend.py").write_text(COMPREHEND, "utf-8")
    return tmp_path


def test_the_stub_has_the_coroutine_of_every_verb(folder):
    text = aio_stub(folder)
    owner = text[text.index("class AsyncComprehend(") : text.index("class AsyncForecast(")].rstrip()
    assert (
        owner
        == '''class AsyncComprehend(AsyncProduct, _AsyncComprehendOperations):
    """Reads text."""
    @property
    def name(self) -> str:
        """Its name."""

    @property
    def part(self) -> _AsyncKendraRankingOperations:
        ...

    @overload
    async def mood(self, text: str) -> Mood:
        """The mood."""

    @overload
    async def mood(self, text: Sequence[str]) -> list[Mood]:
        ...

    async def start(self, *texts: Words, limit: int=..., since: dt.datetime | None=None) -> Job[Mood]:
        """Begin."""'''
    )
    for line in (
        "import datetime as dt",
        "from .comprehend import Mood, Words",
        "from ..jobs import Job",
        "from ..api.comprehend import _AsyncComprehendOperations",
        "from ..api.kendra_ranking import _AsyncKendraRankingOperations",
        "from collections.abc import Callable, Sequence",
        "from typing import Any, overload",
    ):
        assert line in text.splitlines()
    ast.parse(text)


def test_two_products_may_mean_different_things_by_a_name(folder):
    (folder / "polly.py").write_text(
        "from ..api.polly import PollyOperations\n\nclass Mood: ...\n\n"
        "class Polly(PollyOperations):\n    def mood(self) -> Mood: ...\n", "utf-8",
    )  # fmt: skip
    text = aio_stub(folder)
    assert "from .polly import Mood as _polly_Mood" in text
    assert "async def mood(self) -> _polly_Mood:" in text


def test_a_base_the_stub_can_not_show_is_refused(folder):
    (folder / "polly.py").write_text("class Base: ...\n\nclass Polly(Base): ...\n", "utf-8")
    with pytest.raises(ValueError, match=r"polly.py: Polly may only inherit from classes of operations"):
        aio_stub(folder)


def test_operations_without_a_caller_need_one():
    with pytest.raises(TypeError):
        Operations()
