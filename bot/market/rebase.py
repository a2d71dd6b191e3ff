"""Stored facts told anew: brought onto the basis after a split, or with what was restated."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.calendar import NYSE
from bot.clock import to_ms
from bot.facts import PRICE_BAR, QUOTE, Fact, Kind
from bot.prices.bars import Action
from bot.store import Store, as_fact

_PRICES: Mapping[str, Sequence[str]] = {
    PRICE_BAR.name: ("close_usd",),
    QUOTE.name: ("price_usd", "previous_close_usd"),
}
"""Fields that stand on a share basis, by kind; volumes stand on the inverse one."""

_QUOTES_KEPT = timedelta(days=32)
"""Quotes of so many days before a split are told anew; no rule looks further back on them."""


def rebase(store: Store, ticker: str, actions: Iterable[Action], *, seen_at: int) -> None:
    """Bring the stored facts of a ticker from before some actions onto the basis since then.

    Ratios like returns stand on no basis and stay.
    """
    for action in sorted(actions, key=lambda each: each.ex_day):
        before = to_ms(NYSE.open_at(_session_of(action.ex_day))) - 1
        since = before - _QUOTES_KEPT // timedelta(milliseconds=1)
        for kind, first in ((PRICE_BAR, 0), (QUOTE, since)):
            rows = store.facts.counting(kind, ticker, since=first, until=before)
            retold = [(row["id"], _rebased(kind, row, action)) for row in rows]
            store.facts.retell(retold, seen_at=seen_at)


def tell_anew(store: Store, ticker: str, facts: Iterable[Fact], *, seen_at: int) -> None:
    """Let facts of sessions stand in the place of those that were told of the same sessions; one
    that says the same as before, and one of a session that was never told, changes nothing."""
    found = list(facts)
    if not found:
        return
    first, last = (to_ms(pick(f.known_at for f in found)) for pick in (min, max))
    rows = store.facts.counting(PRICE_BAR, ticker, since=first, until=last)
    told = {row["session"]: as_fact(PRICE_BAR, row) for row in rows}
    by_session = {PRICE_BAR.own["session"].stored(f.values["session"]): f for f in found}
    retold = [
        (old.id, replace(by_session[session], id=next_version(old.id)))
        for session, old in told.items()
        if session in by_session and _differs(old, by_session[session])
    ]
    store.facts.retell(retold, seen_at=seen_at)


def next_version(fact_id: str) -> str:
    """The id of a fact told once more: ``~2``, ``~3`` and so on."""
    base, _, version = fact_id.partition("~")
    return f"{base}~{int(version or 1) + 1}"


def _rebased(kind: Kind, row: Mapping[str, Any], action: Action) -> Fact:
    fact, ratio = as_fact(kind, row), action.price_ratio
    values = dict(fact.values)
    for name in _PRICES[kind.name]:
        if values[name] is not None:
            values[name] /= ratio
    if values["volume"] is not None:
        values["volume"] *= ratio
    return replace(fact, id=next_version(fact.id), values=values)


def _differs(old: Fact, new: Fact) -> bool:
    return any(old.values[name] != value for name, value in new.values.items())


def _session_of(day: date) -> date:
    """The session of a day, or the next one: some tell the legal day of an action."""
    return day if NYSE.is_session(day) else NYSE.session_day(NYSE.session_number(day) + 1)
