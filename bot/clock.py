"""The only place that asks for the time, and the one way instants are written down."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

NEW_YORK = ZoneInfo("America/New_York")
"""The clock of EDGAR, the exchanges and the Federal Reserve."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = date(1970, 1, 1)
_MILLISECOND = timedelta(milliseconds=1)


def system_clock() -> datetime:
    """Now, aware and UTC, cut to the millisecond that the store keeps."""
    return from_ms(to_ms(datetime.now(UTC)))


monotonic: Callable[[], float] = time.monotonic
"""Seconds that never jump, for pacing and time-outs: only their differences mean anything."""

sleep: Callable[[float], None] = time.sleep
"""Waits so many seconds."""


def to_ms(instant: datetime) -> int:
    """Milliseconds since 1970 UTC, rounded down; ValueError on a naive instant."""
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs a time zone, got {instant!r}")
    return (instant - EPOCH) // _MILLISECOND


def from_ms(ms: int) -> datetime:
    """The UTC instant of a number of milliseconds since 1970."""
    return EPOCH + timedelta(milliseconds=ms)


def to_text(instant: datetime) -> str:
    """One width in UTC, so that the order of texts is the order of time."""
    return from_ms(to_ms(instant)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_text(text: str) -> datetime:
    """The instant of an ISO 8601 text with a zone; ValueError without one."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs a time zone, got {text!r}")
    return instant.astimezone(UTC)


def to_day_number(day: date) -> int:
    """Days since 1970-01-01, the form in which the store keeps dates."""
    return (day - EPOCH_DAY).days


def from_day_number(number: int) -> date:
    """The date of a number of days since 1970-01-01."""
    return EPOCH_DAY + timedelta(days=number)


def new_york_day(instant: datetime) -> date:
    """The calendar day in New York on which an instant falls."""
    return instant.astimezone(NEW_YORK).date()
