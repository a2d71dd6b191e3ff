"""One transaction of judging: facts, and instants that fall due without one, in their order.

What falls due is decided before the first fact that arrived later, and before a later fact of its
own key: so neither how facts were batched nor how often the clock was looked at changes anything.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import groupby
from typing import Any

from bot.facts import Kind
from bot.judge.measuring import PATIENCE, Measuring, known
from bot.judge.waiting import Alarm, Arrivals, Candidate, Judged, States
from bot.judge.withheld import Withheld
from bot.rules.evaluate import Evaluator
from bot.rules.fire import Fate, State, sign_of_life
from bot.rules.model import Rule
from bot.rules.prepared import Decided, PreparedRule, Row
from bot.rules.questions import Firings, Question
from bot.store import Store

GRACE = timedelta(minutes=15)
"""What was due before its fact arrived waits so long for others that may come as late."""

_SAYS_NOTHING = (Fate.SUPERSEDED, Fate.BLIND, Fate.NO)
_GRACE_MS = GRACE // timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule that raised, and on which fact."""

    rule: Rule
    fact_id: str
    seq: int
    error: str


class Pass:
    """Decides about candidates and about what falls due among them.

    arrivals: None where time stands still, as when a rule joins.
    watched: the keys that a rule with ``absent`` watches; None for those that facts have told of.
    patience: how long a measure may take for one fact.
    again: what is decided is stored already.
    """

    def __init__(
        self,
        store: Store,
        states: States,
        withheld: Withheld,
        *,
        arrivals: Arrivals | None,
        watched: Callable[[Rule], Sequence[str] | None],
        patience: timedelta = PATIENCE,
        quiet: bool = False,
        again: bool = False,
    ) -> None:
        self._again = again
        self._store, self._states, self.withheld = store, states, withheld
        self._arrivals, self._watched, self._quiet = arrivals, watched, quiet
        self._fired = Firings()
        self._measuring = Measuring(store, self._fired, patience=patience)
        self.failures: list[Failure] = []

    def decide(
        self, candidates: Sequence[Judged], *, now: int | None = None
    ) -> Iterator[tuple[Decided, bool]]:
        """Each decision, and whether the rise of its key was spent before.

        now: what falls due before it is decided too.
        """
        for _, level in groupby(sorted(candidates, key=_depth), key=_depth):
            of_level = list(level)
            answers = self._measuring.measure(of_level)
            for prepared, judged in of_level:
                given = [answers.get(question, {}) for question in prepared.questions]
                if prepared.firing.timed and self._arrivals is not None:
                    clock = Alarm(prepared, self._states, now or self._arrivals.last)
                    yield from self._with_time(prepared, judged, given, clock, self._arrivals)
                else:
                    for candidate in judged:
                        yield from self._one(prepared, candidate, given)

    # Facts.

    def _one(
        self, prepared: PreparedRule, candidate: Candidate, given: Sequence[Mapping[int, Any]]
    ) -> Iterator[tuple[Decided, bool]]:
        row, key, rule = candidate.row, candidate.key, prepared.rule
        pair = (rule.id, key)
        state = self._states[pair]
        try:
            measured = [known(answer.get(row["seq"])) for answer in given]
            after, decided = prepared.decide(
                row,
                key,
                state,
                measured,
                quiet=self._quiet,
                blind=self.withheld.blind(rule, row),
                held=partial(
                    self.withheld.held, rule, key, row, arrived=row["seen_at"], version=row["seq"]
                )
                if self.withheld.asks(rule)
                else None,
            )
        except Exception as error:
            self.failures.append(failure(rule, row, error))
            return
        if prepared.firing.timed:
            counts = decided.message is not None and decided.fate not in _SAYS_NOTHING
            after = self._awaited(prepared, after, row, counts=counts)
        self._states[pair] = after
        self._note(decided, row)
        yield decided, state.risen_at is not None

    def _sign_of_life(self, prepared: PreparedRule, candidate: Candidate) -> None:
        pair = (prepared.rule.id, candidate.key)
        watched = self._watched(prepared.rule)
        if watched is None or candidate.key in watched:
            state = sign_of_life(self._states[pair], candidate.row["judged_at"])
            self._states[pair] = self._awaited(prepared, state, candidate.row, counts=True)

    def _awaited(self, prepared: PreparedRule, state: State, row: Row, *, counts: bool) -> State:
        """The state with the instant of the next look.  counts: the look goes by this fact."""
        due = prepared.firing.due(state)
        if due is None:
            waits = state.wake_at is not None or state.kind is not None or state.seq is not None
            return replace(state, wake_at=None, kind=None, seq=None) if waits else state
        if not counts:
            return state
        arrived = self._arrivals.at(row["seq"]) if self._arrivals else row["seen_at"]
        wake_at = due if due > arrived else arrived + _GRACE_MS
        return replace(state, wake_at=wake_at, kind=row["kind"], seq=row["seq"])

    def _note(self, decided: Decided, row: Row) -> None:
        if decided.fate is Fate.FIRED:
            if not self._again:
                self._fired.add(decided.rule.id, decided.key, row)
            self.withheld.note_alert(decided.rule, decided.key, row)

    # What falls due.

    def _with_time(
        self,
        prepared: PreparedRule,
        judged: Sequence[Candidate],
        given: Sequence[Mapping[int, Any]],
        clock: "Alarm",
        arrivals: Arrivals,
    ) -> Iterator[tuple[Decided, bool]]:
        for candidate in judged:
            seq, at = candidate.row["seq"], candidate.row["judged_at"]
            for key in clock.due_before(arrivals.at(seq)):
                yield from self._fall_due(prepared, key, clock, arrivals)
            if clock.is_due(candidate.key, at):
                yield from self._fall_due(prepared, candidate.key, clock, arrivals, seq - 1)
            if prepared.rule.absent is not None:
                self._sign_of_life(prepared, candidate)
            else:
                yield from self._one(prepared, candidate, given)
            clock.watch(candidate.key)
        for key in clock.due_before(clock.end):
            yield from self._fall_due(prepared, key, clock, arrivals)

    def _fall_due(
        self,
        prepared: PreparedRule,
        key: str,
        clock: "Alarm",
        arrivals: Arrivals,
        seq: int | None = None,
    ) -> Iterator[tuple[Decided, bool]]:
        rule, pair = prepared.rule, (prepared.rule.id, key)
        state = self._states[pair]
        due, wake, watched = prepared.firing.due(state), state.wake_at, self._watched(rule)
        self._states[pair] = replace(state, wake_at=None)
        if due is None or wake is None or (rule.absent and watched and key not in watched):
            return
        if seq is None:
            seq = arrivals.place(wake)
        fact = self._fact(rule, key, state, due)
        row = fact | {"judged_at": due, "seq": seq}
        row["quiet"] = fact["quiet"] and due <= fact["seen_at"]
        version: int | None = fact["seq"]
        if rule.absent is not None:  # about the time since its fact, whatever became of that
            row["gone_seq"] = version = None
        else:
            self.withheld.look_for_amendments(rule.on, fact["seq"] - 1, fact["seq"])
        try:
            after, decided = prepared.decide(
                row,
                key,
                state,
                [self._answer(question, row, fact) for question in prepared.questions],
                blind=self.withheld.blind(rule, row),
                held=partial(self.withheld.held, rule, key, row, arrived=wake, version=version),
            )
        except Exception as error:
            self.failures.append(failure(rule, row, error))
            return
        self._states[pair] = _looked(prepared, after, decided.fate, due, wake)
        clock.watch(key)
        self._note(decided, row | {"seq": seq + 1})  # the facts up to there do not see it
        decided.row = fact | {
            "judged_at": due, "known_at": due, "document_id": None,
            "fact": fact, "since": state.since,
        }  # fmt: skip
        decided.order = (seq, wake, due, prepared.place, key)
        yield decided, state.risen_at is not None

    def _fact(self, rule: Rule, key: str, state: State, due: int) -> Row:
        """The fact that a look goes by; one of unknowns where there never was any."""
        if state.kind is not None and state.seq is not None:
            return self._store.facts.by_seq(state.kind, state.seq)
        return silent_fact(rule, key) | {"known_at": due, "seen_at": due}

    def _answer(self, question: Question, row: Row, fact: Row) -> Any:
        own = question.measure.before
        return self._measuring.one(question, fact | {"judged_at": row["judged_at"]} if own else row)


