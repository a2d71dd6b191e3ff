"""Sessions that a series lacks, and series that ended."""

from datetime import date

import numpy as np

from bot.prices.complete import has_ended, missing_sessions, sessions, silent_sessions
from tests.prices.series import a_bars, some_sessions


def iso(days: object) -> list[str]:
    return [date.fromordinal(int(day)).isoformat() for day in np.asarray(days)]


def test_sessions_leave_out_holidays_and_weekends() -> None:
    found = sessions(date(2025, 12, 23), date(2026, 1, 3))

    assert iso(found) == [
        "2025-12-23", "2025-12-24", "2025-12-26", "2025-12-29", "2025-12-30", "2025-12-31",
        "2026-01-02",
    ]  # fmt: skip


def test_a_session_without_a_bar_is_missing_and_a_holiday_is_not() -> None:
    days = [day for day in sessions(date(2025, 6, 2), date(2025, 6, 30)) if day != 739413]
    bars = a_bars(days, np.ones(len(days)))

    missing = missing_sessions(bars, date(2025, 6, 2), date(2025, 6, 30))

    assert iso(missing) == ["2025-06-11"]


def test_a_series_has_ended_after_five_sessions_without_a_bar() -> None:
    days = some_sessions(20)
    bars = a_bars(days[:10], np.ones(10))
    fourth, fifth = (date.fromordinal(int(days[i])) for i in (13, 14))

    assert silent_sessions(bars, fourth) == 4
    assert not has_ended(bars, fourth)
    assert has_ended(bars, fifth)
    assert has_ended(bars.take(slice(0, 0)), fifth)
