"""The types and operations of personalize-events, made from its model on first touch; `personalize_events.pyi` lists them."""

from .surface import surface

__getattr__, __dir__ = surface("personalize-events")
