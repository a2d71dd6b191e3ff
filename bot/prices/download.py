"""A series as a provider hands it out, with what stands beside bars, and what is found in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np

from bot.prices.bars import PRICES, Bars, Days, Floats

BESIDE = ("adjusted_close", "dividends", "splits", "gains")
COLUMNS = (*PRICES, "volume", *BESIDE)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Download:
    """Bars adjusted for splits, in any order and maybe with a day twice; NaN is unknown.

    adjusted_close: adjusted for dividends too.  dividends: cash a share on their ex-day, which
    includes gains; gains: the part of it that is a distribution of capital gains.
    splits: new shares for one old, on the ex-day.  0 is none; None where there is no such column.
    """

    bars: Bars
    adjusted_close: Floats | None = None
    dividends: Floats | None = None
    splits: Floats | None = None
    gains: Floats | None = None

    def __len__(self) -> int:
        return len(self.bars)

    def columns(self) -> dict[str, Floats]:
        """Its columns by name, copied; those that there are."""
        found = {name: getattr(self.bars, name) for name in (*PRICES, "volume")}
        found |= {name: getattr(self, name) for name in BESIDE}
        return {name: np.array(each, float) for name, each in found.items() if each is not None}

    def with_columns(self, days: Days, columns: Mapping[str, Floats]) -> "Download":
        """The same series with other days and numbers."""
        bars: dict[str, Any] = {name: columns[name] for name in (*PRICES, "volume")}
        beside: dict[str, Any] = {name: columns.get(name) for name in BESIDE}
        return replace(self, bars=replace(self.bars, days=days, **bars), **beside)


class Mark(StrEnum):
    """What is wrong with a bar, as it stands in ``quality``: suspect is flagged and left alone."""

    DUPLICATE_DAY = "duplicate_day"
    PARTIAL_BAR = "partial_bar"
    CLOSED_DAY = "closed_day"
    MISSING_SESSION = "missing_session"
    NO_PRICE = "no_price"
    BAD_RANGE = "bad_range"
    BAD_VOLUME = "bad_volume"
    WRONG_UNIT = "wrong_unit"
    SUSPECT_UNIT = "suspect_unit"
    SPLIT_SIDE = "split_side"
    SUSPECT_SPLIT = "suspect_split"
    DIVIDEND_SIZE = "dividend_size"
    DIVIDEND_PHANTOM = "dividend_phantom"
    DIVIDEND_ADJUSTMENT = "dividend_adjustment"
    GAIN_TWICE = "gain_twice"
    SUSPECT_DIVIDEND = "suspect_dividend"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One defect.

    days: of the defect, ascending; an adjustment that is wrong on every earlier bar has the ex-day.
    columns: what is wrong, or changed.
    given, repaired: the first of the numbers, before and after; None is unknown.  Of adjusted
    closes that of the bar before the ex-day.
    certain: whether it was repaired; else it is only said.
    """

    mark: Mark
    days: Sequence[date]
    columns: Sequence[str]
    given: float | None
    repaired: float | None
    certain: bool
    reason: str


@dataclass(slots=True, kw_only=True)
class Workpiece:
    """A series while it is looked through: days ascending, each once; columns change in place.

    splits: by row the ratio of the splits and spin-offs of its day, of the series and beside it.
    breaks: ordinals of days between which and the day before nobody knows what the price did.
    """

    days: Days
    columns: dict[str, Floats]
    splits: Floats = field(default_factory=lambda: np.zeros(0))
    findings: list[Finding] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)

    def say(
        self, mark: Mark, rows: Any, columns: Sequence[str], reason: str,
        given: float | None = None, repaired: float | None = None, *, certain: bool = True,
    ) -> None:  # fmt: skip
        """Note a finding about some rows (indices, ascending)."""
        self.findings.append(
            Finding(
                mark=mark, days=as_dates(self.days[np.atleast_1d(rows)]), columns=tuple(columns),
                given=_known(given), repaired=_known(repaired), certain=certain, reason=reason,
            )
        )  # fmt: skip

    def suspect_rows(self) -> set[int]:
        """Rows whose level nobody is sure of."""
        days = [day.toordinal() for f in self.findings if not f.certain for day in f.days]
        return set(np.searchsorted(self.days, days).tolist())


def as_dates(days: Iterable[int]) -> tuple[date, ...]:
    """Ordinals as days."""
    return tuple(date.fromordinal(int(day)) for day in days)


def _known(number: float | None) -> float | None:
    return float(number) if number is not None and np.isfinite(number) else None
