"""Facts as they were stored: one table a kind, one series of numbers over all of them."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.clock import monotonic, to_ms
from bot.facts import Fact, Kind
from bot.store.database import Connections
from bot.store.schema import KEEPING


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A fact on its way into the store.

    retold: it says anew what an earlier one said, on another basis: rules look back on it and do
    not judge it.
    """

    fact: Fact
    seen_at: int
    document_id: int | None = None
    quiet: bool = False
    retold: bool = False


_STEPS = 10_000
"""After so many steps of SQLite's machine, well under a millisecond, it looks at the time."""

Row = dict[str, Any]
"""A stored fact: its columns by name in stored form, and its kind."""


class _Table:
    """The table of one kind."""

    def __init__(self, kind: Kind) -> None:
        self.kind, self.name = kind, kind.name
        self.columns = (*KEEPING, *(f.name for f in kind.fields))
        self.listed = ", ".join(f'"{name}"' for name in self.columns)
        places = ", ".join("?" * len(self.columns))
        self.insert = f"INSERT INTO {self.name} ({self.listed}) VALUES ({places})"
        self._places: dict[str, tuple[int, Callable[[Any], Any] | None]] = {
            f.name: (place, f.to_stored) for place, f in enumerate(kind.fields)
        }

    def values(self, arrival: Arrival, seq: int, known_at: int, judged_at: int) -> list[Any]:
        fact = arrival.fact
        held = fact.values
        fields: list[Any] = [None] * len(self._places)
        for name, value in held.items():
            if value is not None:
                place, stored = self._places[name]
                fields[place] = value if stored is None else stored(value)
        return [
            seq,
            fact.id,
            arrival.document_id,
            fact.subject,
            fact.ticker,
            to_ms(fact.happened_at) if fact.happened_at else None,
            known_at,
            arrival.seen_at,
            judged_at,
            int(arrival.quiet),
            seq if _told_already(held) else None,
            1 if arrival.retold else None,
            *fields,
        ]


def _told_already(held: Mapping[str, Any]) -> bool:
    return held.get("duplicate_of") is not None or held.get("superseded_by") is not None


