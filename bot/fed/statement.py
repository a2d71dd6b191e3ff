"""A statement of the Federal Open Market Committee: its target and its vote."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.fed.decisions import (
    Decision,
    Form,
    decisions,
    directs_the_desk,
    looks_like_decision,
    restated,
)
from bot.fed.policy_words import Act
from bot.fed.rates import Target
from bot.fed.sentences import sentences
from bot.fed.votes import Votes, read_votes


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a statement says.  Source: press releases of the Federal Reserve since 2000.

    ``unread`` names each sentence that decides or votes and could not be read.  Where it is not
    empty, nothing of the target was guessed: who shows the statement must say so.
    """

    target: Target | None
    act: Act | None  # as the words say it; Act.SET where they tell no direction
    step_pct: Decimal | None  # percentage points, only where stated (not from 2008-12 to 2024-08)
    form: Form | None
    votes: Votes
    evidence: tuple[str, ...]  # the sentences that tell target and votes, as written
    unread: tuple[str, ...]


def read_statement(paragraphs: Sequence[str], *, title: str | None = None) -> Statement:
    """The target and the vote that a statement's paragraphs tell.

    ``title`` helps to tell an announcement without a decision from a statement that lacks one.
    """
    told = [sentence for paragraph in paragraphs for sentence in sentences(paragraph)]
    votes = read_votes(told)
    body = [sentence for sentence in told if sentence not in votes.roll]
    found = [each for sentence in body for each in decisions(sentence)]
    if not found:
        found = [each for sentence in body if (each := restated(sentence))]
    unread = (*_unread(body, found), *votes.unread, *_missing(body, found, votes, title))
    decided = found[0] if found and len({each.target for each in found}) == 1 else None
    return Statement(
        target=decided.target if decided else None,
        act=decided.act if decided else None,
        step_pct=decided.step_pct if decided else None,
        form=decided.form if decided else None,
        votes=votes,
        evidence=tuple(dict.fromkeys([*(each.sentence for each in found), *votes.evidence])),
        unread=unread,
    )


def _unread(body: Sequence[str], found: Sequence[Decision]) -> tuple[str, ...]:
    """Sentences that decide on a target in words that are not known, or that contradict."""
    if len({each.target for each in found}) > 1:
        return tuple(dict.fromkeys(each.sentence for each in found))
    read = {each.sentence for each in found}
    return tuple(
        sentence
        for sentence in body
        if sentence not in read and not directs_the_desk(sentence) and looks_like_decision(sentence)
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
    return bool(title) and (title or "").strip().lower().endswith("fomc statement")
