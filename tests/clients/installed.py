"""A client as it is installed: in a folder of its own under .venv/clients, made anew when what it is pinned to changes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_HOME = ROOT / ".venv" / "clients"
_LONGEST = 600
"""Seconds that an installation may take."""


class MissingTool(Exception):
    """What a client needs is not on this machine."""


@dataclass(frozen=True)
class Client:
    """A client with the project's own packages."""

    folder: Path

    @property
    def name(self) -> str:
        """What it is called."""
        return self.folder.name

    @property
    def version(self) -> str:
        """Of the package that it is about."""
        return version(self.name)

    def install(self) -> None:
        """Make what it runs in, unless it is there."""

    def command(self, report: Path) -> list[str]:
        """What runs its tests; they write a report in JUnit's form."""
        return [sys.executable, *_pytest(self.folder, report)]

    @property
    def home(self) -> Path:
        """Where it runs."""
        return ROOT


class Apart(Client):
    """A client in a virtual environment of its own; the first line of its requirements is what it is about."""

    @property
    def version(self) -> str:
        """Of the package that it is about."""
        return (self.folder / "requirements.txt").read_text("utf-8").splitlines()[0].partition("==")[2]

    @property
    def _environment(self) -> Path:
        return _HOME / self.name

    def install(self) -> None:
        """Make the environment with this Python."""
        requirements = self.folder / "requirements.txt"
        made_from = _digest(sys.version, requirements.read_text("utf-8"))
        if _is_made(self._environment, made_from):
            return
        venv.create(self._environment, clear=True, with_pip=False)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(self._python)]
        _run([*pip, "install", "-q", "--no-deps", "--no-compile", "-r", str(requirements)])
        _run([*pip, "check"])
        _remember(self._environment, made_from)

    def command(self, report: Path) -> list[str]:
        """What runs its tests."""
        return [str(self._python), *_pytest(self.folder, report)]

    @property
    def _python(self) -> Path:
        return self._environment / "bin" / "python"


class Node(Client):
    """A client in JavaScript: a copy of its folder, with its packages beside it."""

    @property
    def version(self) -> str:
        """Of the first package that it depends on."""
        depends: dict[str, str] = json.loads((self.folder / "package.json").read_text("utf-8"))["dependencies"]
        return next(iter(depends.values()))

    @property
    def name(self) -> str:
        """What its package is called."""
        name: str = json.loads((self.folder / "package.json").read_text("utf-8"))["name"]
        return name

    @property
    def home(self) -> Path:
        """The copy."""
        return _HOME / self.name

    def install(self) -> None:
        """Install what the lock file names, and copy the rest."""
        for tool in ("node", "npm"):
            if shutil.which(tool) is None:
                raise MissingTool(f"{tool} is not on the PATH: install Node.js 20 or newer")
        node = _run(["node", "--version"]).strip()
        if int(re.findall(r"\d+", node)[0]) < 20:
            raise MissingTool(f"node is {node}: install Node.js 20 or newer")
        made_from = _digest(node, (self.folder / "package-lock.json").read_text("utf-8"))
        if not _is_made(self.home, made_from):
            shutil.rmtree(self.home, ignore_errors=True)
            self._copy()
            _run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], self.home)
            _remember(self.home, made_from)
        self._copy()

    def _copy(self) -> None:
        shutil.copytree(self.folder, self.home, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"))

    def command(self, report: Path) -> list[str]:
        """What runs its tests: their report into the file, and what people read."""
        reporters = (("junit", str(report)), ("spec", "stdout"))
        told = [
            part for name, to in reporters for part in (f"--test-reporter={name}", f"--test-reporter-destination={to}")
        ]
        return ["node", "--test", *told, *sorted(path.name for path in self.folder.glob("*.test.mjs"))]


def client(folder: Path) -> Client:
    """The client of a folder, by what stands in it."""
    if (folder / "package.json").exists():
        return Node(folder)
    return Apart(folder) if (folder / "requirements.txt").exists() else Client(folder)


def _pytest(folder: Path, report: Path) -> list[str]:
    # A folder may be called as what it tests: under this root its modules are called tests.clients.boto3 ...
    return ["-m", "pytest", str(folder), f"--rootdir={ROOT}", f"--junit-xml={report}"]


def _run(command: list[str], where: Path | None = None) -> str:
    """What a command says; raises with all of it when it fails."""
    done = subprocess.run(
        command, cwd=where, timeout=_LONGEST, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        raise MissingTool(f"{' '.join(command)}\n{done.stdout}")
    return done.stdout


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()


def _is_made(where: Path, made_from: str) -> bool:
    mark = where / ".made-from"
    return mark.exists() and mark.read_text("ascii") == made_from


def _remember(where: Path, made_from: str) -> None:
    (where / ".made-from").write_text(made_from, "ascii")
