"""Reads one measure under ``let``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.facts import KINDS, Field, Kind, Type, kind
from bot.rules.dimensions import NUMERIC, ORDERED, named
from bot.rules.expressions import Expr, all_of
from bot.rules.grammar import Mistake
from bot.rules.keys import MEASURE_KEYS, Key
from bot.rules.lists import Lists
from bot.rules.measures import VERBS, Argument, Verb
from bot.rules.model import Measure
from bot.rules.options import Notes
from bot.rules.problems import did_you_mean, nearest
from bot.rules.reading import Mapped, Node, Scalar
from bot.rules.scope import Scope
from bot.rules.spans import Span, read_span, read_window

T = TypeVar("T")

WINDOWS = "a window is 10d, 20 sessions, 2y, ytd"
SPANS = "a span is 10d, 2h, 30min, 6mo or 2y"
ALERTS = Kind(name="decisions", doc="What rules said.", subject="key", fires="every", fields=())
"""What ``seen`` looks at."""

ANY_KIND = Kind(
    name="any kind",
    doc="What is read where a kind is misspelt, so that the mistakes behind it are told too.",
    subject="subject",
    fires="rise",
    fields=tuple({f.name: f for each in reversed(KINDS) for f in each.fields}.values()),
)

_DAY_MS = 86_400_000
_MOST_POINTS = 100_000
_NEEDS = {
    "over": ("its window", "write over: 90d, 20 sessions, 6mo or ytd"),
    "where": ("the facts that it takes", "write where: planned, or another condition"),
}
_REFUSED = {
    "over": ("has no window", "use max_age: {example}"),
    "max_age": ("has no max_age", "its window is 'over'"),
    "time": ("has no 'time'", "only count sum avg min max distinct share go by the day of trade"),
    "min_points": ("has no 'min_points'", "only sum avg min max zscore share count their values"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a measure takes from its rule."""

    kinds: tuple[Kind, ...]
    by: tuple[str, ...]
    where: Expr | None
    lists: Lists


def read_kind(node: Node, notes: Notes) -> Kind:
    """The kind that is named; of a misspelt one, told as a mistake, the one probably meant."""
    names = [k.name for k in KINDS]
    word = notes.word(node, "kind of fact", names)
    if word is None and isinstance(node, Scalar):
        word = nearest(node.value, names)
    return ANY_KIND if word is None else kind(word)


