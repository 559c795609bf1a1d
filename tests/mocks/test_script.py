from __future__ import annotations

import pytest
from aiservices_mocks import Mock

from aiservices.errors import InvalidCallError, NotMockedError, ServiceError, ThrottledError, TransportError
from tests.mocks.worlds import SPEECH, Clock, ask, small_mock


def test_failures_come_as_often_as_told_and_then_the_real_answer():
    mock = small_mock()
    mock.on("polly.ListLexicons").fails("ThrottlingException", times=2, message="Rate exceeded", retry_after=3)
    for _ in range(2):
        with pytest.raises(ThrottledError) as caught:
            ask(mock, "polly.ListLexicons")
        assert (caught.value.message, caught.value.retry_after) == ("Rate exceeded", 3)
        assert caught.value.request_id
    assert ask(mock, "polly.ListLexicons")["Lexicons"] == []
    mock.calls("polly.ListLexicons").times(3)


def test_a_failure_without_a_count_never_ends():
    mock = small_mock()
    mock.on("polly").fails("ServiceFailureException")
    for _ in range(5):
        with pytest.raises(ServiceError) as caught:
            ask(mock, "polly.ListLexicons")
        assert caught.value.status == 500


def test_an_exception_of_your_own_is_raised_as_it_is():
    mock = small_mock()
    mock.on("polly").fails(TransportError("no route", sent=False), times=1)
    with pytest.raises(TransportError, match="no route"):
        ask(mock, "polly.ListLexicons")
    assert isinstance(mock.calls("polly").last.error, TransportError)


def test_a_failing_call_changes_nothing():
    mock = small_mock()
    mock.on("polly.PutLexicon").fails("ServiceFailureException", times=1)
    with pytest.raises(ServiceError):
        ask(mock, "polly.PutLexicon", Name="a", Content="x")
    assert ask(mock, "polly.ListLexicons")["Lexicons"] == []


def test_a_lost_response_leaves_its_effect():
    mock = small_mock()
    mock.on("polly.PutLexicon").loses_response()
    with pytest.raises(TransportError) as caught:
        ask(mock, "polly.PutLexicon", Name="a", Content="x")
    assert caught.value.sent
    assert ask(mock, "polly.ListLexicons")["Lexicons"] == [{"Name": "a"}]
    ask(mock, "polly.PutLexicon", Name="a", Content="x")


def test_members_choose_the_calls():
    mock = small_mock()
    mock.on("polly.SynthesizeSpeech", Text="boom").fails("ServiceFailureException")
    mock.on("polly.SynthesizeSpeech", Text=lambda text: len(text or "") > 10, VoiceId="Joanna").returns(
        {"ContentType": "x"}
    )
    assert ask(mock, "polly.SynthesizeSpeech", **SPEECH)["ContentType"] == "audio/pcm"
    assert ask(mock, "polly.SynthesizeSpeech", **SPEECH | {"Text": "a long text"})["ContentType"] == "x"
    other = SPEECH | {"Text": "a long text", "VoiceId": "Amy"}
    assert ask(mock, "polly.SynthesizeSpeech", **other)["ContentType"] == "audio/pcm"
    with pytest.raises(ServiceError):
        ask(mock, "polly.SynthesizeSpeech", **SPEECH | {"Text": "boom"})


def test_scripted_answers_are_fresh_each_time_and_marked():
    mock = small_mock()
    reply = {"AudioStream": b"sound", "ContentType": "audio/mpeg"}
    mock.on("polly.SynthesizeSpeech").returns(reply)
    for _ in range(2):
        answer = ask(mock, "polly.SynthesizeSpeech", **SPEECH)
        assert answer["AudioStream"].read() == b"sound"
        assert answer["ResponseMetadata"]["AIServices"] == {"backend": "mock", "fidelity": "scripted"}
    assert reply == {"AudioStream": b"sound", "ContentType": "audio/mpeg"}


