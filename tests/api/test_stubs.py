"""The stubs say what the runtime does: names, parameters, fields and their types, read by `ast`."""

import ast
import inspect
import re
import typing
from pathlib import Path
from typing import Any, ForwardRef

import pytest

from aiservices import api
from aiservices.api.operations import class_name, operations_class
from aiservices.api.shapes import types
from aiservices.api.structure import Request, Response
from aiservices.api.stubs import stub
from aiservices.call import SERVICES

FOLDER = Path(api.__file__).parent


def differences(service, text):
    """Where the stub's text and the runtime differ, one line each."""
    tree = ast.parse(text)
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    aliases = {node.target.id: ast.unparse(node.value) for node in tree.body if isinstance(node, ast.AnnAssign)}
    known, owner = types(service), class_name(service)
    yield from _sets("names", {*classes, *aliases}, {*known, owner, f"_Async{owner}"})
    for name, written in aliases.items():
        if name in known and eval(written, vars(typing)) != known[name]:
            yield f"{name}: {written}"
    for name in known.sources:
        if name in classes:
            yield from _type(classes[name], known[name], set(aliases))
    for name in (owner, f"_Async{owner}"):
        if name in classes:
            yield from _operations(classes[name], operations_class(service), name != owner)


def _sets(what, stub_has, runtime_has):
    yield from (f"{what}: only the stub has {name}" for name in sorted(stub_has - runtime_has))
    yield from (f"{what}: only the runtime has {name}" for name in sorted(runtime_has - stub_has))


def _type(node, kind, aliases):
    base = kind.__mro__[1].__name__
    if [ast.unparse(b) for b in node.bases] != [base]:
        yield f"{node.name} is no {base}"
    fields = {part.target.id: part for part in node.body if isinstance(part, ast.AnnAssign)}
    yield from _sets(node.name, set(fields), set(kind.model_fields))
    for name in fields.keys() & kind.model_fields.keys():
        written = ast.unparse(fields[name].annotation)
        plain = re.sub(rf"\b({'|'.join(aliases) or '-'})\b", "str", written).replace("_bytes", "bytes")
        plain = re.sub(r"\bReadable\b", "Any", plain.replace("_datetime", "datetime"))
        plain = plain.replace("Any | None", "Any")
        if plain != _text(kind.model_fields[name].annotation).replace("Any | None", "Any"):
            yield f"{node.name}.{name}: {written}, not {_text(kind.model_fields[name].annotation)}"
        if issubclass(kind, Response) and fields[name].value is None:
            yield f"{node.name}.{name} has no default"
    if issubclass(kind, Request):
        must = {name for name, part in fields.items() if part.value is None}
        runtime = getattr(operations_class(_service_of(kind)), _method_of(kind))
        yield from _sets(f"{node.name} requires", must, _required(inspect.signature(runtime)))


def _service_of(kind):
    module = kind.__module__.rpartition(".")[2]
    return next(service for service in SERVICES if service.replace("-", "_") == module)


def _method_of(kind):
    operations = types(_service_of(kind)).service.operations
    return next(o.python_name for o in operations.values() if o.request_name == kind.__name__)


def _required(signature):
    return {n for n, p in signature.parameters.items() if p.kind is p.KEYWORD_ONLY and p.default is p.empty}


def _text(annotation):
    if annotation is Any:
        return "Any"
    if isinstance(annotation, ForwardRef):
        return annotation.__forward_arg__
    arguments = typing.get_args(annotation)
    if typing.get_origin(annotation) in (list, dict):
        return f"{typing.get_origin(annotation).__name__}[{', '.join(map(_text, arguments))}]"
    if arguments:
        return " | ".join(map(_text, arguments))
    return "None" if annotation is type(None) else annotation.__name__


