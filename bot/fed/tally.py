"""The tally of the form since June 2026: how many voted for and against, without their names.

tally = NUMBER ("-" | "to") NUMBER ["-" NUMBER] "vote" | "vote of" NUMBER ("-" | "to") NUMBER
"""

from collections.abc import Sequence

from bot.fed.tokens import Cursor, Token

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


def tally_of(row: Sequence[Token]) -> Tally | None:
    """The tally in a sentence about the Committee; None where it tells none, or the Board's."""
    words = {token.low for token in row}
    if words & {"governors", "board"} or not words & {"committee", "fomc"}:
        return None
    for at in range(len(row)):
        tally = Cursor(row, at).attempt(_counts)
        if tally is None and "statement" in words:
            tally = Cursor(row, at).attempt(_unanimous)
        if tally:
            return tally
    return None


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


def _unanimous(cursor: Cursor) -> Tally | None:
    """'approved the statement by a unanimous vote': nobody against."""
    said = cursor.phrase("by", "a", "unanimous", "vote") or cursor.phrase("unanimously", "approved")
    return (None, 0) if said else None


def _count(cursor: Cursor) -> int | None:
    token = cursor.peek()
    if token is None:
        return None
    if token.kind == "whole" and int(token.text) <= _LARGEST:
        cursor.at += 1
        return int(token.text)
    word = cursor.word(_COUNTS)
    return None if word is None else _COUNTS[word]
