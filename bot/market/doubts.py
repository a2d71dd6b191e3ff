"""Closes that look like a split of which nobody told: what is to be believed of them, and when."""

import math
from datetime import date

import numpy as np

from bot.prices.bars import Bars

SPLIT_RATIOS = (2, 3, 4, 5, 10, 20)

SUSPECT_SPLIT = "suspect_split"
"""The mark of a price that stands where a split would have put it, and no action was told."""

_NEAR = 0.02
_CAME_BACK = 0.25


def looks_like_a_split(ratio: float) -> bool:
    """Whether a price ÷ the one before is within 2 %, of its logarithm, of a whole ratio."""
    if not 0 < ratio < math.inf:
        return False
    step = abs(math.log(ratio))
    return any(abs(step - math.log(each)) <= _NEAR * math.log(each) for each in SPLIT_RATIOS)


def suspects(bars: Bars, since: date) -> list[date]:
    """Sessions since a day whose close looks like a split beside the one before.

    bars: adjusted by every action that is known.
    """
    return [date.fromordinal(int(bars.days[at])) for at in _suspects(bars, since)]


def without_slips(bars: Bars, since: date) -> Bars:
    """The bars without those since a day that look like a split and are taken back by the next one:
    a wrong basis for a day, and no price that anybody paid."""
    close = bars.close
    slips = [
        at
        for at in _suspects(bars, since)
        if at + 1 < len(bars)
        and abs(math.log(close[at + 1] / close[at - 1]))
        <= _CAME_BACK * abs(math.log(close[at] / close[at - 1]))
    ]
    return bars.take(np.delete(np.arange(len(bars)), slips)) if slips else bars


def _suspects(bars: Bars, since: date) -> list[int]:
    first = max(int(np.searchsorted(bars.days, since.toordinal())), 1)
    return [
        at
        for at in range(first, len(bars))
        if looks_like_a_split(float(bars.close[at] / bars.close[at - 1]))
    ]
