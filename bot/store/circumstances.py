"""What holds alerts back besides the facts: mutes, silent sources, daily caps, rules that fail."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.store.mutes import Mutes


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingRule:
    """A rule that raised on a fact.  failing: no later fact was judged without."""

    rule: str
    version: str
    since: int
    last_at: int
    times: int
    fact_id: str
    error: str
    failing: bool


class Circumstances(Mutes):
    """What holds alerts back, asked and kept."""

    # Sources.

    def last_answer(self, source: str, seq: int) -> tuple[bool, int | None]:
        """Whether a source was ever polled, and when it last answered, by the facts up to seq."""
        asked = self._one("SELECT 1 FROM source_poll WHERE source = ? AND seq <= ?", source, seq)
        answered = self._one(
            "SELECT known_at FROM source_poll WHERE source = ? AND ok = 1 AND seq <= ? "
            "ORDER BY known_at DESC LIMIT 1", source, seq
        )  # fmt: skip
        return asked is not None, answered

    # Daily caps.

    def fired_between(self, rule: str, first: int, end: int) -> int:
        """How many alerts of a rule there are at instants from ``first`` to before ``end``."""
        found: int = self._one(
            "SELECT COUNT(*) FROM decisions "
            "WHERE fate = 'fired' AND rule = ? AND at >= ? AND at < ?", rule, first, end
        )  # fmt: skip
        return found

    # Rules that fail.

    def note_failure(self, rule: str, version: str, *, at: int, fact_id: str, error: str) -> bool:
        """Note that a rule raised; whether this version of it did so for the first time."""
        held = self._one("SELECT version FROM failing_rules WHERE rule = ?", rule)
        with self._connections.writing() as connection:
            if held != version:
                connection.execute("DELETE FROM failing_rules WHERE rule = ?", (rule,))
            connection.execute(
                "INSERT INTO failing_rules (rule, version, since, last_at, times, fact_id, error, "
                "failing) VALUES (?, ?, ?, ?, 1, ?, ?, 1) ON CONFLICT (rule) DO UPDATE SET "
                "last_at = excluded.last_at, times = times + 1, fact_id = excluded.fact_id, "
                "error = excluded.error, failing = 1",
                (rule, version, at, at, fact_id, error),
            )
        return bool(held != version)

    def note_recovery(self, rules: Sequence[str]) -> None:
        """These rules judged a fact without raising."""
        with self._connections.writing() as connection:
            connection.executemany(
                "UPDATE failing_rules SET failing = 0 WHERE rule = ?", [(rule,) for rule in rules]
            )

    def failing(self) -> list[FailingRule]:
        """Rules that raised, in this version of theirs, failing still or not any more."""
        rows = self._connections.connection.execute(
            "SELECT rule, version, since, last_at, times, fact_id, error, failing "
            "FROM failing_rules ORDER BY rule"
        )
        return [
            FailingRule(
                rule=rule, version=version, since=since, last_at=last_at, times=times,
                fact_id=fact_id, error=error, failing=bool(failing),
            )
            for rule, version, since, last_at, times, fact_id, error, failing in rows
        ]  # fmt: skip

    def _one(self, statement: str, *parameters: Any) -> Any:
        row = self._connections.connection.execute(statement, parameters).fetchone()
        return row[0] if row else None
