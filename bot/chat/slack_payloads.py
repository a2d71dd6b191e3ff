"""What Slack sends through the socket, read into questions and presses of buttons.

Source: docs.slack.dev, slash commands, block_actions payloads, the events app_mention, message.im
and app_home_opened.  Everything else is none of ours: None.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

COMMAND = "/alerts"
HOME_EVENT = "app_home_opened"

_MENTION = re.compile(r"\A(?:\s*<@[UW][A-Z0-9]+(?:\|[^>]*)?>)+")
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where somebody spoke, and where an answer belongs.

    thread: the ts of its first message; None outside of threads.
    response_url: takes up to five answers within half an hour, seen by the asker alone.
    """

    channel: str
    user: str
    thread: str | None = None
    response_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody typed: after ``/alerts``, after the bot's name, or to the bot alone.

    event_id: the same when Slack tells it again; None for what it tells once.
    """

    text: str
    name: str | None
    place: Place
    event_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button that somebody pressed, or the option of a menu.

    message: the ts of the message it stands on; None where that was for the asker alone.
    on_home: it stands on the Home tab of the one who pressed; the place is then their direct
    messages.
    """

    action: str
    value: str
    name: str | None
    place: Place
    message: str | None
    on_home: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Somebody looks at the Home tab of the app."""

    place: Place
    event_id: str | None = None


Heard = Question | Press | Look


def read_envelope(envelope: Mapping[str, Any]) -> Heard | None:
    """What an envelope of the socket says; None where there is nothing to answer."""
    payload = _dict(envelope.get("payload"))
    match envelope.get("type"):
        case "slash_commands" if payload.get("command") == COMMAND:
            return _command(payload)
        case "interactive" if payload.get("type") == "block_actions":
            return _press(payload)
        case "events_api":
            return _event(payload)
    return None


def _command(payload: Mapping[str, Any]) -> Question | None:
    place = _place(payload.get("channel_id"), payload.get("user_id"))
    if place is None:
        return None
    text = _text(payload.get("text")) or ""
    url = _text(payload.get("response_url"))
    return Question(
        text=text, name=_text(payload.get("user_name")), place=replace(place, response_url=url)
    )


def _press(payload: Mapping[str, Any]) -> Press | None:
    """The first action of a payload, as buttons send one each; a link needs no answer."""
    user, container = _dict(payload.get("user")), _dict(payload.get("container"))
    message, actions = _dict(payload.get("message")), payload.get("actions")
    action = _dict(actions[0]) if isinstance(actions, list) and actions else {}
    on_home = container.get("type") == "view" and not payload.get("response_url")
    channel = _dict(payload.get("channel")).get("id") or container.get("channel_id")
    channel = user.get("id") if on_home else channel
    place = _place(channel, user.get("id"), message.get("thread_ts") or container.get("thread_ts"))
    chosen = _dict(action.get("selected_option")).get("value")
    value, name = _text(chosen or action.get("value")), _text(action.get("action_id"))
    if place is None or value is None or name is None or action.get("url"):
        return None
    alone = container.get("is_ephemeral") is True
    return Press(
        action=name,
        value=value,
        name=_text(user.get("username")) or _text(user.get("name")),
        place=replace(place, response_url=_text(payload.get("response_url"))),
        message=None if alone else _text(container.get("message_ts") or message.get("ts")),
        on_home=on_home,
    )


def _event(payload: Mapping[str, Any]) -> Question | Look | None:
    """A mention, answered in its thread, or a word to the bot alone; bots are not answered."""
    event = _dict(payload.get("event"))
    if event.get("type") == HOME_EVENT:
        return _look(event, _text(payload.get("event_id")))
    if event.get("bot_id") or event.get("subtype"):
        return None
    place = _place(event.get("channel"), event.get("user"), event.get("thread_ts"))
    said, ts = _text(event.get("text")) or "", _text(event.get("ts"))
    if place is None:
        return None
    direct = event.get("type") == "message" and event.get("channel_type") == "im"
    if event.get("type") != "app_mention" and not direct:
        return None
    thread = place.thread if direct else place.thread or ts
    return Question(
        text=_without_me(said, payload),
        name=None,
        place=replace(place, thread=thread),
        event_id=_text(payload.get("event_id")),
    )


def _without_me(said: str, payload: Mapping[str, Any]) -> str:
    """What is said besides the bot's name, wherever that stands; Slack tells who the bot is."""
    told = payload.get("authorizations")
    first = _dict(told[0]) if isinstance(told, list) and told else {}
    me = first.get("user_id") if first.get("is_bot") else None
    others = _PERSON.sub(lambda found: "" if found[1] == me else found[0], said)
    return " ".join(_MENTION.sub("", others).split())


def _look(event: Mapping[str, Any], event_id: str | None) -> Look | None:
    place = _place(event.get("user"), event.get("user"))
    if place is None or event.get("tab") != "home":
        return None
    return Look(place=place, event_id=event_id)


def _place(channel: object, user: object, thread: object = None) -> Place | None:
    where, who = _text(channel), _text(user)
    if where is None or who is None:
        return None
    return Place(channel=where, user=who, thread=_text(thread))


def _dict(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
