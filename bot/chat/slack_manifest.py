"""The app as Slack is to make it: a manifest, in the user's own workspace.

Source: docs.slack.dev, app manifest reference, as read for the facts that the docs list.  The keys
that would register metadata events are refused by the schema of manifests, so they are not there.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from bot.chat.slack_payloads import COMMAND, HOME_EVENT, SHORTCUT
from bot.notifiers.slack_scopes import needed

Manifest = dict[str, Any]

_NEW_APP = "https://api.slack.com/apps?new_app=1&manifest_json="
_PLAIN = re.compile(r"[a-z]+(?:[_:.][a-z]+)*|[A-Z][a-z]+(?: [A-Z][a-z]+)*")


def manifest(*, groups: bool = False) -> Manifest:
    """groups: whether permissions are given to user groups, whose members are then asked for."""
    scopes = list(needed(chat=True, groups=groups))
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Market Alerts",
            "description": "Insider filings, prices and Fed releases matched by your own rules",
            "background_color": "#1d3557",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "alerts", "always_online": True},
            "slash_commands": [
                {
                    "command": COMMAND,
                    "description": "Search alert history, mute, export",
                    "usage_hint": "OKLO insider since:90d min:$1m | stats | mute OKLO 7d | help",
                    "should_escape": True,
                }
            ],
            "shortcuts": [
                {
                    "name": "Search alerts",
                    "type": "global",
                    "callback_id": SHORTCUT,
                    "description": "Open the alert search form",
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": [scope.name for scope in scopes]}},
        "settings": {
            "event_subscriptions": {
                "bot_events": sorted(
                    [HOME_EVENT, *(event for scope in scopes for event in scope.events)]
                )
            },
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": True,
            "token_rotation_enabled": False,
        },
    }


def as_link(app: Manifest) -> str:
    """The address at which Slack offers to make the app."""
    return _NEW_APP + quote(json.dumps(app, separators=(",", ":")), safe="")


def as_yaml(app: Manifest) -> str:
    """For Slack's form, and for people to read."""
    return "\n".join(_mapping(app, 0)) + "\n"


def _mapping(held: Mapping[str, Any], depth: int) -> Iterator[str]:
    space = "  " * depth
    for key, value in held.items():
        if isinstance(value, dict):
            yield f"{space}{key}:"
            yield from _mapping(value, depth + 1)
        elif isinstance(value, list):
            yield f"{space}{key}:"
            yield from _items(value, depth + 1)
        else:
            yield f"{space}{key}: {_scalar(value)}"


def _items(items: Sequence[Any], depth: int) -> Iterator[str]:
    space = "  " * depth
    for item in items:
        if isinstance(item, dict):
            first, *others = _mapping(item, depth + 1)
            yield f"{space}- {first.lstrip()}"
            yield from others
        else:
            yield f"{space}- {_scalar(item)}"


def _scalar(value: str | int | bool) -> str:
    """Plain where nothing in it can be read otherwise; a text of JSON is one of YAML too."""
    return value if isinstance(value, str) and _PLAIN.fullmatch(value) else json.dumps(value)
