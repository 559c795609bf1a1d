"""The types and operations of transcribe, made on first touch; `transcribe.pyi` lists them."""

from .surface import surface

__getattr__, __dir__ = surface("transcribe")