def test_a_reply_that_the_model_does_not_know_is_refused_at_once():
    mock = small_mock()
    with pytest.raises(InvalidCallError, match="Lexikons: the model has no such member"):
        mock.on("polly.ListLexicons").returns({"Lexikons": []})
    with pytest.raises(InvalidCallError, match=r"Lexicons\[0\]\.Name: int instead of string"):
        mock.on("polly.ListLexicons").returns({"Lexicons": [{"Name": 1}]})
    with pytest.raises(InvalidCallError, match="needs one operation"):
        mock.on("polly").returns({})


def test_an_operation_that_the_mock_does_not_answer_can_be_scripted():
    mock = small_mock()
    mock.on("polly.ListSpeechSynthesisTasks").returns({"SynthesisTasks": []}, times=1)
    assert ask(mock, "polly.ListSpeechSynthesisTasks")["SynthesisTasks"] == []
    with pytest.raises(NotMockedError):
        ask(mock, "polly.ListSpeechSynthesisTasks")


def test_a_scripted_call_is_held_against_the_model_first():
    mock = small_mock()
    rule = mock.on("polly.PutLexicon").returns({})
    with pytest.raises(ServiceError, match="null at 'name'"):
        ask(mock, "polly.PutLexicon", Content="x")
    assert rule.used == 0


def test_a_function_answers_from_the_request():
    mock = small_mock()
    mock.on("polly.GetLexicon").calls(lambda params: {"Lexicon": {"Name": params["Name"], "Content": "made"}})
    assert ask(mock, "polly.GetLexicon", Name="abc")["Lexicon"]["Name"] == "abc"
    mock.on("polly").calls(lambda params: {"Nonsense": 1}, times=1)
    with pytest.raises(InvalidCallError, match="Nonsense"):
        ask(mock, "polly.ListLexicons")


def test_time_passes_before_an_answer():
    mock = small_mock(clock=Clock.manual())
    mock.on("polly.ListLexicons").takes(30, times=1)
    assert ask(mock, "polly.ListLexicons")["Lexicons"] == []
    assert mock.clock.monotonic() == 30
    ask(mock, "polly.ListLexicons")
    assert mock.clock.monotonic() == 30


def test_a_late_answer_is_the_handlers_own():
    mock = small_mock()
    ask(mock, "polly.PutLexicon", Name="a", Content="x")
    mock.on("polly.GetLexicon").takes(30)
    reply = ask(mock, "polly.GetLexicon", Name="a")
    assert reply["ResponseMetadata"]["AIServices"]["fidelity"] == "stateful"
    reply["Lexicon"]["Content"] = "changed"
    assert ask(mock, "polly.GetLexicon", Name="a")["Lexicon"]["Content"] == "x"


def test_any_exception_can_be_told_and_is_logged():
    mock = small_mock()
    mock.on("polly").fails(ZeroDivisionError("told"))
    depths = []
    for _ in range(3):
        with pytest.raises(ZeroDivisionError, match="told") as caught:
            ask(mock, "polly.ListLexicons")
        depths.append(len(caught.traceback))
    assert depths[0] == depths[2]
    assert isinstance(mock.calls("polly").times(3).last.error, ZeroDivisionError)


def test_steps_follow_each_other_and_newer_rules_come_first():
    mock = small_mock()
    mock.on("polly.ListLexicons").fails("ServiceFailureException", times=1).returns(
        {"Lexicons": [{"Name": "scripted"}]}, times=1
    )
    with pytest.raises(ServiceError):
        ask(mock, "polly.ListLexicons")
    mock.on("polly.ListLexicons").returns({"Lexicons": [{"Name": "newer"}]}, times=1)
    names = [[lexicon["Name"] for lexicon in ask(mock, "polly.ListLexicons")["Lexicons"]] for _ in range(3)]
    assert names == [["newer"], ["scripted"], []]


