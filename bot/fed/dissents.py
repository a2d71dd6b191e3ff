"""Which way a dissenter leaned, relative to what was decided.

What is wished for the rate decides: another act, another size, another target.  Where a dissent is
about something else (guidance, holdings, the words of the statement) it is tighter or easier only
if it says so in words of accommodation or purchases; else it is ``other``, never guessed.
After the convention of the Federal Reserve Bank of St. Louis: preferring a smaller cut is tighter.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bot.fed.typography import plain

_NUMBER = r"(?:\d+(?:\.\d+)?(?:-\d/\d)?|\d+ \d/\d|\d/\d)"
_RATE = r"(?:\b(?:federal funds|target)\b)"
_UP = re.compile(rf"\b(?:rais\w*|increas\w*|hik\w*)\b[^.]*{_RATE}|\bincrease of\b[^.]*{_RATE}")
_DOWN = re.compile(rf"\b(?:lower\w*|reduc\w*|cut\w*|decreas\w*)\b[^.]*{_RATE}")
_SAME = re.compile(
    rf"\b(?:maintain\w*|keep\w*|leav\w*|hold\w*|no change|unchanged)\b[^.]*{_RATE}"
    rf"|{_RATE}[^.]*\bunchanged\b"
)
_POINTS = re.compile(rf"\b({_NUMBER})[- ](?:(basis)|percentage)[- ]points?")
_RANGE = re.compile(rf"\b({_NUMBER})(?: percent)? to ({_NUMBER}) percent")
_TIGHTER = re.compile(
    r"less (?:aggressive|accommodat)|opposed (?:continuation|additional|the asset|further)"
    r"|did not support (?:additional|further) (?:policy )?accommodation"
    r"|(?:high|continued) level of monetary accommodation"
    r"|risks of additional securities purchases|no longer warranted"
)
_EASIER = re.compile(
    r"more (?:aggressive|accommodat)|(?:supported|preferred) (?:additional|further) (?:policy )?"
    r"accommodation"
)
_WISH = re.compile(r"\b(?:prefer\w*|supported|support|favor\w*|want\w*|wish\w*|would have)\b")
_BUT = re.compile(r"\bbut\b")


class Lean(StrEnum):
    """What a dissenter wanted against what was decided."""

    TIGHTER = "tighter"
    EASIER = "easier"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a dissenter wanted of the rate; each None where it is not told.

    change_bp: of the upper end, signed.  upper_pct: the end itself.
    way: 1 up, -1 down, 0 no change.
    """

    way: int | None = None
    change_bp: Decimal | None = None
    upper_pct: Decimal | None = None


def wish_of(preferred: str | None) -> Wish:
    """What the words of a dissent want of the rate.

    After "but" stands what parts them from the others: where that is not about the rate, the
    dissent is not.
    """
    text = plain(preferred or "").lower()
    parts = [part for part in _BUT.split(text) if _WISH.search(part)]
    told = parts[-1] if parts else text
    ways = [(1, _UP), (-1, _DOWN), (0, _SAME)]
    found = [(match.start(), way) for way, each in ways if (match := each.search(told))]
    if not found or not _WISH.search(told) or re.search(r"did not support", told):
        return Wish()
    way = min(found)[1]
    size, target = _POINTS.search(told), _RANGE.search(told)
    points = None if size is None else _number(size[1]) * (1 if size[2] else 100)
    change = Decimal(0) if way == 0 else None if points is None else way * points
    return Wish(way=way, change_bp=change, upper_pct=_number(target[2]) if target else None)


def lean_of(
    preferred: str | None,
    *,
    change_bp: Decimal | None,
    way: int | None,
    upper_pct: Decimal | None,
) -> Lean:
    """Which way a dissenter leaned.

    change_bp, way, upper_pct: of what was decided, each None where unknown.
    """
    wish = wish_of(preferred)
    for wanted, decided in (
        (wish.upper_pct, upper_pct),
        (wish.change_bp, change_bp),
        (wish.way, way),
    ):
        if wanted is not None and decided is not None and wanted != decided:
            return Lean.TIGHTER if wanted > decided else Lean.EASIER
    text = plain(preferred or "").lower()
    if wish.way is None and _TIGHTER.search(text):
        return Lean.TIGHTER
    if wish.way is None and _EASIER.search(text):
        return Lean.EASIER
    return Lean.OTHER


def _number(text: str) -> Decimal:
    """``1/4``, ``4-1/4``, ``4 1/4``, ``0.5``, ``25``."""
    whole, _, part = text.replace(" ", "-").partition("-")
    if not part and "/" in whole:
        whole, part = "0", whole
    above, _, below = part.partition("/")
    return Decimal(whole) + (Decimal(above) / Decimal(below) if below else 0)
