"""Rule tests run through the real engine: a store in memory, a virtual clock, no notifier."""

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from bot.clock import to_ms
from bot.judge import Judge
from bot.rules.cases import Given
from bot.rules.fire import Fate
from bot.rules.model import Rule
from bot.rules.testing import Outcome
from bot.store import Arrival, Store


def rehearse(rules: Sequence[Rule], given: Sequence[Given]) -> list[Outcome]:
    """Every decision of the rules on facts that arrive in this order.

    Facts that arrive together are stored by known_at, equal ones in the order written.
    """
    store = Store(None)
    try:
        judge = Judge(
            store,
            [replace(rule, enabled=True) for rule in rules],
            clock=lambda: given[-1].seen_at,
            route=lambda _rule: (),
        )
        for seen_at, together in groupby(given, key=lambda each: each.seen_at):
            for each in sorted(together, key=lambda each: each.fact.known_at):
                store.facts.add([Arrival(fact=each.fact, seen_at=to_ms(seen_at))])
            while judge.judge():
                pass
        return _outcomes(store)
    finally:
        store.close()


def _outcomes(store: Store) -> list[Outcome]:
    return [
        Outcome(
            rule=decision["rule"],
            at=decision["at"],
            fate=Fate(decision["fate"]),
            severity=decision["severity"],
            message=decision["message"],
            row=store.facts.by_seq(decision["kind"], decision["fact_seq"]),
            values=json.loads(decision["measures"]),
        )
        for decision in store.decisions.all()
    ]
