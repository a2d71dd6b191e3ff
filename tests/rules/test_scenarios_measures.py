"""Scenarios of windows, changes and firsts, by their ids; each runs in batches, one by one and with
a restart after every fact."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.facts import SOURCE_POLL, Fact
from bot.rules.model import Rule
from tests.builders import Line, a_rule, a_trade, instant

NOON = "2025-09-23"
M = 100_000_000  # cents in a million dollars


def told(rules: Sequence[Rule], facts: Sequence[Fact]) -> list[tuple[str, str, dict[str, Any]]]:
    """Alerts as rule, fact and measures; the three ways of judging must agree."""
    ways = []
    for restart, together in ((False, False), (True, False), (False, True)):
        line = Line(*rules)
        for fact in facts:
            line.add(fact)
            if restart:
                line.reload(*rules)
            if not together:
                line.run()
        line.run()
        decisions = line.store.decisions.all()
        line.store.close()
        ways.append(decisions)
    assert ways[0] == ways[1] == ways[2]
    fired = [d for d in ways[0] if d["fate"] == "fired"]
    return [(d["rule"], d["fact_id"], json.loads(d["measures"])) for d in fired]


def alerts(rule: Rule, *facts: Fact) -> list[str]:
    return [fact for _, fact, _ in told([rule], facts)]


def trade(seconds: float, name: str, **values: Any) -> Fact:
    """A trade known so many seconds after noon."""
    return replace(
        a_trade(NOON, id=name, **values), known_at=instant(NOON) + timedelta(seconds=seconds)
    )


def poll(seconds: float, name: str, items: int | None, lag: float | None = None) -> Fact:
    return Fact(
        kind=SOURCE_POLL,
        id=name,
        subject="edgar",
        known_at=instant(NOON) + timedelta(seconds=seconds),
        values={"source": "edgar", "items": items, "lag_seconds": lag},
    )


def counting(when: str, over: str = "1h", **keys: str) -> Rule:
    return a_rule(f"let: {{n: {{count: events, over: {over}}}}}", when=when, fire="rise", **keys)


def polls_rule(let: str, when: str, **keys: str) -> Rule:
    return a_rule(f"let: {let}", **({"on": "source_poll", "by": "source", "when": when,
                                    "message": "x", "fire": "every"} | keys))  # fmt: skip


@pytest.mark.parametrize(("threshold", "alerted"), [(59, ["58"]), (61, [])])
def test_w1_a_count_fires_once_at_its_threshold(threshold: int, alerted: list[str]) -> None:
    facts = [trade(n, str(n)) for n in range(60)]

    assert alerts(counting(f"n >= {threshold}"), *facts) == alerted


def test_w2_a_sum_fires_when_its_window_holds_enough_and_a_late_fact_is_judged_on_arrival() -> None:
    rule = polls_rule("{n: {sum: items, over: 1h}}", "n >= 100", fire="rise")
    early = [poll(0, "a", 75), poll(900, "b", 10), poll(1500, "c", 10), poll(2700, "d", 6)]
    late = [poll(0, "a", 75), poll(2700, "b", 10), poll(3300, "c", 10), poll(3900, "d", 6),
            poll(3600, "e", 75)]  # fmt: skip

    assert told([rule], early) == [("sales", "d", {"n": 101})]
    assert told([rule], late) == [("sales", "e", {"n": 101})]


def test_w4_keys_do_not_leak_into_one_another() -> None:
    times = [(60, "A", 1), (60, "B", 5), (600, "A", 8), (600, "B", 5), (1500, "A", 3)]
    facts = [
        trade(at, f"{ticker}{at}-{n}", ticker=ticker, subject=ticker)
        for at, ticker, count in times
        for n in range(count)
    ]

    assert alerts(counting("n >= 10"), *facts) == ["B600-4", "A1500-0"]


@pytest.mark.parametrize(("apart", "alerted"), [(864_000, []), (863_940, ["b"])])
def test_w5_a_fact_exactly_a_window_ago_has_left(apart: int, alerted: list[str]) -> None:
    assert alerts(counting("n >= 2", "10d"), trade(0, "a"), trade(apart, "b")) == alerted


def test_w6_a_cluster_is_told_once_and_again_after_it_dissolved() -> None:
    rule = a_rule("let: {n: {distinct: person_key, over: 10d}}", when="n >= 3", fire="rise")
    days = [*range(1, 8), 20, 21, 22]
    facts = [trade(day * 86_400, f"day{day}", person_key=str(day)) for day in days]

    assert alerts(rule, *facts) == ["day3", "day22"]


def test_w7_an_owner_who_comes_again_is_no_new_one() -> None:
    rule = a_rule("let: {n: {distinct: person_key, over: 10min}}", when="n > 4", fire="rise")
    people = [(0, "1"), (1, "2"), (2, "3"), (3, "4"), (4, "1"), (5, "5")]
    later = [(901, "6"), (902, "7"), (903, "8")]
    facts = [trade(at, f"{at}", person_key=who) for at, who in (*people, *later)]

    assert alerts(rule, *facts) == ["5"]


def test_w8_fewer_owners_than_a_line_fire_when_the_others_have_left() -> None:
    rule = a_rule("let: {n: {distinct: person_key, over: 10min}}", when="n < 4", fire="rise")
    people = [(0, "1"), (0, "2"), (300, "3"), (300, "4"), (300, "5"), (900, "1")]
    facts = [trade(at, f"{n}", person_key=who) for n, (at, who) in enumerate(people)]

    assert told([rule], facts)[1:] == [("sales", "5", {"n": 1})]


@pytest.mark.parametrize(("time", "alerted"), [(", time: traded_on", ["c"]), ("", [])])
def test_w9_a_trade_that_is_filed_late_completes_the_cluster_of_its_days(
    time: str, alerted: list[str]
) -> None:
    rule = a_rule(f"let: {{n: {{distinct: person_key, over: 10d{time}}}}}", when="n >= 3",
                  fire="rise")  # fmt: skip
    facts = [
        a_trade("2025-05-05", id="a", person_key="1", traded_on=date(2025, 5, 1)),
        a_trade("2025-05-06", id="b", person_key="2", traded_on=date(2025, 5, 4)),
        a_trade("2025-08-01", id="x", person_key="9", traded_on=date(2025, 7, 31)),
        a_trade("2025-08-20", id="c", person_key="3", traded_on=date(2025, 5, 5)),
    ]

    assert alerts(rule, *facts) == alerted


@pytest.mark.parametrize(
    "next_year", [[("g", "2026-02-02", 19 * M), ("h", "2026-03-02", 2 * M)],
                  [("h", "2026-02-02", 21 * M)]])  # fmt: skip
def test_w10_the_sum_of_a_year_starts_anew_in_new_york(
    next_year: list[tuple[str, str, int]],
) -> None:
    rule = a_rule("let: {n: {sum: value_usd, over: ytd}}", when="n > $20M", fire="rise")
    sales = [
        ("a", "2024-12-31 23:30 ET", 15 * M),
        ("b", "2025-03-03", 12 * M),
        ("c", "2025-04-01", 8 * M),
        ("d", "2025-05-01", 100),
        ("e", "2025-06-02", 5 * M),
    ]
    facts = [a_trade(at, id=name, value_usd=cents) for name, at, cents in [*sales, *next_year]]

    assert [(fact, n["n"]) for _, fact, n in told([rule], facts)] == [
        ("d", 20 * M + 100), ("h", 21 * M)]  # fmt: skip


@pytest.mark.parametrize(
    "measure", ["sum: value_usd", "share: value_usd, where: side == sell", "avg: value_usd",
                "change: value_usd", "zscore: value_usd"])  # fmt: skip
def test_w11_a_measure_of_nothing_known_is_unknown_and_fires_nothing(measure: str) -> None:
    line = Line(a_rule(f"let: {{n: {{{measure}, over: 10d}}}}", when="n >= 0"))

    assert line.see(a_trade(value_usd=None)) == ["unknown"]
    assert line.values("n") == [None]


CHANGED = "{old: {last: lag_seconds, before: event%s}}"


def test_c1_a_change_carries_the_old_value_and_an_unknown_is_never_old() -> None:
    rates = [4.5] * 8 + [None, 4.25]
    facts = [poll(n * 60, f"{n}", 1, rate) for n, rate in enumerate(rates)]

    changed = polls_rule(CHANGED % "", "lag_seconds != old")
    forgetful = polls_rule(CHANGED % ", max_age: 59s", "lag_seconds != old")
    assert told([changed], facts) == [("sales", "9", {"old": 4.5})]
    assert told([forgetful], facts) == []


def test_c2_the_first_of_several_that_come_together_has_no_predecessor() -> None:
    facts = [poll(0, f"{n}", 1, rate) for n, rate in enumerate([4.5, 4.25, 4.0])]

    changed = told([polls_rule(CHANGED % "", "lag_seconds != old")], facts)

    assert [(fact, values["old"]) for _, fact, values in changed] == [("1", 4.5), ("2", 4.25)]


def test_c3_two_change_rules_on_one_key_share_nothing() -> None:
    rules = [
        polls_rule("{old: {last: items, before: event}}", "items != old", id="items"),
        polls_rule(CHANGED % "", "lag_seconds != old", id="lag"),
    ]
    facts = [poll(0, "a", 1, 4.5), poll(1, "b", 2, 4.5), poll(2, "c", 2, 4.0)]

    assert told(rules, facts) == [("items", "b", {"old": 1}), ("lag", "c", {"old": 4.5})]


def test_n1_and_n3_the_first_of_a_key_is_told_once_and_not_again_after_a_restart() -> None:
    rule = a_rule("let: {n: {count: events, over: 5y, before: event}}", when="n == 0",
                  by="person_key")  # fmt: skip
    history = [trade(0, "h1", person_key="key1"), trade(0, "h2", person_key="key2")]
    line = Line(rule)
    line.see(*history, quiet=True)
    keys = [("a", "key1"), ("b", None), ("c", "key3"), ("d", "key3")]
    for n, (name, key) in enumerate(keys):
        line.see(trade(10 + n, name, person_key=key))

    line.reload(rule)
    line.see(trade(99, "e", person_key="key3"))

    assert [d["fact_id"] for d in line.store.decisions.all(fate="fired")] == ["c"]


def spike(*counts: int) -> list[Fact]:
    """So many facts in each of the seconds 1-10, 11-20, ..., and one look at each end."""
    return [
        trade(10 * number + 9 * n / max(count, 1) + 1, f"{number}-{n}")
        for number, count in enumerate(counts)
        for n in range(count)
    ]


SPIKE = "let: {now: {count: events, over: 10s}, past: {count: events, over: 10s, ending: 10s}}"


@pytest.mark.parametrize(
    ("when", "fires"),
    [
        ("now / past >= 2", True),
        ("now / past >= 3", False),
        ("now / past >= 2 and past >= 11", False),
        ("now / past >= 2 and now >= 30", False),
    ],
)
def test_s1_and_s2_a_spike_is_told_against_the_window_before_it(when: str, fires: bool) -> None:
    full = f"past >= 10 and {when}"

    assert bool(alerts(a_rule(SPIKE, when=full, fire="rise"), *spike(10, 10, 20))) is fires


def test_s1_a_fall_to_nothing_is_seen_at_the_next_fact() -> None:
    rule = a_rule(SPIKE, when="now <= 1 and past >= 9", fire="rise")

    assert alerts(rule, *spike(10, 10), trade(30, "after")) == ["after"]


def test_s3_decimals_of_a_mean_are_kept() -> None:
    rule = polls_rule("{mean: {avg: lag_seconds, over: 1h}}", "mean > 23.94 and mean < 23.95")
    facts = [poll(n, f"{n}", 1, rate) for n, rate in enumerate([22.9, 24.99])]

    assert told([rule], facts) == [("sales", "1", {"mean": pytest.approx(23.945)})]


@pytest.mark.parametrize("rates", [[1, 2, 9], [5.5, 5.5, 5.5, 5.5, 5.5], [0.1] * 9 + [7.0]])
def test_s4_a_zscore_of_few_values_or_of_equal_ones_is_unknown(rates: list[float]) -> None:
    rule = polls_rule("{z: {zscore: lag_seconds, over: 1h, min_points: 3}}", "z is known")
    facts = [poll(n, f"{n}", 1, rate) for n, rate in enumerate(rates)]

    assert told([rule], facts) == []
