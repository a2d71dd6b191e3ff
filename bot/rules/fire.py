"""When a match becomes an alert: one pure step from state to state.

Live, rule tests, replay and history all take this step for each judged fact of a key, in order.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.rules.model import Fire
from bot.rules.spans import Span


class Fate(StrEnum):
    """What became of a judged fact; where several hold, the first of them in this order."""

    QUIET = "quiet"
    SUPERSEDED = "superseded"
    UNKNOWN = "unknown"
    NO = "no"
    ALREADY_FIRED = "already fired"
    IN_COOLDOWN = "in cooldown"
    FIRED = "fired"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is remembered of one key of one rule; instants in milliseconds.

    risen_at: when its rise was spent; None while it is armed.
    judged_at: the last judged fact since then; None while it is armed.
    alerted_at: its last alert, from which a cooldown counts.
    """

    risen_at: int | None = None
    judged_at: int | None = None
    alerted_at: int | None = None


NEW = State()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One judged fact as the firing sees it.

    matches, clears: 1, 0 or None, what ``when`` and ``clear`` say.
    first: the first instant of the rule's longest window, None for a rule without ``over``.
    """

    at: int
    matches: int | None
    clears: int | None = None
    first: int | None = None
    quiet: bool = False
    superseded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """How a rule fires."""

    fire: Fire
    has_clear: bool = False
    cooldown: Span | None = None

    @property
    def remembers(self) -> bool:
        """Whether the past of a key can hold an alert back."""
        return self.fire is Fire.RISE or self.cooldown is not None


def step(firing: Firing, state: State, moment: Moment) -> tuple[State, Fate]:
    """The state after a judged fact, and what became of it.

    A rise is spent when it happens, even where a quiet fact or a cooldown holds the alert back;
    a cooldown counts from alerts only.  A superseded fact leaves no trace in the state.
    """
    if moment.superseded:
        return state, _fate(firing, state, moment)
    state = _armed_by_gap(state, moment)
    fate = _fate(firing, state, moment)
    risen_at = _risen_at(firing, state, moment)
    judged_at = None if risen_at is None else max(moment.at, state.judged_at or moment.at)
    alerted_at = moment.at if fate is Fate.FIRED else state.alerted_at
    return State(risen_at=risen_at, judged_at=judged_at, alerted_at=alerted_at), fate


def _armed_by_gap(state: State, moment: Moment) -> State:
    """Armed again where every window has emptied since the key's last fact, ``clear`` or not."""
    if moment.first is None or state.judged_at is None or state.judged_at >= moment.first:
        return state
    return State(alerted_at=state.alerted_at)


def _fate(firing: Firing, state: State, moment: Moment) -> Fate:
    if moment.quiet:
        return Fate.QUIET
    if moment.superseded:
        return Fate.SUPERSEDED
    if moment.matches is None:
        return Fate.UNKNOWN
    if not moment.matches:
        return Fate.NO
    if firing.fire is Fire.RISE and state.risen_at is not None:
        return Fate.ALREADY_FIRED
    if cooling_until(firing, state, moment.at) is not None:
        return Fate.IN_COOLDOWN
    return Fate.FIRED


def _risen_at(firing: Firing, state: State, moment: Moment) -> int | None:
    """Yes spends the rise, no arms again; with ``clear`` only that arms again."""
    if firing.fire is Fire.EVERY:
        return None
    if moment.matches:
        return moment.at if state.risen_at is None else state.risen_at
    arms = moment.clears == 1 if firing.has_clear else moment.matches == 0
    return None if arms else state.risen_at


def cooling_until(firing: Firing, state: State, at: int) -> int | None:
    """The end of a cooldown that holds at an instant; the end itself lies outside it.

    A fact of an earlier instant that comes after the alert is held back too.
    """
    if firing.cooldown is None or state.alerted_at is None:
        return None
    until = firing.cooldown.after(state.alerted_at)
    return until if at < until else None
