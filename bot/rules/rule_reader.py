"""Reads one rule of a file."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from bot.facts import KINDS, Field, Kind, Type
from bot.rules.case_reader import read_tests
from bot.rules.channels import CHANNEL_MEND, read_channel
from bot.rules.expressions import Comparison, Expr, FieldRef, Literal, fields_of, measures_of, walk
from bot.rules.keys import RULE_KEYS
from bot.rules.lists import Lists
from bot.rules.measure_reader import ANY_KIND, MeasureReader, Surroundings, read_kind
from bot.rules.message_reader import read_template
from bot.rules.model import Fire, Measure, Rule, Severity
from bot.rules.option_reader import ALWAYS, OptionReader
from bot.rules.options import NAME, RESERVED, Notes, name_mend
from bot.rules.reading import Listed, Mapped, Node, Scalar
from bot.rules.scope import Scope
from bot.rules.version import version_of

T = TypeVar("T")
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST_ID = 60


class RuleReader:
    """Each method notes its own mistakes and gives None where it found one."""

    def __init__(self, node: Mapped, notes: Notes, lists: Lists, places: dict[str, str]) -> None:
        self.node, self.notes, self.lists, self.places = node, notes, lists, places

    def rule(self) -> Rule | None:
        """The rule, None where anything in it is wrong."""
        before = self.notes.mistakes
        self.notes.keys(self.node, RULE_KEYS, "a rule")
        OptionReader(self.node, self.notes).check_condition()
        rule_id = self.notes.rule = self.id()
        kinds = self.kinds()
        by, fields = self.by(kinds), _fields(kinds)
        names = ", ".join(k.name for k in kinds)
        own = Scope(fields=fields, measures={}, lists=self.lists, kinds=names)
        where = self.condition("where", own)
        measures = self.measures(Surroundings(kinds=kinds, by=by, where=where, lists=self.lists))
        scope = replace(
            own,
            measures={m.name: m.answers for m in measures},
            broken=self.measure_names() - {m.name for m in measures},
        )
        rule = self.judged(rule_id or "?", kinds, by, where, measures, scope)
        tests = self.get("tests")
        waits = "absent" in self.node.entries or bool(scope.broken)
        waits = waits or any(measure.rule for measure in measures)
        read = read_tests(tests, kinds, scope, self.notes, waits=waits) if tests else ()
        if rule is None or self.notes.mistakes > before:
            return None
        rule = replace(rule, tests=read)
        self.warn(rule)
        return rule

    def judged(
        self,
        rule_id: str,
        kinds: tuple[Kind, ...],
        by: tuple[str, ...],
        where: Expr | None,
        measures: tuple[Measure, ...],
        scope: Scope,
    ) -> Rule | None:
        """Everything but the tests."""
        when, clear = self.condition("when", scope), self.condition("clear", scope)
        message = self.read("message", lambda text: read_template(text, scope))
        fire, severity = self.fire(kinds), self.word("severity", Severity)
        options = OptionReader(self.node, self.notes)
        options.check_fire(fire)
        absent = options.span("absent")
        if absent is not None:
            when, fire = ALWAYS, Fire.EVERY
        described = {key: self.text(key) for key in ("title", "why", "owner", "runbook")}
        to = self.read("to", read_channel, CHANNEL_MEND)
        enabled, tags = self.enabled(), self.words("tags")
        if when is None or message is None:
            return None
        return Rule(
            id=rule_id,
            title=described["title"],
            why=described["why"],
            file=self.notes.source.file,
            line=self.notes.source.position(self.node.start)[0],
            on=kinds,
            by=by,
            measures=measures,
            where=where,
            when=when,
            fire=fire,
            clear=clear,
            cooldown=options.span("cooldown"),
            severity=Severity(severity) if severity else Severity.NOTICE,
            to=to,
            message=message,
            version=version_of(self.node, self.lists),
            wait=options.span("for"),
            hold=options.span("hold"),
            absent=absent,
            needs_history=options.span("needs_history"),
            needs_source=options.source(),
            during=options.during(),
            max_per_day=options.max_per_day(),
            enabled=enabled,
            tags=tags,
            owner=described["owner"],
            runbook=described["runbook"],
        )

    # What is judged.

    def id(self) -> str | None:
        node = self.get("id")
        if node is None or (text := self.notes.text(node, "'id'")) is None:
            return None
        if not _ID.fullmatch(text) or len(text) > _LONGEST_ID:
            self.notes.add(node, f"'{text}' is no id", "use kebab-case: large-officer-sale")
            return None
        if text in self.places:
            what = f"the id '{text}' is taken by {self.places[text]}"
            self.notes.add(node, what, "give one of the two another id")
            return None
        line = self.notes.source.position(node.start)[0]
        self.places[text] = f"{self.notes.source.file}:{line}"
        return text

    def kinds(self) -> tuple[Kind, ...]:
        """The kinds that are judged; where one is wrong, what the rest of the rule is read by."""
        node = self.get("on")
        if node is None:
            return (ANY_KIND,)
        nodes = node.items if isinstance(node, Listed) else (node,)
        if not nodes or node.is_empty:
            names = ", ".join(k.name for k in KINDS)
            self.notes.add(node, "'on' names no kind", f"one of: {names}")
            return (ANY_KIND,)
        read, found = [read_kind(item, self.notes) for item in nodes], list[str]()
        if ANY_KIND in read:
            return (ANY_KIND,)
        for item, kind in zip(nodes, read, strict=True):
            self.notes.once(item, kind.name, found, "'on'")
        return tuple(dict.fromkeys(read))

    def by(self, kinds: tuple[Kind, ...]) -> tuple[str, ...]:
        node = self.get("by")
        if node is not None:
            return self.notes.fields(node, kinds)
        if len({k.subject for k in kinds}) > 1:
            subjects = ", ".join(f"a fact of {k.name} is about its {k.subject}" for k in kinds)
            self.notes.add(self.node, f"'by' is needed: {subjects}", "write by: ticker")
        return ("subject",)

    def condition(self, key: str, scope: Scope) -> Expr | None:
        node = self.get(key)
        return self.notes.expression(node, scope, f"'{key}'") if node else None

    def measure_names(self) -> frozenset[str]:
        let = self.get("let")
        return frozenset(let.entries) if isinstance(let, Mapped) else frozenset()

    def measures(self, around: Surroundings) -> tuple[Measure, ...]:
        node = self.get("let")
        mapped = self.notes.mapping(node, "'let'") if node else None
        found = []
        for name, (key, value) in (mapped.entries if mapped else {}).items():
            mend = "write one verb and its window: {sum: value_usd, over: 90d}"
            inner = self.notes.mapping(value, f"measure '{name}'", mend)
            if self.measure_name(name, key, around.kinds) and inner is not None:
                found.append(MeasureReader(name, inner, self.notes, around).measure())
        return tuple(measure for measure in found if measure is not None)

    def measure_name(self, name: str, key: Scalar, kinds: tuple[Kind, ...]) -> bool:
        """Whether a measure may have this name: one that no list and no field has."""
        taken = "list" if name in self.lists else "field" if name in _fields(kinds) else None
        if not NAME.fullmatch(name) or name in RESERVED:
            self.notes.add(key, f"'{name}' is no name for a measure", name_mend(name))
        elif taken:
            self.notes.add(key, f"'{name}' is the name of a {taken} too", "rename the measure")
        else:
            return True
        return False

    def fire(self, kinds: tuple[Kind, ...]) -> Fire:
        word = self.word("fire", Fire)
        defaults = {k.fires for k in kinds}
        if len(defaults) > 1 and not self.node.entries.keys() & {"fire", "absent"}:
            what = "'fire' is needed: these kinds have different defaults"
            self.notes.add(self.node, what, "write fire: every, or fire: rise")
        return Fire(word or min(defaults))

    # Single nodes.

    def get(self, key: str) -> Node | None:
        entry = self.node.entries.get(key)
        return entry[1] if entry else None

    def read(self, key: str, reader: Callable[[str], T], mend: str = "") -> T | None:
        node = self.get(key)
        return self.notes.read(node, f"'{key}'", reader, mend) if node else None

    def text(self, key: str) -> str:
        return self.read(key, lambda text: text) or ""

    def words(self, key: str) -> tuple[str, ...]:
        node = self.get(key)
        return self.notes.words(node, f"'{key}'") if node else ()

    def word(self, key: str, words: Iterable[str]) -> str | None:
        node = self.get(key)
        what = f"value of '{key}'"
        return self.notes.word(node, what, [str(word) for word in words]) if node else None

    def enabled(self) -> bool:
        return self.word("enabled", ("yes", "no")) != "no"

    # Warnings: the rule works, but probably not as meant.

    def warn(self, rule: Rule) -> None:
        firing = {test.fires for test in rule.tests if test.speaks}
        for wanted, sort in ((True, "that fires"), (False, "that stays silent")):
            if wanted not in firing:
                what = f"rule '{rule.id}' has no test {sort}"
                self.notes.warn(self.node, what, "a rule carries at least one of each")
        self.warn_unused(rule)
        names = set[str]().union(
            *map(fields_of, (rule.where, rule.when, rule.clear)),
            *(fields_of(m.scope) | fields_of(m.part) for m in rule.measures),
        )
        if "side" in names and "class" not in names:
            what = f"rule '{rule.id}' uses 'side' without 'class'"
            mend = "add: class == open_market, where trades on the market are meant"
            self.notes.warn(self.node, what, mend)
        conditions = [rule.where, rule.when, rule.clear]
        conditions += [each for m in rule.measures for each in (m.scope, m.part)]
        for text, number in dict.fromkeys(_percent_without_sign(conditions)):
            what = f"'{text}' compares a ratio with {number:g}, which is {number * 100:,.0f} %"
            self.notes.warn(self.node, what, f"write {number:g}% where percent are meant")

    def warn_unused(self, rule: Rule) -> None:
        used = measures_of(rule.when) | measures_of(rule.clear) | rule.message.measures
        let = self.get("let")
        for measure in rule.measures:
            if measure.name not in used and isinstance(let, Mapped):
                key = let.entries[measure.name][0]
                self.notes.warn(key, f"measure '{measure.name}' is never used", "delete it")


def _fields(kinds: Iterable[Kind]) -> dict[str, Field]:
    """Fields of any of the kinds; one that a kind does not have is unknown on its facts."""
    return {name: field for each in kinds for name, field in each.by_name.items()}


_MOVES = re.compile(r"(return|excess)_|gap$")
_NO_MOVE = 20.0
"""A bare number from here on beside a change of a price is one of percent: +2,000 % is no move."""


def _percent_without_sign(conditions: Iterable[Expr | None]) -> Iterator[tuple[str, float]]:
    for each in (node for condition in conditions if condition for node in walk(condition)):
        if not isinstance(each, Comparison) or "%" in each.text:
            continue
        for side, other in ((each.left, each.right), (each.right, each.left)):
            if (
                isinstance(side, FieldRef)
                and side.type is Type.RATIO
                and _MOVES.match(side.name)
                and isinstance(other, Literal)
                and abs(float(other.value)) >= _NO_MOVE
            ):
                yield each.text, float(other.value)
