"""Reads one rule of a file."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from bot.facts import KINDS, Field, Kind, Type, kind
from bot.rules.cases import read_tests
from bot.rules.expressions import Expr, fields_of, measures_of
from bot.rules.keys import RULE_KEYS
from bot.rules.language import Scope
from bot.rules.lists import Lists
from bot.rules.measure_reader import MeasureReader, Surroundings
from bot.rules.messages import Placeholder, Template, read_template
from bot.rules.model import Fire, Measure, Rule, Severity
from bot.rules.options import NAME, RESERVED, Notes
from bot.rules.reading import Listed, Mapped, Node
from bot.rules.spans import read_span
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
        rule_id, kinds = self.id(), self.kinds()
        rule = self.judged(rule_id or "?", kinds) if kinds else None
        if rule is None or self.notes.mistakes > before:
            return None
        tests = self.get("tests")
        rule = replace(rule, tests=read_tests(tests, rule, self.notes) if tests else ())
        if self.notes.mistakes > before:
            return None
        self.warn(rule)
        return rule

    def judged(self, rule_id: str, kinds: tuple[Kind, ...]) -> Rule | None:
        """Everything but the tests."""
        by, fields = self.by(kinds), _fields(kinds)
        where = self.condition("where", fields, {}, kinds)
        measures = self.measures(kinds, by, where)
        types = {m.name: m.type for m in measures}
        when = self.condition("when", fields, types, kinds)
        clear = self.condition("clear", fields, types, kinds)
        message = self.message(fields, types)
        fire, severity = self.fire(kinds, clear), self.word("severity", Severity)
        cooldown = self.read("cooldown", read_span)
        described = {key: self.text(key) for key in ("title", "why", "to", "owner", "runbook")}
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
            cooldown=cooldown,
            severity=Severity(severity) if severity else Severity.NOTICE,
            to=described["to"] or None,
            message=message,
            version=version_of(self.node, self.lists),
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
        node = self.get("on")
        if node is None:
            return ()
        nodes = node.items if isinstance(node, Listed) else (node,)
        names = [k.name for k in KINDS]
        words = [self.notes.word(item, "kind of fact", names) for item in nodes]
        if not nodes:
            self.notes.add(node, "'on' names no kind", f"one of: {', '.join(names)}")
        if None in words:
            return ()
        return tuple(kind(word) for word in dict.fromkeys(words) if word)

    def by(self, kinds: tuple[Kind, ...]) -> tuple[str, ...]:
        node = self.get("by")
        if node is not None:
            return self.notes.fields(node, kinds)
        if len({k.subject for k in kinds}) > 1:
            subjects = ", ".join(f"{k.name} is about an {k.subject}" for k in kinds)
            self.notes.add(self.node, f"'by' is needed: {subjects}", "write by: ticker")
        return ("subject",)

    def condition(
        self,
        key: str,
        fields: Mapping[str, Field],
        measures: Mapping[str, Type],
        kinds: tuple[Kind, ...],
    ) -> Expr | None:
        names = ", ".join(k.name for k in kinds)
        scope = Scope(fields=fields, measures=measures, lists=self.lists, kinds=names)
        node = self.get(key)
        return self.notes.expression(node, scope, f"'{key}'") if node else None

    def measures(
        self, kinds: tuple[Kind, ...], by: tuple[str, ...], where: Expr | None
    ) -> tuple[Measure, ...]:
        node = self.get("let")
        mapped = self.notes.mapping(node, "'let'") if node else None
        around = Surroundings(kinds=kinds, by=by, where=where, lists=self.lists)
        found = []
        for name, (key, value) in (mapped.entries if mapped else {}).items():
            inner = self.notes.mapping(value, f"measure '{name}'")
            if not NAME.fullmatch(name) or name in RESERVED:
                mend = "use small letters, digits and _"
                self.notes.add(key, f"'{name}' is no name for a measure", mend)
            elif name in self.lists:
                self.notes.add(key, f"'{name}' is the name of a list too", "rename one of them")
            elif inner is not None:
                found.append(MeasureReader(name, inner, self.notes, around).measure())
        return tuple(measure for measure in found if measure is not None)

    def fire(self, kinds: tuple[Kind, ...], clear: Expr | None) -> Fire:
        word = self.word("fire", Fire)
        defaults = {k.fires for k in kinds}
        if self.get("fire") is None and len(defaults) > 1:
            what = "'fire' is needed: these kinds have different defaults"
            self.notes.add(self.node, what, "write fire: every, or fire: rise")
        fire = Fire(word or min(defaults))
        if clear is not None and fire is not Fire.RISE:
            key = self.node.entries["clear"][0]
            self.notes.add(key, "'clear' works only with fire: rise", "write fire: rise")
        return fire

    def message(self, fields: Mapping[str, Field], measures: Mapping[str, Type]) -> Template | None:
        types = {name: f.type for name, f in fields.items() if f.type is not Type.DETAIL}
        return self.read(
            "message", lambda text: read_template(text, fields=types, measures=measures)
        )

    # Single nodes.

    def get(self, key: str) -> Node | None:
        entry = self.node.entries.get(key)
        return entry[1] if entry else None

    def read(self, key: str, reader: Callable[[str], T]) -> T | None:
        node = self.get(key)
        return self.notes.read(node, f"'{key}'", reader) if node else None

    def text(self, key: str) -> str:
        return self.read(key, lambda text: text) or ""

    def words(self, key: str) -> tuple[str, ...]:
        node = self.get(key)
        return self.notes.words(node, f"'{key}'") if node else ()

    def word(self, key: str, words: Iterable[str]) -> str | None:
        node = self.get(key)
        return self.notes.word(node, key, [str(word) for word in words]) if node else None

    def enabled(self) -> bool:
        return self.word("enabled", ("yes", "no")) != "no"

    # Warnings: the rule works, but probably not as meant.

    def warn(self, rule: Rule) -> None:
        fires = sum(test.fires for test in rule.tests)
        missing = "that fires" if not fires else "that stays silent"
        if not fires or fires == len(rule.tests):
            what = f"rule '{rule.id}' has no test {missing}"
            self.notes.warn(self.node, what, "a rule carries at least one of each")
        self.warn_unused(rule)
        conditions = (rule.where, rule.when, *(m.scope for m in rule.measures))
        names = set[str]().union(*map(fields_of, conditions))
        if "side" in names and "class" not in names:
            what = f"rule '{rule.id}' uses 'side' without 'class'"
            mend = "add: class == open_market, where trades on the market are meant"
            self.notes.warn(self.node, what, mend)

    def warn_unused(self, rule: Rule) -> None:
        shown = {p.key.removeprefix("let.") for p in rule.message.parts
                 if isinstance(p, Placeholder)}  # fmt: skip
        used = measures_of(rule.when) | measures_of(rule.clear) | shown
        let = self.get("let")
        for measure in rule.measures:
            if measure.name not in used and isinstance(let, Mapped):
                key = let.entries[measure.name][0]
                self.notes.warn(key, f"measure '{measure.name}' is never used", "delete it")


def _fields(kinds: Iterable[Kind]) -> dict[str, Field]:
    """Fields of any of the kinds; one that a kind does not have is unknown on its facts."""
    return {name: field for each in kinds for name, field in each.by_name.items()}
