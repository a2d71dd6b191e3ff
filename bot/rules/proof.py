"""Why: every clause of a condition with its truth and the values it looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.rules.evaluate import Evaluator, Row, evaluator, measure_key
from bot.rules.expressions import (
    Comparison,
    Contains,
    Expr,
    FieldRef,
    IsKnown,
    Junction,
    MeasureRef,
    Membership,
    Not,
    walk,
)

Clause = tuple[str, int | None, dict[str, Any]]
"""Its text as written, 1, 0 or None, and the stored values of the names in it."""


@dataclass(frozen=True, slots=True)
class _Leaf:
    text: str
    truth: Evaluator
    names: tuple[tuple[str, str], ...]  # as written, and the key in the row


def prover(expr: Expr) -> Callable[[Row], list[Clause]]:
    """A function that gives the clauses of a condition for one row."""
    leaves = [_leaf(leaf) for leaf in _leaves(expr)]

    def prove(row: Row) -> list[Clause]:
        return [
            (leaf.text, leaf.truth(row), {name: row[key] for name, key in leaf.names})
            for leaf in leaves
        ]

    return prove


def _leaves(expr: Expr) -> list[Expr]:
    match expr:
        case Junction():
            return [leaf for part in expr.parts for leaf in _leaves(part)]
        case Not(inner=Junction() | Not()):
            return _leaves(expr.inner)
        case _:
            return [expr]


def _leaf(expr: Expr) -> _Leaf:
    names = [(e.name, e.name) for e in walk(expr) if isinstance(e, FieldRef)]
    names += [(e.name, measure_key(e.name)) for e in walk(expr) if isinstance(e, MeasureRef)]
    return _Leaf(_text(expr), evaluator(expr), tuple(dict.fromkeys(names)))


def _text(expr: Expr) -> str:
    match expr:
        case Not(inner=IsKnown() as known):
            return f"{known.text} is unknown"
        case Not():
            return f"not {_text(expr.inner)}"
        case IsKnown():
            return f"{expr.text} is known"
        case Comparison() | Membership() | Contains():
            return expr.text
        case _:
            return ""
