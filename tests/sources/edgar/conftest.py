"""What the tests of the door to EDGAR share."""

from collections.abc import Iterator

import pytest

from bot.sources.edgar.client import EdgarClient
from tests.sources.edgar.benches import Bench, a_bench
from tests.sources.edgar.local_edgar import (
    LocalServer,
    Reply,
    serving,
)
from tests.sources.edgar.replies import WHOLE, always


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with serving(always(Reply(body=WHOLE))) as local:
        yield local


@pytest.fixture
def client(server: LocalServer) -> Iterator[EdgarClient]:
    with server.client() as edgar:
        yield edgar


@pytest.fixture
def bench() -> Iterator[Bench]:
    with serving(lambda _: Reply()) as server, server.client() as client:
        yield a_bench(server, client)
