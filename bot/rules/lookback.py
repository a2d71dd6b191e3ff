"""A measure as one statement of SQLite that answers for a batch of judged facts at once.

Its parameter is a JSON array with a row for each of them: ``[seq, first, last, key...]``, where
first and last are the instants between which a fact counts; with ``time`` they are days, and the
instant of judgement follows the keys.  The statement knows neither the window's length nor the kind
of the judged fact, so equal measures of different rules share one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache, reduce
from typing import Any

from sqlglot import exp

from bot.facts import Type
from bot.rules.compile import column, condition, literal
from bot.rules.measures import VERBS
from bot.rules.model import Measure


def measure_statement(measure: Measure) -> str:
    """The SQLite statement of a measure: its parameter in, rows of (seq, value) out.

    The window stands in the parameter, so measures that differ in it alone are built once.
    """
    return _statement(replace(measure, name="", over=None, max_age=None, ending=None))


@lru_cache(maxsize=8_192)
def _statement(measure: Measure) -> str:
    answer = VERBS[measure.verb].sqlite(LookBack(measure))
    asked = exp.select(_asked("seq"), exp.alias_(exp.Subquery(this=answer), "value", copy=False))
    statement = asked.from_("asked", copy=False).with_(
        "asked", as_=_asked_rows(measure), materialized=True, copy=False
    )
    return statement.sql(dialect="sqlite")


class LookBack:
    """The parts from which a verb builds its question about the facts ``f`` in the window."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure

    @property
    def value(self) -> exp.Expr:
        """The measured field."""
        return column(self.measure.field) if self.measure.field else exp.Null()

    @property
    def part(self) -> exp.Expr:
        """The measured field where the numerator of a share takes it."""
        if self.measure.part is None:
            return self.value
        return _case(condition(self.measure.part), self.value)

    def select(self, answer: exp.Expr) -> exp.Select:
        """One answer over all facts that count; unknown over too few known values."""
        if self.measure.min_points is not None:
            least = literal(self.measure.min_points)
            enough = exp.GTE(this=exp.Count(this=self.value), expression=least)
            answer = _case(enough, answer)
        return self._rows([answer], [*self._inside(), *self._counted()])

    def newest(self) -> exp.Select:
        """The known value of the newest fact in the window."""
        return self._newest(self._inside())

    def change(self) -> exp.Select:
        """The newest known value in the window against the newest before it."""
        before: list[exp.Expr] = [exp.LT(this=column("known_at"), expression=_asked("first"))]
        newest, start = (exp.Subquery(this=self._newest(w)) for w in (self._inside(), before))
        return exp.select(exp.Sub(this=ratio(newest, start), expression=literal(1)))

    def score(self) -> exp.Select:
        """How many deviations the newest known value lies from the mean of those before it.

        The facts are numbered newest first, then mean and deviation of all but the first taken in
        two passes.  Equal values have no deviation, whatever the sum of rounded squares says.
        """
        v, i, mean = exp.column("v"), exp.column("i"), exp.column("mean")
        earlier = exp.GT(this=i, expression=literal(1))
        gap = exp.Paren(this=exp.Sub(this=v, expression=mean))
        squares = exp.Sum(this=exp.Mul(this=gap, expression=gap.copy()))
        freedom = exp.Paren(this=exp.Sub(this=exp.Count(this=exp.Star()), expression=literal(1)))
        deviation = _function("SQRT", exp.Div(this=squares, expression=freedom))
        newest = exp.Max(this=exp.column("newest"))
        distance = exp.Paren(this=exp.Sub(this=newest, expression=exp.Max(this=mean.copy())))
        score = _function("ROUND", exp.Div(this=distance, expression=deviation), literal(9))
        least = literal(max(self.measure.min_points or 0, 2))
        enough = exp.GTE(this=exp.Count(this=exp.Star()), expression=least)
        differ = exp.LT(this=exp.Min(this=v.copy()), expression=exp.Max(this=v.copy()))
        answer = _case(exp.And(this=enough, expression=differ), score)
        rows = exp.Subquery(this=self._with_mean())
        return exp.select(answer).from_(rows, copy=False).where(earlier.copy(), copy=False)

    def alerts(self) -> exp.Select:
        """How many alerts of a rule stand in the window."""
        number = column("fact_seq")
        conditions: list[exp.Expr] = [
            exp.EQ(this=column("rule"), expression=literal(self.measure.rule or "")),
            *([exp.EQ(this=column("key"), expression=_asked("key0"))] if self.measure.by else []),
            exp.GTE(this=column("at"), expression=_asked("first")),
            exp.LTE(this=column("at"), expression=_asked("last")),
            self._stored(number),
            exp.EQ(this=column("fate"), expression=literal("fired")),
        ]
        return self._rows([self.count_rows()], conditions)

    # Parts of answers.

    def count_rows(self) -> exp.Expr:
        return exp.Count(this=exp.Star())

    def count_distinct(self) -> exp.Expr:
        return exp.Count(this=exp.Distinct(expressions=[self.value]))

    def least(self) -> exp.Expr:
        return exp.Min(this=self.value)

    def greatest(self) -> exp.Expr:
        return exp.Max(this=self.value)

    def average(self) -> exp.Expr:
        return ratio(self.sum_of(self.value), exp.Count(this=self.value))

    def share(self) -> exp.Expr:
        """A part without a known value is nothing; a whole without one is unknown."""
        part = exp.Coalesce(this=self.sum_of(self.part), expressions=[literal(0)])
        return ratio(part, self.sum_of(self.value))

    def sum_of(self, value: exp.Expr) -> exp.Expr:
        """Whole numbers are summed exactly, in two halves: SQLite's SUM fails beyond 64 bits, and
        one absurd filing would stop every rule.  Their sum then becomes a double."""
        field = self.measure.of.by_name.get(self.measure.field or "")
        if field is None or field.type not in (Type.MONEY, Type.COUNT):
            return exp.Sum(this=value)
        high = exp.Paren(this=exp.BitwiseRightShift(this=value, expression=literal(32)))
        low = exp.Paren(this=exp.BitwiseAnd(this=value.copy(), expression=literal(2**32 - 1)))
        upper = exp.Mul(this=exp.Sum(this=high), expression=literal(2**32))
        return exp.Add(this=upper, expression=exp.Sum(this=low))

    # Which facts.

    def _newest(self, window: list[exp.Expr]) -> exp.Select:
        rows = self._rows([self.value], [*window, *self._counted(), self._known()])
        return rows.order_by(*_newest_first(), copy=False).limit(1, copy=False)

    def _with_mean(self) -> exp.Select:
        """The known values v, each with its place i from the newest, the newest, and the mean of
        the others."""
        first = exp.Window(this=exp.RowNumber(), order=exp.Order(expressions=_newest_first()))
        numbered = self._rows(
            [_named(self.value, "v"), _named(first, "i")],
            [*self._inside(), *self._counted(), self._known()],
        )
        v, i = exp.column("v"), exp.column("i")
        newest = _case(exp.EQ(this=i, expression=literal(1)), v)
        others = _case(exp.GT(this=i.copy(), expression=literal(1)), v.copy())
        columns = [
            v.copy(),
            i.copy(),
            _named(exp.Window(this=exp.Max(this=newest)), "newest"),
            _named(exp.Window(this=exp.Avg(this=others)), "mean"),
        ]
        return exp.select(*columns).from_(exp.Subquery(this=numbered), copy=False)

    def _rows(self, answers: list[exp.Expr], conditions: list[exp.Expr]) -> exp.Select:
        table = exp.alias_(exp.to_table(self.measure.of.name), "f", table=True, copy=False)
        return exp.select(*answers).from_(table, copy=False).where(_all(conditions), copy=False)

    def _inside(self) -> list[exp.Expr]:
        """Between the first and the last instant of the window, or its first and last day."""
        axis = self.measure.time or "known_at"
        bounds: list[exp.Expr] = [
            exp.GTE(this=column(axis), expression=_asked("first")),
            exp.LTE(this=column(axis), expression=_asked("last")),
        ]
        if self.measure.time:
            bounds.append(exp.LTE(this=column("known_at"), expression=_asked("at")))
        return bounds

    def _counted(self) -> Iterator[exp.Expr]:
        """Same key, stored no later than the judged fact, not superseded, within the scope."""
        for place, name in enumerate(self.measure.by):
            yield exp.EQ(this=column(name), expression=_asked(f"key{place}"))
        yield self._stored(column("seq"))
        gone = column("gone_seq")
        unknown = exp.Is(this=gone, expression=exp.Null())
        later = exp.GT(this=gone.copy(), expression=_asked("seq"))
        yield exp.Paren(this=exp.Or(this=unknown, expression=later))
        if self.measure.scope is not None:
            yield condition(self.measure.scope)

    def _stored(self, number: exp.Expr) -> exp.Expr:
        """Not after the judged fact; with ``before`` not the fact itself."""
        seen = exp.LT if self.measure.before else exp.LTE
        return seen(this=number, expression=_asked("seq"))

    def _known(self) -> exp.Expr:
        return exp.Not(this=exp.Is(this=self.value, expression=exp.Null()))


