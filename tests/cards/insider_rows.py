"""Rows of insiders' trades for cards."""

from typing import Any

from bot.clock import to_ms
from bot.facts import INSIDER_TRADE
from bot.insider.facts import insider_trades
from tests.insider.forms import a_filing


def the_row(row: Any) -> dict[str, Any]:
    """A filing's only trade as the store keeps it."""
    (fact,) = insider_trades(a_filing(row), accepted_at=None, digest="ab" * 32)
    fields = INSIDER_TRADE.by_name
    stored = {name: fields[name].stored(value) for name, value in fact.values.items()}
    common = {"ticker": fact.ticker, "known_at": to_ms(fact.known_at)}
    return {**dict.fromkeys(fields), **common, **stored}
