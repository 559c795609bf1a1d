"""A world in which something of every kind is kept, what it looks like as a whole, and requests that it answers."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from aiservices_mocks import Mock
from hypothesis import strategies as st

from tests.documents import Leaf, pdf
from tests.mocks.worlds import ask

PLS = (
    '<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en-US">'
    "<lexeme><grapheme>W3C</grapheme><alias>World Wide Web Consortium</alias></lexeme></lexicon>"
)


def letter(*texts: str) -> bytes:
    """A PDF with a text on each page."""
    leaves = []
    for text in texts:
        leaves.append(leaf := Leaf())
        leaf.text(60, 80, text)
    return pdf(*leaves)


LETTER = letter("first page", "second page")
PLACE = {"S3Object": {"Bucket": "docs", "Name": "letter.pdf"}}


class LivedIn:
    """A mock with lexicons, a job, objects and an upload that has not ended."""

    def __init__(self, seed: int = 5) -> None:
        self.mock = Mock(seed=seed)
        self.mock.s3["docs/letter.pdf"] = LETTER
        self.upload = ask(self.mock, "s3.CreateMultipartUpload", Bucket="docs", Key="big")["UploadId"]
        ask(self.mock, "s3.UploadPart", Bucket="docs", Key="big", UploadId=self.upload, PartNumber=1, Body=b"part")
        for name in ("one", "two"):
            ask(self.mock, "polly.PutLexicon", Name=name, Content=PLS)
        start = {"DocumentLocation": PLACE, "ClientRequestToken": "begun"}
        self.text_job = ask(self.mock, "textract.StartDocumentTextDetection", **start)["JobId"]
        self.analysis = ask(self.mock, "textract.StartDocumentAnalysis", **start, FeatureTypes=["FORMS"])["JobId"]

    def state(self) -> Any:
        """All that the world remembers, but how many ids it has given."""
        world = self.mock.world
        tables = {key: dict(table) for key, table in world.store._tables.items() if table}
        objects: Any = world.s3
        return deepcopy((tables, objects._buckets, objects._uploads, world.clock.now()))


Inputs = Callable[[LivedIn], st.SearchStrategy[dict[str, Any]]]

_WORDS = st.text("abc dé😀.,!", min_size=1, max_size=60).filter(str.strip)
_PRINTED = st.text("abc dé.,!", min_size=1, max_size=60).filter(str.strip)
_VOICES = st.sampled_from([("Joanna", "neural"), ("Joanna", "standard"), ("Hans", "standard"), ("Mizuki", "standard")])
_FORMATS = st.sampled_from([("mp3", "22050"), ("ogg_vorbis", "8000"), ("pcm", "16000"), ("pcm", "8000")])


def _speech(words: str, voice: tuple[str, str], form: tuple[str, str], ssml: bool) -> dict[str, Any]:
    text = f"<speak>{words}</speak>" if ssml else words
    return {
        "Text": text, "TextType": "ssml" if ssml else "text", "VoiceId": voice[0], "Engine": voice[1],
        "OutputFormat": form[0], "SampleRate": form[1],
    }  # fmt: skip


_SPEECH = st.builds(_speech, _WORDS, _VOICES, _FORMATS, st.booleans())
_DOCUMENT = _PRINTED.map(lambda words: {"Bytes": letter(words)}) | st.just({"Bytes": letter("name: value")})
_FEATURES = st.sampled_from([["FORMS"], ["TABLES"], ["TABLES", "FORMS"]])
_SIZE = st.none() | st.integers(1, 9)


def _job(id: str, size: int | None) -> dict[str, Any]:
    return {"JobId": id} | ({"MaxResults": size} if size else {})


def _text(languages: list[str]) -> Inputs:
    return lambda world: st.fixed_dictionaries({"Text": _WORDS, "LanguageCode": st.sampled_from(languages)})


INPUTS: dict[str, Inputs] = {
    "comprehend.DetectEntities": _text(["en"]),
    "comprehend.ContainsPiiEntities": _text(["en"]),
    "comprehend.DetectPiiEntities": _text(["en"]),
    "polly.SynthesizeSpeech": lambda world: _SPEECH,
    "polly.DescribeVoices": lambda world: st.sampled_from([{}, {"LanguageCode": "en-GB"}, {"Engine": "neural"}]),
    "polly.PutLexicon": lambda world: st.fixed_dictionaries(
        {"Name": st.from_regex(r"\A[0-9A-Za-z]{1,20}\Z"), "Content": st.just(PLS)}
    ),
    "polly.GetLexicon": lambda world: st.sampled_from([{"Name": "one"}, {"Name": "two"}]),
    "polly.DeleteLexicon": lambda world: st.just({"Name": "one"}),
    "polly.ListLexicons": lambda world: st.just({}),
    "textract.DetectDocumentText": lambda world: st.fixed_dictionaries({"Document": _DOCUMENT}),
    "textract.AnalyzeDocument": lambda world: st.fixed_dictionaries({"Document": _DOCUMENT, "FeatureTypes": _FEATURES}),
    "textract.StartDocumentTextDetection": lambda world: st.just({"DocumentLocation": PLACE}),
    "textract.StartDocumentAnalysis": lambda world: st.fixed_dictionaries(
        {"DocumentLocation": st.just(PLACE), "FeatureTypes": _FEATURES}
    ),
    "textract.GetDocumentTextDetection": lambda world: st.builds(_job, st.just(world.text_job), _SIZE),
    "textract.GetDocumentAnalysis": lambda world: st.builds(_job, st.just(world.analysis), _SIZE),
}
"""Valid requests where the model alone does not tell what is one: texts in a language, documents, things that exist."""
