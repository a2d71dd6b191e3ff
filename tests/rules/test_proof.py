"""Why: every clause of a condition with its truth and the values it looked at."""

import json
from typing import Any

import pytest

from bot.facts import INSIDER_TRADE
from bot.rules.evaluate import measure_key
from bot.rules.proof import measures_text, needless, prover, read_proof
from tests.builders import a_rule

LET = "let: {sold: {sum: value_usd, over: 90d}, n: {count: events, over: 90d}}"
NOTHING: dict[str, Any] = dict.fromkeys(INSIDER_TRADE.by_name)


def proof(when: str, **row: Any) -> list[Any]:
    rule = a_rule(f"{LET}\nwhen: {when}")
    values = {measure_key(name): row.pop(name, None) for name in ("sold", "n")}
    return read_proof(prover(rule.when)(NOTHING | row | values))


def test_each_clause_stands_as_it_was_written_with_its_truth_and_values() -> None:
    told = proof("sold >= $5M and n >= 2 and role == ceo", sold=940_000_000, n=1)

    assert told == [
        ("sold >= $5M", 1, {"sold": 940_000_000}),
        ("n >= 2", 0, {"n": 1}),
        ("role == ceo", None, {"role": None}),
    ]


def test_a_clause_after_the_decisive_one_is_told_too() -> None:
    assert [truth for _, truth, _ in proof("n >= 2 and n >= 1", n=1)] == [0, 1]
    assert [truth for _, truth, _ in proof("n >= 1 or n >= 2", n=1)] == [1, 0]


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("'not planned'", [("not planned", 1, {"planned": 0})]),
        ("planned is unknown", [("planned is unknown", 0, {"planned": 0})]),
        ("planned is known", [("planned is known", 1, {"planned": 0})]),
        ("role in (ceo, cfo)", [("role in (ceo, cfo)", 1, {"role": "ceo"})]),
        ('code contains "S"', [('code contains "S"', None, {"code": None})]),
        ("value_usd / shares > 2",
         [("value_usd / shares > 2", None, {"value_usd": 7, "shares": None})]),
        ("shares > shares_after",
         [("shares > shares_after", None, {"shares": None, "shares_after": None})]),
    ],
)  # fmt: skip
def test_every_sort_of_clause_is_told(when: str, told: list[Any]) -> None:
    written = when.strip("'") if when.startswith("'") else when
    assert proof(written, planned=0, role="ceo", value_usd=7) == told


def test_brackets_and_negated_brackets_are_told_clause_by_clause() -> None:
    told = proof("not (n >= 2 and role == ceo) or (n >= 1 and sold >= $1)", n=1, role="ceo")

    assert [(text, truth) for text, truth, _ in told] == [
        ("not n >= 2", 1),
        ("not role == ceo", 0),
        ("n >= 1", 1),
        ("sold >= $1", None),
    ]


def test_a_condition_that_is_negated_twice_is_told_as_it_is() -> None:
    told = proof("not (not (role == ceo))", role="ceo")

    assert [(text, truth) for text, truth, _ in told] == [("role == ceo", 1)]


NEEDLESS = [
    ("n >= 2 or n >= 1", [True, False]),
    ("n >= 2 or role == ceo", [False, False]),  # neither holds: both tell why it did not
    ("n >= 1 or sold >= $1", [False, True]),  # unknown, and not needed either
    ("n >= 1 and (n >= 2 or n >= 1) and n >= 3", [False, True, False, False]),
    ("(n >= 1 and n >= 2) or n >= 1", [False, True, False]),
    ("not (n >= 1 and n >= 2)", [True, False]),
    ("not (n >= 1 or n >= 2)", [False, False]),
    ("n >= 1", [False]),
]


@pytest.mark.parametrize(("when", "marks"), NEEDLESS)
def test_a_clause_is_needless_where_another_side_of_its_or_holds(
    when: str, marks: list[bool]
) -> None:
    assert needless(a_rule(f"{LET}\nwhen: {when}").when, proof(when, n=1)) == marks


def test_no_clause_of_another_condition_is_needless() -> None:
    written = proof("n >= 2 or n >= 1", n=1)

    assert needless(a_rule(f"{LET}\nwhen: n >= 3 or n >= 1").when, written) == [False, False]


@pytest.mark.parametrize("value", [None, 0, -7, 2**53, 0.1, 1e300, -2.5, 'a "quoted" é\n'])
def test_values_are_written_down_exactly(value: Any) -> None:
    written = measures_text(["plain", "with_value"])([1, value])

    assert json.loads(written) == {"plain": 1, "with_value": value}


def test_no_measures_are_an_empty_object() -> None:
    assert measures_text([])([]) == "{}"
