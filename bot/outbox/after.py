"""What an outcome means for its message and its lanes."""

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
from bot.outbox.lanes import EVERYWHERE
from bot.store import RATE_LIMIT, Delivery, Store

OUTAGE = "Slack outage"
TOOK_NOTHING = "a channel that took nothing"
NO_TOKEN = "a refused token"

_FIRST_RETRY = timedelta(seconds=1)
_LONGEST_RETRY = timedelta(minutes=5)
_FIRST_PROBE = timedelta(seconds=30)
_PROBE_PARKED = timedelta(minutes=10)
_PROBE_CREDENTIALS = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What to note of a message after an attempt, and until when its lane pauses.

    parked: what must be mended before the lane takes a message; everywhere: no lane does.
    broke: what a reader is told of that made the lane take nothing.
    """

    state: Delivery
    error: str | None = None
    not_before: datetime | None = None
    pause: datetime | None = None
    parked: str | None = None
    everywhere: bool = False
    broke: str | None = None


def after(
    outcome: Outcome,
    *,
    attempts: int,
    now: datetime,
    jitter: Callable[[], float],
    broken: timedelta = timedelta(),
) -> Next:
    """attempts: made of this message, this one included.  jitter: a share of 1, at random.

    broken: for so long the lane, or all, have taken nothing; probes come ever more seldom.
    """
    match outcome:
        case Sent():
            return Next(state=Delivery.SENT)
        case NotSent():
            return Next(
                state=Delivery.PENDING,
                error=outcome.why,
                not_before=now + backoff(attempts, jitter),
                broke=OUTAGE,
            )
        case Wait():
            until = now + outcome.after + timedelta(seconds=jitter() / 4)
            return Next(state=Delivery.PENDING, error=outcome.why, pause=until, broke=RATE_LIMIT)
        case Parked():
            told = f"{outcome.why}: {outcome.mend}"
            until = now + min(max(broken, _FIRST_PROBE), _PROBE_PARKED)
            return Next(state=Delivery.PARKED, error=told, pause=until, parked=told,
                        broke=TOOK_NOTHING)  # fmt: skip
        case CredentialsRefused():
            told = f"{outcome.why}: {outcome.mend}"
            until = now + min(max(broken, _FIRST_PROBE), _PROBE_CREDENTIALS)
            return Next(state=Delivery.PENDING, error=told, pause=until, parked=told,
                        everywhere=True, broke=NO_TOKEN)  # fmt: skip
        case Refused():
            told = "; ".join((outcome.why, *outcome.pointers))
            return Next(state=Delivery.DEAD, error=told)
        case Dead():
            return Next(state=Delivery.DEAD, error=outcome.why)
        case Gone():
            return Next(state=Delivery.PENDING, error=outcome.why)
        case Uncertain():
            return Next(state=Delivery.UNCERTAIN, error=outcome.why, broke=OUTAGE)


def backoff(attempts: int, jitter: Callable[[], float]) -> timedelta:
    """How long to wait after so many attempts in vain."""
    wait = min(_FIRST_RETRY * 2.0 ** min(attempts - 1, 20), _LONGEST_RETRY)
    return wait * (0.5 + jitter() / 2)


def pause_lane(
    store: Store, lane: str, next_: Next, *, began: datetime, ended: datetime, spacing: timedelta
) -> None:
    """Note until when a lane, or all of them, take no call.  spacing: between the begins of two."""
    where = EVERYWHERE if next_.everywhere else lane
    until = next_.pause or (ended if next_.everywhere else began + spacing)
    store.outbox.pause(
        where, at=ended, until=until, parked=next_.parked, why=next_.error if next_.pause else None
    )
    if next_.broke:
        store.outbox.broke(where, at=began, why=next_.broke)
