"""The types and operations of frauddetector, made on first touch; `frauddetector.pyi` lists them."""

from .surface import surface

__getattr__, __dir__ = surface("frauddetector")
