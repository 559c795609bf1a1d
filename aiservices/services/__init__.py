"""Verbs for whole jobs, one module per product."""
