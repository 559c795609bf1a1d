"""What builders of bots keep in Lex behaves the same on every backend of the rig."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from aiservices_mocks import Clock, Mock
from aiservices_mocks.boto3_bridge import bridge

from aiservices import AI
from aiservices.errors import BadRequestError, ConflictError, InvalidCallError, NotFoundError, QuotaError, ServiceError

ROLE = "arn:aws:iam::123456789012:role/lex"
ACCOUNT = "arn:aws:lex:us-east-1:123456789012"
PROMPT = {
    "messageGroups": [{"message": {"plainTextMessage": {"value": "Which size?"}}}],
    "maxRetries": 2,
}
ASKED = {"slotConstraint": "Required", "promptSpecification": PROMPT}
POLICY = {"Version": "2012-10-17", "Statement": [{"Sid": "a", "Effect": "Allow", "Principal": "*", "Action": "lex:*"}]}


def new_bot(ai: Any, name: str = "shop", **settings: Any) -> str:
    """The id of a bot that is available."""
    privacy = {"childDirected": False}
    made = ai.lex.create_bot(
        bot_name=name, role_arn=ROLE, data_privacy=privacy, idle_session_ttl_in_seconds=300, **settings
    )
    assert ai.lex.describe_bot(bot_id=made.bot_id).bot_status == "Available"
    return str(made.bot_id)


def draft(ai: Any, bot: str, locale: str = "en_US") -> dict[str, str]:
    """What names a new locale of a bot's draft."""
    named = {"bot_id": bot, "bot_version": "DRAFT", "locale_id": locale}
    ai.lex.create_bot_locale(**named, nlu_intent_confidence_threshold=0.4)
    return named


def intent(ai: Any, of: dict[str, str], name: str = "OrderPizza", *utterances: str, **settings: Any) -> str:
    said = [{"utterance": one} for one in utterances or ("I want a pizza",)]
    return str(ai.lex.create_intent(**of, intent_name=name, sample_utterances=said, **settings).intent_id)


def slot(ai: Any, of: dict[str, str], intent_id: str, name: str = "Size", kind: str = "AMAZON.Number") -> str:
    made = ai.lex.create_slot(
        **of, intent_id=intent_id, slot_name=name, slot_type_id=kind, value_elicitation_setting=ASKED
    )
    return str(made.slot_id)


def slot_type(ai: Any, of: dict[str, str], name: str = "Sizes") -> str:
    values = [{"sampleValue": {"value": one}} for one in ("small", "large")]
    return str(ai.lex.create_slot_type(**of, slot_type_name=name, slot_type_values=values).slot_type_id)


def build(ai: Any, of: dict[str, str]) -> Any:
    """Build a locale; how that ended."""
    assert ai.lex.build_bot_locale(**of).bot_locale_status == "Building"
    return ai.lex.describe_bot_locale(**of)


def version(ai: Any, bot: str, source: str = "DRAFT", locale: str = "en_US") -> str:
    made = ai.lex.create_bot_version(
        bot_id=bot, bot_version_locale_specification={locale: {"sourceBotVersion": source}}
    )
    found = ai.lex.describe_bot_version(bot_id=bot, bot_version=made.bot_version)
    assert found.bot_status == "Available"
    return str(made.bot_version)


def refusal(error: type[ServiceError], code: str, act: Any, **request: Any) -> str:
    """What a call that is refused is told."""
    with pytest.raises(error) as caught:
        act(**request)
    assert caught.value.code == code
    return str(caught.value)


def unmet(act: Any, **request: Any) -> str:
    return refusal(ConflictError, "PreconditionFailedException", act, **request)


def conflict(act: Any, **request: Any) -> str:
    return refusal(ConflictError, "ConflictException", act, **request)


def invalid(act: Any, **request: Any) -> str:
    return refusal(BadRequestError, "ValidationException", act, **request)


# Bots


def test_a_bot_has_an_id_of_ten_characters_and_shows_what_it_was_given(ai: Any) -> None:
    bot = new_bot(ai, description="Pizza", error_log_settings={"enabled": True})
    assert len(bot) == 10
    assert bot == bot.upper()
    found = ai.lex.describe_bot(bot_id=bot)
    assert (found.bot_name, found.role_arn, found.description, found.bot_type) == ("shop", ROLE, "Pizza", "Bot")
    assert found.idle_session_ttl_in_seconds == 300
    assert found.error_log_settings.enabled


def test_a_bot_is_created_and_deleted_in_its_own_time() -> None:
    with AI(backend=Mock(clock=Clock.manual())) as ai:
        settings = {"role_arn": ROLE, "data_privacy": {"childDirected": False}, "idle_session_ttl_in_seconds": 300}
        made = ai.lex.create_bot(bot_name="shop", **settings)
        assert made.bot_status == "Creating"
        assert "Creating" in conflict(ai.lex.delete_bot, bot_id=made.bot_id)


def test_a_bot_is_deleted_with_everything_in_it(ai: Any) -> None:
    bot = new_bot(ai)
    of = draft(ai, bot)
    order = intent(ai, of)
    assert ai.lex.delete_bot(bot_id=bot).bot_status == "Deleting"
    with pytest.raises(NotFoundError):
        ai.lex.describe_bot(bot_id=bot)
    with pytest.raises(NotFoundError):
        ai.lex.describe_intent(**of, intent_id=order)
    assert ai.lex.list_bots().bot_summaries == []


