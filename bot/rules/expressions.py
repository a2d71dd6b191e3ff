"""The typed tree of an expression: what a condition means, apart from how it was written.

Values are in the form the store keeps: money is whole cents, a date the number of its day, yes and
no are 1 and 0.  Every node is immutable and compares by meaning, so that two rules that ask the
same thing share one answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from bot.facts import Type


class Comparator(StrEnum):
    EQUAL = "=="
    NOT_EQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="


class Operator(StrEnum):
    PLUS = "+"
    MINUS = "-"
    TIMES = "*"
    DIVIDED_BY = "/"


class Function(StrEnum):
    ABS = "abs"
    MIN = "min"
    MAX = "max"


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """A value that stands in the rule."""

    value: str | int | float
    type: Type


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRef:
    """A field of the fact that is looked at."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRef:
    """A measure of the rule, by its name under ``let``."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True, kw_only=True)
class Arithmetic:
    """Two numbers combined; ``/`` is always real, and by zero it is unknown."""

    operator: Operator
    left: "Expr"
    right: "Expr"
    type: Type


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """abs, or the least or greatest of several; unknown when any argument is."""

    function: Function
    arguments: "tuple[Expr, ...]"
    type: Type


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two values of one dimension compared; unknown when either is."""

    comparator: Comparator
    left: "Expr"
    right: "Expr"
    text: str = field(default="", compare=False)
    type: Type = Type.YES_NO


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """Whether a value is one of several known ones."""

    item: "Expr"
    options: tuple[Literal, ...]
    text: str = field(default="", compare=False)
    type: Type = Type.YES_NO


@dataclass(frozen=True, slots=True, kw_only=True)
class Contains:
    """Whether a text holds another; A to Z and a to z are the same letters."""

    whole: "Expr"
    part: "Expr"
    text: str = field(default="", compare=False)
    type: Type = Type.YES_NO


@dataclass(frozen=True, slots=True, kw_only=True)
class IsKnown:
    """Whether a value is known; the one test that is never unknown itself."""

    item: "Expr"
    text: str = field(default="", compare=False)
    type: Type = Type.YES_NO


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """No where the inner is yes, yes where it is no, unknown where it is unknown."""

    inner: "Expr"
    type: Type = Type.YES_NO


@dataclass(frozen=True, slots=True, kw_only=True)
class Junction:
    """All of the parts (and), or any of them (or), in the three-valued logic of SQL."""

    any_of: bool
    parts: "tuple[Expr, ...]"
    type: Type = Type.YES_NO


Expr = (
    Literal
    | FieldRef
    | MeasureRef
    | Arithmetic
    | Call
    | Comparison
    | Membership
    | Contains
    | IsKnown
    | Not
    | Junction
)


def children(expr: Expr) -> tuple[Expr, ...]:
    """The direct parts of a node."""
    match expr:
        case Arithmetic() | Comparison():
            return (expr.left, expr.right)
        case Call():
            return expr.arguments
        case Membership():
            return (expr.item, *expr.options)
        case Contains():
            return (expr.whole, expr.part)
        case IsKnown():
            return (expr.item,)
        case Not():
            return (expr.inner,)
        case Junction():
            return expr.parts
        case _:
            return ()


def walk(expr: Expr) -> Iterator[Expr]:
    """The node and everything below it."""
    yield expr
    for child in children(expr):
        yield from walk(child)


def fields_of(expr: Expr | None) -> set[str]:
    """Names of the fields an expression looks at."""
    return {e.name for e in walk(expr) if isinstance(e, FieldRef)} if expr else set()


def measures_of(expr: Expr | None) -> set[str]:
    """Names of the measures an expression looks at."""
    return {e.name for e in walk(expr) if isinstance(e, MeasureRef)} if expr else set()


def all_of(*parts: Expr | None) -> Expr | None:
    """The parts that are there, joined by ``and``; None where there is none."""
    there = tuple(part for part in parts if part is not None)
    if len(there) < 2:
        return there[0] if there else None
    return Junction(any_of=False, parts=there)


def conjuncts(expr: Expr | None) -> tuple[Expr, ...]:
    """The clauses that must all hold."""
    if expr is None:
        return ()
    if isinstance(expr, Junction) and not expr.any_of:
        return tuple(c for part in expr.parts for c in conjuncts(part))
    return (expr,)
