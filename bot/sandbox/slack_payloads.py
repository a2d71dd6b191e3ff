"""What Slack sends an app when a person types, clicks or writes.

Shapes: docs.slack.dev, slash commands, interaction payloads, Events API.
"""

import re
from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack_channel import Channel
from bot.sandbox.slack_people import APP, BOT_USER, TEAM, Json, Person
from bot.sandbox.slack_workspace import Workspace

_DOMAIN = "sandbox"
_VERIFICATION = "sandbox-verification"  # the outdated token that every payload still carries
_NAMED = re.compile(r"(?<![\w<])([@#])([\w.-]*\w)")

_OF_A_BUTTON = ("text", "value", "style")
INTERACTIVE = ("button", "overflow", "static_select")


def typed(workspace: Workspace, text: str, *, labels: bool) -> str:
    """A text as it leaves the box in which it was typed: entities, and names as ids.

    labels: whether people keep their names beside their ids, as in a slash command.
    """
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    def named(found: re.Match[str]) -> str:
        sign, name = found.groups()
        try:
            if sign == "#":
                channel = workspace.channel(name)
                return f"<#{channel.id}|{channel.name}>"
            person = workspace.person(name)
        except KeyError:
            return found[0]
        return f"<@{person.id}|{person.name}>" if labels else f"<@{person.id}>"

    return _NAMED.sub(named, escaped)


def command(
    person: Person, channel: Channel, name: str, text: str, *, response_url: str, trigger: str
) -> Json:
    """A slash command: ``name`` with its stroke, ``text`` as it was escaped."""
    return {
        "token": _VERIFICATION,
        "team_id": TEAM,
        "team_domain": _DOMAIN,
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.user else channel.name,
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger,
    }


def _by(person: Person, kind: str, trigger: str) -> Json:
    """What every interaction tells of who did it."""
    user = {"id": person.id, "username": person.name, "name": person.name, "team_id": TEAM}
    return {
        "type": kind,
        "user": user,
        "api_app_id": APP,
        "token": _VERIFICATION,
        "team": {"id": TEAM, "domain": _DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": trigger,
    }


def click(
    person: Person, channel: Channel, message: Json, action: Json, *, url: str, trigger: str
) -> Json:
    """A click on an element of a message; of one that only they see, no message is told."""
    whispered = bool(message.get("is_ephemeral"))
    container = {"type": "message", "message_ts": message["ts"], "channel_id": channel.id,
                 "is_ephemeral": whispered}  # fmt: skip
    if message.get("thread_ts"):
        container["thread_ts"] = message["thread_ts"]
    name = "directmessage" if channel.user else channel.name
    return {
        **_by(person, "block_actions", trigger),
        "container": container,
        "channel": {"id": channel.id, "name": name},
        **({} if whispered else {"message": message}),
        "state": {"values": {}},
        "response_url": url,
        "actions": [action],
    }


def click_in_view(person: Person, view: Json, action: Json, *, trigger: str) -> Json:
    """A click on an element of a modal or an App Home."""
    container = {"type": "view", "view_id": view["id"]}
    told = {"container": container, "view": view, "actions": [action]}
    return {**_by(person, "block_actions", trigger), **told}


def submission(person: Person, view: Json, values: Mapping[str, Any], *, trigger: str) -> Json:
    """A modal sent off; values: by block_id, then action_id."""
    filled = {**view, "state": {"values": dict(values)}}
    return {**_by(person, "view_submission", trigger), "view": filled, "response_urls": []}


def state_of(view: Json, given: Mapping[str, Any]) -> Json:
    """The values of a view's inputs, as view.state.values holds them.

    given: what stands in each block's input as a page tells it: a text, the value of an option, or
    several in a list; what is not given is empty.
    """
    values: Json = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element, told = block["element"], given.get(block["block_id"])
            values[block["block_id"]] = {element["action_id"]: _stands_in(element, told)}
    return values


def _stands_in(element: Json, told: Any) -> Json:
    options = element.get("options", [])
    match element["type"]:
        case "datepicker":
            state: Json = {"selected_date": told or None}
        case "checkboxes":
            state = {
                "selected_options": [each for each in options if each["value"] in (told or [])]
            }
        case "static_select":
            chosen = next((each for each in options if each["value"] == told), None)
            state = {"selected_option": chosen}
        case _:
            state = {"value": told or None}
    return {"type": element["type"], **state}


def shortcut(person: Person, callback_id: str, *, trigger: str, ts: str) -> Json:
    told = {"callback_id": callback_id, "action_ts": ts}
    return {**_by(person, "shortcut", trigger), **told}


def event(held: Json, *, number: int, seconds: int) -> Json:
    """An event as the Events API wraps it; seconds: since 1970."""
    return {
        "token": _VERIFICATION,
        "team_id": TEAM,
        "api_app_id": APP,
        "event": held,
        "type": "event_callback",
        "event_id": f"Ev{number:010d}",
        "event_time": seconds,
        "authorizations": [
            {"enterprise_id": None, "team_id": TEAM, "user_id": BOT_USER, "is_bot": True,
             "is_enterprise_install": False}
        ],
        "is_ext_shared_channel": False,
    }  # fmt: skip


def action_on(blocks: list[Json], action_id: str, value: str | None, ts: str) -> Json:
    """What a click on this element tells; KeyError where the blocks have none.

    value: of the option that was chosen, or of one button among several of one action_id.
    """
    for block, element in _elements(blocks):
        if element.get("action_id") != action_id:
            continue
        told = {"action_id": action_id, "block_id": block["block_id"], "type": element["type"],
                "action_ts": ts}  # fmt: skip
        if element["type"] == "button":
            if value is None or element.get("value") == value:
                return told | {key: element[key] for key in _OF_A_BUTTON if key in element}
            continue
        for option in element.get("options", []):
            if option["value"] == value:
                return {**told, "selected_option": option}
    raise KeyError(action_id if value is None else f"{action_id} with the value {value!r}")


def _elements(blocks: list[Json]) -> list[tuple[Json, Json]]:
    """Everything that can be clicked, with the block in which it stands."""
    return [
        (block, element)
        for block in blocks
        for element in (*block.get("elements", []), *_one(block, "accessory"))
        if element.get("type") in INTERACTIVE
    ]


def _one(block: Json, key: str) -> list[Json]:
    return [block[key]] if key in block else []
