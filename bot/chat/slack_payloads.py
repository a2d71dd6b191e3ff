"""What Slack sends through the socket, read into questions, presses of buttons, and forms.

Source: docs.slack.dev, slash commands, the payloads block_actions, shortcut and view_submission,
the events app_mention, message.im and app_home_opened.  Everything else is none of ours: None.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.cards.actions import Action, action_of

COMMAND = "/alerts"
SHORTCUT = "search_alerts"
"""The callback_id of the global shortcut that opens the search form."""
FORM = "search_form"
"""The callback_id of that form."""
NO_CHOICE = "-"
"""The value of a choice in that form that asks nothing, as an option must have one."""
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

    direct: to the bot alone, where nobody else reads.
    event_id: the same when Slack tells it again; None for what it tells once.
    """

    text: str
    name: str | None
    place: Place
    direct: bool = False
    event_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button that somebody pressed, or the option of a menu.

    message: the ts of the message it stands on; None where that was for the asker alone.
    on_home: it stands on the Home tab of the one who pressed.  modal: the id of the modal in which
    it stands.  Of both the place is their direct messages.
    """

    action: str
    value: str
    name: str | None
    place: Place
    message: str | None
    on_home: bool = False
    modal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Somebody wants the search form.

    trigger: lets the bot open one modal within three seconds.
    line: the search it is to be filled with; None: an empty one.
    """

    trigger: str
    line: str | None
    name: str | None
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """The search form, sent off.

    filled: what stands in each input by its block_id, of several choices with commas between.
    answer: names the modal that is put over the form for the answer.
    """

    filled: Mapping[str, str]
    answer: str
    name: str | None
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Somebody looks at the Home tab of the app."""

    place: Place
    event_id: str | None = None


Heard = Question | Press | Look | Opening | Submission


def read_envelope(envelope: Mapping[str, Any]) -> Heard | None:
    """What an envelope of the socket says; None where there is nothing to answer."""
    payload = _dict(envelope.get("payload"))
    match envelope.get("type"):
        case "slash_commands" if payload.get("command") == COMMAND:
            return _command(payload)
        case "interactive" if payload.get("type") == "block_actions":
            press = _press(payload)
            wants_form = press is not None and action_of(press.action) is Action.FORM
            return _opening(press, payload) if press and wants_form else press
        case "interactive" if payload.get("type") == "shortcut":
            return _shortcut(payload)
        case "interactive" if payload.get("type") == "view_submission":
            return _submission(payload, _text(envelope.get("envelope_id")))
        case "events_api":
            return _event(payload)
    return None


def opens_form(envelope: Mapping[str, Any]) -> bool:
    """Whether it is of use for three seconds only: so long Slack lets a form be opened."""
    return isinstance(read_envelope(envelope), Opening)


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
    in_view = container.get("type") == "view" and not payload.get("response_url")
    in_modal = in_view and _dict(payload.get("view")).get("type") == "modal"
    channel = _dict(payload.get("channel")).get("id") or container.get("channel_id")
    channel = user.get("id") if in_view else channel
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
        on_home=in_view and not in_modal,
        modal=_text(container.get("view_id")) if in_modal else None,
    )


def _opening(press: Press, payload: Mapping[str, Any]) -> Opening | None:
    trigger = _text(payload.get("trigger_id"))
    if trigger is None:
        return None
    return Opening(trigger=trigger, line=press.value, name=press.name, place=press.place)


def _shortcut(payload: Mapping[str, Any]) -> Opening | None:
    trigger, name, place = _by(payload)
    if place is None or trigger is None or payload.get("callback_id") != SHORTCUT:
        return None
    return Opening(trigger=trigger, line=None, name=name, place=place)


def _submission(payload: Mapping[str, Any], envelope: str | None) -> Submission | None:
    view, (_, name, place) = _dict(payload.get("view")), _by(payload)
    if place is None or envelope is None or view.get("callback_id") != FORM:
        return None
    state = _dict(_dict(view.get("state")).get("values"))
    filled = {str(block): _filled(_dict(held)) for block, held in state.items()}
    return Submission(filled=filled, answer=f"answer-{envelope}", name=name, place=place)


def _filled(block: Mapping[str, Any]) -> str:
    """What stands in the one input of a block; nothing where it was left empty."""
    told = next((_dict(each) for each in block.values()), {})
    several = told.get("selected_options")
    chosen = [_dict(told.get("selected_option")), *(several if isinstance(several, list) else [])]
    values = [_text(_dict(each).get("value")) for each in chosen]
    written = _text(told.get("value")) or _text(told.get("selected_date"))
    return written or ",".join(value for value in values if value and value != NO_CHOICE)


def _by(payload: Mapping[str, Any]) -> tuple[str | None, str | None, Place | None]:
    """The trigger, the name and the direct messages of who did something outside of messages."""
    user = _dict(payload.get("user"))
    name = _text(user.get("username")) or _text(user.get("name"))
    return _text(payload.get("trigger_id")), name, _place(user.get("id"), user.get("id"))


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
        direct=direct,
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
