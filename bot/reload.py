"""Rules that change while the bot runs: checked, tested, tried on the past, then taken over.

A file with a mistake keeps its last good version, which the store keeps over a restart; the others
go on.  Nothing is kept in memory about windows, so what does not change a rule changes nothing.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from structlog.typing import FilteringBoundLogger

from bot.cards import Card, Line
from bot.clock import Clock, to_ms
from bot.errors import ConfigError, RuleError
from bot.judge import Judge
from bot.preview import Preview, fired_by
from bot.rules.dependencies import with_watched
from bot.rules.loading import Text, load_rules
from bot.rules.model import Rule, Severity
from bot.rules.testing import RunTest, run_tests
from bot.store import NewMessage, Store

Texts = Mapping[str, Text]
"""The rule files as they are: name and text."""

Good = Mapping[str, str]
"""The rule files as they were when they were last good."""

_OPS = -(10**15)
"""Messages to operators have numbers below this; digests have those of alerts, below zero."""

_MOST_LINES = 12
_PAST = timedelta(days=90)
_AGAIN = timedelta(minutes=1)
"""After an error the same files are tried again: the past that is judged first takes seconds."""


class Judging:
    """The judge in force; another takes its place only between two batches."""

    def __init__(self, judge: Judge) -> None:
        self._judge, self._lock = judge, threading.Lock()

    def judge(self, limit: int = 1_000) -> int:
        """Judge the next facts by the rules in force; says how many there were."""
        with self._lock:
            return self._judge.judge(limit)

    def tick(self) -> None:
        """Judge what waits and what fell due without a fact, by the rules in force."""
        with self._lock:
            self._judge.tick()

    def take(self, make: Callable[[], Judge]) -> Judge:
        """Judge by another from here on; it is made while none judges."""
        with self._lock:
            self._judge = make()
            return self._judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What can be used of the files as they are now.

    texts: of each file the version in force, the last good one where the newest is refused.
    refused: by file, what is wrong with the newest version.
    """

    rules: tuple[Rule, ...]
    texts: Good
    refused: Mapping[str, tuple[str, ...]]

    def instead(self, name: str) -> str:
        """What is in force of a file whose newest version is refused."""
        if name in self.texts:
            return "its last good rules stay in force"
        return "it has no good version yet, so its rules are off"

    def headline(self, name: str) -> str:
        """What is told of a file whose newest version is refused."""
        return f"{name} has mistakes: {self.instead(name)}"

    def or_raise(self) -> "Choice":
        """The choice, or RuleError where every file is refused and no rule is left."""
        if self.refused and not self.rules:
            told = "\n".join(each for wrong in self.refused.values() for each in wrong)
            mend = "mend any of these; the bot starts with the files that are good"
            where = ", ".join(self.refused)
            raise RuleError(f"no rule can go into force\n{told}", where=where, mend=mend)
        return self


def choose(now: Texts, good: Good, run: RunTest) -> Choice:
    """The best set of rules: every file as it is now, else as it was when it was last good.

    Files that did not change are read first, so that a clash is the fault of what is new; their
    tests are not run again.
    """
    held, refused = dict(now), dict[str, tuple[str, ...]]()
    while True:
        names = sorted(held, key=lambda name: (held[name] != good.get(name), name))
        loaded = load_rules((name, held[name]) for name in names)
        wrong = defaultdict[str, list[str]](list)
        for problem in loaded.mistakes:
            wrong[problem.file].append(str(problem))
        if not wrong:
            changed = {name for name in held if held[name] != good.get(name)}
            wrong |= _failing(loaded.rules, changed, run)
        if not wrong:
            rules = sorted(loaded.rules, key=lambda rule: (rule.file, rule.line))
            texts = {name: text for name, text in held.items() if isinstance(text, str)}
            return Choice(rules=tuple(rules), texts=texts, refused=refused)
        for name, told in wrong.items():
            refused.setdefault(name, tuple(told))
            if name in good and held[name] != good[name]:
                held[name] = good[name]
            else:
                del held[name]