class Facts:
    def __init__(self, connections: Connections, kinds: Iterable[Kind]) -> None:
        self._connections = connections
        self._tables = {kind.name: _Table(kind) for kind in kinds}

    def add(self, arrivals: Iterable[Arrival]) -> int:
        """Store facts in the order (known_at, id); one whose id is known adds nothing.

        Returns how many were new.  A fact known earlier than the newest stored one of its kind and
        subject is late: it is judged at that newest instant.
        """
        ordered = sorted(arrivals, key=lambda a: (a.fact.known_at, a.fact.id))
        if not ordered:
            return 0
        with self._connections.writing() as connection:
            known, newest = self._known_ids(ordered), self._newest_known_at(ordered)
            rows: dict[str, list[list[Any]]] = defaultdict(list)
            first = seq = self.newest_seq()
            for arrival in ordered:
                fact = arrival.fact
                name, known_at = fact.kind.name, to_ms(fact.known_at)
                if (name, fact.id) in known:
                    continue
                known.add((name, fact.id))
                seq += 1
                judged_at = max(known_at, newest.get((name, fact.subject), known_at))
                rows[name].append(self._tables[name].values(arrival, seq, known_at, judged_at))
            for name, values in rows.items():
                connection.executemany(self._tables[name].insert, values)
            if seq > first:
                connection.execute("INSERT OR REPLACE INTO counters VALUES ('seq', ?)", (seq,))
        return seq - first

    def supersede(self, old_ids: Iterable[str], by: str) -> int:
        """Let facts count no longer from the stored fact ``by`` on, which amends them.

        Says how many; one that is superseded already stays as it is.  Call it in the transaction
        that stores the amendment: what was judged before it stays.  KeyError where ``by`` is not
        stored.
        """
        asked = json.dumps([each for each in old_ids if each != by])
        with self._connections.writing() as connection:
            for name in self._tables:
                row = connection.execute(f"SELECT seq FROM {name} WHERE id = ?", (by,)).fetchone()
                if row:
                    return connection.execute(
                        f"UPDATE {name} SET gone_seq = ? WHERE gone_seq IS NULL AND seq < ? "
                        "AND id IN (SELECT value FROM json_each(?))",
                        (row[0], row[0], asked),
                    ).rowcount
        raise KeyError(by)

    def retell(self, retold: Iterable[tuple[str, Fact]], *, seen_at: int) -> None:
        """Let facts stand in the place of others, given by their ids, from here on.

        They are no news: no rule judges them, so that no state moves; whoever looks back finds
        them.  What was judged before stays as it was judged.
        """
        pairs = list(retold)
        with self._connections.writing():
            self.add(Arrival(fact=f, seen_at=seen_at, quiet=True, retold=True) for _, f in pairs)
            for old_id, fact in pairs:
                self.supersede([old_id], by=fact.id)

    def earlier_versions(self, of: Kind, since: int, until: int) -> dict[int, list[str]]:
        """Ids of all earlier versions of the amending facts with seq in (since, until]."""
        found: dict[int, list[str]] = {}
        for gone, seq, fact_id in self._superseded_by("gone_seq > ? AND gone_seq <= ?", of,
                                                      (since, until)):  # fmt: skip
            ids, left = found.setdefault(gone, []), [(seq, fact_id)]
            while left:
                each, its_id = left.pop()
                ids.append(its_id)
                left += [(s, i) for _, s, i in self._superseded_by("gone_seq = ?", of, (each,))]
        return found

    def second_tellings(self, of: Kind, since: int, until: int) -> dict[int, str]:
        """By number, the facts in (since, until] that another told before, and the id of that."""
        if "duplicate_of" not in of.own:
            return {}
        rows = self._connections.connection.execute(
            f"SELECT seq, duplicate_of FROM {of.name} WHERE seq > ? AND seq <= ? "
            "AND gone_seq = seq AND duplicate_of IS NOT NULL",
            (since, until),
        )
        return dict(rows.fetchall())

    def any_after(self, of: Kind, ids: Sequence[str], seq: int) -> bool:
        """Whether any of these facts was stored behind a number."""
        asked = json.dumps(ids)
        return self._connections.connection.execute(
            f"SELECT 1 FROM {of.name} WHERE seq > ? "
            "AND id IN (SELECT value FROM json_each(?)) LIMIT 1",
            (seq, asked),
        ).fetchone() is not None  # fmt: skip

    def _superseded_by(
        self, where: str, of: Kind, parameters: Sequence[int]
    ) -> list[tuple[int, int, str]]:
        return self._connections.connection.execute(
            f"SELECT gone_seq, seq, id FROM {of.name} WHERE {where} "
            "AND gone_seq IS NOT NULL AND gone_seq != seq",
            parameters,
        ).fetchall()

    def arrivals(self, since: int, until: int) -> list[tuple[int, int]]:
        """Number and arrival of all facts with seq in (since, until], in their order."""
        found: list[tuple[int, int]] = []
        for name in self._tables:
            found += self._connections.connection.execute(
                f"SELECT seq, seen_at FROM {name} WHERE seq > ? AND seq <= ?", (since, until)
            )
        return sorted(found)

    def newest_seq(self) -> int:
        """The number of the fact stored last; 0 in an empty store."""
        row = self._connections.connection.execute(
            "SELECT value FROM counters WHERE name = 'seq'"
        ).fetchone()
        return int(row[0]) if row else 0

    def after(self, seq: int, until: int, of: Kind) -> list[Row]:
        """Facts of a kind to judge with seq in (seq, until], in that order."""
        where = "seq > ? AND seq <= ? AND retold IS NULL ORDER BY seq"
        return self._rows(of.name, where, (seq, until))

    def counting(self, of: Kind, subject: str, *, since: int, until: int) -> list[Row]:
        """Facts of a subject known between two instants, both included, that nothing replaced."""
        where = "subject = ? AND known_at BETWEEN ? AND ? AND gone_seq IS NULL ORDER BY known_at"
        return self._rows(of.name, where, (subject, since, until))

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
        return self._rows(of.name, where, (*parameters, limit))

    def seen_from(self, of: Kind, row: Mapping[str, Any], *, limit: int) -> list[Row]:
        """Facts of a kind about the ticker of a stored fact that it sees, newest first."""
        where = (
            "ticker = ? AND known_at <= ? AND seq <= ? AND (gone_seq IS NULL OR gone_seq > ?) "
            "ORDER BY known_at DESC, seq DESC LIMIT ?"
        )
        seen = (row["ticker"], row["judged_at"], row["seq"], row["seq"], limit)
        return self._rows(of.name, where, seen)

    def by_seq(self, kind_name: str, seq: int) -> Row:
        """One fact by its number; KeyError where there is none."""
        found = self._rows(kind_name, "seq = ?", (seq,))
        if not found:
            raise KeyError(seq)
        return found[0]

    def count(self) -> dict[str, int]:
        """How many facts there are of each kind."""
        connection = self._connections.connection
        return {
            name: connection.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0]
            for name in self._tables
        }

    # For rules.

    def measure(
        self, statement: str, asked: Sequence[Sequence[Any]], *, within: timedelta | None = None
    ) -> dict[int, Any]:
        """The answers of a measure's statement, by the seq of the judged fact.

        TimeoutError where it takes longer than ``within``.
        """
        parameter = json.dumps(asked, separators=(",", ":"))
        connection = self._connections.connection
        if within is None:
            return dict(connection.execute(statement, (parameter,)).fetchall())
        end = monotonic() + within.total_seconds()
        connection.set_progress_handler(lambda: monotonic() >= end, _STEPS)
        try:
            return dict(connection.execute(statement, (parameter,)).fetchall())
        except sqlite3.OperationalError as error:
            if monotonic() < end:
                raise
            told = f"a measure took longer than {within.total_seconds():g} s"
            raise TimeoutError(told) from error
        finally:
            connection.set_progress_handler(None, 0)

    def latest_arrival(self, until: int) -> int | None:
        """When the latest of the facts with seq up to ``until`` arrived."""
        latest = [
            f"SELECT MAX(seen_at) AS at FROM {name} WHERE seq <= :until" for name in self._tables
        ]
        found: int | None = self._connections.connection.execute(
            f"SELECT MAX(at) FROM ({' UNION ALL '.join(latest)})", {"until": until}
        ).fetchone()[0]
        return found

    def newest_known_at(self, of: Kind, until: int) -> int | None:
        """The newest instant among the facts of a kind with seq up to ``until``."""
        row = self._connections.connection.execute(
            f"SELECT known_at FROM {of.name} WHERE seq <= ? ORDER BY known_at DESC LIMIT 1",
            (until,),
        ).fetchone()
        return int(row[0]) if row else None

    def first_judged_from(self, of: Kind, instant: int) -> int | None:
        """The first seq of a kind that is judged at an instant or later; None where none is.

        A late fact is judged at an instant that one stored before it was known at.
        """
        row = self._connections.connection.execute(  # + takes the index of known_at, not a scan
            f"SELECT MIN(+seq) FROM {of.name} WHERE known_at >= ?", (instant,)
        ).fetchone()
        return None if row[0] is None else int(row[0])

    def newest_of_each(self, of: Kind, statement: str, *, since: int, until: int) -> list[Row]:
        """The facts that a statement of ``compile.newest_statement`` finds."""
        return self._rows(of.name, f"seq IN ({statement}) ORDER BY seq", (since, until))

    def index_for(self, of: Kind, by: Sequence[str], fields: Iterable[str]) -> None:
        """See to an index that answers measures of a kind by these fields without the table."""
        name = f"measured_{of.name}_{'_'.join(by) or 'all'}"
        connection = self._connections.connection
        held = {row[2] for row in connection.execute(f"PRAGMA index_info({name})")}
        wanted = {*fields, "gone_seq"} - {*by, "known_at", "seq"}
        if wanted <= held:
            return
        columns = [*by, "known_at", *sorted(wanted | held - {*by, "known_at"})]
        listed = ", ".join(f'"{column}"' for column in dict.fromkeys(columns))
        with self._connections.writing() as writing:
            writing.execute(f"DROP INDEX IF EXISTS {name}")
            writing.execute(f"CREATE INDEX {name} ON {of.name} ({listed})")

    def _rows(self, name: str, where: str, parameters: Sequence[Any]) -> list[Row]:
        table = self._tables[name]
        cursor = self._connections.connection.execute(
            f"SELECT {table.listed} FROM {name} WHERE {where}", parameters
        )
        return [dict(zip(table.columns, row, strict=True), kind=name) for row in cursor]

    # What is stored already, asked once for all that arrive together.

    def _known_ids(self, arrivals: Sequence[Arrival]) -> set[tuple[str, str]]:
        asked = _distinct((a.fact.kind.name, a.fact.id) for a in arrivals)
        found = set()
        for name, ids in asked.items():
            rows = self._connections.connection.execute(
                f"SELECT id FROM {name} WHERE id IN (SELECT value FROM json_each(?))", (ids,)
            )
            found |= {(name, fact_id) for (fact_id,) in rows}
        return found

    def _newest_known_at(self, arrivals: Sequence[Arrival]) -> dict[tuple[str, str], int]:
        asked = _distinct((a.fact.kind.name, a.fact.subject) for a in arrivals)
        newest: dict[tuple[str, str], int] = {}
        for name, subjects in asked.items():
            rows = self._connections.connection.execute(
                f"SELECT value, (SELECT MAX(known_at) FROM {name} WHERE subject = value) "
                "FROM json_each(?)",
                (subjects,),
            )
            newest |= {(name, subject): at for subject, at in rows if at is not None}
        return newest

    def _document_of(self, seq: int) -> int | None:
        for name in self._tables:
            row = self._connections.connection.execute(
                f"SELECT document_id FROM {name} WHERE seq = ?", (seq,)
            ).fetchone()
            if row:
                found: int | None = row[0]
                return found
        return None


def loaded(of: Kind, row: Mapping[str, Any]) -> dict[str, Any]:
    """A stored fact with its values as Python holds them."""
    return {name: of.by_name[name].loaded(row[name]) for name in of.by_name}


def as_fact(of: Kind, row: Mapping[str, Any]) -> Fact:
    """The fact that a stored one was when it came."""
    held = loaded(of, row)
    return Fact(
        kind=of,
        id=held["id"],
        subject=held["subject"],
        ticker=held["ticker"],
        known_at=held["known_at"],
        happened_at=held["happened_at"],
        values={each.name: held[each.name] for each in of.fields},
    )


def _distinct(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The second of each pair by the first, as a JSON array of different ones."""
    held: dict[str, dict[str, None]] = defaultdict(dict)
    for name, value in pairs:
        held[name][value] = None
    return {name: json.dumps(list(values)) for name, values in held.items()}
