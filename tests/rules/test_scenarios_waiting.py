"""The scenarios of history that is known, of waiting and of holding, by their numbers."""

from bot.judge import Judge
from bot.routes import everything_to
from tests.builders import Line, a_rule, a_trade, instant, ms
from tests.rules.timed import a_poll_rule, fates, polls, readings

# History.


def test_w8_a_count_below_a_line_is_blind_until_enough_is_known() -> None:
    rule = a_rule(
        "let: {n: {distinct: person_key, over: 10min}}\nwhen: n < 4\nneeds_history: 10min",
        fire="rise",
    )
    line = Line(rule)
    line.store.collection.cover("insider_trade", None, instant("2025-09-02 12:00 ET"))
    first = [a_trade("2025-09-02 12:00 ET", id=f"a{n}", person_key=str(n)) for n in range(2)]
    more = [a_trade("2025-09-02 12:05 ET", id=f"b{n}", person_key=str(2 + n)) for n in range(3)]

    told = line.see(*first, *more, a_trade("2025-09-02 12:15 ET", id="c", person_key="0"))

    assert told == ["blind"] * 5 + ["fired"]


def test_n2_a_rule_that_needs_two_years_is_blind_after_six_months() -> None:
    line = Line(a_rule("needs_history: 2y"))
    line.store.collection.cover("insider_trade", None, instant("2025-03-23"))

    assert line.see(a_trade("2025-09-23")) == ["blind"]
    assert line.store.decisions.all()[0]["reason"] == "needs 2y of insider_trade, has 6mo of it"


def test_a_back_fill_of_one_subject_opens_the_eyes_for_it_alone() -> None:
    line = Line(a_rule("needs_history: 2y"))
    line.store.collection.cover("insider_trade", "OKLO", instant("2020-01-01"))

    assert line.see(a_trade(id="a"), a_trade(id="b", ticker="KLG")) == ["fired", "blind"]


# Waiting and holding.


LEVEL = a_poll_rule("for: 1min\nhold: 1min", when="items > 50", fire="rise")


def test_p1_it_fires_when_it_has_held_and_stays_fired_for_a_while() -> None:
    told = fates(LEVEL, readings(75, 85, 70, 70, 10, 10, 75, until=6))

    expected = ["waiting", "fired", "already fired", "already fired", "no", "no", "waiting"]
    assert [fate for _, fate in told] == expected
    assert told[1][0] == "12:01:00"


def test_p1_a_match_within_hold_is_the_same_alert() -> None:
    given = (("12:00:00", "items: 75"), ("12:01:00", "items: 75"), ("12:02:00", "items: 10"),
             ("12:02:30", "items: 75"), ("12:04:00", "items: 75"))  # fmt: skip

    assert [f for _, f in fates(LEVEL, polls(*given))] == [
        "waiting", "fired", "no", "already fired", "already fired"]  # fmt: skip


def test_p2_what_ends_before_its_time_never_fires() -> None:
    assert [f for _, f in fates(LEVEL, readings(75, 10, until=9))] == ["waiting", "no"]


def test_a_condition_that_holds_fires_without_a_new_fact_at_the_computed_instant() -> None:
    assert fates(LEVEL, readings(75, until=5)) == [("12:00:00", "waiting"), ("12:01:00", "fired")]


def test_unknown_neither_ends_nor_delays_the_wait() -> None:
    given = (("12:00:00", "items: 75"), ("12:00:30", "ok: yes"))

    told = fates(LEVEL, polls(*given, more="\n  until: 2025-09-02 12:05:00 ET"))

    assert told[-1] == ("12:01:00", "fired")


def test_a_window_that_empties_before_its_time_ends_the_wait() -> None:
    line = Line(a_rule("let: {n: {count: events, over: 1d}}\nwhen: n >= 1\nfor: 2d", fire="rise"))
    line.add_at(a_trade("2025-09-02"))

    line.judge.tick(instant("2025-09-20"))

    assert [d["fate"] for d in line.store.decisions.all()] == ["waiting", "no"]


def test_p4_a_longer_wait_takes_a_fired_key_back_to_waiting() -> None:
    now = [instant("2025-09-02 12:00 ET")]
    line = Line()

    def judging(wait: str) -> Judge:
        rule = a_rule(f"for: {wait}", fire="rise")
        return Judge(line.store, [rule], clock=lambda: now[0], route=everything_to("#a"))

    judge = judging("15s")
    line.add_at(a_trade("2025-09-02 12:00 ET"))
    judge.tick(instant("2025-09-02 12:00:20 ET"))
    now[0] = instant("2025-09-02 12:00:30 ET")

    judge = judging("1h")
    judge.tick(instant("2025-09-02 12:00:31 ET"))
    between = [d["fate"] for d in line.store.decisions.all()]
    judge.tick(instant("2025-09-02 13:00:01 ET"))

    assert between == ["waiting", "fired"]
    alerts = line.store.decisions.all(fate="fired")
    assert [a["at"] for a in alerts] == [ms("2025-09-02 12:00:15 ET"), ms("2025-09-02 13:00 ET")]
