"""How a roll call opens: for or against, what the vote was on, and where its names begin."""

from bot.fed.names import names
from bot.fed.tokens import Cursor

SET_OFF = frozenset((",", "-"))
"""What sets a name off without a verb before it: 'against - Ann Able - who'."""


def side_of(cursor: Cursor) -> str | None:
    """'Voting for', 'Voting (by notation) in favor of', 'Votes against', 'Dissenting'."""
    if cursor.word(("dissenting",)):
        return "against"
    if not cursor.word(("voting", "votes")):
        return None
    if cursor.word(("(",)):
        while not cursor.ended and not cursor.word((")",)):
            cursor.at += 1
    cursor.phrase("by", "notation")
    if cursor.phrase("in", "favor"):
        cursor.word(("of",))
        return "for"
    return cursor.word(("for", "against"))


def subject_of(cursor: Cursor) -> set[str] | None:
    """The words up to 'was', 'were' or ':', or a dash or comma before a name; None where the list
    does not come soon."""
    told: set[str] = set()
    for _ in range(12):
        if cursor.word((":",)):
            return told
        if cursor.word(("was", "were", "is", "are")):
            cursor.word((":",))
            cursor.skip(SET_OFF)
            return told
        if cursor.attempt(_set_off_names):
            return told
        if cursor.ended:
            return None
        told.add(cursor.low())
        cursor.at += 1
    return None


def _set_off_names(cursor: Cursor) -> bool | None:
    """', Ann Able' or ' - Ann Able' without a verb before it; the names are left to be read."""
    if not cursor.skip(SET_OFF):
        return None
    return names(Cursor(cursor.row, cursor.at)) is not None or None