def test_deleting_an_unknown_bot_is_a_failed_precondition(ai: Any) -> None:
    unmet(ai.lex.delete_bot, bot_id="ABCDEFGHIJ")
    with pytest.raises(NotFoundError):
        ai.lex.describe_bot(bot_id="ABCDEFGHIJ")


def test_two_bots_cannot_have_the_same_name(ai: Any) -> None:
    settings = {"role_arn": ROLE, "data_privacy": {"childDirected": False}, "idle_session_ttl_in_seconds": 300}
    new_bot(ai)
    conflict(ai.lex.create_bot, bot_name="shop", **settings)
    other = new_bot(ai, "other")
    conflict(ai.lex.update_bot, bot_id=other, bot_name="shop", **settings)
    assert ai.lex.describe_bot(bot_id=other).bot_name == "other"


def test_what_an_update_leaves_out_is_gone(ai: Any) -> None:
    bot = new_bot(ai, description="Pizza", bot_type="Bot")
    settings = {"role_arn": ROLE, "data_privacy": {"childDirected": True}, "idle_session_ttl_in_seconds": 600}
    assert ai.lex.update_bot(bot_id=bot, bot_name="bistro", **settings).bot_status == "Updating"
    found = ai.lex.describe_bot(bot_id=bot)
    assert (found.bot_name, found.idle_session_ttl_in_seconds, found.bot_type) == ("bistro", 600, "Bot")
    assert not found.description
    assert found.data_privacy.child_directed


def test_bots_are_filtered_and_sorted_by_name(ai: Any) -> None:
    for name in ("shop-b", "office", "shop-a"):
        new_bot(ai, name)

    def names(**asked: Any) -> list[str]:
        return [bot.bot_name for bot in ai.lex.list_bots(**asked).bot_summaries]

    assert names(sort_by={"attribute": "BotName", "order": "Descending"}) == ["shop-b", "shop-a", "office"]
    filters = [{"name": "BotName", "values": ["shop"], "operator": "CO"}]
    assert names(filters=filters, sort_by={"attribute": "BotName", "order": "Ascending"}) == ["shop-a", "shop-b"]
    assert names(filters=[{"name": "BotName", "values": ["office"], "operator": "EQ"}]) == ["office"]
    assert names(filters=[{"name": "BotName", "values": ["office"], "operator": "NE"}]) == ["shop-b", "shop-a"]
    assert names(filters=[{"name": "BotType", "values": ["BotNetwork"], "operator": "EQ"}]) == []
    first = ai.lex.list_bots(max_results=2)
    assert names(next_token=first.next_token) == ["shop-a"]
    invalid(ai.lex.list_bots, next_token=first.next_token, filters=filters)


def test_a_network_has_bots_that_are_there_and_stay(ai: Any) -> None:
    bot = new_bot(ai)
    member = {
        "botMemberId": bot,
        "botMemberName": "shop",
        "botMemberAliasId": "TSTALIASID",
        "botMemberAliasName": "TestBotAlias",
        "botMemberVersion": "DRAFT",
    }
    settings = {"role_arn": ROLE, "data_privacy": {"childDirected": False}, "idle_session_ttl_in_seconds": 300}
    network = new_bot(ai, "network", bot_type="BotNetwork", bot_members=[member])
    found = ai.lex.describe_bot_alias(bot_id=bot, bot_alias_id="TSTALIASID").parent_bot_networks
    assert [(one.bot_id, one.bot_version) for one in found] == [(network, "DRAFT")]
    conflict(ai.lex.delete_bot, bot_id=bot)
    invalid(ai.lex.create_bot, bot_name="plain", bot_members=[member], **settings)
    many = {"bot_type": "BotNetwork", "bot_members": [member] * 6}
    refusal(QuotaError, "ServiceQuotaExceededException", ai.lex.create_bot, bot_name="many", **many, **settings)
    draft(ai, bot)
    draft(ai, network)
    first, of_network = version(ai, bot), {"bot_id": network, "bot_version": version(ai, network)}
    versioned = [{**member, "botMemberVersion": first}]
    ai.lex.update_bot(bot_id=network, bot_name="network", bot_type="BotNetwork", bot_members=versioned, **settings)
    found = ai.lex.describe_bot_version(bot_id=bot, bot_version=first).parent_bot_networks
    assert [(one.bot_id, one.bot_version) for one in found] == [(network, "DRAFT")]
    assert ai.lex.describe_bot_version(**of_network).bot_members[0].bot_member_version == "DRAFT"
    conflict(ai.lex.delete_bot_version, bot_id=bot, bot_version=first)
    alias = {"bot_id": bot, "bot_alias_id": ai.lex.create_bot_alias(bot_id=bot, bot_alias_name="live").bot_alias_id}
    assert ai.lex.describe_bot_alias(**alias).parent_bot_networks in (None, [])
    in_alias = [{**member, "botMemberAliasId": alias["bot_alias_id"], "botMemberAliasName": "live"}]
    assert ai.lex.describe_bot(bot_id=network).bot_status == "Available"
    ai.lex.update_bot(bot_id=network, bot_name="network", bot_type="BotNetwork", bot_members=in_alias, **settings)
    conflict(ai.lex.delete_bot_alias, **alias)
    gone = {"bot_type": "BotNetwork", "bot_members": [{**member, "botMemberId": "ABCDEFGHIJ"}]}
    unmet(ai.lex.create_bot, bot_name="gone", **gone, **settings)
    assert ai.lex.delete_bot(bot_id=bot, skip_resource_in_use_check=True).bot_status == "Deleting"


