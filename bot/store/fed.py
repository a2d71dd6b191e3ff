"""What the store knows of the Federal Reserve: what came before a release, and what is known."""

import json
from collections.abc import Iterable
from typing import Any

from bot.store.database import Connections

_RELEASE = ("id", "seq", "document_id", "known_at", "type", "title", "speaker", "url", "text",
            "tone")  # fmt: skip
_DECISION = ("id", "known_at", "action", "target_lower_pct", "target_upper_pct")


class FedFacts:
    """Stored facts of the kinds fed_release and fed_decision that nothing replaced."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def known(self, ids: Iterable[str]) -> set[str]:
        """Which releases are stored, whatever became of them."""
        rows = self._connections.connection.execute(
            "SELECT id FROM fed_release WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        return {fact_id for (fact_id,) in rows}

    def previous_release(
        self, type_: str, before: int, speaker: str | None = None
    ) -> dict[str, Any] | None:
        """The release of a type (and of a speaker) before an instant; None where there is none."""
        where, parameters = "type = ? AND known_at < ?", [type_, before]
        if speaker is not None:
            where, parameters = f"{where} AND speaker = ?", [*parameters, speaker]
        return self._one("fed_release", _RELEASE, where, parameters)

    def previous_decision(self, before: int) -> dict[str, Any] | None:
        """The decision before an instant, one that could not be read too; not a statement that
        decides nothing."""
        where = "known_at < ? AND (action IS NULL OR action != 'none')"
        return self._one("fed_decision", _DECISION, where, [before])

    def newest_release(self, paths: str) -> int | None:
        """When the newest release under a path of ids was known."""
        row = self._connections.connection.execute(
            "SELECT MAX(known_at) FROM fed_release WHERE id LIKE ? || '%'", (paths,)
        ).fetchone()
        return None if row[0] is None else int(row[0])

    def with_pages(self, since: int) -> list[dict[str, Any]]:
        """Releases known from an instant on whose page is kept, oldest first."""
        return self._rows(
            "fed_release",
            _RELEASE,
            "known_at >= ? AND document_id IS NOT NULL AND gone_seq IS NULL ORDER BY known_at, id",
            [since],
        )

    def _one(
        self, table: str, columns: tuple[str, ...], where: str, parameters: list[Any]
    ) -> dict[str, Any] | None:
        order = "gone_seq IS NULL ORDER BY known_at DESC, seq DESC LIMIT 1"
        found = self._rows(table, columns, f"{where} AND {order}", parameters)
        return found[0] if found else None

    def _rows(
        self, table: str, columns: tuple[str, ...], where: str, parameters: list[Any]
    ) -> list[dict[str, Any]]:
        rows = self._connections.connection.execute(
            f"SELECT {', '.join(columns)} FROM {table} WHERE {where}", parameters
        )
        return [dict(zip(columns, row, strict=True)) for row in rows]
