"""Modals and App Homes of the local Slack, and the triggers that let an app open one."""

import itertools
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.sandbox.slack_blocks import breaches
from bot.sandbox.slack_content import SlackRefusal, decoded
from bot.sandbox.slack_people import APP, BOT, TEAM, Json

_TRIGGER_LASTS = timedelta(seconds=3)
_TITLE = 24
_PRIVATE = 3_000


class Views:
    """Which modal each person has open, and their App Home."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._ids = clock, itertools.count(1)
        self._triggers: dict[str, tuple[str, datetime]] = {}
        self._used: set[str] = set()
        self.open: dict[str, Json] = {}
        self.homes: dict[str, Json] = {}

    def trigger(self, user: str) -> str:
        """Lets the app open one modal for this person within three seconds."""
        trigger = f"{next(self._ids)}.0.sandbox"
        self._triggers[trigger] = (user, self._clock())
        return trigger

    def methods(self) -> dict[str, Callable[[Mapping[str, Any]], Json]]:
        return {
            "views.open": self._open,
            "views.update": self._update,
            "views.publish": self._publish,
            "blocks.validate": validate,
        }

    def _open(self, given: Mapping[str, Any]) -> Json:
        view = self._view(given, "modal")
        user = self._exchanged(str(given.get("trigger_id") or ""))
        self.open[user] = view
        return {"view": view}

    def _exchanged(self, trigger: str) -> str:
        """The person whose click it stands for; a trigger works once and soon."""
        if trigger in self._used:
            raise SlackRefusal("exchanged_trigger_id")
        if trigger not in self._triggers:
            raise SlackRefusal("invalid_trigger_id")
        user, at = self._triggers.pop(trigger)
        self._used.add(trigger)
        if self._clock() - at > _TRIGGER_LASTS:
            raise SlackRefusal("expired_trigger_id")
        return user

    def _update(self, given: Mapping[str, Any]) -> Json:
        ident = given.get("view_id")
        user = next((user for user, view in self.open.items() if view["id"] == ident), None)
        if user is None:
            raise SlackRefusal("not_found")
        self.replace(user, self._view(given, "modal"))
        return {"view": self.open[user]}

    def replace(self, user: str, view: Json) -> None:
        """Show another modal in the place of the open one; it keeps the id."""
        self.open[user] = {**view, "id": self.open[user]["id"]}

    def _publish(self, given: Mapping[str, Any]) -> Json:
        view = self._view(given, "home")
        self.homes[str(given.get("user_id") or "")] = view
        return {"view": view}

    def _view(self, given: Mapping[str, Any], kind: str) -> Json:
        view = decoded(given.get("view"))
        if not isinstance(view, dict) or view.get("type") != kind:
            raise SlackRefusal("invalid_arguments")
        return self.made(view)

    def made(self, view: Json) -> Json:
        """A view as Slack keeps it; SlackRefusal where its blocks or title break a limit."""
        if messages := wrong_with(view):
            raise SlackRefusal("invalid_arguments", response_metadata={"messages": messages})
        blocks = [{"block_id": f"v{n}", **block} for n, block in enumerate(view["blocks"])]
        number = next(self._ids)
        kept = {"id": f"V{number:010d}", "hash": f"{number}.sandbox", "team_id": TEAM,
                "app_id": APP, "bot_id": BOT, "state": {"values": {}}, "private_metadata": "",
                "callback_id": ""}  # fmt: skip
        return {**kept, **view, "blocks": blocks}


def wrong_with(view: Json) -> list[str]:
    """What a view breaks, as response_metadata.messages words it."""
    found = breaches(view.get("blocks"))
    title = (view.get("title") or {}).get("text") or ""
    if view["type"] == "modal" and not 1 <= len(title) <= _TITLE:
        found.append(f"[ERROR] must be 1 to {_TITLE} characters [json-pointer:/view/title/text]")
    if len(view.get("private_metadata") or "") > _PRIVATE:
        told = f"[ERROR] must be less than {_PRIVATE + 1} characters"
        found.append(f"{told} [json-pointer:/view/private_metadata]")
    return found


def validate(given: Mapping[str, Any]) -> Json:
    """blocks.validate: blocks, a message or a view against the limits; no token is needed."""
    named = [name for name in ("blocks", "message", "view") if given.get(name)]
    if len(named) != 1:
        raise SlackRefusal("invalid_arguments")
    (name,) = named
    held = decoded(given[name])
    if name == "view" and isinstance(held, dict) and "type" in held:
        found = wrong_with(held)
    else:
        found = breaches(held.get("blocks") if isinstance(held, dict) else held)
    if found:
        cut = "/blocks" if name == "blocks" else ""
        raise SlackRefusal(f"invalid_{name}", errors=[_error(told, cut) for told in found])
    return {}


def _error(told: str, cut: str) -> Json:
    """A breach as blocks.validate tells of it: pointers of bare blocks begin at the array."""
    what, _, pointer = told.removeprefix("[ERROR] ").partition(" [json-pointer:")
    pointer = pointer.removesuffix("]").removeprefix(cut)
    return {"pointer": pointer, "code": "failed_constraint", "message": what}
