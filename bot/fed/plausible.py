"""Targets that no decision can have: a slip of the pen is not told as a number.

A target is a range of 25 basis points since December 16, 2008, and was a single rate before
(source: statement of that day).
"""

from datetime import date
from decimal import Decimal

from bot.fed.decisions import Decision
from bot.fed.tokens import tokens

_FIRST_RANGE = date(2008, 12, 16)
_WIDTH_PCT = Decimal("0.25")
_HIGHEST_PCT = Decimal(20)


def is_possible(told: Decision, published_on: date | None) -> bool:
    """Whether a target of this width and height can be meant, on a day where it is known."""
    target = told.target
    if target.upper_pct > _HIGHEST_PCT:
        return False
    if target.lower_pct < target.upper_pct:
        early = published_on is not None and published_on < _FIRST_RANGE
        return not early and target.upper_pct - target.lower_pct == _WIDTH_PCT
    late = published_on is not None and published_on >= _FIRST_RANGE
    return not late and not _names_a_range(told.sentence)


def _names_a_range(sentence: str) -> bool:
    """Whether the target that the sentence speaks of first is called a range."""
    words = [token.low for token in tokens(sentence)]
    return "target" in words and words[words.index("target") + 1 :][:1] == ["range"]
