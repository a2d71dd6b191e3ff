"""A command as it was understood: what the grammar gives and the verbs take."""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.rules.spans import Span
from bot.store.query import Query, Term


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

    def terms(self) -> tuple[Term, ...]:
        """The search that finds what it mutes."""
        given = (("ticker", self.ticker), ("rule", self.rule), ("who", self.who))
        return tuple(Term(field=name, values=(value,)) for name, value in given if value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command, read whole.

    canonical: the same in its plainest words; reading it again gives the same command.
    understood: the reading in words, as "OKLO · insider · ≥ $1M · since Aug 24 (ET)".
    number: of an alert, a mute or a subscription.  others: further alerts of an ack.
    word: a rule's name, a topic of help, the format of an export.
    confirmed: of a mute, that its preview was seen.
    typed: of each term of the query the words it was made of.  lasting: of each term words that
    mean the same at any later time; relative days stay relative.  hints: how it could be said
    better.
    Two commands are the same whatever words they were made of.
    """

    verb: Verb
    canonical: str
    understood: str
    query: Query = field(default_factory=Query)
    number: int | None = None
    others: tuple[int, ...] = ()
    target: Target | None = None
    span: Span | None = None
    word: str | None = None
    reason: str | None = None
    confirmed: bool = False
    typed: tuple[str, ...] = field(default=(), compare=False)
    lasting: tuple[str, ...] = field(default=(), compare=False)
    hints: tuple[str, ...] = field(default=(), compare=False)
