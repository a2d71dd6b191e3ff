"""What a provider makes of an answer."""

import json
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from bot.sources.prices.alpaca import AlpacaProvider
from tests.sources.edgar.local_edgar import LocalServer, ManualClock, Reply, serving
from tests.sources.prices.alpaca_market import (
    provider_at,
)


def answered(
    bodies: Callable[[str], Any], use: Callable[[AlpacaProvider], Any], status: int = 200
) -> Any:
    """What a provider makes of an answer; without 'bars' it is one about actions."""

    def respond(path: str) -> Reply:
        told = bodies(path)
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        return Reply(status=status, body=body, headers={"Location": "/elsewhere"})

    with serving(respond) as server, closing(_provider(server)) as provider:
        return use(provider)


def _provider(server: LocalServer) -> AlpacaProvider:
    return provider_at(server.url, ManualClock(datetime(2025, 12, 12, 23, tzinfo=UTC)))
