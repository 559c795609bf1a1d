"""How Textract's operations ask the document engine."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from aiservices_mocks.engines.documents import OpenDocument, Page


def read_page(document: OpenDocument, index: int, features: Sequence[str]) -> Page:
    """A page with what the features ask for."""
    return document.page(index, tables="TABLES" in features, forms="FORMS" in features)


def digest(data: bytes, features: Sequence[str]) -> str:
    """What the ids of the blocks follow from."""
    return f"{blake2b(data, digest_size=16).hexdigest()}|{','.join(sorted(set(features)))}"
