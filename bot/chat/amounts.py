"""What stands behind a colon, where it is measured: money, numbers, percentages, days and spans."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.clock import from_ms, to_ms
from bot.numbers import to_cents
from bot.rules.spans import Span, read_span
from bot.store.searchable import Holds

_NUMBER = re.compile(
    r"(-?)\$?(-?)(\d{1,15}(?:\.\d{1,6})?|\.\d{1,6})([kmb]?)", re.IGNORECASE | re.ASCII
)
_PERCENT = re.compile(r"(-?(?:\d{1,9}(?:\.\d{1,6})?|\.\d{1,6}))%?", re.ASCII)
_MAGNITUDES = {"": 0, "k": 3, "m": 6, "b": 9}
_LARGEST = Decimal(10) ** 15
_SPAN = re.compile(r"-?(\d{1,8})\s*([a-z]+)", re.IGNORECASE | re.ASCII)
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(Z|[+-]\d\d:\d\d)?", re.IGNORECASE | re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d\d)", re.ASCII)
_DAY = timedelta(days=1)
_MINUTE_MS = 60_000
_FIRST_YEAR, _LAST_YEAR = 1900, 2200

_DASHED = re.compile(r"(\$?[\d.]+[kmb]?) ?--? ?(\$?[\d.]+[kmb]?)", re.IGNORECASE | re.ASCII)

UNITS = {
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "min"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("d", "day", "days"), "d"),
    **dict.fromkeys(("w", "week", "weeks"), "w"),
    **dict.fromkeys(("mo", "mos", "month", "months"), "mo"),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), "y"),
}
"""Units of time as people write them."""


class Ambiguous(ValueError):
    """It could be two things; ``text`` of them says which to write."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, a month or an instant: from ``start`` to before ``end``, the same for an instant."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads values by the clock and the time zone of the one who asks.

    Each method raises ValueError where the text is none, Ambiguous where it could be two.
    """

    now: datetime
    zone: ZoneInfo

    def of(self, holds: Holds) -> Callable[[str], int | float]:
        """What reads an amount of that sort."""
        return {Holds.MONEY: money, Holds.NUMBER: number, Holds.PERCENT: percent}[holds]

    def moment(self, text: str) -> Moment:
        """2026-08-01, 2026-08-01T14:32, 2026-08, today, yesterday, or a span ago: 90d."""
        small = text.lower()
        today = self.now.astimezone(self.zone).date()
        if small in ("today", "yesterday"):
            return self.day(today - _DAY * (small == "yesterday"))
        if match := _INSTANT.fullmatch(text):
            return self._instant(match[1], match[2], (match[3] or "").upper())
        if match := _MONTH.fullmatch(text):
            first = date(int(match[1]), int(match[2]), 1)
            following = (first + 31 * _DAY).replace(day=1)
            return Moment(self._start(first), self._start(following))
        if small.lstrip("-")[:1].isdigit() and (span := _readable_span(small)):
            ago = span.before(to_ms(self.now)) // _MINUTE_MS * _MINUTE_MS
            return Moment(from_ms(ago), from_ms(ago))
        return self.day(date.fromisoformat(text))

    def day(self, day: date) -> Moment:
        return Moment(self._start(day), self._start(day + _DAY))

    def _start(self, day: date) -> datetime:
        if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise ValueError(f"there are no alerts of {day.year}")
        return datetime.combine(day, time(), tzinfo=self.zone).astimezone(UTC)

    def _instant(self, day: str, clock: str, offset: str) -> Moment:
        self._start(date.fromisoformat(day))  # refuses years without alerts
        written = datetime.fromisoformat(f"{day}T{clock}{offset}")
        aware = written if written.tzinfo else written.replace(tzinfo=self.zone)
        instant = aware.astimezone(UTC)
        return Moment(instant, instant)


def money(text: str) -> int:
    """Whole cents: $1m, 250k, 1.5b, 1234.56."""
    return to_cents(_number(text))


def with_dots(text: str) -> str:
    """``250k-2m`` as ``250k..2m``, for amounts that are never below zero."""
    match = _DASHED.fullmatch(text)
    return f"{match[1]}..{match[2]}" if match else text


def number(text: str) -> int | float:
    """A plain number: 10k, 2.5."""
    read = _number(text)
    return int(read) if read == int(read) else float(read)


def percent(text: str) -> float:
    """A ratio: -10% and -10 are -0.1."""
    if not (match := _PERCENT.fullmatch(text)):
        raise ValueError(f"{text!r} is no percentage")
    return float(Decimal(match[1]) / 100)


def span(text: str) -> Span:
    """A span in any of its spellings: 7d, 2 weeks; ValueError where it is none."""
    if found := _readable_span(text.lower()):
        return found
    raise ValueError(f"{text!r} is no span of time")


def _number(text: str) -> Decimal:
    match = _NUMBER.fullmatch(text)
    if not match or (match[1] and match[2]):
        raise ValueError(f"{text!r} is no number")
    size = Decimal(match[3]).scaleb(_MAGNITUDES[match[4].lower()])
    if size > _LARGEST:
        raise ValueError(f"{text!r} is larger than 1e15")
    return -size if match[1] or match[2] else size


def _readable_span(text: str) -> Span | None:
    match = _SPAN.fullmatch(text)
    if not match:
        return None
    if match[2] == "m":
        raise Ambiguous(match[1])
    unit = UNITS.get(match[2])
    return read_span(f"{int(match[1])}{unit}") if unit else None
