"""Facts as they were stored: one table a kind, one series of numbers over all of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.clock import to_ms
from bot.facts import KINDS, Fact, Kind, kind
from bot.store.database import Connections
from bot.store.schema import KEEPING


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A fact on its way into the store."""

    fact: Fact
    seen_at: int
    document_id: int | None = None
    quiet: bool = False


Row = dict[str, Any]
"""A stored fact: its columns by name in stored form, and its kind."""


class Facts:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, arrivals: Iterable[Arrival]) -> int:
        """Store facts in the order (known_at, id); one whose id is known adds nothing.

        Returns how many were new.  A fact known earlier than the newest stored one of its kind and
        subject is late: it is judged at that newest instant.
        """
        ordered = sorted(arrivals, key=lambda a: (a.fact.known_at, a.fact.id))
        with self._connections.writing() as database:
            connection = database.conn
            first = seq = self.newest_seq()
            for arrival in ordered:
                fact = arrival.fact
                if self._is_known(fact):
                    continue
                seq += 1
                known_at = to_ms(fact.known_at)
                newest = self._newest_known_at(fact)
                judged_at = max(known_at, newest or known_at)
                connection.execute(_insert(fact.kind), _values(arrival, seq, known_at, judged_at))
            connection.execute(
                "INSERT INTO counters VALUES ('seq', ?) "
                "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (seq,),
            )
        return seq - first

    def newest_seq(self) -> int:
        """The number of the fact stored last; 0 in an empty store."""
        row = self._connections.database.conn.execute(
            "SELECT value FROM counters WHERE name = 'seq'"
        ).fetchone()
        return int(row[0]) if row else 0

    def after(self, seq: int, until: int, of: Kind) -> list[Row]:
        """Facts of a kind with seq in (seq, until], in that order."""
        return self._rows(of, "seq > ? AND seq <= ? ORDER BY seq", (seq, until))

    def batch_end(self, seq: int, limit: int) -> int:
        """Where a batch of about ``limit`` facts after ``seq`` ends without cutting a document."""
        newest = self.newest_seq()
        end = min(seq + limit, newest)
        while end < newest and (cut := self._document_of(end)) is not None:
            if self._document_of(end + 1) != cut:
                break
            end += 1
        return end

    def select(
        self, of: Kind, *, ticker: str | None = None, fact_id: str | None = None, limit: int = 50
    ) -> list[Row]:
        """Newest facts of a kind first."""
        conditions, parameters = ["1"], list[Any]()
        for column, value in (("ticker", ticker), ("id", fact_id)):
            if value is not None:
                conditions.append(f"{column} = ?")
                parameters.append(value)
        where = f"{' AND '.join(conditions)} ORDER BY known_at DESC, seq DESC LIMIT ?"
        return self._rows(of, where, (*parameters, limit))

    def by_seq(self, kind_name: str, seq: int) -> Row:
        """One fact by its number; KeyError where there is none."""
        found = self._rows(kind(kind_name), "seq = ?", (seq,))
        if not found:
            raise KeyError(seq)
        return found[0]

    def count(self) -> dict[str, int]:
        """How many facts there are of each kind."""
        connection = self._connections.database.conn
        return {
            k.name: connection.execute(f"SELECT COUNT(*) FROM {k.name}").fetchone()[0]
            for k in KINDS
        }

    def measure(self, statement: str, asked: str) -> dict[int, Any]:
        """The answers of a measure's statement, by the seq of the judged fact."""
        return dict(self._connections.database.conn.execute(statement, (asked,)).fetchall())

    def index_for(self, of: Kind, by: Sequence[str], fields: Iterable[str]) -> None:
        """See to an index that answers measures of a kind by these fields without the table."""
        name = f"measured_{of.name}_{'_'.join(by) or 'all'}"
        wanted = {*fields, "gone_seq"} - {*by, "known_at", "seq"}
        database = self._connections.database
        held = [row[2] for row in database.conn.execute(f"PRAGMA index_info({name})")]
        if wanted <= set(held):
            return
        columns = [*by, "known_at", *sorted(wanted | (set(held) - {*by, "known_at"}))]
        listed = ", ".join(f'"{column}"' for column in columns)
        with self._connections.writing() as writing:
            writing.conn.execute(f"DROP INDEX IF EXISTS {name}")
            writing.conn.execute(f"CREATE INDEX {name} ON {of.name} ({listed})")

    def _rows(self, of: Kind, where: str, parameters: Sequence[Any]) -> list[Row]:
        names = _columns(of)
        listed = ", ".join(f'"{name}"' for name in names)
        cursor = self._connections.database.conn.execute(
            f"SELECT {listed} FROM {of.name} WHERE {where}", parameters
        )
        return [dict(zip(names, row, strict=True), kind=of.name) for row in cursor]

    def _is_known(self, fact: Fact) -> bool:
        row = self._connections.database.conn.execute(
            f"SELECT 1 FROM {fact.kind.name} WHERE id = ?", (fact.id,)
        ).fetchone()
        return row is not None

    def _newest_known_at(self, fact: Fact) -> int | None:
        row = self._connections.database.conn.execute(
            f"SELECT MAX(known_at) FROM {fact.kind.name} WHERE subject = ?", (fact.subject,)
        ).fetchone()
        newest: int | None = row[0]
        return newest

    def _document_of(self, seq: int) -> int | None:
        for each in KINDS:
            row = self._connections.database.conn.execute(
                f"SELECT document_id FROM {each.name} WHERE seq = ?", (seq,)
            ).fetchone()
            if row:
                found: int | None = row[0]
                return found
        return None


def loaded(of: Kind, row: Mapping[str, Any]) -> dict[str, Any]:
    """A stored fact with its values as Python holds them."""
    return {name: of.by_name[name].loaded(row[name]) for name in of.by_name}


@cache
def _columns(of: Kind) -> tuple[str, ...]:
    return (*KEEPING, *(f.name for f in of.fields))


@cache
def _insert(of: Kind) -> str:
    names = _columns(of)
    listed = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {of.name} ({listed}) VALUES ({', '.join('?' * len(names))})"


def _values(arrival: Arrival, seq: int, known_at: int, judged_at: int) -> list[Any]:
    fact = arrival.fact
    happened_at = to_ms(fact.happened_at) if fact.happened_at else None
    duplicate = fact.values.get("duplicate_of") is not None
    return [
        seq,
        fact.id,
        arrival.document_id,
        fact.subject,
        fact.ticker,
        happened_at,
        known_at,
        arrival.seen_at,
        judged_at,
        int(arrival.quiet),
        seq if duplicate else None,
        *(field.stored(fact.values.get(field.name)) for field in fact.kind.fields),
    ]
