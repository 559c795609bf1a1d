"""NTREX-128, news sentences in many languages: MicrosoftTranslator/NTREX @ 8561f6a622db, CC-BY-SA 4.0."""

from __future__ import annotations

from pathlib import Path


def lines(data: Path, name: str) -> list[str]:
    """The 1,997 sentences in a language, by NTREX's name of it."""
    return (data / "NTREX" / "NTREX-128" / f"newstest2019-ref.{name}.txt").read_text("utf-8").splitlines()
