"""How sources ask over HTTP: one set of trusted certificates, and no proxy for this machine."""

import ssl
from functools import cache

import httpx

NO_PROXY: dict[str, httpx.BaseTransport | None] = {
    "all://127.0.0.1": None,
    "all://localhost": None,
    "all://[::1]": None,
}
"""Hosts that no proxy of the environment is asked for; the ``mounts`` of a client."""


@cache
def certificates() -> ssl.SSLContext:
    """What httpx trusts, read once: a client that is given none reads all of it anew, which takes
    longer than the rest of its making."""
    return httpx.create_ssl_context()
