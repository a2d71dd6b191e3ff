"""Bars of several tickers as one matrix: a row a ticker, the last bar of each at the right."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

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

_KEPT_BYTES = 16 * 2**20


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
    common: the same in one row, where no two tickers have another session in one column; else None.
    days, quarters: by slot, the day as ordinal and its calendar quarter.
    listed, listed_close: of each ticker the ordinal and the close that ``since_listing`` starts
    from; 0 and NaN where not known.
    """

    tickers: Sequence[str]
    slots: NDArray[np.int32]
    common: NDArray[np.int32] | None
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
        row = _row(bars)
        slots = row.sessions - (self.first - 1)
        within = slice(*np.searchsorted(slots, (1, len(self.days))))
        closes = np.full(len(self.days), np.nan)
        closes[slots[within]] = row.bars.close[within]
        return closes


def own_bars(bars: Bars) -> Bars:
    """The bars that count: on a session of the exchange, with a finite close above zero.

    Raises ValueError where days do not ascend, each once.
    """
    return _Row.of(bars).bars


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Row:
    """Own bars of a ticker with the numbers of their sessions."""

    bars: Bars
    sessions: NDArray[np.int32]

    @classmethod
    def of(cls, bars: Bars, like: "_Row | None" = None) -> "_Row":
        """The row of a series; ``like``: one that may be of the same days, which saves a look."""
        if like is not None and np.array_equal(like.bars.days, bars.days):
            sessions = like.sessions
        else:
            if (bars.days[1:] <= bars.days[:-1]).any():
                raise ValueError(f"bars of {bars.ticker}: days must ascend, each once")
            sessions = session_numbers(bars.days)
        counts = bars.close > 0
        counts &= bars.close < np.inf
        counts &= sessions >= 0
        if counts.all():
            return cls(bars=bars, sessions=sessions)
        return cls(bars=bars.take(counts), sessions=sessions[counts])

    def ends_like(self, other: "_Row") -> bool:
        """Whether the shorter of two has the last sessions of the longer."""
        if self.sessions is other.sessions:
            return True
        shorter = min(len(self.sessions), len(other.sessions))
        return np.array_equal(self.sessions[-shorter:], other.sessions[-shorter:])


def until(bars: Bars, day: date) -> Bars:
    """The bars up to a day, that day included."""
    end = int(np.searchsorted(bars.days, day.toordinal(), side="right"))
    return bars if end == len(bars) else bars.take(slice(0, end))


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
    _keep_freed_memory()
    held: list[_Row] = []
    row: _Row | None = None
    width = 0
    for each in bars:
        row = _Row.of(each, row)
        if not len(row.bars):
            continue
        asked = len(row.bars) if last is None else last
        if held and (max(width, asked) + MARGIN) * (len(held) + 1) > cells:
            yield _packed(held, MARGIN + width, listings)
            held, width = [], 0
        held.append(row)
        width = max(width, asked)
    if held:
        yield _packed(held, MARGIN + width, listings)


def _keep_freed_memory() -> None:
    """Let the allocator hold on to the matrices that a block frees, for the next block.

    glibc gives large pieces back and takes them page by page again, a third of the time of a pass,
    unless a larger one was freed before (mallopt(3), M_MMAP_THRESHOLD: it grows to that size, and
    what is kept to twice that).  Of this one nothing is ever touched.
    """
    np.empty(_KEPT_BYTES, np.uint8)


def _packed(held: Sequence[_Row], width: int, listings: Mapping[str, Listing] | None) -> Block:
    """Rows side by side, of each the last bars that fit; the first column stays empty."""
    longest = max(held, key=lambda row: len(row.sessions))
    alike = all(row.ends_like(longest) for row in held)
    first = min(int(row.sessions[1 - width :][0]) for row in held)
    days, quarter = _by_slot(first, max(int(row.sessions[-1]) for row in held))
    slots = np.zeros((len(held), width), np.int32)
    values = np.empty((3, len(held), width))
    for place, row in enumerate(held):
        sessions = row.sessions[1 - width :]
        start = width - len(sessions)
        np.subtract(sessions, first - 1, out=slots[place, start:])
        values[:, place, :start] = np.nan
        for to, column in zip(
            values, (row.bars.open, row.bars.close, row.bars.volume), strict=True
        ):
            to[place, start:] = column[1 - width :]
    starts = [_listing(row.bars, listings) for row in held]
    return Block(
        tickers=[row.bars.ticker for row in held],
        slots=slots,
        common=slots.max(axis=0, keepdims=True) if alike else None,
        open=values[0],
        close=values[1],
        volume=values[2],
        first=first,
        days=days,
        quarters=quarter,
        listed=np.array([day for day, _ in starts], np.int32),
        listed_close=np.array([close for _, close in starts]),
    )


@lru_cache(maxsize=4)
def _row(bars: Bars) -> _Row:
    """Of a benchmark, which is asked about with every block."""
    return _Row.of(bars)


@lru_cache(maxsize=16)
def _by_slot(first: int, last: int) -> tuple[Days, NDArray[np.int32]]:
    """Days and quarters of the sessions from one to another, those of no session before them."""
    days = np.concatenate([np.zeros(1, np.int32), session_days(first, last)])
    return days, quarters(days)


def _listing(bars: Bars, listings: Mapping[str, Listing] | None) -> tuple[int, float]:
    if listings is None:
        return int(bars.days[0]), float(bars.close[0])
    known = listings.get(bars.ticker)
    return (0, np.nan) if known is None else (known.day.toordinal(), known.close_usd)
