"""Rules and measures over facts of several kinds."""

from dataclasses import replace
from typing import Any

from bot.facts import INSIDER_TRADE, Fact, Field, Kind, Type
from bot.rules.model import Measure, Rule
from bot.rules.spans import read_span
from tests.builders import Line, a_rule, a_trade, instant


def test_one_message_tells_of_the_facts_of_several_kinds_in_one_document() -> None:
    rule = replace(a_rule(when="ticker is known"), on=(INSIDER_TRADE, READING))
    line = Line(rule, kinds=(INSIDER_TRADE, READING))

    line.see(a_trade(id="1"), a_reading("2025-09-23", 1.0), document=1)

    assert [m.text for m in line.store.outbox.all()] == ["OKLO"]


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
