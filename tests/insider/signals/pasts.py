"""Trades as the store keeps them: builders fill the dull fields."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from bot.clock import NEW_YORK, to_day_number, to_ms
from bot.insider.signals import Past, signals

LONG_AGO = date(2003, 6, 30)
"""Since when history is loaded where a test does not say."""


def a_past(traded_on: str | None, *, known: str | datetime | None = None, **values: Any) -> Past:
    """A purchase on the open market by one officer.

    known: a New York time ("2025-05-06 18:02"), a bare day at 18:00; else the day of the trade.
    """
    day = date.fromisoformat(traded_on) if traded_on else None
    filled: dict[str, Any] = {
        "person_key": "jane",
        "role": "officer",
        "trade_class": "open_market",
        "side": "buy",
        "code": "P",
        "acquired_disposed": "A",
        "derivative": 0,
        "security": "Common Stock",
        "shares": 100.0,
        "price_usd": 10.0,
        "planned": 0,
        "value_usd": None,
        "owner_name": None,
        "duplicate_of": None,
        "superseded_by": None,
    } | values
    known_at = to_ms(_known(known if known is not None else traded_on))
    filled.setdefault("id", f"{traded_on} {known_at} {sorted(values.items(), key=str)}")
    return Past(known_at=known_at, traded_on=to_day_number(day) if day else None, **filled)


def buy(traded_on: str | None, person: str = "jane", **values: Any) -> Past:
    return a_past(traded_on, person_key=person, **values)


def sell(traded_on: str | None, person: str = "jane", **values: Any) -> Past:
    return a_past(
        traded_on, **{"person_key": person, "side": "sell", "code": "S", "acquired_disposed": "D"}
        | values,
    )  # fmt: skip


def exercised(traded_on: str | None, **values: Any) -> Past:
    return a_past(traded_on, **{"trade_class": "exercise", "side": "none", "code": "M"} | values)


def told(
    name: str, *new: Past, history: Sequence[Past] = (), loaded_since: date | None = LONG_AGO
) -> Any:
    """What a signal says of the last trade of a filing."""
    return signals(new, history, loaded_since=loaded_since)[-1][name]


def _known(text: str | datetime | None) -> datetime:
    if isinstance(text, datetime):
        return text
    at = datetime.fromisoformat(text or "2025-05-05")
    if at.time() == time():
        at = at.replace(hour=18)
    return at.replace(tzinfo=NEW_YORK)
