"""Imports run one way, down."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = [
    {"__main__"},
    {"commands"},
    {"client", "doctor", "policy", "server", "verify"},
    {"estimate"},
    {"rehearsal", "stack"},
    {"services"},
    {"backends", "observers"},
    {"money", "jobs", "files", "api", "lifecycle", "text"},
    {"caller"},
    {"config", "errors", "call"},
]
# Rooms that may not know each other although a floor would allow it, and what the seam forbids.
FORBIDDEN = {
    "services": {"backends", "observers"},
    "backends": {"client", "services"},
    "observers": {"client", "services", "backends"},
    "server": {"client", "services"},
    "stack": {"services"},
    "call": {"config", "errors"},
}
MOCKS_MAY_USE = {"call", "errors", "text", "api"}


def imports(path: Path, package: list[str]) -> set[str]:
    """The modules of ours that a file imports, at any depth, but not for types alone."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.If)
            and "TYPE_CHECKING" in ast.unparse(node.test)
            and "not" not in ast.unparse(node.test)
        ):
            node.body = []
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = f"{base}.{node.module}" if base and node.module else base or node.module or ""
            found |= {f"{module}.{alias.name}" for alias in node.names} | {module}
    return {name for name in found if name.split(".")[0] in ("aiservices", "aiservices_mocks")}


def package_of(path: Path, root: Path) -> list[str]:
    return list(path.relative_to(root).parent.parts)


SOURCES = sorted((ROOT / "aiservices").rglob("*.py"))
MOCKS = sorted((ROOT / "mocks" / "aiservices_mocks").rglob("*.py"))


def floor(room: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_run_down(path: Path) -> None:
    parts = path.relative_to(ROOT / "aiservices").with_suffix("").parts
    room = parts[0]
    if room == "__init__":
        return
    for name in imports(path, package_of(path, ROOT)):
        if name.startswith("aiservices_mocks"):
            pytest.fail(f"{path} imports {name}: it is opened by name only")
        other = name.split(".")[1] if "." in name else None
        if other is None or other == room or not any(other in rooms for rooms in FLOORS):
            continue
        assert floor(room) <= floor(other), f"{room} imports {other}, which is above it"
        assert other not in FORBIDDEN.get(room, set()), f"{room} must not know {other}"


@pytest.mark.parametrize("path", MOCKS, ids=lambda p: str(p.relative_to(ROOT)))
def test_the_mocks_know_the_ground_floor_only(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    top_level = {node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module}
    for node in top_level:
        module = node.module or ""
        if module.startswith("aiservices."):
            assert module.split(".")[1] in MOCKS_MAY_USE, f"{path} imports {module}"
        assert module != "aiservices" or {alias.name for alias in node.names} <= MOCKS_MAY_USE, path


def test_every_room_has_its_floor() -> None:
    rooms = {p.stem if p.is_file() else p.name for p in (ROOT / "aiservices").iterdir()}
    rooms -= {"__init__", "__pycache__", "py", "errors"}
    assert rooms <= {room for floor in FLOORS for room in floor}
