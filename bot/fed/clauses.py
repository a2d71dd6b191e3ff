"""Clauses of a sentence that tells what several dissenters wanted, each with its own subject.

sentence = clause ((";" | "," | "and" | "while" | "whereas" | "but")+ clause)*
clause   = subject verb words
subject  = names | "the former" | "the latter"
"""

from bot.fed.names import names
from bot.fed.tokens import Cursor, Token, one_of

WISHED = one_of(
    "preferred preferring prefers wanted wanting favored favoring supported supporting advocated "
    "advocating sought seeking wished urged urging opposed opposing objected argued arguing would "
    "believed believing dissented voted judged saw did"
)
"""Verbs by which a text tells what a voter wanted."""

_JOINTS = one_of("; , - and while whereas but")
_SHARED_OUT = one_of("respectively")


def clauses(row: tuple[Token, ...], spelled: str) -> tuple[str, ...]:
    """The sentence cut before each further subject that has a verb of its own.

    row: the tokens of ``spelled``.  'A and B preferred ...' is one clause, for A has no verb.
    """
    cut, start, told = [], 0, False
    for at, token in enumerate(row):
        behind = Cursor(row, at)
        if told and behind.skip(_JOINTS) and _subject_and_verb(Cursor(row, behind.at)):
            cut.append(spelled[start : token.start])
            start, told = row[behind.at].start, False
        told = told or (token.low in WISHED and token.start >= start)
    return (*cut, spelled[start:])


def former_or_latter(row: tuple[Token, ...]) -> int | None:
    """0 where the clause speaks of 'the former', 1 of 'the latter', None of neither."""
    cursor = Cursor(row)
    if not cursor.word(("the",)):
        return None
    return {"former": 0, "latter": 1}.get(cursor.low())


def shares_out(row: tuple[Token, ...], subjects: frozenset[str]) -> bool:
    """Whether one clause gives several of these people wishes that can not be told apart."""
    named = [at for at, token in enumerate(row) if token.text in subjects]
    if len({row[at].text for at in named}) < 2:
        return False
    between = {token.low for token in row[named[0] : named[-1]]}
    return bool(between & WISHED or {token.low for token in row} & _SHARED_OUT)


def _subject_and_verb(cursor: Cursor) -> bool:
    if former_or_latter(tuple(cursor.row[cursor.at :])) is not None:
        return True
    return cursor.attempt(names) is not None and cursor.low() in WISHED