def _operations(node, owner, asynchronous):
    kind = ast.AsyncFunctionDef if asynchronous else ast.FunctionDef
    methods = {part.name: part for part in node.body if isinstance(part, kind)}
    if len(methods) != len(node.body):
        yield f"{node.name} has other things than {kind.__name__}"
    runtime = {name: inspect.signature(method) for name, method in vars(owner).items() if not name.startswith("_")}
    yield from _sets(node.name, set(methods), set(runtime))
    for name in methods.keys() & runtime.keys():
        arguments, signature = methods[name].args, runtime[name]
        if [a.arg for a in arguments.args] != ["self"] or arguments.vararg or arguments.kwarg:
            yield f"{node.name}.{name} takes other things than names"
        written = {a.arg: (ast.unparse(a.annotation), default is None)
                   for a, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)}  # fmt: skip
        made = {p.name: (p.annotation, p.default is p.empty)
                for p in signature.parameters.values() if p.kind is p.KEYWORD_ONLY}  # fmt: skip
        plain = {n: (re.sub(r"\b_(bytes|datetime)\b", r"\1", hint), must) for n, (hint, must) in written.items()}
        if plain != made:
            yield f"{node.name}.{name}: {plain}, not {made}"
        if ast.unparse(methods[name].returns) != signature.return_annotation:
            yield f"{node.name}.{name} answers another type"


@pytest.mark.parametrize("service", SERVICES)
def test_the_stub_is_what_the_runtime_does(service):
    text = (FOLDER / f"{service.replace('-', '_')}.pyi").read_text("utf-8")
    assert list(differences(service, text)) == []
    assert text == stub(service), "run python -m aiservices.api.snapshot"


BROKEN = {
    "an operation more": ("    def detect_sentiment(", "    def detect_irony(self) -> X: ...\n    def detect_sentiment("),
    "an operation less": (re.compile(r"    def detect_sentiment\(.*\n"), ""),
    "an async operation less": (re.compile(r"    async def detect_sentiment\(.*\n"), ""),
    "another parameter": ("def detect_sentiment(self, *, text:", "def detect_sentiment(self, *, txt:"),
    "another parameter's type": ("def detect_sentiment(self, *, text: str", "def detect_sentiment(self, *, text: int"),
    "an optional parameter": ("detect_sentiment(self, *, text: str,", "detect_sentiment(self, *, text: str = ...,"),
    "a positional parameter": ("def detect_sentiment(self, *, text", "def detect_sentiment(self, text"),
    "another answer": ("-> DetectSentimentResponse", "-> DetectSyntaxResponse"),
    "a type more": ("class DetectSentimentResponse", "class Bogus(Structure):\n    ...\nclass DetectSentimentResponse"),
    "another base": ("class DetectSentimentResponse(Response", "class DetectSentimentResponse(Request"),
    "a field more": ("    sentiment_score: SentimentScore", "    irony: float\n    sentiment_score: SentimentScore"),
    "a field less": (re.compile(r"    sentiment_score: SentimentScore.*\n"), ""),
    "another field's type": ("    languages: list[", "    languages: dict[str, "),
    "a field that is never None": ("    vpc_config: VpcConfig | None", "    vpc_config: VpcConfig"),
    "another enum": ('Literal["POSITIVE", ', 'Literal["HAPPY", '),
    "a request that requires less": (
        re.compile(r"(class DetectSentimentRequest\(Request, frozen=True\):\n    text: str)"), r"\1 = ..."),
}  # fmt: skip


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_stub_is_found(how):
    text = (FOLDER / "comprehend.pyi").read_text("utf-8")
    old, new = BROKEN[how]
    broken = old.sub(new, text, count=1) if isinstance(old, re.Pattern) else text.replace(old, new, 1)
    assert broken != text
    assert list(differences("comprehend", broken)) != []


@pytest.mark.parametrize("service", SERVICES)
def test_no_shape_hides_a_name_the_stub_imports(service):
    tree = ast.parse(stub(service))
    imported = {
        alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert not imported & set(types(service))
    builtin = {"str", "int", "float", "bool", "list", "dict"}
    fields = {field for name in types(service).sources for field in types(service)[name].model_fields}
    assert not builtin & (fields | set(types(service)))
