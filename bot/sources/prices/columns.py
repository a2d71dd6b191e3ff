"""What the columns of a file of bars mean, and how its cells are read."""

import math
from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import SourceUnreadable
from bot.prices.bars import Bars, Floats

NUMBERS = (
    *("open", "high", "low", "close", "volume"),
    *("adjusted_close", "dividends", "splits", "gains"),
)
"""Columns of numbers, by the names used here; the last four are those of Yahoo's downloads."""

_HEADINGS = {
    "symbol": "ticker",
    "datetime": "date",
    "timestamp": "date",
    "session": "date",
    "day": "date",
    "adj close": "adjusted_close",
    "adj_close": "adjusted_close",
    "adjclose": "adjusted_close",
    "dividend": "dividends",
    "stock splits": "splits",
    "stock_splits": "splits",
    "split": "splits",
    "capital gains": "gains",
    "capital_gains": "gains",
}
_UNKNOWN = frozenset({"", "nan", "null", "none", "na", "n/a", "-", "inf", "-inf", "+inf"})
_MEND = "head the file: ticker,date,open,high,low,close,volume"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Series:
    """What one file says of one ticker: rows by day, each day once, no number left out or mended.

    bars: as written, holidays and closes of zero included; a column that the file lacks is NaN.
    rows: of each bar its place in the file, the line of a CSV file or the row of a Parquet file.
    adjusted_close, dividends, splits, gains (capital gains): those columns of Yahoo's downloads;
    None where missing.
    """

    bars: Bars
    rows: NDArray[np.int64]
    adjusted_close: Floats | None = None
    dividends: Floats | None = None
    splits: Floats | None = None
    gains: Floats | None = None

    def take(self, rows: NDArray[np.bool_]) -> "Series":
        """Some of the rows."""
        extra = {name: getattr(self, name) for name in NUMBERS[5:]}
        held = {name: None if column is None else column[rows] for name, column in extra.items()}
        return Series(bars=self.bars.take(rows), rows=self.rows[rows], **held)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BarsFile:
    """A file of bars: what was read, by ticker, and why the other tickers were not.

    columns: which it has, by the names used here.
    """

    path: Path
    columns: frozenset[str]
    series: Mapping[str, Series]
    refused: Mapping[str, SourceUnreadable]


def columns_of(headings: Sequence[str], where: str) -> dict[str, int]:
    """Places of the columns that are known, by the names used here; others are passed over.

    Raises SourceUnreadable where the day or the close has no column or two.
    """
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        plain = heading.strip().lower()
        name = _HEADINGS.get(plain, plain)
        if name in found:
            raise SourceUnreadable(
                f"two columns are the {name}: '{headings[found[name]]}' and '{heading}'",
                where=where, mend="leave one of them")  # fmt: skip
        if name in NUMBERS or name in ("ticker", "date"):
            found[name] = place
    for needed in ("date", "close"):
        if needed not in found:
            has = ", ".join(f"'{heading}'" for heading in headings)
            raise SourceUnreadable(f"no column '{needed}'; it has {has}", where=where, mend=_MEND)
    return found


def ticker_of(path: Path) -> str:
    """The ticker that a file without such a column is about: its name before the endings."""
    name = path.name
    for ending in (".gz", ".csv", ".parquet"):
        name = name.removesuffix(ending)
    return name.upper()


def number(cell: str) -> float:
    """A finite number; NaN where the cell says that there is none.

    ValueError on other text, digits of other scripts included.
    """
    try:
        value = float(cell)
    except ValueError:
        if cell.strip().lower() in _UNKNOWN:
            return math.nan
        raise
    if "_" in cell or not cell.isascii():
        raise ValueError(cell)
    return value if math.isfinite(value) else math.nan


