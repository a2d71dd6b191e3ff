"""What stands beside a match: the newest facts of other kinds that its rule measures.

A trade and a notice of one are told beside the price and the size of the company in any case.
"""

from collections.abc import Mapping
from typing import Any

from bot.facts import FORM144, INSIDER_TRADE, PRICE_BAR, VALUATION
from bot.rules.evaluate import evaluator
from bot.rules.model import Measure, Rule
from bot.rules.prepared import Row
from bot.store import Store

_LOOKED_AT = 50
_MOST = {"insider_trade": 3}
"""How many facts of a kind are shown; one of all others."""

_ALWAYS = {kind.name: (PRICE_BAR, VALUATION) for kind in (INSIDER_TRADE, FORM144)}


def facts_beside(store: Store, rule: Rule, row: Mapping[str, Any]) -> list[Row]:
    """Of each other kind that is measured by ticker, or shown always, the newest that count.

    Only what the judged fact sees: stored before it, and known by its time.
    """
    kinds = {
        measure.of.name: measure.of
        for measure in rule.measures
        if measure.by == ("ticker",) and measure.of.name != row["kind"]
    }
    if row["ticker"] is None:
        return []
    kinds |= {kind.name: kind for kind in _ALWAYS.get(row["kind"], ())}
    found = []
    for name, of in kinds.items():
        counts = [evaluator(m.scope) if m.scope else None for m in _measures(rule, name)]
        rows = store.facts.seen_from(of, row, limit=_LOOKED_AT)
        told = [r for r in rows if not counts or any(test is None or test(r) for test in counts)]
        found += told[: _MOST.get(name, 1)]
    return found


def _measures(rule: Rule, kind: str) -> list[Measure]:
    return [m for m in rule.measures if m.of.name == kind and m.by == ("ticker",)]
