"""The code in README and docs runs as it stands."""

from __future__ import annotations

import asyncio
import logging
import re
import shutil
import textwrap
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("docs", "docs/services")
PAGES = ["README.md", *sorted(f"{name}/{path.name}" for name in FOLDERS for path in (ROOT / name).glob("*.md"))]
TEXTS = [
    path
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md"))
    if "node_modules" not in path.parts
]


def blocks(page: str) -> list[str]:
    """The Python blocks of a page."""
    return re.findall(r"```python\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_code_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All blocks of a page, one after the other in one namespace, from a folder that holds the files they name."""
    monkeypatch.chdir(tmp_path)
    logger = logging.getLogger("aiservices")
    monkeypatch.setattr(logger, "handlers", [])
    monkeypatch.setattr(logger, "level", logger.level)
    for name in ("invoice.pdf", "receipt.jpg", "identity.jpg"):
        shutil.copy(ROOT / "examples" / "data" / name, tmp_path)

    class Backend:
        def send(self, call: Any) -> dict[str, Any]:
            return {}

    names: dict[str, Any] = {"__name__": "page", "my_backend": Backend()}
    exec("from aiservices import AI", names)
    for block in blocks(page):
        if "async with" in block or "await " in block:
            imports = "\n".join(line for line in block.splitlines() if line.startswith("from "))
            body = "\n".join(line for line in block.splitlines() if not line.startswith("from "))
            exec(f"{imports}\nasync def _page():\n{textwrap.indent(body, '    ')}", names)
            asyncio.run(names["_page"]())
        else:
            exec(compile(block, page, "exec"), names)


def test_javascript_in_the_pages_is_of_the_example() -> None:
    """`make check-clients` runs that."""
    tested = (ROOT / "examples" / "node" / "feedback.test.mjs").read_text("utf-8")
    shown = re.findall(r"```js\n(.*?)```", (ROOT / "docs" / "server.md").read_text("utf-8"), re.DOTALL)
    assert shown
    assert all(block in tested for block in shown)


@pytest.mark.parametrize("page", sorted(path.relative_to(ROOT).as_posix() for path in TEXTS))
def test_links_between_pages_lead_somewhere(page: str) -> None:
    path = ROOT / page
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", path.read_text("utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), f"{page} links to {target}"
