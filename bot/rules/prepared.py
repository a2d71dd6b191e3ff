"""A rule made ready to judge: its condition as functions, its measures as questions to a store."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.clock import from_day_number, from_ms, to_day_number, to_text
from bot.rules.dependencies import depths
from bot.rules.evaluate import Evaluator, evaluator, measure_key
from bot.rules.expressions import Expr, fields_of
from bot.rules.fire import NEVER, Fate, Firing, Moment, State, cooling_until, step, waiting_until
from bot.rules.market_time import market_is_open
from bot.rules.model import Measure, Rule
from bot.rules.proof import Prover, measures_text, prover
from bot.rules.questions import Question, question
from bot.rules.spans import Span, Window

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What holds a match back besides its past: the reasons, None where nothing does.

    told: an earlier version of the fact was an alert.  mutes: the numbers of those that mute it.
    """

    told: str | None = None
    inhibited: str | None = None
    muted: str | None = None
    mutes: tuple[int, ...] = ()
    capped: str | None = None


NOTHING = Held()


@dataclass(slots=True)
class Decided:
    """What a rule says of one fact, or without a new fact when something fell due.

    row: the judged fact; of what fell due one of that instant, with ``fact``, the fact by which it
    was looked at, and ``since``, when that time began.
    order: of all that is decided; measures, proof: JSON.
    message: None where the condition does not hold.  mutes: which ones held it back.
    """

    rule: Rule
    order: tuple[int, int, int, int, str]
    row: Row
    key: str
    fate: Fate
    reason: str | None
    measures: str
    proof: str
    message: str | None
    mutes: tuple[int, ...] = ()

    @property
    def arrived(self) -> int:
        """When its fact came, or when it fell due; mutes go by that."""
        return self.order[1] or int(self.row["seen_at"])


@dataclass(frozen=True, slots=True, eq=False)
class PreparedRule:
    """place: where the rule stands among all, which orders the decisions about one fact.
    depth: how late it is judged, after the rules whose alerts it counts."""

    rule: Rule
    place: int
    depth: int
    where: Evaluator | None
    when: Evaluator
    clear: Evaluator | None
    prove: Prover
    write: Callable[[Sequence[Any]], str]
    questions: tuple[Question, ...]
    reads: tuple[str, ...]  # the fields of its conditions: to copy whole facts was costly
    names: tuple[str, ...]  # of the measures, as keys of a row
    windows: tuple[Window, ...]
    day_windows: tuple[Window, ...]
    days: str | None  # the field that those go by
    firing: Firing

    def first(self, at: int) -> int | None:
        """First instant of the longest window of instants; None for a rule without one."""
        return min((window.first(at) for window in self.windows), default=None)

    def first_day(self, day: int | None) -> int | None:
        """First day of the longest window of days, all as numbers; None for a rule without one,
        and ``NEVER`` where the day is unknown."""
        if not self.day_windows or day is None:
            return NEVER if self.day_windows else None
        last = from_day_number(day)
        return min(to_day_number(window.first_day(last)) for window in self.day_windows)

    def decide(
        self,
        row: Row,
        key: str,
        state: State,
        measured: Sequence[Any],
        *,
        quiet: bool = False,
        blind: str | None = None,
        held: Callable[[], Held] | None = None,
    ) -> tuple[State, Decided]:
        """The state of the key after a fact, and what becomes of the fact.

        blind: why less is known than the rule needs.  held: asked only where the condition holds.
        """
        seq, at = row["seq"], row["judged_at"]
        day = row.get(self.days) if self.days else None
        seen = {name: row.get(name) for name in self.reads}
        seen |= zip(self.names, measured, strict=True)
        matches = self.when(seen)
        kept = held() if held is not None and matches and blind is None else NOTHING
        if self.rule.absent is not None and kept.inhibited:
            matches = None
        moment = Moment(
            at=at,
            matches=matches,
            clears=self.clear(seen) if self.clear else None,
            first=self.first(at) if state.judged_at is not None else None,
            first_day=self.first_day(day) if state.judged_at is not None else None,
            day=day,
            quiet=quiet or bool(row["quiet"]),
            superseded=row["gone_seq"] is not None and row["gone_seq"] <= seq,
            closed=self.firing.in_market and not market_is_open(at),
            blind=blind is not None,
            told=kept.told is not None,
            inhibited=kept.inhibited is not None,
            muted=kept.muted is not None,
            capped=kept.capped is not None,
        )
        after, fate = step(self.firing, state, moment)
        return after, Decided(
            rule=self.rule,
            order=(seq, 0, 0, self.place, key),
            row=row,
            key=key,
            fate=fate,
            reason=_reason(self.firing, state, moment, fate, row, kept) or blind,
            measures=self.write(measured),
            proof=self.prove(seen),
            message=self.rule.message.render(row | seen) if matches else None,
            mutes=kept.mutes if fate is Fate.MUTED else (),
        )


