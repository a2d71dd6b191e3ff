"""Rules applied to stored facts: measures asked, conditions judged, decisions and messages kept.

The one engine for live, rule tests and replay.  A batch is judged in one transaction, so that a
bot killed at any instruction decides nothing twice; how facts were batched changes no decision.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.cards import Match, build_card
from bot.clock import Clock, to_ms
from bot.rules.compile import measure_statement
from bot.rules.evaluate import Evaluator, evaluator, measure_key
from bot.rules.expressions import fields_of
from bot.rules.fire import NEW, Fate, Firing, Moment, State, cooling_until, step
from bot.rules.model import Measure, Rule
from bot.rules.proof import Clause, prover
from bot.store import NewMessage, Progress, Store

Row = dict[str, Any]
_LONG_AGO = -(2**62)
Route = Callable[[Rule], Sequence[str]]
"""The channels that the alerts of a rule go to."""


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """One question to the store; rules that ask the same share its answers."""

    statement: str
    measure: Measure

    def asked(self, row: Row) -> list[Any] | None:
        """The row of the statement's parameter; None where a key is unknown, and so the answer."""
        at, measure = row["judged_at"], self.measure
        keys = [row.get(name) for name in measure.by]
        if None in keys:
            return None
        first = _LONG_AGO
        if measure.over is not None:
            first = measure.over.first(at)
        elif measure.max_age is not None:
            first = measure.max_age.before(at)
        return [row["seq"], first, at, *keys]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A rule ready to judge."""

    rule: Rule
    place: int
    where: Evaluator | None
    when: Evaluator
    clear: Evaluator | None
    prove: Callable[[Mapping[str, Any]], list[Clause]]
    plans: tuple[tuple[str, _Plan], ...]
    firing: Firing

    def first(self, at: int) -> int | None:
        """First instant of the longest window."""
        return min((m.over.first(at) for m in self.rule.measures if m.over), default=None)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A fact that a rule judges: it passes ``where`` and its key is known."""

    row: Row
    key: str


@dataclass(slots=True)
class _Decided:
    """A decision on its way into the store."""

    compiled: _Compiled
    row: Row
    key: str
    fate: Fate
    values: dict[str, Any]
    proof: list[Clause]
    reason: str | None
    message: str | None


class Judge:
    """Judges stored facts by a set of rules."""

    def __init__(self, store: Store, rules: Iterable[Rule], *, clock: Clock, route: Route) -> None:
        self._store, self._clock, self._route = store, clock, route
        plans: dict[tuple[Any, ...], _Plan] = {}
        enabled = [rule for rule in rules if rule.enabled]
        self._compiled = [_compile(rule, i, plans) for i, rule in enumerate(enabled)]
        self._progress = store.decisions.progress()
        self._prepare_indexes()

    def judge(self, limit: int = 1_000) -> int:
        """Judge the next facts, about ``limit`` of them; says how many there were."""
        with self._store.writing():
            newest = self._store.facts.newest_seq()
            since = min((self._judged_seq(c) for c in self._compiled), default=newest)
            until = self._store.facts.batch_end(since, limit)
            if until <= since:
                return 0
            progress = self._judge_batch(since, until)
        self._progress = progress  # only what is kept was judged
        return until - since

    def _judged_seq(self, compiled: _Compiled) -> int:
        progress = self._progress.get(compiled.rule.id)
        return progress.judged_seq if progress else 0

    def _prepare_indexes(self) -> None:
        fields: dict[tuple[Any, tuple[str, ...]], set[str]] = defaultdict(set)
        for compiled in self._compiled:
            for measure in compiled.rule.measures:
                used = fields[measure.of, measure.by]
                used |= fields_of(measure.scope) | ({measure.field} if measure.field else set())
        for (of, by), names in fields.items():
            self._store.facts.index_for(of, by, names)

    # One batch.

    def _judge_batch(self, since: int, until: int) -> dict[str, Progress]:
        rows = {
            kind.name: self._store.facts.after(since, until, kind)
            for kind in dict.fromkeys(k for c in self._compiled for k in c.rule.on)
        }
        candidates = {c.rule.id: self._candidates(c, rows) for c in self._compiled}
        answers = self._measure(candidates)
        decided: list[_Decided] = []
        for compiled in self._compiled:
            decided += self._decide(compiled, candidates[compiled.rule.id], answers)
        decided.sort(key=lambda d: (d.row["seq"], d.compiled.place))
        self._keep(decided)
        progress = {
            c.rule.id: Progress(version=c.rule.version, judged_seq=max(until, self._judged_seq(c)))
            for c in self._compiled
        }
        self._store.decisions.save_progress(progress)
        return progress

    def _candidates(self, compiled: _Compiled, rows: Mapping[str, list[Row]]) -> list[_Candidate]:
        judged = self._judged_seq(compiled)
        where, rule = compiled.where, compiled.rule
        found = []
        for kind in rule.on:
            for row in rows[kind.name]:
                if row["seq"] > judged and (where is None or where(row)):
                    key = rule.key(row)
                    if key is not None:
                        found.append(_Candidate(row, key))
        return sorted(found, key=lambda candidate: candidate.row["seq"])

    def _measure(self, candidates: Mapping[str, list[_Candidate]]) -> dict[_Plan, dict[int, Any]]:
        """Every question asked once for all the facts that any rule needs it for."""
        asked: dict[_Plan, dict[int, list[Any]]] = defaultdict(dict)
        for compiled in self._compiled:
            for _, plan in compiled.plans:
                questions = asked[plan]
                for candidate in candidates[compiled.rule.id]:
                    seq = candidate.row["seq"]
                    if seq not in questions and (question := plan.asked(candidate.row)):
                        questions[seq] = question
        return {
            plan: self._store.facts.measure(plan.statement, json.dumps(list(questions.values())))
            for plan, questions in asked.items()
            if questions
        }

    def _decide(
        self,
        compiled: _Compiled,
        candidates: Sequence[_Candidate],
        answers: Mapping[_Plan, Mapping[int, Any]],
    ) -> list[_Decided]:
        states = self._store.decisions.states(compiled.rule.id, {c.key for c in candidates})
        decided = []
        for candidate in candidates:
            values = {
                name: answers.get(plan, {}).get(candidate.row["seq"])
                for name, plan in compiled.plans
            }
            before = states.get(candidate.key, NEW)
            after, decision = _decide_one(compiled, candidate, values, before)
            states[candidate.key] = after
            decided.append(decision)
        self._store.decisions.save_states(compiled.rule.id, states)
        return decided

    # What is kept.

    def _keep(self, decided: Sequence[_Decided]) -> None:
        now = to_ms(self._clock())
        ids = self._store.decisions.add([_stored(d, now) for d in decided])
        groups: dict[tuple[str, str, Any], list[tuple[int, _Decided]]] = defaultdict(list)
        for number, decision in zip(ids, decided, strict=True):
            if decision.fate is Fate.FIRED:
                document = decision.row["document_id"] or decision.row["id"]
                groups[decision.compiled.rule.id, decision.key, document].append((number, decision))
        for group in groups.values():
            self._queue(group, now)

    def _queue(self, group: Sequence[tuple[int, _Decided]], now: int) -> None:
        """One message for the matches of one rule, key and document."""
        leading, first = group[0]
        rule = first.compiled.rule
        self._store.decisions.lead(leading, [number for number, _ in group])
        matches = [Match(row=d.row, values=d.values, proof=d.proof, message=d.message or "")
                   for _, d in group]  # fmt: skip
        card = build_card(rule, matches, alert_id=leading)
        self._store.outbox.add(
            [
                NewMessage(
                    message_id=leading,
                    channel=channel,
                    created_at=now,
                    text=card.text,
                    card=card.to_json(),
                )
                for channel in self._route(rule)
            ]
        )


