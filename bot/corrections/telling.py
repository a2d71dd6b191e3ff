"""Corrections queued: which alerts an amendment or a second filing tells otherwise, and where.

An amendment never alerts again.  What it changes of alerts is told in their threads, in one reply
each, and their cards are edited; what is not told yet is told with the change.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.cards import (
    Card,
    Finding,
    correction_card,
    correction_text,
    finding,
    second_filing_card,
    second_filing_text,
    source_of,
)
from bot.clock import Clock, to_ms
from bot.corrections.looking import Amendment, aggregates, alerts_behind, amendments
from bot.corrections.reckoning import reckoned_again
from bot.facts import FORM144, INSIDER_TRADE, Kind
from bot.rules.model import Rule
from bot.rules.prepared import PreparedRule
from bot.store import Correction, Delivery, Message, NewMessage, Store

Row = Mapping[str, Any]
Failed = tuple[Rule, dict[str, Any], Exception]
"""A rule that raised, on which fact, and what."""

Found = tuple[int, Finding]
"""The number of an alert, and what an amendment makes of it."""

_AMENDED = (INSIDER_TRADE, FORM144)
"""Kinds whose facts other filings tell anew; prices are re-based, which corrects nothing."""

_MOST_COUNTED = 10
"""So many alerts of a rule and key are corrected of those that only counted the amended trade."""

_BASE = 4 * 10**15
_MESSAGES = 10**6


class Corrections:
    """Queues corrections, within the transaction in which their facts are judged."""

    def __init__(self, store: Store, rules: Sequence[PreparedRule], *, clock: Clock) -> None:
        self._store, self._clock = store, clock
        judging = [each for each in rules if each.rule.absent is None]  # a silence has no fact
        self._rules = {each.rule.id: each for each in judging}
        self._waits = any(each.rule.wait is not None for each in rules)
        self._kinds = [kind for kind in _AMENDED if any(_looks_at(each, kind) for each in judging)]

    def tell(self, since: int, until: int) -> list[Failed]:
        """Correct what was told of earlier versions of the facts with seq in (since, until].

        Gives the rules that raise on what is told now: the others go on.
        """
        failed: list[Failed] = []
        for kind in self._kinds:
            for amendment in amendments(self._store, kind, since, until):
                self._amended(amendment, failed)
            for seq, first in sorted(self._store.facts.second_tellings(kind, since, until).items()):
                for alert in self._store.decisions.alerts_on([first]):
                    if alert["rule"] in self._rules:
                        self._told_twice(alert, self._store.facts.by_seq(kind.name, seq))
        return failed

    def first_end(self, since: int, until: int) -> int:
        """Where to end a batch that is to end at ``until``: behind the first filing that may
        correct another, so that corrections have their place among the alerts however facts are
        batched."""
        ends = [until]
        for kind in self._kinds:
            first = min(self._correcting(kind, since, until), default=None)
            if first is not None:
                ends.append(self._store.facts.batch_end(first - 1, 1))
        return min(ends)

    def _correcting(self, kind: Kind, since: int, until: int) -> Iterator[int]:
        """The first facts, amendments before second filings, that may correct what was told."""
        facts, decisions = self._store.facts, self._store.decisions
        for amendment in amendments(self._store, kind, since, until):
            if self._waits or self._may_correct(amendment, since):
                yield amendment.first
                break
        for seq, first in sorted(facts.second_tellings(kind, since, until).items()):
            ids = [first]
            if self._waits or facts.any_after(kind, ids, since) or decisions.alerts_on(ids):
                yield seq
                break

    def _may_correct(self, amendment: Amendment, since: int) -> bool:
        """Whether alerts are kept that it may correct, or facts of this batch may make some."""
        counting = [each.rule for each in self._rules.values() if aggregates(each, amendment.kind)]
        kinds = dict.fromkeys(kind for rule in counting for kind in rule.on)
        return (
            self._store.facts.any_after(amendment.kind, amendment.ids, since)
            or any(
                self._store.amended.any_between(kind, amendment.about, since, amendment.first)
                for kind in kinds
            )
            or bool(alerts_behind(self._store, self._rules, amendment))
        )

    # Amendments.

    def _amended(self, amendment: Amendment, failed: list[Failed]) -> None:
        """The newest alerts first: of a rule that counts and fires at every trade not all."""
        found: dict[int, list[Found]] = defaultdict(list)
        counted = Counter[tuple[str, str]]()
        for alert in reversed(alerts_behind(self._store, self._rules, amendment)):
            told, by = alert["message_id"], (alert["rule"], alert["key"])
            about = alert["fact_id"] in amendment.ids
            if told is not None and (about or counted[by] < _MOST_COUNTED):
                findings = [
                    (alert["id"], each) for each in self._findings(alert, amendment, failed)
                ]
                found[told][:0] = findings
                counted[by] += bool(findings) and not about
        self._correct({each: found[each] for each in sorted(found) if found[each]}, amendment)

    def _findings(
        self, alert: Row, amendment: Amendment, failed: list[Failed]
    ) -> Iterator[Finding]:
        prepared = self._rules[alert["rule"]]
        try:
            again = reckoned_again(self._store, prepared, alert, amendment)
            if again is None:
                return
            told = finding(prepared.rule, again.before, again.after, again.versions)
        except Exception as error:  # no rule stops another
            failed.append((prepared.rule, amendment.rows[0], error))
            return
        if told is not None:
            yield told

    def _correct(self, found: Mapping[int, Sequence[Found]], amendment: Amendment) -> None:
        """One reply a thread, however many of its messages the amendment changes.

        found: by the numbers of messages.
        """
        threads: dict[Hashable, list[tuple[Message, Sequence[Finding]]]] = defaultdict(list)
        for number, findings in found.items():
            for message in self._store.outbox.telling(number):
                self._keep(message, findings, amendment)
                changes = [each for _, each in findings]
                if message.state is Delivery.DIGEST and message.digest_id is None:
                    self._tell_with(message, changes)
                else:
                    threads[_thread(message)].append((message, changes))
        for told in threads.values():
            self._reply(told, amendment)

    def _keep(self, message: Message, findings: Sequence[Found], amendment: Amendment) -> None:
        card = Card.from_json(message.card)
        self._store.corrected.keep(
            [
                Correction(
                    alert=alert,
                    seq=amendment.first,
                    text=correction_text(card, each),
                    figures=each.figures or each.verdict,
                )
                for alert, each in findings
            ]
        )

    def _reply(
        self, told: Sequence[tuple[Message, Sequence[Finding]]], amendment: Amendment
    ) -> None:
        new, old = (
            self._store.facts.by_seq(amendment.kind.name, amendment.first),
            self._store.facts.select(amendment.kind, fact_id=amendment.ids[0])[0],
        )
        messages = [message for message, _ in told]
        card = correction_card(
            [(Card.from_json(message.card), findings) for message, findings in told],
            number=_number(new, messages[0]),
            by=source_of(new),
            of=source_of(old),
        )
        self._queue(card, messages)

    def _told_twice(self, alert: Row, row: Row) -> None:
        for message in self._store.outbox.telling(alert["message_id"]):
            owner = row.get("owner_name")
            card = second_filing_card(
                Card.from_json(message.card),
                owner=owner,
                number=_number(row, message),
                by=source_of(row),
            )
            told = Correction(alert=alert["id"], seq=row["seq"], text=card.text,
                              figures=second_filing_text(owner))  # fmt: skip
            self._store.corrected.keep([told])
            self._queue(card, [message])

    # Messages.

    def _tell_with(self, message: Message, findings: Sequence[Finding]) -> None:
        """What waits for its digest is told there as it is known now."""
        told = Card.from_json(message.card)
        marks = tuple(dict.fromkeys((*told.marks, "corrected")))
        news = dict.fromkeys(correction_text(told, each) for each in findings)
        card = replace(told, headlines=(*told.headlines, *news), marks=marks)
        self._store.outbox.wait_instead(message.id, text=card.text, card=card.to_json())

    def _queue(self, card: Card, messages: Sequence[Message]) -> None:
        """One reply in the thread in which messages were told, or of the digest that told them."""
        outbox, first = self._store.outbox, messages[0]
        reply = NewMessage(
            message_id=card.alert_id,
            channel=first.channel,
            created_at=to_ms(self._clock()),
            text=card.text,
            card=card.to_json(),
            parent=_head(first),
            corrects=first.id,
        )
        outbox.add([reply])
        for message in messages:
            outbox.want_edit(message.id)


def _head(message: Message) -> int:
    """The message in whose thread another is corrected: the digest that told it, which is no part
    of its story, before the head of that."""
    return message.digest_id or message.parent or message.id


def _thread(message: Message) -> Hashable:
    """What shares a reply.  What still waits may be told in a digest, apart from its story."""
    waits = message.state in (Delivery.PENDING, Delivery.PARKED)
    return message.channel, _head(message), waits


def _looks_at(prepared: PreparedRule, kind: Kind) -> bool:
    return kind in prepared.rule.on or aggregates(prepared, kind)


def _number(row: Row, message: Message) -> int:
    """One correction of a thread by a filing: made of both, of the thread by the first message that
    is corrected there."""
    return -(_BASE + int(row["seq"]) * _MESSAGES + message.id % _MESSAGES)
