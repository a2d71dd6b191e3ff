"""Decisions, the states of rules, and how far each rule has judged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.rules.fire import State
from bot.store.database import Connections

COLUMNS = (
    "rule",
    "version",
    "key",
    "kind",
    "fact_id",
    "fact_seq",
    "document_id",
    "ticker",
    "at",
    "decided_at",
    "fate",
    "reason",
    "severity",
    "message",
    "measures",
    "proof",
    "message_id",
)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a rule has judged, and with which version."""

    version: str
    judged_seq: int


class Decisions:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, rows: Sequence[Row]) -> list[int]:
        """Keep decisions in their order and give their ids."""
        if not rows:
            return []
        with self._connections.writing() as database:
            first = self._next_id()
            ids = list(range(first, first + len(rows)))
            names = ("id", *COLUMNS)
            listed = ", ".join(f'"{name}"' for name in names)
            database.conn.executemany(
                f"INSERT INTO decisions ({listed}) VALUES ({', '.join('?' * len(names))})",
                [
                    (number, *(row[name] for name in COLUMNS))
                    for number, row in zip(ids, rows, strict=True)
                ],
            )
            return ids

    def _next_id(self) -> int:
        row = self._connections.database.conn.execute("SELECT MAX(id) FROM decisions").fetchone()
        return (row[0] or 0) + 1

    def lead(self, message_id: int, decisions: Iterable[int]) -> None:
        """Tell decisions which message carries them: the id of the first of them."""
        with self._connections.writing() as database:
            database.conn.executemany(
                "UPDATE decisions SET message_id = ? WHERE id = ?",
                [(message_id, number) for number in decisions],
            )

    def message_of(self, rule: str, key: str, document_id: int) -> int | None:
        """The message that already carries an alert of this rule, key and document."""
        row = self._connections.database.conn.execute(
            "SELECT MIN(message_id) FROM decisions "
            "WHERE rule = ? AND key = ? AND document_id = ? AND fate = 'fired'",
            (rule, key, document_id),
        ).fetchone()
        found: int | None = row[0]
        return found

    def all(self, *, fate: str | None = None) -> list[Row]:
        """Decisions in their order, all or those of one fate."""
        where, parameters = ("WHERE fate = ?", (fate,)) if fate else ("", ())
        names = ("id", *COLUMNS)
        listed = ", ".join(f'"{name}"' for name in names)
        cursor = self._connections.database.conn.execute(
            f"SELECT {listed} FROM decisions {where} ORDER BY id", parameters
        )
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def count_by_fate(self) -> dict[str, int]:
        rows = self._connections.database.conn.execute(
            "SELECT fate, COUNT(*) FROM decisions GROUP BY fate ORDER BY fate"
        )
        return dict(rows.fetchall())

    # States of rules.

    def states(self, rule: str, keys: Iterable[str]) -> dict[str, State]:
        """The remembered states of a rule for these keys; a key not yet seen has none."""
        states = {}
        for key in keys:
            row = self._connections.database.conn.execute(
                "SELECT risen, judged_at, alerted_at FROM rule_states WHERE rule = ? AND key = ?",
                (rule, key),
            ).fetchone()
            if row:
                states[key] = State(risen=bool(row[0]), judged_at=row[1], alerted_at=row[2])
        return states

    def save_states(self, rule: str, states: dict[str, State]) -> None:
        with self._connections.writing() as database:
            database.conn.executemany(
                "INSERT INTO rule_states (rule, key, risen, judged_at, alerted_at) "
                "VALUES (?, ?, ?, ?, ?) ON CONFLICT (rule, key) DO UPDATE SET "
                "risen = excluded.risen, judged_at = excluded.judged_at, "
                "alerted_at = excluded.alerted_at",
                [
                    (rule, key, int(state.risen), state.judged_at, state.alerted_at)
                    for key, state in states.items()
                ],
            )

    # Progress of rules.

    def progress(self) -> dict[str, Progress]:
        rows = self._connections.database.conn.execute("SELECT id, version, judged_seq FROM rules")
        return {
            rule: Progress(version=version, judged_seq=judged_seq)
            for rule, version, judged_seq in rows
        }

    def save_progress(self, progress: dict[str, Progress]) -> None:
        with self._connections.writing() as database:
            database.conn.executemany(
                "INSERT INTO rules (id, version, judged_seq) VALUES (?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET version = excluded.version, "
                "judged_seq = excluded.judged_seq",
                [(rule, p.version, p.judged_seq) for rule, p in progress.items()],
            )
