"""Judges the tests that rules carry: what was given, what was expected, what came."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.clock import NEW_YORK, from_ms, new_york_day
from bot.rules.cases import Expected, Given, RuleTest, Wanted
from bot.rules.dependencies import with_watched
from bot.rules.fire import Fate
from bot.rules.messages import shown
from bot.rules.model import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one judged fact in a test: stored values by name, measures included."""

    rule: str
    at: int
    fate: Fate
    severity: str
    message: str | None
    row: dict[str, Any]
    values: dict[str, Any]


RunTest = Callable[[Sequence[Rule], Sequence[Given]], list[Outcome]]
"""The engine: rules and facts in the order of their arrival in, every decision out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One test that was run."""

    rule: Rule
    test: RuleTest
    failures: tuple[str, ...] = ()
    got: tuple[Outcome, ...] = field(default=())

    @property
    def passed(self) -> bool:
        return not self.failures

    @property
    def where(self) -> str:
        return f"{self.rule.file}:{self.test.line}"


def run_tests(rules: Sequence[Rule], run: RunTest) -> list[Result]:
    """Run every test of every rule, disabled ones too: a switched-off rule stays right."""
    return [
        _run(rule, test, with_watched(rule, rules), run) for rule in rules for test in rule.tests
    ]


def _run(rule: Rule, test: RuleTest, judged: Sequence[Rule], run: RunTest) -> Result:
    arrivals = sorted(test.given, key=lambda given: given.seen_at)
    outcomes = [outcome for outcome in run(judged, arrivals) if outcome.rule == rule.id]
    failures = _compare(rule, test.expect, outcomes)
    interesting = [o for o in outcomes if o.fate not in (Fate.NO, Fate.UNKNOWN)] or outcomes
    return Result(rule=rule, test=test, failures=tuple(failures), got=tuple(interesting))


def _compare(rule: Rule, expect: Sequence[Expected], outcomes: Sequence[Outcome]) -> list[str]:
    """Alerts must be the whole list in order; what is held back is looked for by its fate."""
    alerts = [o for o in outcomes if o.fate is Fate.FIRED]
    wanted = [e for e in expect if e.fate is Fate.FIRED]
    failures = []
    for place in range(max(len(alerts), len(wanted))):
        if place >= len(alerts):
            failures.append(f"line {wanted[place].line}: expected an alert that did not come")
        elif place >= len(wanted):
            failures.append(f"an alert that was not expected: {_told(alerts[place])}")
        else:
            differences = _differences(rule, wanted[place], alerts[place])
            failures += [f"line {wanted[place].line}: {difference}" for difference in differences]
    return failures + _held_back(rule, expect, outcomes)


def _held_back(rule: Rule, expect: Sequence[Expected], outcomes: Sequence[Outcome]) -> list[str]:
    """Each entry with a fate takes one decision of that fate, the first that fits."""
    left = [o for o in outcomes if o.fate is not Fate.FIRED]
    failures = []
    for expected in expect:
        if expected.fate is Fate.FIRED:
            continue
        fits = [o for o in left if o.fate == expected.fate and not _differences(rule, expected, o)]
        if fits:
            left.remove(fits[0])
        else:
            fates = ", ".join(f"{_time(o.at)} {o.fate}" for o in outcomes) or "nothing was judged"
            failures.append(f"line {expected.line}: no decision '{expected.fate}' fits ({fates})")
    return failures


def _differences(rule: Rule, expected: Expected, got: Outcome) -> list[str]:
    found = []
    if not expected.is_at(got.at, new_york_day(from_ms(got.at))):
        wanted_at = expected.day or _time(expected.instant or 0)
        found.append(f"at: expected {wanted_at}, got {_time(got.at)}")
    if expected.severity and expected.severity != got.severity:
        found.append(f"severity: expected {expected.severity}, got {got.severity}")
    if expected.message is not None and expected.message != got.message:
        found.append(f"message: expected {expected.message!r}, got {got.message!r}")
    for name, wanted in expected.values.items():
        value = got.values[name] if name in rule.by_name else got.row.get(name)
        if not wanted.holds(value):
            found.append(f"{name}: expected {wanted.text}, got {_shown(value, wanted)}")
    return found


def _shown(value: Any, wanted: Wanted) -> str:
    exact = shown(value, wanted.type)
    if isinstance(value, float | int) and wanted.text.lstrip("~") == exact:
        return f"{exact} (exactly {value!r} as stored)"
    return exact


def _told(outcome: Outcome) -> str:
    return f"{_time(outcome.at)} {outcome.message}"


def _time(instant: int) -> str:
    return from_ms(instant).astimezone(NEW_YORK).strftime("%Y-%m-%d %H:%M ET")
