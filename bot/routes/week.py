"""Days of the week and times of day: as people write them, and as instants in a zone."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY = frozenset(range(7))
MIDNIGHT = 24 * 60
"""The end of a day, in minutes after its beginning."""

_CLOCK = re.compile(r"(\d{1,2}):(\d\d)", re.ASCII)


def read_days(text: str) -> frozenset[int]:
    """Days as numbers from Monday, 0: ``mon-fri``, ``sat``, ``fri-mon``, ``mon,wed``.

    Raises ValueError with the part that names no day.
    """
    return frozenset(day for part in text.split(",") for day in _days(part.strip().lower()))


def _days(part: str) -> Iterable[int]:
    first, dash, last = (each.strip() for each in part.partition("-"))
    for name in (first, last) if dash else (first,):
        if name not in DAYS:
            raise ValueError(name)
    start = DAYS.index(first)
    length = (DAYS.index(last) - start) % 7 if dash else 0
    return ((start + n) % 7 for n in range(length + 1))


def days_text(days: Iterable[int]) -> str:
    """Days as they are written, the shortest way: ``mon-fri,sun``."""
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(DAYS[r[0]] + (f"-{DAYS[r[-1]]}" if r[1:] else "") for r in runs)


def read_clock(text: str) -> int:
    """A time of day, 00:00 to 24:00, in minutes after midnight.  Raises ValueError."""
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    minutes = 60 * int(match[1]) + int(match[2])
    if int(match[2]) > 59 or minutes > MIDNIGHT:
        raise ValueError(text)
    return minutes


def clock_text(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def instant_of(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """When clocks of a zone show a time of a day.

    A time that they skip in spring is as long after midnight as on other days, an hour later by
    them; of one that they show twice in autumn the first is meant.
    """
    if minutes == MIDNIGHT:
        day, minutes = day + timedelta(days=1), 0
    return datetime.combine(day, time(*divmod(minutes, 60)), zone).astimezone(UTC)
