"""The places of the alerts that a query finds, a page at a time.

Where one condition lets only few through, those are all looked at and put in order.  Else alerts
are looked at in the order of the answer until a page is full, each ticker or sort of alerts by
itself, so that a page deep in the past costs what the first one does.  What no index tells, such as
words that must not stand there, is looked at in blocks of those for which all else holds.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from bot.store.conditions import Conditions
from bot.store.pieces import Sql, joined
from bot.store.query import Sort
from bot.store.said import said

_COUNTED = 1_000
_COUNTED_BY_WORDS = 300
"""No more are counted where counting means looking at each, and where words are read in each."""

_FEW = 4_000
_FEW_BY_VALUE = 20_000
_FEW_TO_READ = 300
_FEW_SAID = 500
"""So many are looked at in less time than a reader notices: rows by their place, rows to be put in
order of their value, rows whose words are read one by one, rows that only words lead to."""
_FEW_ENOUGH = 200
_MOST_SORTS = 500
_STEPS, _THOUSANDS, _OF_DEAR, _OF_WORDS = 1_000, 1_500, 250, 40
"""So many thousands of SQLite's steps may pass while alerts are counted: about 20 ms.  Fewer where
each row is costly to look at: what the index of words does is no step of SQLite."""

_COMMON = 4
"""Where one alert in so many is of the sorts asked for, they are found among all."""

_FIRST_BLOCK, _LAST_BLOCK = 64, 4_096
"""How many are looked at together where that is costly."""


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
    common: bool = False  # so many are of the sorts asked for that any row is likely to be of one

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
        if self._way is not None:
            return self._source_of(self._way)
        return replace(self, common=self._likely)._source()

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
            told = f"SELECT rowid AS place FROM alert_words WHERE {match}"
            yield Sql(told, (asked.words, *within)), few if self.sort is Sort.VALUE else _FEW_SAID
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
        by_value = self.sort is Sort.VALUE
        dear = [*self.asked.dear]
        if by_value and self.asked.words is not None:
            dear.append(said(self.asked.words))
        if dear:
            words = None if by_value else self.asked.words
            asked = replace(self.asked, dear=(), words=words)
            light = replace(self, asked=asked, common=self._likely)
            return self._of_blocks(light, joined(dear), size, after)
        return self._by_value(size, after) if by_value else self._behind(after)._by_place(size)

    @property
    def _likely(self) -> bool:
        """Whether any alert is likely to be of a sort and a ticker that is asked for."""
        return self.asked.tickers is None and self.asked.total * _COMMON >= self.asked.all

    def _of_blocks(self, light: "Search", dear: Sql, size: int, after: Found | None) -> list[Found]:
        """Alerts for which all holds but what is costly to look at, in blocks that grow; of each
        block those for which that holds too."""
        found, block = list[Found](), _FIRST_BLOCK
        while True:
            candidates = light._in_order(block, after)
            held = self._held(candidates, dear)
            found += [each for each in candidates if each.place in held]
            if len(found) >= size or len(candidates) < block:
                return found[:size]
            after, block = candidates[-1], min(block * 8, _LAST_BLOCK)

    def _held(self, candidates: Sequence[Found], dear: Sql) -> set[int]:
        """The places of those for which it holds."""
        rows = self.connection.execute(
            "SELECT x.place FROM json_each(?) k CROSS JOIN alerts x ON x.place = k.value "
            f"WHERE {dear.text}",
            (json.dumps([each.place for each in candidates]), *dear.parameters),
        )
        return {place for (place,) in rows}

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
        return replace(self, asked=replace(self.asked, first=first, end=end))

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
        if after is None or after.value is not None:
            behind = Sql("x.value_cents IS NOT NULL")
            if after is not None:
                behind = joined([behind, Sql("(x.value_cents, x.place) < (?, ?)",
                                             (after.value, after.place))])  # fmt: skip
            found = self._firsts(
                "INDEXED BY alerts_value_cents", size, behind, "x.value_cents DESC, x.place DESC"
            )
            after = None
        if len(found) < size:
            unknown, left = Sql("x.value_cents IS NULL"), size - len(found)
            found += self._behind(after)._firsts("NOT INDEXED", left, unknown, self._order)
        return found

    def _firsts(self, index: str, size: int, behind: Sql, order: str) -> list[Found]:
        """The first in an order, which an index over all alerts has, and one of each sort too."""
        if not self.common:
            return self._merged(("sort", "alerts_value", self.asked.sorts), size, behind, order)
        where = joined([behind, self.asked.where()])
        return self._found(
            f"SELECT x.place, x.value_cents, x.id FROM alerts x {index} "
            f"WHERE {where.text} ORDER BY {order} LIMIT ?",
            (*where.parameters, size),
        )

    def _key(self) -> tuple[str, str, Sequence[Any]] | None:
        """By which column, with which index and for which values alerts are looked at apart."""
        if self.asked.tickers is not None:
            return "ticker", "alerts_ticker", self.asked.tickers
        if self.common or self.asked.everything or len(self.asked.sorts) > _MOST_SORTS:
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
        common = bool(self.asked.dear) and self._likely
        source = replace(self, common=common)._source()
        most = _COUNTED if self.asked.words is None else _COUNTED_BY_WORDS
        statement = f"SELECT 1 FROM {source.text} LIMIT {most + 1}"
        patience = _OF_DEAR if self.asked.dear else _THOUSANDS
        if any("w.rowid = x.place" in each.text for each in self.asked.dear):
            patience = _OF_WORDS
        count, all_ = _patiently(self.connection, Sql(statement, source.parameters), patience)
        return Total(count=min(count, most), exact=all_ and count <= most)

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


def _patiently(connection: sqlite3.Connection, statement: Sql, thousands: int) -> tuple[int, bool]:
    """How many rows there are, and whether these are all: it is not waited for ever.

    Goes by the steps that SQLite takes, not by a clock: the same store gives the same answer.
    """
    left = iter(range(thousands))
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
