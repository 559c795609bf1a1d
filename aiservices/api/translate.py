"""The types and operations of translate, made on first touch; `translate.pyi` lists them."""

from .surface import surface

__getattr__, __dir__ = surface("translate")