def ratio(above: exp.Expr, below: exp.Expr) -> exp.Expr:
    """A real quotient; by zero it is unknown."""
    real = exp.Cast(this=above, to=exp.DataType.build("REAL"))
    return exp.Div(this=real, expression=exp.Nullif(this=below, expression=literal(0)))


def _case(when: exp.Expr, then: exp.Expr) -> exp.Expr:
    return exp.Case(ifs=[exp.If(this=when, true=then)])


def _named(value: exp.Expr, name: str) -> exp.Expr:
    return exp.alias_(value, name, copy=False)


def _function(name: str, *arguments: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=list(arguments))


def _asked(name: str) -> exp.Column:
    return exp.Column(this=exp.to_identifier(name), table=exp.to_identifier("asked"))


def _asked_rows(measure: Measure) -> exp.Select:
    keys = len(measure.by) if measure.rule is None else min(len(measure.by), 1)
    names = ["seq", "first", "last", *(f"key{place}" for place in range(keys))]
    if measure.time is not None:
        names.append("at")
    given = _function("JSON_EACH", exp.Placeholder())
    columns = [
        _named(
            _function("JSON_EXTRACT", exp.column("value"), exp.Literal.string(f"$[{place}]")), name
        )
        for place, name in enumerate(names)
    ]
    return exp.select(*columns).from_(exp.Table(this=given), copy=False)


def _newest_first() -> list[exp.Ordered]:
    """By known_at, then seq: written as a sum, or SQLite takes an index that is sorted by both in
    place of the one that holds all the fields."""
    place = exp.Add(this=column("seq"), expression=literal(0))
    return [
        exp.Ordered(this=each, desc=True, nulls_first=False) for each in (column("known_at"), place)
    ]


def _all(conditions: Iterable[exp.Expr]) -> Any:
    return reduce(lambda a, b: exp.And(this=a, expression=b), conditions)
