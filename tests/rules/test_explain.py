"""Explanations: clauses with their truth, the facts in a window, the state of a key."""

import json
from typing import Any

import pytest

from bot.rules.explain import clauses, counted, evidence, places, state_told, where_clauses
from bot.rules.fire import State
from bot.rules.prepared import prepare
from tests.builders import Line, a_rule, a_trade, ms

CLUSTER = a_rule(
    "let:\n"
    "  sellers: {distinct: person_key, over: 30d}\n"
    "  before: {sum: value_usd, over: 30d, before: event}\n"
    "  price: {last: price_usd}\n"
    "when: sellers >= 2 or price > $5",
    id="cluster",
    fire="rise",
    cooldown="7d",
)


def seqs_of(line: Line, name: str) -> list[int]:
    """The facts that the newest judged one found in the window of a measure."""
    decision = line.store.decisions.all()[-1]
    row = line.store.facts.by_seq(decision["kind"], decision["fact_seq"])
    question = counted(CLUSTER.by_name[name], row)
    assert question is not None
    statement, asked = question
    answer: Any = line.store.facts.measure(statement, [asked])[row["seq"]]
    return sorted(json.loads(answer))


def test_the_clauses_of_a_decision_carry_truth_and_values() -> None:
    line = Line(CLUSTER)
    line.see(a_trade("2025-09-01", person_key="1", price_usd=4.0))

    told = clauses(CLUSTER, line.store.decisions.all()[0]["proof"])

    assert [(each.text, each.truth, each.values) for each in told] == [
        ("sellers >= 2", "no", {"sellers": "1"}),
        ("price > $5", "no", {"price": "$4.00"}),
    ]


def test_a_value_that_is_unknown_makes_its_clause_unknown() -> None:
    line = Line(CLUSTER)
    line.see(a_trade("2025-09-01", person_key="1"))

    told = clauses(CLUSTER, line.store.decisions.all()[0]["proof"])

    assert str(told[1]) == "price > $5 (price unknown)"
    assert told[1].truth == "unknown"


def test_the_facts_of_a_measure_are_those_in_its_window() -> None:
    line = Line(CLUSTER)
    line.see(a_trade("2025-07-01", person_key="1"))
    line.see(a_trade("2025-09-01", person_key="2"), a_trade("2025-09-02", person_key="3"))

    assert seqs_of(line, "sellers") == [2, 3]
    assert seqs_of(line, "before") == [2]


def test_of_the_newest_value_only_the_fact_that_has_it_is_shown() -> None:
    rows: list[dict[str, Any]] = [
        {"price_usd": None, "seq": 3},
        {"price_usd": 4.0, "seq": 2},
        {"price_usd": 5, "seq": 1},
    ]

    found = {e.measure.name: e for e in evidence(CLUSTER, '{"price": 4.0}', {"price": rows})}

    assert [row["seq"] for row in found["price"].facts] == [2]
    assert found["price"].shown == "$4.00"
    assert found["sellers"].shown == "unknown"
    assert found["sellers"].what == "distinct of person_key over 30d"


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (State(), "armed"),
        (State(risen_at=ms("2025-09-01")), "fired since 2025-09-01T16:00:00.000Z"),
        (State(alerted_at=ms("2025-09-01")), "cooling until 2025-09-08T16:00:00.000Z"),
        (State(alerted_at=ms("2025-08-01")), "armed"),
        (
            State(risen_at=ms("2025-09-01"), alerted_at=ms("2025-09-01")),
            "fired since 2025-09-01T16:00:00.000Z, cooling until 2025-09-08T16:00:00.000Z",
        ),
    ],
)
def test_a_key_is_armed_fired_or_cooling(state: State, told: str) -> None:
    (prepared,) = prepare([CLUSTER])

    assert state_told(CLUSTER, prepared.firing, state, at=ms("2025-09-02")) == told


def test_where_is_told_clause_by_clause_for_a_fact_that_is_not_judged() -> None:
    rule = a_rule(where="side == buy and class == open_market and planned")
    line = Line(rule)
    line.see(a_trade("2025-09-01"))
    (row,) = line.store.facts.select(rule.on[0])

    assert [(each.text, each.truth) for each in where_clauses(rule, row)] == [
        ("side == buy", "no"),
        ("class == open_market", "yes"),
        ("planned", "unknown"),
    ]


def test_the_rows_of_a_document_are_named_by_table() -> None:
    rows = [{"table": "non_derivative", "line": 1}, {"table": "non_derivative", "line": 3}]

    assert places({"rows": json.dumps(rows)}) == ["non_derivative 1, 3"]
    assert places({"rows": None}) == []
