"""Laws of the engine: batches, cuts and kills change no decision and no message."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clock import from_ms, to_ms
from bot.facts import INSIDER_TRADE, Fact
from bot.judge import Judge
from bot.routes import Alerting, Destination
from bot.rules.fire import Fate
from bot.store import Arrival
from tests.builders import NOW, Line, M, a_trade, instant, rules_of

PACK = rules_of(
    """
rules:
- id: large
  on: insider_trade
  by: subject
  when: value_usd >= $1M and not planned
  message: "{subject} {value_usd}"
- id: cluster
  on: insider_trade
  by: ticker
  where: side == sell
  let: {sellers: {distinct: person_key, over: 3d}, sold: {sum: value_usd, over: 5d}}
  when: sellers >= 2 and sold >= $2M
  fire: rise
  message: "{sellers} {sold}"
- id: cleared
  on: insider_trade
  by: ticker
  let: {n: {count: events, over: 4d}}
  when: n >= 3
  clear: n < 2
  fire: rise
  cooldown: 2d
  message: "{n}"
- id: everywhere
  on: insider_trade
  by: all
  let: {n: {count: events, over: 1d, where: side == buy}}
  when: n >= 2
  cooldown: 1d
  message: "{n}"
- id: larger-than-before
  on: insider_trade
  by: [ticker, person_key]
  let: {before: {last: value_usd, before: event, max_age: 3d}}
  when: value_usd > before or before is unknown
  message: "{value_usd} {before}"
- id: this-month
  on: insider_trade
  by: ticker
  let: {n: {count: events, over: mtd, by: person_key, of: insider_trade}}
  when: n >= 2
  fire: rise
  message: "{n}"
