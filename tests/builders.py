"""Small things that many tests need; builders fill the dull fields."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.clock import to_ms
from bot.facts import INSIDER_TRADE, KINDS, Fact, Kind
from bot.judge import Judge
from bot.routes import Routes
from bot.rules.fire import Fate
from bot.rules.loading import load_rules
from bot.rules.model import Rule
from bot.rules.values import read_instant
from bot.store import Arrival, Store

NOW = datetime(2025, 10, 1, 16, tzinfo=UTC)
"""When the clock of a test stands still."""

M = 100_000_000
"""Cents in a million dollars."""

COUNTED = "let: {n: {count: events, over: 10d}}"
"""A measure of a rule: the facts of its key within ten days."""


def instant(text: str) -> datetime:
    """As rule tests write it: a bare date is 12:00 New York."""
    return read_instant(text)


def ms(text: str) -> int:
    return to_ms(instant(text))


def a_trade(at: str = "2025-09-23", *, id: str | None = None, **values: Any) -> Fact:
    """A sale on the open market, known at ``at``; two with equal arguments are one fact."""
    given = dict(values)
    ticker = values.pop("ticker", "OKLO")
    subject = values.pop("subject", ticker or "no ticker")
    filled = {"side": "sell", "class": "open_market", "person_key": "1", "value_usd": 100_000_000}
    return Fact(
        kind=INSIDER_TRADE,
        id=id or f"trade:{at}:{sorted(given.items())}",
        subject=subject,
        ticker=ticker,
        known_at=instant(at),
        values=filled | values,
    )


def rules_of(text: str) -> tuple[Rule, ...]:
    """The rules of a YAML text; the test ends where it holds a mistake."""
    return load_rules([("rules.yaml", text)]).or_raise()


def a_rule(text: str = "", *, id: str = "sales", **keys: str) -> Rule:
    """A rule over trades by ticker; ``text`` holds further lines, keys replace the dull ones."""
    lines = {"on": "insider_trade", "by": "ticker", "message": '"{ticker}"'} | keys
    if "when:" not in text and "absent" not in {*keys, text.split(":")[0]}:
        lines.setdefault("when", "value_usd >= $1M")
    written = "".join(f"\n  {key}: {value}" for key, value in lines.items())
    indented = "".join(f"\n  {line}" for line in text.strip("\n").splitlines())
    (rule,) = rules_of(f"rules:\n- id: {id}{written}{indented}\n")
    return rule


class Line:
    """A store and a judge over it, as the bot wires them, with a clock that stands still."""

    def __init__(
        self,
        *rules: Rule,
        path: Path | None = None,
        kinds: Sequence[Kind] = KINDS,
        watched: Sequence[str] | None = None,
    ) -> None:
        self.store = Store(path, kinds=kinds)
        self.rules, self.watched = rules, watched
        self.judge = self._judge(rules)

    def _judge(self, rules: Sequence[Rule]) -> Judge:
        return Judge(
            self.store,
            rules,
            clock=lambda: NOW,
            route=Routes(channel="#a"),
            watched=lambda _rule: self.watched,
        )

    def reload(self, *rules: Rule) -> Judge:
        """Judge by other rules from here on."""
        self.judge = self._judge(rules)
        return self.judge

    def add(self, *facts: Fact, document: int | None = None, quiet: bool = False) -> int:
        """Store facts that arrive together, not judged yet."""
        return self.store.facts.add(
            Arrival(fact=fact, seen_at=to_ms(NOW), document_id=document, quiet=quiet)
            for fact in facts
        )

    def add_at(self, fact: Fact) -> int:
        """Store a fact that arrives when it becomes known, not judged yet."""
        return self.store.facts.add([Arrival(fact=fact, seen_at=to_ms(fact.known_at))])

    def see(self, *facts: Fact, document: int | None = None, quiet: bool = False) -> list[Fate]:
        """Facts that arrive together and are judged; gives what became of them."""
        before = len(self.store.decisions.all())
        self.add(*facts, document=document, quiet=quiet)
        self.run()
        return [Fate(each["fate"]) for each in self.store.decisions.all()[before:]]

    def run(self, limit: int = 1_000) -> None:
        while self.judge.judge(limit):
            pass

    def values(self, name: str) -> list[Any]:
        """What a measure said of each judged fact."""
        return [json.loads(each["measures"])[name] for each in self.store.decisions.all()]

    def told(self) -> tuple[list[dict[str, Any]], list[Any]]:
        """All that was decided and all that waits to be sent."""
        return self.store.decisions.all(), self.store.outbox.all()
