"""The types and operations of personalize-events, made on first touch; `personalize_events.pyi` lists them."""

from .surface import surface

__getattr__, __dir__ = surface("personalize-events")
