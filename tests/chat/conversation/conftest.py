"""What the tests of a conversation share: a clock, a Slack, and a bot that listens."""

from collections.abc import Iterator

import pytest

from bot.sandbox.slack import SlackServer
from tests.chat.conversation.hands import Hands
from tests.chat.talk import Talk, listening


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def slack(clock: Hands) -> Iterator[SlackServer]:
    with SlackServer(channels=("alerts", "insiders"), clock=clock, burst=50) as server:
        yield server


@pytest.fixture
def talk(slack: SlackServer, clock: Hands) -> Iterator[Talk]:
    talk = Talk(slack, clock=clock)
    with listening(slack, talk.conversation.handle):
        yield talk
