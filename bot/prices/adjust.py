"""Prices on one share basis: as they were traded, or as they look from a later day."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from bot.prices.bars import Action, ActionKind, Bars, Days, Floats


def adjusted(bars: Bars, actions: Iterable[Action], as_of: date) -> Bars:
    """Bars as traded, brought to the share basis of a day.

    actions: of any tickers; those of ``bars.ticker`` with ex_day up to ``as_of`` are heeded: what
    comes later was not in the prices of that day.
    """
    return _scaled(bars, 1 / price_factors(bars.days, _heeded(bars, actions, as_of)))


def as_traded(bars: Bars, actions: Iterable[Action], as_of: date) -> Bars:
    """Bars on the share basis of ``as_of``, brought back to what was paid on each day."""
    return _scaled(bars, price_factors(bars.days, _heeded(bars, actions, as_of)))


def price_factors(days: Days, actions: Sequence[Action]) -> Floats:
    """Price as traded ÷ adjusted price of each day: the product of price_ratio of later actions.

    days: ascending.  Cash dividends adjust nothing.  An action told twice (same ex_day and ratio,
    as by two sources) counts once.  Raises ValueError on a ratio that is not finite and positive.
    """
    ratios = {
        (action.ex_day, action.price_ratio)
        for action in actions
        if action.kind is not ActionKind.DIVIDEND
    }
    factors = np.ones(len(days))
    for ex_day, ratio in sorted(ratios):
        if not 0 < ratio < float("inf"):
            raise ValueError(f"price_ratio of {ex_day} must be finite and positive, got {ratio}")
        factors[: np.searchsorted(days, ex_day.toordinal())] *= ratio
    return factors


def _heeded(bars: Bars, actions: Iterable[Action], as_of: date) -> list[Action]:
    return [each for each in actions if each.ticker == bars.ticker and each.ex_day <= as_of]


def _scaled(bars: Bars, factors: Floats) -> Bars:
    return replace(
        bars,
        open=bars.open * factors,
        high=bars.high * factors,
        low=bars.low * factors,
        close=bars.close * factors,
        volume=bars.volume / factors,
    )
