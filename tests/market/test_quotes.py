"""Quotes: only while the exchange trades, told as the kind says, and a split is no move."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from bot.facts import QUOTE, SOURCE_POLL
from bot.market.closed import ClosedSessions
from bot.market.desk import Desk
from bot.market.quotes import Quotes, _by
from bot.market.watching import Watching
from bot.sandbox.prices import Listing, TradedBar
from bot.sources.prices.provider import Quote
from bot.store import Store, loaded
from tests.market.trading import new_york, sessions_before
from tests.prices_of import a_split
from tests.sources.prices.alpaca_market import Desk as Alpaca
from tests.sources.prices.alpaca_market import trading

DAYS = sessions_before("2025-12-12", 8)
FRIDAY = DAYS[-1]


def day_of(day: date, first: float, last: float) -> TradedBar:
    """A session that goes from one price to another."""
    low, high = sorted((first, last))
    return TradedBar(day=day, open=first, high=high, low=low, close=last, volume=1_000)


def a_day(
    ticker: str, first: float, last: float, *, before: float = 100.0, **more: object
) -> Listing:
    """A ticker that stood still until Friday."""
    bars = [day_of(day, before, before) for day in DAYS[:-1]]
    return Listing(ticker=ticker, bars=[*bars, day_of(FRIDAY, first, last)], **more)  # type: ignore[arg-type]


@dataclass
class Watched:
    """A desk before an Alpaca on loopback."""

    alpaca: Alpaca
    store: Store
    desk: Desk

    def look(self, *times: str | datetime) -> None:
        for each in times:
            at = each if isinstance(each, datetime) else new_york(f"{FRIDAY}T{each}")
            self.alpaca.clock.now = at
            self.desk.look()

    def quotes(self, ticker: str) -> list[dict[str, object]]:
        rows = self.store.facts.select(QUOTE, ticker=ticker)
        return [loaded(QUOTE, row) for row in reversed(rows)]


@contextmanager
def watched(*listings: Listing, at: str = "09:31") -> Iterator[Watched]:
    with trading(*listings, at=new_york(f"{FRIDAY}T{at}")) as alpaca:
        store = Store(None)
        tickers: Sequence[str] = [each.ticker for each in listings]
        watching = Watching(store, benchmark="IWM", watch=tickers)
        quotes = Quotes(store, alpaca.provider, watching, every=timedelta(minutes=5))
        closed = ClosedSessions(store, alpaca.provider, watching)
        yield Watched(alpaca, store, Desk(store, closed, quotes, clock=alpaca.clock))
        store.close()


def test_the_first_quote_of_a_session_is_told_beside_the_benchmarks() -> None:
    with watched(a_day("IWM", 100, 102), a_day("OKLO", 100, 110)) as place:
        place.look("12:45")

        (quote,) = place.quotes("OKLO")
        assert quote["session"] == FRIDAY
        assert quote["price_usd"] == pytest.approx(105, abs=0.5)
        assert quote["return_1d"] == pytest.approx(0.05, abs=0.005)
        assert quote["excess_1d"] == pytest.approx(0.04, abs=0.005)
        assert (quote["benchmark"], quote["source"]) == ("IWM", "alpaca")


def test_a_quote_is_told_again_when_it_has_moved_by_half_a_point_and_not_before() -> None:
    minutes = [f"{hour}:{minute:02}" for hour in range(10, 13) for minute in range(0, 60, 10)]
    with watched(a_day("IWM", 100, 100), a_day("OKLO", 100, 110)) as place:
        place.look(*minutes)

        prices = [float(str(quote["price_usd"])) for quote in place.quotes("OKLO")]
        steps = [after - before for before, after in pairwise(prices)]
        assert len(place.quotes("IWM")) == 1
        assert 3 < len(prices) < len(minutes)
        assert min(steps) >= 0.5


def test_nothing_is_asked_before_the_opening_and_after_the_close() -> None:
    with watched(a_day("IWM", 100, 100)) as place:
        place.look("09:29", "16:00", "18:00")

        assert place.quotes("IWM") == []


def test_quotes_are_asked_for_as_often_as_configured_and_no_oftener() -> None:
    with watched(a_day("IWM", 100, 100)) as place:
        place.look("10:00")
        asked = len(place.alpaca.alpaca.asked)

        place.look("10:04")
        assert len(place.alpaca.alpaca.asked) == asked

        place.look("10:05")
        assert len(place.alpaca.alpaca.asked) > asked


def test_on_the_day_of_a_split_a_quote_is_no_move() -> None:
    split = a_split("OKLO", FRIDAY, 10, source="alpaca")
    with watched(
        a_day("IWM", 100, 100), a_day("OKLO", 10, 10, before=100.0, actions=[split])
    ) as place:
        place.look("10:00")

        (quote,) = place.quotes("OKLO")
        assert (quote["previous_close_usd"], quote["return_1d"]) == (10, 0)
        assert quote["quality"] is None


def test_a_quote_that_looks_like_a_split_that_nobody_told_has_no_return() -> None:
    with watched(a_day("IWM", 100, 100), a_day("OKLO", 50, 50)) as place:
        place.look("10:00")

        (quote,) = place.quotes("OKLO")
        assert quote["price_usd"] == 50
        assert (quote["return_1d"], quote["quality"]) == (None, "suspect_split")


def test_after_a_restart_a_quote_that_was_told_is_not_told_again() -> None:
    with watched(a_day("IWM", 100, 100)) as place:
        place.look("10:00")
        watching = Watching(place.store, benchmark="IWM", watch=())
        provider = place.alpaca.provider
        again = Quotes(place.store, provider, watching, every=timedelta(minutes=5))

        looked = again.look(new_york(f"{FRIDAY}T10:01"))

        assert (looked.asked, looked.new) == (1, 0)


def test_a_refused_key_is_told_by_the_poll_and_stops_nothing() -> None:
    with trading(a_day("IWM", 1, 1), at=new_york(f"{FRIDAY}T10:00"), key="wrong") as alpaca:
        store = Store(None)
        watching = Watching(store, benchmark="IWM", watch=())
        quotes = Quotes(store, alpaca.provider, watching, every=timedelta(minutes=5))
        closed = ClosedSessions(store, alpaca.provider, watching)

        Desk(store, closed, quotes, clock=alpaca.clock).look()

        (poll,) = store.facts.select(SOURCE_POLL)
        assert (poll["source"], poll["ok"]) == ("prices", 0)
        assert poll["error"]
        store.close()


def test_a_quote_of_a_clock_ahead_of_ours_is_known_when_it_was_seen() -> None:
    seen = new_york(f"{FRIDAY}T09:31")
    ahead = Quote(
        ticker="OKLO", at=seen + timedelta(seconds=6), price_usd=103.0, previous_close_usd=100.0
    )

    assert _by(ahead, seen).at == seen
    assert _by(ahead, seen + timedelta(seconds=7)) == ahead
