"""What a query finds, in numbers: whose alerts, what became of them, how fast they were told."""

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
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
    found = _found(connection, query)
    sorts = _sorts(connection, found)
    times = _times(connection, found)
    return Stats(
        total=sum(sorts.values()),
        **{f"by_{name}": _counted(connection, sorts, name) for name in _NAMES},
        by_fate=_counted(connection, _sorts(connection, _found(connection, _any_fate(query))),
                         "fate"),
        by_ticker=_pairs(
            connection,
            found,
            "SELECT ticker, COUNT(*) FROM found WHERE ticker IS NOT NULL GROUP BY ticker "
            f"ORDER BY 2 DESC, 1 LIMIT {_MOST_TICKERS}",
        ),
        messages=_pairs(
            connection,
            found,
            "SELECT o.state, COUNT(*) FROM (SELECT DISTINCT message_id FROM found) f "
            "JOIN outbox o ON o.message_id = f.message_id GROUP BY o.state ORDER BY 2 DESC, 1",
        ),
        median_ms=_quantile(times, 0.5),
        p95_ms=_quantile(times, 0.95),
        votes=_votes(connection, found),
    )  # fmt: skip


_NAMES = ("rule", "kind", "severity")


def _any_fate(query: Query) -> Query:
    if any(speaks_of_fates(term) for term in query.terms):
        return query
    fates = Term(field="fate", values=tuple(dashed(fate) for fate in MATCHES))
    return replace(query, terms=(*query.terms, fates))


def _found(connection: sqlite3.Connection, query: Query) -> Sql:
    """Begins a statement on all that the query finds."""
    asked = conditions_of(connection, query)
    source = Search(connection=connection, asked=asked, sort=query.sort).source()
    text = f"WITH found AS (SELECT x.id, x.sort, x.ticker, x.message_id FROM {source.text}) "
    return Sql(text, source.parameters)


def _pairs(connection: sqlite3.Connection, found: Sql, statement: str) -> dict[Any, int]:
    return dict(connection.execute(found.text + statement, found.parameters).fetchall())


def _sorts(connection: sqlite3.Connection, found: Sql) -> dict[int, int]:
    return _pairs(connection, found, "SELECT sort, COUNT(*) FROM found GROUP BY sort")


def _counted(connection: sqlite3.Connection, sorts: Mapping[int, int], name: str) -> dict[str, int]:
    counts = Counter[str]()
    for number, held in connection.execute(f"SELECT id, {name} FROM alert_sorts"):
        if number in sorts:
            counts[str(held)] += sorts[number]
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _times(connection: sqlite3.Connection, found: Sql) -> list[int]:
    rows = connection.execute(
        f"{found.text} SELECT o.sent_at - o.created_at FROM "
        "(SELECT DISTINCT message_id FROM found) f JOIN outbox o ON o.message_id = f.message_id "
        "WHERE o.state = 'sent' AND o.sent_at IS NOT NULL ORDER BY 1",
        found.parameters,
    )
    return [time for (time,) in rows]


def _quantile(ordered: Sequence[int], share: float) -> int | None:
    """The smallest that this share of them does not exceed."""
    if not ordered:
        return None
    return ordered[max(0, -int(-len(ordered) * share // 1) - 1)]


def _votes(connection: sqlite3.Connection, found: Sql) -> dict[str, Votes]:
    rows = connection.execute(
        f"{found.text} SELECT s.rule, SUM(v.up), SUM(1 - v.up) FROM votes v "
        "JOIN found f ON f.id = v.alert JOIN alert_sorts s ON s.id = f.sort "
        "GROUP BY s.rule ORDER BY s.rule",
        found.parameters,
    )
    return {rule: Votes(up=up, down=down) for rule, up, down in rows}
