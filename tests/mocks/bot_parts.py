"""Bots in a mock's world that several tests ask about, and what is in them."""

from __future__ import annotations

from typing import Any

from aiservices_mocks import Mock

from tests.flowers import ROLE
from tests.mocks.worlds import ask

LOCALES = ("en_US", "fr_FR", "de_DE")
REGIONS = ("us-west-2", "eu-west-2", "eu-central-1")
CUSTOM = {"parentSlotTypeSignature": None, "compositeSlotTypeSetting": None}
"""A slot type with values of its own."""
SIMPLE = {"slotTypeId": "AMAZON.City", "subSlotSetting": None, "multipleValuesSetting": None}
"""A slot with one value."""
POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "lex:*"}]}'


def bot(mock: Mock, name: str) -> str:
    """The id of a bot with this name and a draft in English."""
    for known in ask(mock, "lexv2-models.ListBots")["botSummaries"]:
        if known["botName"] == name:
            return str(known["botId"])
    settings = {"roleArn": ROLE, "dataPrivacy": {"childDirected": False}, "idleSessionTTLInSeconds": 300}
    made = ask(mock, "lexv2-models.CreateBot", botName=name, **settings)["botId"]
    named = {"botId": made, "botVersion": "DRAFT", "localeId": LOCALES[0]}
    voice = {"voiceId": "Joanna"}
    ask(mock, "lexv2-models.CreateBotLocale", **named, nluIntentConfidenceThreshold=0.4, voiceSettings=voice)
    return str(made)


def versioned(mock: Mock, seed: int) -> dict[str, Any]:
    """What a version of a bot is made of."""
    return {"botId": bot(mock, "versions"), "botVersionLocaleSpecification": {"en_US": {"sourceBotVersion": "DRAFT"}}}


def guarded(mock: Mock, seed: int) -> dict[str, Any]:
    """A bot with an ARN, and a policy for it."""
    arn = f"arn:aws:lex:us-east-1:123456789012:bot/{bot(mock, f'guarded-{seed}')}"
    return {"resourceArn": arn, "policy": POLICY}
