from __future__ import annotations

import re
import subprocess
import sys
import threading
import uuid

import pytest
from aiservices_mocks import Mock
from aiservices_mocks.backend import service_class
from aiservices_mocks.calls import KEPT, KEPT_BYTES
from aiservices_mocks.examples import example
from aiservices_mocks.service import find_handler, stateful
from hypothesis import given
from hypothesis import strategies as st

from aiservices.api.model import load
from aiservices.call import SERVICES, Call
from aiservices.errors import InvalidCallError, NotFoundError, NotMockedError, ServiceError, service_error
from tests.mocks.breaking import breaks
from tests.mocks.worlds import SPEECH, Lexicons, ask, small_mock

LEXICON = {"Name": "w3c", "Content": "<lexicon/>"}


def test_a_reply_says_what_it_is():
    reply = ask(small_mock(), "polly.SynthesizeSpeech", **SPEECH)
    metadata = reply.pop("ResponseMetadata")
    assert uuid.UUID(metadata.pop("RequestId")).version == 4
    assert metadata == {
        "HTTPStatusCode": 200,
        "HTTPHeaders": {},
        "RetryAttempts": 0,
        "AIServices": {"backend": "mock", "fidelity": "computed", "engine": "echo"},
    }
    assert reply["AudioStream"].read() == b"hello"


def test_state_is_kept_and_a_caller_cannot_reach_into_it():
    mock = small_mock()
    ask(mock, "polly.PutLexicon", **LEXICON)
    ask(mock, "polly.GetLexicon", Name="w3c")["Lexicon"]["Content"] = "changed"
    assert ask(mock, "polly.GetLexicon", Name="w3c")["Lexicon"] == LEXICON


def test_an_error_has_the_operation_the_status_and_a_request_id():
    mock = small_mock()
    with pytest.raises(NotFoundError) as caught:
        ask(mock, "polly.GetLexicon", Name="w3c")
    error = caught.value
    assert str(error) == "polly.GetLexicon: LexiconNotFoundException: Lexicon not found"
    assert (error.operation, error.status, error.code) == ("GetLexicon", 404, "LexiconNotFoundException")
    assert uuid.UUID(error.request_id).version == 4


def test_pages_follow_each_other_and_a_foreign_token_is_the_services_error():
    mock = small_mock()
    for name in "abc":
        ask(mock, "polly.PutLexicon", Name=name, Content="x")
    first = ask(mock, "polly.ListLexicons")
    assert [lexicon["Name"] for lexicon in first["Lexicons"]] == ["a", "b"]
    second = ask(mock, "polly.ListLexicons", NextToken=first["NextToken"])
    assert [lexicon["Name"] for lexicon in second["Lexicons"]] == ["c"]
    assert "NextToken" not in second
    with pytest.raises(ServiceError) as caught:
        ask(mock, "polly.ListLexicons", NextToken="made up")
    assert caught.value.code == "InvalidNextTokenException"


def test_what_is_not_answered_says_so_and_what_to_do():
    mock = small_mock()
    with pytest.raises(NotMockedError, match=r'polly\.DeleteLexicon: .* mock\.on\("polly\.DeleteLexicon"\)\.returns'):
        ask(mock, "polly.DeleteLexicon", Name="w3c")
    with pytest.raises(ServiceError, match="1 validation error detected"):
        ask(mock, "polly.DeleteLexicon", Name="not a name")


class MadeUp(Lexicons):
    """As `Lexicons`, with an answer that is made up from the model."""

    def delete_lexicon(self, name: str):
        """Nothing is deleted."""
        return {}

    delete_lexicon.fidelity = "schema"


@pytest.mark.parametrize("strict", [False, True])
def test_strict_refuses_what_is_made_up_and_nothing_else(strict):
    mock = Mock(strict=strict)
    mock.world.services["polly"] = MadeUp(mock.world)
    ask(mock, "polly.PutLexicon", **LEXICON)
    assert ask(mock, "polly.SynthesizeSpeech", **SPEECH)["RequestCharacters"] == 5
    ask(mock, "s3.ListBuckets")
    if not strict:
        metadata = ask(mock, "polly.DeleteLexicon", Name="w3c")["ResponseMetadata"]
        assert metadata["AIServices"]["fidelity"] == "schema"
        return
    with pytest.raises(NotMockedError, match=r"strict mode .* mock\.on\(\"polly\.DeleteLexicon\"\)\.returns"):
        ask(mock, "polly.DeleteLexicon", Name="w3c")
    mock.on("polly.DeleteLexicon").returns({})
    scripted = ask(mock, "polly.DeleteLexicon", Name="w3c")["ResponseMetadata"]
    assert scripted["AIServices"]["fidelity"] == "scripted", "what a test says itself is not made up"


