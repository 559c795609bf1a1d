"""A mock as other regions and accounts see it, and copies of it."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from aiservices_mocks import Clock, Mock
from aiservices_mocks.boto3_bridge import bridge
from botocore.exceptions import ClientError

from aiservices.errors import NotFoundError
from tests.mocks.worlds import ask

VOCABULARY = {"VocabularyName": "names", "LanguageCode": "en-US", "Phrases": ["Berlin"]}


def names(mock: Mock) -> list[str]:
    return [one["VocabularyName"] for one in ask(mock, "transcribe.ListVocabularies")["Vocabularies"]]


def test_a_region_has_things_of_its_own():
    mock = Mock()
    there = mock.at("eu-west-1")
    ask(mock, "transcribe.CreateVocabulary", **VOCABULARY)
    assert (names(mock), names(there)) == (["names"], [])
    ask(there, "transcribe.CreateVocabulary", **{**VOCABULARY, "VocabularyName": "orte"})
    assert (names(mock), names(mock.at("eu-west-1"))) == (["names"], ["orte"])


def test_any_number_of_regions_takes_little_memory_and_loses_nothing():
    mock = Mock(clock=Clock.manual())
    held = mock.at("held-region-1")
    ask(mock.at("eu-west-1"), "transcribe.CreateVocabulary", **VOCABULARY)
    for number in range(700):
        names(mock.at(f"region-{number}"))
    assert len(mock._recent) < 300
    assert len(mock.world.store.tables) < 300 * len(held.world.store.tables)
    assert mock.at(mock.world.region) is mock
    assert mock.at("held-region-1") is held
    ask(held, "transcribe.CreateVocabulary", **VOCABULARY)
    assert (names(mock.at("held-region-1")), names(mock.at("eu-west-1")), names(mock)) == (["names"], ["names"], [])
    mock.clock.advance(hours=1)
    assert ask(mock.at("eu-west-1"), "transcribe.GetVocabulary", VocabularyName="names")["VocabularyState"] == "READY"


def test_regions_share_the_clock_the_objects_and_the_log():
    mock = Mock(clock=Clock.manual())
    there = mock.at("eu-west-1", "999999999999")
    mock.s3["bucket/key"] = b"x"
    mock.clock.advance(hours=1)
    names(there)
    assert there.s3["bucket/key"] == b"x"
    assert there.clock.now() == mock.clock.now()
    assert len(mock.calls("transcribe.ListVocabularies")) == 1


def test_an_id_of_another_region_is_unknown_here():
    mock = Mock()
    there = mock.at("eu-west-1")
    arn = ask(there, "forecast.CreateDatasetGroup", DatasetGroupName="shop", Domain="RETAIL")["DatasetGroupArn"]
    assert arn == "arn:aws:forecast:eu-west-1:123456789012:dataset-group/shop"
    with pytest.raises(NotFoundError):
        ask(mock, "forecast.DescribeDatasetGroup", DatasetGroupArn=arn)
    with pytest.raises(NotFoundError):
        ask(mock.at("eu-west-1", "999999999999"), "forecast.DescribeDatasetGroup", DatasetGroupArn=arn)


def test_a_boto3_client_sees_what_is_in_its_region():
    with bridge(Mock()):
        near: Any = boto3.client("transcribe", region_name="us-east-1")
        far: Any = boto3.client("transcribe", region_name="ap-southeast-2")
        near.create_vocabulary(**VOCABULARY)
        assert near.get_vocabulary(VocabularyName="names")["VocabularyState"] == "READY"
        with pytest.raises(ClientError):
            far.get_vocabulary(VocabularyName="names")


def test_a_copy_remembers_the_same_and_goes_its_own_way():
    mock = Mock(seed=3)
    mock.s3["bucket/key"] = b"x"
    ask(mock, "transcribe.CreateVocabulary", **VOCABULARY)
    ask(mock.at("eu-west-1"), "transcribe.CreateVocabulary", **{**VOCABULARY, "VocabularyName": "orte"})
    copy = mock.copy()
    assert (names(copy), names(copy.at("eu-west-1"))) == (["names"], ["orte"])
    ask(copy, "transcribe.DeleteVocabulary", VocabularyName="names")
    copy.s3["bucket/key"] = b"y"
    copy.clock.advance(days=1)
    assert (names(mock), mock.s3["bucket/key"]) == (["names"], b"x")
    assert copy.clock.now() > mock.clock.now()


def test_a_copy_answers_as_its_original_would():
    mock = Mock(seed=3)
    ask(mock, "transcribe.CreateVocabulary", **VOCABULARY)
    copy = mock.copy()
    group = {"DatasetGroupName": "shop", "Domain": "RETAIL"}
    replies = [
        (ask(one, "forecast.CreateDatasetGroup", **group), ask(one, "kendra.ListIndices"), one.random.random())
        for one in (mock, copy)
    ]
    assert replies[0] == replies[1]
    assert not copy.calls("transcribe.CreateVocabulary"), "the log begins anew"


def test_what_a_reply_gives_away_is_not_what_is_kept():
    mock = Mock()
    ask(mock, "transcribe.CreateVocabulary", **VOCABULARY)
    copy = mock.copy()
    ask(mock, "transcribe.GetVocabulary", VocabularyName="names")["VocabularyState"] = "LOST"
    for one in (mock, copy):
        assert ask(one, "transcribe.GetVocabulary", VocabularyName="names")["VocabularyState"] == "READY"
