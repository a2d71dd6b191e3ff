"""Rules applied to stored facts: measures asked, conditions judged, decisions and messages kept.

The one engine for live, rule tests and replay.  A batch is judged in one transaction, so that a
bot killed at any instruction decides nothing twice; how facts were batched changes no decision.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any

from bot.cards import Card, Match, build_card
from bot.clock import Clock, to_ms
from bot.rules.compile import newest_statement
from bot.rules.evaluate import Evaluator
from bot.rules.fire import NEW, Fate, State
from bot.rules.lookback import index_of
from bot.rules.model import Fire, Rule
from bot.rules.prepared import Decided, PreparedRule, Row, prepare
from bot.rules.proof import read_proof
from bot.rules.questions import Firings, Question
from bot.store import Decisions, NewDecision, NewMessage, Store

Route = Callable[[Rule], Sequence[str]]
"""The channels that the alerts of a rule go to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A rule that is new to a store with judged facts, or has another version than before.

    matching: keys that hold already and so start fired.
    """

    rule: Rule
    matching: int

    def __str__(self) -> str:
        one = "ticker" if self.rule.by == ("ticker",) else "key"
        told = f"1 {one} matches" if self.matching == 1 else f"{self.matching} {one}s match"
        return f"{self.rule.id}: {told.replace(' match', ' already match')}"


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A fact that a rule judges: it passes ``where`` and its key is known."""

    row: Row
    key: str


_Judged = tuple[PreparedRule, list[_Candidate]]


def _depth(judged: _Judged) -> int:
    """Rules that count the alerts of others are judged after them."""
    return judged[0].depth


class _States:
    """The states of keys within one transaction: read at once, and at its end what changed kept."""

    def __init__(self, decisions: Decisions, candidates: Iterable[_Judged]) -> None:
        self._decisions = decisions
        pairs = {
            (prepared.rule.id, candidate.key): None
            for prepared, judged in candidates
            if prepared.firing.remembers
            for candidate in judged
        }
        self._held = decisions.states(pairs) if pairs else {}
        self._changed: dict[tuple[str, str], State] = {}

    def __getitem__(self, pair: tuple[str, str]) -> State:
        return self._held.get(pair, NEW)

    def __setitem__(self, pair: tuple[str, str], state: State) -> None:
        if state != self[pair]:
            self._held[pair] = self._changed[pair] = state

    def save(self) -> None:
        if self._changed:
            self._decisions.save_states(self._changed)


