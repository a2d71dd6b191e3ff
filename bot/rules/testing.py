"""Judges the tests that rules carry: what was given, what was expected, what came."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.clock import NEW_YORK, from_ms, new_york_day
from bot.errors import RuleError
from bot.rules.cases import Expected, RuleTest, Wanted
from bot.rules.dependencies import with_watched
from bot.rules.explain import clauses
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
    reason: str | None = None
    proof: str = "[]"


class RunTest(Protocol):
    """The engine: rules and a test in, every decision out; RuleError where a rule fails inside."""

    def __call__(self, rules: Sequence[Rule], test: RuleTest, /) -> list[Outcome]: ...


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

    @property
    def report(self) -> str:
        """What was given, expected and got, for a reader."""
        given = [f"{_time(g.seen_at_ms)} {g.fact.kind.name} {g.told}" for g in self.test.given] or [
            "no facts"
        ]
        expected = [each.told for each in self.test.expect] or ["no alert"]
        got = [_judged(each, self.rule) for each in self.got] or ["nothing was judged"]
        parts = (("given", given), ("expected", expected), ("got", got))
        return "\n".join(line for head, lines in parts for line in _part(head, lines))


def run_tests(rules: Sequence[Rule], run: RunTest) -> list[Result]:
    """Run every test of every rule, disabled ones too: a switched-off rule stays right."""
    by_id = {rule.id: rule for rule in rules}
    return [_run(rule, test, by_id, run) for rule in rules for test in rule.tests]


def _run(rule: Rule, test: RuleTest, rules: dict[str, Rule], run: RunTest) -> Result:
    named = {*test.also, *(each.rule for each in test.expect if each.rule)}
    if missing := sorted(named - rules.keys()):
        told = f"there is no rule '{', '.join(missing)}' to judge as well"
        return Result(rule=rule, test=test, failures=(told,))
    if unjudged := sorted(named - {*test.also, rule.id}):
        told = f"an alert of '{', '.join(unjudged)}' is expected: name the rule under 'also' too"
        return Result(rule=rule, test=test, failures=(told,))
    judged = _with_others(rule, test, rules)
    try:
        outcomes = run(judged, test)
    except RuleError as error:
        return Result(rule=rule, test=test, failures=(error.what,))
    failures = [
        failure
        for each in (rule, *(rules[name] for name in test.also if name != rule.id))
        for failure in _compare(
            each,
            [e for e in test.expect if (e.rule or rule.id) == each.id],
            [o for o in outcomes if o.rule == each.id],
        )
    ]
    shown_rules = {rule.id, *test.also}
    own = [outcome for outcome in outcomes if outcome.rule in shown_rules]
    interesting = [o for o in own if o.fate not in (Fate.NO, Fate.UNKNOWN)] or own
    return Result(rule=rule, test=test, failures=tuple(failures), got=tuple(interesting))


def _with_others(rule: Rule, test: RuleTest, rules: dict[str, Rule]) -> tuple[Rule, ...]:
    """The rule, those it names by ``seen`` and those that the test names."""
    judged: dict[str, Rule] = {}
    for each in (rule, *(rules[name] for name in test.also)):
        judged |= {needed.id: needed for needed in with_watched(each, rules.values())}
    return tuple(judged.values())


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
        value = got.values.get(name) if name in rule.by_name else got.row.get(name)
        if not wanted.holds(value):
            found.append(f"{name}: expected {wanted.text}, got {_shown(value, wanted)}")
    if expected.why is not None and expected.why.lower() not in explained(got, rule).lower():
        found.append(f"why: expected {expected.why!r} in {explained(got, rule)!r}")
    return found


def explained(got: Outcome, rule: Rule) -> str:
    """Why it became what it did: the fate, its reason, every clause with its truth."""
    told = [f"{each}: {each.truth}" for each in clauses(rule, got.proof)]
    return "; ".join([f"{got.fate} {got.reason}" if got.reason else str(got.fate), *told])


def _shown(value: Any, wanted: Wanted) -> str:
    exact = shown(value, wanted.type)
    if isinstance(value, float | int) and wanted.text.lstrip("~") == exact:
        return f"{exact} (exactly {value!r} as stored)"
    return exact


def _told(outcome: Outcome) -> str:
    return f"{_time(outcome.at)} {outcome.message}"


def _judged(outcome: Outcome, rule: Rule) -> str:
    message = f" {outcome.message!r}" if outcome.message is not None else ""
    why = explained(outcome, rule) if outcome.rule == rule.id else f"{outcome.fate} {outcome.rule}"
    return f"{_time(outcome.at)}{message} {why}"


def _part(head: str, lines: Sequence[str]) -> list[str]:
    return [f"{head if place == 0 else '':<9}{line}" for place, line in enumerate(lines)]


def _time(instant: int) -> str:
    return from_ms(instant).astimezone(NEW_YORK).strftime("%Y-%m-%d %H:%M ET")