@pytest.mark.parametrize("service", SERVICES)
def test_what_no_handler_answers_raises_not_mocked_for_valid_input(service):
    mock, kind = Mock(), service_class(service)
    answered = kind(mock.world) if kind else None
    for operation in load(service).operations.values():
        if answered is not None and find_handler(answered, operation.name) is not None:
            continue
        with pytest.raises(NotMockedError, match=re.escape(f'mock.on("{service}.{operation.name}").returns')):
            mock.send(Call(service, operation.name, example(operation.input) if operation.input else {}))


def test_an_error_of_a_handler_says_what_to_do_as_awss_does():
    class Busy(Lexicons):
        @stateful
        def get_lexicon(self, name: str):
            """Too many at once."""
            raise self.error(
                "ThrottlingException",
                "Value 'secret' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: x",
            )

    mock = small_mock()
    mock.world.services["polly"] = Busy(mock.world)
    with pytest.raises(ServiceError) as caught:
        ask(mock, "polly.GetLexicon", Name="w3c")
    error = caught.value
    assert str(error) == str(service_error("polly", "GetLexicon", error.code, error.message))
    assert "secret" not in str(error)


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_is_held_against_the_model_before_anything_else(service):
    mock = Mock()
    for operation in load(service).operations.values():
        if not operation.input or not operation.input.required:
            continue
        with pytest.raises(ServiceError, match="Member must not be null"):
            mock.send(Call(service, operation.name, {}))


def test_unknown_operations_and_services_name_the_nearest():
    with pytest.raises(InvalidCallError, match="DetectSentiment"):
        ask(Mock(), "comprehend.DetectSentimnt")
    with pytest.raises(InvalidCallError, match="comprehend"):
        ask(Mock(), "comprehnd.DetectSentiment")
    with pytest.raises(InvalidCallError, match="PutObject"):
        ask(Mock(), "s3.PutObjekt", Bucket="bucket", Key="key")


def test_a_refused_request_changes_nothing():
    operation = load("polly").operation("PutLexicon")
    mock = small_mock()
    ask(mock, "polly.PutLexicon", **LEXICON)
    tried = list(breaks(operation, example(operation.input, 0)))
    for broken in tried:
        with pytest.raises(ServiceError):
            mock.send(Call("polly", "PutLexicon", broken.request))
    assert tried
    assert dict(mock.world.store.table("polly", "lexicon")) == {"w3c": LEXICON}


@given(st.integers(-(2**70), 2**70), st.lists(st.sampled_from("abc"), max_size=5))
def test_the_same_seed_calls_and_state_give_the_same_replies(seed, names):
    def run():
        mock = small_mock(seed=seed)
        for name in names:
            yield ask(mock, "polly.PutLexicon", Name=name, Content="x")
        yield ask(mock, "polly.ListLexicons")
        yield mock.world.new_id(), mock.world.new_id("name"), mock.world.arn("polly", "lexicon/a")

    first = list(run())
    assert first == list(run())
    ids = [reply["ResponseMetadata"]["RequestId"] for reply in first[:-1]]
    assert len(set(ids)) == len(ids)
    assert all(uuid.UUID(each).version == 4 for each in ids)


def test_ids_made_of_names_do_not_depend_on_the_order():
    one, other = Mock(seed=1).world, Mock(seed=1).world
    one.new_id()
    assert one.new_id("job", "a") == other.new_id("job", "a")
    assert one.new_id("job", "a") != one.new_id("job", "b")
    assert Mock(seed=2).world.new_id("job", "a") != one.new_id("job", "a")
    assert uuid.UUID(one.new_id("job", "a")).version == 4


def test_another_seed_gives_other_ids():
    ids = {ask(small_mock(seed=seed), "polly.ListLexicons")["ResponseMetadata"]["RequestId"] for seed in range(50)}
    assert len(ids) == 50


def test_the_account_and_region_are_told():
    world = Mock(account="111122223333", region="eu-west-1").world
    assert world.arn("comprehend", "endpoint/a") == "arn:aws:comprehend:eu-west-1:111122223333:endpoint/a"


# The call log


def test_the_log_keeps_what_was_asked_and_what_came_of_it():
    mock = small_mock()
    ask(mock, "polly.PutLexicon", **LEXICON)
    with pytest.raises(ServiceError):
        ask(mock, "polly.GetLexicon", Name="none")
    ask(mock, "s3.ListBuckets")
    assert [recorded.call.name for recorded in mock.calls()] == [
        "polly.PutLexicon",
        "polly.GetLexicon",
        "s3.ListBuckets",
    ]
    assert mock.calls("polly.PutLexicon").times(1).last.params == LEXICON
    assert mock.calls("polly").times(2).last.error.code == "LexiconNotFoundException"
    assert mock.calls("s3.ListBuckets").last.reply["Buckets"] == []
    assert list(mock.calls("comprehend").times(0)) == []


