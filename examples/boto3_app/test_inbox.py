"""The application's tests: its code is unchanged, and nothing reaches AWS."""

import boto3
import inbox
import pytest
from aiservices_mocks import mock_ai

GLAD = "Thank you, what a wonderful service! Yours, mail me at jo@example.com"
CROSS = "This is the worst company ever. I am very disappointed."
FRENCH = "Merci beaucoup, c'est vraiment parfait, je suis très content !"


@pytest.fixture
def bucket(ai_boto3):
    """A bucket with letters, in the world of one test."""
    for name, text in {"glad.txt": GLAD, "cross.txt": CROSS, "french.txt": FRENCH}.items():
        ai_boto3.s3[f"letters/inbox/{name}"] = text.encode()
    return "letters"


def test_letters_are_sorted_by_mood(bucket):
    assert inbox.sort(bucket) == {"cross.txt": "negative", "french.txt": "positive", "glad.txt": "positive"}


def test_personal_data_is_not_shown(bucket, ai_boto3):
    inbox.sort(bucket)
    shown = ai_boto3.s3["letters/sorted/positive/glad.txt"].decode()
    assert "jo@example.com" not in shown
    assert shown.endswith("mail me at [EMAIL]")


def test_each_letter_is_asked_once(bucket, ai_boto3):
    inbox.sort(bucket)
    ai_boto3.calls("comprehend.DetectSentiment").times(3)
    ai_boto3.calls("comprehend.DetectSentiment", Text=FRENCH).with_(LanguageCode="fr").once()
    ai_boto3.calls("comprehend.DetectPiiEntities", LanguageCode="fr").never()


@pytest.mark.ai_fault("comprehend.DetectSentiment", "ThrottlingException", times=2)
def test_throttling_is_waited_for(bucket, ai_boto3):
    """By boto3's own retries; their waits take no time."""
    assert "unread" not in inbox.sort(bucket).values()
    ai_boto3.calls("comprehend.DetectSentiment").times(5)


@pytest.mark.ai_fault("comprehend.DetectSentiment", "InternalServerException", Text=CROSS)
def test_a_letter_that_cannot_be_read_does_not_stop_the_others(bucket, ai_boto3):
    assert inbox.sort(bucket)["cross.txt"] == "unread"
    assert b"InternalServerException" in ai_boto3.s3["letters/sorted/unread/cross.txt"]


def test_an_answer_of_ours(bucket, ai_boto3):
    scores = {"Positive": 0.4, "Negative": 0.4, "Neutral": 0.1, "Mixed": 0.1}
    ai_boto3.on("comprehend.DetectSentiment").returns({"Sentiment": "MIXED", "SentimentScore": scores})
    assert {*inbox.sort(bucket).values()} == {"mixed"}


@mock_ai()
def test_without_fixtures():
    boto3.client("s3", region_name=inbox.REGION).create_bucket(Bucket="empty")
    assert inbox.sort("empty") == {}
