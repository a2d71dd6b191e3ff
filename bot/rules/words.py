"""Conditions and measures as they were written, for a reader."""

from bot.rules.expressions import (
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
from bot.rules.model import Measure


def in_words(expr: Expr) -> str:
    """A condition: "side == sell and (value_usd >= $1M or sellers >= 3)"."""
    match expr:
        case Junction():
            word = " or " if expr.any_of else " and "
            return word.join(_part(part, expr) for part in expr.parts)
        case Not(inner=IsKnown() as known):
            return f"{known.text} is unknown"
        case Not():
            return f"not ({in_words(expr.inner)})"
        case IsKnown():
            return f"{expr.text} is known"
        case Comparison() | Membership() | Contains():
            return expr.text
        case FieldRef() | MeasureRef():
            return expr.name
        case Literal():
            return "always" if expr.value == 1 else "never"
        case _:
            return "a calculation"


def _part(part: Expr, within: Junction) -> str:
    """In brackets where an ``or`` stands within an ``and``."""
    mixed = isinstance(part, Junction) and part.any_of and not within.any_of
    return f"({in_words(part)})" if mixed else in_words(part)


def measured(measure: Measure) -> str:
    """What a measure counts: "sum of value_usd of insider_trade over 90d"."""
    subject = measure.field or measure.rule
    parts = (
        f"{measure.verb} of {subject}" if subject else measure.verb,
        f"of {measure.of.name}" if measure.rule is None else "",
        f"over {measure.over.text}" if measure.over else "",
        f"ending {measure.ending.text} before" if measure.ending else "",
        f"at most {measure.max_age.text} old" if measure.max_age else "",
        "before this fact" if measure.before else "",
        f"where {in_words(measure.part)}" if measure.part else "",
        f"among those where {in_words(measure.scope)}" if measure.scope else "",
    )
    return " ".join(part for part in parts if part)
