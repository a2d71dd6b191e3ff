"""One key of one rule looked up in a store: decision, proof, the facts behind it, the state."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.clock import from_ms, to_text
from bot.judge.deciding import silent_fact
from bot.rules.explain import (
    PARTS,
    Evidence,
    clauses,
    counted,
    evidence,
    state_then,
    state_told,
    where_clauses,
)
from bot.rules.fire import NEW, State
from bot.rules.model import Measure, Rule
from bot.rules.prepared import prepare
from bot.rules.questions import Question
from bot.store.explaining import Explaining
from bot.why.told import EVERYTHING, Told

Row = Mapping[str, Any]


def look(store: Explaining, rule: Rule, key: str, *, now: int, until: int | None = None) -> Told:
    """What is to be told of a key of a rule, as it was at an instant or as it is now."""
    return _Look(store, rule, key, until, now).told()


def look_behind(store: Explaining, rule: Rule, decision: dict[str, Any]) -> Told:
    """What is to be told of one decision, as it was then."""
    at = decision["at"]
    return _Look(store, rule, decision["key"], at, at, decision).told()


@dataclass(frozen=True, slots=True)
class _Look:
    """One key of one rule looked up, as it was at an instant or as it is."""

    store: Explaining
    rule: Rule
    asked: str
    until: int | None
    now: int
    behind: dict[str, Any] | None = None

    def told(self) -> Told:
        newest = self.store.newest_about(self.rule.on, self.asked, until=self.until)
        keys = self._keys(newest)
        dated = {key: self._decision(key) for key in keys}
        keys.sort(key=lambda key: dated[key] is None)  # those with a decision first, else as found
        key = keys[0] if keys else self.asked
        decision = dated.get(key)
        fact = self._fact(key, decision) if decision else None
        proven = self._evidence(decision, fact) if decision and fact else []
        seen = [fact, *(row for each in proven if not each.measure.rule for row in each.facts)]
        now = self.now if self.until is None else self.until
        held = self.store.decisions.states([(self.rule.id, key)]).get((self.rule.id, key))
        return Told(
            rule=self.rule,
            key=key,
            asked=self.asked,
            others=tuple(keys[1:]),
            decision=decision,
            until=self.until,
            fact=fact,
            clauses=clauses(self.rule, decision["proof"]) if decision else [],
            evidence=proven,
            twins=self.store.twins_of(row["id"] for row in seen if row and row.get("id")),
            remembered=held is not None,
            state=self._state(key, held or NEW, now, decided=decision is not None),
            holding=self._holding(key, decision or newest, now),
            newest=newest,
            where=where_clauses(self.rule, newest) if newest else [],
        )

    def _state(self, key: str, held: State, at: int, *, decided: bool) -> str:
        """The state as it is remembered; of the past what the decisions tell of it."""
        (prepared,) = prepare([replace(self.rule, enabled=True)])
        if self.until is None:
            return state_told(self.rule, prepared.firing, held, at=at)
        last = self.store.last_moving(self.rule.id, key, until=at)
        alert = self.store.last_alert(self.rule.id, key, until=at)
        alerted_at = alert["at"] if alert else None
        return state_then(prepared.firing, last, alerted_at, decided=decided, at=at)

    def _keys(self, newest: Row | None) -> list[str]:
        """The keys that the reader may mean; else the key of the newest fact about it."""
        if not self.rule.by:
            return [EVERYTHING]
        keys = self.store.keys_of(self.rule.id, self.asked)
        if self.until is not None:
            keys = [key for key in keys if self._decision(key)]
        own = self.rule.key(newest) if newest and not keys else None
        return keys if own is None else [own]

    def _decision(self, key: str) -> dict[str, Any] | None:
        if self.behind is not None and key == self.behind["key"]:
            return self.behind
        return self.store.last_decision(self.rule.id, key, until=self.until)

    def _fact(self, key: str, decision: Row) -> Row:
        """The fact that was judged, or by which a key was looked at when something fell due."""
        if decision["fact_seq"]:
            return self.store.facts.by_seq(decision["kind"], decision["fact_seq"])
        return silent_fact(self.rule, key) | dict.fromkeys(("known_at", "seen_at"), decision["at"])

    def _evidence(self, decision: Row, fact: Row) -> list[Evidence]:
        """What fell due was decided by all that had arrived by then."""
        latest = fact["seq"]
        if fact["judged_at"] != decision["at"]:
            latest = max(latest, self.store.arrived_by(decision["decided_at"] or 0))
        found: dict[str, list[dict[str, Any]]] = {}
        for measure in self.rule.measures:
            seq = fact["seq"] if measure.before else latest
            row = {**fact, "judged_at": decision["at"], "seq": seq}
            found[measure.name] = self._counted(measure, row)
        return evidence(self.rule, decision["measures"], found)

    def _counted(self, measure: Measure, row: Row) -> list[dict[str, Any]]:
        """The facts in the window of a measure, or the alerts."""
        if measure.rule is not None:
            asked = Question(measure).asked(row)
            if asked is None:
                return []
            seq, first, last, *keys = asked
            until = seq - measure.before
            key = keys[0] if keys else None
            return self.store.alerts(measure.rule, key, first=first, last=last, until=until)
        if (question := counted(measure, row)) is None:
            return []
        kind, listed = measure.of.name, json.loads(self.store.list_of(*question) or "[]")
        if measure.verb != "change":
            return self.store.facts_of(kind, listed)
        named = zip(PARTS, listed, strict=False)
        return [self.store.facts.by_seq(kind, seq) | {"part": part} for part, seq in named if seq]

    def _holding(self, key: str, about: Row | None, now: int) -> list[str]:
        """What holds alerts of the key back at an instant, besides its own past."""
        rule, circumstances = self.rule, self.store.circumstances
        told = (
            []
            if rule.enabled or self.until is not None
            else ["the rule is off (enabled: no): it judges nothing"]
        )
        for mute in circumstances.mutes(active_at=now):
            if mute.fits(rule.id, key, about):
                by = f" by {mute.by}" if mute.by else ""
                why = f": {mute.why}" if mute.why else ""
                told.append(f"muted until {to_text(from_ms(mute.until))}{by}{why}")
        told += [
            f"the rule fails since {to_text(from_ms(each.since))}: {each.error}"
            for each in circumstances.failing()
            if each.rule == rule.id and each.failing and each.since <= now
        ]
        return told
