"""Decisions that held nothing back because there was nothing to tell: no, unknown, quiet …

They are the mass and are not indexed by what people search; those of one ticker are found by key.
"""

import sqlite3
from collections.abc import Sequence

from bot.errors import QueryError
from bot.facts import Kind
from bot.rules.fire import Fate
from bot.store.alerts import MATCHES, place_of
from bot.store.conditions import bounds_of, outside
from bot.store.pieces import Sql, among, joined, of_sort, signed
from bot.store.query import Query, Term
from bot.store.searchable import BY_NAME
from bot.store.searching import Found, Total

_MASS = {str(fate) for fate in Fate} - {str(fate) for fate in MATCHES}
_ASKED = ("ticker", "rule", "kind", "sev", "fate", "on", "id")
_PLACE_OF_A_DAY = 1 << 20


def is_about_the_mass(query: Query) -> bool:
    """Whether a search asks for decisions that held nothing."""
    return any(term.field == "fate" and not term.negated and _MASS & set(_meant(term))
               for term in query.terms)  # fmt: skip


def _meant(term: Term) -> Sequence[str]:
    return BY_NAME["fate"].meaning(term.values)


def unmatched(
    connection: sqlite3.Connection, kinds: Sequence[Kind], query: Query
) -> tuple[list[Found], Total]:
    """All of them, in no order.  Raises QueryError without a ticker, and on other fields."""
    tickers = _tickers(query)
    keys = _keys(connection, kinds, tickers)
    where = joined([_of_keys(keys), *_conditions(query)])
    rows = connection.execute(
        f"SELECT id, decided_at FROM decisions x WHERE {where.text}", where.parameters
    )
    found = [Found(place_of(at, number), None, number) for number, at in rows]
    return found, Total(count=len(found))


def _tickers(query: Query) -> Sequence[str]:
    strange = [term.field for term in query.terms if term.field not in _ASKED]
    if strange:
        raise QueryError(
            f"what did not match is not searched by `{strange[0]}:`",
            where="query",
            mend="leave it out; ticker, rule, kind, sev, dates and ids may stand beside `fate:`",
        )
    asked = [t.values for t in query.terms if t.field == "ticker" and not t.negated]
    if not asked:
        raise QueryError(
            "what did not match is searched by its ticker",
            where="query",
            mend="name one: `fate:no ticker:OKLO`; of a rule and a key: `why RULE KEY`",
        )
    return asked[0]


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
            (first // _PLACE_OF_A_DAY, end // _PLACE_OF_A_DAY))
    ]  # fmt: skip
    for term in query.terms:
        if term.field in ("ticker", "id"):
            pieces.append(signed(among(f"x.{term.field}", term.values), term))
        elif term.field == "on":
            pieces += [outside(term, "(x.decided_at << 20)")] if term.negated else []
        else:
            pieces.append(of_sort(term))
    return pieces
