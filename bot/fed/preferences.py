"""What a dissenter wanted against what was done: tighter, easier, or something else.

A wish for the rate is read by the grammar of decisions and compared with the target.  Without
one, opposing purchases or accommodation is tighter, asking for more of it easier; wishes about
the wording of a statement are ``other``, and so is what is not understood.
After the table of dissents of the Federal Reserve Bank of St. Louis.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from bot.fed.decisions import tail
from bot.fed.policy_words import DOES, DOING, DONE, NOUNS, Act, fillers, target_object
from bot.fed.rates import Target, size_of
from bot.fed.tokens import Cursor, one_of, tokens
from bot.fed.typography import plain


class Direction(StrEnum):
    """Of a dissent, relative to the action taken: preferring a smaller cut is tighter."""

    TIGHTER = "tighter"
    EASIER = "easier"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was decided, as far as it is known."""

    act: Act | None
    target: Target | None
    step_pct: Decimal | None = None  # size of the move, positive


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What a voter wanted of the rate."""

    act: Act
    target: Target | None = None
    step_pct: Decimal | None = None
    bolder: bool | None = None  # a larger or a smaller step than was taken, without a size
    higher: bool | None = None  # a higher or a lower target than was set, without a size
    refused: bool = False  # the voter did not want the act


def direction(preferred: str | None, done: Done) -> Direction:
    """The direction of a dissent by what its voter preferred."""
    if preferred is None:
        return Direction.OTHER
    wishes = _wishes(preferred)
    for wish in wishes:
        if (told := _compared(wish, done)) is not None:
            return told
    if wishes:
        return Direction.OTHER
    return _of_accommodation(plain(preferred).lower(), done)


def wished_change_bp(preferred: str | None, previous: Target | None) -> Decimal | None:
    """By how many basis points a dissenter wanted to move the target, signed, 0 for no change.

    previous: the target before the meeting, for a wish that names a target alone.  None where no
    size is told.
    """
    for wish in _wishes(preferred or ""):
        if wish.refused:
            continue
        if wish.act is Act.HOLD:
            return Decimal(0)
        if wish.act in (Act.HIKE, Act.CUT) and wish.step_pct is not None:
            return wish.step_pct * (100 if wish.act is Act.HIKE else -100)
        if wish.target is not None and previous is not None:
            return (wish.target.upper_pct - previous.upper_pct) * 100
    return None


# --- wishes for the rate

_WISHES = one_of(
    "preferred prefer prefers preferring wanted favored favors favoring supported supports "
    "supporting advocated sought seeking wished urged"
)
_REFUSES = one_of("opposed opposes opposing objected objecting against")
_PUTS_OFF = one_of("postpone postponing delay delaying defer deferring forgo forgoing wait")
_CHANGES = {"smaller": False, "larger": True, "bigger": True, "lesser": False}
_LEVELS = {"higher": True, "lower": False}


def _wishes(preferred: str) -> list[_Wish]:
    row = tokens(preferred)
    return [wish for at in range(len(row)) if (wish := Cursor(row, at).attempt(_wish))]


def _wish(cursor: Cursor) -> _Wish | None:
    """What the verb at the cursor says was wanted, or not wanted."""
    denied = cursor.low(-1) in ("not", "never")
    if cursor.word(_WISHES):
        fillers(cursor)
        if cursor.phrase("not"):
            return _refused(cursor)
        if denied or cursor.attempt(_put_off):
            return _refused(cursor)
        return _wanted(cursor)
    if cursor.word(("support", "favor")) and denied:
        return _refused(cursor)
    if cursor.word(_REFUSES):
        return _refused(cursor)
    return _would_have(cursor)


def _wanted(cursor: Cursor) -> _Wish | None:
    for reader in (_act, _level, _change, _degree):
        if wish := cursor.attempt(reader):
            return wish
    return None


def _refused(cursor: Cursor) -> _Wish | None:
    wish = cursor.attempt(_act) or cursor.attempt(_change)
    return replace(wish, refused=True) if wish and wish.bolder is None else None


def _put_off(cursor: Cursor) -> bool | None:
    """'to postpone', 'waiting before'."""
    cursor.word(("to",))
    put_off = cursor.word(_PUTS_OFF)
    cursor.skip(("before", "with"))
    return True if put_off else None


def _would_have(cursor: Cursor) -> _Wish | None:
    """'would have lowered the target range by ...', 'would not have raised it'."""
    if not cursor.word(("would",)):
        return None
    denied = bool(cursor.skip(("not", "never")))
    cursor.word(("rather",))
    if not cursor.phrase("have"):
        return None
    word = cursor.word(DONE)
    wish = _acted(cursor, DONE[word]) if word else None
    return wish and replace(wish, refused=denied)


def _level(cursor: Cursor) -> _Wish | None:
    """'a higher target range', 'a target range of 3-1/2 to 3-3/4 percent'."""
    cursor.skip(("a", "the"))
    if level := cursor.word(_LEVELS):
        named = cursor.attempt(target_object) or cursor.word(("rates",))
        return _Wish(act=Act.SET, higher=_LEVELS[level]) if named else None
    aimed = cursor.attempt(tail) if cursor.attempt(target_object) else None
    return aimed and _Wish(act=Act.SET, target=aimed[1])


def _act(cursor: Cursor) -> _Wish | None:
    """'to lower the target range ... by ... to ...', 'maintaining the target range'."""
    cursor.word(("to",))
    fillers(cursor)
    word = cursor.word({**DOES, **DOING})
    if word is None:
        return None
    return _acted(cursor, {**DOES, **DOING}[word])


def _acted(cursor: Cursor, act: Act) -> _Wish | None:
    """The target and how far, behind the verb."""
    fillers(cursor)
    if not (cursor.attempt(target_object) or cursor.word(("rates", "it"))):
        return None
    if aimed := cursor.attempt(tail):
        return _Wish(act=act, target=aimed[1], step_pct=aimed[0])
    cursor.word(("by",))
    return _Wish(act=act, step_pct=cursor.attempt(size_of))


def _change(cursor: Cursor) -> _Wish | None:
    """'no change', 'an increase of 25 basis points in the target', 'a smaller reduction'."""
    if cursor.phrase("no", "change"):
        return _Wish(act=Act.HOLD)
    cursor.skip(("a", "an", "the", "any", "this"))
    bolder = _CHANGES.get(cursor.word(_CHANGES) or "")
    step = cursor.attempt(size_of)
    word = cursor.word(NOUNS)
    if word is None or cursor.low() == "bias":
        return None
    if cursor.phrase("of"):
        step = cursor.attempt(size_of)
        if step is None and not cursor.attempt(target_object):
            return None
    if cursor.word(("in",)) and not cursor.attempt(target_object):
        return None
    return _Wish(act=NOUNS[word], step_pct=step, bolder=bolder)


def _degree(cursor: Cursor) -> _Wish | None:
    """'less aggressive action'."""
    cursor.skip(("a", "an"))
    degree = cursor.word(("less", "more"))
    if degree is None or not cursor.word(("aggressive", "forceful")):
        return None
    return _Wish(act=Act.SET, bolder=degree == "more")


def _compared(wish: _Wish, done: Done) -> Direction | None:
    """None where the wish is what was done, or nothing to compare it with is known."""
    if wish.refused:
        return _toward(_against(wish.act)) if wish.act is done.act else None
    if wish.higher is not None:
        return Direction.TIGHTER if wish.higher else Direction.EASIER
    if wish.target is not None and done.target is not None:
        return _sign(wish.target.upper_pct - done.target.upper_pct)
    if wish.bolder is not None and done.act in (Act.HIKE, Act.CUT):
        return _toward(done.act if wish.bolder else _against(done.act))
    if wish.act not in (Act.HIKE, Act.CUT, Act.HOLD) or done.act is None:
        return None
    if wish.act != done.act:
        return _toward(_against(done.act) if wish.act is Act.HOLD else wish.act)
    if wish.step_pct is None or done.step_pct is None:
        return None
    larger = wish.step_pct - done.step_pct
    return _sign(larger if done.act is Act.HIKE else -larger)


def _sign(higher: Decimal) -> Direction | None:
    if higher == 0:
        return None
    return Direction.TIGHTER if higher > 0 else Direction.EASIER


def _toward(act: Act) -> Direction | None:
    return {Act.HIKE: Direction.TIGHTER, Act.CUT: Direction.EASIER}.get(act)


def _against(act: Act) -> Act:
    return {Act.HIKE: Act.CUT, Act.CUT: Act.HIKE}.get(act, act)


# --- wishes for accommodation

_EASE = (
    r"(?:(?:additional|further|more|continued|continuing|the|high|level|of|monetary|policy|asset"
    r"|securities|treasury) )*(?:accommodation|asset purchases?(?: program)?|securities purchases?"
    r"|purchases|maturity extension|stimulus|easing(?! bias))"
)
_NO_MORE = re.compile(
    r"(?:opposed|objected to|did not (?:support|favor)|does not support|against) "
    rf"(?:the |continu\w+ (?:of )?(?:the )?|any )*{_EASE}"
    rf"|risks of {_EASE} outweighed|concerned that .{{0,30}}{_EASE}"
    r"|exceptionally low levels? .* no longer (?:warranted|appropriate)"
    r"|less (?:policy |monetary )?accommodation"
)
_MORE = re.compile(
    rf"(?<!not )(?:supported|favored|preferred|wanted) (?:additional|further|more) {_EASE}"
    r"|(?:reduc\w+|chang\w+|taper\w+) .{0,40}purchase.* premature|more (?:policy )?accommodation"
    r"|downside risks? to .*inflation|low inflation readings"
)
_NO_ACTION = re.compile(r"not believe .*(?:justified|warranted) (?:policy )?(?:action|a change)")


def _of_accommodation(spelled: str, done: Done) -> Direction:
    if _NO_ACTION.search(spelled) and done.act is not None:
        return _toward(_against(done.act)) or Direction.OTHER
    if _NO_MORE.search(spelled):
        return Direction.TIGHTER
    return Direction.EASIER if _MORE.search(spelled) else Direction.OTHER
