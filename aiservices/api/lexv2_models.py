"""The types and operations of lexv2-models, made on first touch; `lexv2_models.pyi` lists them."""

from .surface import surface

__getattr__, __dir__ = surface("lexv2-models")
