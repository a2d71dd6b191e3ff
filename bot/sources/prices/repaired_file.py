"""A CSV file of bars again, with what was repaired in the place of what was given."""

import csv
import gzip
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, TextIO, cast

import numpy as np

from bot.errors import ConfigError, SourceUnreadable
from bot.prices.download import Download
from bot.sources.prices.columns import BarsFile, Series, columns_of

Cells = Mapping[int, Mapping[str, str]]
"""New texts by line and column; a line without a column is left out."""


def download_of(series: Series) -> Download:
    """What a file says of a ticker, for ``find_defects``."""
    return Download(
        bars=series.bars,
        adjusted_close=series.adjusted_close,
        dividends=series.dividends,
        splits=series.splits,
        gains=series.gains,
    )


def write_repaired(file: BarsFile, repaired: Mapping[str, Download], out: Path) -> None:
    """Write the file with repaired numbers: headings, order and all other cells as they were.

    What became unknown is empty.  Raises ConfigError where it can not be written, SourceUnreadable
    where the file has gone since.
    """
    changed: dict[int, Mapping[str, str]] = {}
    for ticker, series in file.series.items():
        changed |= _changes(series, repaired[ticker])
    try:
        with _open(file.path, "rt") as given, _open(out, "wt") as writing:
            _copy(given, writing, changed)
    except OSError as error:
        kind = SourceUnreadable if error.filename == str(file.path) else ConfigError
        raise kind(
            (error.strerror or str(error)).lower(),
            where=str(error.filename or out), mend="name a file that the bot may use",
        ) from error  # fmt: skip


def _open(path: Path, mode: Literal["rt", "wt"]) -> TextIO:
    encoding = "utf-8-sig" if mode == "rt" else "utf-8"
    if path.name.lower().endswith(".gz"):
        return cast(TextIO, gzip.open(path, mode, encoding=encoding, newline=""))
    return cast(TextIO, path.open(mode, encoding=encoding, newline=""))


def _changes(series: Series, repaired: Download) -> Cells:
    given, after = download_of(series).columns(), repaired.columns()
    kept = np.searchsorted(repaired.bars.days, series.bars.days)
    changes: dict[int, dict[str, str]] = {}
    for row, (line, day) in enumerate(zip(series.rows, series.bars.days, strict=True)):
        at = int(kept[row])
        if at == len(repaired) or repaired.bars.days[at] != day:
            changes[int(line)] = {}
            continue
        cells = {n: _text(after[n][at]) for n in given if _differ(given[n][row], after[n][at])}
        if cells:
            changes[int(line)] = cells
    return changes


def _differ(one: float, other: float) -> bool:
    return not (one == other or (math.isnan(one) and math.isnan(other)))


def _text(number: float) -> str:
    return "" if math.isnan(number) else repr(float(number))


def _copy(given: TextIO, out: TextIO, changed: Cells) -> None:
    reader, writer = csv.reader(given), csv.writer(out, lineterminator="\n")
    places: Mapping[str, int] = {}
    for cells in reader:
        if not places and any(map(str.strip, cells)):
            places = columns_of(cells, str(reader.line_num))
            writer.writerow(cells)
            continue
        new = changed.get(reader.line_num)
        if new is None or new:
            writer.writerow(_replaced(cells, new or {}, places))


def _replaced(
    cells: Sequence[str], new: Mapping[str, str], places: Mapping[str, int]
) -> Sequence[str]:
    line = list(cells)
    for name, text in new.items():
        line[places[name]] = text
    return line
