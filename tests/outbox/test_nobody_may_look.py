"""A bot that may not read its channels: each message in doubt comes at most twice, and the waits do
not add up to hours for those behind it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.cards import REPEAT, Card
from bot.notifiers import Found, Outcome, Seen, Uncertain, Unseen
from bot.outbox import Outgoing
from bot.store import Delivery, Store
from tests.channels import LOST, Channels
from tests.outgoing import Time, a_store, an_outgoing, queue, states

SILENT = Uncertain(why="TimeoutError")
FORBIDDEN = Unseen(why="missing_scope", definite=True, mend="add channels:history")


@dataclass
class Closed(Channels):
    """Nobody may look, unless ``looks`` says what is seen.

    befalls: what becomes of an attempt, by its number from 1; None: it arrives and is answered.
    tried: when, by alert.
    """

    befalls: Callable[[int], Outcome | None] = lambda _: None
    attempts: Counter[int] = field(default_factory=Counter)
    time: Time = field(default_factory=Time)
    tried: list[datetime] = field(default_factory=list)

    def send(self, channel: str, card: Card, **told: Any) -> Outcome:
        self.attempts[card.alert_id] += 1
        self.tried.append(self.time.now)
        if befell := self.befalls(self.attempts[card.alert_id]):
            self.answers[channel] = [befell]
        return Channels.send(self, channel, card, **told)

    def look(self, channel: str, **_: object) -> Seen | Unseen:
        self.looked.append(channel)
        return self.looks.pop(0) if self.looks else FORBIDDEN


def first_is_lost(attempt: int) -> Outcome | None:
    return LOST if attempt == 1 else None


def a_bot(count: int, befalls: Callable[[int], Outcome | None]) -> tuple[Store, Closed, Outgoing]:
    channels = Closed(befalls=befalls)
    store = a_store(*((n, "#a") for n in range(1, count + 1)))
    return store, channels, an_outgoing(store, channels, channels.time)


def minutes_until_all_is_sent(store: Store, channels: Closed, outgoing: Outgoing) -> float:
    time, began = channels.time, channels.time.now
    while store.outbox.unfinished() and time.now - began < timedelta(hours=24):
        outgoing.deliver()
        time.passes(5)
    assert set(states(store)) == {Delivery.SENT}
    return (time.now - began) / timedelta(minutes=1)


def shown(channels: Channels) -> list[tuple[int, bool]]:
    """What stands in the channel, and whether it says that it may be a repeat."""
    return [(card.alert_id, REPEAT in card.text) for card in channels.cards]


def test_of_messages_in_doubt_one_after_another_only_the_first_waits_ten_minutes() -> None:
    store, channels, outgoing = a_bot(8, first_is_lost)

    took = minutes_until_all_is_sent(store, channels, outgoing)

    assert shown(channels) == [(n, repeat) for n in range(1, 9) for repeat in (False, True)]
    assert 10 + 7 <= took <= 10 + 8 * 1.5


def test_a_look_that_was_possible_meanwhile_lets_the_next_doubt_wait_ten_minutes_again() -> None:
    store, channels, outgoing = a_bot(1, first_is_lost)
    minutes_until_all_is_sent(store, channels, outgoing)
    queue(store, (2, "#a"), at=channels.time.now)
    outgoing.deliver()
    channels.looks = [Seen(channel="#a", messages={2: Found(ts="3.000000")})]
    minutes_until_all_is_sent(store, channels, outgoing)

    queue(store, (3, "#a"), at=channels.time.now)
    took = minutes_until_all_is_sent(store, channels, outgoing)

    assert shown(channels)[-2:] == [(3, False), (3, True)]
    assert 10 <= took <= 11


def test_a_channel_whose_posts_are_never_answered_uses_messages_up_ever_more_slowly() -> None:
    store, channels, outgoing = a_bot(10, lambda _: SILENT)
    for n in range(11, 60):
        queue(store, (n, "#a"), at=channels.time.now)
    for _ in range(4 * 120):
        outgoing.deliver()
        channels.time.passes(30)

    last_hour = [at for at in channels.tried if channels.time.now - at < timedelta(hours=1)]

    assert len(last_hour) <= 7
    assert max(channels.attempts.values()) == 2


def test_once_posts_are_answered_again_the_next_doubt_is_short_again() -> None:
    store, channels, outgoing = a_bot(20, lambda _: SILENT)
    for _ in range(2 * 120):
        outgoing.deliver()
        channels.time.passes(30)
    channels.befalls = lambda _: None
    for _ in range(150):
        outgoing.deliver()
        channels.time.passes(5)
    assert store.outbox.doubted() == []
    assert store.outbox.all()[-1].state is Delivery.SENT
    channels.befalls = first_is_lost
    queue(store, (99, "#a"), at=channels.time.now)
    for _ in range(18):
        outgoing.deliver()
        channels.time.passes(5)

    assert shown(channels)[-2:] == [(99, False), (99, True)]
