"""Reads one measure under ``let``."""

from dataclasses import dataclass

from bot.facts import KINDS, Field, Kind, Type, kind
from bot.rules.dimensions import NUMERIC, named
from bot.rules.expressions import Expr, all_of
from bot.rules.keys import MEASURE_KEYS, Key
from bot.rules.lists import Lists
from bot.rules.measures import VERBS, Argument, Verb
from bot.rules.model import Measure
from bot.rules.options import Notes
from bot.rules.problems import did_you_mean
from bot.rules.reading import Mapped, Node
from bot.rules.scope import Scope
from bot.rules.spans import Span, Window, read_span, read_window

WINDOWS = "a window is 10d, 20 sessions, 2y, ytd"
SPANS = "a span is 10d, 2h, 30min, 6mo or 2y"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a measure takes from its rule."""

    kinds: tuple[Kind, ...]
    by: tuple[str, ...]
    where: Expr | None
    lists: Lists


def field_of(measure: Measure) -> Field:
    """What a measure answers, described like a field."""
    return Field(name=measure.name, type=measure.type, doc="", words=measure.words)


class MeasureReader:
    """Each method notes its own mistake and gives None where it found one."""

    def __init__(self, name: str, mapped: Mapped, notes: Notes, around: Surroundings) -> None:
        self.name, self.mapped, self.notes, self.around = name, mapped, notes, around

    def measure(self) -> Measure | None:
        before = self.notes.mistakes
        verb, of = self.verb(), self.of()
        if verb is None or of is None:
            return None
        field = self.field(verb, of)
        by = self.by(of)
        extra = self.where(of)
        over, max_age = self.over(verb), self.max_age(verb)
        without_event = self.before()
        if self.notes.mistakes > before:
            return None
        own = "of" not in self.mapped.entries
        return Measure(
            name=self.name,
            verb=verb.name,
            field=field.name if field else None,
            of=of,
            type=verb.result(field.type if field else Type.COUNT),
            scope=all_of(self.around.where if own else None, extra),
            by=by,
            over=over,
            max_age=max_age,
            before=without_event,
        )

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
            word = self.notes.word(node, "kind of fact", [k.name for k in KINDS])
            return None if word is None else kind(word)
        if len(self.around.kinds) == 1:
            return self.around.kinds[0]
        names = ", ".join(k.name for k in self.around.kinds)
        what = f"measure '{self.name}' does not say of which kind"
        self.notes.add(self.mapped, what, f"write of: with one of: {names}")
        return None

    def field(self, verb: Verb, of: Kind) -> Field | None:
        node = self.mapped.entries[verb.name][1]
        if verb.argument is Argument.EVENTS:
            self.notes.word(node, f"thing to {verb.name}", ("events",))
            return None
        word = self.notes.word(node, f"field of {of.name}", of.ruled)
        if word is None:
            return None
        field = of.by_name[word]
        if verb.argument is Argument.NUMBER and field.type not in NUMERIC:
            numbers = [f.name for f in of.fields if f.type in NUMERIC][:4]
            what = f"{verb.name} needs a number, {word} is {named(field.type)}"
            self.notes.add(node, what, f"use a number such as {', '.join(numbers)}")
        return field

    def by(self, of: Kind) -> tuple[str, ...]:
        node = self.get("by")
        if node is not None:
            return self.notes.fields(node, (of, *self.around.kinds))
        missing = [name for name in self.around.by if name not in of.by_name]
        if missing:
            what = f"{of.name} has no field '{missing[0]}', by which this rule goes"
            self.notes.add(self.mapped, what, "give the measure a 'by' of its own")
        return self.around.by

    def where(self, of: Kind) -> Expr | None:
        node = self.get("where")
        scope = Scope(fields=of.by_name, measures={}, lists=self.around.lists, kinds=of.name)
        return self.notes.expression(node, scope, "'where'") if node else None

    def over(self, verb: Verb) -> Window | None:
        node = self.get("over")
        if node is None and verb.windowed:
            mend = "write over: 90d, 20 sessions, 6mo or ytd"
            self.notes.add(self.mapped, f"{verb.name} needs 'over', its window", mend)
        if node is None:
            return None
        if not verb.windowed:
            key = self.mapped.entries["over"][0]
            self.notes.add(key, f"{verb.name} has no window", f"use max_age: {verb.example}")
            return None
        return self.notes.read(node, "'over'", read_window, WINDOWS)

    def max_age(self, verb: Verb) -> Span | None:
        node = self.get("max_age")
        if node is None:
            return None
        if verb.windowed:
            key = self.mapped.entries["max_age"][0]
            self.notes.add(key, f"{verb.name} has no max_age", "its window is 'over'")
            return None
        return self.notes.read(node, "'max_age'", read_span, SPANS)

    def before(self) -> bool:
        node = self.get("before")
        return node is not None and self.notes.word(node, "value of before", ("event",)) == "event"