def test_what_was_never_used_can_be_asked():
    mock = small_mock()
    used = mock.on("polly.ListLexicons").fails("ThrottlingException", times=1)
    half = mock.on("polly.GetLexicon").fails("ThrottlingException", times=2)
    never = mock.on("comprehend").fails("TooManyRequestsException")
    assert mock.script.unused == [never, half, used]
    for what, params in [("polly.ListLexicons", {}), ("polly.GetLexicon", {"Name": "a"})]:
        with pytest.raises(ThrottledError):
            ask(mock, what, **params)
    assert mock.script.unused == [never, half]


def test_misspellings_name_the_nearest():
    mock = small_mock()
    for what, right in [
        ("poly", "polly"),
        ("polly.ListLexicon", "ListLexicons"),
        ("comprehend.DetectSentimnt", "DetectSentiment"),
    ]:
        with pytest.raises(InvalidCallError, match=right):
            mock.on(what)
    with pytest.raises(InvalidCallError, match='takes no "text"; did you mean "Text"'):
        mock.on("polly.SynthesizeSpeech", text="boom")
    with pytest.raises(InvalidCallError, match="at least 1"):
        mock.on("polly").fails("X", times=0)


def test_s3_is_scripted_too():
    mock = small_mock()
    mock.s3["bucket/key"] = b"x"
    mock.on("s3.GetObject", Key="key").fails("SlowDown", times=1, status=503)
    with pytest.raises(ServiceError) as caught:
        ask(mock, "s3.GetObject", Bucket="bucket", Key="key")
    assert caught.value.retry == "throttle" or caught.value.status == 503
    assert ask(mock, "s3.GetObject", Bucket="bucket", Key="key")["Body"].read() == b"x"


def test_a_share_of_the_calls_fails_and_the_same_ones_for_the_same_seed():
    def failed(seed):
        mock = Mock(seed=seed)
        mock.on("polly").fails("ServiceFailureException", rate=0.3)
        return [_fails(mock, "polly.ListLexicons") for _ in range(200)]

    assert failed(1) == failed(1)
    assert failed(1) != failed(2)
    assert 30 < sum(failed(1)) < 90


def test_each_service_throttles_with_its_own_code():
    mock = Mock()
    for product in ("translate", "polly", "textract", "s3"):
        mock.on(product).throttles(times=1)
    codes = []
    for what, params in (
        ("translate.ListTerminologies", {}),
        ("polly.ListLexicons", {}),
        ("textract.ListAdapters", {}),
        ("s3.ListBuckets", {}),
    ):
        with pytest.raises(ThrottledError) as caught:
            ask(mock, what, **params)
        codes.append(caught.value.code)
    assert codes == ["TooManyRequestsException", "ThrottlingException", "ThrottlingException", "SlowDown"]


def test_a_lost_request_has_no_effect_and_looks_as_if_it_might_have_had():
    mock = small_mock()
    mock.on("polly.PutLexicon").loses_request()
    with pytest.raises(TransportError) as caught:
        ask(mock, "polly.PutLexicon", Name="a", Content="x")
    assert caught.value.sent
    assert ask(mock, "polly.ListLexicons")["Lexicons"] == []


def test_answers_come_one_after_the_other_and_then_the_real_one():
    mock = small_mock()
    mock.on("polly.ListLexicons").returns_each([{"Lexicons": [{"Name": name}]} for name in "ab"])
    names = [[one["Name"] for one in ask(mock, "polly.ListLexicons")["Lexicons"]] for _ in range(3)]
    assert names == [["a"], ["b"], []]


def test_a_predicate_chooses_the_calls():
    mock = small_mock()
    mock.on("polly", lambda params: params.get("Name", "").startswith("b")).fails("ServiceFailureException")
    ask(mock, "polly.PutLexicon", Name="a", Content="x")
    assert _fails(mock, "polly.PutLexicon", Name="b", Content="x")


@pytest.mark.parametrize("rate", [0, -1, 1.1])
def test_a_rate_is_a_share(rate):
    with pytest.raises(InvalidCallError, match="rate="):
        Mock().on("polly").fails("ServiceFailureException", rate=rate)


def _fails(mock, what, **params):
    try:
        ask(mock, what, **params)
    except ServiceError:
        return True
    return False
