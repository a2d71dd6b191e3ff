"""A clock set by hand, and what Slack shows of answers."""

from datetime import datetime
from typing import Any

from bot.sandbox.slack import SlackServer
from tests.builders import NOW


class Hands:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def answered(slack: SlackServer, count: int = 1) -> list[dict[str, Any]]:
    """What the asker alone sees, once there is so much."""
    assert slack.until(lambda: len(slack.answers()) >= count)
    return slack.answers()


def posted(slack: SlackServer, channel: str, count: int = 1) -> list[dict[str, Any]]:
    """What stands in a channel, once there is so much."""
    assert slack.until(lambda: len(slack.messages(channel)) >= count)
    return slack.messages(channel)
