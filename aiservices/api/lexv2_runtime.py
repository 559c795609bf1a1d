"""The types and operations of lexv2-runtime, made on first touch; `lexv2_runtime.pyi` lists them."""

from .surface import surface

__getattr__, __dir__ = surface("lexv2-runtime")
