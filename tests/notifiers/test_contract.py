"""What every notifier keeps to: one attempt, one outcome, and the channel agrees with it."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from rich.console import Console

from bot.notifiers import (
    Dead,
    Notifier,
    Outcome,
    Parked,
    Place,
    Seen,
    Sent,
    Uncertain,
    Unseen,
)
from bot.notifiers.console import ConsoleNotifier
from bot.notifiers.slack import SlackNotifier
from bot.notifiers.webhook import WebhookNotifier
from bot.sandbox.slack import SlackServer
from tests.builders import NOW
from tests.cards.samples import FILING, OKLO, a_card
from tests.processes import LONG


@dataclass
class Way:
    """A notifier, and how to read what has arrived through it."""

    notifier: Notifier
    arrived: Callable[[], list[str]]


def _console() -> Way:
    screen = io.StringIO()
    console = Console(file=screen, width=100)
    return Way(ConsoleNotifier(console), lambda: screen.getvalue().split("╰")[:-1])


def _slack(server: SlackServer) -> Way:
    notifier = SlackNotifier(server.token, api_url=server.api_url, timeout_s=LONG)
    return Way(notifier, lambda: [m["text"] for m in server.messages("alerts")])


def _webhook(server: SlackServer) -> Way:
    notifier = WebhookNotifier(server.webhook_url, timeout_s=LONG)
    return Way(notifier, lambda: [m["text"] for m in server.messages("alerts")])


@pytest.fixture(params=["console", "slack", "webhook"])
def way(request: pytest.FixtureRequest, slack: SlackServer) -> Way:
    ways = {"slack": _slack, "webhook": _webhook}
    return ways[request.param](slack) if request.param in ways else _console()


def test_a_card_arrives_once_and_is_called_sent(way: Way) -> None:
    outcome = way.notifier.send("#alerts", a_card())

    assert isinstance(outcome, Sent)
    assert outcome.degraded_by == ()
    (arrived,) = way.arrived()
    assert OKLO in arrived


def test_cards_arrive_in_the_order_in_which_they_are_sent(way: Way) -> None:
    for word in ("first", "second", "third"):
        way.notifier.send("#alerts", a_card(headlines=(word,)))

    assert [
        next(w for w in ("first", "second", "third") if w in each) for each in way.arrived()
    ] == ["first", "second", "third"]


def test_a_card_too_long_and_hostile_arrives_all_the_same(way: Way) -> None:
    outcome = way.notifier.send("#alerts", a_card(headlines=(FILING,), marks=("late",)))

    assert isinstance(outcome, Sent)
    assert len(way.arrived()) == 1


def test_a_lane_has_a_name_and_messages_keep_a_distance_that_is_never_negative(way: Way) -> None:
    assert way.notifier.lane("#alerts")
    assert way.notifier.lane("#alerts") == way.notifier.lane("#alerts")
    assert way.notifier.spacing >= timedelta()


def test_only_a_way_without_a_place_for_its_messages_may_repeat_them(way: Way) -> None:
    outcome = way.notifier.send("#alerts", a_card())

    assert isinstance(outcome, Sent)
    assert way.notifier.may_repeat == (outcome.ts is None)


def test_only_a_way_that_may_repeat_can_not_look_whether_a_card_has_arrived(way: Way) -> None:
    way.notifier.send("#alerts", a_card())

    looked = way.notifier.look("#alerts", since=NOW)

    assert isinstance(looked, Unseen if way.notifier.may_repeat else Seen)
    assert isinstance(looked, Unseen) or set(looked.messages) == {12}


def test_a_message_that_has_no_place_can_not_be_changed(way: Way) -> None:
    changed = way.notifier.update(Place("C0000000009", "1.000000"), a_card(), revision=2)

    assert isinstance(changed, Dead if way.notifier.may_repeat else Parked)


def test_nobody_knows_what_stands_on_a_screen_that_broke_off() -> None:
    class Full(io.StringIO):
        def write(self, *_: object) -> int:
            raise OSError(28, "No space left on device")

    outcome: Outcome = ConsoleNotifier(Console(file=Full())).send("#alerts", a_card())

    assert outcome == Uncertain(why="OSError: No space left on device")
