"""Prices of the made-up market's companies and of the funds that the bot compares them with.

They wander at random, the same for a ticker each time: no price of anybody was copied.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.clock import new_york_day
from bot.config.settings import WATCHED_FUNDS
from bot.sandbox.market import HARBOR, NORTHWIND, OKLO
from bot.sandbox.prices import Listing, PriceMarket, TradedBar, wandering

_PAST, _TO_COME = timedelta(days=420), timedelta(days=60)  # more than the 252 sessions of signals
_COMPANIES = {
    OKLO.ticker: (OKLO.name, "NYSE", 140.0, 0.05),
    "NWIN": (NORTHWIND.name, "NasdaqGS", 34.0, 0.02),
    HARBOR.ticker: (HARBOR.name, "NYSE", 21.5, 0.015),
}
"""By ticker the name, exchange, price and how much it moves a day."""


def price_market(at: datetime) -> PriceMarket:
    """A market as of an instant, with a past of a year and two months to come."""
    return PriceMarket(_listings(new_york_day(at)))


def _listings(day: date) -> Iterator[Listing]:
    for ticker, (name, exchange, price, moves) in _COMPANIES.items():
        bars = _wandered(ticker, day, price, moves)
        yield Listing(ticker=ticker, bars=bars, name=name, exchange=exchange)
    for ticker in WATCHED_FUNDS:
        bars = _wandered(ticker, day, 200.0, 0.01)
        yield Listing(
            ticker=ticker, bars=bars, name=f"{ticker} fund", exchange="NYSEArca", fund=True
        )


def _wandered(ticker: str, day: date, price: float, moves: float) -> list[TradedBar]:
    """Bars around a day, near whose end they close at that price."""
    bars = wandering(ticker, day - _PAST, day + _TO_COME, daily_ratio=moves)
    scale = price / max((bar for bar in bars if bar.day <= day), key=lambda bar: bar.day).close
    return [
        replace(
            bar,
            open=round(bar.open * scale, 2),
            high=round(bar.high * scale, 2),
            low=round(bar.low * scale, 2),
            close=round(bar.close * scale, 2),
        )
        for bar in bars
    ]
