"""Signals from a person's own trades: routine, first in years, change of sides, months in a row.

Months and order go by the day of trade, what counts by what was known when the filing was accepted.
Several trades of a person on one day and side are one event.
"""

from datetime import date

from bot.clock import from_day_number, new_york_day, to_ms
from bot.insider.signals.past import Past, Person, day_of

STREAK = 5
"""Events on one side after which the other side is a reversal."""

_OTHER: dict[str | None, str] = {"buy": "sell", "sell": "buy"}


def trading_pattern(trade: Past, person: Person) -> str | None:
    """``routine`` or ``opportunistic``: Cohen, Malloy and Pomorski, Decoding Inside Information,
    Journal of Finance 2012.

    Set on 1 January of the trade's year by the purchases and sales made in the three years before,
    and the same for all of that year but for what later filings tell of those years: trades of late
    December, filed in January, count.  Without a trade in each of the three years: None.  Some
    month that was traded in all three: routine.  Else opportunistic, where those years are loaded
    whole; a month that is not known may make a routine.
    """
    day = day_of(trade)
    if day is None:
        return None
    traded = person.months["buy"] | person.months["sell"]
    first, second, third = (
        {month for year, month in traded if year == day.year - back} for back in (3, 2, 1)
    )
    if not (first and second and third):
        return None
    if first & second & third:
        return "routine"
    return "opportunistic" if person.complete_since(date(day.year - 3, 1, 1)) else None


def first_in_years(trade: Past, person: Person) -> float | None:
    """Years since the day of the person's previous trade on this side, at least.

    Where no trade is known, or history is not loaded back to it, the years that are loaded; None
    where none is.
    """
    if trade.traded_on is None:
        return None
    day, since = from_day_number(trade.traded_on), person.loaded_since
    if since is None or since > day:
        return None
    earlier = [each for each in person.days[trade.side] if each < trade.traded_on]
    previous = from_day_number(earlier[-1]) if earlier else since
    return years_between(max(previous, since), day)


def reversal(trade: Past, person: Person) -> bool | None:
    """Whether a person changed sides: after five events or more on the other, or by a purchase
    after a sale that was known in the last 18 months.

    No holds of the history that is loaded, and takes 18 months of it; yes after five events takes
    all since the first of the five.
    """
    if trade.traded_on is None:
        return None
    if trade.side == "buy" and _sold_lately(trade.traded_on, person):
        return True
    same = [day for day in person.days[trade.side] if day < trade.traded_on]
    turned = same[-1] if same else None
    streak = [
        day
        for day in person.days[_OTHER[trade.side]]
        if day < trade.traded_on and (turned is None or day > turned)
    ]
    if len(streak) >= STREAK:
        return True if person.complete_since(from_day_number(streak[-STREAK])) else None
    return False if person.complete_since(new_york_day(person.window_start)) else None


def _sold_lately(traded_on: int, person: Person) -> bool:
    after = to_ms(person.window_start)
    return any(
        each.side == "sell"
        and each.known_at > after
        and each.traded_on is not None
        and each.traded_on < traded_on
        for each in person.trades
    )


def sequence_months(trade: Past, person: Person) -> int | None:
    """Calendar months in a row, up to the trade's, with a trade of the person on this side
    (Biggerstaff, Cicero and Wintoki 2020).

    None where the month before the first of them is not loaded whole: there may be more.
    """
    day = day_of(trade)
    if day is None:
        return None
    months, count = person.months[trade.side], 1
    while (before := _months_before(day, count)) in months:
        count += 1
    return count if person.complete_since(date(*before, 1)) else None


def _months_before(day: date, count: int) -> tuple[int, int]:
    """Year and month so many months before a day's."""
    year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    return year, month + 1


def years_between(start: date, end: date) -> float:
    """Years by the calendar: whole on each anniversary, between two by days."""
    whole = end.year - start.year - (_anniversary(start, end.year) > end)
    last = _anniversary(start, start.year + whole)
    next_one = _anniversary(start, start.year + whole + 1)
    return whole + (end - last) / (next_one - last)


def _anniversary(day: date, year: int) -> date:
    """The same day in another year; for 29 February the 28th where there is none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)
