"""The types and operations of personalize-runtime, made on first touch; `personalize_runtime.pyi` lists them."""

from .surface import surface

__getattr__, __dir__ = surface("personalize-runtime")
