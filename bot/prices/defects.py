"""What is wrong with a daily series, and the series put right where that is certain.

A repair needs two witnesses against one: a step in the price that is the factor of a unit or of a
known split and is taken back, or a dividend whose size, adjustment and fall of the price contradict
each other.  One witness alone is a suspicion: it is said, and nothing is changed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot.prices.bars import PRICES, Action, ActionKind, Floats
from bot.prices.download import COLUMNS, Download, Finding, Mark, Workpiece, as_dates
from bot.prices.levels import mend_units
from bot.prices.noise import log_steps
from bot.prices.payouts import mend_payouts
from bot.prices.sides import known_ratios, mend_sides

__all__ = ["Defects", "Download", "Finding", "Mark", "find_defects"]

LARGEST_PRICE = 1e9
"""USD or other units a share; more is an overflow of adjusting."""
SUSPECT_FACTORS = (2, 3, 4, 5, 10, 20)
SUSPECT_SLACK = 0.02
"""Of the logarithm: 1.986 to 2.014 for 2."""
RANGE_SLACK = 1e-4
"""Relative: closes are rounded, and extremes come from another feed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Defects:
    """What was found in a series.

    repaired: days ascending, each once; what is certain is put right, what no number can stand for
    is NaN.  The same numbers as given where nothing was certain.
    breaks: days whose step from the bar before is that of a known split in which it should be
    counted already: nothing that compares prices across them is known.
    """

    findings: Sequence[Finding]
    repaired: Download
    breaks: Sequence[date] = ()

    def marks(self) -> Mapping[date, str]:
        """Of each day its words for ``quality``, in the order of the alphabet."""
        words: dict[date, set[str]] = {}
        for finding in self.findings:
            for day in finding.days:
                words.setdefault(day, set()).add(finding.mark.value)
        return {day: " ".join(sorted(found)) for day, found in sorted(words.items())}


def find_defects(
    series: Download,
    *,
    actions: Iterable[Action] = (),
    open_session: date | None = None,
) -> Defects:
    """Everything wrong with a series of one ticker.

    actions: splits and spin-offs known besides those of the series, over which its bars should
    have been brought as well.
    open_session: the session under way; its bar is not whole and is left out.
    """
    if not len(series):
        return Defects(findings=(), repaired=series)
    work = _by_day(series)
    _leave_out_partial_bar(work, open_session)
    _blank_bad_cells(work)
    mend_units(work)
    work.splits = _known_splits(work, series.bars.ticker, actions)
    mend_sides(work)
    mend_payouts(work)
    _blank_bad_adjusted_closes(work)
    _flag_ranges(work)
    _flag_steps(work)
    findings = sorted(work.findings, key=lambda each: (each.days[0], each.mark))
    return Defects(
        findings=findings,
        repaired=series.with_columns(work.days, work.columns),
        breaks=as_dates(sorted(set(work.breaks))),
    )


def _by_day(series: Download) -> Workpiece:
    """Rows in the order of days; of a day told twice the row with more volume stays."""
    columns, days = series.columns(), series.bars.days
    volume = np.nan_to_num(columns["volume"], nan=-1.0)
    order = np.lexsort((-volume, np.isnan(columns["close"]), days))
    days = days[order]
    first = np.append(True, np.diff(days) != 0)[: len(days)]
    columns = {name: column[order] for name, column in columns.items()}
    work = Workpiece(days=days[first], columns={n: c[first] for n, c in columns.items()})
    for row in np.flatnonzero(~first):
        kept = int(np.searchsorted(work.days, days[row]))
        differing = [n for n, c in columns.items() if not _same(c[row], work.columns[n][kept])]
        reason = f"another row differs in {', '.join(differing)}" if differing else "told twice"
        work.say(
            Mark.DUPLICATE_DAY, kept, differing or ("close",), reason, columns["close"][row],
            work.columns["close"][kept], certain=not differing,
        )  # fmt: skip
    return work


def _same(one: float, other: float) -> bool:
    return bool(one == other or (np.isnan(one) and np.isnan(other)))


def _leave_out_partial_bar(work: Workpiece, open_session: date | None) -> None:
    if open_session is None or not len(work.days):
        return
    if work.days[-1] != open_session.toordinal():
        return
    last = len(work.days) - 1
    close = work.columns["close"][last]
    work.say(Mark.PARTIAL_BAR, last, COLUMNS[:5], "its session is still open", close)
    work.days = work.days[:last]
    work.columns = {name: column[:last] for name, column in work.columns.items()}