def test_refused_and_unanswered_calls_are_logged_too():
    mock = Mock()
    for params in ({}, {"Name": "a"}):
        with pytest.raises((ServiceError, NotMockedError)):
            ask(mock, "kendra.DescribeIndex", **params)
    with pytest.raises((ServiceError, NotMockedError)):
        ask(mock, "kendra.DescribeIndex", Id="0" * 36)
    mock.calls("kendra.DescribeIndex").times(3)


def test_a_wrong_count_is_told_readably():
    mock = small_mock()
    ask(mock, "polly.ListLexicons")
    with pytest.raises(AssertionError, match=r"polly was called once, not 2 times; seen:\n  polly\.ListLexicons"):
        mock.calls("polly").times(2)
    with pytest.raises(AssertionError, match="comprehend was never called"):
        _ = mock.calls("comprehend").last


def test_products_and_services_are_both_understood_and_misspellings_named():
    mock = Mock()
    for what in ("lex", "lexv2-runtime", "lex.RecognizeText", "fraud_detector", "frauddetector.GetModels", "s3"):
        assert len(mock.calls(what)) == 0
    for wrong, right in [
        ("compreehend", "comprehend"),
        ("lex.RecogniseText", "RecognizeText"),
        ("s3.PutObjct", "PutObject"),
    ]:
        with pytest.raises(InvalidCallError, match=right):
            mock.calls(wrong)


def test_the_log_forgets_the_oldest_calls():
    mock = small_mock()
    for _ in range(KEPT + 5):
        ask(mock, "polly.ListLexicons")
    assert len(mock.calls()) == KEPT


def test_the_log_forgets_the_oldest_contents():
    mock = small_mock()
    mock.s3.make_bucket("bucket")
    data = bytes(KEPT_BYTES // 4)
    for n in range(6):
        ask(mock, "s3.PutObject", Bucket="bucket", Key=str(n), Body=data)
    assert [recorded.params["Key"] for recorded in mock.calls()] == ["3", "4", "5"]
    ask(mock, "s3.PutObject", Bucket="bucket", Key="huge", Body=bytes(KEPT_BYTES + 1))
    assert mock.calls().last.params["Key"] == "huge"


def test_the_log_reads_no_stream():
    mock = small_mock()
    reply = ask(mock, "polly.SynthesizeSpeech", **SPEECH)
    assert "AudioStream" not in mock.calls().last.reply
    assert reply["AudioStream"].read() == b"hello"


# Costs of having one


def test_threads_share_a_mock():
    mock = small_mock()

    def work(name):
        for n in range(50):
            ask(mock, "polly.PutLexicon", Name=f"{name}{n}", Content="x")

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcdefgh"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mock.world.store.table("polly", "lexicon")) == 400
    ids = {recorded.reply["ResponseMetadata"]["RequestId"] for recorded in mock.calls("polly").times(400)}
    assert len(ids) == 400


def test_importing_the_mock_loads_no_heavy_package():
    heavy = ["boto3", "botocore", "numpy", "httpx", "regex", "pydantic", "moto", "PIL", "pypdfium2", "soundfile"]
    code = f"import sys, aiservices_mocks; aiservices_mocks.Mock(); print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_quotas_are_awss_and_can_be_set():
    assert Mock().quotas["transcribe.Vocabulary"] == 100
    mock = Mock(quotas={"transcribe.Vocabulary": 1})
    assert mock.quotas["transcribe.Vocabulary"] == 1
    for one in (mock, mock.copy(), mock.at("eu-west-1")):
        ask(one, "transcribe.CreateVocabulary", VocabularyName="a", LanguageCode="en-US", Phrases=["x"])
        with pytest.raises(ServiceError) as caught:
            ask(one, "transcribe.CreateVocabulary", VocabularyName="b", LanguageCode="en-US", Phrases=["x"])
        assert caught.value.code == "LimitExceededException"
        ask(one, "transcribe.DeleteVocabulary", VocabularyName="a")


@pytest.mark.parametrize(
    ("quotas", "said"),
    [({"transcribe.Vocabulry": 1}, 'Did you mean "transcribe.Vocabulary"'), ({"kendra.Index": -1}, "-1")],
)
def test_a_quota_that_is_none_is_refused(quotas, said):
    with pytest.raises(InvalidCallError) as caught:
        Mock(quotas=quotas)
    assert said.lower() in str(caught.value).lower()
