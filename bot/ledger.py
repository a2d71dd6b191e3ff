"""Facts of a document stored: insiders' are entered beside what is known of their issuer."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from bot.clock import to_day_number, to_ms
from bot.facts import INSIDER_TRADE, Fact
from bot.insider import NEAR_DAYS, Entered, Entry, enter, remainder, stored_entry
from bot.store import Arrival, Document, Store, as_fact


def store_facts(store: Store, document: Document, facts: Sequence[Fact]) -> int:
    """Store the facts of a document, in the transaction that is open; says how many were new.

    A document that is read again adds nothing and changes nothing.
    """
    if not facts or facts[0].kind is not INSIDER_TRADE:
        return store.facts.add(_arrival(document, fact) for fact in facts)
    known = _known(store, facts)
    entered = enter(facts, known, store.insiders.persons(facts[0].subject))
    added = store.facts.add(_arrival(document, fact) for fact in entered.facts)
    if added:
        _supersede(store, entered, seen_at=document.seen_at)
    return added


def _arrival(document: Document, fact: Fact) -> Arrival:
    return Arrival(
        fact=fact, seen_at=document.seen_at, document_id=document.id, quiet=document.quiet
    )


def _supersede(store: Store, entered: Entered, *, seen_at: int) -> None:
    """Let amended facts count no longer; what is left of one is a quiet version of its own."""
    for new, earlier in entered.superseded.items():
        store.facts.supersede(earlier, by=new)
    for earlier_id, rows in entered.remainders.items():
        (row,) = store.facts.select(INSIDER_TRADE, fact_id=earlier_id)
        left = remainder(as_fact(INSIDER_TRADE, row), rows)
        arrival = Arrival(fact=left, seen_at=seen_at, document_id=row["document_id"], quiet=True)
        store.facts.add([arrival])


def _known(store: Store, facts: Sequence[Fact]) -> list[Entry]:
    """What is stored that the facts of a filing may tell again, in the order of its arrival."""
    rows = {row["seq"]: row for row in _rows(store, facts)}
    return [stored_entry(row) for _, row in sorted(rows.items())]


def _rows(store: Store, facts: Sequence[Fact]) -> Iterator[dict[str, Any]]:
    issuer, values = facts[0].subject, facts[0].values
    days = [day for fact in facts for day in _days(fact)]
    if days:
        yield from store.insiders.traded(issuer, min(days), max(days) + NEAR_DAYS)
    original = values.get("original_filed_on")
    if values.get("amendment") and original is not None:
        day = to_day_number(original)
        yield from store.insiders.filed(issuer, day - NEAR_DAYS, day + NEAR_DAYS)
    yield from store.insiders.amendments(issuer, to_ms(facts[0].known_at))


def _days(fact: Fact) -> Iterator[int]:
    """The days of the rows of a fact, as numbers."""
    for row in fact.values.get("rows") or ():
        try:
            yield to_day_number(date.fromisoformat((row.get("date") or "")[:10]))
        except ValueError:
            continue
