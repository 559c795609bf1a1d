"""What Polly's verbs are made of: places of marks, voices, addresses, plans."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiservices.api.model import load
from aiservices.errors import InvalidCallError, TransportError
from aiservices.services.polly import _s3_uri
from aiservices.services.polly.marks import Mark, Places, read
from aiservices.services.polly.plan import BILLED, TOTAL, plan
from aiservices.services.polly.ssml import billed
from aiservices.services.polly.voices import Voice


@given(st.text())
def test_bytes_and_characters_lead_to_each_other(text: str) -> None:
    places = Places(text)
    for number in range(len(text) + 1):
        assert places.byte(number) == len(text[:number].encode("utf-8", "replace"))
        assert places.character(places.byte(number)) == number


def test_marks_are_moved_to_their_place_and_time() -> None:
    text = "Ä 🙂 go"
    stream = b'{"time":40,"type":"word","start":0,"end":2,"value":"go"}\n\n{"time":1005,"type":"viseme","value":"p"}\n'
    found = list(read(stream, Places(text), 8, 2.5))
    assert found == [Mark("word", 2.54, "go", 4, 6, 8, 10), Mark("viseme", 3.505, "p")]


@pytest.mark.parametrize("row", ["no json", '{"time":1}', '{"time":"x","type":"word","value":""}', "[]", "3"])
def test_marks_that_cannot_be_read_are_the_network_s_fault(row: str) -> None:
    with pytest.raises(TransportError, match="cannot be read") as caught:
        list(read(row.encode(), Places(""), 0, 0))
    assert row not in str(caught.value)


def test_a_voice_speaks_its_languages() -> None:
    kajal = Voice.read(
        {"Id": "Kajal", "Gender": "Female", "LanguageCode": "en-IN", "AdditionalLanguageCodes": ["hi-IN"]}
    )
    assert (kajal.name, kajal.engines, kajal.language) == ("Kajal", (), "en-IN")
    assert all(kajal.speaks(code) for code in ("en", "en-IN", "hi", "hi-IN"))
    assert not any(kajal.speaks(code) for code in ("en-US", "e", "in"))


@pytest.mark.parametrize(
    ("url", "uri"),
    [
        ("https://s3.us-east-1.amazonaws.com/bucket/a/b.mp3", "s3://bucket/a/b.mp3"),
        ("https://s3.cn-north-1.amazonaws.com.cn/bucket/.x.mp3", "s3://bucket/.x.mp3"),
        ("https://s3.amazonaws.com/bucket/a%3Fb+c?d.mp3", "s3://bucket/a?b+c?d.mp3"),
        ("s3://bucket/key", "s3://bucket/key"),
    ],
)
def test_the_address_of_an_object(url: str, uri: str) -> None:
    assert _s3_uri(url) == uri


def planned(text: Any, **further: Any) -> Any:
    return plan("speak", text, "Joanna", "mp3", None, None, (), **further)


@given(
    st.lists(st.sampled_from(["word ", "Sentence. ", "\n\n", "长。", "x" * 400, " " * 50]), min_size=1, max_size=400)
)
def test_a_plan_holds_the_whole_text_in_requests_that_fit(parts: list[str]) -> None:
    text = "".join(parts)
    if not text.strip():
        return
    pieces = planned(text).pieces
    assert all(len(piece.text) <= BILLED for piece in pieces)
    assert "".join(piece.text for piece in pieces).split() == text.split()
    marked_up = planned(f"<speak><lang xml:lang='en-GB'>{text}</lang></speak>").pieces
    assert all(billed(piece.text) <= BILLED and len(piece.text) <= TOTAL for piece in marked_up)


def test_a_plan_says_what_it_was_told() -> None:
    found = plan("speak", "Hi", "Kajal", "pcm", "neural", "hi-IN", "one", "8000")
    assert found.params == {
        **{"VoiceId": "Kajal", "TextType": "text", "Engine": "neural", "LanguageCode": "hi-IN"},
        "LexiconNames": ["one"],
    }
    assert (found.sound, found.rate) == ({"OutputFormat": "pcm", "SampleRate": "8000"}, 8000)


def test_a_new_voice_is_not_refused() -> None:
    assert "Zzyzx" not in load("polly").shape("VoiceId").enum
    assert plan("speak", "Hi", "Zzyzx", "mp3", None, None, ()).params["VoiceId"] == "Zzyzx"
    with pytest.raises(InvalidCallError, match="not a int"):
        plan("speak", "Hi", 5, "mp3", None, None, ())  # type: ignore[arg-type]  # that is what is tested


def test_messages_do_not_tell_the_text() -> None:
    secret = "<speak><p>secret" + " secret" * 1000
    with pytest.raises(InvalidCallError) as caught:
        planned(secret)
    assert "secret" not in str(caught.value)
