"""A statement of the Federal Open Market Committee: its target and its vote."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from bot.fed.decisions import (
    Decision,
    Form,
    decisions,
    directs_the_desk,
    looks_like_decision,
    restated,
)
from bot.fed.plausible import is_possible
from bot.fed.policy_words import Act
from bot.fed.preferences import Done, direction
from bot.fed.rates import Target
from bot.fed.recaps import recaps
from bot.fed.sentences import sentences
from bot.fed.votes import Votes, read_votes

_FIRST_ROLL_CALL = date(2002, 3, 19)
"""The first statement that told who voted how.  Source: press releases of the Federal Reserve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a statement says.  Source: press releases of the Federal Reserve since 2000.

    ``unread`` names each sentence that decides or votes and could not be read, and what does not
    fit together.  Where it is not empty, nothing was guessed: who shows the statement must say so.
    """

    target: Target | None
    act: Act | None  # as the words say it; Act.SET where they tell no direction
    step_pct: Decimal | None  # percentage points, positive; as stated, else against the previous
    form: Form | None
    votes: Votes
    evidence: tuple[str, ...]  # the sentences that tell target and votes, as written
    unread: tuple[str, ...]


def read_statement(
    paragraphs: Sequence[str],
    *,
    title: str | None = None,
    previous: Target | None = None,
    published_on: date | None = None,
) -> Statement:
    """The target and the vote that a statement's paragraphs tell.

    title: helps to tell an announcement without a decision from a statement that lacks one.
    previous: the target before, where it is known.  With it the size of a move is known where the
    text tells none, and words that contradict it are ``unread``.
    published_on: where it is known, a target of a sort that the day had not is ``unread``, and a
    meeting of a day before is not that of the statement.
    """
    told = [sentence for paragraph in paragraphs for sentence in sentences(paragraph)]
    votes = read_votes(told, published_on=published_on)
    body = [sentence for sentence in told if sentence not in votes.roll]
    found = _found(body, published_on)
    possible = all(is_possible(each, published_on) for each in found)
    decided = _chosen(found) if possible else None
    done = _done(decided, previous)
    if decided and _is_regular(title) and not _before_roll_calls(published_on):
        votes = _expected(votes)
    unread = (
        *(each.sentence for each in found if not is_possible(each, published_on)),
        *_unread(body, found, published_on),
        *votes.unread,
        *_missing(body, found, votes, title),
        *_contradicted(done, previous),
    )
    return Statement(
        target=done.target,
        act=done.act,
        step_pct=done.step_pct,
        form=decided.form if decided else None,
        votes=_with_directions(votes, done),
        evidence=tuple(dict.fromkeys([*(each.sentence for each in found), *votes.evidence])),
        unread=tuple(dict.fromkeys(unread)),
    )


def _expected(votes: Votes) -> Votes:
    """The votes of a text that must tell some; where it does not, it may have been cut off."""
    if votes.told or votes.unread:
        return votes
    return replace(votes, unread=("no vote was found",))


def _before_roll_calls(published_on: date | None) -> bool:
    """Whether statements of that day told no vote."""
    return published_on is not None and published_on < _FIRST_ROLL_CALL


def _found(body: Sequence[str], published_on: date | None) -> list[Decision]:
    """Decisions; where there is none, the target that is repeated as the current one."""
    today = [sentence for sentence in body if not recaps(sentence, published_on)]
    decided = [each for sentence in today for each in decisions(sentence)]
    return decided or [each for sentence in body if (each := restated(sentence))]


def _chosen(found: Sequence[Decision]) -> Decision | None:
    """The one that all agree with on the target; what is said to be decided goes before the rest.

    'The target range has been lowered to ...' may tell of the past: its act is not today's.
    """
    if len({each.target for each in found}) != 1:
        return None
    return next((each for each in found if looks_like_decision(each.sentence)), found[0])


def _done(decided: Decision | None, previous: Target | None) -> Done:
    if decided is None:
        return Done(act=None, target=None)
    act, step = decided.act, decided.step_pct
    if previous is not None:
        moved = decided.target.upper_pct - previous.upper_pct
        step = abs(moved) if step is None and moved else step
        if act is Act.SET:
            act = Act.HIKE if moved > 0 else Act.CUT if moved < 0 else Act.HOLD
    return Done(act=act, target=decided.target, step_pct=step)


def _with_directions(votes: Votes, done: Done) -> Votes:
    told = tuple(replace(no, direction=direction(no.preferred, done)) for no in votes.dissents)
    return replace(votes, dissents=told)


def _unread(
    body: Sequence[str], found: Sequence[Decision], published_on: date | None
) -> tuple[str, ...]:
    """Sentences that decide on a target in words that are not known, or that contradict.

    A decision of the past is among them where none of today is told.
    """
    if len({each.target for each in found}) > 1:
        return tuple(dict.fromkeys(each.sentence for each in found))
    read = {each.sentence for each in found}
    rest = [each for each in body if each not in read and not directs_the_desk(each)]
    return tuple(
        sentence
        for sentence in rest
        if (decisions(sentence) or looks_like_decision(sentence))
        and not (found and recaps(sentence, published_on))
    )


def _missing(
    body: Sequence[str], found: Sequence[Decision], votes: Votes, title: str | None
) -> tuple[str, ...]:
    """What is amiss where a statement tells no target at all."""
    if found or any(map(directs_the_desk, body)):
        return ()
    if votes.told and votes.on_action:
        return ("a vote on the policy action, but no sentence that tells the target",)
    if not votes.told and _is_regular(title):
        return ("neither a decision on the target nor a vote was found",)
    return ()


def _is_regular(title: str | None) -> bool:
    return (title or "").strip().lower().endswith("fomc statement")


def _contradicted(done: Done, previous: Target | None) -> tuple[str, ...]:
    """What the words say of the move, where the target before says otherwise."""
    if previous is None or done.target is None:
        return ()
    moved = done.target.upper_pct - previous.upper_pct
    fits = {Act.HIKE: moved > 0, Act.CUT: moved < 0, Act.HOLD: moved == 0}
    if done.act is not None and not fits.get(done.act, True):
        return (f"the words say {done.act}, but the target moves by {moved} percentage points",)
    if moved and done.step_pct is not None and done.step_pct != abs(moved):
        return (f"the words say a step of {done.step_pct}, but the target moves by {moved}",)
    return ()
