"""Addresses that answer one command or click: five times within half an hour.

Source: docs.slack.dev, Handling user interaction, "Responding to users with response_url".
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.sandbox.slack_channel import Channel
from bot.sandbox.slack_content import SlackRefusal, is_true
from bot.sandbox.slack_people import Json
from bot.sandbox.slack_workspace import Workspace

USES = 5
LASTS = timedelta(minutes=30)


@dataclass(slots=True)
class _Address:
    channel: Channel
    user: str
    original: str | None  # the ts of the message whose button was clicked
    at: datetime
    uses: int = 0


class Responses:
    """Hands such addresses out and takes what is sent to them."""

    def __init__(self, workspace: Workspace, clock: Clock) -> None:
        self._workspace, self._clock = workspace, clock
        self._numbers = itertools.count(1)
        self._known: dict[str, _Address] = {}

    def path(self, channel: Channel, user: str, original: str | None = None) -> str:
        """The path of a new one, for a command or for a click on a message."""
        sort = "commands" if original is None else "actions"
        path = f"/{sort}/T0SANDBOX/{next(self._numbers)}/sandbox"
        self._known[path] = _Address(channel, user, original, self._clock())
        return path

    def knows(self, path: str) -> bool:
        return path in self._known

    def take(self, path: str, given: Mapping[str, Any]) -> None:
        """SlackRefusal once it is used up or too old, or for what no message may hold."""
        address = self._known[path]
        if self._clock() - address.at > LASTS:
            raise SlackRefusal("expired_url")
        if address.uses >= USES:
            raise SlackRefusal("used_url")
        self.answer(address, given)
        address.uses += 1

    def at_once(self, path: str, given: Mapping[str, Any]) -> None:
        """What came with the acknowledgement itself: it costs no use."""
        self.answer(self._known[path], given)

    def answer(self, address: _Address, given: Mapping[str, Any]) -> None:
        original = self._original(address)
        if is_true(given.get("delete_original")) and original is not None:
            _remove(address.channel, original)
        elif is_true(given.get("replace_original")) and original is not None:
            self._workspace.edit(original, given)
        elif given.get("response_type") == "in_channel":
            self._workspace.tell(address.channel, given)
        else:
            self._workspace.whisper(address.channel, address.user, given)

    def _original(self, address: _Address) -> Json | None:
        channel, ts = address.channel, address.original
        return channel.whisper(ts) or channel.message(ts)


def _remove(channel: Channel, message: Json) -> None:
    for held in (channel.whispers, channel.messages):
        if message in held:
            held.remove(message)
