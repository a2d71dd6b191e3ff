"""Files of rules in, checked rules out, with every mistake of every file in one run."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.rules.dependencies import never_seen, watching
from bot.rules.keys import FILE_KEYS
from bot.rules.lists import read_lists
from bot.rules.model import Rule
from bot.rules.options import Notes
from bot.rules.problems import InvalidRules, Problem, did_you_mean
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
    read: list[Notes] = []
    places: dict[str, str] = {}
    torn = False
    for file, text in files:
        reading = read_yaml(file, text)
        notes = Notes(reading.source)
        notes.problems += reading.problems
        if reading.root is not None:
            rules += _file(reading.root, notes, places)
        torn |= reading.root is None and bool(reading.problems)
        read.append(notes)
    lost = [] if torn else [each for notes in read for each in _strangers(notes, places)]
    sources = {notes.source.file: notes.source for notes in read}
    lost += watching(rules, sources)
    broken = {rule_id for _, rule_id in lost}
    further = [*(problem for problem, _ in lost), *never_seen(rules, sources)]
    return Loaded(
        rules=tuple(rule for rule in rules if rule.id not in broken),
        problems=_in_order(read, further),
    )


def _strangers(notes: Notes, ids: Iterable[str]) -> Iterator[tuple[Problem, str | None]]:
    """Rules that are named but stand in no file, each with the rule that names it."""
    known = frozenset(ids)
    for mention in notes.mentions:
        if mention.named not in known:
            others = sorted(known - {mention.by or ""})
            mend = did_you_mean(mention.named, others, otherwise="name a rule by its id")
            what = f"there is no rule '{mention.named}'"
            yield notes.source.problem(mention.index, what, mend=mend), mention.by


def _in_order(read: Sequence[Notes], further: Sequence[Problem]) -> tuple[Problem, ...]:
    """All that was noticed, file by file and line by line."""
    order = {notes.source.file: place for place, notes in enumerate(read)}
    problems = [*(problem for notes in read for problem in notes.problems), *further]
    return tuple(sorted(problems, key=lambda each: (order[each.file], each.line, each.column)))


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
