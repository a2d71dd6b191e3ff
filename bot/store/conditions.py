"""A query as SQL conditions on one row of ``alerts``, called x."""

import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from bot.clock import to_ms
from bot.rules.fire import Fate
from bot.store.alerts import place_of
from bot.store.called import channels
from bot.store.messages import Delivery
from bot.store.pieces import OF_A_SORT, Sql, among, joined, of_sort, signed
from bot.store.query import Query, Term
from bot.store.said import is_said, said, unsaid, words_asked
from bot.store.searchable import BY_NAME, NO_CHANNEL

FIRST, END = 0, 2**63 - 1
"""Places before and behind all alerts."""

_COLUMNS = {"value": "value_cents", "shares": "shares", "change": "change_ratio"}
_MESSAGE = "SELECT 1 FROM outbox o WHERE o.message_id = x.message_id"
_ACKED = "SELECT 1 FROM acks k WHERE k.alert = COALESCE(x.message_id, x.id)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """Everything that a query asks.

    sorts: the numbers of the sorts of alerts that fit.  total: how many alerts are of them, of
    ``all`` that there are.  first, end: places from the first to before the end.
    words: what the index of words is asked, None where it is not.
    rows: what must hold of each row besides.  dear: what must, too, and is costly to look at.
    ways: each a SELECT of the places that one condition lets through, which may be few; a place
    may come several times.
    tickers: one of these, None: any.
    """

    sorts: tuple[int, ...]
    total: int
    all: int
    first: int
    end: int
    words: str | None
    tickers: tuple[str, ...] | None
    rows: tuple[Sql, ...]
    dear: tuple[Sql, ...]
    ways: tuple[Sql, ...]

    @property
    def everything(self) -> bool:
        """Whether all alerts are of a sort that fits."""
        return self.total == self.all

    @property
    def always(self) -> bool:
        """Whether it is about all of time."""
        return (self.first, self.end) == (FIRST, END)

    @property
    def only_sorts(self) -> bool:
        """Whether nothing but the sort of an alert decides."""
        besides = self.rows or self.dear or self.words is not None or self.tickers is not None
        return self.always and not besides

    def where(self, *, words: bool = True) -> Sql:
        """All conditions on a row.  words: False where the index of words led to it.

        A plus keeps SQLite from looking for an index: how to come to the row is decided already.
        """
        pieces = [Sql("x.place >= ? AND x.place < ?", (self.first, self.end)), *self.rows]
        if not self.everything:
            pieces.append(Sql(f"+x.sort IN ({', '.join(map(str, self.sorts))})"))
        if self.tickers is not None:
            pieces.append(among("+x.ticker", self.tickers))
        if words and self.words is not None:
            pieces.append(said(self.words))
        return joined([*pieces, *self.dear])


def conditions_of(connection: sqlite3.Connection, query: Query) -> Conditions:
    """What a query asks of the alerts of a store, which knows the sorts there are."""
    query = replace(query, terms=tuple(_by_any_name(connection, each) for each in query.terms))
    held, all_ = _sorts(connection, query)
    sorts = _reaching(connection, held, query)
    first, end = bounds_of(query)
    words = words_asked(connection, query, all_)
    rows, dear, ways = list[Sql](), list[Sql](), list[Sql]()
    for term in query.terms:
        if (made := _ROWS.get(term.field)) and not _of_mute(term):
            (rows if term.field in _CHEAP else dear).append(made(term))
        excluded = _EXCLUDED.get(term.field) if term.negated else None
        if excluded and not (words is not None and is_said(term)):
            (rows if term.field in _CHEAP else dear).append(excluded(term))
        if term.field == "status" and (to_state := _way_of_status(term, sorts)):
            ways.append(to_state)
        if not term.negated and (way := _WAYS.get(term.field)):
            ways += [found] if (found := way(term)) else []
    return Conditions(
        sorts=sorts,
        total=sum(held[number] for number in sorts),
        all=all_,
        first=first,
        end=end,
        words=words,
        tickers=_tickers(query),
        rows=tuple(rows),
        dear=tuple(dear),
        ways=tuple(ways),
    )


# What an alert shares with many.


def speaks_of_fates(term: Term) -> bool:
    """Whether it asks for matches that were held back, too."""
    muted = "muted" in term.values and not term.negated
    return term.field == "fate" or (term.field in ("is", "status") and muted)


def _sorts(connection: sqlite3.Connection, query: Query) -> tuple[dict[int, int], int]:
    """How many alerts there are of each sort that fits, and how many there are at all."""
    pieces = [of_sort(term) for term in query.terms if term.field in OF_A_SORT]
    pieces += [muted for term in query.terms if (muted := _of_mute(term))]
    if not any(speaks_of_fates(term) for term in query.terms):
        pieces.append(among("fate", (str(Fate.FIRED),)))
    where = joined(pieces or [Sql("true")])
    rows = connection.execute(
        f"SELECT id, total, ({where.text}) FROM alert_sorts", where.parameters
    ).fetchall()
    return {number: total for number, total, fits in rows if fits}, sum(row[1] for row in rows)


def _reaching(
    connection: sqlite3.Connection, sorts: Iterable[int], query: Query
) -> tuple[int, ...]:
    """Those of which an alert has a value as it is asked for: what the Fed says has none."""
    asked = [term for term in query.terms if term.field == "value" and not term.negated]
    if not asked:
        return tuple(sorts)
    within = joined([_range("a.value_cents", term) for term in asked])
    rows = connection.execute(
        "SELECT k.value FROM json_each(?) k WHERE EXISTS (SELECT 1 FROM alerts a "
        f"INDEXED BY alerts_value WHERE a.sort = k.value AND {within.text})",
        (json.dumps(list(sorts)), *within.parameters),
    )
    return tuple(number for (number,) in rows)


def _of_mute(term: Term) -> Sql | None:
    """``is:muted`` and ``status:muted`` are about the fate, where they are about nothing else."""
    if term.field in ("is", "status") and term.values == ("muted",):
        return signed(among("fate", (str(Fate.MUTED),)), term)
    return None


# Where in time.


def bounds_of(query: Query) -> tuple[int, int]:
    """The first place that a query asks for, and the one behind the last."""
    within = [term for term in query.terms if term.field == "on" and not term.negated]
    first = max((place_of(to_ms(t.low)) for t in within if t.low), default=FIRST)
    end = min((place_of(to_ms(t.high)) for t in within if t.high), default=END)
    return first, end


def outside(term: Term, place: str = "x.place") -> Sql:
    """Not within the time of a term."""
    low = FIRST if term.low is None else place_of(to_ms(term.low))
    high = END if term.high is None else place_of(to_ms(term.high))
    return Sql(f"NOT ({place} >= ? AND {place} < ?)", (low, high))


# The rest, row by row.


def _tickers(query: Query) -> tuple[str, ...] | None:
    """Those that every term about tickers lets through; None: any."""
    asked = [t.values for t in query.terms if t.field == "ticker" and not t.negated]
    if not asked:
        return None
    return tuple(ticker for ticker in asked[0] if all(ticker in each for each in asked))


def _other_tickers(term: Term) -> Sql:
    return signed(among("+x.ticker", term.values), term)


def _measured(term: Term) -> Sql:
    return signed(_range(f"+x.{_COLUMNS[term.field]}", term), term)


def _range(column: str, term: Term) -> Sql:
    if term.values:
        return among(column, term.values)
    bounds = []
    if term.low is not None:
        bounds.append(Sql(f"{column} {'>' if term.open_low else '>='} ?", (term.low,)))
    if term.high is not None:
        bounds.append(Sql(f"{column} {'<' if term.open_high else '<='} ?", (term.high,)))
    return joined(bounds)


def _id(term: Term) -> Sql:
    return signed(among("+x.id", term.values), term)


def _channel(term: Term) -> Sql:
    names = _channel_names(term)
    where = joined([among("o.channel", names), among("o.place", names)], " OR ")
    return signed(Sql(f"EXISTS ({_MESSAGE} AND ({where.text}))", where.parameters), term)


def _channel_names(term: Term) -> tuple[str, ...]:
    bare = [str(value).lstrip("#") for value in term.values]
    return (*bare, *(f"#{name}" for name in bare))


def _by_any_name(connection: sqlite3.Connection, term: Term) -> Term:
    """A channel by its name and by Slack's id, as far as some message told that they are one.

    A message that was not sent by itself, as one in a digest, knows only what its route called it.
    """
    if term.field != "in":
        return term
    places = channels(connection)
    asked = set(_channel_names(term))
    ids = {place for name, place in places if name in asked or place in asked}
    names = [name for name, place in places if place in ids]
    return replace(term, values=tuple(dict.fromkeys((*term.values, *names, *sorted(ids)))))


def _by(term: Term) -> Sql:
    names = tuple(str(value).lstrip("@") for value in term.values)
    where = joined([among("k.user", names), among("k.name", names)], " OR ")
    return signed(Sql(f"EXISTS ({_ACKED} AND ({where.text}))", where.parameters), term)


def _status(term: Term) -> Sql:
    pieces = list[Sql]()
    if states := BY_NAME["status"].meaning(term.values):
        where = among("o.state", states)
        pieces.append(Sql(f"EXISTS ({_MESSAGE} AND {where.text})", where.parameters))
    if NO_CHANNEL in term.values:
        pieces.append(Sql(f"NOT EXISTS ({_MESSAGE})"))
    if "muted" in term.values:
        muted = among("fate", (str(Fate.MUTED),))
        pieces.append(
            Sql(f"+x.sort IN (SELECT id FROM alert_sorts WHERE {muted.text})", muted.parameters)
        )
    return signed(joined(pieces, " OR "), term)


def _is(term: Term) -> Sql:
    held = {
        "acked": Sql(f"EXISTS ({_ACKED})"),
        "unacked": Sql(f"NOT EXISTS ({_ACKED})"),
        "muted": Sql("+x.sort IN (SELECT id FROM alert_sorts WHERE fate = ?)", (str(Fate.MUTED),)),
        "corrected": Sql("EXISTS (SELECT 1 FROM corrections k WHERE k.alert = x.id)"),
        "test": Sql("false"),  # a test is no alert
    }
    return signed(joined([held[value] for value in term.values], " OR "), term)


_ROWS: dict[str, Callable[[Term], Sql]] = {
    "value": _measured,
    "shares": _measured,
    "change": _measured,
    "id": _id,
    "in": _channel,
    "by": _by,
    "status": _status,
    "is": _is,
}

_CHEAP = {"value", "id", "ticker", "on"}
"""What the indexes that alerts are looked at in order by tell themselves."""

_EXCLUDED: dict[str, Callable[[Term], Sql]] = {
    "ticker": _other_tickers,
    "text": unsaid,
    "who": unsaid,
    "on": outside,
}
"""What holds where a term of these is negated; else they are looked for in other ways."""


# Ways to few.


def _way_of_range(term: Term) -> Sql:
    column = _COLUMNS[term.field]
    where = _range(column, term)
    return Sql(f"SELECT place FROM alerts WHERE {where.text}", where.parameters)


def _way_of_ids(term: Term) -> Sql:
    where = among("id", term.values)
    return Sql(f"SELECT place FROM alerts WHERE {where.text}", where.parameters)


def _way_of_status(term: Term, sorts: Iterable[int]) -> Sql | None:
    """By the states that fit; alerts without a message, of these sorts, have their own index."""
    if "muted" in term.values:
        return None
    states, without = set(BY_NAME["status"].meaning(term.values)), NO_CHANNEL in term.values
    if term.negated:
        states, without = {str(each) for each in Delivery} - states, not without
    ways = [_of_messages(among("o.state", sorted(states)))] if states else []
    if without:
        of_sorts = f"sort IN ({', '.join(map(str, sorts))})"
        untold = f"SELECT place FROM alerts WHERE message_id IS NULL AND {of_sorts}"
        ways.append(Sql(untold))
    parameters = tuple(value for way in ways for value in way.parameters)
    return Sql(" UNION ALL ".join(way.text for way in ways), parameters) if ways else None


def _way_of_channel(term: Term) -> Sql:
    names = _channel_names(term)
    ways = [_of_messages(among(column, names)) for column in ("o.channel", "o.place")]
    parameters = tuple(value for way in ways for value in way.parameters)
    return Sql(" UNION ALL ".join(way.text for way in ways), parameters)


def _way_of_acks(term: Term) -> Sql:
    names = tuple(str(value).lstrip("@") for value in term.values)
    where = (
        joined([among("k.user", names), among("k.name", names)], " OR ")
        if term.field == "by"
        else Sql("true")
    )
    return Sql(
        "SELECT a.place FROM acks k CROSS JOIN alerts a ON a.message_id = k.alert "
        f"WHERE {where.text} UNION ALL SELECT a.place FROM acks k CROSS JOIN alerts a "
        f"ON a.id = k.alert WHERE {where.text}",
        where.parameters * 2,
    )


def _way_of_is(term: Term) -> Sql | None:
    if term.values == ("corrected",):
        return Sql("SELECT a.place FROM corrections k CROSS JOIN alerts a ON a.id = k.alert")
    return _way_of_acks(term) if term.values == ("acked",) else None


def _of_messages(where: Sql) -> Sql:
    return Sql(
        "SELECT a.place FROM outbox o CROSS JOIN alerts a ON a.message_id = o.message_id "
        f"WHERE {where.text}",
        where.parameters,
    )


_WAYS: dict[str, Callable[[Term], Sql | None]] = {
    "value": _way_of_range,
    "shares": _way_of_range,
    "change": _way_of_range,
    "id": _way_of_ids,
    "in": _way_of_channel,
    "by": _way_of_acks,
    "is": _way_of_is,
}
