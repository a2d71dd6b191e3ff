"""A law of corrections: what they say is what the rule says where the amended facts stood from the
start."""

import json
import os
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import finding
from bot.corrections.looking import amendments
from bot.corrections.reckoning import Again, reckoned_again
from bot.facts import INSIDER_TRADE, Fact
from bot.rules.model import Rule
from bot.rules.prepared import prepare
from tests.builders import Line, a_rule, a_trade, instant

EXAMPLES = int(os.environ.get("BOT_LAWS", "30"))
"""How many streams the law is tried on; 500 in a full run: BOT_LAWS=500."""

HOUR = timedelta(hours=1)
START = instant("2025-09-22 09:00 ET")
WINDOWS = (
    "over: 5h",
    "over: 2d",
    "over: 3d, ending: 5h",
    "over: 4h, before: event",
    "over: 2d, time: traded_on",
    "over: 2 sessions, by: all",
    "over: 1d, by: person_key",
)
MEASURES = {
    "count: events": "2",
    "distinct: person_key": "2",
    "sum: value_usd": "$1M",
    "avg: value_usd": "$400k",
    "max: value_usd": "$500k",
    "min: shares": "2000",
    "share: value_usd, where: planned": "0.4",
}
"""What is measured over a window, and a line that some of it crosses."""

LATEST = {
    "change: value_usd, over: 1d": "0.2",
    "zscore: value_usd, over: 3d": "0.5",
    "last: shares": "3000",
}


@dataclass(frozen=True)
class Trade:
    """What is told of a trade, the first time or by an amendment."""

    value: int | None
    shares: int
    person: str
    side: str
    planned: bool
    day: int

    def fact(self, name: str, after: timedelta) -> Fact:
        at = START + after
        return a_trade(
            f"{at:%Y-%m-%dT%H:%M:%SZ}",
            id=name,
            value_usd=self.value,
            shares=self.shares,
            person_key=self.person,
            side=self.side,
            planned=self.planned,
            traded_on=date(2025, 9, 18) + timedelta(days=self.day),
        )


trades = st.builds(
    Trade,
    value=st.sampled_from([None, *(n * 10_000_000 for n in range(1, 9))]),
    shares=st.integers(1, 5).map(lambda n: n * 1_000),
    person=st.sampled_from("123"),
    side=st.sampled_from(["sell", "sell", "sell", "buy"]),
    planned=st.booleans(),
    day=st.integers(0, 4),
)
first_told = st.lists(st.tuples(trades, st.integers(1, 30)), min_size=1, max_size=7)
told_anew = st.lists(st.tuples(st.integers(0, 6), trades), min_size=1, max_size=5)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """A rule that measures trades; of many the measure is unknown, and it holds all the same."""
    every = MEASURES | LATEST
    told = draw(st.sampled_from(list(every)))
    window = f", {draw(st.sampled_from(WINDOWS))}" if told in MEASURES else ""
    where = draw(st.sampled_from(["", "where: side == sell\n", "where: not planned\n"]))
    when = draw(
        st.sampled_from(["m >= {}", "m is unknown or m > {}", "value_usd >= $200k or m < {}"])
    )
    return a_rule(f"{where}let: {{m: {{{told}{window}}}}}\nwhen: {when.format(every[told])}")


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
@given(rules(), first_told, told_anew)
def test_a_correction_says_what_the_rule_would_have_said_of_the_amended_facts(
    rule: Rule, first: list[tuple[Trade, int]], anew: list[tuple[int, Trade]]
) -> None:
    line, now, places = Line(rule), list(first), list[str]()
    after = timedelta()
    for number, (trade, hours) in enumerate(first):
        after += hours * HOUR
        places.append(f"trade{number}")
        line.add(trade.fact(places[-1], after))
    line.run()
    alerts = line.store.decisions.all(fate="fired")
    said: dict[int, list[Again]] = {alert["id"]: [] for alert in alerts}

    for number, (index, trade) in enumerate(anew):
        place = index % len(first)
        fact = trade.fact(f"amended{number}", after + (number + 1) * HOUR)
        since = line.store.facts.newest_seq()
        with line.store.writing():
            line.add(fact)
            line.store.facts.supersede([places[place]], by=fact.id)
        places[place], now[place] = fact.id, (trade, first[place][1])
        (amendment,) = amendments(line.store, INSIDER_TRADE, since, since + 1)
        for alert in alerts:
            again = reckoned_again(line.store, prepare([rule])[0], alert, amendment)
            said[alert["id"]] += [again] if again else []
        line.run()

    would = _decided(rule, now)
    for alert in alerts:
        told = said[alert["id"]]
        values = [json.loads(alert["measures"]), *(dict(each.after.values) for each in told)]
        for each, before in zip(told, values, strict=False):
            assert each.before.values == pytest.approx(before, nan_ok=True)
        decision = would.get(alert["fact_id"])
        holds = told[-1].after.holds if told else 1
        assert (holds == 1) == (decision is not None and decision["message"] is not None)
        if decision is not None:
            assert values[-1] == pytest.approx(json.loads(decision["measures"]))
    assert len([m for m in line.store.outbox.all() if m.corrects]) == _findings(rule, line, said)
    line.store.close()


def _decided(rule: Rule, told: list[tuple[Trade, int]]) -> dict[str, Any]:
    """What the rule says of each fact where the amended ones stood from the start."""
    line, after = Line(rule), timedelta()
    for number, (trade, hours) in enumerate(told):
        after += hours * HOUR
        line.add(trade.fact(f"trade{number}", after))
    line.run()
    found = {each["fact_id"]: each for each in line.store.decisions.all()}
    line.store.close()
    return found


def _findings(rule: Rule, line: Line, said: dict[int, list[Again]]) -> int:
    """How many of what was reckoned again an alert shows otherwise; alerts about amendments too."""
    told = sum(
        finding(rule, each.before, each.after, each.versions) is not None
        for agains in said.values()
        for each in agains
    )
    later = {a["message_id"] for a in line.store.decisions.all(fate="fired")} - said.keys()
    of_later = {m.id for number in later for m in line.store.outbox.telling(number)}
    return told + sum(m.corrects in of_later for m in line.store.outbox.all())
