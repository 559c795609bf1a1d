"""Amazon Lex V2: bots, their versions, aliases and locales, what these are made of, and what is done with them."""

from __future__ import annotations

from .analysis import Analysis
from .bots import Bots
from .intents import Intents
from .locales import Locales
from .policies import Policies
from .runtime import LexRuntime
from .transfers import Transfers
from .versions import Versions

__all__ = ["LexModels", "LexRuntime"]


class LexModels(Bots, Versions, Locales, Intents, Policies, Analysis, Transfers):
    """What builders of bots call."""

    name = "lexv2-models"
    arn_name = "lex"
    token_error = "ValidationException"
    resources = (
        *(*Bots.rows, *Versions.rows, *Locales.rows, *Intents.rows, *Policies.rows),
        *(*Analysis.rows, *Transfers.rows),
    )
