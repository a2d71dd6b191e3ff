"""Where alerts go, and when: each alert in, its destinations out.  Pure."""

from bot.routes.destination import Alerting, Destination, Route, everything_to, rules_own_or

__all__ = ["Alerting", "Destination", "Route", "everything_to", "rules_own_or"]
