"""Measures as questions: the statement, the window of each judged fact, and what fired just now."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bot.clock import from_day_number, to_day_number
from bot.facts import Kind
from bot.rules.expressions import fields_of
from bot.rules.model import Measure, key_text

Row = Mapping[str, Any]
Index = tuple[Kind, tuple[str, ...], set[str]]
_LONG_AGO = -(2**62)


@dataclass(frozen=True, eq=False)
class Question:
    """A measure as a statement; rules that ask the same share one, and so its answers."""

    measure: Measure

    @cached_property
    def statement(self) -> str:
        """The SQLite statement, written when it is first asked: the library that writes it is
        large, and neither a start nor most commands ask anything."""
        from bot.rules.lookback import measure_statement

        return measure_statement(self.measure)

    def asked(self, row: Row) -> list[Any] | None:
        """The row of the statement's parameter; None where a key or the day of the fact is unknown,
        and so the answer."""
        measure = self.measure
        keys = _keys(measure, row)
        if None in keys:
            return None
        if measure.time is None:
            return [row["seq"], *_instants(measure, row["judged_at"]), *keys]
        day = row.get(measure.time)
        if day is None:
            return None
        return [row["seq"], *_days(measure, day), *keys, row["judged_at"]]


def question(measure: Measure, known: dict[tuple[Any, ...], Question]) -> Question:
    """The question of a measure: a known one where another measure asks the same."""
    if measure.asks not in known:
        known[measure.asks] = Question(measure)
    return known[measure.asks]


def index_of(measure: Measure) -> Index | None:
    """What an index needs to answer a measure without the table: the kind, the fields before the
    instant, those after it.  None where the store has its own."""
    if measure.rule is not None:
        return None
    used = fields_of(measure.scope) | fields_of(measure.part)
    used |= {measure.field} if measure.field else set()
    return measure.of, (*measure.by, *([measure.time] if measure.time else [])), used


class Firings:
    """Alerts of one transaction, which no statement finds yet."""

    def __init__(self) -> None:
        self._of: dict[str, list[tuple[str, int, int]]] = defaultdict(list)

    def add(self, rule: str, key: str, row: Row) -> None:
        """An alert of a rule and key on a judged fact."""
        self._of[rule].append((key, row["judged_at"], row["seq"]))

    def counted(
        self, question: Question, asked: Sequence[Sequence[Any]], stored: Mapping[int, Any]
    ) -> Mapping[int, Any]:
        """The stored counts of ``seen`` with these alerts added; other answers as they are."""
        fired = self._of.get(question.measure.rule or "")
        if not fired:
            return stored
        return {row[0]: stored[row[0]] + self._count(question, row, fired) for row in asked}

    def _count(
        self, question: Question, row: Sequence[Any], fired: Sequence[tuple[str, int, int]]
    ) -> int:
        seq, first, last, *keys = row
        until = seq - question.measure.before
        return sum(
            first <= at <= last and number <= until and (not keys or key == keys[0])
            for key, at, number in fired
        )


def _keys(measure: Measure, row: Row) -> list[Any]:
    if measure.rule is None:
        return [row.get(name) for name in measure.by]
    return [key_text(measure.by, row)] if measure.by else []


def _instants(measure: Measure, at: int) -> tuple[int, int]:
    """First and last instant of the window of a fact."""
    last = at if measure.ending is None else measure.ending.before(at)
    if measure.over is not None:
        return measure.over.first(last), last
    if measure.max_age is not None:
        return measure.max_age.before(last), last
    return _LONG_AGO, last


def _days(measure: Measure, number: int) -> tuple[int, int]:
    """First and last day of the window of a fact, as numbers of days."""
    last = from_day_number(number)
    if measure.ending is not None:
        last = measure.ending.day_before(last)
    first = measure.over.first_day(last) if measure.over is not None else last
    return to_day_number(first), to_day_number(last)
