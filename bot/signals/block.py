"""Bars of several tickers as one matrix: a row a ticker, the last bar of each at the right."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot.prices.bars import Bars, Days, Floats
from bot.signals.sessions import quarters, session_days, session_numbers

MARGIN = 257
"""Columns before those that are asked about, as far as any signal but ``since_listing`` looks back:
252 bars, or to the last bar of an earlier year.  The first is always empty, and so is what is taken
from there."""

_CELLS = 2**17
"""Bars of one block: its matrices then stay in the cache of a processor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """From when a ticker means the company it means today: its first session and that close, on
    the share basis of the bars."""

    day: date
    close_usd: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """Own bars of some tickers; NaN where there is none, and for an open or volume not known.

    slots: of each bar its session, counted on from the first of the block, which is 1; 0 is no bar.
    days, quarters: by slot, the day as ordinal and its calendar quarter.
    listed, listed_close: of each ticker the ordinal and the close that ``since_listing`` starts
    from; 0 and NaN where not known.
    """

    tickers: Sequence[str]
    slots: NDArray[np.int32]
    open: Floats
    close: Floats
    volume: Floats
    first: int
    days: Days
    quarters: NDArray[np.int32]
    listed: Days
    listed_close: Floats

    def by_slot(self, bars: Bars) -> Floats:
        """Closes of another ticker by slot; NaN where it has none."""
        own = own_bars(bars)
        slots = session_numbers(own.days) - self.first + 1
        within = (slots > 0) & (slots < len(self.days))
        closes = np.full(len(self.days), np.nan)
        closes[slots[within]] = own.close[within]
        return closes


def own_bars(bars: Bars) -> Bars:
    """The bars that count: on a session of the exchange, with a finite close above zero.

    Raises ValueError where days do not ascend, each once.
    """
    if (bars.days[1:] <= bars.days[:-1]).any():
        raise ValueError(f"bars of {bars.ticker}: days must ascend, each once")
    counts = session_numbers(bars.days) >= 0
    counts &= bars.close > 0
    counts &= bars.close < np.inf
    return bars if counts.all() else _chosen(bars, counts)


def until(bars: Bars, day: date) -> Bars:
    """The bars up to a day, that day included."""
    end = int(np.searchsorted(bars.days, day.toordinal(), side="right"))
    return bars if end == len(bars) else _chosen(bars, slice(0, end))


def _chosen(bars: Bars, at: NDArray[np.bool_] | slice) -> Bars:
    return replace(
        bars,
        days=bars.days[at],
        open=bars.open[at],
        high=bars.high[at],
        low=bars.low[at],
        close=bars.close[at],
        volume=bars.volume[at],
    )


def blocks(
    bars: Iterable[Bars],
    *,
    last: int | None = None,
    listings: Mapping[str, Listing] | None = None,
    cells: int = _CELLS,
) -> Iterator[Block]:
    """Pack tickers, as many at a time as have that many bars together.

    last: how many of each ticker's last bars are asked about; None asks about all.
    listings: by ticker; None where the first bar of every series is its listing.
    Tickers without an own bar are left out.
    """
    held: list[Bars] = []
    width = 0
    for each in map(own_bars, bars):
        if not len(each):
            continue
        wider = max(width, len(each) if last is None else last)
        if held and (wider + MARGIN) * (len(held) + 1) > cells:
            yield _packed(held, width, listings)
            held, wider = [], len(each) if last is None else last
        held.append(each)
        width = wider
    if held:
        yield _packed(held, width, listings)


def _packed(held: Sequence[Bars], asked: int, listings: Mapping[str, Listing] | None) -> Block:
    width = MARGIN + asked
    numbers = [session_numbers(bars.days[1 - width :]) for bars in held]
    first = min(int(each[0]) for each in numbers)
    days = session_days(first, max(int(each[-1]) for each in numbers))
    days = np.concatenate([np.zeros(1, np.int32), days])
    slots = np.zeros((len(held), width), np.int32)
    values = np.full((3, len(held), width), np.nan)
    for row, (bars, sessions) in enumerate(zip(held, numbers, strict=True)):
        at = slice(width - len(sessions), width)
        slots[row, at] = sessions
        slots[row, at] -= first - 1
        for place, column in enumerate((bars.open, bars.close, bars.volume)):
            values[place, row, at] = column[-len(sessions) :]
    starts = [_listing(bars, listings) for bars in held]
    return Block(
        tickers=[bars.ticker for bars in held],
        slots=slots,
        open=values[0],
        close=values[1],
        volume=values[2],
        first=first,
        days=days,
        quarters=quarters(days),
        listed=np.array([day for day, _ in starts], np.int32),
        listed_close=np.array([close for _, close in starts]),
    )


def _listing(bars: Bars, listings: Mapping[str, Listing] | None) -> tuple[int, float]:
    if listings is None:
        return int(bars.days[0]), float(bars.close[0])
    known = listings.get(bars.ticker)
    return (0, np.nan) if known is None else (known.day.toordinal(), known.close_usd)
