"""The stub `services/aio.pyi`: AsyncAI's products, read from the source of the synchronous ones."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..call import PRODUCTS

SERVICES_FOLDER = Path(__file__).parent.parent / "services"

_HEAD = """\
# Written by `python -m aiservices.api.snapshot` from the products beside it; not to be edited.
# mypy: disable-error-code="overload-overlap"
"""

_BASE = '''\
class AsyncProduct:
    """A product whose methods are coroutines; all that is no method stays as it is."""

    def __init__(self, product: Operations, run: Callable[..., Any]) -> None: ...
'''

_PROPERTIES = {"property", "cached_property"}


@dataclass
class _Imports:
    """What the stub imports, by the name it has there."""

    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Name -> module as written after `from`, name in that module; a whole module stands in the module ""."""

    def add(self, module: str, name: str, product: str = "", known: str = "") -> str:
        """The name under which the stub knows it: another one when two products mean different things by it."""
        known = known or name
        if self.names.setdefault(known, (module, name)) == (module, name):
            return known
        apart = f"_{product}_{known}"
        self.names[apart] = (module, name)
        return apart

    def lines(self) -> str:
        """The import statements."""
        modules: dict[str, list[str]] = {}
        for known, (module, name) in sorted(self.names.items()):
            modules.setdefault(module, []).append(name if name == known else f"{name} as {known}")
        whole = [f"import {name}\n" for name in modules.pop("", ())]
        parts = [
            f"from {module} import {', '.join(names)}\n" for module, names in sorted(modules.items(), key=_ours_last)
        ]
        return "".join(whole + parts)


def _ours_last(item: tuple[str, list[str]]) -> tuple[bool, str]:
    return item[0].startswith("."), item[0]


def aio_stub(folder: Path = SERVICES_FOLDER) -> str:
    """The stub's text."""
    imports = _Imports()
    imports.add("collections.abc", "Callable")
    imports.add("typing", "Any")
    imports.add("..api.operations", "Operations")
    classes = [_product(folder, product, imports) for product in PRODUCTS]
    return "\n".join([_HEAD + imports.lines(), _BASE, *classes])


def _product(folder: Path, product: str, imports: _Imports) -> str:
    file = folder / product / "__init__.py"
    packaged = file.exists()
    module = ast.parse((file if packaged else folder / f"{product}.py").read_text("utf-8"))
    classes = {node.name: node for node in module.body if isinstance(node, ast.ClassDef)}
    source = classes[next(name for name in classes if name.lower() == product.replace("_", ""))]
    known = _known(module, product, packaged)
    bases = ["AsyncProduct"]
    for base in source.bases:
        if not isinstance(base, ast.Name) or not base.id.endswith("Operations"):
            raise ValueError(f"{product}.py: {source.name} may only inherit from classes of operations")
        if base.id != "Operations":
            bases.append(imports.add(known[base.id][0], f"_Async{base.id}", product))
    body = [_twin(node, known, imports, product) for node in list(_public(source))]
    docstring = ast.get_docstring(source, clean=False)
    text = [f"class Async{source.name}({', '.join(bases)}):", f'    """{docstring}"""' if docstring else "    ..."]
    return "\n".join([*text, *(_indented(ast.unparse(node)) for node in body)]) + "\n"


def _public(source: ast.ClassDef) -> Iterator[ast.FunctionDef]:
    """The public methods. Of an overloaded one a stub has the overloads only; the first gets the docstring."""
    overloads: dict[str, ast.FunctionDef] = {}
    for node in source.body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        if [ast.unparse(decorator) for decorator in node.decorator_list] == ["each"]:
            yield from _of_each(node)
            continue
        if "overload" in map(ast.unparse, node.decorator_list):
            overloads.setdefault(node.name, node)
        elif node.name in overloads:
            overloads[node.name].body = node.body[:1]
            continue
        yield node


