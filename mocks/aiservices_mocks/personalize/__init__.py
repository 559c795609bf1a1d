"""Amazon Personalize: dataset groups, what is learned from their records, and recommendations.

Kept of the real service: states, what must be deleted first, updates that show as `latest...Update`, records held
against their schemas, the fewest interactions that can be learned from. What is learned are counts of what goes with
what, not a neural network; the theme of a batch is what most of its items have in common; automatic training makes no
versions, and an update shows its new members at once.
"""

from __future__ import annotations

from .control import Personalize
from .events import PersonalizeEvents
from .runtime import PersonalizeRuntime

__all__ = ["Personalize", "PersonalizeEvents", "PersonalizeRuntime"]
