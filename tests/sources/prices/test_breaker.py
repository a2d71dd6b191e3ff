"""When a provider is left in peace, and what is told of it."""

from datetime import timedelta

import pytest

from bot.errors import SourceUnavailable
from bot.sources.prices.breaker import Breaker, Resting
from tests.sources.edgar.local_edgar import ManualClock

MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def breaker(clock: ManualClock) -> Breaker:
    return Breaker(clock, failures=3, first=5 * MINUTE, longest=15 * MINUTE)


def test_it_opens_at_the_last_of_so_many_failures_in_a_row(breaker: Breaker) -> None:
    breaker.failed("503")
    breaker.failed("503")
    breaker.succeeded()
    breaker.failed("503")
    breaker.failed("503")
    breaker.check("yahoo")

    breaker.failed("503")

    with pytest.raises(Resting, match="503; nothing is asked until 18:09 ET"):
        breaker.check("yahoo")


def test_who_asks_for_peace_gets_it_at_once_and_for_as_long(
    breaker: Breaker, clock: ManualClock
) -> None:
    breaker.failed("429", at_once=True, wait=60 * MINUTE)

    assert breaker.retry_at == clock.now + 60 * MINUTE
    with pytest.raises(SourceUnavailable) as caught:
        breaker.check("yahoo")
    assert isinstance(caught.value, Resting)
    assert caught.value.retry_at == breaker.retry_at


def test_one_bad_answer_after_the_pause_begins_one_twice_as_long_up_to_the_longest(
    breaker: Breaker, clock: ManualClock
) -> None:
    breaker.failed("429", at_once=True)
    pauses = []

    for _ in range(3):
        assert breaker.retry_at is not None
        clock.now = breaker.retry_at
        breaker.check("yahoo")
        breaker.failed("503")
        pauses.append(breaker.retry_at - clock.now)

    assert pauses == [10 * MINUTE, 15 * MINUTE, 15 * MINUTE]


def test_a_good_answer_after_the_pause_closes_it_and_the_next_pause_is_the_first_again(
    breaker: Breaker, clock: ManualClock
) -> None:
    breaker.failed("429", at_once=True)
    clock.advance(301)

    breaker.succeeded()

    breaker.failed("429", at_once=True)
    assert breaker.retry_at == clock.now + 5 * MINUTE


def test_its_opening_and_its_closing_are_each_told_once(
    breaker: Breaker, clock: ManualClock
) -> None:
    opened = clock.now
    breaker.failed("429", at_once=True)
    clock.advance(301)
    breaker.failed("503")
    (told,) = breaker.changes()
    assert (told.at, told.why, told.retry_at) == (opened, "429", opened + 5 * MINUTE)

    breaker.failed("503")
    assert breaker.changes() == []
    clock.advance(3600)
    breaker.succeeded()
    breaker.succeeded()

    (told,) = breaker.changes()
    assert (told.at, told.since, told.retry_at) == (clock.now, opened, None)
    assert breaker.changes() == []
