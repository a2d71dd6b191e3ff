"""What a query finds, in numbers: whose alerts, what became of them, how fast they were told."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from bot.store.alerts import MATCHES
from bot.store.chat import Votes
from bot.store.conditions import conditions_of, speaks_of_fates
from bot.store.outbox import Delivery
from bot.store.pieces import Sql
from bot.store.query import Query, Term
from bot.store.searchable import dashed
from bot.store.searching import Search

_MOST_TICKERS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """Counts by name, the greatest first.

    by_fate: of matches that were held back too, where the query says nothing of fates.
    by_ticker: the ten with the most.  messages: by how far their delivery is.
    median_ms, p95_ms: from queued to sent, of those sent by themselves; None where there is none.
    votes: by rule.
    """

    total: int
    by_rule: Mapping[str, int]
    by_kind: Mapping[str, int]
    by_severity: Mapping[str, int]
    by_fate: Mapping[str, int]
    by_ticker: Mapping[str, int]
    messages: Mapping[str, int]
    median_ms: int | None
    p95_ms: int | None
    votes: Mapping[str, Votes]

    @property
    def failed(self) -> int:
        """Messages that were refused for good."""
        return self.messages.get(Delivery.DEAD, 0)


def stats_of(connection: sqlite3.Connection, query: Query) -> Stats:
    """The numbers of what a query finds."""
    with _kept(connection, query):
        sorts = _pairs(connection, "SELECT sort, COUNT(*) FROM found GROUP BY sort")
        times = _times(connection)
        return Stats(
            total=sum(sorts.values()),
            **{f"by_{name}": _counted(connection, sorts, name) for name in _NAMES},
            by_fate=_counted(connection, _sorts(connection, _any_fate(query)), "fate"),
            by_ticker=_pairs(
                connection,
                "SELECT ticker, COUNT(*) FROM found WHERE ticker IS NOT NULL GROUP BY ticker "
                f"ORDER BY 2 DESC, 1 LIMIT {_MOST_TICKERS}",
            ),
            messages=_pairs(
                connection, "SELECT state, COUNT(*) FROM told GROUP BY state ORDER BY 2 DESC, 1"
            ),
            median_ms=_quantile(times, 0.5),
            p95_ms=_quantile(times, 0.95),
            votes=_votes(connection),
        )


_NAMES = ("rule", "kind", "severity")


def _any_fate(query: Query) -> Query:
    if any(speaks_of_fates(term) for term in query.terms):
        return query
    fates = Term(field="fate", values=tuple(dashed(fate) for fate in MATCHES))
    return replace(query, terms=(*query.terms, fates))


@contextmanager
def _kept(connection: sqlite3.Connection, query: Query) -> Iterator[None]:
    """What a query finds and what was told of it, looked for once, for as long as it is counted."""
    source = _source(connection, query)
    try:
        connection.execute(
            "CREATE TEMP TABLE found AS "
            f"SELECT x.id, x.sort, x.ticker, x.message_id FROM {source.text}",
            source.parameters,
        )
        connection.execute(
            "CREATE TEMP TABLE told AS SELECT o.state, o.sent_at - o.created_at AS took FROM "
            "(SELECT DISTINCT message_id FROM found) f JOIN outbox o USING (message_id)"
        )
        yield
    finally:
        connection.execute("DROP TABLE IF EXISTS temp.found")
        connection.execute("DROP TABLE IF EXISTS temp.told")


def _source(connection: sqlite3.Connection, query: Query) -> Sql:
    asked = conditions_of(connection, query)
    return Search(connection=connection, asked=asked, sort=query.sort).source()


def _pairs(
    connection: sqlite3.Connection, statement: str, parameters: Sequence[Any] = ()
) -> dict[Any, int]:
    return dict(connection.execute(statement, parameters).fetchall())


def _sorts(connection: sqlite3.Connection, query: Query) -> dict[int, int]:
    source = _source(connection, query)
    statement = f"SELECT x.sort, COUNT(*) FROM {source.text} GROUP BY x.sort"
    return _pairs(connection, statement, source.parameters)


def _counted(connection: sqlite3.Connection, sorts: Mapping[int, int], name: str) -> dict[str, int]:
    counts = Counter[str]()
    for number, held in connection.execute(f"SELECT id, {name} FROM alert_sorts"):
        if number in sorts:
            counts[str(held)] += sorts[number]
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _times(connection: sqlite3.Connection) -> list[int]:
    statement = "SELECT took FROM told WHERE state = 'sent' AND took IS NOT NULL ORDER BY 1"
    return [time for (time,) in connection.execute(statement)]


def _quantile(ordered: Sequence[int], share: float) -> int | None:
    """The smallest that this share of them does not exceed."""
    if not ordered:
        return None
    return ordered[max(0, -int(-len(ordered) * share // 1) - 1)]


def _votes(connection: sqlite3.Connection) -> dict[str, Votes]:
    rows = connection.execute(
        "SELECT s.rule, SUM(v.up), SUM(1 - v.up) FROM votes v "
        "JOIN found f ON f.id = v.alert JOIN alert_sorts s ON s.id = f.sort "
        "GROUP BY s.rule ORDER BY s.rule"
    )
    return {rule: Votes(up=up, down=down) for rule, up, down in rows}