def prepare(rules: Iterable[Rule]) -> list[PreparedRule]:
    """The enabled rules, ready to judge; what is equal in them is prepared once."""
    questions: dict[tuple[Any, ...], Question] = {}
    wheres: dict[Expr, Evaluator] = {}
    enabled = [rule for rule in rules if rule.enabled]
    late = depths(enabled)
    return [
        _prepare(rule, place, late[rule.id], questions, wheres)
        for place, rule in enumerate(enabled)
    ]


def _prepare(
    rule: Rule,
    place: int,
    depth: int,
    questions: dict[tuple[Any, ...], Question],
    wheres: dict[Expr, Evaluator],
) -> PreparedRule:
    if rule.where is not None and rule.where not in wheres:
        wheres[rule.where] = evaluator(rule.where)
    return PreparedRule(
        rule=rule,
        place=place,
        depth=depth,
        where=wheres[rule.where] if rule.where is not None else None,
        when=evaluator(rule.when),
        clear=evaluator(rule.clear) if rule.clear is not None else None,
        prove=prover(rule.when) if rule.absent is None else _silence_prover(rule.absent),
        write=measures_text([m.name for m in rule.measures]),
        questions=tuple(question(m, questions) for m in rule.measures),
        reads=tuple(sorted(fields_of(rule.when) | fields_of(rule.clear))),
        names=tuple(measure_key(m.name) for m in rule.measures),
        windows=_windows(m for m in rule.measures if m.time is None),
        day_windows=_windows(m for m in rule.measures if m.time is not None),
        days=next((m.time for m in rule.measures if m.time is not None), None),
        firing=Firing(
            fire=rule.fire,
            has_clear=rule.clear is not None,
            cooldown=rule.cooldown,
            wait=rule.wait,
            hold=rule.hold,
            absent=rule.absent,
            in_market=rule.during is not None,
        ),
    )


def _windows(measures: Iterable[Measure]) -> tuple[Window, ...]:
    return tuple(dict.fromkeys(m.reach for m in measures if m.reach is not None))


def _silence_prover(span: Span) -> Prover:
    """The one clause of a silence."""
    told = json.dumps([[f"no fact for {span.text}", 1, {}]])
    return lambda _row: told


def _reason(
    firing: Firing, state: State, moment: Moment, fate: Fate, row: Row, held: Held
) -> str | None:
    """What neither the fate nor the proof tells."""
    match fate:
        case Fate.NO:
            return "the market is closed" if moment.closed else None
        case Fate.SUPERSEDED if row.get("duplicate_of"):
            return f"counted once, as {row['duplicate_of']}"
        case Fate.UNKNOWN if held.inhibited:
            return held.inhibited
        case Fate.WAITING:
            return _until(waiting_until(firing, state, moment.at))
        case Fate.ALREADY_FIRED:
            return held.told or (f"since {_time(state.risen_at)}" if state.risen_at else None)
        case Fate.IN_COOLDOWN:
            return _until(cooling_until(firing, state, moment.at))
        case Fate.INHIBITED:
            return held.inhibited
        case Fate.MUTED:
            return held.muted
        case Fate.OVER_THE_CAP:
            return held.capped
        case _:
            return None


def _until(instant: int | None) -> str | None:
    return None if instant is None else f"until {_time(instant)}"


def _time(instant: int) -> str:
    return to_text(from_ms(instant))
