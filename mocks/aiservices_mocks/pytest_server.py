"""The server of a test session: started once, with another world for each test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aiservices.call import Backend
    from aiservices.server import Server


@contextmanager
def running() -> Iterator[Server]:
    """A server at a free port of this machine."""
    from aiservices.server import Application, Server

    with Server(Application.of_mock()) as server:
        yield server


def emptied(server: Server) -> Server:
    """The server, where S3 and whatever else is served beside the mock have nothing in them."""
    if server.application.moto is not None:
        server.application.moto.reset()
    return server


def objects(server: Server) -> Any:
    """The boto3 client of the S3 that is served beside the mock; None when there is none."""
    if server.application.moto is None:
        return None
    from aiservices.server.beside import objects

    return objects("us-east-1")


def serving(server: Server, backend: Backend) -> Server:
    """The server, which this backend answers from now on."""
    server.application.backend = backend
    return server
