"""Runs of bars that stand on another level than their neighbours: units, and sides of a split.

Each bar is on the right level or displaced by one known factor; where a run begins and ends, the
price steps by that factor and back.  A true move steps once and stays, or is of another size.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bot.prices.bars import PRICES, Floats
from bot.prices.download import Mark, Workpiece
from bot.prices.noise import log_steps, usual_step

UNIT = 100.0
UNIT_SLACK = 1.0
"""In logarithms: what a price moves by itself on the day on which its unit changes, at most."""
LOWEST_FOR_UNITS = 0.005
"""Below it prices step a hundredfold from tick to tick by themselves."""
NEAR_SPLIT = 10
"""Sessions around an ex-day within which a provider gets the side wrong."""
LONGEST_RUN = 30
"""Sessions of a run between two steps."""
Run = tuple[int, int]


def mend_units(work: Workpiece) -> None:
    """Prices in a hundredth or the hundredfold of the unit: pence and pounds, cents and dollars.

    The newest bar that traded tells the unit.
    """
    volume = work.columns["volume"]
    traded = np.flatnonzero((volume > 0) & np.isfinite(work.columns["close"]))
    reference = int(traded[-1]) if len(traded) else len(work.days) - 1
    typical = _typical(work)
    levels = _unit_levels(log_steps(typical), reference)
    for factor, level in ((UNIT, 1), (1 / UNIT, -1)):
        for run in _runs(levels == level):
            _mend_unit(work, run, factor, typical)
    _mend_unit_cells(work)


def mend_splits(work: Workpiece) -> None:
    """Bars not brought over a split that is in the series, or brought over it twice."""
    splits = work.columns.get("splits")
    if splits is None:
        return
    for ex_row in np.flatnonzero(np.isfinite(splits) & (splits > 0) & (splits != 1)):
        ratio = float(splits[ex_row])
        for factor in (ratio, 1 / ratio):
            steps = _without_payouts(work, log_steps(_typical(work)), factor)
            tolerance = _split_tolerance(steps, ratio, forgotten=factor == ratio)
            if tolerance is None:
                continue
            displaced = _displaced(steps, np.log(factor), tolerance)
            for run in _runs(displaced):
                if _is_near(run, int(ex_row), forgotten=factor == ratio) and _volume_agrees(
                    work.columns["volume"], run, factor
                ):
                    _mend_split(work, run, int(ex_row), factor)


def _typical(work: Workpiece) -> Floats:
    """One price of each row that no single cell can spoil."""
    cells = np.vstack([work.columns[name] for name in PRICES])
    known = np.isfinite(cells).any(axis=0)
    typical = np.full(cells.shape[1], np.nan)
    typical[known] = np.nanmedian(cells[:, known], axis=0)
    return _filled(typical)


def _filled(prices: Floats) -> Floats:
    """Unknown prices take the one before, so that a gap hides no step."""
    rows = np.where(np.isfinite(prices), np.arange(len(prices)), -1)
    rows = np.maximum.accumulate(rows)
    return np.where(rows >= 0, prices[rows], np.nan)


def _unit_levels(steps: Floats, reference: int) -> NDArray[np.int8]:
    """Of each row whether it stands a hundredfold above (1), below (-1) or with the reference.

    A step that would lead further away than that is no change of unit.
    """
    right = np.abs(np.abs(steps) - np.log(UNIT)) <= UNIT_SLACK
    change = np.where(right, np.sign(steps), 0).astype(np.int8)
    levels = np.zeros(len(steps), np.int8)
    if not change.any():
        return levels
    for row in range(reference, 0, -1):
        level = levels[row] - change[row]
        levels[row - 1] = level if abs(level) <= 1 else levels[row]
    for row in range(reference + 1, len(steps)):
        level = levels[row - 1] + change[row]
        levels[row] = level if abs(level) <= 1 else levels[row - 1]
    return levels


def _displaced(
    steps: Floats, log_factor: float, tolerance: tuple[float, float]
) -> NDArray[np.bool_]:
    """Which rows stand displaced by the factor, the last one not.

    tolerance: how much smaller and how much larger than the factor a step may be.
    """
    size = np.abs(steps) - abs(log_factor)
    right = (size >= -tolerance[0]) & (size <= tolerance[1])
    up = right & (np.sign(steps) == np.sign(log_factor))  # into the displaced level
    down = right & ~up
    displaced = np.zeros(len(steps), bool)
    if not down.any():
        return displaced
    for row in range(len(steps) - 1, 0, -1):
        displaced[row - 1] = not up[row] if displaced[row] else down[row]
    return displaced


def _runs(rows: NDArray[np.bool_]) -> Iterator[Run]:
    """First row of each run of true rows, and the row after it."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], rows, [False]]).astype(np.int8)))
    return ((int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True))


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


def _split_tolerance(steps: Floats, ratio: float, *, forgotten: bool) -> tuple[float, float] | None:
    """How far a step may be from the split; None where no step could be told from a true move.

    Bars that were forgotten step as the split does.  Brought over it twice they step the other
    way, as a crash after a reverse split would: only a large one that overshoots is believed.
    """
    size, sigma = abs(np.log(ratio)), usual_step(steps)
    if size < 6 * sigma or size < 0.1:
        return None
    third = size / 3
    if not forgotten:
        return (min(3 * sigma, third), third) if size >= np.log(5) else None
    wide = min(third, max(0.25, 8 * sigma) if size >= 3 else max(0.05, 6 * sigma))
    return wide, wide


