"""Which of Polly's voices speak in which locale."""

from __future__ import annotations

from collections.abc import Mapping

_LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "ar_SA": ("arb",),
    "en_AB": ("en-GB",),
    "en_WL": ("en-GB-WLS",),
    "es_419": ("es-MX", "es-US"),
    "no_NO": ("nb-NO",),
    "zh_CN": ("cmn-CN",),
    "zh_HK": ("yue-CN",),
}
"""Polly's languages of the locales that it calls otherwise."""


def is_known(voice: str) -> bool:
    """Whether Polly has a voice of this name."""
    from aiservices_mocks.engines.speech.voices import voices

    return voice in voices()


def fits(locale: str, voice: str, engine: str | None) -> bool:
    """Whether a voice speaks the language of a locale with an engine; None: with any."""
    from aiservices_mocks.engines.speech.voices import LANGUAGES, voices

    found = voices().get(voice)
    if found is None or (engine is not None and engine not in found.engines):
        return False
    languages = _LANGUAGES.get(locale, (locale.replace("_", "-"),))
    return not LANGUAGES.keys() & {*languages} or any(map(found.speaks, languages))
