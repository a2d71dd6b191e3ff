"""An alert reckoned again, at its own instant, with the facts as amendments leave them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.corrections.looking import Amendment
from bot.insider.versions import together, withdrawn
from bot.rules.model import Measure
from bot.rules.prepared import PreparedRule
from bot.rules.questions import Question
from bot.rules.reckoned import Reckoned, reckon
from bot.store import Standing, Store

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """An alert before an amendment and after it.

    versions: of each fact that it saw and that the amendment tells otherwise, the one that stood
    for it before and the one that does now; None where it was taken back.
    """

    before: Reckoned
    after: Reckoned
    versions: Sequence[tuple[Row, Row | None]]


def reckoned_again(
    store: Store, prepared: PreparedRule, alert: Row, amendment: Amendment
) -> Again | None:
    """None where the amendment changes nothing of what the alert saw."""
    fact = store.facts.by_seq(alert["kind"], alert["fact_seq"])
    kind, seen = amendment.kind, _seen_by(store, alert, fact, amendment)
    if not _may_reach(prepared, alert, amendment):
        return None
    before, after = (
        store.amended.standing(kind, amendment.subjects, seen=seen, until=until)
        for until in (amendment.first - 1, amendment.last)
    )
    changed = [seq for seq in after if before.get(seq, (seq,)) != after[seq]]
    if not changed:
        return None
    look = _Look(store, prepared, alert, fact, seen, amendment)
    return Again(
        before=look.reckoned(before),
        after=look.reckoned(after),
        versions=[
            (look.version(before.get(seq, (seq,))[:1]) or fact, look.version(after[seq][:1]))
            for seq in changed
            if before.get(seq, (seq,))
        ],
    )


def _seen_by(store: Store, alert: Row, fact: Row, amendment: Amendment) -> int:
    """The last fact that could count: the judged one, or of what fell due the last to arrive."""
    if fact["judged_at"] == alert["at"]:
        return int(alert["fact_seq"])
    arrived = store.amended.arrived_by(amendment.kind, alert["at"])
    return max(int(alert["fact_seq"]), arrived)


def _may_reach(prepared: PreparedRule, alert: Row, amendment: Amendment) -> bool:
    """Whether the longest window reaches back to any of the amended facts; windows of days, changes
    against what was before the window, and measures without one may reach anywhere."""
    measures = prepared.rule.measures
    unbound = any(m.reach is None or m.time or m.verb == "change" for m in measures)
    first = None if unbound else prepared.first(alert["at"])
    return alert["fact_id"] in amendment.ids or first is None or first <= amendment.known_at


@dataclass(frozen=True, slots=True)
class _Look:
    """One alert; seen: the number of the last fact that could count."""

    store: Store
    prepared: PreparedRule
    alert: Row
    fact: Row
    seen: int
    amendment: Amendment

    def reckoned(self, standing: Standing) -> Reckoned:
        """What the rule says of the key with these facts in the place of others; of several sorts
        that stand for the judged one, of the first for which it holds."""
        judged: Sequence[Row | None] = [self.fact]
        if self.fact["kind"] == self.amendment.kind.name and self.fact["seq"] in standing:
            stands = [self._in_place(seq) for seq in standing[self.fact["seq"]]]
            judged = [*together([row for row in stands if not withdrawn(row)])] or [None]
        found = [
            reckon(self.prepared, self.alert["key"], row, self._values(row or self.fact, standing))
            for row in judged
        ]
        return next((each for each in found if each.holds), found[0])

    def version(self, seqs: Sequence[int]) -> Row | None:
        rows = (self.store.facts.by_seq(self.amendment.kind.name, seq) for seq in seqs)
        return next((row for row in rows if not withdrawn(row)), None)

    def _in_place(self, seq: int) -> Row:
        """A version of the judged fact, as if it had been known in the place of that."""
        row = self.store.facts.by_seq(self.amendment.kind.name, seq)
        return {**row, **{name: self.fact[name] for name in ("seq", "known_at", "judged_at")}}

    def _values(self, row: Row, standing: Standing) -> dict[str, Any]:
        """The measures; those of other kinds and of alerts are as they were."""
        told = json.loads(self.alert["measures"])
        return {
            measure.name: self._measured(measure, row, standing)
            if measure.rule is None and measure.of == self.amendment.kind
            else told.get(measure.name)
            for measure in self.prepared.rule.measures
        }

    def _measured(self, measure: Measure, row: Row, standing: Standing) -> Any:
        from bot.rules.amended import amended_statement  # a large library writes it

        seq = self.fact["seq"] if measure.before else self.seen
        asked = Question(measure).asked({**row, "judged_at": self.alert["at"], "seq": seq})
        if asked is None:
            return None
        keys = asked[3 : 3 + len(measure.by)]
        return self.store.amended.measure(amended_statement(measure), asked, keys, standing)
