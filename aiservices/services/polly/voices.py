"""Polly's voices, as DescribeVoices tells them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Voice:
    """A voice: what `speak` takes as `voice`, which languages it speaks, with which engines."""

    id: str
    name: str
    gender: str
    """`Female` or `Male`."""
    language: str
    """`en-US`."""
    language_name: str
    engines: tuple[str, ...]
    """`standard`, `neural`, `long-form`, `generative`."""
    additional_languages: tuple[str, ...] = ()
    """What a bilingual voice speaks besides."""
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Voice:
        """A voice from a row of AWS's answer."""
        return cls(
            row["Id"], row.get("Name", row["Id"]), row.get("Gender", ""), row.get("LanguageCode", ""),
            row.get("LanguageName", ""), tuple(row.get("SupportedEngines", ())),
            tuple(row.get("AdditionalLanguageCodes", ())), row,
        )  # fmt: skip

    def speaks(self, language: str) -> bool:
        """Whether it speaks `en-US`, or with `en` any English."""
        return any(
            code == language or code.startswith(f"{language}-") for code in (self.language, *self.additional_languages)
        )
