"""A kind of fact, and one fact of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.facts.field import Field, Type, text

COMMON = (
    text("id", "The fact's own id, made from the keys of its source."),
    text("subject", "What the fact is about: an issuer's CIK, a ticker, a source."),
    text("ticker", "The trading symbol at the time; a dated alias of the subject."),
    Field(name="happened_at", type=Type.INSTANT, doc="When it happened."),
    Field(name="known_at", type=Type.INSTANT, doc="When the world could know it."),
    Field(name="seen_at", type=Type.INSTANT, doc="When the bot stored it."),
)
"""Fields of every kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One sort of fact: a table, and a word after ``on:`` in a rule."""

    name: str
    doc: str
    subject: str  # what the subject of a fact is: two kinds with one word share their subjects
    fires: str  # the default of ``fire:``: every or rise
    fields: tuple[Field, ...]
    by_name: Mapping[str, Field] = field(init=False, repr=False, compare=False)
    own: Mapping[str, Field] = field(init=False, repr=False, compare=False)
    ruled: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """Names of the fields that rules may use."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "own", {f.name: f for f in self.fields})
        object.__setattr__(self, "by_name", {f.name: f for f in (*COMMON, *self.fields)})
        ruled = tuple(f.name for f in self.by_name.values() if f.type is not Type.DETAIL)
        object.__setattr__(self, "ruled", ruled)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened, from a source's own words.

    id: made from the source's own keys, so that reading twice adds nothing.
    happened_at: the trade date, the close of the bar, the meeting.
    known_at: when the world could know: EDGAR acceptance, release, close.
    """

    kind: Kind
    id: str
    subject: str
    known_at: datetime
    happened_at: datetime | None = None
    ticker: str | None = None
    values: Mapping[str, Any]

    def __post_init__(self) -> None:
        names = self.kind.own
        unknown = self.values.keys() - names.keys()
        if unknown:
            raise ValueError(f"{self.kind.name} has no field {', '.join(sorted(unknown))}")
        if not self.id or not self.subject:
            raise ValueError(f"a fact needs an id and a subject, got {self.id!r}, {self.subject!r}")
        cleaned = {
            name: None if value is None else names[name].clean(value)
            for name, value in self.values.items()
        }
        object.__setattr__(self, "values", cleaned)

    def plus(self, values: Mapping[str, Any]) -> "Fact":
        """This fact with some values told anew; ValueError as at its birth."""
        names = self.kind.own
        cleaned = {name: names[name].clean(value) for name, value in values.items()}
        told = object.__new__(Fact)  # what is held was cleaned at its birth
        for each in ("kind", "id", "subject", "known_at", "happened_at", "ticker"):
            object.__setattr__(told, each, getattr(self, each))
        object.__setattr__(told, "values", {**self.values, **cleaned})
        return told
