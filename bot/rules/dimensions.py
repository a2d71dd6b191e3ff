"""Dimensions of values: what can be compared, added and multiplied with what."""

from collections.abc import Sequence

from bot.facts import Type
from bot.rules import expressions as ex

PLAIN = frozenset({Type.NUMBER, Type.COUNT, Type.RATIO})
MONEY = frozenset({Type.MONEY, Type.PRICE})
TEXTS = frozenset({Type.TEXT, Type.CIK, Type.WORD})
NUMERIC = PLAIN | MONEY | {Type.PERCENT, Type.BASIS_POINTS, Type.SPAN}
ORDERED = NUMERIC | {Type.DATE, Type.INSTANT}

_NAMES: dict[Type, str] = {
    Type.NUMBER: "a number",
    Type.COUNT: "a number",
    Type.RATIO: "a ratio",
    Type.MONEY: "dollars",
    Type.PRICE: "dollars",
    Type.PERCENT: "a percentage (4.25 is 4.25 %)",
    Type.BASIS_POINTS: "basis points",
    Type.SPAN: "a span of time",
    Type.DATE: "a date",
    Type.INSTANT: "an instant",
    Type.TEXT: "text",
    Type.CIK: "text",
    Type.WORD: "a word",
    Type.YES_NO: "yes or no",
    Type.DETAIL: "for display only",
}
_EXAMPLES: dict[Type, str] = {
    Type.NUMBER: "3 or 0.05",
    Type.COUNT: "3",
    Type.RATIO: "5%",
    Type.MONEY: "$20M",
    Type.PRICE: "$4.50",
    Type.PERCENT: "4.25, without the sign",
    Type.BASIS_POINTS: "25",
    Type.SPAN: "10d",
    Type.DATE: "2025-05-01",
    Type.TEXT: '"text" in quotes',
    Type.CIK: '"0000320193"',
    Type.WORD: "one of its words",
    Type.YES_NO: "yes or no",
}


def named(kind: Type) -> str:
    """The dimension in the words of a message."""
    return _NAMES[kind]


def example(kind: Type) -> str:
    """A value of that dimension as it is written in a rule."""
    return _EXAMPLES.get(kind, "a value of the same dimension")


def family(kind: Type) -> str:
    """Two types with one family can be compared."""
    for word, members in (("number", PLAIN), ("money", MONEY), ("text", TEXTS)):
        if kind in members:
            return word
    return kind


def comparable(one: ex.Expr, other: ex.Expr) -> bool:
    """Whether two values have one dimension; a literal 5% fits ratios only, no bare counts."""
    if family(one.type) != family(other.type):
        return False
    for literal, against in ((one, other), (other, one)):
        if isinstance(literal, ex.Literal) and literal.type is Type.RATIO:
            return against.type is Type.RATIO
    return True


def combined(one: Type, sign: ex.Operator, other: Type) -> Type | None:
    """The dimension of a sum, difference, product or quotient; None where it has no meaning."""
    if sign == "-" and one is other and one in (Type.DATE, Type.INSTANT):
        return Type.SPAN
    if not {one, other} <= NUMERIC:
        return None
    alike = family(one) == family(other)
    if sign in ("+", "-"):
        return None if not alike else Type.RATIO if Type.RATIO in (one, other) else one
    if sign == "/" and alike:
        return Type.RATIO
    if other in PLAIN:
        return one
    return other if sign == "*" and one in PLAIN else None


def in_one_scale(one: ex.Expr, other: ex.Expr) -> tuple[ex.Expr, ex.Expr]:
    """Money is whole cents and a price is dollars: bring a price that meets money to cents."""
    if one.type is Type.PRICE and other.type is Type.MONEY:
        return _in_cents(one), other
    if one.type is Type.MONEY and other.type is Type.PRICE:
        return one, _in_cents(other)
    return one, other


def in_cents_if_any(values: Sequence[ex.Expr]) -> tuple[ex.Expr, ...]:
    """Several values in one scale: cents where any of them is money."""
    if all(value.type is not Type.MONEY for value in values):
        return tuple(values)
    return tuple(_in_cents(value) if value.type is Type.PRICE else value for value in values)


def _in_cents(price: ex.Expr) -> ex.Expr:
    hundred = ex.Literal(value=100, type=Type.NUMBER)
    return ex.Arithmetic(operator=ex.Operator.TIMES, left=price, right=hundred, type=Type.MONEY)


def in_seconds(difference: ex.Expr, of: Type) -> ex.Expr:
    """A difference of dates (days) or instants (milliseconds) as a span in seconds."""
    if of not in (Type.DATE, Type.INSTANT):
        return difference
    times, count = (
        (ex.Operator.TIMES, 86_400) if of is Type.DATE else (ex.Operator.DIVIDED_BY, 1_000)
    )
    factor = ex.Literal(value=count, type=Type.NUMBER)
    return ex.Arithmetic(operator=times, left=difference, right=factor, type=Type.SPAN)
