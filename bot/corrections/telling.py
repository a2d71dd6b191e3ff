"""What was told is corrected where it was told, when its fact is told otherwise.

An amendment never alerts again: where it moves a trade across the line of the rule, a reply in the
thread says what changed, and the card is edited.  A second filing of one trade is told there too.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.cards import Card, changes, correction_card, source_of
from bot.clock import Clock, to_ms
from bot.facts import FORM144, INSIDER_TRADE
from bot.rules.fire import Fate
from bot.rules.model import Rule
from bot.rules.prepared import Decided
from bot.store import Message, NewMessage, Store

Row = Mapping[str, Any]

_AMENDED = (INSIDER_TRADE, FORM144)
"""Kinds whose facts other filings tell anew; prices are re-based, which corrects nothing."""

_BASE = 4 * 10**15
_MESSAGES = 10**6
_UNKNOWN = (Fate.UNKNOWN, Fate.BLIND)


class Corrections:
    """Queues corrections, within the transaction in which their facts are judged."""

    def __init__(self, store: Store, rules: Sequence[Rule], *, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._rules = {rule.id for rule in rules if rule.absent is None}  # a silence has no fact
        self._waits = any(rule.wait is not None for rule in rules)
        self._kinds = [k for k in _AMENDED if any(k in rule.on for rule in rules)]

    def tell(self, since: int, until: int, decided: Sequence[Decided]) -> None:
        """Correct what was told of earlier versions of the facts with seq in (since, until].

        decided: what the rules that judge said of these facts.
        """
        facts = self._store.facts
        for kind in self._kinds:
            for seq, ids in sorted(facts.earlier_versions(kind, since, until).items()):
                for alert in self._store.decisions.alerts_on(ids):
                    if alert["rule"] in self._rules:
                        self._amended(alert, facts.by_seq(kind.name, seq), decided)
            for seq, first in sorted(facts.second_tellings(kind, since, until).items()):
                for alert in self._store.decisions.alerts_on([first]):
                    if alert["rule"] in self._rules:
                        self._told_twice(alert, facts.by_seq(kind.name, seq))

    def first_end(self, since: int, until: int) -> int:
        """Where to end a batch that is to end at ``until``: behind the first fact that may correct
        another, so that corrections have their place among the alerts however facts are batched."""
        facts, found = self._store.facts, [until]
        for kind in self._kinds:
            earlier = facts.earlier_versions(kind, since, until)
            twins = facts.second_tellings(kind, since, until)
            for seq in sorted(earlier.keys() | twins.keys()):
                ids = [*earlier.get(seq, ()), *([twins[seq]] if seq in twins else ())]
                told = self._waits or facts.any_after(kind, ids, since)
                if told or self._store.decisions.alerts_on(ids):
                    found.append(seq)
                    break
        return min(found)

    def _amended(self, alert: Row, row: Row, decided: Sequence[Decided]) -> None:
        verdict = _verdict(alert, row, decided)
        if verdict is None:
            return
        before = self._store.facts.by_seq(alert["kind"], alert["fact_seq"])
        changed = tuple(changes(before, row))
        for message in self._store.outbox.telling(alert["message_id"]):
            card = correction_card(
                Card.from_json(message.card),
                changed,
                number=_number(row, message),
                verdict=verdict,
                filing=f"amended by Form {row.get('form') or '4/A'}",
                source=source_of(row)[0],
                url=source_of(row)[1],
            )
            self._queue(card, message)

    def _told_twice(self, alert: Row, row: Row) -> None:
        for message in self._store.outbox.telling(alert["message_id"]):
            owner = row.get("owner_name") or "another owner"
            card = correction_card(
                Card.from_json(message.card),
                (),
                number=_number(row, message),
                verdict="it is the same trade and counts once",
                filing=f"filed by {owner} too",
                source=source_of(row)[0],
                url=source_of(row)[1],
            )
            self._queue(card, message)

    def _queue(self, card: Card, message: Message) -> None:
        """Into the thread in which the alert was told, or of the digest that told it."""
        outbox = self._store.outbox
        reply = NewMessage(
            message_id=card.alert_id,
            channel=message.channel,
            created_at=to_ms(self._clock()),
            text=card.text,
            card=card.to_json(),
            parent=message.parent or message.digest_id or message.id,
            corrects=message.id,
        )
        outbox.add([reply])
        outbox.want_edit(message.id)


def _verdict(alert: Row, row: Row, decided: Sequence[Decided]) -> str | None:
    """What the rule says of the new version; None where it says what it said of the one told."""
    pair = (alert["rule"], alert["key"])
    fates = {d.fate for d in decided if d.row["seq"] == row["seq"] and (d.rule.id, d.key) == pair}
    if not fates or Fate.NO in fates:
        return f"{alert['rule']} does not hold any more"
    if fates & {*_UNKNOWN}:
        return f"whether {alert['rule']} holds is unknown now"
    return None


def _number(row: Row, message: Message) -> int:
    return -(_BASE + int(row["seq"]) * _MESSAGES + message.id % _MESSAGES)
