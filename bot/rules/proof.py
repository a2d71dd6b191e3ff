"""Why: every clause of a condition with its truth and the values it looked at."""

import json
from collections.abc import Callable, Sequence
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


Prover = Callable[[Row], str]
"""From one row to the JSON list of the clauses: most are kept and never looked at again."""


@dataclass(frozen=True, slots=True)
class _Leaf:
    head: str  # its text in JSON
    truth: Evaluator
    names: tuple[tuple[str, str], ...]  # in JSON, and the key in the row

    def told(self, row: Row) -> str:
        values = [f"{name}:{_json(row.get(key))}" for name, key in self.names]
        return f"[{self.head},{_json(self.truth(row))},{{{','.join(values)}}}]"


def prover(expr: Expr) -> Prover:
    """A function that writes down the clauses of a condition for one row."""
    leaves = [_leaf(leaf) for leaf in _leaves(expr)]
    return lambda row: f"[{','.join([leaf.told(row) for leaf in leaves])}]"


def read_proof(text: str) -> list[Clause]:
    """The clauses that a prover wrote down."""
    return [(clause, truth, values) for clause, truth, values in json.loads(text)]


def measures_text(names: Sequence[str]) -> Callable[[Sequence[Any]], str]:
    """A function that writes measured values down as a JSON object under these names."""
    heads = [f"{_encode(name)}:" for name in names]

    def write(values: Sequence[Any]) -> str:
        told = [head + _json(value) for head, value in zip(heads, values, strict=True)]
        return f"{{{','.join(told)}}}"

    return write


_encode = json.JSONEncoder(ensure_ascii=False).encode


def _json(value: Any) -> str:
    if value is None:
        return "null"
    return str(value) if type(value) is int else _encode(value)


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
    written = tuple((_encode(name), key) for name, key in dict.fromkeys(names))
    return _Leaf(_encode(_text(expr)), evaluator(expr), written)


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
