"""A command as it was understood: what the grammar gives and the verbs take."""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.rules.spans import Span
from bot.store.query import Query


class Verb(StrEnum):
    """The first word decides; without one it is a search."""

    SEARCH = "search"
    SHOW = "show"
    WHY = "why"
    STATS = "stats"
    MUTE = "mute"
    MUTES = "mutes"
    UNMUTE = "unmute"
    ACK = "ack"
    SUBSCRIBE = "subscribe"
    SUBS = "subs"
    UNSUBSCRIBE = "unsubscribe"
    EXPORT = "export"
    RULES = "rules"
    TEST = "test"
    DOCTOR = "doctor"
    HEALTH = "health"
    HELP = "help"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is muted: all that is given must fit.  who: a person's name, or part of it."""

    ticker: str | None = None
    rule: str | None = None
    who: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command, read whole.

    canonical: the same in its plainest words; reading it again gives the same command.
    understood: the reading in words, as "OKLO · insider · ≥ $1M · since Aug 24 (ET)".
    number: of an alert, a mute or a subscription.  word: a rule's name, a topic of help.
    confirmed: of a mute, that its preview was seen.  hints: how it could be said better.
    """

    verb: Verb
    canonical: str
    understood: str
    query: Query = field(default_factory=Query)
    number: int | None = None
    target: Target | None = None
    span: Span | None = None
    word: str | None = None
    reason: str | None = None
    confirmed: bool = False
    hints: tuple[str, ...] = ()
