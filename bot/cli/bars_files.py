"""Files of bars as a person gives them to a command: with rows, and none of days to come."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from bot.calendar import NYSE
from bot.errors import SourceUnreadable
from bot.market.asking import newest_closed
from bot.sources.prices.files import BarsFile, Series, read_bars_file

_EAST = timedelta(hours=14)
"""How far the clocks of the earliest time zone are ahead of UTC."""


def read_given(path: Path, now: datetime) -> BarsFile:
    """A file of bars; a ticker with a row of a day that has begun nowhere yet is refused.

    Raises SourceUnreadable where the file can not be read or holds no row.
    """
    file = read_bars_file(path)
    if not file.series and not file.refused:
        raise SourceUnreadable(
            "no row below the headings", where=str(path), mend="give a file that has bars"
        )
    today = (now + _EAST).date()
    early = {ticker: mistake for ticker, series in file.series.items()
             if (mistake := _to_come(path, series, today))}  # fmt: skip
    return replace(
        file,
        series={ticker: series for ticker, series in file.series.items() if ticker not in early},
        refused={**file.refused, **early},
    )


def _to_come(path: Path, series: Series, today: date) -> SourceUnreadable | None:
    for place in np.flatnonzero(series.bars.days > today.toordinal())[:1]:
        day = date.fromordinal(int(series.bars.days[place]))
        return SourceUnreadable(
            f"{day} is still to come",
            where=f"{path}:{series.rows[place]}",
            mend="mend the day or take the row out",
        )
    return None


def closed(file: BarsFile, now: datetime) -> tuple[BarsFile, Mapping[str, date]]:
    """The file without bars of sessions that have not closed, and of whom which was left out."""
    newest = newest_closed(now)
    series, cut = dict(file.series), {}
    for ticker, given in file.series.items():
        whole = given.bars.days <= newest.toordinal()
        if not whole.all():
            series[ticker] = given.take(whole)
            last = date.fromordinal(int(given.bars.days[-1]))
            if NYSE.is_session(last):
                cut[ticker] = last
    return replace(file, series=series), cut
