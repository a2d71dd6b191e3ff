"""The engine over a real store: one decision of the design a test, and its laws as properties."""

import gc
import json
import sqlite3
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clock import from_ms, to_ms
from bot.facts import INSIDER_TRADE, Fact, Field, Kind, Type
from bot.judge import Judge
from bot.routes import Alerting, Destination, everything_to
from bot.rules.fire import Fate
from bot.rules.lookback import measure_statement
from bot.rules.model import Measure, Rule
from bot.rules.spans import read_span
from bot.store import Arrival
from bot.store.query import Query
from tests.builders import NOW, Line, a_rule, a_trade, instant, ms, rules_of

M = 100_000_000  # cents in a million dollars
COUNTED = "let: {n: {count: events, over: 10d}}"


# What a fact sees.


def test_the_rows_of_one_filing_see_those_before_them_and_not_those_after() -> None:
    line = Line(a_rule("let: {sold: {sum: value_usd, over: 10d}}\nwhen: sold > $0"))

    line.see(a_trade(id="f:1", value_usd=1 * M), a_trade(id="f:2", value_usd=2 * M), document=1)

    assert line.values("sold") == [1 * M, 3 * M]


def test_before_event_leaves_the_fact_itself_out_but_not_the_row_before_it() -> None:
    line = Line(
        a_rule("let: {n: {count: events, over: 10d, before: event}}\nwhen: n >= 0"),
    )

    line.see(a_trade(id="f:1"), a_trade(id="f:2"), document=1)

    assert line.values("n") == [0, 1]


def test_a_fact_that_is_stored_earlier_but_known_later_is_not_seen() -> None:
    line = Line(a_rule(f"{COUNTED}\nwhen: n >= 1"))

    line.see(a_trade("2025-09-23", subject="one"))
    line.see(a_trade("2025-09-22", subject="other"))  # of the same ticker

    assert line.values("n") == [1, 1]


def test_facts_judged_in_one_batch_do_not_see_those_stored_after_them() -> None:
    line = Line(a_rule(f"{COUNTED}\nwhen: n >= 1"))

    line.see(*(a_trade(f"2025-09-{day}") for day in (22, 23, 24)))

    assert line.values("n") == [1, 2, 3]


def test_a_late_fact_is_judged_at_the_newest_instant_and_counts_what_is_known_by_then() -> None:
    line = Line(a_rule(f"{COUNTED}\nwhen: n >= 1"))

    line.see(a_trade("2025-09-23", id="b"))
    line.see(a_trade("2025-09-20", id="a"))

    late = line.store.decisions.all()[-1]
    assert (late["at"], late["fate"]) == (ms("2025-09-23"), "fired")
    assert line.values("n") == [1, 2]


def test_a_late_fact_outside_the_window_of_its_judgement_does_not_count_itself() -> None:
    line = Line(a_rule(f"{COUNTED}\nwhen: n >= 1"))

    line.see(a_trade("2025-09-23", id="b"))
    line.see(a_trade("2025-09-01", id="a"))

    assert line.values("n") == [1, 1]


# Windows.


@pytest.mark.parametrize(
    ("over", "earlier", "counted"),
    [
        ("10d", "2025-09-13", 1),  # exactly ten days ago
        ("10d", "2025-09-13 12:00:01 ET", 2),
        ("1mo", "2025-08-23", 1),
        ("1mo", "2025-08-23 12:00:01 ET", 2),
        ("2 sessions", "2025-09-22 00:00 ET", 2),
        ("2 sessions", "2025-09-21 23:59 ET", 1),
        ("ytd", "2025-01-01 00:00 ET", 2),
        ("ytd", "2024-12-31 23:59 ET", 1),
        ("qtd", "2025-07-01 00:00 ET", 2),
        ("mtd", "2025-08-31 23:59 ET", 1),
    ],
)
def test_a_window_begins_where_the_design_says(over: str, earlier: str, counted: int) -> None:
    line = Line(a_rule(f"let: {{n: {{count: events, over: {over}}}}}\nwhen: n >= 1"))

    line.see(a_trade(earlier), a_trade("2025-09-23"))

    assert line.values("n")[-1] == counted


