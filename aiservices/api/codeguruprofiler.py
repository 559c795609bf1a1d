"""The types and operations of codeguruprofiler, made from its model on first touch; `codeguruprofiler.pyi` lists them."""

from .surface import surface

__getattr__, __dir__ = surface("codeguruprofiler")
