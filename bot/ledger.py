"""Facts of a document stored: insiders' are entered beside what is known of their issuer."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bot.calendar import back
from bot.clock import from_day_number, new_york_day, to_day_number, to_ms
from bot.facts import INSIDER_TRADE, Fact
from bot.insider.amendments import NEAR_DAYS
from bot.insider.beside import beside
from bot.insider.entries import Entry, stored_entry
from bot.insider.ledger import Entered, enter, remainder
from bot.insider.market import weighed
from bot.insider.peers import peer_prices
from bot.insider.signals import Past, signals
from bot.notices import follow_notices, with_notices
from bot.store import Arrival, Document, Store, as_fact

_PAST_MONTHS = 10 * 12
"""How far signals look back: past any of their windows."""


def store_facts(store: Store, document: Document, facts: Sequence[Fact]) -> int:
    """Store the facts of a document, in the transaction that is open; says how many were new.

    A document that is read again adds nothing and changes nothing.
    """
    if not facts:
        return 0
    facts = with_notices(store, facts)
    added = _store_facts(store, document, facts)
    if added:
        added += follow_notices(store, facts, seen_at=document.seen_at, quiet=document.quiet)
    return added


def _store_facts(store: Store, document: Document, facts: Sequence[Fact]) -> int:
    if facts[0].kind is not INSIDER_TRADE:
        return store.facts.add(_arrival(document, fact) for fact in facts)
    facts = _with_listing(store, facts)
    known = _known(store, facts)
    if known:
        facts = [_weighed(fact, known) for fact in facts]
    entered = enter(facts, known, store.insiders.persons(facts[0].subject))
    told = _with_signals(store, entered)
    added = store.facts.add(_arrival(document, fact) for fact in told)
    if added:
        _supersede(store, entered, seen_at=document.seen_at)
    return added


def _arrival(document: Document, fact: Fact) -> Arrival:
    return Arrival(
        fact=fact, seen_at=document.seen_at, document_id=document.id, quiet=document.quiet
    )


def _with_listing(store: Store, facts: Sequence[Fact]) -> Sequence[Fact]:
    """Trades not listed where the issuer was delisted."""
    day = store.notices.delisted_on(facts[0].subject, to_ms(facts[0].known_at))
    if day is None:
        return facts
    return [fact.plus({"listed": False, "delisted_on": from_day_number(day)}) for fact in facts]


def _weighed(fact: Fact, known: Sequence[Entry]) -> Fact:
    prices = peer_prices(fact, known)
    return weighed(fact, prices) if prices else fact


def _with_signals(store: Store, entered: Entered) -> Sequence[Fact]:
    """The facts of a filing with what they mean beside the issuer's trades known before."""
    facts = entered.facts
    new = [Past.of_fact(fact) for fact in facts]
    if not any(trade.is_market or trade.is_exercise for trade in new):
        return facts
    issuer, known_at = facts[0].subject, facts[0].known_at
    since = store.collection.covered_since(INSIDER_TRADE.name, issuer)
    past = store.insiders.past(issuer, to_ms(back(known_at, months=_PAST_MONTHS)))
    gone = {each for earlier in entered.superseded.values() for each in earlier}
    left = [trade for trade in past if trade.id not in gone]
    loaded_since = new_york_day(since) if since else None
    told = signals(new, left, loaded_since=loaded_since)
    around = beside(new, left, loaded_since=loaded_since)
    return [
        _with(fact, {**found, "beside": others})
        for fact, found, others in zip(facts, told, around, strict=True)
    ]


def _with(fact: Fact, found: Mapping[str, Any]) -> Fact:
    if all(value is None for value in found.values()):
        return fact
    return fact.plus(found)


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
        filed = store.insiders.filed(issuer, day - NEAR_DAYS, day + NEAR_DAYS)
        yield from filed
        yield from store.insiders.twins([row["id"] for row in filed])
    yield from store.insiders.amendments(issuer, to_ms(facts[0].known_at))


def _days(fact: Fact) -> Iterator[int]:
    """The days of the rows of a fact, as numbers."""
    for row in fact.values.get("rows") or ():
        try:
            yield to_day_number(date.fromisoformat((row.get("date") or "")[:10]))
        except ValueError:
            continue
