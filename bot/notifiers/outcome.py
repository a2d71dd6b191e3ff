"""What became of one attempt to deliver a card, told so that the outbox can act on it.

What is known to be undone may be tried again, what may have been done must be looked for first,
and what was refused says who mends it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands: the id of its channel, and its ts there."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """It stands in the channel.

    channel, ts: its place by Slack's own ids; None where the way knows none (webhook, terminal).
    degraded_by: why fuller forms of the card were refused, fullest first; each is a bug of ours.
    """

    channel: str | None = None
    ts: str | None = None
    degraded_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    """No byte of it left this machine: safe to try again after a growing wait."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Refused for now, not sent: this lane must not be called again before ``after`` has passed."""

    after: timedelta
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """No form of the card is accepted, not even its bare text: a dead letter, and a bug of ours.

    pointers: what Slack says is wrong, with the JSON pointer to it.
    """

    why: str
    pointers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """The destination takes nothing now: keep its messages, tell the owner once, probe later."""

    why: str
    mend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialsRefused:
    """Nothing can be sent anywhere: keep collecting and queueing, and be loud.

    needed: the scope that Slack asks for, where it names one.
    """

    why: str
    mend: str
    needed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead:
    """Refused for good, for a reason that no waiting and no other form of the card mends."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertain:
    """It may stand in the channel or not: never send again before a look."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The message to be changed, or in whose thread to post, does not stand there any more."""

    why: str


Outcome = Sent | NotSent | Wait | Refused | Parked | CredentialsRefused | Dead | Uncertain | Gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A message of ours as it stands in a channel.  revision: what it shows."""

    ts: str
    revision: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a look found: messages of ours by the number of their alert.

    channel: its id.
    unread: why others may stand there all the same; None where these are all.
    began: when it was begun to look, where an earlier look had broken off and this one went on.
    """

    channel: str
    messages: Mapping[int, Found]
    unread: "Unseen | None" = None
    began: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """Nobody could look, so nothing is known.

    definite: the other side answered that it does not let us look, and posting may work all the
    same; else it did not answer, or would refuse a post too.
    mend: what lets us look.  needed: the scope that Slack asks for.
    after: how long it wants no further look.
    """

    why: str
    definite: bool = False
    mend: str | None = None
    needed: str | None = None
    after: timedelta | None = None
