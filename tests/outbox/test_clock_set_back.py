"""The clock was wrong, and was set back while no bot ran: nothing waits for what is long over."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.clock import to_ms
from bot.notifiers import NotSent, Outcome, Uncertain, Wait
from bot.store import Delivery, Reconciled, Store
from tests.builders import NOW
from tests.channels import LOST, Channels
from tests.outgoing import Time, a_store, an_outgoing, queue, states

AHEAD = 28 * 60
PACE = timedelta(seconds=1)


def set_back(*answers: Outcome) -> tuple[Store, Channels, Time]:
    """Two messages queued; a bot that tries the first 28 minutes ahead; then the clock is right."""
    store, channels, time = Store(None), Channels(spacing=PACE), Time()
    time.passes(AHEAD)
    queue(store, (1, "#a"), (2, "#a"), at=time.now)
    channels.answers["#a"] = list(answers)
    an_outgoing(store, channels, time).deliver()
    assert channels.posts == [("#a", 1)]
    time.passes(-AHEAD)
    return store, channels, time


def test_the_pace_of_a_channel_never_lasts_longer_than_it_is() -> None:
    store, channels, time = set_back()

    outgoing = an_outgoing(store, channels, time)
    time.passes(1)
    outgoing.deliver()

    assert states(store) == [Delivery.SENT, Delivery.SENT]


def test_the_pace_that_an_older_version_has_left_in_the_future_is_none() -> None:
    store, channels, time = set_back()
    store._connections.connection.execute("UPDATE channels SET set_at = NULL")

    outgoing = an_outgoing(store, channels, time)
    time.passes(1)
    outgoing.deliver()

    assert states(store) == [Delivery.SENT, Delivery.SENT]


@pytest.mark.parametrize(
    ("answer", "seconds"), [(Wait(after=timedelta(seconds=30), why="429"), 30.25),
                            (NotSent(why="refused"), 1)],
)  # fmt: skip
def test_a_wait_lasts_as_long_as_it_was_to_and_no_longer(answer: Outcome, seconds: float) -> None:
    store, channels, time = set_back(answer)
    outgoing = an_outgoing(store, channels, time)

    time.passes(seconds * 0.4 - 0.1)
    outgoing.deliver()
    assert len(channels.posts) == 1
    time.passes(max(seconds * 0.7, 300 if isinstance(answer, NotSent) else 0))
    outgoing.deliver()

    assert channels.posts == [("#a", 1), ("#a", 1)]


def test_a_pause_that_a_right_clock_has_set_outlasts_a_restart() -> None:
    store, channels, time = a_store((1, "#a")), Channels(), Time()
    channels.answers["#a"] = [Wait(after=timedelta(minutes=20), why="429")]
    an_outgoing(store, channels, time).deliver()
    before = store.outbox.pauses()
    time.passes(60)

    with capture_logs() as logs:
        an_outgoing(store, channels, time)

    assert store.outbox.pauses() == before
    assert logs == []


@pytest.mark.parametrize(
    ("answer", "how"),
    [(LOST, Reconciled.FOUND), (Uncertain(why="TimeoutError"), Reconciled.NOT_FOUND)],
)
def test_a_doubt_settles_after_its_time(answer: Outcome, how: Reconciled) -> None:
    store, channels, time = set_back(answer)
    outgoing = an_outgoing(store, channels, time)

    for _ in range(70):
        time.passes(1)
        outgoing.deliver()

    first, second = store.outbox.all()
    assert (first.state, second.state) == (Delivery.SENT, Delivery.SENT)
    assert first.reconciled is how
    assert channels.posts[1:] == ([("#a", 2)] if answer is LOST else [("#a", 1), ("#a", 2)])


def test_a_look_begins_a_day_before_where_a_wrong_clock_told_when_it_was_tried() -> None:
    store, channels, time = set_back(LOST)
    outgoing = an_outgoing(store, channels, time)
    time.passes(10)

    outgoing.deliver()

    assert channels.looked_since == [NOW - timedelta(days=1)]


def test_a_digest_comes_no_later_than_it_was_to() -> None:
    store, channels, time = Store(None), Channels(), Time()
    time.passes(AHEAD)
    queue(store, (1, "#a"), at=time.now, stale=True)
    store._connections.connection.execute(
        "UPDATE outbox SET not_before = ?", (to_ms(time.now + timedelta(minutes=5)),)
    )
    time.passes(-AHEAD)
    an_outgoing(store, channels, time)

    assert store.outbox.next_digest() == to_ms(NOW + timedelta(minutes=5))


def test_it_is_told_in_the_log_by_how_much_the_clock_was_set_back() -> None:
    store, channels, time = set_back()

    with capture_logs() as logs:
        an_outgoing(store, channels, time)
        an_outgoing(store, channels, time)

    (told,) = logs
    assert (told["event"], told["log_level"], told["by_s"]) == (
        "clock.was_set_back", "warning", AHEAD
    )  # fmt: skip
