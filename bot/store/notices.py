"""What the store knows of notices of proposed sale, and of the trades that carry them out."""

from collections.abc import Sequence
from typing import Any

from bot.store.database import Connections

_ANNOUNCED = ("id", "known_at", "filed_on", "planned_on", "sellers", "seller_name", "security",
              "shares", "seen_at", "quiet")  # fmt: skip
_SALE = ("known_at", "traded_on", "shares", "value_usd", "parties", "security")

_DELISTED = """
WITH told AS (SELECT form, items, filed_on FROM company_filing WHERE subject = ? AND known_at <= ?)
SELECT MIN(filed_on) FROM told AS d WHERE (
    form IN ('15-12B', '15-12G', '15-15D') OR form IN ('25', '25-NSE') AND EXISTS (
        SELECT 1 FROM told WHERE form = '8-K' AND ' ' || items || ' ' LIKE '% 3.01 %'
        AND ABS(filed_on - d.filed_on) <= 30))
AND NOT EXISTS (
    SELECT 1 FROM told WHERE form IN ('10-K', '10-Q', '20-F') AND filed_on > d.filed_on + 30)
"""

NOTICE_INDEXES = ("form144_stages ON form144 (stage, filed_on)",)
"""They keep what is asked each hour cheap."""


class Notices:
    """Stored facts of the kind form144 beside those of insiders: days as numbers."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def announced(self, issuer: str, since: int, until: int) -> list[dict[str, Any]]:
        """Announcements filed on these days, in the order of their arrival."""
        return self._rows(
            _ANNOUNCED,
            "form144 WHERE subject = ? AND stage = 'announced' AND filed_on BETWEEN ? AND ?",
            (issuer, since, until),
        )

    def unended(self, until: int) -> list[dict[str, Any]]:
        """Announcements filed up to a day of which no end is stored."""
        return self._rows(
            (*_ANNOUNCED, "subject"),
            "form144 AS a WHERE stage = 'announced' AND filed_on <= ? AND NOT EXISTS (SELECT 1 "
            "FROM form144 AS e WHERE e.id IN (replace(a.id, ':announced', ':executed'), "
            "replace(a.id, ':announced', ':partly_executed'), "
            "replace(a.id, ':announced', ':not_executed')))",
            (until,),
        )

    def sales(self, issuer: str, since: int, until: int) -> list[dict[str, Any]]:
        """Open-market sales of these days that count, of a known number of shares."""
        return self._rows(
            _SALE,
            "insider_trade WHERE subject = ? AND traded_on BETWEEN ? AND ? AND side = 'sell' "
            "AND class = 'open_market' AND gone_seq IS NULL AND shares > 0",
            (issuer, since, until),
        )

    def owners(self, issuer: str) -> list[str]:
        """Who has filed trades of an issuer: CIKs and names, JSON."""
        rows = self._connections.connection.execute(
            "SELECT DISTINCT parties FROM insider_trade WHERE subject = ? AND parties IS NOT NULL",
            (issuer,),
        )
        return [parties for (parties,) in rows]

    def accepted(self, issuer: str) -> dict[str, int]:
        """Acceptance of an issuer's filings as their headers told it, by accession number."""
        one = (
            "SELECT accession_number, known_at FROM {} WHERE subject = ? AND accession_number "
            "IS NOT NULL AND COALESCE(quality, '') NOT LIKE '%acceptance_unknown%'"
        )
        both = (
            f"{one.format('insider_trade')} UNION {one.format('form144')} AND stage = 'announced'"
        )
        return dict(self._connections.connection.execute(both, (issuer, issuer)).fetchall())

    def delisted_on(self, issuer: str, known_at: int) -> int | None:
        """The day on which an issuer left its exchange or ended its registration, as known then.

        A Form 25 may remove notes or warrants only: it counts with an 8-K of item 3.01 around it.
        Annual and quarterly reports of a month later show that the issuer goes on.
        """
        row = self._connections.connection.execute(_DELISTED, (issuer, known_at)).fetchone()
        found: int | None = row[0]
        return found

    def ticker(self, issuer: str, known_at: int) -> str | None:
        """The symbol under which an issuer's insiders filed last before an instant."""
        row = self._connections.connection.execute(
            "SELECT ticker FROM insider_trade WHERE subject = ? AND known_at <= ? "
            "AND ticker IS NOT NULL ORDER BY known_at DESC, seq DESC LIMIT 1",
            (issuer, known_at),
        ).fetchone()
        return row[0] if row else None

    def _rows(
        self, columns: Sequence[str], rest: str, parameters: Sequence[Any]
    ) -> list[dict[str, Any]]:
        listed = ", ".join(f'"{name}"' for name in columns)
        found = self._connections.connection.execute(
            f"SELECT {listed} FROM {rest} ORDER BY seq", parameters
        )
        return [dict(zip(columns, row, strict=True)) for row in found]
