"""Delivers the messages that wait: what is undone is done and marked."""

from typing import Protocol

from bot.cards import Card
from bot.clock import Clock
from bot.store import Store

_BATCH = 100


class Notifier(Protocol):
    """A way to show a card to people."""

    def send(self, channel: str, card: Card) -> None:
        """Deliver a card; returns only when it has arrived."""


def deliver(store: Store, notifier: Notifier, *, clock: Clock) -> int:
    """Deliver everything that waits, oldest first; says how many messages that were."""
    delivered = 0
    while messages := store.outbox.due(_BATCH):
        for message in messages:
            notifier.send(message.channel, Card.from_json(message.card))
            store.outbox.mark_sent(message, at=clock())
            delivered += 1
    return delivered