def _blank_bad_cells(work: Workpiece) -> None:
    """Prices that are no price become unknown; so do volumes below zero, and dividends."""
    bad = {name: _no_prices(work.columns[name]) for name in PRICES}
    for row in np.flatnonzero(np.any(list(bad.values()), axis=0)):
        names = [name for name in PRICES if bad[name][row]]
        cells = {f"{work.columns[name][row]:g}" for name in names}
        reason = f"{' and '.join(sorted(cells))} is no price"
        work.say(Mark.NO_PRICE, row, names, reason, work.columns[names[-1]][row])
    for name in PRICES:
        work.columns[name][bad[name]] = np.nan
    for name, mark in (("volume", Mark.BAD_VOLUME), ("dividends", Mark.SUSPECT_DIVIDEND)):
        below = np.flatnonzero(work.columns.get(name, np.zeros(1)) < 0)
        for row in below:
            given = work.columns[name][row]
            work.say(mark, row, (name,), f"{given:g} is below zero", given)
            work.columns[name][row] = np.nan


def _no_prices(cells: Floats) -> NDArray[np.bool_]:
    """Cells that are no price; none in a column that the series does not have."""
    if np.isnan(cells).all():
        return np.zeros(len(cells), bool)
    return ~((cells > 0) & (cells < LARGEST_PRICE))


def _blank_bad_adjusted_closes(work: Workpiece) -> None:
    """Adjusting by dividends larger than the price overflows below zero, or to infinity."""
    cells = work.columns.get("adjusted_close")
    if cells is None:
        return
    bad = np.flatnonzero(~np.isnan(cells) & ~((cells > 0) & (cells < LARGEST_PRICE)))
    if len(bad):
        reason = f"adjusted closes of {len(bad)} bars are no price"
        work.say(Mark.NO_PRICE, bad, ("adjusted_close",), reason, cells[bad[0]])
        cells[bad] = np.nan


def _flag_ranges(work: Workpiece) -> None:
    """High below low, or open or close outside of them: nobody knows which cell is wrong."""
    high, low = (work.columns[name] for name in ("high", "low"))
    slack = RANGE_SLACK * np.abs(high)
    for name in ("low", "open", "close"):
        cells = work.columns[name]
        above = cells > high + slack
        below = cells < low - slack if name != "low" else np.zeros(len(cells), bool)
        for row in np.flatnonzero(above | below):
            side, limit = ("high", high[row]) if above[row] else ("low", low[row])
            work.say(
                Mark.BAD_RANGE, row, (name, side),
                f"{name} {cells[row]:g} is {'above' if above[row] else 'below'} "
                f"the {side} of {limit:g}",
                cells[row], certain=False,
            )  # fmt: skip


def _flag_steps(work: Workpiece) -> None:
    """Closes that step by what looks like a split that nobody told of."""
    closed = np.flatnonzero(np.isfinite(work.columns["close"]))
    closes = work.columns["close"][closed]
    steps = log_steps(closes)
    told = {int(day) for day in work.days[work.splits > 0]} | set(work.breaks)
    for factor in SUSPECT_FACTORS:
        near = np.abs(np.abs(steps) - np.log(factor)) <= SUSPECT_SLACK * np.log(factor)
        for i in np.flatnonzero(near):
            if int(work.days[closed[i]]) in told:
                continue
            word = "times" if steps[i] > 0 else "÷"
            work.say(
                Mark.SUSPECT_SPLIT, closed[i], ("close",),
                f"the close before {word} {factor}, and no split or spin-off is known that day",
                closes[i], certain=False,
            )  # fmt: skip


def _known_splits(work: Workpiece, ticker: str, actions: Iterable[Action]) -> Floats:
    """Of each row the ratio of the splits and spin-offs of its day; 0 where there is none."""
    own = np.nan_to_num(work.columns.get("splits", np.zeros(len(work.days))), posinf=0)
    beside = known_ratios(
        work.days,
        [
            (action.ex_day.toordinal(), action.price_ratio)
            for action in actions
            if action.ticker == ticker and action.kind is not ActionKind.DIVIDEND
        ],
    )
    return np.where(own > 0, own, beside)
