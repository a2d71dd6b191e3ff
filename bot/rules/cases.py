"""The tests that a rule carries: facts given, alerts expected."""

import math
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.clock import from_ms, to_ms
from bot.facts import Fact, Type
from bot.rules.dimensions import NUMERIC
from bot.rules.fire import Fate
from bot.rules.messages import shown
from bot.rules.model import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A fact of a test: ``fact.known_at`` is its ``at``, ``seen_at`` when it arrived."""

    fact: Fact
    seen_at: datetime

    @property
    def seen_at_ms(self) -> int:
        return to_ms(self.seen_at)

    @property
    def row(self) -> dict[str, Any]:
        """The fact as rules see it, as far as the test tells it."""
        fact, of = self.fact, self.fact.kind
        stored = {name: of.by_name[name].stored(value) for name, value in fact.values.items()}
        common = {"id": fact.id, "subject": fact.subject, "ticker": fact.ticker}
        return dict.fromkeys(of.by_name) | stored | common

    @property
    def told(self) -> str:
        """Its known values as a reader writes them."""
        fact, by_name = self.fact, self.fact.kind.by_name
        values = {"ticker": fact.ticker} if fact.ticker else {"subject": fact.subject}
        values |= {n: by_name[n].stored(v) for n, v in fact.values.items() if v is not None}
        return ", ".join(f"{n} {shown(v, by_name[n].type)}" for n, v in values.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Muted:
    """What is muted in a test; None where it is open: from the start, to the end, any."""

    since: datetime | None = None
    until: datetime | None = None
    rule: str | None = None
    ticker: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One value an alert must have, in stored form; ``within`` is how far it may be off."""

    value: Any
    type: Type
    within: float | None = None
    text: str = ""

    def holds(self, value: Any) -> bool:
        """Money, counts, days and words exactly; other numbers to 1e-9 of what is wanted."""
        if value is None or self.value is None:
            return value is self.value
        if self.within is not None:
            return bool(abs(value - self.value) <= self.within)
        if self.type not in NUMERIC or self.type in (Type.MONEY, Type.COUNT):
            return bool(value == self.value)
        return math.isclose(value, self.value, rel_tol=1e-9, abs_tol=1e-9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One expected alert, or with another fate a match that is held back.

    rule: another rule whose alert it is.  why: words of its explanation.
    """

    line: int
    rule: str | None = None
    why: str | None = None
    day: date | None = None
    instant: int | None = None
    fate: Fate = Fate.FIRED
    severity: Severity | None = None
    message: str | None = None
    values: dict[str, Wanted] = field(default_factory=dict)

    @property
    def told(self) -> str:
        """The entry in one line."""
        at = self.day or (from_ms(self.instant).strftime("%Y-%m-%d %H:%M UTC")
                          if self.instant is not None else None)  # fmt: skip
        parts = {"at": at, "rule": self.rule, "severity": self.severity, "message": self.message,
                 "why": self.why}  # fmt: skip
        parts |= {name: wanted.text for name, wanted in self.values.items()}
        told = ", ".join(f"{name} {value}" for name, value in parts.items() if value is not None)
        return f"{self.fate}: {told}" if told else str(self.fate)

    def is_at(self, instant: int, day: date) -> bool:
        if self.instant is not None:
            return instant == self.instant
        return self.day is None or day == self.day


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTest:
    """One case of a rule.

    until: how far the clock moves on after the last fact.  keys: watched besides those given.
    also: other rules that are judged too.
    """

    name: str
    line: int
    given: tuple[Given, ...]
    expect: tuple[Expected, ...]
    until: datetime | None = None
    keys: tuple[str, ...] = ()
    mutes: tuple[Muted, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def fires(self) -> bool:
        return any(each.fate is Fate.FIRED and each.rule is None for each in self.expect)

    @property
    def speaks(self) -> bool:
        """Whether anything is judged in it."""
        return bool(self.given or self.keys)
