"""The face of the local Slack: one page, what it shows, and what is done on it.

Served to browsers on this machine only; what a message says travels as data and is never markup.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bot.chat.slack_manifest import manifest
from bot.sandbox import slack_payloads as payloads
from bot.sandbox.slack_acts import Acts
from bot.sandbox.slack_changes import Changes
from bot.sandbox.slack_channel import Channel
from bot.sandbox.slack_faults import Answer, json_answer, word
from bot.sandbox.slack_people import BOT_USER, PEOPLE, Json
from bot.sandbox.slack_socket import Envelope, Kind

_FILES = Path(__file__).parent / "page"
_KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript",
          ".svg": "image/svg+xml"}  # fmt: skip
_GUARDS = (
    ("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; "
     "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
     "frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
)  # fmt: skip
_SHORTCUTS = manifest()["features"]["shortcuts"]
"""Those of the app as it is made from the manifest that the bot prints."""
_MOST = 200  # messages of a channel
_WAIT_S = 20.0
"""How long a question for news waits for some."""


class Page:
    """What people see and do of a workspace, in a browser."""

    def __init__(self, acts: Acts, changed: Changes) -> None:
        self._acts, self._workspace, self._changed = acts, acts.workspace, changed

    def file(self, path: str) -> Answer | None:
        """The page or a part of it; None where the path is none of them."""
        if path == "/" or path.startswith("/archives/"):
            return _file(_FILES / "index.html")
        folder, _, name = path.removeprefix("/").partition("/")
        known = {each.name: each for each in _FILES.iterdir()}
        return _file(known[name]) if folder == "page" and name in known else None

    def state(self, asked: Mapping[str, str]) -> Answer:
        """What is to be seen, at once or when it is not what was seen ``after`` any more."""
        told = asked.get("after", "")
        after = int(told) if told.isdecimal() else None
        with self._changed:
            self._changed.wait_for(lambda: self._changed.count != after, _WAIT_S)
            return json_answer(self._seen(asked), headers=_GUARDS)

    def _seen(self, asked: Mapping[str, str]) -> Json:
        user = asked.get("user") or PEOPLE[0].id
        if user not in self._workspace.people:
            user = PEOPLE[0].id
        direct = self._workspace.direct(self._workspace.people[user])
        channels = [c for c in self._workspace.channels() if c.user in (None, user)]
        here = next((c for c in channels if c.id == asked.get("channel")), channels[0])
        now = self._acts.now()
        return {
            "version": self._changed.count,
            "user": user,
            "bot": BOT_USER,
            "connections": self._acts.socket.connections,
            "people": [person.told(now) for person in self._workspace.people.values()],
            "channels": [_told(c, user) for c in channels if c.user is None or c is direct],
            "channel": here.id,
            "home": self._workspace.views.homes.get(user),
            "modal": self._workspace.views.open.get(user),
            "modals": self._workspace.views.depth(user),
            "shortcuts": _SHORTCUTS,
            "messages": _messages(here, user),
            "thread": _thread(here, user, asked.get("thread") or ""),
        }

    def act(self, what: str, given: Json) -> Answer:
        """Do what somebody did; the error that Slack would show, or None."""
        act = self._known().get(what)
        if act is None:
            return word("not_found", 404)
        try:
            error = act(given)
        except (KeyError, TypeError):
            return json_answer({"error": "that is not there any more"}, headers=_GUARDS)
        return json_answer({"error": error}, headers=_GUARDS)

    def _known(self) -> dict[str, Callable[[Json], str | None]]:
        return {"send": self._send, "click": self._click, "dismiss": self._dismiss,
                "home": self._home, "shortcut": self._shortcut, "submit": self._submit,
                "close": self._close}  # fmt: skip

    def _send(self, given: Json) -> str | None:
        """A slash command, or a message."""
        text, thread = str(given["text"]), given.get("thread") or None
        if not text.startswith("/"):
            return self._error(self._acts.say(given["channel"], text, thread, given["user"]))
        name = text.split()[0]
        if thread:
            return f"{name} is not supported in threads; mention @alerts instead."
        envelope = self._acts.command(text, user=given["user"], channel=given["channel"])
        if envelope.error is None and not envelope.wait(self._acts.socket.ack_within_s):
            self._acts.failed(envelope)
        return None  # Slackbot tells what went wrong

    def _click(self, given: Json) -> str | None:
        value = given.get("value")
        if "view" in given:
            return self._error(
                self._acts.click_in_view(given["view"], given["action_id"], value, given["user"])
            )
        return self._error(
            self._acts.click(
                given["channel"], given["ts"], given["action_id"], value, given["user"]
            )
        )

    def _home(self, given: Json) -> str | None:
        """Somebody looks at the Home tab; the bot may put something new there."""
        return self._error(self._acts.open_home(user=given["user"]))

    def _shortcut(self, given: Json) -> str | None:
        """Somebody chooses a shortcut of the app."""
        return self._error(self._acts.shortcut(given["callback_id"], user=given["user"]))

    def _submit(self, given: Json) -> str | None:
        """Somebody sends a modal off, if it is still the one they see."""
        with self._changed:
            view = self._workspace.views.open[given["user"]]
            if view["id"] != given["view"]:
                raise KeyError(given["view"])
            values = payloads.state_of(view, given["values"])
        return self._error(self._acts.submit(values, user=given["user"]))

    def _close(self, given: Json) -> str | None:
        """Somebody goes back to the modal below, or ends them all."""
        with self._changed:
            self._workspace.views.close(given["user"], all_of_them=bool(given.get("all")))
            self._changed.notify_all()
        return None

    def _dismiss(self, given: Json) -> str | None:
        """Somebody has read what only they see."""
        with self._changed:
            channel = self._workspace.channel(given["channel"])
            whisper = channel.whisper(given["ts"])
            if whisper is not None and whisper["visible_to"] == given["user"]:
                channel.whispers.remove(whisper)
                self._changed.notify_all()
        return None

    def _error(self, envelope: Envelope | None) -> str | None:
        """What is told of an act that the bot did not take; of events nothing is told."""
        if envelope is None or envelope.kind is Kind.EVENT:
            return None
        if envelope.wait(self._acts.socket.ack_within_s):
            return None
        return envelope.error or "operation_timeout"


def _told(channel: Channel, user: str) -> Json:
    """A channel as the list shows it; last: the ts of its newest message."""
    seen = [*channel.messages, *_whispers(channel, user)]
    return {
        "id": channel.id,
        "name": channel.name,
        "is_im": channel.user is not None,
        "is_archived": channel.is_archived,
        "last": max((message["ts"] for message in seen), default=""),
    }


def _whispers(channel: Channel, user: str) -> list[Json]:
    return [whisper for whisper in channel.whispers if whisper["visible_to"] == user]


def _messages(channel: Channel, user: str) -> list[Json]:
    """What stands in no thread, oldest first, with what only this person sees."""
    whispers = [each for each in _whispers(channel, user) if "thread_ts" not in each]
    return sorted([*channel.in_channel(), *whispers], key=_ts)[-_MOST:]


def _thread(channel: Channel, user: str, ts: str) -> list[Json] | None:
    """The first message of a thread and its replies; None where there is no such message."""
    first = channel.message(ts)
    if first is None:
        return None
    held = [*channel.messages, *_whispers(channel, user)]
    replies = [each for each in held if each.get("thread_ts") == ts and each is not first]
    return [first, *sorted(replies, key=_ts)]


def _ts(message: Json) -> float:
    return float(message["ts"])


def _file(file: Path) -> Answer:
    kind = f"{_KINDS[file.suffix]}; charset=utf-8"
    return Answer(body=file.read_bytes(), kind=kind, headers=_GUARDS)


def read_act(kind: str, body: bytes) -> Json | None:
    """What the page has sent; None for what another page may send without being asked."""
    if kind.partition(";")[0] != "application/json":
        return None
    try:
        given: Any = json.loads(body)
    except ValueError:
        return None
    return given if isinstance(given, dict) else None
