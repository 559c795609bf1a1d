"""The command line."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import aiservices
from aiservices.__main__ import main


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"{aiservices.__version__}\n"


@pytest.mark.parametrize("columns", [80, 100, 300])
def test_engines_fit_the_terminal(
    columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main(["engines"]) == 0
    printed = capsys.readouterr().out
    widest = max(map(len, printed.splitlines()))
    assert 60 < widest <= min(columns, 120)
    assert "langid  (built-in, installed)" in printed
    assert '  install    pip install "aiservices[ocr]"' in printed
    assert '  install    pip install "aiservices[speech]", or the program espeak-ng' in printed


def test_engines_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["engines", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    (found,) = [row for row in rows if row["engine"] == "langid"]
    assert "NTREX" in found.pop("figure")
    assert found == {
        "engine": "langid",
        "product": "comprehend",
        "computes": "the dominant language",
        "tier": "built-in",
        "installed": True,
        "licence": "Apache-2.0; py3langid and its model BSD-3-Clause",
        "install": 'pip install "aiservices[mocks]"',
        "modules": ["py3langid", "numpy"],
        "program": "",
    }


def test_json_and_markdown_are_one_or_the_other(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["engines", "--json", "--markdown"])
    assert ended.value.code == 2
    assert "not allowed with argument" in capsys.readouterr().err


def test_help_names_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert "engines" in capsys.readouterr().out


def test_no_command_prints_the_help_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "engines" in capsys.readouterr().out


def test_an_unknown_command_fails(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["engine"])
    assert ended.value.code == 2
    assert "invalid choice: 'engine'" in capsys.readouterr().err


BARE = """
import sys
for name in {names!r}:
    sys.modules[name] = None
from aiservices.__main__ import main
main(["engines", "--json"])
"""


def test_without_packages_every_engine_is_listed_all_the_same() -> None:
    names = ["numpy", "PIL", "pypdfium2", "soundfile", "py3langid", "rapidocr", "espeakng_loader"]
    run = subprocess.run([sys.executable, "-c", BARE.format(names=names)], capture_output=True, text=True, check=True)
    rows = json.loads(run.stdout)
    assert len(rows) > 10
    assert {row["install"] for row in rows if row["installed"]} == {"pip install aiservices"}
    assert all(row["installed"] for row in rows if row["install"] == "pip install aiservices")


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    program = subprocess.Popen(
        [sys.executable, "-m", "aiservices", "coverage"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert program.stdout is not None
    program.stdout.readline()
    program.stdout.close()
    assert program.stderr is not None
    assert program.stderr.read() == b""
    program.stderr.close()
    assert program.wait() == 0
