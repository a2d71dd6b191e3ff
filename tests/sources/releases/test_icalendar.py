"""Calendar files: zones, folded lines, what is cancelled, what is no calendar."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SourceUnavailable, SourceUnreadable
from bot.sources.releases.icalendar import Event, read_events

CPI = "Consumer Price Index"


def calendar(*events: str) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event.splitlines(), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def one(event: str) -> Event:
    (found,) = read_events(calendar(event), where="bls.ics")
    return found


@pytest.mark.parametrize(
    ("start", "at"),
    [
        ("DTSTART;TZID=US-Eastern:20261014T083000", datetime(2026, 10, 14, 12, 30, tzinfo=UTC)),
        ("DTSTART;TZID=US-Eastern:20260113T083000", datetime(2026, 1, 13, 13, 30, tzinfo=UTC)),
        (
            "DTSTART;TZID=America/New_York:20261014T083000",
            datetime(2026, 10, 14, 12, 30, tzinfo=UTC),
        ),
        (
            'dtstart;tzid="us-eastern";X-A=1:20261014T083000',
            datetime(2026, 10, 14, 12, 30, tzinfo=UTC),
        ),
        ("DTSTART:20261014T123000Z", datetime(2026, 10, 14, 12, 30, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_in_its_zone(start: str, at: datetime) -> None:
    assert one(f"{start}\nSUMMARY:{CPI}") == Event(title=CPI, at=at)


@pytest.mark.parametrize(
    ("summary", "title"),
    [
        ("Consumer Price Ind\r\n ex", CPI),
        ("Consumer\r\n\t Price Index", CPI),
        ("Import\\, Export\\; Prices\\n2026", "Import, Export; Prices 2026"),
        ("Real Earnings: all", "Real Earnings: all"),
    ],
)
def test_a_title_is_unfolded_and_unescaped(summary: str, title: str) -> None:
    body = calendar(f"DTSTART:20261014T123000Z\nSUMMARY:{summary}")

    assert [each.title for each in read_events(body, where="x")] == [title]


@pytest.mark.parametrize(
    "event",
    [
        f"DTSTART;VALUE=DATE:20261014\nSUMMARY:{CPI}",
        f"DTSTART:20261014T083000\nSUMMARY:{CPI}",
        f"DTSTART;TZID=Europe/Paris:20261014T083000\nSUMMARY:{CPI}",
        f"DTSTART:20261345T083000Z\nSUMMARY:{CPI}",
        f"DTSTART:20261014T123000Z\nSUMMARY:{CPI}\nSTATUS:CANCELLED",
        "DTSTART:20261014T123000Z",
        f"SUMMARY:{CPI}",
    ],
)
def test_an_event_without_an_instant_or_a_title_and_a_cancelled_one_are_left_out(
    event: str,
) -> None:
    other = "DTSTART:20261014T140000Z\nSUMMARY:Other"

    assert [each.title for each in read_events(calendar(event, other), where="x")] == ["Other"]


def test_what_stands_in_an_alarm_or_a_zone_belongs_to_no_event() -> None:
    event = f"DTSTART:20261014T123000Z\nBEGIN:VALARM\nSUMMARY:Wake up\nEND:VALARM\nSUMMARY:{CPI}"
    zone = b"BEGIN:VTIMEZONE\r\nDTSTART:20070311T020000\r\nEND:VTIMEZONE\r\n"
    body = calendar(event).replace(b"BEGIN:VEVENT", zone + b"BEGIN:VEVENT")

    assert [each.title for each in read_events(body, where="x")] == [CPI]


def test_events_come_in_order_and_each_once() -> None:
    late, soon = "DTSTART:20261014T123000Z\nSUMMARY:B", "DTSTART:20261002T123000Z\nSUMMARY:A"

    assert [e.title for e in read_events(calendar(late, soon, late), where="x")] == ["A", "B"]


@pytest.mark.parametrize("body", [b"", b"<html>Access Denied</html>", b"BEGIN:VCALENDAR\r\nBEGIN"])
def test_what_is_no_whole_calendar_is_worth_another_try(body: bytes) -> None:
    with pytest.raises(SourceUnavailable, match=r"bls\.ics"):
        read_events(body, where="bls.ics")


def test_a_calendar_of_which_no_event_can_be_read_is_no_empty_plan() -> None:
    with pytest.raises(SourceUnreadable, match="no event"):
        read_events(calendar("DTSTART;TZID=Mars:20261014T083000\nSUMMARY:x"), where="bls.ics")


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(inside: bytes) -> None:
    body = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + inside + b"\r\nEND:VEVENT\r\nEND:VCALENDAR"
    with suppress(SourceUnavailable, SourceUnreadable):
        read_events(body, where="x")
