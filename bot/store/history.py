"""Past alerts: fired decisions with what became of their messages."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clock import from_ms, to_ms
from bot.facts import Kind
from bot.store.database import Connections


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryQuery:
    """Which alerts: all that is given must hold; the newest first, at most ``limit``."""

    ticker: str | None = None
    rule: str | None = None
    since: datetime | None = None
    limit: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAlert:
    """One alert.

    fired_at: when the bot decided.  judged_at: its place in time, that of the newest fact it saw.
    status: of its message, None where it had no channel to go to.  place, ts: where Slack keeps it,
    or the digest that told it.
    """

    id: int
    rule: str
    severity: str
    ticker: str | None
    kind: str
    fact_seq: int
    fired_at: datetime
    judged_at: datetime
    fate: str
    message: str
    values: dict[str, Any]
    status: str | None
    channel: str | None
    place: str | None
    ts: str | None


class History:
    def __init__(self, connections: Connections, kinds: Sequence[Kind]) -> None:
        self._connections = connections
        told = " UNION ALL ".join(f"SELECT 1 FROM {kind.name} WHERE ticker = :t" for kind in kinds)
        self._knows_ticker = f"SELECT EXISTS ({told})"

    def knows_ticker(self, ticker: str) -> bool:
        """Whether any stored fact has this ticker."""
        found = self._connections.connection.execute(self._knows_ticker, {"t": ticker})
        return bool(found.fetchone()[0])

    def rules(self) -> tuple[str, ...]:
        """Ids of the rules that judge."""
        rows = self._connections.connection.execute("SELECT id FROM rules ORDER BY id")
        return tuple(rule for (rule,) in rows)

    def alerts(self, query: HistoryQuery) -> list[PastAlert]:
        rows = self._connections.connection.execute(*history_statement(query))
        return [_alert(row) for row in rows]


def history_statement(query: HistoryQuery) -> tuple[str, Sequence[Any]]:
    """The SQL that finds past alerts, and its parameters."""
    conditions, parameters = ["d.fate = 'fired'"], list[Any]()
    for condition, value in (
        ("d.ticker = ?", query.ticker),
        ("d.rule = ?", query.rule),
        ("d.decided_at >= ?", to_ms(query.since) if query.since else None),
    ):
        if value is not None:
            conditions.append(condition)
            parameters.append(value)
    return (
        "SELECT d.id, d.rule, d.severity, d.ticker, d.kind, d.fact_seq, "
        "d.decided_at, d.at, d.fate, d.message, d.measures, o.state, o.channel, "
        "COALESCE(g.place, o.place), COALESCE(g.ts, o.ts) FROM decisions d "
        "LEFT JOIN outbox o ON o.id = (SELECT MIN(id) FROM outbox "
        "WHERE message_id = d.message_id) "
        "LEFT JOIN outbox g ON g.id = o.digest_id "
        f"WHERE {' AND '.join(conditions)} ORDER BY d.decided_at DESC, d.id DESC LIMIT ?",
        (*parameters, query.limit),
    )


def _alert(row: tuple[Any, ...]) -> PastAlert:
    number, rule, severity, ticker, kind, seq, decided_at, at, fate, message, measures, *sent = row
    state, channel, place, ts = sent
    return PastAlert(
        id=number,
        rule=rule,
        severity=severity,
        ticker=ticker,
        kind=kind,
        fact_seq=seq,
        fired_at=from_ms(decided_at),
        judged_at=from_ms(at),
        fate=fate,
        message=message,
        values=json.loads(measures),
        status=state,
        channel=channel,
        place=place,
        ts=ts,
    )
