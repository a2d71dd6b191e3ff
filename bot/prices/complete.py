"""Which sessions of the exchange a series lacks, and whether it has ended."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import numpy as np

from bot.calendar import NYSE
from bot.prices.bars import Bars, Days
from bot.prices.download import Finding, Mark, as_dates

STALE_AFTER = 5
"""Sessions without a bar after which a series has ended: halted, delisted, renamed or lost."""


def sessions(since: date, until: date) -> Days:
    """Sessions of the exchange from one day to another, both included, as ordinals."""
    years = [_sessions_of(year) for year in range(since.year, until.year + 1)]
    days = np.concatenate(years) if years else np.empty(0, np.int32)
    return days[(days >= since.toordinal()) & (days <= until.toordinal())]


def missing_sessions(bars: Bars, since: date, until: date) -> Days:
    """Sessions from one day to another, both included, without a bar."""
    return np.setdiff1d(sessions(since, until), bars.days)


def silent_sessions(bars: Bars, until: date) -> int | None:
    """Sessions up to and including a day since the last bar; None where there is no bar."""
    if not len(bars):
        return None
    return NYSE.session_number(until) - NYSE.session_number(date.fromordinal(int(bars.days[-1])))


def has_ended(bars: Bars, until: date) -> bool:
    """Whether the last bar up to a day is ``STALE_AFTER`` sessions old, or there is none."""
    silent = silent_sessions(bars, until)
    return silent is None or silent >= STALE_AFTER


def off_calendar(bars: Bars) -> Sequence[Finding]:
    """Sessions between the first bar and the last without one, and bars on closed days.

    Of a share that trades in New York; elsewhere other days are closed.
    """
    if not len(bars):
        return []
    first, last = as_dates((bars.days[0], bars.days[-1]))
    told = (
        (Mark.MISSING_SESSION, missing_sessions(bars, first, last), "the exchange traded: no bar"),
        (
            Mark.CLOSED_DAY,
            np.setdiff1d(bars.days, sessions(first, last)),
            "the exchange was closed",
        ),
    )
    return [
        Finding(
            mark=mark, days=as_dates(days), columns=(), given=None, repaired=None,
            certain=False, reason=reason,
        )
        for mark, days, reason in told
        if len(days)
    ]  # fmt: skip


@lru_cache(maxsize=256)
def _sessions_of(year: int) -> Days:
    first = NYSE.session_number(date(year - 1, 12, 31)) + 1
    last = NYSE.session_number(date(year, 12, 31))
    days = [NYSE.session_day(number).toordinal() for number in range(first, last + 1)]
    return np.array(days, np.int32)
