"""The types and operations of polly, made on first touch; `polly.pyi` lists them."""

from .surface import surface

__getattr__, __dir__ = surface("polly")
