"""The types and operations of codeguru-security, made on first touch; `codeguru_security.pyi` lists them."""

from .surface import surface

__getattr__, __dir__ = surface("codeguru-security")
