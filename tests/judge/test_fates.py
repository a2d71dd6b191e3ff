"""What becomes of a match: quiet, a duplicate, in cooldown, fired already, armed again."""

from datetime import date

import pytest

from tests.builders import COUNTED, Line, a_rule, a_trade


def test_a_quiet_fact_moves_the_state_but_fires_nothing() -> None:
    line = Line(a_rule(fire="rise"))

    assert line.see(a_trade("2025-09-22"), quiet=True) == ["quiet"]
    assert line.see(a_trade("2025-09-23")) == ["already fired"]
    assert line.store.outbox.all() == []


def test_a_quiet_fact_counts_in_windows() -> None:
    line = Line(a_rule(f"{COUNTED}\nwhen: n >= 2"))

    line.see(a_trade("2025-09-22"), quiet=True)

    assert line.see(a_trade("2025-09-23")) == ["fired"]


def test_a_duplicate_neither_fires_nor_counts() -> None:
    line = Line(a_rule(f"{COUNTED}\nwhen: n >= 1"))

    fates = line.see(
        a_trade("2025-09-22", id="a"),
        a_trade("2025-09-23", id="b", duplicate_of="a"),
        a_trade("2025-09-24", id="c"),
    )

    assert fates == ["fired", "superseded", "fired"]
    assert line.values("n") == [1, 1, 2]
    assert line.store.decisions.all()[1]["reason"] == "counted once, as a"


def test_an_alert_held_back_says_since_when_and_until_when() -> None:
    line = Line(a_rule(id="risen", fire="rise"), a_rule(id="cooled", cooldown="2d"))

    line.see(a_trade("2025-09-23"), a_trade("2025-09-24"))

    reasons = {each["rule"]: each["reason"] for each in line.store.decisions.all()[2:]}
    assert reasons == {
        "risen": "since 2025-09-23T16:00:00.000Z",
        "cooled": "until 2025-09-25T16:00:00.000Z",
    }


@pytest.mark.parametrize(("at", "fate"), [("2025-09-29 11:59:59 ET", "in cooldown"),
                                          ("2025-09-30", "fired")])  # fmt: skip
def test_a_cooldown_holds_for_its_key_up_to_its_end(at: str, fate: str) -> None:
    line = Line(a_rule(cooldown="7d"))

    assert line.see(a_trade("2025-09-23"), a_trade("2025-09-24", ticker="KLG")) == ["fired"] * 2
    assert line.see(a_trade(at)) == [fate]


@pytest.mark.parametrize(
    ("over", "next_at", "fate"),
    [
        ("10d", "2025-10-02 23:59 ET", "already fired"),
        ("10d", "2025-10-03 12:00:01 ET", "fired"),
        ("ytd", "2025-12-31", "already fired"),
        ("ytd", "2026-01-02", "fired"),
    ],
)
def test_a_key_is_armed_again_when_its_windows_have_emptied_even_with_clear(
    over: str, next_at: str, fate: str
) -> None:
    text = f"let: {{n: {{count: events, over: {over}}}}}\nwhen: n >= 1\nclear: n < 0"
    line = Line(a_rule(text, fire="rise"))

    line.see(a_trade("2025-09-23"))

    assert line.see(a_trade(next_at)) == [fate]


def test_the_longest_window_decides_whether_all_have_emptied() -> None:
    text = "let: {n: {count: events, over: 10d}, m: {count: events, over: 90d}}\nwhen: n + m >= 1"
    line = Line(a_rule(text, fire="rise"))

    line.see(a_trade("2025-06-01"))

    assert line.see(a_trade("2025-08-01")) == ["already fired"]
    assert line.see(a_trade("2025-12-01")) == ["fired"]


def test_max_age_is_no_window() -> None:
    text = "let: {v: {last: value_usd, max_age: 5d}}\nwhen: v >= $1M"
    line = Line(a_rule(text, fire="rise"))

    line.see(a_trade("2025-01-02"))

    assert line.see(a_trade("2025-09-23")) == ["already fired"]


@pytest.mark.parametrize(
    ("first", "next_at", "traded", "fate"),
    [  # a trade that is filed late stands in the window of days though months have passed
        ("2025-08-30", "2025-12-20", "2025-09-01", "already fired"),
        ("2025-08-30", "2025-12-20", "2025-09-08", "already fired"),
        ("2025-08-30", "2025-12-20", "2025-09-09", "fired"),
        ("2025-07-01", "2025-09-04", "2025-07-20", "fired"),  # and the other way round
        ("2025-07-01", "2025-09-04", None, "unknown"),
    ],
)
def test_a_window_of_days_has_emptied_by_days_of_trade_and_not_by_when_they_were_filed(
    first: str, next_at: str, traded: str | None, fate: str
) -> None:
    text = "let: {n: {count: events, over: 10d, time: traded_on}}\nwhen: n >= 1\nclear: n < 0"
    line = Line(a_rule(text, fire="rise"))
    line.see(a_trade("2025-09-03", traded_on=date.fromisoformat(first)))

    fates = line.see(a_trade(next_at, traded_on=date.fromisoformat(traded) if traded else None))

    assert fates == [fate]


def test_windows_of_days_and_of_instants_must_both_have_emptied() -> None:
    text = (
        "let: {n: {count: events, over: 10d, time: traded_on}, m: {count: events, over: 30d}}\n"
        "when: n + m >= 1\nclear: n < 0"
    )
    line = Line(a_rule(text, fire="rise"))
    line.see(a_trade("2025-09-03", traded_on=date(2025, 9, 1)))

    assert line.see(a_trade("2025-09-20", traded_on=date(2025, 9, 18))) == ["already fired"]
    assert line.see(a_trade("2025-11-20", traded_on=date(2025, 9, 20))) == ["already fired"]
    assert line.see(a_trade("2025-12-24", traded_on=date(2025, 12, 20))) == ["fired"]


def test_the_last_day_of_trade_decides_whatever_the_order_of_filing() -> None:
    text = "let: {n: {count: events, over: 10d, time: traded_on}}\nwhen: n >= 1\nclear: n < 0"
    line = Line(a_rule(text, fire="rise"))
    line.see(a_trade("2025-09-03", traded_on=date(2025, 9, 1)))
    line.see(a_trade("2025-09-05", traded_on=date(2025, 8, 25)))

    assert line.see(a_trade("2025-09-12", traded_on=date(2025, 9, 8))) == ["already fired"]


def test_a_rule_over_days_that_joins_looks_at_keys_that_were_silent_for_long() -> None:
    line = Line()
    line.see(a_trade("2025-01-06", traded_on=date(2025, 1, 2)))
    line.see(a_trade("2025-09-23", ticker="OTHER", traded_on=date(2025, 9, 22)))

    rule = a_rule(
        "let: {n: {count: events, over: 10d, time: traded_on}}\nwhen: n >= 1", fire="rise"
    )
    judge = line.reload(rule)

    assert [each.matching for each in judge.joined] == [2]
    assert line.see(a_trade("2025-09-24", traded_on=date(2025, 1, 3))) == ["already fired"]