def test_tags_belong_to_bots_and_aliases(ai: Any) -> None:
    bot = new_bot(ai, bot_tags={"team": "a"}, test_bot_alias_tags={"use": "test"})
    arn, test = f"{ACCOUNT}:bot/{bot}", f"{ACCOUNT}:bot-alias/{bot}/TSTALIASID"
    assert ai.lex.list_tags_for_resource(resource_arn=test).tags == {"use": "test"}
    ai.lex.tag_resource(resource_arn=arn, tags={"cost": "1"})
    ai.lex.untag_resource(resource_arn=arn, tag_keys=["team"])
    assert ai.lex.list_tags_for_resource(resource_arn=arn).tags == {"cost": "1"}
    with pytest.raises(NotFoundError):
        ai.lex.list_tags_for_resource(resource_arn=f"{ACCOUNT}:bot/ABCDEFGHIJ")


# Aliases


def test_every_bot_has_a_test_alias_of_its_draft(ai: Any) -> None:
    bot = new_bot(ai)
    [alias] = ai.lex.list_bot_aliases(bot_id=bot).bot_alias_summaries
    assert (alias.bot_alias_id, alias.bot_alias_name, alias.bot_version) == ("TSTALIASID", "TestBotAlias", "DRAFT")
    unmet(ai.lex.delete_bot_alias, bot_id=bot, bot_alias_id="TSTALIASID")
    settings = {"en_US": {"enabled": True}}
    ai.lex.update_bot_alias(
        bot_id=bot,
        bot_alias_id="TSTALIASID",
        bot_alias_name="TestBotAlias",
        bot_version="DRAFT",
        bot_alias_locale_settings=settings,
    )
    found = ai.lex.describe_bot_alias(bot_id=bot, bot_alias_id="TSTALIASID")
    assert found.bot_alias_locale_settings["en_US"].enabled


def test_an_alias_leads_to_a_version_and_remembers_the_earlier_ones(ai: Any) -> None:
    bot = new_bot(ai)
    draft(ai, bot)
    unmet(ai.lex.create_bot_alias, bot_id=bot, bot_alias_name="live", bot_version="1")
    unmet(ai.lex.create_bot_alias, bot_id="ABCDEFGHIJ", bot_alias_name="live")
    first, second = version(ai, bot), version(ai, bot)
    alias = ai.lex.create_bot_alias(bot_id=bot, bot_alias_name="live", bot_version=first).bot_alias_id
    named = {"bot_id": bot, "bot_alias_id": alias}
    assert ai.lex.describe_bot_alias(**named).bot_alias_status == "Available"
    conflict(ai.lex.create_bot_alias, bot_id=bot, bot_alias_name="live")
    unmet(ai.lex.update_bot_alias, **named, bot_alias_name="live", bot_version="9")
    ai.lex.update_bot_alias(**named, bot_alias_name="live", bot_version=second)
    found = ai.lex.describe_bot_alias(**named)
    assert found.bot_version == second
    assert [(event.bot_version, bool(event.end_date)) for event in found.bot_alias_history_events] == [
        (second, False),
        (first, True),
    ]
    conflict(ai.lex.delete_bot_version, bot_id=bot, bot_version=second)
    conflict(ai.lex.delete_bot, bot_id=bot)
    ai.lex.delete_bot_version(bot_id=bot, bot_version=first)
    ai.lex.delete_bot_version(bot_id=bot, bot_version=second, skip_resource_in_use_check=True)
    assert ai.lex.delete_bot_alias(**named).bot_alias_status == "Deleting"
    unmet(ai.lex.delete_bot_alias, **named)
    ai.lex.delete_bot(bot_id=bot)


# Versions


def test_a_version_stays_as_the_draft_was(ai: Any) -> None:
    bot = new_bot(ai, description="Pizza")
    of = draft(ai, bot)
    sizes = slot_type(ai, of)
    order = intent(ai, of, "OrderPizza", "I want a {Size} pizza")
    size = slot(ai, of, order, kind=sizes)
    first = version(ai, bot)
    ai.lex.delete_slot(**of, intent_id=order, slot_id=size)
    ai.lex.update_intent(**of, intent_id=order, intent_name="Order")
    of_first = {**of, "bot_version": first}
    assert ai.lex.describe_intent(**of_first, intent_id=order).intent_name == "OrderPizza"
    assert ai.lex.describe_slot(**of_first, intent_id=order, slot_id=size).slot_type_id == sizes
    assert [one.slot_type_id for one in ai.lex.list_slot_types(**of_first).slot_type_summaries] == [sizes]
    with pytest.raises((BadRequestError, InvalidCallError), match="botVersion"):
        ai.lex.update_intent(**of_first, intent_id=order, intent_name="Order")
    second = version(ai, bot, source=first)
    of_second = {**of, "bot_version": second}
    assert (
        ai.lex.describe_intent(**of_second, intent_id=order).sample_utterances[0].utterance == "I want a {Size} pizza"
    )
    assert ai.lex.describe_intent(**of, intent_id=order).sample_utterances in (None, [])


