"""All there is to tell of one key of one rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.rules import explain
from bot.rules.explain import Evidence
from bot.rules.model import Rule

EVERYTHING = "all"
"""The one key of a rule ``by: all``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All there is to tell of one key of one rule.

    asked: whom the reader named.  state: now, or as of ``until`` as far as decisions tell.
    decision: its last one, by the instant ``until`` where that is given; fact, clauses and
    evidence are those of it.  newest, where: the newest fact about the key, and what the rule's
    ``where`` says of it.  remembered: whether the key has a state.  holding: what holds alerts
    back.  twins: by the id of a fact, those that other filings tell of the same and that are
    not counted again.
    """

    rule: Rule
    key: str
    asked: str
    others: tuple[str, ...]
    decision: dict[str, Any] | None
    until: int | None
    fact: Mapping[str, Any] | None
    clauses: Sequence[explain.Told]
    evidence: Sequence[Evidence]
    twins: Mapping[str, Sequence[Mapping[str, Any]]]
    remembered: bool
    state: str
    holding: Sequence[str]
    newest: Mapping[str, Any] | None
    where: Sequence[explain.Told]
