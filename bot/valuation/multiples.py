"""A P/E beside its own past and beside that of a benchmark.

The past of a day is the last session of each of the 60 calendar months before the current one.
Any unknown side makes the result unknown.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from bot.calendar import NYSE, month_start
from bot.prices.bars import Bars
from bot.valuation.earnings_per_share import EpsHistory, trailing_pe

MONTHS = 60
LEAST_MONTHS = 36
"""Fewer known months say nothing of what is usual."""

_FLAT = 1e-12
_DAY = timedelta(days=1)

History = Sequence[float | None]
"""P/Es at the month ends of ``month_ends``, in their order; None is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a value stands among its past.

    zscore: of its logarithm, with the sample deviation; None where the past does not move.
    percentile: how many percent of the past are not above it, 0 to 100.
    """

    zscore: float | None = None
    percentile: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiple:
    """One P/E and its past."""

    pe: float | None = None
    history: History = ()


NO_MULTIPLE = Multiple()


def month_ends(as_of: date) -> list[date]:
    """The last session of each of the 60 months before the month of a day, oldest first."""
    ends = []
    first = month_start(as_of)
    for _ in range(MONTHS):
        before = first - _DAY
        ends.append(NYSE.session_day(NYSE.session_number(before)))
        first = month_start(before)
    return ends[::-1]


def close_on(bars: Bars, day: date) -> float | None:
    """The close of a day; None without one that is finite and above 0."""
    place = int(np.searchsorted(bars.days, day.toordinal()))
    if place == len(bars) or bars.days[place] != day.toordinal():
        return None
    close = float(bars.close[place])
    return close if math.isfinite(close) and close > 0 else None


def trailing_history(as_of: date, bars: Bars, earnings: EpsHistory) -> list[float | None]:
    """Trailing P/Es at the month ends, each as it was known on its day.

    bars: as traded.
    """
    return [trailing_pe(earnings.at(day), close_on(bars, day))[0] for day in month_ends(as_of)]


def told_history(as_of: date, told: Sequence[tuple[date, float]]) -> list[float | None]:
    """P/Es that somebody wrote down for a day, at the month ends: of each month the last one.

    told: ascending by day.
    """
    days = [day for day, _ in told]
    history: list[float | None] = []
    for end in month_ends(as_of):
        place = bisect_right(days, end) - 1
        of_month = place >= 0 and month_start(days[place]) == month_start(end)
        history.append(told[place][1] if of_month else None)
    return history


def standing(value: float | None, history: History) -> Standing:
    """Where a value stands; unknown with fewer than 36 known months."""
    known = [each for each in history if each is not None and each > 0]
    if value is None or not value > 0 or len(known) < LEAST_MONTHS:
        return Standing()
    logs = [math.log(each) for each in known]
    mean = math.fsum(logs) / len(logs)
    deviation = math.sqrt(math.fsum((each - mean) ** 2 for each in logs) / (len(logs) - 1))
    return Standing(
        zscore=(math.log(value) - mean) / deviation if deviation > _FLAT else None,
        percentile=100 * sum(each <= value for each in known) / len(known),
    )


def relative(own: Multiple, benchmark: Multiple) -> Multiple:
    """The ratio to a benchmark's P/E, now and at the month ends."""
    pairs = zip(own.history, benchmark.history, strict=False)
    return Multiple(
        pe=_ratio(own.pe, benchmark.pe), history=[_ratio(mine, other) for mine, other in pairs]
    )


def _ratio(own: float | None, other: float | None) -> float | None:
    return own / other if own is not None and other is not None and other > 0 else None


def difference(own: float | None, other: float | None) -> float | None:
    """One less the other: of P/Es, or of earnings yields, which stay defined through losses."""
    return None if own is None or other is None else own - other


def implied_growth(pe_trailing: float | None, pe_forward: float | None) -> float | None:
    """What earnings must grow by for the forward P/E to hold, where both mean the same earnings."""
    ratio = _ratio(pe_trailing, pe_forward)
    return None if ratio is None else ratio - 1
