"""Files of daily bars: CSV, packed or not, and Parquet; many tickers, or one a file as Yahoo's."""

import csv
import gzip
import stat
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TextIO

from bot.errors import SourceUnreadable
from bot.sources.prices.columns import (
    BarsFile,
    Gathering,
    Series,
    Wanted,
    blank,
    columns_of,
    ticker_of,
)

__all__ = ["ENDINGS", "BarsFile", "Series", "read_bars_file"]

ENDINGS = (".csv", ".csv.gz", ".parquet")
"""How the names of such files end."""


def read_bars_file(
    path: Path,
    *,
    only: Collection[str] | None = None,
    since: date = date.min,
    until: date = date.max,
) -> BarsFile:
    """The bars of a file: columns ``date`` and ``close``, and of ``ticker``, ``open``, ``high``,
    ``low``, ``volume`` what there is; also as Yahoo hands them out (``Date``, ``Adj Close``,
    ``Dividends``, ``Stock Splits``).  Rows in any order.  Without a ``ticker`` column the name of
    the file is the ticker.  Tickers are read in capitals.

    only: tickers that are wanted; what stands about others is not looked at.
    since, until: first and last day that is wanted.
    Days are taken as written: of 2025-01-31 00:00:00-05:00 the 31st.  Empty cells, NaN and
    infinities are unknown.  A mistake in a row refuses its ticker.

    Raises SourceUnreadable where the file as a whole can not be read.
    """
    name = path.name.lower()
    if not name.endswith(ENDINGS):
        raise SourceUnreadable(
            "no file of bars by its name", where=str(path), mend=f"name it {' or '.join(ENDINGS)}"
        )
    _regular(path)
    wanted = Wanted(only=only, first=since.toordinal(), last=until.toordinal())
    if name.endswith(".parquet"):
        from bot.sources.prices.parquet import read_parquet

        return read_parquet(path, wanted)
    with _opened(path) as text:
        return _read_csv(path, text, wanted)


def _regular(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise _unreadable(path, (error.strerror or str(error)).lower()) from error
    if not stat.S_ISREG(mode):
        raise _unreadable(path, "a folder" if stat.S_ISDIR(mode) else "no regular file")


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    """The text of a file; what breaks while it is read is told as ours."""
    try:
        if path.name.lower().endswith(".gz"):
            with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as text:
                yield text
        else:
            with path.open(encoding="utf-8-sig", newline="") as text:
                yield text
    except UnicodeDecodeError as error:
        raise _unreadable(path, "its text is not UTF-8", "save it as UTF-8") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _unreadable(path, f"packed wrongly: {error}", "pack it again with gzip") from error
    except OSError as error:
        raise _unreadable(path, (error.strerror or str(error)).lower()) from error


def _read_csv(path: Path, text: TextIO, wanted: Wanted) -> BarsFile:
    reader = csv.reader(text, strict=True)
    try:
        headings = next((cells for cells in reader if not blank(cells)), None)
        if headings is None:
            raise _unreadable(path, "an empty file")
        columns = columns_of(headings, f"{path}:{reader.line_num}")
        gathering, width = Gathering(path, columns, wanted), len(headings)
        if "ticker" not in columns and not wanted.ticker(ticker_of(path)):
            return gathering.file()
        for cells in reader:
            if not blank(cells):
                gathering.take(cells, reader.line_num, width)
    except csv.Error as error:
        raise SourceUnreadable(
            f"no CSV: {error}", where=f"{path}:{reader.line_num}", mend="write it as CSV again"
        ) from error
    return gathering.file()


def _unreadable(
    path: Path, what: str, mend: str = "give a file of bars that the bot may read"
) -> SourceUnreadable:
    return SourceUnreadable(what, where=str(path), mend=mend)
