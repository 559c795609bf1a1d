"""What pyproject.toml promises is what is tested."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(path: Path) -> dict[str, str]:
    """The versions that a file of requirements names."""
    lines = path.read_text("utf-8").splitlines()
    return {plain(line.split("==")[0]): line.split("==")[1] for line in lines if "==" in line}


def test_lower_bounds_are_the_tested_versions() -> None:
    tested = pinned(ROOT / ".ci" / "constraints.txt")
    tested["boto3"] = pinned(ROOT / "tests" / "clients" / "moto_oldest" / "requirements.txt")["boto3"]
    wanted = [*PROJECT["dependencies"], *(one for extra in PROJECT["optional-dependencies"].values() for one in extra)]
    for requirement in wanted:
        name, bound = re.fullmatch(r"([\w.-]+)(?:\[[\w,]+\])?(?:>=([\w.]+))?(?:; .*)?", requirement).groups()  # type: ignore[union-attr]  # every requirement matches
        if plain(name) != "aiservices":
            assert bound == tested[plain(name)], requirement


def test_the_claimed_python_is_the_running_one() -> None:
    claimed = {c.split(" :: ")[-1] for c in PROJECT["classifiers"] if re.search(r"Python :: 3\.\d+$", c)}
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert claimed == {running}, "what nobody runs the tests on is not claimed"
    assert PROJECT["requires-python"] == f">={min(claimed)}"


def test_no_address_of_an_index_is_written_down() -> None:
    for name in ("pyproject.toml", ".ci/constraints.txt", "Makefile"):
        text = (ROOT / name).read_text("utf-8")
        assert "index-url" not in text
        assert "://" not in text.replace("https://aiservices", "")
