"""Time that passes only while the New York Stock Exchange trades, for rules with ``during``."""

from datetime import datetime, timedelta

from bot.calendar import NYSE
from bot.clock import from_ms, new_york_day, to_ms
from bot.rules.spans import Span

_MILLISECOND = timedelta(milliseconds=1)


def market_is_open(instant: int) -> bool:
    """Whether the exchange trades: its opening counts, its close does not."""
    return NYSE.is_open(from_ms(instant))


def market_after(span: Span, instant: int) -> int:
    """The instant inside a session at which so much open time has passed.

    Months and years go by the calendar; what ends outside a session ends at the next opening.
    """
    if span.months:
        return _opened(span.after(instant), 0)
    return _opened(instant, span.elapsed_ms)


def _opened(instant: int, left: int) -> int:
    at = from_ms(instant)
    number = NYSE.session_number(new_york_day(at))
    while True:
        opens, closes = _hours(number)
        start = max(at, opens)
        if start < closes:
            open_for = (closes - start) // _MILLISECOND
            if left < open_for:
                return to_ms(start) + left
            left -= open_for
        number += 1


def _hours(number: int) -> tuple[datetime, datetime]:
    day = NYSE.session_day(number)
    return NYSE.open_at(day), NYSE.close_at(day)
