"""A rule reckoned again for a key that it has decided: its condition, clause by clause."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.rules.evaluate import evaluator, measure_key
from bot.rules.expressions import Expr, conjuncts, measures_of
from bot.rules.model import Measure, Rule

if TYPE_CHECKING:
    from bot.rules.prepared import PreparedRule

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """What a rule says of a key at an instant.

    row: the judged fact; None where it was taken back.  values: of the measures by name.
    holds: 1, 0 or None where it is not known.  clauses: what each that must hold says, those of
    ``where`` first.
    """

    row: Row | None
    values: Mapping[str, Any]
    holds: int | None
    clauses: tuple[tuple[Expr, int | None], ...]


def reckon(
    prepared: "PreparedRule", key: str, row: Row | None, values: Mapping[str, Any]
) -> Reckoned:
    """What the condition of a rule says of a key; no where the fact is about another key, or where
    the rule does not look at it."""
    rule = prepared.rule
    if row is None or rule.key(row) != key:
        return Reckoned(row=row, values=values, holds=0, clauses=())
    seen = {**row} | {measure_key(name): value for name, value in values.items()}
    every = [*conjuncts(rule.where), *conjuncts(rule.when)]
    passes = prepared.where is None or prepared.where(row)
    return Reckoned(
        row=row,
        values=values,
        holds=prepared.when(seen) if passes else 0,
        clauses=tuple((each, evaluator(each)(seen)) for each in every),
    )


def shown_measures(rule: Rule) -> list[Measure]:
    """The measures whose values a card of a rule shows."""
    names = rule.message.measures | measures_of(rule.when)
    return [measure for measure in rule.measures if measure.name in names]
