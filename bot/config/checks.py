"""What does not go together, though each setting is right by itself."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from bot.config.places import KeyPath
from bot.config.route_settings import QuietEntry, RouteEntry
from bot.config.settings import Prices
from bot.routes import QuietTime
from bot.routes.quiet import ever_ends
from bot.routes.week import EVERY_DAY, MIDNIGHT
from bot.rules.model import Severity
from bot.rules.problems import did_you_mean

Tell = Callable[..., None]
"""Told the path of a setting, what is wrong and how to mend it; at_value: not at its name."""

_MONDAY = datetime(2025, 1, 6, tzinfo=UTC)


def check_prices(prices: Prices, tell: Tell) -> None:
    """What a provider needs besides its name."""
    at: KeyPath = ("prices", "provider")
    if prices.provider == "folder" and prices.path is None:
        what, mend = "a folder of bars needs its path", 'add a line: path = "prices"'
        tell(at, what, mend, at_value=True)
    if prices.provider == "alpaca" and not (prices.alpaca_key and prices.alpaca_secret):
        mend = "set both in the environment, or leave the line out: then Yahoo is asked"
        tell(at, "alpaca needs ALPACA_KEY and ALPACA_SECRET", mend, at_value=True)


def check_routes(
    routes: Sequence[RouteEntry | None], quiet: Sequence[QuietEntry | None], tell: Tell
) -> None:
    """Quiet times have a name each and an end, routes name those that are there, and every route
    can be reached.  None stands for what has a mistake of its own."""
    times = _quiet_times(quiet, tell)
    unread = None in quiet  # a name may be that of one which could not be read
    for number, route in enumerate(routes):
        if route is not None:
            _check_quiet(number, route, times, tell, unread=unread)
            if route.digest_by is not None and route.digest is None:
                mend = 'add a line: digest = "10min"'
                tell(("routes", number, "digest_by"), "there is no digest to be parted", mend)
    _check_reached(routes, tell)


def quiet_time(entry: QuietEntry) -> QuietTime:
    """A quiet time as routes ask it."""
    return QuietTime(
        name=entry.name,
        begins=entry.from_ or 0,
        ends=MIDNIGHT if entry.to is None else entry.to,
        days=EVERY_DAY if entry.days is None else entry.days,
        zone=entry.zone,
        override=entry.override if isinstance(entry.override, Severity) else None,
    )


def _quiet_times(quiet: Sequence[QuietEntry | None], tell: Tell) -> dict[str, QuietTime]:
    found: dict[str, QuietTime] = {}
    for number, entry in enumerate(quiet):
        if entry is None:
            continue
        time = quiet_time(entry)
        if time.name in found:
            what = f"there are two quiet times '{time.name}'"
            tell(("quiet", number, "name"), what, "give one of them another name", at_value=True)
        if time.begins == time.ends:
            what = "it ends when it begins: that may be the whole day or no time at all"
            mend = "write another end, or leave out 'from' and 'to' for the whole day"
            tell(("quiet", number, "to"), what, mend, at_value=True)
        found[time.name] = time
    return found


def _check_quiet(
    number: int, route: RouteEntry, times: dict[str, QuietTime], tell: Tell, *, unread: bool
) -> None:
    names = route.quiet or ()
    path: KeyPath = ("routes", number, "quiet")
    for at, name in enumerate(names):
        if name not in times and not unread:
            known = f"known are {', '.join(times)}" if times else "write one under [[quiet]]"
            mend = did_you_mean(name, times, otherwise=known)
            tell((*path, at), f"there is no quiet time '{name}'", mend, at_value=True)
    held = [times[name] for name in names if name in times]
    if held and not ever_ends(held, _MONDAY):
        what = "these quiet times leave none in which anything could be told"
        tell(path, what, "shorten one, or leave the route out", at_value=True)


def _check_reached(routes: Sequence[RouteEntry | None], tell: Tell) -> None:
    for number, route in enumerate(routes):
        if route is not None and not route.continue_ and not _has_conditions(route):
            if number + 1 < len(routes):
                mend = f"put route {number + 1} last, or give it a condition or continue = true"
                what = f"no alert comes to this route: route {number + 1} takes every one before it"
                tell(("routes", number + 1), what, mend)
            return


def _has_conditions(route: RouteEntry) -> bool:
    asked = (route.severity, route.kind, route.rule, route.tags, route.ticker)
    return any(each is not None for each in asked)
