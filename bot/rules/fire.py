"""When a match becomes an alert: one pure step from state to state.

Live, rule tests, replay and history all take this step for each judged fact of a key, in order,
and for each instant at which something falls due without a fact.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from bot.rules.market_time import market_after
from bot.rules.model import Fire
from bot.rules.spans import Span


class Fate(StrEnum):
    """What became of a judged fact; where several hold, the first of them in this order."""

    QUIET = "quiet"
    SUPERSEDED = "superseded"
    BLIND = "blind"
    UNKNOWN = "unknown"
    NO = "no"
    WAITING = "waiting"
    ALREADY_FIRED = "already fired"
    IN_COOLDOWN = "in cooldown"
    INHIBITED = "inhibited"
    MUTED = "muted"
    OVER_THE_CAP = "over the daily cap"
    FIRED = "fired"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is remembered of one key of one rule; instants in milliseconds.

    risen_at: when its rise was spent; None while it is armed.
    judged_at: the last judged fact since it holds or rose; None while it does neither.
    day: the last day of trade among those facts, as a number; None where none has one.
    alerted_at: its last alert, from which a cooldown counts.
    since: with ``for`` since when it holds without a break, with ``absent`` its last sign of life.
    ended_at: with ``hold`` when what fired it ended.
    wake_at: when to look again without a fact.  kind, seq: its newest fact, for that look.
    """

    risen_at: int | None = None
    judged_at: int | None = None
    day: int | None = None
    alerted_at: int | None = None
    since: int | None = None
    ended_at: int | None = None
    wake_at: int | None = None
    kind: str | None = None
    seq: int | None = None


NEW = State()

NEVER = -(2**62)
"""The first day of a window that is not known to have emptied."""


