"""The types and operations of personalize, made on first touch; `personalize.pyi` lists them."""

from .surface import surface

__getattr__, __dir__ = surface("personalize")
