"""The states of keys, when facts arrived, and at which instants keys wait to be looked at."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from bot.rules.fire import NEW, State
from bot.rules.prepared import PreparedRule, Row
from bot.store import Decisions


@dataclass(frozen=True, slots=True)
class Candidate:
    """A fact that a rule judges: it passes ``where`` and its key is known."""

    row: Row
    key: str


Judged = tuple[PreparedRule, list[Candidate]]


class States:
    """The states of keys within one transaction: read at once, and at its end what changed kept."""

    def __init__(self, decisions: Decisions, candidates: Iterable[Judged]) -> None:
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
        held = self[pair]
        if state is not held and state != held:
            self._held[pair] = self._changed[pair] = state

    def waking(self, rule: str, before: int) -> dict[str, State]:
        """The keys of a rule to look at before an instant."""
        found = self._decisions.waking(rule, before)
        self._held = found | self._held
        return {key: self._held[rule, key] for rule, key in found}

    def save(self) -> None:
        if self._changed:
            self._decisions.save_states(self._changed)


class Arrivals:
    """When the facts of a batch arrived: none earlier than one before it.

    base: the latest arrival before the batch.  facts: seq and arrival, in their order.
    """

    def __init__(self, base: int | None, facts: Sequence[tuple[int, int]], until: int) -> None:
        self._times, self._seqs, self._until = [base or 0], [0], until
        for seq, seen_at in facts:
            if seen_at > self._times[-1]:
                self._times.append(seen_at)
                self._seqs.append(seq)

    @property
    def last(self) -> int:
        return self._times[-1]

    def at(self, seq: int) -> int:
        """When everything up to a fact had arrived."""
        return self._times[bisect_right(self._seqs, seq) - 1]

    def place(self, instant: int) -> int:
        """The last fact that had arrived by an instant."""
        later = bisect_right(self._times, instant)
        return self._seqs[later] - 1 if later < len(self._seqs) else self._until


class Alarm:
    """The keys of one rule by the instant at which to look at them."""

    def __init__(self, prepared: PreparedRule, states: States, end: int) -> None:
        self._prepared, self._states, self.end = prepared, states, end
        waking = states.waking(prepared.rule.id, end)
        self._heap = [self._entry(key, state) for key, state in waking.items()]
        heapify(self._heap)

    def _entry(self, key: str, state: State) -> tuple[int, int, str]:
        return state.wake_at or 0, self._prepared.firing.due(state) or 0, key

    def watch(self, key: str) -> None:
        """Look at a key again when its state says so."""
        state = self._states[self._prepared.rule.id, key]
        if state.wake_at is not None and state.wake_at < self.end:
            heappush(self._heap, self._entry(key, state))

    def due_before(self, instant: int) -> Iterator[str]:
        """The keys to look at before an instant, in their order."""
        while self._heap and self._heap[0][0] < instant:
            wake, _, key = heappop(self._heap)
            if self._states[self._prepared.rule.id, key].wake_at == wake:
                yield key

    def is_due(self, key: str, at: int) -> bool:
        """Whether a key is to be decided before a fact of its own at an instant."""
        state = self._states[self._prepared.rule.id, key]
        due = self._prepared.firing.due(state) if state.wake_at is not None else None
        return due is not None and due < at
