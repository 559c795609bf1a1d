"""Amazon Lex V2: building chatbots, and talking with them."""

from __future__ import annotations

from ..api.lexv2_models import Lexv2ModelsOperations
from ..api.lexv2_runtime import Lexv2RuntimeOperations


class Lex(Lexv2ModelsOperations, Lexv2RuntimeOperations):
    """Amazon Lex V2: building chatbots, and talking with them."""