def test_the_number_of_a_version_is_not_given_again(ai: Any) -> None:
    bot = new_bot(ai)
    of = draft(ai, bot)
    assert [version(ai, bot) for _ in range(2)] == ["1", "2"]
    assert ai.lex.list_bots().bot_summaries[0].latest_bot_version == "2"
    assert ai.lex.delete_bot_version(bot_id=bot, bot_version="2").bot_status == "Deleting"
    assert ai.lex.list_bots().bot_summaries[0].latest_bot_version == "1"
    with pytest.raises(NotFoundError):
        ai.lex.describe_bot_locale(**{**of, "bot_version": "2"})
    unmet(ai.lex.delete_bot_version, bot_id=bot, bot_version="2")
    assert version(ai, bot) == "3"


def test_versions_are_listed_with_the_draft_and_in_the_order_of_their_numbers(ai: Any) -> None:
    bot = new_bot(ai)
    draft(ai, bot)
    made = [version(ai, bot) for _ in range(11)]

    def listed(**asked: Any) -> list[str]:
        return [one.bot_version for one in ai.lex.list_bot_versions(bot_id=bot, **asked).bot_version_summaries]

    assert listed(sort_by={"attribute": "BotVersion", "order": "Ascending"}) == [*made, "DRAFT"]
    assert listed(sort_by={"attribute": "BotVersion", "order": "Descending"}) == ["DRAFT", *reversed(made)]
    first = ai.lex.list_bot_versions(bot_id=bot, max_results=5)
    assert len(listed(next_token=first.next_token)) == 7
    assert {one.bot_name for one in first.bot_version_summaries} == {"shop"}
    invalid(ai.lex.list_bot_versions, bot_id="ABCDEFGHIJ")


def test_a_version_needs_locales_that_are_there_and_not_being_built(ai: Any) -> None:
    bot = new_bot(ai)
    of = draft(ai, bot)
    intent(ai, of)
    wanted = {"fr_FR": {"sourceBotVersion": "DRAFT"}}
    unmet(ai.lex.create_bot_version, bot_id=bot, bot_version_locale_specification=wanted)
    wanted = {"en_US": {"sourceBotVersion": "7"}}
    unmet(ai.lex.create_bot_version, bot_id=bot, bot_version_locale_specification=wanted)
    ai.lex.build_bot_locale(**of)
    wanted = {"en_US": {"sourceBotVersion": "DRAFT"}}
    conflict(ai.lex.create_bot_version, bot_id=bot, bot_version_locale_specification=wanted)
    assert ai.lex.describe_bot_locale(**of).bot_locale_status == "Built"
    made = version(ai, bot)
    assert ai.lex.describe_bot_locale(**{**of, "bot_version": made}).bot_locale_status == "Built"


# Replicas


def test_a_replica_has_the_versions_and_aliases_of_its_bot(ai: Any) -> None:
    bot = new_bot(ai)
    draft(ai, bot)
    made = version(ai, bot)
    alias = ai.lex.create_bot_alias(bot_id=bot, bot_alias_name="live", bot_version=made).bot_alias_id
    invalid(ai.lex.create_bot_replica, bot_id=bot, replica_region="us-east-1")
    named = {"bot_id": bot, "replica_region": "us-west-2"}
    reply = ai.lex.create_bot_replica(**named)
    assert (reply.bot_replica_status, reply.source_region) == ("Enabling", "us-east-1")
    conflict(ai.lex.create_bot_replica, **named)
    assert ai.lex.describe_bot_replica(**named).bot_replica_status == "Enabled"
    listed = ai.lex.list_bot_replicas(bot_id=bot)
    assert (listed.source_region, [one.replica_region for one in listed.bot_replica_summaries]) == (
        "us-east-1",
        ["us-west-2"],
    )
    versions = ai.lex.list_bot_version_replicas(**named).bot_version_replica_summaries
    assert [(one.bot_version, one.bot_version_replication_status) for one in versions] == [(made, "Available")]
    assert ai.lex.describe_bot_alias(bot_id=bot, bot_alias_id=alias).bot_alias_status == "Available"
    aliases = ai.lex.list_bot_alias_replicas(**named).bot_alias_replica_summaries
    assert [(one.bot_alias_id, one.bot_version) for one in aliases] == [(alias, made)]
    invalid(ai.lex.list_bot_alias_replicas, bot_id=bot, replica_region="eu-west-2")
    ai.lex.delete_bot_alias(bot_id=bot, bot_alias_id=alias)
    assert "replicated" in conflict(ai.lex.delete_bot, bot_id=bot)
    assert ai.lex.delete_bot_replica(**named).bot_replica_status == "Deleting"
    unmet(ai.lex.delete_bot_replica, **named)


# Locales and their builds


