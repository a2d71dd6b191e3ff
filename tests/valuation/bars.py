"""Bars of closes alone, for tests that need nothing else."""

import numpy as np

from bot.prices.bars import Bars
from tests.valuation.reports import day


def closes(told: dict[str, float], ticker: str = "X") -> Bars:
    """Closes by day, ascending."""
    unknown = np.full(len(told), np.nan)
    return Bars(
        ticker=ticker,
        days=np.array([day(at).toordinal() for at in told], dtype=np.int32),
        open=unknown,
        high=unknown,
        low=unknown,
        close=np.array(list(told.values())),
        volume=unknown,
    )
