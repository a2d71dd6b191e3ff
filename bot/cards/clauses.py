"""Clauses of a rule in words, for sentences about what holds."""

from bot.cards.reasons import label, value_text
from bot.rules.expressions import (
    Comparator,
    Comparison,
    Expr,
    FieldRef,
    Junction,
    Literal,
    MeasureRef,
    Not,
)
from bot.rules.proof import clause_text

_WORDS = {
    Comparator.AT_LEAST: "at least",
    Comparator.MORE: "above",
    Comparator.AT_MOST: "at most",
    Comparator.LESS: "below",
}


def clause_words(clause: Expr) -> tuple[str | None, str]:
    """What a clause compares with a bound and how that reads, as ("value_usd", "at least $5M"); of
    any other clause None and how it is written."""
    match clause:
        case Comparison(left=FieldRef() | MeasureRef() as left, right=Literal() as right) if (
            clause.comparator in _WORDS
        ):
            return (
                left.name,
                f"{_WORDS[clause.comparator]} {value_text(right.value, right.type, None)}",
            )
        case Junction():
            between = " or " if clause.any_of else " and "
            return None, between.join(_whole(each) for each in clause.parts)
        case Not(inner=Junction() as inner):
            return None, f"not ({_whole(inner)})"
        case _:
            return None, clause_text(clause)


def _whole(clause: Expr) -> str:
    name, words = clause_words(clause)
    return f"{label(name)} {words}".lstrip() if name else words