def test_a_locale_begins_with_the_fallback_intent_and_is_not_built(ai: Any) -> None:
    bot = new_bot(ai)
    of = draft(ai, bot, "de_DE")
    slot_type(ai, of)
    found = ai.lex.describe_bot_locale(**of)
    assert (found.locale_name, found.bot_locale_status) == ("German (Germany)", "NotBuilt")
    assert (found.intents_count, found.slot_types_count) == (1, 1)
    [fallback] = ai.lex.list_intents(**of).intent_summaries
    assert (fallback.intent_id, fallback.intent_name) == ("FALLBCKINT", "FallbackIntent")
    assert fallback.parent_intent_signature == "AMAZON.FallbackIntent"
    settings = {"nlu_intent_confidence_threshold": 0.4}
    conflict(ai.lex.create_bot_locale, **of, **settings)
    invalid(ai.lex.create_bot_locale, **{**of, "locale_id": "xx_XX"}, **settings)
    unmet(ai.lex.create_bot_locale, **{**of, "bot_id": "ABCDEFGHIJ"}, **settings)


def test_a_locale_has_a_voice_that_speaks_its_language(ai: Any) -> None:
    bot = new_bot(ai)
    settings = {"nlu_intent_confidence_threshold": 0.4, "bot_id": bot, "bot_version": "DRAFT"}
    vicki = {"voiceId": "Vicki", "engine": "neural"}
    told = invalid(ai.lex.create_bot_locale, **settings, locale_id="de_AT", voice_settings=vicki)
    assert "Vicki and neural are not valid values for Voice Id and Engine respectively" in told
    ai.lex.create_bot_locale(**settings, locale_id="de_DE", voice_settings=vicki)
    ai.lex.create_bot_locale(**settings, locale_id="es_419", voice_settings={"voiceId": "Mia"})
    found = ai.lex.describe_bot_locale(bot_id=bot, bot_version="DRAFT", locale_id="de_DE").voice_settings
    assert (found.voice_id, found.engine) == ("Vicki", "neural")
    told = invalid(ai.lex.update_bot_locale, **settings, locale_id="de_DE", voice_settings={"voiceId": "Nobody"})
    assert "Nobody" not in told


def test_locales_are_filtered_and_sorted_by_their_names(ai: Any) -> None:
    bot = new_bot(ai)
    for locale in ("fr_FR", "en_US", "en_GB"):
        draft(ai, bot, locale)
    of = {"bot_id": bot, "bot_version": "DRAFT"}
    sort = {"attribute": "BotLocaleName", "order": "Ascending"}
    found = ai.lex.list_bot_locales(**of, sort_by=sort)
    assert [one.locale_name for one in found.bot_locale_summaries] == [
        "English (UK)",
        "English (US)",
        "French (France)",
    ]
    assert (found.bot_id, found.bot_version) == (bot, "DRAFT")
    filters = [{"name": "BotLocaleName", "values": ["French"], "operator": "CO"}]
    assert [one.locale_id for one in ai.lex.list_bot_locales(**of, filters=filters).bot_locale_summaries] == ["fr_FR"]
    invalid(ai.lex.list_bot_locales, bot_id=bot, bot_version="4")


def test_a_build_moves_with_the_clock() -> None:
    mock = Mock(clock=Clock.manual())
    with AI(backend=mock) as ai:
        settings = {"role_arn": ROLE, "data_privacy": {"childDirected": False}, "idle_session_ttl_in_seconds": 300}
        of = draft(ai, ai.lex.create_bot(bot_name="shop", **settings).bot_id)
        order = intent(ai, of)
        seen = [ai.lex.describe_bot_locale(**of).bot_locale_status]
        ai.lex.build_bot_locale(**of)
        for _ in range(3):
            seen.append(ai.lex.describe_bot_locale(**of).bot_locale_status)
            mock.clock.advance(seconds=60)
        assert seen == ["Creating", "Building", "ReadyExpressTesting", "Built"]
        assert ai.lex.describe_bot_locale(**of).last_build_submitted_date_time
        ai.lex.update_intent(**of, intent_id=order, intent_name="Order")
        assert ai.lex.describe_bot_locale(**of).bot_locale_status == "NotBuilt"


def test_nothing_changes_while_a_locale_is_built(ai: Any) -> None:
    of = draft(ai, new_bot(ai))
    order = intent(ai, of)
    ai.lex.build_bot_locale(**of)
    conflict(ai.lex.build_bot_locale, **of)
    conflict(ai.lex.update_intent, **of, intent_id=order, intent_name="Order")
    conflict(ai.lex.delete_bot_locale, **of)
    assert ai.lex.describe_bot_locale(**of).bot_locale_status == "Built"
    assert ai.lex.delete_bot_locale(**of).bot_locale_status == "Deleting"


def test_a_build_fails_without_utterances(ai: Any) -> None:
    of = draft(ai, new_bot(ai))
    found = build(ai, of)
    assert found.bot_locale_status == "Failed"
    assert found.failure_reasons == ["The locale 'en_US' doesn't have any utterances."]
    intent(ai, of)
    found = ai.lex.describe_bot_locale(**of)
    assert (found.bot_locale_status, found.failure_reasons or []) == ("NotBuilt", [])
    assert build(ai, of).bot_locale_status == "Built"


