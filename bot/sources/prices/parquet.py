"""Parquet files of daily bars: the door to DuckDB, an extra that is loaded only here."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bot.errors import SourceUnreadable
from bot.sources.prices.columns import (
    NUMBERS,
    BarsFile,
    Series,
    Wanted,
    columns_of,
    series_of,
    ticker_of,
)

if TYPE_CHECKING:
    import duckdb

_EPOCH = date(1970, 1, 1).toordinal()


def read_parquet(path: Path, asked: Wanted) -> BarsFile:
    """What ``read_bars_file`` gives; the place of a bar is its row, from 1.

    A time with a zone is stored as an instant: its day is the one in UTC, which for midnight in
    New York and for the opening of a session is the session.
    Raises SourceUnreadable where DuckDB is missing, and where it can not read the file or a number.
    """
    try:
        import duckdb
    except ImportError as error:
        raise SourceUnreadable(
            "Parquet needs DuckDB, which is not installed",
            where=str(path), mend="pip install '.[parquet]', or give the bars as CSV",
        ) from error  # fmt: skip
    try:
        with duckdb.connect() as connection:
            return _Table(connection, path).read(asked)
    except duckdb.Error as error:
        what = str(error).partition("\n")[0]
        raise SourceUnreadable(
            f"DuckDB can not read it: {what}", where=str(path), mend="write the file again"
        ) from error


class _Table:
    """One file as DuckDB shows it."""

    def __init__(self, connection: "duckdb.DuckDBPyConnection", path: Path) -> None:
        self._connection, self._path = connection, path
        described = self._ask("DESCRIBE SELECT * FROM read_parquet($path)").fetchall()
        self._names = [row[0] for row in described]
        self._types = [str(row[1]) for row in described]
        self._columns = columns_of(self._names, str(path))
        kind = self._types[self._columns["ticker"]] if "ticker" in self._columns else "VARCHAR"
        if not kind.startswith(("VARCHAR", "ENUM")):
            raise SourceUnreadable(
                f"its tickers are kept as {kind}, not as text",
                where=str(path), mend="write the column of tickers as text",
            )  # fmt: skip

    def read(self, asked_for: Wanted) -> BarsFile:
        ticker = f"upper(trim({self._quoted('ticker')}))" if "ticker" in self._columns else "$named"
        numbers = [name for name in NUMBERS if name in self._columns]
        select = ", ".join(f"CAST({self._quoted(n)} AS DOUBLE) AS {n}" for n in numbers)
        source = f"""(SELECT {ticker} AS ticker, {self._day()} AS day, file_row_number + 1 AS place,
                      {select} FROM read_parquet($path, file_row_number = true))"""
        asked: dict[str, Any] = {} if asked_for.only is None else {"only": sorted(asked_for.only)}
        if ticker == "$named":
            asked["named"] = ticker_of(self._path)
        wanted = "true" if asked_for.only is None else "list_contains($only, ticker)"
        within = f"coalesce(day BETWEEN {_day(asked_for.first)} AND {_day(asked_for.last)}, true)"
        counts = self._ask(
            f"""SELECT coalesce(ticker, ''), count(*) FILTER (WHERE {within}) FROM {source}
                WHERE {wanted} GROUP BY 1 ORDER BY 1""",
            **asked).fetchall()  # fmt: skip
        columns = self._ask(
            f"""SELECT * EXCLUDE ticker FROM {source} WHERE {wanted} AND {within}
                ORDER BY coalesce(ticker, ''), place""",
            **asked).fetchnumpy()  # fmt: skip
        return self._divided(counts, columns, numbers)

    def _divided(
        self, counts: list[tuple[str, int]], columns: Mapping[str, Any], numbers: list[str]
    ) -> BarsFile:
        series: dict[str, Series] = {}
        refused: dict[str, SourceUnreadable] = {}
        end = 0
        for ticker, count in counts:
            start, end = end, end + count
            rows = {name: column[start:end] for name, column in columns.items()}
            try:
                series[ticker] = self._series(ticker, rows, numbers)
            except SourceUnreadable as mistake:
                refused[ticker] = mistake
        return BarsFile(
            path=self._path, columns=frozenset(self._columns), series=series, refused=refused
        )

    def _series(self, ticker: str, rows: Mapping[str, Any], numbers: list[str]) -> Series:
        places = np.asarray(rows["place"], np.int64)
        if not ticker:
            raise self._mistake(places[0], "a row without a ticker", "name the ticker")
        unknown = np.flatnonzero(np.ma.getmaskarray(rows["day"]))
        if len(unknown):
            raise self._mistake(places[unknown[0]], "a row without a day", "name the day")
        days = np.ma.getdata(rows["day"]).astype("datetime64[D]").astype(np.int64) + _EPOCH
        values = {name: _finite(rows[name]) for name in numbers}
        return series_of(self._path, ticker, days.astype(np.int32), places, values)

    def _mistake(self, place: np.int64, what: str, mend: str) -> SourceUnreadable:
        return SourceUnreadable(what, where=f"{self._path}:{place}", mend=mend)

    def _day(self) -> str:
        """SQL of the day of a row, by how the file keeps it."""
        column, kind = self._quoted("date"), self._types[self._columns["date"]]
        if kind == "VARCHAR":
            return f"CAST(left(trim({column}), 10) AS DATE)"
        if kind == "TIMESTAMP WITH TIME ZONE":
            return f"CAST(epoch_ms(epoch_ms({column})) AS DATE)"
        return f"CAST({column} AS DATE)"

    def _quoted(self, name: str) -> str:
        heading = self._names[self._columns[name]].replace('"', '""')
        return f'"{heading}"'

    def _ask(self, sql: str, **values: Any) -> "duckdb.DuckDBPyConnection":
        return self._connection.execute(sql, {"path": str(self._path), **values})


def _day(ordinal: int) -> str:
    return f"DATE '{date.fromordinal(ordinal)}'"


def _finite(column: Any) -> NDArray[np.float64]:
    values = np.ma.filled(np.ma.asarray(column, np.float64), np.nan)
    return np.where(np.isfinite(values), values, np.nan)
