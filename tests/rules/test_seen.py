"""Rules that count the alerts of others: order, keys, circles, and what is told when loading."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.facts import Fact
from bot.rules.dependencies import depths, with_watched
from bot.rules.loading import load_rules
from bot.rules.model import Rule
from tests.builders import Line, a_trade, rules_of
from tests.rules.texts import marked, mistakes, the_mistake


def rule(rule_id: str, let: str = "", when: str = "value_usd >= $1M", by: str = "ticker") -> str:
    return (
        f"\n- id: {rule_id}\n  on: insider_trade\n  by: {by}\n  let: {{{let}}}\n"
        f"  when: {when}\n  message: x"
    )


def seen(rule_id: str, **keys: str) -> str:
    options = "".join(f", {key}: {value}" for key, value in ({"over": "10d"} | keys).items())
    return f"n: {{seen: {rule_id}{options}}}"


LARGE = rule("large")


def pack(*rules: str) -> tuple[Rule, ...]:
    return rules_of("rules:" + "".join(rules))


def counts(line: Line, rule_id: str = "watcher") -> list[Any]:
    decisions = [d for d in line.store.decisions.all() if d["rule"] == rule_id]
    return [json.loads(d["measures"])["n"] for d in decisions]


def test_a_fact_sees_the_alert_on_itself_wherever_the_rules_stand() -> None:
    line = Line(*pack(rule("watcher", seen("large"), "n >= 2"), LARGE))

    line.see(a_trade(id="a"), a_trade(id="b", value_usd=1), a_trade(id="c"))

    assert counts(line) == [1, 1, 2]


def test_before_event_leaves_the_alert_on_the_fact_itself_out() -> None:
    line = Line(*pack(LARGE, rule("watcher", seen("large", before="event"), "n >= 2")))

    line.see(a_trade(id="a"), a_trade(id="b"))

    assert counts(line) == [0, 1]


def test_only_alerts_of_the_same_key_inside_the_window_count() -> None:
    line = Line(*pack(LARGE, rule("watcher", seen("large"), "n >= 2")))

    line.see(a_trade("2025-09-01"), a_trade("2025-09-09", ticker="B"), a_trade("2025-09-11"))
    line.see(a_trade("2025-09-11 12:00:01 ET"))

    assert counts(line) == [1, 1, 1, 2]


def test_by_all_counts_the_alerts_of_every_key() -> None:
    line = Line(*pack(LARGE, rule("watcher", seen("large", by="all"), "n >= 2")))

    line.see(a_trade(ticker="A"), a_trade(ticker="B"))

    assert counts(line) == [1, 2]


def test_a_match_that_was_held_back_does_not_count() -> None:
    line = Line(*pack(f"{LARGE}\n  cooldown: 2d", rule("watcher", seen("large"), "n >= 2")))

    line.see(a_trade(id="a"), a_trade("2025-09-24", id="b"), a_trade("2025-09-26", id="c"))

    assert counts(line) == [1, 1, 2]


def test_rules_are_judged_after_those_they_watch_and_a_test_takes_them_along() -> None:
    top = rule("top", seen("watcher"), "n >= 1")
    rules = pack(top, rule("watcher", seen("large"), "n >= 1"), LARGE, rule("other"))

    assert depths(rules) == {"top": 2, "watcher": 1, "large": 0, "other": 0}
    assert [each.id for each in with_watched(rules[0], rules)] == ["top", "watcher", "large"]


facts = st.lists(
    st.builds(
        lambda day, **values: a_trade(f"2025-09-{day}", **values),
        st.sampled_from(["20", "21", "21", "22", "24"]),
        id=st.integers(0, 30).map(str),
        ticker=st.sampled_from(["A", "B"]),
        subject=st.sampled_from(["1", "2"]),
        value_usd=st.sampled_from([1, 10**8, None]),
    ),
    max_size=10,
)
LAYERS = pack(
    rule("top", seen("watcher", by="all", over="2d"), "n >= 2"),
    rule("watcher", seen("large", over="2d"), "n >= 1"),
    LARGE,
)


def judged(stream: Sequence[Fact], *, every: int, limit: int) -> list[dict[str, Any]]:
    """Decisions where the bot starts anew and judges after every so many facts."""
    line = Line(*LAYERS)
    for number, fact in enumerate(stream):
        line.add(fact)
        if number % every == every - 1:
            line.reload(*LAYERS)
            line.run(limit)
    line.run(limit)
    decisions = line.store.decisions.all()
    line.store.close()
    return decisions


@settings(max_examples=40, deadline=None, derandomize=True)
@given(facts)
def test_how_facts_are_batched_and_restarts_change_nothing(stream: list[Fact]) -> None:
    whole = judged(stream, every=100, limit=1_000)

    assert judged(stream, every=1, limit=1_000) == whole
    assert judged(stream, every=100, limit=1) == whole


@settings(max_examples=40, deadline=None, derandomize=True)
@given(facts)
def test_the_count_is_that_of_the_alerts_in_the_store(stream: list[Fact]) -> None:
    decisions = judged(stream, every=100, limit=1_000)
    alerts = [d for d in decisions if d["rule"] == "large" and d["fate"] == "fired"]

    for told in decisions:
        if told["rule"] == "watcher":
            counted = [
                d
                for d in alerts
                if d["key"] == told["key"]
                and told["at"] - 2 * 86_400_000 < d["at"] <= told["at"]
                and d["fact_seq"] <= told["fact_seq"]
            ]
            assert json.loads(told["measures"]) == {"n": len(counted)}


# Loading.


@pytest.mark.parametrize(
    ("rules", "under", "what", "mend"),
    [
        ((LARGE, rule("w", seen("lrge"), "n > 1")), "lrge,", "no rule 'lrge'", "'large'"),
        ((rule("w", seen("w"), "n > 1"),), "w,", "in a circle: w -> w", "break the circle"),
        ((rule("a", seen("b"), "n > 1"), rule("b", seen("a"), "n > 1")), "b,",
         "in a circle: a -> b -> a", "break"),
        ((LARGE, rule("w", seen("large"), "n > 1", by="subject")), "large,",
         "'large' goes by ticker, this measure by subject", "write by: ticker, or by: all"),
    ],
)  # fmt: skip
def test_a_rule_that_can_not_be_watched_is_told_once(
    rules: tuple[str, ...], under: str, what: str, mend: str
) -> None:
    problem = the_mistake("rules:" + "".join(rules))

    assert what in problem.what
    assert mend in problem.mend
    assert marked(problem) == under


def test_a_rule_of_another_file_can_be_watched_and_a_broken_one_is_told_only_once() -> None:
    watcher = "rules:" + rule("w", seen("large"), "n > 1")
    broken = "rules:" + rule("large", when="value_us >= $1M")

    assert load_rules([("a.yaml", watcher), ("b.yaml", "rules:" + LARGE)]).mistakes == ()
    loaded = load_rules([("a.yaml", watcher), ("b.yaml", broken)])
    assert [problem.file for problem in loaded.mistakes] == ["b.yaml"]


OFF = LARGE + "\n  enabled: no"


@pytest.mark.parametrize(
    ("watched", "watcher", "told"),
    [
        (OFF, rule("w", seen("large"), "n > 1"), ["the rule 'large' is off"]),
        (LARGE, rule("w", seen("large"), "n > 1"), []),
        (OFF, rule("w", seen("large"), "n > 1") + "\n  enabled: no", []),
    ],
)
def test_seeing_a_rule_that_is_off_is_a_warning(
    watched: str, watcher: str, told: list[str]
) -> None:
    loaded = load_rules([("a.yaml", "rules:" + watcher), ("b.yaml", "rules:" + watched)])

    warned = [p for p in loaded.problems if "is off" in p.what]
    assert [problem.what.partition(" and ")[0] for problem in warned] == told
    assert {problem.file for problem in warned} <= {"a.yaml"}
    assert all(problem.warning and marked(problem) == "large," for problem in warned)
    assert {each.id for each in loaded.or_raise()} == {"w", "large"}


@pytest.mark.parametrize(
    ("measure", "what", "mend"),
    [
        ("{seen: large}", "seen needs 'over'", "over: 90d"),
        ("{seen: large, over: 3d, where: planned}", "seen has no 'where'", "it takes: before"),
        ("{zscore: shares, over: 3d, time: traded_on}", "zscore has no 'time'", "only count sum"),
        ("{change: shares, over: 3d, min_points: 3}", "change has no 'min_points'", "only sum avg"),
        ("{count: events, over: 3d, time: filed_on}", "no value of time (traded_on)", "one of"),
        ("{count: events, over: 3d, of: source_poll, by: all, time: traded_on}",
         "source_poll has no field 'traded_on'", "known_at"),
        ("{count: events, over: 36h, time: traded_on}", "no whole number of days", "10d"),
        ("{share: shares, over: 3d}", "share needs 'where'", "where: planned"),
        ("{max: owner_name, over: 3d}", "max needs a number, owner_name is text", "shares"),
        ("{avg: shares, over: 3d, min_points: 0}", "from 1 to", "min_points: 20"),
        ("{zscore: shares, over: 3d, min_points: 1}", "from 2 to", "min_points: 20"),
        ("{sum: shares, over: 3d, ending: 3m}", "3min or 3mo?", "a span is"),
        ("{sum: shares, over: 3d, endng: 3d}", "has no key 'endng'", "'ending'"),
    ],
)  # fmt: skip
def test_a_wrong_measure_is_one_mistake(measure: str, what: str, mend: str) -> None:
    (problem,) = mistakes("rules:" + LARGE + rule("w", f"n: {measure}", "n > 1"))

    assert what in problem.what
    assert mend in problem.mend


def test_days_and_instants_have_a_least_and_a_greatest() -> None:
    (made,) = pack(rule("w", "n: {max: traded_on, over: 3d}", "n > 2025-01-01"))

    assert made.measures[0].type == "date"
