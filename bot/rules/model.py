"""A rule as the engine knows it: facts it looks at, measures, condition, firing, message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.facts import Kind, Type
from bot.rules.expressions import Expr
from bot.rules.spans import Span, Window

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
    by: the fields in which a fact must equal the judged one; empty for all.
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

    @property
    def words(self) -> tuple[str, ...]:
        """The words its answer can be, where its field holds words."""
        keeps_type = self.field is not None and self.of.by_name[self.field].type is self.type
        return self.of.by_name[self.field].words if self.field and keeps_type else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule, checked and typed.

    by: the fields whose values make a key; empty for one state over everything.
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
        values = [row[name] for name in self.by]
        if None in values:
            return None
        return "/".join(str(v).replace("/", "//") for v in values) if values else "all"
