"""A decision on the target as fields of a fact: what was decided, by how much, and against whom.

The previous target is given, never carried over: without it the size of a move is known only where
the statement states it (it does not from December 2008 to August 2024).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bot.fed.dissents import Lean, lean_of, wish_of
from bot.fed.names import surname
from bot.fed.policy_words import Act
from bot.fed.rates import Target
from bot.fed.statement import Statement
from bot.fed.votes import Dissent

_WAYS = {Act.HIKE: 1, Act.CUT: -1, Act.HOLD: 0}
_ACTIONS = {1: "hike", -1: "cut", 0: "hold"}
_VERBS = {"hike": "raises", "cut": "cuts", "hold": "holds"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a statement decides, beside the target before it.

    action: hike, cut, hold; none where the text decides nothing on the rate; unread where it could
    not be read, and then nothing of it is told; None where the words tell no direction and the
    target before is unknown.
    quality: marks of doubt.
    """

    action: str | None
    target: Target | None
    change_bp: Decimal | None
    leans: tuple[tuple[Dissent, Lean], ...]
    quality: tuple[str, ...]

    def count(self, lean: Lean) -> int:
        return sum(each is lean for _, each in self.leans)


def decide(statement: Statement, previous: Target | None) -> Decided:
    """What a statement decides; previous: the target by the decision before it, where known."""
    target = statement.target
    unread = set(statement.unread) - set(statement.votes.unread)
    if unread or (target is None and statement.unread):
        return Decided(action="unread", target=None, change_bp=None, leans=(), quality=())
    if target is None:
        return Decided(action="none", target=None, change_bp=None, leans=(), quality=())
    stated, quality = _stated_bp(statement), []
    counted = None if previous is None else (target.upper_pct - previous.upper_pct) * 100
    told = None if statement.act is None else _WAYS.get(statement.act)
    change = stated if counted is None else counted
    if change is not None and (
        (stated is not None and stated != change) or (told is not None and told != _sign(change))
    ):
        quality.append("change_disagrees")
        change = None
    way = told if change is None else _sign(change)
    leans = tuple(
        (each, lean_of(each.preferred, change_bp=change, way=way, upper_pct=target.upper_pct))
        for each in statement.votes.dissents
    )
    if statement.votes.unread:
        quality.append("votes_unread")
    return Decided(
        action=None if way is None else _ACTIONS[way],
        target=target,
        change_bp=change,
        leans=leans,
        quality=tuple(quality),
    )


def decision_fields(
    statement: Statement, decided: Decided, previous: Target | None
) -> dict[str, Any]:
    """Fields of the kind ``fed_decision`` that statement and target before it tell."""
    votes, target = statement.votes, decided.target
    known = decided.action not in ("unread", "none")
    voted = known and votes.told
    return {
        "action": decided.action,
        "told": told_of(statement, decided),
        **_ends("target", target),
        **_ends("previous", previous if known else None),
        "change_bp": None if decided.change_bp is None else float(decided.change_bp),
        "votes_for": votes.votes_for if known else None,
        "votes_against": votes.votes_against if known else None,
        **{f"dissents_{lean}": decided.count(lean) if voted else None for lean in Lean},
        "dissenters": ", ".join(each.name for each, _ in decided.leans) or None,
        "quality": " ".join(decided.quality) or None,
        "dissents": [
            {"name": each.name, "preferred": each.preferred, "lean": lean.value}
            for each, lean in decided.leans
        ]
        or None,
        "evidence": {"sentences": list(statement.evidence), "unread": list(statement.unread)},
    }


def _ends(name: str, target: Target | None) -> dict[str, float | None]:
    """Both ends of a target as statistics count them."""
    return {
        f"{name}_lower_pct": None if target is None else float(target.lower_pct),
        f"{name}_upper_pct": None if target is None else float(target.upper_pct),
    }


def told_of(statement: Statement, decided: Decided) -> str:
    """The decision in a line: ``cuts 25 bp to 4.00–4.25 %, 11–1 (Miran for −50)``."""
    if decided.action == "unread":
        return "statement could not be read"
    if decided.action == "none":
        return "statement decides nothing on the rate"
    return ", ".join(_parts(statement, decided))


def _parts(statement: Statement, decided: Decided) -> Iterator[str]:
    verb = _VERBS.get(decided.action or "", "sets its target")
    size = f" {_bp(abs(decided.change_bp))} bp" if decided.change_bp else ""
    place = "at" if decided.action in ("hold", None) else "to"
    yield f"{verb}{size} {place} {_range(decided.target)}"
    votes = statement.votes
    if votes.votes_for is not None and votes.votes_against is not None:
        yield f"{votes.votes_for}–{votes.votes_against}{_against(decided)}"


def _against(decided: Decided) -> str:
    told = ", ".join(f"{who} {wish}" for who, wish in _grouped(decided.leans))
    return f" ({told})" if told else ""


def _grouped(leans: Sequence[tuple[Dissent, Lean]]) -> Iterator[tuple[str, str]]:
    """Dissenters of one wish together, in the order of the statement."""
    groups: dict[str, list[str]] = {}
    for each, lean in leans:
        groups.setdefault(_wished(each, lean), []).append(surname(each.name))
    for wish, names in groups.items():
        yield " and ".join(names), wish


def _wished(dissent: Dissent, lean: Lean) -> str:
    change = None if lean is Lean.OTHER else wish_of(dissent.preferred).change_bp
    if change is None:
        return "otherwise" if lean is Lean.OTHER else f"for {lean.value}"
    return f"for {'+' if change > 0 else '−' if change < 0 else ''}{_bp(abs(change))}"


def _range(target: Target | None) -> str:
    if target is None:
        return "an unknown target"
    lower, upper = f"{target.lower_pct:.2f}", f"{target.upper_pct:.2f}"
    return f"{upper} %" if lower == upper else f"{lower}–{upper} %"


def _stated_bp(statement: Statement) -> Decimal | None:
    """The change that the words tell, signed."""
    way = None if statement.act is None else _WAYS.get(statement.act)
    if way == 0:
        return Decimal(0)
    if way is None or statement.step_pct is None:
        return None
    return way * statement.step_pct * 100


def _sign(change: Decimal) -> int:
    return (change > 0) - (change < 0)


def _bp(change: Decimal) -> str:
    return f"{change.normalize():f}"
