"""Literals of the rule language, read the same way in conditions, options and tests."""

import re
from datetime import date, timedelta
from decimal import Decimal

from bot.rules.grammar import Mistake

_UNITS = {
    "s": timedelta(seconds=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_MAGNITUDES = {"": 0, "k": 3, "m": 6, "b": 9, "t": 12}
LARGEST = Decimal(10) ** 15
"""No number of a rule is larger: cents of it still fit the whole numbers of every SQL engine."""

_SPAN = re.compile(r"(\d+(?:\.\d+)?)(s|min|h|d|w)", re.ASCII)
_MONEY = re.compile(r"(-?)\$(\d+(?:_\d+)*(?:\.\d+)?)([kKmMbBtT]?)", re.ASCII)
_PERCENT = re.compile(r"(-?\d+(?:_\d+)*(?:\.\d+)?)%", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NUMBER = re.compile(r"-?(?:\d+(?:_\d+)*(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)


def span_literal(text: str) -> timedelta:
    """A span of elapsed time: 90d, 2h, 30min; ValueError where it is none."""
    if not (match := _SPAN.fullmatch(text)):
        raise ValueError(f"{text!r} is no span of time")
    try:
        return float(match[1]) * _UNITS[match[2]]
    except OverflowError:
        raise ValueError(f"{text!r} is too long a span") from None


def money_literal(text: str) -> Decimal:
    """An amount in dollars: $20M, -$9.4k, $1_000; ValueError where it is none."""
    if not (match := _MONEY.fullmatch(text)):
        raise ValueError(f"{text!r} is no amount of money")
    sign, digits, letter = match.groups()
    dollars = Decimal(digits.replace("_", "")).scaleb(_MAGNITUDES[letter.lower()])
    return _bounded(text, -dollars if sign else dollars)


def percent_literal(text: str) -> Decimal:
    """A ratio written as a percentage: 5% is 0.05; ValueError where it is none."""
    if not (match := _PERCENT.fullmatch(text)):
        raise ValueError(f"{text!r} is no percentage")
    return _bounded(text, Decimal(match[1].replace("_", "")) / 100)


def number_literal(text: str) -> Decimal:
    """A plain number: 20, 0.25, 1e6, 1_000; ValueError where it is none."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is no number")
    return _bounded(text, Decimal(text.replace("_", "")))


def _bounded(text: str, number: Decimal) -> Decimal:
    if abs(number) > LARGEST:
        raise ValueError(f"{text!r} is larger than 1e15")
    return number


def day_literal(text: str, offset: int = 0) -> date:
    """A day: 2025-05-01; Mistake where there is no such day."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Mistake(offset, f"there is no day {text}", "write year-month-day: 2025-09-23")


def padded_cik(text: str, offset: int = 0) -> str:
    """A CIK as EDGAR keys it, ten digits; Mistake where it is none."""
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise Mistake(offset, f"'{text}' is no CIK", "a CIK has up to ten digits: 0000320193")
    return text.zfill(10)
