"""What the store knows beside a filing of insiders: other trades, amendments, people."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from bot.insider.signals import COLUMNS as PAST_COLUMNS
from bot.insider.signals import Past
from bot.store.database import Connections

_COLUMNS = (
    "id", "seq", "gone_seq", "known_at", "accession_number", "form", "filed_on",
    "original_filed_on", "parties", "person_key", "code", "acquired_disposed", "class",
    "derivative", "security", "duplicate_of", "superseded_by", "quality", "rows",
)  # fmt: skip


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


INDEXES = (
    "insider_trade_days ON insider_trade (subject, traded_on)",
    "insider_trade_amending ON insider_trade (subject, known_at) WHERE amendment = 1",
    f"insider_trade_past ON insider_trade (subject, known_at, gone_seq, {_listed(PAST_COLUMNS)}) "
    "WHERE class IN ('open_market', 'exercise')",
    "insider_trade_twins ON insider_trade (duplicate_of) WHERE duplicate_of IS NOT NULL",
    "insider_trade_people ON insider_trade (subject, owner_cik, person_key) "
    "WHERE person_key IS NOT owner_cik",
)
"""They keep what is asked for each filing cheap."""


class MarketTrade(NamedTuple):
    """A trade on the open market as a chart marks it.

    traded_on: day number.  value_usd: cents.  planned: 1, 0 or None.
    """

    traded_on: int
    side: str
    value_usd: int | None
    planned: int | None


class Insiders:
    """Stored facts of the kind insider_trade as the ledger asks for them: days as numbers."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def traded(self, issuer: str, since: int, until: int) -> list[dict[str, Any]]:
        """Trades of these days, in the order of their arrival."""
        return self._rows("subject = ? AND traded_on BETWEEN ? AND ?", (issuer, since, until))

    def amendments(self, issuer: str, known_at: int) -> list[dict[str, Any]]:
        """Trades of amended forms known since an instant."""
        return self._rows("subject = ? AND amendment = 1 AND known_at >= ?", (issuer, known_at))

    def filed(self, issuer: str, since: int, until: int) -> list[dict[str, Any]]:
        """Trades of forms filed on these days, and of those that amend such a form."""
        days = (since, until)
        return self._rows(
            "subject = ? AND (filed_on BETWEEN ? AND ? OR original_filed_on BETWEEN ? AND ?)",
            (issuer, *days, *days),
        )

    def twins(self, fact_ids: Sequence[str]) -> list[dict[str, Any]]:
        """Trades that are told as a whole by some facts."""
        asked = json.dumps(fact_ids)
        return self._rows("duplicate_of IN (SELECT value FROM json_each(?))", (asked,))

    def past(self, issuer: str, since: int) -> list[Past]:
        """Counted trades on the open market and exercises known since an instant."""
        found = self._connections.connection.execute(
            f"SELECT {_listed(PAST_COLUMNS)} FROM insider_trade WHERE subject = ? "
            "AND known_at >= ? AND class IN ('open_market', 'exercise') AND gone_seq IS NULL",
            (issuer, since),
        )
        return list(map(Past._make, found))

    def on_the_market(self, ticker: str, since: int, until: int) -> list[MarketTrade]:
        """Counted trades of these days on the open market, without those of other securities than
        common stock, by the ticker they were filed under, in the order of their days."""
        found = self._connections.connection.execute(
            f"SELECT {_listed(MarketTrade._fields)} FROM insider_trade WHERE ticker = ? "
            "AND traded_on BETWEEN ? AND ? AND class = 'open_market' AND side IN ('buy', 'sell') "
            "AND gone_seq IS NULL AND common IS NOT 0 ORDER BY traded_on, seq",
            (ticker, since, until),
        )
        return list(map(MarketTrade._make, found))

    def persons(self, issuer: str) -> dict[str, str]:
        """For whom each owner of the issuer stands who is one person with another, by CIK."""
        rows = self._connections.connection.execute(
            "SELECT owner_cik, person_key FROM insider_trade "
            "WHERE subject = ? AND person_key IS NOT owner_cik ORDER BY seq",
            (issuer,),
        )
        return dict(rows.fetchall())

    def dealt_in(self, since: int, least_cents: int) -> list[str]:
        """Tickers with a trade of at least so much on the open market known since an instant."""
        rows = self._connections.connection.execute(
            "SELECT DISTINCT ticker FROM insider_trade WHERE known_at >= ? "
            "AND class = 'open_market' AND value_usd >= ? AND ticker IS NOT NULL "
            "AND listed IS NOT 0 AND gone_seq IS NULL ORDER BY ticker",
            (since, least_cents),
        )
        return [ticker for (ticker,) in rows]

    def _rows(self, where: str, parameters: Sequence[Any]) -> list[dict[str, Any]]:
        found = self._connections.connection.execute(
            f"SELECT {_listed(_COLUMNS)} FROM insider_trade WHERE {where} ORDER BY seq", parameters
        )
        return [dict(zip(_COLUMNS, row, strict=True)) for row in found]
