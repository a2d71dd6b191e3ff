"""Decisions, the states of rules, and how far facts are judged."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, NamedTuple

from bot.rules.fire import State
from bot.store.alerts import keep_alerts
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
    fate: str
    reason: str | None
    severity: str
    message: str | None
    measures: str
    proof: str
    message_id: int | None = None


class Beginning(NamedTuple):
    """When a rule began to judge, None where that is not known, and behind which fact."""

    at: int | None
    seq: int


Row = dict[str, Any]
COLUMNS = NewDecision._fields
_LISTED = ", ".join(f'"{name}"' for name in COLUMNS)
_INSERT = f"INSERT INTO decisions ({_LISTED}) VALUES ({', '.join('?' * len(COLUMNS))})"


_STATE_FIELDS = tuple(field.name for field in fields(State))
_STATE = ", ".join(f"held.{name}" for name in _STATE_FIELDS)
_SAVE_STATE = (
    f"INSERT INTO rule_states (rule, key, {', '.join(_STATE_FIELDS)}) "
    f"VALUES (?, ?, {', '.join('?' * len(_STATE_FIELDS))}) ON CONFLICT (rule, key) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _STATE_FIELDS)
)


class Decisions:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def next_id(self) -> int:
        row = self._connections.connection.execute("SELECT MAX(id) FROM decisions").fetchone()
        return (row[0] or 0) + 1

    def add(
        self, decisions: Sequence[NewDecision], *, titles: Mapping[str, str] | None = None
    ) -> None:
        """Keep decisions; one of a rule, key, fact and instant once (IntegrityError on another).

        titles: of their rules, by whose words people find them.
        """
        with self._connections.writing() as connection:
            connection.executemany(_INSERT, decisions)
            keep_alerts(connection, decisions, titles or {})

    def of(self, number: int) -> Row | None:
        """A decision by its number; None where there is none."""
        return next(iter(self._select("id = ?", (number,))), None)

    def last_fired(self, rule: str) -> Row | None:
        """The newest alert of a rule; None where it never fired."""
        where = "rule = ? AND fate = 'fired'"
        number = self._connections.connection.execute(
            f"SELECT id FROM decisions WHERE {where} ORDER BY decided_at DESC, id DESC LIMIT 1",
            (rule,),
        ).fetchone()
        return self.of(*number) if number else None

    def fired_for(self, rule: str, key: str, document_id: int) -> list[Row]:
        """The alerts of a rule and key about a document, in their order."""
        where = "rule = ? AND key = ? AND document_id = ? AND fate = 'fired'"
        return self._select(where, (rule, key, document_id))

    def capped_for(self, rule: str, key: str, document_id: int) -> list[Row]:
        """The matches about a document that a digest tells, for the rule had told its share."""
        where = "rule = ? AND key = ? AND document_id = ? AND fate = 'over the daily cap'"
        return self._select(where, (rule, key, document_id))

    def fired_facts(self, rule: str, key: str, fact_ids: Iterable[str]) -> bool:
        """Whether any of these facts made an alert of a rule and key."""
        asked = json.dumps(list(fact_ids))
        return self._connections.connection.execute(
            "SELECT 1 FROM decisions WHERE rule = ? AND key = ? AND fate = 'fired' "
            "AND fact_id IN (SELECT value FROM json_each(?)) LIMIT 1",
            (rule, key, asked),
        ).fetchone() is not None  # fmt: skip

    def alerts_on(self, fact_ids: Iterable[str]) -> list[Row]:
        """The alerts that these facts made, of any rule, in their order."""
        asked = json.dumps(list(fact_ids))
        return self._select(
            "fate = 'fired' AND fact_id IN (SELECT value FROM json_each(?))", (asked,)
        )

    def capped_on(self, pairs: Iterable[tuple[str, str]], fact_ids: Iterable[str]) -> list[Row]:
        """The matches on these facts that a digest tells, for the rule had told its share; of these
        pairs of rule and key."""
        asked = json.dumps([[*pair, each] for pair in pairs for each in fact_ids])
        return self._select(
            "id IN (SELECT one.id FROM json_each(?) AS asked CROSS JOIN decisions AS one "
            "ON one.key = json_extract(asked.value, '$[1]') "
            "AND one.rule = json_extract(asked.value, '$[0]') "
            "AND one.fact_id = json_extract(asked.value, '$[2]') "
            "WHERE one.fate = 'over the daily cap')",
            (asked,),
        )

    def alerts_before(
        self,
        seq: int,
        *,
        rules: Sequence[str],
        tickers: Sequence[str],
        pairs: Iterable[tuple[str, str]],
    ) -> list[Row]:
        """The alerts of some rules on facts numbered below ``seq``: about these tickers, or of
        these pairs of rule and key."""
        return self._select(
            "fate = 'fired' AND fact_seq < ? AND id IN ("
            "SELECT id FROM decisions WHERE fate = 'fired' "
            "AND ticker IN (SELECT value FROM json_each(?)) "
            "AND +rule IN (SELECT value FROM json_each(?)) "  # + goes by the ticker
            "UNION SELECT one.id FROM json_each(?) AS asked CROSS JOIN decisions AS one "
            "ON one.key = json_extract(asked.value, '$[1]') "
            "AND one.rule = json_extract(asked.value, '$[0]') WHERE one.fate = 'fired')",
            (seq, json.dumps(list(tickers)), json.dumps(list(rules)), json.dumps(list(pairs))),
        )

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
            f"SELECT held.rule, held.key, {_STATE} "
            "FROM json_each(?) AS asked CROSS JOIN rule_states AS held "
            "ON held.rule = json_extract(asked.value, '$[0]') "
            "AND held.key = json_extract(asked.value, '$[1]')",
            (json.dumps(list(asked)),),
        )
        return _states(rows)

    def waking(self, rule: str, before: int) -> dict[tuple[str, str], State]:
        """The states of a rule that are to be looked at before an instant."""
        rows = self._connections.connection.execute(
            f"SELECT rule, key, {_STATE} FROM rule_states AS held "
            "WHERE rule = ? AND wake_at < ? AND wake_at IS NOT NULL",
            (rule, before),
        )
        return _states(rows)

    def save_states(self, states: Mapping[tuple[str, str], State]) -> None:
        with self._connections.writing() as connection:
            connection.executemany(
                _SAVE_STATE,
                [
                    (*pair, *(getattr(state, name) for name in _STATE_FIELDS))
                    for pair, state in states.items()
                ],
            )

    def forget_states(self) -> None:
        """Forget the state of every rule that judges; it can be made again from the facts."""
        with self._connections.writing() as connection:
            connection.execute("DELETE FROM rule_states WHERE rule IN (SELECT id FROM rules)")
            connection.execute("DELETE FROM counters WHERE name = 'arrived'")

    def recall_alerts(self) -> None:
        """Let the states of the rules that judge name the alerts that were made."""
        judging = "rule IN (SELECT id FROM rules)"
        last = f"SELECT rule, key, MAX(id) AS id FROM decisions WHERE fate = 'fired' AND {judging}"
        with self._connections.writing() as connection:
            connection.execute(f"UPDATE rule_states SET alerted_at = NULL WHERE {judging}")
            connection.execute(
                f"INSERT INTO rule_states (rule, key, alerted_at) SELECT rule, key, at FROM "
                f"decisions JOIN ({last} GROUP BY rule, key) USING (id, rule, key) WHERE true "
                "ON CONFLICT (rule, key) DO UPDATE SET alerted_at = excluded.alerted_at"
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

    def save_versions(
        self, versions: Mapping[str, str], *, at: int | None = None, seq: int = 0
    ) -> None:
        """From here on exactly these rules judge; what others remember stays.

        at, seq: when those that are new began to, and behind which fact.
        """
        began, new = self.began(), Beginning(at, seq)
        with self._connections.writing() as connection:
            connection.execute("DELETE FROM rules")
            connection.executemany(
                "INSERT INTO rules (id, version, since, since_seq) VALUES (?, ?, ?, ?)",
                [(name, version, *began.get(name, new)) for name, version in versions.items()],
            )

    def began(self) -> dict[str, "Beginning"]:
        """Where each rule began to judge; it may have changed since."""
        rows = self._connections.connection.execute("SELECT id, since, since_seq FROM rules")
        return {name: Beginning(at, seq or 0) for name, at, seq in rows}

    def counter(self, name: str) -> int | None:
        """An instant that judging remembers: ``arrived`` the latest arrival among judged facts,
        ``ticked`` up to when what fell due without a fact was decided."""
        row = self._connections.connection.execute(
            "SELECT value FROM counters WHERE name = ?", (name,)
        ).fetchone()
        return int(row[0]) if row else None

    def save_counter(self, name: str, at: int) -> None:
        with self._connections.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO counters VALUES (?, ?)", (name, at))


def _states(rows: Iterable[tuple[Any, ...]]) -> dict[tuple[str, str], State]:
    return {
        (rule, key): State(**dict(zip(_STATE_FIELDS, held, strict=True)))
        for rule, key, *held in rows
    }
