"""The life of notices of proposed sale in the store: announced, then executed, or not in 90 days.

Each stage is a fact of its own.  ``executed`` follows the trade that reaches the announced shares;
the other ends come by the clock, once every day on which a sale could be reported has been read.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.clock import from_ms, new_york_day, to_day_number, to_ms
from bot.facts import FORM144, INSIDER_TRADE, Fact
from bot.insider.execution import (
    DAYS,
    EARLY_DAYS,
    Announced,
    Executed,
    Sale,
    deadline,
    ended,
    executions,
    same_seller,
    told_by,
)
from bot.store import Arrival, Store, as_fact

Row = Mapping[str, Any]

EXECUTED, PARTLY, NOT = "executed", "partly_executed", "not_executed"


def with_notices(store: Store, facts: Sequence[Fact]) -> list[Fact]:
    """The facts of a document before they are stored: sales with the notice that announced them,
    notices with the ticker of their issuer."""
    if facts and facts[0].kind is FORM144:
        known_at = to_ms(facts[0].known_at)
        return [replace(f, ticker=store.notices.ticker(f.subject, known_at)) for f in facts]
    sold = [_sale_of(fact) for fact in facts]
    notices = _announced(store, facts[0].subject, [sale.day for sale in sold if sale])
    if not notices:
        return list(facts)
    return [
        _told(f, told_by(sale, notices) if sale else None)
        for f, sale in zip(facts, sold, strict=True)
    ]


def follow_notices(store: Store, facts: Sequence[Fact], *, seen_at: int, quiet: bool) -> int:
    """Store what the stored facts of a document bring to its end; says how many ends were new."""
    issuer = facts[0].subject
    if facts[0].kind is FORM144:
        filed = [to_day_number(new_york_day(fact.known_at)) for fact in facts]
        days = [day + late for day in filed for late in (0, DAYS)]
    else:
        days = [sale.day for fact in facts if (sale := _sale_of(fact))]
    arrivals = [
        Arrival(fact=fact, seen_at=seen_at, quiet=quiet) for fact in _executed(store, issuer, days)
    ]
    return store.facts.add(arrivals) if arrivals else 0


def conclude_notices(store: Store, until: datetime) -> int:
    """Store the ends that came by the clock up to an instant; says how many.

    until: everything that EDGAR accepted before must have been read.
    An end that was past already when a quiet notice came is quiet too.
    """
    due = [
        (deadline(row["filed_on"]), row)
        for row in store.notices.unended(to_day_number(new_york_day(until)) - DAYS)
    ]
    arrivals = [
        Arrival(
            fact=_end(store, row, at),
            seen_at=to_ms(until),
            quiet=bool(row["quiet"]) and to_ms(at) <= row["seen_at"],
        )
        for at, row in due
        if at <= until
    ]
    return store.facts.add(arrivals) if arrivals else 0


def _end(store: Store, row: Row, at: datetime) -> Fact:
    notice, issuer = _notice(row), row["subject"]
    done = _sold(store, issuer, [notice.filed_on]).get(notice.id)
    if done is not None and done.shares == 0 and not _files_trades(store, issuer, notice):
        done = None
    stage = PARTLY if done and done.shares > 0 else NOT
    return ended(_fact(store, notice.id), stage, done, at)


def _executed(store: Store, issuer: str, days: Sequence[int]) -> Iterable[Fact]:
    """Notices of which every share was sold, of those that sales on these days fit."""
    notices = {each.id: each for each in _announced(store, issuer, days)}
    for notice_id, done in _sold(store, issuer, days).items():
        notice = notices[notice_id]
        if notice.shares and done.shares >= notice.shares:
            at = from_ms(max(done.known_at, notice.known_at))
            yield ended(_fact(store, notice_id), EXECUTED, done, at)


def _sold(store: Store, issuer: str, days: Sequence[int]) -> dict[str, Executed]:
    """What was sold of each notice that sales on these days fit."""
    notices = _announced(store, issuer, days)
    if not notices:
        return {}
    since, until = min(each.since for each in notices), max(each.until for each in notices)
    sales = [_sale(row) for row in store.notices.sales(issuer, since, until)]
    return executions(notices, sales)


def _announced(store: Store, issuer: str, days: Sequence[int]) -> list[Announced]:
    """The notices in whose time one of these days lies."""
    if not days:
        return []
    rows = store.notices.announced(issuer, min(days) - DAYS, max(days) + EARLY_DAYS)
    return [_notice(row) for row in rows]


def _files_trades(store: Store, issuer: str, notice: Announced) -> bool:
    return any(same_seller(notice, _owners(json.loads(p))) for p in store.notices.owners(issuer))


def _fact(store: Store, fact_id: str) -> Fact:
    (row,) = store.facts.select(FORM144, fact_id=fact_id)
    return as_fact(FORM144, row)


def _told(fact: Fact, notice_id: str | None) -> Fact:
    if notice_id is None:
        return fact
    return fact.plus({"announced_by": notice_id})


def _notice(row: Row) -> Announced:
    return Announced(
        id=row["id"],
        known_at=row["known_at"],
        filed_on=row["filed_on"],
        planned_on=row["planned_on"],
        sellers=frozenset(json.loads(row["sellers"] or "[]")),
        seller_name=row["seller_name"] or "",
        security=row["security"] or "",
        shares=None if row["shares"] is None else Decimal(str(row["shares"])),
    )


def _sale_of(fact: Fact) -> Sale | None:
    """The sale that a fact tells of; None where it is none in the market, or tells too little."""
    values = fact.values
    if fact.kind is not INSIDER_TRADE or values.get("duplicate_of") is not None:
        return None
    in_market = (values.get("side"), values.get("class")) == ("sell", "open_market")
    if not in_market or values.get("traded_on") is None or not values.get("shares"):
        return None
    return _sale(
        {
            **values,
            "known_at": to_ms(fact.known_at),
            "traded_on": to_day_number(values["traded_on"]),
        }
    )


def _sale(row: Row) -> Sale:
    parties = row["parties"]
    return Sale(
        known_at=row["known_at"],
        day=row["traded_on"],
        shares=Decimal(str(row["shares"])),
        value_cents=row["value_usd"],
        owners=_owners(json.loads(parties or "[]") if isinstance(parties, str) else parties or []),
        security=row["security"] or "",
    )


def _owners(parties: Sequence[Mapping[str, str]]) -> dict[str, str]:
    return {each["cik"]: each.get("name") or "" for each in parties}