class Judge:
    """Judges stored facts by a set of rules.

    stale_after: alerts on facts that became known longer ago wait for a digest.
    joined: the rules that judge from here on and did not before, in this version; they judge
    nothing of the past.  Each key of theirs is looked at as its newest judged fact left it: what
    holds there starts fired, a state that an earlier version left goes on from there.
    """

    def __init__(
        self,
        store: Store,
        rules: Iterable[Rule],
        *,
        clock: Clock,
        route: Route,
        stale_after: timedelta | None = None,
    ) -> None:
        self._store, self._clock, self._route = store, clock, route
        self._stale_ms = stale_after // timedelta(milliseconds=1) if stale_after else None
        self._rules = prepare(rules)
        self._prepare_indexes()
        with store.writing():
            self.joined = self._join()

    def judge(self, limit: int = 1_000) -> int:
        """Judge the next facts, about ``limit`` of them; says how many there were."""
        with self._store.writing():
            since = self._store.decisions.judged_seq()
            until = self._store.facts.batch_end(since, limit)
            if until <= since:
                return 0
            self._judge_batch(since, until)
            self._store.decisions.save_judged_seq(until)
        return until - since

    def _prepare_indexes(self) -> None:
        fields: dict[tuple[Any, tuple[str, ...]], set[str]] = defaultdict(set)
        for prepared in self._rules:
            for measure in prepared.rule.measures:
                if (index := index_of(measure)) is not None:
                    of, by, used = index
                    fields[of, by] |= used
        for (of, by), names in fields.items():
            self._store.facts.index_for(of, by, names)

    # Rules that are new here.

    def _join(self) -> tuple[Joined, ...]:
        decisions = self._store.decisions
        before = decisions.versions()
        now = {prepared.rule.id: prepared.rule.version for prepared in self._rules}
        if now == before:
            return ()
        decisions.save_versions(now)
        until = decisions.judged_seq()
        new = [p for p in self._rules if before.get(p.rule.id) != p.rule.version]
        return tuple(self._join_one(prepared, until) for prepared in new) if until else ()

    def _join_one(self, prepared: PreparedRule, until: int) -> Joined:
        rule, matching = prepared.rule, 0
        if rule.fire is Fire.RISE:
            newest = [(prepared, self._newest_of_each_key(prepared, until))]
            states = _States(self._store.decisions, newest)
            for decided, risen_before in self._decide(newest, states, quiet=True):
                matching += decided.message is not None and not risen_before
            states.save()
        return Joined(rule=rule, matching=matching)

    def _newest_of_each_key(self, prepared: PreparedRule, until: int) -> list[_Candidate]:
        """Without keys whose windows have emptied: they start anew with their next fact."""
        rule, facts = prepared.rule, self._store.facts
        newest: dict[str, Row] = {}
        for kind in rule.on:
            now = facts.newest_known_at(kind, until)
            if now is None:
                continue
            first = prepared.first(now)
            statement = newest_statement(kind, rule.by, rule.where)
            for row in facts.newest_of_each(kind, statement, since=first, until=until):
                key = rule.key(row)
                if key is not None and (key not in newest or newest[key]["seq"] < row["seq"]):
                    newest[key] = row
        return [_Candidate(row, key) for key, row in newest.items()]

    # One batch.

    def _judge_batch(self, since: int, until: int) -> None:
        kinds = dict.fromkeys(kind for prepared in self._rules for kind in prepared.rule.on)
        rows = {kind.name: self._store.facts.after(since, until, kind) for kind in kinds}
        candidates = self._candidates(rows)
        states = _States(self._store.decisions, candidates)
        decided = [decided for decided, _ in self._decide(candidates, states)]
        states.save()
        decided.sort(key=lambda d: (d.row["seq"], d.place))
        self._keep(decided)

    def _candidates(self, rows: Mapping[str, list[Row]]) -> list[_Judged]:
        """The facts that each rule judges, in their order; rules with equal scopes share a list."""
        shared: dict[tuple[Any, ...], list[_Candidate]] = {}
        found = []
        for prepared in self._rules:
            rule = prepared.rule
            kinds = tuple(kind.name for kind in rule.on)
            scope = (kinds, prepared.where, rule.by)
            if scope not in shared:
                shared[scope] = _passing(rule, prepared.where, [rows[name] for name in kinds])
            found.append((prepared, shared[scope]))
        return found

    def _decide(
        self, candidates: Sequence[_Judged], states: "_States", *, quiet: bool = False
    ) -> Iterator[tuple[Decided, bool]]:
        """Each decision, and whether the rise of its key was spent before."""
        fired = Firings()
        for _, level in groupby(sorted(candidates, key=_depth), key=_depth):
            of_level = list(level)
            answers = self._measure(of_level, fired)
            for prepared, judged in of_level:
                given = [answers.get(question, {}) for question in prepared.questions]
                for candidate in judged:
                    pair = (prepared.rule.id, candidate.key)
                    state = states[pair]
                    measured = [answer.get(candidate.row["seq"]) for answer in given]
                    states[pair], decided = prepared.decide(
                        candidate.row, candidate.key, state, measured, quiet=quiet
                    )
                    if decided.fate is Fate.FIRED:
                        fired.add(prepared.rule.id, candidate.key, candidate.row)
                    yield decided, state.risen_at is not None

    def _measure(
        self, candidates: Sequence[_Judged], fired: Firings
    ) -> dict[Question, Mapping[int, Any]]:
        """Every question asked once for all the facts that any rule needs it for."""
        asked: dict[Question, dict[int, list[Any]]] = defaultdict(dict)
        for prepared, judged in candidates:
            for question in prepared.questions:
                rows = asked[question]
                for candidate in judged:
                    seq = candidate.row["seq"]
                    if seq not in rows and (row := question.asked(candidate.row)):
                        rows[seq] = row
        return {question: self._answers(question, rows, fired) for question, rows in asked.items()}

    def _answers(
        self, question: Question, asked: Mapping[int, list[Any]], fired: Firings
    ) -> Mapping[int, Any]:
        rows = list(asked.values())
        stored = self._store.facts.measure(question.statement, rows) if rows else {}
        return fired.counted(question, rows, stored)

    # What is kept.

    def _keep(self, decided: Sequence[Decided]) -> None:
        if not decided:
            return
        now, first = to_ms(self._clock()), self._store.decisions.next_id()
        alerts: dict[tuple[str, str, Any], list[int]] = defaultdict(list)
        for number, decision in enumerate(decided):
            if decision.fate is Fate.FIRED:
                document = decision.row["document_id"] or decision.row["id"]
                alerts[decision.rule.id, decision.key, document].append(number)
        carried: dict[int, int] = {}
        messages: list[NewMessage] = []
        for numbers in alerts.values():
            told = [decided[n] for n in numbers]
            leading = self._leading(told, messages, first + numbers[0], now)
            carried |= dict.fromkeys(numbers, leading)
        self._store.outbox.add(messages)
        self._store.decisions.add(
            [_new_decision(d, first + n, now, carried.get(n)) for n, d in enumerate(decided)]
        )

    def _leading(
        self, alerts: Sequence[Decided], messages: list[NewMessage], leading: int, now: int
    ) -> int:
        """The id of the one message for these matches of one rule, key and document.

        Where an earlier batch has one already, that one tells of these matches too.
        """
        rule, earlier = alerts[0].rule, self._alerts_before(alerts[0])
        matches = [_match(d.row, d.measures, d.proof, d.message) for d in alerts]
        if earlier:
            leading = earlier[0]["message_id"]
            card = build_card(rule, [*map(self._told, earlier), *matches], alert_id=leading)
            self._store.outbox.rewrite(leading, text=card.text, card=card.to_json())
            return leading
        if channels := self._route(rule):
            card = build_card(rule, matches, alert_id=leading)
            stale = self._is_stale(alerts[0].row, now)
            messages += [
                _new_message(card, leading, channel, now, stale=stale) for channel in channels
            ]
        return leading

    def _is_stale(self, row: Row, now: int) -> bool:
        """Whether a fact became known too long ago to be told alone."""
        return self._stale_ms is not None and now - int(row["known_at"]) > self._stale_ms

    def _alerts_before(self, alert: Decided) -> list[Row]:
        document_id = alert.row["document_id"]
        if document_id is None:
            return []
        return self._store.decisions.fired_for(alert.rule.id, alert.key, document_id)

    def _told(self, decision: Row) -> Match:
        """The match behind a stored alert."""
        row = self._store.facts.by_seq(decision["kind"], decision["fact_seq"])
        return _match(row, decision["measures"], decision["proof"], decision["message"])


def _passing(rule: Rule, where: Evaluator | None, rows: Sequence[list[Row]]) -> list[_Candidate]:
    found = [
        _Candidate(row, key)
        for of_kind in rows
        for row in of_kind
        if (where is None or where(row)) and (key := rule.key(row)) is not None
    ]
    return sorted(found, key=lambda c: c.row["seq"]) if len(rows) > 1 else found


def _match(row: Row, measures: str, proof: str, message: str | None) -> Match:
    values = json.loads(measures)
    return Match(row=row, values=values, proof=read_proof(proof), message=message or "")


def _new_message(card: Card, leading: int, channel: str, now: int, *, stale: bool) -> NewMessage:
    return NewMessage(
        message_id=leading,
        channel=channel,
        created_at=now,
        text=card.text,
        card=card.to_json(),
        stale=stale,
    )


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
        fate=decided.fate,
        reason=decided.reason,
        severity=rule.severity,
        message=decided.message,
        measures=decided.measures,
        proof=decided.proof,
        message_id=message_id,
    )