def ordinal(cell: str) -> int:
    """The day of a cell, as written: of a time with an offset the day on that clock."""
    return datetime.fromisoformat(cell.strip()).toordinal()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What of a file is asked for: tickers (None is all) and days, as ordinals."""

    only: Collection[str] | None = None
    first: int = date.min.toordinal()
    last: int = date.max.toordinal()

    def ticker(self, ticker: str) -> bool:
        return self.only is None or ticker in self.only


@dataclass(slots=True, kw_only=True)
class _Rows:
    """Rows of one ticker as they come; after a mistake no more are taken."""

    days: "array[int]" = field(default_factory=lambda: array("l"))
    places: "array[int]" = field(default_factory=lambda: array("q"))
    numbers: "dict[str, array[float]]" = field(default_factory=dict)
    mistake: SourceUnreadable | None = None


class Gathering:
    """Takes the rows of one file in any order and gives the series of its tickers."""

    def __init__(self, path: Path, columns: Mapping[str, int], wanted: Wanted) -> None:
        self._path, self._columns, self._wanted = path, columns, wanted
        self._named = ticker_of(path)
        self._places = [(name, columns[name]) for name in NUMBERS if name in columns]
        self._days: dict[str, int] = {}
        self._rows: dict[str, _Rows] = {}

    def take(self, cells: Sequence[str], place: int, width: int) -> None:
        """One row; a mistake in it refuses its ticker."""
        ticker = self._ticker(cells)
        if not self._wanted.ticker(ticker):
            return
        rows = self._rows.get(ticker)
        if rows is None:
            rows = self._rows[ticker] = _Rows(numbers={n: array("d") for n, _ in self._places})
        if rows.mistake is None:
            rows.mistake = self._mistake(rows, ticker, cells, place, width)

    def _ticker(self, cells: Sequence[str]) -> str:
        at = self._columns.get("ticker")
        if at is None:
            return self._named
        return cells[at].strip().upper() if at < len(cells) else ""

    def _mistake(
        self, rows: _Rows, ticker: str, cells: Sequence[str], place: int, width: int
    ) -> SourceUnreadable | None:
        """What is wrong with a row; None once it is taken."""
        where = f"{self._path}:{place}"
        if len(cells) != width:
            return SourceUnreadable(
                f"{len(cells)} cells where the first line has {width}",
                where=where, mend="write whole rows, numbers without commas in them")  # fmt: skip
        if not ticker:
            return SourceUnreadable("a row without a ticker", where=where, mend="name the ticker")
        name, cell = "date", cells[self._columns["date"]]
        try:
            day = self._days.get(cell)
            if day is None:
                day = self._days[cell] = ordinal(cell)
            if not self._wanted.first <= day <= self._wanted.last:
                return None
            for name, at in self._places:
                cell = cells[at]
                rows.numbers[name].append(number(cell))
        except ValueError:
            what, mend = "number", "write it like 1234.5, an unknown one as an empty cell"
            if name == "date":
                what, mend = "day", "write it like 2025-01-31, a time after it if need be"
            return SourceUnreadable(f"{name} '{cell}' is no {what}", where=where, mend=mend)
        rows.days.append(day)
        rows.places.append(place)
        return None

    def file(self) -> BarsFile:
        """Everything taken."""
        series: dict[str, Series] = {}
        refused: dict[str, SourceUnreadable] = {}
        for ticker, rows in self._rows.items():
            try:
                if rows.mistake is not None:
                    raise rows.mistake
                series[ticker] = series_of(
                    self._path, ticker, np.array(rows.days, np.int32),
                    np.array(rows.places, np.int64),
                    {name: np.array(column) for name, column in rows.numbers.items()})  # fmt: skip
            except SourceUnreadable as mistake:
                refused[ticker] = mistake
        return BarsFile(
            path=self._path, columns=frozenset(self._columns), series=series, refused=refused
        )


def series_of(
    path: Path,
    ticker: str,
    days: NDArray[np.int32],
    places: NDArray[np.int64],
    numbers: Mapping[str, Floats],
) -> Series:
    """Rows of one ticker by day.  Raises SourceUnreadable where two of them are of one day."""
    order = np.argsort(days, kind="stable")
    days, places = days[order], places[order]
    for twice in np.flatnonzero(days[1:] == days[:-1])[:1]:
        day = datetime.fromordinal(int(days[twice])).date()
        raise SourceUnreadable(
            f"two rows of {ticker} on {day}, the other one at {places[twice]}",
            where=f"{path}:{places[twice + 1]}",
            mend="leave one row a day; bars within the day are not read")  # fmt: skip
    columns = {name: column[order] for name, column in numbers.items()}
    unknown = np.full(len(days), np.nan)
    bars = Bars(
        ticker=ticker,
        days=days,
        open=columns.get("open", unknown),
        high=columns.get("high", unknown),
        low=columns.get("low", unknown),
        close=columns["close"],
        volume=columns.get("volume", unknown),
    )
    extra = {name: columns.get(name) for name in NUMBERS[5:]}
    return Series(bars=bars, rows=places, **extra)


def blank(cells: Sequence[str]) -> bool:
    """Whether a row says nothing at all."""
    return not any(map(str.strip, cells))
