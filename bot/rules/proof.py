"""Why: every clause of a condition with its truth and the values it looked at."""

import json
from collections.abc import Callable, Iterator, Sequence
from json.encoder import encode_basestring
from math import isfinite
from typing import Any

from bot.rules.evaluate import Row, evaluator, measure_key
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


_TRUTHS = {1: "1", 0: "0", None: "null"}


def prover(expr: Expr) -> Prover:
    """A function that writes down the clauses of a condition for one row."""
    leaves = [_leaf(leaf) for leaf in _leaves(expr)]
    return lambda row: f"[{','.join([told(row) for told in leaves])}]"


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
    """A stored value; the common ones without the detour through an encoder."""
    if value is None:
        return "null"
    kind = type(value)
    if kind is int or (kind is float and isfinite(value)):
        return repr(value)
    return encode_basestring(value) if kind is str else _encode(value)


def needless(expr: Expr, proof: Sequence[Clause]) -> list[bool]:
    """Of each clause whether it does not hold and need not: another side of its ``or`` holds.

    None is needless where the proof was written down of another condition.
    """
    if [text for text, *_ in proof] != [clause_text(leaf) for leaf in _leaves(expr)]:
        return [False] * len(proof)
    truths = [truth for _, truth, _ in proof]
    beside = _weighed(expr, iter(truths))[1]
    return [mark and truth != 1 for mark, truth in zip(beside, truths, strict=True)]


def _weighed(
    expr: Expr, truths: Iterator[int | None], negated: bool = False
) -> tuple[int | None, list[bool]]:
    """The truth of a condition, and which of its clauses stand beside a side of an ``or`` that
    holds, on one that does not."""
    match expr:
        case Not():
            return _weighed(expr.inner, truths, not negated)
        case Junction():
            parts = [_weighed(part, truths, negated) for part in expr.parts]
            any_of = expr.any_of != negated
            decisive = 1 if any_of else 0
            held = [truth for truth, _ in parts]
            whole = decisive if decisive in held else None if None in held else 1 - decisive
            spares = any_of and whole == 1
            marks = [mark or (spares and truth != 1) for truth, each in parts for mark in each]
            return whole, marks
        case _:
            return next(truths), [False]


def _leaves(expr: Expr, negated: bool = False) -> list[Expr]:
    """The clauses; what is negated as a whole is so clause by clause."""
    match expr:
        case Junction():
            return [leaf for part in expr.parts for leaf in _leaves(part, negated)]
        case Not():
            return _leaves(expr.inner, not negated)
        case _:
            return [Not(inner=expr) if negated else expr]


def clauses_by_text(expr: Expr) -> dict[str, Expr]:
    """The clauses of a condition by the texts under which its proofs name them."""
    return {clause_text(leaf): leaf for leaf in _leaves(expr)}


def _leaf(expr: Expr) -> Prover:
    names = [(e.name, e.name) for e in walk(expr) if isinstance(e, FieldRef)]
    names += [(e.name, measure_key(e.name)) for e in walk(expr) if isinstance(e, MeasureRef)]
    written = [(f"{_encode(name)}:", key) for name, key in dict.fromkeys(names)]
    head, truth = f"[{_encode(clause_text(expr))},", evaluator(expr)
    if len(written) == 1:
        ((name, key),) = written
        return lambda row: f"{head}{_TRUTHS[truth(row)]},{{{name}{_json(row.get(key))}}}]"

    def told(row: Row) -> str:
        values = [name + _json(row.get(key)) for name, key in written]
        return f"{head}{_TRUTHS[truth(row)]},{{{','.join(values)}}}]"

    return told


def clause_text(expr: Expr) -> str:
    """A clause as it is written; of several joined nothing."""
    match expr:
        case Not(inner=IsKnown() as known):
            return f"{known.text} is unknown"
        case Not():
            return f"not {clause_text(expr.inner)}"
        case IsKnown():
            return f"{expr.text} is known"
        case Comparison() | Membership() | Contains():
            return expr.text
        case _:
            return ""