@pytest.mark.parametrize(("at", "found"), [("2025-09-28", 7), ("2025-09-28 12:00:01 ET", None)])
def test_max_age_includes_its_edge(at: str, found: int | None) -> None:
    line = Line(a_rule("let: {v: {last: value_usd, max_age: 5d, before: event}}\nwhen: v is known"))

    line.see(a_trade("2025-09-23", value_usd=7), a_trade(at))

    assert line.values("v")[-1] == found


# Measures.


def test_without_a_known_value_count_and_distinct_are_0_and_a_sum_is_unknown() -> None:
    line = Line(
        a_rule(
            "let:\n"
            "  n: {count: events, over: 9d, before: event}\n"
            "  people: {distinct: person_key, over: 9d}\n"
            "  sold: {sum: value_usd, over: 9d}\n"
            "  v: {last: value_usd}\n"
            "when: n >= 0 or people >= 0 or sold > $0 or v > $0"
        )
    )

    line.see(a_trade(person_key=None, value_usd=None))

    measures = line.store.decisions.all()[0]["measures"]
    assert json.loads(measures) == {"n": 0, "people": 0, "sold": None, "v": None}


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.lists(st.none() | st.integers(-(2**62), 2**62) | st.integers(-9, 9), max_size=6))
def test_a_sum_of_money_is_exact_to_the_cent(cents: list[int | None]) -> None:
    line = Line(a_rule("let: {sold: {sum: value_usd, over: 10d}}\nwhen: sold is known"))
    line.see(*(a_trade(id=str(n), value_usd=value) for n, value in enumerate(cents)))

    for n, told in enumerate(line.values("sold"), start=1):
        known = [value for value in cents[:n] if value is not None]
        if known and abs(sum(known)) < 2**62:
            assert (told, type(told)) == (sum(known), int)
        else:
            assert told == (pytest.approx(sum(known), rel=1e-9) if known else None)
    line.store.close()


def test_a_sum_beyond_64_bits_neither_fails_nor_stops_the_other_rules() -> None:
    line = Line(
        a_rule("let: {sold: {sum: value_usd, over: 10d}}\nwhen: sold >= $1M"), a_rule(id="plain")
    )

    fates = line.see(*(a_trade(id=str(n), value_usd=2**63 - 1) for n in range(3)))

    assert fates == ["fired"] * 6


def test_distinct_counts_known_values_once_each() -> None:
    line = Line(a_rule("let: {n: {distinct: person_key, over: 9d}}\nwhen: n >= 1"))

    line.see(*(a_trade(id=str(n), person_key=key) for n, key in enumerate(["1", None, "2", "1"])))

    assert line.values("n") == [1, 1, 2, 2]


def test_last_takes_the_newest_known_value_and_of_one_instant_the_one_stored_last() -> None:
    line = Line(a_rule("let: {v: {last: value_usd}}\nwhen: v >= $0"))

    line.see(
        a_trade("2025-09-22", value_usd=1),
        a_trade("2025-09-23", id="a", value_usd=2),
        a_trade("2025-09-23", id="b", value_usd=3),
        a_trade("2025-09-24", value_usd=None),
    )

    assert line.values("v") == [1, 2, 3, 3]


def test_on_the_rules_own_kind_a_measure_counts_what_passes_both_wheres() -> None:
    text = "where: value_usd >= $1M\nlet: {n: {count: events, over: 9d, where: role == ceo}}"
    line = Line(a_rule(f"{text}\nwhen: n >= 0"))

    line.see(
        a_trade(id="a", role="ceo"),
        a_trade(id="b", role="ceo", value_usd=1),
        a_trade(id="c", role="cfo"),
        a_trade(id="d", role=None),
    )

    assert line.values("n") == [1, 1, 1]


