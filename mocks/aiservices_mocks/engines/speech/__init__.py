"""Speech: text and SSML, lexicons, voices, engines, formats and speech marks."""

from .attributes import SsmlError
from .blocks import read_text
from .encode import CONTENT_TYPES, RATES, Encoder, default_rate, encode
from .espeak import EspeakError
from .lexicon import Lexicon, LexiconError, read_lexicon
from .marks import write_marks
from .performance import Speech, perform
from .script import write_script
from .segments import RATE
from .ssml import read_ssml
from .voices import LANGUAGES, Voice, voices

__all__ = [
    "CONTENT_TYPES",
    "LANGUAGES",
    "RATE",
    "RATES",
    "Encoder",
    "EspeakError",
    "Lexicon",
    "LexiconError",
    "Speech",
    "SsmlError",
    "Voice",
    "default_rate",
    "encode",
    "perform",
    "read_lexicon",
    "read_ssml",
    "read_text",
    "voices",
    "write_marks",
    "write_script",
]
