"""Bars of one ticker as arrays, and the corporate actions that change their share basis."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Days = NDArray[np.int32]
PRICES = ("open", "high", "low", "close")


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

    def take(self, rows: slice | NDArray[np.bool_] | NDArray[np.intp]) -> "Bars":
        """The bars of some rows, in that order."""
        columns = {name: getattr(self, name)[rows] for name in ("days", *PRICES, "volume")}
        return replace(self, **columns)


class Conflict(ValueError):
    """Two pieces of one series tell different closes of one day."""

    def __init__(self, ticker: str, day: date) -> None:
        super().__init__(f"two closes of {ticker} on {day}")


def joined(pieces: Sequence[Bars]) -> Bars:
    """One series of the pieces of one ticker, in any order; days that agree may overlap.

    Raises Conflict where closes of one day differ by more than a millionth.
    """
    if len(pieces) == 1:
        return pieces[0]
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(each, name) for each in pieces])
        for name in ("days", *PRICES, "volume")
    }
    whole = replace(pieces[0], **columns)
    whole = whole.take(np.argsort(whole.days, kind="stable"))
    again = np.flatnonzero(np.diff(whole.days) == 0)
    same = np.isclose(whole.close[again], whole.close[again + 1], rtol=1e-6, atol=0, equal_nan=True)
    if not same.all():
        raise Conflict(whole.ticker, date.fromordinal(int(whole.days[again[~same][0]])))
    return whole.take(np.append(True, np.diff(whole.days) != 0)) if len(whole) else whole
