"""The last bar of each ticker with all its signals, as facts and ``bot signals`` tell it."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.facts.prices import RETURN_SPANS
from bot.prices.bars import Bars
from bot.signals.block import Block, Listing, blocks, until
from bot.signals.price import WINDOWS, Signals

MOST_MISSING = 1
"""More sessions missing inside its window make a signal unknown to rules."""

_YES_NO = ("high_252d", "low_252d")
_LISTING = "listing"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastBar:
    """One bar and how it stands to those before it.

    values: every signal by its name in the kind ``price_bar``; None is unknown.
    since: by span of the returns (``21d``, ``ytd``, also ``listing``) the session it starts from;
    only of spans that have one.
    missing: by window (``1d`` … ``252d``, ``20d``, ``61d``, ``qtd``, ``ytd``) how many sessions of
    the exchange inside it have no bar.
    """

    ticker: str
    session: date
    close_usd: float
    volume: float | None
    benchmark: str | None
    values: Mapping[str, float | bool | None]
    since: Mapping[str, date]
    missing: Mapping[str, int]

    @property
    def doubtful(self) -> tuple[str, ...]:
        """Known signals that a rule must take for unknown: their window lacks too many sessions.

        ``since_listing`` never is one: it compares two sessions, whatever lies between.
        """
        return tuple(
            name
            for name, value in self.values.items()
            if value is not None and self.missing.get(WINDOWS[name], 0) > MOST_MISSING
        )

    def fact_values(self) -> dict[str, Any]:
        """Values of the fields of ``price_bar`` that prices alone give, doubtful ones unknown."""
        return {
            "session": self.session,
            "close_usd": self.close_usd,
            "volume": self.volume,
            **self.values,
            **dict.fromkeys(self.doubtful),
            "missing_sessions": self.missing["252d"],
            "benchmark": self.benchmark,
            **{f"start_{span}": day for span, day in self.since.items()},
        }


def last_signals(
    bars: Iterable[Bars],
    benchmark: Bars | None,
    *,
    at: date | None = None,
    listings: Mapping[str, Listing] | None = None,
) -> Iterator[LastBar]:
    """The last bar of each ticker up to and including ``at``, in the order given.

    bars: adjusted as of the day that is asked about, at least 257 of them where there are so many.
    Holidays and closes that are none are passed over; a ticker without a bar is left out.
    listings: what ``since_listing`` compares with, by ticker; None where the first bar of every
    series is its listing.
    """
    cut = bars if at is None else (until(each, at) for each in bars)
    for block in blocks(cut, last=1, listings=listings):
        yield from _of_block(block, benchmark)


def _of_block(block: Block, benchmark: Bars | None) -> Iterator[LastBar]:
    signals = Signals(block, benchmark)
    names = list(WINDOWS)
    values = zip(*(_values(signals, name) for name in names), strict=True)
    spans = (*RETURN_SPANS, _LISTING)
    starts = zip(*(signals.since(span)[:, 0].tolist() for span in spans), strict=True)
    windows = [window for window in dict.fromkeys(WINDOWS.values()) if window != _LISTING]
    missing = zip(*(signals.missing(window)[:, 0].tolist() for window in windows), strict=True)
    days, closes = signals.days[:, 0].tolist(), signals.close[:, 0].tolist()
    volumes = map(_finite, block.volume[:, -1].tolist())
    for ticker, day, close, volume, value, start, lacking in zip(
        block.tickers, days, closes, volumes, values, starts, missing, strict=True
    ):
        yield LastBar(
            ticker=ticker,
            session=date.fromordinal(day),
            close_usd=close,
            volume=volume,
            benchmark=None if benchmark is None else benchmark.ticker,
            values=dict(zip(names, value, strict=True)),
            since={s: date.fromordinal(d) for s, d in zip(spans, start, strict=True) if d},
            missing=dict(zip(windows, lacking, strict=True)),
        )


def _values(signals: Signals, name: str) -> list[float | bool | None]:
    column = [_finite(value) for value in signals[name][:, 0].tolist()]
    if name in _YES_NO:
        return [None if value is None else bool(value) for value in column]
    return list(column)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
