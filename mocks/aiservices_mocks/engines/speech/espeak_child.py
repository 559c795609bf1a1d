"""A short life: load espeak-ng, speak what stdin asks for, write it to stdout, end.

It runs as a program of its own (`python -I -S espeak_child.py LIBRARY DATA`), because espeak-ng is under the GPL and
must not be loaded into a user's process, and because only a fresh process gives the same bytes for the same text.
stdin: JSON, a list of {voice, rate, pitch, text}. stdout: a line with the sample rate, then for each, as soon as it is
spoken, a line of JSON, {samples, events}, and its 16-bit samples. An event is [kind, character, sample, sound].
"""

from __future__ import annotations

import ctypes
import json
import sys
from typing import Any

SYNCHRONOUS = 2
PHONEME_EVENTS, PHONEMES_IN_IPA, DO_NOT_EXIT = 0x1, 0x2, 0x8000
UTF8, PHONEMES_IN_TEXT = 0x1, 0x100
RATE, PITCH = 1, 3
BY_CHARACTER = 1
WORD, PHONEME = 1, 7


class EventId(ctypes.Union):
    """What the event names."""

    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class Event(ctypes.Structure):
    """espeak_EVENT of speak_lib.h."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", EventId),
    )


Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))


class Recorder:
    """Keeps what the library hands over while it speaks."""

    def __init__(self) -> None:
        self.samples = bytearray()
        self.events: list[list[Any]] = []
        self.callback = Callback(self._hear)

    def _hear(self, wave: Any, count: int, events: Any) -> int:
        at = 0
        while events[at].type:
            event = events[at]
            if event.type in (WORD, PHONEME):
                sound = bytes(event.id.string).decode("utf-8", "replace") if event.type == PHONEME else ""
                self.events.append([event.type, event.text_position - 1, event.sample, sound])
            at += 1
        if wave and count > 0:
            self.samples += ctypes.string_at(wave, count * 2)
        return 0


def main() -> int:
    """Speak and end; 0 is success."""
    library = ctypes.CDLL(sys.argv[1])
    library.espeak_SetVoiceByName.argtypes = [ctypes.c_char_p]
    library.espeak_Initialize.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_char_p, ctypes.c_int]
    library.espeak_Synth.argtypes = [
        *(ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int, ctypes.c_uint, ctypes.c_uint),
        *(ctypes.c_void_p, ctypes.c_void_p),
    ]
    data = sys.argv[2].encode() if sys.argv[2] else None
    options = PHONEME_EVENTS | PHONEMES_IN_IPA | DO_NOT_EXIT
    rate = library.espeak_Initialize(SYNCHRONOUS, 0, data, options)
    if rate <= 0:
        sys.stderr.write("espeak-ng does not start\n")
        return 1
    out = sys.stdout.buffer
    out.write(b"%d\n" % rate)
    voice = ""
    for task in json.load(sys.stdin):
        recorder = Recorder()
        library.espeak_SetSynthCallback(recorder.callback)
        if task["voice"] != voice and library.espeak_SetVoiceByName(task["voice"].encode()) != 0:
            sys.stderr.write(f"espeak-ng has no voice {task['voice']}\n")
            return 1
        voice = task["voice"]
        library.espeak_SetParameter(RATE, task["rate"], 0)
        library.espeak_SetParameter(PITCH, task["pitch"], 0)
        text = task["text"].encode("utf-8", "replace") + b"\0"
        if library.espeak_Synth(text, len(text), 0, BY_CHARACTER, 0, UTF8 | PHONEMES_IN_TEXT, None, None) != 0:
            sys.stderr.write("espeak-ng could not speak\n")
            return 1
        told = {"samples": len(recorder.samples) // 2, "events": recorder.events}
        out.write(json.dumps(told).encode() + b"\n" + recorder.samples)
        out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
