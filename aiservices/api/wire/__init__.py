"""AWS's protocols on the server's side: an HTTP request becomes a Call, a reply or an error an HTTP response.

`Router.route` tells from a request which operation it asks for and in which protocol; the `Route` reads its
parameters and writes what is answered. awsJson 1.0 and 1.1, restJson1 and Smithy RPC v2 CBOR, all driven by the
models of `api`; values are as boto3 has them.
Source: https://smithy.io/2.0/aws/protocols/index.html
"""

from __future__ import annotations

from .messages import Malformed, Request, Response
from .routes import Route, Router

__all__ = ["Malformed", "Request", "Response", "Route", "Router"]
