"""Rules that fail or are slow, and what a batch costs."""

import gc
import sqlite3
from datetime import date, timedelta

import pytest

from bot.judge import Judge
from bot.routes import Alerting, Destination, everything_to
from bot.rules.lookback import measure_statement
from bot.rules.model import Rule
from tests.builders import NOW, Line, a_rule, a_trade

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
