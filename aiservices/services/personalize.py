"""Amazon Personalize: recommenders, their events and their recommendations."""

from __future__ import annotations

from ..api.personalize import PersonalizeOperations
from ..api.personalize_events import PersonalizeEventsOperations
from ..api.personalize_runtime import PersonalizeRuntimeOperations


class Personalize(PersonalizeOperations, PersonalizeEventsOperations, PersonalizeRuntimeOperations):
    """Amazon Personalize: recommenders, their events and their recommendations."""