def _is_near(run: Run, ex_row: int, *, forgotten: bool) -> bool:
    """Whether a run lies where a provider errs.

    Bars from the first one on end beside the ex-day, not before it where they were brought over
    the split twice.  A short run between two steps may lie anywhere before; a long one lies
    between two true moves.
    """
    start, end = run
    if end > ex_row + NEAR_SPLIT:
        return False
    if start > 0:
        return forgotten and end - start <= LONGEST_RUN
    return end >= ex_row - NEAR_SPLIT * forgotten


def _volume_agrees(volume: Floats, run: Run, factor: float) -> bool:
    """Whether volumes stand the other way by about the factor; yes where they are unknown."""
    change = _volume_change(volume, run)
    return change is None or abs(change + np.log(factor)) <= np.log(4) + abs(np.log(factor)) / 3


def _volume_change(volume: Floats, run: Run, width: int = 10) -> float | None:
    """Log of the median volume within a run, next to its ends, over that of its neighbours."""
    start, end = run
    inside = volume[max(start, end - width) : end]
    beside = np.concatenate([volume[max(0, start - width // 2) : start], volume[end : end + width]])
    inside, beside = inside[inside > 0], beside[beside > 0]
    if not len(inside) or not len(beside):
        return None
    return float(np.log(np.median(inside) / np.median(beside)))


def _mend_unit(work: Workpiece, run: Run, factor: float, typical: Floats) -> None:
    rows = np.arange(*run)
    change = _volume_change(work.columns["volume"], run)
    low = min(np.nanmin(typical[slice(*run)]), np.nanmin(typical[slice(*run)]) / factor)
    what = f"{'a hundred times' if factor > 1 else 'a hundredth of'} the level of the bars beside"
    given = work.columns["close"][run[0]]
    split_like = change is not None and abs(change + np.log(factor)) < np.log(4)
    if low < LOWEST_FOR_UNITS or split_like or not _steps_back(run, typical):
        work.say(
            Mark.SUSPECT_UNIT, rows, PRICES,
            f"{what}, but volumes or ticks fit a split or a true move", given, certain=False,
        )  # fmt: skip
        return
    changed = _scale(work, run, 1 / factor)
    repaired = work.columns["close"][run[0]]
    work.say(Mark.WRONG_UNIT, rows, changed, what, given, repaired)


def _tolerance_of_units(steps: Floats) -> float:
    """How far a factor alone, without a step back, may be from a hundred, in logarithms."""
    return min(UNIT_SLACK, max(0.25, 8 * usual_step(steps)))


def _steps_back(run: Run, typical: Floats) -> bool:
    """Whether a run has a step at both ends, or a single one that is very much a hundred."""
    ends = [row for row in run if 0 < row < len(typical)]
    steps = log_steps(typical)
    off = np.abs(np.abs(steps[ends]) - np.log(UNIT))
    return len(ends) == 2 or bool((off <= _tolerance_of_units(steps)).all())


def _mend_split(work: Workpiece, run: Run, ex_row: int, factor: float) -> None:
    given = work.columns["close"][run[0]]
    changed = _scale(work, run, 1 / factor)
    work.columns["volume"][slice(*run)] *= factor
    split = work.columns["splits"][ex_row]
    work.say(
        Mark.SPLIT_SIDE, np.arange(*run), (*changed, "volume"),
        f"{factor:g} times the level of the bars beside, the factor of the split of {split:g}",
        given, work.columns["close"][run[0]],
    )  # fmt: skip


def _scale(work: Workpiece, run: Run, factor: float) -> tuple[str, ...]:
    """Multiply the prices of a run, the adjusted close with them where it is displaced too."""
    rows = slice(*run)
    names: tuple[str, ...] = PRICES
    adjusted = work.columns.get("adjusted_close")
    if adjusted is not None:
        share = adjusted / work.columns["close"]
        other = np.concatenate([share[max(0, run[0] - 3) : run[0]], share[run[1] : run[1] + 3]])
        with np.errstate(invalid="ignore", divide="ignore"):
            apart = np.log(np.nanmedian(np.abs(share[rows])) / np.nanmedian(np.abs(other)))
        if not abs(apart) > abs(np.log(factor)) / 2:
            names = (*PRICES, "adjusted_close")
    for name in names:
        work.columns[name][rows] *= factor
    return names


def _mend_unit_cells(work: Workpiece) -> None:
    """Single cells in another unit than the rows around them, or than the rest of their row."""
    around = _around(_typical(work))
    tolerance = _tolerance_of_units(log_steps(_typical(work)))
    for reference in (around, _typical(work)):
        for name in PRICES:
            _mend_cells(work, name, reference, tolerance)
    if "adjusted_close" in work.columns:
        share = work.columns["adjusted_close"] / work.columns["close"]
        _mend_cells(work, "adjusted_close", work.columns["close"] * _around(share), 0.25)


def _mend_cells(work: Workpiece, name: str, reference: Floats, tolerance: float) -> None:
    cells = work.columns[name]
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.log(cells / reference)
        wrong = np.abs(np.abs(apart) - np.log(UNIT)) <= tolerance
    wrong &= np.minimum(cells, reference) >= LOWEST_FOR_UNITS
    for row in np.flatnonzero(wrong):
        given = cells[row]
        cells[row] = given / UNIT if apart[row] > 0 else given * UNIT
        work.say(
            Mark.WRONG_UNIT, row, (name,),
            f"{given / reference[row]:.3g} times what stands around it", given, cells[row],
        )  # fmt: skip


def _around(values: Floats, width: int = 3) -> Floats:
    """Median of the rows on both sides, the row itself left out."""
    padded = np.concatenate([np.full(width, np.nan), values, np.full(width, np.nan)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * width + 1)
    others = np.delete(windows, width, axis=1)
    found = np.full(len(values), np.nan)
    known = np.isfinite(others).any(axis=1)
    found[known] = np.nanmedian(others[known], axis=1)
    return found
