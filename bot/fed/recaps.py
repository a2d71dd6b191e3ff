"""Sentences set in the past: what the Committee did at an earlier meeting is no decision of today.

    recap = past setting ... Committee did     "In September, the Committee raised its target"
          | Committee past setting did         "The Committee at its October meeting lowered ..."
          | Committee has done                 "The Committee has lowered the target range"
          | meeting of a day before            "At its meeting on October 29, the Committee lowered"

'Today' or 'at this meeting' before or right behind the deed brings it into the present again.
"""

from datetime import date
from itertools import pairwise

from bot.fed.policy_words import COMMITTEE, DECIDES, DOES, DOING, DONE, NOUNS
from bot.fed.tokens import Cursor, Token, one_of, tokens

_MONTHS = one_of(
    "january february march april may june july august september october november december"
)
_WEEKDAYS = one_of("monday tuesday wednesday thursday friday saturday sunday")
_BEFORE_A_MONTH = one_of("in on during by between from through until early late mid since")
_MEETINGS = one_of("last previous prior preceding earlier recent") | _MONTHS
_SPANS = one_of("week weeks month months quarter year years meeting meetings") | _MONTHS
_DEEDS = frozenset((*DECIDES, *DOES, *DOING, *DONE, *NOUNS))


def recaps(sentence: str, published_on: date | None = None) -> bool:
    """Whether what the sentence tells of the Committee was done before the day of the statement.

    published_on: that day; where it is not known, a meeting with a date alone is taken for today's.
    """
    row = tokens(sentence)
    actor = next((at for at, token in enumerate(row) if token.low in COMMITTEE), -1)
    deed = next((at for at in range(actor + 1, len(row)) if row[at].low in _DEEDS), len(row))
    head = row[:deed]
    if _now(row[: deed + 2]):
        return False
    return (
        _opens_in_the_past(head)
        or any(Cursor(head, at).attempt(_past_setting) for at in range(actor + 1, deed))
        or any(Cursor(head, at).attempt(_earlier_meeting) for at in range(deed))
        or any(_met_before(Cursor(head, at), published_on) for at in range(deed))
        or _has_done(row, deed)
    )


def _now(told: tuple[Token, ...]) -> bool:
    words = [token.low for token in told]
    return "today" in words or ("this", "meeting") in pairwise(words)


def _opens_in_the_past(head: tuple[Token, ...]) -> bool:
    return bool(head) and (head[0].low == "since" or bool(Cursor(head).attempt(_past_setting)))


def _past_setting(cursor: Cursor) -> bool | None:
    """'in September', 'on March 3', 'in 2022', 'last month', 'earlier this year', 'previously'."""
    if cursor.word(("previously", "formerly")):
        return True
    if cursor.word(("earlier",)):
        return cursor.phrase("this") or cursor.phrase("in") or None
    if cursor.low(-1) in ("meeting", "call") or (cursor.low(-1), cursor.low()) == ("met", "on"):
        return None  # of which day it was ``_met_before`` tells
    placed = cursor.skip((*_BEFORE_A_MONTH, "over", "the", "-"))
    if cursor.word(("last", "past")):
        return bool(cursor.word(_SPANS)) or None
    return True if placed and (cursor.word(_MONTHS) or _year(cursor)) else None


def _year(cursor: Cursor) -> bool:
    return cursor.kind() == "whole" and len(cursor.low()) == 4


def _earlier_meeting(cursor: Cursor) -> bool | None:
    """'at its October meeting', 'at the previous meeting', but not 'since its October meeting'."""
    if not cursor.word(("at", "in", "during", "following", "after")):
        return None
    if not cursor.word(("its", "the", "their", "our")):
        return None
    cursor.skip(("most", "regular", "scheduled"))
    if not cursor.word(_MEETINGS):
        return None
    while cursor.kind() in ("whole", "mark"):
        cursor.at += 1
    cursor.skip(("policy", "regular", "scheduled"))
    return bool(cursor.word(("meeting", "meetings"))) or None


def _met_before(cursor: Cursor, published_on: date | None) -> bool:
    """'meeting on October 28-29, 2025', 'met on October 29', of another day than the statement's.

    The day of a meeting is its last one.
    """
    if "since" in (cursor.low(-3), cursor.low(-2), cursor.low(-1)):
        return False
    if published_on is None or not cursor.word(("meeting", "met")):
        return False
    cursor.skip(("held", "on", "of", ",", *_WEEKDAYS))
    month = cursor.word(_MONTHS)
    days = []
    while month and (cursor.kind() == "whole" or cursor.low() in ("-", "and", "to", *_MONTHS)):
        month = cursor.low() if cursor.low() in _MONTHS else month
        days += [cursor.low()] if cursor.kind() == "whole" else []
        cursor.at += 1
    return bool(days) and (month, int(days[-1])) != _month_and_day(published_on)


def _month_and_day(day: date) -> tuple[str, int]:
    return f"{day:%B}".lower(), day.day


def _has_done(row: tuple[Token, ...], deed: int) -> bool:
    """'has lowered', 'had decided'; 'has decided' is how a decision of today is told as well."""
    at = deed - 1
    while at >= 0 and row[at].low in ("already", "now", "been", "also", "further"):
        at -= 1
    done = row[deed].low if deed < len(row) else ""
    before = row[at].low if at >= 0 else ""
    if before == "had":
        return True
    return before == "has" and done in DONE and done not in DECIDES
