"""The calendar, held against exchange_calendars and against what the SEC announced."""

import warnings
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import exchange_calendars
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import calendar
from bot.calendar import NYSE, SEC
from bot.clock import NEW_YORK, from_ms, new_york_day

FIRST, LAST = date(2000, 1, 1), date(2027, 12, 31)
DAYS = st.dates(FIRST, LAST)
INSTANTS = st.integers(0, 2_000_000_000_000).map(from_ms)  # 1970 to 2033


@cache
def the_other_calendar() -> dict[date, tuple[datetime, datetime]]:
    """Opening and close of every session, told by exchange_calendars."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas about what exchange_calendars asks of it
        exchange = exchange_calendars.get_calendar("XNYS", start=str(FIRST), end=str(LAST))
    schedule = exchange.schedule
    rows = zip(schedule.index, schedule["open"], schedule["close"], strict=True)
    return {day.date(): (o.to_pydatetime(), c.to_pydatetime()) for day, o, c in rows}


def every_day() -> list[date]:
    return [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def test_sessions_are_those_of_exchange_calendars() -> None:
    ours = {day for day in every_day() if NYSE.is_session(day)}

    assert ours == set(the_other_calendar())


def test_sessions_open_and_close_when_exchange_calendars_says() -> None:
    ours = {day: (NYSE.open_at(day), NYSE.close_at(day)) for day in the_other_calendar()}

    assert ours == the_other_calendar()


def test_half_days_are_the_sessions_that_last_three_and_a_half_hours() -> None:
    ours = {day for day in every_day() if NYSE.is_half_day(day)}

    short = {d for d, (o, c) in the_other_calendar().items() if c - o == timedelta(hours=3.5)}
    assert ours == short


def test_sessions_are_numbered_without_a_gap() -> None:
    numbers = [NYSE.session_number(day) for day in sorted(the_other_calendar())]

    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


@given(DAYS)
def test_a_day_belongs_to_the_newest_session_that_is_not_after_it(day: date) -> None:
    session = NYSE.session_day(NYSE.session_number(day))

    assert NYSE.is_session(session)
    assert session <= day
    assert not any(NYSE.is_session(day - timedelta(days=n)) for n in range((day - session).days))


@given(st.integers(690_000, 760_000))
def test_a_session_number_leads_to_its_day_and_back(ordinal: int) -> None:
    number = NYSE.session_number(date.fromordinal(ordinal))

    assert NYSE.session_number(NYSE.session_day(number)) == number


def test_windows_reach_far_before_and_after_the_listed_years() -> None:
    assert NYSE.session_day(NYSE.session_number(date(2000, 1, 3)) - 15_000) < date(1941, 1, 1)
    assert NYSE.session_number(date(1850, 1, 4)) < NYSE.session_number(date(1850, 1, 7))
    assert NYSE.is_session(date(2250, 1, 2))
    assert not NYSE.is_session(date(2028, 12, 25))


def test_new_year_on_a_saturday_is_not_moved_to_friday() -> None:
    assert NYSE.is_session(date(2021, 12, 31))
    assert not SEC.is_business_day(date(2021, 12, 31))


@pytest.mark.parametrize(
    ("day", "opens", "closes"),
    [
        ("2025-03-07", "14:30", "21:00"),  # Friday before the clocks go forward
        ("2025-03-10", "13:30", "20:00"),
        ("2025-10-31", "13:30", "20:00"),  # Friday before they go back
        ("2025-11-03", "14:30", "21:00"),
        ("2025-11-28", "14:30", "18:00"),  # half day
    ],
)
def test_session_hours_move_in_utc_with_daylight_saving(day: str, opens: str, closes: str) -> None:
    session = date.fromisoformat(day)

    assert NYSE.open_at(session) == datetime.combine(session, time.fromisoformat(opens), UTC)
    assert NYSE.close_at(session) == datetime.combine(session, time.fromisoformat(closes), UTC)


@pytest.mark.parametrize(
    ("instant", "is_open"),
    [
        ("2025-10-13 09:29:59", False),
        ("2025-10-13 09:30", True),
        ("2025-10-13 15:59:59", True),
        ("2025-10-13 16:00", False),
        ("2025-11-28 13:00", False),
        ("2025-10-12 12:00", False),
        ("2025-04-18 12:00", False),
    ],
)
def test_the_exchange_is_open_from_its_opening_until_before_its_close(
    instant: str, is_open: bool
) -> None:
    assert NYSE.is_open(new_york(instant)) is is_open


def test_hours_of_a_closed_day_are_refused() -> None:
    with pytest.raises(ValueError, match="closed on 2025-10-12"):
        NYSE.open_at(date(2025, 10, 12))


FEDERAL_HOLIDAYS_2025 = """2025-01-01 2025-01-20 2025-02-17 2025-05-26 2025-06-19 2025-07-04
    2025-09-01 2025-10-13 2025-11-11 2025-11-27 2025-12-25"""
CLOSED_BY_ORDER_2025 = "2025-01-09 2025-12-24 2025-12-26"


def test_business_days_of_2025_are_the_weekdays_without_holidays_and_closings() -> None:
    weekdays = {day for day in every_day() if day.year == 2025 and day.weekday() < 5}

    closed = {day.isoformat() for day in weekdays if not SEC.is_business_day(day)}

    assert closed == {*FEDERAL_HOLIDAYS_2025.split(), *CLOSED_BY_ORDER_2025.split()}


@pytest.mark.parametrize(
    ("day", "open_for_business"),
    [
        ("2025-04-18", True),  # Good Friday: the exchange is closed, EDGAR is not
        ("2025-10-13", False),  # Columbus Day: the other way round
        ("2021-06-18", False),  # the first Juneteenth, two days after it became law
        ("2020-06-19", True),
        ("2021-01-20", True),  # Inauguration Day: the full index of that quarter has filings
        ("2012-10-29", True),  # Hurricane Sandy
        ("2018-12-05", False),
        ("2018-12-24", False),
        ("2020-12-24", False),
        ("2025-12-26", False),
        ("2023-11-10", False),  # Veterans Day on a Saturday
        ("2010-12-31", False),  # New Year's Day of 2011 on a Saturday
        ("2025-10-12", False),
    ],
)
def test_edgar_takes_filings_on_the_days_the_sec_says(day: str, open_for_business: bool) -> None:
    assert SEC.is_business_day(date.fromisoformat(day)) is open_for_business


@pytest.mark.parametrize(
    ("traded", "due"),
    [
        ("2025-10-13", "2025-10-15"),  # Columbus Day: traded, but not counted
        ("2025-10-10", "2025-10-15"),
        ("2025-04-17", "2025-04-21"),  # Good Friday is counted
        ("2025-12-23", "2025-12-30"),
        ("2025-09-19", "2025-09-23"),
    ],
)
def test_a_form_4_is_due_on_the_second_business_day(traded: str, due: str) -> None:
    trade, deadline = date.fromisoformat(traded), date.fromisoformat(due)

    assert SEC.add_business_days(trade, 2) == deadline
    assert SEC.business_days_between(trade, deadline) == 2


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2025-10-14", "2025-10-14", 0),
        ("2025-10-14", "2025-10-15", 1),
        ("2025-10-15", "2025-10-14", -1),
        ("2025-10-11", "2025-10-14", 1),  # from a Saturday over Columbus Day
        ("2025-10-10", "2025-10-12", 0),
    ],
)
def test_business_days_between_leaves_the_start_out(start: str, end: str, days: int) -> None:
    assert SEC.business_days_between(date.fromisoformat(start), date.fromisoformat(end)) == days


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2025-10-14", 0, "2025-10-14"),
        ("2025-10-11", 0, "2025-10-14"),
        ("2025-10-11", 1, "2025-10-14"),
        ("2025-10-11", -1, "2025-10-10"),
        ("2025-10-14", -1, "2025-10-10"),
        ("2025-10-14", 1, "2025-10-15"),
    ],
)
def test_business_days_are_added_from_any_day(day: str, count: int, expected: str) -> None:
    assert SEC.add_business_days(date.fromisoformat(day), count) == date.fromisoformat(expected)


@given(DAYS, DAYS)
def test_business_days_between_are_counted_one_by_one(one: date, other: date) -> None:
    start, end = min(one, other), min(max(one, other), min(one, other) + timedelta(days=60))
    walked = [start + timedelta(days=n + 1) for n in range((end - start).days)]

    assert SEC.business_days_between(start, end) == sum(map(SEC.is_business_day, walked))
    assert SEC.business_days_between(end, start) == -SEC.business_days_between(start, end)


@given(DAYS, st.integers(1, 300))
def test_so_many_business_days_later_is_so_many_business_days_away(day: date, count: int) -> None:
    later = SEC.add_business_days(day, count)

    assert SEC.is_business_day(later)
    assert SEC.business_days_between(day, later) == count


@given(DAYS)
def test_a_day_starts_at_midnight_in_new_york(day: date) -> None:
    start = calendar.start_of(day)

    assert start.tzinfo is UTC
    assert new_york_day(start) == day
    assert new_york_day(start - timedelta(milliseconds=1)) == day - timedelta(days=1)


@pytest.mark.parametrize(
    ("instant", "months", "expected"),
    [
        ("2025-05-31 10:00", 3, "2025-02-28 10:00"),
        ("2024-05-31 10:00", 3, "2024-02-29 10:00"),
        ("2024-02-29 10:00", 12, "2023-02-28 10:00"),
        ("2000-02-29 10:00", 1200, "1900-02-28 10:00"),
        ("2025-01-31 10:00", -1, "2025-02-28 10:00"),
        ("2025-03-15 23:30", 3, "2024-12-15 23:30"),  # summer to winter, the clock is the same
        ("2025-04-09 02:30", 1, "2025-03-09 03:30"),  # 02:30 was skipped that night
        ("2025-01-15 10:00", 1, "2024-12-15 10:00"),
        ("2025-06-15 10:00", 0, "2025-06-15 10:00"),
    ],
)
def test_months_go_back_by_the_new_york_clock(instant: str, months: int, expected: str) -> None:
    assert calendar.back(new_york(instant), months=months) == new_york(expected).astimezone(UTC)


def test_a_time_that_comes_twice_is_taken_the_first_time() -> None:
    ambiguous = calendar.back(new_york("2025-12-02 01:30"), months=1)

    assert ambiguous == datetime(2025, 11, 2, 5, 30, tzinfo=UTC)


def test_the_second_of_two_equal_times_stays_the_second() -> None:
    second = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)

    assert calendar.back(second, months=72) == datetime(2020, 11, 1, 6, 30, tzinfo=UTC)


@given(INSTANTS, st.integers(-240, 240))
def test_months_back_never_change_the_clock_but_in_the_skipped_hour(
    instant: datetime, months: int
) -> None:
    local = instant.astimezone(NEW_YORK)

    earlier = calendar.back(instant, months=months)

    wall = earlier.astimezone(NEW_YORK)
    assert earlier.tzinfo is UTC
    assert (local.year - wall.year) * 12 + local.month - wall.month == months
    assert wall.day <= local.day
    if local.hour != 2:
        assert wall.time() == local.time()


@pytest.mark.parametrize(
    ("day", "year", "quarter", "month"),
    [
        ("2025-01-01", "2025-01-01", "2025-01-01", "2025-01-01"),
        ("2025-03-31", "2025-01-01", "2025-01-01", "2025-03-01"),
        ("2024-02-29", "2024-01-01", "2024-01-01", "2024-02-01"),
        ("2025-11-30", "2025-01-01", "2025-10-01", "2025-11-01"),
    ],
)
def test_years_quarters_and_months_start_on_their_first_day(
    day: str, year: str, quarter: str, month: str
) -> None:
    given_day = date.fromisoformat(day)

    assert calendar.year_start(given_day).isoformat() == year
    assert calendar.quarter_start(given_day).isoformat() == quarter
    assert calendar.month_start(given_day).isoformat() == month
