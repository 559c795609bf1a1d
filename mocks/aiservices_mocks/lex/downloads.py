"""Files that Lex makes for its callers, in a bucket of its own, and the URLs that lead to them."""

from __future__ import annotations

from hashlib import blake2b

from aiservices_mocks.places import Place
from aiservices_mocks.world import World

_SECONDS = 3600


def offer(world: World, name: str, data: bytes, content_type: str) -> str:
    """Write a file; the URL under which it is found."""
    place = place_of(world, name)
    world.s3.make_bucket(place.bucket)
    world.s3.put(place.bucket, place.key, data, content_type)
    return _signed(world, place)


def upload(world: World, name: str) -> tuple[Place, str]:
    """A place that the caller can write to, and its URL."""
    place = place_of(world, name)
    world.s3.make_bucket(place.bucket)
    return place, _signed(world, place)


def place_of(world: World, name: str) -> Place:
    """Where a file of this name lies."""
    return Place(f"aws-lex-models-prod-{world.region}", f"{world.account}/{name}")


def _signed(world: World, place: Place) -> str:
    now = world.clock.now()
    signature = blake2b(f"{world.seed} {place.uri} {now}".encode(), digest_size=32).hexdigest()
    query = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Date": now.strftime("%Y%m%dT%H%M%SZ"),
        "X-Amz-SignedHeaders": "host",
        "X-Amz-Expires": str(_SECONDS),
        "X-Amz-Signature": signature,
    }
    return f"{place.url(world.region)}?" + "&".join(f"{name}={value}" for name, value in query.items())
