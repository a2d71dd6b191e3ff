"""The calendars of the Board."""

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.errors import SourceUnavailable, SourceUnreadable
from bot.sandbox.fed_pages import meetings as meetings_page
from bot.sources.fed.calendar import Event, read_calendar, read_meetings

RECORDED = Path(os.environ.get("BOT_TEST_DATA", "/nowhere")) / "fed" / "feeds"


def read(**row: str) -> Event:
    told = {"title": "FOMC Meeting", "type": "FOMC", "month": "2026-10", "days": "28", **row}
    (event,) = read_calendar(("\ufeff" + json.dumps({"events": [told, {}]})).encode())
    return event


@pytest.mark.parametrize(
    ("month", "days", "found"),
    [
        ("2026-10", "28", ["2026-10-28"]),
        ("2026-10", "27-28", ["2026-10-27", "2026-10-28"]),
        ("2026-10", "1,2", ["2026-10-01", "2026-10-02"]),
        ("2026-10", "1, 5-6", ["2026-10-01", "2026-10-05", "2026-10-06"]),
        ("2024-04", "30-1", ["2024-04-30", "2024-05-01"]),
        ("2026-12", "31-1", ["2026-12-31", "2027-01-01"]),
    ],
)
def test_days_are_one_or_several_and_the_last_counts(
    month: str, days: str, found: list[str]
) -> None:
    event = read(month=month, days=days)

    assert [str(day) for day in event.days] == found
    assert str(event.day) == found[-1]


@pytest.mark.parametrize(
    ("month", "time", "at"),
    [
        ("2026-10", "2:00 p.m.", datetime(2026, 10, 28, 18, tzinfo=UTC)),
        ("2026-01", "2:00 p.m.", datetime(2026, 1, 28, 19, tzinfo=UTC)),
        ("2026-10", "12:15 p.m.", datetime(2026, 10, 28, 16, 15, tzinfo=UTC)),
        ("2026-10", "12:30 a.m.", datetime(2026, 10, 28, 4, 30, tzinfo=UTC)),
        ("2026-10", "Noon", datetime(2026, 10, 28, 16, tzinfo=UTC)),
        ("2026-10", "", None),
        ("2026-10", "To be announced", None),
    ],
)
def test_a_time_is_that_of_the_new_york_clock(month: str, time: str, at: datetime | None) -> None:
    assert read(month=month, time=time).at == at


def test_a_two_day_meeting_has_its_first_day_too() -> None:
    told = "&lt;p&gt;Two-day meeting, September 30 - October 1&lt;/p&gt;"

    event = read(days="1", description=told)

    assert event.days == (date(2026, 9, 30), date(2026, 10, 1))
    assert event.description == "Two-day meeting, September 30 - October 1"


@pytest.mark.parametrize("days", ["", "31-", "x", "0", "2-3-4"])
def test_an_entry_without_readable_days_is_left_out(days: str) -> None:
    good = {"title": "Beige Book", "month": "2026-10", "days": "14"}
    bad = {"title": "FOMC Meeting", "month": "2026-11", "days": days}

    events = read_calendar(json.dumps({"events": [bad, good]}).encode())

    assert [event.title for event in events] == ["Beige Book"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"<html></html>", SourceUnavailable),
        (b'{"events": [{}]}', SourceUnreadable),
        (b"[]", SourceUnreadable),
        (b'{"events": [', SourceUnavailable),
    ],
)
def test_what_is_no_calendar_is_refused(body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_calendar(body)


def test_the_page_of_meetings_tells_the_days_of_each() -> None:
    days = ((date(2026, 12, 8), date(2026, 12, 9)), (date(2027, 4, 30), date(2027, 5, 1)))

    assert read_meetings(meetings_page(days)) == days


def test_meetings_out_of_turn_and_votes_by_notation_are_left_out() -> None:
    row = (
        '<div class="fomc-meeting__month"><strong>{}</strong></div>'
        '<div class="fomc-meeting__date">{}</div>'
    )
    told = [("March", "2 (unscheduled)"), ("March", "17-18*"), ("August", "22 (notation vote)")]
    page = "<h4><a>2026 FOMC Meetings</a></h4>" + "".join(row.format(*each) for each in told)

    assert read_meetings(page.encode()) == ((date(2026, 3, 17), date(2026, 3, 18)),)


@pytest.mark.skipif(not RECORDED.is_dir(), reason="BOT_TEST_DATA names no recorded calendar")
def test_the_recorded_calendar_is_read_whole() -> None:
    events = read_calendar((RECORDED / "calendar_202610.json").read_bytes())

    (meeting,) = [e for e in events if e.title == "FOMC Meeting" and e.day.month == 10]
    assert len(events) == 15
    assert meeting.days == (date(2026, 10, 27), date(2026, 10, 28))
    assert meeting.at == datetime(2026, 10, 28, 18, tzinfo=UTC)
