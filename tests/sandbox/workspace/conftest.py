"""What the tests of a workspace share."""

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from bot.sandbox.slack import SlackServer
from tests.sandbox.workspace.calls import ManualClock


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def slack(clock: ManualClock) -> Iterator[SlackServer]:
    with SlackServer(channels=("alerts", "insiders"), clock=clock, burst=3) as server:
        yield server


@pytest.fixture
def client(slack: SlackServer) -> WebClient:
    return WebClient(slack.token, base_url=slack.api_url, timeout=60, retry_handlers=[])
