"""The HTTP front: any backend is served to the AWS CLI and to any AWS SDK of any language.

with Server(Application(mock)) as server: ...      # AWS_ENDPOINT_URL=server.url
"""

from __future__ import annotations

from .app import Application
from .beside import Moto
from .listening import Server
from .signatures import Keys, read_keys

__all__ = ["Application", "Keys", "Moto", "Server", "read_keys"]