"""
)


trades = st.builds(
    lambda hours, **values: a_trade("2025-09-29", **values)
    if hours is None
    else replace(a_trade("2025-09-29", **values), known_at=instant("2025-09-29")
                 + timedelta(hours=hours)),
    st.sampled_from([None, 0, 0, 12, 24, 24, 36, 48, 60, 72, 96, 120, 168]),
    id=st.integers(0, 60).map(lambda n: f"t{n:02d}"),
    ticker=st.sampled_from(["A", "A", "B", None]),
    subject=st.sampled_from(["1", "1", "2"]),
    person_key=st.sampled_from(["p", "q", "r", None]),
    side=st.sampled_from(["sell", "sell", "buy", None]),
    planned=st.sampled_from([False, False, True, None]),
    value_usd=st.sampled_from([None, 50_000_000, M, 3 * M]),
    duplicate_of=st.sampled_from([None, None, None, None, None, "other"]),
)  # fmt: skip


documents = st.tuples(
    st.lists(trades, min_size=1, max_size=3), st.sampled_from([False] * 4 + [True])
)


polls = st.lists(st.lists(documents, min_size=1, max_size=4), min_size=1, max_size=5)


Poll = Sequence[tuple[Sequence[Fact], bool]]


Told = tuple[list[dict[str, Any]], list[Any]]


def arrivals(poll: Poll, first: int) -> list[tuple[Fact, int, bool]]:
    """The facts of a poll in the order in which they are stored, with document and quiet."""
    facts = [(fact, first + n, quiet) for n, (facts, quiet) in enumerate(poll) for fact in facts]
    return sorted(facts, key=lambda each: (each[0].known_at, each[0].id))


def whole(poll_list: Sequence[Poll], limit: int = 1_000) -> Told:
    """Every poll stored, then all of it judged."""
    line = Line(*PACK)
    for number, poll in enumerate(poll_list):
        for fact, document, quiet in arrivals(poll, number * 10 + 1):
            line.add(fact, document=document, quiet=quiet)
    line.run(limit)
    told = line.told()
    line.store.close()
    return told


@settings(max_examples=60, deadline=None, derandomize=True)
@given(polls, st.sampled_from([1, 2, 7]))
def test_how_many_facts_are_judged_at_once_changes_no_decision_and_no_message(
    poll_list: list[Poll], limit: int
) -> None:
    assert whole(poll_list, limit) == whole(poll_list)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    polls, st.lists(st.integers(0, 3), min_size=60, max_size=60), st.sampled_from([1, 2, 7, 1000])
)
def test_where_the_stream_of_facts_is_cut_changes_no_decision_and_no_message(
    poll_list: list[Poll], cuts: list[int], limit: int
) -> None:
    line = Line(*PACK)
    place = 0
    for number, poll in enumerate(poll_list):
        for fact, document, quiet in arrivals(poll, number * 10 + 1):
            line.add(fact, document=document, quiet=quiet)
            if cuts[place] == 0:
                line.judge.judge(limit)  # one batch only: the rest waits
            if cuts[place] == 1:
                line.run(limit)
            place += 1
    line.run(limit)

    assert line.told() == whole(poll_list)
    line.store.close()


@settings(max_examples=40, deadline=None, derandomize=True)
@given(polls)
def test_a_poll_stored_at_once_is_judged_as_one_stored_fact_by_fact(poll_list: list[Poll]) -> None:
    line = Line(*PACK)
    for number, poll in enumerate(poll_list):
        line.store.facts.add(
            Arrival(fact=fact, seen_at=to_ms(NOW), document_id=document, quiet=quiet)
            for fact, document, quiet in arrivals(poll, number * 10 + 1)
        )
    line.run()

    assert line.told() == whole(poll_list)
    line.store.close()


class _Killed(BaseException):
    pass


@settings(max_examples=15, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(polls, st.lists(st.integers(0, 4), min_size=60, max_size=60))
def test_a_bot_killed_and_started_again_at_any_message_says_the_same(
    poll_list: list[Poll], kills: list[int]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bot.db"
        left = iter(kills)

        def route(_: Alerting) -> Sequence[Destination]:
            if next(left, 0) == 1:
                raise _Killed
            return (Destination(channel="#a"),)

        for number, poll in enumerate(poll_list):
            line = Line(path=path)  # without rules: those of the pack leave, and come back below
            for fact, document, quiet in arrivals(poll, number * 10 + 1):
                line.add(fact, document=document, quiet=quiet)
            line.store.close()
            _judge_until_done(path, route)
        line = Line(*PACK, path=path)
        told = line.told()
        line.store.close()

    assert told == whole(poll_list)


def _judge_until_done(path: Path, route: Any) -> None:
    while True:
        line = Line(*PACK, path=path)
        judge = Judge(line.store, PACK, clock=lambda: NOW, route=route)
        try:
            while judge.judge(2):
                pass
        except _Killed:
            continue
        finally:
            line.store.close()
        return


@settings(max_examples=60, deadline=None, derandomize=True)
@given(polls)
def test_every_judged_fact_of_a_rule_has_exactly_one_decision(poll_list: list[Poll]) -> None:
    decisions, messages = whole(poll_list)

    keys = [(d["rule"], d["key"], d["fact_id"]) for d in decisions]
    assert len(keys) == len(set(keys))
    assert [d["fact_seq"] for d in decisions] == sorted(d["fact_seq"] for d in decisions)
    carried = {d["message_id"] for d in decisions if d["fate"] == Fate.FIRED}
    assert {m.message_id for m in messages} == carried
    assert all(d["message_id"] is None for d in decisions if d["fate"] != Fate.FIRED)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(polls)
def test_measures_equal_a_count_by_hand(poll_list: list[Poll]) -> None:
    line = Line(*PACK)
    for number, poll in enumerate(poll_list):
        for fact, document, quiet in arrivals(poll, number * 10 + 1):
            line.add(fact, document=document, quiet=quiet)
    line.run()
    facts = line.store.facts.after(0, 10**6, INSIDER_TRADE)

    for told in line.store.decisions.all():
        if told["rule"] == "cluster":
            (event,) = [f for f in facts if f["seq"] == told["fact_seq"]]
            assert json.loads(told["measures"]) == _by_hand(event, facts)
    line.store.close()


def _by_hand(event: dict[str, Any], facts: list[dict[str, Any]]) -> dict[str, Any]:
    """``sellers`` and ``sold`` of the rule ``cluster`` as the design words them."""
    now = from_ms(event["judged_at"])

    def counted(days: int) -> list[dict[str, Any]]:
        return [
            f
            for f in facts
            if f["ticker"] == event["ticker"]
            and f["seq"] <= event["seq"]
            and now - timedelta(days=days) < from_ms(f["known_at"]) <= now
            and f["side"] == "sell"
            and f["duplicate_of"] is None
        ]

    values = [f["value_usd"] for f in counted(5) if f["value_usd"] is not None]
    people = {f["person_key"] for f in counted(3)} - {None}
    return {"sellers": len(people), "sold": sum(values) if values else None}
