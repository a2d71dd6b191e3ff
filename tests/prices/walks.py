"""Downloads of made-up companies: right ones, as the bar of what may not be changed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import Phase, settings
from hypothesis import strategies as st

from bot.prices.bars import PRICES
from bot.prices.defects import Defects, Mark
from bot.prices.download import Download
from tests.prices.series import a_bars, some_sessions

COUNT = 300
SEEDS = st.integers(0, 10_000)
SPLITS = st.sampled_from([2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 20.0, 0.5, 0.25, 0.125, 0.1, 0.05])
DAYS = some_sessions(COUNT)

FEW = settings(max_examples=20, phases=(Phase.explicit, Phase.generate))
"""A company's 300 bars are as small as they get: nothing is gained by shrinking."""

Columns = dict[str, Any]


@dataclass(frozen=True)
class Company:
    """moves: true moves of the price, by row, as factors.  split: new shares for an old one."""

    seed: int
    daily: float = 0.015
    yearly_yield: float = 0.03
    paid_every: int = 63
    moves: tuple[tuple[int, float], ...] = ()
    split: float | None = None
    split_row: int = 150

    def download(self) -> Download:
        """Bars adjusted for the split, adjusted closes that step by every dividend."""
        rng = np.random.default_rng(self.seed)
        steps = rng.standard_t(4, COUNT) / np.sqrt(2) * self.daily
        close = np.exp(np.cumsum(steps) + rng.uniform(np.log(20), np.log(200)))
        for row, factor in self.moves:
            close[row:] *= factor
        dividends = np.zeros(COUNT)
        for row in range(int(rng.integers(2, self.paid_every)), COUNT, self.paid_every):
            share = self.yearly_yield * self.paid_every / 252
            dividends[row] = round(close[row - 1] * share, 4)
            close[row:] *= 1 - dividends[row] / close[row - 1]
        splits = np.zeros(COUNT)
        if self.split:
            splits[self.split_row] = self.split
        wide = np.abs(rng.normal(size=(3, COUNT))) * self.daily / 2
        opened = close * np.exp(wide[0])
        bars = a_bars(
            some_sessions(COUNT), close, open=opened,
            high=np.maximum(opened, close) * np.exp(wide[1]),
            low=np.minimum(opened, close) * np.exp(-wide[2]),
            volume=np.round(np.exp(13 + rng.normal(size=COUNT) / 3)),
        )  # fmt: skip
        return Download(
            bars=bars, adjusted_close=_adjusted(close, dividends), dividends=dividends,
            splits=splits, gains=np.zeros(COUNT),
        )  # fmt: skip


def _adjusted(close: Any, dividends: Any) -> Any:
    """As providers hand it out: in single precision."""
    found = close.copy()
    for row in np.flatnonzero(dividends):
        found[:row] *= 1 - dividends[row] / close[row - 1]
    return found.astype(np.float32).astype(float)


def altered(download: Download, alter: Callable[[Columns], None]) -> Download:
    """The same download with other numbers."""
    columns: Columns = download.columns()
    alter(columns)
    return download.with_columns(download.bars.days, columns)


def scaled(columns: Columns, rows: slice, factor: float, *names: str) -> None:
    for name in names or (*PRICES, "adjusted_close"):
        columns[name][rows] *= factor


def step_by(columns: Columns, row: int, share: float) -> None:
    """Let the adjusted closes before a row step by another share than they do."""
    rate = columns["adjusted_close"][row - 1 : row + 1] / columns["close"][row - 1 : row + 1]
    columns["adjusted_close"][:row] *= (1 - share) / (rate[0] / rate[1])


def share_paid(columns: Columns, row: int) -> float:
    return float(columns["dividends"][row] / columns["close"][row - 1])


def differing(one: Download, other: Download, tolerance: float = 1e-6) -> list[str]:
    """Names of the columns that differ."""
    left, right = one.columns(), other.columns()
    return [
        name
        for name in left
        if len(left[name]) != len(right[name])
        or not np.allclose(left[name], right[name], rtol=tolerance, atol=0, equal_nan=True)
    ]


def days_of(found: Defects, *marks: Mark) -> list[int]:
    """Rows of the days with one of these marks."""
    days = {day.toordinal() for f in found.findings if f.mark in marks for day in f.days}
    return [int(row) for row in np.flatnonzero(np.isin(DAYS, sorted(days)))]


def certain(found: Defects) -> list[Mark]:
    return [finding.mark for finding in found.findings if finding.certain]


def a_paid_row(download: Download, at: int = 1) -> int:
    assert download.dividends is not None
    return int(np.flatnonzero(download.dividends)[at])
