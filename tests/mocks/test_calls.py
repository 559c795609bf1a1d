"""What a mock was asked, asserted on: counts, members, and messages that show what was seen."""

from __future__ import annotations

import pytest
from aiservices_mocks import Mock

from aiservices import AI
from aiservices.errors import ServiceError

LONG = "a long text " * 20


@pytest.fixture
def mock() -> Mock:
    mock = Mock()
    with AI(backend=mock) as ai:
        for text in ("one", LONG):
            ai.comprehend.detect_dominant_language(text=text)
        ai.polly.synthesize_speech(text="hi", output_format="pcm", voice_id="Joanna")
    return mock


def said(function, *args, **kwargs) -> str:
    with pytest.raises(AssertionError) as raised:
        function(*args, **kwargs)
    return str(raised.value)


def test_counts_are_asserted(mock):
    assert len(mock.calls("comprehend").times(2)) == 2
    mock.calls("polly.SynthesizeSpeech").once()
    mock.calls("textract").never()
    mock.calls("comprehend.DetectDominantLanguage", Text="one").once()
    mock.calls("comprehend.DetectDominantLanguage", Text=lambda text: len(text) > 100).once()
    mock.calls("comprehend.DetectDominantLanguage", Text="two").never()


def test_a_wrong_count_shows_what_was_seen_shortened(mock):
    message = said(mock.calls("comprehend").once)
    assert message.startswith("comprehend was called 2 times, not once; seen:")
    assert "comprehend.DetectDominantLanguage(Text='one')" in message
    assert f"... ({len(LONG)} characters)" in message
    assert LONG not in message
    message = said(mock.calls("comprehend.DetectDominantLanguage", Text="two").once)
    assert "comprehend.DetectDominantLanguage with Text='two' was called 0 times" in message
    assert "Text='one'" in message


def test_members_are_asserted_and_the_difference_is_shown(mock):
    mock.calls("polly").with_(VoiceId="Joanna", Text="hi").once()
    message = said(mock.calls("polly").with_, VoiceId="Matthew", Text="hi", Engine="neural")
    assert message == (
        "no call of polly had VoiceId='Matthew', Text='hi', Engine='neural'; seen:\n"
        "  polly.SynthesizeSpeech: VoiceId is 'Joanna', Engine is missing"
    )


def test_of_a_structure_only_the_members_that_are_named_matter():
    mock = Mock()
    with AI(backend=mock) as ai, pytest.raises(ServiceError):
        ai.textract.start_document_text_detection(
            document_location={"S3Object": {"Bucket": "none", "Name": "document.pdf"}}, client_request_token="abc"
        )
    mock.calls("textract").with_(DocumentLocation={"S3Object": {"Name": "document.pdf"}})
    message = said(mock.calls("textract").with_, DocumentLocation={"S3Object": {"Name": "other.pdf"}})
    assert "DocumentLocation is {S3Object={Bucket='none', Name='document.pdf'}}" in message
    message = said(mock.calls("textract").never)
    assert "ClientRequestToken=***" in message
    assert "abc" not in message
    assert "-> " in message


def test_bytes_and_lists_are_counted_not_shown():
    mock = Mock()
    with AI(backend=mock) as ai:
        ai.comprehend.batch_detect_dominant_language(text_list=["a", "b", "c", "d", "e"])
        with pytest.raises(ServiceError):
            ai.textract.detect_document_text(document={"Bytes": b"no document"})
    assert "TextList=['a', 'b', 'c', 2 more]" in said(mock.calls("comprehend").never)
    assert "Document={Bytes=<11 bytes>}" in said(mock.calls("textract").never)
