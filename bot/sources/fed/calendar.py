"""Reads the Board's calendar of the coming weeks, and the list of meetings for the time after it.

Sources: federalreserve.gov/json/calendar.json, federalreserve.gov/monetarypolicy/fomccalendars.htm.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.clock import NEW_YORK
from bot.errors import SourceUnreadable
from bot.sources.fed.archives import read_json
from bot.sources.fed.items import full_link, plain

_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_TAG = re.compile(r"<[^>]*>")
_TIME = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*([ap])\.?\s*m\.?", re.IGNORECASE)
_NOON = re.compile(r"(?:12(?::00)?\s*)?noon", re.IGNORECASE)
_YEAR = re.compile(r"(\d{4}) FOMC Meetings")
_MEETING = re.compile(
    r"fomc-meeting__month[^>]*>(?:\s*<[^>]+>)*\s*(?P<month>[A-Za-z/ ]+?)\s*<"
    r".*?fomc-meeting__date[^>]*>(?:\s*<[^>]+>)*\s*(?P<days>[^<]+)<",
    re.DOTALL,
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry of the calendar.

    days: all its days in order, of a range each.  at: when it begins or is released, on its last
    day; None where the calendar tells no time.
    type: FOMC, Beige, Speeches, Testimony, Stat, Other.
    """

    title: str
    type: str
    days: tuple[date, ...]
    at: datetime | None
    description: str | None = None
    location: str | None = None
    link: str | None = None

    @property
    def day(self) -> date:
        """The day that counts: of a meeting its last."""
        return self.days[-1]


def read_calendar(body: bytes, *, where: str = "calendar") -> tuple[Event, ...]:
    """The events of ``calendar.json``, in the order of their days.

    Raises as ``read_json``, and SourceUnreadable where it has no events.
    """
    told = read_json(body, where=where)
    rows = told.get("events") if isinstance(told, dict) else told
    events = list(_events(rows)) if isinstance(rows, list) else []
    if not events:
        raise SourceUnreadable(
            "the calendar has no events", where=where, mend="look at it; it may have a new shape"
        )
    return tuple(sorted(events, key=lambda each: (each.day, each.title)))


def read_meetings(body: bytes) -> tuple[tuple[date, ...], ...]:
    """The days of each regular meeting on ``fomccalendars.htm``, in order; none where the page has
    another shape.  Meetings out of turn and votes by notation are left out."""
    text = body.decode("utf-8", "replace")
    found: set[tuple[date, ...]] = set()
    years = list(_YEAR.finditer(text))
    ends = [each.start() for each in years[1:]] + [len(text)]
    for year, end in zip(years, ends, strict=True):
        for match in _MEETING.finditer(text, year.end(), end):
            days = _meeting_days(int(year[1]), match["month"], match["days"])
            if days:
                found.add(days)
    return tuple(sorted(found))


def _events(rows: list[Any]) -> Iterator[Event]:
    for row in rows:
        title = plain(row.get("title")) if isinstance(row, dict) else None
        days = _days(str(row.get("month") or ""), str(row.get("days") or "")) if title else ()
        if not title or not days:
            continue
        description = _words(row.get("description"))
        if len(days) == 1 and "two-day meeting" in (description or "").lower():
            days = (days[0] - timedelta(days=1), days[0])
        yield Event(
            title=title,
            type=plain(row.get("type")) or "Other",
            days=days,
            at=_at(days[-1], str(row.get("time") or "")),
            description=description,
            location=_words(row.get("location")),
            link=full_link(row["link"]) if isinstance(row.get("link"), str) else None,
        )


def _days(month: str, days: str) -> tuple[date, ...]:
    """Of month ``2026-10``: ``28``, ``27-28`` or ``1,2``; none where they are no days.

    A range that runs into the next month (``31-1``) ends there.
    """
    match = _MONTH.fullmatch(month.strip())
    if match is None:
        return ()
    year, number = int(match[1]), int(match[2])
    found: set[date] = set()
    try:
        for part in days.split(","):
            first, _, last = part.partition("-")
            begin = date(year, number, int(first))
            found |= set(_range(begin, int(last) if last.strip() else begin.day))
    except ValueError:
        return ()
    return tuple(sorted(found))


def _range(begin: date, last: int) -> Iterator[date]:
    ahead = last < begin.day
    month = begin.month % 12 + 1 if ahead else begin.month
    end = date(begin.year + (ahead and month == 1), month, last)
    for number in range(begin.toordinal(), end.toordinal() + 1):
        yield date.fromordinal(number)


def _at(day: date, told: str) -> datetime | None:
    """``2:00 p.m.`` of the New York clock on a day; None where no time is told."""
    text = told.strip()
    if _NOON.fullmatch(text):
        clock = time(12)
    elif match := _TIME.fullmatch(text):
        hour = int(match[1]) % 12 + (12 if match[3].lower() == "p" else 0)
        clock = time(hour, int(match[2] or 0))
    else:
        return None
    return datetime.combine(day, clock, NEW_YORK).astimezone(UTC)


def _words(text: object) -> str | None:
    """The words of an escaped piece of HTML."""
    unescaped = plain(text) if isinstance(text, str) else None
    return plain(_TAG.sub(" ", unescaped)) if unescaped else None


def _meeting_days(year: int, months: str, days: str) -> tuple[date, ...]:
    """``January`` and ``30-31``, ``Apr/May`` and ``30-1``, ``June`` and ``17-18*``."""
    first = months.split("/")[0].strip()[:3].lower()
    match = re.fullmatch(r"\s*(\d{1,2}(?:-\d{1,2})?)\*?\s*", days)
    if match is None or first not in _MONTHS:
        return ()
    return _days(f"{year}-{_MONTHS.index(first) + 1}", match[1])
