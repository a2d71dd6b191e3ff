"""A decision on the target as fields of a fact: what was decided, by how much, and against whom.

The previous target is given, never carried over: without it the size of a move is known only where
the statement states it (it does not from December 2008 to August 2024).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bot.fed.documents import Article
from bot.fed.names import surname
from bot.fed.policy_words import Act
from bot.fed.preferences import Direction, wished_change_bp
from bot.fed.rates import Target
from bot.fed.reading import statement_of
from bot.fed.statement import Statement
from bot.fed.votes import Dissent, Votes

_WAYS = {Act.HIKE: 1, Act.CUT: -1, Act.HOLD: 0}
_ACTIONS = {1: "hike", -1: "cut", 0: "hold"}
_VERBS = {"hike": "raises", "cut": "cuts", "hold": "holds"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a statement decides, beside the target before it.

    action: hike, cut, hold; none where the text decides nothing on the rate; unread where it could
    not be read, and then nothing of it is told; None where the words tell no direction and the
    target before is unknown.
    change_bp: signed; None where it is neither stated nor the target before known, or where they
    contradict each other.
    quality: marks of doubt.
    """

    action: str | None
    statement: Statement
    target: Target | None = None
    previous: Target | None = None
    change_bp: Decimal | None = None
    quality: tuple[str, ...] = ()


def decide(article: Article, previous: Target | None) -> Decided:
    """What the article of a statement decides; previous: the target before it, where known.

    A text that contradicts the stored target before it is taken at its word, and marked: that one
    may not be the one before.
    """
    alone = statement_of(article)
    if not _is_read(alone):
        return Decided(action="unread", statement=alone)
    if alone.target is None:
        return Decided(action="none", statement=alone)
    quality = ["votes_unread"] if alone.votes.unread else []
    quality += ["votes_contradict"] if alone.votes.contradicted else []
    statement = statement_of(article, previous)
    if not _is_read(statement):
        quality.append("change_disagrees")
        statement, previous = alone, None
    way = None if statement.act is None else _WAYS.get(statement.act)
    return Decided(
        action=None if way is None else _ACTIONS[way],
        statement=statement,
        target=statement.target,
        previous=previous,
        change_bp=_change_bp(statement, way),
        quality=tuple(quality),
    )


def decision_fields(decided: Decided) -> dict[str, Any]:
    """Fields of the kind ``fed_decision`` that a statement and the target before it tell."""
    statement, votes = decided.statement, decided.statement.votes
    known = decided.target is not None
    dissents = votes.dissents if known else ()
    return {
        "action": decided.action,
        "told": told_of(decided),
        **_ends("target", decided.target),
        **_ends("previous", decided.previous),
        "change_bp": None if decided.change_bp is None else float(decided.change_bp),
        "votes_for": votes.votes_for if known else None,
        "votes_against": votes.votes_against if known else None,
        **{
            f"dissents_{way}": sum(each.direction is way for each in dissents)
            if known and votes.told
            else None
            for way in Direction
        },
        "dissenters": ", ".join(each.name for each in dissents) or None,
        "quality": " ".join(decided.quality) or None,
        "dissents": [
            {"name": each.name, "preferred": each.preferred, "lean": each.direction}
            for each in dissents
        ]
        or None,
        "evidence": {"sentences": list(statement.evidence), "unread": list(statement.unread)},
    }


def told_of(decided: Decided) -> str:
    """The decision in a line: ``cuts 25 bp to 4.00–4.25 %, 11–1 (Miran for −50)``."""
    if decided.action == "unread":
        return "statement could not be read"
    if decided.target is None:
        return "statement decides nothing on the rate"
    return ", ".join(_parts(decided, decided.target))


def _is_read(statement: Statement) -> bool:
    """Whether all that tells of the target was read; of the votes another mark tells."""
    return not set(statement.unread) - set(statement.votes.unread)


def _change_bp(statement: Statement, way: int | None) -> Decimal | None:
    if way == 0:
        return Decimal(0)
    if way is None or statement.step_pct is None:
        return None
    return way * statement.step_pct * 100


def _ends(name: str, target: Target | None) -> dict[str, float | None]:
    """Both ends of a target as statistics count them."""
    return {
        f"{name}_lower_pct": None if target is None else float(target.lower_pct),
        f"{name}_upper_pct": None if target is None else float(target.upper_pct),
    }


def _parts(decided: Decided, target: Target) -> Iterator[str]:
    verb = _VERBS.get(decided.action or "", "sets its target")
    size = f" {_bp(decided.change_bp)} bp" if decided.change_bp else ""
    place = "to" if decided.action in ("hike", "cut") else "at"
    yield f"{verb}{size} {place} {_range(target)}"
    votes = decided.statement.votes
    if votes.contradicted:
        yield f"its votes contradict each other{_against(decided)}"
    elif votes.votes_against is not None:
        yield f"{_counts(votes)}{_against(decided)}"


def _counts(votes: Votes) -> str:
    """Both sides, or that against alone where only it is told: 'by a unanimous vote'."""
    if votes.votes_for is not None:
        return f"{votes.votes_for}–{votes.votes_against}"
    return f"{votes.votes_against or 'none'} against"


def _against(decided: Decided) -> str:
    """Dissenters of one wish together, in the order of the statement."""
    groups: dict[str, list[str]] = {}
    for each in decided.statement.votes.dissents:
        groups.setdefault(_wished(each, decided.previous), []).append(surname(each.name))
    told = ", ".join(f"{_listed(names)} {wish}" for wish, names in groups.items())
    return f" ({told})" if told else ""


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _wished(dissent: Dissent, previous: Target | None) -> str:
    if dissent.direction not in (Direction.TIGHTER, Direction.EASIER):
        return "otherwise"
    change = wished_change_bp(dissent.preferred, previous)
    if change is None:
        return f"for {dissent.direction}"
    return f"for {'+' if change > 0 else '−' if change < 0 else ''}{_bp(change)}"


def _range(target: Target) -> str:
    lower, upper = f"{target.lower_pct:.2f}", f"{target.upper_pct:.2f}"
    return f"{upper} %" if lower == upper else f"{lower}–{upper} %"


def _bp(change: Decimal) -> str:
    return f"{abs(change).normalize():f}"
