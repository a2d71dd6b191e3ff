"""The settings of routes and of quiet times, of which there may be many."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from bot.clock import NEW_YORK
from bot.config import readers as read
from bot.config import route_readers as routes
from bot.config.declared import Key
from bot.routes import AfterFirst, Daily
from bot.rules.model import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteEntry:
    """Where some alerts go, and when: the first route that fits is taken."""

    severity: Annotated[
        frozenset[Severity] | None,
        Key(
            routes.severities,
            'Only alerts of this severity; "high+": that and above; a list: any of them.',
        ),
    ] = None
    kind: Annotated[
        frozenset[str] | None, Key(routes.kinds, "Only alerts about this kind of fact, or a list.")
    ] = None
    rule: Annotated[
        frozenset[str] | None, Key(routes.names, "Only alerts of this rule, or a list.")
    ] = None
    tags: Annotated[
        frozenset[str] | None,
        Key(routes.tags, "Only alerts of rules that carry this tag, or one of a list."),
    ] = None
    ticker: Annotated[
        frozenset[str] | None, Key(routes.tickers, "Only alerts about this ticker, or a list.")
    ] = None
    to: Annotated[
        tuple[str, ...] | None,
        Key(
            routes.channels,
            "The channel, or a list.  Without it: [alerts] channel.  A rule with a 'to' of its own"
            " goes there instead, at the time that the first route says that fits.",
        ),
    ] = None
    continue_: Annotated[
        bool, Key(read.yes_no, "Whether the routes after this one are looked at too.")
    ] = False
    digest: Annotated[
        AfterFirst | Daily | None,
        Key(
            routes.digest,
            'Tell alerts together: "10min" after the first of them, or at a time, "16:30" or'
            ' "mon-fri 16:30".',
        ),
    ] = None
    digest_by: Annotated[
        str | None, Key(routes.digest_by, "A digest for each ticker, or for each rule.")
    ] = None
    zone: Annotated[ZoneInfo, Key(routes.zone, "Whose clocks the time of a digest goes by.")] = (
        NEW_YORK
    )
    stories: Annotated[
        timedelta | None,
        Key(
            read.story_span,
            'As [alerts] stories, for these alerts: a span, or "off".  Default: that one.',
        ),
    ] = None
    quiet: Annotated[
        tuple[str, ...] | None,
        Key(routes.quiet_names, "Quiet times, by name, in which these alerts are held back."),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietEntry:
    """A time in which routes that name it tell little; the rest comes in a digest at its end."""

    name: Annotated[str, Key(routes.name, "How routes and digests call it.")]
    from_: Annotated[
        int | None,
        Key(routes.clock_time, "When it begins.  Without it: at the beginning of the day."),
    ] = None
    to: Annotated[
        int | None,
        Key(
            routes.clock_time,
            "When it ends; before 'from' it is that of the next day.  Without it: the end of the"
            " day.",
        ),
    ] = None
    days: Annotated[
        frozenset[int] | None, Key(routes.days, "On which days it begins.  Without it: on all.")
    ] = None
    zone: Annotated[ZoneInfo, Key(routes.zone, "Whose clocks it goes by.")] = NEW_YORK
    override: Annotated[
        Severity | str,
        Key(
            routes.override,
            'Alerts of this severity and above are told at once all the same; "none": none is.',
        ),
    ] = Severity.CRITICAL
