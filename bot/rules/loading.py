"""Files of rules in, checked rules out, with every mistake of every file in one run."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from bot.garbage import no_collection
from bot.rules.dependencies import never_seen, watching
from bot.rules.keys import FILE_KEYS
from bot.rules.lists import read_lists
from bot.rules.model import Rule
from bot.rules.options import Mention, Notes
from bot.rules.problems import InvalidRules, Problem, Source, Unread, did_you_mean
from bot.rules.reading import Mapped, Node, read_yaml
from bot.rules.rule_reader import RuleReader

Text = str | Unread
"""What stands in a file, or why it can not be read."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """One file as it was read.  places: where its ids stand, those of files before it left out."""

    source: Source
    rules: tuple[Rule, ...]
    problems: tuple[Problem, ...]
    mentions: tuple[Mention, ...]
    places: Mapping[str, str]
    torn: bool


class _Files:
    """Reads files, those that stood like this in the load before not again."""

    def __init__(self) -> None:
        self._read: Mapping[tuple[str, Text], _File] = {}

    def read(self, files: Iterable[tuple[str, Text]]) -> list[_File]:
        """What stands in each file, given as name and text; ids taken by one before it are mistakes
        in a file."""
        before, alone = self._read, dict[tuple[str, Text], _File]()
        places: dict[str, str] = {}
        found = []
        for file, text in files:
            read = before.get((file, text)) or _read(file, text, {})
            alone[file, text] = read
            if not places.keys().isdisjoint(read.places):
                read = _read(file, text, places)
            places |= read.places
            found.append(read)
        self._read = alone
        return found


_FILES = _Files()


def load_rules(files: Iterable[tuple[str, Text]]) -> Loaded:
    """Read files, given as name and text; a file that is broken never hides another.

    A thousand rules take two seconds; files that have not changed since the last call take none.
    """
    with no_collection():
        read = _FILES.read(files)
    rules = [rule for each in read for rule in each.rules]
    known = frozenset(rule_id for each in read for rule_id in each.places)
    torn = any(each.torn for each in read)
    lost = [] if torn else [each for file in read for each in _strangers(file, known)]
    sources = {each.source.file: each.source for each in read}
    lost += watching(rules, sources)
    broken = {rule_id for _, rule_id in lost}
    further = [*(problem for problem, _ in lost), *never_seen(rules, sources)]
    return Loaded(
        rules=tuple(rule for rule in rules if rule.id not in broken),
        problems=_in_order(read, further),
    )


def _strangers(file: _File, known: Set[str]) -> Iterator[tuple[Problem, str | None]]:
    """Rules that are named but stand in no file, each with the rule that names it."""
    for mention in file.mentions:
        if mention.named not in known:
            others = sorted(known - {mention.by or ""})
            mend = did_you_mean(mention.named, others, otherwise="name a rule by its id")
            what = f"there is no rule '{mention.named}'"
            yield file.source.problem(mention.index, what, mend=mend), mention.by


def _in_order(read: Sequence[_File], further: Sequence[Problem]) -> tuple[Problem, ...]:
    """All that was noticed, file by file and line by line."""
    order = {each.source.file: place for place, each in enumerate(read)}
    problems = [*(problem for each in read for problem in each.problems), *further]
    return tuple(sorted(problems, key=lambda each: (order[each.file], each.line, each.column)))


def _read(file: str, text: Text, taken: Mapping[str, str]) -> _File:
    """One file; ``taken`` tells where the ids of the files before it stand."""
    if isinstance(text, Unread):
        return _unread(file, text)
    reading = read_yaml(file, text)
    notes = Notes(reading.source)
    notes.problems += reading.problems
    places = dict(taken)
    rules = [] if reading.root is None else _rules(reading.root, notes, places)
    return _File(
        source=reading.source,
        rules=tuple(rules),
        problems=tuple(notes.problems),
        mentions=tuple(notes.mentions),
        places={rule_id: place for rule_id, place in places.items() if rule_id not in taken},
        torn=reading.root is None and bool(reading.problems),
    )


def _unread(file: str, text: Unread) -> _File:
    """Nothing is known of what stands in it, as of a file that is no YAML."""
    return _File(
        source=Source(file=file, text=""),
        rules=(),
        problems=(text.problem(file),),
        mentions=(),
        places={},
        torn=True,
    )


def _rules(root: Node, notes: Notes, places: dict[str, str]) -> list[Rule]:
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
