"""A rule as the engine knows it: facts it looks at, measures, condition, firing, message."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.facts import Field, Kind, Type
from bot.rules.expressions import Expr
from bot.rules.spans import Earlier, Span, Window

if TYPE_CHECKING:
    from bot.rules.cases import RuleTest
    from bot.rules.messages import Template


class Severity(StrEnum):
    INFO = "info"
    NOTICE = "notice"
    HIGH = "high"
    CRITICAL = "critical"


class Fire(StrEnum):
    """EVERY alerts for each fact that matches, RISE when a key begins to match."""

    EVERY = "every"
    RISE = "rise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One number over the facts in a window, seen from the fact that is judged.

    scope: which facts count, the rule's own ``where`` included on the rule's own kind.
    part: which of them the numerator of a share takes.
    by: the fields in which a fact must equal the judged one; empty for all.
    ending: how long before the judged fact the window ends.
    min_points: with fewer known values the answer is unknown.
    time: the field of days that the window is over, instead of the instant of knowing.
    rule: whose alerts are counted; ``written_at`` is where its id stands in the file.
    """

    name: str
    verb: str
    field: str | None
    of: Kind
    type: Type
    scope: Expr | None
    by: tuple[str, ...]
    over: Window | None = None
    max_age: Span | None = None
    before: bool = False
    ending: Span | None = None
    part: Expr | None = None
    min_points: int | None = None
    time: str | None = None
    rule: str | None = None
    written_at: int = dataclasses.field(default=0, compare=False)

    @property
    def answers(self) -> Field:
        """What it answers, described like a field; with the words of the one it looks at."""
        asked = self.of.by_name[self.field] if self.field else None
        if asked is None or asked.type is not self.type:
            return Field(name=self.name, type=self.type, doc="")
        return dataclasses.replace(asked, name=self.name, doc="")

    @property
    def reach(self) -> Window | None:
        """The window back to its first instant, however long before the fact it ends."""
        if self.over is None or self.ending is None:
            return self.over
        return Earlier(window=self.over, by=self.ending)

    @property
    def asks(self) -> tuple[Any, ...]:
        """What its answer hangs on: two measures that ask the same have the same answers."""
        return (
            self.verb,
            self.field,
            self.of.name,
            self.scope,
            self.by,
            self.over,
            self.max_age,
            self.before,
            self.ending,
            self.part,
            self.min_points,
            self.time,
            self.rule,
        )


def key_text(by: tuple[str, ...], row: Mapping[str, Any]) -> str | None:
    """The key of a fact by these fields, ``all`` without fields; None where one is unknown."""
    values = [row.get(name) for name in by]
    if None in values:
        return None
    return "/".join(str(v).replace("/", "//") for v in values) if values else "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule, checked and typed.

    by: the fields whose values make a key; empty for one state over everything.
    when: always yes with ``absent``, which is judged where there is no fact.
    wait: the span of ``for``.
    version: changes with anything that decides or words an alert, never with a comment.
    """

    id: str
    title: str
    why: str
    file: str
    line: int
    on: tuple[Kind, ...]
    by: tuple[str, ...]
    measures: tuple[Measure, ...]
    where: Expr | None
    when: Expr
    fire: Fire
    clear: Expr | None
    cooldown: Span | None
    severity: Severity
    to: str | None
    message: "Template"
    version: str
    wait: Span | None = None
    hold: Span | None = None
    absent: Span | None = None
    needs_history: Span | None = None
    needs_source: str | None = None
    during: str | None = None
    max_per_day: int | None = None
    enabled: bool = True
    tags: tuple[str, ...] = ()
    owner: str = ""
    runbook: str = ""
    tests: "tuple[RuleTest, ...]" = ()
    by_name: Mapping[str, Measure] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {m.name: m for m in self.measures})

    def key(self, row: Mapping[str, Any]) -> str | None:
        """Whose state a fact belongs to; None where one of the fields is unknown."""
        return key_text(self.by, row)
