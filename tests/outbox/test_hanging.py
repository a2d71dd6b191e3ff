"""Calls that hang: in the outbox nobody waits for them but what has to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event
from time import monotonic, sleep
from typing import Any

import pytest

from bot.cards import Card
from bot.notifiers import NotSent, Outcome, Place
from bot.outbox import Outgoing
from bot.store import Delivery
from tests.builders import NOW
from tests.channels import Channels
from tests.outbox.edited import revisions, standing
from tests.outgoing import Time, a_store, an_outgoing, queue, states
from tests.processes import LONG

REFUSED = NotSent(why="ConnectionRefusedError")


@pytest.fixture(autouse=True)
def unhurried() -> None:
    """Here the outbox waits no longer than it does in a bot."""


def until(done: Callable[[], object], outgoing: Outgoing) -> None:
    end = monotonic() + LONG
    while not done() and monotonic() < end:
        outgoing.deliver()
    assert done()


@dataclass
class Hanging(Channels):
    """Answers no change before it is let go."""

    let_go: Event = field(default_factory=Event)
    asked: Event = field(default_factory=Event)

    def update(self, place: Place, card: Card, *, revision: int) -> Outcome:
        self.asked.set()
        assert self.let_go.wait(2 * LONG)
        return Channels.update(self, place, card, revision=revision)


def test_a_channel_whose_answer_hangs_holds_up_no_other() -> None:
    answer = Event()

    class Hanging(Channels):
        def send(self, channel: str, card: Card, **told: Any) -> Outcome:
            if channel == "#a":
                answer.wait(LONG)
            return super().send(channel, card, **told)

    store, channels, time = a_store((1, "#a"), (2, "#a"), (3, "#b"), (4, "#b")), Hanging(), Time()
    outgoing = an_outgoing(store, channels, time)

    until(lambda: channels.posts == [("#b", 3), ("#b", 4)], outgoing)
    assert states(store)[0] is Delivery.SENDING
    answer.set()
    until(lambda: states(store)[1] is Delivery.SENT, outgoing)

    assert channels.posts[2:] == [("#a", 1), ("#a", 2)]


def test_an_answer_that_comes_while_another_lane_has_the_floor_lets_nothing_overtake() -> None:
    may_answer, answered = Event(), Event()

    class Late(Channels):
        def send(self, channel: str, card: Card, **told: Any) -> Outcome:
            if card.alert_id == 1 and not answered.is_set():
                may_answer.wait(LONG)
                answered.set()
                return REFUSED
            if card.alert_id == 4:
                may_answer.set()
                answered.wait(LONG)
                sleep(0.03)  # 1 is answered meanwhile
            return super().send(channel, card, **told)

    store, channels, time = a_store((4, "#b"), (1, "#a"), (2, "#a")), Late(), Time()
    store.outbox.pause("#b", at=NOW, until=NOW + timedelta(seconds=1))
    outgoing = an_outgoing(store, channels, time)
    outgoing.deliver()
    time.passes(1)

    outgoing.deliver()
    until(answered.is_set, outgoing)
    time.passes(2)
    until(lambda: set(states(store)) == {Delivery.SENT}, outgoing)

    assert [post for post in channels.posts if post[0] == "#a"] == [("#a", 1), ("#a", 2)]


def test_alerts_go_out_while_a_change_in_their_channel_gets_no_answer() -> None:
    channels = Hanging()
    store, time, outgoing = standing(channels, (1, "#a"))
    store.outbox.want_edit(1)
    until(channels.asked.is_set, outgoing)

    queue(store, (2, "#a"), at=time.now)
    until(lambda: ("#a", 2) in channels.posts, outgoing)

    assert revisions(channels) == {"#a": [1, 1]}
    channels.let_go.set()
    until(lambda: revisions(channels) == {"#a": [2, 1]}, outgoing)


def test_changes_of_other_channels_go_on_while_one_gets_no_answer() -> None:
    class First(Hanging):
        def update(self, place: Place, card: Card, *, revision: int) -> Outcome:
            if place.channel != "#a":
                return Channels.update(self, place, card, revision=revision)
            return Hanging.update(self, place, card, revision=revision)

    channels = First()
    store, time, outgoing = standing(channels, (1, "#a"), (2, "#b"))
    store.outbox.want_edit(1)
    until(channels.asked.is_set, outgoing)
    store.outbox.want_edit(2)
    time.passes(1.2)

    until(lambda: revisions(channels)["#b"] == [2], outgoing)

    assert revisions(channels)["#a"] == [1]
    channels.let_go.set()
