"""Who a user is and in which groups, by the token that comes with a query."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from typing import Any


class WrongToken(Exception):
    """A token that says nothing; tells why."""


def read(token: str, configurations: Sequence[Mapping[str, Any]]) -> tuple[str | None, list[str]]:
    """The user and the groups of a token, in the fields that an index looks into.

    Of a JSON web token what it claims is believed: there is no key here to check its signature with.
    """
    if not configurations:
        raise WrongToken("The index has no UserTokenConfigurations to read tokens with.")
    configuration = configurations[0]
    plain = configuration.get("JsonTokenTypeConfiguration")
    fields = plain or configuration.get("JwtTokenTypeConfiguration", {})
    try:
        claims = json.loads(token if plain else _payload(token))
        user = claims.get(fields.get("UserNameAttributeField", "sub"))
        groups = claims.get(fields.get("GroupAttributeField", "groups")) or []
    except (ValueError, AttributeError, IndexError):
        raise WrongToken("The token cannot be read.") from None
    listed = groups if isinstance(groups, list) else str(groups).split(",")
    return (None if user is None else str(user)), [str(group).strip() for group in listed]


def _payload(token: str) -> bytes:
    part = token.split(".")[1]
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
