"""The card of an alert of the past."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.cards import Card, Line, Match, build_card
from bot.chat.fates import HELD
from bot.chat.found import card_number
from bot.composing import composed_alone
from bot.rules.fire import Fate
from bot.rules.model import Rule
from bot.rules.proof import read_proof
from bot.store import Store


def card_of(store: Store, decision: dict[str, Any], rules: Sequence[Rule]) -> Card:
    """As it stands in its channel; of what went to none, or was held back, as it would be sent now.

    Without its rule in force, or where that changed since, only its message is left.
    """
    for message in store.outbox.telling(card_number(decision)):
        return composed_alone(store, message)
    return _of_what_is_no_message(store, decision, rules)


def _of_what_is_no_message(store: Store, decision: dict[str, Any], rules: Sequence[Rule]) -> Card:
    """Where its condition did not hold there is no reason to give: ``show`` tells each clause."""
    card = _as_it_would_be(store, decision, rules)
    held = Fate(decision["fate"]) in HELD
    lines = tuple(line for line in card.lines if held or line.label != "Why")
    return replace(card, lines=lines, was_told=decision["message_id"] is not None)


def _as_it_would_be(store: Store, decision: dict[str, Any], rules: Sequence[Rule]) -> Card:
    rule = next((r for r in rules if r.version == decision["version"]), None)
    if rule is None or not decision["fact_seq"]:
        return _plain(decision)
    row = store.facts.by_seq(decision["kind"], decision["fact_seq"])
    match = Match(
        row=row,
        values=json.loads(decision["measures"]),
        proof=read_proof(decision["proof"]),
        message=decision["message"] or f"{rule.id} has not fired",
    )
    return build_card(rule, [match], alert_id=decision["id"])


def _plain(decision: dict[str, Any]) -> Card:
    why = [text for text, truth, _ in read_proof(decision["proof"]) if truth == 1]
    return Card(
        alert_id=decision["id"],
        rule=decision["rule"],
        severity=decision["severity"],
        headlines=(decision["message"] or f"{decision['rule']}: {decision['fate']}",),
        lines=(Line(label="Why", text=" · ".join(why) or "its rule tells no clauses"),),
    )
