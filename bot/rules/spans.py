"""Spans of time and windows: from which instant on a fact counts.

Instants are milliseconds since 1970 UTC.  ``s min h d w`` are elapsed time, so that a day is always
24 hours; ``mo`` and ``y`` go by the New York clock; sessions and years start at midnight there.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from bot import calendar
from bot.clock import from_ms, new_york_day, to_ms
from bot.rules.literals import span_literal

_CALENDAR_SPAN = re.compile(r"(\d{1,4})(mo|y)", re.ASCII)
_SESSIONS = re.compile(r"(\d{1,5}) sessions?", re.ASCII)
_LONGEST = timedelta(days=365 * 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A length of time: elapsed, or in months of the New York calendar."""

    text: str
    elapsed_ms: int = 0
    months: int = 0

    def before(self, instant: int) -> int:
        """The instant that lies this long before."""
        if self.months:
            return _months_back(instant, self.months)
        return instant - self.elapsed_ms

    def after(self, instant: int) -> int:
        """The instant that lies this long after."""
        if self.months:
            return _months_back(instant, -self.months)
        return instant + self.elapsed_ms

    def first(self, instant: int) -> int:
        """First instant inside the window (t − span, t]."""
        return self.before(instant) + 1

    def day_before(self, day: date) -> date:
        """The day that lies this long before; parts of a day do not count."""
        return self.first_day(day) - timedelta(days=1)

    def first_day(self, day: date) -> date:
        """First day inside the window of days that ends with ``day``."""
        if self.months:
            noon = to_ms(calendar.start_of(day)) + 12 * 3_600_000
            return new_york_day(from_ms(_months_back(noon, self.months))) + timedelta(days=1)
        return day - timedelta(milliseconds=self.elapsed_ms) + timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """The last n trading sessions of the NYSE, the one of the fact included."""

    text: str
    count: int

    def first(self, instant: int) -> int:
        return _midnight(self.first_day(new_york_day(from_ms(instant))))

    def first_day(self, day: date) -> date:
        return _session_back(day, self.count - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDate:
    """The year, quarter or month so far, its first day included."""

    text: str
    unit: Literal["year", "quarter", "month"]

    def first(self, instant: int) -> int:
        return _midnight(self.first_day(new_york_day(from_ms(instant))))

    def first_day(self, day: date) -> date:
        match self.unit:
            case "year":
                return calendar.year_start(day)
            case "quarter":
                return calendar.quarter_start(day)
            case "month":
                return calendar.month_start(day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A window that ends some time before the fact."""

    window: "Window"
    by: Span

    @property
    def text(self) -> str:
        return f"{self.window.text} ending {self.by.text} before"

    def first(self, instant: int) -> int:
        return self.window.first(self.by.before(instant))

    def first_day(self, day: date) -> date:
        return self.window.first_day(self.by.day_before(day))


Window = Span | Sessions | ToDate | Earlier

_TO_DATE = {
    "ytd": ToDate(text="ytd", unit="year"),
    "qtd": ToDate(text="qtd", unit="quarter"),
    "mtd": ToDate(text="mtd", unit="month"),
}


def read_span(text: str) -> Span:
    """A span: 90d, 2h, 30min, 6mo, 2y; ValueError with the reason where it is none."""
    if match := _CALENDAR_SPAN.fullmatch(text):
        months = int(match[1]) * (12 if match[2] == "y" else 1)
        if not 0 < months <= 720:
            raise ValueError("a span lies between 1mo and 60y")
        return Span(text=text, months=months)
    if text.endswith("m") and text[:-1].isdigit():
        raise ValueError(f"'{text}' could be minutes or months: {text[:-1]}min or {text[:-1]}mo?")
    span = span_literal(text)
    if not timedelta(milliseconds=1) <= span <= _LONGEST:
        raise ValueError("a span lies between 1s and 60y")
    return Span(text=text, elapsed_ms=span // timedelta(milliseconds=1))


def lasted(first: int, last: int) -> str:
    """How much time lies between two instants, cut down to whole years, months, days or hours."""
    hours = max(last - first, 0) // 3_600_000
    for text, size, least in (("y", 8_766, 2), ("mo", 730, 2), ("d", 24, 2)):
        if hours >= least * size:
            return f"{hours // size}{text}"
    return f"{hours}h"


def read_window(text: str) -> Window:
    """A window: a span, ``20 sessions``, ytd, qtd or mtd; ValueError where it is none."""
    if text in _TO_DATE:
        return _TO_DATE[text]
    if match := _SESSIONS.fullmatch(text):
        if not 0 < int(match[1]) <= 15_000:
            raise ValueError("a window has between 1 and 15000 sessions")
        return Sessions(text=text, count=int(match[1]))
    return read_span(text)


@lru_cache(maxsize=4096)
def _months_back(instant: int, months: int) -> int:
    return to_ms(calendar.back(from_ms(instant), months=months))


@lru_cache(maxsize=4096)
def _midnight(day: date) -> int:
    return to_ms(calendar.start_of(day))


def _session_back(day: date, count: int) -> date:
    return calendar.NYSE.session_day(calendar.NYSE.session_number(day) - count)
