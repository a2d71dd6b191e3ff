"""Reads the events of a calendar file, as far as an agency's plan of releases needs it.

Source: RFC 5545: lines that begin with a blank continue the one before (3.1), values are escaped
(3.3.11), a start stands in UTC with ``Z`` or in the zone that ``TZID`` names (3.3.5).  Recurrence,
alarms and zones described in the file are not read: such plans have none but New York's.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.clock import NEW_YORK
from bot.errors import SourceUnavailable, SourceUnreadable

_FOLD = re.compile(r"\r?\n[ \t]")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_START = re.compile(r"(\d{8}T\d{6})(Z?)")
_EASTERN = ("us-eastern", "us/eastern", "america/new_york", "eastern standard time", "est5edt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event that begins at an instant; one of a whole day has none and is left out."""

    title: str
    at: datetime


def read_events(body: bytes, *, where: str) -> tuple[Event, ...]:
    """The events that were not cancelled, in the order of their instants, each once.

    Raises SourceUnavailable where something else or half a file came, SourceUnreadable where no
    event of it can be read: that does not mean that nothing is planned.
    """
    text = body.decode("utf-8-sig", "replace").strip()
    again = "nothing to do, it is asked for again; else look at the address in a browser"
    if not text.startswith("BEGIN:VCALENDAR"):
        told = " ".join(text[:60].split()) or "nothing"
        raise SourceUnavailable(f"no calendar, it begins {told!r}", where=where, mend=again)
    if not text.endswith("END:VCALENDAR"):
        raise SourceUnavailable("the calendar is cut short", where=where, mend=again)
    events = {each for lines in _events(text) if (each := _event(lines)) is not None}
    if not events:
        raise SourceUnreadable(
            "no event of the calendar can be read",
            where=where,
            mend="look at the file; its zone or its shape may have changed",
        )
    return tuple(sorted(events, key=lambda each: (each.at, each.title)))


def _events(text: str) -> Iterator[Mapping[str, tuple[str, str]]]:
    """Name, parameters and value of the lines of each event; of parts within it none."""
    lines: dict[str, tuple[str, str]] = {}
    depth: list[str] = []
    for line in _FOLD.sub("", text).splitlines():
        head, _, value = line.partition(":")
        name, _, parameters = head.partition(";")
        name = name.upper()
        if name == "BEGIN":
            depth.append(value.strip().upper())
            lines = {} if depth[-1] == "VEVENT" else lines
        elif name == "END" and depth:
            if depth.pop() == "VEVENT":
                yield lines
        elif depth and depth[-1] == "VEVENT":
            lines[name] = (parameters, value)


def _event(lines: Mapping[str, tuple[str, str]]) -> Event | None:
    title = _ESCAPED.sub(_unescaped, lines.get("SUMMARY", ("", ""))[1])
    title = " ".join(title.split())
    at = _instant(*lines.get("DTSTART", ("", "")))
    cancelled = lines.get("STATUS", ("", ""))[1].strip().upper() == "CANCELLED"
    return None if not title or at is None or cancelled else Event(title=title, at=at)


def _unescaped(found: re.Match[str]) -> str:
    return " " if found[1] in "nN" else found[1]


def _instant(parameters: str, value: str) -> datetime | None:
    """None of a whole day, of a zone that is not New York's, and of an instant without a zone."""
    match = _START.fullmatch(value.strip())
    if match is None:
        return None
    zone = re.search(r"TZID=\"?([^;\"]+)", parameters, re.IGNORECASE)
    try:
        at = datetime.strptime(match[1], "%Y%m%dT%H%M%S")  # noqa: DTZ007
    except ValueError:
        return None
    if match[2]:
        return at.replace(tzinfo=UTC)
    if zone is None or zone[1].strip().casefold() not in _EASTERN:
        return None
    return at.replace(tzinfo=NEW_YORK).astimezone(UTC)
