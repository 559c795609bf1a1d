"""The types and operations of forecast, made on first touch; `forecast.pyi` lists them."""

from .surface import surface

__getattr__, __dir__ = surface("forecast")
