"""Decisions that held nothing back because there was nothing to tell: no, unknown, quiet …

They are the mass and are not indexed by what people search: those of one ticker are found by key,
without one the newest are looked through.
"""

import sqlite3
from collections.abc import Sequence

from bot.errors import QueryError
from bot.facts import Kind
from bot.rules.fire import Fate
from bot.store.alerts import MATCHES, PLACE_BITS, place_of
from bot.store.conditions import bounds_of, outside
from bot.store.pieces import Sql, among, joined, of_sort, signed
from bot.store.query import Query, Term
from bot.store.searchable import BY_NAME
from bot.store.searching import Found, Total

_MASS = {str(fate) for fate in Fate} - {str(fate) for fate in MATCHES}
_ASKED = ("ticker", "rule", "kind", "sev", "fate", "on", "id")
LOOKED_THROUGH = 20_000
"""Decisions that are looked through without a ticker: about 30 ms."""


def is_about_the_mass(query: Query) -> bool:
    """Whether a search asks for decisions that held nothing."""
    return any(term.field == "fate" and not term.negated and _MASS & set(_meant(term))
               for term in query.terms)  # fmt: skip


def _meant(term: Term) -> Sequence[str]:
    return BY_NAME["fate"].meaning(term.values)


def unmatched(
    connection: sqlite3.Connection, kinds: Sequence[Kind], query: Query
) -> tuple[list[Found], Total]:
    """All of them, in no order; without a ticker those among the newest ``LOOKED_THROUGH``, and the
    total is not exact where there are older ones.  Raises QueryError on other fields."""
    _check_fields(query)
    tickers = next((t.values for t in query.terms if t.field == "ticker" and not t.negated), None)
    if tickers is None:
        within, whole = _newest(connection, query)
    else:
        within, whole = _of_keys(_keys(connection, kinds, tickers)), True
    where = joined([within, *_conditions(query)])
    rows = connection.execute(
        f"SELECT id, decided_at FROM decisions x WHERE {where.text}", where.parameters
    )
    found = [Found(place_of(at, number), None, number) for number, at in rows]
    return found, Total(count=len(found), exact=whole)


def _check_fields(query: Query) -> None:
    strange = [term.field for term in query.terms if term.field not in _ASKED]
    if strange:
        raise QueryError(
            f"what did not match is not searched by `{strange[0]}:`",
            where="query",
            mend="leave it out; ticker, rule, kind, sev, dates and ids may stand beside `fate:`",
        )


def _newest(connection: sqlite3.Connection, query: Query) -> tuple[Sql, bool]:
    """The newest decisions before the end that is asked for, and whether these are all of the time
    asked for."""
    first, end = bounds_of(query)
    last = _last_before(connection, end >> PLACE_BITS)
    begin = max(last - LOOKED_THROUGH, 0)
    whole = _last_before(connection, first >> PLACE_BITS) >= begin
    return Sql("x.id > ? AND x.id <= ?", (begin, last)), whole


def _last_before(connection: sqlite3.Connection, instant: int) -> int:
    """The number of the last decision before an instant, 0 where there is none.

    Numbers are given in the order of time, so that halving finds it: there is no index of times.
    """
    low, high = 0, int(connection.execute("SELECT MAX(id) FROM decisions").fetchone()[0] or 0)
    while low < high:
        middle = (low + high + 1) // 2
        number, at = connection.execute(
            "SELECT id, decided_at FROM decisions WHERE id >= ? ORDER BY id LIMIT 1", (middle,)
        ).fetchone()
        low, high = (number, high) if at < instant else (low, middle - 1)
    return low


def _keys(
    connection: sqlite3.Connection, kinds: Sequence[Kind], tickers: Sequence[str]
) -> list[str]:
    """The keys by which rules judge tickers: the tickers and the issuers they stood for."""
    named = among("ticker", tickers)
    keys = dict.fromkeys(tickers)
    for kind in kinds:
        if kind.subject != "ticker":
            found = f"SELECT DISTINCT subject FROM {kind.name} WHERE {named.text}"
            rows = connection.execute(found, named.parameters)
            keys |= {str(subject): None for (subject,) in rows}
    return list(keys)


def _of_keys(keys: Sequence[str]) -> Sql:
    """Each key by itself, and those that begin with it: ``CIK/owner``."""
    one = "x.key = ? OR (x.key >= ? AND x.key < ?)"
    parameters = [part for key in keys for part in (key, f"{key}/", f"{key}0")]
    return Sql(" OR ".join([one] * len(keys)), tuple(parameters))


def _conditions(query: Query) -> list[Sql]:
    first, end = bounds_of(query)
    pieces = [
        Sql("x.decided_at >= ? AND x.decided_at < ?",
            (first >> PLACE_BITS, end >> PLACE_BITS))
    ]  # fmt: skip
    for term in query.terms:
        if term.field in ("ticker", "id"):
            pieces.append(signed(among(f"x.{term.field}", term.values), term))
        elif term.field == "on":
            pieces += [outside(term, f"(x.decided_at << {PLACE_BITS})")] if term.negated else []
        else:
            pieces.append(of_sort(term))
    return pieces
