"""The sentence in which the Committee decides on its target, read as a grammar.

    decision  = governed act object tail        "decided to lower its target ... to 3 percent"
              | object was done tail            "the target range was left at ..."
              | governed change in object tail  "approved a reduction in its target ... to ..."
    object    = its target [range] for the federal funds rate | the federal funds rate target ...
    tail      = [by size] [from target] (at | to | of ...) target

Between what governs and what is done stands nobody else who wants, expects or directs something:
so a dissenter's wish, a forecast or the Desk's directive is no decision.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bot.fed.policy_words import (
    AUXILIARIES,
    COMMITTEE,
    DECIDES,
    DOES,
    DOING,
    DONE,
    NOUNS,
    OTHERS,
    REAFFIRMS,
    Act,
    fillers,
    target_object,
)
from bot.fed.rates import Target, size_of, target_of
from bot.fed.tokens import Cursor, Token, tokens


class Form(StrEnum):
    """How a text tells its target."""

    DECIDED = "decided"
    REAFFIRMED = "reaffirmed"
    RESTATED = "restated"  # no decision sentence, only "the current ... target range"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A target as one sentence tells it."""

    act: Act
    target: Target
    step_pct: Decimal | None  # percentage points, only where the sentence states them
    form: Form
    sentence: str


_Told = tuple[Act, Target, Decimal | None, Form]
_Row = tuple[Token, ...]

_SUBJECT_WITHIN = 14
"""Words between the Committee and its verb at most: 'at its meeting on December 19, 2000,'."""


def decisions(sentence: str) -> tuple[Decision, ...]:
    """Every decision on the target that the sentence tells; none where it is about others."""
    row = tokens(sentence)
    return tuple(
        Decision(act=act, target=target, step_pct=step, form=form, sentence=sentence)
        for act, target, step, form in _told(row)
    )


def restated(sentence: str) -> Decision | None:
    """The target that a sentence mentions as the current one, without deciding on it."""
    row = tokens(sentence)
    for at in range(len(row)):
        if target := Cursor(row, at).attempt(_current):
            return Decision(
                act=Act.HOLD, target=target, step_pct=None, form=Form.RESTATED, sentence=sentence
            )
    return None


def directs_the_desk(sentence: str) -> bool:
    """Whether a sentence repeats the target in a directive: 'directs the Desk to ... maintain'."""
    words = {token.low for token in tokens(sentence)}
    return {"desk", "target"} <= words and not words.isdisjoint({"directs", "direct", "directed"})


def looks_like_decision(sentence: str) -> bool:
    """Whether the Committee does something to its target here, as far as single words tell."""
    row = tokens(sentence)
    words = {token.low for token in row}
    aims = "target" in words or {"federal", "funds", "rate"} <= words
    numbers = any(token.kind in ("whole", "decimal", "fraction") for token in row)
    return aims and (numbers or "percent" in words) and _acts(row)


def _acts(row: _Row) -> bool:
    return any(
        token.low in DECIDES
        and _subject_before(row, at)
        and any(word.low == "target" or word.low == "funds" for word in row[at:])
        for at, token in enumerate(row)
    )


def _told(row: _Row) -> Iterator[_Told]:
    for at in range(len(row)):
        for reader in (_active, _passive, _nominal, _reaffirmed):
            if told := Cursor(row, at).attempt(reader):
                yield told
                break


def _active(cursor: Cursor) -> _Told | None:
    """'to lower its target ... to', 'keeping ... at', 'will maintain ... at', 'today raised'."""
    start, row = cursor.at, tuple(cursor.row)
    word = cursor.word({**DOES, **DOING, **DONE})
    if word is None or not _governed_act(row, start, word):
        return None
    fillers(cursor)
    act = DOES.get(word) or DOING.get(word) or DONE[word]
    if target := cursor.attempt(_named_by_its_rate):
        return act, target, None, Form.DECIDED
    if not (cursor.attempt(target_object) or cursor.attempt(_it)):
        return None
    return _with_tail(cursor, act)


def _named_by_its_rate(cursor: Cursor) -> Target | None:
    """'the 3-1/2 to 3-3/4 percent target range'."""
    cursor.skip(("the", "its", "a", "current"))
    target = cursor.attempt(target_of)
    return target if target and cursor.attempt(target_object) else None


def _passive(cursor: Cursor) -> _Told | None:
    """'the target range for the federal funds rate was left unchanged at', '... remains at'."""
    start, row = cursor.at, tuple(cursor.row)
    which = bool(cursor.word(("which",)))
    if not which and not cursor.attempt(target_object):
        return None
    fillers(cursor)
    auxiliary = cursor.word(AUXILIARIES)
    if auxiliary is None:
        return None
    cursor.skip(AUXILIARIES)
    stays = cursor.low(-1) in ("remain", "remains", "remained", "stays", "is")
    fillers(cursor)
    word = cursor.word(DONE)
    if not word and not stays:
        return None
    before = row[:start]
    said = _decided_that(row, start) or (which and _mentions_object(before))
    if not said and (auxiliary == "should" or _belongs_to_others(row, start)):
        return None
    if stays and not word and (target := cursor.attempt(target_of)):
        return Act.HOLD, target, None, Form.DECIDED
    return _with_tail(cursor, DONE[word] if word else Act.HOLD)


def _nominal(cursor: Cursor) -> _Told | None:
    """'approved a 25-basis-point increase in its target ... to', 'a reduction of ... in'."""
    start, row = cursor.at, tuple(cursor.row)
    word = cursor.word(NOUNS)
    if word is None or not _governed(row, start, DECIDES | {"approved", "announced", "made"}):
        return None
    step = _step_before(row, start)
    if cursor.phrase("of"):
        step = cursor.attempt(size_of)
    if not cursor.word(("in", "to")) or not cursor.attempt(target_object):
        return None
    told = _with_tail(cursor, NOUNS[word])
    return told and (told[0], told[1], told[2] if told[2] is not None else step, told[3])


