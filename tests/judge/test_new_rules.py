"""Rules that are new to a store, changed, or back after a while."""

from dataclasses import replace
from typing import Any

import pytest

from tests.builders import COUNTED, Line, M, a_rule, a_trade


def test_a_rule_added_later_judges_nothing_of_the_past() -> None:
    line = Line()
    line.see(a_trade("2025-09-22"))

    line.reload(a_rule())

    assert line.see(a_trade("2025-09-23")) == ["fired"]


def test_facts_that_wait_are_judged_by_a_rule_that_is_added_before_them() -> None:
    line = Line()
    line.add(a_trade())

    line.reload(a_rule())
    line.run()

    assert [d["fate"] for d in line.store.decisions.all()] == ["fired"]


def test_keys_that_hold_when_a_rule_is_added_start_fired_and_are_told_in_one_line() -> None:
    rule = a_rule(f"{COUNTED}\nwhen: n >= 2", fire="rise")
    line = Line()
    line.see(*(a_trade(id=str(n), ticker=t) for n, t in enumerate(["A", "A", "B", "C", "C"])))

    judge = line.reload(rule)

    assert [str(each) for each in judge.joined] == ["sales: 2 tickers already match"]
    fates = line.see(*(a_trade("2025-09-24", ticker=ticker) for ticker in ("A", "B", "C")))
    assert fates == ["already fired", "fired", "already fired"]


def test_a_rule_added_later_looks_only_at_facts_that_pass_its_where() -> None:
    rule = a_rule("where: role == ceo", fire="rise", when="value_usd >= $5M")
    line = Line()
    line.see(
        a_trade("2025-09-21", role="ceo", value_usd=9 * M),
        a_trade("2025-09-22", role="cfo", value_usd=1 * M),
        a_trade("2025-09-22", ticker="B", role="cfo", value_usd=9 * M),
        a_trade("2025-09-22", ticker=None, role="ceo", value_usd=9 * M),
        a_trade("2025-09-22", ticker="C", role="ceo", value_usd=9 * M, duplicate_of="x"),
    )

    assert [each.matching for each in line.reload(rule).joined] == [1]


def test_keys_whose_windows_have_emptied_do_not_count_as_matching() -> None:
    line = Line()
    line.see(a_trade("2025-01-02"), a_trade("2025-09-23", ticker="B"))

    judge = line.reload(a_rule(f"{COUNTED}\nwhen: n >= 1", fire="rise"))

    assert [each.matching for each in judge.joined] == [1]
    assert line.see(a_trade("2025-09-24")) == ["fired"]


def test_a_restart_with_the_same_rules_changes_nothing() -> None:
    rule = a_rule(fire="rise")
    line = Line(rule)
    line.see(a_trade("2025-09-22"))

    assert line.reload(rule).joined == ()
    assert line.see(a_trade("2025-09-23")) == ["already fired"]


def test_a_changed_rule_goes_on_from_what_its_earlier_version_left() -> None:
    text = "let: {n: {count: events, over: 90d}}\nclear: n < 2\nwhen: n >= "
    line = Line(a_rule(f"{text}3", fire="rise", cooldown="30d"))
    line.see(*(a_trade(id=str(n)) for n in range(3)))
    line.see(*(a_trade(id=f"b{n}", ticker="B") for n in range(2)))

    judge = line.reload(a_rule(f"{text}2", fire="rise", cooldown="30d"))

    assert [each.matching for each in judge.joined] == [1]  # B; OKLO was told before
    fates = line.see(a_trade("2025-09-24", id="c"), a_trade("2025-09-24", id="d", ticker="B"))
    assert fates == ["already fired", "already fired"]


def test_a_changed_rule_keeps_the_cooldown_of_its_last_alert() -> None:
    line = Line(a_rule(cooldown="30d"))
    line.see(a_trade("2025-09-22"))

    line.reload(a_rule(cooldown="30d", severity="high"))

    assert line.see(a_trade("2025-09-23")) == ["in cooldown"]


def test_a_rule_that_was_away_judges_nothing_of_the_time_between() -> None:
    rule = a_rule(fire="rise")
    line = Line(rule)
    line.see(a_trade("2025-09-20", value_usd=1))
    line.reload(replace(rule, enabled=False))
    line.see(a_trade("2025-09-21"))

    line.reload(rule)

    assert line.see(a_trade("2025-09-22")) == ["already fired"]


@pytest.mark.parametrize(
    ("newest", "before", "after"),
    [
        ({"subject": "one", "value_usd": 3 * M}, ["no", "fired"], "already fired"),  # it is late
        ({"subject": "two", "value_usd": 1 * M}, ["fired", "no"], "fired"),  # first of its subject
    ],
)
def test_a_rule_that_comes_back_goes_by_the_newest_judged_fact_however_long_ago_it_was_known(
    newest: dict[str, Any], before: list[str], after: str
) -> None:
    rule = a_rule("let: {n: {count: events, over: 2d}}\nwhen: n >= 1 and value_usd >= $2M",
                  fire="rise")  # fmt: skip
    other = 4 * M - newest["value_usd"]
    line = Line(rule)
    told = line.see(a_trade("2025-09-23", id="a", subject="one", value_usd=other))
    told += line.see(a_trade("2025-09-01", id="b", **newest))

    line.reload()
    line.reload(rule)

    assert told == before
    assert line.see(a_trade("2025-09-23", id="c", subject="one", value_usd=3 * M)) == [after]


def test_a_rule_that_comes_back_goes_by_a_fact_whose_amendment_does_not_concern_it() -> None:
    rule = a_rule("let: {n: {count: events, over: 9d}}\nwhere: side == sell\n"
                  "when: n >= 1 and value_usd >= $2M", fire="rise")  # fmt: skip
    line = Line(rule)
    told = line.see(a_trade("2025-09-21", value_usd=1 * M))
    told += line.see(a_trade("2025-09-22", id="big", value_usd=3 * M))
    with line.store.writing():
        line.add(a_trade("2025-09-22", id="a gift", side="none"))
        line.store.facts.supersede(["big"], by="a gift")
    line.run()

    line.reload()
    line.reload(rule)

    assert told == ["no", "fired"]
    assert line.see(a_trade("2025-09-23", value_usd=3 * M)) == ["already fired"]
