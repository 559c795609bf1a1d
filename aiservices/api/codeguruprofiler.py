"""The types and operations of codeguruprofiler, made on first touch; `codeguruprofiler.pyi` lists them."""

from .surface import surface

__getattr__, __dir__ = surface("codeguruprofiler")
