"""What Lex finds out about bots, on every backend of the rig."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiservices_mocks import Clock, Mock
from aiservices_mocks.places import place

from aiservices import AI
from aiservices.errors import BadRequestError, ConflictError, NotFoundError, NotMockedError, ServiceError
from tests.flowers import ROLE, make_bot, make_flowers
from tests.mocks.talking import transcript

PERIOD = {"start_date_time": datetime(2020, 1, 1, tzinfo=UTC), "end_date_time": datetime(2100, 1, 1, tzinfo=UTC)}
SETS = {"s3BucketName": "tests", "s3Path": "sets"}
TESTS = """Line #,Conversation #,Source,Input,Expected Output Intent,Expected Output Slot 1,Expected Output Slot 2
1,N/A,User,I want to book a room,BookRoom,,
2,1,User,buy roses,OrderFlowers,Kind = roses,
3,1,Agent,Which day?,,,
4,1,User,today,OrderFlowers,Kind = roses,Day = today
5,N/A,User,zebra,BookRoom,,
6,N/A,User,sell cars,SellCar,Model = any,
"""


def files(mock: Mock, url: str, password: str | None = None) -> dict[str, bytes]:
    where = place(url)
    assert where is not None
    with zipfile.ZipFile(io.BytesIO(mock.s3.get(*where))) as archive:
        return {name: archive.read(name, pwd=password.encode() if password else None) for name in archive.namelist()}


def talk(ai: Any, flowers: dict[str, str], session: str, *texts: str) -> None:
    for text in texts:
        ai.lex.recognize_text(**flowers, session_id=session, text=text)


@pytest.fixture
def flowers(ai: Any, mock: Mock) -> dict[str, str]:
    """A bot with three conversations: one to the end, one with a change of mind, one that leads nowhere."""
    of = make_flowers(ai)
    talk(ai, of, "ada", "I want to order flowers", "bicycle", "roses", "today", "yes")
    mock.clock.advance(hours=2)
    talk(ai, of, "bob", "buy tulips", "I want to book a room")
    talk(ai, of, "eve", "zebra", "buy roses")
    return of


# Analytics.


def test_utterances_are_counted_as_understood_or_missed(ai: Any, flowers: Any, mock: Mock) -> None:
    def counts(**members: Any) -> dict[str, tuple[int, int]]:
        found = ai.lex.list_aggregated_utterances(
            bot_id=flowers["bot_id"],
            locale_id="en_US",
            aggregation_duration={"relativeAggregationDuration": {"timeDimension": "Hours", "timeValue": 1}},
            **members,
        )
        window = found.aggregation_window_end_time - found.aggregation_window_start_time
        assert window == timedelta(hours=1)
        summaries = found.aggregated_utterances_summaries
        return {one.utterance: (one.hit_count, one.missed_count) for one in summaries}

    talk(ai, flowers, "tom", "zebra")
    by_alias = counts(bot_alias_id="TSTALIASID")
    assert by_alias == {"buy tulips": (1, 0), "I want to book a room": (1, 0), "zebra": (0, 2), "buy roses": (1, 0)}
    assert counts(bot_version="DRAFT") == by_alias
    assert counts(bot_version="1") == {}
    wanted = {"name": "Utterance", "values": ["buy"], "operator": "CO"}
    assert [*counts(bot_version="DRAFT", filters=[wanted])] == ["buy tulips", "buy roses"]
    by = {"attribute": "MissedCount", "order": "Descending"}
    assert next(iter(counts(bot_version="DRAFT", sort_by=by))) == "zebra"
    for named in ({}, {"bot_alias_id": "TSTALIASID", "bot_version": "DRAFT"}):
        with pytest.raises(BadRequestError):
            counts(**named)
    ai.lex.delete_utterances(bot_id=flowers["bot_id"], session_id="tom")
    assert counts(bot_version="DRAFT")["zebra"] == (0, 1)
    ai.lex.delete_utterances(bot_id=flowers["bot_id"])
    assert counts(bot_version="DRAFT") == {}


def test_what_was_said_can_be_read_again(ai: Any, flowers: Any) -> None:
    found = ai.lex.list_utterance_analytics_data(
        bot_id=flowers["bot_id"],
        **PERIOD,
        filters=[{"name": "SessionId", "operator": "EQ", "values": ["ada"]}],
        sort_by={"name": "UtteranceTimestamp", "order": "Ascending"},
    ).utterances
    assert [one.utterance for one in found] == ["I want to order flowers", "bicycle", "roses", "today", "yes"]
    assert [one.utterance_understood for one in found] == [True, False, True, True, True]
    assert [one.associated_slot_name for one in found] == [None, "Kind", "Kind", "Day", None]
    assert [one.dialog_action_type for one in found] == [
        "ElicitSlot", "ElicitSlot", "ElicitSlot", "ConfirmIntent", "Close",
    ]  # fmt: skip
    last = found[-1]
    assert (last.mode, last.intent_state, last.slots_filled_in_session) == ("Text", "ReadyForFulfillment", "Kind, Day")
    assert last.bot_responses[0].content == "Your roses will come."


def test_sessions_are_listed_with_their_ends(ai: Any, flowers: Any) -> None:
    def sessions(**members: Any) -> list[Any]:
        found = ai.lex.list_session_analytics_data(bot_id=flowers["bot_id"], **PERIOD, **members)
        return list(found.sessions)

    found = {one.session_id: one for one in sessions()}
    assert {name: one.conversation_end_state for name, one in found.items()} == {
        "ada": "Success",
        "bob": "Success",
        "eve": "Dropped",
    }
    assert (found["ada"].number_of_turns, found["bob"].number_of_turns) == (5, 2)
    assert [one.intent_name for one in found["bob"].invoked_intent_samples] == ["OrderFlowers", "BookRoom"]
    by = {"name": "NumberOfTurns", "order": "Descending"}
    assert sessions(sort_by=by)[0].session_id == "ada"
    ends = {"name": "ConversationEndState", "operator": "EQ", "values": ["Dropped", "Failure"]}
    assert [one.session_id for one in sessions(filters=[ends])] == ["eve"]
    path = {"name": "IntentPath", "operator": "EQ", "values": ["/OrderFlowers/BookRoom"]}
    assert [one.session_id for one in sessions(filters=[path])] == ["bob"]
    first = ai.lex.list_session_analytics_data(bot_id=flowers["bot_id"], **PERIOD, max_results=2)
    rest = ai.lex.list_session_analytics_data(
        bot_id=flowers["bot_id"], **PERIOD, max_results=2, next_token=first.next_token
    )
    assert [one.session_id for one in [*first.sessions, *rest.sessions]] == ["ada", "bob", "eve"]


def values(found: Any) -> dict[tuple[str, ...], list[float]]:
    return {
        tuple(key.value for key in row.group_by_keys or []): [one.value for one in row.metrics_results]
        for row in found.results
    }


def test_numbers_of_sessions_utterances_intents_and_stages(ai: Any, flowers: Any) -> None:
    of = {"bot_id": flowers["bot_id"], **PERIOD}

    def asked(*names: str) -> list[dict[str, str]]:
        return [{"name": name, "statistic": "Sum"} for name in names]

    sessions = ai.lex.list_session_metrics(
        **of,
        metrics=[
            *asked("Count", "Success", "Dropped"),
            *({"name": name, "statistic": "Max"} for name in ("TurnsPerConversation", "Concurrency")),
        ],
    )
    assert values(sessions) == {(): [3, 2, 1, 5, 2]}
    by_end = ai.lex.list_session_metrics(
        **of, metrics=asked("Count"), group_by=[{"name": "ConversationEndState"}, {"name": "LocaleId"}]
    )
    assert values(by_end) == {("Success", "en_US"): [2], ("Dropped", "en_US"): [1]}
    by_hour = ai.lex.list_session_metrics(
        **of,
        metrics=asked("Count"),
        bin_by=[{"name": "ConversationStartTime", "interval": "OneHour", "order": "Descending"}],
    )
    assert [row.metrics_results[0].value for row in by_hour.results] == [2, 1]
    assert by_hour.results[0].bin_keys[0].value - by_hour.results[1].bin_keys[0].value == 2 * 3600
    utterances = ai.lex.list_utterance_metrics(
        **of,
        metrics=asked("Count", "Missed"),
        group_by=[{"name": "UtteranceState"}],
        attributes=[{"name": "LastUsedIntent"}],
    )
    assert values(utterances) == {("Detected",): [7, 0], ("Missed",): [2, 2]}
    assert utterances.results[0].attribute_results[0].last_used_intent == "OrderFlowers"
    intents = ai.lex.list_intent_metrics(
        **of, metrics=asked("Count", "Success", "Switched", "Dropped"), group_by=[{"name": "IntentName"}]
    )
    assert values(intents) == {
        ("OrderFlowers",): [3, 1, 1, 1],
        ("BookRoom",): [1, 1, 0, 0],
        ("FallbackIntent",): [1, 1, 0, 0],
    }
    stages = ai.lex.list_intent_stage_metrics(
        **of,
        metrics=asked("Success", "Retry"),
        group_by=[{"name": "IntentStageName"}],
        filters=[{"name": "IntentName", "operator": "EQ", "values": ["OrderFlowers"]}],
    )
    assert values(stages)[("Kind",)] == [1, 1]
    assert values(stages)[("Confirmation",)] == [1, 0]
    ordered = ai.lex.list_intent_metrics(
        **of,
        metrics=[{"name": "Count", "statistic": "Sum", "order": "Ascending"}],
        group_by=[{"name": "IntentName"}],
    )
    assert [row.metrics_results[0].value for row in ordered.results] == [1, 1, 3]


def test_paths_lead_from_intent_to_intent(ai: Any, flowers: Any) -> None:
    def nodes(path: str) -> set[tuple[str, str, int, int, str]]:
        found = ai.lex.list_intent_paths(bot_id=flowers["bot_id"], **PERIOD, intent_path=path)
        return {
            (one.intent_name, one.intent_path, one.intent_count, one.intent_level, one.node_type)
            for one in found.node_summaries or []
        }

    assert nodes("/") == {
        ("OrderFlowers", "/OrderFlowers", 1, 1, "Exit"),
        ("OrderFlowers", "/OrderFlowers", 1, 1, "Inner"),
        ("FallbackIntent", "/FallbackIntent", 1, 1, "Inner"),
    }
    assert nodes("/OrderFlowers") == {("BookRoom", "/OrderFlowers/BookRoom", 1, 2, "Exit")}
    assert nodes("/BookRoom") == set()
    with pytest.raises(BadRequestError):
        nodes("BookRoom")


def test_there_is_nothing_to_tell_of_a_bot_nobody_talked_to(ai: Any) -> None:
    of = {"bot_id": make_flowers(ai)["bot_id"], **PERIOD}
    assert ai.lex.list_session_analytics_data(**of).sessions == []
    assert ai.lex.list_utterance_metrics(**of, metrics=[{"name": "Count", "statistic": "Sum"}]).results == []
    with pytest.raises(ServiceError) as caught:
        ai.lex.list_session_analytics_data(**{**of, "bot_id": "ABCDEFGHIJ"})
    assert caught.value.code == "PreconditionFailedException"
    with pytest.raises(BadRequestError):
        ai.lex.list_session_analytics_data(
            bot_id=of["bot_id"], start_date_time=PERIOD["end_date_time"], end_date_time=PERIOD["start_date_time"]
        )


def test_what_children_say_is_not_written_down(ai: Any) -> None:
    of = make_flowers(ai, data_privacy={"childDirected": True})
    talk(ai, of, "ada", "buy roses")
    assert ai.lex.list_utterance_analytics_data(bot_id=of["bot_id"], **PERIOD).utterances == []


# Test sets.


def import_tests(ai: Any, mock: Mock, text: str = TESTS, **members: Any) -> Any:
    mock.s3["tests/in/tests.csv"] = text
    what = {
        "testSetName": "mine",
        "roleArn": ROLE,
        "storageLocation": SETS,
        "importInputLocation": {"s3BucketName": "tests", "s3Path": "in/tests.csv"},
        "modality": "Text",
    }
    begun = ai.lex.start_import(
        import_id=ai.lex.create_upload_url().import_id,
        resource_specification={"testSetImportResourceSpecification": what},
        **{"merge_strategy": "FailOnConflict", **members},
    )
    return ai.lex.describe_import(import_id=begun.import_id)


def target(flowers: dict[str, str]) -> dict[str, Any]:
    names = {"bot_id": "botId", "bot_alias_id": "botAliasId", "locale_id": "localeId"}
    return {"botAliasTarget": {names[name]: value for name, value in flowers.items()}}


def test_a_test_set_comes_from_a_file(ai: Any, mock: Mock) -> None:
    done = import_tests(ai, mock)
    assert (done.import_status, done.imported_resource_name) == ("Completed", "mine")
    found = ai.lex.describe_test_set(test_set_id=done.imported_resource_id)
    assert (found.status, found.num_turns, found.modality) == ("Ready", 6, "Text")
    records = ai.lex.list_test_set_records(test_set_id=found.test_set_id).test_set_records
    assert (records[0].conversation_id, records[3].conversation_id, records[3].turn_number) == (None, "1", 3)
    assert records[2].turn_specification.agent_turn.agent_prompt == "Which day?"
    assert records[3].turn_specification.user_turn.expected.intent.slots["Day"].value == "today"
    assert b"buy roses" in mock.s3["tests/sets/mine.csv"]
    assert import_tests(ai, mock).import_status == "Failed"
    assert import_tests(ai, mock, merge_strategy="Append").import_status == "Completed"
    assert ai.lex.describe_test_set(test_set_id=found.test_set_id).num_turns == 12
    changed = ai.lex.update_test_set(test_set_id=found.test_set_id, test_set_name="ours", description="all")
    assert (changed.test_set_name, changed.description) == ("ours", "all")
    assert [one.test_set_name for one in ai.lex.list_test_sets().test_sets] == ["ours"]
    arn = f"arn:aws:lex:us-east-1:123456789012:test-set/{found.test_set_id}"
    ai.lex.tag_resource(resource_arn=arn, tags={"team": "a"})
    assert ai.lex.list_tags_for_resource(resource_arn=arn).tags == {"team": "a"}
    ai.lex.delete_test_set(test_set_id=found.test_set_id)
    for ask in (ai.lex.describe_test_set, ai.lex.list_test_set_records):
        with pytest.raises(NotFoundError):
            ask(test_set_id=found.test_set_id)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no rows"),
        ("Line #,Source,Input\n1,Robot,hello\n", "Source"),
        ("Line #,Source,Input\n1,User,hello\n", "Expected Output Intent"),
        ("Line #,Source,Input\n1,Agent,\n", "no Input"),
        ('Line #,Source,Input\n1,Agent,"\n', "not a CSV"),
        ("Line #,Source,Input,Expected Output Intent\n1,User,hi,Say hi\n", "intent.name"),
        (f"Line #,Source,Input\n1,Agent,{'a' * 1025}\n", "agentPrompt"),
    ],
)
def test_a_file_that_is_no_test_set_fails(ai: Any, mock: Mock, text: str, reason: str) -> None:
    failed = import_tests(ai, mock, text)
    assert failed.import_status == "Failed"
    assert reason in failed.failure_reasons[0]
    assert ai.lex.list_test_sets().test_sets == []


def test_a_test_set_comes_from_what_was_said(ai: Any, flowers: Any, mock: Mock) -> None:
    mock.s3.make_bucket("tests")
    period = {"startTime": PERIOD["start_date_time"], "endTime": PERIOD["end_date_time"], "inputMode": "Text"}
    source = {**target(flowers)["botAliasTarget"], "filter": period}
    given = {
        "generation_data_source": {"conversationLogsDataSource": source},
        "storage_location": SETS,
        "role_arn": ROLE,
    }
    begun = ai.lex.start_test_set_generation(test_set_name="said", **given)
    assert begun.test_set_generation_status == "Pending"
    done = ai.lex.describe_test_set_generation(test_set_generation_id=begun.test_set_generation_id)
    assert done.test_set_generation_status == "Ready"
    run = ai.lex.start_test_execution(test_set_id=done.test_set_id, target=target(flowers), api_mode="NonStreaming")
    found = ai.lex.list_test_execution_result_items(
        test_execution_id=run.test_execution_id, result_filter_by={"resultTypeFilter": "OverallTestResults"}
    ).test_execution_results.overall_test_results.items
    assert [(one.multi_turn_conversation, one.end_to_end_result_counts) for one in found] == [(True, {"Matched": 3})]
    with pytest.raises(ConflictError):
        ai.lex.start_test_set_generation(test_set_name="said", **given)
    period["endTime"] = PERIOD["start_date_time"]
    begun = ai.lex.start_test_set_generation(test_set_name="nothing", **given)
    failed = ai.lex.describe_test_set_generation(test_set_generation_id=begun.test_set_generation_id)
    assert (failed.test_set_generation_status, len(failed.failure_reasons)) == ("Failed", 1)


def test_a_test_set_is_held_against_a_bot(ai: Any, mock: Mock) -> None:
    flowers = make_flowers(ai)
    tests = import_tests(ai, mock).imported_resource_id
    run = ai.lex.start_test_execution(test_set_id=tests, target=target(flowers), api_mode="NonStreaming")
    described = ai.lex.describe_test_execution(test_execution_id=run.test_execution_id)
    assert (described.test_execution_status, described.test_set_name) == ("Completed", "mine")
    (listed,) = ai.lex.list_test_executions(
        sort_by={"attribute": "CreationDateTime", "order": "Descending"}
    ).test_executions
    assert listed.test_execution_id == run.test_execution_id

    def results(kind: str, **by: Any) -> Any:
        return ai.lex.list_test_execution_result_items(
            test_execution_id=run.test_execution_id, result_filter_by={"resultTypeFilter": kind, **by}
        ).test_execution_results

    overall = results("OverallTestResults").overall_test_results.items
    assert [(one.multi_turn_conversation, one.end_to_end_result_counts) for one in overall] == [
        (False, {"Matched": 1, "Mismatched": 2}),
        (True, {"Matched": 1}),
    ]
    (conversation,) = results("ConversationLevelTestResults").conversation_level_test_results.items
    assert (conversation.conversation_id, conversation.end_to_end_result) == ("1", "Matched")
    by = {"conversationLevelTestResultsFilterBy": {"endToEndResult": "Mismatched"}}
    assert results("ConversationLevelTestResults", **by).conversation_level_test_results.items == []
    intents = results("IntentClassificationTestResults").intent_classification_test_results.items
    rooms = next(one for one in intents if one.intent_name == "BookRoom")
    assert rooms.result_counts.intent_match_result_counts == {"Matched": 1, "Mismatched": 1}
    slots = results("SlotResolutionTestResults").intent_level_slot_resolution_test_results.items
    kinds = next(one for one in slots if one.intent_name == "OrderFlowers").slot_resolution_results[0]
    assert (kinds.slot_name, kinds.result_counts.slot_match_result_counts) == ("Kind", {"Matched": 2})
    turns = results("UtteranceLevelResults").utterance_level_test_results.items
    assert [one.record_number for one in turns] == [1, 2, 3, 4, 5, 6]
    assert turns[2].turn_result.agent.actual_agent_prompt == "Which day?"
    assert turns[4].turn_result.user.actual_output.intent.name == "FallbackIntent"
    url = ai.lex.get_test_execution_artifacts_url(test_execution_id=run.test_execution_id).download_artifacts_url
    assert files(mock, url)["Results.csv"].count(b"\n") == 7
    with pytest.raises(BadRequestError):
        ai.lex.start_test_execution(
            test_set_id=tests, target=target(flowers), api_mode="NonStreaming", test_execution_modality="Audio"
        )


def test_results_are_there_when_the_execution_is_over() -> None:
    mock = Mock(clock=Clock.manual())
    with AI(backend=mock) as ai:
        of = make_bot(ai)
        begun = import_tests(ai, mock)
        mock.clock.advance(minutes=1)
        tests = ai.lex.describe_import(import_id=begun.import_id).imported_resource_id
        alias = {"bot_id": of["bot_id"], "bot_alias_id": "TSTALIASID", "locale_id": "en_US"}
        run = ai.lex.start_test_execution(test_set_id=tests, target=target(alias), api_mode="NonStreaming")
        with pytest.raises(BadRequestError, match="Pending"):
            ai.lex.get_test_execution_artifacts_url(test_execution_id=run.test_execution_id)
        with pytest.raises(ConflictError):
            ai.lex.delete_test_set(test_set_id=tests)
        mock.clock.advance(minutes=10)
        failed = ai.lex.describe_test_execution(test_execution_id=run.test_execution_id)
        assert failed.test_execution_status == "Failed"
        assert "not built for this locale" in failed.failure_reasons[0]


def test_a_report_says_what_a_bot_does_not_have(ai: Any, mock: Mock) -> None:
    flowers = make_flowers(ai)
    tests = import_tests(ai, mock, TESTS + "7,N/A,User,buy,OrderFlowers,Colour = red,\n").imported_resource_id
    made = ai.lex.create_test_set_discrepancy_report(test_set_id=tests, target=target(flowers))
    done = ai.lex.describe_test_set_discrepancy_report(
        test_set_discrepancy_report_id=made.test_set_discrepancy_report_id
    )
    assert done.test_set_discrepancy_report_status == "Completed"
    errors = done.test_set_discrepancy_top_errors
    assert [one.intent_name for one in errors.intent_discrepancies] == ["SellCar"]
    assert [(one.intent_name, one.slot_name) for one in errors.slot_discrepancies] == [("OrderFlowers", "Colour")]
    where = place(done.test_set_discrepancy_raw_output_url)
    assert where is not None
    assert json.loads(mock.s3.get(*where))["intentDiscrepancies"][0]["intentName"] == "SellCar"


# Recommendations, generations, the analyzer.


def test_intents_are_found_in_transcripts(ai: Any, mock: Mock) -> None:
    of = make_bot(ai)
    for number, words in enumerate(
        (
            "I want to order flowers",
            "can I order some flowers",
            "please cancel my booking",
            "cancel my booking now",
            "hm",
        )
    ):
        mock.s3[f"calls/day/{number}.json"] = transcript(words, "Of course.", "Thanks")
    source = {"s3BucketName": "calls", "transcriptFormat": "Lex", "pathFormat": {"objectPrefixes": ["day"]}}
    secrets = {"botLocaleExportPassword": "open", "associatedTranscriptsPassword": "sesame"}
    begun = ai.lex.start_bot_recommendation(
        **of, transcript_source_setting={"s3BucketTranscriptSource": source}, encryption_setting=secrets
    )
    assert begun.bot_recommendation_status == "Processing"
    named = {**of, "bot_recommendation_id": begun.bot_recommendation_id}
    done = ai.lex.describe_bot_recommendation(**named)
    assert done.bot_recommendation_status == "Available"
    assert done.bot_recommendation_results.statistics.intents.discovered_intent_count == 2
    found = ai.lex.list_recommended_intents(**named).summary_list
    assert {one.sample_utterances_count for one in found} == {2}
    assert any("Flowers" in one.intent_name for one in found)
    flowers = next(one for one in found if "Flowers" in one.intent_name)
    wanted = {"name": "IntentId", "values": [flowers.intent_id]}
    texts = ai.lex.search_associated_transcripts(**named, filters=[wanted], max_results=1)
    assert (texts.total_results, texts.next_index) == (2, 1)
    rest = ai.lex.search_associated_transcripts(**named, filters=[wanted], max_results=1, next_index=1)
    assert "order some flowers" in rest.associated_transcripts[0].transcript
    locale = files(mock, done.bot_recommendation_results.bot_locale_export_url, "open")
    assert f"en_US/Intents/{flowers.intent_name}/Intent.json" in locale
    ai.lex.update_bot_recommendation(**named, encryption_setting={"botLocaleExportPassword": "shut"})
    again = ai.lex.describe_bot_recommendation(**named).bot_recommendation_results
    assert files(mock, again.bot_locale_export_url, "shut") == locale
    assert len(ai.lex.list_bot_recommendations(**of).bot_recommendation_summaries) == 1


def test_a_recommendation_needs_transcripts_and_can_be_stopped(ai: Any, mock: Mock) -> None:
    of = make_bot(ai)

    def begin(bucket: str) -> dict[str, Any]:
        source = {"s3BucketName": bucket, "transcriptFormat": "Lex"}
        begun = ai.lex.start_bot_recommendation(**of, transcript_source_setting={"s3BucketTranscriptSource": source})
        return {**of, "bot_recommendation_id": begun.bot_recommendation_id}

    with pytest.raises(BadRequestError):
        begin("nowhere")
    mock.s3.make_bucket("empty")
    failed = begin("empty")
    assert ai.lex.describe_bot_recommendation(**failed).bot_recommendation_status == "Failed"
    with pytest.raises(BadRequestError):
        ai.lex.list_recommended_intents(**failed)
    mock.s3["broken/a.json"] = "{}"
    found = ai.lex.describe_bot_recommendation(**begin("broken"))
    assert "not a transcript" in found.failure_reasons[0]
    stopped = begin("empty")
    assert ai.lex.stop_bot_recommendation(**stopped).bot_recommendation_status == "Stopping"
    assert ai.lex.describe_bot_recommendation(**stopped).bot_recommendation_status == "Stopped"


def test_a_generation_is_made_up_and_strict_mode_refuses_it(ai: Any, mock: Mock) -> None:
    of = make_bot(ai)
    prompt = (
        "A bot for a flower shop that takes orders, answers questions about deliveries and says when it is open. " * 2
    )
    begun = ai.lex.start_bot_resource_generation(**of, generation_input_prompt=prompt)
    assert begun.generation_status == "InProgress"
    done = ai.lex.describe_bot_resource_generation(**of, generation_id=begun.generation_id)
    assert done.generation_status == "Complete"
    assert "en_US/BotLocale.json" in files(mock, done.generated_bot_locale_url)
    by = {"attribute": "creationStartTime", "order": "Ascending"}
    (listed,) = ai.lex.list_bot_resource_generations(**of, sort_by=by).generation_summaries
    assert listed.generation_id == begun.generation_id
    intent = ai.lex.create_intent(**of, intent_name="Hello").intent_id
    assert ai.lex.generate_bot_element(**of, intent_id=intent).intent_id == intent
    with pytest.raises(NotFoundError):
        ai.lex.generate_bot_element(**of, intent_id="ABCDEFGHIJ")
    with AI(backend=Mock(strict=True)) as strict:
        draft = make_bot(strict)
        with pytest.raises(NotMockedError):
            strict.lex.generate_bot_element(**draft, intent_id="ABCDEFGHIJ")


def test_the_analyzer_finds_what_confuses(ai: Any) -> None:
    of = make_bot(ai)
    for name in ("One", "Two"):
        ai.lex.create_intent(**of, intent_name=name, sample_utterances=[{"utterance": "hello"}], description=name)
    ai.lex.create_intent(**of, intent_name="Three")
    begun = ai.lex.start_bot_analyzer(bot_id=of["bot_id"], analysis_scope="BotLocale", locale_id="en_US")
    assert begun.bot_analyzer_status == "Processing"
    named = {"bot_id": of["bot_id"], "bot_analyzer_request_id": begun.bot_analyzer_request_id}
    done = ai.lex.describe_bot_analyzer_recommendation(**named)
    assert done.bot_analyzer_status == "Available"
    issues = done.bot_analyzer_recommendation_list
    assert [one.priority for one in issues] == ["High", "High", "Medium", "Medium", "Low"]
    assert {one.issue_location.bot_locale for one in issues} == {"en_US"}
    assert "also one of the intent One" in issues[0].issue_description + issues[1].issue_description
    page = ai.lex.describe_bot_analyzer_recommendation(**named, max_results=2)
    assert len(page.bot_analyzer_recommendation_list) == 2
    (listed,) = ai.lex.list_bot_analyzer_history(bot_id=of["bot_id"]).bot_analyzer_history_list
    assert listed.bot_analyzer_request_id == begun.bot_analyzer_request_id
    ai.lex.delete_bot_analyzer_recommendation(**named)
    for gone in (ai.lex.describe_bot_analyzer_recommendation, ai.lex.delete_bot_analyzer_recommendation):
        with pytest.raises(NotFoundError):
            gone(**named)
    assert len(ai.lex.list_bot_analyzer_history(bot_id=of["bot_id"]).bot_analyzer_history_list) == 1
    with pytest.raises(NotFoundError):
        ai.lex.start_bot_analyzer(bot_id=of["bot_id"], analysis_scope="BotLocale", locale_id="fr_FR")


def test_a_bot_is_analyzed_once_at_a_time_and_that_can_be_stopped() -> None:
    mock = Mock(clock=Clock.manual())
    with AI(backend=mock) as ai:
        of = make_bot(ai)
        begun = ai.lex.start_bot_analyzer(bot_id=of["bot_id"], analysis_scope="BotLocale")
        with pytest.raises(ConflictError):
            ai.lex.start_bot_analyzer(bot_id=of["bot_id"], analysis_scope="BotLocale")
        named = {"bot_id": of["bot_id"], "bot_analyzer_request_id": begun.bot_analyzer_request_id}
        assert ai.lex.stop_bot_analyzer(**named).bot_analyzer_status == "Stopping"
        mock.clock.advance(seconds=5)
        found = ai.lex.describe_bot_analyzer_recommendation(**named)
        assert (found.bot_analyzer_status, found.bot_analyzer_recommendation_list) == ("Stopped", [])
