"""Measures and conditions as SQL, built as sqlglot trees and never as text.

A measure becomes one statement of SQLite that answers for a batch of judged facts at once.  Its
parameter is a JSON array with a row for each of them: ``[seq, first, last, key...]``, where first
and last are the instants between which a fact counts.  The statement knows neither the window's
length nor the kind of the judged fact, so equal measures of different rules share one.
"""

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

from sqlglot import exp

from bot.facts import Kind, Type
from bot.rules import expressions as ex
from bot.rules.evaluate import ascii_lower
from bot.rules.measures import VERBS
from bot.rules.model import Measure

_LONG_AGO = -(2**62)
_COMPARISONS: dict[ex.Comparator, type[exp.Binary]] = {
    ex.Comparator.EQUAL: exp.EQ,
    ex.Comparator.NOT_EQUAL: exp.NEQ,
    ex.Comparator.LESS: exp.LT,
    ex.Comparator.AT_MOST: exp.LTE,
    ex.Comparator.MORE: exp.GT,
    ex.Comparator.AT_LEAST: exp.GTE,
}
_ARITHMETIC: dict[ex.Operator, type[exp.Binary]] = {
    ex.Operator.PLUS: exp.Add,
    ex.Operator.MINUS: exp.Sub,
    ex.Operator.TIMES: exp.Mul,
}


def measure_statement(measure: Measure) -> str:
    """The SQLite statement of a measure: its parameter in, rows of (seq, value) out."""
    answer = VERBS[measure.verb].sqlite(LookBack(measure))
    asked = exp.select(_asked("seq"), exp.alias_(exp.Subquery(this=answer), "value", copy=False))
    statement = asked.from_("asked", copy=False).with_(
        "asked", as_=_asked_rows(len(measure.by)), materialized=True, copy=False
    )
    return statement.sql(dialect="sqlite")


def newest_statement(kind: Kind, by: Sequence[str], where: ex.Expr | None) -> str:
    """The seq of each key's newest fact.

    Parameters: the first instant that counts or NULL, then twice the last seq.  Facts that are
    superseded or have no key are left out.
    """
    instant, until = exp.Placeholder(), exp.Placeholder()
    gone = column("gone_seq")
    conditions: list[exp.Expr] = [
        exp.GTE(
            this=column("known_at"),
            expression=exp.Coalesce(this=instant, expressions=[_literal(_LONG_AGO)]),
        ),
        exp.LTE(this=column("seq"), expression=until),
        exp.Paren(
            this=exp.Or(
                this=exp.Is(this=gone, expression=exp.Null()),
                expression=exp.GT(this=gone.copy(), expression=until.copy()),
            )
        ),
        *(
            exp.Not(this=exp.Paren(this=exp.Is(this=column(name), expression=exp.Null())))
            for name in by
        ),
    ]
    if where is not None:
        conditions.append(_without_strangers(condition(where), kind))
    table = exp.alias_(exp.to_table(kind.name), "f", table=True, copy=False)
    newest = exp.select(exp.Max(this=column("seq"))).from_(table, copy=False)
    newest = newest.where(_all(conditions), copy=False)
    # Without a key there is one group: a bare MAX would give NULL for no facts, which matches none.
    return newest.group_by(*map(column, by), copy=False).sql(dialect="sqlite")


def _without_strangers(where: exp.Expr, kind: Kind) -> exp.Expr:
    """Fields that the kind does not have are unknown on its facts."""
    for found in list(where.find_all(exp.Column)):
        if found.name not in kind.by_name:
            found.replace(exp.Null())
    return where


