"""What every way to deliver an alert can do."""

from datetime import datetime, timedelta
from typing import Protocol

from bot.cards import Card
from bot.notifiers.outcome import Outcome, Place, Seen, Unseen

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

    @property
    def edit_spacing(self) -> timedelta:
        """The least time between two changes of messages, whichever lanes they are of."""

    def lane(self, channel: str) -> str:
        """Which channels share a pace and a pause: those with an equal lane."""

    def send(
        self,
        channel: str,
        card: Card,
        *,
        revision: int = 1,
        thread: Place | None = None,
        broadcast: bool = False,
    ) -> Outcome:
        """One attempt; raises for nothing that the network or the other side does.

        thread: the message, itself in no thread, below which it is told; Gone where that one does
        not stand there any more.  broadcast: shown in the channel too.
        """

    def update(self, place: Place, card: Card, *, revision: int) -> Outcome:
        """One attempt to show another revision; making it again harms nothing."""

    def look(
        self,
        channel: str,
        *,
        since: datetime,
        after: str | None = None,
        thread: Place | None = None,
    ) -> Seen | Unseen:
        """What of ours stands in a channel, or in a thread of it.

        since: when the first message looked for may have arrived, by the clock of the bot.
        after: the ts of a message there that is older than those looked for.
        """
