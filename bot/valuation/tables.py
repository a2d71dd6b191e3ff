"""Tables that a user keeps by hand: P/Es of indexes, fair values, and what a fund holds.

Each is a CSV text with a heading.  Every mistake is told with its line, and the rows without one
are used.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Generic, TypeVar

from bot.errors import ConfigError
from bot.insider.tickers import plain_ticker
from bot.numbers import read_decimal

T = TypeVar("T")

INDEX_PES = ("ticker", "as_of", "pe_forward", "pe_trailing", "method", "source")
FAIR_VALUES = ("ticker", "as_of", "fair_value_usd", "source")
HOLDINGS = ("ticker", "weight", "as_of")

_CLASS = re.compile(r"[ /](?=[A-Z]$)")
"""What some write between a symbol and the class of its share: BRK B, BRK/B."""

_NEAR = 0.05
"""How far the weights of a fund may be from 100 % in sum: cash and rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPe:
    """P/E of a fund or an index on a day, as its provider tells it.

    At least one of the two is known.  method: what becomes of losses, of which earnings.
    """

    ticker: str
    as_of: date
    pe_forward: float | None
    pe_trailing: float | None
    method: str
    source: str
    where: str  # file and line


@dataclass(frozen=True, slots=True, kw_only=True)
class FairValue:
    """What somebody thinks a share is worth."""

    ticker: str
    as_of: date
    fair_value_usd: Decimal
    source: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A company's part of a fund.  weight: 0.05 is 5 %.  as_of: None where the file tells none."""

    ticker: str
    weight: float
    as_of: date | None
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Generic[T]):
    """The rows of a file, in its order, and what is wrong with the others."""

    rows: tuple[T, ...]
    problems: tuple[ConfigError, ...]


def read_index_pes(text: str, where: str) -> Table[IndexPe]:
    """``ticker,as_of,pe_forward,pe_trailing,method,source``; one of the P/Es may be empty."""
    table = _read(text, where, INDEX_PES, INDEX_PES[:2], _index_pe)
    return _each_once(table, lambda row: (row.ticker, row.as_of, row.method))


def read_fair_values(text: str, where: str) -> Table[FairValue]:
    """``ticker,as_of,fair_value_usd,source``."""
    table = _read(text, where, FAIR_VALUES, FAIR_VALUES[:3], _fair_value)
    return _each_once(table, lambda row: (row.ticker, row.as_of, row.source))


def read_holdings(text: str, where: str) -> Table[Holding]:
    """``ticker,weight`` and perhaps ``as_of``; one fund a file, weights in percent or fractions.

    Weights of a day sum to about 100 or about 1; a file that does neither has no rows.
    """
    table = _read(text, where, HOLDINGS, HOLDINGS[:2], _holding)
    table = _each_once(table, lambda row: (row.ticker, row.as_of))
    rows: list[Holding] = []
    problems = list(table.problems)
    for as_of in dict.fromkeys(row.as_of for row in table.rows):
        of_day = [row for row in table.rows if row.as_of == as_of]
        whole = sum(row.weight for row in of_day)
        unit = next((u for u in (1, 100) if abs(whole / u - 1) <= _NEAR), None)
        if unit is None:
            problems.append(_sum_is_wrong(whole, as_of, where))
            continue
        rows += [_in_fractions(row, unit) for row in of_day]
    return Table(rows=tuple(rows), problems=tuple(problems))


def _sum_is_wrong(whole: float, as_of: date | None, where: str) -> ConfigError:
    of = f" of {as_of}" if as_of else ""
    return ConfigError(
        f"the weights{of} sum to {whole:.6g}",
        where=where,
        mend="give every holding, cash included, in percent (sum 100) or in fractions (sum 1)",
    )


def _in_fractions(row: Holding, unit: int) -> Holding:
    return Holding(ticker=row.ticker, weight=row.weight / unit, as_of=row.as_of, where=row.where)


class _Row:
    """One line by its columns; each reading ends in a located mistake where it fails."""

    def __init__(self, cells: dict[str, str], where: str) -> None:
        self._cells, self.where = cells, where

    def text(self, column: str) -> str:
        return self._cells.get(column, "").strip()

    def refuse(self, what: str, mend: str) -> ConfigError:
        return ConfigError(what, where=self.where, mend=mend)

    def ticker(self) -> str:
        """As the SEC writes it; what is no symbol, like cash, stays as it is written."""
        told = self.text("ticker")
        if not told:
            raise self.refuse("no ticker", "write the trading symbol: BRK-B")
        told = _CLASS.sub("-", told.upper())
        return plain_ticker(told) or told

    def day(self, column: str) -> date:
        told = self.text(column)
        try:
            if len(told) != 10 or told[4] != "-" or told[7] != "-":
                raise ValueError(told)
            return date.fromisoformat(told)
        except ValueError:
            mend = "write year, month and day: 2025-10-14"
            raise self.refuse(f"{column} is no day: {told!r}", mend) from None

    def number(self, column: str) -> Decimal:
        told = self.text(column)
        number = read_decimal(told)
        if number is None:
            mend = "write it with a point and without signs: 22.50"
            raise self.refuse(f"{column} is no number: {told!r}", mend)
        return number

    def positive(self, column: str, mend: str) -> Decimal:
        number = self.number(column)
        if number <= 0:
            raise self.refuse(f"{column} is {self.text(column)}", mend)
        return number


