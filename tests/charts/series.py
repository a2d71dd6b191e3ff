"""Series of prices and P/Es that charts are drawn from: made up, the same each time."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from bot.calendar import NYSE
from bot.charts import InsiderTrades, Mark, PeChart, Side
from bot.prices.bars import Bars, Days


def sessions(first: date, count: int) -> Days:
    number = NYSE.session_number(first - timedelta(days=1)) + 1
    days = [NYSE.session_day(number + n).toordinal() for n in range(count)]
    return np.array(days, dtype=np.int32)


def some_bars(
    count: int = 200,
    *,
    ticker: str = "OKLO",
    first: date = date(2025, 1, 2),
    start_usd: float = 20.0,
    sd: float = 0.03,
    without: Collection[int] = (),
) -> Bars:
    """A random walk; sessions of the numbers ``without`` have no bar."""
    steps = np.random.default_rng(7).normal(0.002, sd, count)
    steps[0] = 0
    held = np.array([n not in without for n in range(count)])
    close = (start_usd * np.exp(np.cumsum(steps)))[held]
    days = sessions(first, count)[held]
    return Bars(
        ticker=ticker, days=days, open=close, high=close, low=close, close=close, volume=close
    )


def some_trades(
    bars: Bars, count: int, *, on: date | None = None, sides: Sequence[Side] = tuple(Side)
) -> InsiderTrades:
    """Trades of random values, by plan and not, some of unknown value."""
    draw = np.random.default_rng(11)
    return InsiderTrades(
        marks=[
            Mark(
                day=on or date.fromordinal(int(draw.choice(bars.days))),
                side=sides[n % len(sides)],
                value_usd=None if n % 7 == 6 else float(np.exp(draw.normal(13, 1.5))),
                planned=(True, False, None)[n % 3],
            )
            for n in range(count)
        ]
    )


def some_pes(
    count: int, *, losses: Collection[int] = (), last: date = date(2026, 5, 29), **given: Any
) -> PeChart:
    """Month ends up to ``last``; those of the numbers ``losses`` have a loss and no P/E."""
    months = [last.year * 12 + last.month - 1 - n for n in reversed(range(count))]
    days = np.array([date(m // 12, m % 12 + 1, 28).toordinal() for m in months], dtype=np.int32)
    pe = 30 * np.exp(np.cumsum(np.random.default_rng(5).normal(0, 0.06, count)))
    lost = np.array([n in losses for n in range(count)])
    pe[lost] = np.nan
    filled: dict[str, Any] = {
        "ticker": "NVDA",
        "method": "GAAP, four quarters",
        "source": "sec",
        **given,
    }
    return PeChart(days=days, pe=pe, losses=lost, **filled)
