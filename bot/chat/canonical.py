"""A query in its plainest words, which read the same, and in words for a reader."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bot.clock import NEW_YORK
from bot.numbers import money_text, number_text, percent_text
from bot.store.query import Query, Sort, Term
from bot.store.searchable import BY_NAME, Holds

_PLAIN = re.compile(r"[\w#@$./&+-]+")
_MAGNITUDES = ((9, "b"), (6, "m"), (3, "k"))
_SECOND_LAST = timedelta(seconds=1)
_RECENT = timedelta(days=3)


def canonical(query: Query) -> str:
    """The query as it could have been typed; reading it gives the same, whatever our data know.

    Its instants are fixed, so it means the same at any later time and in any time zone.
    """
    said = [term_text(term) for term in query.terms]
    if query.sort is not Sort.NEW:
        said.append(f"sort:{query.sort}")
    if query.limit is not None:
        said.append(f"limit:{query.limit}")
    return " ".join(said)


def term_text(term: Term) -> str:
    """One term as it could have been typed."""
    sign = "-" if term.negated else ""
    if term.field == "on":
        return sign + _dates_text(term)
    if term.values:
        return sign + _values_text(term)
    low, high = (None if bound is None else _amount(term, bound) for bound in (term.low, term.high))
    if low is not None and high is not None and not (term.open_low or term.open_high):
        return f"{sign}{term.field}:{low}..{high}"
    bounds = [(">", term.open_low, low), ("<", term.open_high, high)]
    return " ".join(
        f"{sign}{term.field}:{compares}{'' if is_open else '='}{bound}"
        for compares, is_open, bound in bounds
        if bound is not None
    )


def _dates_text(term: Term) -> str:
    low, high = (bound and _instant(bound) for bound in (term.low, term.high))
    if low and high:
        return f"on:{low}..{high}"
    return f"since:{low}" if low else f"until:{high}"


def _values_text(term: Term) -> str:
    if term.field == "id":
        return ",".join(f"#{number}" for number in term.values)
    if term.field == "text":
        phrases = ",".join(f'"{value}"' for value in term.values)
        return phrases if len(term.values) == 1 else f"text:{phrases}"
    if BY_NAME[term.field].holds.measured:
        return f"{term.field}:{','.join(_amount(term, value) for value in term.values)}"
    return f"{term.field}:{','.join(quoted(str(value)) for value in term.values)}"


def quoted(value: str) -> str:
    """A value with quotes where it needs them."""
    return value if _PLAIN.fullmatch(value) else f'"{value}"'


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="minutes").replace("+00:00", "Z")


def _amount(term: Term, value: Any) -> str:
    holds = BY_NAME[term.field].holds
    if holds is Holds.PERCENT:
        return f"{_decimal(Decimal(str(value)) * 100)}%"
    return _short(Decimal(value).scaleb(-2) if holds is Holds.MONEY else Decimal(str(value)))


def _short(number: Decimal) -> str:
    """An exact number, with a letter where that is shorter: 1.5m."""
    for exponent, letter in _MAGNITUDES:
        scaled = number.scaleb(-exponent)
        if abs(scaled) >= 1 and scaled * 100 % 1 == 0:
            return _decimal(scaled) + letter
    return _decimal(number)


def _decimal(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# For a reader.


def understood(query: Query, *, now: datetime, zone: ZoneInfo) -> str:
    """How the query was read: OKLO · insider · ≥ $1M · since Aug 24 (ET); empty without terms."""
    days_last = sorted(query.terms, key=lambda term: term.field == "on")
    said = [term_words(term, now=now, zone=zone) for term in days_last]
    if query.sort is not Sort.NEW:
        said.append({Sort.OLD: "oldest first", Sort.VALUE: "greatest value first"}[query.sort])
    if query.limit is not None:
        said.append(f"last {query.limit}" if query.sort is Sort.NEW else f"{query.limit} of them")
    return " · ".join(said)


def term_words(term: Term, *, now: datetime, zone: ZoneInfo) -> str:
    """One term for a reader."""
    if term.field == "on":
        words = _period(term, now, zone)
    elif term.values:
        words = _any_of(term)
    else:
        words = _bounds(term)
    return f"not {words}" if term.negated else words


def _any_of(term: Term) -> str:
    if BY_NAME[term.field].holds.measured:
        return _titled(term, " or ".join(_shown(term, value) for value in term.values))
    if term.field in ("text", "who"):
        named = " or ".join(f"“{value}”" for value in term.values)
        return f"who {named}" if term.field == "who" else named
    if term.field == "id":
        return " or ".join(f"#{number}" for number in term.values)
    if term.field == "role":
        return " or ".join(_role(value) for value in term.values)
    joined = " or ".join(value.replace("-", " ") if _is_word(term) else value
                         for value in map(str, term.values))  # fmt: skip
    return joined if term.field in _SPEAK_FOR_THEMSELVES else f"{_TITLES[term.field]} {joined}"


_SPEAK_FOR_THEMSELVES = ("ticker", "kind", "side", "is", "in")
_TITLES = {
    "rule": "rule", "sev": "severity", "fate": "fate", "status": "delivery",
    "by": "acknowledged by", "value": "", "shares": "shares", "change": "change",
}  # fmt: skip


def _is_word(term: Term) -> bool:
    return BY_NAME[term.field].holds is Holds.WORD


def _role(value: str) -> str:
    return value.upper() if value in ("ceo", "cfo") else value.replace("-", " ")


def _bounds(term: Term) -> str:
    low = None if term.low is None else _shown(term, term.low)
    high = None if term.high is None else _shown(term, term.high)
    if low is not None and high is not None and not (term.open_low or term.open_high):
        return _titled(term, f"{low} to {high}")
    said = []
    if low is not None:
        said.append(f"{'>' if term.open_low else '≥'} {low}")
    if high is not None:
        said.append(f"{'<' if term.open_high else '≤'} {high}")
    return _titled(term, " and ".join(said))


def _titled(term: Term, words: str) -> str:
    return f"{_TITLES[term.field]} {words}".strip()


def _shown(term: Term, value: Any) -> str:
    holds = BY_NAME[term.field].holds
    if holds is Holds.MONEY:
        return money_text(value)
    return percent_text(value, 2) if holds is Holds.PERCENT else number_text(value)


def _period(term: Term, now: datetime, zone: ZoneInfo) -> str:
    low, high = term.low, term.high
    if low is not None and high is not None:
        first, last = low.astimezone(zone), (high - _SECOND_LAST).astimezone(zone)
        whole = _is_midnight(first) and _is_midnight(high.astimezone(zone))
        if whole and first.date() == last.date():
            return f"on {_day(first, now, zone)} ({_zone(first)})"
        return f"{_when(low, now, zone)} to {_until(high, now, zone)} ({_zone(first)})"
    if low is not None:
        return f"since {_when(low, now, zone)} ({_zone(low.astimezone(zone))})"
    return f"until {_until(high, now, zone)} ({_zone(high.astimezone(zone))})"


def _until(end: datetime, now: datetime, zone: ZoneInfo) -> str:
    """A day that is meant whole is named itself, not the midnight that ends it."""
    last = end - _SECOND_LAST if _is_midnight(end.astimezone(zone)) else end
    return _day(last, now, zone) if last != end else _when(end, now, zone)


def _when(instant: datetime, now: datetime, zone: ZoneInfo) -> str:
    """The day, with the time of the day where it is near."""
    local = instant.astimezone(zone)
    near = abs(now - instant) < _RECENT and not _is_midnight(local)
    return _day(instant, now, zone) + (f" {local:%H:%M}" if near else "")


def _day(instant: datetime, now: datetime, zone: ZoneInfo) -> str:
    local = instant.astimezone(zone)
    year = "" if local.year == now.astimezone(zone).year else f", {local.year}"
    return f"{local:%b} {local.day}{year}"


def _is_midnight(local: datetime) -> bool:
    return (local.hour, local.minute) == (0, 0)


def _zone(local: datetime) -> str:
    return "ET" if local.tzinfo == NEW_YORK else local.tzname() or "UTC"
