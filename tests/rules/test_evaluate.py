"""What a condition says of a row, and that the SQL of ``compile`` says the same."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.facts import Type
from bot.rules import expressions as ex
from bot.rules.compile import condition
from bot.rules.evaluate import evaluator, measure_key

FIELDS = {
    "shares": Type.NUMBER,
    "value_usd": Type.MONEY,
    "lag": Type.COUNT,
    "side": Type.TEXT,
    "owner": Type.TEXT,
    "planned": Type.YES_NO,
}
NUMBERS, TEXTS = ("shares", "value_usd", "lag"), ("side", "owner")
_COLUMNS = "shares REAL, value_usd INTEGER, lag INTEGER, side TEXT, owner TEXT, planned INTEGER"


def in_sqlite(expr: ex.Expr, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """What SQLite says of each row."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE TABLE t (seq INTEGER PRIMARY KEY, {_COLUMNS})")
        connection.executemany(
            f"INSERT INTO t ({', '.join(FIELDS)}) VALUES ({', '.join('?' * len(FIELDS))})",
            [tuple(row[name] for name in FIELDS) for row in rows],
        )
        sql = condition(expr).sql(dialect="sqlite")
        return [value for (value,) in connection.execute(f"SELECT {sql} FROM t AS f ORDER BY seq")]


def number(value: float) -> ex.Literal:
    return ex.Literal(value=value, type=Type.NUMBER)


def field(name: str) -> ex.FieldRef:
    return ex.FieldRef(name=name, type=FIELDS[name])


def compare(left: ex.Expr, sign: str, right: ex.Expr) -> ex.Comparison:
    return ex.Comparison(comparator=ex.Comparator(sign), left=left, right=right)


def arithmetic(left: ex.Expr, sign: str, right: ex.Expr) -> ex.Arithmetic:
    return ex.Arithmetic(operator=ex.Operator(sign), left=left, right=right, type=Type.NUMBER)


YES = compare(number(1), "==", number(1))
NO = compare(number(1), "==", number(2))
UNKNOWN = compare(field("shares"), "==", number(1))
NOTHING: dict[str, Any] = dict.fromkeys(FIELDS)


@pytest.mark.parametrize(
    ("any_of", "parts", "truth"),
    [
        (False, (YES, YES), 1),
        (False, (YES, NO), 0),
        (False, (YES, UNKNOWN), None),
        (False, (UNKNOWN, NO), 0),
        (True, (NO, YES), 1),
        (True, (NO, NO), 0),
        (True, (NO, UNKNOWN), None),
        (True, (UNKNOWN, YES), 1),
    ],
)
def test_and_and_or_follow_the_three_truths_of_sql(
    any_of: bool, parts: tuple[ex.Expr, ...], truth: int | None
) -> None:
    junction = ex.Junction(any_of=any_of, parts=parts)

    assert evaluator(junction)(NOTHING) == truth
    assert in_sqlite(junction, [NOTHING]) == [truth]


def test_not_of_unknown_is_unknown() -> None:
    assert evaluator(ex.Not(inner=UNKNOWN))(NOTHING) is None


def test_is_known_is_never_unknown() -> None:
    known = ex.IsKnown(item=field("shares"))

    assert evaluator(known)(NOTHING) == 0
    assert evaluator(known)(NOTHING | {"shares": 0.0}) == 1


@pytest.mark.parametrize("sign", ["==", "!=", "<", "<=", ">", ">="])
def test_a_comparison_with_something_unknown_is_unknown(sign: str) -> None:
    assert evaluator(compare(field("shares"), sign, number(1)))(NOTHING) is None
    assert evaluator(compare(number(1), sign, field("lag")))(NOTHING) is None


def test_a_division_is_real_and_by_zero_it_is_unknown() -> None:
    half = arithmetic(field("lag"), "/", field("value_usd"))

    assert evaluator(half)(NOTHING | {"lag": 7, "value_usd": 2}) == 3.5
    assert evaluator(half)(NOTHING | {"lag": 7, "value_usd": 0}) is None


def test_contains_takes_ascii_letters_in_either_case_and_no_others() -> None:
    whole = ex.Contains(whole=field("owner"), part=ex.Literal(value="Smith É", type=Type.TEXT))

    assert evaluator(whole)(NOTHING | {"owner": "JOHN SMITH É"}) == 1
    assert evaluator(whole)(NOTHING | {"owner": "john smith é"}) == 0


