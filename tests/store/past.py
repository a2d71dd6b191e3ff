"""A store full of past alerts, and what a reader with much patience would find in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.clock import from_ms, to_ms
from bot.facts import PRICE_BAR, Fact
from bot.rules.fire import Fate
from bot.store import Arrival, Correction, NewDecision, NewMessage, Store
from bot.store.chat import Acknowledgement
from bot.store.query import Query, Sort, Term
from bot.store.searchable import BY_NAME
from tests.builders import NOW, a_trade

BEGAN = to_ms(NOW)


@dataclass(frozen=True, kw_only=True)
class Past:
    """One match as it is told to the store; its number is its place in the list, from 1.

    minutes: after the beginning at which it was decided.
    """

    minutes: int = 0
    ticker: str | None = "OKLO"
    rule: str = "sales"
    severity: str = "notice"
    kind: str = "insider_trade"
    fate: Fate = Fate.FIRED
    side: str | None = "sell"
    role: str | None = None
    value_cents: int | None = None
    shares: float | None = None
    change: float | None = None
    who: str | None = None
    message: str = "words"
    channel: str | None = None
    state: str = "pending"
    acked_by: str | None = None
    key: str | None = None
    corrected: bool = False

    @property
    def decided_at(self) -> int:
        return BEGAN + self.minutes * 60_000


def past_store(alerts: Sequence[Past], store: Store | None = None) -> Store:
    """A store with these alerts behind those it has, their facts, messages and acknowledgements."""
    store = store or Store(None)
    with store.writing():
        _keep(store, list(enumerate(alerts, start=store.decisions.next_id())))
    return store


def _keep(store: Store, alerts: list[tuple[int, Past]]) -> None:
    facts = [Arrival(fact=_fact(number, each), seen_at=BEGAN) for number, each in alerts]
    store.facts.add(facts)
    store.decisions.add([_decision(store, number, each) for number, each in alerts])
    store.outbox.add(
        [
            NewMessage(message_id=number, channel=each.channel, created_at=each.decided_at,
                       text="t", card="{}")
            for number, each in alerts
            if each.channel
        ]
    )  # fmt: skip
    for number, each in alerts:
        store._connections.connection.execute(
            "UPDATE outbox SET state = ? WHERE message_id = ?", (each.state, number)
        )
        if each.acked_by:
            ack = Acknowledgement(alert=number, at=BEGAN, user="U1", name=each.acked_by)
            store.chat.acknowledge(ack)
        if each.corrected:
            store.corrected.keep([Correction(alert=number, seq=1, text="t", figures=None)])


def _fact(number: int, past: Past) -> Fact:
    known_at = f"{from_ms(past.decided_at):%Y-%m-%d}"
    if past.kind == PRICE_BAR.name:
        return Fact(
            kind=PRICE_BAR, id=f"bar:{number}", subject=past.ticker or "?", ticker=past.ticker,
            known_at=NOW, values={"return_1d": past.change},
        )  # fmt: skip
    return a_trade(
        known_at, id=f"trade:{number}", ticker=past.ticker, side=past.side, role=past.role,
        value_usd=past.value_cents, shares=past.shares, owner_name=past.who,
        holding_change_ratio=past.change,
    )  # fmt: skip


def _decision(store: Store, number: int, past: Past) -> NewDecision:
    fact_id = f"bar:{number}" if past.kind == PRICE_BAR.name else f"trade:{number}"
    (seq,) = store._connections.connection.execute(
        f"SELECT seq FROM {past.kind} WHERE id = ?", (fact_id,)
    ).fetchone()
    return NewDecision(
        id=number, rule=past.rule, version="v1", key=past.key or past.ticker or "?",
        kind=past.kind, fact_id=fact_id, fact_seq=seq, document_id=number, ticker=past.ticker,
        at=past.decided_at, decided_at=past.decided_at, fate=past.fate.value, reason=None,
        severity=past.severity, message=past.message, measures="{}", proof="[]",
        message_id=number if past.channel else None,
    )  # fmt: skip


def found_by_hand(alerts: Sequence[Past], query: Query) -> list[int]:
    """The numbers of all that a query finds, in its order: each alert is looked at."""
    fit = [
        (number, each)
        for number, each in enumerate(alerts, start=1)
        if all(_holds(term, number, each) for term in _with_fate(query))
    ]
    newest_first = sorted(fit, key=lambda pair: (-pair[1].minutes, -pair[0]))
    if query.sort is Sort.OLD:
        newest_first.reverse()
    if query.sort is Sort.VALUE:
        newest_first.sort(key=lambda pair: (_value(pair[1]) is None, -(_value(pair[1]) or 0)))
    return [number for number, _ in newest_first][: query.limit]


def _with_fate(query: Query) -> tuple[Term, ...]:
    speaks = any(
        term.field == "fate" or ("muted" in term.values and not term.negated)
        for term in query.terms
    )
    return query.terms if speaks else (*query.terms, Term(field="fate", values=("fired",)))


def _value(past: Past) -> int | None:
    return None if past.kind == PRICE_BAR.name else past.value_cents


def _holds(term: Term, number: int, past: Past) -> bool:
    held = _truth(term, number, past)
    return held is not None and held != term.negated


def _truth(term: Term, number: int, past: Past) -> bool | None:
    trade = past.kind != PRICE_BAR.name
    match term.field:
        case "id":
            return number in term.values
        case "on":
            at = from_ms(past.decided_at)
            return (not term.low or at >= term.low) and (not term.high or at < term.high)
        case "text":
            held = " ".join(filter(None, (past.message, past.ticker, past.rule, _who(past))))
            return any(f" {_plain(v)} " in f" {_plain(held)} " for v in term.values)
        case "who":
            names = _plain(_who(past) or "").split()
            return any(
                all(any(n.startswith(p) for n in names) for p in _plain(v).split())
                for v in term.values
            )
        case "in":
            return past.channel in term.values
        case "by":
            return past.acked_by in term.values
        case "is":
            held_by = {"acked": past.acked_by is not None, "unacked": past.acked_by is None,
                       "muted": past.fate is Fate.MUTED, "corrected": past.corrected}  # fmt: skip
            return any(held_by[value] for value in term.values)
        case "status":
            return any(_stands(value, past) for value in term.values)
        case "kind" | "sev" | "fate":
            held = {"kind": past.kind, "sev": past.severity, "fate": past.fate.value}[term.field]
            return held in BY_NAME[term.field].meaning(term.values)
    unknown_of_a_bar = ("side", "role", "value", "shares")
    if term.field in unknown_of_a_bar and not trade:
        return None
    attribute = {"value": "value_cents"}.get(term.field, term.field)
    return _compared(getattr(past, attribute), term)


def _compared(held: Any, term: Term) -> bool | None:
    if held is None:
        return None
    if term.values:
        return held in term.values
    above = term.low is None or (held > term.low if term.open_low else held >= term.low)
    below = term.high is None or (held < term.high if term.open_high else held <= term.high)
    return above and below


def _stands(value: str, past: Past) -> bool:
    if value == "none":
        return past.channel is None
    if value == "muted":
        return past.fate is Fate.MUTED
    return past.channel is not None and past.state in BY_NAME["status"].meaning([value])


def _who(past: Past) -> str | None:
    return None if past.kind == PRICE_BAR.name else past.who


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def after(minutes: int) -> Any:
    """An instant so long after the beginning."""
    return NOW + timedelta(minutes=minutes)
