"""The types and operations of kendra, made on first touch; `kendra.pyi` lists them."""

from .surface import surface

__getattr__, __dir__ = surface("kendra")