def test_with_of_a_measure_counts_what_passes_its_own_where_only() -> None:
    text = "where: value_usd >= $1M\nlet: {n: {count: events, of: insider_trade, over: 9d}}"
    line = Line(a_rule(f"{text}\nwhen: n >= 0"))

    line.see(a_trade(id="a", value_usd=1), a_trade(id="b"))

    assert line.values("n") == [2]


def test_by_all_looks_at_every_subject_and_has_one_state() -> None:
    line = Line(a_rule(f"{COUNTED}\nwhen: n >= 2", by="all", fire="rise"))

    fates = line.see(*(a_trade(ticker=ticker, id=ticker) for ticker in ("A", "B", "C")))

    assert line.values("n") == [1, 2, 3]
    assert fates == ["no", "fired", "already fired"]


def test_a_measure_may_go_by_another_field_than_its_rule() -> None:
    text = "let: {n: {count: events, over: 9d, by: person_key}}\nwhen: n >= 0"
    line = Line(a_rule(text))

    line.see(
        a_trade(id="a", ticker="A", person_key="1"),
        a_trade(id="b", ticker="B", person_key="1"),
        a_trade(id="c", ticker="B", person_key=None),
    )

    assert line.values("n") == [1, 2, None]


def test_several_fields_make_one_key() -> None:
    line = Line(a_rule(f"{COUNTED}\nwhen: n >= 2", by="[ticker, person_key]"))

    fates = line.see(
        a_trade(id="a", person_key="1"), a_trade(id="b", person_key="2"),
        a_trade(id="c", person_key="1"))  # fmt: skip

    assert fates == ["no", "no", "fired"]
    assert line.store.decisions.all()[-1]["key"] == "OKLO/1"


def test_keys_of_fields_that_hold_the_separator_stay_apart() -> None:
    line = Line(a_rule(by="[ticker, person_key]"))

    line.see(a_trade(id="a", ticker="A/B", person_key="C"), a_trade(id="b", ticker="A",
                                                                    person_key="B/C"))  # fmt: skip

    assert len({each["key"] for each in line.store.decisions.all()}) == 2


def test_a_fact_whose_key_is_unknown_is_not_judged() -> None:
    line = Line(a_rule())

    assert line.see(a_trade(ticker=None)) == []


def test_a_fact_that_does_not_pass_where_is_not_judged() -> None:
    line = Line(a_rule("where: side == buy"))

    assert line.see(a_trade(side="sell"), a_trade(side=None)) == []


# Truth.


def test_unknown_does_not_fire_and_tells_which_clause() -> None:
    line = Line(a_rule("when: value_usd >= $1M and not planned"))

    assert line.see(a_trade(planned=None)) == ["unknown"]
    assert json.loads(line.store.decisions.all()[0]["proof"]) == [
        ["value_usd >= $1M", 1, {"value_usd": M}],
        ["not planned", None, {"planned": None}],
    ]


def test_each_decision_is_kept_with_its_measures_and_proof() -> None:
    line = Line(a_rule("let: {sold: {sum: value_usd, over: 9d}}\nwhen: sold >= $2M"))

    line.see(a_trade())

    (told,) = line.store.decisions.all()
    assert (told["fate"], told["measures"], told["message"]) == ("no", f'{{"sold":{M}}}', None)
    assert json.loads(told["proof"]) == [["sold >= $2M", 0, {"sold": M}]]


# Fates.


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


# Rules that fail or are slow.


def impatient(line: Line, *rules: Rule, patience: timedelta = timedelta(0)) -> None:
    """Let measures take no longer than SQLite needs for its first 10,000 steps."""
    line.judge = Judge(
        line.store, rules, clock=lambda: NOW, route=everything_to("#a"), ops_channel="#ops",
        patience=patience,
    )  # fmt: skip


SLOW = a_rule("let: {n: {distinct: value_usd, over: 9y, by: all}}\nwhen: n >= 1", id="slow")


