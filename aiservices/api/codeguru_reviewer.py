"""The types and operations of codeguru-reviewer, made on first touch; `codeguru_reviewer.pyi` lists them."""

from .surface import surface

__getattr__, __dir__ = surface("codeguru-reviewer")
