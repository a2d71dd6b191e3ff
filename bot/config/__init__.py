"""config.toml and the environment, read strictly into one frozen Config."""

from bot.config.load import InvalidConfig, load_config, shipped_rules
from bot.config.settings import (
    Alerts,
    Calendar,
    Chat,
    Config,
    Edgar,
    Fed,
    Prices,
    Rules,
    Secret,
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
    "Rules",
    "Secret",
    "Slack",
    "Store",
    "load_config",
    "shipped_rules",
]
