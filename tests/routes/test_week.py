"""Days and times as people write them, and the instants that they name."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.routes.week import (
    DAYS,
    clock_text,
    days_text,
    instant_of,
    read_clock,
    read_days,
)

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("text", "days"),
    [("mon", "mon"), ("mon-fri", "mon tue wed thu fri"), ("fri-mon", "fri sat sun mon"),
     ("Sat, SUN", "sat sun"), ("mon - wed,fri", "mon tue wed fri"), ("sun-sun", "sun"),
     ("tue-mon", "mon tue wed thu fri sat sun")],
)  # fmt: skip
def test_days_are_read_one_by_one_and_in_runs(text: str, days: str) -> None:
    assert read_days(text) == {DAYS.index(day) for day in days.split()}


@pytest.mark.parametrize("text", ["", "monday", "mon-", "-fri", "mon,,fri", "1-5"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        read_days(text)


@given(st.frozensets(st.integers(0, 6), min_size=1))
def test_days_are_written_as_they_are_read(days: frozenset[int]) -> None:
    assert read_days(days_text(days)) == days


@given(st.integers(0, 24 * 60))
def test_times_of_day_are_written_as_they_are_read(minutes: int) -> None:
    assert read_clock(clock_text(minutes)) == minutes


@pytest.mark.parametrize("text", ["", "22", "24:01", "7:5", "12:60", "-1:00", "7:30pm", "１２:00"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        read_clock(text)


@pytest.mark.parametrize(
    ("day", "minutes", "utc"),
    [
        (date(2025, 1, 6), 7 * 60, "2025-01-06 12:00"),
        (date(2025, 7, 6), 7 * 60, "2025-07-06 11:00"),
        (date(2025, 1, 6), 24 * 60, "2025-01-07 05:00"),
        (date(2025, 3, 9), 2 * 60 + 30, "2025-03-09 07:30"),  # skipped: 03:30 by the clocks
        (date(2025, 11, 2), 1 * 60 + 30, "2025-11-02 05:30"),  # shown twice: the first
    ],
)
def test_a_time_of_a_day_is_one_instant(day: date, minutes: int, utc: str) -> None:
    assert f"{instant_of(day, minutes, NEW_YORK):%Y-%m-%d %H:%M}" == utc
