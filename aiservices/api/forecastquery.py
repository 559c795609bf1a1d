"""The types and operations of forecastquery, made from its model on first touch; `forecastquery.pyi` lists them."""

from .surface import surface

__getattr__, __dir__ = surface("forecastquery")