def _failing(rules: Sequence[Rule], files: Iterable[str], run: RunTest) -> dict[str, list[str]]:
    """What the own tests of the rules of these files find, by file."""
    looked_at = set(files)
    tried = [r if r.file in looked_at else replace(r, tests=()) for r in rules]
    failing = defaultdict[str, list[str]](list)
    for result in run_tests(tried, run):
        if not result.passed:
            told = f"{result.where}: the test '{result.test.name}' fails: {result.failures[0]}"
            failing[result.rule.file].append(told)
    return failing


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trouble:
    """What keeps all changes from being taken up.

    texts: the files that are not tried again before ``until``; None where they were not read.
    """

    what: str
    told: str
    texts: Texts | None = None
    until: datetime | None = None

    def __str__(self) -> str:
        return f"{self.what}: {' '.join(self.told.split())}"

    def holds(self, texts: Texts, now: datetime) -> bool:
        """Whether it is too early to try these files again."""
        return self.until is not None and now < self.until and texts == self.texts


@dataclass(frozen=True, slots=True, kw_only=True)
class _Difference:
    """Ids of rules that are new, gone, or judge in another way than before."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        return (*self.changed, *self.new, *self.gone)

    def __str__(self) -> str:
        parts = (("changed", self.changed), ("new", self.new), ("gone", self.gone))
        return ", ".join(f"{len(ids)} {word}" for word, ids in parts if ids)


def _difference(before: Sequence[Rule], after: Sequence[Rule]) -> _Difference:
    old, new = ({r.id: r.version for r in rules if r.enabled} for rules in (before, after))
    return _Difference(
        new=tuple(name for name in new if name not in old),
        gone=tuple(name for name in old if name not in new),
        changed=tuple(name for name in new if name in old and new[name] != old[name]),
    )


class Reloader:
    """Looks at the rule files again and again, and takes over what is good.

    An error on the way leaves all as it was, is told once and tried again.

    read: the files as they are; ConfigError where they can not be read at all.
    make: a judge by these rules.  A change is taken up when two looks see the same, since an
    editor may still be writing.  start: what was chosen of the files ``seen`` at the start.
    """

    def __init__(
        self,
        store: Store,
        judging: Judging,
        *,
        read: Callable[[], Iterable[tuple[str, Text]]],
        make: Callable[[Sequence[Rule]], Judge],
        run: RunTest,
        start: Choice,
        seen: Texts,
        clock: Clock,
        ops_channel: str | None,
    ) -> None:
        self._store, self._judging, self._clock = store, judging, clock
        self._read, self._make, self._run = read, make, run
        self._choice, self._rules = start, start.rules
        self._seen: Texts = dict(seen)
        self._taken: Texts = self._seen
        self._spoken = 0
        self._told: Mapping[str, tuple[str, ...]] = {}
        self._trouble: _Trouble | None = None
        self._ops_channel = ops_channel
        self._log: FilteringBoundLogger = structlog.get_logger().bind(job="rules")

    def begin(self) -> None:
        """Tell what was refused at the start, and keep what is in force for the next one."""
        self._refuse(self._choice)
        self._store.rule_files.keep(self._choice.texts)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Those in force."""
        return self._rules

    @property
    def refused(self) -> tuple[str, ...]:
        """What keeps the newest version of files from being in force, a line each."""
        files = map(self._choice.headline, self._told)
        trouble = self._trouble  # another thread asks
        return (*files, *([] if trouble is None else [str(trouble)]))

    def look(self) -> None:
        """Take up what has changed since, if anything has.

        Raises what keeps it from being taken up, once for the same error.
        """
        try:
            texts = dict(self._read())
        except ConfigError as error:
            what = f"{error.where} can not be read: the last good rules stay in force"
            self._note(_Trouble(what=what, told=str(error)))
            return
        settled, self._seen = texts == self._seen, texts
        if not settled or (self._trouble and self._trouble.holds(texts, self._clock())):
            return
        try:
            if texts != self._taken:
                self._take_up(texts)
            self._trouble = None
        except Exception as error:
            if self._note(self._failed(error, texts)):
                raise

    def _take_up(self, texts: Texts) -> None:
        choice = choose(texts, self._choice.texts, self._run)
        self._refuse(choice)
        self._take(choice.rules)
        self._choice = choice
        self._store.rule_files.keep(choice.texts)
        self._taken = texts

    def _failed(self, error: Exception, texts: Texts) -> _Trouble:
        return _Trouble(
            what="The rules can not be reloaded: the old ones stay in force",
            told=f"{type(error).__name__}: {error}"[:500],
            texts=texts,
            until=self._clock() + _AGAIN,
        )

    def _take(self, rules: tuple[Rule, ...]) -> None:
        if _meaning(rules) == _meaning(self._rules):
            return
        difference = _difference(self._rules, rules)
        lines = [*self._preview(rules, difference)]
        judge = self._judging.take(lambda: self._make(rules))
        self._rules = rules
        if difference.ids:
            lines += [
                Line(label=each.rule.id, text=str(each).partition(": ")[2])
                for each in judge.joined
                if each.matching
            ]
            self._say(f"Rules reloaded: {difference}", lines, severity=Severity.INFO)

    def _preview(self, rules: Sequence[Rule], difference: _Difference) -> Iterable[Line]:
        """What the rules that differ would have told of the recent past, before and after."""
        now, ids = self._clock(), difference.ids
        before, after = (
            fired_by(self._store, _with_watched(ids, each), since=now - _PAST, now=now)
            for each in (self._rules, rules)
        )
        for name in ids:
            yield Line(label=name, text=_compared(name, before, after))

    def _refuse(self, choice: Choice) -> None:
        """Tell of each file once what is wrong with it."""
        for name, told in choice.refused.items():
            if self._told.get(name) != told:
                lines = [Line(label="Mistake", text=each, as_written=True) for each in told]
                self._say(choice.headline(name), lines, severity=Severity.HIGH)
        self._told = choice.refused

    def _note(self, trouble: _Trouble) -> bool:
        """Tell of a trouble, once while it lasts; gives whether it is new."""
        before, self._trouble = self._trouble, trouble
        if before is not None and (before.what, before.told) == (trouble.what, trouble.told):
            return False
        label = "Mistake" if trouble.texts is None else "Error"
        line = Line(label=label, text=trouble.told, as_written=True)
        self._say(trouble.what, [line], severity=Severity.HIGH)
        return True

    def _say(self, headline: str, lines: Sequence[Line], *, severity: Severity) -> None:
        log = self._log.info if severity is Severity.INFO else self._log.error
        log("rules.reloaded" if severity is Severity.INFO else "rules.refused", told=headline,
            lines=[f"{line.label}: {line.text}" for line in lines])  # fmt: skip
        if self._ops_channel is None:
            return
        now = to_ms(self._clock())
        shown = tuple(lines[:_MOST_LINES])
        if left := len(lines) - len(shown):
            shown += (Line(label="", text=f"and {left} more: bot rules check"),)
        self._spoken = max(self._spoken + 1, now)  # two messages never have one number
        number = _OPS - self._spoken
        card = Card(
            alert_id=number, rule="rules", severity=severity, headlines=(headline,), lines=shown
        )
        message = NewMessage(
            message_id=number,
            channel=self._ops_channel,
            created_at=now,
            text=card.text,
            card=card.to_json(),
        )
        self._store.outbox.add([message])


def _with_watched(ids: Iterable[str], rules: Sequence[Rule]) -> list[Rule]:
    """The rules of these ids, and those whose alerts they count."""
    wanted = set(ids)
    needed = {n.id for r in rules if r.id in wanted for n in with_watched(r, rules)}
    return [rule for rule in rules if rule.id in needed]


def _compared(name: str, before: Preview, after: Preview) -> str:
    told = f"{before.alerts.get(name, 0)} before, {after.alerts.get(name, 0)} after"
    return f"{after.period}: {told}"


def _meaning(rules: Sequence[Rule]) -> list[Rule]:
    """The rules apart from where they stand and how they are tested."""
    return [replace(rule, file="", line=0, tests=()) for rule in rules]