class Moment(NamedTuple):
    """One judged fact as the firing sees it; a tuple, since one is made for each rule and fact.

    matches, clears: 1, 0 or None, what ``when`` and ``clear`` say.
    first: the first instant of the rule's longest window, None for a rule without ``over``.
    first_day, day: of the longest window of days, None for a rule without one, and the day of the
    fact; where that is unknown, first_day is ``NEVER``.
    closed: outside the hours of ``during``; blind: less history than the rule needs; neither
    moves the state.  told: another version of the fact was told.
    """

    at: int
    matches: int | None
    clears: int | None = None
    first: int | None = None
    first_day: int | None = None
    day: int | None = None
    quiet: bool = False
    superseded: bool = False
    closed: bool = False
    blind: bool = False
    told: bool = False
    inhibited: bool = False
    muted: bool = False
    capped: bool = False

    @property
    def counts(self) -> bool:
        """Whether it says anything about the state of its key."""
        return not (self.superseded or self.closed or self.blind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """How a rule fires.

    wait, hold, absent: the spans of ``for``, ``hold`` and ``absent``; in_market: they pass only
    while the exchange trades.
    """

    fire: Fire
    has_clear: bool = False
    cooldown: Span | None = None
    wait: Span | None = None
    hold: Span | None = None
    absent: Span | None = None
    in_market: bool = False

    @property
    def remembers(self) -> bool:
        """Whether the past of a key can hold an alert back or bring one."""
        return self.fire is Fire.RISE or self.cooldown is not None or self.timed

    @property
    def timed(self) -> bool:
        """Whether time alone can bring an alert."""
        return self.wait is not None or self.absent is not None

    def due(self, state: State) -> int | None:
        """When time alone decides about the key; None where nothing is awaited."""
        span = self.absent or self.wait
        if span is None or state.since is None or state.risen_at is not None:
            return None
        return self.after(span, state.since)

    def after(self, span: Span, instant: int) -> int:
        """The instant so long after another, as this rule's time passes."""
        return market_after(span, instant) if self.in_market else span.after(instant)


def step(firing: Firing, state: State, moment: Moment) -> tuple[State, Fate]:
    """The state after a judged fact, and what became of it.

    A rise is spent when it happens, even where a quiet fact or a cooldown holds the alert back;
    a cooldown counts from alerts only.  A superseded fact leaves no trace in the state.
    """
    if not moment.counts:
        return state, _fate(firing, state, moment)
    state = _armed(firing, state, moment)
    fate = _fate(firing, state, moment)
    after = _moved(firing, state, moment)
    if fate is Fate.FIRED:
        after = replace(after, alerted_at=moment.at)
    return after, fate


def sign_of_life(state: State, at: int) -> State:
    """The state of a key of an ``absent`` rule after a fact: its silence begins anew."""
    return replace(state, since=max(at, state.since or at))


def _armed(firing: Firing, state: State, moment: Moment) -> State:
    """Armed again where every window has emptied since the key's last fact, ``clear`` or not, and
    where ``hold`` has passed since it ended."""
    over = (
        firing.hold is not None
        and state.ended_at is not None
        and moment.at >= firing.after(firing.hold, state.ended_at)
    )
    if over or _emptied(state, moment):
        return replace(state, risen_at=None, judged_at=None, day=None, since=None, ended_at=None)
    return state


def _emptied(state: State, moment: Moment) -> bool:
    """Whether none of the key's facts is in a window any more, of instants or of days."""
    if state.judged_at is None or (moment.first is None and moment.first_day is None):
        return False
    if moment.first is not None and state.judged_at >= moment.first:
        return False
    return moment.first_day is None or state.day is None or state.day < moment.first_day


def _fate(firing: Firing, state: State, moment: Moment) -> Fate:
    if moment.quiet:
        return Fate.QUIET
    if moment.superseded:
        return Fate.SUPERSEDED
    if moment.blind:
        return Fate.BLIND
    if moment.matches is None and not moment.closed:
        return Fate.UNKNOWN
    if moment.closed or not moment.matches:
        return Fate.NO
    return _fate_of_match(firing, state, moment)


def _fate_of_match(firing: Firing, state: State, moment: Moment) -> Fate:
    if waiting_until(firing, state, moment.at) is not None:
        return Fate.WAITING
    if moment.told or (firing.fire is Fire.RISE and state.risen_at is not None):
        return Fate.ALREADY_FIRED
    if cooling_until(firing, state, moment.at) is not None:
        return Fate.IN_COOLDOWN
    if moment.inhibited:
        return Fate.INHIBITED
    if moment.muted:
        return Fate.MUTED
    return Fate.OVER_THE_CAP if moment.capped else Fate.FIRED


def _moved(firing: Firing, state: State, moment: Moment) -> State:
    if firing.fire is Fire.EVERY:
        return state
    after = _held(firing, state, moment) if moment.matches else _ended(firing, state, moment)
    if after.risen_at is None and after.since is None:
        return after if after.judged_at is None else replace(after, judged_at=None, day=None)
    days = [day for day in (moment.day, state.day) if day is not None]
    judged_at = max(moment.at, state.judged_at or moment.at)
    return replace(after, judged_at=judged_at, day=max(days, default=None))


def _held(firing: Firing, state: State, moment: Moment) -> State:
    """Yes spends the rise, with ``for`` as soon as it has held long enough."""
    waits = waiting_until(firing, state, moment.at) is not None
    since = None
    if firing.wait is not None:
        since = moment.at if state.since is None else state.since
    risen_at = state.risen_at
    if risen_at is None and not waits:
        risen_at = moment.at
    return replace(state, risen_at=risen_at, since=since, ended_at=None)


def _ended(firing: Firing, state: State, moment: Moment) -> State:
    """No arms again, with ``clear`` only that, with ``hold`` only after a while."""
    if moment.matches == 0 and state.since is not None:
        state = replace(state, since=None)
    arms = moment.clears == 1 if firing.has_clear else moment.matches == 0
    if not arms or state.risen_at is None:
        return state
    if firing.hold is None:
        return replace(state, risen_at=None)
    return replace(state, ended_at=moment.at if state.ended_at is None else state.ended_at)


def waiting_until(firing: Firing, state: State, at: int) -> int | None:
    """Until when a match must go on holding; None where it has held long enough."""
    if firing.wait is None or state.risen_at is not None:
        return None
    until = firing.after(firing.wait, at if state.since is None else state.since)
    return until if at < until else None


def cooling_until(firing: Firing, state: State, at: int) -> int | None:
    """The end of a cooldown that holds at an instant; the end itself lies outside it.

    A fact of an earlier instant that comes after the alert is held back too.
    """
    if firing.cooldown is None or state.alerted_at is None:
        return None
    until = firing.cooldown.after(state.alerted_at)
    return until if at < until else None
