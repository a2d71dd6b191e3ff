"""Bars and actions for tests: random walks on real sessions, and what companies do to them."""

from datetime import date
from typing import Any

import numpy as np

from bot.prices.bars import Action, ActionKind, Bars
from bot.prices.complete import sessions


def a_bars(days: Any, close: Any, ticker: str = "ABC", **columns: Any) -> Bars:
    """Bars of these days; what is not given stands close to the close."""
    close = np.asarray(close, float)
    full: dict[str, Any] = {
        "open": close * 0.999, "high": close * 1.002, "low": close * 0.998,
        "volume": np.full(len(close), 1e6),
    }  # fmt: skip
    full |= {name: np.asarray(column, float) for name, column in columns.items()}
    return Bars(ticker=ticker, days=np.asarray(days, np.int32), close=close, **full)


def some_sessions(count: int, since: date = date(2022, 1, 3)) -> Any:
    return sessions(since, since.replace(year=since.year + 1 + count // 240))[:count]


def an_action(ex_day: date, ratio: float, ticker: str = "ABC", kind: str = "split") -> Action:
    return Action(
        ticker=ticker, ex_day=ex_day, kind=ActionKind(kind), price_ratio=ratio, source="test"
    )
