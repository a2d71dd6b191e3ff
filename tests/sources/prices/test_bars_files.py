"""Files of bars as people have them: every shape is read alike, every mistake is located."""

import gzip
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bot.errors import SourceUnreadable
from bot.sources.prices.files import Series, read_bars_file

HEAD = "ticker,date,open,high,low,close,volume\n"
ROW = "AAA,2025-01-02,1,3,0.5,2,100\n"


def a_file(folder: Path, text: str, name: str = "bars.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def days(series: Series) -> list[str]:
    return [date.fromordinal(int(day)).isoformat() for day in series.bars.days]


def test_rows_of_many_tickers_come_apart_and_in_the_order_of_days(tmp_path: Path) -> None:
    path = a_file(tmp_path, HEAD + "AAA,2025-01-03,1,3,0.5,2.5,100\nbbb,2025-01-02,,,,7,\n" + ROW)

    read = read_bars_file(path)

    assert list(read.series) == ["AAA", "BBB"]
    assert days(read.series["AAA"]) == ["2025-01-02", "2025-01-03"]
    assert read.series["AAA"].bars.close.tolist() == [2.0, 2.5]
    assert read.series["AAA"].rows.tolist() == [4, 2]
    assert np.isnan(read.series["BBB"].bars.volume).all()


def test_a_download_of_yahoo_is_about_the_ticker_in_its_name(tmp_path: Path) -> None:
    text = (
        "Date,Open,High,Low,Close,Adj Close,Volume,Dividends,Stock Splits\n"
        "2025-01-03 00:00:00-05:00,4,4,4,4,3.5,10,0.25,0.0\n"
        "2025-01-02 00:00:00-05:00,8,8,8,8,3.4,20,0.0,2.0\n"
    )

    series = read_bars_file(a_file(tmp_path, text, "brk-b.csv")).series["BRK-B"]

    assert days(series) == ["2025-01-02", "2025-01-03"]
    assert series.adjusted_close is not None
    assert series.adjusted_close.tolist() == [3.4, 3.5]
    assert series.dividends is not None
    assert series.dividends.tolist() == [0.0, 0.25]
    assert series.splits is not None
    assert series.splits.tolist() == [2.0, 0.0]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2025-01-02", "2025-01-02"),
        ("2025-01-02T09:30:00-05:00", "2025-01-02"),
        ("2025-01-02 00:00:00+09:00", "2025-01-02"),
        ("2025-01-02T05:00:00Z", "2025-01-02"),
    ],
)
def test_a_day_is_the_one_that_is_written(tmp_path: Path, cell: str, day: str) -> None:
    read = read_bars_file(a_file(tmp_path, f"Date,Close\n{cell},2\n", "A.csv"))

    assert days(read.series["A"]) == [day]


@pytest.mark.parametrize("cell", ["", "NaN", "null", "inf", "-Infinity", "1e999", " "])
def test_what_is_no_finite_number_is_unknown(tmp_path: Path, cell: str) -> None:
    series = read_bars_file(a_file(tmp_path, f"Date,Close\n2025-01-02,{cell}\n", "A.csv")).series

    assert np.isnan(series["A"].bars.close).all()


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("BAD,02/01/2025,1,3,1,2,9\n", ":3: date '02/01/2025' is no day"),
        ("BAD,,1,3,1,2,9\n", ":3: date '' is no day"),
        ("BAD,2025-01-02,1,3,1,$2,9\n", ":3: close '$2' is no number"),
        ("BAD,2025-01-02,1,3,1,2,1_000\n", ":3: volume '1_000' is no number"),
        ("BAD,2025-01-02,1,3,1,2,1,000\n", ":3: 8 cells where the first line has 7"),
        ("BAD,2025-01-02,1\n", ":3: 3 cells where the first line has 7"),
        (
            "BAD,2025-01-02,1,3,1,2,9\nBAD,2025-01-02 00:00:00-05:00,1,3,1,2,9\n",
            ":4: two rows of BAD on 2025-01-02, the other one at 3",
        ),
    ],
)
def test_a_mistake_refuses_its_ticker_with_the_line_and_no_other(
    tmp_path: Path, row: str, told: str
) -> None:
    path = a_file(tmp_path, HEAD + ROW + row)

    read = read_bars_file(path)

    assert list(read.series) == ["AAA"]
    assert str(read.refused["BAD"]).startswith(f"{path}{told}\n  mend: ")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "an empty file"),
        ("ticker,date,adj_close\nA,2025-01-02,1\n", "no column 'close'; it has 'ticker', 'date'"),
        ("ticker;date;close\n", "no column 'date'; it has 'ticker;date;close'"),
        ("date,Day,close\n", "two columns are the date: 'date' and 'Day'"),
        ('ticker,date,close\nA,2025-01-02,"1\n', "no CSV: unexpected end of data"),
    ],
)
def test_a_file_of_no_use_is_refused_with_the_reason(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SourceUnreadable) as refused:
        read_bars_file(a_file(tmp_path, text))

    assert told in refused.value.what


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress((HEAD + ROW).encode())[:-9])
    (tmp_path / "plain.csv.gz").write_text(HEAD)
    (tmp_path / "latin.csv").write_bytes(HEAD.encode() + b"\xe9,2025-01-02,1,1,1,1,1\n")
    (tmp_path / "folder.csv").mkdir()
    told = {}

    for name in ("cut.csv.gz", "plain.csv.gz", "latin.csv", "folder.csv", "no.csv", "bars.xlsx"):
        with pytest.raises(SourceUnreadable) as refused:
            read_bars_file(tmp_path / name)
        told[name] = refused.value.what

    assert told["cut.csv.gz"].startswith("packed wrongly")
    assert told["plain.csv.gz"].startswith("packed wrongly")
    assert told["latin.csv"] == "its text is not UTF-8"
    assert told["folder.csv"] == "a folder"
    assert told["no.csv"] == "no such file or directory"
    assert told["bars.xlsx"] == "no file of bars by its name"


