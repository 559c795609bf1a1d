"""The wheel, installed into an environment of its own and used from an empty folder. Uses the package index."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

STATEFUL = """
from aiservices import AI
with AI(backend="mock") as ai:
    ai.polly.put_lexicon(name="web", content='''<?xml version="1.0"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en-US">
<lexeme><grapheme>W3C</grapheme><alias>World Wide Web Consortium</alias></lexeme></lexicon>''')
    print([one.name for one in ai.polly.list_lexicons().lexicons])
"""

COMPUTED = """
from aiservices import AI
from aiservices.errors import MissingExtraError
with AI(backend="mock") as ai:
    try:
        ai.comprehend.detect_dominant_language(text="Guten Morgen, wie geht es Ihnen?")
    except MissingExtraError as error:
        print(error)
"""


class Installed:
    """A virtual environment with the wheel in it."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.folder = folder
        self.wheel = wheel
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
        self.empty = folder / "empty"
        self.empty.mkdir()

    def install(self, extra: str = "") -> None:
        command = [self._bin("python"), "-m", "pip", "install", "-q", "-c", ROOT / ".ci" / "constraints.txt"]
        subprocess.run([*command, f"aiservices{extra} @ {self.wheel.as_uri()}"], check=True)

    def _bin(self, name: str) -> Path:
        return self.folder / "venv" / "bin" / name

    def run(self, *command: str) -> str:
        run = subprocess.run(
            [self._bin(command[0]), *command[1:]], cwd=self.empty, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stderr
        return run.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, ROOT]
    subprocess.run(command, check=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    installed = Installed(tmp_path_factory.mktemp("bare"), wheel)
    installed.install()
    return installed


def first_example() -> str:
    match = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert match
    return match.group(1)


@pytest.mark.xdist_group("wheel")
def test_the_wheel_holds_both_packages_and_nothing_called_mocks(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert tops == {"aiservices", "aiservices_mocks"}
    for needed in (
        "aiservices/py.typed",
        "aiservices/api/comprehend.pyi",
        "aiservices/money/prices.json",
        "aiservices/money/offers.json",
    ):
        assert needed in names


@pytest.mark.xdist_group("wheel")
def test_bare_it_keeps_state_and_says_what_a_computed_answer_needs(bare: Installed) -> None:
    assert bare.run("python", "-c", STATEFUL).strip() == "['web']"
    assert 'pip install "aiservices[mocks]"' in bare.run("python", "-c", COMPUTED)


@pytest.mark.xdist_group("wheel")
def test_with_mocks_the_readmes_first_example_runs(wheel: Path, tmp_path: Path) -> None:
    installed = Installed(tmp_path, wheel)
    installed.install("[mocks]")
    printed = installed.run("python", "-c", first_example())
    assert printed.startswith("POSITIVE 0.")
    assert "PERSON Maria Silva" in printed
    assert "LOCATION Lisbon" in printed
    assert "built-in" in installed.run("aiservices", "engines")
