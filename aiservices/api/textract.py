"""The types and operations of textract, made on first touch; `textract.pyi` lists them."""

from .surface import surface

__getattr__, __dir__ = surface("textract")