class LookBack:
    """The parts from which a verb builds its question about the facts ``f`` in the window."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure
        self.value: exp.Expr = column(measure.field) if measure.field else exp.Null()

    def select(self, answer: exp.Expr) -> exp.Select:
        """One answer over all facts that count."""
        return self._rows(answer, self._conditions())

    def newest(self, value: exp.Expr) -> exp.Select:
        """The known value of the newest fact that counts."""
        known = exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null()))
        return (
            self._rows(value, [*self._conditions(), known])
            .order_by(*_newest_first(), copy=False)
            .limit(1, copy=False)
        )

    def count_rows(self) -> exp.Expr:
        return exp.Count(this=exp.Star())

    def count_distinct(self, value: exp.Expr) -> exp.Expr:
        return exp.Count(this=exp.Distinct(expressions=[value]))

    def sum_of(self, value: exp.Expr) -> exp.Expr:
        """Whole numbers are summed exactly, in two halves: SQLite's SUM fails beyond 64 bits, and
        one absurd filing would stop every rule.  Their sum then becomes a double."""
        field = self.measure.of.by_name.get(self.measure.field or "")
        if field is None or field.type not in (Type.MONEY, Type.COUNT):
            return exp.Sum(this=value)
        high = exp.Paren(this=exp.BitwiseRightShift(this=value, expression=_literal(32)))
        low = exp.Paren(this=exp.BitwiseAnd(this=value.copy(), expression=_literal(2**32 - 1)))
        upper = exp.Mul(this=exp.Sum(this=high), expression=_literal(2**32))
        return exp.Add(this=upper, expression=exp.Sum(this=low))

    def _rows(self, answer: exp.Expr, conditions: list[exp.Expr]) -> exp.Select:
        table = exp.alias_(exp.to_table(self.measure.of.name), "f", table=True, copy=False)
        return exp.select(answer).from_(table, copy=False).where(_all(conditions), copy=False)

    def _conditions(self) -> list[exp.Expr]:
        """Same key, inside the window, stored no later than the judged fact, not superseded."""
        seen = exp.LT if self.measure.before else exp.LTE
        gone = column("gone_seq")
        still_there = exp.Or(
            this=exp.Is(this=gone, expression=exp.Null()),
            expression=exp.GT(this=gone.copy(), expression=_asked("seq")),
        )
        conditions: list[exp.Expr] = [
            *(
                exp.EQ(this=column(name), expression=_asked(f"key{place}"))
                for place, name in enumerate(self.measure.by)
            ),
            exp.GTE(this=column("known_at"), expression=_asked("first")),
            exp.LTE(this=column("known_at"), expression=_asked("last")),
            seen(this=column("seq"), expression=_asked("seq")),
            exp.Paren(this=still_there),
        ]
        if self.measure.scope is not None:
            conditions.append(condition(self.measure.scope))
        return conditions


def condition(expr: ex.Expr) -> exp.Expr:
    """An expression over the fields of ``f``, in brackets wherever precedence could matter."""
    match expr:
        case ex.Literal():
            return _literal(expr.value)
        case ex.FieldRef():
            return column(expr.name)
        case ex.Arithmetic():
            return exp.Paren(this=_arithmetic(expr))
        case ex.Call():
            return _call(expr)
        case ex.Comparison():
            compare = _COMPARISONS[expr.comparator]
            pair = compare(this=condition(expr.left), expression=condition(expr.right))
            return exp.Paren(this=pair)
        case ex.Membership(options=()):  # SQLite's NULL IN () is no, not unknown
            unknown = exp.Is(this=condition(expr.item), expression=exp.Null())
            return exp.Paren(this=exp.And(this=exp.Paren(this=unknown), expression=exp.Null()))
        case ex.Membership():
            options = [_literal(option.value) for option in expr.options]
            return exp.Paren(this=exp.In(this=condition(expr.item), expressions=options))
        case ex.Contains():
            return _contains(expr)
        case ex.IsKnown():
            unknown = exp.Is(this=condition(expr.item), expression=exp.Null())
            return exp.Paren(this=exp.Not(this=exp.Paren(this=unknown)))
        case ex.Not():
            return exp.Paren(this=exp.Not(this=condition(expr.inner)))
        case ex.Junction():
            join = exp.Or if expr.any_of else exp.And
            parts = map(condition, expr.parts)
            return exp.Paren(this=reduce(lambda a, b: join(this=a, expression=b), parts))
        case ex.MeasureRef():
            raise ValueError(f"a measure can not look at the measure {expr.name}")


def column(name: str) -> exp.Column:
    """A field of the looked-back fact."""
    return exp.Column(this=exp.to_identifier(name, quoted=True), table=exp.to_identifier("f"))


def _arithmetic(expr: ex.Arithmetic) -> exp.Expr:
    left, right = condition(expr.left), condition(expr.right)
    if expr.operator is ex.Operator.DIVIDED_BY:
        real = exp.Cast(this=left, to=exp.DataType.build("REAL"))
        by = exp.Nullif(this=right, expression=_literal(0))
        return exp.Div(this=real, expression=by)
    return _ARITHMETIC[expr.operator](this=left, expression=right)


def _call(expr: ex.Call) -> exp.Expr:
    """SQLite's own scalar functions: MIN and MAX of several are NULL when any of them is."""
    arguments = [condition(argument) for argument in expr.arguments]
    return exp.Anonymous(this=expr.function.value.upper(), expressions=arguments)


def _contains(expr: ex.Contains) -> exp.Expr:
    part = (
        _literal(ascii_lower(str(expr.part.value)))
        if isinstance(expr.part, ex.Literal)
        else exp.Lower(this=condition(expr.part))
    )
    whole = exp.Lower(this=condition(expr.whole))
    found = exp.Anonymous(this="INSTR", expressions=[whole, part])
    return exp.Paren(this=exp.GT(this=found, expression=_literal(0)))


def _literal(value: str | int | float) -> exp.Expr:
    if isinstance(value, str):
        return exp.Literal.string(value)
    number = exp.Literal.number(repr(abs(value)))
    return exp.Paren(this=exp.Neg(this=number)) if value < 0 else number


def _asked(name: str) -> exp.Column:
    return exp.Column(this=exp.to_identifier(name), table=exp.to_identifier("asked"))


def _asked_rows(keys: int) -> exp.Select:
    names = ["seq", "first", "last", *(f"key{place}" for place in range(keys))]
    given = exp.Anonymous(this="JSON_EACH", expressions=[exp.Placeholder()])
    columns = [
        exp.alias_(
            exp.Anonymous(
                this="JSON_EXTRACT",
                expressions=[exp.column("value"), exp.Literal.string(f"$[{place}]")],
            ),
            name,
            copy=False,
        )
        for place, name in enumerate(names)
    ]
    return exp.select(*columns).from_(exp.Table(this=given), copy=False)


def _newest_first() -> list[exp.Ordered]:
    """By known_at, then seq: written as a sum, or SQLite takes an index that is sorted by both in
    place of the one that holds all the fields."""
    place = exp.Add(this=column("seq"), expression=_literal(0))
    return [
        exp.Ordered(this=each, desc=True, nulls_first=False) for each in (column("known_at"), place)
    ]


def _all(conditions: Iterable[exp.Expr]) -> Any:
    return reduce(lambda a, b: exp.And(this=a, expression=b), conditions)
