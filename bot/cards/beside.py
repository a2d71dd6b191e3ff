"""The lines of a card on what stood beside a trade: the insider's year, the others' month."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from bot.cards.amounts import money
from bot.cards.card import Line
from bot.clock import from_ms

Row = Mapping[str, Any]


def beside_lines(row: Row) -> list[Line]:
    """What the insider and the others traded before, as it was known when the filing came."""
    held = row.get("beside")
    if not held:
        return []
    told = json.loads(held)
    known = f" · known since {told['since']}" if _is_short(row, told["since"]) else ""
    lines = [Line(label="12 m", text=f"{_year(told['year'])}{_habits(row)}{known}")]
    others = told["others"]
    if others["named"]:
        named = ", ".join(f"{name} {money(cents)}" for name, cents in others["named"])
        word = {"buy": "buyers", "sell": "sellers"}.get(row["side"], "persons")
        everybody = f"{others['persons']} {word}, {money(others['cents'])}"
        lines.append(Line(label="Others", text=f"30 days: {named} → {everybody}"))
    return lines


def _is_short(row: Row, since: str | None) -> bool:
    """Whether less than the year before the filing is loaded."""
    first = from_ms(row["known_at"]).date() - timedelta(days=365)
    return since is not None and date.fromisoformat(since) > first


def _year(year: Mapping[str, int]) -> str:
    """ "1 sale $0.6M, no purchase before": the person's own trades on the market."""
    parts = [
        f"{count} {noun}{'s' * (count > 1)} {money(cents)}" if count else f"no {noun}"
        for count, noun, cents in (
            (year["sales"], "sale", year["sold"]),
            (year["purchases"], "purchase", year["bought"]),
        )
    ]
    return f"{', '.join(parts)} before"


def _habits(row: Row) -> str:
    """What sort of trader the insider is, as far as history says."""
    told = [row["trading_pattern"]] if row["trading_pattern"] else []
    if row["reversal"]:
        told.append("changed sides")
    years = int(row["first_in_years"] or 0)
    if years >= 1:
        noun = {"buy": "purchase", "sell": "sale"}.get(row["side"], "trade")
        told.append(f"first {noun} in {years} year{'s' * (years > 1)} or more")
    return "".join(f" · {each}" for each in told)