def test_a_build_fails_with_what_is_missing_in_an_intent(ai: Any) -> None:
    of = draft(ai, new_bot(ai))
    sizes = slot_type(ai, of)
    ai.lex.create_slot_type(**of, slot_type_name="Empty")
    order = intent(ai, of, "OrderPizza", "I want a {Size} pizza with {Topping}")
    size = slot(ai, of, order, kind=sizes)
    ai.lex.delete_slot_type(**of, slot_type_id=sizes, skip_resource_in_use_check=True)
    silent = {"slot_type_id": "AMAZON.Number", "value_elicitation_setting": {"slotConstraint": "Required"}}
    ai.lex.create_slot(**of, intent_id=order, slot_name="Crust", **silent)
    reasons = "\n".join(build(ai, of).failure_reasons)
    assert (
        "Slot ids [Size, Crust] in intent OrderPizza don't define a slot priority. "
        "Update the intent to add a priority to these slots." in reasons
    )
    for part in ("[Topping]", f"slot type {sizes}", "Slot type Empty", "Slot Crust in intent OrderPizza is required"):
        assert part in reasons
    unknown = [{"priority": 1, "slotId": "ABCDEFGHIJ"}]
    unmet(ai.lex.update_intent, **of, intent_id=order, intent_name="OrderPizza", slot_priorities=unknown)
    order_now = [{"priority": 1, "slotId": size}]
    ai.lex.update_intent(**of, intent_id=order, intent_name="OrderPizza", slot_priorities=order_now)
    assert "Slot ids [Crust]" in "\n".join(build(ai, of).failure_reasons)


def test_five_locales_are_built_at_a_time(ai: Any) -> None:
    bot = new_bot(ai)
    locales = [draft(ai, bot, name) for name in ("en_US", "en_GB", "fr_FR", "de_DE", "it_IT", "es_ES")]
    for of in locales[:5]:
        ai.lex.build_bot_locale(**of)
    refusal(QuotaError, "ServiceQuotaExceededException", ai.lex.build_bot_locale, **locales[5])
    ai.lex.describe_bot_locale(**locales[0])
    assert ai.lex.build_bot_locale(**locales[5]).bot_locale_status == "Building"


def test_an_updated_locale_must_be_built_again(ai: Any) -> None:
    of = draft(ai, new_bot(ai))
    intent(ai, of)
    assert build(ai, of).bot_locale_status == "Built"
    reply = ai.lex.update_bot_locale(**of, nlu_intent_confidence_threshold=0.9, description="English")
    assert (reply.bot_locale_status, reply.nlu_intent_confidence_threshold) == ("NotBuilt", 0.9)


# Intents, slots, slot types


def test_intents_are_what_their_locale_allows(ai: Any) -> None:
    of = draft(ai, new_bot(ai))
    help_ = ai.lex.create_intent(**of, intent_name="Assist", parent_intent_signature="AMAZON.HelpIntent").intent_id
    assert ai.lex.describe_intent(**of, intent_id=help_).parent_intent_signature == "AMAZON.HelpIntent"
    conflict(ai.lex.create_intent, **of, intent_name="Assist")
    invalid(ai.lex.create_intent, **of, intent_name="Other", parent_intent_signature="AMAZON.OtherIntent")
    assert "built-in intent name" in invalid(ai.lex.create_intent, **of, intent_name="QnaIntent")
    said = [{"utterance": "help"}]
    invalid(
        ai.lex.create_intent,
        **of,
        intent_name="Help2",
        parent_intent_signature="AMAZON.HelpIntent",
        sample_utterances=said,
    )
    unmet(ai.lex.create_intent, **{**of, "locale_id": "fr_FR"}, intent_name="Order")
    ai.lex.delete_intent(**of, intent_id="FALLBCKINT")
    again = {"intent_name": "FallbackIntent", "parent_intent_signature": "AMAZON.FallbackIntent"}
    assert ai.lex.create_intent(**of, **again).intent_id == "FALLBCKINT"


def test_the_same_names_are_free_in_another_locale(ai: Any) -> None:
    bot = new_bot(ai)
    english, french = draft(ai, bot), draft(ai, bot, "fr_FR")
    ids = {intent(ai, english), intent(ai, french, "OrderPizza", "Une pizza")}
    assert len(ids) == 2
    sort = {"attribute": "IntentName", "order": "Descending"}
    found = ai.lex.list_intents(**french, sort_by=sort)
    assert [one.intent_name for one in found.intent_summaries] == ["OrderPizza", "FallbackIntent"]
    filters = [{"name": "IntentName", "values": ["Order"], "operator": "CO"}]
    assert len(ai.lex.list_intents(**french, filters=filters).intent_summaries) == 1
    assert (found.bot_id, found.bot_version, found.locale_id) == (bot, "DRAFT", "fr_FR")


def test_slots_have_a_type_that_is_there(ai: Any) -> None:
    of = draft(ai, new_bot(ai))
    sizes, order = slot_type(ai, of), intent(ai, of)
    size = slot(ai, of, order, kind=sizes)
    setting = {"value_elicitation_setting": ASKED}
    unmet(ai.lex.create_slot, **of, intent_id=order, slot_name="B", slot_type_id="ABCDEFGHIJ", **setting)
    unmet(ai.lex.create_slot, **of, intent_id=order, slot_name="B", slot_type_id="AMAZON.UKPostalCode", **setting)
    unmet(ai.lex.create_slot, **of, intent_id="ABCDEFGHIJ", slot_name="B", slot_type_id=sizes, **setting)
    conflict(ai.lex.create_slot, **of, intent_id=order, slot_name="Size", slot_type_id=sizes, **setting)
    [listed] = ai.lex.list_slots(**of, intent_id=order).slot_summaries
    assert (listed.slot_id, listed.slot_constraint) == (size, "Required")
    assert listed.value_elicitation_prompt_specification.max_retries == 2
    assert "Size" in conflict(ai.lex.delete_slot_type, **of, slot_type_id=sizes)
    changed = {"slot_id": size, "intent_id": order, "slot_name": "Size", "slot_type_id": "AMAZON.Number"}
    ai.lex.update_slot(**of, **changed, **setting)
    ai.lex.delete_slot_type(**of, slot_type_id=sizes)
    with pytest.raises(NotFoundError):
        ai.lex.describe_slot_type(**of, slot_type_id=sizes)


