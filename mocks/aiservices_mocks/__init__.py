"""A local stand-in for twelve AWS AI services that computes its answers."""