def test_a_rule_that_is_too_slow_fails_and_stops_no_other() -> None:
    line = Line()
    line.add(*(a_trade("2025-09-01", id=f"old-{n}", ticker="BUSY") for n in range(3_000)))
    line.run()
    impatient(line, SLOW, a_rule(id="fast"))

    line.see(*(a_trade("2025-09-23", id=f"new-{n}") for n in range(5)))

    assert [d["rule"] for d in line.store.decisions.all()] == ["fast"] * 5
    (failing,) = line.store.circumstances.failing()
    assert (failing.rule, failing.times, failing.failing) == ("slow", 5, True)
    told = [message.text for message in line.store.outbox.all() if message.channel == "#ops"]
    assert told == ["The rule slow fails: TimeoutError: a measure took longer than 0 s"]

    impatient(line, SLOW, a_rule(id="fast"), patience=timedelta(minutes=5))
    line.see(a_trade("2025-09-24", id="later"))

    assert line.store.decisions.all()[-2]["rule"] == "slow"
    assert not line.store.circumstances.failing()[0].failing


def test_a_day_of_trade_before_every_calendar_stops_no_other_rule() -> None:
    text = "let: {n: {count: events, over: 60y, time: traded_on}}\nwhen: n >= 1"
    line = Line(a_rule(text, id="odd", fire="rise"), a_rule(id="good"))

    line.see(a_trade("2025-09-23", traded_on=date(14, 5, 5)))
    line.see(a_trade("2025-09-24", traded_on=date(2025, 9, 22)))

    assert [(d["rule"], d["fate"]) for d in line.store.decisions.all()] == [
        ("good", "fired"), ("odd", "fired"), ("good", "fired")]  # fmt: skip
    assert [each.rule for each in line.store.circumstances.failing()] == ["odd"]


def test_an_alert_whose_message_can_not_be_made_is_decided_and_told_to_the_operators() -> None:
    line = Line()

    def route(alert: Alerting) -> tuple[Destination, ...]:
        return {"good": (Destination(channel="#a"),)}[alert.rule.id]

    line.judge = Judge(
        line.store, [a_rule(id="lost"), a_rule(id="good")],
        clock=lambda: NOW, route=route, ops_channel="#ops",
    )  # fmt: skip

    line.see(a_trade())

    assert [(d["rule"], d["fate"]) for d in line.store.decisions.all()] == [
        ("lost", "fired"), ("good", "fired")]  # fmt: skip
    assert [m.channel for m in line.store.outbox.all()] == ["#a", "#ops"]
    assert [each.failing for each in line.store.circumstances.failing()] == [True]


def test_an_alert_whose_card_can_not_be_built_goes_out_as_a_plain_card() -> None:
    line = Line(a_rule(message="'{ticker} sells'"))

    line.see(a_trade(accession_number="0001-25-000001", issuer_cik="no number"), document=1)

    (decision,), (message,) = line.store.decisions.all(), line.store.outbox.all()
    assert (decision["fate"], decision["message_id"]) == ("fired", message.message_id)
    assert message.text == "OKLO sells"
    assert "value_usd >= $1M" in message.card
    assert "invalid literal for int" in line.store.circumstances.failing()[0].error


def test_an_alert_on_a_filing_whose_issuer_is_not_known_has_a_card_without_an_address() -> None:
    line = Line(a_rule())

    line.see(a_trade(accession_number="0001-25-000001", issuer_cik=None, form="4"), document=1)

    (message,) = line.store.outbox.all()
    assert '"source":"Form 4 0001-25-000001","url":null' in message.card
    assert not line.store.circumstances.failing()


