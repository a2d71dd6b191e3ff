"""What is to be believed of stored bars: repaired where that is certain, marked where not."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from bot.prices.bars import Action, Bars, joined
from bot.prices.defects import LARGEST_PRICE, SUSPECT_FACTORS, SUSPECT_SLACK, find_defects
from bot.prices.download import Download, Mark
from bot.prices.levels import UNIT

SUSPECT_SPLIT = Mark.SUSPECT_SPLIT.value
"""The mark of a price that stands where a split would have put it, and no action was told."""

_SUSPECT = frozenset((SUSPECT_SPLIT, Mark.SUSPECT_UNIT.value))
_CAME_BACK = 0.25
_NEAR_UNIT = 0.25
_PLAIN_STEP = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """Bars as they are used, and the words for ``quality`` of sessions that have some."""

    bars: Bars
    marks: Mapping[date, str]

    def is_suspect(self, session: date) -> bool:
        """Whether a close looks like a split that nobody told, or stands in another unit."""
        return not _SUSPECT.isdisjoint(self.marks.get(session, "").split())


def examined(bars: Bars, actions: Iterable[Action]) -> Examined:
    """Bars adjusted by every action that is known, with what is wrong with them.

    A close that looks like a split and is taken back by the next one is left out: it stands on a
    wrong basis for a day, and nobody paid it.  A newest close that seems to stand in another unit
    says nothing of those before it.
    """
    if is_plain(bars):
        return Examined(bars=bars, marks={})
    told = list(actions)
    if _newest_is_in_another_unit(bars):
        before = examined(bars.take(slice(-1)), told)
        newest = bars.take(slice(-1, None))
        day = date.fromordinal(int(newest.days[0]))
        marks = {**before.marks, day: Mark.SUSPECT_UNIT.value}
        return Examined(bars=joined([before.bars, newest]), marks=marks)
    found = find_defects(Download(bars=bars), actions=told)
    whole = found.repaired.bars
    left = without_slips(whole)
    if len(left) < len(whole):
        found = find_defects(Download(bars=left), actions=told)
        left = found.repaired.bars
    return Examined(bars=left, marks=found.marks())


def is_plain(bars: Bars) -> bool:
    """Whether nothing can be wrong: no cell without a number, no price beyond its range, no step as
    large as those of splits and units.  Most series are plain, and seen so a hundred times faster.
    """
    prices = np.stack([bars.open, bars.high, bars.low, bars.close])
    if not (np.isfinite(prices) & (prices > 0) & (prices < LARGEST_PRICE)).all():
        return False
    if not (np.isfinite(bars.volume) & (bars.volume >= 0)).all():
        return False
    within = (bars.low <= prices) & (prices <= bars.high)
    steps = np.diff(np.log(prices), axis=1)
    return bool(within.all() and (np.abs(steps) < _PLAIN_STEP).all())


def _newest_is_in_another_unit(bars: Bars) -> bool:
    """Whether the newest close is about a hundred times those before, or a hundredth of them."""
    if len(bars) < 2:
        return False
    ratio = float(bars.close[-1] / np.median(bars.close[-6:-1]))
    return 0 < ratio < math.inf and abs(abs(math.log(ratio)) - math.log(UNIT)) <= _NEAR_UNIT


def looks_like_a_split(ratio: float) -> bool:
    """Whether a price ÷ the one before is within 2 %, of its logarithm, of a whole ratio."""
    if not 0 < ratio < math.inf:
        return False
    step = abs(math.log(ratio))
    return any(
        abs(step - math.log(each)) <= SUSPECT_SLACK * math.log(each) for each in SUSPECT_FACTORS
    )


def without_slips(bars: Bars) -> Bars:
    """The bars without those that look like a split and are taken back by the next one."""
    with np.errstate(invalid="ignore", divide="ignore"):
        steps = np.diff(np.log(bars.close))
    slips = [
        at + 1
        for at in np.flatnonzero(np.abs(steps[:-1]) > math.log(min(SUSPECT_FACTORS)) * 0.9)
        if looks_like_a_split(math.exp(steps[at]))
        and abs(steps[at] + steps[at + 1]) <= _CAME_BACK * abs(steps[at])
    ]
    return bars.take(np.delete(np.arange(len(bars)), slips)) if slips else bars
