"""Which rules look at the alerts of which: the order of judging, and circles refused."""

from collections.abc import Iterable, Mapping

from bot.rules.model import Measure, Rule


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


def circle(rule: Rule, measure: Measure, rules: Mapping[str, Rule]) -> tuple[str, ...]:
    """The rules through which a measure comes back to its own rule; empty where it does not."""
    seen: set[str] = set()
    ways: list[tuple[str, ...]] = [(rule.id, measure.rule or "")]
    for way in ways:
        if way[-1] == rule.id:
            return way
        if way[-1] in rules and way[-1] not in seen:
            seen.add(way[-1])
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
