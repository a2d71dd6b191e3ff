"""The words of a question about past alerts: OKLO, rule:large-officer-sale, since:90d, last 20."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.calendar import start_of
from bot.clock import from_ms, new_york_day, to_ms
from bot.errors import QueryError
from bot.rules.problems import did_you_mean
from bot.rules.spans import read_span
from bot.store import HistoryQuery

_TICKER = re.compile(r"\$?([A-Z]{1,6}(?:[.\-][A-Z]{1,2})?)")
_TERM = re.compile(r"last\s+\S+|\S+")
_FIELDS = ("ticker", "rule", "since", "last")
_MOST = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """A query as far as it was read."""

    query: HistoryQuery
    said: tuple[str, ...] = ()


def read_query(text: str, *, now: datetime) -> tuple[HistoryQuery, str]:
    """The query that a text asks, and the same in its plainest words.

    Raises QueryError with what is wrong and how to say it.
    """
    reading = _Reading(query=HistoryQuery())
    for term in _TERM.findall(text.strip()):
        reading = _with(reading, term, now)
    return reading.query, " ".join(reading.said) or f"last {reading.query.limit}"


def _with(reading: _Reading, term: str, now: datetime) -> _Reading:
    if len(words := term.split()) == 2:
        return _with_field(reading, "last", words[1], now)
    field, colon, value = term.partition(":")
    if colon:
        return _with_field(reading, field.lower(), value, now)
    if found := _TICKER.fullmatch(term):
        return _with_field(reading, "ticker", found[1], now)
    what = f"I do not know '{term}'"
    raise _error(what, "a ticker is written in capitals; try: OKLO since:90d, rule:ID, last 20")


def _with_field(reading: _Reading, field: str, value: str, now: datetime) -> _Reading:
    query = reading.query
    if field not in _FIELDS:
        mend = did_you_mean(field, _FIELDS, otherwise=f"there are: {', '.join(_FIELDS)}")
        raise _error(f"I do not know '{field}:'", mend)
    if not value:
        raise _error(f"'{field}:' needs a value", f"such as {_EXAMPLES[field]}")
    if any(said.split(":")[0].split(" ")[0] == field for said in reading.said):
        raise _error(f"'{field}' is there twice", "give it once")
    match field:
        case "ticker":
            query = replace(query, ticker=value.upper().lstrip("$").replace(".", "-"))
            said = f"ticker:{query.ticker}"
        case "rule":
            query, said = replace(query, rule=value), f"rule:{value}"
        case "since":
            query, said = replace(query, since=_since(value, now)), f"since:{value}"
        case _:
            query = replace(query, limit=_limit(value))
            said = f"last {query.limit}"
    return _Reading(query=query, said=(*reading.said, said))


_EXAMPLES = {
    "ticker": "ticker:OKLO",
    "rule": "rule:large-officer-sale",
    "since": "since:90d or since:2025-09-01",
    "last": "last 20",
}


def _since(value: str, now: datetime) -> datetime:
    if value in ("today", "yesterday"):
        return start_of(new_york_day(now) - timedelta(days=value == "yesterday"))
    try:
        return start_of(date.fromisoformat(value))
    except ValueError:
        pass
    try:
        span = read_span(value)
    except ValueError as error:
        mend = "try since:90d, since:2025-09-01, since:yesterday; units: min h d w mo y"
        raise _error(f"'{value}' is no date I know ({error})", mend) from error
    return from_ms(span.before(to_ms(now)))


def _limit(value: str) -> int:
    if not value.isdecimal() or len(value) > 9 or not 0 < int(value) <= _MOST:
        raise _error(f"'last {value}' is no number of alerts", f"last 1 to last {_MOST}")
    return int(value)


def _error(what: str, mend: str) -> QueryError:
    return QueryError(what, where="query", mend=mend)
