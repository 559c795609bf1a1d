"""The types and operations of forecastquery, made on first touch; `forecastquery.pyi` lists them."""

from .surface import surface

__getattr__, __dir__ = surface("forecastquery")
