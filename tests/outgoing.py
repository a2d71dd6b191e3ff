"""Messages that wait in an outbox, and a clock that a test moves."""

from datetime import datetime, timedelta

from bot.cards import Card, Line
from bot.clock import to_ms
from bot.outbox import Outgoing
from bot.store import Delivery, NewMessage, Store
from tests.builders import NOW
from tests.channels import Channels


class Time:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def a_card(number: int) -> Card:
    lines = (Line(label="What", text="sale"),)
    return Card(alert_id=number, rule="r", severity="high", headlines=(f"a{number}",), lines=lines)


def queue(store: Store, *messages: tuple[int, str], at: datetime, stale: bool = False) -> None:
    store.outbox.add(
        [
            NewMessage(message_id=number, channel=channel, created_at=to_ms(at), text="t",
                       card=a_card(number).to_json(), stale=stale)
            for number, channel in messages
        ]
    )  # fmt: skip


def a_store(*messages: tuple[int, str], stale: bool = False) -> Store:
    store = Store(None)
    queue(store, *messages, at=NOW, stale=stale)
    return store


def states(store: Store) -> list[Delivery]:
    return [message.state for message in store.outbox.all()]


def an_outgoing(store: Store, channels: Channels, time: Time) -> Outgoing:
    return Outgoing(store, channels, clock=time, jitter=lambda: 1.0)
