"""Bars of one ticker as arrays, and the corporate actions that change their share basis."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Days = NDArray[np.int32]


class ActionKind(StrEnum):
    """What a company did to its shares."""

    SPLIT = "split"
    REVERSE_SPLIT = "reverse_split"
    SPINOFF = "spinoff"
    DIVIDEND = "dividend"  # in cash: told, and no reason to adjust a price


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One corporate action of one ticker.

    ex_day: the first session on the new basis.
    price_ratio: prices before ex_day are divided by it, volumes multiplied: 10 for 10-for-1, 0.125
    for 1-for-8, 1.324 for a spin-off, 1 for a dividend.
    eps_ratio: earnings a share of reports filed before ex_day are divided by it; 1 for a spin-off,
    which moves prices alone.
    cash_usd: a dividend's, a share.
    """

    ticker: str
    ex_day: date
    kind: ActionKind
    price_ratio: float = 1.0
    eps_ratio: float = 1.0
    cash_usd: float | None = None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bars:
    """Closed sessions of one ticker, oldest first; NaN is unknown.

    days: of each its session (``date.toordinal``), each once.
    open high low close: USD a share.  volume: shares.
    Which share basis the numbers stand on (as traded, or adjusted as of some day) is said by
    whoever hands them out.
    """

    ticker: str
    days: Days
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    exchange: str | None = field(default=None)

    def __len__(self) -> int:
        return len(self.days)
