"""Bars and actions as tests write them down."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from bot.calendar import NYSE
from bot.prices.bars import Action, ActionKind, Bars


def sessions(since: str, count: int) -> list[date]:
    """So many sessions, the first on that day."""
    first = NYSE.session_number(date.fromisoformat(since))
    return [NYSE.session_day(first + place) for place in range(count)]


def a_series(
    ticker: str,
    days: Sequence[date],
    closes: Sequence[float],
    *,
    volume: float = 1_000.0,
    exchange: str | None = None,
) -> Bars:
    """Bars that open, peak and end at their close."""
    close = np.array(closes, float)
    return Bars(
        ticker=ticker,
        days=np.array([day.toordinal() for day in days], np.int32),
        open=close,
        high=close,
        low=close,
        close=close,
        volume=np.full(len(close), volume),
        exchange=exchange,
    )


def a_split(ticker: str, ex_day: date, ratio: float, *, source: str = "folder") -> Action:
    kind = ActionKind.SPLIT if ratio > 1 else ActionKind.REVERSE_SPLIT
    return Action(
        ticker=ticker, ex_day=ex_day, kind=kind, price_ratio=ratio, eps_ratio=ratio, source=source
    )
