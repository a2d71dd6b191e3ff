"""What an expression says of one fact: yes, no or unknown, in the three-valued logic of SQL.

The same meaning as the SQL that ``compile`` writes, held equal by a property test.  Truth is 1, 0
or None; a missing value is None.
"""

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from bot.rules.expressions import (
    Arithmetic,
    Call,
    Comparison,
    Contains,
    Expr,
    FieldRef,
    IsKnown,
    Junction,
    Literal,
    MeasureRef,
    Membership,
    Not,
)

Row = Mapping[str, Any]
"""The fields of a fact and, under ``let.`` and their name, the measures of the rule."""

Evaluator = Callable[[Row], Any]
_WHOLE = 2**63


def measure_key(name: str) -> str:
    """Under which key of a row a measure stands: it may share its name with a field."""
    return f"let.{name}"


def evaluator(expr: Expr) -> Evaluator:
    """A function that tells what the expression says of a row."""
    match expr:
        case Literal():
            return _constant(expr)
        case FieldRef():
            return _field(expr.name)
        case MeasureRef():
            return operator.itemgetter(measure_key(expr.name))
        case Arithmetic():
            return _strict(_ARITHMETIC[expr.operator], expr.left, expr.right)
        case Call():
            return _strict(_FUNCTIONS[expr.function], *expr.arguments)
        case Comparison():
            return _comparison(expr)
        case Membership():
            return _membership(expr)
        case Contains():
            return _strict(_contains, expr.whole, expr.part)
        case IsKnown():
            return _known(evaluator(expr.item))
        case Not():
            return _not(evaluator(expr.inner))
        case Junction():
            return _junction(expr)


def _field(name: str) -> Evaluator:
    """A field; unknown on a fact whose kind does not have it."""
    return lambda row: row.get(name)


def _constant(expr: Literal) -> Evaluator:
    value = _held(expr)
    return lambda _row: value


def _held(literal: Literal) -> str | int | float:
    """The value as SQLite holds it: a whole number of 64 bits, beyond them a double."""
    value = literal.value
    return value if not isinstance(value, int) or -_WHOLE <= value < _WHOLE else _real(value)


def _divide(left: float, right: float) -> float | None:
    """inf ÷ inf, like ÷ 0, is unknown."""
    ratio = _real(left) / _real(right) if right else math.nan
    return None if math.isnan(ratio) else ratio


def _real(number: float) -> float:
    """As SQLite casts it: infinite where no double is large enough."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _number(apply: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Arithmetic as SQLite's: whole numbers of 64 bits, beyond them doubles; no NaN."""

    def run(left: Any, right: Any) -> Any:
        if isinstance(left, int) and isinstance(right, int):
            exact = apply(left, right)
            if -_WHOLE <= exact < _WHOLE:
                return exact
        real = apply(_real(left), _real(right))
        return None if real != real else real

    return run


def _contains(text: str, part: str) -> int:
    return int(ascii_lower(part) in ascii_lower(text))


_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def ascii_lower(text: str) -> str:
    """A to Z in lower case and nothing else, as SQLite's lower() does."""
    return text.translate(_LOWER)


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": _number(operator.add),
    "-": _number(operator.sub),
    "*": _number(operator.mul),
    "/": _divide,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "min": lambda *values: min(values),
    "max": lambda *values: max(values),
}
_COMPARATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _strict(function: Callable[..., Any], *arguments: Expr) -> Evaluator:
    """A function that is unknown when any of its arguments is."""
    inner = [evaluator(argument) for argument in arguments]

    def run(row: Row) -> Any:
        values = [value(row) for value in inner]
        return None if None in values else function(*values)

    return run


def _comparison(expr: Comparison) -> Evaluator:
    compare = _COMPARATORS[expr.comparator]
    left, right = evaluator(expr.left), evaluator(expr.right)
    if isinstance(expr.right, Literal):
        limit = _held(expr.right)

        def against_limit(row: Row) -> int | None:
            value = left(row)
            return None if value is None else 1 if compare(value, limit) else 0

        return against_limit

    def run(row: Row) -> int | None:
        one, other = left(row), right(row)
        return None if one is None or other is None else 1 if compare(one, other) else 0

    return run


def _membership(expr: Membership) -> Evaluator:
    item, options = evaluator(expr.item), frozenset(map(_held, expr.options))

    def run(row: Row) -> int | None:
        value = item(row)
        return None if value is None else 1 if value in options else 0

    return run


def _known(item: Evaluator) -> Evaluator:
    return lambda row: 0 if item(row) is None else 1


def _not(inner: Evaluator) -> Evaluator:
    def run(row: Row) -> int | None:
        value = inner(row)
        return None if value is None else 0 if value else 1

    return run


def _junction(expr: Junction) -> Evaluator:
    """``and`` ends at the first no, ``or`` at the first yes; else one unknown makes it unknown."""
    parts = [evaluator(part) for part in expr.parts]
    decisive = 1 if expr.any_of else 0

    def run(row: Row) -> int | None:
        answer: int | None = 1 - decisive
        for part in parts:
            value = part(row)
            if value is None:
                answer = None
            elif bool(value) == bool(decisive):
                return decisive
        return answer

    return run
