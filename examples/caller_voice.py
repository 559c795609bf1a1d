"""The prompts of a telephone line: spoken at 8 kHz mu-law, names said right, with subtitles.

`python -m examples.caller_voice [FOLDER]` runs offline with AISERVICES_BACKEND=mock.
"""

from __future__ import annotations

import re
import sys
from html import escape, unescape
from pathlib import Path

from aiservices import AI
from aiservices.services.polly.audio import Audio

LEXICON = """<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en-US">
  <lexeme><grapheme>Nguyen</grapheme><phoneme>wɪn</phoneme></lexeme>
  <lexeme><grapheme>ETA</grapheme><alias>estimated time of arrival</alias></lexeme>
</lexicon>"""

PROMPTS = {
    "welcome": "<p>Hello {name}, and welcome to the parcel line.</p><break time='300ms'/><p>Say parcel, or help.</p>",
    "parcel": "Your parcel <say-as interpret-as='digits'>{number}</say-as> is on its way. "
    "<prosody rate='85%'>Its ETA is <emphasis level='moderate'>{time}</emphasis>.</prosody>",
    "goodbye": "Thank you, {name}. Goodbye!",
}


def speak(ai: AI, prompt: str, caller: dict[str, str], voice: str) -> Audio:
    """A prompt for one caller, in mu-law at 8,000 Hz, with the time of each sentence. What a caller said is no SSML."""
    text = PROMPTS[prompt].format_map({key: escape(value) for key, value in caller.items()})
    spoken = f"<speak>{text}</speak>"
    return ai.polly.speak(spoken, voice, format="mulaw", sample_rate=8000, lexicons="names", marks=["sentence"])


def subtitles(audio: Audio) -> str:
    """What is said when, for those who cannot hear it: WebVTT of less than a minute."""
    cues = ["WEBVTT"]
    for mark, end in zip(audio.marks, [*(mark.time for mark in audio.marks[1:]), audio.duration], strict=True):
        cues.append(f"00:{mark.time:06.3f} --> 00:{end:06.3f}\n{unescape(re.sub('<[^>]*>', '', mark.value))}\n")
    return "\n\n".join(cues)


def main() -> None:
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "caller-voice")
    out.mkdir(parents=True, exist_ok=True)
    caller = {"name": "Ms. Nguyen", "number": "4711", "time": "half past three"}
    with AI() as ai:
        voice = ai.polly.voices("en-US", engine="standard", gender="Female")[0].id
        ai.polly.put_lexicon(name="names", content=LEXICON)
        for prompt in PROMPTS:
            audio = speak(ai, prompt, caller, voice)
            print(audio.save(out / f"{prompt}.wav"), audio)
            (out / f"{prompt}.vtt").write_text(subtitles(audio), "utf-8")
        print(ai.costs)


if __name__ == "__main__":
    main()
