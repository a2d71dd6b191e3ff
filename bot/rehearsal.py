"""Rule tests run through the real engine: a store in memory, a virtual clock, no notifier."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from bot.clock import EPOCH, to_ms
from bot.errors import RuleError
from bot.facts import KINDS
from bot.judge import Judge
from bot.judge.deciding import silent_fact
from bot.routes import Route, everything_to
from bot.rules.cases import Given, Muted, RuleTest
from bot.rules.fire import Fate
from bot.rules.model import Rule
from bot.rules.testing import Outcome
from bot.store import Arrival, Mute, Store

_END = datetime(9999, 1, 1, tzinfo=UTC)
_MOMENT = timedelta(milliseconds=1)


@dataclass
class _Now:
    """The clock of a test."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


def rehearse(rules: Sequence[Rule], test: RuleTest) -> list[Outcome]:
    """Every decision of the rules in a test; RuleError where a rule fails, which a live bot notes
    and goes on."""
    with rehearsed(rules, test) as store:
        _raise_failure(store, rules)
        return _outcomes(store, rules)


@contextmanager
def rehearsed(
    rules: Sequence[Rule], test: RuleTest, *, route: Route | None = None
) -> Iterator[Store]:
    """The store after a test: facts in the order of their arrival, then ``until``.

    Facts that arrive together are stored by known_at, equal ones in the order written.
    route: where alerts go; without it nowhere.
    """
    arrivals = sorted(test.given, key=lambda given: given.seen_at)
    clock = _Now(arrivals[0].seen_at if arrivals else test.until or EPOCH)
    store = Store(None)
    try:
        _prepare(store, test)
        judged = [replace(rule, enabled=True) for rule in rules]
        judge = Judge(
            store,
            judged,
            clock=clock,
            route=route or everything_to(),
            watched=lambda rule: _watched(rule, test),
        )
        for seen_at, together in groupby(arrivals, key=lambda each: each.seen_at):
            clock.at = seen_at
            judge.tick()
            for each in sorted(together, key=lambda each: each.fact.known_at):
                store.facts.add([Arrival(fact=each.fact, seen_at=to_ms(seen_at))])
        judge.tick()
        if test.until is not None:
            clock.at = test.until
            judge.tick(test.until + _MOMENT)  # what falls due at that very instant too
        yield store
    finally:
        store.close()


def _raise_failure(store: Store, rules: Sequence[Rule]) -> None:
    for failed in store.circumstances.failing():
        rule = next(rule for rule in rules if rule.id == failed.rule)
        what = f"the rule {rule.id} fails: {failed.error}"
        mend = f"look at the fact {failed.fact_id} of the test"
        raise RuleError(what, where=f"{rule.file}:{rule.line}", mend=mend)


def _prepare(store: Store, test: RuleTest) -> None:
    """Everything is known since the oldest fact; what is muted is muted."""
    if test.given:
        oldest = min(each.fact.known_at for each in test.given)
        with store.writing():
            for kind in KINDS:
                store.collection.cover(kind.name, None, oldest)
    for muted in test.mutes:
        store.circumstances.mute(_mute(muted))


def _mute(muted: Muted) -> Mute:
    return Mute(
        since=to_ms(muted.since or EPOCH),
        until=to_ms(muted.until or _END),
        rule=muted.rule,
        key=muted.key,
        ticker=muted.ticker,
    )


def _watched(rule: Rule, test: RuleTest) -> tuple[str, ...]:
    """The keys of the given facts and those that the test names."""
    return tuple(dict.fromkeys([*_given_keys(rule, test.given), *test.keys]))


def _given_keys(rule: Rule, given: Iterable[Given]) -> list[str]:
    keys = [rule.key(each.row) for each in given if each.fact.kind in rule.on]
    return [key for key in keys if key is not None]


def _outcomes(store: Store, rules: Sequence[Rule]) -> list[Outcome]:
    by_id = {rule.id: rule for rule in rules}
    return [
        Outcome(
            rule=decision["rule"],
            at=decision["at"],
            fate=Fate(decision["fate"]),
            severity=decision["severity"],
            message=decision["message"],
            row=store.facts.by_seq(decision["kind"], decision["fact_seq"])
            if decision["fact_seq"]
            else silent_fact(by_id[decision["rule"]], decision["key"]),
            values=json.loads(decision["measures"]),
            reason=decision["reason"],
            proof=decision["proof"],
        )
        for decision in store.decisions.all()
    ]
