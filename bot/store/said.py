"""What the index of words is asked: phrases, names, and values that narrow it."""

import sqlite3

from bot.store.alerts import SHORT, name_tag, size_tag, tag, words_in
from bot.store.pieces import OF_A_SORT, Sql, of_sort
from bot.store.query import Query, Term
from bot.store.searchable import BY_NAME, Holds

_WIDEST = 64
_FEW_LARGE = 20_000
_BEGINS = '" *'
_RARE_TAG = 10
"""A value that less than one in so many alerts has narrows a search for words."""


def words_asked(connection: sqlite3.Connection, query: Query, all_: int) -> str | None:
    """What the index of words is asked; with it, values that narrow it."""
    asked = [_words_of(term) for term in query.terms if is_said(term) and not term.negated]
    if not asked:
        return None
    asked += [
        f"tags : ({' OR '.join(narrowing)})"
        for term in query.terms
        if not term.negated and (narrowing := _narrowing(connection, term, all_))
    ]
    without = [_words_of(term) for term in query.terms if is_said(term) and term.negated]
    wanted = " AND ".join(f"({each})" for each in asked)
    return f"({wanted}) NOT ({' OR '.join(without)})" if without else wanted


def is_said(term: Term) -> bool:
    """Whether a term is about words."""
    return term.field in ("text", "who")


def _narrowing(connection: sqlite3.Connection, term: Term, all_: int) -> list[str]:
    """Words of the index of which one stands with each alert that a term lets through."""
    if term.field == "value":
        return _sizes(connection, term)
    column = "ticker" if term.field == "ticker" else OF_A_SORT.get(term.field)
    if column is None or not _narrows(connection, term, column, all_):
        return []
    field = BY_NAME[term.field]
    values = field.meaning(term.values) if field.holds is Holds.WORD else term.values
    return [tag(column, value) for value in values]


def _sizes(connection: sqlite3.Connection, term: Term) -> list[str]:
    """The sizes from a lower bound on, where few alerts are as large."""
    if term.low is None or term.low <= 0:
        return []
    larger = f"SELECT 1 FROM alerts WHERE value_cents >= ? LIMIT {_FEW_LARGE + 1}"
    (count,) = connection.execute(f"SELECT COUNT(*) FROM ({larger})", (term.low,)).fetchone()
    sizes = range(int(term.low).bit_length(), _WIDEST) if count <= _FEW_LARGE else ()
    return [size_tag(bits) for bits in sizes]


def _narrows(connection: sqlite3.Connection, term: Term, column: str, all_: int) -> bool:
    if column == "ticker":
        return True
    held = of_sort(term)
    found = connection.execute(
        f"SELECT COALESCE(SUM(total), 0) FROM alert_sorts WHERE {held.text}", held.parameters
    )
    return int(found.fetchone()[0]) * _RARE_TAG < all_


def _words_of(term: Term) -> str:
    """A phrase stands as it was said; of a name each word begins one, in any order."""
    if term.field == "text":
        return "words : (" + " OR ".join(f'"{_quoted(value)}"' for value in term.values) + ")"
    names = [" AND ".join(map(_beginning, words_in(name))) for name in term.values]
    return " OR ".join(f"({name})" for name in names if name) or 'who : ""'


def _beginning(part: str) -> str:
    """Short beginnings, which many names have, stand in the index as words of their own."""
    return f'tags : "{name_tag(part)}"' if len(part) <= SHORT else f'who : "{part}{_BEGINS}'


def _quoted(value: str) -> str:
    return value.replace('"', '""').replace("\0", " ")


def unsaid(term: Term) -> Sql:
    """The index of words does not have it of the row."""
    held = said(_words_of(term))
    return Sql(f"NOT {held.text}", held.parameters)


def said(words: str) -> Sql:
    """The index of words has it of the row.

    It is asked of each row, but for beginnings of names once for all: for each answer it puts
    together all the names that begin so.
    """
    found = "SELECT w.rowid FROM alert_words w WHERE w.alert_words MATCH ?"
    if _BEGINS in words:
        return Sql(f"(x.place IN ({found}))", (words,))
    return Sql(f"EXISTS ({found} AND w.rowid = x.place)", (words,))