def _compile(rule: Rule, place: int, plans: dict[tuple[Any, ...], _Plan]) -> _Compiled:
    return _Compiled(
        rule=rule,
        place=place,
        where=evaluator(rule.where) if rule.where else None,
        when=evaluator(rule.when),
        clear=evaluator(rule.clear) if rule.clear else None,
        prove=prover(rule.when),
        plans=tuple((m.name, _plan(m, plans)) for m in rule.measures),
        firing=Firing(fire=rule.fire, has_clear=rule.clear is not None, cooldown=rule.cooldown),
    )


def _plan(measure: Measure, plans: dict[tuple[Any, ...], _Plan]) -> _Plan:
    asks = (
        measure.verb,
        measure.field,
        measure.of.name,
        measure.scope,
        measure.by,
        measure.over,
        measure.max_age,
        measure.before,
    )
    if asks not in plans:
        plans[asks] = _Plan(measure_statement(measure), measure)
    return plans[asks]


def _decide_one(
    compiled: _Compiled, candidate: _Candidate, values: dict[str, Any], state: State
) -> tuple[State, _Decided]:
    row = candidate.row
    seen = {**row, **{measure_key(name): value for name, value in values.items()}}
    matches = compiled.when(seen)
    moment = Moment(
        at=row["judged_at"],
        matches=matches,
        clears=compiled.clear(seen) if compiled.clear else None,
        first=compiled.first(row["judged_at"]),
        quiet=bool(row["quiet"]),
        superseded=row["gone_seq"] is not None and row["gone_seq"] <= row["seq"],
    )
    after, fate = step(compiled.firing, state, moment)
    until = cooling_until(compiled.firing, state, moment.at)
    return after, _Decided(
        compiled=compiled,
        row=row,
        key=candidate.key,
        fate=fate,
        values=values,
        proof=compiled.prove(seen),
        reason=str(until) if fate is Fate.IN_COOLDOWN else None,
        message=compiled.rule.message.render(seen) if matches else None,
    )


def _stored(decided: _Decided, now: int) -> Row:
    row, rule = decided.row, decided.compiled.rule
    return {
        "rule": rule.id,
        "version": rule.version,
        "key": decided.key,
        "kind": row["kind"],
        "fact_id": row["id"],
        "fact_seq": row["seq"],
        "document_id": row["document_id"],
        "ticker": row["ticker"],
        "at": row["judged_at"],
        "decided_at": now,
        "fate": decided.fate,
        "reason": decided.reason,
        "severity": rule.severity,
        "message": decided.message,
        "measures": _compact(decided.values),
        "proof": _compact(decided.proof),
        "message_id": None,
    }


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