def test_a_field_that_the_kind_of_the_fact_does_not_have_is_unknown() -> None:
    assert evaluator(compare(field("shares"), ">", number(1)))({}) is None


def test_a_measure_and_a_field_of_one_name_are_two_values() -> None:
    measure = ex.MeasureRef(name="shares", type=Type.NUMBER)
    row = NOTHING | {"shares": 1.0, measure_key("shares"): 2}

    assert evaluator(compare(measure, "==", number(2)))(row) == 1
    assert evaluator(compare(field("shares"), "==", number(1)))(row) == 1


# The same as SQLite.

WHOLE = st.integers(-(10**15), 10**15) | st.integers(-3, 3)
REAL = st.floats(allow_nan=False, allow_infinity=False, width=64) | st.sampled_from([0.0, 0.5, 2.0])
WORDS = st.sampled_from(["sell", "SELL", "buy", "", "o'neil \" -- ;", "é", "É", "100%", "10"])

ROWS = st.fixed_dictionaries(
    {
        "shares": st.none() | REAL.map(lambda x: x + 0.0),
        "value_usd": st.none() | WHOLE,
        "lag": st.none() | st.integers(-3, 3),
        "side": st.none() | WORDS,
        "owner": st.none() | WORDS,
        "planned": st.none() | st.sampled_from([0, 1]),
    }
)

written = st.builds(lambda digits, places: digits / 10**places, WHOLE, st.integers(0, 4))
literals = (WHOLE | written | st.just(10**30)).map(number)
texts = st.sampled_from(TEXTS).map(field) | WORDS.map(lambda w: ex.Literal(value=w, type=Type.TEXT))
numbers = st.recursive(
    st.sampled_from(NUMBERS).map(field) | literals,
    lambda inner: (
        st.builds(arithmetic, inner, st.sampled_from("+-*/"), inner)
        | st.builds(
            lambda function, parts: ex.Call(
                function=function, arguments=tuple(parts), type=Type.NUMBER
            ),
            st.sampled_from([ex.Function.MIN, ex.Function.MAX]),
            st.lists(inner, min_size=2, max_size=3),
        )
        | inner.map(
            lambda part: ex.Call(function=ex.Function.ABS, arguments=(part,), type=Type.NUMBER)
        )
    ),
    max_leaves=6,
)
signs = st.sampled_from([str(sign) for sign in ex.Comparator])
clauses = (
    st.builds(compare, numbers, signs, numbers)
    | st.builds(compare, texts, st.sampled_from(["==", "!="]), texts)
    | st.builds(compare, st.just(field("planned")), st.sampled_from(["==", "!="]), literals)
    | st.builds(
        lambda item, options: ex.Membership(item=item, options=tuple(options)),
        numbers,
        st.lists(literals, min_size=1, max_size=3),
    )
    | st.builds(
        lambda item, words: ex.Membership(
            item=item, options=tuple(ex.Literal(value=w, type=Type.TEXT) for w in words)
        ),
        texts,
        st.lists(WORDS, min_size=1, max_size=3),
    )
    | st.builds(lambda whole, part: ex.Contains(whole=whole, part=part), texts, texts)
    | st.builds(lambda item: ex.IsKnown(item=item), numbers | texts)
)
truths = st.recursive(
    clauses,
    lambda inner: (
        inner.map(lambda part: ex.Not(inner=part))
        | st.builds(
            lambda any_of, parts: ex.Junction(any_of=any_of, parts=tuple(parts)),
            st.booleans(),
            st.lists(inner, min_size=2, max_size=3),
        )
        | st.builds(compare, inner, st.sampled_from(["==", "!="]), inner)
    ),
    max_leaves=5,
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(truths, st.lists(ROWS, min_size=1, max_size=6))
def test_python_and_sqlite_say_the_same_of_every_row(
    expr: ex.Expr, rows: list[dict[str, Any]]
) -> None:
    assert [evaluator(expr)(row) for row in rows] == in_sqlite(expr, rows)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(numbers, st.lists(ROWS, min_size=1, max_size=6))
def test_python_and_sqlite_calculate_the_same(expr: ex.Expr, rows: list[dict[str, Any]]) -> None:
    assert [evaluator(expr)(row) for row in rows] == in_sqlite(expr, rows)