def test_a_store_that_can_not_keep_a_message_is_no_failure_of_the_rule() -> None:
    line = Line(a_rule(fire="every"))
    line.see(a_trade("2025-09-23", id="first"), document=1)
    line.store._connections.connection.execute(
        "CREATE TRIGGER full BEFORE UPDATE ON outbox BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    )

    with pytest.raises(sqlite3.IntegrityError, match="disk full"):
        line.see(a_trade("2025-09-23", id="second"), document=1)

    assert [d["fact_id"] for d in line.store.decisions.all()] == ["first"]
    assert not line.store.circumstances.failing()


# The cost of a batch.


def test_measures_that_differ_in_their_window_alone_are_one_statement() -> None:
    long, short, other = (
        a_rule(f"let: {{n: {{{measure}}}}}\nwhen: n >= 1").measures[0]
        for measure in (
            "sum: value_usd, over: 90d",
            "sum: value_usd, over: ytd, ending: 3d",
            "avg: value_usd, over: 90d",
        )
    )

    assert measure_statement(long) is measure_statement(short)
    assert measure_statement(long) != measure_statement(other)


def test_the_collection_of_garbage_goes_on_after_a_batch() -> None:
    assert gc.isenabled()

    Line(a_rule()).see(a_trade())

    assert gc.isenabled()


# Messages.


def test_matches_of_one_rule_key_and_document_share_one_message() -> None:
    line = Line(a_rule(message='"{value_usd}"'))

    line.see(a_trade(id="1", value_usd=2 * M), a_trade(id="2", value_usd=3 * M), document=1)
    line.see(a_trade(id="3", value_usd=4 * M), document=2)

    assert [m.text for m in line.store.outbox.all()] == ["$2M; $3M", "$4M"]
    assert [d["message_id"] for d in line.store.decisions.all()] == [1, 1, 3]


def test_a_message_that_waits_takes_in_a_match_of_a_later_batch() -> None:
    line = Line(a_rule(message='"{value_usd}"'))

    line.see(a_trade(id="1", value_usd=2 * M), document=1)
    line.see(a_trade(id="2", value_usd=3 * M), document=1)

    assert [m.text for m in line.store.outbox.all()] == ["$2M; $3M"]
    assert [d["message_id"] for d in line.store.decisions.all()] == [1, 1]


@pytest.mark.parametrize("state", ["sent", "sending", "uncertain", "dead"])
def test_a_match_that_comes_after_the_message_of_its_document_was_sent_has_one_of_its_own(
    state: str,
) -> None:
    line = Line(a_rule(message='"{value_usd}"'))
    line.see(a_trade(id="1", value_usd=2 * M), document=1)
    line.store._connections.connection.execute("UPDATE outbox SET state = ?", (state,))

    line.see(a_trade(id="2", value_usd=3 * M), document=1)
    line.see(a_trade(id="3", value_usd=4 * M), document=1)

    assert [m.text for m in line.store.outbox.all()] == ["$2M", "$3M; $4M"]
    assert [d["message_id"] for d in line.store.decisions.all()] == [1, 2, 2]


def test_the_history_tells_of_a_match_where_its_own_message_stands() -> None:
    line = Line(a_rule(message='"{value_usd}"'))
    line.see(a_trade(id="1", value_usd=2 * M), document=1)
    line.store._connections.connection.execute("UPDATE outbox SET state = 'sent'")

    line.see(a_trade(id="2", value_usd=3 * M), document=1)

    found = line.store.history.search(Query()).alerts
    assert [(each.message, each.status) for each in found] == [
        ("$3M", "pending"), ("$2M", "sent")]  # fmt: skip


def test_one_message_tells_of_the_facts_of_several_kinds_in_one_document() -> None:
    rule = replace(a_rule(when="ticker is known"), on=(INSIDER_TRADE, READING))
    line = Line(rule, kinds=(INSIDER_TRADE, READING))

    line.see(a_trade(id="1"), a_reading("2025-09-23", 1.0), document=1)

    assert [m.text for m in line.store.outbox.all()] == ["OKLO"]


def test_keys_and_rules_of_one_document_have_messages_of_their_own() -> None:
    line = Line(a_rule(id="one"), a_rule(id="two", to='"#b"'))

    line.see(a_trade(id="1", ticker="A"), a_trade(id="2", ticker="B"), document=1)

    assert [(m.text, m.channel) for m in line.store.outbox.all()] == [
        ("A", "#a"), ("A", "#b"), ("B", "#a"), ("B", "#b")]  # fmt: skip


def test_a_fact_without_a_document_has_a_message_of_its_own() -> None:
    line = Line(a_rule())

    line.see(a_trade(id="1"), a_trade(id="2"))

    assert len(line.store.outbox.all()) == 2


def test_a_disabled_rule_judges_nothing() -> None:
    line = Line(a_rule(enabled="no"))

    assert line.see(a_trade()) == []


# Rules that are new to a store.


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


# Several kinds.

READING = Kind(
    name="reading",
    doc="A kind for tests.",
    subject="ticker",
    fires="rise",
    fields=(Field(name="level", type=Type.NUMBER, doc="How high."),),
)


def a_reading(at: str, level: float | None, *, ticker: str = "OKLO") -> Fact:
    return Fact(kind=READING, id=f"{ticker}:{at}", subject=ticker, ticker=ticker,
                known_at=instant(at), values={"level": level})  # fmt: skip


def a_level(**changes: Any) -> Measure:
    measure = Measure(
        name="level",
        verb="last",
        field="level",
        of=READING,
        type=Type.NUMBER,
        scope=None,
        by=("ticker",),
        max_age=read_span("5d"),
    )
    return replace(measure, **changes)


def two_kinds(rule: Rule, *measures: Measure, on: tuple[Kind, ...] = (INSIDER_TRADE,)) -> Line:
    changed = replace(rule, on=on, measures=(*rule.measures, *measures))
    return Line(changed, kinds=(INSIDER_TRADE, READING))


def test_a_measure_of_another_kind_sees_what_was_stored_and_known_before() -> None:
    line = two_kinds(a_rule(), a_level())

    line.see(a_reading("2025-09-22", 1.5), a_trade("2025-09-22", id="a"))
    line.see(a_trade("2025-09-23", id="b"), a_reading("2025-09-24", 2.5))
    line.see(a_trade("2025-09-23", id="c", subject="another"), a_trade("2025-09-29", id="d"))
    line.see(a_trade("2025-09-29 12:00:01 ET", id="e", ticker="KLG"))

    assert line.values("level") == [1.5, 1.5, 1.5, 2.5, None]


def test_another_kind_can_be_measured_by_all() -> None:
    line = two_kinds(a_rule(), a_level(by=()))

    line.see(a_reading("2025-09-22", 1.5, ticker="SPY"), a_trade("2025-09-23"))

    assert line.values("level") == [1.5]


def test_a_rule_over_two_kinds_judges_the_facts_of_both_in_their_order() -> None:
    rule = a_rule(when="value_usd >= $1M", fire="rise")
    line = two_kinds(rule, a_level(), on=(INSIDER_TRADE, READING))

    line.see(a_trade("2025-09-22"), a_reading("2025-09-23", 1.0), a_trade("2025-09-24"))

    told = [(d["kind"], d["fate"]) for d in line.store.decisions.all()]
    assert told == [
        ("insider_trade", "fired"),
        ("reading", "unknown"),
        ("insider_trade", "already fired"),
    ]


def test_a_rule_over_two_kinds_joins_with_the_newest_fact_of_either() -> None:
    rule = replace(
        a_rule("where: ticker is known", when="value_usd >= $1M", fire="rise"),
        on=(INSIDER_TRADE, READING),
    )
    line = Line(kinds=(INSIDER_TRADE, READING))
    line.see(a_trade("2025-09-22"), a_trade("2025-09-22", ticker="B"), a_reading("2025-09-23", 1.0))

    assert [each.matching for each in line.reload(rule).joined] == [1]


def test_where_over_two_kinds_treats_a_field_of_one_as_unknown_in_the_other() -> None:
    rule = replace(a_rule("where: side == sell", fire="rise"), on=(READING, INSIDER_TRADE))
    line = Line(kinds=(INSIDER_TRADE, READING))
    line.see(a_reading("2025-09-22", 1.0))

    judge = line.reload(rule)

    assert [each.matching for each in judge.joined] == [0]
    assert line.see(a_reading("2025-09-23", 1.0)) == []


# Laws.

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
