"""Rules applied to stored facts: measures asked, conditions judged, decisions and messages kept.

The one engine for live, rule tests and replay.  A batch is judged in one transaction, so that a
bot killed at any instruction decides nothing twice; how facts were batched changes no decision.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from bot.clock import Clock, to_ms
from bot.corrections import Corrections
from bot.facts import SOURCE_POLL
from bot.garbage import no_collection
from bot.judge.deciding import Failure, Pass, failure, passing
from bot.judge.keeping import Keeper, Subscribed, nobody
from bot.judge.measuring import PATIENCE
from bot.judge.waiting import Arrivals, Candidate, Judged, States
from bot.judge.withheld import FRESH, Withheld
from bot.routes import Route
from bot.rules.fire import NEVER, NEW, State
from bot.rules.model import Fire, Rule
from bot.rules.prepared import Decided, PreparedRule, Row, prepare
from bot.rules.questions import index_of
from bot.store import Store

__all__ = ["Joined", "Judge", "Route", "Watched"]


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


Watched = Callable[[Rule], Sequence[str] | None]
"""The keys that a rule with ``absent`` watches; None for those that facts have told of."""


class Judge:
    """Judges stored facts by a set of rules.

    stale_after: alerts on facts that became known longer ago wait for a digest.
    ops_channel: where rules that fail are told; without it only the log has them.
    fresh: a source answers while its last whole answer is not older.
    patience: how long a measure may take for one fact.  subscribed: who is told besides.
    corrects: amendments correct what was told; where nothing was, nobody looks for that.
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
        watched: Watched = lambda _rule: None,
        ops_channel: str | None = None,
        fresh: timedelta = FRESH,
        patience: timedelta = PATIENCE,
        subscribed: Subscribed = nobody,
        corrects: bool = True,
    ) -> None:
        self._store, self._clock, self._watched, self._fresh = store, clock, watched, fresh
        self._keeper = Keeper(
            store,
            clock=clock,
            route=route,
            stale_after=stale_after,
            ops_channel=ops_channel,
            subscribed=subscribed,
        )
        self._patience = patience
        self._rules = prepare(rules)
        self._corrections = Corrections(store, self._rules if corrects else (), clock=clock)
        self._timed = [prepared for prepared in self._rules if prepared.firing.timed]
        self._prepare_indexes()
        with store.writing():
            self.joined = self._join()
            self._watch_keys()

    def judge(self, limit: int = 1_000) -> int:
        """Judge the next facts, about ``limit`` of them; says how many there were."""
        with self._store.writing():
            since = self._store.decisions.judged_seq()
            until = self._store.facts.batch_end(since, limit)
            if until <= since:
                return 0
            until = self._corrections.first_end(since, until)
            self._judge_batch(since, until)
            self._store.decisions.save_judged_seq(until)
        return until - since

    def tick(self, now: datetime | None = None) -> None:
        """Judge the facts that wait, then what fell due without a fact before this instant.

        What is decided hangs on instants that are computed, not on when it is looked at.
        """
        while self.judge():
            pass
        if self._timed:
            self._fall_due(to_ms(self._clock() if now is None else now))

    def _fall_due(self, now: int) -> None:
        decisions = self._store.decisions
        if any(decisions.waking(prepared.rule.id, now) for prepared in self._timed):
            with self._store.writing():
                seq = decisions.judged_seq()
                self._judge_batch(seq, seq, now=now)
                decisions.save_counter("ticked", now)

    def rebuild(self) -> None:
        """Forget what is remembered of every key and make it again from the facts.

        Decisions and messages stay, and tell when a key was last alerted.  Each rule joins again
        where it began to judge, and goes on from there; one that has changed since, as if it had
        always read as it does now.  Coverage and mutes are taken as they are known now.
        """
        decisions = self._store.decisions
        with self._store.writing():
            until, ticked = decisions.judged_seq(), decisions.counter("ticked")
            decisions.forget_states()
            self._watch_keys()
            began = {name: each.seq for name, each in decisions.began().items()}
            begins = sorted({began[prepared.rule.id] for prepared in self._rules})
            for first, last in pairwise([*begins, until]):
                for prepared in self._rules:
                    if first and began[prepared.rule.id] == first:
                        self._join_one(prepared, first)
                judging = [p for p in self._rules if began[p.rule.id] <= first]
                self._judge_again(judging, first, last)
            self._decided(self._rules, until, until, now=ticked, again=True)
            decisions.recall_alerts()

    def _judge_again(self, rules: Sequence[PreparedRule], since: int, until: int) -> None:
        self._recall_arrivals(since)
        while since < until:
            batch = min(self._store.facts.batch_end(since, 1_000), until)
            self._decided(rules, since, batch, again=True)
            since = batch

    def _recall_arrivals(self, until: int) -> None:
        """While no rule waits for time, nothing counts when facts arrive."""
        latest = self._store.facts.latest_arrival(until) if self._timed else None
        if latest is not None:
            self._store.decisions.save_counter("arrived", latest)

    def _prepare_indexes(self) -> None:
        fields: dict[tuple[Any, tuple[str, ...]], set[str]] = defaultdict(set)
        for prepared in self._rules:
            for measure in prepared.rule.measures:
                if (index := index_of(measure)) is not None:
                    of, by, used = index
                    fields[of, by] |= used
        if any(prepared.rule.needs_source for prepared in self._rules):
            fields[SOURCE_POLL, ("source",)] |= {"ok"}
        for (of, by), names in fields.items():
            self._store.facts.index_for(of, by, names)

    # Rules that are new here.

    def _join(self) -> tuple[Joined, ...]:
        decisions = self._store.decisions
        before = decisions.versions()
        now = {prepared.rule.id: prepared.rule.version for prepared in self._rules}
        if now == before:
            return ()
        until = decisions.judged_seq()
        decisions.save_versions(now, at=to_ms(self._clock()), seq=until)
        self._recall_arrivals(until)
        new = [p for p in self._rules if before.get(p.rule.id) != p.rule.version]
        return tuple(self._join_one(prepared, until) for prepared in new) if until else ()

    def _join_one(self, prepared: PreparedRule, until: int) -> Joined:
        rule, matching = prepared.rule, 0
        if rule.fire is Fire.RISE:
            try:
                newest = [(prepared, self._newest_of_each_key(prepared, until))]
            except Exception as error:  # no rule stops another, nor the bot from starting
                row = {"id": "", "seq": until}
                self._keeper.tell_failures([failure(rule, row, error)], [])
                return Joined(rule=rule, matching=0)
            states = States(self._store.decisions, newest)
            before = {c.key: states[rule.id, c.key] for _, judged in newest for c in judged}
            joining = self._pass(states, quiet=True)
            for decided, risen_before in joining.decide(newest):
                holds = decided.message is not None
                matching += holds and not risen_before
                pair = (rule.id, decided.key)
                if rule.wait is not None and holds:
                    states[pair] = self._start(prepared, before[decided.key], states[pair], decided)
            states.save()
            self._keeper.tell_failures(joining.failures, [])
        return Joined(rule=rule, matching=matching)

    def _start(
        self, prepared: PreparedRule, before: State, after: State, decided: Decided
    ) -> State:
        """A key that holds when a rule with ``for`` joins starts fired; one that an earlier version
        has counted from goes on waiting where the time is not up yet."""
        now = to_ms(self._clock())
        since = before.since if before.since is not None else after.since
        if before.since is not None:
            waiting = replace(after, since=since, risen_at=None)
            due = prepared.firing.due(waiting)
            if due is not None and due > now:
                row = decided.row
                return replace(waiting, wake_at=due, kind=row["kind"], seq=row["seq"])
        risen_at = after.judged_at if after.risen_at is None else after.risen_at
        return replace(after, risen_at=risen_at, wake_at=None)

    def _watch_keys(self) -> None:
        """Silence of a key that never had a fact counts from when its rule began to judge."""
        began = self._store.decisions.began()
        for prepared in self._timed:
            rule = prepared.rule
            if rule.absent is None:
                continue
            keys = {(rule.id, key): None for key in self._watched(rule) or ()}
            held = self._store.decisions.states(keys)
            since = began[rule.id].at or to_ms(self._clock())
            fresh = {pair: NEW for pair in keys if held.get(pair, NEW).since is None}
            self._store.decisions.save_states(
                {pair: _silent_since(prepared, since) for pair in fresh}
            )

    def _newest_of_each_key(self, prepared: PreparedRule, until: int) -> list[Candidate]:
        """Without keys whose windows have emptied: they start anew with their next fact, which with
        windows of days may be of any day."""
        from bot.rules.compile import newest_statement  # for a rule that is new here only

        rule, facts = prepared.rule, self._store.facts
        firsts = self._first_instants(prepared, until)
        starts = [facts.first_judged_from(kind, firsts[kind.name]) for kind in rule.on]
        since = min((start for start in starts if start is not None), default=until + 1)
        newest: dict[str, Row] = {}
        for kind in rule.on:
            statement = newest_statement(kind, rule.by, rule.where)
            for row in facts.newest_of_each(kind, statement, since=since, until=until):
                key = rule.key(row)
                if key is not None and (key not in newest or newest[key]["seq"] < row["seq"]):
                    newest[key] = row
        return [
            Candidate(row, key)
            for key, row in newest.items()
            if row["judged_at"] >= firsts[row["kind"]]
        ]

    def _first_instants(self, prepared: PreparedRule, until: int) -> dict[str, int]:
        """By kind, from when on a judged fact can be in a window of the kind's newest fact."""
        found: dict[str, int] = {}
        for kind in prepared.rule.on:
            now = self._store.facts.newest_known_at(kind, until)
            first = None if prepared.day_windows or now is None else prepared.first(now)
            found[kind.name] = NEVER if first is None else first
        return found

    # One batch.

    def _judge_batch(self, since: int, until: int, *, now: int | None = None) -> None:
        with no_collection():
            decided, failures = self._decided(self._rules, since, until, now=now)
            failures += self._keeper.keep(decided)
            failures += [failure(*each) for each in self._corrections.tell(since, until)]
            self._keeper.tell_failures(failures, decided)

    def _decided(
        self,
        rules: Sequence[PreparedRule],
        since: int,
        until: int,
        *,
        now: int | None = None,
        again: bool = False,
    ) -> tuple[list[Decided], list[Failure]]:
        """What is decided of the facts with seq in (since, until], and before ``now`` without."""
        kinds = dict.fromkeys(kind for prepared in rules for kind in prepared.rule.on)
        rows = {kind.name: self._store.facts.after(since, until, kind) for kind in kinds}
        candidates, failures = self._candidates(rules, rows)
        states = States(self._store.decisions, candidates)
        arrivals = self._arrivals(since, until) if self._timed else None
        this = self._pass(states, arrivals, again=again)
        this.withheld.look_for_amendments(kinds, since, until)
        decided = [decided for decided, _ in this.decide(candidates, now=now)]
        states.save()
        if arrivals is not None:
            self._store.decisions.save_counter("arrived", arrivals.last)
        return sorted(decided, key=lambda each: each.order), failures + this.failures

    def _pass(
        self,
        states: States,
        arrivals: Arrivals | None = None,
        *,
        quiet: bool = False,
        again: bool = False,
    ) -> Pass:
        rules = [prepared.rule for prepared in self._rules]
        withheld = Withheld(self._store, rules, fresh=self._fresh)
        return Pass(
            self._store,
            states,
            withheld,
            arrivals=arrivals,
            watched=self._watched,
            patience=self._patience,
            quiet=quiet,
            again=again,
        )

    def _arrivals(self, since: int, until: int) -> Arrivals:
        base = self._store.decisions.counter("arrived")
        return Arrivals(base, self._store.facts.arrivals(since, until), until)

    def _candidates(
        self, rules: Sequence[PreparedRule], rows: Mapping[str, list[Row]]
    ) -> tuple[list[Judged], list[Failure]]:
        """The facts that each rule judges, in their order; rules with equal scopes share a list."""
        shared: dict[tuple[Any, ...], tuple[list[Candidate], list[tuple[Row, Exception]]]] = {}
        found, failures = list[Judged](), list[Failure]()
        for prepared in rules:
            rule = prepared.rule
            kinds = tuple(kind.name for kind in rule.on)
            scope = (kinds, prepared.where, rule.by)
            if scope not in shared:
                shared[scope] = passing(rule, prepared.where, [rows[name] for name in kinds])
            candidates, failed = shared[scope]
            found.append((prepared, candidates))
            failures += [failure(rule, row, error) for row, error in failed]
        return found, failures


def _silent_since(prepared: PreparedRule, since: int) -> State:
    state = State(since=since)
    return replace(state, wake_at=prepared.firing.due(state))
