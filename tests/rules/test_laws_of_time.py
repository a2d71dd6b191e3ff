"""Laws of rules that go by time: how often the clock is looked at changes no decision."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clock import to_ms
from bot.judge import Judge
from bot.routes import everything_to
from bot.store import Arrival
from tests.builders import Line, M, a_rule, a_trade, instant, rules_of

TIMED = rules_of(
    """
rules:
- {id: lasts, on: insider_trade, by: ticker, fire: rise, for: 30h, hold: 20h, message: "{n}",
   let: {n: {count: events, over: 3d}}, when: n >= 2}
- {id: silent, on: insider_trade, by: ticker, absent: 40h, max_per_day: 1, message: "{ticker}"}
- {id: capped, on: insider_trade, by: person_key, when: value_usd >= $1M, max_per_day: 2,
   cooldown: 13h, message: x}
"""
)


STREAM = [
    a_trade("2025-09-02", id=f"{n:03d}", ticker="AB"[n % 3 % 2], person_key=str(n % 4),
            value_usd=M * (n % 3)) for n in range(30)
]  # fmt: skip


STREAM = [
    replace(fact, known_at=fact.known_at + timedelta(hours=(n * n * 7) % 23 + 9 * n))
    for n, fact in enumerate(STREAM)
]


END = max(fact.known_at for fact in STREAM) + timedelta(days=9)


def judged(*, ticks_every: int | None, limit: int = 1_000, each: bool = False) -> Line:
    line = Line(*TIMED)
    for fact in sorted(STREAM, key=lambda fact: fact.known_at):
        seen = fact.known_at + timedelta(minutes=7)
        line.store.facts.add([Arrival(fact=fact, seen_at=to_ms(seen))])
        if each:
            line.judge.judge(limit)
        if ticks_every:
            line.judge.tick(seen)
            for hour in range(0, 5, ticks_every):
                if not any(seen < f.known_at + timedelta(minutes=7) < seen + timedelta(hours=hour)
                           for f in STREAM):  # fmt: skip
                    line.judge.tick(seen + timedelta(hours=hour))
    line.run(limit)
    line.judge.tick(END)
    return line


@pytest.mark.parametrize(
    ("ticks_every", "limit", "each"),
    [(1, 1_000, True), (3, 2, True), (None, 1, True), (None, 4, False)],
)
def test_how_often_the_clock_is_looked_at_changes_no_decision(
    ticks_every: int | None, limit: int, each: bool
) -> None:
    line = judged(ticks_every=ticks_every, limit=limit, each=each)
    told, whole = line.told(), judged(ticks_every=None).told()

    assert told[0] == whole[0]
    assert told[1] == whole[1]
    assert {d["fate"] for d in whole[0]} >= {"waiting", "fired", "over the daily cap"}


def test_state_that_was_deleted_is_the_same_when_it_is_made_again_from_the_facts() -> None:
    line = judged(ticks_every=None)
    keys = [(rule.id, key) for rule in TIMED for key in ("A", "B", "0", "1", "2", "3")]
    before, told = line.store.decisions.states(keys), line.told()

    line.judge.rebuild()

    assert line.store.decisions.states(keys) == before
    assert line.told() == told


def test_a_silence_is_told_though_the_last_fact_of_its_key_was_amended_away() -> None:
    line = Line(a_rule(on="insider_trade", by="person_key", absent="2h"))
    line.add_at(a_trade("2025-09-02 12:00 ET", id="old", person_key="1"))
    line.add_at(a_trade("2025-09-02 13:00 ET", id="new", person_key="2"))
    line.store.facts.supersede(["old"], by="new")

    line.judge.tick(instant("2025-09-02 14:30 ET"))

    told = [(d["key"], d["fate"]) for d in line.store.decisions.all()]
    assert told == [("1", "fired")]


@pytest.mark.parametrize("at_once", [True, False])
def test_what_falls_due_after_an_amendment_is_told_however_it_is_batched(at_once: bool) -> None:
    line = Line(a_rule(on="insider_trade", by="all", absent="2h", message="x"))
    for at, name in (("12:00", "a"), ("17:00", "b"), ("22:00", "c")):
        line.add_at(a_trade(f"2025-09-02 {at} ET", id=name))
        if name == "b":
            line.store.facts.supersede(["a"], by="b")
        if not at_once:
            line.judge.tick(instant(f"2025-09-02 {at} ET") + timedelta(hours=4))
    line.judge.tick(instant("2025-09-03 02:00 ET"))

    assert [d["fate"] for d in line.store.decisions.all()] == ["fired"] * 3


@pytest.mark.parametrize("limit", [1, 1_000])
def test_a_fact_does_not_count_an_alert_that_falls_due_at_its_own_instant(limit: int) -> None:
    rules = rules_of(
        """
rules:
- {id: silent, on: insider_trade, by: ticker, absent: 3h, message: x}
- {id: sales, on: insider_trade, by: ticker, let: {s: {seen: silent, over: 3d, by: all}},
   when: s >= 1, message: x}
"""
    )
    line = Line()
    judge = Judge(
        line.store,
        rules,
        clock=lambda: instant("2025-09-02 09:00 ET"),
        route=everything_to("#a"),
        watched=lambda rule: ("Z",) if rule.absent else None,
    )
    for at in ("2025-09-02 12:00 ET", "2025-09-02 12:01 ET"):
        line.add_at(a_trade(at, id=at[11:16]))
    while judge.judge(limit):
        pass

    told = [(d["rule"], d["fate"]) for d in line.store.decisions.all()]
    assert told == [("sales", "no"), ("silent", "fired"), ("sales", "fired")]
