"""The silence of policy makers around a meeting: from which midnight to which."""

from datetime import date, datetime, timedelta

import pytest

from bot.clock import NEW_YORK
from bot.fed.blackout import Meeting, in_blackout

OCTOBER = Meeting(first=date(2026, 10, 27), last=date(2026, 10, 28))


def ny(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("first", "last", "silent", "speaks"),
    [
        (date(2026, 10, 27), date(2026, 10, 28), ny(2026, 10, 17), ny(2026, 10, 30)),
        (date(2026, 12, 8), date(2026, 12, 9), ny(2026, 11, 28), ny(2026, 12, 11)),
        (date(2025, 9, 16), date(2025, 9, 17), ny(2025, 9, 6), ny(2025, 9, 19)),
        (date(2025, 10, 28), date(2025, 10, 29), ny(2025, 10, 18), ny(2025, 10, 31)),
        (date(2024, 11, 6), date(2024, 11, 7), ny(2024, 10, 26), ny(2024, 11, 9)),
        (date(2020, 11, 4), date(2020, 11, 5), ny(2020, 10, 24), ny(2020, 11, 7)),
        (date(2012, 3, 13), date(2012, 3, 13), ny(2012, 3, 3), ny(2012, 3, 15)),
    ],
)
def test_it_lasts_from_the_second_saturday_before_to_the_end_of_the_day_after(
    first: date, last: date, silent: datetime, speaks: datetime
) -> None:
    meeting = Meeting(first=first, last=last)

    assert (meeting.silent_from, meeting.silent_until) == (silent, speaks)


def test_a_meeting_on_a_saturday_is_silent_for_two_weeks_before_not_one() -> None:
    assert Meeting(first=date(2026, 8, 22), last=date(2026, 8, 22)).silent_from == ny(2026, 8, 8)


def test_its_first_instant_is_silent_and_its_end_is_not() -> None:
    moment = timedelta(milliseconds=1)

    told = [
        in_blackout(instant, [OCTOBER])
        for edge in (OCTOBER.silent_from, OCTOBER.silent_until)
        for instant in (edge - moment, edge)
    ]

    assert told == [False, True, True, False]


def test_the_days_count_by_the_clock_of_new_york() -> None:
    evening = datetime(2026, 10, 16, 23, 59, tzinfo=NEW_YORK)  # already Saturday in London

    assert not in_blackout(evening, [OCTOBER])


def test_without_a_meeting_nobody_is_silent() -> None:
    assert not in_blackout(ny(2026, 10, 20), [])


def test_a_meeting_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="2026-10-28 to 2026-10-27"):
        Meeting(first=date(2026, 10, 28), last=date(2026, 10, 27))
