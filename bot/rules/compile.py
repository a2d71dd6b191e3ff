"""Conditions as SQL, built as sqlglot trees and never as text; ``lookback`` has the measures."""

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

from sqlglot import exp

from bot.facts import Kind
from bot.rules import expressions as ex
from bot.rules.evaluate import ascii_lower

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


def newest_statement(kind: Kind, by: Sequence[str], where: ex.Expr | None) -> str:
    """The seq of each key's newest fact.

    Parameters: the first seq that counts and the last.  Facts that were superseded when they came
    or have no key are left out; one that was amended since was judged, and left its mark.
    """
    since, until = exp.Placeholder(), exp.Placeholder()
    gone = column("gone_seq")
    conditions: list[exp.Expr] = [
        exp.GTE(this=column("seq"), expression=since),
        exp.LTE(this=column("seq"), expression=until),
        exp.Paren(
            this=exp.Or(
                this=exp.Is(this=gone, expression=exp.Null()),
                expression=exp.GT(this=gone.copy(), expression=column("seq")),
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


def condition(expr: ex.Expr) -> exp.Expr:
    """An expression over the fields of ``f``, in brackets wherever precedence could matter."""
    match expr:
        case ex.Literal():
            return literal(expr.value)
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
            options = [literal(option.value) for option in expr.options]
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
        by = exp.Nullif(this=right, expression=literal(0))
        return exp.Div(this=real, expression=by)
    return _ARITHMETIC[expr.operator](this=left, expression=right)


def _call(expr: ex.Call) -> exp.Expr:
    """SQLite's own scalar functions: MIN and MAX of several are NULL when any of them is."""
    arguments = [condition(argument) for argument in expr.arguments]
    return exp.Anonymous(this=expr.function.value.upper(), expressions=arguments)


def _contains(expr: ex.Contains) -> exp.Expr:
    part = (
        literal(ascii_lower(str(expr.part.value)))
        if isinstance(expr.part, ex.Literal)
        else exp.Lower(this=condition(expr.part))
    )
    whole = exp.Lower(this=condition(expr.whole))
    found = exp.Anonymous(this="INSTR", expressions=[whole, part])
    return exp.Paren(this=exp.GT(this=found, expression=literal(0)))


def literal(value: str | int | float) -> exp.Expr:
    """A value as SQL."""
    if isinstance(value, str):
        return exp.Literal.string(value)
    number = exp.Literal.number(repr(abs(value)))
    return exp.Paren(this=exp.Neg(this=number)) if value < 0 else number


def _all(conditions: Iterable[exp.Expr]) -> Any:
    return reduce(lambda a, b: exp.And(this=a, expression=b), conditions)
