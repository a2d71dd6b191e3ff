"""What an outcome means for its message and its lane."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.notifiers import (
    CredentialsRefused,
    Dead,
    Gone,
    NotSent,
    Outcome,
    Parked,
    Refused,
    Sent,
    Uncertain,
    Wait,
)
from bot.store import Delivery

_FIRST_RETRY = timedelta(seconds=1)
_LONGEST_RETRY = timedelta(minutes=5)
_PROBE_PARKED = timedelta(minutes=10)
_PROBE_CREDENTIALS = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What to note of a message after an attempt, and until when its lane pauses."""

    state: Delivery
    error: str | None = None
    not_before: datetime | None = None
    pause: datetime | None = None
    parked: str | None = None
    everywhere: bool = False


def after(outcome: Outcome, *, attempts: int, now: datetime, jitter: Callable[[], float]) -> Next:
    """attempts: made of this message, this one included.  jitter: a share of 1, at random."""
    match outcome:
        case Sent():
            return Next(state=Delivery.SENT)
        case NotSent():
            wait = min(_FIRST_RETRY * 2.0 ** min(attempts - 1, 20), _LONGEST_RETRY)
            return Next(
                state=Delivery.PENDING,
                error=outcome.why,
                not_before=now + wait * (0.5 + jitter() / 2),
            )
        case Wait():
            until = now + outcome.after + timedelta(seconds=jitter() / 4)
            return Next(state=Delivery.PENDING, error=outcome.why, pause=until)
        case Parked():
            told = f"{outcome.why}: {outcome.mend}"
            until = now + _PROBE_PARKED
            return Next(state=Delivery.PARKED, error=told, pause=until, parked=told)
        case CredentialsRefused():
            told = f"{outcome.why}: {outcome.mend}"
            until = now + _PROBE_CREDENTIALS
            return Next(state=Delivery.PENDING, error=told, pause=until, parked=told,
                         everywhere=True)  # fmt: skip
        case Refused():
            told = "; ".join((outcome.why, *outcome.pointers))
            return Next(state=Delivery.DEAD, error=told)
        case Dead():
            return Next(state=Delivery.DEAD, error=outcome.why)
        case Gone():
            return Next(state=Delivery.PENDING, error=outcome.why)
        case Uncertain():
            return Next(state=Delivery.UNCERTAIN, error=outcome.why)