def _of_each(verb: ast.FunctionDef) -> Iterator[ast.FunctionDef]:
    """The overloads that `services.texts.each` makes of a method: over one text, many, and a column of a DataFrame."""
    assert isinstance(verb.returns, ast.Subscript)  # Outcomes[Result]
    result = ast.unparse(verb.returns.slice)
    for given, returns in (("str", result), ("Texts", f"Many[{result}]"), ("DataFrame", f"Many[{result}]")):
        node = copy.deepcopy(verb)
        node.decorator_list = [ast.Name("overload")]
        node.args.args[1].annotation = ast.parse(given, mode="eval").body
        node.returns = ast.parse(returns, mode="eval").body
        if given != "str":
            node.body = node.body[1:]
        if given == "DataFrame":
            node.args.kwonlyargs.insert(0, ast.arg("column", ast.Name("str")))
            node.args.kw_defaults.insert(0, None)
        yield node


def _known(module: ast.Module, product: str, packaged: bool) -> Mapping[str, tuple[str, str]]:
    """What the names in a product's module stand for: module as after `from` in the stub, name there."""
    found = {"overload": ("typing", "overload")}
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found |= {alias.asname or alias.name: ("", alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            where = "." * node.level + (node.module or "")
            if packaged and node.level:  # the stub lies a floor above
                where = f".{product}{where}".rstrip(".") if node.level == 1 else where[1:]
            found |= {alias.asname or alias.name: (where, alias.name) for alias in node.names}
    for node in module.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            found[node.name] = (f".{product}", node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id: (f".{product}", target.id) for target in targets if isinstance(target, ast.Name)}
    return found


def _twin(
    method: ast.FunctionDef, known: Mapping[str, tuple[str, str]], imports: _Imports, product: str
) -> ast.FunctionDef | ast.AsyncFunctionDef:
    """The method's stub: a coroutine, or the property as it is."""
    rename = _Rename(known, imports, product)
    arguments = method.args
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg):
        if argument is not None and argument.annotation is not None:
            argument.annotation = rename.annotation(argument.annotation)
    arguments.defaults = [_default(value) for value in arguments.defaults]
    arguments.kw_defaults = [value and _default(value) for value in arguments.kw_defaults]
    returns = rename.annotation(method.returns) if method.returns else None
    words = [ast.unparse(decorator) for decorator in method.decorator_list]
    docstring = ast.get_docstring(method, clean=False)
    body: list[ast.stmt] = [ast.Expr(ast.Constant(docstring if docstring else ...))]
    if _PROPERTIES & set(words):
        kind: type[ast.FunctionDef | ast.AsyncFunctionDef] = ast.FunctionDef
        decorators: list[ast.expr] = [ast.Name("property")]
    else:
        kind = ast.AsyncFunctionDef
        decorators = [ast.Name(imports.add(*known[word], product)) for word in words]
    return kind(method.name, arguments, body, decorators, returns, lineno=0)


class _Rename(ast.NodeTransformer):
    """Imports what an annotation names, and turns classes of operations into their twins."""

    def __init__(self, known: Mapping[str, tuple[str, str]], imports: _Imports, product: str) -> None:
        self._known, self._imports, self._product = known, imports, product

    def annotation(self, node: ast.expr) -> ast.expr:
        """The annotation for the stub."""
        found: ast.expr = self.visit(node)
        return found

    def visit_Name(self, node: ast.Name) -> ast.Name:
        """A name of the module becomes one the stub imports; builtins stay."""
        if node.id not in self._known:
            return node
        module, name = self._known[node.id]
        if name.endswith("Operations"):
            return ast.Name(self._imports.add(module, f"_Async{name}", self._product))
        return ast.Name(self._imports.add(module, name, self._product, node.id))


def _default(value: ast.expr) -> ast.expr:
    """Plain constants show in the stub, all else only as being there."""
    return value if isinstance(value, ast.Constant) else ast.Constant(...)


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" if line else "\n" for line in text.splitlines())
