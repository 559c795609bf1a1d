"""The types and operations of rekognition, made on first touch; `rekognition.pyi` lists them."""

from .surface import surface

__getattr__, __dir__ = surface("rekognition")
