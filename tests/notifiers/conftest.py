"""A Slack on loopback, its clock standing still."""

from collections.abc import Iterator

import pytest

from bot.sandbox.slack import SlackServer
from tests.builders import NOW


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer(channels=("alerts", "insiders"), clock=lambda: NOW, burst=50) as server:
        yield server
