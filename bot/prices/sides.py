"""Bars that stand on the wrong side of a known split or spin-off, put right where that is sure.

Of every run of bars near an ex-day it is weighed how much better its edges fit with the factor of
the action than without.  The best reading of all wins, so that a step back is never passed over.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.prices.bars import PRICES, Floats
from bot.prices.download import Mark, Workpiece
from bot.prices.levels import scale, typical_prices
from bot.prices.noise import log_likelihoods, log_steps, usual_step

NEAR_SPLIT = 10
"""Sessions around an ex-day within which a provider gets the side wrong."""
LEGAL_DAY = 3
"""Sessions by which the day of an action may be off: some tell the legal one."""
LONGEST_RUN = 30
"""Sessions of a run between two steps."""
LOCAL = 60
"""Sessions on each side that tell how much a price moves by itself near an ex-day."""
SMALLEST_FACTOR = 3.0
"""In usual steps: a smaller factor can not be told from what a price does by itself."""
SURE = 12.0
"""Log-likelihood by which the edges must fit the action better than no defect; far from an ex-day
there are more runs to be misled by."""
SURE_FAR = 14.0
SURE_AT_EX_DAY = 8.0
"""With the volumes, where all bars before were forgotten and the step is at the ex-day."""
LARGE = float(np.log(5))
"""Of a factor over which bars were brought twice till days after the ex-day: a crash after a
reverse split looks like that, too."""
CLEAR = 5.0
"""By which a reading must lead every other one of the same edges."""
MOST_BESIDE = 1 / 3
"""Of the logarithm of the factor: what an edge of a run may differ from it."""
MOST_APART = 0.1
"""Of both edges of a run far from the ex-day: another factor than that of the action."""
_READINGS = 20
"""Of each factor, the best ones."""
SUSPECT = 5.0
SUSPECT_AT_EX_DAY = 2.5
SURE_EDGE = 3.5
"""Of each edge of a run by itself."""
TELLING_VOLUME = 1.0
"""Log-likelihood by which volumes must speak for one side to be heard."""
TELLING_FACTOR = 0.5
"""Of the logarithm: smaller factors drown in what volumes do by themselves."""
VOLUME_NOISE = 0.3
"""Of the logarithm of one session's volume, at least."""
_TRIES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A reading: the bars from start up to end stand a factor too high.

    edges: by how much the step at either end fits better that way; one where the run begins the
    series.  beside: what is left of the larger step, in logarithms; apart: how far the steps to
    and fro together are from the factor.  volume: by how much the volumes of the run fit better if
    they stand off as well.
    forgotten: whether the bars were not brought over the action; else they were twice.
    """

    start: int
    end: int
    ex_row: int
    ratio: float
    forgotten: bool
    edges: tuple[float, ...]
    beside: float
    apart: float
    volume: float

    @property
    def factor(self) -> float:
        return self.ratio if self.forgotten else 1 / self.ratio

    @property
    def lead(self) -> float:
        return sum(self.edges)

    @property
    def distance(self) -> int:
        """Sessions from the ex-day to the nearer edge."""
        off = abs(self.end - self.ex_row)
        return off if self.is_all_before else min(off, abs(self.start - self.ex_row))

    @property
    def is_all_before(self) -> bool:
        return self.start == 0

    def is_sure(self) -> bool:
        """Whether price and action, and volumes where they tell, agree."""
        if min(self.edges) < SURE_EDGE:
            return False
        size = abs(float(np.log(self.ratio)))
        if not self.is_all_before:
            if self.beside > MOST_BESIDE * size:
                return False
            if self.distance <= NEAR_SPLIT:
                return self.lead >= SURE
            if self.apart > MOST_APART:
                return False
            return self.volume > -1.5 * TELLING_VOLUME and self.lead + self.volume >= SURE_FAR
        if self.distance == 0 or (self.forgotten and self.distance <= LEGAL_DAY):
            return self.volume > -2 * TELLING_VOLUME and self.lead + self.volume >= SURE_AT_EX_DAY
        if not self.forgotten:
            return size >= LARGE and self.volume >= TELLING_VOLUME
        return self.lead >= SURE and self.volume >= TELLING_VOLUME

    def moves_volumes(self) -> bool:
        """Whether volumes stand off as well: of a few bars only where they say so, as some are told
        with right volumes; of all before, where they do not contradict."""
        tells = abs(float(np.log(self.ratio))) >= TELLING_FACTOR
        if self.is_all_before:
            return self.volume > 0 or not tells
        return tells and self.volume >= TELLING_VOLUME

    def is_suspect(self) -> bool:
        """Whether it looks so much like the action that it must not be taken for a move."""
        if self.is_all_before and self.distance == 0:
            return self.lead >= SUSPECT_AT_EX_DAY
        return self.distance <= LEGAL_DAY and min(self.edges) > 0 and self.lead >= SUSPECT


def mend_sides(work: Workpiece) -> None:
    """Bars not brought over a known split or spin-off, or brought over it twice."""
    ratios = np.nan_to_num(work.splits)
    ex_rows = np.flatnonzero((ratios > 0) & (ratios != 1))
    unclear: list[Side] = []
    for _ in range(_TRIES * bool(len(ex_rows))):
        prices = typical_prices(work)
        found = [
            side
            for row in ex_rows
            for side in _readings(work, prices, int(row), float(ratios[row]))
            if not any(_touch(side, other) for other in unclear)
        ]
        told = [side for side in found if side.is_sure() or side.is_suspect()]
        if not told:
            return
        best = max(told, key=lambda side: side.lead)
        doubted = any(_overlap(best, other) for other in unclear)
        if best.is_sure() and not doubted and not any(_rivals(side, best) for side in found):
            _mend(work, best)
        else:
            _flag(work, best)
            unclear.append(best)


def _rivals(other: Side, best: Side) -> bool:
    """Whether another reading of the same steps is about as good: then one is a true move."""
    if (other.start, other.end, other.factor) == (best.start, best.end, best.factor):
        return False
    return other.lead > best.lead - CLEAR and _touch(other, best)


def _overlap(one: Side, other: Side) -> bool:
    return one.start <= other.end and other.start <= one.end


def _touch(one: Side, other: Side) -> bool:
    if one.is_all_before and other.is_all_before:
        return True
    return bool({one.start, one.end} & {other.start, other.end} - {0})


def _readings(work: Workpiece, prices: Floats, ex_row: int, ratio: float) -> Iterator[Side]:
    for forgotten in (True, False):
        factor = ratio if forgotten else 1 / ratio
        size = float(np.log(factor))
        steps = _without_payouts(work, log_steps(prices), factor)
        near = slice(max(0, ex_row - LOCAL), ex_row + LOCAL)
        sigma = max(usual_step(steps), usual_step(steps[near]))
        if abs(size) < SMALLEST_FACTOR * sigma:
            continue
        into, out = (_fits(steps, each, sigma) for each in (size, -size))
        runs = [*_all_before(out, ex_row, forgotten=forgotten)]
        runs += _between(into, out, ex_row, forgotten=forgotten)
        for start, end in runs:
            yield Side(
                start=start, end=end, ex_row=ex_row, ratio=ratio, forgotten=forgotten,
                edges=(float(into[start]), float(out[end])) if start else (float(out[end]),),
                beside=float(max(abs(steps[end] + size), abs(steps[start] - size) * (start > 0))),
                apart=float(abs((steps[start] - steps[end]) / 2 - size)) if start else 0.0,
                volume=_volume_lead(work.columns["volume"], start, end, size),
            )  # fmt: skip


def _fits(steps: Floats, expected: float, sigma: float) -> Floats:
    """Of each row by how much its step fits better if the factor is part of it."""
    found = log_likelihoods(steps - expected, sigma) - log_likelihoods(steps, sigma)
    return np.where(np.isfinite(found), found, -np.inf)


def _all_before(out: Floats, ex_row: int, *, forgotten: bool) -> Iterator[tuple[int, int]]:
    """The runs from the first bar on that end near the ex-day, where that fits at all.

    Brought over it twice they step the other way, as a crash after a reverse split would: only
    ends from the ex-day on are believed.
    """
    first = max(1, ex_row - NEAR_SPLIT if forgotten else ex_row)
    ends = out[first : ex_row + NEAR_SPLIT + 1]
    yield from ((0, first + int(at)) for at in np.flatnonzero(ends > 0))


def _between(
    into: Floats, out: Floats, ex_row: int, *, forgotten: bool
) -> Iterator[tuple[int, int]]:
    """The best runs between two steps near the ex-day, and anywhere before it."""
    starts, lengths = np.arange(1, len(out))[:, None], np.arange(1, LONGEST_RUN + 1)[None, :]
    ends = starts + lengths
    inside = (ends < len(out)) & (ends <= ex_row + LONGEST_RUN)
    leads = np.where(inside, into[starts] + out[np.minimum(ends, len(out) - 1)], -np.inf)
    off = np.minimum(np.abs(starts - ex_row), np.abs(ends - ex_row))
    near = off <= (NEAR_SPLIT if forgotten else LEGAL_DAY)
    yield from _best(np.where(near, leads, -np.inf))
    if forgotten:
        yield from _best(np.where(~near & (ends <= ex_row), leads, -np.inf))


def _best(leads: Floats) -> Iterator[tuple[int, int]]:
    fitting = np.flatnonzero(leads.ravel() >= SUSPECT)
    best = fitting[np.argsort(leads.ravel()[fitting])[::-1][:_READINGS]]
    rows, columns = np.unravel_index(best, leads.shape)
    yield from (
        (int(row) + 1, int(row + column) + 2) for row, column in zip(rows, columns, strict=True)
    )


def _without_payouts(work: Workpiece, steps: Floats, factor: float) -> Floats:
    """Steps less the fall by a dividend of the day, which a consolidation often comes with.

    A payout that the consolidation makes up for lets no step be seen where the bars before were
    forgotten: of both readings, right bars and displaced ones, the nearer one counts.
    """
    dividends, closes = work.columns.get("dividends"), work.columns["close"]
    if dividends is None:
        return steps
    found = steps.copy()
    for row in np.flatnonzero(dividends[1:] > 0) + 1:
        share = dividends[row] / closes[row - 1]
        right = steps[row] - np.log1p(-min(share, 0.99))
        displaced = steps[row] + np.log(factor) - np.log1p(-min(share * factor, 0.99))
        found[row] = right if abs(right) <= abs(displaced) else displaced - np.log(factor)
    return found


def _volume_lead(volume: Floats, start: int, end: int, size: float, width: int = 10) -> float:
    """By how much volumes fit better the other way by the factor than as they are; 0 unknown."""
    inside = volume[max(start, end - width) : end]
    beside = np.concatenate([volume[max(0, start - width // 2) : start], volume[end : end + width]])
    inside, beside = (np.log(each[each > 0]) for each in (inside, beside))
    if not len(inside) or not len(beside):
        return 0.0
    apart = np.concatenate([each - np.median(each) for each in (inside, beside)])
    noise = max(VOLUME_NOISE, 1.4826 * float(np.median(np.abs(apart))))
    error = noise * np.sqrt(1 / len(inside) + 1 / len(beside))
    change = np.median(inside) - np.median(beside)
    fits = log_likelihoods(np.array([change + size, change]), float(error))
    return float(fits[0] - fits[1])


def _mend(work: Workpiece, side: Side) -> None:
    given = work.columns["close"][side.start]
    changed = scale(work, (side.start, side.end), 1 / side.factor)
    if side.moves_volumes():
        work.columns["volume"][side.start : side.end] *= side.factor
        changed = (*changed, "volume")
    work.say(
        Mark.SPLIT_SIDE, np.arange(side.start, side.end), changed,
        f"{side.factor:g} times the level of the bars beside, the factor of the split of "
        f"{side.ratio:g}",
        given, work.columns["close"][side.start],
    )  # fmt: skip


def _flag(work: Workpiece, side: Side) -> None:
    """Say that the level changes as the action would change it, and that nobody knows which."""
    closes = work.columns["close"]
    last = len(closes) - 1
    spans = {side.end: side.end + 1}
    if not side.is_all_before:
        spans[side.start] = side.end
    for row, end in sorted(spans.items()):
        work.breaks.append(int(work.days[row]))
        work.say(
            Mark.SUSPECT_SPLIT, np.arange(row, min(end, last + 1)), PRICES,
            f"the price steps as the split of {side.ratio:g} would let it, in which it is already "
            f"counted: bars beside may stand on its other side",
            closes[row], certain=False,
        )  # fmt: skip


def known_ratios(days: NDArray[np.int32], actions: Collection[tuple[int, float]]) -> Floats:
    """Of each row the ratio of the actions (ex-day as an ordinal) that fall on it, 0 where none.

    The day of an action without a bar is that of the next one; before the first and after the last
    bar an action says nothing of the series.
    """
    found = np.zeros(len(days))
    for day, ratio in sorted(set(actions)):
        row = int(np.searchsorted(days, day))
        if 0 < row < len(days):
            found[row] = (found[row] or 1.0) * ratio
    return found