def test_only_the_wanted_tickers_are_looked_at(tmp_path: Path) -> None:
    read = read_bars_file(a_file(tmp_path, HEAD + ROW + "BAD,x,,,,,\n"), only={"AAA"})

    assert list(read.series) == ["AAA"]
    assert not read.refused


def parquet(folder: Path, select: str, name: str = "bars.parquet") -> Path:
    duckdb = pytest.importorskip("duckdb")
    path = folder / name
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    return path


def test_parquet_says_the_same_as_csv(tmp_path: Path) -> None:
    text = HEAD + "bbb,2025-01-03,,,,5,\nAAA,2025-01-03,1,3,0.5,2.5,100\n" + ROW
    csv = a_file(tmp_path, text)
    table = parquet(tmp_path, f"SELECT * FROM read_csv('{csv}')")

    given, read = read_bars_file(csv), read_bars_file(table)

    assert sorted(given.series) == sorted(read.series)
    for ticker, series in given.series.items():
        other = read.series[ticker]
        for name in ("days", "open", "high", "low", "close", "volume"):
            np.testing.assert_array_equal(getattr(series.bars, name), getattr(other.bars, name))
        assert (series.rows - 1 == other.rows).all()
    assert list(read_bars_file(table, only={"BBB", "ZZZ"}).series) == ["BBB"]


@pytest.mark.parametrize(
    "day",
    [
        "'2025-01-02 00:00:00-05:00'",
        "TIMESTAMPTZ '2025-01-02 00:00:00-05:00'",
        "TIMESTAMPTZ '2025-01-02 14:30:00+00:00'",
        "TIMESTAMP '2025-01-02 00:00:00'",
        "DATE '2025-01-02'",
    ],
)
def test_parquet_days_of_every_type_are_the_session(tmp_path: Path, day: str) -> None:
    path = parquet(tmp_path, f'SELECT {day} AS "Date", 2.5::DECIMAL(9,2) AS "Close"', "qqq.parquet")

    series = read_bars_file(path).series["QQQ"]

    assert days(series) == ["2025-01-02"]
    assert series.bars.close.tolist() == [2.5]


def test_parquet_mistakes_are_told_with_their_row(tmp_path: Path) -> None:
    rows = ("SELECT 'AAA' AS ticker, DATE '2025-01-02' AS date, 'inf'::DOUBLE AS close UNION ALL "
            "SELECT 'TWO', '2025-01-02', 1 UNION ALL SELECT 'TWO', '2025-01-02', 1 UNION ALL "
            "SELECT 'NOT', NULL, 1 UNION ALL SELECT NULL, '2025-01-02', 1")  # fmt: skip

    read = read_bars_file(parquet(tmp_path, rows))

    assert np.isnan(read.series["AAA"].bars.close).all()
    assert read.refused["TWO"].what == "two rows of TWO on 2025-01-02, the other one at 2"
    assert read.refused["NOT"].where.endswith("bars.parquet:4")
    assert read.refused[""].what == "a row without a ticker"


def test_parquet_that_is_none_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("duckdb")

    with pytest.raises(SourceUnreadable, match="DuckDB can not read it"):
        read_bars_file(a_file(tmp_path, "no parquet", "bars.parquet"))
    with pytest.raises(SourceUnreadable, match="Could not convert string 'x'"):
        read_bars_file(parquet(tmp_path, "SELECT '2025-01-02' AS date, 'x' AS close", "A.parquet"))


def test_without_duckdb_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)

    with pytest.raises(SourceUnreadable) as refused:
        read_bars_file(a_file(tmp_path, "", "bars.parquet"))

    assert ".[parquet]" in refused.value.mend


@pytest.mark.parametrize("kind", ["BOOLEAN", "INTEGER"])
def test_parquet_whose_tickers_are_no_text_is_refused_in_plain_words(
    tmp_path: Path, kind: str
) -> None:
    path = parquet(tmp_path, f"SELECT 1::{kind} AS ticker, DATE '2025-01-02' AS date, 5 AS close")

    with pytest.raises(SourceUnreadable, match=f"its tickers are kept as {kind}, not as text"):
        read_bars_file(path)
