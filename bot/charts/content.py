"""What a chart tells, before anything is drawn."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bot.errors import QueryError
from bot.prices.bars import Action, Bars, Days, Floats

BASIS = "adjusted for splits and spin-offs, not dividends"
"""Of closes that the bot adjusted."""

YEAR = 252
"""Bars before a close among which it may be the 52-week high."""

DRAWN = (1e-50, 1e50)
"""Closes between which a scale can be drawn; what lies outside is a broken number, not a price."""

BAND_MONTHS, BAND_LEAST = 60, 36
"""Month ends that make the band of a P/E, and how many of them must be known."""


class Side(StrEnum):
    BUY = "buy"
    SELL = "sell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One insider trade to be marked; None is unknown.

    planned: whether a Rule 10b5-1 plan made it.
    """

    day: date
    side: Side
    value_usd: float | None
    planned: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InsiderTrades:
    """Trades that were looked for; amended ones and duplicates are left out.

    source: where they were looked for, for the footer.
    """

    marks: Sequence[Mark]
    source: str = "SEC Form 4, open market"

    def within(self, first: date, last: date) -> list[Mark]:
        """Those of these days, oldest first."""
        return sorted(
            (mark for mark in self.marks if first <= mark.day <= last),
            key=lambda mark: (mark.day, mark.side, -(mark.value_usd or 0.0)),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class PriceChart:
    """Closes of one ticker, the benchmark beside them, and the insider trades on them.

    bars, benchmark: on one share basis, also those before ``since``: they make the 52-week
    high.  actions: of the ticker; dividends are not drawn.  trades: None where nobody looked.
    source, basis: of the bars, for the footer.
    """

    bars: Bars
    source: str
    since: date | None = None
    until: date | None = None
    benchmark: Bars | None = None
    actions: Sequence[Action] = ()
    trades: InsiderTrades | None = None
    basis: str = BASIS

    @cached_property
    def known(self) -> tuple[Days, Floats]:
        """Days and closes up to ``until``: a bar without a finite close above 0 is none."""
        return _known(self.bars, None, self.until)

    @cached_property
    def drawn(self) -> tuple[Days, Floats]:
        """Days and closes of the span; QueryError where there is none."""
        days, closes = _known(self.bars, self.since, self.until)
        if not len(days):
            span = f"{self.since or 'the first day'} to {self.until or 'the last'}"
            what = f"no close of {self.bars.ticker} is known from {span}"
            held = (
                f"there are closes from {self.first_known} to {self.last_known}: ask for these days"
                if len(self.bars)
                else "collect its bars first, or give a file of bars"
            )
            raise QueryError(what, where="chart", mend=held)
        return days, closes

    @property
    def first_known(self) -> date:
        return date.fromordinal(int(self.bars.days[0]))

    @property
    def last_known(self) -> date:
        return date.fromordinal(int(self.bars.days[-1]))

    @property
    def span(self) -> tuple[date, date]:
        """First and last session drawn."""
        days, _ = self.drawn
        return date.fromordinal(int(days[0])), date.fromordinal(int(days[-1]))

    @property
    def change_ratio(self) -> float:
        """Last close ÷ first close − 1."""
        closes = self.drawn[1]
        return float(closes[-1] / closes[0] - 1)

    @cached_property
    def indexed(self) -> tuple[Days, Floats]:
        """The benchmark on the ticker's sessions, moved to meet the close of the first both have.

        NaN where the benchmark has no close.
        """
        days, closes = self.drawn
        theirs = np.full(len(days), np.nan)
        if self.benchmark is not None:
            of, held = _known(self.benchmark, None, self.until)
            _, mine, yours = np.intersect1d(days, of, return_indices=True)
            theirs[mine] = held[yours]
        found = np.flatnonzero(np.isfinite(theirs))
        if len(found):
            theirs = theirs / theirs[found[0]] * closes[found[0]]
        return days, theirs

    @property
    def benchmark_change_ratio(self) -> float | None:
        """Between the same two sessions; None where the benchmark lacks either."""
        theirs = self.indexed[1]
        change = float(theirs[-1] / theirs[0] - 1)
        return change if math.isfinite(change) else None

    @property
    def high(self) -> tuple[date, float] | None:
        """First of the last 253 closes and the highest of them; None where fewer are known."""
        days, closes = self.known
        if len(closes) <= YEAR:
            return None
        return date.fromordinal(int(days[-YEAR - 1])), float(closes[-YEAR - 1 :].max())

    @property
    def marks(self) -> list[Mark]:
        """Insider trades of the span, oldest first."""
        return self.trades.within(*self.span) if self.trades else []


def _known(bars: Bars, since: date | None, until: date | None) -> tuple[Days, Floats]:
    """QueryError where a close is no price by its size."""
    held = np.isfinite(bars.close) & (bars.close > 0)
    if since is not None:
        held &= bars.days >= since.toordinal()
    if until is not None:
        held &= bars.days <= until.toordinal()
    days, closes = bars.days[held], bars.close[held]
    for place in np.flatnonzero((closes < DRAWN[0]) | (closes > DRAWN[1]))[:1]:
        day = date.fromordinal(int(days[place]))
        raise QueryError(
            f"the close of {bars.ticker} on {day} is {closes[place]:g}: no price",
            where="chart",
            mend="look at its bars with `bot bars`, and leave the close of that row empty",
        )
    return days, closes


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Where a P/E stood on the month ends before: quartiles and median of those known."""

    low: float
    median: float
    high: float
    months: int
    first: date

    @property
    def name(self) -> str:
        return f"middle half and median of the {self.months} month ends before"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PeChart:
    """P/Es of one ticker on some days, oldest first: month ends or sessions.

    pe: NaN where there is none.  losses: whether a loss is the reason.
    benchmark_pe: of the same days.  method: how the P/Es were made, for the footer.
    reporter: whose reports they are made of, named where the ticker may be another's.
    """

    ticker: str
    days: Days
    pe: Floats
    losses: NDArray[np.bool_]
    method: str
    source: str
    benchmark: str | None = None
    benchmark_pe: Floats | None = None
    since: date | None = None
    reporter: str | None = None

    @property
    def drawn(self) -> "PeChart":
        """The days from ``since`` on; QueryError where none of them has a P/E."""
        held = self.days >= (self.since.toordinal() if self.since else 0)
        if not np.isfinite(self.pe[held]).any():
            losses = int(self.losses[held].sum())
            why = f"a loss on {losses} of {int(held.sum())} days" if losses else "nothing is known"
            what = f"{self.ticker} has no P/E since {self.since or 'its first day'}: {why}"
            raise QueryError(what, where="chart", mend="ask for an earlier --since, or for prices")
        theirs = self.benchmark_pe
        return replace(
            self,
            days=self.days[held],
            pe=self.pe[held],
            losses=self.losses[held],
            benchmark_pe=None if theirs is None else theirs[held],
        )

    @property
    def span(self) -> tuple[date, date]:
        """First and last day."""
        return date.fromordinal(int(self.days[0])), date.fromordinal(int(self.days[-1]))

    def __post_init__(self) -> None:
        others = (
            self.pe,
            self.losses,
            *(() if self.benchmark_pe is None else (self.benchmark_pe,)),
        )
        if any(len(each) != len(self.days) for each in others):
            raise ValueError("PeChart needs as many P/Es and losses as days")


def band_of(days: Days, pe: Floats) -> Band | None:
    """The band of the 60 month ends before the month of the last day; None under 36 known."""
    if not len(days):
        return None
    current = date.fromordinal(int(days[-1]))
    ends: dict[int, int] = {_month(int(day)): place for place, day in enumerate(days)}
    first = current.year * 12 + current.month - BAND_MONTHS
    places = [p for m, p in ends.items() if first <= m < first + BAND_MONTHS and pe[p] > 0]
    if len(places) < BAND_LEAST:
        return None
    low, median, high = np.percentile(pe[places], [25, 50, 75])
    return Band(
        low=float(low),
        median=float(median),
        high=float(high),
        months=len(places),
        first=date.fromordinal(int(days[places[0]])),
    )


def _month(ordinal: int) -> int:
    day = date.fromordinal(ordinal)
    return day.year * 12 + day.month
