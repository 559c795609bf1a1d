"""The types and operations of kendra-ranking, made on first touch; `kendra_ranking.pyi` lists them."""

from .surface import surface

__getattr__, __dir__ = surface("kendra-ranking")
