"""What is to be believed of stored bars: repaired where that is certain, marked where not."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from bot.prices.bars import Action, ActionKind, Bars
from bot.prices.defects import LARGEST_PRICE, SUSPECT_FACTORS, SUSPECT_SLACK, find_defects
from bot.prices.download import Download, Mark

PRICES_STALE = "prices_stale"
"""The mark of a ticker that had no bar for five sessions or more."""

SUSPECT_SPLIT = Mark.SUSPECT_SPLIT.value
"""The mark of a price that stands where a split would have put it, and no action was told."""

_SUSPECT = frozenset((SUSPECT_SPLIT, Mark.SUSPECT_UNIT.value))
_CAME_BACK = 0.25
_PLAIN_STEP = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """Bars as they are used, and the words for ``quality`` of sessions that have some.

    breaks: days whose step nobody can tell from a known split, ascending.
    """

    bars: Bars
    marks: Mapping[date, str]
    breaks: Sequence[date] = ()

    def is_suspect(self, session: date) -> bool:
        """Whether a close looks like a split that nobody told, or stands in another unit."""
        return not _SUSPECT.isdisjoint(self.marks.get(session, "").split())

    def comparable(self, session: date) -> Bars:
        """The bars with whose prices those of a session can be compared: none before a break."""
        broken = [day for day in self.breaks if day <= session]
        return self.bars.take(self.bars.days >= broken[-1].toordinal()) if broken else self.bars


def examined(bars: Bars, actions: Iterable[Action]) -> Examined:
    """Bars adjusted by every action that is known, with what is wrong with them.

    A close that looks like a split and is taken back by the next one is left out: it stands on a
    wrong basis for a day, and nobody paid it.
    """
    told = [each for each in actions if _is_within(bars, each)]
    if not told and is_plain(bars):
        return Examined(bars=bars, marks={})
    found = find_defects(Download(bars=bars), actions=told)
    whole = found.repaired.bars
    left = without_slips(whole)
    if len(left) < len(whole):
        found = find_defects(Download(bars=left), actions=told)
        left = found.repaired.bars
    return Examined(bars=left, marks=found.marks(), breaks=found.breaks)


def _is_within(bars: Bars, action: Action) -> bool:
    """Whether an action lies between the bars, and so may have been forgotten in some of them."""
    if action.kind is ActionKind.DIVIDEND or not len(bars):
        return False
    return bool(bars.days[0] < action.ex_day.toordinal() <= bars.days[-1])


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
