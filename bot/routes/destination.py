"""One place that an alert goes to, and how it is told there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules.model import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerting:
    """What is known of an alert before it is routed.

    kind: of its fact.  key: of the rule whose state it changed.  now: when it was decided.
    """

    rule: Rule
    kind: str
    ticker: str | None
    key: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A channel and how alerts are told in it.

    stories: alerts of one subject within this span join one story; None: each stands alone.
    held_until: not told alone, but in the digest of then; None: at once.
    digest_key: alerts of one key share a digest; of one channel those without a key do.
    joins: a digest of the key that waits in the channel already takes it, though told earlier.
    why: why it is held, as the digest's headline begins: "While quiet (night)".
    """

    channel: str
    stories: timedelta | None = None
    held_until: datetime | None = None
    digest_key: str | None = None
    joins: bool = False
    why: str | None = None


Route = Callable[[Alerting], Sequence[Destination]]
"""The destinations of an alert; none where nobody is to be told."""


def everything_to(*channels: str) -> Route:
    """All alerts at once into these channels; without any into none."""
    destinations = tuple(Destination(channel=each) for each in channels)
    return lambda _alert: destinations