def test_slots_have_several_values_in_one_locale_only(ai: Any) -> None:
    bot = new_bot(ai)
    english, french = draft(ai, bot), draft(ai, bot, "fr_FR")
    wanted = {
        "slot_name": "Toppings",
        "slot_type_id": "AMAZON.City",
        "value_elicitation_setting": ASKED,
        "multiple_values_setting": {"allowMultipleValues": True},
    }
    ai.lex.create_slot(**english, intent_id=intent(ai, english), **wanted)
    order = intent(ai, french, "OrderPizza", "Une pizza")
    invalid(ai.lex.create_slot, **french, intent_id=order, **wanted)


def test_a_slot_that_is_deleted_is_asked_for_no_more(ai: Any) -> None:
    of = draft(ai, new_bot(ai))
    order = intent(ai, of)
    sizes = [slot(ai, of, order, name) for name in ("A", "B")]
    places = [{"priority": place, "slotId": one} for place, one in enumerate(sizes, 1)]
    ai.lex.update_intent(**of, intent_id=order, intent_name="OrderPizza", slot_priorities=places)
    ai.lex.delete_slot(**of, intent_id=order, slot_id=sizes[0])
    found = ai.lex.describe_intent(**of, intent_id=order).slot_priorities
    assert [place.slot_id for place in found] == [sizes[1]]


def test_slot_types_are_of_a_kind(ai: Any) -> None:
    of = draft(ai, new_bot(ai))
    sizes = slot_type(ai, of)
    parts = {"subSlots": [{"name": "size", "slotTypeId": sizes}]}
    ai.lex.create_slot_type(**of, slot_type_name="Pizza", composite_slot_type_setting=parts)
    codes = {"resolutionStrategy": "OriginalValue", "regexFilter": {"pattern": "[0-9]{3}"}}
    extended = {"parent_slot_type_signature": "AMAZON.AlphaNumeric", "value_selection_setting": codes}
    ai.lex.create_slot_type(**of, slot_type_name="Code", **extended)
    invalid(ai.lex.create_slot_type, **of, slot_type_name="No", parent_slot_type_signature="AMAZON.City")
    unmet(
        ai.lex.create_slot_type,
        **of,
        slot_type_name="No",
        composite_slot_type_setting={"subSlots": [{"name": "a", "slotTypeId": "ABCDEFGHIJ"}]},
    )
    found = ai.lex.list_slot_types(**of).slot_type_summaries
    assert [one.slot_type_category for one in found] == ["Custom", "Composite", "Extended"]
    assert ai.lex.describe_slot_type(**of, slot_type_id=sizes).value_selection_setting.resolution_strategy == (
        "OriginalValue"
    )
    assert "Pizza" in conflict(ai.lex.delete_slot_type, **of, slot_type_id=sizes)


def test_an_intent_has_a_hundred_slots_and_a_locale_its_intents(ai: Any) -> None:
    of = draft(ai, new_bot(ai), "sv_SE")
    order = intent(ai, of)
    for number in range(100):
        slot(ai, of, order, f"Slot{number}")
    setting = {"slot_type_id": "AMAZON.Number", "value_elicitation_setting": ASKED}
    full = "ServiceQuotaExceededException"
    refusal(QuotaError, full, ai.lex.create_slot, **of, intent_id=order, slot_name="More", **setting)
    for number in range(100):
        ai.lex.create_slot_type(**of, slot_type_name=f"Type{number}")
    refusal(QuotaError, full, ai.lex.create_slot_type, **of, slot_type_name="More")
    for number in range(248):
        ai.lex.create_intent(**of, intent_name=f"Intent{number}")
    refusal(QuotaError, full, ai.lex.create_intent, **of, intent_name="More")


def test_what_is_built_in_depends_on_the_locale(ai: Any) -> None:
    found = ai.lex.list_built_in_intents(locale_id="en_US")
    assert found.locale_id == "en_US"
    assert {"AMAZON.HelpIntent", "AMAZON.QnAIntent"} <= {
        one.intent_signature for one in found.built_in_intent_summaries
    }
    order = {"attribute": "IntentSignature", "order": "Descending"}
    last = ai.lex.list_built_in_intents(locale_id="en_US", sort_by=order).built_in_intent_summaries[0]
    assert last.intent_signature == "AMAZON.StopIntent"

    def types(locale: str) -> set[str]:
        kinds = ai.lex.list_built_in_slot_types(locale_id=locale).built_in_slot_type_summaries
        return {one.slot_type_signature for one in kinds}

    assert types("en_GB") - types("en_US") == {"AMAZON.UKPostalCode"}
    assert types("en_US") - types("ko_KR") == {"AMAZON.AlphaNumeric"}
    invalid(ai.lex.list_built_in_slot_types, locale_id="xx_XX")


