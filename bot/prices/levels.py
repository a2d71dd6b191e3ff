"""Runs of bars, and single cells, in another unit than their neighbours: pence and pounds.

Each bar is on the right level or displaced by a hundred; where a run begins and ends, the price
steps by that factor and back.
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
Run = tuple[int, int]


def mend_units(work: Workpiece) -> None:
    """Prices in a hundredth or the hundredfold of the unit: pence and pounds, cents and dollars.

    The level on which most of the bars that traded stand tells the unit; the newest one alone says
    nothing of those before it, nor is it put right before another one stands beside it.
    """
    typical = typical_prices(work)
    steps = log_steps(typical)
    levels = _unit_levels(steps, _row_of_most(_unit_levels(steps, len(steps) - 1), work))
    for factor, level in ((UNIT, 1), (1 / UNIT, -1)):
        for run in _runs(levels == level):
            _mend_unit(work, run, factor, typical)
    _mend_unit_cells(work)


def _row_of_most(levels: NDArray[np.int8], work: Workpiece) -> int:
    """The newest row on the level of most bars that traded, of all where none did; of two levels
    with as many that of the newest one."""
    closed = np.isfinite(work.columns["close"])
    traded = closed & (work.columns["volume"] > 0)
    rows = np.flatnonzero(traded if traded.any() else closed)[::-1]
    if not len(rows):
        return len(levels) - 1
    newest = int(levels[rows[0]])
    most = max((newest, -1, 0, 1), key=lambda level: np.count_nonzero(levels[rows] == level))
    return int(rows[levels[rows] == most][0])


def typical_prices(work: Workpiece) -> Floats:
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


def _runs(rows: NDArray[np.bool_]) -> Iterator[Run]:
    """First row of each run of true rows, and the row after it."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], rows, [False]]).astype(np.int8)))
    return ((int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True))


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
    is_newest = run == (len(typical) - 1, len(typical))
    if low < LOWEST_FOR_UNITS or split_like or is_newest or not _steps_back(run, typical):
        doubt = "volumes or ticks fit a split or a true move"
        doubt = "it is the newest bar, and none beside it says so too" if is_newest else doubt
        work.say(
            Mark.SUSPECT_UNIT, rows, PRICES, f"{what}, but {doubt}", given, certain=False
        )  # fmt: skip
        return
    changed = scale(work, run, 1 / factor)
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


def scale(work: Workpiece, run: Run, factor: float) -> tuple[str, ...]:
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
    around = _around(typical_prices(work))
    tolerance = _tolerance_of_units(log_steps(typical_prices(work)))
    for reference in (around, typical_prices(work)):
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
    wrong[sorted(work.suspect_rows())] = False
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
