"""Files of rules in, checked rules out, with every mistake of every file in one run."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.rules.dependencies import never_seen, watching
from bot.rules.keys import FILE_KEYS
from bot.rules.lists import read_lists
from bot.rules.model import Rule
from bot.rules.options import Notes
from bot.rules.problems import InvalidRules, Problem, Source
from bot.rules.reading import Mapped, Node, read_yaml
from bot.rules.rule_reader import RuleReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a set of files holds: the rules without a mistake, and all that was noticed."""

    rules: tuple[Rule, ...]
    problems: tuple[Problem, ...]

    @property
    def mistakes(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if not problem.warning)

    def or_raise(self) -> tuple[Rule, ...]:
        """The rules, or InvalidRules where any file has a mistake."""
        if self.mistakes:
            raise InvalidRules(self.mistakes)
        return self.rules


def load_rules(files: Iterable[tuple[str, str]]) -> Loaded:
    """Read files, given as name and text; a file that is broken never hides another."""
    rules: list[Rule] = []
    problems: list[Problem] = []
    places: dict[str, str] = {}
    sources: dict[str, Source] = {}
    for file, text in files:
        reading = read_yaml(file, text)
        sources[file] = reading.source
        if reading.root is not None:
            notes = Notes(reading.source)
            rules += _file(reading.root, notes, places)
            reading.problems += notes.problems
        problems += sorted(reading.problems, key=lambda each: (each.line, each.column))
    lost = watching(rules, places, sources)
    problems += [*(problem for problem, _ in lost), *never_seen(rules, sources)]
    kept = [rule for rule in rules if rule.id not in {rule_id for _, rule_id in lost}]
    return Loaded(rules=tuple(kept), problems=tuple(problems))


def _file(root: Node, notes: Notes, places: dict[str, str]) -> list[Rule]:
    """The rules of one file; ``places`` tells where each id was first used, over all files."""
    mapped = notes.mapping(root, "a file of rules", "begin with a line 'rules:'")
    if mapped is None:
        return []
    notes.keys(mapped, FILE_KEYS, "a file of rules")
    lists = read_lists(mapped.entries["lists"][1], notes) if "lists" in mapped.entries else {}
    nodes = notes.items(mapped.entries["rules"][1], "'rules'") if "rules" in mapped.entries else ()
    rules = []
    for node in nodes:
        if isinstance(node, Mapped):
            rules.append(RuleReader(node, notes, lists, places).rule())
        else:
            notes.mapping(node, "a rule")
    return [rule for rule in rules if rule is not None]
