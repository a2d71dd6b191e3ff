"""The tally of the form since June 2026: how many voted for and against, without their names.

    tally     = counts "vote" | "vote of" counts
    counts    = NUMBER ("-" | "to") NUMBER ["-" NUMBER]
    unanimous = "by a unanimous vote" | "unanimously" | "vote" ... "was unanimous"

Of a vote that is only said to be unanimous it is known that nobody was against, not how many voted.
"""

from collections.abc import Sequence, Set

from bot.fed.tokens import Cursor, Token, one_of

Tally = tuple[int | None, int]
"""Votes for, None where only 'unanimous' is said, and votes against."""

_COUNTS = {
    word: count
    for count, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    )
} | {"no": 0, "eleven": 11, "twelve": 12}
_LARGEST = 19
"""No vote of the Committee counts more: 7 governors and 12 presidents sit at its table."""

_DECISION = one_of("decision action target statement")
_NOT_UNANIMOUS = one_of("not nearly almost but except longer-run goals principles plans")
"""Words that take a unanimity back, or are about another statement than that of the decision."""


def tally_of(row: Sequence[Token]) -> Tally | None:
    """The tally in a sentence about the Committee; None where it tells none, or the Board's."""
    words = {token.low for token in row}
    if words & {"governors", "board"} or not words & {"committee", "committee's", "fomc"}:
        return None
    for at in range(len(row)):
        if tally := Cursor(row, at).attempt(_counts):
            return tally
    return (None, 0) if _is_unanimous(words) else None


def _counts(cursor: Cursor) -> Tally | None:
    """'12 - 0 vote', 'vote of 11 to 1', 'voted 10-2', '11-0-1 vote' with abstentions."""
    if cursor.low(-1) in ("-", "to"):
        return None
    before = cursor.word(("vote", "voted"))
    cursor.phrase("of")
    ayes = _count(cursor)
    if ayes is None or not cursor.word(("-", "to", ":")):
        return None
    noes = _count(cursor)
    cursor.word(("-",))
    _count(cursor)
    cursor.word(("-",))
    if noes is None or not (before or cursor.word(("vote", "margin"))):
        return None
    return ayes, noes


def _is_unanimous(words: Set[str]) -> bool:
    """Whether nobody is said to be against the Committee's decision, or its statement."""
    said, about = words & {"unanimous", "unanimously"}, words & _DECISION
    return bool(said and about) and not words & _NOT_UNANIMOUS


def _count(cursor: Cursor) -> int | None:
    token = cursor.peek()
    if token is None:
        return None
    if token.kind == "whole" and int(token.text) <= _LARGEST:
        cursor.at += 1
        return int(token.text)
    word = cursor.word(_COUNTS)
    return None if word is None else _COUNTS[word]
