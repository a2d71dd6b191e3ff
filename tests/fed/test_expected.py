"""When something is due from the Federal Reserve, and where it will stand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.fed.blackout import Meeting
from bot.fed.expected import Expected, Sort, expected, in_silence, near, scheduled

SEPTEMBER = Meeting(first=date(2025, 9, 16), last=date(2025, 9, 17))
OCTOBER = Meeting(first=date(2025, 10, 28), last=date(2025, 10, 29))
DECEMBER = Meeting(first=date(2025, 12, 9), last=date(2025, 12, 10))
MEETINGS = [SEPTEMBER, OCTOBER, DECEMBER]


def of(sort: Sort, *told: tuple[Sort, datetime]) -> list[Expected]:
    return [each for each in expected(MEETINGS, told) if each.sort is sort]


def test_a_statement_is_due_at_two_of_the_last_day_and_stands_at_its_date() -> None:
    first, second, _ = of(Sort.STATEMENT)

    assert first.at == datetime(2025, 9, 17, 18, tzinfo=UTC)
    assert first.path == "/newsevents/pressreleases/monetary20250917a.htm"
    assert second.at == datetime(2025, 10, 29, 18, tzinfo=UTC)


def test_in_winter_two_in_the_afternoon_is_an_hour_later() -> None:
    assert of(Sort.STATEMENT)[2].at == datetime(2025, 12, 10, 19, tzinfo=UTC)


def test_minutes_come_three_weeks_later_and_stand_at_the_date_of_their_meeting() -> None:
    first = of(Sort.MINUTES)[0]

    assert first.at == datetime(2025, 10, 8, 18, tzinfo=UTC)
    assert first.path == "/monetarypolicy/fomcminutes20250917.htm"


def test_what_the_calendar_says_goes_before_what_is_usual() -> None:
    told = datetime(2025, 11, 18, 19, tzinfo=UTC)  # twenty days: Thanksgiving

    minutes = of(Sort.MINUTES, (Sort.MINUTES, told))

    assert [each.at for each in minutes if each.meeting_on == OCTOBER.last] == [told]
    assert len(minutes) == 3


def test_a_statement_at_another_hour_is_looked_for_then() -> None:
    told = datetime(2025, 9, 17, 16, 30, tzinfo=UTC)

    assert of(Sort.STATEMENT, (Sort.STATEMENT, told))[0].at == told


@pytest.mark.parametrize(
    ("seconds", "dense"), [(-31, False), (-30, True), (0, True), (600, True), (601, False)]
)
def test_it_is_looked_for_densely_from_half_a_minute_before_to_ten_minutes_after(
    seconds: int, dense: bool
) -> None:
    at = datetime(2025, 9, 17, 18, tzinfo=UTC)

    assert near(at, at + timedelta(seconds=seconds)) is dense


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2025, 10, 29), True),
        (date(2025, 10, 28), False),
        (date(2025, 11, 3), False),
        (date(2025, 8, 22), None),  # no earlier meeting is known: one may have been that day
        (date(2026, 1, 28), None),
    ],
)
def test_a_decision_was_scheduled_where_the_calendar_says_so(day: date, told: bool | None) -> None:
    assert scheduled(day, MEETINGS) is told


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (datetime(2025, 10, 20, 15, tzinfo=UTC), True),
        (datetime(2025, 11, 5, 15, tzinfo=UTC), False),
        (datetime(2025, 9, 10, 15, tzinfo=UTC), True),
        (datetime(2025, 8, 22, 15, tzinfo=UTC), None),
        (datetime(2026, 1, 5, 15, tzinfo=UTC), None),
    ],
)
def test_silence_is_unknown_where_no_meetings_around_are_known(
    at: datetime, told: bool | None
) -> None:
    assert in_silence(at, MEETINGS) is told
