"""Trading sessions of the NYSE, business days of the SEC, and calendar steps by New York time.

Both calendars are rules, Monday to Friday less holidays, plus lists of the single days that no
rule gives.  The lists are whole for 2000-01-01 to 2027-12-31.  Outside those years the rules alone
are used: no answer fails, but days of mourning, storms and older customs are missing.

Sources: NYSE Rule 7.2 and the exchange's yearly lists of holidays and early closings; 5 U.S.C. 6103
(federal holidays) and the executive orders named beside their days.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from bot.clock import NEW_YORK, new_york_day

OPEN = time(9, 30)
CLOSE = time(16)
EARLY_CLOSE = time(13)

_DAY = timedelta(days=1)
_MONDAY, _WEDNESDAY, _THURSDAY, _FRIDAY, _SATURDAY, _SUNDAY = 0, 2, 3, 4, 5, 6


def start_of(day: date) -> datetime:
    """The instant, in UTC, of midnight in New York at the start of a day."""
    return _instant(day, time())


def back(instant: datetime, *, months: int) -> datetime:
    """The same time on the New York clock so many months before; negative months go forward.

    A day that the month lacks becomes its last day.  A time skipped in spring is moved on by the
    skipped hour; of a time that comes twice in autumn the first is taken, unless the instant itself
    is the second of two.
    """
    local = instant.astimezone(NEW_YORK)
    year, month = divmod(local.year * 12 + local.month - 1 - months, 12)
    day = min(local.day, _length(year, month + 1))
    return local.replace(year=year, month=month + 1, day=day).astimezone(UTC)


def year_start(day: date) -> date:
    """The first of January of the day's year."""
    return day.replace(month=1, day=1)


def quarter_start(day: date) -> date:
    """The first day of the day's calendar quarter."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def month_start(day: date) -> date:
    """The first day of the day's month."""
    return day.replace(day=1)


class _OpenDays:
    """Monday to Friday, without the closed days of each year: numbered one after another.

    Numbers count from a day long past; only their order and their differences mean anything.
    """

    def __init__(self, closed_in: Callable[[int], Iterable[date]]) -> None:
        self._closed_in = closed_in

    @cached_property
    def _closed(self) -> list[int]:
        """Ordinals of the closed days from Monday to Friday, ascending."""
        days = {day for year in range(1900, 2200) for day in self._closed_in(year)}
        return sorted(day.toordinal() for day in days if day.weekday() < _SATURDAY)

    def includes(self, day: date) -> bool:
        return self.number(day) > self.number(day - _DAY)

    def number(self, day: date) -> int:
        """How many open days there are up to and including a day."""
        ordinal = day.toordinal()
        weeks, rest = divmod(ordinal, 7)  # ordinal 1 is a Monday
        return weeks * 5 + min(rest, 5) - bisect_right(self._closed, ordinal)

    def day(self, number: int) -> date:
        """The open day of that number."""
        ordinal, closed = 0, -1
        while closed != (closed := bisect_right(self._closed, ordinal)):
            weeks, rest = divmod(number + closed - 1, 5)
            ordinal = weeks * 7 + rest + 1
        return date.fromordinal(ordinal)


class Exchange:
    """The sessions of the New York Stock Exchange, from 09:30 to 16:00 or 13:00 New York time.

    Halts, late openings and breakdowns within a session are not told.
    """

    def __init__(self) -> None:
        self._days = _OpenDays(_nyse_closings)

    def is_session(self, day: date) -> bool:
        """Whether the exchange trades on that day."""
        return self._days.includes(day)

    def session_number(self, day: date) -> int:
        """Number of the session of a day; a closed day belongs to the session before it."""
        return self._days.number(day)

    def session_day(self, number: int) -> date:
        """The day of the session of that number."""
        return self._days.day(number)

    def is_half_day(self, day: date) -> bool:
        """Whether the session of that day ends at 13:00; no on a closed day."""
        return self.is_session(day) and (_ends_early(day) or day in _NYSE_HALF_DAYS)

    def open_at(self, day: date) -> datetime:
        """When the session opens, in UTC; ValueError on a closed day."""
        return _instant(self._session(day), OPEN)

    def close_at(self, day: date) -> datetime:
        """When the session ends, in UTC; ValueError on a closed day."""
        return _instant(self._session(day), EARLY_CLOSE if self.is_half_day(day) else CLOSE)

    def is_open(self, instant: datetime) -> bool:
        """Whether the exchange trades at an instant: its opening counts, its close does not."""
        day = new_york_day(instant)
        return self.is_session(day) and self.open_at(day) <= instant < self.close_at(day)

    def _session(self, day: date) -> date:
        if not self.is_session(day):
            raise ValueError(f"the NYSE is closed on {day}; ask is_session first")
        return day


