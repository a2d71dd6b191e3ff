"""Modals and App Homes of the local Slack, and the triggers that let an app open one."""

import itertools
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.sandbox.slack_blocks import breaches, view_breaches
from bot.sandbox.slack_content import SlackRefusal, decoded
from bot.sandbox.slack_people import APP, BOT, TEAM, Json

_TRIGGER_LASTS = timedelta(seconds=3)
_MOST_MODALS = 3


class Views:
    """Which modals each person has open, one over the other, and their App Home."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._ids = clock, itertools.count(1)
        self._triggers: dict[str, tuple[str, datetime]] = {}
        self._used: set[str] = set()
        self._stacks: dict[str, list[Json]] = {}
        self.homes: dict[str, Json] = {}

    @property
    def open(self) -> dict[str, Json]:
        """The modal that each person sees."""
        return {user: stack[-1] for user, stack in self._stacks.items() if stack}

    def depth(self, user: str) -> int:
        """How many modals this person has open."""
        return len(self._stacks.get(user, ()))

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
        self._stacks[user] = [view]
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
        wanted = {key: given[key] for key in ("view_id", "external_id") if given.get(key)}
        for stack in self._stacks.values():
            for place, view in enumerate(stack):
                if wanted and wanted == _named(view, wanted):
                    stack[place] = self._view(given, "modal") | {"id": view["id"]}
                    return {"view": stack[place]}
        raise SlackRefusal("not_found")

    # A modal that is sent off, what comes with the acknowledgement of that, and its end.

    def sent_off(self, user: str) -> Json:
        """The modal that is seen, without what was wrong before; KeyError where there is none."""
        stack = self._stacks.get(user) or []
        if not stack:
            raise KeyError(user)
        stack[-1] = {key: value for key, value in stack[-1].items() if key != "errors"}
        return stack[-1]

    def replace(self, user: str, view: Json) -> None:
        """Show another modal in the place of the one that is seen; it keeps the id."""
        stack = self._stacks[user]
        stack[-1] = self.made(view) | {"id": stack[-1]["id"]}

    def push(self, user: str, view: Json) -> None:
        """Put a modal over the one that is seen."""
        stack = self._stacks[user]
        if len(stack) >= _MOST_MODALS:
            raise SlackRefusal("push_limit_reached")
        stack.append(self.made(view))

    def complain(self, user: str, errors: Mapping[str, str]) -> None:
        """Leave the modal as it is, with what is wrong below its inputs."""
        stack = self._stacks[user]
        blocks = {block["block_id"] for block in stack[-1]["blocks"] if block["type"] == "input"}
        if not errors or not errors.keys() <= blocks:
            raise SlackRefusal("invalid_errors")
        stack[-1] = {**stack[-1], "errors": dict(errors)}

    def close(self, user: str, *, all_of_them: bool = False) -> None:
        """Back to the modal below, or to none."""
        stack = self._stacks.get(user, [])
        del stack[0 if all_of_them else -1 :]

    def _publish(self, given: Mapping[str, Any]) -> Json:
        user, view = str(given.get("user_id") or ""), self._view(given, "home")
        before = self.homes.get(user, view)
        self.homes[user] = view | {"id": before["id"]}
        return {"view": self.homes[user]}

    def _view(self, given: Mapping[str, Any], kind: str) -> Json:
        view = decoded(given.get("view"))
        if not isinstance(view, dict) or view.get("type") != kind:
            raise SlackRefusal("invalid_arguments")
        return self.made(view)

    def made(self, view: Json) -> Json:
        """A view as Slack keeps it; SlackRefusal where its blocks or title break a limit."""
        if messages := view_breaches(view):
            raise SlackRefusal("invalid_arguments", response_metadata={"messages": messages})
        blocks = [{"block_id": f"v{n}", **block} for n, block in enumerate(view["blocks"])]
        number = next(self._ids)
        kept = {"id": f"V{number:010d}", "hash": f"{number}.sandbox", "team_id": TEAM,
                "app_id": APP, "bot_id": BOT, "state": {"values": {}}, "private_metadata": "",
                "callback_id": ""}  # fmt: skip
        return {**kept, **view, "blocks": blocks}


def _named(view: Json, wanted: Mapping[str, Any]) -> Json:
    """By what a view is asked for, as this one has it."""
    has = {"view_id": view["id"], "external_id": view.get("external_id")}
    return {key: has[key] for key in wanted}


def validate(given: Mapping[str, Any]) -> Json:
    """blocks.validate: blocks, a message or a view against the limits; no token is needed."""
    named = [name for name in ("blocks", "message", "view") if given.get(name)]
    if len(named) != 1:
        raise SlackRefusal("invalid_arguments")
    (name,) = named
    held = decoded(given[name])
    if name == "view" and isinstance(held, dict) and "type" in held:
        found = view_breaches(held)
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
