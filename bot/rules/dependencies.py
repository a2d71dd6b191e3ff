"""Which rules look at the alerts of which: the order of judging, and circles refused."""

from collections.abc import Iterable, Mapping, Sequence

from bot.rules.model import Measure, Rule
from bot.rules.problems import Problem, Source


def watched(rule: Rule) -> tuple[str, ...]:
    """The rules whose alerts a rule counts."""
    return tuple(dict.fromkeys(m.rule for m in rule.measures if m.rule is not None))


def depths(rules: Iterable[Rule]) -> dict[str, int]:
    """How late each rule is judged: 0, or after every rule whose alerts it counts.

    Rules that are not there are left out; ValueError where rules form a circle.
    """
    by_id = {rule.id: rule for rule in rules}
    found: dict[str, int] = {}
    for rule_id in by_id:
        _depth(rule_id, by_id, found, ())
    return found


def with_watched(rule: Rule, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """A rule and all that are needed to judge it."""
    by_id = {each.id: each for each in rules}
    needed, left = {rule.id: rule}, [*watched(rule)]
    while left:
        rule_id = left.pop()
        if rule_id in by_id and rule_id not in needed:
            needed[rule_id] = by_id[rule_id]
            left += watched(by_id[rule_id])
    return tuple(needed.values())


def watching(rules: Sequence[Rule], sources: Mapping[str, Source]) -> list[tuple[Problem, str]]:
    """What is wrong with how rules count the alerts of others, each with the rule that does."""
    by_id, found, told = {r.id: r for r in rules}, [], set[str]()
    for rule in rules:
        for measure in rule.measures:
            mistake = None if measure.rule is None else _mistake(rule, measure, by_id, told)
            if mistake is not None:
                what, mend = mistake
                problem = sources[rule.file].problem(measure.written_at, what, mend=mend)
                found.append((problem, rule.id))
    return found


def never_seen(rules: Sequence[Rule], sources: Mapping[str, Source]) -> list[Problem]:
    """Warnings about measures that count the alerts of a rule that is off: there are none."""
    off = {rule.id for rule in rules if not rule.enabled}
    return [
        sources[rule.file].problem(
            measure.written_at,
            f"the rule '{measure.rule}' is off and makes no alerts to see",
            mend="delete its 'enabled: no', or do without it",
            warning=True,
        )
        for rule in rules
        for measure in rule.measures
        if rule.enabled and measure.rule in off
    ]


def _mistake(
    rule: Rule, measure: Measure, rules: Mapping[str, Rule], told: set[str]
) -> tuple[str, str] | None:
    """What is wrong and how to mend it; a circle is told once, at the first of its rules."""
    named = measure.rule or ""
    if way := _circle(rule, named, rules):
        if not told.isdisjoint(way):
            return None
        told.update(way)
        return f"'seen' goes round in a circle: {' -> '.join(way)}", "break the circle"
    if named in rules and measure.by not in ((), rules[named].by):
        own, other = (", ".join(by) or "all" for by in (measure.by, rules[named].by))
        what = f"'{named}' goes by {other}, this measure by {own}"
        return what, f"write by: {other if ',' not in other else f'[{other}]'}, or by: all"
    return None


def _circle(rule: Rule, named: str, rules: Mapping[str, Rule]) -> tuple[str, ...]:
    """The way from a rule through another back to itself; empty where there is none."""
    been: set[str] = set()
    ways: list[tuple[str, ...]] = [(rule.id, named)]
    for way in ways:
        if way[-1] == rule.id:
            return way
        if way[-1] in rules and way[-1] not in been:
            been.add(way[-1])
            ways += [(*way, further) for further in watched(rules[way[-1]])]
    return ()


def _depth(
    rule_id: str, rules: Mapping[str, Rule], found: dict[str, int], above: tuple[str, ...]
) -> int:
    if rule_id in above:
        raise ValueError(f"rules form a circle: {' -> '.join((*above, rule_id))}")
    if rule_id not in found:
        needed = [each for each in watched(rules[rule_id]) if each in rules]
        below = (_depth(each, rules, found, (*above, rule_id)) for each in needed)
        found[rule_id] = max(below, default=-1) + 1
    return found[rule_id]
