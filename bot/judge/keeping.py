"""What was decided is kept: decisions, the messages that tell of them, rules that fail."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zlib import crc32

from bot.cards import Card, Line, Match, build_card, plain_card
from bot.cards.filing import certain
from bot.cards.silence import Silence
from bot.clock import Clock, from_ms, to_ms
from bot.judge.beside import facts_beside
from bot.judge.deciding import Failure, failure
from bot.judge.holding import Holding
from bot.judge.unmuted import tell_ended_mutes, told_ended_mutes, with_lines
from bot.routes import Alerting, Destination, Route
from bot.rules.fire import Fate
from bot.rules.model import Severity
from bot.rules.prepared import Decided, Row
from bot.rules.proof import read_proof
from bot.store import MATCHES, NewDecision, NewMessage, Store
from bot.stories import queue_in_stories

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

_OPS = -(10**15)
"""Messages to operators have numbers below this; digests have those of alerts, below zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Earlier:
    """A message of an earlier batch, and the matches that it tells of."""

    message_id: int
    matches: Sequence[Match]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A message that is not queued yet.  joined: an earlier one that tells of these matches too."""

    card: Card
    joined: Card | None
    destinations: Sequence[Destination]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copy:
    """A message for whoever wants to be told besides.

    told_in: channels where an earlier message waits that tells of the same matches by now.
    """

    message: NewMessage
    told_in: frozenset[str] = frozenset()


Subscribed = Callable[[Sequence[int]], Mapping[str, Sequence[int]]]
"""By channel, which of these decisions somebody wants to be told there."""


def nobody(_numbers: Sequence[int]) -> Mapping[str, Sequence[int]]:
    """Where alerts go by their routes alone."""
    return {}


class Keeper:
    """Writes within the transaction that is open.

    stale_after: alerts on facts that became known longer ago wait for a digest.
    ops_channel: where rules that fail are told; without it only the log has them.
    subscribed: who is told besides.
    """

    def __init__(
        self,
        store: Store,
        *,
        clock: Clock,
        route: Route,
        stale_after: timedelta | None,
        ops_channel: str | None,
        subscribed: Subscribed = nobody,
    ) -> None:
        self._store, self._clock, self._route = store, clock, route
        self._subscribed = subscribed
        self._holding = Holding(store, stale_after=stale_after)
        self._ops_channel = ops_channel

    def keep(self, decided: Sequence[Decided]) -> list[Failure]:
        """Keep decisions in their order, and queue the messages of those that fired.

        Gives the alerts for which no full card could be built: a plain one goes out, and where that
        fails too they are decided all the same.
        """
        if not decided:
            return []
        now, first = to_ms(self._clock()), self._store.decisions.next_id()
        self._holding.begin(now)
        alerts: dict[tuple[str, str, Fate, Any], list[int]] = defaultdict(list)
        for number, decision in enumerate(decided):
            if decision.fate in (Fate.FIRED, Fate.OVER_THE_CAP):
                document = decision.row["document_id"] or (decision.row["id"], decision.order)
                alerts[decision.rule.id, decision.key, decision.fate, document].append(number)
        self._store.circumstances.note_held(
            [(first + n, mute) for n, d in enumerate(decided) for mute in d.mutes]
        )
        carried: dict[int, int] = {}
        messages: list[NewMessage] = []
        copies: dict[int, _Copy] = {}
        failures: list[Failure] = []
        for numbers in alerts.values():
            told, leading = [decided[n] for n in numbers], first + numbers[0]
            draft = self._drafted(told, self._told_before(told[0]), leading, failures)
            if draft is not None:
                draft = self._with_ended_mutes(draft, told)
                copy = self._queue(draft, told[0], messages, now)
                carried |= dict.fromkeys(numbers, copy.message.message_id)
                copies[copy.message.message_id] = copy
        queue_in_stories(self._store.outbox, messages)
        self._store.decisions.add(
            [_new_decision(d, first + n, now, carried.get(n)) for n, d in enumerate(decided)],
            titles={d.rule.id: d.rule.title for d in decided if d.fate in MATCHES},
        )
        fired = [first + n for n in carried if decided[n].fate is Fate.FIRED]
        for channel, matching in self._subscribed(fired).items():
            wanted = [copies[n] for n in dict.fromkeys(carried[each - first] for each in matching)]
            copied = [each.message for each in wanted if channel not in each.told_in]
            self._store.outbox.add([replace(message, channel=channel) for message in copied])
        return failures

    def _drafted(
        self,
        alerts: Sequence[Decided],
        earlier: _Earlier | None,
        leading: int,
        failures: list[Failure],
    ) -> _Draft | None:
        """The best message that can be made; None where there is none.

        No rule stops another: what is raised is noted.  What the store raises stops all.
        """
        for draft in (self._draft, self._plain):
            try:
                return draft(alerts, earlier, leading)
            except Exception as error:
                failures.append(failure(alerts[0].rule, alerts[0].row, error))
        return None

    def _told_before(self, alert: Decided) -> _Earlier | None:
        """The newest message for the rule, key and document of an alert."""
        before = [each for each in self._alerts_before(alert) if each["message_id"]]
        if not before:
            return None
        newest = before[-1]["message_id"]
        told = [self._told(each) for each in before if each["message_id"] == newest]
        return _Earlier(message_id=newest, matches=told)

    def _draft(self, alerts: Sequence[Decided], earlier: _Earlier | None, leading: int) -> _Draft:
        """The one message for these matches of one rule, key and document."""
        rule = alerts[0].rule
        matches, joined = [_fresh(d) for d in alerts], None
        beside = facts_beside(self._store, rule, matches[-1].row)
        matches[-1] = replace(matches[-1], beside=beside)
        if earlier is not None:
            together = [*earlier.matches, *matches]
            joined = build_card(rule, together, alert_id=earlier.message_id)
        card = build_card(rule, matches, alert_id=leading)
        return _Draft(card=card, joined=joined, destinations=self._destinations(alerts[-1]))

    def _plain(self, alerts: Sequence[Decided], _: _Earlier | None, leading: int) -> _Draft:
        """A message of its own: an earlier one of the document stays as it is."""
        rule = alerts[0].rule
        card = plain_card(rule, [_fresh(d) for d in alerts], alert_id=leading)
        return _Draft(card=card, joined=None, destinations=self._destinations(alerts[-1]))

    def _with_ended_mutes(self, draft: _Draft, alerts: Sequence[Decided]) -> _Draft:
        """The draft with what it tells of mutes that are over."""
        if alerts[0].fate is not Fate.FIRED:
            return draft
        joined, earlier = draft.joined, list[Line]()
        if joined is not None:
            earlier = told_ended_mutes(self._store, joined.alert_id)
        carrier = draft.card if joined is None else joined
        lines = tell_ended_mutes(self._store, alerts, carrier.alert_id)
        return replace(
            draft,
            card=with_lines(draft.card, lines),
            joined=joined and with_lines(joined, [*earlier, *lines]),
        )

    def _queue(self, draft: _Draft, alert: Decided, messages: list[NewMessage], now: int) -> _Copy:
        """The message that tells of these matches, for whoever else wants it.

        Where an earlier batch has one already, that one tells of them too; in channels where it
        was sent before, another tells of them alone.
        """
        card, joined, destinations = draft.card, draft.joined, draft.destinations
        rewritten = frozenset[str]()
        if joined is not None:
            number = joined.alert_id
            told = self._store.outbox.rewrite(number, text=joined.text, card=joined.to_json())
            if not told:
                return _Copy(message=self._message(joined, alert, now))
            destinations = [each for each in destinations if each.channel in told]
            holds = {each.channel for each in self._store.outbox.telling(number)}
            rewritten = frozenset(holds.difference(told))
        message = self._message(card, alert, now)
        messages += [
            replace(
                message,
                channel=each.channel,
                story_since=_story_since(each, now),
                **self._holding.wait(alert, each),
            )
            for each in destinations
        ]
        return _Copy(message=message, told_in=rewritten)

    def _message(self, card: Card, alert: Decided, now: int) -> NewMessage:
        """The message of a card, for no channel yet."""
        return NewMessage(
            message_id=card.alert_id,
            channel="",
            created_at=now,
            text=card.text,
            card=card.to_json(),
            subject=alert.row["ticker"] or alert.row["subject"],
            severity=card.severity,
            known_at=alert.row["known_at"] if certain(alert.row) else None,
            **self._holding.wait(alert),
        )

    def _destinations(self, alert: Decided) -> Sequence[Destination]:
        row, capped_until = alert.row, self._holding.capped_until(alert)
        return self._route(
            Alerting(
                rule=alert.rule,
                kind=row["kind"],
                ticker=row["ticker"],
                key=alert.key,
                now=self._clock() if capped_until is None else from_ms(capped_until),
            )
        )

    def _alerts_before(self, alert: Decided) -> list[Row]:
        document_id = alert.row["document_id"]
        if document_id is None:
            return []
        decisions, pair = self._store.decisions, (alert.rule.id, alert.key)
        if alert.fate is Fate.OVER_THE_CAP:
            return decisions.capped_for(*pair, document_id)
        return decisions.fired_for(*pair, document_id)

    def _told(self, decision: Row) -> Match:
        """The match behind a stored alert."""
        row = self._store.facts.by_seq(decision["kind"], decision["fact_seq"])
        return _match(row, decision["measures"], decision["proof"], decision["message"])

    # Rules that fail.

    def tell_failures(self, failures: Sequence[Failure], decided: Sequence[Decided]) -> None:
        """A rule that raised is marked, and told once; it is tried again with the next fact."""
        circumstances, now = self._store.circumstances, to_ms(self._clock())
        last: dict[str, int] = {}
        for each in sorted(failures, key=lambda failed: failed.seq):
            rule = each.rule
            last[rule.id] = each.seq
            _log(each)
            if circumstances.note_failure(
                rule.id, rule.version, at=now, fact_id=each.fact_id, error=each.error
            ) and self._ops_channel:  # fmt: skip
                self._store.outbox.add([_ops_message(each, self._ops_channel, now)])
        failing = {each.rule for each in circumstances.failing() if each.failing}
        circumstances.note_recovery(
            [d.rule.id for d in decided
             if d.rule.id in failing and d.order[0] > last.get(d.rule.id, -1)]
        )  # fmt: skip


def _log(failed: Failure) -> None:
    import structlog  # 2 MB that an engine without a failing rule does without

    log: FilteringBoundLogger = structlog.get_logger()
    log.error("rule.failing", rule=failed.rule.id, fact_id=failed.fact_id, error=failed.error)


def _ops_message(failed: Failure, channel: str, now: int) -> NewMessage:
    """Once for each version of a rule: its number is made of both."""
    rule = failed.rule
    number = _OPS - crc32(f"{rule.id}:{rule.version}".encode())
    card = Card(
        alert_id=number,
        rule=rule.id,
        severity=Severity.HIGH,
        headlines=(f"The rule {rule.id} fails: {failed.error}",),
        lines=(
            Line(label="Fact", text=failed.fact_id or "none"),
            Line(label="Mend", text=f"look at {rule.file}:{rule.line}; other rules go on, and this"
                 " one is tried again with each new fact"),
        ),
    )  # fmt: skip
    return NewMessage(
        message_id=number, channel=channel, created_at=now, text=card.text, card=card.to_json()
    )


def _fresh(decided: Decided) -> Match:
    """The match behind a decision; of what fell due the fact as it was when it became known."""
    fact, since = decided.row.get("fact"), decided.row.get("since")
    match = _match(fact or decided.row, decided.measures, decided.proof, decided.message)
    if decided.rule.absent is None or since is None:
        return match
    return replace(match, silence=Silence(key=decided.key, since=since))


def _match(row: Row, measures: str, proof: str, message: str | None) -> Match:
    values = json.loads(measures)
    return Match(row=row, values=values, proof=read_proof(proof), message=message or "")


def _story_since(destination: Destination, now: int) -> int | None:
    if destination.stories is None:
        return None
    return now - destination.stories // timedelta(milliseconds=1)


def _new_decision(decided: Decided, number: int, now: int, message_id: int | None) -> NewDecision:
    row, rule = decided.row, decided.rule
    return NewDecision(
        id=number,
        rule=rule.id,
        version=rule.version,
        key=decided.key,
        kind=row["kind"],
        fact_id=row["id"],
        fact_seq=row["seq"],
        document_id=row["document_id"],
        ticker=row["ticker"],
        at=row["judged_at"],
        decided_at=now,
        fate=str(decided.fate),  # SQLite is slow with text of any other type
        reason=decided.reason,
        severity=str(rule.severity),
        message=decided.message,
        measures=decided.measures,
        proof=decided.proof,
        message_id=message_id,
    )
