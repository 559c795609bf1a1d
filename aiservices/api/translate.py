"""The types and operations of translate, made from its model on first touch; `translate.pyi` lists them."""

from .surface import surface

__getattr__, __dir__ = surface("translate")
