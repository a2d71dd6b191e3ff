"""Sessions of the NYSE for whole arrays of days."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.calendar import NYSE
from bot.prices.bars import Days

_FIRST_YEAR, _LAST_YEAR = 1900, 2199
"""Days outside are no sessions: nobody's calendar reaches there."""


class _Years(NamedTuple):
    """Some whole years: the ordinal of their first day, and of each day its session or -1."""

    first: int
    numbers: NDArray[np.int32]


def session_numbers(days: Days) -> NDArray[np.int32]:
    """Of each day the number of its session (``NYSE.session_number``), -1 on a closed day.

    days: ordinals, ascending.
    """
    if not len(days):
        return np.empty(0, np.int32)
    years = _years(*(_year(int(day)) for day in (days[0], days[-1])))
    places = days - years.first
    if places[0] >= 0 and places[-1] < len(years.numbers):
        return years.numbers.take(places)
    known = (places >= 0) & (places < len(years.numbers))
    return np.where(known, years.numbers.take(np.where(known, places, 0)), np.int32(-1))


def session_days(first: int, last: int) -> Days:
    """The days, as ordinals, of the sessions with these numbers and all between."""
    first_day, last_day = NYSE.session_day(first), NYSE.session_day(last)
    years = _years(first_day.year, last_day.year)
    at = slice(first_day.toordinal() - years.first, last_day.toordinal() - years.first + 1)
    return (np.flatnonzero(years.numbers[at] >= 0) + first_day.toordinal()).astype(np.int32)


def quarters(days: Days) -> NDArray[np.int32]:
    """Of each day its calendar quarter, counted on from 1970; four of them are a year."""
    months = (days - date(1970, 1, 1).toordinal()).astype("datetime64[D]").astype("datetime64[M]")
    return (months.astype(np.int64) // 3).astype(np.int32)


def _year(ordinal: int) -> int:
    return min(max(date.fromordinal(ordinal).year, _FIRST_YEAR), _LAST_YEAR)


@lru_cache(maxsize=8)
def _years(first: int, last: int) -> _Years:
    start = date(first, 1, 1).toordinal()
    end = date(last + 1, 1, 1).toordinal()
    counted = np.array(
        [NYSE.session_number(date.fromordinal(day)) for day in range(start - 1, end)], np.int32
    )
    return _Years(start, np.where(counted[1:] > counted[:-1], counted[1:], np.int32(-1)))
