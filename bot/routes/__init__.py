"""Where alerts go, and when: each alert in, its destinations out.  Pure."""

from bot.routes.destination import Alerting, Destination, Route, everything_to
from bot.routes.digest import AfterFirst, Daily, Digest
from bot.routes.match import Routes, Told, Traits, Way
from bot.routes.quiet import QuietTime

__all__ = [
    "AfterFirst",
    "Alerting",
    "Daily",
    "Destination",
    "Digest",
    "QuietTime",
    "Route",
    "Routes",
    "Told",
    "Traits",
    "Way",
    "everything_to",
]