def _index_pe(row: _Row) -> IndexPe:
    forward, trailing = _pe(row, "pe_forward"), _pe(row, "pe_trailing")
    if forward is None and trailing is None:
        raise row.refuse("no P/E", "give pe_forward, pe_trailing or both")
    return IndexPe(
        ticker=row.ticker(),
        as_of=row.day("as_of"),
        pe_forward=forward,
        pe_trailing=trailing,
        method=row.text("method") or "method not told",
        source=row.text("source") or "user",
        where=row.where,
    )


def _pe(row: _Row, column: str) -> float | None:
    """Zero stands for missing in public tables (Shiller's), and is no P/E."""
    if not row.text(column):
        return None
    mend = "leave it empty where it is not known: 0 is no P/E, and a loss has none"
    return float(row.positive(column, mend))


def _fair_value(row: _Row) -> FairValue:
    return FairValue(
        ticker=row.ticker(),
        as_of=row.day("as_of"),
        fair_value_usd=row.positive("fair_value_usd", "leave out the row where there is none"),
        source=row.text("source") or "user",
        where=row.where,
    )


def _holding(row: _Row) -> Holding:
    return Holding(
        ticker=row.ticker(),
        weight=float(row.number("weight")),
        as_of=row.day("as_of") if row.text("as_of") else None,
        where=row.where,
    )


def _read(
    text: str,
    where: str,
    columns: Sequence[str],
    needed: Sequence[str],
    of_row: Callable[[_Row], T],
) -> Table[T]:
    lines = _lines(text, where)
    try:
        heading = _heading(next(lines, (1, [])), where, columns, needed)
        rows, problems = _rows(lines, where, heading, of_row)
    except ConfigError as problem:
        return Table(rows=(), problems=(problem,))
    return Table(rows=tuple(rows), problems=tuple(problems))


def _rows(
    lines: Iterator[tuple[int, list[str]]],
    where: str,
    heading: Sequence[str],
    of_row: Callable[[_Row], T],
) -> tuple[list[T], list[ConfigError]]:
    rows: list[T] = []
    problems: list[ConfigError] = []
    try:
        for line, cells in lines:
            try:
                rows.append(of_row(_row(cells, heading, f"{where}:{line}")))
            except ConfigError as problem:
                problems.append(problem)
    except ConfigError as problem:  # the rest of the file can not be told apart
        problems.append(problem)
    return rows, problems


def _row(cells: list[str], heading: Sequence[str], where: str) -> _Row:
    if len(cells) != len(heading):
        raise ConfigError(
            f"{len(cells)} cells under {len(heading)} headings",
            where=where,
            mend='give each heading a cell; a cell with a comma in it stands in "quotes"',
        )
    return _Row(dict(zip(heading, cells, strict=True)), where)


def _lines(text: str, where: str) -> Iterator[tuple[int, list[str]]]:
    """Cells with the number of their line; empty lines and those of a # are passed over."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise ConfigError(
                f"no CSV: {error}", where=f"{where}:{reader.line_num}", mend="close the quotes"
            ) from error
        if cells is None:
            return
        if any(cell.strip() for cell in cells) and not cells[0].lstrip().startswith("#"):
            yield reader.line_num, cells


def _heading(
    first: tuple[int, list[str]], where: str, columns: Sequence[str], needed: Sequence[str]
) -> list[str]:
    line, cells = first
    found = [cell.strip().lower() for cell in cells]
    head = f"head the file: {','.join(columns)}"
    for name in found:
        if ";" in name or "\t" in name:
            mend = "separate the columns by commas"
            raise ConfigError(f"the heading reads {name!r}", where=f"{where}:{line}", mend=mend)
        if name not in columns:
            near = get_close_matches(name, columns, n=1)
            mend = f"did you mean '{near[0]}'?" if near else head
            raise ConfigError(f"unknown column {name!r}", where=f"{where}:{line}", mend=mend)
    if missing := [name for name in needed if name not in found]:
        raise ConfigError(f"no column {missing[0]!r}", where=f"{where}:{line}", mend=head)
    if len(set(found)) < len(found):
        raise ConfigError("a column stands twice", where=f"{where}:{line}", mend=head)
    return found


def _each_once(table: Table[T], key: Callable[[T], object]) -> Table[T]:
    """Of rows that say the same thing of the same day the first is used."""
    first: dict[object, T] = {}
    again = [row for row in table.rows if first.setdefault(key(row), row) is not row]
    problems = tuple(
        ConfigError(
            "an earlier line tells the same of the same day",
            where=str(getattr(row, "where", "")),
            mend="leave one of the two",
        )
        for row in again
    )
    return Table(rows=tuple(first.values()), problems=(*table.problems, *problems))
