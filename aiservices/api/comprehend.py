"""The types and operations of comprehend, made on first touch; `comprehend.pyi` lists them."""

from .surface import surface

__getattr__, __dir__ = surface("comprehend")
