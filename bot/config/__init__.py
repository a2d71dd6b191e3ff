"""config.toml and the environment, read strictly into one frozen Config."""

from bot.config.checks import quiet_time
from bot.config.declared import Secret
from bot.config.load import InvalidConfig, load_config, shipped_rules
from bot.config.route_settings import QuietEntry, RouteEntry
from bot.config.settings import (
    Alerts,
    Calendar,
    Chat,
    Config,
    Edgar,
    Fed,
    Prices,
    Rules,
    Slack,
    Store,
)

__all__ = [
    "Alerts",
    "Calendar",
    "Chat",
    "Config",
    "Edgar",
    "Fed",
    "InvalidConfig",
    "Prices",
    "QuietEntry",
    "RouteEntry",
    "Rules",
    "Secret",
    "Slack",
    "Store",
    "load_config",
    "quiet_time",
    "shipped_rules",
]
