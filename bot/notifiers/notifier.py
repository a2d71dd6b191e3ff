"""What every way to deliver an alert can do."""

from datetime import timedelta
from typing import Protocol

from bot.cards import Card
from bot.notifiers.outcome import Outcome

TERMINAL, WEBHOOK = "terminal", "webhook"
SHARED_LANES = (TERMINAL, WEBHOOK)
"""Lanes of ways that have one for all channels; any other lane is a channel."""


class Notifier(Protocol):
    """A way to show a card to people."""

    @property
    def may_repeat(self) -> bool:
        """Whether nobody can look afterwards if an uncertain message has arrived."""

    @property
    def spacing(self) -> timedelta:
        """The least time between two messages of one lane."""

    def lane(self, channel: str) -> str:
        """Which channels share a pace and a pause: those with an equal lane."""

    def send(self, channel: str, card: Card) -> Outcome:
        """One attempt; raises for nothing that the network or the other side does."""
