"""A workspace of Slack in memory: its channels and messages, and the methods that a bot calls.

As docs.slack.dev says of each method, as far as a bot of alerts can notice.
"""

import itertools
from collections.abc import Callable, Mapping
from typing import Any

from bot.clock import Clock, to_ms
from bot.sandbox.slack_channel import Channel
from bot.sandbox.slack_content import SlackRefusal, content, is_true, page, with_links, within
from bot.sandbox.slack_files import Files
from bot.sandbox.slack_people import (
    BOT,
    BOT_NAME,
    BOT_USER,
    GROUPS,
    PEOPLE,
    TEAM,
    THE_BOT,
    Json,
    Person,
)
from bot.sandbox.slack_views import Views

__all__ = ["Channel", "Json", "SlackRefusal", "Workspace"]

_UPDATE_TEXT = 4_000
_SCOPES = (
    "chat:write", "commands", "files:write", "channels:history", "groups:history",
    "channels:read", "groups:read", "im:history", "im:write", "app_mentions:read", "users:read",
    "usergroups:read",
)  # fmt: skip
_WITHOUT_A_TOKEN = ("blocks.validate",)


class Workspace:
    """Channels by name, and the methods of the Web API over them.

    url: where it is served; its permalinks begin with it.
    token_error: what a right token is answered with, such as "token_revoked"; None: it is good.
    drops_metadata: posts forget their metadata, as Slack may do with unregistered event types.
    rewrites_block_ids: messages get block_ids of the workspace in the place of their own.
    history_lag_s: how long a message stands in a channel before histories show it.
    refusals: error codes by method, such as conversations.history: "missing_scope".
    scopes: what the token may do, as each answer tells; a refusal for want of one is a matter of
    ``refusals``.
    """

    def __init__(self, channels: tuple[str, ...], *, token: str, clock: Clock) -> None:
        self._channels: dict[str, Channel] = {}
        self._ids = itertools.count(1)
        self._last_us = 0
        self._token, self._clock = token, clock
        self.url = "https://sandbox.slack.com"
        self.token_error: str | None = None
        self.drops_metadata = False
        self.rewrites_block_ids = False
        self.history_lag_s = 0.0
        self.refusals: dict[str, str] = {}
        self.scopes: tuple[str, ...] = _SCOPES
        self.people = {person.id: person for person in (*PEOPLE, THE_BOT)}
        self.groups = {group.id: group for group in GROUPS}
        self.files = Files(self)
        self.views = Views(clock)
        for name in channels:
            self.add_channel(name)

    def add_channel(self, name: str) -> Channel:
        channel = Channel(id=f"C{next(self._ids):010d}", name=name.removeprefix("#"))
        self._channels[channel.name] = channel
        return channel

    def channel(self, name_or_id: str) -> Channel:
        """KeyError where there is none."""
        named = self._channels.get(name_or_id.removeprefix("#"))
        found = named or next((c for c in self._channels.values() if c.id == name_or_id), None)
        if found is None:
            raise KeyError(name_or_id)
        return found

    def channels(self) -> list[Channel]:
        """All of them, direct messages too."""
        return list(self._channels.values())

    def direct(self, person: Person) -> Channel:
        """The direct message of a person with the bot; it is named @ and their name."""
        name = f"@{person.name}"
        if name not in self._channels:
            ident = f"D{next(self._ids):010d}"
            self._channels[name] = Channel(id=ident, name=name, is_private=True, user=person.id)
        return self._channels[name]

    def person(self, name_or_id: str) -> Person:
        """KeyError where there is none."""
        name = name_or_id.removeprefix("@")
        found = next((p for p in self.people.values() if name in (p.id, p.name)), None)
        if found is None:
            raise KeyError(name_or_id)
        return found

    def call(self, method: str, given: Mapping[str, Any], token: str | None) -> Json:
        """What a method answers; SlackRefusal where it refuses."""
        answers = self._methods().get(method)
        if answers is None:
            raise SlackRefusal("unknown_method", req_method=method)
        if method not in _WITHOUT_A_TOKEN:
            self._check(token)
        if error := self.refusals.get(method):
            raise SlackRefusal(error)
        return {"ok": True, **answers(given)}

    def _check(self, token: str | None) -> None:
        if not token:
            raise SlackRefusal("not_authed")
        if token != self._token:
            raise SlackRefusal("invalid_auth")
        if self.token_error:
            raise SlackRefusal(self.token_error)

    def _methods(self) -> dict[str, Callable[[Mapping[str, Any]], Json]]:
        return {
            "auth.test": self._auth_test,
            "chat.postMessage": self.post,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.update": self._update,
            "chat.delete": self._delete,
            "chat.getPermalink": self._permalink,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "conversations.info": lambda given: {"channel": self._asked(given).told()},
            "conversations.list": self._list,
            "conversations.open": self._open,
            "users.info": lambda given: {"user": self._user(given).told(self._clock())},
            "usergroups.list": lambda _: {"usergroups": [g.told() for g in self.groups.values()]},
            "usergroups.users.list": self._group_users,
            **self.views.methods(),
            **self.files.methods(),
        }

    def _auth_test(self, _: Mapping[str, Any]) -> Json:
        return {
            "url": f"{self.url}/", "team": "Sandbox", "user": BOT_NAME,
            "team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT,
        }  # fmt: skip

    def post(self, given: Mapping[str, Any]) -> Json:
        channel = self.writable(str(given.get("channel") or ""))
        told = self._content(given)
        parent = given.get("thread_ts")
        if parent and channel.message(parent) is None:
            raise SlackRefusal("thread_not_found")
        if self.drops_metadata:
            told.pop("metadata", None)
        message = self._added(channel, by_the_bot(), told, parent)
        return {"channel": channel.id, "ts": message["ts"], "message": message}

    def _content(self, given: Mapping[str, Any]) -> Json:
        told = content(given)
        self.files.check_images(told.get("blocks", []))
        if self.rewrites_block_ids and "blocks" in told:
            told["blocks"] = [{**b, "block_id": f"b{n}"} for n, b in enumerate(told["blocks"])]
        return told

    def _added(self, channel: Channel, author: Json, told: Json, parent: object) -> Json:
        thread = {"thread_ts": parent} if parent else {}
        message = {"type": "message", **author, "ts": self.next_ts(), **told, **thread}
        channel.messages.append(message)
        return message

    def tell(self, channel: Channel, given: Mapping[str, Any]) -> Json:
        """What the bot writes by a response_url, which works where it is no member too."""
        return self._added(channel, by_the_bot(), self._content(given), given.get("thread_ts"))

    def say(self, person: Person, channel: Channel, text: str, thread: str | None = None) -> Json:
        """What a person writes; the message."""
        author = {"user": person.id, "team": TEAM}
        return self._added(channel, author, {"text": with_links(text)}, thread)

    def whisper(self, channel: Channel, user: str, given: Mapping[str, Any]) -> Json:
        """A message that only one person sees; it is in no history and has no metadata."""
        told = self._content(given)
        told.pop("metadata", None)
        thread = {"thread_ts": given["thread_ts"]} if given.get("thread_ts") else {}
        author = {**by_the_bot(), "is_ephemeral": True, "visible_to": user}
        message = {"type": "message", **author, "ts": self.next_ts(), **told, **thread}
        channel.whispers.append(message)
        return message

    def _post_ephemeral(self, given: Mapping[str, Any]) -> Json:
        channel, person = self.writable(str(given.get("channel") or "")), self._user(given)
        return {"message_ts": self.whisper(channel, person.id, given)["ts"]}

    def writable(self, name_or_id: str) -> Channel:
        """The channel a post is for; SlackRefusal where the bot may not write."""
        channel = self._asked({"channel": name_or_id})
        if channel.is_archived:
            raise SlackRefusal("is_archived")
        if not channel.is_member:
            raise SlackRefusal("channel_not_found" if channel.is_private else "not_in_channel")
        return channel

    def _asked(self, given: Mapping[str, Any]) -> Channel:
        """By its name or id; the id of a person stands for the direct message with them."""
        named = str(given.get("channel") or "")
        try:
            return self.direct(self.people[named]) if named in self.people else self.channel(named)
        except KeyError:
            raise SlackRefusal("channel_not_found") from None

    def _user(self, given: Mapping[str, Any]) -> Person:
        try:
            return self.people[str(given.get("user") or "")]
        except KeyError:
            raise SlackRefusal("user_not_found") from None

    def next_ts(self) -> str:
        """Unique and increasing, by the workspace's clock."""
        self._last_us = max(to_ms(self._clock()) * 1_000, self._last_us + 1)
        return f"{self._last_us // 1_000_000}.{self._last_us % 1_000_000:06d}"

    def _update(self, given: Mapping[str, Any]) -> Json:
        channel, message = self._own(given, "cant_update_message")
        if len(str(given.get("text") or "")) > _UPDATE_TEXT:
            raise SlackRefusal("msg_too_long")
        self.edit(message, given)
        return {"channel": channel.id, "ts": message["ts"], "text": message.get("text", "")}

    def edit(self, message: Json, given: Mapping[str, Any]) -> None:
        """Put something else in a message's place; it is marked as edited."""
        edited = {} if message.get("is_ephemeral") else {"edited": self._edited()}
        message |= self._content(given) | edited

    def _edited(self) -> Json:
        return {"user": BOT_USER, "ts": self.next_ts()}

    def _delete(self, given: Mapping[str, Any]) -> Json:
        channel, message = self._own(given, "cant_delete_message")
        channel.messages.remove(message)
        return {"channel": channel.id, "ts": message["ts"]}

    def _own(self, given: Mapping[str, Any], refused: str) -> tuple[Channel, Json]:
        """A message that the bot may change, found by the id of its channel."""
        channel = self._asked(given)
        if channel.id != given.get("channel"):
            raise SlackRefusal("channel_not_found")  # names are not taken here
        message = channel.message(given.get("ts"))
        if message is None:
            raise SlackRefusal("message_not_found")
        if message["user"] != BOT_USER:
            raise SlackRefusal(refused)
        return channel, message

    def _permalink(self, given: Mapping[str, Any]) -> Json:
        channel, ts = self._asked(given), str(given.get("message_ts") or "")
        if channel.message(ts) is None:
            raise SlackRefusal("message_not_found")
        link = f"{self.url}/archives/{channel.id}/p{ts.replace('.', '')}"
        return {"channel": channel.id, "permalink": link}

    def _history(self, given: Mapping[str, Any]) -> Json:
        return page(within(self._shown(self._readable(given).in_channel()), given), given)

    def _replies(self, given: Mapping[str, Any]) -> Json:
        channel, parent = self._readable(given), given.get("ts")
        first = channel.message(parent)
        if first is None:
            raise SlackRefusal("thread_not_found")
        replies = self._shown(m for m in channel.messages if m.get("thread_ts") == parent)
        return page([channel.with_replies(first), *within(replies, given)], given)

    def _shown(self, messages: Any) -> list[Json]:
        """Those that histories show by now."""
        newest = to_ms(self._clock()) / 1_000 - self.history_lag_s
        return [m for m in messages if not self.history_lag_s or float(m["ts"]) <= newest]

    def _readable(self, given: Mapping[str, Any]) -> Channel:
        channel = self._asked(given)
        if not channel.is_member:
            raise SlackRefusal("channel_not_found" if channel.is_private else "not_in_channel")
        return channel

    def _list(self, given: Mapping[str, Any]) -> Json:
        left_out = is_true(given.get("exclude_archived"))
        channels = [c for c in self.channels() if c.user is None]
        told = [c.told() for c in channels if not (left_out and c.is_archived)]
        return page(told, given, of="channels")

    def _open(self, given: Mapping[str, Any]) -> Json:
        return {"channel": {"id": self.direct(self._user({"user": given.get("users")})).id}}

    def _group_users(self, given: Mapping[str, Any]) -> Json:
        group = self.groups.get(str(given.get("usergroup") or ""))
        if group is None:
            raise SlackRefusal("no_such_subteam")
        return {"users": list(group.users)}


def by_the_bot() -> Json:
    """Who wrote a message, where the bot did."""
    return {"user": BOT_USER, "bot_id": BOT, "team": TEAM}
