"""Pieces of SQL on one row of ``alerts``, called x, and how they are put together."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from bot.store.query import Term
from bot.store.searchable import BY_NAME, Holds

OF_A_SORT = {"rule": "rule", "kind": "kind", "sev": "severity", "fate": "fate",
             "side": "side", "role": "role"}  # fmt: skip
"""Fields that an alert shares with many, and their columns."""


class Sql(NamedTuple):
    """A piece of SQL and its parameters."""

    text: str
    parameters: tuple[Any, ...] = ()


def joined(pieces: Sequence[Sql], glue: str = " AND ") -> Sql:
    """Pieces that must all hold."""
    text = glue.join(f"({piece.text})" for piece in pieces)
    return Sql(text, tuple(value for piece in pieces for value in piece.parameters))


def among(column: str, values: Sequence[Any]) -> Sql:
    """A column holds one of these."""
    if len(values) == 1:
        return Sql(f"{column} = ?", tuple(values))
    return Sql(f"{column} IN ({', '.join('?' * len(values))})", tuple(values))


def signed(condition: Sql, term: Term) -> Sql:
    """A condition, or its opposite where the term is negated; unknown stays unknown."""
    return Sql(f"NOT ({condition.text})", condition.parameters) if term.negated else condition


def of_sort(term: Term) -> Sql:
    """On what an alert shares with many."""
    field, column = BY_NAME[term.field], OF_A_SORT[term.field]
    values = field.meaning(term.values) if field.holds is Holds.WORD else term.values
    return signed(among(column, values), term)
