"""When a match becomes an alert: one pure step from state to state.

Live, rule tests, replay and history all take this step for each judged fact of a key, in order.
"""

from dataclasses import dataclass, replace
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

    risen: a rise is spent and the key waits to be armed again.
    judged_at: the last judged fact of the key.
    alerted_at: its last alert, from which a cooldown counts.
    """

    risen: bool = False
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
    has_clear: bool
    cooldown: Span | None


def step(firing: Firing, state: State, moment: Moment) -> tuple[State, Fate]:
    """The state after a judged fact, and what became of it.

    A rise is spent when it happens, even where a quiet fact or a cooldown holds the alert back;
    a cooldown counts from alerts only.
    """
    if moment.superseded:
        return state, Fate.SUPERSEDED
    if _windows_emptied(state, moment):
        state = replace(state, risen=False)
    fate = _fate(firing, state, moment)
    risen = _risen(firing, state, moment)
    alerted_at = moment.at if fate is Fate.FIRED else state.alerted_at
    judged_at = max(moment.at, state.judged_at or moment.at)
    return State(risen=risen, judged_at=judged_at, alerted_at=alerted_at), fate


def _windows_emptied(state: State, moment: Moment) -> bool:
    """Whether every window has emptied since the key's last fact: then it starts over."""
    if moment.first is None or state.judged_at is None:
        return False
    return state.judged_at < moment.first


def _fate(firing: Firing, state: State, moment: Moment) -> Fate:
    if moment.quiet:
        return Fate.QUIET
    if moment.matches is None:
        return Fate.UNKNOWN
    if not moment.matches:
        return Fate.NO
    if firing.fire is Fire.RISE and state.risen:
        return Fate.ALREADY_FIRED
    if cooling_until(firing, state, moment.at) is not None:
        return Fate.IN_COOLDOWN
    return Fate.FIRED


def _risen(firing: Firing, state: State, moment: Moment) -> bool:
    """Yes spends the rise, no arms again; with ``clear`` only that arms again."""
    if firing.fire is Fire.EVERY:
        return False
    if moment.matches:
        return True
    arms = moment.clears == 1 if firing.has_clear else moment.matches == 0
    return state.risen and not arms


def cooling_until(firing: Firing, state: State, at: int) -> int | None:
    """The end of a cooldown that holds at an instant; the end itself lies outside it."""
    if firing.cooldown is None or state.alerted_at is None:
        return None
    until = firing.cooldown.after(state.alerted_at)
    return until if at < until else None
