"""A small made-up market of prices: what the local Yahoo and the local Alpaca serve."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import accumulate, pairwise
from math import exp, log

from bot.calendar import NYSE
from bot.clock import new_york_day
from bot.prices import complete
from bot.prices.bars import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class TradedBar:
    """One session of a ticker, as traded: USD a share, and shares."""

    day: date
    open: float
    high: float
    low: float
    close: float
    volume: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A ticker: what it traded at, what its company did, and what a provider gets wrong of it.

    ticker: as the SEC writes it.  exchange: in Yahoo's words.  fund: no company, but an ETF.
    bars: as traded, oldest first.  actions: those that are true; a provider that adjusts does so by
    them.  forward_eps_usd: expected for the next fiscal year.
    missing: sessions of which a provider has no bar.  empty: sessions whose bar comes without a
    number.  untold: days whose actions are not told, though bars are adjusted for them.
    invented: actions that are told and never happened.
    """

    ticker: str
    bars: Sequence[TradedBar]
    actions: Sequence[Action] = ()
    name: str = ""
    exchange: str = "NasdaqGS"
    currency: str = "USD"
    fund: bool = False
    forward_eps_usd: float | None = None
    missing: frozenset[date] = field(default_factory=frozenset)
    empty: frozenset[date] = field(default_factory=frozenset)
    untold: frozenset[date] = field(default_factory=frozenset)
    invented: Sequence[Action] = ()

    def told(self, at: datetime) -> list[Action]:
        """The actions of which a provider tells at an instant, oldest first."""
        true = [action for action in self.actions if action.ex_day not in self.untold]
        return _begun([*true, *self.invented], at)

    def happened(self, at: datetime) -> list[Action]:
        """The actions that are true at an instant, oldest first."""
        return _begun(self.actions, at)

    def known(self, at: datetime) -> list[TradedBar]:
        """The bars that a provider has: of a session under way as far as it has got."""
        return [
            _so_far(bar, at)
            for bar in self.bars
            if bar.day not in self.missing and NYSE.open_at(bar.day) < at
        ]

    def previous(self, at: datetime) -> TradedBar | None:
        """The bar before the last of those that trade or have traded."""
        begun = [bar for bar in self.bars if NYSE.open_at(bar.day) < at]
        return begun[-2] if len(begun) > 1 else None


class PriceMarket:
    """Listings by ticker; they may be put in place of one another while a server runs."""

    def __init__(self, listings: Iterable[Listing] = ()) -> None:
        self._listings = {listing.ticker: listing for listing in listings}

    def __iter__(self) -> Iterator[Listing]:
        return iter(self._listings.values())

    def get(self, ticker: str) -> Listing | None:
        return self._listings.get(ticker)

    def put(self, listing: Listing) -> None:
        """Add a listing, or put it in place of the one of that ticker."""
        self._listings[listing.ticker] = listing


def sessions(since: date, until: date) -> list[date]:
    """The days on which the exchange trades, both ends included."""
    return [date.fromordinal(day) for day in complete.sessions(since, until).tolist()]


def wandering(
    ticker: str,
    since: date,
    until: date,
    *,
    start_usd: float = 50.0,
    daily_ratio: float = 0.02,
    actions: Sequence[Action] = (),
    volume: float = 1_000_000,
) -> list[TradedBar]:
    """Bars of a made-up walk, always the same for a ticker: whole cents, whole shares.

    daily_ratio: about how much it moves a day.  actions: prices fall, volumes rise by the price
    ratio from their first session on, a dividend takes its cash.
    """
    chance = random.Random(ticker)
    price, shares, bars = start_usd, volume, []
    acts = sorted(actions, key=lambda action: action.ex_day)
    for day in sessions(since, until):
        while acts and acts[0].ex_day <= day:
            action = acts.pop(0)
            price = price / action.price_ratio - (action.cash_usd or 0.0)
            shares *= action.price_ratio
        begin = price * (1 + chance.gauss(0, daily_ratio / 4))
        end = max(begin * (1 + chance.gauss(0, daily_ratio)), 0.05)
        spread = abs(chance.gauss(0, daily_ratio / 3)) + 0.001
        bar = _bar(day, begin, end, spread, shares * chance.uniform(0.6, 1.6))
        bars.append(bar)
        price = bar.close
    return bars


def through(
    ticker: str,
    closes: Mapping[date, float],
    *,
    daily_ratio: float = 0.02,
    volume: float = 1_000_000,
) -> list[TradedBar]:
    """Bars of a made-up walk that closes as told on some sessions, oldest first, and wanders from
    one to the next, always the same way for a ticker.

    daily_ratio: about how much it moves a day between them.
    """
    chance = random.Random(ticker)
    days = sorted(closes)
    path = {days[0]: closes[days[0]]}
    for start, end in pairwise(days):
        path |= _bridge(sessions(start, end), closes[start], closes[end], daily_ratio, chance)
    bars, before = list[TradedBar](), closes[days[0]]
    for day, close in path.items():
        begin = before * (1 + chance.gauss(0, daily_ratio / 4))
        spread = abs(chance.gauss(0, daily_ratio / 3)) + 0.001
        bars.append(_bar(day, begin, close, spread, volume * chance.uniform(0.6, 1.6)))
        before = close
    return bars


def _bridge(
    days: Sequence[date], first: float, last: float, daily_ratio: float, chance: random.Random
) -> dict[date, float]:
    """Closes of a random walk that is bent so that it ends where it should."""
    steps = [chance.gauss(0, daily_ratio) for _ in days[1:]]
    bend = (log(last / first) - sum(steps)) / len(steps)
    levels = accumulate((step + bend for step in steps), initial=log(first))
    return dict(zip(days, map(exp, levels), strict=True))


def _bar(day: date, begin: float, end: float, spread: float, shares: float) -> TradedBar:
    """Whole cents, whole shares.  spread: how far it went beyond opening and close."""
    opened, closed = round(begin, 2), round(end, 2)
    return TradedBar(
        day=day,
        open=opened,
        high=round(max(opened, closed) * (1 + spread), 2),
        low=round(min(opened, closed) * (1 - spread), 2),
        close=closed,
        volume=float(round(shares)),
    )


def _begun(actions: Iterable[Action], at: datetime) -> list[Action]:
    today = new_york_day(at)
    return sorted((a for a in actions if a.ex_day <= today), key=lambda action: action.ex_day)


def _so_far(bar: TradedBar, at: datetime) -> TradedBar:
    opened, closes = NYSE.open_at(bar.day), NYSE.close_at(bar.day)
    if at >= closes:
        return bar
    part = (at - opened) / (closes - opened)
    price = round(bar.open + (bar.close - bar.open) * part, 2)
    return replace(
        bar,
        high=max(bar.open, price),
        low=min(bar.open, price),
        close=price,
        volume=float(int(bar.volume * part)),
    )
