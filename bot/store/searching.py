"""The places of the alerts that a query finds, a page at a time.

Where one condition lets only few through, those are all looked at and put in order.  Else alerts
are looked at in the order of the answer until a page is full, each ticker or sort of alerts by
itself, so that a page deep in the past costs what the first one does.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from bot.store.conditions import Conditions
from bot.store.pieces import Sql
from bot.store.query import Sort

COUNTED = 1_000
"""No more are counted where counting means looking at each."""

_FEW = 4_000
_FEW_BY_VALUE = 20_000
_FEW_TO_READ = 300
"""So many are looked at in less time than a reader notices: rows by their place, rows to be put in
order of their value, rows whose words are read one by one."""
_FEW_ENOUGH = 200
_MOST_SORTS = 500
_STEPS, _THOUSANDS = 1_000, 1_500
"""So many thousands of SQLite's steps may pass while alerts are counted: about 20 ms."""


@dataclass(frozen=True, slots=True)
class Found:
    """An alert, and where it stands.  value: in cents, None where it has none."""

    place: int
    value: int | None
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """How many there are; where it is not ``exact``, there are so many at least."""

    count: int
    exact: bool = True


@dataclass(frozen=True, kw_only=True)
class Search:
    """One question to one store."""

    connection: sqlite3.Connection
    asked: Conditions
    sort: Sort

    def page(self, size: int, after: Found | None) -> list[Found]:
        """The next of them behind one."""
        few = self._few
        if few is None:
            return self._in_order(size, after)
        order = ORDERS[self.sort]
        left = [each for each in few if after is None or order(each) > order(after)]
        return sorted(left, key=order)[:size]

    def total(self) -> Total:
        """How many there are."""
        if self._few is not None:
            return Total(count=len(self._few))
        return self._counted()

    def among(self, ids: Sequence[int]) -> set[int]:
        """Which of these decisions it finds."""
        where = self.asked.where()
        rows = self.connection.execute(
            "SELECT x.id FROM json_each(?) k CROSS JOIN alerts x ON x.id = k.value "
            f"WHERE {where.text}",
            (json.dumps(list(ids)), *where.parameters),
        )
        return {number for (number,) in rows}

    def source(self) -> Sql:
        """All of them, as what stands behind FROM; the row is called x."""
        return self._source() if self._way is None else self._source_of(self._way)

    # Few.

    @cached_property
    def _few(self) -> list[Found] | None:
        """All of them, where they are few and so looked at; None where they are many."""
        if self._way is None:
            return None
        source = self._source_of(self._way)
        found = f"SELECT x.place, x.value_cents, x.id FROM {source.text}"
        return self._found(found, source.parameters)

    @cached_property
    def _way(self) -> Sql | None:
        """A way to few alerts, the shortest of those there are; None where none is short."""
        if not self.asked.sorts:
            return Sql("SELECT 0 AS place WHERE false")
        best: tuple[int, Sql] | None = None
        for way, few in self._ways():
            counted = f"SELECT COUNT(*) FROM (SELECT 1 FROM ({way.text}) LIMIT {few + 1})"
            (count,) = self.connection.execute(counted, way.parameters).fetchone()
            if count <= few and (best is None or count < best[0]):
                best = (count, way)
            if count <= _FEW_ENOUGH:
                break
        return best[1] if best else None

    def _ways(self) -> Iterator[tuple[Sql, int]]:
        """Ways to all that is asked for, and how many it may lead to."""
        asked, within = self.asked, (self.asked.first, self.asked.end)
        bounds = "place >= ? AND place < ?"
        few = _FEW_BY_VALUE if self.sort is Sort.VALUE else _FEW
        for way in asked.ways:
            yield way, few if asked.words is None else _FEW_TO_READ
        if asked.words is not None:
            match = "alert_words MATCH ? AND rowid >= ? AND rowid < ?"
            said = f"SELECT rowid AS place FROM alert_words WHERE {match}"
            yield Sql(said, (asked.words, *within)), few
            return
        if asked.tickers is not None:
            names = ", ".join("?" * len(asked.tickers))
            of_tickers = f"SELECT place FROM alerts WHERE ticker IN ({names}) AND {bounds}"
            yield Sql(of_tickers, (*asked.tickers, *within)), few
        if asked.total <= few:
            sorts = ", ".join(map(str, asked.sorts))
            yield Sql(f"SELECT place FROM alerts WHERE sort IN ({sorts}) AND {bounds}", within), few
        if not asked.always:
            yield Sql(f"SELECT place FROM alerts NOT INDEXED WHERE {bounds}", within), few

    def _source_of(self, few: Sql) -> Sql:
        by_words = "alert_words MATCH" in few.text
        where = self.asked.where(words=not by_words)
        places = f"(SELECT DISTINCT place FROM ({few.text}))"
        text = f"{places} f CROSS JOIN alerts x ON x.place = f.place WHERE {where.text}"
        return Sql(text, few.parameters + where.parameters)

    # Many.

    def _in_order(self, size: int, after: Found | None) -> list[Found]:
        if self.sort is Sort.VALUE:
            return self._by_value(size, after)
        return self._behind(after)._by_place(size)

    def _behind(self, after: Found | None) -> "Search":
        """The same question about what stands behind a place in the order of time: one range, so
        that no index is read from its beginning."""
        if after is None:
            return self
        first, end = self.asked.first, self.asked.end
        if self.sort is Sort.OLD:
            first = max(first, after.place + 1)
        else:
            end = min(end, after.place)
        asked = replace(self.asked, first=first, end=end)
        return Search(connection=self.connection, asked=asked, sort=self.sort)

    @property
    def _order(self) -> str:
        return f"x.place {'ASC' if self.sort is Sort.OLD else 'DESC'}"

    def _by_place(self, size: int) -> list[Found]:
        key = None if self.asked.words is not None else self._key()
        if key is not None:
            return self._merged(key, size, Sql("true"), self._order)
        source = self._source()
        order = self._order if self.asked.words is None else _of_words(self._order)
        return self._found(
            f"SELECT x.place, x.value_cents, x.id FROM {source.text} ORDER BY {order} LIMIT ?",
            (*source.parameters, size),
        )

    def _by_value(self, size: int, after: Found | None) -> list[Found]:
        """Those with a value first, the greatest before others; then those without one."""
        found = list[Found]()
        sorts = ("sort", "alerts_value", self.asked.sorts)
        if after is None or after.value is not None:
            behind = Sql("x.value_cents IS NOT NULL")
            if after is not None:
                behind = Sql("(x.value_cents, x.place) < (?, ?)", (after.value, after.place))
            found = self._merged(sorts, size, behind, "x.value_cents DESC, x.place DESC")
            after = None
        if len(found) < size:
            unknown, left = Sql("x.value_cents IS NULL"), size - len(found)
            found += self._behind(after)._merged(sorts, left, unknown, self._order)
        return found

    def _key(self) -> tuple[str, str, Sequence[Any]] | None:
        """By which column, with which index and for which values alerts are looked at apart."""
        if self.asked.tickers is not None:
            return "ticker", "alerts_ticker", self.asked.tickers
        if self.asked.everything or len(self.asked.sorts) > _MOST_SORTS:
            return None
        return "sort", "alerts_sort", self.asked.sorts

    def _merged(
        self, key: tuple[str, str, Sequence[Any]], size: int, behind: Sql, order: str
    ) -> list[Found]:
        """The first of each value, and of all these the first."""
        column, index, values = key
        where = self.asked.where()
        return self._found(
            "SELECT x.place, x.value_cents, x.id "
            "FROM json_each(?) k CROSS JOIN alerts x ON x.place IN ("
            f"SELECT x.place FROM alerts x INDEXED BY {index} WHERE x.{column} = k.value "
            f"AND {behind.text} AND {where.text} ORDER BY {order} LIMIT ?) "
            f"ORDER BY {order} LIMIT ?",
            (json.dumps(values), *behind.parameters, *where.parameters, size, size),
        )

    # How many.

    def _counted(self) -> Total:
        if self.asked.only_sorts:
            return Total(count=self.asked.total)
        source = self._source()
        statement = f"SELECT 1 FROM {source.text} LIMIT {COUNTED + 1}"
        count, all_ = _patiently(self.connection, Sql(statement, source.parameters))
        return Total(count=min(count, COUNTED), exact=all_ and count <= COUNTED)

    def _source(self) -> Sql:
        where = self.asked.where(words=False)
        if self.asked.words is not None:
            text = "alert_words w CROSS JOIN alerts x ON x.place = w.rowid WHERE "
            match = Sql("w.alert_words MATCH ? AND w.rowid >= ? AND w.rowid < ?",
                        (self.asked.words, self.asked.first, self.asked.end))  # fmt: skip
            return Sql(f"{text} {match.text} AND {where.text}", match.parameters + where.parameters)
        key = self._key()
        if key is None:
            return Sql(f"alerts x NOT INDEXED WHERE {where.text}", where.parameters)
        column, index, values = key
        keyed = f"x.{column} IN (SELECT value FROM json_each(?))"
        text = f"alerts x INDEXED BY {index} WHERE {keyed} AND {where.text}"
        return Sql(text, (json.dumps(values), *where.parameters))

    def _found(self, statement: str, parameters: Sequence[Any]) -> list[Found]:
        return [Found(*row) for row in self.connection.execute(statement, parameters)]


ORDERS: dict[Sort, Callable[[Found], Any]] = {
    Sort.NEW: lambda found: -found.place,
    Sort.OLD: lambda found: found.place,
    Sort.VALUE: lambda found: (found.value is None, -(found.value or 0), -found.place),
}


def _of_words(text: str) -> str:
    """The same of the index of words, whose numbers are places."""
    return text.replace("x.place", "w.rowid")


def _patiently(connection: sqlite3.Connection, statement: Sql) -> tuple[int, bool]:
    """How many rows there are, and whether these are all: it is not waited for ever.

    Goes by the steps that SQLite takes, not by a clock: the same store gives the same answer.
    """
    left = iter(range(_THOUSANDS))
    connection.set_progress_handler(lambda: next(left, None) is None, _STEPS)
    count = 0
    try:
        for _ in connection.execute(statement.text, statement.parameters):
            count += 1
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise
        return count, False
    finally:
        connection.set_progress_handler(None, 0)
    return count, True
