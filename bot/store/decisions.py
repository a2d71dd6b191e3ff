"""Decisions, the states of rules, and how far facts are judged."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from bot.rules.fire import Fate, State
from bot.store.database import Connections


class NewDecision(NamedTuple):
    """What one rule says of one fact; measures and proof are JSON.

    message_id: the first decision of the message that carries it.
    """

    id: int
    rule: str
    version: str
    key: str
    kind: str
    fact_id: str
    fact_seq: int
    document_id: int | None
    ticker: str | None
    at: int
    decided_at: int
    fate: Fate
    reason: str | None
    severity: str
    message: str | None
    measures: str
    proof: str
    message_id: int | None = None


Row = dict[str, Any]
COLUMNS = NewDecision._fields
_LISTED = ", ".join(f'"{name}"' for name in COLUMNS)
_INSERT = f"INSERT INTO decisions ({_LISTED}) VALUES ({', '.join('?' * len(COLUMNS))})"


class Decisions:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def next_id(self) -> int:
        row = self._connections.connection.execute("SELECT MAX(id) FROM decisions").fetchone()
        return (row[0] or 0) + 1

    def add(self, decisions: Sequence[NewDecision]) -> None:
        """Keep decisions; one of a rule, key and fact is kept once (IntegrityError on another)."""
        with self._connections.writing() as connection:
            connection.executemany(_INSERT, decisions)

    def fired_for(self, rule: str, key: str, document_id: int) -> list[Row]:
        """The alerts of a rule and key about a document, in their order."""
        where = "rule = ? AND key = ? AND document_id = ? AND fate = 'fired'"
        return self._select(where, (rule, key, document_id))

    def all(self, *, fate: str | None = None) -> list[Row]:
        """Decisions in their order, all or those of one fate."""
        return self._select("fate = ?", (fate,)) if fate else self._select("1", ())

    def _select(self, where: str, parameters: Sequence[Any]) -> list[Row]:
        cursor = self._connections.connection.execute(
            f"SELECT {_LISTED} FROM decisions WHERE {where} ORDER BY id", parameters
        )
        return [dict(zip(COLUMNS, row, strict=True)) for row in cursor]

    def count_by_fate(self) -> dict[str, int]:
        rows = self._connections.connection.execute(
            "SELECT fate, COUNT(*) FROM decisions GROUP BY fate ORDER BY fate"
        )
        return dict(rows.fetchall())

    # States of rules.

    def states(self, asked: Iterable[tuple[str, str]]) -> dict[tuple[str, str], State]:
        """What is remembered of these pairs of rule and key; of a new pair nothing."""
        rows = self._connections.connection.execute(
            "SELECT held.rule, held.key, risen_at, judged_at, alerted_at "
            "FROM json_each(?) AS asked CROSS JOIN rule_states AS held "
            "ON held.rule = json_extract(asked.value, '$[0]') "
            "AND held.key = json_extract(asked.value, '$[1]')",
            (json.dumps(list(asked)),),
        )
        return {
            (rule, key): State(risen_at=risen_at, judged_at=judged_at, alerted_at=alerted_at)
            for rule, key, risen_at, judged_at, alerted_at in rows
        }

    def save_states(self, states: Mapping[tuple[str, str], State]) -> None:
        with self._connections.writing() as connection:
            connection.executemany(
                "INSERT INTO rule_states (rule, key, risen_at, judged_at, alerted_at) "
                "VALUES (?, ?, ?, ?, ?) ON CONFLICT (rule, key) DO UPDATE SET "
                "risen_at = excluded.risen_at, judged_at = excluded.judged_at, "
                "alerted_at = excluded.alerted_at",
                [
                    (*pair, state.risen_at, state.judged_at, state.alerted_at)
                    for pair, state in states.items()
                ],
            )

    # How far facts are judged, and by which rules.

    def judged_seq(self) -> int:
        """The number of the fact judged last; all before it are judged too."""
        row = self._connections.connection.execute(
            "SELECT value FROM counters WHERE name = 'judged'"
        ).fetchone()
        return int(row[0]) if row else 0

    def save_judged_seq(self, seq: int) -> None:
        with self._connections.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO counters VALUES ('judged', ?)", (seq,))

    def versions(self) -> dict[str, str]:
        """The rules that judge, each with its version."""
        return dict(self._connections.connection.execute("SELECT id, version FROM rules"))

    def save_versions(self, versions: Mapping[str, str]) -> None:
        """From here on exactly these rules judge; what others remember stays."""
        with self._connections.writing() as connection:
            connection.execute("DELETE FROM rules")
            connection.executemany("INSERT INTO rules VALUES (?, ?)", list(versions.items()))