def _step_before(row: _Row, at: int) -> Decimal | None:
    for start in range(max(0, at - 6), at):
        cursor = Cursor(row, start)
        step = cursor.attempt(size_of)
        if step is not None and cursor.at == at:
            return step
    return None


def _reaffirmed(cursor: Cursor) -> _Told | None:
    """'reaffirmed its view that the current 0 to 1/4 percent target range ... remains'."""
    start, row = cursor.at, tuple(cursor.row)
    if not cursor.word(REAFFIRMS) or not _subject_before(row, start):
        return None
    for at in range(cursor.at, len(row)):
        if target := Cursor(row, at).attempt(_current):
            return Act.HOLD, target, None, Form.REAFFIRMED
    return None


def _with_tail(cursor: Cursor, act: Act) -> _Told | None:
    aimed = cursor.attempt(tail)
    return aimed and (act, aimed[1], aimed[0], Form.DECIDED)


def tail(cursor: Cursor) -> tuple[Decimal | None, Target] | None:
    """[by size] [from target] (at | to | of | in a range of) target."""
    fillers(cursor)
    step = cursor.attempt(_step)
    fillers(cursor)
    for before in (_from, _from_point, _nothing):
        if target := cursor.attempt(lambda c, before=before: _aim(c) if before(c) else None):  # type: ignore[misc]
            return step, target
    return None


def _nothing(cursor: Cursor) -> bool:
    del cursor
    return True


def _from(cursor: Cursor) -> bool:
    """'from 3 to 3-1/4 percent'."""
    return cursor.phrase("from") and cursor.attempt(target_of) is not None


def _from_point(cursor: Cursor) -> bool:
    """'from 3 percent', where a target behind 'to' follows."""
    if not cursor.phrase("from"):
        return False
    while not cursor.ended and cursor.kind() != "word":
        cursor.at += 1
    return bool(cursor.word(("percent",)))


def _step(cursor: Cursor) -> Decimal | None:
    cursor.word(("by",))
    cursor.skip(("an", "a", "another", "additional", "further"))
    return cursor.attempt(size_of)


def _aim(cursor: Cursor) -> Target | None:
    fillers(cursor)
    if not cursor.word(("at", "to", "of", "in", "within", "between")):
        return None
    if cursor.low(-1) == "between":
        cursor.at -= 1
    fillers(cursor)
    if cursor.word(("a", "the")):
        cursor.skip(("target", "new", "range", "level", "rate"))
        cursor.word(("of", "from"))
    return cursor.attempt(target_of)


def _current(cursor: Cursor) -> Target | None:
    """'current 0 to 1/4 percent target range', 'current target range of 0 to 1/4 percent'."""
    if not cursor.word(("current", "existing", "present")):
        return None
    cursor.skip(("exceptionally", "low"))
    if target := cursor.attempt(target_of):
        cursor.word(("-",))
        return target if cursor.attempt(target_object) else None
    if not cursor.attempt(target_object):
        return None
    return cursor.attempt(_aim)


def _it(cursor: Cursor) -> bool | None:
    """'it' where the target stood before it in the sentence."""
    before = tuple(cursor.row)[: cursor.at]
    return True if cursor.word(("it", "them")) and _mentions_object(before) else None


def _mentions_object(row: _Row) -> bool:
    return any(Cursor(row, at).attempt(target_object) for at in range(len(row)))


def _governed_act(row: _Row, at: int, word: str) -> bool:
    if _done_by_the_committee(row, at, word):
        return True
    if word in DOING:
        return _governed(row, at, DECIDES, blocking=OTHERS - {"not"})
    return word in DOES and _governed(row, at, DECIDES)


def _done_by_the_committee(row: _Row, at: int, word: str) -> bool:
    """'The Committee today lowered', 'the Committee will maintain', '... is raising'."""
    place = at - 1
    while place >= 0 and row[place].low in ("today", "also", "unanimously", "further", "has"):
        place -= 1
    before = row[place].low if place >= 0 else ""
    if (before == "will" and word in DOES) or (before == "is" and word in DOING):
        place -= 1
    elif word not in DONE:
        return False
    return place >= 0 and row[place].low in COMMITTEE and not _belongs_to_others(row, place)


def _belongs_to_others(row: _Row, at: int) -> bool:
    return any(token.low in OTHERS for token in row[:at])


def _governed(
    row: _Row, at: int, verbs: "frozenset[str]", blocking: "frozenset[str]" = OTHERS
) -> bool:
    """Whether, going back, the Committee's verb comes before anybody else's."""
    for place in range(at - 1, -1, -1):
        if row[place].low in verbs and _subject_before(row, place):
            return True
        if row[place].low in blocking:
            return False
    return False


def _decided_that(row: _Row, at: int) -> bool:
    """'the Committee decided that ...' directly before the place."""
    return (
        at >= 2
        and row[at - 1].low == "that"
        and row[at - 2].low in DECIDES
        and _subject_before(row, at - 2)
    )


def _subject_before(row: _Row, at: int) -> bool:
    """Whether the Committee stands before its verb, with nobody else in between."""
    for place in range(at - 1, max(-1, at - _SUBJECT_WITHIN), -1):
        word = row[place].low
        if word in COMMITTEE:
            return True
        if word in OTHERS:
            return False
    return at >= 1 and row[at - 1].low == "it" and at == 1
