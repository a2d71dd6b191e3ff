"""Values as people write them in lists and tests, read by the type of the field they belong to."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from bot.clock import NEW_YORK
from bot.facts import Field, Type
from bot.numbers import to_cents
from bot.rules.grammar import Mistake
from bot.rules.literals import (
    day_literal,
    money_literal,
    number_literal,
    padded_cik,
    percent_literal,
    span_literal,
)
from bot.rules.problems import did_you_mean

NOON = time(12)
EARLIEST, LATEST = 1934, 2100  # since the Securities Exchange Act
_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?: ?(Z|ET|[+-]\d\d:\d\d|[A-Za-z]+))?", re.ASCII
)


def read_value(text: str, field: Field) -> Any:
    """The value of a field as Python holds it; Mistake where the text is none."""
    if field.words and text not in field.words:
        what = f"'{text}' is no word of {field.name} ({', '.join(field.words)})"
        otherwise = f"one of: {', '.join(field.words)}"
        raise Mistake(0, what, did_you_mean(text, field.words, otherwise=otherwise))
    read = _READERS.get(field.type)
    if read is None:
        return text
    try:
        return read(text)
    except ValueError as error:
        raise Mistake(0, f"{field.name}: {error}", f"write {_EXAMPLES[field.type]}") from None


def read_instant(text: str) -> datetime:
    """An instant in a test: a bare date is 12:00 New York, a clock time needs its zone."""
    if not (match := _INSTANT.fullmatch(text)):
        return datetime.combine(_near_day(text), NOON, NEW_YORK)
    day, clock_time, zone = match.groups()
    _near_day(day)
    if zone is None:
        raise Mistake(0, f"'{text}' has no time zone", f"write {day} {clock_time} ET, or with Z")
    if zone.isalpha() and zone not in ("Z", "ET"):
        mend = f"write {day} {clock_time} ET, or with Z for UTC"
        raise Mistake(0, f"'{zone}' is no time zone here", mend)
    try:
        if zone == "ET":
            return _in_new_york(datetime.fromisoformat(f"{day}T{clock_time}"), text)
        return datetime.fromisoformat(f"{day}T{clock_time}{zone}")
    except ValueError:
        raise Mistake(0, f"there is no instant {text}", "write 2025-09-23 18:02 ET") from None


def _in_new_york(wall: datetime, text: str) -> datetime:
    """What the clocks of New York show; Mistake where they show it never or twice."""
    first, second = (wall.replace(tzinfo=NEW_YORK, fold=fold) for fold in (0, 1))
    if first.astimezone(UTC).astimezone(NEW_YORK).replace(tzinfo=None) != wall:
        mend = "clocks are put forward in that hour: write an hour later"
        raise Mistake(0, f"there is no instant {text}", mend)
    if first.utcoffset() != second.utcoffset():
        mend = f"write {wall:%Y-%m-%d %H:%M}-04:00, or -05:00 for the second time"
        raise Mistake(0, f"{text} comes twice, when clocks are put back", mend)
    return first


def _near_day(text: str) -> date:
    """A day about which the bot can know something: calendars end somewhere."""
    day = day_literal(text)
    if not EARLIEST <= day.year <= LATEST:
        raise Mistake(0, f"{text} is too far away", f"use a year from {EARLIEST} to {LATEST}")
    return day


def _money(text: str) -> int:
    return to_cents(_dollars(text))


def _price(text: str) -> float:
    return float(_dollars(text))


def _dollars(text: str) -> Decimal:
    if text.startswith("$-"):
        raise ValueError(f"in {text!r} the minus stands behind the '$', not in front of it")
    return money_literal(text) if "$" in text else number_literal(text)


def _ratio(text: str) -> float:
    return float(percent_literal(text) if text.endswith("%") else number_literal(text))


def _number(text: str) -> float:
    return float(number_literal(text))


def _count(text: str) -> int:
    number = number_literal(text)
    if number != number.to_integral_value():
        raise ValueError(f"{text!r} is no whole number")
    return int(number)


def _span(text: str) -> float:
    return span_literal(text).total_seconds() if text[-1:].isalpha() else _number(text)


def _yes_no(text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError(f"{text!r} is neither yes nor no")
    return text == "yes"


_READERS: dict[Type, Callable[[str], Any]] = {
    Type.MONEY: _money,
    Type.PRICE: _price,
    Type.RATIO: _ratio,
    Type.PERCENT: _number,
    Type.BASIS_POINTS: _number,
    Type.NUMBER: _number,
    Type.COUNT: _count,
    Type.SPAN: _span,
    Type.YES_NO: _yes_no,
    Type.DATE: day_literal,
    Type.INSTANT: read_instant,
    Type.CIK: padded_cik,
}
_EXAMPLES: dict[Type, str] = {
    Type.MONEY: "$9.4M",
    Type.PRICE: "$145.06",
    Type.RATIO: "107% or 1.07",
    Type.PERCENT: "4.25",
    Type.BASIS_POINTS: "25",
    Type.NUMBER: "64800 or 0.25",
    Type.COUNT: "3",
    Type.SPAN: "90s or 2h",
    Type.YES_NO: "yes or no",
}
