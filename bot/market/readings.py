"""A reading of a session told as a fact: once, and anew where a later look finds other values."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot.calendar import NYSE
from bot.clock import Clock, to_ms
from bot.facts import Fact
from bot.market.rebase import next_version
from bot.store import Arrival, Store, as_fact

_FOR_EVER = 2**62


def tell_reading(
    store: Store, fact: Fact, session: date, *, clock: Clock, besides: Iterable[str] = ()
) -> bool:
    """Store a reading of a session; whether it was news.

    besides: fields that are no reason to tell it anew, as where a row stands in a file.
    A reading told anew (``~2``) takes the place of the one before: rules judge it, and whoever
    looks back sees one of each session.
    """
    since = to_ms(NYSE.close_at(session))
    rows = store.facts.counting(fact.kind, fact.subject, since=since, until=_FOR_EVER)
    base = fact.id
    before = [as_fact(fact.kind, row) for row in rows if str(row["id"]).partition("~")[0] == base]
    if before and _same(before[-1], fact, set(besides)):
        return False
    seen_at = to_ms(clock())
    with store.writing():
        if before:
            known_at = max(fact.known_at, before[-1].known_at)
            fact = replace(fact, id=next_version(before[-1].id), known_at=known_at)
        store.facts.add([Arrival(fact=fact, seen_at=seen_at)])
        store.facts.supersede([each.id for each in before], by=fact.id)
        store.collection.cover(fact.kind.name, fact.subject, fact.known_at)
    return True


def _same(one: Fact, other: Fact, besides: set[str]) -> bool:
    names = [field.name for field in one.kind.fields if field.name not in besides]
    return all(one.values.get(name) == other.values.get(name) for name in names)
