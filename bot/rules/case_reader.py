"""Reads the tests that a rule carries."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bot.clock import new_york_day, to_ms
from bot.facts import KINDS, Fact, Field, Kind, Type, kind
from bot.rules.cases import Expected, Given, Muted, RuleTest, Wanted
from bot.rules.dimensions import NUMERIC
from bot.rules.fire import Fate
from bot.rules.grammar import Mistake
from bot.rules.keys import MUTE_KEYS, TEST_KEYS
from bot.rules.literals import day_literal
from bot.rules.model import Severity
from bot.rules.options import Notes
from bot.rules.problems import did_you_mean, names_near
from bot.rules.reading import Mapped, Node, Scalar
from bot.rules.scope import Scope
from bot.rules.values import read_instant, read_value

UNKNOWN = "unknown"
_BARE_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_DAYS_OF_THE_FACT = frozenset({"traded_on", "filed_on"})
_WRITTEN_OUTSIDE = {"known_at": "at", "seen_at": "seen"}
_ALERT_KEYS = ("at", "fate", "severity", "message", "why", "rule")


def read_tests(
    node: Node, kinds: tuple[Kind, ...], scope: Scope, notes: Notes, *, waits: bool
) -> tuple[RuleTest, ...]:
    """The tests of a rule over these kinds; a mistake in any is noted with its place.

    scope: the measures and fields that an expected alert may name.
    waits: whether the rule, or one that it counts, may wait for keys of which no fact tells.
    """
    items = notes.items(node, "'tests'")
    _check_names(items, notes)
    readers = [_TestReader(item, kinds, scope, notes, waits=waits) for item in items]
    return tuple(test for reader in readers if (test := reader.test()) is not None)


def _check_names(items: Iterable[Node], notes: Notes) -> None:
    """A test is found again by its name."""
    lines: dict[str, int] = {}
    for item in items:
        name = (
            item.entries["name"][1] if isinstance(item, Mapped) and "name" in item.entries else None
        )
        if not isinstance(name, Scalar):
            continue
        if name.value in lines:
            what = f"another test of this rule is named '{name.value}'"
            notes.add(name, f"{what}, in line {lines[name.value]}", "give each a name of its own")
        lines.setdefault(name.value, notes.source.position(name.start)[0])


class _TestReader:
    def __init__(
        self, node: Node, kinds: tuple[Kind, ...], scope: Scope, notes: Notes, *, waits: bool
    ) -> None:
        self.node, self.kinds, self.scope, self.notes = node, kinds, scope, notes
        self.waits = waits
        self.ids: dict[str, Node] = {}  # of the given facts, as far as the test names them
        self.originals: list[tuple[str, Node]] = []  # facts that are named by 'duplicate_of'

    def test(self) -> RuleTest | None:
        before = self.notes.mistakes
        mapped = self.notes.mapping(self.node, "a test")
        if mapped is None:
            return None
        self.notes.keys(mapped, TEST_KEYS, "a test")
        entries = {key: value for key, (_, value) in mapped.entries.items()}
        name = self.notes.text(entries["name"], "'name'") if "name" in entries else None
        given, expect = self.listed(entries, "given"), self.listed(entries, "expect")
        facts = [self.given(item, place) for place, item in enumerate(given)]
        alerts = [self.expected(item) for item in expect]
        until = self.notes.read(entries["until"], "'until'", read_instant) if (
            "until" in entries) else None  # fmt: skip
        muted = [self.mute(item) for item in self.listed(entries, "mutes")]
        keys = self.notes.words(entries["keys"], "'keys'") if "keys" in entries else ()
        also = self.notes.rule_ids(entries["also"], "'also'") if "also" in entries else ()
        self.check_until(entries, until, facts)
        self.check_originals()
        if self.notes.mistakes > before or name is None:
            return None
        return RuleTest(
            name=name,
            line=self.line(mapped),
            given=tuple(fact for fact in facts if fact),
            expect=tuple(alert for alert in alerts if alert),
            until=until,
            keys=keys,
            mutes=tuple(mute for mute in muted if mute),
            also=also,
        )

    def listed(self, entries: dict[str, Node], key: str) -> tuple[Node, ...]:
        """What is listed under a key; nothing at all is no list."""
        node = entries.get(key)
        if isinstance(node, Scalar) and node.is_empty:
            self.notes.add(node, f"'{key}' is empty", f"write {key}: [] for none")
            return ()
        return self.notes.items(node, f"'{key}'") if node else ()

    def check_until(
        self, entries: dict[str, Node], until: datetime | None, given: Iterable[Given | None]
    ) -> None:
        """A silence is counted from the first fact, and a clock is not set back."""
        seen = [each.seen_at for each in given if each]
        if until is not None and seen and until < max(seen):
            mend = "the clock moves on after the last fact, so write a later instant"
            self.notes.add(entries["until"], "'until' lies before the last fact", mend)
        if "keys" in entries and not self.waits and "also" not in entries:
            mend = "delete it: only a rule with 'absent' waits for keys"
            self.notes.add(entries["keys"], "'keys' in a test of a rule without 'absent'", mend)
        elif "keys" in entries and not seen and not self.notes.mistakes:
            mend = "give any fact: the first one starts the clock"
            self.notes.add(entries["keys"], "'keys' in a test without facts", mend)

    def check_originals(self) -> None:
        """A fact that repeats another one needs that other one."""
        for named, node in self.originals:
            if named not in self.ids:
                mend = did_you_mean(named, self.ids, otherwise="name the 'id' of a given fact")
                self.notes.add(node, f"no given fact has the id '{named}'", mend)

    def mute(self, node: Node) -> Muted | None:
        mapped = self.notes.mapping(node, "a mute", "write {ticker: OKLO, until: 2025-09-23}")
        if mapped is None:
            return None
        self.notes.keys(mapped, MUTE_KEYS, "a mute")
        since, until = (
            self.instant(mapped, key) if key in mapped.entries else None
            for key in ("from", "until")
        )
        if since is not None and until is not None and until <= since:
            mend = "write a later 'until', or leave it out"
            self.notes.add(mapped.entries["until"][1], "'until' does not lie after 'from'", mend)
        ticker, its_key = (self.told(mapped, key) for key in ("ticker", "key"))
        return Muted(
            since=since, until=until, rule=self.rule_id(mapped), ticker=ticker, key=its_key
        )

    def rule_id(self, mapped: Mapped) -> str | None:
        return self.notes.rule_id(mapped.entries["rule"][1], "'rule'") if (
            "rule" in mapped.entries) else None  # fmt: skip

    def told(self, mapped: Mapped, key: str) -> str | None:
        if key not in mapped.entries:
            return None
        return self.notes.text(mapped.entries[key][1], f"'{key}'")

    def line(self, node: Node) -> int:
        return self.notes.source.position(node.start)[0]

    # Given.

    def given(self, node: Node, place: int) -> Given | None:
        mapped = self.notes.mapping(node, "a given fact")
        if mapped is None:
            return None
        of, at = self.kind(mapped), self.instant(mapped, "at")
        seen = self.instant(mapped, "seen") if "seen" in mapped.entries else at
        values = self.values(mapped.entries[of.name][1], of) if of else None
        if of is None or at is None or seen is None or values is None:
            return None
        if seen < at:
            key = mapped.entries["seen"][0]
            self.notes.add(
                key, "'seen' lies before 'at'", "a fact arrives when it is known, or later"
            )
        return Given(fact=_fact(of, at, values, place), seen_at=seen)

    def kind(self, mapped: Mapped) -> Kind | None:
        kinds = [k.name for k in KINDS]
        names = [name for name in mapped.entries if name not in ("at", "seen")]
        what = "a given fact has 'at', one kind and perhaps 'seen'"
        own = next((name for name in kinds if name in {k.name for k in self.kinds}), kinds[0])
        mend = f"write: {{at: 2025-09-23, {own}: {{ticker: OKLO}}}}"
        strange = [name for name in names if name not in kinds]
        for name in strange:
            near = did_you_mean(name, [*kinds, "at", "seen"], otherwise=mend)
            self.notes.strange(mapped, name, what, near)
        if len(names) != 1 and not strange:
            self.notes.add(mapped, what, mend)
        return kind(names[0]) if len(names) == 1 and not strange else None

    def instant(self, mapped: Mapped, key: str) -> datetime | None:
        if key in mapped.entries:
            return self.notes.read(mapped.entries[key][1], f"'{key}'", read_instant)
        what = f"a given fact needs '{key}', when it became known"
        self.notes.add(mapped, what, f"write {key}: 2025-09-23")
        return None

    def values(self, node: Node, of: Kind) -> dict[str, Any] | None:
        mapped = self.notes.mapping(node, f"{of.name} of a test")
        if mapped is None:
            return None
        values = {}
        for name, (_, value) in mapped.entries.items():
            if name in _WRITTEN_OUTSIDE:
                what = f"'{name}' is written as '{_WRITTEN_OUTSIDE[name]}'"
                mend = f"write {_WRITTEN_OUTSIDE[name]}: in front of {of.name}"
                self.notes.strange(mapped, name, what, mend)
            elif name not in of.ruled:
                mend = names_near(name, of.ruled)
                self.notes.strange(mapped, name, f"{of.name} has no field '{name}'", mend)
            else:
                values[name] = self.value(value, of.by_name[name])
                self.note_id(name, values[name], value)
        return values

    def note_id(self, name: str, value: Any, node: Node) -> None:
        """Keep which fact has which id, and which repeats which."""
        if name == "duplicate_of" and value is not None:
            self.originals.append((value, node))
        if name == "id" and value in self.ids:
            mend = "give each fact an id of its own, or none"
            self.notes.add(node, f"another given fact has the id '{value}'", mend)
        elif name == "id" and value is not None:
            self.ids[value] = node

    def value(self, node: Node, of: Field) -> Any:
        """The value of a field; None where the test says that it is unknown."""
        if isinstance(node, Scalar) and node.value == UNKNOWN:
            return None
        return self.notes.read(node, f"'{of.name}'", lambda text: read_value(text, of))

    # Expected.

    def expected(self, node: Node) -> Expected | None:
        mapped = self.notes.mapping(node, "an expected alert")
        if mapped is None:
            return None
        day, instant = self.moment(mapped)
        fate = self.word(mapped, "fate", Fate)
        severity = self.word(mapped, "severity", Severity)
        values = {
            name: wanted
            for name in mapped.entries
            if name not in _ALERT_KEYS and (wanted := self.wanted(mapped, name)) is not None
        }
        return Expected(
            line=self.line(mapped),
            day=day,
            instant=instant,
            fate=Fate(fate) if fate else Fate.FIRED,
            severity=Severity(severity) if severity else None,
            message=self.told(mapped, "message"),
            why=self.told(mapped, "why"),
            rule=self.rule_id(mapped),
            values=values,
        )

    def moment(self, mapped: Mapped) -> tuple[date | None, int | None]:
        """A bare date matches any instant of that New York day."""
        node = mapped.entries["at"][1] if "at" in mapped.entries else None
        if node is None:
            return None, None
        if isinstance(node, Scalar) and _BARE_DAY.fullmatch(node.value):
            return self.notes.read(node, "'at'", day_literal), None
        instant = self.notes.read(node, "'at'", read_instant)
        return None, to_ms(instant) if instant else None

    def word(self, mapped: Mapped, key: str, words: Iterable[str]) -> str | None:
        if key not in mapped.entries:
            return None
        return self.notes.word(mapped.entries[key][1], key, [str(word) for word in words])

    def wanted(self, mapped: Mapped, name: str) -> Wanted | None:
        if name in self.scope.broken:
            return None
        names = (*_ALERT_KEYS, *self.scope.names)
        if name not in names:
            what = f"'{name}' is no measure of this rule and no field of its kinds"
            mend = names_near(name, names)
            self.notes.strange(mapped, name, what, mend)
            return None
        of, node = self.scope.described(name), mapped.entries[name][1]
        return self.notes.read(node, f"'{name}'", lambda text: read_wanted(text, of))


def read_wanted(text: str, of: Field) -> Wanted:
    """A value to compare with: ``unknown``, an exact one, or ``~2.1`` for what rounds to it."""
    if text == UNKNOWN:
        return Wanted(value=None, type=of.type, text=text)
    if not text.startswith("~"):
        return Wanted(value=of.stored(read_value(text, of)), type=of.type, text=text)
    if of.type not in NUMERIC:
        raise Mistake(0, f"'{text}': only numbers are rounded", "delete the '~'")
    number = text[1:].strip()
    value, within = read_value(number, of), _half_a_digit(number, of)
    return Wanted(value=value, type=of.type, within=within, text=text)


def _half_a_digit(text: str, of: Field) -> float:
    """Half of the last digit written: 0.05 for 2.1, 50,000 dollars for $16.1M, 50,000 for 1.2e6."""
    mantissa, e, exponent = text.lower().partition("e")
    zeros = re.sub(r"\d", "0", mantissa)
    place = zeros.rfind("0")
    one = zeros[:place] + "1" + zeros[place + 1 :] + e + exponent
    whole = Field(name=of.name, type=Type.NUMBER if of.type is Type.COUNT else of.type, doc="")
    return float(abs(Decimal(str(read_value(one, whole)))) / 2) + 1e-9


def _fact(of: Kind, at: datetime, values: dict[str, Any], place: int) -> Fact:
    """The fact of a test: dates not named are its day, a subject not named is the ticker."""
    ticker = values.pop("ticker", None)
    subject = values.pop("subject", None) or ticker or values.get(of.subject) or of.name
    happened_at = values.pop("happened_at", None) or at
    fact_id = values.pop("id", None) or f"test:{place:06d}"
    for each in of.fields:
        if each.name in _DAYS_OF_THE_FACT:
            values.setdefault(each.name, new_york_day(at))
    return Fact(
        kind=of,
        id=fact_id,
        subject=subject,
        ticker=ticker,
        known_at=at,
        happened_at=happened_at,
        values=values,
    )
