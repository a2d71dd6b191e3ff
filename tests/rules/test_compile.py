"""Measures as SQL: built as trees, answered from an index, never from text put together."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlglot import exp, parse_one

from bot.facts import INSIDER_TRADE
from bot.rules import expressions as ex
from bot.rules.compile import condition, newest_statement
from bot.rules.evaluate import evaluator
from bot.rules.lookback import measure_statement
from bot.rules.prepared import prepare
from tests.builders import Line, a_rule, a_trade, rules_of

MEASURES = {
    "sum": "{sum: value_usd, over: 90d, where: role == ceo}",
    "count": "{count: events, over: 20 sessions}",
    "distinct": "{distinct: person_key, over: ytd}",
    "last": "{last: value_usd, max_age: 90d}",
    "last before": "{last: value_usd, max_age: 90d, before: event}",
    "average": "{avg: value_usd, over: 90d, before: event, min_points: 3}",
    "greatest earlier": "{max: value_usd, over: 90d, ending: 10d}",
    "share": "{share: value_usd, over: 90d, where: planned}",
    "score": "{zscore: value_usd, over: 90d, where: role == ceo}",
    "by all": "{count: events, over: 10d, by: all}",
    "by two": "{sum: value_usd, over: 10d, by: [ticker, person_key]}",
}


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
def test_a_measure_is_answered_from_a_covering_index_within_its_key_and_window(
    measure: str, tmp_path: Path
) -> None:
    rule = a_rule(f"where: side == sell\nlet: {{m: {measure}}}\nwhen: m > 0")
    line = Line(rule, path=tmp_path / "bot.db")
    line.store.close()

    with closing(sqlite3.connect(tmp_path / "bot.db")) as connection:
        plan = connection.execute(
            f"EXPLAIN QUERY PLAN {measure_statement(rule.measures[0])}", ("[]",)
        ).fetchall()
    (search,) = [row[3] for row in plan if row[3].startswith("SEARCH f")]
    assert "USING COVERING INDEX measured_insider_trade_" in search
    assert "known_at>? AND known_at<?" in search
    assert all(f"{name}=?" in search for name in rule.measures[0].by)


@pytest.mark.parametrize(
    ("measure", "bounds"),
    [
        ("{change: value_usd, over: 90d}", ["known_at>? AND known_at<?", "known_at<?"]),
        ("{sum: value_usd, over: 90d, time: traded_on}", ["traded_on>? AND traded_on<?"]),
    ],
)
def test_days_of_trade_and_values_before_the_window_have_a_covering_index_too(
    measure: str, bounds: list[str], tmp_path: Path
) -> None:
    rule = a_rule(f"where: side == sell\nlet: {{m: {measure}}}\nwhen: m > 0")
    Line(rule, path=tmp_path / "bot.db").store.close()

    with closing(sqlite3.connect(tmp_path / "bot.db")) as connection:
        plan = connection.execute(
            f"EXPLAIN QUERY PLAN {measure_statement(rule.measures[0])}", ("[]",)
        ).fetchall()
    searches = [row[3] for row in plan if row[3].startswith("SEARCH f")]
    assert len(searches) == len(bounds)
    for search, bound in zip(searches, bounds, strict=True):
        assert "USING COVERING INDEX measured_insider_trade_ticker" in search
        assert f"(ticker=? AND {bound})" in search


def test_the_alerts_of_a_rule_are_found_through_an_index(tmp_path: Path) -> None:
    rule = rules_of(
        "rules:\n- {id: a, on: insider_trade, when: shares > 1, message: x}\n"
        "- {id: b, on: insider_trade, let: {n: {seen: a, over: 9d}}, when: n > 1, message: x}\n"
    )[1]
    Line(path=tmp_path / "bot.db").store.close()

    with closing(sqlite3.connect(tmp_path / "bot.db")) as connection:
        statement = measure_statement(rule.measures[0])
        plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}", ("[]",)).fetchall()
    assert any(row[3].startswith("SEARCH f USING INDEX") for row in plan)


def test_the_facts_asked_for_are_made_once_and_not_for_each_use() -> None:
    rule = a_rule("let: {m: {count: events, over: 9d}}\nwhen: m > 0")

    assert "AS MATERIALIZED" in measure_statement(rule.measures[0])


def test_equal_measures_of_different_rules_share_one_question() -> None:
    text = "let: {{{name}: {{count: events, over: {over}}}}}\nwhen: {name} > 0"
    one, other, longer = prepare(
        [
            a_rule(text.format(name="a", over="9d"), id="one"),
            a_rule(text.format(name="b", over="9d"), id="other"),
            a_rule(text.format(name="a", over="8d"), id="longer"),
        ]
    )

    assert one.questions == other.questions
    assert one.questions != longer.questions


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE t; --", 'a"b', "100%", "é 漢 😀", "\\", "?1 :x @y", "{braces}"]
)
def test_text_of_a_rule_stays_a_value_whatever_it_holds(text: str) -> None:
    clause = ex.Comparison(
        comparator=ex.Comparator.EQUAL,
        left=ex.FieldRef(name="owner_name", type=INSIDER_TRADE.by_name["owner_name"].type),
        right=ex.Literal(value=text, type=INSIDER_TRADE.by_name["owner_name"].type),
    )
    sql = condition(clause).sql(dialect="sqlite")

    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE t (owner_name TEXT)")
        connection.execute("INSERT INTO t VALUES (?)", (text,))
        assert connection.execute(f"SELECT {sql} FROM t AS f").fetchone() == (1,)
    assert evaluator(clause)({"owner_name": text}) == 1


@pytest.mark.parametrize("literal", [-5, -0.25, 0, 10**15, 1e-7, 1e22])
def test_numbers_are_written_so_that_they_come_back_unchanged(literal: float) -> None:
    sql = condition(ex.Literal(value=literal, type=INSIDER_TRADE.by_name["shares"].type))

    with closing(sqlite3.connect(":memory:")) as connection:
        assert connection.execute(f"SELECT {sql.sql(dialect='sqlite')}").fetchone() == (literal,)


def test_a_measure_can_not_look_at_another_measure() -> None:
    with pytest.raises(ValueError, match="can not look at the measure sold"):
        condition(ex.MeasureRef(name="sold", type=INSIDER_TRADE.by_name["value_usd"].type))


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
def test_the_sql_reads_back_as_the_same_sql(measure: str) -> None:
    rule = a_rule(f"where: side == sell or not planned\nlet: {{m: {measure}}}\nwhen: m > 0")
    statement = measure_statement(rule.measures[0])

    assert isinstance(parse_one(statement, dialect="sqlite"), exp.Select)
    assert parse_one(statement, dialect="sqlite").sql(dialect="sqlite") == statement


def test_the_newest_fact_of_each_key_passes_where_and_is_not_superseded() -> None:
    line = Line()
    line.add(
        a_trade("2025-09-20", id="1"),
        a_trade("2025-09-21", id="2"),
        a_trade("2025-09-22", id="3", side="buy"),
        a_trade("2025-09-23", id="4", duplicate_of="1"),
        a_trade("2025-09-21", id="5", ticker="B"),
        a_trade("2025-09-21", id="6", ticker=None),
        a_trade("2025-09-25", id="7"),
    )
    where = a_rule("where: side == sell").where

    def newest(*by: str, since: int = 1, until: int = 6) -> list[str]:
        statement = newest_statement(INSIDER_TRADE, by, where)
        rows = line.store.facts.newest_of_each(INSIDER_TRADE, statement, since=since, until=until)
        return [row["id"] for row in rows]

    assert newest("ticker") == ["2", "5"]
    assert newest("ticker", until=7) == ["5", "7"]
    assert newest("ticker", since=7, until=7) == ["7"]
    assert newest("ticker", since=6) == []
    assert newest(since=6) == []
    assert newest(until=7) == ["7"]