# Policies


def test_a_policy_is_changed_in_the_revision_that_is_expected(ai: Any) -> None:
    arn = f"{ACCOUNT}:bot/{new_bot(ai)}"
    text = json.dumps(POLICY)
    made = ai.lex.create_resource_policy(resource_arn=arn, policy=text)
    assert (made.resource_arn, made.revision_id) == (arn, "1")
    unmet(ai.lex.create_resource_policy, resource_arn=arn, policy=text)
    unmet(ai.lex.update_resource_policy, resource_arn=arn, policy=text, expected_revision_id="7")
    for broken in ("{}", "no JSON", "[" * 100_000, '{"Statement": [{"Effect": "Perhaps", "Action": "lex:*"}]}'):
        invalid(ai.lex.update_resource_policy, resource_arn=arn, policy=broken)
    assert ai.lex.update_resource_policy(resource_arn=arn, policy=text, expected_revision_id="1").revision_id == "2"
    found = ai.lex.describe_resource_policy(resource_arn=arn)
    assert (json.loads(found.policy), found.revision_id) == (POLICY, "2")
    assert ai.lex.delete_resource_policy(resource_arn=arn, expected_revision_id="2").resource_arn == arn
    with pytest.raises(NotFoundError):
        ai.lex.describe_resource_policy(resource_arn=arn)
    with pytest.raises(NotFoundError):
        ai.lex.create_resource_policy(resource_arn=f"{ACCOUNT}:bot/ABCDEFGHIJ", policy=text)


def test_a_policy_is_written_statement_by_statement(ai: Any) -> None:
    bot = new_bot(ai)
    arn = f"{ACCOUNT}:bot-alias/{bot}/TSTALIASID"
    user = [{"arn": "arn:aws:iam::123456789012:user/ann"}]
    said = {"resource_arn": arn, "effect": "Allow", "action": ["lex:RecognizeText"]}
    assert ai.lex.create_resource_policy_statement(**said, statement_id="a", principal=user).revision_id == "1"
    conflict(ai.lex.create_resource_policy_statement, **said, statement_id="a", principal=user)
    connect = [{"service": "connect.amazonaws.com"}]
    for principal in (connect, [{}]):
        invalid(ai.lex.create_resource_policy_statement, **said, statement_id="b", principal=principal)
    condition = {
        "StringEquals": {"AWS:SourceAccount": "123456789012"},
        "ArnEquals": {"AWS:SourceArn": "arn:aws:connect:us-east-1:123456789012:instance/i"},
    }
    both = {"principal": connect, "condition": condition, "expected_revision_id": "1"}
    assert ai.lex.create_resource_policy_statement(**said, statement_id="b", **both).revision_id == "2"
    first, second = json.loads(ai.lex.describe_resource_policy(resource_arn=arn).policy)["Statement"]
    assert first["Principal"] == {"AWS": ["arn:aws:iam::123456789012:user/ann"]}
    assert (second["Principal"], second["Condition"]) == ({"Service": ["connect.amazonaws.com"]}, condition)
    with pytest.raises(NotFoundError):
        ai.lex.delete_resource_policy_statement(resource_arn=arn, statement_id="c")
    assert ai.lex.delete_resource_policy_statement(resource_arn=arn, statement_id="a").revision_id == "3"
    ai.lex.delete_resource_policy_statement(resource_arn=arn, statement_id="b")
    with pytest.raises(NotFoundError):
        ai.lex.describe_resource_policy(resource_arn=arn)


def test_a_policy_goes_with_its_bot(ai: Any) -> None:
    bot = new_bot(ai)
    arn = f"{ACCOUNT}:bot/{bot}"
    ai.lex.create_resource_policy(resource_arn=arn, policy=json.dumps(POLICY))
    ai.lex.delete_bot(bot_id=bot)
    with pytest.raises(NotFoundError):
        ai.lex.describe_resource_policy(resource_arn=arn)


# As boto3 asks


def test_waiters_of_boto3_end() -> None:
    with bridge(Mock()):
        client = boto3.client("lexv2-models", region_name="us-east-1")
        privacy = {"childDirected": False}
        bot = client.create_bot(botName="shop", roleArn=ROLE, dataPrivacy=privacy, idleSessionTTLInSeconds=300)["botId"]
        client.get_waiter("bot_available").wait(botId=bot)
        of = {"botId": bot, "botVersion": "DRAFT", "localeId": "en_US"}
        client.create_bot_locale(**of, nluIntentConfidenceThreshold=0.4)
        client.get_waiter("bot_locale_created").wait(**of)
        client.create_intent(**of, intentName="Order", sampleUtterances=[{"utterance": "a pizza"}])
        client.build_bot_locale(**of)
        client.get_waiter("bot_locale_built").wait(**of)
        spec = {"en_US": {"sourceBotVersion": "DRAFT"}}
        made = client.create_bot_version(botId=bot, botVersionLocaleSpecification=spec)["botVersion"]
        client.get_waiter("bot_version_available").wait(botId=bot, botVersion=made)
        alias = client.create_bot_alias(botId=bot, botAliasName="live", botVersion=made)["botAliasId"]
        client.get_waiter("bot_alias_available").wait(botId=bot, botAliasId=alias)
        assert client.describe_bot_alias(botId=bot, botAliasId=alias)["botVersion"] == made