class Commission:
    """The business days of the SEC: the days on which EDGAR accepts filings.

    Every day from Monday to Friday that is no federal holiday, and on which no executive order
    closed the federal offices (17 CFR 201.104).  The SEC announced each closing since 2018; earlier
    ones are taken from the orders alone.  Business days all the same: Inauguration Day, a holiday
    of Washington only (EDGAR's indexes hold filings of 2021-01-20), storms (EDGAR ran throughout
    Hurricane Sandy) and lapses of funding.
    """

    def __init__(self) -> None:
        self._days = _OpenDays(_sec_closings)

    def is_business_day(self, day: date) -> bool:
        """Whether the SEC does business on that day."""
        return self._days.includes(day)

    def business_days_between(self, start: date, end: date) -> int:
        """Business days after ``start`` up to and including ``end``: 0 on the same day.

        Negative where ``end`` comes first: the two days swapped give the same number, positive.
        """
        return self._days.number(end) - self._days.number(start)

    def add_business_days(self, day: date, count: int) -> date:
        """The count-th business day after a day, before it where ``count`` is negative.

        With 0 the day itself, or the next business day where it is none (17 CFR 240.0-3).
        """
        number = self._days.number(day)
        if count <= 0 and not self.is_business_day(day):
            number += 1
        return self._days.day(number + count)


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, NEW_YORK).astimezone(UTC)


def _length(year: int, month: int) -> int:
    """How many days a month has."""
    return 31 - (month in (4, 6, 9, 11)) - (month == 2) * (2 + (not _is_leap(year)))


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _nth(year: int, month: int, weekday: int, n: int) -> date:
    """The n-th such weekday of a month, from 1."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def _observed(day: date) -> date:
    """A holiday on a Saturday is kept on Friday, one on a Sunday on Monday."""
    return day + timedelta(days={_SATURDAY: -1, _SUNDAY: 1}.get(day.weekday(), 0))


def _good_friday(year: int) -> date:
    """Two days before Easter Sunday (Butcher's algorithm)."""
    century, golden = year // 100, year % 19
    corrected = century - century // 4 - (8 * century + 13) // 25
    epact = (19 * golden + corrected + 15) % 30
    epact -= epact > 28 or (epact == 28 and golden > 10)
    weekday = (year + year // 4 + epact + 2 - century + century // 4) % 7
    return date(year, 3, 28) + timedelta(days=epact - weekday - 2)


def _shared_holidays(year: int) -> Iterator[date]:
    """Holidays that the exchange and the federal government keep on the same day."""
    yield _nth(year, 1, _MONDAY, 3)  # Martin Luther King
    yield _nth(year, 2, _MONDAY, 3)  # Washington's Birthday
    yield _nth(year, 6, _MONDAY, 1) - timedelta(days=7)  # Memorial Day, the last Monday of May
    yield _observed(date(year, 7, 4))
    yield _nth(year, 9, _MONDAY, 1)  # Labor Day
    yield _nth(year, 11, _THURSDAY, 4)  # Thanksgiving
    yield _observed(date(year, 12, 25))


def _nyse_closings(year: int) -> Iterator[date]:
    yield from _shared_holidays(year)
    new_year = date(year, 1, 1)
    if new_year.weekday() != _SATURDAY:  # Friday then ends the year of the books: not moved
        yield _observed(new_year)
    yield _good_friday(year)
    if year >= 2022:
        yield _observed(date(year, 6, 19))  # Juneteenth
    yield from (day for day in _NYSE_CLOSED if day.year == year)


def _sec_closings(year: int) -> Iterator[date]:
    yield from _shared_holidays(year)
    yield _observed(date(year, 1, 1))  # may fall in the year before
    yield _nth(year, 10, _MONDAY, 2)  # Columbus Day
    yield _observed(date(year, 11, 11))  # Veterans Day
    if year >= 2021:
        yield _observed(date(year, 6, 19))  # Juneteenth
    yield from (day for day in _SEC_CLOSED if day.year == year)


def _ends_early(day: date) -> bool:
    """Whether a session is one of the regular half days: around Independence Day, the day after
    Thanksgiving, and Christmas Eve."""
    match day.month, day.day:
        case 7, 3:
            return day.weekday() != _WEDNESDAY or day.year >= 2013
        case 7, 5:
            return day.weekday() == _FRIDAY and day.year < 2013
        case 12, 24:
            return True
    return day == _nth(day.year, 11, _THURSDAY, 4) + _DAY


_NYSE_CLOSED = frozenset(
    {
        date(2001, 9, 11),  # the attacks on New York
        date(2001, 9, 12),
        date(2001, 9, 13),
        date(2001, 9, 14),
        date(2004, 6, 11),  # mourning for President Reagan
        date(2007, 1, 2),  # for President Ford
        date(2012, 10, 29),  # Hurricane Sandy
        date(2012, 10, 30),
        date(2018, 12, 5),  # mourning for President Bush
        date(2025, 1, 9),  # for President Carter
    }
)
_NYSE_HALF_DAYS = frozenset({date(2003, 12, 26)})

_SEC_CLOSED = frozenset(
    {
        date(2001, 12, 24),  # Executive Order 13238
        date(2003, 12, 26),  # 13320
        date(2004, 6, 11),  # 13343, mourning for President Reagan
        date(2007, 1, 2),  # 13421, for President Ford
        date(2007, 12, 24),  # 13453
        date(2008, 12, 26),  # 13482
        date(2012, 12, 24),  # 13633
        date(2014, 12, 26),  # 13682
        date(2018, 12, 5),  # 13852, for President Bush
        date(2018, 12, 24),  # 13854
        date(2019, 12, 24),  # 13900
        date(2020, 12, 24),  # 13965
        date(2024, 12, 24),  # order of 2024-12-19
        date(2025, 1, 9),  # 14133, for President Carter
        date(2025, 12, 24),  # order of 2025-12-18
        date(2025, 12, 26),
    }
)
"""An order that closed half a day, as on 2002-12-24, closed no business day."""

NYSE = Exchange()
SEC = Commission()
