"""Laws of judging over random rules of every option and random streams of facts."""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import to_ms
from bot.judge import Judge
from bot.routes import Alerting, Destination
from bot.rules.model import Rule
from bot.store import Arrival, Mute, Store
from tests.builders import instant, rules_of
from tests.streams import START, Event, mutes, packs, streams

EXAMPLES = int(os.environ.get("BOT_LAWS", "30"))
"""How many streams each law is tried on; 500 in a full run: BOT_LAWS=500."""

END = timedelta(days=9)
laws = settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
cuts = st.lists(st.integers(0, 7), min_size=14, max_size=14)


class Killed(BaseException):
    """Like an end of the process: no guard against rules that fail catches it."""


class Bot:
    """A store with a judge that can be killed within a transaction and started again."""

    def __init__(self, rules: Sequence[Rule], muted: Sequence[Mute] = ()) -> None:
        self.store, self.rules, self.now = Store(None), rules, START
        self.kill = False
        for kind, since in (
            ("insider_trade", "2025-09-25 12:00 ET"),
            ("source_poll", "2025-06-01"),
        ):
            self.store.collection.cover(kind, None, instant(since))
        for each in muted:
            self.store.circumstances.mute(each)
        self.trades: list[str] = []
        self.start()

    def start(self, rules: Sequence[Rule] | None = None) -> None:
        self.rules = self.rules if rules is None else rules
        self.judge = Judge(self.store, self.rules, clock=lambda: self.now, route=self._route,
                           watched=_watched)  # fmt: skip

    def _route(self, _: Alerting) -> Sequence[Destination]:
        if self.kill:
            self.kill = False
            raise Killed
        return (Destination(channel="#a"),)

    def add(self, event: Event) -> None:
        fact = event.fact
        with self.store.writing():
            arrival = Arrival(fact=fact, seen_at=to_ms(event.seen_at), quiet=event.quiet,
                              document_id=event.document)  # fmt: skip
            self.store.facts.add([arrival])
            if fact.kind.name == "insider_trade":
                if event.amends is not None and event.amends < len(self.trades):
                    self.store.facts.supersede([self.trades[-1 - event.amends]], by=fact.id)
                self.trades.append(fact.id)

    def run(self, limit: int = 1_000) -> None:
        while self.judge.judge(limit):
            pass

    def cut(self, cut: int, event: Event, following: datetime) -> None:
        """What happens between two arrivals."""
        try:
            if cut == 1:
                self.judge.judge(1)
            elif cut == 2:
                self.run(2)
            elif cut == 3:
                self.judge.tick(event.seen_at)
            elif cut in (4, 5):
                self.judge.tick(event.seen_at + (following - event.seen_at) / (cut - 3))
            elif cut == 6:
                self.start()
            elif cut == 7:
                self.kill = True
                self.judge.tick(following)
        except Killed:
            self.start()
        self.kill = False

    def told(self) -> tuple[list[dict[str, Any]], list[Any]]:
        return self.store.decisions.all(), self.store.outbox.all()

    def states(self) -> list[Any]:
        return self.store._connections.connection.execute(
            "SELECT * FROM rule_states ORDER BY rule, key"
        ).fetchall()  # fmt: skip


def _watched(rule: Rule) -> Sequence[str] | None:
    keys = {"source": ("edgar",), "ticker": ("A", "Z")}
    return keys.get("/".join(rule.by))


def judged(
    rules: Sequence[Rule], stream: Sequence[Event], muted: Sequence[Mute], cut: Sequence[int] = ()
) -> Bot:
    bot = Bot(rules, muted)
    for number, event in enumerate(stream):
        bot.add(event)
        if cut:
            later = stream[number + 1].seen_at if number + 1 < len(stream) else event.seen_at + END
            bot.cut(cut[number], event, later)
    bot.judge.tick(stream[-1].seen_at + END)
    return bot


@laws
@given(packs(), streams, mutes, cuts)
def test_how_judging_is_cut_killed_and_begun_again_changes_nothing(
    pack: str, stream: list[Event], muted: list[Mute], cut: list[int]
) -> None:
    rules = rules_of(pack)
    whole, parts = judged(rules, stream, muted), judged(rules, stream, muted, cut)

    assert parts.told() == whole.told()
    assert parts.states() == whole.states()
    whole.store.close()
    parts.store.close()


@laws
@given(packs(), streams, mutes, cuts)
def test_forgotten_states_are_made_again_from_the_facts(
    pack: str, stream: list[Event], muted: list[Mute], cut: list[int]
) -> None:
    bot = judged(rules_of(pack), stream, muted, cut)
    before, told = bot.states(), bot.told()

    bot.judge.rebuild()

    assert bot.states() == before
    assert bot.told() == told
    bot.store.close()


@laws
@given(packs(), streams, mutes, cuts, st.integers(0, 8))
def test_states_of_a_rule_that_was_added_later_are_made_again_too(
    pack: str, stream: list[Event], muted: list[Mute], cut: list[int], joins: int
) -> None:
    rules = rules_of(pack)
    bot = Bot(rules[: len(rules) // 2], muted)
    for number, event in enumerate(stream):
        bot.now = event.seen_at
        if number == joins:
            bot.start(rules)
        bot.add(event)
        later = stream[number + 1].seen_at if number + 1 < len(stream) else event.seen_at + END
        bot.cut(cut[number], event, later)
    bot.now += END
    bot.judge.tick(bot.now)
    before, told = bot.states(), bot.told()

    bot.judge.rebuild()

    assert bot.states() == before
    assert bot.told() == told
    bot.store.close()