class MeasureReader:
    """Each method notes its own mistake and gives None where it found one."""

    def __init__(self, name: str, mapped: Mapped, notes: Notes, around: Surroundings) -> None:
        self.name, self.mapped, self.notes, self.around = name, mapped, notes, around

    def measure(self) -> Measure | None:
        before = self.notes.mistakes
        verb = self.verb()
        of = None if verb is None else ALERTS if verb.argument is Argument.RULE else self.of()
        if verb is None or of is None:
            return None
        self.options(verb)
        field, (scope, part) = self.field(verb, of), self.scopes(verb, of)
        rule, written_at = self.watched(verb)
        measure = Measure(
            name=self.name,
            verb=verb.name,
            field=field.name if field else None,
            of=of,
            type=verb.result(field.type if field else Type.COUNT),
            by=self.by(of),
            over=self.span("over", read_window, WINDOWS) if "over" in verb.takes else None,
            max_age=self.span("max_age", read_span, SPANS) if "max_age" in verb.takes else None,
            before=self.before(),
            ending=self.span("ending", read_span, SPANS),
            min_points=self.min_points(verb),
            time=self.time(of),
            scope=scope,
            part=part,
            rule=rule,
            written_at=written_at,
        )
        self.whole_days(measure)
        return None if self.notes.mistakes > before else measure

    def get(self, key: str) -> Node | None:
        entry = self.mapped.entries.get(key)
        return entry[1] if entry else None

    def verb(self) -> Verb | None:
        known = {**{verb: Key(doc="") for verb in VERBS}, **MEASURE_KEYS}
        verbs = [key for key in self.mapped.entries if key in VERBS]
        what = f"measure '{self.name}'"
        strange = [key for key in self.mapped.entries if key not in known]
        if len(verbs) == 1:
            self.notes.keys(self.mapped, known, what)
            return VERBS[verbs[0]]
        if not verbs and strange:
            mend = did_you_mean(strange[0], known, otherwise=f"verbs are: {', '.join(VERBS)}")
            self.notes.strange(self.mapped, strange[0], f"{what} has no key '{strange[0]}'", mend)
            return None
        found = f"it has {', '.join(verbs)}" if verbs else "it has none"
        mend = f"one of: {', '.join(VERBS)}"
        self.notes.add(self.mapped, f"{what} needs exactly one verb, {found}", mend)
        return None

    def of(self) -> Kind | None:
        node = self.get("of")
        if node is not None:
            return read_kind(node, self.notes)
        if len(self.around.kinds) == 1:
            return self.around.kinds[0]
        names = ", ".join(k.name for k in self.around.kinds)
        what = f"measure '{self.name}' does not say of which kind"
        self.notes.add(self.mapped, what, f"write of: with one of: {names}")
        return None

    def options(self, verb: Verb) -> None:
        """Keys that this verb must have, and those that it can not."""
        for key in sorted(verb.needs - self.mapped.entries.keys()):
            what, mend = _NEEDS[key]
            self.notes.add(self.mapped, f"{verb.name} needs '{key}', {what}", mend)
        for key, (node, _) in self.mapped.entries.items():
            if key in MEASURE_KEYS and key not in verb.keys:
                otherwise = (f"has no '{key}'", f"it takes: {', '.join(sorted(verb.keys))}")
                what, mend = _REFUSED.get(key, otherwise)
                self.notes.add(node, f"{verb.name} {what}", mend.format(example=verb.example))

    def field(self, verb: Verb, of: Kind) -> Field | None:
        node = self.mapped.entries[verb.name][1]
        if verb.argument is Argument.EVENTS:
            self.notes.word(node, f"thing to {verb.name}", ("events",))
        if verb.argument in (Argument.EVENTS, Argument.RULE):
            return None
        word = self.notes.word(node, f"field of {of.name}", of.ruled)
        if word is None:
            return None
        field = of.by_name[word]
        allowed = _ARGUMENTS.get(verb.argument)
        if allowed and field.type not in allowed:
            numbers = [f.name for f in of.fields if f.type in NUMERIC][:4]
            what = f"{verb.name} needs a number, {word} is {named(field.type)}"
            self.notes.add(node, what, f"use a number such as {', '.join(numbers)}")
        return field

    def watched(self, verb: Verb) -> tuple[str | None, int]:
        """The rule whose alerts are counted; that it exists is looked at when all are read."""
        node = self.mapped.entries[verb.name][1]
        if verb.argument is not Argument.RULE:
            return None, 0
        rule = self.notes.rule_id(node, "the id of a rule")
        return rule, node.index(0) if isinstance(node, Scalar) else 0

    def by(self, of: Kind) -> tuple[str, ...]:
        node = self.get("by")
        if node is not None:
            own = () if of is ALERTS else (of,)
            return self.notes.fields(node, (*own, *self.around.kinds))
        if of is ALERTS:
            return self.around.by
        missing = [name for name in self.around.by if name not in of.by_name]
        if missing:
            what = f"{of.name} has no field '{missing[0]}', by which this rule goes"
            self.notes.add(self.mapped, what, "give the measure a 'by' of its own")
        return self.around.by

    def scopes(self, verb: Verb, of: Kind) -> tuple[Expr | None, Expr | None]:
        """Which facts count, and for a share which of them its numerator takes."""
        node = self.get("where")
        scope = Scope(fields=of.by_name, measures={}, lists=self.around.lists, kinds=of.name)
        extra = None
        if node is not None and "where" in verb.keys:
            extra = self.notes.expression(node, scope, "'where'")
        own = of is not ALERTS and "of" not in self.mapped.entries
        around = self.around.where if own else None
        if verb.name == "share":
            return around, extra
        return all_of(around, extra), None

    def span(self, key: str, reader: Callable[[str], T], mend: str) -> T | None:
        node = self.get(key)
        return self.notes.read(node, f"'{key}'", reader, mend) if node else None

    def before(self) -> bool:
        node = self.get("before")
        return node is not None and self.notes.word(node, "value of before", ("event",)) == "event"

    def min_points(self, verb: Verb) -> int | None:
        node = self.get("min_points")
        if node is None:
            return None
        least = 2 if verb.name == "zscore" else 1
        return self.notes.read(node, "'min_points'", lambda text: _points(text, least))

    def time(self, of: Kind) -> str | None:
        node = self.get("time")
        if node is None:
            return None
        word = self.notes.word(node, "value of time", ("traded_on",))
        if word is not None and of is not ALERTS:
            for kind_ in (of, *self.around.kinds):
                if word not in kind_.by_name:
                    what = f"{kind_.name} has no field '{word}'"
                    self.notes.add(node, what, "leave 'time' out: the window is over known_at")
                    break
        return word

    def whole_days(self, measure: Measure) -> None:
        """Over days of trade a window has no parts of a day."""
        for key, window in (("over", measure.over), ("ending", measure.ending)):
            parts = isinstance(window, Span) and window.elapsed_ms % _DAY_MS
            if measure.time is not None and parts:
                what = f"'{key}' is no whole number of days, and time: {measure.time} goes by days"
                self.notes.add(self.mapped.entries[key][1], what, "write days: 10d")


_ARGUMENTS = {
    Argument.NUMBER: NUMERIC,
    Argument.ORDERED: ORDERED,
}


def _points(text: str, least: int) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= _MOST_POINTS:
        what = f"'min_points' is a whole number from {least} to {_MOST_POINTS:,}"
        raise Mistake(0, what, "write min_points: 20")
    return int(text)