def passing(
    rule: Rule,
    where: Evaluator | None,
    rows: Sequence[list[Row]],
) -> tuple[list[Candidate], list[tuple[Row, Exception]]]:
    """The facts that pass ``where`` and have a key, in their order; those on which it raised."""
    found, failed = list[Candidate](), list[tuple[Row, Exception]]()
    for of_kind in rows:
        for row in of_kind:
            try:
                if (where is None or where(row)) and (key := rule.key(row)) is not None:
                    found.append(Candidate(row, key))
            except Exception as error:
                failed.append((row, error))
    if len(rows) > 1:
        found.sort(key=lambda c: int(c.row["seq"]))
    return found, failed


def failure(rule: Rule, row: Row, error: Exception) -> Failure:
    """A rule that raises stops no other; it judges the next fact again."""
    return Failure(rule, row["id"], row["seq"], f"{type(error).__name__}: {error}"[:500])


def silent_fact(rule: Rule, key: str) -> Row:
    """The fact of a key that never had one: unknown but for what the key tells."""
    kind: Kind = rule.on[0]
    row: Row = dict.fromkeys((*kind.by_name, "document_id", "gone_seq", "judged_at"))
    row |= {"kind": kind.name, "id": "", "seq": 0, "quiet": 0}
    if len(rule.by) == 1:
        named = {rule.by[0]} | ({kind.subject} if rule.by == ("subject",) else set())
        row |= {name: key.replace("//", "/") for name in named & row.keys()}
    return row


def _looked(prepared: PreparedRule, state: State, fate: Fate, due: int, wake: int) -> State:
    """The state after a look.  A silence that can not be judged is counted anew from there."""
    if prepared.rule.absent is None or fate not in (Fate.UNKNOWN, Fate.BLIND):
        return replace(state, wake_at=None)
    after = replace(state, since=due)
    again = prepared.firing.due(after)
    if again is None or again > wake:
        return replace(after, wake_at=again)
    return replace(after, wake_at=wake + _GRACE_MS)


def _depth(judged: Judged) -> int:
    """Rules that count the alerts of others are judged after them."""
    return judged[0].depth
